"""Claims out of running text. In: passages of a report, or sentences of our own. Out: `Claim`s with readings.

normalise -> sentences -> recognise -> match -> bind -> claim. What can't be tied to an indicator and a period becomes a
claim without readings, which the audit answers with `no_table`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from swp_analysis.audit.binding import Binder, Memory
from swp_analysis.audit.building import Builder
from swp_analysis.audit.claims import Claim
from swp_analysis.audit.figures import Figures
from swp_analysis.audit.matching import Matcher
from swp_analysis.audit.sentences import Reader, Sentence, normalise, split_sentences
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue

_MONEY = re.compile(r"£\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:k|m|bn|million|thousand))?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Passage:
    """A stretch of text with its place: a line of prose, or the commentary of a table row."""

    place: str
    key: str
    text: str
    row: str = ""


class Extractor:
    """Reads claims by the rules of `claims.yml`, for one catalogue, year and set of tables."""

    def __init__(self, catalogue: Catalogue, rules: ClaimRules, figures: Figures, financial_year: str) -> None:
        self._reader, self._matcher = Reader(catalogue, rules), Matcher(rules)
        self._binder = Binder(catalogue, rules)
        self._total = re.compile(rf"(?:{'|'.join(rules.money_totals)})[^£]{{0,40}}$", re.IGNORECASE)
        self._link = re.compile(rf"\b(?:{'|'.join(rules.money_links)})\b", re.IGNORECASE)
        self._builder = Builder(catalogue, rules, figures, financial_year)

    def extract(self, passage: Passage) -> list[Claim]:
        """The claims of a passage in the order in which they stand."""
        memory = Memory(row=passage.row)
        claims = list(_money_claims(passage, self._total, self._link))
        for text in split_sentences(normalise(passage.text)):
            sentence = self._reader.read(_MONEY.sub(lambda match: "○" * len(match[0]), text))
            claims += self._sentence_claims(sentence, text, passage, memory)
            self._binder.remember(sentence, memory)
        return [_with_id(claim, passage, number) for number, claim in enumerate(claims, start=1)]

    def _sentence_claims(self, sentence: Sentence, text: str, passage: Passage, memory: Memory) -> Iterator[Claim]:
        for match in self._matcher.find(sentence):
            bound = self._binder.bind(match, sentence, memory)
            words = " ".join(text[match.start : match.end].split())[:90]
            for claim in self._builder.build(match, bound, sentence):
                yield _placed(claim, words, passage)

    def figures_left(self, text: str) -> list[str]:
        """Figures of a sentence that no pattern took; our own text must have none."""
        sentence = self._reader.read(normalise(text))
        left = list(sentence.masked)
        for match in self._matcher.find(sentence):
            left[match.start : match.end] = " " * (match.end - match.start)
        return re.findall(r"\d[\d.,]*%?", "".join(left))


def _placed(claim: Claim, words: str, passage: Passage) -> Claim:
    return replace(claim, location=passage.place, words=words, group=passage.key)


def _with_id(claim: Claim, passage: Passage, number: int) -> Claim:
    return replace(claim, claim_id=f"{passage.key}.{number}")


def _money_claims(passage: Passage, total: re.Pattern, link: re.Pattern) -> Iterator[Claim]:
    """Sums of money; the one after a word such as `amounted to` is the total of those before it."""
    found = list(_MONEY.finditer(passage.text))
    text = passage.text
    linked = bool(found) and link.search(text[found[0].end() : found[-1].start()])
    for position, match in enumerate(found):
        is_total = position == len(found) - 1 == 2 and linked and total.search(text[: match.start()])
        yield Claim(
            "",
            passage.place,
            "",
            "budget",
            match[0],
            "total" if is_total else "pounds",
            words=match[0],
            group=passage.key,
        )
