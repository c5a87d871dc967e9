"""Where will the year end? In: the periods known so far and earlier years. Out: a `Projection`, 80% and 95% ranges.

Three things are not known, and their variances are added: how the rest of the year scatters, how sure the level is so
far, and what share of the year has passed. That share comes from the same periods of earlier years, steadied towards
equal periods; levels also drift within a year. The constants were chosen on recorded crime and are back-tested on it
(docs/methods.md, "Projection").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from swp_analysis.analysis.predictive import JEFFREYS, Predictive, predict_events, predict_share
from swp_analysis.analysis.usual_scatter import usual_scatter
from swp_analysis.engines.spc.run_rules import GoodDirection, as_line
from swp_analysis.engines.spc.seasons import QUARTERS_A_YEAR, fit_year_quarter

# So many events in equal periods, counted as chance events, are added to those of the earlier years.
SEASON_PRIOR = 400
# Earlier years than these say little about today's season.
YEARS_OF_SEASON = 5
# How far a level drifts, as a share of what is to come, by the share of the year that has passed.
DRIFT = ((0.25, 0.043), (0.5, 0.078), (0.75, 0.051), (1.0, 0.0))
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

    def __repr__(self) -> str:
        if self.predictive is None:
            return f"Projection({self.basis})"
        return f"Projection({self.so_far:g} so far; {self.mean:.4g}, 80% {self.lower80:.4g} to {self.upper80:.4g})"

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
    quarters: Sequence | np.ndarray,
    earlier_years: Sequence[Sequence] | np.ndarray = (),
    *,
    kind: Kind = "flow",
    target: float | None = None,
    good_direction: GoodDirection = "neutral",
    dispersion: float | None = None,
    periods: int = QUARTERS_A_YEAR,
) -> Projection:
    """Give the year's total from up to four quarters, Q1 first, None for one that isn't known or is suppressed.

    Parameters
    ----------
    earlier_years
        The same for the years before, oldest first; only complete ones are used.
    kind
        As in the catalogue.
    dispersion
        How many times more than chance the quarters scatter; by default `estimate_dispersion`.
    periods
        How many make a year: 4, or 12 for months.

    Raises
    ------
    ValueError
        For a stock or a rate, which have no total; a negative or broken count; more than a year of periods.
    """
    if kind != "flow":
        raise ValueError(f"A {kind} isn't added up over quarters, so it has no year-end total to project.")
    year, earlier = _read_year(quarters, periods), _complete_years(earlier_years, periods)
    known = ~np.isnan(year)
    scatter = max(1.0, estimate_dispersion(quarters, earlier_years, periods) if dispersion is None else dispersion)
    basis, predictive = _predict_count(year, earlier, scatter)
    so_far = float(year[known].sum()) if known.any() else np.nan
    return Projection(so_far, _name_periods(known), basis, scatter, target, good_direction, predictive)


def project_share(
    numerators: Sequence,
    denominators: Sequence,
    earlier_denominators: Sequence[Sequence] = (),
    *,
    target: float | None = None,
    good_direction: GoodDirection = "neutral",
    dispersion: float | None = None,
) -> Projection:
    """Give the year's n out of N in percent. A quarter counts if both are known; the N still to come is its projected
    mean.

    `target` is a percent. Other arguments and errors as `project_count`; also refuses n over N.
    """
    x, n = _read_year(numerators), _read_year(denominators)
    known = ~np.isnan(x) & ~np.isnan(n)
    x, n = np.where(known, x, np.nan), np.where(known, n, np.nan)
    scatter = max(1.0, _scatter_of_shares(x[known], n[known]) if dispersion is None else dispersion)
    basis, sizes = _predict_count(n, _complete_years(earlier_denominators), estimate_dispersion(n))
    if sizes is None or round(sizes.mean) == 0:
        return Projection(np.nan, _name_periods(known), NOTHING_KNOWN, scatter, target, good_direction, None)
    year_size = round(sizes.mean)
    events, cases = int(x[known].sum()), int(n[known].sum())
    predictive = predict_share(events, cases, year_size - cases, scatter)
    so_far = PERCENT * events / cases if cases else np.nan
    return Projection(so_far, _name_periods(known), basis, scatter, target, good_direction, predictive, year_size)


def estimate_dispersion(
    quarters: Sequence | np.ndarray,
    earlier_years: Sequence[Sequence] | np.ndarray = (),
    periods: int = QUARTERS_A_YEAR,
) -> float:
    """Say how many times more than chance the periods scatter about year and season, drawn to what counts of that size
    usually do, at least 1.

    From the complete earlier years if there are two or more, else from the periods known this year and the same of
    last year; the usual scatter alone when neither leaves a degree of freedom.
    """
    line, years = _read_year(quarters, periods), _complete_years(earlier_years, periods)[-YEARS_OF_SEASON:]
    # Months of a quarter move together, so the scatter of quarters is what widens a year.
    year, earlier = _add_to_quarters(line[None])[0], _add_to_quarters(years)
    known = ~np.isnan(year)
    table = earlier if len(earlier) > 1 else np.vstack([earlier[:, known], year[known]])
    fit = fit_year_quarter(table) if table.size and table.sum() > 0 else None
    a_quarter = np.nan_to_num(line).sum() / max(1, np.count_nonzero(~np.isnan(line))) * len(line) / QUARTERS_A_YEAR
    mean = float(table.mean() if table.size else a_quarter)
    own, freedom = (fit.dispersion, fit.degrees_of_freedom) if fit and fit.degrees_of_freedom else (np.nan, 0)
    return usual_scatter().shrink(own, freedom, mean)[0]


def _add_to_quarters(years: np.ndarray) -> np.ndarray:
    """Years of quarters; three months make one, and it is missing when one of them is."""
    return years.reshape(len(years), QUARTERS_A_YEAR, years.shape[1] // QUARTERS_A_YEAR).sum(axis=2)


def _predict_count(year: np.ndarray, earlier: np.ndarray, dispersion: float) -> tuple[str, Predictive | None]:
    known = ~np.isnan(year)
    if not known.any():
        return NOTHING_KNOWN, None
    so_far = int(year[known].sum())
    if known.all():
        return YEAR_COMPLETE, predict_events(so_far, 0, 0)
    recent = earlier[-YEARS_OF_SEASON:]
    passed, rest = (recent[:, part].sum() / dispersion + SEASON_PRIOR * part.mean() for part in (known, ~known))
    shares, drifts = np.transpose(DRIFT)
    odds, drift = rest / passed, float(np.interp(known.mean(), shares, drifts))
    mean = (so_far + JEFFREYS) * odds
    season = 1 / passed + 1 / rest + drift**2
    variance = dispersion * mean + dispersion * odds * mean + season * mean**2
    basis = SEASON_OF_EARLIER_YEARS if recent.sum() else EQUAL_QUARTERS
    return basis, predict_events(so_far, mean, variance)


def _scatter_of_shares(x: np.ndarray, n: np.ndarray) -> float:
    """Pearson's statistic of equal shares over its degrees of freedom; 1 where it can't be had."""
    x, n = x[n > 0], n[n > 0]
    return fit_year_quarter([x, n - x]).dispersion if len(n) > 1 and 0 < x.sum() < n.sum() else 1.0


def _read_year(quarters: Sequence | np.ndarray, periods: int = QUARTERS_A_YEAR) -> np.ndarray:
    line = as_line(quarters)
    known = line[~np.isnan(line)]
    if len(line) > periods or np.any(known < 0) or np.any(known != np.floor(known)):
        named = "four quarters" if periods == QUARTERS_A_YEAR else f"{periods} periods"
        raise ValueError(f"A year has up to {named}, and their counts are whole numbers that are zero or more.")
    return np.append(line, np.full(periods - len(line), np.nan))


def _complete_years(years: Sequence[Sequence] | np.ndarray, periods: int = QUARTERS_A_YEAR) -> np.ndarray:
    table = np.array([_read_year(year, periods) for year in years]).reshape(-1, periods)
    return table[~np.isnan(table).any(axis=1)]


def _name_periods(known: np.ndarray) -> tuple[int, ...]:
    return tuple(int(quarter) for quarter in np.flatnonzero(known) + 1)
