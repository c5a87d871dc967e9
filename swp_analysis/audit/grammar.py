"""A row of words becomes phrases, and phrases clauses. In: words and the rules. Out: `Clause`s.

A sentence is covered by as few phrases as can be. A word that no phrase covers, or that no list knows, makes its clause
unreadable, and the clauses that it may narrow down too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from swp_analysis.audit.mentions import RELATIVE, SCOPES, Amount, PeriodMention, compile_form
from swp_analysis.audit.words import Subject, Word
from swp_analysis.catalogue.claim_rules import ClaimRules

_UNCOVERED = 100.0
_FIRST_CODE = 0xE000
SHAPES = {"when", "against_period", "pronoun", "degree", "between_periods"}
# Phrases whose period is what a figure is compared with.
AGAINST = ("against_period", "beaten", "before", "before_from", "same")
_UP, _DOWN = ("up", "more", "extra", "beats"), ("down", "less", "misses")
# How many of what an amount is an average over are in a year.
IN_A_YEAR = {"per_quarter": 4, "per_month": 12, "each_month": 12, "per_week": 52, "each_week": 52}
_LEADS = ({*SHAPES, "extreme"}, {*SHAPES, "place", "average"})
_BASES = ("before", "before_from")
_ENDS = {*SHAPES, "from_to", "to_level", "before_from"}


@dataclass(frozen=True)
class Phrase:
    """Words that belong together, by the name of the phrase in `claims.yml`; `unread` for a word outside all."""

    kind: str
    words: tuple[Word, ...]

    def of(self, kind: str) -> list[Word]:
        """Give its words of one type."""
        return [word for word in self.words if word.kind == kind]

    def has(self, *kinds: str) -> bool:
        """Tell whether it has a word of one of these types."""
        return any(word.kind in kinds for word in self.words)

    @property
    def amounts(self) -> list[Amount]:
        return [word.meaning for word in self.of("AMOUNT")]

    @property
    def periods(self) -> list[PeriodMention]:
        return [word.meaning for word in self.of("PERIOD")]

    @property
    def way(self) -> str:
        """The way that it says, `up` or `down`, or an empty text."""
        said = "up" if self.has(*_UP) else "down" if self.has(*_DOWN) else ""
        return said or next((amount.direction for amount in self.amounts if amount.direction), "")


@dataclass
class Clause:
    """Phrases between two breaks; `opener` is the break before it, `is_read` whether every word is understood."""

    phrases: list[Phrase] = field(default_factory=list)
    opener: Phrase | None = None
    is_read: bool = True

    @property
    def words(self) -> list[Word]:
        return [word for phrase in self.phrases for word in phrase.words]

    def has(self, *kinds: str) -> bool:
        """Tell whether it has a phrase of one of these kinds."""
        return any(phrase.kind in kinds for phrase in self.phrases)

    def only(self, kinds: Iterable[str]) -> bool:
        """Tell whether all its phrases are of these kinds."""
        return all(phrase.kind in kinds for phrase in self.phrases)

    @property
    def goes_on(self) -> bool:
        """Whether it tells what came next, without a time of its own: `…, then fell to 78`."""
        return _opened_by(self, "then") and not self.whens

    @property
    def amounts(self) -> list[Amount]:
        return [amount for phrase in self.phrases for amount in phrase.amounts]

    @property
    def subjects(self) -> list[Subject]:
        return [word.meaning for word in self.words if word.kind == "SUBJECT"]

    @property
    def periods(self) -> list[PeriodMention]:
        return [period for phrase in self.phrases for period in phrase.periods]

    def periods_in(self, *kinds: str) -> list[PeriodMention]:
        """Give the periods that its phrases of these kinds name."""
        return [period for phrase in self.phrases if phrase.kind in kinds for period in phrase.periods]

    @property
    def whens(self) -> list[PeriodMention]:
        """The periods that it is about, not those it compares with."""
        # The period beside one of several figures is that figure's alone.
        left_out = (*AGAINST, "from_to", "between_periods", *(["level_in"] if len(self.amounts) > 1 else []))
        compares = self.has("change", "movement", "not_moved", "nearly_same", *AGAINST)
        compares |= self.only(("bracket", "when")) or any(one.metric in ("ratio", "points") for one in self.amounts)
        apart = SCOPES | RELATIVE if compares else SCOPES
        about = (
            one for one in self.phrases if one.kind not in left_out or any(a.metric == "ratio" for a in one.amounts)
        )
        return [one for phrase in about for one in phrase.periods if one.kind not in apart]


class Grammar:
    """The phrases of `claims.yml`, compiled to run over rows of words."""

    def __init__(self, rules: ClaimRules) -> None:
        self._codes: dict[str, str] = {}
        self._macros = rules.macros
        self._phrases = [(kind, [self._compile(one) for one in forms]) for kind, forms in rules.phrases.items()]
        self._sentences = [
            (kind, [self._compile(f"LEAD ({one}) TAIL") for one in forms]) for kind, forms in rules.sentences.items()
        ]

    def _compile(self, pattern: str) -> re.Pattern:
        for _ in range(3):  # a form may name others
            pattern = re.sub(r"\w+", lambda word: self._macros.get(word[0], word[0]), pattern)
        return compile_form(re.sub(r"\w+", lambda word: self._code(word[0]), pattern).replace(" ", ""))

    def _code(self, kind: str) -> str:
        return self._codes.setdefault(kind, chr(_FIRST_CODE + len(self._codes)))

    def _encode(self, words: Sequence[Word]) -> str:
        return "".join(self._code(word.kind) for word in words)

    def sentence_kind(self, words: Sequence[Word]) -> str:
        """Give the kind of a statement about several figures that these words are, or an empty text."""
        row = self._encode([word for word in words if word.kind != "degree"])
        return next((kind for kind, forms in self._sentences if any(form.fullmatch(row) for form in forms)), "")

    def cover(self, words: Sequence[Word]) -> list[Phrase]:
        """Give the fewest phrases that cover the words; the first in the rules where two cover as much."""
        row, size = self._encode(words), len(words)
        best: list[tuple[float, int, str]] = [(0.0, size, "")] * (size + 1)
        for start in range(size - 1, -1, -1):
            choices = [(_UNCOVERED + best[start + 1][0], start + 1, "unread")]
            for rank, (kind, forms) in enumerate(self._phrases):
                ends = {match.end() for form in forms if (match := form.match(row, start)) and match.end() > start}
                choices += [(1 + rank / 1000 + best[end][0], end, kind) for end in ends]
            best[start] = min(choices)
        phrases, place = [], 0
        while place < size:
            _, end, kind = best[place]
            phrases.append(Phrase(kind, tuple(words[place:end])))
            place = end
        return phrases


def split_clauses(phrases: Iterable[Phrase]) -> list[Clause]:
    """Give clauses in order; one that only names a period belongs to its neighbour."""
    clauses: list[Clause] = []
    opener, is_open = None, False
    for phrase in phrases:
        if phrase.kind in ("soft", "hard"):  # of several breaks in a row the hard one counts
            opener, is_open = opener if opener is not None and opener.kind == "hard" else phrase, False
            if phrase.has("remark", "away"):  # may be all there is: "It rose again."
                clauses.append(Clause([Phrase("unread", phrase.words)], opener))
                opener, is_open = None, True
        elif is_open:
            clauses[-1].phrases.append(phrase)
        else:
            clauses.append(Clause([phrase], opener))
            opener, is_open = None, True
    for clause in clauses:
        of_both = clause.only(SHAPES) and clause.periods and _opened_by(clause, "as")  # "As in 2016/17, …"
        if of_both or (_opened_by(clause, "with") and clause.subjects and clause.only({"subject", *SHAPES})):
            clause.phrases = [Phrase("unread", tuple(clause.words))]
    merged = list(_merge_periods(clauses))
    _mark_unread(merged)
    return merged


def _merge_periods(clauses: list[Clause]) -> Iterator[Clause]:
    waiting: list[Phrase] = []
    last: Clause | None = None
    for clause, after in zip_longest(clauses, clauses[1:]):
        soft = clause.opener is None or clause.opener.kind != "hard"
        leads = last is None and any(map(clause.only, _LEADS))  # "At its lowest, …", "Across the city, in Q4, …"
        if (clause.only(SHAPES) or leads) and not clause.has("pronoun"):
            is_named = last is not None and last.only({"subject", "companion"})  # "knife crime, in Q4, stood at 67"
            goes_back = soft and not is_named and not _opened_by(clause, "and", "with")
            if last is not None and goes_back and not _leads_on(last, after):
                last.phrases += clause.phrases
            else:
                waiting += clause.phrases
            continue
        if last is not None and soft and clause.only(_ends_of(last)):
            last.phrases += clause.phrases
            continue
        clause.phrases = [*waiting, *clause.phrases]
        waiting = []
        if last is not None:
            yield last
        last = clause
    if last is not None:
        yield last
    if waiting:  # "… rose in Q1, and again in Q2" says more than can be read
        words = tuple(word for phrase in waiting for word in phrase.words)
        yield Clause([Phrase("unread", words)] if last is not None else waiting)


def _ends_of(last: Clause) -> Iterable[str]:
    """The kinds of phrases that may follow a clause and belong to it: `fell between Q1 and Q3, from 118 to 78`, `fell
    to 78, from 118 in Q1`, `lowest quarter for hate crime: Q3 (78)`."""
    if last.has("movement"):
        return _BASES if last.has("to_level") else () if last.amounts else _ENDS
    if last.amounts and not last.periods and (last.has("change") or all(one.metric == "ratio" for one in last.amounts)):
        return ("from_to",)  # "more than halved, from 23 in Q1 to 9 in Q2"
    return {"when", "bracket"} if last.has("extreme") and last.only({"extreme", "subject"}) else ()


def _leads_on(last: Clause, after: Clause | None) -> bool:
    """`Up 16% (Q4: up 31%)`, `in Q1 (by 15), Q2 (by 131)`: a period belongs to the colon or bracket behind it."""
    return after is not None and _opened_by(after, "colon", *(["open"] if _opened_by(last, "open") else []))


def _mark_unread(clauses: list[Clause]) -> None:
    """Words that are not read, and figures that may belong to either side, spoil all up to a break such as `while`, or
    to what only adds a figure (`, with 252 children …`), which they themselves may narrow down."""
    tells = [False, *(bool(clause.amounts) for clause in clauses)]  # "gun crime with a repeat victim" is some of it
    adds = [
        _opened_by(clause, "with") and bool(clause.amounts) and (told or _opened_by(clause, "comma"))
        for clause, told in zip(clauses, tells, strict=False)
    ]
    parts = list(_parts(clauses, adds))
    unread = ("unread", "away", "two_figures")
    spoilt = {part for part, clause in zip(parts, clauses, strict=True) if clause.has(*unread)}
    for (part, before), (later, clause) in pairwise(zip(parts, clauses, strict=True)):
        if _is_list(before, clause) or _is_comparison(before, clause):
            spoilt |= {part, later}
    for part, added, clause in zip(parts, adds, clauses, strict=True):
        spoilt |= {part} if added and part - 1 in spoilt else set()
        clause.is_read = part not in spoilt


def _parts(clauses: list[Clause], adds: list[bool]) -> Iterator[int]:
    """The number of the part of the sentence that each clause is of; a remark up to its comma is one by itself."""
    part, remark = 0, 0
    for place, clause in enumerate(clauses):
        if _is_remark(clause) or (remark and not _opened_by(clause, "comma", "hard", "dash")):
            remark = remark or -place - 1
        else:
            turns = place > 0 and _turns_to_us(clauses[place - 1], clause)
            part, remark = part + (adds[place] or turns or _opened_by(clause, "hard", "dash")), 0
        yield remark or part


def _is_remark(clause: Clause) -> bool:
    """`…, because of the new team`: what is no figure, and is of none, narrows none down."""
    return _opened_by(clause, "remark", "away") and not (clause.amounts or clause.periods)


def _turns_to_us(before: Clause, clause: Clause) -> bool:
    """`In Dudley gun crime rose by 4, and here in the city to 63`: each has figures of its own."""
    return before.has("away") and bool(before.amounts) and clause.has("place") and bool(clause.amounts)


def _is_list(before: Clause, clause: Clause) -> bool:
    """`49, 49, 56 and 67 offences`: which figure is whose isn't said; nor what a bare one after `but` counts."""
    if _opened_by(clause, "and") and before.only({"subject"}) and clause.has("subject"):
        return True  # "knife crimes and gun crimes were 221 and 63"
    if clause.phrases[0].kind != "level" or clause.words[0].kind != "AMOUNT":
        return False
    bare = len(clause.phrases) == 1
    if bare and clause.words[0].meaning.metric == "count" and not clause.words[0].meaning.direction:
        follows = bool(before.amounts) and not before.has("change")
        return follows or _opened_by(clause, "hard", "and")
    own, last = clause.words[0].meaning, before.amounts[:1]
    if own.direction and last and (own.metric != last[0].metric or not last[0].direction):
        return False  # "221, +30, +15.7%"
    return [word.kind for word in before.words] == ["AMOUNT"] and (bare or _opened_by(clause, "and"))


def _is_comparison(before: Clause, clause: Clause) -> bool:
    """`twice as many … as referrals`, `the same increase as …`: what follows `as` is half of the comparison."""
    compares = before.has("same") or any(amount.metric == "ratio" for amount in before.amounts)
    return compares and _opened_by(clause, "as") and bool(clause.subjects)


def _opened_by(clause: Clause, *kinds: str) -> bool:
    return clause.opener is not None and clause.opener.has(*kinds)
