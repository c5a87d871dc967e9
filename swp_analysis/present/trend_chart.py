"""One indicator's quarters in time order, with what their number allows.

In: a protected `Series`. Out: a `Exhibit`. A missing quarter breaks the line, a suppressed one is a band; the note
names the rung of the ladder and each dated decision that starts a new level.
"""

from __future__ import annotations

from swp_analysis.catalogue.periods import display_year
from swp_analysis.engines.spc.ladder import Rebase
from swp_analysis.engines.spc.signal import Signal
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.icons import VARIATION_WORDS
from swp_analysis.present.marks import describe_series, find_headroom, mark_point
from swp_analysis.present.series import Point, Series
from swp_analysis.present.style import LAST_YEAR, MUTED, THIS_YEAR, chart_style, new_figure


def draw_trend(series: Series) -> Exhibit:
    """The quarters in time order, with average, limits and rules as far as the ladder lets them be drawn."""
    with chart_style():
        figure, axes = new_figure(7.8, 3.1)
        _draw_quarters(axes, series)
        _draw_limits(axes, series.signal)
    return Exhibit(
        title=f"{series.indicator.label} over time",
        alt=f"Line chart. {describe_series(series)} Latest quarter: {VARIATION_WORDS[series.signal.variation]}.",
        figure=figure,
        note=describe_rung(series),
    )


def _draw_quarters(axes, series: Series) -> None:
    positions, values = list(range(len(series.points))), series.values
    axes.plot(positions, values, color=LAST_YEAR, linewidth=1.5)
    colours = [THIS_YEAR if point.financial_year == series.years[-1] else LAST_YEAR for point in series.points]
    axes.scatter(positions, values, c=colours, s=46, zorder=3)
    for position, point in zip(positions, series.points, strict=True):
        mark_point(axes, position, point, colours[position])
    axes.set(xticks=positions, xlim=(-0.6, len(positions) - 0.4), ylim=(0, find_headroom(series)), xlabel="", ylabel="")
    axes.set_xticklabels([_tick(point) for point in series.points])
    axes.locator_params(axis="y", integer=True, nbins=5)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_title("Per cent of each quarter" if series.indicator.unit == "percent" else "Number in each quarter")


def _tick(point: Point) -> str:
    year = f"\n{display_year(point.financial_year)}" if point.quarter == 1 else ""
    return f"Q{point.quarter}{year}"


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


def describe_rung(series: Series) -> str:
    """What the points of the latest level allow, what the latest one shows, and who decided on a new level."""
    signal = series.signal
    start = max((entry.position for entry in series.rebases), default=0)
    points = sum(point.status == "reported" for point in series.points[start:])
    said = [f"{points} points. {signal.rung.label}."]
    if signal.rung.has_limits and not signal.rare:
        said.append(f"Latest quarter: {VARIATION_WORDS[signal.variation]}.")
    return " ".join([*said, *(_describe_rebase(series, entry) for entry in series.rebases)])


def _describe_rebase(series: Series, entry: Rebase) -> str:
    start = series.points[entry.position].label
    return f"New level since {start}: {entry.reason} (entered by {entry.name} on {entry.entered})."
