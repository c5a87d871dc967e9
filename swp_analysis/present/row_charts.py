"""Charts of named rows, each a mark with its range: two years' counts and percentages, places of candidates. In: rows
and the scale below them; findings; a ranking. Out: figures for a page and for a phone; `Exhibit`s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import ceil, inf
from textwrap import wrap
from typing import TYPE_CHECKING

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.priorities import TOP, Ranking
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present import chart_style as style
from swp_analysis.present.exhibit import Exhibit, show_chart
from swp_analysis.present.finding_tables import tabulate_findings
from swp_analysis.present.phrases import read_phrases, say, write_chance, write_value
from swp_analysis.present.priority_tables import tabulate_places
from swp_analysis.present.priority_words import name_candidates
from swp_analysis.present.words import describe_finding, is_clear, name_compared, write_group_headline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR = "bar"
MOST_LEFT, NAME_LINE = 3.2, 0.18  # inches that a name may take, and of each of its lines


@dataclass(frozen=True)
class Strip:
    """One row: its name, its mark between the ends of its range, and what is written at its right."""

    label: str
    at: float
    low: float
    high: float
    text: str = ""
    mark: str = "o"
    colour: str = style.LAST_YEAR
    size: float = 6
    bold: bool = False


@dataclass(frozen=True)
class Scale:
    """What the rows are drawn against.

    ticks: names by places, default matplotlib's. line: a place; band: the ends of a shaded one; above: what is written
    over either. heading: over the texts at the right.
    """

    low: float
    high: float
    ticks: Mapping[float, str] | None = None
    is_log: bool = False
    line: float | None = None
    band: tuple[float, float] | None = None
    above: str = ""
    heading: str = ""
    label: str = ""


def draw_rows(rows: Sequence[Strip], scale: Scale, *, narrow: bool) -> Figure:
    """Draw the rows from the top down, named to the left or, on a phone's picture, above, so that all is seen at
    once."""
    labels, names = [row.label for row in reversed(rows)], list((scale.ticks or {}).values())
    labels = labels if narrow else [_fold_name(label) for label in labels]
    left = 0.12 + style.widest(names[:1]) / 2 if narrow else 0.2 + style.widest(labels, 10.5, bold=True)
    right = 0.12 + max(style.widest((row.text for row in rows), 10, bold=True), style.widest([scale.heading], 10) / 2)
    top, bottom = 0.32 if scale.above or scale.heading else 0.1, 0.62 if scale.label else 0.4
    tall = style.NARROW_ROW if narrow else max(style.ROW, *(0.24 + NAME_LINE * label.count("\n") for label in labels))
    height = top + bottom + tall * len(rows)
    with style.chart_style():
        margins = style.Margins(left, max(right, style.widest(names[-1:]) / 2), top, bottom)
        figure, axes = style.new_chart(height, margins, narrow=narrow)
        _draw_scale(axes, scale, len(rows), narrow=narrow)
        for place, row in enumerate(reversed(rows)):
            _draw_row(axes, place, row, scale, narrow=narrow)
        style.label_rows(axes, labels, above=narrow, bold=[row.bold for row in reversed(rows)])
    return figure


def _fold_name(label: str) -> str:
    """The name in as many lines as keep it from taking the room of the marks."""
    lines = ceil(style.measure(label, 10.5, bold=True) / MOST_LEFT)
    return "\n".join(wrap(label, len(label) // lines + 5)) if lines > 1 else label


def _draw_scale(axes: Axes, scale: Scale, count: int, *, narrow: bool) -> None:
    if scale.is_log:
        axes.set_xscale("log")
    axes.set(xlim=(scale.low, scale.high), ylim=(-0.6, count - (0.2 if narrow else 0.4)), xlabel=scale.label, ylabel="")
    if scale.band:
        axes.axvspan(*scale.band, color="#E6EDF3", zorder=0)
    if scale.line is not None:
        axes.axvline(scale.line, color=style.ACCENT if scale.above else style.MUTED, linewidth=1)
    over = sum(scale.band) / 2 if scale.band else scale.line
    if scale.above:
        look = {"xycoords": ("data", "axes fraction"), "color": style.MUTED, "ha": "center", "va": "baseline"}
        style.write_words(axes, scale.above, (over, 1), (0, 4), **look)
    axes.figure.text(0.99, 1, scale.heading, ha="right", va="top", fontsize=10, color=style.MUTED)
    if scale.ticks:
        axes.set_xticks(list(scale.ticks), list(scale.ticks.values()))
    axes.minorticks_off()
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")


def _draw_row(axes: Axes, place: int, row: Strip, scale: Scale, *, narrow: bool) -> None:
    """The range, cut at the edge of the picture with an arrow; the mark; the text behind it."""
    low, high = max(row.low, scale.low), min(row.high, scale.high)
    if row.mark == BAR:
        axes.barh([place - 0.1 * narrow], [row.at], color=row.colour, height=0.36 if narrow else 0.6)
    line = style.ACCENT if row.mark == BAR else row.colour
    if low < high:
        axes.plot([low, high], [place, place], color=line, linewidth=2, solid_capstyle="butt")
    for cut, end, arrow in ((row.low < scale.low, low, "<"), (row.high > scale.high, high, ">")):
        if cut:
            axes.plot([end], [place], arrow, color=line, markersize=7, clip_on=False)
    if row.mark != BAR:
        axes.plot([min(max(row.at, scale.low), scale.high)], [place], row.mark, color=row.colour, markersize=row.size)
    style.write_words(axes, row.text, (1, place), (style.BESIDE, 0), xycoords=axes.get_yaxis_transform(), bold=row.bold)


LEAST_ROWS, LETTERS_ON_A_PHONE = 2, 20
# Wider ranges than this are cut at the edge of the picture, with an arrow; the table behind it has them whole.
LEAST_RATIO_SHOWN, MOST_RATIO_SHOWN = 0.25, 4.0
RATIO_NAMES = {0.25: "a quarter", 0.5: "half", 1.0: "the same", 2.0: "double", 4.0: "four times"}
SMALL_MARK: tuple[str, str, float] = ("o", style.LAST_YEAR, 5)
# As in the scorecard: what is worse, better or neither differs in shape as well as in colour.
CLEAR_MARKS: dict[str, tuple[str, str, float]] = {
    "worse": ("^", style.ACCENT, 10),
    "better": ("o", style.THIS_YEAR, 10),
    "no judgement": ("s", style.MUTED, 8),
}


def draw_changes(findings: Sequence[Finding]) -> Exhibit | None:
    """Draw every count that has a ratio of the two years, the largest rise first; None for fewer than two."""
    ratios = [one for one in findings if one.verdict.evidence.measure == "ratio" and one.verdict.evidence.effect]
    shown = [finding for finding in ratios if not finding.withheld]
    if len(shown) < LEAST_ROWS:
        return None
    found = sorted(shown, key=lambda finding: finding.verdict.evidence.effect or 0, reverse=True)
    rows = [_make_row(finding) for finding in found]
    scale = scale_ratios(rows)
    is_cut = any(row.low < scale.low or row.high > scale.high for row in rows)
    table = tabulate_findings(found, f"Counts of {name_years(shown[0])}")
    draw = partial(draw_rows, rows, scale)
    figures = {"count": len(rows), "years": name_years(shown[0])}
    note = _explain_marks(found, cut=is_cut)
    return show_chart("changes", draw, write_group_headline(shown), table, note, **figures)


def name_years(finding: Finding) -> str:
    """Name the two years of a finding: `2017/18 against 2016/17`."""
    return say("both_years", **describe_finding(finding))


def _explain_marks(found: Iterable[Finding], *, cut: bool) -> str:
    """How to read the marks that are there; the small ones need no word, where all are."""
    there = {finding.verdict.polarity for finding in found if is_clear(finding)}
    words = read_phrases()
    said = [words["ratios"], *(text for polarity, text in words["shapes"].items() if polarity in there)]
    return " ".join([*said, *([words["ratio_cut"]] if cut else [])])


def _make_row(finding: Finding) -> Strip:
    evidence, clear = finding.verdict.evidence, is_clear(finding)
    mark, colour, size = CLEAR_MARKS[finding.verdict.polarity] if clear else SMALL_MARK
    before, after = (write_value(value, finding.indicator.unit) for value in (finding.before, finding.after))
    ends = evidence.lower or LEAST_RATIO_SHOWN, evidence.upper or MOST_RATIO_SHOWN
    return Strip(name_compared(finding), evidence.effect or 1, *ends, f"{before} → {after}", mark, colour, size, clear)


def scale_ratios(rows: Sequence[Strip]) -> Scale:
    """Give as much of the scale of multiples as the ranges need, and never less than from half to double."""
    lowest, highest = min(row.low for row in rows), max(row.high for row in rows)
    low, high = max(LEAST_RATIO_SHOWN, min(0.48, 0.93 * lowest)), min(MOST_RATIO_SHOWN, max(2.1, 1.07 * highest))
    ticks = {ratio: name for ratio, name in RATIO_NAMES.items() if low <= ratio <= high}
    return Scale(low, high, ticks, is_log=True, line=1)


def scale_points(rows: Sequence[Strip]) -> Scale:
    """Give as much of the scale of percentage points as the ranges need, with the place where nothing changed."""
    low, high = min(0.0, *(row.low for row in rows)), max(0.0, *(row.high for row in rows))
    room = 0.07 * (high - low or 1.0)
    return Scale(low - room, high + room, line=0.0, label="Percentage points")


def draw_slopes(findings: Sequence[Finding]) -> Exhibit | None:
    """Draw the percentages of two years as slopes, each with both its figures; None for fewer than two."""
    shown = [f for f in findings if f.indicator.unit == "percent" and f.before is not None and f.after is not None]
    if len(shown) < LEAST_ROWS:
        return None
    years, title = name_years(shown[0]), write_group_headline(shown)
    table = tabulate_findings(shown, f"Percentages of {years}")
    return show_chart("slopes", partial(_draw_all_slopes, shown), title, table, count=len(shown), years=years)


def _draw_all_slopes(findings: Sequence[Finding], *, narrow: bool) -> Figure:
    letters = LETTERS_ON_A_PHONE if narrow else 60
    names = ["\n".join(wrap(f"{write_value(f.after, 'percent')} {name_compared(f)}", letters)) for f in findings]
    margins = style.Margins(0.7, 0.15 + style.widest(names, 10, bold=True), 0.15, 0.35)
    height = 0.8 + (0.42 if narrow else 0.24) * len(findings)
    with style.chart_style():
        figure, (axes,) = style.new_panels(style.NARROW if narrow else style.WIDE - 1.5, height, margins)
        inches = height - margins.top - margins.bottom
        slopes = [(f.before or 0, f.after or 0) for f in findings]
        every = [end for ends in slopes for end in ends]
        room = 0.15 * max(max(every) - min(every), 10)
        low, high = min(every) - room, max(every) + room
        axes.set(xlim=(0, 1), ylim=(low, high), xlabel="", ylabel="", yticks=[])
        axes.set_xticks([0, 1], [display_year(findings[0].compared_with), display_year(findings[0].financial_year)])
        axes.grid(False)
        apart = (0.36 if narrow else 0.19) * (high - low) / inches
        values = [write_value(f.before, "percent") for f in findings]
        for x, ends, texts in zip((0, 1), zip(*slopes, strict=True), (values, names), strict=True):
            look = {"ha": "left" if x else "right", "bbox": style.BACKING}
            for f, text, y in zip(findings, texts, spread(ends, apart), strict=True):
                style.write_words(axes, text, (x, y), (9 if x else -9, 0), bold=is_clear(f), **look)
        for f, ends in zip(findings, slopes, strict=True):
            colour = CLEAR_MARKS[f.verdict.polarity][1] if is_clear(f) else style.FAINT
            axes.plot([0, 1], ends, "o-", color=colour, linewidth=2, clip_on=False)
    return figure


def spread(heights: Sequence[float], least: float, top: float = inf) -> list[float]:
    """Move heights apart so that labels there don't cover each other, in their order and no further than need be: up,
    and where that would go beyond the top, down.

    >>> spread([1.0, 1.1, 5.0], 0.5)
    [1.0, 1.5, 5.0]
    >>> spread([1.0, 4.9, 5.0], 0.5, 5.0)
    [1.0, 4.5, 5.0]
    """
    places = list(heights)
    order = sorted(range(len(places)), key=lambda one: places[one])
    for below, above in pairwise(order):
        places[above] = max(places[above], places[below] + least)
    if order and places[order[-1]] > top:
        places[order[-1]] = top
        for above, below in pairwise(reversed(order)):
            places[below] = min(places[below], places[above] - least)
    return places


def draw_places(ranking: Ranking) -> Exhibit:
    """Draw every candidate's place, the range of its places, and its chance of the top five."""
    surest = max(ranking.put_forward or ranking.ranked, key=lambda entry: entry.chance_top5)
    count = len(ranking.ranked)
    title = "title" if ranking.put_forward else "none"
    figures = {"count": count, "firm": name_candidates(ranking.put_forward) or "none"}
    told = say(f"charts.places.{title}", name=surest.candidate.label, share=surest.chance_top5, **figures)
    draw = partial(draw_rows, _list_places(ranking), scale_places(count))
    note = say("places_ranked", passed=name_candidates(ranking.passed_over))
    return show_chart("places", draw, told, tabulate_places(ranking), note, **figures)


def _list_places(ranking: Ranking) -> list[Strip]:
    firm = [entry in ranking.put_forward for entry in ranking.ranked]
    return [
        Strip(entry.candidate.label, entry.rank, entry.rank_low, entry.rank_high, write_chance(entry.chance_top5),
            colour=style.THIS_YEAR if first else style.LAST_YEAR, size=9, bold=first)
        for entry, first in zip(ranking.ranked, firm, strict=True)
    ]  # fmt: skip


def scale_places(count: int) -> Scale:
    """Give the scale of so many places, the first on the left, with the first five shaded."""
    ticks = {float(place): "place 1" if place == 1 else str(place) for place in (1, TOP, *range(10, count + 1, 5))}
    return Scale(0.3, count + 0.7, ticks, band=(0.5, TOP + 0.5), above="top five", heading="in top five")
