"""Two years of many indicators in one picture. In: findings. Out: `Exhibit`s: counts as multiples of the year before,
percentages as slopes.

None is drawn for a single indicator: a sentence says as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import nan
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.charts.style import (
    ACCENT,
    BACKING,
    FAINT,
    LAST_YEAR,
    MUTED,
    NARROW,
    NARROW_ROW,
    ROW,
    THIS_YEAR,
    WIDE,
    Margins,
    chart_style,
    label_rows,
    new_chart,
    widest,
)
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.finding_tables import tabulate_findings
from swp_analysis.present.headlines import spell_number, write_group_headline
from swp_analysis.present.numbers import write_value
from swp_analysis.present.words import is_clear, name_compared

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST_ROWS, LETTERS_ON_A_PHONE = 2, 20
# Wider ranges than this are cut at the edge of the picture, with an arrow; the table behind it has them whole.
LEAST_RATIO_SHOWN, MOST_RATIO_SHOWN = 0.25, 4.0
RATIO_NAMES = {0.25: "a quarter", 0.5: "half", 1: "the same", 2: "double", 4: "four times"}
HOW_TO_READ_RATIOS = "Each mark shows this year as a multiple of last year; the line is its 95% range."
SHAPES = {
    "worse": "Triangle: worse.",
    "better": "Large dot: better.",
    "no judgement": "Square: changed, neither better nor worse.",
}
ARROW_NOTE = "An arrow means the range continues off the chart."
SMALL_MARK: tuple[str, str, float] = ("o", LAST_YEAR, 5)
# As in the scorecard: what is worse, better or neither differs in shape as well as in colour.
CLEAR_MARKS: dict[str, tuple[str, str, float]] = {
    "worse": ("^", ACCENT, 10),
    "better": ("o", THIS_YEAR, 10),
    "no judgement": ("s", MUTED, 8),
}


def draw_changes(findings: Sequence[Finding]) -> Exhibit | None:
    """Draw every count that has a ratio of the two years, the largest rise first; None for fewer than two."""
    shown = [finding for finding in findings if _has_ratio(finding)]
    if len(shown) < LEAST_ROWS:
        return None
    rows = sorted(shown, key=lambda finding: finding.verdict.evidence.effect or 0)  # from the foot
    cut = any(_is_cut(finding) for finding in rows)
    title = write_group_headline(shown)
    return Exhibit(
        title=title,
        subtitle=f"{spell_number(len(rows)).capitalize()} counts: {_name_years(shown[0])}, as a multiple",
        alt=f"{title}. Dot chart of {len(rows)} indicators, this year divided by last year.",
        figure=_draw_ratios(rows, narrow=False),
        narrow=_draw_ratios(rows, narrow=True),
        note=_explain_marks(rows, cut=cut),
        data=tabulate_findings(list(reversed(rows)), f"Counts of {_name_years(shown[0])}"),
    )


def _explain_marks(rows: Sequence[Finding], *, cut: bool) -> str:
    """How to read the marks that are there; the small ones need no word, where all are."""
    there = {finding.verdict.polarity for finding in rows if is_clear(finding)}
    said = [HOW_TO_READ_RATIOS, *(words for polarity, words in SHAPES.items() if polarity in there)]
    return " ".join([*said, *([ARROW_NOTE] if cut else [])])


def _has_ratio(finding: Finding) -> bool:
    evidence = finding.verdict.evidence
    return not finding.withheld and evidence.measure == "ratio" and bool(evidence.effect)


def _name_years(finding: Finding) -> str:
    return f"{display_year(finding.financial_year)} against {display_year(finding.compared_with)}"


def _is_cut(finding: Finding) -> bool:
    evidence = finding.verdict.evidence
    return (evidence.upper or 0) > MOST_RATIO_SHOWN or (evidence.lower or 1) < LEAST_RATIO_SHOWN


def _draw_ratios(rows: Sequence[Finding], *, narrow: bool) -> Figure:
    """The marks with their labels to the left; on a narrow screen above them, so that both are seen at once."""
    labels = [name_compared(finding) for finding in rows]
    values = [_write_both(finding) for finding in rows]
    low, high = _find_range(rows)
    edge = 0.12 if low > LEAST_RATIO_SHOWN else 0.12 + widest(RATIO_NAMES.values()) / 2  # half of the first tick's name
    left = edge if narrow else 0.2 + widest(labels, 10.5, bold=True)
    margins = Margins(left, 0.12 + widest(values, 10, bold=True), 0.1, 0.4)
    height = margins.top + margins.bottom + (NARROW_ROW if narrow else ROW) * len(rows)
    with chart_style():
        figure, axes = new_chart(NARROW if narrow else WIDE, height, margins)
        axes.set_xscale("log")
        axes.set(xlim=(low, high), ylim=(-0.6, len(rows) - (0.2 if narrow else 0.4)), xlabel="", ylabel="")
        axes.axvline(1, color=MUTED, linewidth=1)
        for row, finding in enumerate(rows):
            _draw_ratio(axes, row, finding, (low, high))
            weight = "bold" if is_clear(finding) else "normal"
            place = axes.get_yaxis_transform()
            axes.text(1.015, row, values[row], transform=place, fontsize=10, fontweight=weight, va="center")
        label_rows(axes, labels, above=narrow, bold=[is_clear(finding) for finding in rows])
        shown = [ratio for ratio in RATIO_NAMES if low <= ratio <= high]
        axes.set_xticks(shown, [RATIO_NAMES[ratio] for ratio in shown])
        axes.minorticks_off()
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
    return figure


def _write_both(finding: Finding) -> str:
    before, after = (write_value(value, finding.indicator.unit) for value in (finding.before, finding.after))
    return f"{before} → {after}"


def _find_range(rows: Sequence[Finding]) -> tuple[float, float]:
    """As much of the scale as the ranges need, and never less than from half to double."""
    evidence = [finding.verdict.evidence for finding in rows]
    lowest, highest = min(one.lower or 1 for one in evidence), max(one.upper or 1 for one in evidence)
    return max(LEAST_RATIO_SHOWN, min(0.48, 0.93 * lowest)), min(MOST_RATIO_SHOWN, max(2.1, 1.07 * highest))


def _draw_ratio(axes: Axes, row: int, finding: Finding, ends: tuple[float, float]) -> None:
    evidence = finding.verdict.evidence
    mark, colour, size = CLEAR_MARKS[finding.verdict.polarity] if is_clear(finding) else SMALL_MARK
    lower, upper, effect = evidence.lower or ends[0], evidence.upper or ends[1], evidence.effect or 1
    low, high = max(lower, ends[0]), min(upper, ends[1])
    axes.plot([low, high], [row, row], color=colour, linewidth=2, solid_capstyle="butt")
    for cut, end, arrow in ((lower < ends[0], low, "<"), (upper > ends[1], high, ">")):
        if cut:
            axes.plot([end], [row], arrow, color=colour, markersize=7, clip_on=False)
    axes.plot([min(max(effect, ends[0]), ends[1])], [row], mark, color=colour, markersize=size)


def draw_slopes(findings: Sequence[Finding]) -> Exhibit | None:
    """Draw the percentages of two years as slopes, each with both its figures; None for fewer than two."""
    shown = [f for f in findings if f.indicator.unit == "percent" and f.before is not None and f.after is not None]
    if len(shown) < LEAST_ROWS:
        return None
    return Exhibit(
        title=write_group_headline(shown),
        subtitle=f"Per cent, {_name_years(shown[0])}",
        alt=f"{write_group_headline(shown)}. Slope chart of {len(shown)} percentages in two years.",
        figure=_draw_all_slopes(shown, narrow=False),
        narrow=_draw_all_slopes(shown, narrow=True),
        data=tabulate_findings(shown, f"Percentages of {_name_years(shown[0])}"),
    )


def _draw_all_slopes(findings: Sequence[Finding], *, narrow: bool) -> Figure:
    letters = LETTERS_ON_A_PHONE if narrow else 60
    names = ["\n".join(wrap(f"{write_value(f.after, 'percent')} {name_compared(f)}", letters)) for f in findings]
    margins = Margins(0.7, 0.15 + widest(names, 10, bold=True), 0.15, 0.35)
    height = 0.8 + (0.42 if narrow else 0.24) * len(findings)
    with chart_style():
        figure, axes = new_chart(NARROW if narrow else WIDE - 1.5, height, margins)
        inches = height - margins.top - margins.bottom
        every = [end for f in findings for end in (f.before or 0, f.after or 0)]
        room = 0.15 * max(max(every) - min(every), 10)
        low, high = min(every) - room, max(every) + room
        axes.set(xlim=(0, 1), ylim=(low, high), xlabel="", ylabel="", yticks=[])
        axes.set_xticks([0, 1], [display_year(findings[0].compared_with), display_year(findings[0].financial_year)])
        axes.grid(False)
        for side, ends in (("left", [f.before or 0 for f in findings]), ("right", [f.after or 0 for f in findings])):
            heights = spread(ends, (0.36 if narrow else 0.19) * (high - low) / inches)
            for finding, height, name in zip(findings, heights, names, strict=True):
                _write_end(axes, side, height, finding, name)
        for finding in findings:
            colour = _slope_colour(finding)
            line = [nan if end is None else end for end in (finding.before, finding.after)]
            axes.plot([0, 1], line, "o-", color=colour, linewidth=2, clip_on=False)
    return figure


def spread(heights: Sequence[float], least: float) -> list[float]:
    """Move heights apart so that labels there don't cover each other, in their order and no further than need be.

    >>> spread([1.0, 1.1, 5.0], 0.5)
    [1.0, 1.5, 5.0]
    """
    places = list(heights)
    order = sorted(range(len(places)), key=lambda one: places[one])
    for below, above in pairwise(order):
        places[above] = max(places[above], places[below] + least)
    return places


def _slope_colour(finding: Finding) -> str:
    return CLEAR_MARKS[finding.verdict.polarity][1] if is_clear(finding) else FAINT


def _write_end(axes: Axes, side: str, height: float, finding: Finding, name: str) -> None:
    look: dict[str, Any] = {"fontsize": 10, "va": "center", "bbox": BACKING, "annotation_clip": False}
    look |= {"textcoords": "offset points", "fontweight": "bold" if is_clear(finding) else "normal"}
    if side == "left":
        axes.annotate(write_value(finding.before, "percent"), (0, height), (-9, 0), ha="right", **look)
    else:
        axes.annotate(name, (1, height), (9, 0), ha="left", **look)
