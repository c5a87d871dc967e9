"""Pictures of many indicators at once. In: findings, protected series, observations. Out: `Exhibit`s."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.finding_tables import tabulate_findings
from swp_analysis.present.marks import label_rows
from swp_analysis.present.numbers import write_ratio
from swp_analysis.present.series import Point, Series, tabulate_quarters
from swp_analysis.present.style import (
    ACCENT,
    BACKING,
    FAINT,
    LAST_YEAR,
    MUTED,
    NARROW_ROW,
    NARROW_WIDTH,
    THIS_YEAR,
    chart_style,
    new_figure,
)
from swp_analysis.present.words import write_verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Wider ranges than this are cut at the edge of the picture, with an arrow; the table behind it has them whole.
LEAST_RATIO_SHOWN, MOST_RATIO_SHOWN = 0.25, 4.0
HOW_TO_READ_RATIOS = (
    "A mark is this year divided by last year; the line is its 95% range. A line that crosses “the same” is no clear "
    "change: a small dot. A clear change is a triangle if it is worse, a large dot if better, a square if the figures "
    "alone can't say. An arrow says that the range goes on beyond the picture."
)
TILES = {"reported": ("s", THIS_YEAR, THIS_YEAR), "unreadable": ("x", ACCENT, ACCENT)}
HIDDEN_TILE = ("o", "none", THIS_YEAR)
NO_CLEAR_CHANGE = ("o", LAST_YEAR, 5)
# As in the scorecard: what is worse, better or neither differs in shape as well as in colour.
CLEAR_MARKS = {"worse": ("^", ACCENT, 9), "better": ("o", THIS_YEAR, 9), "no judgement": ("s", MUTED, 8)}


def draw_changes(findings: Sequence[Finding], caption: str) -> Exhibit | None:
    """Every count that has a ratio of the two years, with its 95% range; None when there is none to draw."""
    shown = [
        f for f in findings if not f.withheld and f.verdict.evidence.measure == "ratio" and f.verdict.evidence.effect
    ]
    if not shown:
        return None
    return Exhibit(
        title=caption,
        alt=_describe_changes(shown),
        figure=_draw_ratios(shown, narrow=False),
        note=HOW_TO_READ_RATIOS,
        data=tabulate_findings(shown, f"{caption}: figures"),
        narrow=_draw_ratios(shown, narrow=True),
    )


def _draw_ratios(findings: Sequence[Finding], *, narrow: bool) -> Figure:
    """The dots with their labels to the left; on a narrow screen above them, so that both are seen at once."""
    rows = list(reversed(findings))
    labels = [finding.indicator.short_label for finding in rows]
    with chart_style():
        width, height = (NARROW_WIDTH, NARROW_ROW) if narrow else (7.8, 0.34)
        figure, axes = new_figure(width, 0.9 + height * len(rows))
        for row, finding in enumerate(rows):
            _draw_ratio(axes, row, finding)
        _finish_ratio_axis(axes, len(rows))
        label_rows(axes, labels, above=narrow, backing=BACKING)
        return figure


def _draw_ratio(axes, row: int, finding: Finding) -> None:
    evidence = finding.verdict.evidence
    clear = finding.verdict.direction in ("up", "down")
    mark, colour, size = CLEAR_MARKS[finding.verdict.polarity] if clear else NO_CLEAR_CHANGE
    low, high = max(evidence.lower, LEAST_RATIO_SHOWN), min(evidence.upper, MOST_RATIO_SHOWN)
    axes.plot([low, high], [row, row], color=colour, linewidth=2.4, solid_capstyle="butt")
    for cut, at, marker in ((evidence.lower < low, low, "<"), (evidence.upper > high, high, ">")):
        if cut:
            axes.plot([at], [row], marker=marker, color=colour, markersize=7, clip_on=False)
    at = min(max(evidence.effect, LEAST_RATIO_SHOWN), MOST_RATIO_SHOWN)
    axes.plot([at], [row], mark, color=colour, markersize=size)


def _finish_ratio_axis(axes, rows: int) -> None:
    axes.axvline(1, color=MUTED, linewidth=1)
    axes.set_xscale("log")
    axes.set(xlim=(LEAST_RATIO_SHOWN, MOST_RATIO_SHOWN), ylim=(-0.6, rows - 0.4), xlabel="", ylabel="")
    axes.set_xticks([0.25, 0.5, 1, 2, 4], ["a quarter", "half", "the same", "double", "four times"])
    axes.minorticks_off()
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")


def _describe_changes(findings: Sequence[Finding]) -> str:
    groups = {
        "clear rises": [f for f in findings if f.verdict.direction == "up"],
        "clear falls": [f for f in findings if f.verdict.direction == "down"],
        "no clear change": [f for f in findings if f.verdict.direction == "no clear change"],
    }
    parts = [
        f"{name}: {', '.join(f'{f.indicator.short_label} ({write_ratio(f.verdict.evidence.effect)})' for f in members)}"
        for name, members in groups.items()
        if members
    ]
    text, many = "; ".join(parts), "" if len(findings) == 1 else "s"
    return (
        f"Dot chart of this year divided by last year for {len(findings)} indicator{many}. "
        + f"{text[0].upper()}{text[1:]}."
    )


def draw_wall(pairs: Sequence[tuple[Series, Finding]], caption: str) -> Exhibit:
    """Small pictures side by side, one an indicator: its quarters in time order and its verdict."""
    columns = 3
    rows = -(-len(pairs) // columns)
    with chart_style():
        figure, grid = new_figure(7.8, 1.75 * rows, nrows=rows, ncols=columns, squeeze=False)
        for axes, (series, finding) in zip(grid.flat, pairs, strict=False):
            _draw_small(axes, series, finding)
        for axes in grid.flat[len(pairs) :]:
            axes.set_visible(False)
    return Exhibit(
        title=caption,
        alt="Small line charts. " + " ".join(_describe_small(series, finding) for series, finding in pairs),
        figure=figure,
        note="Grey points are last year's quarters, blue ones this year's. Each picture has its own scale, from 0.",
        data=tabulate_quarters([series for series, _ in pairs], f"{caption}: figures"),
    )


def _draw_small(axes, series: Series, finding: Finding) -> None:
    positions, values = list(range(len(series.points))), series.values
    axes.plot(positions, values, color=FAINT, linewidth=1.5)
    colours = [THIS_YEAR if point.financial_year == series.years[-1] else LAST_YEAR for point in series.points]
    axes.scatter(positions, values, c=colours, s=18, zorder=3)
    top = max((point.value for point in series.reported), default=0) or 1
    axes.set(xticks=[], xlabel="", ylabel="", ylim=(0, 1.15 * top))
    axes.tick_params(labelsize=8)
    axes.locator_params(axis="y", nbins=3)
    axes.set_title(series.indicator.short_label, fontsize=9.5)
    axes.text(0, -0.06, write_verdict(finding), transform=axes.transAxes, fontsize=8.5, color=MUTED, va="top")


def _describe_small(series: Series, finding: Finding) -> str:
    reported = series.reported
    if not reported:
        return f"{series.indicator.short_label}: no figures."
    first, last = reported[0], reported[-1]
    return (
        f"{series.indicator.short_label}: {first.text} in {first.label}, {last.text} in {last.label}, "
        f"{write_verdict(finding).lower()}."
    )


def draw_completeness(series: Sequence[Series], caption: str) -> Exhibit:
    """Which quarters have a figure: a tile for each indicator and quarter."""
    periods = sorted({(point.financial_year, point.quarter) for one in series for point in one.points})
    with chart_style():
        figure, axes = new_figure(7.8, 1.0 + 0.23 * len(series))
        _draw_tiles(axes, [[one.of(*period) for period in periods] for one in reversed(series)])
        axes.set(xlim=(-0.5, len(periods) - 0.5), ylim=(-0.6, len(series) - 0.4))
        axes.set_xticks(range(len(periods)), [_tick(year, quarter) for year, quarter in periods])
        axes.set_yticks(range(len(series)), [one.indicator.short_label for one in reversed(series)], fontsize=8.5)
        axes.grid(False)
        axes.xaxis.tick_top()
    return Exhibit(
        title=caption,
        alt=_describe_completeness(series),
        figure=figure,
        note="A filled tile is a published figure; a ring one that is hidden, as it is small or would give a small one "
        "away; a cross one that can't be read; an empty place one that was not published.",
    )


def _draw_tiles(axes, rows: Sequence[Sequence[Point | None]]) -> None:
    """The tiles of one kind in one stroke: a stroke for each tile took a second."""
    places: dict[str, list[tuple[int, int]]] = {}
    for row, points in enumerate(rows):
        for column, point in enumerate(points):
            places.setdefault(point.status if point else "not_available", []).append((column, row))
    places.pop("not_available", None)
    for status, tiles in places.items():
        marker, fill, edge = TILES.get(status, HIDDEN_TILE)
        axes.scatter(*zip(*tiles, strict=True), marker=marker, s=62, facecolors=fill, edgecolors=edge)


def _tick(year: str, quarter: int) -> str:
    return f"Q{quarter}\n{display_year(year)}" if quarter == QUARTERS[0] else f"Q{quarter}"


def _describe_completeness(series: Sequence[Series]) -> str:
    total = sum(len(one.points) for one in series)
    reported = sum(len(one.reported) for one in series)
    gaps = [one.indicator.short_label for one in series if len(one.reported) < len(one.points)]
    return (
        f"Tile chart: {reported} of {total} quarterly figures are shown. "
        f"Not complete: {', '.join(gaps) if gaps else 'none'}."
    )
