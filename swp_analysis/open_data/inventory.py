"""`swp open`: which open data are here. In: `OpenData`. Out: a line for each source and edition, with its gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from swp_analysis.open_data.reader import OpenData
from swp_analysis.open_data.recorded_crime import NOT_SUPPLIED

MANY = 6  # editions of a source that are not named one by one
USED = ["area_code", "source", "edition", "period_start", "period_end", "status"]


def describe_open(data: OpenData) -> Iterator[str]:
    """Say what is there, what it spans and what is missing; then what was put right or isn't known."""
    files = list(data.listing["files"].values())
    if not files:
        yield "No published files are here, so only the figures that ship are used; swp fetch crime brings the tables."
        return
    spans = _spans(data)
    for source in sorted({file.source for file in files}):
        own = Counter(file.edition for file in files if file.source == source)
        for edition, number in (
            sorted(own.items()) if len(own) < MANY else [(f"{min(own)} to {max(own)}", sum(own.values()))]
        ):
            span = spans.get((source, edition), "")
            yield f"{source}, edition {edition}: {number} file{'s' if number > 1 else ''}{span}"
    yield from _street_gaps(data)
    yield from data.listing.get("remarks", [])


def _spans(data: OpenData) -> dict[tuple[str, str], str]:
    tables = sorted((data.folder / "recorded_crime").glob("*.csv"))
    rows = [pd.read_csv(path, usecols=USED, dtype="category").drop_duplicates() for path in tables]
    if not rows:
        return {}
    whole = pd.concat(rows, ignore_index=True).astype(str)
    by_edition = whole.groupby(["source", "edition"])
    return {(str(source), str(edition)): _say_span(own) for (source, edition), own in by_edition}


def _say_span(rows: pd.DataFrame) -> str:
    gaps = rows[rows["status"] == NOT_SUPPLIED].drop_duplicates(["area_code", "period_start"])
    missing = f"; {len(gaps)} periods of {gaps['area_code'].nunique()} areas not supplied" if len(gaps) else ""
    return f", {rows['period_start'].min()} to {rows['period_end'].max()}, {rows['area_code'].nunique()} areas{missing}"


def _street_gaps(data: OpenData) -> Iterator[str]:
    for kind in ("street", "outcomes", "stop_and_search"):
        for path in sorted((data.folder / kind).glob("[EW][12][35]*.csv")):
            rows = data.street(path.stem, kind)
            gaps = rows.loc[rows["status"] == NOT_SUPPLIED, ["month", "crime_type"]]
            names = [f"{month} {what or 'everything'}" for month, what in gaps.itertuples(index=False)]
            missing = f"; not supplied: {', '.join(names)}" if names else ""
            area = data.book.areas[path.stem].name
            yield f"{kind.replace('_', ' ')}, {area}: {rows['month'].min()} to {rows['month'].max()}{missing}"
