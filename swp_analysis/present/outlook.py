"""Where a year that isn't over may end, and how far a figure is from its aim. In: protected series, findings,
observations. Out: sentences and tables; a complete year has no outlook.
"""

from math import isnan
from typing import Any

import pandas as pd

from swp_analysis.analysis.backtest import backtest, summarise_backtest
from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.projection import Projection, project_count, project_share
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.audit.aims import aimed_direction, measure_distance
from swp_analysis.audit.figures import HIDDEN
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.engines.spc.signal import thresholds_table
from swp_analysis.errors import count_noun
from swp_analysis.present.exhibit import Fold, Prose, Showable
from swp_analysis.present.phrases import say, write_value
from swp_analysis.present.series import Point, Series
from swp_analysis.present.table import Table
from swp_analysis.present.words import describe_finding


def project_year(series: Series, financial_year: str) -> Projection | None:
    """Give the year's end after one to three published quarters of a flow or of a rate with known n and N, else None.

    A hidden quarter is not guessed at, and a year whose last quarter is known is over: then there is no projection.
    """
    indicator = series.indicator
    year = [series.of(financial_year, quarter) for quarter in QUARTERS]
    reported = [point for point in year if point and point.status == "reported"]
    hidden = [point for point in series.points if point.status in HIDDEN]
    if indicator.kind == "stock" or hidden or not reported or reported[-1].quarter == QUARTERS[-1]:
        return None
    aim = indicator.target.get(financial_year)
    settings: dict[str, Any] = {"target": aim, "good_direction": aimed_direction(indicator)}
    earlier = [[series.of(y, quarter) for quarter in QUARTERS] for y in series.years if y < financial_year]
    if indicator.kind == "flow":
        return project_count(_figures(year, "value"), [_figures(one, "value") for one in earlier], **settings)
    if any(isnan(point.denominator) or isnan(point.numerator) for point in reported):
        return None
    sizes = [_figures(one, "denominator") for one in earlier]
    return project_share(_figures(year, "numerator"), _figures(year, "denominator"), sizes, **settings)


def write_outlook(projection: Projection, finding: Finding) -> str:
    """Write one sentence on where the year may end, and one on the chance of meeting the target if there is one."""
    months = {"known": quarters_in_words(projection.quarters_known), "middle": projection.median}
    ends = {name: getattr(projection, name) for name in ("lower80", "upper80", "lower95", "upper95")}
    # A target that only repeats a printed baseline, without the figures it was made of, may measure something else.
    doubtful = finding.before is None and projection.target == finding.baseline
    chance = "" if projection.chance is None else "outlook.doubtful" if doubtful else "outlook.chance"
    target = {"target": projection.target, "chance": projection.chance}
    return say("outlook.end", chance, **describe_finding(finding) | months | ends | target)


def hold_against_aim(series: Series, finding: Finding) -> tuple[str, bool | None]:
    """Write the year's figure and how far it is from its aim, or why that can't be said; "" without an aim.

    Tells beside it whether the aim was reached: None where there is no aim, no figure, or no way that is good.
    """
    indicator = finding.indicator
    aim = indicator.target.get(finding.financial_year)
    if aim is None:
        return "", None
    value, when = _read_result(series, finding)
    figures = describe_finding(finding) | {"aim": aim, "when": when, "result": value}
    if value is None:
        return say("aim.no figure", **figures), None
    good = aimed_direction(indicator)
    if good == "neutral":
        return say("aim.undecided", **figures | {"when": when.removeprefix(" in ") or "the year"}), None
    distance = write_distance(value, aim, indicator.unit, at_least=good == "higher")
    same_basis = finding.before is not None or aim != finding.baseline
    said = say("aim.held" if same_basis else "aim.doubtful", **figures, distance=distance)
    return said, measure_distance(value, aim, at_least=good == "higher") <= 0


def _read_result(series: Series, finding: Finding) -> tuple[float | None, str]:
    """What is held against an aim, and of which part of the year it is; without a figure the reason."""
    if finding.whole is not None:
        return finding.whole, ""
    if finding.indicator.kind == "flow":
        return None, "not all four quarters have a figure"
    known = [point for point in series.reported if point.financial_year == finding.financial_year]
    return (known[-1].value, f" in Q{known[-1].quarter}") if known else (None, "no quarter has a figure")


def write_distance(value: float, aim: float, unit: str, *, at_least: bool) -> str:
    """Write how far a figure is from its aim, as `4.7 points over the aim of 25.6%`.

    >>> write_distance(37, 40, "percent", at_least=True), write_distance(7, 7, "days", at_least=False)
    ('3 points short of the aim of 40%', 'reaching the aim of 7 days')
    """
    named = f"{aim:g} {unit}" if unit not in ("count", "percent") else write_value(aim, unit)
    left = measure_distance(value, aim, at_least=at_least)
    size = count_noun(left, "point") if unit == "percent" else f"{left:,g}{'' if unit == 'count' else f' {unit}'}"
    return say("aim.reached" if left <= 0 else "aim.missed", aim=named, left=size, short=at_least)


def tabulate_backtest(observations: pd.DataFrame, catalogue: Catalogue) -> Showable:
    """Say how year-end projections would have done in the complete years, against two simple forecasts."""
    flows = [name for name, indicator in catalogue.indicators.items() if indicator.kind == "flow"]
    past = observations[observations["indicator"].isin(flows) & (observations["status"] == "reported")]
    rows = backtest(past[["indicator", "financial_year", "quarter", "value"]])
    if rows.empty:
        return Prose("There are not yet two complete years of any count, so a projection can't be put to the test.")
    table = Table.described("backtest", summarise_backtest(rows).itertuples(index=False))
    return Fold(table.caption, table)


def tabulate_thresholds() -> Table:
    """Tabulate the rules, constants and thresholds of the charts and of the projection, each with its source."""
    return Table.described("thresholds", thresholds_table().itertuples(index=False))


def _figures(points: list[Point | None], name: str) -> list[float | None]:
    return [getattr(point, name) if point and point.status == "reported" else None for point in points]
