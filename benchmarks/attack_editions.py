"""Attack editions from their pages as published: random KPI sets go through `swp assess`, a solver reads the HTML.

In: how many sets. Out: how many hidden counts narrow, by structure. The pages are read with BeautifulSoup and the rules
solved by `attack_pages.Reader`; neither imports a part of `engines/small_numbers`. Many sets, of all structures, share
a project, so that a page holds what it holds in life: other people's figures too.

    python -m benchmarks.attack_editions [SETS] [--first SET] [--worlds WORLDS] [--within HEAVY]

`--worlds` puts that many other sets of figures behind each of 20 sets and publishes each world: every gate must answer
alike and every file of the edition must be the same to the last byte. Exit code 0: nothing narrowed, nothing differs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pandas as pd
from bs4 import BeautifulSoup, Tag

from benchmarks.attack_pages import (
    FIRST_MONTHS,
    IN_TWO_EDITIONS,
    STRUCTURES,
    YEARS,
    KpiSet,
    Reader,
    invent,
    is_month,
    other_world,
    revise,
)
from swp_analysis.commands.init import init_project
from swp_analysis.disclosure import Protected, protect
from swp_analysis.errors import RunError

YEAR = YEARS[-1]
SETS_OF_A_PROJECT, SETS_WITH_WORLDS, PARTS_OF_A_SET, SOON_SEEN = 50, 20, 3, 12
WITH_WORLDS = [one for one in STRUCTURES if one not in ("mid-year", "revised")]  # one edition, whole years
AUDIENCES = ("partners", "public")
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
ABSENT = ("", "–", "no figure", "not published")


@dataclass
class Posed:
    """A random set as a partnership has it: its figures first and later, and the words that its labels end with."""

    seed: int
    structure: str
    word: str
    states: list[KpiSet] = field(default_factory=list)

    def name(self, kpi: str) -> str:
        return f"{kpi}_{self.word}"

    def label(self, kpi: str) -> str:
        return f"{kpi.capitalize()} {self.word}"


def pose(seed: int) -> Posed:
    """Invent a set, and for structures of two editions what the later one says."""
    random = Random(seed)
    structure = STRUCTURES[seed % len(STRUCTURES)]
    made = invent(random, structure)
    first, second = SYLLABLES[seed % len(SYLLABLES)], SYLLABLES[seed // len(SYLLABLES)]
    posed = Posed(seed, structure, f"{first}{second}n", [made])
    if structure in IN_TWO_EDITIONS:
        posed.states.append(revise(made, structure, random))
    return posed


def write_project(folder: Path, sets: Sequence[Posed], state: int) -> None:
    """Write the tables, as data owners send them, and the catalogue of a project."""
    project = folder / "project"
    if not project.exists():
        folder.mkdir(parents=True, exist_ok=True)
        start = folder / "sets.csv"
        start.write_text("Indicator,Q1 2017/18\nNothing yet,30\n", encoding="utf-8")
        init_project(project, "Safer Anywhere", "E07000901", [start])
    shutil.rmtree(project / "data")
    theme = ['theme: sets\ntitle: "Sets"\nquestion: "What do the figures show?"\nindicators:\n']
    for posed in sets:
        for kpi in posed.states[0].kpis.values():
            links = {"denominator": kpi.denominator, "subgroup_of": kpi.subgroup_of}
            lines = [f"    {key}: {posed.name(other)}\n" for key, other in links.items() if other]
            theme.append(
                f'  - id: {posed.name(kpi.id)}\n    label: "{posed.label(kpi.id)}"\n    unit: {kpi.unit}\n'
                f"    kind: {kpi.kind}\n    good_direction: lower\n    owner: Police\n    definition: Counted.\n"
                + "".join(lines)
            )
    (project / "partnership" / "indicators" / "sets.yml").write_text("".join(theme), encoding="utf-8")
    _write_tables(project / "data" / "raw", sets, state)


def _write_tables(raw: Path, sets: Sequence[Posed], state: int) -> None:
    (raw / YEAR).mkdir(parents=True)
    quarters = [f"Q{q} {year.replace('-', '/')}" for year in YEARS for q in (1, 2, 3, 4)]
    months = [
        f"{MONTH_NAMES[m - 1]}-{(int(year[:4]) + (m < 4)) % 100:02}"
        for year in YEARS[1:]
        for q in (1, 2, 3, 4)
        for m in FIRST_MONTHS[q]
    ]
    tables: dict[str, list[list[str]]] = {"quarters": [["Indicator", *quarters]], "months": [["Indicator", *months]]}
    for posed in sets:
        made = posed.states[min(state, len(posed.states) - 1)]
        for kpi in made.kpis:
            rows = [row for row in made.rows if row["indicator"] == kpi]
            monthly = [row for row in rows if is_month(row)]
            baselines = [
                f" Baseline {line['value']:.0f}" for line in made.baselines if line["financial_year"] == YEARS[1]
            ]
            label = posed.label(kpi) + "".join(baselines if kpi == "whole" else [])
            cells = {(row["financial_year"], row["quarter"]): _print_cell(row) for row in rows}
            if monthly:
                tables["months"].append([label, *(_print_cell(row) for row in monthly)])
            else:
                tables["quarters"].append([label, *(cells.get((y, q), "") for y in YEARS for q in (1, 2, 3, 4))])
    for name, lines in tables.items():
        if len(lines) > 1:
            with (raw / YEAR / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)


def _print_cell(row: dict) -> str:
    if row["status"] != "reported":
        return ""
    behind = f" ({row['numerator']:.0f}/{row['denominator']:.0f})" if row["numerator"] == row["numerator"] else ""
    return row["raw_value"] + behind


def assess(project: Path, audience: str, before: Sequence[str]) -> str:
    """Publish an edition; what was said when it was not."""
    command = [*before, sys.executable, "-m", "swp_analysis", "assess", YEAR, "--audience", audience]
    settings = os.environ | {"SWP_PROJECT": str(project), "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    done = subprocess.run(command, cwd=project, env=settings, capture_output=True, text=True, encoding="utf-8")
    return "" if done.returncode == 0 else done.stderr.strip() or f"exit {done.returncode}"


class Page:
    """What the pages of an edition print of each indicator: cells by label, year and quarter; years by label."""

    def __init__(self, folder: Path) -> None:
        self.cells: dict[tuple[str, str, int], str] = {}
        self.years: dict[tuple[str, str], str] = {}
        self.behind: dict[tuple[str, str, int], tuple[str, float, float]] = {}
        for path in sorted(folder.glob("*.html")):
            for table in BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").find_all("table"):
                self._read(table)
        # Of a hidden percentage the pages say only that it is withheld; the table beside them has the mark and the N.
        for row in pd.read_csv(folder / "data" / "observations.csv").to_dict("records"):
            place = row["indicator"], row["financial_year"], int(row["quarter"])
            self.behind[place] = row["status"], row["numerator"], row["denominator"]
        self.compared = _read_compared(folder / "annex.xlsx")

    def _read(self, table: Tag) -> None:
        caption = _words(table.caption) if table.caption else ""
        heads, *rows = [[_words(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
        years = {
            place: head.replace("/", "-") for place, head in enumerate(heads) if re.fullmatch(r"20\d\d/\d\d", head)
        }
        for row in rows:
            quarter = re.fullmatch(r"Q([1-4])", row[0]) if row else None
            for place, year in years.items():
                if place >= len(row):
                    continue
                if quarter and ":" in caption:
                    self.cells[caption.partition(":")[0], year, int(quarter[1])] = row[place]
                elif not quarter and heads[0] == "Indicator":
                    self._note_year(row[0], year, row[place])

    def _note_year(self, label: str, year: str, text: str) -> None:
        before = self.years.setdefault((label, year), text)
        if NUMBER.search(text) and not NUMBER.search(before):
            self.years[label, year] = text


def _read_compared(annex: Path) -> dict[str, str]:
    """Which quarters the two years of each indicator add up: a page says it only where they are not the whole year."""
    table = pd.read_excel(annex, sheet_name="Scorecard", header=None, engine="openpyxl").astype(str)
    head = next(place for place, row in enumerate(table.to_numpy()) if "Quarters compared" in row)
    named = dict(zip(table.loc[head], table.columns, strict=True))
    found = {}
    for row in table.loc[head + 1 :].to_numpy():
        words = row[named["Quarters compared"]]
        ends = [int(digit) for digit in re.findall(r"Q([1-4])", words)]
        quarters = range(ends[0], ends[-1] + 1) if "–" in words else ends
        found[row[named["Indicator"]]] = ",".join(map(str, quarters))
    return found


def _words(node: Tag) -> str:
    return " ".join(node.get_text(" ").split())


def read_into(reader: Reader, page: Page, posed: Posed) -> int:
    """Tell a reader what the pages say of one set; how many cells they print."""
    found = 0
    for kpi in reader.kpis.values():
        label = posed.label(kpi.id)
        for (name, year, quarter), text in page.cells.items():
            if name == label and text not in ABSENT:
                reader.read_cell(_as_row(kpi.id, year, quarter, text, page.behind[posed.name(kpi.id), year, quarter]))
                found += 1
        for (name, year), text in page.years.items():
            number = NUMBER.search(text)
            if name == label and number and kpi.unit == "count" and page.compared.get(label):
                row = {"indicator": kpi.id, "financial_year": year, "value": float(number[0].replace(",", ""))}
                reader.read_sum(row | {"quarters": page.compared[label]})
    reader.tie()
    return found


def _as_row(kpi: str, year: str, quarter: int, text: str, behind: tuple[str, float, float]) -> dict:
    first = FIRST_MONTHS[quarter][0]
    start = int(year[:4]) + (first < 4)
    number = NUMBER.search(text)
    status, n, whole = behind
    hidden = status if text.startswith("<") or "withheld" in text else ""
    return {
        "indicator": kpi, "financial_year": year, "quarter": quarter, "status": hidden or "reported",
        "period_start": f"{start}-{first:02}-01", "period_end": f"{start}-{first + 2:02}-30",
        "value": float(number[0].replace(",", "")) if number and not hidden else float("nan"),
        "numerator": n, "denominator": whole,
    }  # fmt: skip


def attack_project(sets: Sequence[Posed], audience: str, before: Sequence[str], folder: Path) -> Iterator[dict]:
    """Publish the first edition and the later one of a project, and attack each set with what both print."""
    project, pages = folder / "project", []
    for state in range(max(len(posed.states) for posed in sets)):
        write_project(folder, sets, state)
        refusal = assess(project, audience, before)
        if refusal:
            yield {"structure": "refused", "hidden": 0, "narrowed": 0, "cells": 0, "refusal": refusal}
            continue
        pages.append(Page(project / "reports" / YEAR / audience))
    for posed in sets:
        held = [pages] if posed.structure != "revised" else [[page] for page in pages]
        found = {"structure": posed.structure, "hidden": 0, "narrowed": 0, "cells": 0, "refusal": ""}
        for several in held:
            reader = Reader(posed.states[0].kpis)
            found["cells"] += sum(read_into(reader, page, posed) for page in several)
            found["hidden"] += len(set(reader.targets))
            narrowed = set(reader.narrowed())
            found["narrowed"] += len(narrowed)
            found["refusal"] += f"{posed.word} {sorted(narrowed)}" if narrowed else ""
        yield found


def keep_safe(sets: Sequence[Posed]) -> list[Posed]:
    """Leave out the sets that have no safe edition beside the earlier one: the product refuses them by name."""
    kept = []
    for posed in sets:
        try:
            earlier: list[Protected] = []
            for made in posed.states:
                earlier.append(protect(*quarters_of(made).frames(), made.kpis, earlier=list(earlier)))
        except RunError:
            continue
        kept.append(posed)
    return kept


def quarters_of(made: KpiSet) -> KpiSet:
    """The set as an edition has it: months make quarters and are not shown themselves."""
    return KpiSet(made.kpis, [row for row in made.rows if not is_month(row)], made.baselines)


def worlds_behind(posed: Posed, wanted: int, random: Random) -> list[Posed]:
    """Other figures behind the page of a set, each once."""
    made = posed.states[0]
    shown = protect(*quarters_of(made).frames(), made.kpis)
    found: dict[tuple, Posed] = {}
    for tried in range(12 * wanted):
        if tried > SOON_SEEN and SOON_SEEN * len(found) < tried:  # a page behind which there are few
            break
        other = other_world(made, shown, random)
        figures = tuple(row["value"] for row in other.rows)
        if figures not in found and _prints_the_same(other, shown):
            found[figures] = Posed(posed.seed, posed.structure, posed.word, [other])
        if len(found) >= wanted:
            break
    return list(found.values())


def _prints_the_same(other: KpiSet, shown: Protected) -> bool:
    try:
        data = protect(*quarters_of(other).frames(), other.kpis)
    except (RunError, ZeroDivisionError):
        return False
    return all(a.equals(b) for a, b in zip(data.frames, shown.frames, strict=True))


def sets_with_worlds(worlds: int) -> list[list[list[Posed]]]:
    """Make 20 KPI sets, each of three parts of one structure that have enough other figures behind their pages.

    A set's worlds are the combinations of its parts' worlds: four worlds of each of three parts are 64.
    """
    behind_each = math.ceil(worlds ** (1 / PARTS_OF_A_SET))
    parts: dict[str, list[list[Posed]]] = defaultdict(list)
    sets: list[list[list[Posed]]] = []
    most = math.ceil(SETS_WITH_WORLDS / len(WITH_WORLDS))
    for seed in range(SETS_WITH_WORLDS * SOON_SEEN * PARTS_OF_A_SET):
        structure = STRUCTURES[seed % len(STRUCTURES)]
        if structure not in WITH_WORLDS or sum(one[0][0].structure == structure for one in sets) == most:
            continue
        found = worlds_behind(pose(seed), behind_each, Random(seed))
        parts[structure] += [found] if len(found) >= behind_each else []
        if len(parts[structure]) == PARTS_OF_A_SET:
            sets.append(parts.pop(structure))
        if len(sets) == SETS_WITH_WORLDS:
            break
    return sets


def compare_worlds(worlds: int, audience: str, before: Sequence[str], folder: Path, say: Callable[[str], None]) -> int:
    """Publish worlds behind the pages of 20 sets together; how many editions differ in a file."""
    behind = sets_with_worlds(worlds)
    structures = ", ".join(sorted({one[0][0].structure for one in behind}))
    say(f"{len(behind)} sets of {PARTS_OF_A_SET} parts ({structures}), {worlds} worlds behind each")
    choices = list(itertools.islice(itertools.product(range(len(behind[0][0])), repeat=PARTS_OF_A_SET), worlds))
    editions: dict[str, str] = {}
    for number in range(worlds):
        place = folder / "world"
        shutil.rmtree(place, ignore_errors=True)
        chosen = [part[n] for one in behind for part, n in zip(one, choices[number], strict=True)]
        write_project(place, chosen, 0)
        refusal = assess(place / "project", audience, before)
        files = _hash_files(place / "project" / "reports" / YEAR / audience) if not refusal else {"refused": refusal}
        for name, digest in files.items():
            if number and editions.get(name) != digest:
                say(f"world {number}: {name} differs")
                return 1
            editions[name] = digest
        say(f"world {number}: {len(files)} files{', the same as before' if number else ''}")
    say(f"{worlds} editions: {len(editions)} files, the same in all")
    return 0


def _hash_files(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main(say: Callable[[str], None] = print) -> int:
    """Attack so many sets and say what was found, by structure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=int, nargs="?", default=300)
    parser.add_argument("--first", type=int, default=0, help="the number of the first set")
    parser.add_argument("--worlds", type=int, default=0)
    parser.add_argument("--within", default="", help="a command that each run of swp is given to")
    chosen = parser.parse_args()
    before, found = chosen.within.split(), []
    with tempfile.TemporaryDirectory() as place:
        if chosen.worlds:
            return compare_worlds(chosen.worlds, AUDIENCES[1], before, Path(place), say)
        for number, first in enumerate(range(chosen.first, chosen.sets, SETS_OF_A_PROJECT)):
            sets = [pose(seed) for seed in range(first, min(first + SETS_OF_A_PROJECT, chosen.sets))]
            safe = keep_safe(sets)
            found += [{"structure": one.structure, "unsafe": 1} for one in sets if one not in safe]
            audience = AUDIENCES[number % len(AUDIENCES)]
            found += attack_project(safe, audience, before, Path(place) / str(number))
            say(f"{len(found)} sets: {sum(one.get('narrowed', 0) for one in found)} narrowed")
            say("\n".join(one["refusal"] for one in found if one.get("refusal")))
    blank = {"structure": "", "cells": 0, "hidden": 0, "narrowed": 0, "unsafe": 0}
    table = pd.DataFrame([blank | one for one in found])
    columns = {"sets": ("hidden", "size")} | {name: (name, "sum") for name in ("cells", "hidden", "narrowed", "unsafe")}
    say(table.groupby("structure").agg(**columns).to_string())
    return int(bool(table["narrowed"].sum()))


if __name__ == "__main__":
    sys.exit(main())
