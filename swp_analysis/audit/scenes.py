"""What a clause is about. In: the clauses of a sentence, what was said before. Out: a `Scene`, or why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from swp_analysis.audit.claims import Claim, FigureMeant, Metric
from swp_analysis.audit.clause_shapes import why_no_time
from swp_analysis.audit.figures import MONTHS, TableFigures, YearSpan
from swp_analysis.audit.grammar import AGAINST, Clause
from swp_analysis.audit.mentions import PeriodMention
from swp_analysis.audit.words import Subject
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS, previous_year

NO_TABLE = "the report has no table of this"
NO_PART = "the tables don't have this part"
UNREAD = "not every word around it is understood"
_DATED = ("span", "to_date", "this_year", "last_year", "latest", "the_quarter", "year_end")
_QUARTERLY = {"same_quarter", "previous_quarter", "previous_month", "quarter_on_quarter"}
Pair = tuple[YearSpan | None, YearSpan]


@dataclass
class SaidBefore:
    """What a passage is about so far: its row, the indicator named last and by its heading, the period of that; `holds`
    when it is elsewhere by a heading, also below sub-headings, `narrows` when a heading speaks of a part or an earlier
    time, and the `level` of that heading where it can be seen;
    `turned` when a paragraph has turned to another area by name, for those below it; `brackets` the period that figures
    in brackets are said to be of; `counts_all` when the sentence at hand counts what may be more than the row."""

    row: str = ""
    last: Subject | None = None
    heading: Subject | None = None
    context: PeriodMention | None = None
    is_elsewhere: bool = False
    holds: bool = False
    narrows: bool = False
    level: int = 0
    turned: bool = False
    brackets: PeriodMention | None = None
    counts_all: bool = False

    @property
    def is_away(self) -> bool:
        """Whether what follows is about elsewhere, by a heading or by what was said before."""
        return self.is_elsewhere or self.narrows or self.turned


@dataclass(frozen=True)
class Scene:
    """What all phrases of a clause share: its indicator, what `this year` is, and the claims before it; `context` is
    the period of the words before it, or of a heading."""

    clause: Clause
    subject: Subject
    figures: TableFigures
    rules: ClaimRules
    year: str
    context: PeriodMention | None = None
    earlier: list[Claim] = field(default_factory=list)
    companion: Subject | None = None
    of_earlier: bool = False
    is_last: bool = True
    before: SaidBefore = field(default_factory=SaidBefore)

    @property
    def rows(self) -> Mapping[str, Indicator]:
        return self.figures.catalogue.indicators

    @property
    def indicator(self) -> Indicator:
        return self.rows[self.subject.name or self.subject.wider_than]

    @property
    def share(self) -> Indicator | None:
        """The row of shares that is printed beside the indicator."""
        return self.rows.get(self.indicator.companion_share or "")

    @property
    def is_share(self) -> bool:
        return self.indicator.unit == "percent"

    @property
    def is_stock(self) -> bool:
        return self.indicator.kind == "stock"

    @property
    def kinds(self) -> set[str]:
        """The kinds of periods that the clause names."""
        return {one.kind for one in self.clause.periods}

    @property
    def direction(self) -> str:
        phrases = [one for one in self.clause.phrases if not one.kind.startswith("aim")]  # "221 is below the target"
        said, values = (one.way for one in phrases if one.way), self.values
        return next(said, "") or (self.way_to(better="better" in values) if values else "")

    @property
    def values(self) -> set[str]:
        """The words of the clause that call a movement good or bad."""
        return {word.kind for word in self.clause.words} & {"better", "worse"}

    def way_to(self, *, better: bool) -> str:
        """Say which way is better, or worse; empty where that isn't known."""
        wants = self.indicator.good_direction
        if wants not in ("lower", "higher") or (wants == "higher" and not self.is_share):
            return ""  # of a number that should grow, either may be meant
        return "up" if (wants == "higher") == better else "down"

    @property
    def this_year(self) -> YearSpan:
        return YearSpan(self.year)

    @property
    def latest(self) -> YearSpan:
        return YearSpan(self.year, (self.figures.latest(self.indicator.id, self.year) or 4,))

    @property
    def in_context(self) -> YearSpan | None:
        """The span that the words before it set; of a head count in a year its last."""
        span = self.span_of([self.context]) if self.context else None
        if span is None or not (self.is_stock and span.is_year):
            return span
        return YearSpan(span.year, (self.figures.latest(self.indicator.id, span.year) or 4,))

    def span_of(self, mentions: list[PeriodMention]) -> YearSpan | None:
        """Give the span that mentions name together; None where they disagree or name what no table has."""
        kinds, years = {one.kind for one in mentions}, {one.year for one in mentions if one.year}
        not_there = {"other", "quarter_on_quarter", "year_on_year", *(() if self.is_stock else ("month", "count_day"))}
        until = {self.context.quarters} if "to_date" in kinds and self.context and self.context.is_part else set()
        is_open = bool(until - {self.latest.quarters})  # to the end of which quarter?
        if not mentions or is_open or kinds & not_there or ("count_day" in kinds and years - {self.year}):
            return None
        if kinds & {"latest", "count_day"} or ("year_end" in kinds and self.is_stock):
            return self.latest
        # "In Q2 it was 49. In the previous quarter it was …"
        if kinds & {"the_quarter", "previous_quarter", "previous_month"}:
            before = self.in_context if self.context and self.context.is_part else None
            here = before if before and len(before.quarters) == 1 else self.latest
            if "the_quarter" not in kinds:
                return here.quarter_before if here.is_month == ("previous_month" in kinds) else None
            return here if here == self.latest else None  # one that was named before may only be compared with
        if kinds & {"last_year", "same_quarter"}:
            named = next((one.year for one in mentions if one.kind == "same_quarter"), "")
            years = {named or previous_year(self.year)}
        parts = {one.quarters for one in mentions if one.is_part} or until
        if "same_quarter" in kinds and not parts:
            parts = {self.context.quarters} if self.context and self.context.is_part else set()
        if len(years) > 1 or len(parts) > 1 or ("same_quarter" in kinds and not parts):
            return None
        part = parts.pop() if parts else QUARTERS
        if "to_date" in kinds:
            part = tuple(range(1, part[-1] + 1))
        return YearSpan(years.pop() if years else self.year, part)

    def levels(self, spans: Iterable[YearSpan | Pair], measure: str = "") -> tuple[FigureMeant, ...]:
        """Give the figure of each span, or of the later of two; the earlier, or the year before, tells how it went."""
        pairs = (one if isinstance(one, tuple) else (one.year_before if one.is_year else None, one) for one in spans)
        return self.changes(pairs, "level", measure)

    def changes(self, pairs: Iterable[Pair], metric: Metric = "change", measure: str = "") -> tuple[FigureMeant, ...]:
        """Give the change of each pair (before, after)."""
        measure = measure or self.subject.measure
        return tuple(FigureMeant(self.indicator.id, metric, now, base, measure) for base, now in pairs)


def make_scene(clauses: list[Clause], place: int, earlier: list[Claim], around: Scene) -> Scene | str:
    """Make the indicator and periods of a clause, `around` which all else is known; or why it isn't judged."""
    clause, before, year, rows = clauses[place], around.before, around.year, around.rows
    subject: Subject | str = _why_not(clauses, place, before, year) or _find_subject(clauses, place, before)
    companion = next((word.meaning for word in clause.words if word.kind == "COMPANION"), None)
    if isinstance(subject, Subject) and companion is not None:
        subject = _share_of(companion, subject.name or subject.wider_than, rows)
    if isinstance(subject, str):
        return subject
    named = [one.name for other in clauses[:place] for one in other.subjects]
    of_them = place and clause.has("of_them") and clause.subjects
    if of_them and not (subject.name and rows[subject.name].subgroup_of in named):
        return NO_PART  # "robberies, of which 150 were gun crimes"
    of_share = [one.indicator for one in earlier[-1:] if one.indicator and rows[one.indicator].unit == "percent"]
    if of_share and not clause.subjects and any(one.metric == "points" for one in clause.amounts):
        subject = Subject(of_share[0])  # "36% of cases in Q4 were repeats, up 7 points on Q2"
    of_earlier = clause.has("of_them") or (place > 0 and clauses[place - 1].phrases[0].has("of", "of_them"))
    context = _find_context(clauses[: place + 1], before.context)
    if context and context.kind == "last_year":  # "Of last year's 374, 106 came in Q2"
        context = replace(context, year=previous_year(year))
    scene = replace(around, clause=clause, subject=subject, context=context, earlier=earlier, companion=companion)
    return replace(scene, of_earlier=of_earlier, is_last=place == len(clauses) - 1)


def _share_of(companion: Subject, name: str, rows: Mapping[str, Indicator]) -> Subject | str:
    """The row that a companion names beside another one, of sub-groups with the same words that of the group; its
    share where it names none."""
    if not companion.name:
        share = name if rows[name].unit == "percent" else rows[name].companion_share
        return Subject(share, companion.measure) if share else "the row has no such share"
    named = rows[companion.name]
    alike = (one for one in rows.values() if one.subgroup_of == name and one.member_phrases == named.member_phrases)
    member = next(alike, named)
    return Subject(member.id) if member.subgroup_of in (None, "", name) else NO_PART


def _find_context(clauses: list[Clause], above: PeriodMention | None) -> PeriodMention | None:
    """The period of the clause before the last, or that `above` the sentence; of what came next the quarter behind."""
    steps, opener = int(clauses[-1].goes_on), clauses[-1].opener
    bases = clauses[-2].periods_in(*AGAINST) if opener is not None and opener.has("when_then") else []
    if bases:  # "12% up on the same quarter last year, when there were 52", "since Q3 2016/17, when it was 110"
        return bases[-1] if bases[-1].kind == "span" and bases[-1].year else PeriodMention("other")
    for clause in reversed(clauses[:-1]):
        ends = clause.periods_in("from_to")[1:] if steps else []  # "from 31 in Q2 to 16 in Q3, then to 21"
        span = [one for one in clause.whens or ends if one.kind in _DATED]
        if span:
            return _move_on(_joined(span), steps)
        if {one.kind for one in clause.periods} & _QUARTERLY or clause.has("run"):
            return _move_on(PeriodMention("latest"), steps)
        if any(phrase.has("after") and phrase.periods for phrase in clause.phrases):  # "After 104 in Q2, it fell to 78"
            return PeriodMention("other")
        steps += clause.goes_on
    return _move_on(above, steps)


def _move_on(mention: PeriodMention | None, steps: int) -> PeriodMention | None:
    """So many quarters later in the year, where one is named."""
    if not steps:
        return mention
    is_one = mention is not None and len(mention.quarters) == 1 and mention.quarters[0] + steps in (*QUARTERS, *MONTHS)
    return replace(mention, quarters=(mention.quarters[0] + steps,)) if mention and is_one else PeriodMention("other")


def _joined(mentions: list[PeriodMention]) -> PeriodMention:
    """Mentions of one clause as one, where they agree: `in 2017/18 … in Q4`."""
    years, parts = {one.year for one in mentions if one.year}, {one.quarters for one in mentions if one.is_part}
    plain = all(one.kind in ("span", "this_year") for one in mentions)
    if not plain or len(years) > 1 or len(parts) > 1:
        return next((one for one in mentions if one.kind == "latest"), mentions[-1])
    return PeriodMention("span", years.pop() if years else "", parts.pop() if parts else QUARTERS)


def _find_subject(clauses: list[Clause], place: int, before: SaidBefore) -> Subject | str:
    """The indicator of a clause: its own, that of a clause before it, of the row, of a clause behind it, or of the
    sentence before; or why that can't be told."""
    for clause in reversed(clauses[: place + 1]):
        named = clause.subjects if clause is clauses[place] or not clause.has("of_them") else []
        if named and not clause.is_read and (clause.has("unread") or not clause.has("away")):
            return UNREAD
        if len({(one.name, one.wider_than) for one in named}) > 1:
            return "two indicators are named"
        if named:
            return named[0] if named[0].name or named[0].wider_than else NO_TABLE
    if any(not clause.is_read and clause.amounts for clause in clauses[:place]):
        return "the figure may belong to what is counted before it"
    if before.row:
        return Subject(before.row)
    later = [clause for clause in clauses[place + 1 :] if clause.subjects]
    if later and not later[0].is_read:
        return UNREAD
    if later and not clauses[place].has("pronoun"):  # "From 130 in 2016/17, robberies rose to 132"
        after = {one.name: one for clause in later for one in clause.subjects}
        only = next(iter(after.values()))
        return only if len(after) == 1 and only.name else "the figure may belong to what is counted after it"
    if before.last is not None and (before.last.name or before.last.wider_than):
        return before.last
    return "no indicator is named"


def _why_not(clauses: list[Clause], place: int, before: SaidBefore, this_year: str) -> str:
    """Why a clause is not judged whatever its figures are; empty when it may be."""
    clause = clauses[place]
    kinds = {word.kind for word in clause.words}
    if not clause.is_read:
        return UNREAD
    if {"up", "down"} <= kinds:
        return "it is said to go both ways"
    starts = [[word.kind for word in one.words[:2]] for one in clauses[: place + 1] if not one.subjects]
    if ["of", "AMOUNT"] in starts:
        return "it is a part of a whole, or the whole"  # "Of 600 victims, 12 reported hate crimes"
    if any(one.has("average", "each_month", "each_week") and not one.amounts for one in clauses):
        return "it may be an average"  # "Average referrals: 55"
    compares = clause.has("before") and bool(kinds & {"more", "less"}) and "SUBJECT" not in kinds
    if compares and place and clauses[place - 1].has("change"):
        return "two changes may be compared"  # "fell by 19 in Q3, more than the 2 in Q2"
    if before.is_away:
        return "what stands before it speaks of another area or time"
    parts = (one for other in clauses[:place] if other.amounts for one in other.words if one.kind == "COMPANION")
    is_bare = not kinds & {"SUBJECT", "COMPANION"} and all(one.metric != "points" for one in clause.amounts)
    if is_bare and any(one.meaning.name for one in parts):
        return "it may be of the part that is named before it"  # "282 victims were aged 18 or under, 36 fewer"
    if why := why_no_time(clauses, place, this_year):
        return why
    return "the statement is a negative one" if clause.has("not_moved") and clause.amounts else ""
