"""What the shape of clauses says, whatever they are about. In: clauses. Out: a period that stands behind one, or
whether its figures are a range, a part of a whole, a change.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from swp_analysis.audit.grammar import AGAINST, SHAPES, Clause, Phrase
from swp_analysis.audit.mentions import BOTH_YEARS, SCOPES, PeriodMention

_DATED = ("span", "month")
BEHIND = "its period may stand after it"


def share_period(clauses: Sequence[Clause], place: int) -> Clause | None:
    """Give a clause with the period and what it compares with that stand behind those joined to it: `16 gun crimes and
    49 knife crimes in Q2`; None where there are none."""
    clause, *later = clauses[place:]
    if clause.goes_on or clause.has("between_periods") or clause.periods_in("from_to"):
        return None
    behind: list[Phrase] = []
    for one in later:
        if one.opener is None or one.opener.kind == "hard" or not one.opener.has("and", "comma"):
            break
        if one.periods:
            behind = list(_last_periods(one)) if one.opener.has("and") else []
            break
    joined = all(one.opener and one.opener.kind == "soft" and one.opener.has("and") for one in clauses[1 : place + 1])
    if place and joined:  # "Compared with Q2, referrals rose by 3 and incidents by 5 in Q3"
        behind += takewhile(lambda one: one.kind in SHAPES, clauses[0].phrases)
    compares = any(one.kind in (*AGAINST, "between_periods") for one in clause.phrases if one.periods)
    dated = clause.whens or any(one.kind == "every_quarter" for one in clause.periods)  # "16 in both Q2 and Q3"
    behind = [one for one in behind if not (compares if one.kind in AGAINST else dated)]
    return Clause([*clause.phrases, *behind], clause.opener) if behind else None


def follow_period(clauses: Sequence[Clause], place: int, this_year: str, *across: str) -> Clause | None:
    """Give a clause that names no time with the one of the next that does: `up 26 on last year, it hit 118 in Q1`;
    None where that is the year, in brackets, or behind a break that is not to be looked `across`."""
    clause, *later = clauses[place:]
    breaks = ("soft", *across)
    joined = takewhile(lambda one: one.opener and one.opener.kind in breaks and not one.opener.has("open"), later)
    dated = next((one for one in joined if one.whens or one.periods_in(*AGAINST)), Clause())
    base = [] if dated.whens or clause.periods_in(*AGAINST) else dated.periods_in(*AGAINST)
    if place and clause.opener and clause.opener.has("open") and clauses[place - 1].whens:
        return None  # "fell in Q1 (by 15), Q2 (by 131)"
    if dated.has("of_them") or clause.has("between_periods") or clause.goes_on or (clause.whens and not base):
        return None
    named, kind = (base, "against_period") if base else (dated.whens, "when")  # "…, compared with 106 in Q2"
    behind = [word for word in dated.words if word.kind == "PERIOD" and word.meaning in named]
    is_other = any(word.meaning.is_part or word.meaning.year not in ("", this_year) for word in behind)
    return Clause([*clause.phrases, *(Phrase(kind, (word,)) for word in behind)], clause.opener) if is_other else None


def _last_periods(clause: Clause) -> Iterator[Phrase]:
    """The phrases at the end of a clause that only say when, or what it is compared with."""
    for phrase in reversed(clause.phrases):
        if phrase.kind == "level_in" and phrase.words[-1].kind == "PERIOD":
            yield Phrase("when", phrase.words[-1:])
        if phrase.kind not in SHAPES:
            return
        yield phrase


def is_part_of_whole(phrase: Phrase, clause: Clause) -> bool:
    """Tell whether a figure is a part or a whole: `1 of the year's 27 reports`, `130 of 343 robberies`; which row and
    period each is of isn't said."""
    named = (one.amounts for one, other in pairwise(clause.phrases) if other.kind == "subject" and one.amounts)
    counted = {one.metric for other in clause.phrases if other.kind != "bracket" for one in other.amounts}
    if "count" in counted and any(amounts[0].rough for amounts in named):  # "A quarter of all referrals stood at 66"
        return phrase.kind != "bracket"
    if phrase.kind not in ("level", "level_in"):
        return False
    for place, (one, other) in enumerate(pairwise(clause.phrases), start=1):
        later = clause.phrases[place : place + 2]
        joined = other.has("of") and other.kind in ("level", "level_in", "when", "of_them")
        joined = joined or (one.has("of") and one.kind == "level_in" and other.kind == "level")
        is_part = one.amounts and joined and any(last.amounts for last in later)
        if is_part and (phrase is one or phrase in later):
            return True
    return False


def is_size_of_movement(phrase: Phrase, clause: Clause) -> bool:
    """Tell whether a figure is a change, not a level: `The increase in robberies in 2017/18 was 80`, `20 below the 92
    of last year`."""
    place, kinds = clause.phrases.index(phrase), [one.kind for one in clause.phrases]
    behind = clause.phrases[place + 1 : place + 3]
    follows = kinds[place + 1 : place + 2] == ["before"] and not phrase.has("at", "upon")
    follows = follows and behind[0].has("more", "less", "up", "down")
    if kinds[place + 1 : place + 3] == ["subject", "movement"] and behind[1].has("more", "less"):
        follows = behind[0].words[-1].end + 1 == behind[1].words[0].start  # "30 knife crimes fewer"
    first = next((one for one in kinds if one not in ("pronoun", "when")), "")
    leads = first == "movement" and "subject" in kinds[1:place] and phrase.kind == "level"
    return follows or leads


def has_two_ends(one: PeriodMention) -> bool:
    """Tell whether a period may be the two ends of a change, `between Q2 and Q4`."""
    return one.kind in ("each", "span") and one.number == 2


def find_own_period(clause: Clause) -> list[PeriodMention]:
    """Give the quarter of the figure that is compared: `Q3's 78 hate crimes were 26 fewer than Q2's`."""
    own = [one for one in clause.periods_in("level_in") if one.is_part and clause.has("against_period")]
    return own if len(own) == 1 else []


def has_open_base(clause: Clause) -> bool:
    """Tell whether it is open what a change is compared with: one period stands beside another, `25 above the Q4 figure
    for 2016/17`, or none beside a peak, `well down from its peak of 118`."""
    peaks = (one for one in clause.phrases if one.kind in ("before_from", "from_to") and not one.periods)
    if any(one.has("highest", "lowest") for one in peaks):
        return True
    whens = [(one, other) for one, other in pairwise(clause.phrases) if other.kind == "when"]
    plain = [(one, other) for one, other in whens if other.words[0].kind in ("PERIOD", "of")]
    return any(one.words[-1].kind in ("more", "less") and other.periods[0].kind in _DATED for one, other in plain)


def is_range(clause: Clause, way: str) -> bool:
    """Tell whether a clause gives a range, `20 to 25 offences`: two amounts with nothing but `to` between, unless they
    go the `way` that is said, `a rise of 11, 374 to 385`."""
    for phrase in clause.phrases:
        if phrase.kind == "from_to" and phrase.words[0].kind == "AMOUNT" and not phrase.has("arrow"):
            first, second = phrase.amounts
            return way != ("up" if second.size > first.size else "down")
    for one, other in pairwise(clause.phrases):
        if other.kind == "to_level" and one.kind in ("change", "level", "level_in"):
            first, second = (phrase.amounts[0] for phrase in (one, other))
            moved = one.kind == "change" or first.metric == "ratio" or clause.has("movement", "change")
            if not moved or first.size < second.size < 1.5 * first.size:
                return True
    return False


def find_part_of_year(clause: Clause) -> list[PeriodMention]:
    """Give the periods of a clause that names a year and, beside it, a part of one; else none."""
    named = [one for one in clause.periods if one.kind in ("span", "this_year", "last_year")]
    parts = {one.kind == "span" and one.is_part for one in named}
    return named if len(parts) > 1 else []


def why_no_time(clauses: list[Clause], place: int, this_year: str) -> str:
    """Say why it can't be told which time a clause is of, by those before and behind it; empty when it may be told."""
    clause = clauses[place]
    before = clauses[:place]  # "tripled between Q2 and Q4, from 5 to 16", "rose from 5 to 16, an increase of 220%"
    moves = any(one.has("from_to") for one in (*before, clause))
    earlier = [(one.kind, other.is_read) for other in before for one in other.periods if not (moves and one.number)]
    if not clause.periods and any(kind in ("month", "other", "each") or not is_read for kind, is_read in earlier):
        return "the period of the words before it can't be told"
    behind = [one for other in clauses[place + 1 :] for one in other.periods if one not in other.periods_in(*AGAINST)]
    # "Q4: 85 (Q3: 78; Q4 2016/17: 79)": what names the same quarter is said of another year.
    bare = [one.quarters for other in clauses[: place + 1] for one in other.periods if one.is_part and not one.year]
    later = {one.year for one in behind if one.kind == "span" and one.year and one.quarters not in bare}
    has_part, has_year = any(one.is_part for one in clause.periods), any(one.year for one in clause.periods)
    kinds = SCOPES if clause.has("movement") else SCOPES - BOTH_YEARS if clause.has("same", "nearly_same") else set()
    if not clause.periods and _has_scope_behind(clauses[place + 1 :], kinds):
        return BEHIND
    is_open = clause.has("run", "movement", "change") and not (clause.periods or clause.goes_on)
    if is_open and any(one.opener and one.opener.has("then") for one in clauses[place + 1 :]):
        return BEHIND  # "fell for two quarters before rising to 85 in Q4", "fell, then rose"
    ends = [one for other in clauses[:place] for one in other.periods_in("from_to")]
    goes_on = any(one.year for one in ends) and ends[-1].year != this_year  # "fell from 51 in Q3 2016/17 to 51 in Q4"
    if has_part and not has_year and (goes_on or later - {this_year}):
        return "its year may stand before or after it"  # "40 in Q1, 49 in Q2 and 51 in Q3 of 2016/17"
    return ""


def _has_scope_behind(later: Sequence[Clause], kinds: set[str]) -> bool:
    """`The same, 49, in two of the four quarters`: what is said of several periods stands behind it."""
    joined = takewhile(lambda one: one.opener and one.opener.kind == "soft", later)
    own = (one for one in joined if not (one.subjects or one.has("extreme", "than_any")))
    return any(period.kind in kinds for one in own for period in one.periods)
