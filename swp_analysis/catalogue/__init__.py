"""WHAT is measured: indicators, strategy, layouts, recording breaks and audiences, all in YAML in this folder.

The names below are what scripts of others import from here. Each is imported when it is first asked for: `periods`
alone must not cost the import of pydantic.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "loader": ("load_catalogue", "require_audience"),
    "models": ("Audience", "Catalogue", "Indicator"),
    "periods": ("display_year", "previous_year", "quarter_bounds", "require_financial_year"),
}
__all__ = sorted(name for names in _HOMES.values() for name in names)


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
