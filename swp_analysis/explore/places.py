"""Where in an area: counts by ward, LSOA or month, maps, and what was supplied. In: an area. Out: `AreaResult`."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from swp_analysis.analysis.areas import places as analysis
from swp_analysis.analysis.areas.places import PlaceCounts, count_places, outlines_for
from swp_analysis.errors import InputError
from swp_analysis.explore.areas import choose_area, here
from swp_analysis.present import area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.phrases import list_words

SNAPPED = "Points are snapped to places of at least 8 addresses: nothing is said of streets."
BY_CODE = (
    "An area is chosen by the LSOA code of a crime; crimes without a location, and those of other forces, are not "
    "in it."
)
SMALL = 5
MOST_BARS = 15
MOST_NAMED = 2  # wards that share the first place, by name
SHOWN_MONTHS = {"month": "Month", "crime_type": "Type", "count": "Crimes"}
UNIT_NAMES = {"lsoa": "LSOA", "area": "type"}


def counts(
    area: str,
    unit: str = "ward",
    month_from: str = "",
    month_to: str = "",
    types: Sequence[str] | str = (),
    kind: str = "street",
) -> AreaResult:
    """Give crimes of an area by "ward", "lsoa", "month" (and type) or "area" (by type); a force's code gives its whole
    file.

    What was not supplied is empty in `frame` by month, and named in `caveats`; it is never zero.
    """
    found = _count(area, unit, month_from, month_to, types, kind)
    frame, what = found.frame, _what(found)
    biggest = _fullest(frame, MOST_BARS)
    drawn = {
        "names": biggest["name"].tolist(),
        "values": biggest["count"].tolist(),
        "texts": [f"{n:,}" for n in biggest["count"]],
        "axis": "Crimes",
    }
    return AreaResult(
        _say_lead(found, what) if unit == "ward" else f"{found.area.name}: {what} by {UNIT_NAMES.get(unit, unit)}",
        _say(found, what),
        frame,
        _caveats(found),
        area_words.name_source(found.source, found.edition),
        found.edition,
        subtitle=_span(found),
        alt=_name_highest(found),
        drawing="" if unit in ("month", "lsoa") else "bars",
        drawn=drawn,
        shown=SHOWN_MONTHS if unit == "month" else {"name": unit.capitalize(), "count": "Crimes"},
    )


def _count(area: str, unit: str, first: str, last: str, types: Sequence[str] | str, kind: str) -> PlaceCounts:
    chosen = list(filter(None, [types] if isinstance(types, str) else types))
    return count_places(here(), choose_area(area), unit, (first, last), chosen, kind)


def _what(found: PlaceCounts) -> str:
    plain = {"street": "crimes", "outcomes": "outcomes", "stop_and_search": "stops and searches"}[found.source]
    return list_words([kind.lower() for kind in found.types]) if found.types else plain


def _say(found: PlaceCounts, what: str) -> str:
    span = _span(found)
    missing = f" Not supplied, which is not zero: {_list_missing(found)}." if len(found.missing) else ""
    if found.unit == "lsoa":
        return f"{found.half} of {len(found.frame)} LSOAs hold half of recorded {what}, {span}.{missing} {SNAPPED}"
    if found.unit == "ward":
        wards = _wards(found)["count"]
        each = " each" if (wards == wards.max()).sum() > 1 else ""
        return f"{_say_lead(found, what)}: {wards.max():,}{each} of {found.total:,}, {span}.{missing} {SNAPPED}"
    return f"{found.area.name}: {found.total:,} {what}, {span}.{missing}"


def _say_lead(found: PlaceCounts, what: str) -> str:
    """Say which ward has the most, or which wards share the first place."""
    wards = _wards(found)
    first = wards.loc[wards["count"] == wards["count"].max(), "name"].tolist()
    named = list_words(first) if len(first) <= MOST_NAMED else f"{len(first)} wards"
    return f"{named} {'has' if len(first) == 1 else 'have'} the most {what} of {len(wards)} wards"


def _wards(found: PlaceCounts) -> pd.DataFrame:
    return found.frame[found.frame["code"] != ""]


def _list_missing(found: PlaceCounts) -> str:
    return "; ".join(
        f"{kind or 'everything'} of {area_words.show_month(month + '-01')}"
        for month, kind in found.missing.itertuples(index=False)
    )


def _span(found: PlaceCounts) -> str:
    return _show_span(found.months)


def _show_span(months: Sequence[str]) -> str:
    first, last = (area_words.show_month(f"{month}-01") for month in (months[0], months[-1]))
    return first if first == last else f"{first} to {last}"


def _fullest(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """The units with the most crimes, without what is in no single one of them."""
    return frame[frame["code"] != ""].sort_values("count", ascending=False, kind="stable").head(most)


def _name_highest(found: PlaceCounts) -> str:
    top = _fullest(found.frame, 3).to_dict("records")
    names = list_words([f"{row['name']} ({row['count']:,})" for row in top])
    return f"Highest: {names}."


def _caveats(found: PlaceCounts) -> list[str]:
    missing = f"Not supplied: {_list_missing(found)}." if len(found.missing) else ""
    vintage = f"LSOA codes are those of {found.vintage}; split and merged ones are put together, never shared out."
    return [text for text in (missing, BY_CODE, SNAPPED, vintage if found.vintage else "") if text]


def map(table: AreaResult | pd.DataFrame, value: str = "count", audience: str = "partners") -> AreaResult:
    """Give a map of what `counts` gave by ward or LSOA, with the table beside it; LSOAs in bands.

    Parameters
    ----------
    table : a result of `counts`, or a frame made from one, with `code` and `name`.
    value : the column that is drawn, such as "count" or a rate of your own.
    audience : for readers outside, 1 to 4 in an LSOA is "under 5", and only counts of LSOAs are drawn.

    Raises
    ------
    InputError
        When outlines are missing, or of another vintage than the counts; or `value` is no column of numbers.
    """
    result = table if isinstance(table, AreaResult) else AreaResult("A map", "", table, shown={"name": "Area"})
    frame = _require_places(result.frame, value)
    is_ward = frame["code"].astype(str).str.fullmatch(r"([EW]05\d{6})?").all()
    hides = audience != "internal" and not is_ward
    if hides and value != "count":
        raise InputError(f'{value} of an LSOA is not drawn for readers outside; write value="count", or map wards.')
    bands, labels = _bands(frame[value].dropna().to_numpy(), hides)
    outlines = outlines_for(here(), set(frame["code"]), "ward" if is_ward else "LSOA")
    values = frame.dropna(subset=[value]).set_index("code")[value].to_dict()
    drawn = {"outlines": outlines, "values": values, "bands": bands, "labels": labels}
    if is_ward:
        drawn["names"] = frame.set_index("code")["name"].to_dict()
    if hides:
        shown = frame.assign(count=[_hide(n) for n in frame["count"]])
        result = replace(result, frame=shown, alt="")
    return replace(result, drawing="map", drawn=drawn)


def _require_places(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    if "code" not in frame or value not in frame or not pd.api.types.is_numeric_dtype(frame[value]):
        raise InputError(
            f"A map needs the columns code and {value}, {value} with numbers; give it what places.counts gave by ward "
            "or lsoa."
        )
    return frame


def _hide(count: int) -> str:
    return f"under {SMALL}" if 0 < count < SMALL else f"{count:,}"


def _bands(counts: np.ndarray, hides: bool) -> tuple[list[float], list[str]]:
    """Ends of up to five bands that hold as many units each, the lowest never finer than "under 5"."""
    if np.issubdtype(counts.dtype, np.floating):
        return _bands_of_numbers(counts)
    ends = sorted({int(np.ceil(np.quantile(counts, share))) for share in (0.2, 0.4, 0.6, 0.8)})
    ends = sorted({SMALL, *(end for end in ends if end > SMALL)}) if hides else [end for end in ends if end > 0]
    ends = ends[-4:]
    firsts = [0, *ends]
    labels = [f"{first:,} to {last - 1:,}" for first, last in zip(firsts, ends, strict=False)]
    labels = [f"under {ends[0]}", *labels[1:]] if ends else []
    return [float(end) for end in ends], [*labels, f"{ends[-1]:,} or more" if ends else "all"]


def _bands_of_numbers(values: np.ndarray) -> tuple[list[float], list[str]]:
    ends = sorted({float(f"{np.quantile(values, share):.3g}") for share in (0.2, 0.4, 0.6, 0.8)})
    firsts = [f"{first:g} to under {last:g}" for first, last in pairwise(ends)]
    return ends, [f"under {ends[0]:g}", *firsts, f"{ends[-1]:g} or more"]


def coverage(area: str) -> AreaResult:
    """Say which months and types data.police.uk supplied for an area, and which are missing."""
    place = choose_area(area)
    frame = analysis.find_coverage(here(), place)
    rows = [row for row in frame.to_dict("records") if row["missing"]]
    gaps = [f"{row['area']} ({str(row['kind']).replace('_', ' ')}): {row['missing']}" for row in rows]
    months = sorted({*frame["first_month"], *frame["last_month"]})
    sentence = (
        f"No gap is known in the street data that are here for {place.name}, {_show_span(months)}." if months else ""
    )
    if gaps:
        sentence = f"Not supplied, not zero: {'; '.join(dict.fromkeys(gaps))}."
    if frame.empty:
        sentence = f"No street data are here for {place.name}; swp fetch street --force {place.force_code} brings them."
    return AreaResult(f"{place.name}: what was supplied", sentence, frame, source="data.police.uk")
