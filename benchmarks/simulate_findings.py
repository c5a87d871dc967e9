"""How often do the findings raise a false alarm, and how often do they see a real change? Writes results/simulation.md.

Poisson quarters, seeded; a change is +50% in each quarter of the last year. `python -m benchmarks.calibrate` runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from swp_analysis.analysis.usual_scatter import compare_counts
from swp_analysis.engines.spc.control_charts import find_levels, is_rare, read_line
from swp_analysis.engines.spc.run_rules import COMMON_CAUSE
from swp_analysis.engines.spc.thresholds import JUDGED_POINTS, Rung, ladder

SEED = 20180331
LINES = 1000
QUARTERS = (4, 8, 12, 24)
MEANS = (2, 10, 50)
RISE = 1.5
SEASONS = {"none": (1.0, 1.0, 1.0, 1.0), "15%": (0.85, 1.0, 1.15, 1.0)}
ALPHA = 0.05
YEAR = 4
TARGET = Path(__file__).parent / "results" / "simulation.md"


def main() -> None:
    table = simulate(LINES)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(render(table), encoding="utf-8", newline="\n")
    print(f"Wrote {TARGET.name}: {len(table)} rows, {LINES} lines each.")


def simulate(lines: int) -> pd.DataFrame:
    """A row per number of quarters, mean and season; shares of lines (0-1), NaN where nothing may be claimed."""
    rng = np.random.default_rng(SEED)
    rows = []
    for quarters, mean, season in product(QUARTERS, MEANS, SEASONS):
        expected = mean * np.tile(SEASONS[season], quarters // YEAR)
        risen = np.where(np.arange(quarters) >= quarters - YEAR, RISE, 1.0)
        row = {"quarters": quarters, "mean": mean, "season": season}
        for name, rate in (("false", expected), ("power", expected * risen)):
            shares = pd.DataFrame(read_lines(rng.poisson(rate, (lines, quarters)))).mean()
            row |= {f"{column} {name}": share for column, share in shares.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def read_lines(lines: np.ndarray) -> Iterator[dict[str, float]]:
    """What each line makes the headline test and the chart say: 1 a signal, 0 none, NaN not enough quarters."""
    has_limits = ladder(lines.shape[1]) >= Rung.trial_limits
    for line in lines:
        found = {"headline": float(p_of(line[-YEAR:], line[-2 * YEAR : -YEAR]) < ALPHA)}
        for name, judged_points in (("chart", JUDGED_POINTS), ("all-points chart", 0)):
            level = find_levels(line.astype(float), [], judged_points)
            signals = read_line(line.astype(float), level, first_quarter=1).labels[-YEAR:] != COMMON_CAUSE
            found |= {f"{name} last": signals[-1], f"{name} year": signals.any()}
        yield {key: float(value) if has_limits else np.nan for key, value in found.items()} | {"listed": is_rare(line)}


def p_of(after: np.ndarray, before: np.ndarray) -> float:
    return compare_counts(after, before).p if len(before) == YEAR else np.nan


def render(table: pd.DataFrame) -> str:
    """The table in Markdown, in percent of lines; a dash where nothing may be claimed."""
    columns = [
        ("headline", "Headline test"),
        ("chart last", "Chart, latest quarter"),
        ("chart year", "Chart, any quarter of the last year"),
        ("all-points chart year", "The same, limits from all points"),
    ]
    head = ["Quarters", "Mean a quarter", "Season", *(title for _, title in columns), "Shown as a list"]
    body = []
    for row in table.to_dict("records"):
        pairs = [f"{percent(row[f'{key} false'])} / {percent(row[f'{key} power'])}" for key, _ in columns]
        body.append([str(row["quarters"]), str(row["mean"]), row["season"], *pairs, percent(row["listed false"])])
    lines = [head, ["---:"] * len(head), *body]
    return (
        f"# Simulation: false alarms / power\n\nPercent of {LINES} Poisson lines, seed {SEED}. Left: nothing changed. "
        f"Right: the last year is {RISE - 1:.0%} higher. Chart columns show what the rules would say of every line, "
        "also of those that the project shows as a list without limits (last column, nothing changed).\n\n"
        + "\n".join(f"| {' | '.join(line)} |" for line in lines)
        + "\n"
    )


def percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.0f}"


if __name__ == "__main__":
    main()
