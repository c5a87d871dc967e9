"""WHAT is measured: indicators, strategy, layouts, recording breaks and audiences, all in YAML in this folder.

The names below are what scripts of others import from here. Each is imported when it is first asked for: `periods`
alone must not cost the import of pydantic.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swp_analysis.catalogue.loader import load_catalogue, require_audience
    from swp_analysis.catalogue.models import Audience, Catalogue, Indicator
    from swp_analysis.catalogue.periods import display_year, previous_year, quarter_bounds, require_financial_year

__all__ = [
    "Audience",
    "Catalogue",
    "Indicator",
    "display_year",
    "load_catalogue",
    "previous_year",
    "quarter_bounds",
    "require_audience",
    "require_financial_year",
]
_MODULES = dict.fromkeys(("load_catalogue", "require_audience"), "loader")
_MODULES |= dict.fromkeys(("Audience", "Catalogue", "Indicator"), "models")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'periods')}"), name)
