"""What a colleague does before a paper goes to the board: a text against the tables of a year. In: a text, or passages.
Out: a table with a line per statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from swp_analysis.audit.claims import Claim
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judgements import judge_claim
from swp_analysis.audit.lexing import normalise, split_sentences
from swp_analysis.audit.passages import ReportPassage, claims_of_passages
from swp_analysis.audit.statements import StatementReader
from swp_analysis.audit.verdicts import ClaimContext, Judgement, untied
from swp_analysis.catalogue.claim_rules import load_claim_rules

STATEMENT_COLUMNS = ["place", "sentence", "statement", "verdict", "words", "explanation", "indicator", "kind", "recomputed"]
NOT_JUDGED = "not judged"


def judge_claims(claims: Sequence[Claim], context: ClaimContext) -> list[Judgement]:
    """A verdict for each claim; none is confirmed where another part of its sentence can't be judged."""
    judged = [judge_claim(claim, context) for claim in claims]
    for _, group in groupby(range(len(claims)), key=lambda place: (claims[place].group, claims[place].sentence)):
        places = list(group)
        if all(claims[place].amount is None and not claims[place].words for place in places):
            continue
        if any(judged[place].verdict == "no_table" for place in places):
            for place in places:
                if judged[place].verdict == "confirmed":
                    why = "what it says of the tables holds, but not every part of the sentence can be judged"
                    judged[place] = untied(why, judged[place].recomputed)
    return judged


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
    periods = all(word.strip(",.():").lower().lstrip("q").replace("/", "").replace("-", "").isdigit() for word in figures)
    return len(line) < 60 and line[-1:] not in ".!?;," and not bullet and periods and len(figures) <= 2
