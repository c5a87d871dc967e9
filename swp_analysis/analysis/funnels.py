"""Which areas stand out from an average by more than chance. In: counts and sizes. Out: limits, labels, scatter.

Limits of Public Health England and of Spiegelhalter; with many areas, real differences between them are wider than
chance, so `funnel` widens its limits by the scatter between the areas (random effects) unless told not to.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from swp_analysis.analysis.rates import (
    PER,
    Estimate,
    Numbers,
    count_interval,
    estimate,
    index_of,
    read_counts,
    read_numbers,
    read_parts,
    read_sizes,
    t_quantile,
)

INNER, OUTER = 0.95, 0.998
TRIM = 0.1
FunnelKind = Literal["rate", "share"]
ScatterKind = Literal["ratio of counts", "standardised ratio", "square root", "share"]


@dataclass(frozen=True)
class Scatter:
    """How much areas differ beyond chance: `phi` (1 is chance), the variance between them `tau2` on the transformed
    scale, and each area's score `scores` with its standard error `errors`, of those that have a figure."""

    phi: float
    tau2: float
    scores: np.ndarray
    errors: np.ndarray

    def __repr__(self) -> str:
        return f"Scatter(phi={self.phi:.4g}, tau2={self.tau2:.4g}, {len(self.scores)} areas)"


@dataclass(frozen=True)
class Funnel:
    """A row an area: `value`, `centre`, `lower95`, `upper95`, `lower998`, `upper998` and `label` ("high", "low" or
    "like the others", at the outer limits; empty for an area without a figure)."""

    frame: pd.DataFrame
    centre: float
    scatter: Scatter | None

    @property
    def outside(self) -> pd.DataFrame:
        """The areas beyond the outer limits."""
        return self.frame[self.frame["label"].isin(["high", "low"])]

    def __repr__(self) -> str:
        return f"Funnel({len(self.frame)} areas about {self.centre:.4g}, {len(self.outside)} outside)"


def funnel(
    count: Numbers, size: Numbers, kind: FunnelKind = "rate", per: float = PER, *, overdispersion: bool = True
) -> Funnel:
    """Hold areas against their common rate or share.

    Parameters
    ----------
    count, size : a number an area; `size` is a population, or the N of a share.
    per : a rate is given per so many; shares are given in percent.
    overdispersion : widen the limits by the variance between areas (Spiegelhalter 2005, additive, 10% winsorised).
    """
    x, n = np.broadcast_arrays(np.atleast_1d(read_counts(count)), read_sizes(size, "a size"))
    if kind == "share":
        read_parts(x, n)
    scale = 100.0 if kind == "share" else per
    known = ~np.isnan(x + n)
    centre = x[known].sum() / n[known].sum()
    if not centre > 0:
        raise ValueError("no area has a case, so there is no common rate to hold them against")
    ways: ScatterKind = "share" if kind == "share" else "standardised ratio"
    scatter = measure_scatter(x, n if kind == "share" else n * centre, ways) if overdispersion else None
    frame = pd.DataFrame({"value": scale * x / n, "centre": scale * centre}, index=index_of(count))
    for name, conf in (("95", INNER), ("998", OUTER)):
        ends = _limits(centre, n, kind, conf, scatter.tau2 if scatter else 0.0)
        frame[f"lower{name}"], frame[f"upper{name}"] = scale * ends[0], scale * ends[1]
    side = np.where(frame["value"] > frame["centre"], "high", "low")
    beyond = ((frame["value"] > frame["upper998"]) | (frame["value"] < frame["lower998"])).to_numpy()
    if kind == "rate":
        rare = _chance_of(x, centre * n) <= (1 - OUTER) / 2
        beyond = beyond & rare if scatter and scatter.tau2 else rare
    frame["label"] = np.where(known, np.where(beyond, side, "like the others"), "")
    return Funnel(frame, float(scale * centre), scatter)


def _chance_of(count: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The chance of a count so far from what is expected, on its side: the limits, made for large counts, would call
    no case at all unusual where one is expected."""
    from scipy.special import pdtr, pdtrc

    return np.where(count > expected, pdtrc(count - 1, expected), pdtr(count, expected))


def _limits(centre: float, n: np.ndarray, kind: FunnelKind, conf: float, tau2: float) -> tuple[np.ndarray, np.ndarray]:
    if kind == "share":
        reach = t_quantile(conf) * np.sqrt(1 / (4 * n) + tau2)
        middle = np.arcsin(np.sqrt(centre))
        return np.sin(np.maximum(0, middle - reach)) ** 2, np.sin(np.minimum(np.pi / 2, middle + reach)) ** 2
    ratio = ratio_limits(centre * n, conf, tau2)
    return centre * ratio.frame["lower"].to_numpy(), centre * ratio.frame["upper"].to_numpy()


def share_limits(n: Numbers, baseline: float, conf: float = INNER) -> Estimate:
    """Give limits of a share in percent about a `baseline` in percent, cut off at 0 and 100 (Public Health England)."""
    if not 0 <= baseline <= 100:
        raise ValueError("a baseline is a percentage, from 0 to 100")
    size, p = read_sizes(n, "a size"), baseline / 100
    reach = t_quantile(conf) * np.sqrt(p * (1 - p) / size)
    lower, upper = 100 * np.maximum(0, p - reach), 100 * np.minimum(1, p + reach)
    return estimate(n, np.full(np.shape(size), float(baseline)), lower, upper, "share funnel")


def rate_limits(events: Numbers, baseline: float, conf: float = INNER) -> Estimate:
    """Give limits of a rate about a `baseline` rate at so many events (Public Health England): the baseline times the
    events over either end of their exact interval."""
    x = read_counts(events)
    interval = count_interval(events, "exact", conf)
    lower, upper = (np.asarray(end) for end in (interval.lower, interval.upper))
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = x / upper * baseline, x / lower * baseline
    return estimate(events, np.full(np.shape(x), float(baseline)), *ends, "rate funnel")


def ratio_limits(expected: Numbers, conf: float = INNER, tau2: float = 0.0) -> Estimate:
    """Give limits of observed over expected about 1: exact Poisson, or log-normal with the variance between areas
    `tau2`."""
    from scipy.special import gammaincinv

    cases, tail = read_sizes(expected, "expected cases"), (1 - conf) / 2
    if tau2:
        reach = t_quantile(conf) * np.sqrt(1 / cases + tau2)
        return estimate(expected, np.ones(np.shape(cases)), np.exp(-reach), np.exp(reach), "ratio funnel, widened")
    lower, upper = gammaincinv(cases, tail) / cases, gammaincinv(cases + 1, 1 - tail) / cases
    return estimate(expected, np.ones(np.shape(cases)), lower, upper, "ratio funnel")


def interpolated_poisson(mean: float, p: Numbers) -> float | np.ndarray:
    """Give quantiles of a Poisson count, interpolated between whole numbers (Spiegelhalter 2005)."""
    from scipy.stats import poisson

    chance, mean = read_numbers(p), float(read_sizes(mean, "a mean"))
    k = poisson.ppf(chance, mean)
    found = k - (poisson.cdf(k, mean) - chance) / poisson.pmf(k, mean)
    return float(found) if np.ndim(p) == 0 else found


def measure_scatter(
    count: Numbers,
    size: Numbers,
    kind: ScatterKind = "standardised ratio",
    trim: float = TRIM,
    extremes: Literal["winsorise", "truncate"] = "winsorise",
) -> Scatter:
    """Measure how much areas differ beyond chance.

    Parameters
    ----------
    count : cases, the numerators of a ratio, or x.
    size : expected cases ("standardised ratio" on the log scale, or "square root"), denominators ("ratio of counts"),
        or n ("share", arcsine).
    trim, extremes : scores beyond the lowest and highest `trim` of them are set to these quantiles ("winsorise") or
        left out ("truncate", as in NHS England's SHMI).

    Source: Spiegelhalter 2005; Spiegelhalter et al. 2012.
    """
    x, n = np.broadcast_arrays(np.atleast_1d(read_numbers(count)), read_sizes(size, "a size"))
    if kind == "share":
        read_parts(x, n)
    known = ~np.isnan(x + n)
    middle, y, error = _transform(x[known], n[known], kind)
    scores = (y - middle) / error
    inside = _keep_middle(scores, trim) if extremes == "truncate" else np.ones(len(scores), dtype=bool)
    held = scores[inside] if extremes == "truncate" else np.clip(scores, *np.quantile(scores, [trim, 1 - trim]))
    phi, weight, k = float((held**2).mean()), 1 / error[inside] ** 2, len(held)
    between = (k * phi - (k - 1)) / (weight.sum() - (weight**2).sum() / weight.sum()) if k > 1 else 0.0
    return Scatter(phi, float(max(0.0, between)), scores, error)


def _keep_middle(scores: np.ndarray, trim: float) -> np.ndarray:
    from scipy.stats import rankdata

    groups = 1 / trim
    place = np.floor(rankdata(scores) * groups / (len(scores) + 1))
    return (place > 0) & (place < groups - 1)


def _transform(x: np.ndarray, n: np.ndarray, kind: ScatterKind) -> tuple[float, np.ndarray, np.ndarray]:
    if kind == "share":
        return float(np.arcsin(np.sqrt(x.sum() / n.sum()))), np.arcsin(np.sqrt(x / n)), 1 / (2 * np.sqrt(n))
    if kind == "ratio of counts":
        error = np.sqrt(x / (x + 0.5) ** 2 + n / (n + 0.5) ** 2)
        return float(np.log(x.sum() / n.sum())), np.log((x + 0.5) / (n + 0.5)), error
    if kind == "square root":
        return 1.0, np.sqrt(x / n), 1 / (2 * np.sqrt(n))
    return 0.0, np.log(np.maximum(x, 0.5) / n), 1 / np.sqrt(n)


def label_ratios(observed: Numbers, expected: Numbers) -> list[str]:
    """Give Public Health England's label of each observed over expected: "High (0.001)", "High (0.025)", "Low (0.001)",
    "Low (0.025)" or "Not significant"; empty where a number is missing."""
    x, cases = np.atleast_1d(read_counts(observed)), np.atleast_1d(read_sizes(expected, "expected cases"))
    labels = np.where(np.isnan(x + cases), "", "Not significant").astype(object)
    for conf, level in ((INNER, "0.025"), (OUTER, "0.001")):
        ends = count_interval(x, "phe", conf)
        labels[np.asarray(ends.lower) > cases] = f"High ({level})"
        labels[np.asarray(ends.upper) < cases] = f"Low ({level})"
    return labels.tolist()
