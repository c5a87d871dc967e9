"""What may be shown to whom: hides small counts and what gives them away, and proves that they stay hidden."""

from swp_analysis.disclosure.protect import (
    DEFAULT_THRESHOLD,
    Protected,
    attack,
    know_from_open_tables,
    protect,
    protect_beside,
)
from swp_analysis.disclosure.published_figures import Unsaid, find_unsaid

__all__ = [
    "DEFAULT_THRESHOLD",
    "Protected",
    "Unsaid",
    "attack",
    "find_unsaid",
    "know_from_open_tables",
    "protect",
    "protect_beside",
]
