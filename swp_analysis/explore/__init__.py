"""What an analyst calls on any series or area: `from swp_analysis import explore`.

In: an indicator's name, a Series, a frame, anything with `.frame`. Out: results with `.frame`, `.figure`, `.sentence`,
`.caveats` and `.save("x.png")`. docs/explore.md has a question, three lines and a picture for each.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swp_analysis.explore.comparisons import (
        compare,
        heatmap,
        index_to,
        rate,
        slope,
        small_multiples,
        table,
        year_on_year,
    )
    from swp_analysis.explore.line_charts import change, control_chart, trend, worst_period
    from swp_analysis.explore.pickers import panel, pick_audience, pick_comparison, pick_indicator, pick_period

__all__ = [
    "change", "compare", "control_chart", "heatmap", "index_to", "panel", "pick_audience", "pick_comparison",
    "pick_indicator", "pick_period", "rate", "slope", "small_multiples", "table", "trend", "worst_period",
    "year_on_year",
]  # fmt: skip
_ONE = ("change", "control_chart", "trend", "worst_period")


def __getattr__(name: str) -> Any:
    """Import a function when it is first asked for: matplotlib and scipy take a second."""
    if name not in __all__:
        raise AttributeError(f"explore has no {name!r}; it has {', '.join(__all__)}.")
    home = "line_charts" if name in _ONE else "pickers" if name.startswith(("panel", "pick_")) else "comparisons"
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return list(__all__)
