"""How long does reading take? Writes results/reading.md. Run: python benchmarks/read_tables.py

The shipped year, in a fresh process each, against what importing pandas alone takes; and workbooks of 7,500 to 30,000
rows in sheets of 2,500, which must take time in proportion to their rows and no more memory than their cells need.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.ingest.read_year import read_year

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "reading.md"
REPEATS = 7
ROWS = (7_500, 15_000, 30_000)
FIGURES_A_ROW = 8
# A sheet of more rows is refused as no KPI table.
ROWS_A_SHEET = 2_500

START = "import time; t = time.process_time(); "
STOP = "; print(time.process_time() - t)"
READ = (
    "from pathlib import Path; from swp_analysis.ingest.read_year import read_year; "
    "from swp_analysis.catalogue.loader import load_catalogue; catalogue = load_catalogue(); {clock}"
    "read_year(Path('data/raw/2017-18'), '2017-18', catalogue)"
)
PROCESSES = {
    "import pandas": f"{START}import pandas{STOP}",
    "import the readers, load the catalogue and read the shipped year": f"{START}{READ.format(clock='')}{STOP}",
    "read the shipped year": f"{READ.format(clock=START)}{STOP}",
}


def seconds_of(code: str) -> float:
    """Processor seconds, the least of several processes: what else the machine does can only add."""
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True) for _ in range(REPEATS)
    ]
    return min(float(run.stdout) for run in runs)


def write_workbook(path: Path, rows: int) -> None:
    """A workbook that repeats one indicator for many years, so that every row is a real row of figures."""
    import xlsxwriter

    label = load_catalogue().indicators["hate_crime"].label
    quarters = [f"Q{quarter} {year}" for year in ("2016/17", "2017/18") for quarter in range(1, 5)]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        for first in range(1, rows + 1, ROWS_A_SHEET):
            sheet = book.add_worksheet(f"KPI {first // ROWS_A_SHEET + 1}")
            sheet.write_row(0, 0, ["KPI", *quarters])
            for row in range(first, min(first + ROWS_A_SHEET, rows + 1)):
                sheet.write_row(row - first + 1, 0, [label, *range(row, row + FIGURES_A_ROW)])


def read_rows(path: Path) -> float:
    """Processor seconds from file to figures; the repeated rows are refused after the last of them was read."""
    from swp_analysis.errors import InputError

    start = time.process_time()
    try:
        read_year(path.parent, "2017-18", load_catalogue())
    except InputError as refusal:
        if "already" not in str(refusal):
            raise
    return time.process_time() - start


def measure_growth() -> dict[int, float]:
    found = {}
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "large.xlsx"
            write_workbook(path, rows)
            found[rows] = min(read_rows(path) for _ in range(3))
    return found


def report(processes: dict[str, float], growth: dict[int, float]) -> str:
    lines = [
        "# How long reading takes",
        "",
        f"Python {platform.python_version()}; processor time, least of {REPEATS} processes.",
        "",
    ]
    lines += ["| what | milliseconds |", "| --- | ---: |"]
    lines += [f"| {what} | {1000 * seconds:.0f} |" for what, seconds in processes.items()]
    lines += ["", "| rows of a workbook | seconds | microseconds a row |", "| ---: | ---: | ---: |"]
    lines += [f"| {rows:,} | {seconds:.2f} | {1e6 * seconds / rows:.0f} |" for rows, seconds in growth.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = report({what: seconds_of(code) for what, code in PROCESSES.items()}, measure_growth())
    RESULTS.write_text(text, encoding="utf-8", newline="\n")
    print(text)
