"""What a colleague does before a paper goes to the board: a text against the tables of a year. In: a text, or passages.
Out: a table with a line per statement.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judgements import judge_claims
from swp_analysis.audit.lexing import normalise, split_sentences
from swp_analysis.audit.passages import ReportPassage, claims_of_passages
from swp_analysis.audit.statements import StatementReader
from swp_analysis.audit.verdicts import ClaimContext
from swp_analysis.catalogue.claim_rules import load_claim_rules

STATEMENT_COLUMNS = [
    "place",
    "sentence",
    "statement",
    "verdict",
    "words",
    "explanation",
    "indicator",
    "kind",
    "recomputed",
]
NOT_JUDGED = "not judged"


def judge_passages(passages: Sequence[ReportPassage], figures: TableFigures, financial_year: str) -> pd.DataFrame:
    """Judge every statement of passages against the tables; see `judge_text` for the columns."""
    rules = load_claim_rules(frozenset(figures.catalogue.indicators))
    claims = list(claims_of_passages(passages, StatementReader(rules, figures, financial_year)))
    judgements = judge_claims(claims, ClaimContext(figures, claims))
    texts = {passage.key: split_sentences(normalise(passage.text)) for passage in passages}
    rows = [
        {
            "place": claim.location,
            "sentence": texts[claim.group][claim.sentence],
            "statement": claim.stated,
            "verdict": NOT_JUDGED if judgement.verdict == "no_table" else judgement.verdict,
            "words": claim.words,
            "explanation": judgement.explanation,
            "indicator": claim.indicator,
            "kind": claim.kind,
            "recomputed": judgement.recomputed,
        }
        for claim, judgement in zip(claims, judgements, strict=True)
    ]
    return pd.DataFrame(rows, columns=STATEMENT_COLUMNS)


def judge_sentences(sentences: Sequence[str], figures: TableFigures, financial_year: str) -> pd.DataFrame:
    """Judge sentences that don't follow on each other, as an outsider reads them."""
    passages = [ReportPassage("", f"s{number}", text) for number, text in enumerate(sentences, start=1)]
    return judge_passages(passages, figures, financial_year)


def passages_of_text(text: str, name: str = "text") -> list[ReportPassage]:
    """The lines of a text, each with the heading above it."""
    passages, heading = [], ""
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip()
        if not plain:
            continue
        if is_heading(plain):
            heading = plain
        passages.append(ReportPassage(f"{name}, line {number}", f"x{number}", plain, heading=heading))
    return passages


def is_heading(line: str) -> bool:
    """Whether a line is short and no sentence: it stands over what follows.

    >>> is_heading("Knife crime"), is_heading("Quarter 3 2017/18"), is_heading("Knife crime rose by 30.")
    (True, True, False)
    """
    figures = [word for word in line.split() if any(c.isdigit() for c in word)]
    bullet = line[:1] in "-*•–"
    periods = all(
        word.strip(",.():").lower().lstrip("q").replace("/", "").replace("-", "").isdigit() for word in figures
    )
    return len(line) < 60 and line[-1:] not in ".!?;," and not bullet and periods and len(figures) <= 2
