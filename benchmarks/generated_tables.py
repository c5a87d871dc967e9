"""Random tables of other partnerships' making, in every format: is each figure right, listed or refused?

    python -m benchmarks.generated_tables [TABLES] [--seed N] [--held-out]

A table is made of a layout, the spelling of its periods, decorations that mean nothing, and in half of the cases one
trap: words that make its figures, or some of them, others than the area's own of the period. The words here were
written down from public tables, not from the reader's vocabulary; every third of each list is `--held-out`, never used
while the vocabulary was made. Counted: wrong figures, rows lost without a word, tables without a trap that are refused.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.table_writers import OFFICE, TRAPS, WRITERS, Rows, convert
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import read_files
from swp_analysis.ingest.timeline import Period

YEAR = "2018-19"
SHEETS = ("xlsx", "ods")
Key = tuple[str, str, str]

# Words that leave the figures as they are.
TITLES = [
    "Performance report 2018/19",
    "Community Safety Scorecard",
    "Quarterly monitoring return",
    "KPI dashboard",
    "Appendix 2",
    "Safer Wolverhampton Partnership Board",
    "Delivery plan performance",
    "Table 3: Key indicators",
    "Report to the Executive Group",
    "Crime and disorder: quarterly figures",
    "Performance framework 2018-19",
    "Summary of performance",
    "Strategic priorities",
    "Wolverhampton scorecard",
    "Monitoring information for the board",
    "Quarterly performance update",
    "Wolverhampton City Council",
    "Data return from partners",
]
NOTES = [
    "Source: police recorded crime",
    "Produced by the Community Safety Team",
    "Please return by 30 July",
    "Contact the analyst with questions",
    "* revised since the last report",
    "Extracted on 3 October 2018",
    "Figures may not match earlier reports",
    "Crown copyright",
    "See the commentary for details",
    "Next update in January 2019",
    "Prepared by J Smith",
    "Page 1 of 3",
    "* Includes online reports received through True Vision",
    "The programme has a cumulative effect over several years",
    "For more information contact A Khan, Walsall Council on 01922 000000",
    "Figures exclude offences recorded by British Transport Police",
    "The national average will be published in January",
    "An average of 8 referrals a week is expected",
    "Caution: numbers are small, so changes may be chance",
    "Target for the year: 380. Forecast outturn: 395.",
    "Numbers are likely to rise once late reports are added",
]
PLAIN = [
    "",
    "",
    "",
    "Actual",
    "Number",
    "No.",
    "Count",
    "Outturn",
    "(no.)",
    "Actuals",
    "Total",
    "Volume",
    "*",
    "[note 2]",
    "¹",
    "(r)",
    "Result",
]
PROVISIONAL = ["(p)", "provisional", "(provisional)", "prov.", "- provisional", "draft"]
ASIDES = [
    ("Ref", ["1.1", "1.2", "2.1", "P4"]),
    ("Lead officer", ["A Khan", "B Jones", "C Lee", "D Roy"]),
    ("Unit", ["Number", "No.", "Count", "Number"]),
    ("Theme", ["Violence", "Hate", "Drugs", "Youth"]),
    ("Good is", ["Low", "High", "Low", "Low"]),
    ("Area", ["Wolverhampton"] * 4),
    ("Data source", ["Police", "Council", "YOT", "Fire"]),
    ("Frequency", ["Quarterly"] * 4),
    ("Measure", ["Actual"] * 4),
    ("Polarity", ["Lower is better"] * 4),
    ("Geography", ["City of Wolverhampton"] * 4),
    ("Basis", ["Count"] * 4),
]
BESIDE = [
    ("RAG", ["Red", "Green", "Amber", "G"]),
    ("Comments", ["Rose in the summer", "", "As planned", "Work goes on"]),
    ("Annual target", ["100", "90", "80", "70"]),
    ("% change", ["5%", "-3%", "12%", "0%"]),
    ("Direction of travel", ["Up", "Down", "Same", "Up"]),
    ("Year end forecast", ["401", "302", "203", "104"]),
    ("Status", ["On track", "Off track", "At risk", "On track"]),
    ("Previous year", ["555", "444", "333", "222"]),
    ("YTD", ["511", "522", "533", "544"]),
    ("Variance", ["-4", "5", "6", "-7"]),
    ("Trend", ["Improving", "Worsening", "Stable", "Stable"]),
    ("Year to date", ["611", "622", "633", "644"]),
    ("Apr-Sep 2018", ["711", "722", "733", "744"]),
    ("Q1-Q2 2018/19", ["811", "822", "833", "844"]),
    ("Why has this changed?", ["Better recording", "", "Fewer visits", "A new scheme"]),
]
SUBCOLUMNS = [
    ("Actual", "Target"),
    ("Actual", "Target", "RAG"),
    ("No.", "% change"),
    ("Outturn", "Forecast"),
    ("Actual", "Trajectory"),
    ("Number", "Variance"),
]
# Words that make them others.
QUALIFIERS = [
    "cumulative",
    "year to date",
    "YTD",
    "target",
    "forecast",
    "projected",
    "per 1,000 population",
    "rolling 12 months",
    "estimated",
    "average",
    "rate per 10,000",
    "12 months to",
    "planned",
    "baseline target",
    "running total",
    "index",
    "% change",
    "predicted",
    "weighted",
    "smoothed",
    "trajectory",
    "per head",
    "to date",
    "seasonally adjusted",
    "ambition",
    "benchmark",
    "moving average",
    "under 18s only",
    "females",
    "excluding domestic",
    "repeat victims",
    "per 100k",
    "annualised",
    "profile",
    "variance",
    "difference",
    "rank",
    "rounded to nearest 10",
    "last year",
    "same period last year",
    "score",
    "£",
    "wards only",
    "top quartile",
    "resident-based",
    "normalised",
    "indicative",
    "modelled",
    "control group",
    "best case",
]
OTHER_AREAS = [
    "West Midlands",
    "Walsall",
    "England",
    "Sandwell",
    "Dudley",
    "Birmingham",
    "West Midlands Police",
    "National",
    "Force area",
    "MSG average",
    "Coventry",
    "Region",
    "England and Wales",
    "Staffordshire",
    "Most similar group",
    "Black Country",
    "Solihull",
    "Leicester",
    "Family group",
    "Bilston ward",
    "Wolverhampton and Walsall",
    "Wolverhampton North East",
    "Telford & Wrekin",
    "UK",
]
TITLE_TRAPS = [
    "Cumulative performance 2018/19",
    "West Midlands force area",
    "Targets 2018/19",
    "Rates per 1,000 population",
    "Rolling 12 month figures",
    "Year to date performance",
    "Walsall scorecard",
    "Performance for Dudley",
    "Forecast outturn",
    "England average",
    "Sandwell MBC",
    "Calendar year 2018",
    "Figures are estimates",
    "Regional totals",
    "Projected volumes",
    "Birmingham City Council",
    "Most similar force group",
    "Rounded to the nearest five",
]
NOTE_TRAPS = [
    "Figures are cumulative",
    "All figures are for the West Midlands",
    "Data shown are rolling 12 month totals",
    "Figures are rounded to the nearest 5",
    "Numbers are rates per 1,000 residents",
    "Figures are forecasts",
    "Data for Walsall",
    "Values are year to date",
    "All figures are estimates",
    "* Figures relate to the force area",
    "Data are quarterly averages",
    "Figures cover Wolverhampton and Walsall",
    "Each quarter includes the one before",
    "Q1 runs from January to March",
    "* two months of data in the last column",
    "The numbers above are expressed per 1,000 households",
    "These show the twelve months to the end of each quarter",
    "Source: Iquanta (rolling 12 months)",
]
SUBHEADS = ["Violence", "Priority 1", "Serious crime", "Theme: safer streets", "Domestic abuse", "Public confidence"]
SUBHEAD_TRAPS = [
    "Targets",
    "Walsall",
    "Cumulative",
    "Adults only",
    "Forecast",
    "Dudley",
    "Year to date",
    "Females",
    "YTD",
]
COLUMN_TRAPS = [
    ("Frequency", "Annual"),
    ("Reporting frequency", "Rolling 12 months"),
    ("Definition", "Running total since April"),
    ("Comments", "Figures are cumulative"),
    ("Group", "Under 25s"),
    ("LPU", "Walsall"),
    ("Notes", "Numbers are rates per 1,000"),
    ("Area code", "E08000030"),
    ("Description", "Year to date"),
]
LABEL_HEADING_TRAPS = ["KPI (cumulative)", "Indicator: West Midlands", "KPI target", "Performance measure - YTD"]


def _split(entries: list, held_out: bool) -> list:
    """Two thirds of a list, or the third that is held out."""
    return [entry for n, entry in enumerate(entries) if (n % 3 == 2) == held_out] or entries


@dataclass
class Case:
    """A table with what each figure means, and the trap that it holds, if any."""

    rows: Rows
    meant: dict[Key, float]
    title: str = ""
    note: str = ""
    sheet: str = "KPI"
    trap: str = ""
    labels: list[str] = field(default_factory=list)
    # Cells of a workbook that store a number under a format that shows something else, by (row, column).
    stored: dict[tuple[int, int], tuple[float, str]] = field(default_factory=dict)


def _spell_quarter(dice: random.Random, period: Period) -> str:
    start = int(period.financial_year[:4])
    short, year = f"{start % 100}/{(start + 1) % 100:02d}", f"{start}/{(start + 1) % 100:02d}"
    first, last = period.days
    q = period.quarter
    return dice.choice(
        [
            f"Q{q} {year}",
            f"Q{q} {year}",
            f"Quarter {q} {year}",
            f"{year} Q{q}",
            f"Qtr {q} {short}",
            f"Q{q} {short}",
            f"{first:%b}-{last:%b} {last:%y}",
            f"{first:%b} - {last:%b} {last:%Y}",
            f"Q{q} ({first:%b}-{last:%b}) {year}",
            f"FY{year} Q{q}",
            f"Quarter {'One Two Three Four'.split()[q - 1]} {year}",
            f"{'First Second Third Fourth'.split()[q - 1]} quarter {year}",
            f"Quarter ended {last.day} {last:%B %Y}",
            f"{first:%B} to {last:%B} {last:%Y}",
            f"Q{q}-{year}",
            f"{start}-{start + 1} Quarter {q}",
        ]
    )


def _spell_month(dice: random.Random, period: Period) -> str:
    first = period.days[0]
    return dice.choice([f"{first:%b-%y}", f"{first:%B %Y}", f"{first:%b %Y}", f"{first:%b} '{first:%y}"])


class Maker:
    """Makes one random table at a time."""

    def __init__(self, seed: int, held_out: bool) -> None:
        self.dice = random.Random(seed)
        self.held_out = held_out
        indicators = load_catalogue().indicators.values()
        self.known = [
            i
            for i in indicators
            if i.unit == "count"
            and i.kind == "flow"
            and not i.companion_share
            and i.aliases
            and "treatment" not in i.id
        ]
        parts = {i.numerator for i in indicators} | {i.subgroup_of for i in indicators}
        self.known = [i for i in self.known if i.id not in parts]

    def pick(self, entries: list):
        return self.dice.choice(_split(entries, self.held_out))

    def make(self) -> Case:
        chosen = self.dice.sample(self.known, self.dice.randint(2, 4))
        layout = self.dice.choice(
            [
                self.one_row,
                self.one_row,
                self.two_rows,
                self.years_over,
                self.sub_columns,
                self.long,
                self.dated,
                self.year_column,
                self.turned,
                self.months,
                self.months_beside,
            ]
        )
        case = layout(chosen)
        case.labels = [i.aliases[-1] for i in chosen]
        if self.dice.random() < 0.5 and layout not in (self.turned,):
            self.decorate(case, layout)
        if self.dice.random() < 0.5:
            self.trap(case, layout)
        case.title = case.title or (self.pick(TITLES) if self.dice.random() < 0.4 else "")
        case.note = case.note or (self.pick(NOTES) if self.dice.random() < 0.3 else "")
        return case

    # Layouts

    def value(self, case: Case, indicator, period: Period) -> str:
        taken = set(case.meant.values())
        number = next(n for n in iter(lambda: self.dice.randint(5, 2400), None) if n not in taken)
        first, last = period.days
        case.meant[indicator.id, first.isoformat(), last.isoformat()] = float(number)
        return f"{number:,}" if self.dice.random() < 0.2 else str(number)

    def quarters(self) -> list[Period]:
        return [Period(YEAR, q) for q in range(1, self.dice.randint(2, 4) + 1)]

    def fill(self, case: Case, chosen: list, periods: list[Period]) -> Case:
        for indicator in chosen:
            case.rows.append([indicator.aliases[-1], *(self.value(case, indicator, period) for period in periods)])
        return case

    def one_row(self, chosen: list) -> Case:
        periods, spell = self.quarters(), self.dice.random()
        state = self.dice.getstate()
        heading = [self.dice.choice(["KPI", "Indicator", "Performance measure"])]
        word = self.pick(PROVISIONAL) if spell < 0.1 else self.pick(PLAIN)
        for period in periods:
            self.dice.setstate(state)
            heading.append(f"{_spell_quarter(self.dice, period)} {word}".strip())
        return self.fill(Case([heading], {}), chosen, periods)

    def two_rows(self, chosen: list) -> Case:
        periods = [Period(year, q) for q in range(1, self.dice.randint(2, 4) + 1) for year in ("2017-18", "2018-19")]
        name = self.dice.choice(["Quarter {}", "Q{}", "Qtr {}"])
        top = ["KPI", *(name.format(p.quarter) if p.financial_year == "2017-18" else "" for p in periods)]
        return self.fill(Case([top, ["", *(p.financial_year.replace("-", "/") for p in periods)]], {}), chosen, periods)

    def years_over(self, chosen: list) -> Case:
        periods = [Period(year, q) for year in ("2017-18", "2018-19") for q in range(1, 5)]
        top = ["KPI", *(p.financial_year.replace("-", "/") if p.quarter == 1 else "" for p in periods)]
        return self.fill(Case([top, ["", *(f"Q{p.quarter}" for p in periods)]], {}), chosen, periods)

    def sub_columns(self, chosen: list) -> Case:
        periods, parts = self.quarters(), self.pick(SUBCOLUMNS)
        rows = [["KPI"], [""]]
        for period in periods:
            rows[0] += [_spell_quarter(random.Random(1), period), *[""] * (len(parts) - 1)]
            rows[1] += list(parts)
        case = Case(rows, {})
        for indicator in chosen:
            cells = []
            for period in periods:
                cells += [
                    self.value(case, indicator, period),
                    *self.dice.choices(["3001", "3002", "3003"], k=len(parts) - 1),
                ]
            case.rows.append([indicator.aliases[-1], *cells])
        return case

    def long(self, chosen: list) -> Case:
        case = Case([["Indicator", "Year", "Quarter", self.dice.choice(["Value", "Number", "Count", "Figure"])]], {})
        for indicator in chosen:
            for period in self.quarters():
                case.rows.append(
                    [indicator.aliases[-1], "2018/19", f"Q{period.quarter}", self.value(case, indicator, period)]
                )
        return case

    def dated(self, chosen: list) -> Case:
        """A long table with the first or last day of each quarter or month beside its figure."""
        heading = self.dice.choice(["Period", "Date", "Period ending"])
        spell = self.dice.choice(["%d/%m/%Y", "%Y-%m-%d", "%d-%b-%y", "%d %B %Y"])
        periods = self.quarters() if self.dice.random() < 0.5 else [Period(YEAR, 1, 4), Period(YEAR, 1, 5)]
        case, edge = Case([["Indicator", heading, "Value"]], {}), self.dice.choice([0, 1])
        for indicator in chosen:
            for period in periods:
                day = format(period.days[edge], spell)
                case.rows.append([indicator.aliases[-1], day, self.value(case, indicator, period)])
        return case

    def year_column(self, chosen: list) -> Case:
        case = Case([["KPI", self.dice.choice(["Year", "Financial year"]), "Q1", "Q2", "Q3", "Q4"]], {})
        for indicator in chosen:
            for year in ("2018-19", "2017-18"):
                cells = [self.value(case, indicator, Period(year, q)) for q in range(1, 5)]
                case.rows.append([indicator.aliases[-1], year.replace("-", "/"), *cells])
        return case

    def turned(self, chosen: list) -> Case:
        case = Case([[self.dice.choice(["Quarter", "Period"]), *(i.aliases[-1] for i in chosen)]], {})
        for period in self.quarters():
            case.rows.append([f"Q{period.quarter} 2018/19", *(self.value(case, i, period) for i in chosen)])
        return case

    def months(self, chosen: list) -> Case:
        periods = [Period(YEAR, 1 + (m - 4) // 3, m) for m in range(4, self.dice.randint(5, 9))]
        state = self.dice.getstate()
        heading = ["KPI"]
        for period in periods:
            self.dice.setstate(state)
            heading.append(_spell_month(self.dice, period))
        return self.fill(Case([heading], {}), chosen, periods)

    def months_beside(self, chosen: list) -> Case:
        case = Case([["KPI", "Apr 2018", "May 2018", "Jun 2018", "Q1 2018/19"]], {})
        months = [Period(YEAR, 1, m) for m in (4, 5, 6)]
        for indicator in chosen:
            cells = [self.value(case, indicator, month) for month in months]
            total = sum(int(cell.replace(",", "")) for cell in cells)
            case.meant[indicator.id, "2018-04-01", "2018-06-30"] = float(total)
            case.rows.append([indicator.aliases[-1], *cells, str(total)])
        return case

    # Decorations

    def decorate(self, case: Case, layout) -> None:
        heads = 2 if layout in (self.two_rows, self.years_over, self.sub_columns) else 1
        if self.dice.random() < 0.5:
            name, texts = self.pick(ASIDES)
            self.column(case, 1, heads, name, texts)
        if self.dice.random() < 0.5:
            name, texts = self.pick(BESIDE)
            self.column(case, len(case.rows[0]), heads, name, texts)
        if self.dice.random() < 0.2:
            case.rows.insert(heads, [self.pick(SUBHEADS), *[""] * (len(case.rows[0]) - 1)])

    @staticmethod
    def column(case: Case, place: int, heads: int, name: str, texts: list[str]) -> None:
        for n, row in enumerate(case.rows):
            row.insert(place, name if n == 0 else "" if n < heads else texts[n % len(texts)])

    # Traps

    def trap(self, case: Case, layout) -> None:
        kinds = [self.in_title, self.in_note, self.in_sheet]
        if any("Wolverhampton" in cell for row in case.rows for cell in row):
            return  # with a column of areas the words above it are about all of them
        if layout in (self.one_row, self.two_rows, self.years_over, self.months):
            kinds += [self.in_headings, self.in_row_above, self.rows_of_others, self.in_labels] * 2
            kinds += [self.in_subhead, self.in_column, self.in_label_heading]
        if layout is self.one_row:
            kinds += [self.calendar, self.other_columns, self.in_format]
        self.dice.choice(kinds)(case)

    def in_title(self, case: Case) -> None:
        case.title = self.pick(TITLE_TRAPS)
        case.trap, case.meant = f"title {case.title}", {}

    def in_note(self, case: Case) -> None:
        case.note = self.pick(NOTE_TRAPS)
        case.trap, case.meant = f"note {case.note}", {}

    def in_sheet(self, case: Case) -> None:
        case.sheet = self.pick(["Targets", "Walsall", "Cumulative", "Forecast", "West Midlands", "YTD"])
        case.trap, case.meant = f"sheet {case.sheet}", {}

    def in_subhead(self, case: Case) -> None:
        heads = next(n for n, row in enumerate(case.rows) if row[0] in case.labels)
        word = self.pick(SUBHEAD_TRAPS)
        case.rows.insert(heads, [word, *[""] * (len(case.rows[0]) - 1)])
        case.trap, case.meant = f"line {word}", {}

    def in_column(self, case: Case) -> None:
        name, text = self.pick(COLUMN_TRAPS)
        heads = next(n for n, row in enumerate(case.rows) if row[0] in case.labels)
        self.column(case, self.dice.choice([1, len(case.rows[0])]), heads, name, [text])
        case.trap, case.meant = f"column {name}: {text}", {}

    def in_label_heading(self, case: Case) -> None:
        case.rows[0][0] = self.pick(LABEL_HEADING_TRAPS)
        case.trap, case.meant = f"heading of labels {case.rows[0][0]}", {}

    def words(self) -> str:
        return self.pick(OTHER_AREAS if self.dice.random() < 0.4 else QUALIFIERS)

    def in_headings(self, case: Case) -> None:
        word = self.words()
        start = 1 if len(case.rows[0]) - 1 else 0
        for row in case.rows[:1]:
            for c in range(start, len(row)):
                row[c] = f"{row[c]} {word}" if row[c] else row[c]
        case.trap, case.meant = f"headings {word}", {}

    def in_row_above(self, case: Case) -> None:
        word = self.words()
        case.rows.insert(0, ["", *[word] * (len(case.rows[0]) - 1)])
        case.trap, case.meant = f"above {word}", {}

    def in_format(self, case: Case) -> None:
        """A figure of a workbook shown as something else: what is stored under it must not be read."""
        row = next(n for n, row in enumerate(case.rows) if row[0] in case.labels)
        column = next(c for c, text in enumerate(case.rows[row]) if text.replace(",", "").isdigit())
        value = float(case.rows[row][column].replace(",", ""))
        case.meant = {key: number for key, number in case.meant.items() if number != value}
        case.stored[row, column] = self.pick(TRAPS)
        case.trap = f"format {case.stored[row, column]}"

    def in_labels(self, case: Case) -> None:
        word = self.words()
        for row in case.rows:
            if row[0] in case.labels or any(row[0] == label for label in case.labels):
                row[0] = f"{row[0]} ({word})"
        case.trap, case.meant = f"labels {word}", {}

    def rows_of_others(self, case: Case) -> None:
        """Our own row of each indicator, and one more of another area or kind below it."""
        by_area = self.dice.random() < 0.5
        name, own = ("Area", "Wolverhampton") if by_area else (self.dice.choice(["Measure", "Type", "Basis"]), "Actual")
        other = self.pick(OTHER_AREAS if by_area else QUALIFIERS)
        heads = next(n for n, row in enumerate(case.rows) if row[0] in case.labels)
        rows = []
        for n, row in enumerate(case.rows):
            if n < heads or row[0] not in case.labels:
                rows.append([row[0], name if n == 0 else "", *row[1:]])
                continue
            rows.append([row[0], own, *row[1:]])
            rows.append([row[0], other, *(["4001"] * (len(row) - 1))])
        case.rows, case.trap = rows, f"rows {other}"

    def other_columns(self, case: Case) -> None:
        word = self.words()
        heading = case.rows[0]
        case.rows = [
            [*row, *(f"{text} {word}" if n == 0 else "4002" for text in heading[1:])] for n, row in enumerate(case.rows)
        ]
        case.trap = f"columns {word}"

    def calendar(self, case: Case) -> None:
        names = ["Q1 (Jan-Mar)", "Q2 (Apr-Jun)", "Q3 (Jul-Sep)", "Q4 (Oct-Dec)"]
        case.rows[0][1:] = [f"{names[n % 4]} 2018/19" for n in range(len(case.rows[0]) - 1)]
        case.trap, case.meant = "calendar", {}


# Judging


def judge(case: Case, name: str, content: bytes, catalogue) -> tuple[str, str]:
    """What became of a table (`right`, `listed`, `refused`, `wrong` or `lost`), and a word on it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"kpi.{name.rpartition('.')[2]}"
        path.write_bytes(content)
        try:
            reading, refused = read_files([path], YEAR, catalogue)
        except InputError as problem:
            return "refused", str(problem)
    if refused:
        return "refused", str(next(iter(refused.values())))
    found = {(row["indicator"], row["period_start"], row["period_end"]): row for row in reading.observations}
    for key, row in found.items():
        is_sum = " + " in row["raw_value"]
        if row["status"] == "reported" and not is_sum and case.meant.get(key) != row["value"]:
            return "wrong", f"{key}: {row['value']:g}"
    missing = [key for key in case.meant if found.get(key, {"status": "absent"})["status"] != "reported"]
    said = " ".join([*reading.notes, *(f"{one.address} {one.reason}" for one in reading.unread)])
    if not missing:
        return "right", ""
    return ("listed", said) if "not read" in said or reading.unread else ("lost", f"{missing[:2]}")


def make_cases(tables: int, seed: int, held_out: bool, with_office: bool) -> Iterator[tuple[int, Case, str, bytes]]:
    """Random tables with their seed, format and content; those that LibreOffice writes come last."""
    later: dict[str, dict[int, Case]] = {name: {} for name in OFFICE} if with_office else {}
    for number in range(seed, seed + tables):
        case, dice = Maker(number, held_out).make(), random.Random(f"{number} format")
        sheets = [name for name in (*WRITERS, *later) if OFFICE.get(name, name) in SHEETS and "pdf" not in name]
        every = ["xlsx"] if case.stored else sheets if case.trap.startswith("sheet") else [*WRITERS, *later]
        name = dice.choice([*every, *later.keys() - {"page.pdf"}] if case.stored else every)
        if name in later:
            later[name][number] = case
        else:
            yield number, case, name, WRITERS[name](case, random.Random(number))
    for name, cases in later.items():
        start = OFFICE[name]
        files = {number: WRITERS[start](case, random.Random(number)) for number, case in cases.items()}
        done = convert(files, start, name.rpartition(".")[2])
        yield from ((number, cases[number], name, done[number]) for number in cases if number in done)


def run(tables: int, seed: int, held_out: bool, with_office: bool = False) -> tuple[Counter, list[str]]:
    """Outcomes of random tables, with a line on each that is wrong, lost, or refused without a trap."""
    catalogue = load_catalogue()
    counts: Counter = Counter()
    lines = []
    for number, case, name, content in make_cases(tables, seed, held_out, with_office):
        outcome, why = judge(case, name, content, catalogue)
        counts["trap" if case.trap else "plain", outcome, name] += 1
        if outcome in ("wrong", "lost") or (not case.trap and outcome != "right"):
            what = f"{case.title!r} {case.rows[:3]} {case.note!r}"
            lines.append(f"{outcome} seed {number} {name} trap={case.trap!r}: {why}\n    {what}")
    return counts, lines


def report(counts: Counter) -> str:
    """A line for each format, and the sums that the issue asks for."""
    outcomes = ("right", "listed", "refused", "wrong", "lost")
    lines = ["| format | without a trap: " + " | ".join(outcomes) + " | with one: " + " | ".join(outcomes) + " |"]
    lines.append("| --- |" + " ---: |" * 10)
    for name in sorted({name for _, _, name in counts}):
        cells = [counts[kind, outcome, name] for kind in ("plain", "trap") for outcome in outcomes]
        lines.append(f"| {name} | " + " | ".join(map(str, cells)) + " |")
    sums = {outcome: sum(n for (_, found, _), n in counts.items() if found == outcome) for outcome in outcomes}
    plain = sum(n for (kind, _, _), n in counts.items() if kind == "plain")
    refused = sum(n for (kind, found, _), n in counts.items() if kind == "plain" and found == "refused")
    lines += ["", f"{counts.total()} tables: {sums['wrong']} wrong, {sums['lost']} lost; "]
    lines[-1] += f"{refused / plain:.1%} refused that hold no trap."
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tables", nargs="?", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--held-out", action="store_true", help="only the words that the vocabulary was not made with")
    parser.add_argument("--office", action="store_true", help="the formats that LibreOffice writes as well")
    options = parser.parse_args()
    counts, lines = run(options.tables, options.seed, options.held_out, options.office)
    print(*lines, report(counts), sep="\n")


if __name__ == "__main__":
    main()
