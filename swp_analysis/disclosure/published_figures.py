"""What readers already hold: the protected figures of all editions in reports/, and what these leave open. In: that
folder; `Protected`. Out: `Protected`s; an `Unsaid` for each indicator that hides a figure.

An edition that was sent can't be taken back by publishing another one in its place, so its figures are kept in
reports/superseded/ when it is replaced, and every new edition is made and attacked together with all of them. What can
be known of a hidden count is the interval that the protected figures leave open: a typed number inside it is refused
whether it is the true one or not, so a refusal tells nothing that is hidden.
"""

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.disclosure.kpi_tables import link_indicators, to_plain
from swp_analysis.disclosure.protect import LOG_COLUMNS, Protected
from swp_analysis.engines.small_numbers.cells import WITHHELD, Cell, Edition, Links, Row, cells_of, walk_rows
from swp_analysis.engines.small_numbers.intervals import Interval
from swp_analysis.engines.small_numbers.puzzle import Puzzle
from swp_analysis.published import DATA, RUN_FILE, SUPERSEDED, list_hiding, read_record, read_threshold
from swp_analysis.quality.processed import read_processed

FRAMES = ("observations", "baselines", "totals")
ID_LENGTH = 12
# Of run.json, for the next edition to say what changed.
KEPT_OF_RECORD = ("verdicts", "finished")


def read_shown(reports: Path) -> dict[str, Protected]:
    """Read every edition that hides something, whatever its year and audience, also those replaced since; by its
    place."""
    return {folder.relative_to(reports).as_posix(): read_edition(folder) for folder in list_hiding(reports)}


def read_edition(folder: Path) -> Protected:
    """Read the protected figures of one edition; the log is for internal eyes and isn't kept."""
    observations, baselines, totals = (read_processed(folder / DATA, name) for name in FRAMES)
    log = pd.DataFrame(columns=LOG_COLUMNS)
    return Protected(observations, baselines, totals, log, read_threshold(folder))


def keep_superseded(reports: Path, target: Path, successor: Path) -> None:
    """Keep the figures of the edition in `target` before the one in `successor` replaces it, if they differ."""
    threshold, digest = list_hiding(reports).get(target), _digest(target)
    if not threshold or digest == _digest(successor):
        return
    kept = reports / SUPERSEDED / target.relative_to(reports) / digest[:ID_LENGTH]
    if kept.exists():
        return
    unfinished = kept.with_name(f".{kept.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    _copy_figures(target, unfinished, threshold)
    os.replace(unfinished, kept)


def copy_shown(reports: Path, to: Path) -> None:
    """Give a copy of what `read_shown` reads in `reports`, which stays as it is when editions are replaced."""
    for folder, threshold in list_hiding(reports).items():
        _copy_figures(folder, to / folder.relative_to(reports), threshold)


def _copy_figures(edition: Path, to: Path, threshold: int) -> None:
    shutil.copytree(edition / DATA, to / DATA)
    known = read_record(edition) or {}
    record = {"suppression": {"suppress_below": threshold}} | {k: known[k] for k in KEPT_OF_RECORD if k in known}
    (to / RUN_FILE).write_text(json.dumps(record) + "\n", encoding="utf-8", newline="\n")


def _digest(folder: Path) -> str:
    """One SHA-256 over the protected figures of an edition."""
    paths = [folder / DATA / f"{name}.csv" for name in FRAMES]
    contents = [path.read_bytes() if path.is_file() else b"" for path in paths]
    return hashlib.sha256(b"\0".join(contents)).hexdigest()


HIDDEN = ("suppressed", WITHHELD)
NUMBERS = ("value", "numerator", "denominator")


@dataclass(frozen=True)
class Unsaid:
    """What is open about one indicator: `counts` and `shares` (in percent) as intervals; and what readers know.

    `shown`: numbers that the tables print or imply, by kind: "" for counts, "%" for shares, "x" for multiples.
    """

    counts: frozenset[Interval]
    shares: frozenset[Interval]
    shown: Mapping[str, Set[float]]

    def holds(self, printed: str) -> bool:
        """Tell whether a number as it is written ("3", "25%", or "3x" for a multiple) could tell a hidden one."""
        number, kind = float(printed.rstrip(" %x").replace(",", "")), printed[-1] if printed[-1] in "%x" else ""
        kinds = {kind, "%"} if "." in printed else {kind}
        if any(abs(number - known) < 1e-9 for each in kinds for known in self.shown.get(each, ())):
            return False
        intervals = {"": self.counts | self.shares, "%": self.shares, "x": self.counts | self._multiples}[kind]
        return any(low <= number <= high for low, high in intervals)

    @property
    def _multiples(self) -> frozenset[Interval]:
        """How many times a hidden count a shown one may be."""
        return frozenset(
            (shown / high, shown / low) for shown in self.shown.get("", ()) for low, high in self.counts if low > 0
        )


def find_unsaid(data: Protected, indicators: Mapping[str, Any]) -> dict[str, Unsaid]:
    """Find what a number beside the name of an indicator must not be, for each that hides a figure."""
    links = link_indicators(indicators, data.observations["financial_year"].astype(str))
    edition = Edition(to_plain(data.frames), data.threshold)
    left = Puzzle([edition], links).leave_open()
    counts: dict[str, set[Interval]] = {}
    shares: dict[str, set[Interval]] = {}
    for name, sides in _hidden_sides(edition, links):
        spans = [_add_up([left.get(cell, (0, inf)) for cell in cells]) for cells in sides]
        # Of a denominator that is in no table nothing is hidden; a count of which nothing is said may be any number.
        may_be = [span for span in spans if span[0] < span[1] and (len(spans) == 1 or span != (0, inf))]
        counts.setdefault(name, set()).update(may_be)
        if len(spans) == 2:
            shares.setdefault(name, set()).add(_divide(*spans))
    shown = _list_shown(data, set(links.parts))
    return {name: Unsaid(frozenset(counts[name]), frozenset(shares.get(name, ())), shown[name]) for name in counts}


def _hidden_sides(edition: Edition, links: Links) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Each hidden figure: the counts that it adds up, or for a percentage those of its numerator and denominator."""
    for _, row in walk_rows(edition.tables.cells):
        if row["status"] in HIDDEN:
            yield row["series"], [[cell] for cell in cells_of(row, links)]
    rows = edition.tables.cells
    for _, row in walk_rows(edition.tables.sums):
        if row["status"] in HIDDEN:
            yield row["series"], [_cells_of_sum(row, series, rows, links) for series in _series(row, links)]


def _series(row: Row, links: Links) -> tuple[str, ...]:
    return links.parts.get(row["series"], (row["series"],))


def _cells_of_sum(row: Row, series: str, rows: pd.DataFrame, links: Links) -> list[Cell]:
    of_year = rows[(rows["series"] == row["series"]) & (rows["year"] == row["year"]) & (rows["area"] == row["area"])]
    periods = row["periods"].split(",") if row["periods"] else sorted(set(of_year["period"]))
    return [Cell(row["area"], series, row["year"], p) for p in periods if (row["year"], p) not in links.shorter]


def _add_up(spans: list[Interval]) -> Interval:
    return (sum(low for low, _ in spans), sum(high for _, high in spans)) if spans else (0, inf)


def _divide(top: Interval, bottom: Interval) -> Interval:
    """The percentages that two counts can make."""
    least = 100 * top[0] / bottom[1] if bottom[1] else 0.0
    return least, min(100.0, 100 * top[1] / bottom[0]) if bottom[0] else 100.0


def _list_shown(data: Protected, shares: set[str]) -> dict[str, dict[str, set[float]]]:
    """Every number that the tables show of an indicator, as it may be rounded, and how it moved between years."""
    shown: dict[str, dict[str, set[float]]] = defaultdict(lambda: defaultdict(set))
    for frame in data.frames:
        for column in (column for column in NUMBERS if column in frame):
            for name, number in zip(frame["indicator"], frame[column], strict=True):
                if pd.notna(number):
                    shown[name]["%" if column == "value" and name in shares else ""] |= _as_rounded(float(number))
    for frame, period in ((data.observations, "quarter"), (data.totals, "quarters")):
        for place, rows in frame.sort_values("financial_year").groupby(["indicator", period], sort=False):
            name = str(place[0])
            for before, after in pairwise(rows["value"].astype(float)):
                if pd.notna(before) and pd.notna(after):
                    shown[name]["%" if name in shares else ""] |= _as_rounded(abs(after - before))
                    if min(before, after) > 0:
                        shown[name]["x"] |= _as_rounded(max(before, after) / min(before, after))
    return shown


def _as_rounded(number: float) -> set[float]:
    return {number, *(round(number, places) for places in range(3))}
