"""Where will the year end? In: the quarters known so far and earlier years. Out: a `Projection`, 80% and 95% ranges.

Counts by Poisson-gamma, n out of N by beta-binomial (`predictive` has the distributions). What share of the year has
passed comes from the same quarters of earlier years, steadied towards equal quarters and never taken as sure: on police
recorded crime one year's season alone proved to be mostly noise (docs/methods.md, "Projection").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from swp_analysis.analysis.predictive import Predictive, predict_share, predict_total, predict_total_from_last_year
from swp_analysis.engines.spc.icons import GoodDirection
from swp_analysis.engines.spc.run_rules import as_line
from swp_analysis.engines.spc.seasons import QUARTERS_A_YEAR, YearQuarterFit, fit_year_quarter
from swp_analysis.engines.spc.thresholds import SEASON_PRECISION, SEASON_PRIOR

Kind = Literal["flow", "stock", "rate"]
SEASON_OF_EARLIER_YEARS, EQUAL_QUARTERS = "season of earlier years, steadied", "equal quarters"
YEAR_COMPLETE, NOTHING_KNOWN = "year complete", "nothing known yet"
PERCENT = 100


@dataclass(frozen=True)
class Projection:
    """A year's end as far as it can be told: whole numbers for a count, percent for a share, NaN if nothing is known.

    `chance` is the chance of meeting the target: None without a target, or where neither direction is good. `basis`
    says where the season came from. `dispersion` is 1 for figures that scatter like chance. `year_size` is what
    `predictive`, a distribution over whole numbers, is divided by: the year's N of a share, else None.
    """

    so_far: float
    quarters_known: tuple[int, ...]
    basis: str
    dispersion: float
    target: float | None
    good_direction: GoodDirection
    predictive: Predictive | None
    year_size: int | None = None

    @property
    def mean(self) -> float:
        return self._scale(self.predictive.mean) if self.predictive else np.nan

    @property
    def median(self) -> float:
        return self._quantile(0.5)

    @property
    def lower80(self) -> float:
        return self._quantile(0.1)

    @property
    def upper80(self) -> float:
        return self._quantile(0.9)

    @property
    def lower95(self) -> float:
        return self._quantile(0.025)

    @property
    def upper95(self) -> float:
        return self._quantile(0.975)

    @property
    def chance(self) -> float | None:
        if self.target is None or self.predictive is None or self.good_direction == "neutral":
            return None
        wanted = self.target if self.year_size is None else self.target * self.year_size / PERCENT
        lower = self.good_direction == "lower"
        return self.predictive.chance_at_most(wanted) if lower else self.predictive.chance_at_least(wanted)

    def _quantile(self, p: float) -> float:
        return self._scale(self.predictive.quantile(p)) if self.predictive else np.nan

    def _scale(self, total: float) -> float:
        return float(total) if self.year_size is None else PERCENT * total / self.year_size


def project_count(
    quarters: Sequence,
    earlier_years: Sequence[Sequence] = (),
    *,
    kind: Kind = "flow",
    target: float | None = None,
    good_direction: GoodDirection = "neutral",
    dispersion: float | None = None,
    season_prior: float = SEASON_PRIOR,
    season_precision: float = SEASON_PRECISION,
) -> Projection:
    """The year's total from up to four quarters, Q1 first, None for one that isn't known or is suppressed.

    Parameters
    ----------
    earlier_years
        The same for the years before; only complete ones are used.
    kind
        As in the catalogue.
    dispersion
        How many times more than chance the quarters scatter; by default `estimate_dispersion`. It multiplies the
        variance of what is still to come.
    season_prior, season_precision
        How many events in equal quarters are added to those of earlier years, and how many events at most the share of
        the year is as sure as. 0 and infinity trust the season of the earlier years alone.

    Raises
    ------
    ValueError
        For a stock or a rate, which have no total; a negative or broken count; more than four quarters.
    """
    _require_flow(kind)
    year, earlier = _read_year(quarters), _complete_years(earlier_years)
    known = ~np.isnan(year)
    scatter = max(1.0, estimate_dispersion(quarters, earlier_years) if dispersion is None else dispersion)
    basis, predictive = _predict_count(year, earlier, scatter, season_prior, season_precision)
    so_far = float(year[known].sum()) if known.any() else np.nan
    return Projection(so_far, _name_quarters(known), basis, scatter, target, good_direction, predictive)


def project_share(
    numerators: Sequence,
    denominators: Sequence,
    earlier_denominators: Sequence[Sequence] = (),
    *,
    target: float | None = None,
    good_direction: GoodDirection = "neutral",
    dispersion: float | None = None,
) -> Projection:
    """The year's n out of N in percent. A quarter counts if both are known; the N still to come is its projected mean.

    `target` is a percent. Other arguments and errors as `project_count`; also refuses n over N.
    """
    x, n = _read_year(numerators), _read_year(denominators)
    known = ~np.isnan(x) & ~np.isnan(n)
    x, n = np.where(known, x, np.nan), np.where(known, n, np.nan)
    scatter = max(1.0, _scatter_of_shares(x[known], n[known]) if dispersion is None else dispersion)
    basis, sizes = _predict_count(n, _complete_years(earlier_denominators))
    if sizes is None or round(sizes.mean) == 0:
        return Projection(np.nan, _name_quarters(known), NOTHING_KNOWN, scatter, target, good_direction, None)
    year_size = round(sizes.mean)
    events, cases = int(x[known].sum()), int(n[known].sum())
    predictive = predict_share(events, cases, year_size - cases, scatter)
    so_far = PERCENT * events / cases if cases else np.nan
    return Projection(so_far, _name_quarters(known), basis, scatter, target, good_direction, predictive, year_size)


def estimate_dispersion(quarters: Sequence, earlier_years: Sequence[Sequence] = ()) -> float:
    """How many times more than chance the quarters scatter about year and season: Pearson's statistic over its df.

    From the complete earlier years if there are two or more, else from the quarters known this year and the same of
    last year; floored at 1, and 1 when neither leaves a degree of freedom.
    """
    year, earlier = _read_year(quarters), _complete_years(earlier_years)
    known = ~np.isnan(year)
    table = earlier if len(earlier) > 1 else np.vstack([earlier[:, known], year[known]])
    fit = _fit(table)
    return max(1.0, fit.dispersion) if fit and fit.degrees_of_freedom else 1.0


def _predict_count(
    year: np.ndarray,
    earlier: np.ndarray,
    dispersion: float = 1.0,
    prior: float = SEASON_PRIOR,
    precision: float = SEASON_PRECISION,
) -> tuple[str, Predictive | None]:
    known = ~np.isnan(year)
    if not known.any():
        return NOTHING_KNOWN, None
    so_far = int(year[known].sum())
    if known.all():
        return YEAR_COMPLETE, predict_total(so_far, 1.0)
    passed, rest = (earlier[:, part].sum() + prior * part.mean() for part in (known, ~known))
    if passed < 1:
        return EQUAL_QUARTERS, predict_total(so_far, known.mean(), dispersion)
    steadying = min(1.0, precision / (passed + rest))
    predictive = predict_total_from_last_year(so_far, steadying * passed, steadying * rest, dispersion)
    return SEASON_OF_EARLIER_YEARS if earlier.sum() else EQUAL_QUARTERS, predictive


def _scatter_of_shares(x: np.ndarray, n: np.ndarray) -> float:
    """Pearson's statistic of equal shares over its degrees of freedom; 1 where it can't be had."""
    x, n = x[n > 0], n[n > 0]
    if len(n) < 2 or x.sum() in (0, n.sum()):
        return 1.0
    share = x.sum() / n.sum()
    return float(np.sum((x - n * share) ** 2 / (n * share * (1 - share))) / (len(n) - 1))


def _fit(table: np.ndarray) -> YearQuarterFit | None:
    return fit_year_quarter(table) if table.size and table.sum() > 0 else None


def _require_flow(kind: Kind) -> None:
    if kind != "flow":
        raise ValueError(f"A {kind} isn't added up over quarters, so it has no year-end total to project.")


def _read_year(quarters: Sequence) -> np.ndarray:
    line = as_line(quarters)
    known = line[~np.isnan(line)]
    if len(line) > QUARTERS_A_YEAR or np.any(known < 0) or np.any(known != np.floor(known)):
        raise ValueError("A year has up to four quarters, and their counts are whole numbers that are zero or more.")
    return np.append(line, np.full(QUARTERS_A_YEAR - len(line), np.nan))


def _complete_years(years: Sequence[Sequence]) -> np.ndarray:
    table = np.array([_read_year(year) for year in years]).reshape(-1, QUARTERS_A_YEAR)
    return table[~np.isnan(table).any(axis=1)]


def _name_quarters(known: np.ndarray) -> tuple[int, ...]:
    return tuple(int(quarter) for quarter in np.flatnonzero(known) + 1)
