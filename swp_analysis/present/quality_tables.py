"""How far the figures can be trusted, as tables. In: the processed tables. Out: `Table`s for the data-quality page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.engines.spc.thresholds import thresholds_table
from swp_analysis.present.exhibit import Cell, Column, Table, figure_cell
from swp_analysis.present.numbers import NOTHING, write_day
from swp_analysis.present.prose import Bullets, Fold, Paragraph, Shown, Stack
from swp_analysis.present.series import Series
from swp_analysis.present.words import name_in_words

# By the worst of three shares: figures shown, baselines that agree, statements that hold.
TRUST = ((0.95, "Yes."), (0.75, "Mostly, with care."), (0.0, "Only in part."))


def show_reconciliation(reconciled: pd.DataFrame, catalogue: Catalogue) -> Stack:
    """The printed baselines that differ from their quarters or can't be held against them; the others are counted."""
    counts = reconciled["verdict"].value_counts()
    said = [f"{counts.get('agrees', 0)} of {len(reconciled)} printed baselines agree with their quarters."]
    said += [f"{counts['withheld']} rest on numbers too small to share."] if "withheld" in counts else []
    open_ones = reconciled[reconciled["verdict"].isin(["differs", "not comparable"])]
    table = tabulate_reconciliation(open_ones, catalogue)
    return Stack([Paragraph(" ".join(said)), *([] if open_ones.empty else [table])])


def tabulate_reconciliation(reconciled: pd.DataFrame, catalogue: Catalogue) -> Table:
    """Printed baselines against the sum of their quarters, differences first."""
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


def tabulate_unread(unread: pd.DataFrame, catalogue: Catalogue, *, show_text: bool) -> Shown:
    """Cells that could not be read; their text, and the reasons, which quote it, where small numbers may be shown."""
    if unread.empty:
        return Paragraph("Every figure of the raw tables could be read.")
    cells: Iterable[Any] = unread.itertuples(index=False)
    columns = ["Cell", *(["Printed text", "Reason"] if show_text else [])]
    rows: list[list[Cell]] = [
        [_cell(row), *([row.raw_value, name_in_words(row.reason, catalogue)] if show_text else [])] for row in cells
    ]
    note = "" if show_text else "What stands in them, and why it could not be read, is in the analysts' edition."
    table = Table("Cells that could not be read", columns, rows, note)
    return Fold(f"The {len(rows)} cells that could not be read", table)


def tabulate_revisions(revisions: pd.DataFrame, catalogue: Catalogue, *, show_text: bool) -> Shown:
    """Figures that a later report restates; both figures only where small numbers may be shown."""
    if revisions.empty:
        return Paragraph(f"No later report restates {'an earlier figure' if show_text else 'a figure that is shown'}.")
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
    """The rules, constants and thresholds of the charts and of the projection, each with its source."""
    rules: Iterable[Any] = thresholds_table().itertuples(index=False)
    rows: list[list[Cell]] = [[row.what, row.value, row.meaning, row.source] for row in rules]
    columns: list[str | Column] = ["Rule", Column("Value", "number"), "Meaning", "Source"]
    return Table("How the charts and projections judge", columns, rows)


def list_recording_breaks(catalogue: Catalogue) -> Bullets:
    """Known changes in how things are recorded."""
    items = [
        f"{entry.date_from:%B %Y}: {entry.what_changed} {entry.effect} Source: {entry.source}."
        for entry in catalogue.recording_breaks
    ]
    return Bullets("", items, when_empty="None is known for these years.")


def _cell(row) -> str:
    sheet = f", sheet {row.source_sheet}" if row.source_sheet else ""
    return f"{row.source_file}{sheet}, row {row.source_row}, column {row.source_column}" if row.source_row else NOTHING
