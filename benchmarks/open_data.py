"""CPU seconds and memory of open data against a bare loop or duckdb doing the same, on generated files of real size.

    python -m benchmarks.open_data [--rows 3100000] [--skip-ods]

Each side runs in a process of its own, in turn. Ratios are what docs quote; seconds depend on the machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from itertools import islice, product
from pathlib import Path

HEADER = (
    "Financial Year,Financial Quarter,Police Force,CSP Name,Offence Description,Offence Group,Offence "
    "Subgroup,Offence Code,Offence Count"
)
PER_QUARTER = 315 * 150
SHEETS = 6
CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
TEXT = 'table:style-name="ce12" office:value-type="string" calcext:value-type="string"'
FLOAT = 'table:style-name="ce14" office:value-type="float" calcext:value-type="float" office:value'
PADDING = '<table:table-row table:number-rows-repeated="800000"><table:table-cell/></table:table-row>'
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
)


def write_tables(folder: Path, rows: int) -> None:
    """A CSV by partnership of so many rows, and an ODS of a third of them."""
    from swp_analysis.open_data.layouts import load_layouts

    forces = list(load_layouts()["forces"].items())
    areas = [(force, f"Area {at}") for at, (_, force) in enumerate(forces * 8)][:315]
    offences = [
        (
            f"Described at the length of an offence{', or so' if code % 4 == 0 else ''} {code}",
            "Theft offences",
            f"Subgroup {code % 30}",
            f"{code}A",
        )
        for code in range(150)
    ]
    years = -(-rows // (4 * PER_QUARTER))
    quarters = [
        (f"{2025 - years + year}/{(2026 - years + year) % 100:02d}", quarter)
        for year, quarter in product(range(years), range(1, 5))
    ]
    with (folder / "prc-csp-230726.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        writer = csv.writer(file, lineterminator="\n")
        for at, ((year, quarter), (force, area), offence) in enumerate(product(quarters, areas, offences)):
            if at >= rows:
                break
            writer.writerow([year, quarter, force, area, *offence, (at * 2_654_435_761 >> 9) % (3 + at % 97)])
    _write_ods(folder / "prc-csp-230726.csv", folder / "prc-csp-230726.ods", rows // 3)


def _write_ods(table: Path, target: Path, rows: int) -> None:
    """A workbook laid out like the publisher's: six sheets, styled cells, and a padding row repeated 800,000 times."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} {CALCEXT} office:version="1.2">'
        "<office:body><office:spreadsheet>"
    )
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        table.open(encoding="utf-8") as lines,
    ):
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST.format(kind=kind))
        read = csv.reader(lines)
        header = next(read)
        with archive.open("content.xml", "w") as content:
            content.write(head.encode())
            for sheet in range(SHEETS):
                content.write(f'<table:table table:name="{2020 + sheet}_{21 + sheet}">{_write_row(header)}'.encode())
                for cells in islice(read, rows // SHEETS):
                    content.write(_write_row(cells).encode())
                content.write(f"{PADDING}</table:table>".encode())
            content.write(b"</office:spreadsheet></office:body></office:document-content>")


def _write_row(cells: list[str]) -> str:
    written = "".join(
        f'<table:table-cell {FLOAT}="{cell}"><text:p>{cell}</text:p></table:table-cell>'
        if cell.isdigit()
        else f"<table:table-cell {TEXT}><text:p>{cell}</text:p></table:table-cell>"
        for cell in cells
    )
    return f'<table:table-row table:style-name="ro2">{written}</table:table-row>'


def read_ours(path: Path) -> None:
    """Read a table into a CSV a force, as a build does."""
    from swp_analysis.open_data.gazetteer import known_forces
    from swp_analysis.open_data.recorded_crime import read_recorded_crime

    with tempfile.TemporaryDirectory() as folder:
        read_recorded_crime(path, known_forces(), "2026-07-23", Path(folder))


def loop_over(path: Path) -> None:
    """The bare loop of calamine over the same rows."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as workbook:
        for name in workbook.sheet_names:
            for _ in workbook.get_sheet_by_name(name).iter_rows():
                pass


def read_duckdb(path: Path) -> None:
    """The same with duckdb: read, name the quarter, write a CSV a force."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        select = f"""
            select "Police Force" force, "CSP Name" area, "Financial Year" y, "Financial Quarter" q, "Offence Group",
                "Offence Subgroup", "Offence Code", try_cast("Offence Count" as bigint) n, 'reported' status,
                'home_office_prc_csp', '2026-07-23', row_number() over () + 1
            from read_csv('{path}', all_varchar = true)"""
        options = "format csv, partition_by (force), overwrite_or_ignore"
        duckdb.connect().execute(f"copy ({select}) to '{folder}' ({options})")


def rebuild(folder: Path) -> None:
    """A build in which nothing has changed, and a first query."""
    from swp_analysis.analysis.areas.series import read_area_series
    from swp_analysis.open_data.reader import open_data
    from swp_analysis.open_data.tables import build_open
    from swp_analysis.project import Project

    project = Project(folder)
    build_open(project)
    began = time.process_time()
    build_open(project)
    unchanged = time.process_time() - began
    data = open_data(project)
    began = time.process_time()
    read_area_series(data, data.book.areas["E23000014"], "total", "year")
    print(json.dumps({"unchanged rebuild": round(unchanged, 4), "series query": round(time.process_time() - began, 3)}))


TASKS = {"ours": read_ours, "calamine": loop_over, "duckdb": read_duckdb, "rebuild": rebuild}


def measure(task: str, path: Path) -> tuple[float, int]:
    """CPU seconds and peak memory in MB of a task in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.open_data", "--task", task, "--path", str(path)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "0"}
    )
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def main() -> None:
    """Measure everything, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_100_000)
    parser.add_argument("--skip-ods", action="store_true")
    parser.add_argument("--task")
    parser.add_argument("--path", type=Path)
    call = parser.parse_args()
    if call.task:
        TASKS[call.task](call.path)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss // 1024]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, call.rows)
        pairs = [("csv", "duckdb")] + ([] if call.skip_ods else [("ods", "calamine")])
        for suffix, rival in pairs:
            path = folder / f"prc-csp-230726.{suffix}"
            (own, memory), (other, _) = measure("ours", path), measure(rival, path)
            size = path.stat().st_size >> 20
            print(
                f"{suffix}, {size} MB: {own:.1f} s, {memory} MB; {rival} {other:.1f} s; ratio {own / other:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
