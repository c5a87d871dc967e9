"""Our own sentences, held against the tables. In: judged sentences. Out: nothing, or the run stops."""

from __future__ import annotations

import pandas as pd

from swp_analysis.errors import RunError


def require_not_contradicted(judged: pd.DataFrame) -> None:
    """Stop the run when one of our own sentences disagrees with the data.

    Raises
    ------
    RunError
        With the first of them.
    """
    wrong = judged[judged["verdict"] == "contradicted"]
    if len(wrong):
        first = wrong.iloc[0]
        raise RunError(
            f"Our own text disagrees with the data ({len(wrong)} in all): {first['explanation']} "
            f"It is {first['statement']!r} in: {first['sentence']}"
        )
