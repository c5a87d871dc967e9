"""Claims out of running text. In: passages of a report. Out: `Claim`s with their place and words.

A passage is read with what stands above it: a heading that names a quarter, an indicator or another area counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from swp_analysis.audit.claims import Claim
from swp_analysis.audit.lexing import normalise, split_sentences
from swp_analysis.audit.statements import SaidBefore, StatementReader
from swp_analysis.catalogue.claim_rules import ClaimRules

_MONEY = re.compile(r"£\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:k|m|bn|million|thousand))?\b", re.IGNORECASE)


@dataclass(frozen=True)
class ReportPassage:
    """A stretch of text with its place: a line of prose under a heading, or the commentary of a table row."""

    place: str
    key: str
    text: str
    row: str = ""
    heading: str = ""


def claims_of_passages(passages: Iterable[ReportPassage], reader: StatementReader) -> Iterator[Claim]:
    """The claims of passages in the order in which they stand."""
    heading, above = "", SaidBefore()
    for passage in passages:
        if passage.heading != heading or passage.row:
            heading, above = passage.heading, reader.read_heading(passage.heading)
        before = replace(above, row=passage.row)
        claims = [*_money_claims(passage, reader.rules), *_prose_claims(passage, reader, before)]
        if passage.heading:
            above = replace(above, context=above.context or before.context)
        for number, claim in enumerate(claims, start=1):
            yield replace(
                claim, claim_id=f"{passage.key}.{number}", location=passage.place, group=passage.key,
                words=" ".join(claim.words.split())[:90],
            )  # fmt: skip


def _prose_claims(passage: ReportPassage, reader: StatementReader, before: SaidBefore) -> Iterator[Claim]:
    for number, text in enumerate(split_sentences(normalise(passage.text))):
        for claim in reader.read(_MONEY.sub("sum of money", text), before):
            yield replace(claim, sentence=number)


def _money_claims(passage: ReportPassage, rules: ClaimRules) -> Iterator[Claim]:
    """Sums of money; the one after a word such as `amounted to` is the total of those before it."""
    text, found = passage.text, list(_MONEY.finditer(passage.text))
    total = re.compile(rf"(?:{'|'.join(rules.money_totals)})[^£]{{0,40}}$", re.IGNORECASE)
    link = re.compile(rf"\b(?:{'|'.join(rules.money_links)})\b", re.IGNORECASE)
    linked = bool(found) and link.search(text[found[0].end() : found[-1].start()])
    for position, match in enumerate(found):
        is_total = position == len(found) - 1 == 2 and linked and total.search(text[: match.start()])
        yield Claim("", "", "", "budget", match[0], "total" if is_total else "pounds", words=match[0])
