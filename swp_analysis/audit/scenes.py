"""What a clause is about. In: the clauses of a sentence, what was said before. Out: a `Scene`, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from swp_analysis.audit.claims import Claim, FigureMeant, Metric
from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.grammar import Clause, Phrase
from swp_analysis.audit.lexing import Subject
from swp_analysis.audit.mentions import PeriodMention
from swp_analysis.audit.spans_meant import Clock, Pair, mentions_of, whens, year_before
from swp_analysis.catalogue.claim_rules import CountedUnit
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS

NO_TABLE = "the report has no table of this"
NO_PART = "the tables don't have this part"
NO_PERIOD = "the period can't be told with certainty"
UNREAD = "not every word around it is understood"
_DATED = ("span", "this_year", "last_year", "latest", "year_end")
_QUARTERLY = {"same_quarter", "previous_quarter", "quarter_on_quarter"}


@dataclass
class SaidBefore:
    """What a passage is about so far: its row, the indicator named last, the period that its heading sets."""

    row: str = ""
    last: Subject | None = None
    context: PeriodMention | None = None
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Scene:
    """What all phrases of a clause share: its indicator, clock and direction, and the claim before."""

    clause: Clause
    indicator: Indicator
    subject: Subject
    clock: Clock
    direction: str
    earlier: list[Claim] = field(default_factory=list)
    companion: Subject | None = None
    part_of_earlier: bool = False
    is_row: bool = False
    units: tuple[CountedUnit, ...] = ()

    @property
    def periods(self) -> set[str]:
        """The kinds of periods that the clause names."""
        return {one.kind for one in mentions_of(self.clause.phrases)}

    def levels(self, spans: Iterable[YearSpan | Pair], measure: str = "") -> tuple[FigureMeant, ...]:
        """Give the figure of each span, or of the later of two; the earlier, or the year before, tells how it went."""
        pairs = (one if isinstance(one, tuple) else (year_before(one) if one.is_year else None, one) for one in spans)
        return self.changes(pairs, "level", measure)

    def changes(
        self, pairs: Iterable[tuple[YearSpan | None, YearSpan]], metric: Metric = "change", measure: str = ""
    ) -> tuple[FigureMeant, ...]:
        """Give the change of each pair (before, after)."""
        measure = measure or self.subject.measure
        return tuple(FigureMeant(self.indicator.id, metric, now, base, measure) for base, now in pairs)


@dataclass(frozen=True)
class SceneMaker:
    """Sets the scene for each clause, for one set of tables and year."""

    figures: TableFigures
    year: str
    units: tuple[CountedUnit, ...]

    def make(self, clauses: list[Clause], place: int, before: SaidBefore, earlier: list[Claim]) -> Scene | str:
        """Make the indicator and clock of a clause, or why it isn't judged."""
        clause = clauses[place]
        subject: Subject | str = _why_not(clauses, place, before, self.year) or _find_subject(clauses, place, before)
        companion = next((word.meaning for word in clause.words if word.kind == "COMPANION"), None)
        if isinstance(subject, Subject) and companion is not None:
            subject = self._share(companion, subject.name or subject.wider_than)
        if isinstance(subject, str):
            return subject
        indicator = self.figures.catalogue.indicators[subject.name or subject.wider_than]
        of_earlier = clause.has("of_them") or (place > 0 and clauses[place - 1].phrases[0].has("of", "of_them"))
        clock = Clock(self.year, self.figures, indicator, _find_context(clauses[:place], before))
        direction = next((find_way(one) for one in clause.phrases if find_way(one)), "")
        return Scene(
            clause, indicator, subject, clock, direction, earlier, companion, of_earlier, bool(before.row), self.units
        )

    def _share(self, companion: Subject, name: str) -> Subject | str:
        """The row that a companion names beside another one; its share where it names none."""
        rows = self.figures.catalogue.indicators
        if not companion.name:
            share = name if rows[name].unit == "percent" else rows[name].companion_share
            return Subject(share, companion.measure) if share else "the row has no such share"
        share = self._member(companion.name, name)
        return Subject(share) if rows[share].subgroup_of in (None, "", name) else NO_PART

    def _member(self, named: str, name: str) -> str:
        """Of sub-groups with the same words (`had a victim aged 10 to 24`) that of the group which is spoken of."""
        rows = self.figures.catalogue.indicators
        words = rows[named].member_phrases
        alike = (one.id for one in rows.values() if one.subgroup_of == name and one.member_phrases == words)
        return next(alike, named)


def _find_context(clauses: list[Clause], before: SaidBefore) -> PeriodMention | None:
    """The period of the clause before in the sentence, or else of the heading."""
    for clause in reversed(clauses):
        span = [one for one in whens(clause) if one.kind in _DATED]
        if span:
            return _joined(span)
        if {one.kind for one in mentions_of(clause.phrases)} & _QUARTERLY:
            return PeriodMention("latest")
    return before.context


def _find_subject(clauses: list[Clause], place: int, before: SaidBefore) -> Subject | str:
    """The indicator of a clause: its own, that of a clause before it, of the row, of a clause behind it, or of the
    sentence before; or why that can't be told."""
    for clause in reversed(clauses[: place + 1]):
        named = _subjects(clause)
        if named and not clause.is_read:
            return UNREAD
        if len({(one.name, one.wider_than) for one in named}) > 1:
            return "two indicators are named"
        if named:
            return named[0] if named[0].name or named[0].wider_than else NO_TABLE
    if any(not clause.is_read and clause.count("AMOUNT") for clause in clauses[:place]):
        return "the figure may belong to what is counted before it"
    if before.row:
        return Subject(before.row)
    later = [clause for clause in clauses[place + 1 :] if _subjects(clause)]
    if later and not later[0].is_read:
        return UNREAD
    if later and not clauses[place].has("pronoun"):  # "From 130 in 2016/17, robberies rose to 132"
        after = {one.name: one for clause in later for one in _subjects(clause)}
        only = next(iter(after.values()))
        return only if len(after) == 1 and only.name else "the figure may belong to what is counted after it"
    if before.last is not None and (before.last.name or before.last.wider_than):
        return before.last
    return "no indicator is named"


def _subjects(clause: Clause) -> list[Subject]:
    return [word.meaning for word in clause.words if word.kind == "SUBJECT"]


def find_way(phrase: Phrase) -> str:
    """Find the way that a phrase says, `up` or `down`, or an empty text."""
    if phrase.has("up", "more", "extra"):
        return "up"
    return (
        "down"
        if phrase.has("down", "less")
        else next((word.meaning.direction for word in phrase.of("AMOUNT") if word.meaning.direction), "")
    )


def _joined(mentions: list[PeriodMention]) -> PeriodMention:
    """Mentions of one clause as one, where they agree: `in 2017/18 … in Q4`."""
    years = {one.year for one in mentions if one.year}
    parts = {one.quarters for one in mentions if one.quarters and one.quarters != QUARTERS}
    plain = all(one.kind in ("span", "this_year") for one in mentions)
    if not plain or len(years) > 1 or len(parts) > 1:
        return mentions[-1]
    return PeriodMention("span", years.pop() if years else "", parts.pop() if parts else QUARTERS)


def _why_not(clauses: list[Clause], place: int, before: SaidBefore, this_year: str) -> str:
    """Why a clause is not judged whatever its figures are; empty when it may be."""
    clause = clauses[place]
    if not clause.is_read:
        return UNREAD
    if before.is_elsewhere:
        return "what stands before it speaks of another area or time"
    if place == 0 and clause.opener is not None and clause.opener.has("with") and not whens(clause):
        return "its period may stand after it"
    if not mentions_of(clause.phrases) and any(
        named.kind in ("month", "other", "each") or not one.is_read
        for one in clauses[:place]
        for named in mentions_of(one.phrases)
    ):
        return "the period of the words before it can't be told"
    own = [one for one in mentions_of(clause.phrases) if one.quarters and one.quarters != QUARTERS]
    after = [one for other in clauses[place + 1 :] for one in mentions_of(other.phrases)]
    later = {one.year for one in after if one.kind == "span" and one.year}
    if own and later - {this_year} and not any(one.year for one in mentions_of(clause.phrases)):
        return "its year may stand after it"  # "40 in Q1, 49 in Q2 and 51 in Q3 of 2016/17"
    if clause.has("not_moved") and clause.count("AMOUNT"):
        return "the statement is a negative one"
    return ""


# Shapes of a clause that change what its figures mean.


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
    first = next((one for one in kinds if one not in ("pronoun", "when")), "")
    leads = first == "movement" and "subject" in kinds[1:place] and phrase.kind == "level"
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
