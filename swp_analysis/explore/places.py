"""Where in an area: counts by ward, LSOA or month, maps, and what was supplied. In: an area. Out: `AreaResult`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.analysis.areas.places import PlaceCounts, count_places, outlines_for
from swp_analysis.analysis.areas.series import name_month
from swp_analysis.errors import InputError, count_noun
from swp_analysis.explore.areas import as_list, choose_area, here
from swp_analysis.present import area_charts, area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.phrases import list_words, say

SMALL = 5
MOST_BARS, MOST_HIGHEST = 15, 3
MOST_NAMED = 2  # wards that share the first place, by name
SHOWN_MONTHS = {"month": "Month", "crime_type": "Type", "count": "Crimes"}
UNIT_NAMES = {"lsoa": "LSOA", "area": "type"}
COUNTED = {"street": "crimes", "outcomes": "outcomes", "stop_and_search": "stops and searches"}
FIFTHS = (0.2, 0.4, 0.6, 0.8)


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
    chosen = [str(one) for one in as_list(types) if one]
    found = count_places(here(), choose_area(area), unit, (month_from, month_to), chosen, kind)
    places = found.frame[found.frame["code"] != ""].sort_values("count", ascending=False, kind="stable")
    title, sentence = _say(found, places)
    names, values = places["name"].head(MOST_BARS).tolist(), places["count"].head(MOST_BARS).tolist()
    texts = [f"{count:,}" for count in values]
    highest = [f"{name} ({text})" for name, text in zip(names, texts, strict=True)]
    return AreaResult(
        title,
        sentence,
        found.frame,
        _caveats(found),
        area_words.name_table(found.source, found.edition),
        found.edition,
        subtitle=_show_span(found.months),
        alt=say("places.highest", names=highest[:MOST_HIGHEST]),
        shown=SHOWN_MONTHS if unit == "month" else {"name": unit.capitalize(), "count": "Crimes"},
        draw=None if unit in ("month", "lsoa") else partial(area_charts.draw_bars, names, values, texts, "Crimes"),
    )


def _say(found: PlaceCounts, places: pd.DataFrame) -> tuple[str, str]:
    """Give title and sentence; which ward has the most, or which share the first place."""
    what = list_words([kind.lower() for kind in found.types]) if found.types else COUNTED[found.source]
    first = places.loc[places["count"] == places["count"].max(), "name"].tolist()
    named = list_words(first) if len(first) <= MOST_NAMED else count_noun(len(first), "ward")
    figures = {
        "area": found.area.name,
        "what": what,
        "unit": UNIT_NAMES.get(found.unit, found.unit),
        "total": found.total,
        "most": places["count"].max(),
        "first": first,
        "half": found.half,
        "units": len(found.frame),
        "span": _show_span(found.months),
        "missing": _list_missing(found),
    }
    lead = say("places.lead", named=named, first=first, what=what, wards=len(places))
    title = lead if found.unit == "ward" else say("places.title", **figures)
    return title, say(f"places.{found.unit if found.unit in ('ward', 'lsoa') else 'other'}", lead=lead, **figures)


def _list_missing(found: PlaceCounts) -> str:
    missing = found.missing.itertuples(index=False)
    return "; ".join(f"{kind or 'everything'} of {name_month(month)}" for month, kind in missing)


def _show_span(months: Sequence[str]) -> str:
    first, last = (name_month(month) for month in (months[0], months[-1]))
    return first if first == last else f"{first} to {last}"


def _caveats(found: PlaceCounts) -> list[str]:
    missing = _list_missing(found)
    names = ["missing"] * bool(missing) + ["by_code", "snapped"] + ["vintage"] * bool(found.vintage)
    return [say(f"places.{name}", missing=missing, vintage=found.vintage) for name in names]


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
    names = frame.set_index("code")["name"].to_dict() if is_ward else None
    if hides:
        shown = frame.assign(count=[_hide(n) for n in frame["count"]])
        result = replace(result, frame=shown, alt="")
    return replace(result, draw=partial(area_charts.draw_map, outlines, values, bands, labels, names))


def _require_places(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    if (
        not isinstance(frame, pd.DataFrame)
        or "code" not in frame
        or value not in frame
        or not pd.api.types.is_numeric_dtype(frame[value])
    ):
        needed = f"A map needs the columns code and {value}, {value} with numbers"
        raise InputError(f"{needed}; give it what places.counts gave by ward or lsoa.")
    return frame


def _hide(count: int) -> str:
    return f"under {SMALL}" if 0 < count < SMALL else f"{count:,}"


def _bands(values: np.ndarray, hides: bool) -> tuple[list[float], list[str]]:
    """Ends of up to five bands that hold as many units each, the lowest never finer than "under 5"."""
    fifths = [float(np.quantile(values, share)) for share in FIFTHS]
    if np.issubdtype(values.dtype, np.floating):
        ends = sorted({float(f"{end:.3g}") for end in fifths})
        between = [f"{first:g} to under {last:g}" for first, last in pairwise(ends)]
        return ends, [f"under {ends[0]:g}", *between, f"{ends[-1]:g} or more"]
    rounded = {int(np.ceil(end)) for end in fifths}
    whole = sorted({SMALL, *(end for end in rounded if end > SMALL)} if hides else rounded - {0})[-4:]
    if not whole:
        return [], ["all"]
    between = [f"{first:,} to {last - 1:,}" for first, last in pairwise(whole)]
    return [float(end) for end in whole], [f"under {whole[0]}", *between, f"{whole[-1]:,} or more"]


def coverage(area: str) -> AreaResult:
    """Say which months and types data.police.uk supplied for an area, and which are missing."""
    place = choose_area(area)
    frame = here().coverage(dict.fromkeys([place.area_code, place.force_code]))
    rows: Iterable[Any] = frame.itertuples(index=False)
    gaps = [f"{row.area} ({row.kind.replace('_', ' ')}): {row.missing}" for row in rows if row.missing]
    months = sorted({*frame["first_month"], *frame["last_month"]})
    situation = "gaps" if gaps else "no gap" if months else "no data"
    figures = {"gaps": list(dict.fromkeys(gaps)), "span": _show_span(months) if months else ""}
    sentence = say(f"places.{situation}", area=place.name, force=place.force_code, **figures)
    return AreaResult(f"{place.name}: what was supplied", sentence, frame, source="data.police.uk")
