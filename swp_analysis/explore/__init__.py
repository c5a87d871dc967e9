"""What an analyst calls on any series or area: `from swp_analysis import explore`.

In: an indicator's name, a Series, a frame, anything with `.frame`. Out: results with `.frame`, `.figure`, `.sentence`,
`.caveats` and `.save("x.png")`. docs/explore.md has a question, three lines and a picture for each.
"""

from importlib import import_module
from typing import Any

from swp_analysis.errors import explain_calls

_HOMES = {
    "comparisons": ("compare", "heatmap", "index_to", "slope", "small_multiples", "table", "year_on_year"),
    "line_charts": ("control_chart", "trend", "worst_period"),
    "paired_years": ("change", "rate"),
    "pickers": ("panel", "pick_audience", "pick_comparison", "pick_indicator", "pick_period"),
}
__all__ = sorted(name for names in _HOMES.values() for name in names)


def __getattr__(name: str) -> Any:
    """Import a function when it is first asked for: matplotlib and scipy take a second."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(explain_calls(import_module(f"{__name__}.{home}")), name)
    raise AttributeError(f"explore has no {name!r}; it has {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return __all__
