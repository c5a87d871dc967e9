"""What may be shown to whom: hides small counts and what gives them away, and proves that they stay hidden."""

from swp_analysis.disclosure.attack import assert_safe, attack
from swp_analysis.disclosure.beside import protect_beside
from swp_analysis.disclosure.protect import DEFAULT_THRESHOLD, protect
from swp_analysis.disclosure.redact import Protected

__all__ = ["DEFAULT_THRESHOLD", "Protected", "assert_safe", "attack", "protect", "protect_beside"]
