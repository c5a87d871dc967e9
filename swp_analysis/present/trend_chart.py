"""One indicator's picture: its quarters in time order, and the two years side by side.

In: a protected `Series` and its `Finding`. Out: a `Picture`. A missing quarter breaks the line, a suppressed one is
a band, and the note prints what the number of points allows.
"""

from __future__ import annotations

from collections.abc import Sequence

from swp_analysis.analysis.findings import Finding, quarters_in_words
from swp_analysis.analysis.signal import Signal
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import write_value
from swp_analysis.present.pictures import Picture
from swp_analysis.present.series import Point, Series, tabulate_series, unbroken_runs
from swp_analysis.present.style import LAST_YEAR, MUTED, THIS_YEAR, chart_style, new_figure, write_above, write_svg
from swp_analysis.present.words import write_verdict


def draw_trend(series: Series, finding: Finding, breaks: Sequence[str] = ()) -> Picture:
    """The quarters in time order with the limits that their number allows, and the two years side by side.

    `breaks` are the notes of recording changes that fall inside the series.
    """
    signal = series.signal
    with chart_style():
        figure, (line, bars) = new_figure(7.8, 3.3, ncols=2, width_ratios=[3.4, 1])
        _draw_quarters(line, series)
        _draw_limits(line, signal)
        _draw_years(bars, finding)
        svg = write_svg(figure)
    return Picture(
        caption=f"{series.indicator.label}, quarter by quarter",
        alt=f"{_describe_series(series)} {_describe_years(finding)}",
        svg=svg,
        note=" ".join([_describe_rung(series, signal), *breaks]),
        data=tabulate_series(series),
    )


def _draw_quarters(axes, series: Series) -> None:
    import seaborn as sns

    positions, values = list(range(len(series.points))), series.values
    runs = unbroken_runs(values)
    sns.lineplot(
        x=positions, y=values, units=runs, estimator=None, errorbar=None, ax=axes, color=LAST_YEAR, linewidth=1.5
    )
    colours = [THIS_YEAR if point.financial_year == series.years[-1] else LAST_YEAR for point in series.points]
    axes.scatter(positions, values, c=colours, s=46, zorder=3)
    for position, point in zip(positions, series.points, strict=True):
        _label_point(axes, position, point, colours[position])
    axes.set(xticks=positions, xlim=(-0.6, len(positions) - 0.4), ylim=(0, _headroom(series)), xlabel="", ylabel="")
    axes.set_xticklabels([_tick(point) for point in series.points])
    axes.locator_params(axis="y", integer=True, nbins=5)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_title("Per cent of each quarter" if series.indicator.unit == "percent" else "Number in each quarter")


def _label_point(axes, position: int, point: Point, colour: str) -> None:
    if point.status == "reported":
        write_above(axes, write_value(point.value, point.unit), position, point.value, color=colour, fontweight="bold")
    elif point.status == "suppressed":
        axes.plot([position, position], [point.lower, point.upper], color=colour, linewidth=9, alpha=0.45)
        write_above(axes, point.text, position, point.upper)
    else:
        missing = "not known" if point.status == "not_available" else point.text
        write_above(axes, missing, position, 0, rotation=90, color=MUTED, fontsize=9)


def _tick(point: Point) -> str:
    year = f"\n{display_year(point.financial_year)}" if point.quarter == 1 else ""
    return f"Q{point.quarter}{year}"


def _headroom(series: Series) -> float:
    tops = [point.value for point in series.reported] + [point.upper for point in series.points if point.upper > 0]
    return 1.25 * max([*tops, 1])


def _draw_limits(axes, signal: Signal) -> None:
    if not signal.rung.has_limits or signal.rare:
        return
    points, last = signal.points, len(signal.points) - 1
    limit = "trial limit" if signal.rung.name == "trial_limits" else "limit"
    for column, name in (("centre", "average"), ("lower_shown", limit), ("upper_shown", limit)):
        style = "-" if column == "centre" else (0, (4, 3))
        axes.plot(range(last + 1), points[column], color=MUTED, linewidth=1, linestyle=style, zorder=1)
        axes.annotate(name, (last + 0.25, points[column].iloc[-1]), va="center", fontsize=8.5, color=MUTED)
    axes.set_xlim(-0.6, last + 1.3)
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.08 * points["upper_shown"].max()))


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
        write_above(axes, write_value(value, finding.indicator.unit), position, value, fontsize=11, fontweight="bold")
    axes.set(xlabel="", ylabel="", ylim=(0, 1.2 * max([*values, 1])))


def _span_of(finding: Finding) -> str:
    return "Year" if finding.quarters in ((), (1, 2, 3, 4)) else quarters_in_words(finding.quarters)


def _describe_rung(series: Series, signal: Signal) -> str:
    return f"{len(series.reported)} points. {signal.rung.label}."


def _describe_series(series: Series) -> str:
    shown = ", ".join(f"{point.label} {_spoken(point)}" for point in series.points)
    return f"Line chart of {series.indicator.label}: {shown}."


def _spoken(point: Point) -> str:
    return {"not_available": "not known"}.get(point.status, point.text)


def _describe_years(finding: Finding) -> str:
    if finding.before is None or finding.after is None:
        return f"The years can't be compared here: {write_verdict(finding).lower()}."
    unit = finding.indicator.unit
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    years = display_year(finding.compared_with), display_year(finding.financial_year)
    span = "the year" if _span_of(finding) == "Year" else _span_of(finding)
    return f"Bars for {span}: {years[0]} {before}, {years[1]} {after}. Verdict: {write_verdict(finding).lower()}."
