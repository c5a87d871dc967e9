"""What an analyst calls on any series or area: `from swp_analysis import explore`.

In: an indicator's name, a Series, a frame, anything with `.frame`. Out: results with `.frame`, `.figure`, `.sentence`,
`.caveats` and `.save("x.png")`. docs/explore.md has a question, three lines and a picture for each.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swp_analysis.explore.comparisons import compare, index_to, rate, slope, year_on_year
    from swp_analysis.explore.grids import heatmap, small_multiples, table
    from swp_analysis.explore.line_charts import change, control_chart, trend, worst_period
    from swp_analysis.explore.pickers import panel, pick_audience, pick_comparison, pick_indicator, pick_period

__all__ = [
    "change", "compare", "control_chart", "heatmap", "index_to", "panel", "pick_audience", "pick_comparison",
    "pick_indicator", "pick_period", "rate", "slope", "small_multiples", "table", "trend", "worst_period",
    "year_on_year",
]  # fmt: skip
_HOMES = {
    "line_charts": ("change", "control_chart", "trend", "worst_period"),
    "grids": ("heatmap", "small_multiples", "table"),
    "pickers": ("panel", "pick_audience", "pick_comparison", "pick_indicator", "pick_period"),
}


def __getattr__(name: str) -> Any:
    """Import a function when it is first asked for: matplotlib and scipy take a second."""
    if name not in __all__:
        raise AttributeError(f"explore has no {name!r}; it has {', '.join(__all__)}.")
    home = next((home for home, names in _HOMES.items() if name in names), "comparisons")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return list(__all__)
