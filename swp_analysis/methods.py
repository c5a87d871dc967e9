"""Every statistical method of the project in one place: `from swp_analysis import methods`.

Each takes plain numbers, lists, Series or columns of a frame, of any area and any period, and gives a small frozen
result. docs/methods.md has a table of what each does and where it comes from.
"""

from __future__ import annotations

from inspect import isroutine

from swp_analysis.analysis.backtest import score_crps, score_interval, score_quantile
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
from swp_analysis.analysis.plain_input import check_arguments
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
from swp_analysis.analysis.scales import grid_cell
from swp_analysis.analysis.smaa import ScoreTable, chance_of_top, rank_draws
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
from swp_analysis.analysis.usual_scatter import compare_counts, compare_shares, usual_scatter
from swp_analysis.engines.small_numbers.plain_tables import (
    attack_table,
    missing_part,
    parts_of_total,
    possible_counts,
    possible_totals,
    round_counts,
)
from swp_analysis.engines.small_numbers.rounding import Printed, is_possible_mean, is_print_of, read_printed
from swp_analysis.engines.spc.control_charts import (
    c_chart,
    g_chart,
    is_rare,
    laney_p_chart,
    laney_u_chart,
    p_chart,
    robust_xmr,
    t_chart,
    u_chart,
    xmr,
)
from swp_analysis.engines.spc.icons import judge_direction, pick_assurance_icon, pick_variation_icon
from swp_analysis.engines.spc.ladder import Rebase, ladder
from swp_analysis.engines.spc.run_rules import analyse_runs, find_limits_of_runs, find_run_ends, label_points
from swp_analysis.engines.spc.seasons import find_season, fit_year_quarter
from swp_analysis.engines.spc.signal import read_share_signal, read_signal

__all__ = [
    "ChangePoints", "Decomposition", "Displacement", "Estimate", "Estimates", "Funnel", "HotSpotAccuracy",
    "PoissonFit", "Printed", "Ranks", "Rebase", "Scatter", "ScoreTable", "Severity", "Trend",
    "adjust_benjamini_hochberg", "adjust_holm", "analyse_runs", "attack_table", "c_chart", "chance_of_higher_rate",
    "chance_of_top", "compare_counts", "compare_rate_with_value", "compare_shares", "count_interval", "decompose",
    "directly_standardised_rate", "e_test", "expected_cases", "find_change_points", "find_limits_of_runs",
    "find_run_ends", "find_season", "fisher_test", "fit_poisson", "fit_seasonal_counts", "fit_year_quarter",
    "funnel", "g_chart", "grid_cell", "harm_weighted_displacement", "interpolated_poisson", "is_possible_mean",
    "is_print_of", "is_rare", "judge_direction", "label_points", "label_ratios", "ladder", "laney_p_chart",
    "laney_u_chart", "mark_trend", "measure_scatter", "missing_part", "newcombe_difference", "p_chart",
    "parts_of_total", "pick_assurance_icon", "pick_variation_icon", "poisson_interval", "possible_counts",
    "possible_totals", "predict_share", "predict_total", "predict_total_from_last_year", "project_count",
    "project_share", "quasi_poisson_ratio", "rank_draws", "rank_estimates", "rank_rates", "rate", "rate_limits",
    "rate_ratio", "ratio_limits", "read_printed", "read_share_signal", "read_signal", "recent_trend", "robust_xmr",
    "round_counts", "scatter", "scattered_ratio", "score_crps", "score_hot_spots", "score_interval",
    "score_quantile", "severity_score", "share", "share_limits", "standardised_ratio", "t_chart", "trend_of_shares",
    "u_chart", "usual_scatter", "weighted_displacement", "wilson_interval", "xmr",
]  # fmt: skip

# Each says in a sentence which argument is wrong.
globals().update({name: check_arguments(globals()[name]) for name in __all__ if isroutine(globals()[name])})
