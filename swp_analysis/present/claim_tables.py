"""What the report says, against its own tables. In: judged claims and protected data. Out: a `Table` for the
data-quality page that holds nothing an audience may not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from swp_analysis.audit.figures import HIDDEN
from swp_analysis.catalogue.models import Audience, Catalogue
from swp_analysis.disclosure import Protected
from swp_analysis.present.exhibit import Cell, Table
from swp_analysis.present.prose import Fold, Prose, Showable, Stack
from swp_analysis.present.words import name_in_words

VERDICT_WORDS = {"contradicted": "Contradicted", "different_scope": "Another scope"}
NUMBER_KINDS = {"level", "previous_level", "baseline_new", "same_as", "sum", "share", "printed_baseline"}
ROW_COUNTS = {"achieved", "not_achieved", "rank", "extreme"}
WITHHELD = "The numbers are too small to share."
NOTE = (
    "Contradicted: the table has another figure. Another scope: the figure is right for another period, unit or group. "
    "A figure that is rounded or cut off at its printed decimals is not counted as wrong."
)


def tabulate_claims(claims: pd.DataFrame, data: Protected, catalogue: Catalogue, audience: Audience) -> Stack:
    """Tabulate the claims that don't hold as stated, the contradicted ones first, and how many there are of each
    verdict.

    A claim about a row with a hidden figure is withheld, and so is one whose explanation names a row with a hidden
    year. The words of the source are shown only where small numbers may be.
    """
    shown = hide_claims(claims, data, catalogue, audience.suppress_below)
    counts = Prose(_count_words(shown))
    wrong = shown[shown["verdict"].isin(VERDICT_WORDS)].sort_values("verdict", kind="stable")
    if wrong.empty:
        return Stack([counts])
    internal = not audience.suppress_below
    entries: Iterable[Any] = wrong.itertuples(index=False)
    columns = ["Where", "Indicator", "Stated", "In the table", "Verdict", "Why", *(["Words"] if internal else [])]
    rows: list[list[Cell]] = [
        [
            name_in_words(row.location, catalogue),
            catalogue.indicators[row.indicator].label if row.indicator else "–",
            row.stated,
            row.recomputed or "–",
            VERDICT_WORDS[row.verdict],
            row.explanation,
            *([row.words] if internal else []),
        ]
        for row in entries
    ]
    table = Table("What the report says, against its own tables", columns, rows, note=NOTE)
    parts: list[Showable] = [counts, Fold(f"The {len(rows)} that do not hold as stated", table)]
    return Stack(parts)


def hide_claims(claims: pd.DataFrame, data: Protected, catalogue: Catalogue, threshold: int) -> pd.DataFrame:
    """Give the claims with everything blanked that rests on a hidden figure; their verdict becomes `withheld`."""
    shown = claims.copy()
    if not threshold:
        return shown
    hidden, hidden_years = hidden_indicators(data.observations), hidden_indicators(data.totals, data.baselines)
    small = pd.Series(
        [_is_small(row, threshold) for row in shown.itertuples(index=False)], index=shown.index, dtype=bool
    )
    # How many rows of a theme moved as asked speaks of the hidden rows too.
    counted = shown["indicator"].eq("") & shown["kind"].isin(ROW_COUNTS) & shown["recomputed"].ne("")
    hidden_of = shown["indicator"].isin(hidden | hidden_years)
    own = hidden_of | small | (counted & bool(hidden_years)) | _names(shown, hidden_years, catalogue)
    shown.loc[own, ["stated", "recomputed", "verdict", "explanation"]] = ["–", "", "withheld", WITHHELD]
    # A row whose years are shown may explain another one, as long as no quarter of it is quoted.
    quarter = _names(shown, hidden, catalogue) & shown["explanation"].str.contains(r"\bQ[1-4]\b")
    shown.loc[quarter, "explanation"] = "The table has another figure; the one that explains it is not shared."
    return shown


def _names(claims: pd.DataFrame, names: set[str], catalogue: Catalogue) -> pd.Series:
    """Whether an explanation names one of these indicators."""
    labels = [repr(catalogue.indicators[name].label) for name in names]
    return claims["explanation"].map(lambda text: any(label in text for label in labels)).astype(bool)


def hidden_indicators(*frames: pd.DataFrame) -> set[str]:
    """Give the indicators with a figure that the audience may not see in one of these protected frames."""
    return {name for frame in frames for name in frame.loc[frame["status"].isin(HIDDEN), "indicator"]}


def _is_small(row, threshold: int) -> bool:
    """Whether a claim states a count that would be hidden in a table."""
    if row.kind not in NUMBER_KINDS or "%" in row.stated or "£" in row.stated:
        return False
    return any(0 < int(number.replace(",", "")) < threshold for number in re.findall(r"\d[\d,]*", row.stated))


def _count_words(claims: pd.DataFrame) -> str:
    counts = claims["verdict"].value_counts()
    parts = [
        f"{counts.get('confirmed', 0)} hold",
        f"{counts.get('contradicted', 0)} are contradicted",
        f"{counts.get('different_scope', 0)} are right for another scope only",
        f"{counts.get('no_table', 0)} can't be checked because no table has them",
    ]
    withheld = counts.get("withheld", 0)
    parts += [f"{withheld} rest on numbers too small to share"] if withheld else []
    return f"Of {len(claims)} figures and statements checked, {', '.join(parts[:-1])} and {parts[-1]}."
