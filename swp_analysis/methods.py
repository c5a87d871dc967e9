"""Every statistical method of the project in one place: `from swp_analysis import methods`.

Each takes plain numbers, lists, Series or columns of a frame, of any area and any period, and gives a small frozen
result. docs/methods.md has a table of what each does and where it comes from.
"""

from __future__ import annotations

from swp_analysis.analysis.backtest import score_crps, score_interval
from swp_analysis.analysis.change import (
    e_test,
    fisher_test,
    newcombe_difference,
    poisson_interval,
    quasi_poisson_ratio,
    rate_ratio,
    scatter,
    scattered_ratio,
    wilson_interval,
)
from swp_analysis.analysis.estimates import Estimate, Estimates
from swp_analysis.analysis.funnels import (
    Funnel,
    Scatter,
    funnel,
    interpolated_poisson,
    label_ratios,
    measure_scatter,
    rate_limits,
    ratio_limits,
    share_limits,
)
from swp_analysis.analysis.harm import (
    Displacement,
    HotSpotAccuracy,
    Severity,
    harm_weighted_displacement,
    score_hot_spots,
    severity_score,
    weighted_displacement,
)
from swp_analysis.analysis.multiplicity import adjust_benjamini_hochberg, adjust_holm
from swp_analysis.analysis.predictive import predict_share, predict_total, predict_total_from_last_year
from swp_analysis.analysis.projection import project_count, project_share
from swp_analysis.analysis.ranks import Ranks, chance_of_higher_rate, rank_estimates, rank_rates
from swp_analysis.analysis.rates import (
    compare_rate_with_value,
    count_interval,
    directly_standardised_rate,
    expected_cases,
    rate,
    share,
    standardised_ratio,
)
from swp_analysis.analysis.regression import PoissonFit, fit_poisson, fit_seasonal_counts
from swp_analysis.analysis.trends import (
    ChangePoints,
    Decomposition,
    Trend,
    decompose,
    find_change_points,
    mark_trend,
    recent_trend,
    trend_of_shares,
)

__all__ = [
    "ChangePoints", "Decomposition", "Displacement", "Estimate", "Estimates", "Funnel", "HotSpotAccuracy",
    "PoissonFit", "Ranks", "Scatter", "Severity", "Trend",
    "adjust_benjamini_hochberg", "adjust_holm", "chance_of_higher_rate", "compare_rate_with_value", "count_interval",
    "decompose", "directly_standardised_rate", "e_test", "expected_cases", "find_change_points", "fisher_test",
    "fit_poisson", "fit_seasonal_counts", "funnel", "harm_weighted_displacement", "interpolated_poisson",
    "label_ratios", "mark_trend", "measure_scatter", "newcombe_difference", "poisson_interval", "predict_share",
    "predict_total", "predict_total_from_last_year", "project_count", "project_share", "quasi_poisson_ratio",
    "rank_estimates", "rank_rates", "rate", "rate_limits", "rate_ratio", "ratio_limits", "recent_trend", "scatter",
    "scattered_ratio", "score_crps", "score_hot_spots", "score_interval", "severity_score", "share", "share_limits",
    "standardised_ratio", "trend_of_shares", "weighted_displacement", "wilson_interval",
]  # fmt: skip
