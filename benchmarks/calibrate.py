"""Calibrate the methods on real and simulated figures: `python -m benchmarks.calibrate [--data FILE] [--learn]`.

Runs the swap test of the headline, the back-test of the projection and the simulations, and writes their tables to
benchmarks/results/. `--learn` first learns how far counts usually scatter and writes `catalogue/dispersion.yml`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pandas as pd

from benchmarks import simulate_findings
from benchmarks.headline import learn, swap_test, write_table
from benchmarks.projection_test import backtest_projection
from benchmarks.real_series import DEFAULT, LEVELS, SOURCE, pair_years, read_years
from swp_analysis.analysis.usual_scatter import usual_scatter

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m benchmarks.calibrate", description=__doc__)
    wanted.add_argument(
        "--data", type=Path, default=DEFAULT, help="parquet file of recorded crime by force and quarter"
    )
    wanted.add_argument("--learn", action="store_true", help="learn how far counts usually scatter, too")
    asked = wanted.parse_args()
    if not asked.data.exists():
        print(
            f"{asked.data} is not there: give the file with --data (the page of benchmarks/real_series.py says which)."
        )
        return 2
    began = time.monotonic()
    years = {level: read_years(asked.data, level) for level in LEVELS}
    pairs = {level: pair_years(each) for level, each in years.items()}
    if asked.learn:
        write_table(learn([pairs["offence code"], pairs["offence subgroup"]]))
        usual_scatter.cache_clear()
    _write("swap_test.md", "Swap test of the headline, percent of pairs", swap_test(pairs, usual_scatter()))
    _write("projection.md", "Back-test of the projection", backtest_projection(years["offence subgroup"]))
    simulate_findings.main()
    print(f"Took {time.monotonic() - began:.0f} s.")
    return 0


def _write(name: str, title: str, table: pd.DataFrame) -> None:
    """Write a table as Markdown."""
    lines = [list(map(str, table.columns)), ["---"] * len(table.columns), *table.astype(str).to_numpy().tolist()]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    (RESULTS / name).write_text(f"# {title}\n\nFrom: {SOURCE}.\n\n{body}\n", encoding="utf-8", newline="\n")
    print(f"Wrote {name}: {len(table)} rows.")


if __name__ == "__main__":
    sys.exit(main())
