"""Harm instead of numbers, and did an action move it. In: counts with weights; counts before and after. Out: estimates.

A severity score weighs each offence by a declared weight (the ONS publishes one list, Cambridge another): a weight is a
judgement, so its range can be carried along, and none ships: an area's crimes are weighed only with the user's own
file. Weighted displacement difference: Wheeler and Ratcliffe 2018.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from swp_analysis.analysis.areas.series import list_reported, require_area
from swp_analysis.analysis.rates import (
    CONFIDENCE,
    Numbers,
    read_counts,
    read_numbers,
    read_sizes,
    t_quantile,
    two_sided_p,
)
from swp_analysis.catalogue.periods import require_financial_year
from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.layouts import read_tables
from swp_analysis.open_data.offences import find_offence
from swp_analysis.open_data.reader import OpenData

SPREAD_OF_EVEN = sqrt(12)
KEYS = ["period_end", "source", "edition"]


@dataclass(frozen=True)
class Severity:
    """Harm of an area: `total` weight, `per_head`, and the 95% range of `total` from the counts alone (`lower`,
    `upper`) and with the ranges of the weights (`lower_all`, `upper_all`)."""

    total: float
    per_head: float
    lower: float
    upper: float
    lower_all: float
    upper_all: float

    def __repr__(self) -> str:
        return f"Severity({self.total:,.0f} in all, {self.lower_all:,.0f} to {self.upper_all:,.0f})"


@dataclass(frozen=True)
class Displacement:
    """Cases that an action prevented (negative) or brought, beyond what the comparison area saw."""

    estimate: float
    error: float
    z: float
    p: float
    lower: float
    upper: float

    def __repr__(self) -> str:
        return f"Displacement({self.estimate:.4g}, {self.lower:.4g} to {self.upper:.4g}, p={self.p:.3g})"


@dataclass(frozen=True)
class HotSpotAccuracy:
    """Columns `pai`, `pei` and `rri` of `frame`, a row for the first areas up to each."""

    frame: pd.DataFrame

    def __repr__(self) -> str:
        return f"HotSpotAccuracy({len(self.frame)} areas, PAI of the first {self.frame['pai'].iloc[0]:.3g})"


def severity_score(
    counts: Mapping[str, float] | pd.Series,
    weights: Mapping[str, float] | pd.Series,
    population: float = 1,
    weight_ranges: Mapping[str, tuple[float, float]] | None = None,
    conf: float = CONFIDENCE,
) -> Severity:
    """Weigh the cases of each offence, and say how sure the sum is.

    Parameters
    ----------
    counts, weights : offence -> cases, offence -> weight of one case.
    weight_ranges : offence -> the least and the most that a case may weigh; any weight between is as likely.

    Raises
    ------
    ValueError
        An offence has no weight, or no count.

    >>> severity_score({"robbery": 100, "homicide": 2}, {"robbery": 746, "homicide": 7979}, 265000).per_head
    0.34172...
    """
    cases, weight = _read_cases(counts, weights)
    total, chance = float((weight * cases).sum()), float((weight**2 * cases).sum())
    spread = {str(name): (most - least) / SPREAD_OF_EVEN for name, (least, most) in (weight_ranges or {}).items()}
    judged = float((cases.mul(pd.Series(spread, dtype=float), fill_value=0).loc[cases.index] ** 2).sum())
    z = t_quantile(conf)
    reach, reach_all = z * sqrt(chance), z * sqrt(chance + judged)
    people = float(read_sizes(population, "a population"))
    return Severity(
        total, total / people, max(0, total - reach), total + reach, max(0, total - reach_all), total + reach_all
    )


def _read_cases(
    counts: Mapping[str, float] | pd.Series, weights: Mapping[str, float] | pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Cases and weights by offence, none missing."""
    cases, weight = (pd.Series(dict(each), dtype=float).rename(index=str) for each in (counts, weights))
    read_counts(cases)
    if unknown := sorted(cases.index.difference(weight.index)):
        raise ValueError(f"no weight for {', '.join(unknown)}: add one, or leave the offence out of the counts")
    if gaps := cases.index[cases.isna()].tolist():
        raise ValueError(f"no count for {', '.join(gaps)}: leave out what isn't known, and say so")
    weight = weight[cases.index]
    if not (weight >= 0).all():
        raise ValueError("a weight must be a number that is zero or more")
    return cases, weight


def weighted_displacement(
    control: Sequence[float],
    treated: Sequence[float],
    displaced_control: Sequence[float] = (0, 0),
    displaced_treated: Sequence[float] = (0, 0),
    *,
    lengths: Sequence[float] = (1, 1),
    conf: float = CONFIDENCE,
) -> Displacement:
    """Estimate what an action changed: counts before and after, in the treated and a control area, and where crime may
    have moved to from either.

    `lengths` are those of the two periods: (2, 1) when the time before was twice as long.

    >>> weighted_displacement((308, 318), (207, 110), (150, 140), (178, 157))
    Displacement(-118, -195.6 to -40.39, p=0.00288)
    """
    signs = (-1, 1, -1, 1)
    pairs = [read_counts(pair) for pair in (control, treated, displaced_control, displaced_treated)]
    spans = read_sizes(lengths, "a length of time")
    change = sum(sign * (pair[1] / spans[1] - pair[0] / spans[0]) for sign, pair in zip(signs, pairs, strict=True))
    variance = sum(float((pair / spans**2).sum()) for pair in pairs)
    return _displacement(float(change), variance, conf)


def harm_weighted_displacement(
    differences: Sequence[Displacement], weights: Numbers, conf: float = CONFIDENCE
) -> Displacement:
    """Add up displacement differences of several offences, each weighed by its harm."""
    weight = read_numbers(weights)
    total = float(sum(w * each.estimate for w, each in zip(weight, differences, strict=True)))
    variance = float(sum(w**2 * each.error**2 for w, each in zip(weight, differences, strict=True)))
    return _displacement(total, variance, conf)


def _displacement(estimate: float, variance: float, conf: float) -> Displacement:
    error, z = sqrt(variance), t_quantile(conf)
    score = estimate / error if error else float("nan")
    p = float(two_sided_p(score))
    return Displacement(estimate, error, score, p, estimate - z * error, estimate + z * error)


def score_hot_spots(observed: Numbers, predicted: Numbers, area: Numbers) -> HotSpotAccuracy:
    """Score a map of predicted hot spots: predictive accuracy and efficiency, and recapture rate (Wheeler and
    Steenbeek 2021), for the first areas by prediction up to each.

    The areas must be given with the highest prediction first.
    """
    seen, hoped, size = read_numbers(observed), read_numbers(predicted), read_sizes(area, "an area")
    share_of_area = np.cumsum(size) / size.sum()
    pai = np.cumsum(seen) / seen.sum() / share_of_area
    best = np.argsort(-seen / size, kind="stable")
    best_share = np.interp(share_of_area, np.cumsum(size[best]) / size.sum(), np.cumsum(seen[best]) / seen.sum())
    columns = {"pai": pai, "pei": pai / (best_share / share_of_area), "rri": np.cumsum(hoped) / np.cumsum(seen)}
    return HotSpotAccuracy(pd.DataFrame(columns))


# An area's crimes by the user's own weights


def read_weights(path: Path) -> dict[str, float]:
    """Read the weight by offence code from a CSV or workbook with the columns `offence_code` and `weight`.

    Raises
    ------
    InputError
        When the columns are missing or a weight is no number above zero.
    """
    if not path.is_file():
        raise InputError(f"There is no weights file {path.name}; give a CSV with the columns offence_code and weight.")
    table = next(read_tables(path, ["harm_weights"]), None)
    if table is None:
        raise InputError(f"{path.name}, row 1: the columns offence_code and weight are needed.")
    frame = table.frame[table.frame["code"] != ""]
    weights = pd.to_numeric(frame["weight"].str.replace(",", ""), errors="coerce")
    if wrong := frame["row"][weights.isna()].tolist():
        raise InputError(f"{path.name}, row {wrong[0]}: the weight is no number; write it like 746 or 2.5.")
    return dict(zip(frame["code"], weights.astype(float), strict=True))


def weigh_harm(
    data: OpenData, area: Area, weights: Path, year: str = ""
) -> tuple[pd.DataFrame, Severity, float, pd.Series]:
    """Weigh the crimes of a year by offence code.

    Returns
    -------
    A row an offence group with `count`, `weight` and the share of each; the severity; the share of the crimes that has
    a weight; and the last of the quarters.

    Raises
    ------
    InputError
        When the weights can't be read, or no table has the area's crimes by offence code.
    """
    require_area(area)
    weight_of = read_weights(weights)
    quarters = _find_quarters(data, area, year)
    by_code = _count_codes(data, area, quarters)
    known = by_code[by_code["offence_code"].isin(list(weight_of)) & (by_code["count"] > 0)]
    harm = known["count"] * known["offence_code"].astype(str).map(weight_of).astype(float)
    frame = known.assign(weight=harm).groupby("offence_group", observed=True)[["count", "weight"]].sum()
    shares = frame / frame.sum()
    frame = frame.assign(count_share=shares["count"], harm_share=shares["weight"])
    counts = known.set_index("offence_code")["count"]
    covered = float(counts.sum() / by_code["count"].clip(lower=0).sum())
    severity = severity_score({str(code): float(n) for code, n in counts.items()}, weight_of)
    frame = frame.sort_values("harm_share", ascending=False).reset_index()
    return frame, severity, covered, quarters.iloc[-1]


def _find_quarters(data: OpenData, area: Area, year: str) -> pd.DataFrame:
    """The four quarters of the year, or the newest four, that a table has by offence code."""
    known = list_reported(data, area, "total", "quarter")
    quarters = known[known["financial_year"] == require_financial_year(year)] if year else known.tail(4)
    if len(quarters) < 4:
        raise InputError(
            f"Harm needs crimes by offence code, and no table here has a year of them for {area.name}; swp fetch crime "
            "brings them."
        )
    return quarters


def _count_codes(data: OpenData, area: Area, quarters: pd.DataFrame) -> pd.DataFrame:
    """Crimes of the quarters by offence code, each from its best edition, without fraud."""
    rows = data.crime_of(area)
    own = rows[(rows["offence_code"] != "") & find_offence("total").rows_of(rows)]
    chosen = own.astype({name: str for name in KEYS}).merge(quarters[KEYS], on=KEYS)
    return chosen.groupby(["offence_group", "offence_code"], observed=True)["count"].sum().reset_index()
