"""WHAT is measured: indicators, strategy, layouts, recording breaks and audiences, all in YAML beside this file."""

from swp_analysis.catalogue.loader import load_catalogue
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
    "require_financial_year",
]
