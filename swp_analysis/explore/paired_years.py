"""Years of one series side by side, what changed from one to the next, and the newest as a rate.

In: whatever `read_series` takes. Out: years as columns; an `Exhibit`: chart, frame, sentence.
"""

from dataclasses import replace
from typing import Any

import pandas as pd

from swp_analysis.analysis.evidence import LEVEL, MUCH_SCATTER
from swp_analysis.analysis.rates import rate as work_out_rate
from swp_analysis.analysis.usual_scatter import CountComparison, ShareComparison, compare_counts, compare_shares
from swp_analysis.errors import InputError, require_number
from swp_analysis.explore.areas import count_residents
from swp_analysis.explore.line_charts import draw_lines, make_exhibit
from swp_analysis.explore.named_series import NamedSeries, read_many, read_series
from swp_analysis.explore.period_index import name_period, name_place, name_places, name_year
from swp_analysis.present.area_charts import draw_bars
from swp_analysis.present.chart_style import LAST_YEAR, THIS_YEAR
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.phrases import lower_first, say, write_day
from swp_analysis.present.row_charts import Strip, draw_rows, scale_points, scale_ratios

# The periods of a year, in their order.
PLACES = {
    "quarter": ["Q1", "Q2", "Q3", "Q4"],
    "month": "Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar".split(),
}
# What is measured, the figures of the two years, the effect with its range, and p.
Test = tuple[str, tuple[float, float], tuple[float, float, float], CountComparison | ShareComparison]
MEASURES = {"ratio": "as a multiple of", "points": "less"}
# One standard of "clear": what holds alone is an early sign, as pages say.
SIGN = "an early sign of a change"
ALONE = "Tested alone; only what holds when all indicators are tested together is “well supported”."


def tabulate_years(one: NamedSeries) -> Any:
    """Tabulate a row a period of the year, a column a year; financial years for months and quarters that start in
    April."""
    if one.freq == "year":
        return one.values.rename(name_period).to_frame("").T
    is_quarterly, periods = one.freq == "quarter", one.values.index
    places = [f"Q{period.quarter}" if is_quarterly else f"{period.start_time:%b}" for period in periods]
    table = pd.DataFrame({"place": places, "year": list(map(name_year, periods)), "value": one.values.to_numpy()})
    return (
        table.pivot(index="place", columns="year", values="value").reindex(PLACES[one.freq]).rename_axis(None, axis=1)
    )


def pair_years(one: NamedSeries) -> Any:
    """Give the newest two years over the periods that both have, a column a year; None where there are none."""
    both = tabulate_years(one).iloc[:, -2:].dropna()
    return both if both.shape[1] == 2 and len(both) else None


def add_years(one: NamedSeries, years: Any) -> list[tuple[float, str]]:
    """Give each year's figure with the name of what it is about: the sum of its periods, or where these don't add up
    the last one.

    `years`: periods of the year by years, as `tabulate_years` gives them.
    """
    known = [years[name].dropna() for name in years.columns]
    if one.adds_up:
        return [
            (float(year.sum()), name_places(list(year.index), PLACES.get(one.freq, ()), year.name)) for year in known
        ]
    return [(float(year.iloc[-1]), name_place(year.index[-1], year.name)) for year in known]


def _require_pair(one: NamedSeries) -> pd.DataFrame:
    both = pair_years(one)
    if both is None:
        raise InputError(f"{one.label}: there are no two years with the same periods to compare.")
    return both


def show_years(one: NamedSeries) -> Exhibit:
    """Draw this year's figures of a series over last year's, period by period."""
    if one.freq == "year":
        raise InputError(f"{one.label}: a figure a year has no same period last year; use trend().")
    both, table = _require_pair(one), tabulate_years(one)
    before, after = years = list(both.columns)
    newest = both.index[-1]
    was, now = both.loc[newest]
    moved = "unchanged from" if was == now else "up from" if now > was else "down from"
    words = (
        f"{one.label}: {one.write(now)} in {name_place(newest, after)}, {moved} {one.write(was)} in "
        f"the same {one.freq} a year before."
    )
    ends = [f"{one.write(table[year].dropna().iloc[-1])} in {year}" for year in years]
    figure, _ = draw_lines(table[years], ends, [LAST_YEAR, THIS_YEAR], right=1.5)
    frame = table.reset_index(names=one.freq)
    return make_exhibit(words, figure, f"{after} against {before}", frame, [one], one.unit)


def change(data: Any, *, label: str = "", unit: Any = None) -> Exhibit:
    """Test the newest year against the year before, over the periods that both have, as the headline figures are.

    Counts that add up to a year, and percentages whose numbers are known; scatter beyond chance is allowed for.

    Raises
    ------
    InputError
        For a count on a day, a percentage without its numbers, and where no two years have the same periods.
    """
    one = read_series(data, label=label, unit=unit)
    both = _require_pair(one)
    before, after = (name_places(list(both.index), PLACES.get(one.freq, ()), str(year)) for year in both.columns)
    measure, (was, now), ends, found = _test_counts(one, both) if one.adds_up else _test_shares(one, both)
    verb = "did not change:" if was == now else "rose from" if now > was else "fell from"
    chance = lower_first(say("certainty.no change", scatters=found.dispersion >= MUCH_SCATTER)).rstrip(".")
    sure = SIGN if found.p < LEVEL else "no clear change" if was == now else chance
    texts = one.write(was), one.write(now)
    words = f"{one.label} {verb} {texts[0]} in {before} {'and' if was == now else 'to'} {texts[1]} in {after}; {sure}."
    first = next(period for period in one.values.index if name_year(period) == both.columns[0])
    last = one.known.index[-1]
    days = [day.isoformat() for day in one.breaks if first.start_time.date() < day <= last.end_time.date()]
    words = " ".join(filter(None, [words, say("certainty.changed", days=list(map(write_day, days)))]))
    named = f"{after} against {before}"
    columns = ["comparison", "before", "after", measure, "lower", "upper", "p"]
    strip = Strip(named, *ends, " → ".join(texts), colour=THIS_YEAR, size=9)
    scale = scale_ratios([strip]) if measure == "ratio" else scale_points([strip])
    subtitle = f"{after} {MEASURES[measure]} {before}, with the range that fits the data (95%)"
    frame = pd.DataFrame([(named, was, now, *ends, found.p)], columns=columns)
    made = make_exhibit(words, draw_rows([strip], scale, narrow=False), subtitle, frame, [one])
    return replace(made, caveats=(*made.caveats, ALONE))


def _test_counts(one: NamedSeries, both: pd.DataFrame) -> Test:
    """Of counts, this year divided by last."""
    found = compare_counts(list(both.iloc[:, 1]), list(both.iloc[:, 0]))
    return "ratio", (found.before, found.after), (found.ratio, found.lower, found.upper), found


def _test_shares(one: NamedSeries, both: pd.DataFrame) -> Test:
    """Of percentages, the difference in points."""
    way_out = "; year_on_year() compares the newest"
    if one.is_stock:
        raise InputError(f"{one.label}: a count on a day can't be added up to a year and tested{way_out}.")
    if not one.has_numbers:
        raise InputError(f"{one.label}: only counts, and percentages whose numbers are known, can be tested{way_out}.")
    parts = [tabulate_years(replace(one, values=one.shares[name])).loc[both.index] for name in one.shares]
    before, after = ([*zip(*(part[year] for part in parts), strict=True)] for year in both.columns)
    found = compare_shares(after, before)
    was, now = (100 * sum(n for n, _ in year) / sum(whole for _, whole in year) for year in (before, after))
    return "points", (was, now), (100 * found.difference, 100 * found.lower, 100 * found.upper), found


def rate(data: Any, residents: Any, per: int = 1000) -> Exhibit:
    """Work out rates per 1,000 residents with their exact 95% range: of each series the newest year's figure.

    Parameters
    ----------
    residents : how many, or a result of `areas.population`, of its mid-years the one nearest to the figure's year.
    """
    lines = [one for one in read_many(data) if one.unit == "count" and len(one.known)]
    if not lines:
        raise InputError("A rate needs counts; these are percentages or other numbers.")
    require_number("number of residents that a rate is given per; write 1000", per, above=0)
    years = [tabulate_years(one).dropna(axis=1, how="all").iloc[:, -1:] for one in lines]
    counts, periods = zip(*(add_years(one, year)[0] for one, year in zip(lines, years, strict=True)), strict=True)
    people, told = zip(*(count_residents(residents, int(year.columns[0][:4])) for year in years), strict=True)
    frame = pd.DataFrame({"series": [one.label for one in lines], "count": counts, "period": periods})
    frame[["rate", "lower", "upper"]] = work_out_rate(frame["count"], pd.Series(people), per=per).frame.to_numpy()
    texts, low, high = ([f"{value:.3g}" for value in frame[name]] for name in ("rate", "lower", "upper"))
    ends = frame["lower"].tolist(), frame["upper"].tolist()
    figure = draw_bars(frame["series"].tolist(), frame["rate"].tolist(), texts, f"Per {per:,} residents", ends=ends)
    where = f"per {per:,} residents in {frame['period'][0]} ({low[0]} to {high[0]})"
    words, of = f"{lines[0].label}: {texts[0]} {where}.", "; ".join(dict.fromkeys(told))
    made = make_exhibit(words, figure, f"A year per {per:,} of {of}, with 95% ranges", frame, lines)
    return replace(made, caveats=[f"{one}." for one in dict.fromkeys(told)] + [*made.caveats])
