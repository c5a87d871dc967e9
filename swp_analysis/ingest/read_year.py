"""Last step of ingest: the rows of a year's tables become observations and baselines, one per indicator and period, and
the years' folders one series.

In: the raw folder of a financial year, or files, and the catalogue; `data/raw`. Out: a `Reading`, each figure with the
cell it came from; `RawEvidence` up to a financial year.

A later report that prints an earlier quarter again is the newer edition: its figure is used, and where it differs
from the older one the revision is listed with both. A blank in the newer edition, or what could not be read, takes
nothing away, and a figure that was missing before is not a revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import InputError, Problems
from swp_analysis.ingest.align.lines import LineJoiner
from swp_analysis.ingest.consistency import (
    SILENT,
    derive_quarters,
    drop_needless,
    hold_parts,
    keep_newest,
    refuse_future,
    without_months,
)
from swp_analysis.ingest.formats.grid import Grid, Paragraph, Row
from swp_analysis.ingest.formats.raw_files import list_overlooked, raw_tables, raw_years, read_raw_file
from swp_analysis.ingest.orientation import fill_dittos, name_subject, part_tables, turn_table
from swp_analysis.ingest.read_table import TableReader
from swp_analysis.ingest.records import (
    PROVISIONAL,
    PROVISIONAL_COLUMNS,
    SOURCE_COLUMNS,
    Reading,
    ReportText,
    Unread,
    add_file,
    name_passages,
    source_of,
)
from swp_analysis.ingest.row_words import explain_row, periods_of
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.tables import continue_table, find_tables
from swp_analysis.ingest.titles import with_words_around
from swp_analysis.ingest.words import Vocabulary

if TYPE_CHECKING:
    import pandas as pd


def read_year(folder: Path, financial_year: str, catalogue: Catalogue, today: date | None = None) -> Reading:
    """Read every KPI table of `data/raw/<financial_year>`.

    `today` (default the clock's) tells which quarters lie in the future.

    Raises
    ------
    InputError
        For each file one sentence, a line each, with row and column of the first thing that can't be understood.
    """
    paths = raw_tables(folder)
    reading, refused = read_files(paths, financial_year, catalogue, today)
    if refused:
        problems = [problem for error in refused.values() for problem in error.problems]
        raise InputError("\n".join(map(str, refused.values())), problems=problems)
    if not paths:
        raise InputError(f"data/raw/{financial_year} holds no KPI table; put the year's files there as received.")
    if not reading.observations:
        raise InputError(f"data/raw/{financial_year} holds headings and no rows of figures.")
    return reading


def read_files(
    paths: Iterable[Path], financial_year: str, catalogue: Catalogue, today: date | None = None
) -> tuple[Reading, dict[Path, InputError]]:
    """Read files as those of a year's folder; and for each that is refused why, with all that is wrong in `problems`.

    Raises
    ------
    InputError
        When figures of different files contradict each other.
    """
    reading = Reading(financial_year, catalogue.identity.area_code)
    reader = FileReader(catalogue)
    refused: dict[Path, InputError] = {}
    paths = list(paths)
    for path, prefix in name_passages(paths).items():
        own = Reading(financial_year, catalogue.identity.area_code)
        try:
            reader.read(path, own, prefix)
        except InputError as problem:
            refused[path] = problem
        else:
            reading.add(own)
        reading.files.append(path.name)
    if not refused:
        _settle(reading, catalogue, today or date.today())
    return reading, refused


def _settle(reading: Reading, catalogue: Catalogue, today: date) -> None:
    """Each figure once, none that can't be, and the quarters that months give."""
    keep_newest(reading)
    refuse_future(reading, today)
    hold_parts(reading, catalogue)
    drop_needless(reading, today)
    derive_quarters(reading, catalogue)


class FileReader:
    """Reads the tables of files; knows the catalogue's labels and the vocabulary."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.words = Vocabulary(catalogue)
        self._tables_reader = TableReader(self.words)

    def read(self, path: Path, reading: Reading, prefix: str) -> None:
        """Add the figures of a file, and what else it says, to a `Reading`; `prefix` begins the keys of its passages.

        Raises
        ------
        InputError
            With the first thing in the file that can't be understood, or why none of its tables is read.
        """
        raw = read_raw_file(path, self.words.layouts.label_headings)
        add_file(raw, prefix, reading.report, self.words.labels)
        tables = self._tables(with_words_around(raw, self.words), reading)
        if not tables and raw.paragraphs and not raw.grids:
            reading.notes.append(f"{path.name}: prose and no table; its sentences are claims to check.")
            return
        if not tables:
            raise InputError(
                f"{path.name}: no table found; expected a heading row that begins with "
                f"{self.words.layouts.label_headings[0]!r} and names quarters, such as `Q1 2018/19`, or one such as "
                "`Quarter, KPI, Value`."
            )
        barred: list[tuple[RawTable, str]] = []
        problems = Problems()
        for table in tables:
            with problems.noting():
                why = self._tables_reader.read(table, reading)
                barred += [(table, why)] if why else []
        problems.refuse()
        if len(barred) == len(tables):
            raise InputError(barred[0][1])
        reading.unread += (_whole_table(table, why) for table, why in barred)

    def find_tables(self, path: Path) -> list[RawTable]:
        """Find the tables of a file, without reading what their rows are about."""
        raw = read_raw_file(path, self.words.layouts.label_headings)
        return self._tables(raw.grids, Reading("", self.words.catalogue.identity.area_code))

    def newest_year(self, table: RawTable) -> str:
        """Give the newest year that the columns of a table, or its rows, are of; nothing where neither says one.

        Raises
        ------
        InputError
            When a row leaves its period open, or contradicts its heading.
        """
        years = {table.newest_year}
        for _, row in table.rows_with_figures if not table.is_complete else ():
            when = explain_row(table, row, self.words).when
            years |= {period.financial_year for period in periods_of(table, row, when).values()}
        return max(years)

    def _tables(self, grids: Iterable[Grid], reading: Reading) -> list[RawTable]:
        tables: list[RawTable] = []
        passed_over: list[Grid] = []
        over: tuple[Paragraph, ...] = ()
        parts = (part for whole in grids for part in part_tables(fill_dittos(whole), self.words))
        for grid in (turn_table(name_subject(part, self.words), self.words) for part in parts):
            reading.notes += grid.notes
            grid = replace(grid, above=(*over, *grid.above))
            found = find_tables(grid, self.words)
            if not found and tables and (rest := continue_table(grid, tables[-1])):
                tables[-1], rest = LineJoiner(tables[-1], self.words).join_over_page(rest)
                found = [rest]
            tables += found
            passed_over += [] if found else [grid]
            # Of a page without rules a line of words over columns may come as a grid of its own.
            lines = grid.rows if grid.wraps and not found else ()
            texts = (" ".join(dict.fromkeys(map(row.text, row.filled))) for row in lines)
            over = tuple(Paragraph(grid.file, grid.sheet, text, "caption") for text in texts)
        if tables:
            reading.notes += [
                f"{grid.name}: no heading of a KPI table; passed over." for grid in passed_over if grid.rows
            ]
        return tables


def _whole_table(table: RawTable, why: str) -> Unread:
    """A table that is not read among others that are, by its heading."""
    heading = next((row for row in table.grid.rows if row.number == table.heading), Row(table.heading, ()))
    return Unread(table.grid.address(heading, table.label_column), heading.in_one_line, f"the whole table: {why}")


# Several years


@dataclass(frozen=True)
class RawEvidence:
    """Everything that the raw folders say up to a financial year, with where each figure stands.

    `everything` has a row for each figure, months among them; `observations` are those that are compared quarter by
    quarter (`without_months`), and `provisional` names those that their tables call so.
    """

    financial_year: str
    files: list[str]
    observations: pd.DataFrame
    baselines: pd.DataFrame
    unread: list[Unread]
    notes: list[str]
    revisions: pd.DataFrame
    everything: pd.DataFrame
    report: ReportText
    provisional: pd.DataFrame
    overlooked: list[str]

    def unread_frame(self) -> pd.DataFrame:
        """Give the cells that could not be read, one row a cell."""
        import pandas as pd

        rows = [{**source_of(unread.address, unread.text), "reason": unread.reason} for unread in self.unread]
        return pd.DataFrame(rows, columns=[*SOURCE_COLUMNS, "reason"])

    def decisions_frame(self) -> pd.DataFrame:
        """Say what was decided while reading, one row a decision, in the order of reading."""
        import pandas as pd

        return pd.DataFrame({"number": range(1, len(self.notes) + 1), "decision": self.notes})


def read_editions(raw: Path, financial_year: str, catalogue: Catalogue, today: date | None = None) -> RawEvidence:
    """Read every year's folder up to `financial_year`; the newest folder wins where two give the same figure.

    `today` (default the clock's) tells which quarters lie in the future.
    """
    import pandas as pd

    years = [year for year in raw_years(raw) if year <= financial_year]
    readings = [read_year(raw / year, year, catalogue, today) for year in years]
    newest_first = [reading.observation_frame(PROVISIONAL) for reading in reversed(readings)]
    observations = pd.concat(newest_first, ignore_index=True)
    baselines = pd.concat([reading.baseline_frame() for reading in reversed(readings)], ignore_index=True)
    key = ["indicator", "area_code", "period_start", "period_end"]
    told = _newest_figures(observations, key)
    kept = told.drop(columns=PROVISIONAL)
    return RawEvidence(
        financial_year,
        [f"{reading.financial_year}/{name}" for reading in readings for name in reading.files],
        without_months(kept.reset_index(drop=True)),
        baselines.drop_duplicates(["indicator", "financial_year"]).reset_index(drop=True),
        [unread for reading in readings for unread in reading.unread],
        [*(note for reading in readings for note in reading.notes), *name_absent(readings, catalogue)],
        _revisions(observations.drop(columns=PROVISIONAL), kept, key),
        kept.reset_index(drop=True),
        next((one.report for one in readings if one.financial_year == financial_year), ReportText()),
        told.loc[told[PROVISIONAL].eq(True), PROVISIONAL_COLUMNS].reset_index(drop=True),
        list_overlooked(raw),
    )


def name_absent(readings: list[Reading], catalogue: Catalogue) -> list[str]:
    """Name what the tables of the year before are about and those of the last year are not: a row may be cut off."""
    return [
        f"{now.financial_year}: no table has a row for {catalogue.indicators[indicator].label!r}, which {file} of "
        f"{before.financial_year} has; ask its owner for the row or file, or, in partnership/indicators, put a "
        f'new name under its `aliases`, or add `collected_until: "{before.financial_year}"` if nobody collects it now.'
        for before, now in pairwise(readings[-2:])
        for indicator, file in {row["indicator"]: row["source_file"] for row in before.observations}.items()
        if catalogue.indicators[indicator].is_collected_in(now.financial_year)
        and indicator not in {row["indicator"] for row in now.observations}
    ]


def _newest_figures(newest_first: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The first row of each period that has something to say, else the first."""
    says_less = newest_first["status"].map({"unreadable": 1, "not_available": 2}).fillna(0)
    return newest_first.loc[says_less.sort_values(kind="stable").index].drop_duplicates(key).sort_index()


def _revisions(every: pd.DataFrame, kept: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    both = every.drop(kept.index).merge(kept, on=key, suffixes=("_before", "_now"))
    figure = ["status", "value", "lower", "upper", "numerator", "denominator"]
    was = both[[f"{name}_before" for name in figure]].set_axis(figure, axis=1)
    now = both[[f"{name}_now" for name in figure]].set_axis(figure, axis=1)
    same = ((was == now) | (was.isna() & now.isna())).all(axis=1)
    changed = ~same & ~was["status"].isin(SILENT) & ~now["status"].isin(SILENT)
    printed = [f"{name}_{when}" for when in ("before", "now") for name in ("raw_value", "source_file")]
    return both.loc[changed, ["indicator", "period_start", *printed]].reset_index(drop=True)
