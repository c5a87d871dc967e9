"""Claims out of running text. In: passages of a report. Out: `Claim`s with their place and words.

A passage is read with what stands above it: a heading that names a quarter, an indicator or another area counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from swp_analysis.audit.claims import Claim, FigureMeant, find_theme
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.lexing import normalise, split_sentences
from swp_analysis.audit.period_words import PeriodMention
from swp_analysis.audit.scenes import SaidBefore
from swp_analysis.audit.statements import StatementReader
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.ingest.records import ReportPassage

_MONEY = re.compile(r"£\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:k|m|bn|million|thousand))?\b", re.IGNORECASE)
_SUM = re.compile(r"\b\d[\d,]*(?: \+ \d[\d,]*)+(?: = \d[\d,]*)?")


def claims_of_passages(passages: Iterable[ReportPassage], reader: StatementReader) -> Iterator[Claim]:
    """Give the claims of passages in the order in which they stand."""
    heading, above = "", SaidBefore()
    for passage in passages:
        if passage.heading != heading or passage.row:
            heading, above = passage.heading, reader.read_heading(passage.heading)
        before = replace(above, row=passage.row)
        claims = [*_money_claims(passage, reader.rules), *_prose_claims(passage, reader, before)]
        if passage.heading and before.context is not None and _is_this_year(before.context, reader):
            above = replace(above, context=above.context or before.context)
        for number, claim in enumerate(claims, start=1):
            yield replace(
                claim, claim_id=f"{passage.key}.{number}", location=passage.place, group=passage.key,
                words=" ".join(claim.words.split())[:90],
            )  # fmt: skip


def _is_this_year(period: PeriodMention, reader: StatementReader) -> bool:
    return period.year == reader.year and period.quarters in ((), QUARTERS)


def _prose_claims(passage: ReportPassage, reader: StatementReader, before: SaidBefore) -> Iterator[Claim]:
    for number, text in enumerate(split_sentences(normalise(passage.text))):
        added = _SUM.search(text)
        if added:
            yield from _sum_claim(added[0], passage, reader, number)
            continue
        counted = re.search(reader.rules.measures_met, text)
        if counted:
            yield from (replace(claim, sentence=number) for claim in _measure_claims(counted, text, passage, reader))
            continue
        part, name = (
            re.search(reader.rules.part_of_whole, text),
            passage.row or (before.last.name if before.last else ""),
        )
        claims = reader.read(_MONEY.sub("sum of money", text), before)
        if part and not any(claim.readings for claim in claims):
            claims = list(_part_claims(part, reader, name))
        yield from (replace(claim, sentence=number) for claim in claims)


def _measure_claims(match: re.Match, text: str, passage: ReportPassage, reader: StatementReader) -> Iterator[Claim]:
    """`9 of the 12 performance measures`: those that met their aim, and all, of the theme that is named."""
    theme = find_theme(text, reader.catalogue) or find_theme(passage.heading, reader.catalogue)
    for kind, name in (("achieved", "met"), ("level", "all")):
        yield Claim("", "", "", kind, match[name], "measures", words=match[0], theme=theme)


def _part_claims(match: re.Match, reader: StatementReader, name: str) -> Iterator[Claim]:
    """`(336 out of 384 or 87.5%)`: the part has no table; the whole is that of the indicator named before."""
    words = {"words": match[0].strip("()")}
    yield Claim("", "", "", "share", match["pct"], why_untied="the tables don't have this part", **words)
    if name and reader.catalogue.indicators[name].unit == "count":
        readings = (FigureMeant(name, "level", YearSpan(reader.year)),)
        yield Claim("", "", name, "level", match["whole"], readings=readings, weak="far", **words)


def _sum_claim(stated: str, passage: ReportPassage, reader: StatementReader, number: int) -> Iterator[Claim]:
    """`520 + 490 = 1,010`: its own arithmetic, and the year of its row."""
    readings = (FigureMeant(passage.row, "level", YearSpan(reader.year)),) if passage.row else ()
    yield Claim("", "", passage.row, "sum", stated, readings=readings, words=stated, sentence=number)


def _money_claims(passage: ReportPassage, rules: ClaimRules) -> Iterator[Claim]:
    """Sums of money; the one after a word such as `amounted to` is the total of those before it."""
    text, found = passage.text, list(_MONEY.finditer(passage.text))
    total = re.compile(rf"(?:{'|'.join(rules.money_totals)})[^£]{{0,40}}$", re.IGNORECASE)
    link = re.compile(rf"\b(?:{'|'.join(rules.money_links)})\b", re.IGNORECASE)
    linked = bool(found) and link.search(text[found[0].end() : found[-1].start()])
    for position, match in enumerate(found):
        is_total = position == len(found) - 1 == 2 and linked and total.search(text[: match.start()])
        yield Claim("", "", "", "budget", match[0], "total" if is_total else "pounds", words=match[0])
