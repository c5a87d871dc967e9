"""This year against last, quarter by quarter, and the year's change with its 95% range.

In: a protected `Series` and its `Finding`. Out: a `Exhibit` that says what the sentence says. The bar on the right
that spans last year's level, drawn as a dashed line, is no clear change.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from operator import le, lt

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.marks import describe_series, find_headroom, mark_point
from swp_analysis.present.numbers import write_interval, write_value
from swp_analysis.present.series import Series, tabulate_series
from swp_analysis.present.style import (
    BACKING,
    LAST_YEAR,
    MUTED,
    THIS_YEAR,
    chart_style,
    new_figure,
    write_above,
)
from swp_analysis.present.trend_chart import describe_rung
from swp_analysis.present.words import write_verdict

# A range that goes further up than this is cut at the edge; the sentence has it whole.
HIGHEST_RATIO_DRAWN = 4.0
RANGE_NOTE = (
    "Dashed: last year's level. Black: the 95% range of the change; where it crosses the dashes, no clear change."
)
INSIDE = {"color": "white", "fontweight": "bold", "fontsize": 11, "va": "center", "bbox": None, "xytext": (0, 0)}
QUARTER_NAMES = ["Q1\nApr–Jun", "Q2\nJul–Sep", "Q3\nOct–Dec", "Q4\nJan–Mar"]


def draw_year_on_year(series: Series, finding: Finding, breaks: Sequence[str] = ()) -> Exhibit:
    """The two years' quarters as two lines, and the years themselves as bars with the range of the change.

    `breaks` are the notes of recording changes that fall inside the series.
    """
    with chart_style():
        figure, (lines, bars) = new_figure(7.8, 3.3, ncols=2, width_ratios=[3, 1.15])
        _draw_quarters(lines, series, finding)
        _draw_years(bars, finding)
        if series.indicator.unit == "percent":
            _share_scale(lines, bars)
    return Exhibit(
        title=f"{series.indicator.label}, this year against last",
        alt=f"Two lines by quarter. {describe_series(series)} {_describe_years(finding)}",
        figure=figure,
        note=" ".join([*([RANGE_NOTE] if _range_of_year(finding) else []), describe_rung(series), *breaks]),
        data=tabulate_series(series),
    )


def _draw_quarters(axes, series: Series, finding: Finding) -> None:
    years = finding.compared_with, finding.financial_year
    values = {year: _values(series, year) for year in years}
    for year, other, colour, line in ((*years, LAST_YEAR, "--"), (*reversed(years), THIS_YEAR, "-")):
        # Of two equal figures last year's stands below, so that neither covers the other.
        lower = le if year == finding.compared_with else lt
        below = [lower(value, beside) for value, beside in zip(values[year], values[other], strict=True)]
        _draw_year_line(axes, values[year], colour, line)
        _mark_year(axes, series, year, colour, below)
    axes.set(xticks=QUARTERS, xlim=(0.7, 4.95), ylim=(0, find_headroom(series)), xlabel="", ylabel="")
    axes.set_xticklabels(QUARTER_NAMES)
    axes.locator_params(axis="y", integer=True, nbins=5)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_title("Per cent of each quarter" if series.indicator.unit == "percent" else "Number in each quarter")


def _values(series: Series, year: str) -> list[float]:
    points = [series.of(year, quarter) for quarter in QUARTERS]
    return [point.value if point and point.status == "reported" else nan for point in points]


def _draw_year_line(axes, values: list[float], colour: str, line: str) -> None:
    axes.plot(QUARTERS, values, color=colour, linestyle=line, linewidth=1.8)
    axes.scatter(QUARTERS, values, color=colour, s=46, zorder=3)


def _mark_year(axes, series: Series, year: str, colour: str, below: list[bool]) -> None:
    """The figures at their points, the lower of two below its point, and the year's name at its last one."""
    last = None
    for quarter, under in zip(QUARTERS, below, strict=True):
        point = series.of(year, quarter)
        if point:
            mark_point(axes, quarter, point, colour, below=under)
            last = (quarter, point.value, under) if point.status == "reported" else last
    if last:
        offset = (22, -6 if last[2] else 6)  # clear of the figure at the point
        name = {"va": "center", "fontsize": 10, "color": colour, "textcoords": "offset points", "bbox": BACKING}
        axes.annotate(display_year(year), last[:2], offset, **name)


def _draw_years(axes, finding: Finding) -> None:
    axes.set_title(f"{_span_of(finding)}, total" if finding.indicator.kind == "flow" else _span_of(finding))
    axes.grid(False)
    axes.set_yticks([])
    if finding.before is None or finding.after is None:
        axes.set_xticks([])
        words = "withheld" if finding.withheld else "can't be\ncompared"
        axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes, color=MUTED)
        return
    import seaborn as sns

    years = [display_year(finding.compared_with), display_year(finding.financial_year)]
    values = [finding.before, finding.after]
    colours = [LAST_YEAR, THIS_YEAR]
    sns.barplot(x=years, y=values, hue=years, palette=colours, ax=axes, errorbar=None, legend=False, width=0.7)
    for position, value in enumerate(values):
        write_above(axes, write_value(value, finding.indicator.unit), position, value / 2, **INSIDE)
    top = _draw_range(axes, finding)
    axes.set(xlabel="", ylabel="", ylim=(0, 1.08 * max([*values, top, 1])))


def _share_scale(lines, bars) -> None:
    """A year's percentage is read on the axis of its quarters; a total has no axis in common with them."""
    top = max(lines.get_ylim()[1], bars.get_ylim()[1])
    lines.set_ylim(0, top)
    bars.set_ylim(0, top)


def _draw_range(axes, finding: Finding) -> float:
    """Last year's level as a dashed line, and where this year's would lie by the range of the change; its upper end."""
    ends = _range_of_year(finding)
    if ends is None:
        return 0.0
    axes.plot([-0.35, 1.45], [finding.before] * 2, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=3)
    # White beneath, so that the black shows on the dark bar too.
    axes.plot([1, 1], ends, color="white", linewidth=6, zorder=4)
    axes.plot([1, 1], ends, color="black", linewidth=2, zorder=5)
    return ends[1]


def _range_of_year(finding: Finding) -> tuple[float, float] | None:
    evidence = finding.verdict.evidence
    if evidence.lower is None or evidence.upper is None or not finding.before:
        return None
    if evidence.measure == "points":
        return max(0.0, finding.before + evidence.lower), finding.before + evidence.upper
    highest = min(evidence.upper, HIGHEST_RATIO_DRAWN)
    return finding.before * evidence.lower, finding.before * highest


def _span_of(finding: Finding) -> str:
    return "Year" if finding.quarters in ((), (1, 2, 3, 4)) else quarters_in_words(finding.quarters)


def _describe_years(finding: Finding) -> str:
    if finding.before is None or finding.after is None:
        return f"The years can't be compared here: {write_verdict(finding).lower()}."
    unit = finding.indicator.unit
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    years = display_year(finding.compared_with), display_year(finding.financial_year)
    span = "the year" if _span_of(finding) == "Year" else _span_of(finding)
    bars = f"Bars for {span}: {years[0]} {before}, {years[1]} {after}."
    return f"{bars} {_speak_range(finding)}Verdict: {write_verdict(finding).lower()}."


def _speak_range(finding: Finding) -> str:
    evidence = finding.verdict.evidence
    if evidence.lower is None or evidence.upper is None:
        return ""
    return f"95% range of the change: {write_interval(evidence.lower, evidence.upper, evidence.measure)}. "
