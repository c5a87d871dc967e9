"""What a colleague does before a paper goes to the board: a text against the tables of a year. In: a text or a file.
Out: a table with a line per statement.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.audit.claims import Claim, FigureMeant, find_theme, make_claim
from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.judgements import judge_claims
from swp_analysis.audit.lexing import is_taken_back, normalise, split_sentences
from swp_analysis.audit.mentions import compile_form
from swp_analysis.audit.open_rows import AuditTables, add_open_rows
from swp_analysis.audit.scenes import SaidBefore
from swp_analysis.audit.statements import StatementReader
from swp_analysis.audit.verdicts import ClaimContext
from swp_analysis.catalogue.claim_rules import ClaimRules, load_claim_rules
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid
from swp_analysis.ingest.formats.raw_files import choose_year, kind_of, read_content, read_raw_file
from swp_analysis.ingest.formats.text import decode
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.read_year import read_editions
from swp_analysis.ingest.records import FEWEST_WORDS, ReportPassage, ReportText, add_file
from swp_analysis.open_data.reader import open_data
from swp_analysis.project import Project, find_project
from swp_analysis.quality.totals import annual_totals

STATEMENT_COLUMNS = "sentence statement verdict words explanation place indicator kind recomputed".split()
NOT_JUDGED = "not judged"
_MONEY = re.compile(r"£\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:k|m|bn|million|thousand))?\b", re.IGNORECASE)
_SUM = re.compile(r"\b\d[\d,]*(?: \+ \d[\d,]*)+(?: = \d[\d,]*)?")
LONGEST_HEADING = 60
_YEAR, _CALENDAR_YEAR = re.compile(r"20\d\d[-/–](?:20)?\d\d"), re.compile(r"\b20\d\d\b")
_CHANGE = re.compile(r"\b(?:change|difference)\b", re.IGNORECASE)
# A figure in a cell, perhaps with another in brackets.
_CELL = re.compile(r"[+−-]?(?!20\d\d\b)\d[\d,.]*(?![/\d]) ?%?(?: \(.*\))?")


@dataclass(frozen=True)
class JudgedText:
    """A text's passages, and its statements with the columns of `judge_text`."""

    passages: list[ReportPassage]
    statements: pd.DataFrame
    financial_year: str


def judge_text(text: str, financial_year: str | None = None, project: Project | None = None) -> pd.DataFrame:
    """Judge every statement of a text against the tables of a year.

    Parameters
    ----------
    text : prose; short lines without a full stop are headings, and count for the lines below them.
    financial_year : like 2017-18, default the newest of the project.
    project : default the one that the call belongs to.

    Returns
    -------
    DataFrame with `STATEMENT_COLUMNS`, a row a statement in the order of the text. `verdict` is `confirmed`,
    `contradicted`, `different_scope` or `not judged`; `words` are those it rests on.

    Raises
    ------
    InputError
        For a year without tables, or a raw file that can't be read.
    """
    figures, year = figures_of_year(project or find_project(), financial_year)
    return judge_passages(passages_of_text(text), figures, year)


def judge_file(path: Path, financial_year: str | None, project: Project) -> JudgedText:
    """Judge a text, Word document, PDF, web page or workbook against the tables of a year.

    Raises
    ------
    InputError
        For a file that can't be read, or a year without tables.
    """
    figures, year = figures_of_year(project, financial_year)
    passages = passages_of_file(path, _reader(figures, year))
    if not passages:
        raise InputError(f"{path.name} holds no sentence to judge; swp read {path.name} says how it is read.")
    return JudgedText(passages, judge_passages(passages, figures, year), year)


def figures_of_year(project: Project, financial_year: str | None) -> tuple[TableFigures, str]:
    """Give the figures up to a year, as its raw files give them now, and the year."""
    year = choose_year(project.raw, financial_year)
    files = sorted(path for path in project.raw.rglob("*") if path.is_file())
    state = tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    return _read_figures(project, year, state), year


@lru_cache(maxsize=4)
def _read_figures(project: Project, year: str, state: tuple) -> TableFigures:
    catalogue = load_catalogue(project.partnership)
    evidence = read_editions(project.raw, year, catalogue)
    totals = annual_totals(evidence.observations, catalogue.indicators)
    tables = add_open_rows(AuditTables(evidence.observations, totals, catalogue), open_data(project), year)
    months = evidence.everything[evidence.everything["quarter"].isna()]
    observations = pd.concat([tables.observations, months]) if len(months) else tables.observations
    return TableFigures(observations, tables.totals, evidence.baselines, tables.catalogue)


@lru_cache(maxsize=4)
def _reader(figures: TableFigures, year: str) -> StatementReader:
    return StatementReader(load_claim_rules(figures.catalogue), figures, year, quotes=True)


def judge_passages(passages: Sequence[ReportPassage], figures: TableFigures, financial_year: str) -> pd.DataFrame:
    """Judge every statement of passages against the tables; see `judge_text` for the columns."""
    claims = list(claims_of_passages(passages, _reader(figures, financial_year)))
    judgements = judge_claims(claims, ClaimContext(figures, claims))
    texts = {passage.key: split_sentences(normalise(passage.text)) for passage in passages}
    rows = []
    for claim, judgement in zip(claims, judgements, strict=True):
        shown = {"sentence": texts[claim.group][claim.sentence], "statement": claim.stated, "place": claim.location}
        verdict = NOT_JUDGED if judgement.verdict == "no_table" else judgement.verdict
        rows.append({**vars(claim), **vars(judgement), **shown, "verdict": verdict})
    return pd.DataFrame(rows, columns=STATEMENT_COLUMNS)


def passages_of_text(text: str) -> list[ReportPassage]:
    """Give the lines of a text, each with the heading above it."""
    passages, heading = [], ""
    for number, line in enumerate(text.splitlines(), start=1):
        if plain := line.strip():
            heading = plain if is_heading(plain) else heading
            passages.append(ReportPassage(f"line {number}", f"x{number}", plain, heading=heading))
    return passages


def passages_of_file(path: Path, reader: StatementReader) -> list[ReportPassage]:
    """Give the words of a document, and each cell of its tables as `row, column: cell` below the words above it."""
    report, book = ReportText(), LabelBook(reader.catalogue)
    raw = read_raw_file(path, reader.catalogue.layouts.label_headings)
    add_file(raw, "x", report, book)
    headings = [_headings_of_columns(grid, reader) for grid in raw.grids]
    if not (report.passages or any(headings)) and kind_of(path.name, content := read_content(path)) == "text":
        return passages_of_text(decode(path.name, content))  # lines with commas, and no table
    tables = zip(raw.grids, headings, strict=True)
    return [*report.passages, *(one for grid, over in tables for one in _passages_of_table(grid, over, book, reader))]


def _passages_of_table(
    grid: Grid, headings: dict[int, str], book: LabelBook, reader: StatementReader
) -> Iterator[ReportPassage]:
    above = _words_above(grid)
    for note in (one for one in grid.below if one.kind == "note"):
        yield ReportPassage(f"{grid.name}, {note.place}", f"{grid.name}-{note.place}", note.text, heading=above)
    first = _first_of_figures(grid)
    rows = grid.rows[first:] if first else ()
    for row, below in zip_longest(rows, rows[1:]):
        label = row.text(1)
        known = book.of_row(label, below.text(1) if below else "")
        for column in row.columns[1:]:
            cell, heading = row.text(column), headings.get(column, "")
            is_prose = known is None and len(cell.split()) >= FEWEST_WORDS and not _CELL.match(cell)
            is_figure = heading and (known or reader.names_what(label)) and _CELL.match(cell)
            if not is_prose and not is_figure:
                continue
            named = heading if known else f"{label}, {heading}"
            place = str(grid.address(row, column))
            row_of = known.id if known and not is_prose else ""
            yield ReportPassage(place, place, cell if is_prose else f"{named}: {cell}", row_of, above)


def _words_above(grid: Grid) -> str:
    return "; ".join(dict.fromkeys(one.text for one in grid.above))


def _first_of_figures(grid: Grid) -> int:
    """The first row with a figure beside its label; 0 when there is none, or no heading over it."""
    found = (n for n, row in enumerate(grid.rows) if any(_CELL.fullmatch(row.text(c)) for c in row.columns[1:]))
    return next(found, 0)


def _headings_of_columns(grid: Grid, reader: StatementReader) -> dict[int, str]:
    """The words over each column that name a period, an indicator or a change; those over several are carried on.

    A quarter without a year has that of the words above or in the corner; a change is that between the two columns
    before it, and none where these aren't two.
    """
    rows = grid.rows[: _first_of_figures(grid)]
    years = set(_YEAR.findall(" ".join([_words_above(grid), *(row.text(1) for row in rows)])))
    found: dict[int, str] = {}
    for row in rows:
        text = ""
        for column in row.columns[1:]:
            text = row.text(column) or ("" if row is rows[-1] else text)
            before = found.get(column, "")
            found[column] = before if text == before else f"{before} {text}".strip()
    found = {column: words for column, words in found.items() if reader.names_what(f"{words}:")}
    dated = [words for words in found.values() if re.search(r"\d", words)]
    for column, words in found.items():
        if _CHANGE.search(words) and not _YEAR.search(words):
            ends = sorted(dated, key=lambda one: (*_YEAR.findall(one), one))  # the newest may stand first
            found[column] = f"between {ends[0]} and {ends[1]}, {words}" if len(dated) == 2 else ""
        elif years and not _CALENDAR_YEAR.search(words):
            found[column] = f"{words} {next(iter(years))}" if len(years) == 1 else ""
    return found


def is_heading(line: str) -> bool:
    """Tell whether a line is short, no sentence and without a figure but for a period: it stands over what follows.

    >>> is_heading("Knife crime"), is_heading("Quarter 3 2017/18"), is_heading("Knife crime rose by 30.")
    (True, True, False)
    """
    bare = [word.strip(",.():%").lower().lstrip("q") for word in line.split() if any(c.isdigit() for c in word)]
    only_periods = len(bare) <= 2 and all(word.replace("/", "").replace("-", "").isdigit() for word in bare)
    is_sentence = line[-1:] in ".!?;," or line[:1] in "-*•–"
    return len(line) < LONGEST_HEADING and not is_sentence and only_periods


def claims_of_passages(passages: Iterable[ReportPassage], reader: StatementReader) -> Iterator[Claim]:
    """Give the claims of passages in the order in which they stand."""
    heading, above, last = "", SaidBefore(), SaidBefore()
    for passage in passages:
        over = above
        if passage.heading != heading or passage.row:
            is_cell = bool(passage.row) or passage.key == passage.place  # cells come behind all prose
            heading, above = passage.heading, reader.read_heading(passage.heading, SaidBefore() if is_cell else above)
        elif _leads_in(passage.text):  # "In June 2017:", over a list
            above = reader.read_heading(passage.text, above)
        before = replace(above, row=passage.row, heading=above.last)
        if over is above and not passage.row and reader.refers_back(passage.text, last, above):
            before = replace(last)
        if passage.text == passage.heading:  # "Knife crime: 30 more than last year" sets no period for itself
            before = replace(before, narrows=over.narrows, context=over.context, last=above.last or over.last)
        claims = [*_money_claims(passage, reader.rules), *_prose_claims(passage, reader, before)]
        last, ours = before, before.context if passage.heading else None
        is_ours = ours is not None and ours.year == reader.year and not ours.is_part
        context = above.context or (ours if is_ours else None)
        above = replace(above, context=context, turned=before.turned, brackets=before.brackets)
        for number, claim in enumerate(claims, start=1):
            yield replace(
                claim, claim_id=f"{passage.key}.{number}", location=passage.place, group=passage.key,
                words=" ".join(claim.words.split())[:90],
            )  # fmt: skip


def _leads_in(text: str) -> bool:
    """Whether a line that no style marks as a heading stands over what follows: a colon ends it, or it is numbered."""
    is_numbered = re.fullmatch(r"(?:\d{1,2}\.)+(?:\d{1,2})? +[A-Z][^\d.]*", text) is not None
    return len(text) < LONGEST_HEADING and (text.endswith(":") or is_numbered)


def _prose_claims(passage: ReportPassage, reader: StatementReader, before: SaidBefore) -> Iterator[Claim]:
    texts = split_sentences(normalise(passage.text))
    for number, (text, after) in enumerate(zip_longest(texts, texts[1:], fillvalue="")):
        for claim in _claims_of_sentence(text, passage, reader, before):
            back = replace(claim, readings=(), why_untied="it is taken back by what follows")
            yield replace(back if is_taken_back(after) else claim, sentence=number)


def _claims_of_sentence(
    text: str, passage: ReportPassage, reader: StatementReader, before: SaidBefore
) -> Sequence[Claim]:
    """The claims of a sum, a number of measures, a part of a whole, or of anything else that is stated."""
    year, rules = YearSpan(reader.year), reader.rules
    if added := _SUM.search(text):  # `520 + 490 = 1,010`: its own arithmetic, and the year of its row
        readings = [FigureMeant(passage.row, "level", year)] if passage.row else []
        return [make_claim("sum", added[0], readings, words=added[0])]
    if counted := re.search(rules.measures_met, text):  # those that met their aim, and all, of the theme that is named
        theme = find_theme(text, reader.catalogue) or find_theme(passage.heading, reader.catalogue)
        more: dict[str, Any] = {"words": counted[0], "judged_as": "measures", "theme": theme}
        return [make_claim("achieved", counted["met"], **more), make_claim("level", counted["all"], **more)]
    name = passage.row or (before.last.name if before.last else "")
    claims = reader.read(_MONEY.sub("sum of money", text), before)
    part = re.search(rules.part_of_whole, text)
    if part is None or any(claim.readings for claim in claims):
        return claims
    words = part[0].strip("()")  # `(336 out of 384 or 87.5%)`: the whole is that of the indicator named before
    share = make_claim("share", part["pct"], why="the tables don't have this part", words=words)
    is_count = name and reader.catalogue.indicators[name].unit == "count"
    whole = [FigureMeant(name, "level", year)] if is_count else []
    return [share, *(make_claim("level", part["whole"], [one], weak="far", words=words) for one in whole)]


def _money_claims(passage: ReportPassage, rules: ClaimRules) -> Iterator[Claim]:
    """Sums of money; the one after a word such as `amounted to` is the total of those before it."""
    text, found = passage.text, list(_MONEY.finditer(passage.text))
    total = compile_form(rf"(?:{'|'.join(rules.money_totals)})[^£]{{0,40}}$", re.IGNORECASE)
    link = compile_form(rf"\b(?:{'|'.join(rules.money_links)})\b", re.IGNORECASE)
    linked = bool(found) and link.search(text[found[0].end() : found[-1].start()])
    for position, match in enumerate(found):
        is_total = position == len(found) - 1 == 2 and linked and total.search(text[: match.start()])
        yield make_claim("budget", match[0], unit="total" if is_total else "pounds", words=match[0])
