"""How far the figures can be trusted, as tables. In: the processed tables. Out: what the data-quality page shows.

Where a figure stands is shown to everyone; what quotes cells or lists what is withheld is for analysts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Audience, Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.disclosure import Protected, protect
from swp_analysis.engines.spc.thresholds import thresholds_table
from swp_analysis.errors import RunError
from swp_analysis.present.exhibit import Cell, Column, Table, figure_cell
from swp_analysis.present.numbers import NOTHING, write_day
from swp_analysis.present.prose import Bullets, Fold, Prose, Showable, Stack
from swp_analysis.present.series import Series
from swp_analysis.present.words import name_in_words

# By the worst of three shares: figures shown, baselines that agree, statements that hold.
TRUST = ((0.95, "Yes."), (0.75, "Mostly, with care."), (0.0, "Only in part."))


def show_reconciliation(reconciled: pd.DataFrame, catalogue: Catalogue) -> Stack:
    """Show the printed baselines that differ from their quarters or can't be held against them; the others are
    counted."""
    counts = reconciled["verdict"].value_counts()
    said = [f"{counts.get('agrees', 0)} of {len(reconciled)} printed baselines agree with their quarters."]
    said += [f"{counts['withheld']} rest on numbers too small to share."] if "withheld" in counts else []
    open_ones = reconciled[reconciled["verdict"].isin(["differs", "not comparable"])]
    table = tabulate_reconciliation(open_ones, catalogue)
    return Stack([Prose(" ".join(said)), *([] if open_ones.empty else [table])])


def tabulate_reconciliation(reconciled: pd.DataFrame, catalogue: Catalogue) -> Table:
    """Tabulate printed baselines against the sum of their quarters, differences first."""
    order = {"differs": 0, "not comparable": 1, "agrees": 2, "withheld": 3}
    printed: Iterable[Any] = reconciled.itertuples(index=False)
    rows: list[list[Cell]] = [
        [
            catalogue.indicators[row.indicator].label,
            display_year(row.financial_year),
            figure_cell(row.printed, catalogue.indicators[row.indicator].unit),
            figure_cell(row.recomputed, catalogue.indicators[row.indicator].unit),
            row.verdict,
            row.explanation,
        ]
        for row in sorted(printed, key=lambda row: order[row.verdict])
    ]
    figures = [Column(name, "number") for name in ("Printed baseline", "From the quarters")]
    columns: list[str | Column] = ["Indicator", "Year", *figures, "Verdict", "Explanation"]
    return Table("Printed baselines against their own quarters", columns, rows)


def write_trust(shown: int, total: int, reconciled: pd.Series, claims: pd.Series) -> str:
    """Write whether the figures can be trusted, from how many are there, agree with their baselines, and were stated
    rightly."""
    agree, compared = int((reconciled == "agrees").sum()), int(reconciled.isin(["agrees", "differs"]).sum())
    held, judged = int((claims == "confirmed").sum()), int(claims.isin(["confirmed", "contradicted"]).sum())
    shares = [part / whole for part, whole in ((shown, total), (agree, compared), (held, judged)) if whole]
    worst = min(shares, default=0.0)
    answer = next(words for least, words in TRUST if worst >= least)
    return (
        f"{answer} {shown} of {total} quarterly figures are shown. {agree} of {compared} printed baselines and "
        f"{held} of {judged} statements of the report that can be checked are right."
    )


def tabulate_coverage(series: Mapping[str, Series], catalogue: Catalogue) -> Table:
    """For each indicator: how many figures there are, how many are missing and why, and who owns them."""
    counted = [Column(name, "count") for name in ("Published", "Not published", "Withheld", "Unreadable")]
    rows: list[list[Cell]] = []
    for name, one in series.items():
        counts = pd.Series([point.status for point in one.points], dtype=object).value_counts()
        hidden = counts.get("suppressed", 0) + counts.get("withheld", 0)
        figures = [counts.get("reported", 0), counts.get("not_available", 0), hidden, counts.get("unreadable", 0)]
        indicator = catalogue.indicators[name]
        rows.append([indicator.label, *map(int, figures), indicator.owner])
    return Table("Figures published for each indicator", ["Indicator", *counted, "Owner"], rows)


def tabulate_unread(unread: pd.DataFrame, catalogue: Catalogue, *, show_text: bool) -> Showable:
    """Tabulate cells that could not be read; their text, and the reasons, which quote it, where small numbers may be
    shown."""
    if unread.empty:
        return Prose("Every figure of the raw tables could be read.")
    cells: Iterable[Any] = unread.itertuples(index=False)
    columns = ["Cell", *(["Printed text", "Reason"] if show_text else [])]
    rows: list[list[Cell]] = [
        [_cell(row), *([row.raw_value, name_in_words(row.reason, catalogue)] if show_text else [])] for row in cells
    ]
    note = "" if show_text else "What stands in them, and why it could not be read, is in the analysts' edition."
    table = Table("Cells that could not be read", columns, rows, note)
    return Fold(f"The {len(rows)} cells that could not be read", table)


def tabulate_revisions(revisions: pd.DataFrame, catalogue: Catalogue, *, show_text: bool) -> Showable:
    """Tabulate figures that a later report restates; both figures only where small numbers may be shown."""
    if revisions.empty:
        return Prose(f"No later report restates {'an earlier figure' if show_text else 'a figure that is shown'}.")
    restated: Iterable[Any] = revisions.itertuples(index=False)
    columns = ["Indicator", "Quarter beginning", *(["Was", "Is now"] if show_text else [])]
    rows: list[list[Cell]] = [
        [
            catalogue.indicators[row.indicator].label,
            write_day(row.period_start),
            *([row.raw_value_before, row.raw_value_now] if show_text else []),
        ]
        for row in restated
    ]
    return Table("Figures that a later report restates", columns, rows)


def tabulate_thresholds() -> Table:
    """Tabulate the rules, constants and thresholds of the charts and of the projection, each with its source."""
    rules: Iterable[Any] = thresholds_table().itertuples(index=False)
    rows: list[list[Cell]] = [[row.what, row.value, row.meaning, row.source] for row in rules]
    columns: list[str | Column] = ["Rule", Column("Value", "number"), "Meaning", "Source"]
    return Table("How the charts and projections judge", columns, rows)


def list_recording_breaks(catalogue: Catalogue) -> Bullets:
    """List known changes in how things are recorded."""
    items = [
        f"{entry.date_from:%B %Y}: {entry.what_changed} {entry.effect} Source: {entry.source}."
        for entry in catalogue.recording_breaks
    ]
    return Bullets("", items, when_empty="None is known for these years.")


def _cell(row) -> str:
    sheet = f", sheet {row.source_sheet}" if row.source_sheet else ""
    return f"{row.source_file}{sheet}, row {row.source_row}, column {row.source_column}" if row.source_row else NOTHING


COLUMNS = ["Indicator", "Financial year", "Figure", "Withheld from", "Why"]
FOR_ANALYSTS = "Which figures are withheld, and why, is listed for the partnership's own analysts only."


def tabulate_suppression(
    data: Protected, audience: Audience, catalogue: Catalogue, earlier: Sequence[Protected] = ()
) -> Showable:
    """Tabulate every figure that an audience with small numbers hidden does not get beside the `earlier` editions;
    nothing but a sentence for such an audience itself, since even the list of reasons would tell it more than the pages
    do."""
    if audience.suppress_below:
        return Prose(FOR_ANALYSTS)
    readers: dict[int, list[str]] = {}
    for other in catalogue.audiences.values():
        if other.suppress_below:
            readers.setdefault(other.suppress_below, []).append(other.label)
    parts = [_tabulate(data, least, " and ".join(labels), catalogue, earlier) for least, labels in readers.items()]
    return parts[0] if len(parts) == 1 else Stack(parts)


def _tabulate(
    data: Protected, threshold: int, readers: str, catalogue: Catalogue, earlier: Sequence[Protected]
) -> Showable:
    try:
        hidden = protect(*data.frames, catalogue.indicators, threshold=threshold, earlier=earlier)
    except RunError as error:
        return Prose(f"{readers}: no edition can be made from these tables. {error}", "cannot-tell")
    if hidden.log.empty:
        return Prose(f"{readers}: no figure is withheld.")
    rows = [_row(row, readers, catalogue) for row in hidden.log.itertuples(index=False)]
    note = f"{readers}: {hidden.loss}."
    title = f"Figures withheld from other readers: {readers}"
    return Fold(f"{title} ({len(rows)})", Table(title, COLUMNS, rows, note))


def _row(row, readers: str, catalogue: Catalogue) -> list[str]:
    label = catalogue.indicators[row.indicator].label
    return [label, display_year(row.financial_year), _figure(row.quarter), readers, row.why]


def _figure(quarter: str) -> str:
    if quarter.isdecimal():
        return f"Q{quarter}"
    if quarter[:4].isdecimal():
        return f"{date.fromisoformat(quarter):%B %Y}"
    return {"year": "whole year"}.get(quarter, quarter)


@dataclass(frozen=True)
class ReadingRecord:
    """Where each figure stands, what was decided on the way, and what is due and has not come."""

    provenance: Fold
    decisions: Showable
    chase: Showable


def record_reading(
    observations: pd.DataFrame, decisions: pd.DataFrame, chase: pd.DataFrame, catalogue: Catalogue, *, show_text: bool
) -> ReadingRecord:
    """Give the record of a build; `show_text` where small numbers may be shown."""
    return ReadingRecord(
        Fold("The cell of each figure", tabulate_provenance(observations, catalogue)),
        _list_decisions(decisions, show_text=show_text),
        tabulate_chase(chase, catalogue),
    )


def tabulate_provenance(observations: pd.DataFrame, catalogue: Catalogue) -> Table:
    """For each indicator and year the cells that its figures come from, as a person would point at them."""
    place = ["source_file", "source_sheet", "source_row"]
    in_time = observations.sort_values("period_start", kind="stable")
    rows = []
    for (name, year), figures in in_time.groupby(["indicator", "financial_year"], sort=False):
        for (file, sheet, row), cells in figures.groupby(place, sort=False):
            letters = ", ".join(dict.fromkeys(cells["source_column"]))
            where = ", ".join(filter(None, (str(file), str(sheet), f"row {row}")))
            rows.append([catalogue.indicators[str(name)].label, display_year(str(year)), where, letters])
    columns = ["Indicator", "Year", "File and row", "Columns, in order of time"]
    return Table("Source of each figure", columns, rows)


def tabulate_chase(chase: pd.DataFrame, catalogue: Catalogue) -> Showable:
    """Tabulate figures that are due and have not come, who gives them, and since when.

    The number of days stands in `chase.csv` and in the build's log: on a page it would change every day.
    """
    if chase.empty:
        return Prose("No data are overdue.")
    overdue: Iterable[Any] = chase.itertuples(index=False)
    rows: list[list[Cell]] = [
        [
            row.owner,
            catalogue.indicators[row.indicator].label,
            f"Q{row.quarter} {display_year(row.financial_year)}",
            write_day(row.due),
        ]
        for row in overdue
    ]
    columns = ["Owner", "Indicator", "Quarter", "Due since"]
    return Table("Overdue data", columns, rows)


def _list_decisions(decisions: pd.DataFrame, *, show_text: bool) -> Showable:
    if show_text:
        made = Bullets("", list(decisions["decision"]), when_empty="No decision was needed.")
        return Fold(f"The {len(made.items)} decisions", made) if made.items else made
    return Prose("What was decided while reading the tables is in the analysts' edition.")
