"""What `swp audit` prints. In: judged claims. Out: a table on the terminal, and a line of counts.

The verdict is written out in every row; colour only repeats it.
"""

from __future__ import annotations

import os

import pandas as pd

from swp_analysis.audit.audit_year import VERDICTS, Audit

COLOURS = {"contradicted": "red", "different_scope": "yellow", "confirmed": "green", "no_table": ""}
SHOWN = ("contradicted", "different_scope")
WIDTH_IN_A_LOG = 160


def print_audit(audit: Audit, *, everything: bool = False) -> None:
    """Print the claims that don't hold (or all), worst first, and how many there are of each verdict."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=WIDTH_IN_A_LOG)
    chosen = VERDICTS if everything else SHOWN
    table = Table("Claim", "Where", "Stated", "Verdict", "Why", title="What the report says, against its own tables")
    for claim in sort_claims(audit.claims, chosen).itertuples(index=False):
        cells = [claim.claim_id, claim.location, claim.stated, claim.verdict.replace("_", " "), claim.explanation]
        table.add_row(*(_plain(cell) for cell in cells), style=COLOURS[claim.verdict] or None)
    if table.row_count:
        console.print(table)
    counts = ", ".join(f"{audit.count(verdict)} {verdict.replace('_', ' ')}" for verdict in VERDICTS)
    console.print(f"{len(audit.claims)} claims: {counts}.")


def sort_claims(claims: pd.DataFrame, verdicts: tuple[str, ...]) -> pd.DataFrame:
    """The claims with one of these verdicts, in their order, and within a verdict as they stand in the report."""
    kept = claims[claims["verdict"].isin(verdicts)]
    return kept.sort_values("verdict", key=lambda column: column.map(VERDICTS.index), kind="stable")


def _plain(text: str):
    """Text as text: a report may hold square brackets, which rich would read as markup."""
    from rich.text import Text

    return Text("".join(character if character.isprintable() else " " for character in text))
