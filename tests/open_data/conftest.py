"""Published files of two invented forces, and the real ones where they are at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from swp_analysis.open_data import raw_files
from swp_analysis.open_data.reader import OpenData, open_data
from swp_analysis.project import PROJECT_VARIABLE, Project

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
WITHOUT = "The real open data (../shared/data) are not here, so figures were not held against them."
HEADER = (
    "Financial Year,Financial Quarter,Police Force,CSP Name,Offence Description,Offence Group,Offence "
    "Subgroup,Offence Code,"
    "Offence Count"
).split(",")
OFFENCES = [
    ("Robbery of personal property", "Robbery", "Robbery of personal property", "34B", 10),
    ("Robbery of business property", "Robbery", "Robbery of business property", "34A", 2),
    ("Burglary Residential", "Theft offences", "Residential burglary", "28E", 30),
    ("Murder", "Violence against the person", "Homicide", "1", 1),
    ("Fraud", "Fraud offences", "Fraud offences to 2012/13", "53C", 500),
]
PLACES = {"West Midlands": ["Wolverhampton", "Walsall", "Unassigned West Midlands"], "Kent": ["Medway", "Ashford"]}
LOOKUP = [
    ("E08000031", "Wolverhampton", "E22000341", "Wolverhampton", "E23000014", "West Midlands"),
    ("E08000030", "Walsall", "E22000340", "Walsall", "E23000014", "West Midlands"),
    ("E06000035", "Medway", "E22000143", "Medway", "E23000032", "Kent"),
    ("E07000105", "Ashford", "E22000137", "Ashford", "E23000032", "Kent"),
    ("W06000016", "Rhondda Cynon Taf", "W22000005", "Cwm Taf", "W15000003", "South Wales"),
    ("W06000024", "Merthyr Tydfil", "W22000005", "Cwm Taf", "W15000003", "South Wales"),
]


def crime_rows(years=("2021/22", "2022/23"), leave_out=()):
    """Rows of the Home Office's table by partnership: `leave_out` holds (year, quarter, force) that didn't come."""
    rows = []
    for at, year in enumerate(years):
        for quarter in range(1, 5):
            for force, names in PLACES.items():
                for size, name in enumerate(names, start=1):
                    if (year, quarter, force) in leave_out or (year, quarter, name) in leave_out:
                        continue
                    for described, group, subgroup, code, count in OFFENCES:
                        value = count * size + at * quarter if code == "34B" else count * size
                        rows.append([year, quarter, force, name, described, group, subgroup, code, value])
    return rows


def write_csv(path: Path, rows, header=HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows] if header else rows)
    return path


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    """An empty project whose open data are its own."""
    monkeypatch.delenv(raw_files.FOLDER_VARIABLE, raising=False)
    (tmp_path / "data" / "raw" / "open").mkdir(parents=True)
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path))
    return Project(tmp_path)


@pytest.fixture
def filed(project) -> Project:
    """A project with look-up, populations and two years of recorded crime of two forces."""
    folder = project.raw / "open"
    header = "LAD24CD LAD24NM CSP24CD CSP24NM PFA24CD PFA24NM".split()
    write_csv(folder / "areas" / "2024-12" / "lookup.csv", LOOKUP, header)
    people = [(code, year, 100_000 + 1000 * at) for at, (code, *_) in enumerate(LOOKUP) for year in (2021, 2022)]
    write_csv(folder / "population" / "census-2021" / "mye.csv", people, ["GEOGRAPHY_CODE", "DATE", "OBS_VALUE"])
    write_csv(folder / "home_office_prc_csp" / "2026-07-23" / "prc.csv", crime_rows())
    return project


@pytest.fixture
def data(filed) -> OpenData:
    return open_data(filed)


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """The real files, read once for all tests; `explore` answers from them."""
    if not SHARED.is_dir():
        pytest.skip(WITHOUT)
    root = tmp_path_factory.mktemp("real")
    (root / "data" / "raw").mkdir(parents=True)
    # NOTE: set only while they are read, for this fixture outlives the tests of this folder.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(raw_files.FOLDER_VARIABLE, str(SHARED))
        return open_data(Project(root))


@pytest.fixture
def answers(real, monkeypatch):
    """`areas, crime, peers, places` on the real files."""
    monkeypatch.setenv(raw_files.FOLDER_VARIABLE, str(SHARED))
    monkeypatch.setenv(PROJECT_VARIABLE, str(real.folder.parents[2]))
    return real
