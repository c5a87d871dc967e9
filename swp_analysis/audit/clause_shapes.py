"""Shapes of a clause that change what its figures mean. In: a clause. Out: whether it has the shape.

`20 to 25 offences`, `130 of 343`, `the increase was 80`: a figure there is not the level of its row.
"""

from __future__ import annotations

from itertools import pairwise

from swp_analysis.audit.grammar import Clause, Phrase
from swp_analysis.audit.period_words import PeriodMention
from swp_analysis.audit.spans_meant import mentions_of
from swp_analysis.catalogue.periods import QUARTERS


def is_part_of_whole(phrase: Phrase, clause: Clause) -> bool:
    """`1 of the year's 27 reports`, `130 of 343 robberies`: which row and period each is of isn't said."""
    if phrase.kind not in ("level", "level_in"):
        return False
    for one, other in pairwise(clause.phrases):
        later = clause.phrases[clause.phrases.index(other) :][:2]
        joined = other.has("of") and other.kind in ("level", "level_in", "when", "of_them")
        joined = joined or (one.has("of") and one.kind == "level_in" and other.kind == "level")
        is_part = one.of("AMOUNT") and joined and any(last.of("AMOUNT") for last in later)
        if is_part and (phrase is one or phrase in later):
            return True
    return False


def is_size_of_movement(phrase: Phrase, clause: Clause) -> bool:
    """`The increase in robberies in 2017/18 was 80`, `20 below the 92 of last year`: a change, not a level."""
    place, kinds = clause.phrases.index(phrase), [one.kind for one in clause.phrases]
    follows = kinds[place + 1 : place + 2] == ["before"] and clause.phrases[place + 1].has("more", "less")
    leads = kinds[0] == "movement" and "subject" in kinds[1:place] and phrase.kind == "level"
    return follows or leads


def is_range(clause: Clause) -> bool:
    """`20 to 25 offences`: two amounts close together with nothing but `to` between them."""
    for one, other in pairwise(clause.phrases):
        if other.kind == "to_level" and one.kind in ("change", "level", "level_in"):
            first, second = (phrase.of("AMOUNT")[0].meaning.size for phrase in (one, other))
            moved = one.kind == "change" or clause.has("movement", "change")
            if not moved or first < second < 1.5 * first:
                return True
    return False


def find_part_of_year(clause: Clause) -> list[PeriodMention]:
    """Find the periods of a clause that names a year and, beside it, a part of one; else none."""
    named = [one for one in mentions_of(clause.phrases) if one.kind in ("span", "this_year", "last_year")]
    is_year = [one.kind != "span" or one.quarters == QUARTERS for one in named]
    return named if any(is_year) and not all(is_year) else []
