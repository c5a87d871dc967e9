"""Street files, look-ups and ward outlines of Northbridge, a town that does not exist, as publishers write them."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

LAD, CSP, FORCE = "E06099001", "E22099001", "E23000014"
WARDS = "Abbey Bridge Castle Dene Eastfield Fenside Grange Harbour Ings Kiln Lowgate Moor".split()
COLUMNS, ROWS = 4, 3
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]
KINDS = {"Anti-social behaviour": 9, "Burglary": 3, "Vehicle crime": 4, "Violence and sexual offences": 12}
POLICE = "West Midlands Police"
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
).split(",")


def write_northbridge(folder: Path) -> None:
    """Write two years of street files and what places them into a folder of open data."""
    chance = random.Random(7)
    codes = [(f"E0109{place:04d}", f"E0509{place:04d}", name) for place, name in enumerate(WARDS, start=1)]
    write_csv(
        folder / "areas" / "2024-12" / "lookup.csv",
        "LAD24CD LAD24NM CSP24CD CSP24NM PFA24CD PFA24NM".split(),
        [(LAD, "Northbridge", CSP, "Northbridge", FORCE, "West Midlands")],
    )
    write_csv(
        folder / "areas" / "2022" / "exact.csv",
        "LSOA11CD LSOA11NM LSOA21CD LSOA21NM CHGIND LAD22CD LAD22NM LAD22NMW".split(),
        [(lsoa, name, lsoa, name, "U", LAD, "Northbridge", "") for lsoa, _, name in codes],
    )
    write_csv(
        folder / "areas" / "2024" / "wards.csv",
        "LSOA21CD LSOA21NM WD24CD WD24NM LAD24CD".split(),
        [(lsoa, name, ward, name, LAD) for lsoa, ward, name in codes],
    )
    for month in MONTHS:
        rows = [
            ["", month, POLICE, POLICE, "-2", "52", "On or near X", lsoa, name, kind, "", ""]
            for place, (lsoa, _, name) in enumerate(codes)
            for kind, usual in KINDS.items()
            for _ in range(round(usual * (1 + place % 5) / 2 * chance.uniform(0.6, 1.4)))
        ]  # fmt: skip
        write_csv(folder / "street" / "2025-01" / f"{month}-west-midlands-street.csv", STREET, rows)
    path = folder / "boundaries" / "2024" / "wards.geojson"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": _outlines(codes, chance)}), encoding="utf-8")


def _outlines(codes: list[tuple[str, str, str]], chance: random.Random) -> list[dict]:
    """A crooked grid of wards around a place in the Midlands."""
    corners = {
        (column, row): (-2.2 + 0.03 * column + _shift(chance), 52.5 + 0.02 * row + _shift(chance) / 2)
        for column in range(COLUMNS + 1)
        for row in range(ROWS + 1)
    }  # fmt: skip
    features = []
    for place, (_, ward, name) in enumerate(codes):
        column, row = place % COLUMNS, place // COLUMNS
        ring = [corners[column + x, row + y] for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"WD24CD": ward, "WD24NM": name}, "geometry": geometry})
    return features


def _shift(chance: random.Random) -> float:
    return chance.uniform(-0.008, 0.008)


def write_csv(path: Path, header: list[str], rows: list) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
