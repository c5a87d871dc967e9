"""Attack published tables with an integer programme of its own. In: random KPI sets. Out: how many counts narrow.

Each set is protected as for an edition, written as CSV, and read back as a reader has it: texts and numbers, no more.
Every printed number becomes a rule over whole numbers, and `scipy.optimize.milp` gives the least and the greatest value
of each `<5`. Nothing of the product's attack is used here: no module of `engines/small_numbers` is imported.

    python -m benchmarks.attack_pages [SETS]

Exit code 0: nothing narrowed; 1: something did. Other figures behind the pages of a set: `same_answers`, and
`attack_editions --worlds`.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from swp_analysis.disclosure import Protected, attack, find_unsaid, protect
from swp_analysis.errors import RunError

AREA, MOST, NAN = "E08000031", 100_000, float("nan")
YEARS = ("2015-16", "2016-17", "2017-18")
STRUCTURES = ("nested", "shares", "rates", "months", "three years", "mid-year", "revised", "open table")
IN_TWO_EDITIONS = ("revised", "open table", "mid-year")
SOURCE = ("source_file", "source_sheet", "source_row", "source_column")
FIRST_MONTHS = {1: (4, 5, 6), 2: (7, 8, 9), 3: (10, 11, 12), 4: (1, 2, 3)}


@dataclass(frozen=True)
class Kpi:
    """What disclosure control asks of an indicator."""

    id: str
    unit: str = "count"
    kind: str = "flow"
    companion_share: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    subgroup_of: str | None = None


@dataclass
class KpiSet:
    """Observations and baselines of some indicators, as counts; totals are worked out."""

    kpis: dict[str, Kpi] = field(default_factory=dict)
    rows: list[dict] = field(default_factory=list)
    baselines: list[dict] = field(default_factory=list)

    def add(self, kpi: Kpi, year: str, cells: list, parts: list[tuple[int, int]] | None = None) -> None:
        """Add four quarters; `parts` are n and N where a percentage prints them."""
        self.kpis[kpi.id] = kpi
        for quarter, value in enumerate(cells, start=1):
            n, total = parts[quarter - 1] if parts else (NAN, NAN)
            first = FIRST_MONTHS[quarter][0]
            begun = f"{int(year[:4]) + (first < 4)}-{first:02}-01"
            ended = f"{int(year[:4]) + (first < 4)}-{first + 2:02}-30"
            self.rows.append(
                self._row(kpi, year, quarter, value, (begun, ended)) | {"numerator": n, "denominator": total}
            )

    def add_months(self, kpi: Kpi, year: str, months: list[int]) -> None:
        """Add twelve months that make the quarters."""
        for place, value in enumerate(months):
            quarter, month = place // 3 + 1, FIRST_MONTHS[place // 3 + 1][place % 3]
            day = f"{int(year[:4]) + (month < 4)}-{month:02}"
            self.rows.append(self._row(kpi, year, quarter, value, (f"{day}-01", f"{day}-28")))

    @staticmethod
    def _row(kpi: Kpi, year: str, quarter: int, value: float | None, period: tuple[str, str]) -> dict:
        known = value is not None
        sign = "%" if kpi.unit == "percent" else ""
        return {
            "indicator": kpi.id, "area_code": AREA, "financial_year": year, "quarter": quarter,
            "period_start": period[0], "period_end": period[1], "value": float(value) if known else NAN,
            "lower": NAN, "upper": NAN, "numerator": NAN, "denominator": NAN,
            "status": "reported" if known else "not_available", "raw_value": f"{value:g}{sign}" if known else "",
        } | dict.fromkeys(SOURCE, "")  # fmt: skip

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Observations, baselines and totals."""
        observations = pd.DataFrame(self.rows)
        columns = ["indicator", "financial_year", "value", "raw_value", *SOURCE]
        return observations, pd.DataFrame(self.baselines, columns=columns), self._totals(observations)

    def _totals(self, rows: pd.DataFrame) -> pd.DataFrame:
        quarters = rows[rows["period_end"].str[5:7] != rows["period_start"].str[5:7]]
        found = []
        for (name, year), some in quarters[quarters["status"] == "reported"].groupby(["indicator", "financial_year"]):
            total = {"indicator": name, "financial_year": year, "quarters": ",".join(map(str, some["quarter"]))}
            total |= {"value": some["value"].sum(), "numerator": NAN, "denominator": NAN, "status": "reported"}
            if self.kpis[str(name)].denominator:
                total |= self._share_of_year(some, quarters)
            elif self.kpis[str(name)].kind == "rate":
                n, whole = some["numerator"].sum(), some["denominator"].sum()
                total |= {"value": 100 * n / whole if whole else NAN, "numerator": n, "denominator": whole}
                total |= (
                    {} if whole and some["denominator"].notna().all() else {"status": "not_available", "value": NAN}
                )
            found.append(total)
        columns = ["indicator", "financial_year", "quarters", "value", "numerator", "denominator", "status"]
        return pd.DataFrame(found, columns=columns)

    @staticmethod
    def _share_of_year(share: pd.DataFrame, quarters: pd.DataFrame) -> dict[str, object]:
        """A year's percentage from printed ones, each weighted by the count that it is of."""
        counts = quarters[
            (quarters["indicator"] == "whole") & (quarters["financial_year"] == share["financial_year"].iloc[0])
        ]
        whole = float(counts["value"].sum())
        if not whole:
            return {"status": "not_available", "value": NAN}
        return {
            "value": float((share["value"].to_numpy() * counts["value"].to_numpy()).sum() / whole),
            "denominator": whole,
        }


def invent(random: Random, structure: str) -> KpiSet:
    """A KPI set of one structure, all counts small enough that much must be hidden."""
    most, made = random.choice((5, 9, 20, 60)), KpiSet()
    for year in YEARS if structure == "three years" else YEARS[1:]:
        counts = [random.randint(0, most) for _ in range(4)]
        months = [random.randint(0, max(2, most // 2)) for _ in range(12)]
        if structure == "months":
            counts = [sum(months[3 * q : 3 * q + 3]) for q in range(4)]
        last = random.randint(1, 3) if structure == "mid-year" and year == YEARS[-1] else 4
        made.add(Kpi("whole"), year, [n if q < last else None for q, n in enumerate(counts)])
        if structure == "months":
            made.add_months(Kpi("whole"), year, months)
        if structure == "nested":
            parts = [random.randint(0, n) for n in counts]
            made.add(Kpi("part", subgroup_of="whole"), year, parts)
            made.add(Kpi("inner", subgroup_of="part"), year, [random.randint(0, n) for n in parts])
        if structure == "shares":
            tops = [random.randint(0, n) for n in counts]
            places = random.choice((0, 1))
            printed = [round(100 * n / whole, places) if whole else 0.0 for n, whole in zip(tops, counts, strict=True)]
            made.add(Kpi("share", "percent", "rate", denominator="whole"), year, printed)
        if structure == "rates":
            sizes = [random.randint(1, 60) for _ in range(4)]
            parts_of = [(random.randint(0, min(size, 12)), size) for size in sizes]
            percents = [round(100 * n / size, random.choice((0, 1))) for n, size in parts_of]
            made.add(Kpi("rate", "percent", "rate"), year, percents, parts_of)
        if random.random() < 0.5 and last == 4:
            line = {"indicator": "whole", "financial_year": year, "value": float(sum(counts)), "raw_value": ""}
            made.baselines.append(line | dict.fromkeys(SOURCE, ""))
    return made


def publish(made: KpiSet, structure: str, random: Random) -> list[Protected]:
    """The editions that a reader of this structure has: one, or an earlier and a later one."""
    first = protect(*made.frames(), made.kpis)
    if structure not in IN_TWO_EDITIONS:
        return [first]
    return [first, protect(*revise(made, structure, random).frames(), made.kpis, earlier=[first])]


def revise(made: KpiSet, structure: str, random: Random) -> KpiSet:
    """What the later edition of a set says."""
    later = KpiSet(made.kpis, [dict(row) for row in made.rows], [] if structure == "revised" else made.baselines)
    for row in later.rows:
        if structure == "revised" and random.random() < 0.2 and row["value"] == row["value"]:
            row["value"] = float(max(0, row["value"] + random.choice((-1, 1, 2))))
        if structure == "mid-year" and row["status"] == "not_available":
            row |= {"value": float(random.randint(0, 9)), "status": "reported"}
        row["raw_value"] = f"{row['value']:g}" if row["status"] == "reported" else ""
    return later


def as_read(edition: Protected) -> list[pd.DataFrame]:
    """The three tables as they lie beside the pages, read back from their text."""
    return [pd.read_csv(io.StringIO(frame.to_csv(index=False)), keep_default_na=True) for frame in edition.frames]


class Reader:
    """What somebody can write down who has the tables: unknowns with ends, and sums over them."""

    def __init__(self, kpis: dict[str, Kpi]) -> None:
        self.kpis, self.ends, self.rules = kpis, {}, []
        self.targets: list[tuple] = []

    def know(self, place: tuple, low: float, high: float) -> None:
        """Narrow what a count can be."""
        before = self.ends.get(place, (0, MOST))
        self.ends[place] = max(before[0], low), min(before[1], high)

    def read(self, edition: Protected) -> None:
        """Take in one edition."""
        observations, baselines, totals = as_read(edition)
        for row in observations.to_dict("records"):
            self.read_cell(row)
        for row in [*totals.to_dict("records"), *baselines.to_dict("records")]:
            if row["status"] == "reported":
                self.read_sum(row)
        self.tie()

    def read_cell(self, row: dict) -> None:
        month = row["period_start"][5:7] == row["period_end"][5:7]
        place = (row["indicator"], row["financial_year"], row["period_start"] if month else int(row["quarter"]))
        if self.kpis[row["indicator"]].denominator:
            self._read_share(row, (f"{row['indicator']} n", *place[1:]), ("whole", *place[1:]))
            return
        if self.kpis[row["indicator"]].kind == "rate":
            place = (f"{row['indicator']} n", *place[1:])
            whole = (f"{row['indicator']} N", *place[1:])
            known = row["denominator"] == row["denominator"]
            self.know(whole, *((row["denominator"],) * 2 if known else (1, MOST)))
            self.rules.append(({place: 1, whole: -1}, -np.inf, 0))
        number = row["numerator"] if self.kpis[row["indicator"]].kind == "rate" else row["value"]
        if row["status"] == "suppressed":
            self.know(place, 1, 4)
            self.targets.append(place)
        elif row["status"] == "withheld":
            self.know(place, 0 if month else 5, MOST)
            if month:  # it may be small, or not: only those that are count, see `attack_set`
                self.targets.append(place)
        elif number == number:
            self.know(place, number, number)

    def _read_share(self, row: dict, top: tuple, bottom: tuple) -> None:
        """A percentage of a count that stands in the same tables: its numerator is in none of them."""
        self.know(top, 0, MOST)
        self.know(bottom, 0, MOST)
        self.rules.append(({top: 1, bottom: -1}, -np.inf, 0))
        if row["status"] == "suppressed":
            self.know(top, 1, 4)
            self.targets.append(top)
        elif row["status"] == "withheld":
            self.know(top, 5, MOST)
        elif row["value"] == row["value"] and self.ends[bottom][0] > 0:
            scale = 10 * (2 if row["value"] == int(row["value"]) else 20)
            least, beyond = scale * row["value"] - scale / (2 if scale == 20 else 20), scale * row["value"]
            beyond += scale if scale == 20 else scale / 10
            self.rules.append(({top: 100 * scale, bottom: -least}, 0, np.inf))
            self.rules.append(({top: 100 * scale, bottom: -beyond}, -np.inf, -1))

    def read_sum(self, row: dict) -> None:
        if self.kpis[row["indicator"]].denominator:
            self._read_share_of_year(row)
            return
        listed = row.get("quarters")
        quarters = [int(q) for q in str(listed).split(",")] if listed == listed and listed else range(1, 5)
        rate = self.kpis[row["indicator"]].kind == "rate"
        sides = (("n", "numerator"), ("N", "denominator")) if rate else (("", "value"),)
        for side, column in sides:
            name = f"{row['indicator']} {side}".strip()
            cells = [(name, row["financial_year"], q) for q in quarters]
            if row[column] == row[column] and all(cell in self.ends for cell in cells):
                self.rules.append((dict.fromkeys(cells, 1), row[column], row[column]))

    def _read_share_of_year(self, row: dict) -> None:
        """The sum of the numerators, as sharp as whole percentages of each quarter leave it."""
        cells = [("share n", row["financial_year"], q) for q in range(1, 5)]
        if row["denominator"] == row["denominator"] and all(cell in self.ends for cell in cells):
            middle, slack = row["value"] * row["denominator"] / 100, row["denominator"] / 100
            self.rules.append((dict.fromkeys(cells, 1), middle - slack, middle + slack))

    def tie(self) -> None:
        for name, year, period in list(self.ends):
            kpi = self.kpis.get(name)
            group = (kpi.subgroup_of, year, period) if kpi and kpi.subgroup_of else None
            if group in self.ends:
                self.rules.append(({(name, year, period): 1, group: -1}, -np.inf, 0))
            if isinstance(period, int):
                days = [f"{int(year[:4]) + (m < 4)}-{m:02}-01" for m in FIRST_MONTHS[period]]
                months = [(name, year, day) for day in days if (name, year, day) in self.ends]
                if len(months) == 3:
                    self.rules.append((dict.fromkeys(months, 1) | {(name, year, period): -1}, 0, 0))

    def narrowed(self) -> Iterator[tuple]:
        """The places of hidden counts that can't be all of 1 to 4."""
        order = {place: number for number, place in enumerate(self.ends)}
        matrix = np.zeros((max(1, len(self.rules)), len(order)))
        for line, (weights, _, _) in enumerate(self.rules):
            for place, weight in weights.items():
                matrix[line, order[place]] = weight
        low, high = np.array([ends for _, *ends in self.rules] or [(-np.inf, np.inf)], dtype=float).T
        for place in dict.fromkeys(self.targets):
            for end in (1, 4):
                ends = np.array(list(self.ends.values()), dtype=float)
                ends[order[place]] = end
                found = milp(
                    np.zeros(len(order)),
                    integrality=np.ones(len(order)),
                    bounds=Bounds(ends[:, 0], ends[:, 1]),
                    constraints=LinearConstraint(matrix, low, high),
                )
                if found.status == 2:
                    yield place


def attack_set(seed: int) -> tuple[str, int, int, bool]:
    """Structure, hidden counts and narrowed ones of a random set; the last says that no safe edition was found."""
    random = Random(seed)
    structure = STRUCTURES[seed % len(STRUCTURES)]
    made = invent(random, structure)
    try:
        editions = publish(made, structure, random)
    except RunError:
        return structure, 0, 0, True
    hidden = narrowed = 0
    tiny = [row for row in made.rows if 1 <= row["value"] <= 4]
    small = {(row["indicator"], row["financial_year"], row["period_start"]) for row in tiny}
    for several in [editions] if structure != "revised" else [[edition] for edition in editions]:
        reader = Reader(made.kpis)
        for edition in several:
            reader.read(edition)
        reader.targets = [place for place in reader.targets if isinstance(place[2], int) or place in small]
        hidden += len(set(reader.targets))
        narrowed += len(set(reader.narrowed()))
    return structure, hidden, narrowed, False


def same_answers(seed: int, worlds: int = 50) -> tuple[int, int]:
    """Worlds behind the page of a set, and how many different answers of the gates and tables they get."""
    random = Random(seed)
    made = invent(random, ("nested", "shares", "rates", "three years")[seed % 4])
    shown = protect(*made.frames(), made.kpis)
    answers = {_answers(shown, made)}
    seen = set()
    for _ in range(8 * worlds):
        other = other_world(made, shown, random)
        figures = tuple(row["value"] for row in other.rows)
        if len(seen) >= worlds or figures in seen:
            continue
        data = protect(*other.frames(), made.kpis)
        if all(a.equals(b) for a, b in zip(data.frames, shown.frames, strict=True)):
            seen.add(figures)
            answers.add(_answers(data, other))
    return len(seen), len(answers)


def _answers(data: Protected, made: KpiSet) -> str:
    told = {name: [one.holds(str(n)) for n in range(80)] for name, one in find_unsaid(data, made.kpis).items()}
    return repr(told) + attack(data, made.kpis).to_csv() + "".join(frame.to_csv() for frame in data.frames)


def other_world(made: KpiSet, shown: Protected, random: Random) -> KpiSet:
    """The set with other figures where they are hidden, within what their marks say; a year's sum stays if shown.

    Months are never shown beside their quarter: they change wherever they can.
    """
    other = KpiSet(made.kpis, [dict(row) for row in made.rows], made.baselines)
    hidden = {place for place, status in _statuses(shown).items() if status in ("suppressed", "withheld")}
    open_years = {
        (row["indicator"], row["financial_year"])
        for row in shown.totals.to_dict("records")
        if row["status"] == "withheld"
    }
    for name, year in sorted({(row["indicator"], row["financial_year"]) for row in other.rows}):
        rows = [row for row in other.rows if (row["indicator"], row["financial_year"]) == (name, year)]
        quarterly = [row for row in rows if not is_month(row) and _place(row) in hidden]
        for _ in range(random.randint(0, 4) if len(quarterly) > 1 else 0):
            _shift(*random.sample(quarterly, 2), random.randint(1, 3), other)
        if (name, year) in open_years and quarterly:
            _shift(None, random.choice(quarterly), random.choice((-2, -1, 1, 2)), other)
        for quarter in range(1, 5) if any(map(is_month, rows)) else ():
            _share_out(next(row for row in rows if not is_month(row) and row["quarter"] == quarter), rows, random)
    return other


def is_month(row: dict) -> bool:
    return row["period_start"][5:7] == row["period_end"][5:7]


def _place(row: dict) -> tuple:
    return row["indicator"], row["financial_year"], row["period_start"]


def _statuses(shown: Protected) -> dict[tuple, str]:
    return {_place(row): row["status"] for row in shown.observations.to_dict("records")}


def _shift(giver: dict | None, taker: dict, people: int, made: KpiSet) -> None:
    """Move people from one hidden figure to another: counts, or the numerators behind a percentage."""
    for row, more in ((giver, -people), (taker, people)):
        if row is None or row["status"] != "reported":
            continue
        if row["numerator"] == row["numerator"]:
            row["numerator"] = max(0.0, row["numerator"] + more)
            _print_share(row, row["denominator"])
        elif made.kpis[row["indicator"]].denominator:
            whole = next(one["value"] for one in made.rows if _place(one) == ("whole", *_place(row)[1:]))
            if whole:
                row["value"] = 100 * max(0.0, round(row["value"] * whole / 100) + more) / whole
                _print_share(row | {"numerator": row["value"] * whole / 100}, whole, row)
        else:
            row["value"] = max(0.0, row["value"] + more)
            row["raw_value"] = f"{row['value']:g}"


def _print_share(row: dict, whole: float, into: dict | None = None) -> None:
    """Print a percentage at the decimals that it had."""
    places = len(row["raw_value"].rstrip("%").partition(".")[2])
    percent = round(100 * row["numerator"] / whole, places)
    (row if into is None else into).update(value=percent, raw_value=f"{percent:g}%")


def _share_out(whole: dict, rows: list[dict], random: Random) -> None:
    """Share a quarter out among its months anew."""
    months = [row for row in rows if is_month(row) and row["quarter"] == whole["quarter"]]
    cuts = sorted(random.randint(0, int(whole["value"])) for _ in months[1:])
    for row, low, high in zip(months, [0, *cuts], [*cuts, int(whole["value"])], strict=True):
        row["value"], row["raw_value"] = float(high - low), f"{high - low}"


def main(say: Callable[[str], None] = print) -> int:
    """Attack so many sets and say what was found, by structure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=int, nargs="?", default=300)
    arguments = parser.parse_args()
    found = pd.DataFrame(map(attack_set, range(arguments.sets)), columns=["structure", "hidden", "narrowed", "refused"])
    say(found.groupby("structure").agg(sets=("hidden", "size"), hidden=("hidden", "sum"), narrowed=("narrowed", "sum"),
                                       refused=("refused", "sum")).to_string())  # fmt: skip
    say(f"{len(found)} sets, {found['hidden'].sum()} hidden counts, {found['narrowed'].sum()} narrowed.")
    return int(bool(found["narrowed"].sum()))


if __name__ == "__main__":
    sys.exit(main())
