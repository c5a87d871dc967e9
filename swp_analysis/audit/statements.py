"""What a sentence states. In: its words, what was said before, the tables. Out: `Claim`s with readings.

A clause that isn't understood to its last word gives claims without readings, which are not judged.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.claims import Claim, make_claim
from swp_analysis.audit.clause_shapes import BEHIND, follow_period, share_period
from swp_analysis.audit.figure_claims import plain_kind
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.grammar import AGAINST, Clause, Grammar, split_clauses
from swp_analysis.audit.lexing import Lexer, normalise, split_sentences
from swp_analysis.audit.mentions import PeriodMention, compile_form
from swp_analysis.audit.phrase_claims import AIMS, OF_BEFORE, claims_of_aim, claims_of_phrase, claims_of_sentence
from swp_analysis.audit.recompute import recompute
from swp_analysis.audit.row_claims import WHOLE_CLAUSE, claim_of_row
from swp_analysis.audit.scenes import UNREAD, SaidBefore, Scene, make_scene
from swp_analysis.audit.spans_meant import pairs_of_change
from swp_analysis.audit.words import Subject, Word, find_legend, may_count_all
from swp_analysis.catalogue.claim_rules import ClaimRules

# Words of no list, and other areas' names.
NOT_KNOWN = ("unknown", "away")
_BREAKS, _MOVES = ("comma", "hard", "dash", "colon"), ("change", "movement", "run", "previous_level")
_ASKING = re.compile(r"(?i)how|many|much|why|what|which|when|did|do|does|will|you|know|gone|come|go|quarter|most|[?]")
_LETTERS = re.compile("[a-z]{2,}")
_LEVEL = re.compile(
    r"(?P<marks>#+)|(?:(?:section|appendix|chapter|part|item) )?"
    r"(?P<numbers>\d{1,2}(?:\.\d{1,2})+|\d{1,2}(?=\.))\.? +[A-Z]",
    re.IGNORECASE,
)


class StatementReader:
    """Reads the claims of sentences, for one set of tables and year."""

    def __init__(self, rules: ClaimRules, figures: TableFigures, this_year: str, *, quotes: bool = False) -> None:
        self._quotes = quotes
        self._lexer = Lexer(figures.catalogue, rules, this_year, has_months=bool(figures.months))
        self._grammar = Grammar(rules)
        self.rules, self._figures, self.year = rules, figures, this_year
        self._elsewhere = compile_form(rf"\b(?:{'|'.join(rules.elsewhere)})\b", re.IGNORECASE)
        titles = " ".join(theme.title for theme in figures.catalogue.themes.values())
        labels = (f"{one.label} {one.short_label}" for one in figures.catalogue.indicators.values())
        plain = " ".join((*rules.heading_words, *rules.frame_words, titles, *labels)).lower()
        self._heading_words = set(re.findall(r"[a-z]+", plain))
        self.catalogue = figures.catalogue

    def read(self, text: str, before: SaidBefore) -> list[Claim]:
        """Read the claims of one normalised sentence; `before` then holds what the next sentence may refer to."""
        row = before.row or (before.last.name if before.last else "")
        words = self._lexer.pieces.refer_back(self._lexer.read(text), text, row)
        legend = find_legend(text, words)
        before.brackets = legend.meaning if legend else before.brackets
        before.counts_all = not before.row and before.last != before.heading and may_count_all(words, self.rules)
        claims = list(self._claims(text, words, before))
        claims = [self._quote_unknown(claim, text, words) for claim in claims] if self._quotes else claims
        self._remember(text, [word for word in words if word is not legend], before)
        return claims

    def refers_back(self, text: str, before: SaidBefore, above: SaidBefore) -> bool:
        """Tell whether a paragraph goes on about what is `before`: it and its heading name nothing, or `This` does."""
        is_same = above.last == before.last and re.match(r"\W*(?:This|These|That|It|They)\b", text) is not None
        goes_on = before.last is not None and (above.last is None or is_same)
        words = self._lexer.read("".join(split_sentences(normalise(text))[:1])) if goes_on else []
        return bool(words) and all(one.kind != "SUBJECT" for one in words)

    def read_heading(self, heading: str, above: SaidBefore) -> SaidBefore:
        """Read what a heading says of the lines below it: the indicator, the period, or that they are elsewhere.

        One about elsewhere holds until another of its level or above, or until our own area or year is named; so does
        its period until another one is.
        """
        words = self._lexer.read(heading.title() if heading.isupper() else heading)
        legend = find_legend(heading, words)
        words, brackets = [one for one in words if one is not legend], legend.meaning if legend else above.brackets
        named = [word.meaning for word in words if word.kind == "SUBJECT"]
        periods = [word.meaning for word in words if word.kind == "PERIOD"]
        one = named[0] if len({subject.name for subject in named}) == 1 and named[0].name else None
        level, kinds = _level_of(heading), {word.kind for word in words}
        is_ours = "place" in kinds or any(period.kind == "span" and period.year == self.year for period in periods)
        is_new = not heading or is_ours or 0 < level <= above.level
        is_known, names = self._find_elsewhere(heading, words) >= 0, self._names_in(heading, words)
        away = bool(is_known or names)
        narrows = "noise" in kinds or (heading.endswith(":") and "unknown" in kinds)
        narrows |= any(period.kind in ("month", "other", "last_year") for period in periods)
        if above.holds and not is_new and not away:
            return replace(above, last=one)
        spans = [period for period in periods if period.kind == "span"]
        context = spans[0] if len(spans) == 1 else above.context if not periods and not is_new else None
        holds = bool(is_known or "away" in kinds or (names and level)) and not is_ours and not heading.endswith(":")
        return SaidBefore(
            last=one, context=context, is_elsewhere=away, holds=holds, narrows=narrows, level=level, brackets=brackets
        )

    def names_what(self, text: str) -> bool:
        """Tell whether the words over a column or before a row name an indicator, a period or a change."""
        return any(word.kind in ("SUBJECT", "PERIOD", "change_of") for word in self._lexer.read(normalise(text)))

    def _find_elsewhere(self, text: str, words: list[Word]) -> int:
        """Where a text speaks of another area, a target or another paper, but for a name such as `protection plans`."""
        named = [range(word.start, word.end) for word in words if word.kind == "SUBJECT"]
        places = (match.start() for match in self._elsewhere.finditer(text))
        return next((place for place in places if not any(place in one for one in named)), -1)

    def _names_in(self, text: str, words: list[Word]) -> list[str]:
        """The capitalised words that no list knows: a town's, a ward's or a person's name."""
        unknown = [text[word.start : word.end] for word in words if word.kind in NOT_KNOWN]
        named = [one for one in unknown if one[:1].isupper() and {*_LETTERS.findall(one.lower())} - self._heading_words]
        return [one for one in named if not re.fullmatch(r"[A-Z]{1,4}\d*", one) or len(unknown) == len(words)]

    def _claims(self, text: str, words: list[Word], before: SaidBefore) -> Iterator[Claim]:
        if text.rstrip().endswith("?") and not text.lower().startswith("did you know"):
            return
        around = Scene(Clause(), Subject(""), self._figures, self.rules, self.year, before.context, before=before)
        if found := self._of_whole(words, around):
            yield from (replace(claim, words=_text_of(text, words)) for claim in found)
            return
        more = [word for word in words if word.kind == "says_more"]
        words = [word for word in words if word.kind not in ("total", "says_more")]
        clauses = split_clauses(self._grammar.cover(words))
        earlier: list[Claim] = []
        left: list[Clause] = []
        open_ended = False
        for place, clause in enumerate(clauses):
            open_ended &= clause.opener is None or clause.opener.kind != "hard"
            scene = UNREAD if open_ended else make_scene(clauses, place, earlier, around)
            found = self._of_joined(scene, clauses, place)
            unlike = any(one.kind in ("other", "month") for one in clause.periods_in(*AGAINST))  # "than five years ago"
            is_more = unlike or (not found and _says_more(clause, is_last=clause is clauses[-1]))
            is_more |= not isinstance(scene, str) and bool(scene.values) and not scene.direction  # better, or not?
            if is_more or (not isinstance(scene, str) and _is_overdone(_text_of(text, clause.words), scene)):
                left.append(clause)
            # What isn't understood and states no figure of its own may narrow down what follows.
            open_ended |= not clause.amounts and any(claim.why_untied for claim in found)
            earlier += found if not isinstance(scene, str) else []
            yield from (replace(claim, words=claim.words or _text_of(text, clause.words)) for claim in found)
        unsaid = [*(clause.words for clause in left), *([more] if more else [])]
        for said in unsaid if any(claim.readings for claim in earlier) else ():
            why = "it speaks of more than the tables can show" if said is more else UNREAD
            yield make_claim("movement", "statement", why=why, words=_text_of(text, said))

    def _quote_unknown(self, claim: Claim, text: str, words: list[Word]) -> Claim:
        """Name the first word that is in no list and, where it is a part of a label, how to make it known."""
        word = next((one for one in words if one.kind == "unknown"), None)
        if word is None or claim.why_untied != UNREAD:
            return claim
        alone = re.search(r"\bonly (?:the )?$", text[: word.start], re.IGNORECASE)
        said, hint = "only" if alone else text[word.start : word.end], ""
        pairs = [pair for form in (r"\b{} \w+", r"\w+ {}\b") for pair in re.findall(form.format(re.escape(said)), text)]
        labels = [one.label for one in self.catalogue.indicators.values()]
        named = next((label for label in labels if any(pair.casefold() in label.casefold() for pair in pairs)), "")
        if named and not any(one.kind == "SUBJECT" and one.meaning.name for one in words):
            hint = f"; if it names {named!r}, write the name that stands here into the `aliases:` of that indicator"
        return replace(claim, why_untied=f"{UNREAD}: {said!r}{hint}")

    def _of_whole(self, words: list[Word], around: Scene) -> list[Claim]:
        """What a sentence about several figures states; of one indicator in two periods, the clauses may say which."""
        kind = "" if around.before.is_away else self._grammar.sentence_kind(words)
        if not kind:
            return []
        clause = Clause(self._grammar.cover(words))
        subjects = list(dict.fromkeys(clause.subjects))
        known = [one for one in subjects if one.name]
        scenes = [replace(around, clause=clause, subject=one) for one in known]
        found = list(claims_of_sentence(kind, words, scenes if known == subjects else []))
        return found if len(subjects) > 1 or not any(claim.why_untied for claim in found) else []

    def _of_joined(self, scene: Scene | str, clauses: list[Clause], place: int) -> list[Claim]:
        """The claims of a clause, with the period that stands behind it, in one that is joined to it or that follows;
        without it they are spared, or the reverse."""
        alone = list(self._of_clause(scene, clauses[place]))
        is_bare = clauses[place].only({"level"})
        if is_bare and clauses[place].phrases[0].has("at") and any(one.whens for one in clauses[:place]):
            return alone  # "highest in Q1, at 23, and lowest in Q2"
        joined = [("",)] if is_bare else [_MOVES]  # "At 102, robbery in Q3 was …"
        follows = (follow_period(clauses, place, self.year, *across) for across in ((), ("hard",)))
        ways = zip((share_period(clauses, place), *follows), (("",), *joined, ()), strict=True)
        behind, sure = next((way for way in ways if way[0]), (None, ()))
        if behind is None or isinstance(scene, str):
            return alone
        found = list(self._of_clause(replace(scene, clause=behind), behind))
        if len(found) == len(alone):
            return [_either(*pair, sure) for pair in zip(found, alone, strict=True)]
        return [replace(one, readings=(), why_untied=BEHIND) for one in found] if "" in sure else alone

    def _of_clause(self, scene: Scene | str, clause: Clause) -> Iterator[Claim]:
        of_row = claim_of_row(scene) if not isinstance(scene, str) else None
        if of_row is not None and clause.has(*AIMS):
            of_row, scene = None, "it may be a target of each part of the year"
        if of_row is not None:
            yield of_row
            scene = of_row.why_untied or scene
        if isinstance(scene, str):
            yield from (make_claim(plain_kind(one), one.text, why=scene) for one in clause.amounts)
            if not clause.amounts and clause.has("movement", "extreme", "same", "run"):
                yield make_claim("movement", "statement", why=scene)
        elif of_row is not None and of_row.kind in WHOLE_CLAUSE:
            scene = replace(scene, earlier=[*scene.earlier, of_row])
            for phrase in clause.phrases:
                if of_row.kind == "average" and phrase.kind in OF_BEFORE:  # "averaged 55 a quarter against 48"
                    yield from claims_of_phrase(phrase, scene)
                    continue
                left = [one for one in phrase.amounts if one not in (of_row.amount, of_row.highest)]
                yield from (make_claim(plain_kind(one), one, why=f"only {of_row.stated} is judged") for one in left)
        else:
            for phrase in clause.phrases:
                if phrase.kind in AIMS:
                    yield from claims_of_aim(phrase, scene)
                elif of_row is None or phrase.amounts or phrase.kind == "none_of":
                    for claim in claims_of_phrase(phrase, scene):
                        is_rough = claim.amount is not None and claim.amount.rough and claim.amount.metric == "percent"
                        is_part = bool(claim.readings) and (is_rough or claim.readings[0].metric == "part")
                        scene = replace(scene, earlier=[*scene.earlier, claim]) if is_part else scene
                        yield claim

    def _remember(self, text: str, words: list[Word], before: SaidBefore) -> None:
        named = [word.meaning for word in words if word.kind == "SUBJECT"]
        kinds = {word.kind for word in words}
        of_part = any(word.kind == "COMPANION" and word.meaning.name for word in words)
        if (_is_unclear(text, words) or of_part or before.counts_all) and not before.row:
            before.last = None  # whose figures they were isn't known
        elif named:
            before.last = named[-1] if len({one.name for one in named}) == 1 else Subject("")
        periods = [word.meaning for word in words if word.kind == "PERIOD"]
        spans = [one for one in periods if one.kind == "span"]
        about = [one for one in words if one.kind not in ("in", "at", "of", "over")]
        bases = [one.meaning for led, one in pairwise(about) if led.kind in ("than", "compare", "upon")]
        if len(spans) == 1 and spans[0] not in bases:  # not what it is only compared with
            before.context = spans[0]
        elif any(one.kind in ("other", "month") for one in periods):
            before.context = PeriodMention("other")  # "Three years ago knife crime was …"
        # "Turning to Walsall, …" and what stands below it; "our city" brings the reader back.
        place = self._find_elsewhere(text, words)
        opens = 0 <= place < 30 or self._opens_with_a_name(text, words)
        if (place >= 0 or self._names_in(text, words)) and (opens or not any(word.kind == "AMOUNT" for word in words)):
            before.is_elsewhere = True
            is_turn = "AMOUNT" not in kinds and any(word.kind == "away" for word in words[:3])
            before.turned |= is_turn  # "In Walsall the picture is worse."
        elif any(word.kind == "place" for word in words):
            before.is_elsewhere = before.narrows = before.turned = False

    def _opens_with_a_name(self, text: str, words: list[Word]) -> bool:
        first = [word for word in words[:3] if word.kind in NOT_KNOWN]
        leads = re.match(r"(?:In|At|Across|Over in|For|Turning to|Within|Around) ", text)
        return any(word.kind == "away" for word in first) or bool(leads and self._names_in(text, first))


def _either(behind: Claim, alone: Claim, sure: tuple[str, ...]) -> Claim:
    """A claim of the period behind it where its kind begins like one of `sure`, else of none; by the other it is only
    spared."""
    one, other = (behind, alone) if behind.kind.startswith(sure) else (alone, behind)
    is_same = one.kind == "extreme" and one.readings == other.readings
    spared = one.doubtful if is_same else (*one.doubtful, *other.readings, *other.doubtful)
    return replace(one, doubtful=spared) if behind.kind == alone.kind or "" in sure else alone


def _is_overdone(said: str, scene: Scene) -> bool:
    """Tell whether words call a change large or slight that isn't."""
    limits = [one for one in scene.rules.sizes if re.search(rf"\b(?:{one.words})\b", said, re.IGNORECASE)]
    pairs = pairs_of_change(scene) if limits and not scene.is_share else None
    found = [recompute(one, scene.figures) for one in scene.changes(pairs.sure, "percent")] if pairs else []
    sizes = [abs(one.value) for one in found if one]
    return bool(sizes) and any(max(sizes) < one.least or min(sizes) > one.most for one in limits)


def _is_unclear(text: str, words: list[Word]) -> bool:
    """Whether a word of no list may narrow down what is named: it stands before it or beside it; of a question, the
    words that only ask narrow nothing down."""
    asks = text.rstrip().endswith("?")
    named = [place for place, word in enumerate(words) if word.kind in ("SUBJECT", "AMOUNT")]
    last = named[-1] if named else -1
    breaks = (place for place, word in enumerate(words) if place > last and word.kind in _BREAKS)
    before = words[: next(breaks, len(words)) if named else len(words)]
    unclear = (text[word.start : word.end] for word in before if word.kind in (*NOT_KNOWN, "noise"))
    return any(not (asks and _ASKING.fullmatch(said)) for said in unclear)


def _says_more(clause: Clause, *, is_last: bool) -> bool:
    """Whether a clause that gives no claim narrows down what is said: `…, but not in Q4`, `…, as did knife crime`."""
    if clause.opener is not None and clause.opener.has("remark", "away"):
        return True
    if clause.is_read:
        return is_last and bool(clause.subjects)
    return any(word.kind in ("SUBJECT", "PERIOD", "not") for word in clause.words)


def _level_of(heading: str) -> int:
    """The level of a heading that is numbered, `3.1 Violent crime`, or marked, `## Violent crime`; 0 for others."""
    found = _LEVEL.match(heading)
    return len(found["marks"] or "") or found["numbers"].count(".") + 1 if found else 0


def _text_of(text: str, words: list[Word]) -> str:
    return text[words[0].start : words[-1].end][:90] if words else ""
