"""What a text says. In: the pieces that the words of a text name. Out: the model `Meaning`; two of them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from swp_analysis.ingest.timeline import When

Kinds = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Meaning:
    """What a text says: its `when`, the kinds of figure that its words name (with the words), other areas and those
    `around` the partnership's own, whether it names that one, whether it calls the figures provisional, and the words
    that are `left`; whether it names what is counted."""

    when: When = field(default_factory=When)
    kinds: Kinds = ()
    areas: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    is_own: bool = False
    is_provisional: bool = False
    left: tuple[str, ...] = ()
    names_things: bool = False

    def __or__(self, other: Meaning) -> Meaning:
        both: dict[str, Any] = {}
        for name, mine in vars(self).items():
            its = getattr(other, name)
            both[name] = unique(mine + its) if isinstance(mine, tuple) else mine | its
        return Meaning(**both)

    @property
    def other_areas(self) -> tuple[str, ...]:
        """The areas that the figures are of, when they are not the partnership's own: a region around it says nothing
        beside its name."""
        return self.areas + (() if self.is_own else self.around)

    @property
    def kind_names(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.kinds)

    @property
    def is_plain(self) -> bool:
        """Whether the words leave the figures as counted in this area and period."""
        return not (self.kinds or self.other_areas or self.left)

    def with_kinds(self, *wanted: str) -> Meaning:
        """Give the same with some kinds of figure alone."""
        return replace(self, kinds=tuple(one for one in self.kinds if one[0] in wanted))

    def without_kinds(self, *unwanted: str) -> Meaning:
        """Give the same without some kinds of figure."""
        return replace(self, kinds=tuple(one for one in self.kinds if one[0] not in unwanted))


def unique(items: Iterable[Any]) -> tuple[Any, ...]:
    """Give each item once, in the order of their first places."""
    return tuple(dict.fromkeys(items))
