"""What `swp audit` does. In: a year, or a file. Out: a table, CSV or a page, and the number of contradictions."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.audit.audit_year import VERDICTS, Audit
from swp_analysis.audit.judge_text import NOT_JUDGED, JudgedText, judge_file
from swp_analysis.audit.lexing import normalise
from swp_analysis.build import build
from swp_analysis.catalogue.loader import require_audience
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.commands.calls import open_project
from swp_analysis.errors import InputError, count_noun
from swp_analysis.lock import only_run
from swp_analysis.quality.processed import make_inert


def names_a_year(target: str | None) -> bool:
    """Tell whether the argument of `swp audit` is a financial year, or left out, rather than a file."""
    return target is None or (read_financial_year(target) is not None and not Path(target).is_file())


def audit_report(year: str | None, everything: bool) -> int:
    """Audit the report of a year, print it and give the number of contradicted claims."""
    project = open_project()
    with only_run(project, "swp audit"):
        found = build(project, year).audit
    print_audit(found, everything=everything)
    if found.claims.empty:
        print("No report is here: put its text beside the year's tables, or name any file: swp audit FILE.")
    return found.count("contradicted")


def audit_file(path: Path, year: str | None, csv: bool, html: Path | None) -> int:
    """Judge a file by the tables of a year, print or write it and give the number of contradicted statements.

    Raises
    ------
    InputError
        For a file that isn't there or can't be read.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; give a year like 2017-18 or the path of a document.")
    judged = judge_file(path, year, open_project())
    if html:
        html.write_text(write_page(judged, path.name), encoding="utf-8")
    if csv:
        print(write_statements(judged.statements), end="")
    else:
        print_statements(judged.statements, path.name)
    return int((judged.statements["verdict"] == "contradicted").sum())


COLOURS = {"contradicted": "red", "different_scope": "yellow", "confirmed": "green"}
SHOWN = ("contradicted", "different_scope")
WIDTH_IN_A_LOG = 160


def print_audit(audit: Audit, *, everything: bool = False) -> None:
    """Print the claims that don't hold (or all), worst first, and how many there are of each verdict."""
    columns = {"Claim": "claim_id", "Where": "location", "Stated": "stated", "Verdict": "verdict", "Why": "explanation"}
    kept = audit.claims[audit.claims["verdict"].isin(VERDICTS if everything else SHOWN)]
    shown = kept.sort_values("verdict", key=lambda column: column.map(VERDICTS.index), kind="stable")
    _print_table(shown, columns, "What the report says, against its own tables")
    _console().print(count_verdicts(audit.claims["verdict"], "claims"))


def print_statements(statements: pd.DataFrame, name: str) -> None:
    """Print a line per statement of a text with the words it rests on."""
    columns = {"Where": "place", "Stated": "statement", "Verdict": "verdict", "Words": "words", "Why": "explanation"}
    _print_table(statements, columns, f"What {name} says, against the tables")
    _console().print(count_verdicts(statements["verdict"], "statements"))


def write_statements(statements: pd.DataFrame) -> str:
    """Write the statements as CSV that no spreadsheet runs."""
    return statements.map(make_inert).to_csv(index=False, lineterminator="\n")


def _print_table(rows: pd.DataFrame, columns: dict[str, str], title: str) -> None:
    from rich.table import Table as TerminalTable

    table = TerminalTable(*columns, title=_plain(title))
    for row in rows.to_dict("records"):
        cells = [str(row[name]).replace("_", " ") if name == "verdict" else row[name] for name in columns.values()]
        table.add_row(*map(_plain, cells), style=COLOURS.get(row["verdict"]))
    if table.row_count:
        _console().print(table)


def count_verdicts(verdicts: pd.Series, what: str) -> str:
    """Say how many claims or statements there are of each verdict, worst first."""
    order = ("contradicted", "different_scope", "no_table" if what == "claims" else NOT_JUDGED, "confirmed")
    counts = ", ".join(f"{int((verdicts == one).sum())} {one.replace('_', ' ')}" for one in order)
    return f"{count_noun(len(verdicts), what.removesuffix('s'))}: {counts}."


def _console():
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=WIDTH_IN_A_LOG)
    return console


def _plain(text: str):
    """Text as text: a report may hold square brackets, which rich would read as markup."""
    from rich.text import Text

    return Text("".join(character if character.isprintable() else " " for character in text))


def write_page(judged: JudgedText, name: str) -> str:
    """Write the text of a file with its statements marked, as a page that stands on its own."""
    from swp_analysis.publish.pages import read_template

    rows = list(judged.statements.itertuples())
    title = f"{name} against the tables of {judged.financial_year.replace('-', '/')}"
    places = [(normalise(one.text), [row for row in rows if row.place == one.place]) for one in judged.passages]
    return read_template("judged_paper.html.j2").render(
        title=title,
        audience=require_audience("internal"),  # it is judged by the whole tables, small numbers among them
        counts=count_verdicts(judged.statements["verdict"], "statements"),
        passages=[list(_pieces(text, own)) for text, own in places],
        rows=rows,
    )


def _pieces(text: str, rows: list) -> Iterator[tuple[str, Any]]:
    """The stretches of a text, those of a statement with its row, found in the words that it rests on; never two in
    one another."""
    done = 0
    for row in rows:
        words = text.find(row.words, max(0, text.find(row.sentence)))
        within = text.find(row.statement, max(words, done), words + len(row.words)) if words >= 0 else -1
        start, shown = (within, row.statement) if within >= 0 else (words, row.words)
        if start < done or not shown:
            continue
        yield text[done:start], None
        yield shown, row
        done = start + len(shown)
    yield text[done:], None
