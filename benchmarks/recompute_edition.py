"""Recompute every comparison of an edition from the cells as they were printed, with numpy and scipy alone.

Run: `python -m benchmarks.recompute_edition 2017-18 [annex.xlsx ...]`. It imports nothing of the project: it reads the
text of each cell in the raw file that an edition's data/observations.csv names, works the headline test out again, and
holds each number of the annex's sheet "Findings" against it. An indicator with a withheld cell is left out. Prints how
many were compared and how many are off.
"""

from __future__ import annotations

import csv
import math
import re
import sys
from pathlib import Path

import numpy as np
import yaml
from openpyxl import load_workbook
from scipy.optimize import brentq
from scipy.stats import t

ROOT = Path(__file__).resolve().parents[1]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
COMPARED = {"Year before": 0.051, "This year": 0.051, "Effect": 0.00051, "Lower 95%": 0.00051, "Upper 95%": 0.00051,
            "p": 0.000051}  # fmt: skip


def main(year: str, annexes: list[str]) -> int:
    off = compared = 0
    for path in annexes or sorted(map(str, (ROOT / "reports" / year).glob("*/**/annex*.xlsx"))):
        indicators, printed = read_indicators(Path(path).parent), read_printed_cells(Path(path).parent)
        for label, row in read_findings(Path(path)).items():
            name = next(key for key, one in indicators.items() if one["label"] == label)
            for column, value in recompute(name, year, indicators, printed).items():
                if isinstance(row.get(column), (int, float)):
                    compared += 1
                    wrong = abs(row[column] - value) > COMPARED[column]
                    off += wrong
                    if wrong:
                        where = f"{Path(path).parent.name}: {label}, {column}"
                        print(f"{where}: printed {row[column]}, recomputed {value:.4f}")
    print(f"{compared} numbers compared, {off} off.")
    return int(off > 0 or compared == 0)


def read_indicators(edition: Path) -> dict[str, dict]:
    """The partnership's indicators by id, straight from its YAML; an edition lies in reports/<year>/<audience>."""
    found: dict[str, dict] = {}
    for path in sorted((edition.parents[2] / "partnership" / "indicators").glob("*.yml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        for one in entries["indicators"] if isinstance(entries, dict) else entries:
            found[one["id"]] = one
    return found


def read_printed_cells(edition: Path) -> dict[tuple[str, str, int], str]:
    """The text of each quarter's cell that an edition shows, from the raw file: (indicator, year, quarter) -> text.

    An indicator of which the edition withholds a cell has none: its comparisons rest on what a reader can't see.
    """
    with (edition / "data" / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["quarter"] and is_quarter(row)]
    withheld = {row["indicator"] for row in rows if row["status"] not in ("reported", "not_available")}
    shown = [row for row in rows if row["status"] == "reported" and row["indicator"] not in withheld]
    raw = {path.name: read_raw(path) for path in sorted((edition.parents[2] / "data" / "raw").glob("*/*.csv"))}
    found = {}
    for row in shown:
        line = raw[row["source_file"]][int(row["source_row"]) - 1]
        found[row["indicator"], row["financial_year"], int(row["quarter"])] = line[ord(row["source_column"]) - 65]
    return found


def is_quarter(row: dict[str, str]) -> bool:
    return row["period_start"][:7] != row["period_end"][:7]


def read_raw(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read_findings(path: Path) -> dict[str, dict]:
    """The rows of the sheet "Findings" by label."""
    book = load_workbook(path, read_only=True)
    rows = list(book["Findings"].iter_rows(values_only=True)) if "Findings" in book.sheetnames else [("Indicator",)]
    at = next(place for place, row in enumerate(rows) if row and row[0] == "Indicator")
    return {row[0]: dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :] if row[0]}


def recompute(name: str, year: str, indicators: dict, printed: dict) -> dict[str, float]:
    """What the annex should say of one indicator: nothing where no test is possible."""
    one = indicators[name]
    before = f"{int(year[:4]) - 1}-{year[2:4]}"
    quarters = [q for q in (1, 2, 3, 4) if (name, year, q) in printed and (name, before, q) in printed]
    if not quarters or one["kind"] == "stock":
        return {}
    texts = [[printed[name, each, q] for q in quarters] for each in (year, before)]
    if one["kind"] == "flow":
        return test_counts(*(np.array([read_count(text) for text in line]) for line in texts))
    parts = [[read_share(text) for text in line] for line in texts]
    return {} if any(part is None for line in parts for part in line) else test_shares(parts)


def read_count(text: str) -> float:
    """The first number of a cell that is no percentage: 1,573 of `1,573 (43.9%)`, 176 of `75% (176 cases)`."""
    return float(re.findall(r"(?<![\d.])\d[\d,]*(?:\.\d+)?(?![\d.,]*%)", text)[0].replace(",", ""))


def read_share(text: str) -> tuple[float, float, float, float] | None:
    """x low, x likely, x high and n of `46 (29%)` with n unknown -> None, `16.33% (8/49)` or `1495 (43.6%)`."""
    numbers = [number.replace(",", "") for number in NUMBER.findall(text)]
    if "/" in text and len(numbers) >= 3:
        x, n = float(numbers[-2]), float(numbers[-1])
        return (x, x, x, n)
    if len(numbers) != 2 or "." in numbers[0] or "%" in text.split("(")[0]:
        return None
    n, decimals = int(numbers[0]), len(numbers[1].partition(".")[2])
    percent, unit = float(numbers[1]), 10.0**-decimals
    fits = [x for x in range(n + 1) if n and percent - unit / 2 - 1e-9 <= 100 * x / n < percent + unit - 1e-9]
    if n == 0:
        return (0.0, 0.0, 0.0, 0.0)
    return (fits[0], min(max(percent * n / 100, fits[0]), fits[-1]), fits[-1], n) if fits else None


def shrink(own: float, freedom: int, mean: float) -> tuple[float, float]:
    table = yaml.safe_load((ROOT / "swp_analysis/catalogue/dispersion.yml").read_text(encoding="utf-8"))
    means = [row["mean_per_period"] for row in table["usual_dispersion"]]
    beyond = [math.log(row["dispersion"] - 1) for row in table["usual_dispersion"]]
    usual = 1 + math.exp(np.interp(math.log(max(mean, means[0])), np.log(means), beyond))
    weight = table["degrees_of_freedom"]
    return max(1.0, (weight * usual + (freedom * own if freedom else 0)) / (weight + freedom)), weight + freedom


def test_counts(after: np.ndarray, before: np.ndarray) -> dict[str, float]:
    a, b, both = after.sum(), before.sum(), after + before
    if a + b == 0:
        return {"Year before": b, "This year": a}
    used, share = both > 0, a / (a + b)
    own = freedom = 0
    if used.sum() > 1:
        freedom = int(used.sum()) - 1
        spread = both[used] * share * (1 - share)
        own = float(((after[used] - share * both[used]) ** 2 / spread).sum() / freedom) if 0 < share < 1 else 0.0
    dispersion, joint = shrink(own, freedom, (a + b) / 2 / len(after))
    low, high = wilson(share, (a + b) / dispersion, t.ppf(0.975, joint))
    p = 2 * t.sf(abs(share - 0.5) * 2 * math.sqrt((a + b) / dispersion), joint)
    found = {"Year before": b, "This year": a, "Lower 95%": low / (1 - low), "p": min(1.0, p)}
    if b:
        found |= {"Effect": a / b, "Upper 95%": high / (1 - high)}
    return found


def test_shares(parts: list[list[tuple[float, float, float, float]]]) -> dict[str, float]:
    one, other = (np.array(line) for line in parts)
    n1, n2 = one[:, 3].sum(), other[:, 3].sum()
    if not n1 or not n2:
        return {}
    dispersion, joint = shrink(*share_scatter(one[:, [1, 3]], other[:, [1, 3]]))
    ends, ps = [], []
    for x1 in {one[:, 0].sum(), one[:, 2].sum()}:
        for x2 in {other[:, 0].sum(), other[:, 2].sum()}:
            shares = x1 / n1, n1 / dispersion, x2 / n2, n2 / dispersion
            ends.append(newcombe(*shares, t.ppf(0.975, joint)))
            ps.append(newcombe_p(*shares, joint))
    levels = [100 * line[:, 1].sum() / line[:, 3].sum() for line in (one, other)]
    return {"Year before": levels[1], "This year": levels[0], "Effect": levels[0] - levels[1],
            "Lower 95%": 100 * min(low for low, _ in ends), "Upper 95%": 100 * max(high for _, high in ends),
            "p": max(ps)}  # fmt: skip


def share_scatter(after: np.ndarray, before: np.ndarray) -> tuple[float, int, float]:
    some = (after[:, 1] > 0) & (before[:, 1] > 0)
    (x1, n1), (x2, n2) = after[some].T, before[some].T
    pooled = (x1 + x2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    told = variance > 0
    smaller = min((x1 + x2).sum(), (n1 + n2 - x1 - x2).sum()) / 2 / max(int(some.sum()), 1)
    if told.sum() < 2:
        return 0.0, 0, smaller
    d, w = (x1 / n1 - x2 / n2)[told], 1 / variance[told]
    freedom = int(told.sum()) - 1
    return float((w * (d - (w * d).sum() / w.sum()) ** 2).sum() / freedom), freedom, smaller


def wilson(p: float, n: float, z: float) -> tuple[float, float]:
    middle, half = (p + z * z / (2 * n)), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low, high = (middle - half) / scale, (middle + half) / scale
    return (0.0 if p == 0 else max(0.0, low)), (1.0 if p == 1 else min(1.0, high))


def newcombe(p1: float, n1: float, p2: float, n2: float, z: float) -> tuple[float, float]:
    (l1, u1), (l2, u2) = wilson(p1, n1, z), wilson(p2, n2, z)
    return p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def newcombe_p(p1: float, n1: float, p2: float, n2: float, freedom: float) -> float:
    if abs(p1 - p2) < 1e-12:
        return 1.0
    near = 0 if p1 > p2 else 1
    return float(2 * t.sf(brentq(lambda z: newcombe(p1, n1, p2, n2, z)[near], 1e-6, 60), freedom))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
