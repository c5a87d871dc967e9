"""What `swp audit` does. In: a year, or a file. Out: a table, CSV or a page, and the number of contradictions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

import pandas as pd

from swp_analysis.audit.audit_year import VERDICTS, Audit
from swp_analysis.audit.judge_text import NOT_JUDGED, JudgedText, judge_file
from swp_analysis.audit.lexing import normalise
from swp_analysis.build import build
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.lock import only_run
from swp_analysis.project import find_project
from swp_analysis.quality.processed import make_inert


def names_a_year(target: str | None) -> bool:
    """Tell whether the argument of `swp audit` is a financial year, or left out, rather than a file."""
    return target is None or (read_financial_year(target) is not None and not Path(target).is_file())


def audit_report(year: str | None, everything: bool) -> int:
    """Audit the report of a year, print it and give the number of contradicted claims."""
    project = find_project()
    with only_run(project, "swp audit"):
        found = build(project, year).audit
    print_audit(found, everything=everything)
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
    judged = judge_file(path, year, find_project())
    if html:
        html.write_text(write_page(judged, path.name), encoding="utf-8")
    if csv:
        print(write_csv(judged.statements), end="")
    else:
        print_statements(judged.statements, path.name)
    return int((judged.statements["verdict"] == "contradicted").sum())


COLOURS = {"contradicted": "red", "different_scope": "yellow", "confirmed": "green"}
SHOWN = ("contradicted", "different_scope")
WIDTH_IN_A_LOG = 160


def print_audit(audit: Audit, *, everything: bool = False) -> None:
    """Print the claims that don't hold (or all), worst first, and how many there are of each verdict."""
    columns = {"Claim": "claim_id", "Where": "location", "Stated": "stated", "Verdict": "verdict", "Why": "explanation"}
    shown = sort_claims(audit.claims, VERDICTS if everything else SHOWN)
    _print_table(shown, columns, "What the report says, against its own tables")
    _print_counts(audit.claims["verdict"], "claims", VERDICTS)


def print_statements(statements: pd.DataFrame, name: str) -> None:
    """Print a line per statement of a text with the words it rests on."""
    columns = {"Where": "place", "Stated": "statement", "Verdict": "verdict", "Words": "words", "Why": "explanation"}
    _print_table(statements, columns, f"What {name} says, against the tables")
    _print_counts(statements["verdict"], "statements", (*VERDICTS[:2], NOT_JUDGED, VERDICTS[-1]))


def write_csv(statements: pd.DataFrame) -> str:
    """Write the statements as CSV that no spreadsheet runs."""
    return statements.map(make_inert).to_csv(index=False, lineterminator="\n")


def sort_claims(claims: pd.DataFrame, verdicts: tuple[str, ...]) -> pd.DataFrame:
    """Give the claims with one of these verdicts, in their order, and within a verdict as they stand in the report."""
    kept = claims[claims["verdict"].isin(verdicts)]
    return kept.sort_values("verdict", key=lambda column: column.map(VERDICTS.index), kind="stable")


def _print_table(rows: pd.DataFrame, columns: dict[str, str], title: str) -> None:
    from rich.table import Table as TerminalTable

    table = TerminalTable(*columns, title=_plain(title))
    for row in rows.to_dict("records"):
        cells = [str(row[name]).replace("_", " ") if name == "verdict" else row[name] for name in columns.values()]
        table.add_row(*map(_plain, cells), style=COLOURS.get(row["verdict"]))
    if table.row_count:
        _console().print(table)


def _print_counts(verdicts: pd.Series, what: str, order: Iterable[str]) -> None:
    counts = ", ".join(f"{int((verdicts == one).sum())} {one.replace('_', ' ')}" for one in order)
    _console().print(f"{len(verdicts)} {what}: {counts}.")


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


# The page of a judged text: each statement marked, and a table that says why. Without script and without anything
# fetched; a verdict is a word, and its colour only repeats it.
LABELS = {
    "confirmed": "confirmed",
    "contradicted": "contradicted",
    "different_scope": "another scope",
    "not judged": "not judged",
}
_STYLE = """
body { font: 1.05rem/1.5 Arial, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c; }
mark { padding: 0 .15rem; color: inherit; background: #f3f2f1; border-bottom: 2px solid #505a5f; }
mark.confirmed { background: #e3f2e6; border-color: #00703c; }
mark.contradicted { background: #fbe4e0; border: 2px solid #b10e1e; }
mark.different_scope { background: #fff4cf; border: 2px dashed #7a5b00; }
mark a { color: inherit; font-size: .75rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem; border-bottom: 1px solid #b1b4b6; }
"""
_HEAD = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head><body><main>
<h1>{title}</h1><p>{counts}</p>
"""


def write_page(judged: JudgedText, name: str) -> str:
    """Write the text of a file with its statements marked, as a page that stands on its own."""
    rows = list(judged.statements.itertuples())
    title = escape(f"{name} against the tables of {judged.financial_year.replace('-', '/')}")
    counts = ", ".join(f"{sum(row.verdict == verdict for row in rows)} {word}" for verdict, word in LABELS.items())
    head = _HEAD.format(title=title, style=_STYLE, counts=f"{len(rows)} statements: {counts}.")
    text = "\n".join(_paragraphs(judged, rows))
    lines = "\n".join(_line(number, row) for number, row in enumerate(rows, start=1))
    heads = "".join(f'<th scope="col">{one}</th>' for one in ("No.", "Where", "Statement", "Verdict", "Words", "Why"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>\n{lines}\n</tbody></table>"
    return f"{head}<h2>The text</h2>\n{text}\n<h2>Each statement</h2>\n{table}\n</main></body></html>\n"


def _line(number: int, row) -> str:
    cells = (row.place, row.statement, LABELS[row.verdict], row.words, row.explanation)
    return (
        f'<tr id="s{number}"><th scope="row">{number}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
    )


def _paragraphs(judged: JudgedText, rows: list) -> Iterator[str]:
    places: dict[str, list] = {}
    for number, row in enumerate(rows, start=1):
        places.setdefault(row.place, []).append((number, row))
    for passage in judged.passages:
        text = normalise(passage.text)
        yield f"<p>{_marked(text, places.get(passage.place, []))}</p>"


def _marked(text: str, rows: list) -> str:
    """The text with a mark round each statement, found in the words that it rests on; never two round one another."""
    parts, done = [], 0
    for number, row in rows:
        words = text.find(row.words, max(0, text.find(row.sentence)))
        within = text.find(row.statement, max(words, done), words + len(row.words)) if words >= 0 else -1
        start, shown = (within, row.statement) if within >= 0 else (words, row.words)
        if start < done or not shown:
            continue
        label = f'<a href="#s{number}">[{number} {LABELS[row.verdict]}]</a>'
        mark = f'<mark class="{escape(row.verdict.replace(" ", "_"))}">{escape(shown)} {label}</mark>'
        parts += [escape(text[done:start]), mark]
        done = start + len(shown)
    return "".join([*parts, escape(text[done:])])
