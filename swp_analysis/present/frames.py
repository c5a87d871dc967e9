"""Frames and charts that an analyst gets, changes and hands back. In: observations, findings, the catalogue; a frame
made here, a chart of her own and words. Out: frames; the series and findings of a frame; an `Exhibit` or a `Table`.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.errors import InputError, count_noun, find_near, require_choice
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.phrases import NOTHING, list_words
from swp_analysis.present.table import Cell, Column, Table
from swp_analysis.present.words import write_verdict
from swp_analysis.quality.totals import span_quarters

MOST_FILES = 3  # that a source names
PERIODS = ("all", "quarters", "months")
ABOUT = ("label", "short_label", "theme", "unit", "kind", "good_direction", "measures", "owner")
FIGURE = ("indicator", "financial_year", "quarter", "period_start")
MAY_CHANGE = ("value", "lower", "upper", "numerator", "denominator", "status")
FINDING = "finding"


def describe_observations(observations: pd.DataFrame, catalogue: Catalogue, periods: str = "all") -> pd.DataFrame:
    """Put names, real dates and the name of the period beside the figures.

    Parameters
    ----------
    observations : columns of `data/processed/observations.csv`.
    periods : "quarters", "months", or "all": quarters first, then months; never one series.

    Returns
    -------
    DataFrame with the columns of the observations, `period` ("Q1 2017/18", "January 2018"), `period_kind` and those of
    `ABOUT`; by indicator in the catalogue's order, then in time order.
    """
    require_choice("choice of periods", periods, PERIODS)
    rows = observations.copy()
    for name in ("period_start", "period_end"):
        rows[name] = pd.to_datetime(rows[name])
    is_month = ~span_quarters(rows)
    rows["period_kind"] = is_month.map({True: "month", False: "quarter"})
    quarters = "Q" + ((rows["period_start"].dt.month - 4) % 12 // 3 + 1).astype(str)
    rows["period"] = (quarters + " " + rows["financial_year"].str.replace("-", "/")).where(
        ~is_month, rows["period_start"].dt.strftime("%B %Y")
    )
    rows = rows.join(indicator_table(catalogue).reindex(columns=list(ABOUT)), on="indicator")
    order = {name: place for place, name in enumerate(catalogue.indicators)}
    places = pd.DataFrame({"month": is_month, "place": rows["indicator"].map(order), "start": rows["period_start"]})
    rows = rows.loc[places.sort_values(["month", "place", "start"], kind="stable").index]
    wanted = rows["period_kind"] == periods.removesuffix("s")
    return (rows if periods == "all" else rows[wanted]).reset_index(drop=True)


def tabulate_figures(observations: pd.DataFrame, names: Sequence[str], catalogue: Catalogue) -> pd.DataFrame:
    """Describe the figures of some indicators, in this order; one without figures has a row without a period."""
    rows = describe_observations(observations[observations["indicator"].isin(names)], catalogue)
    without = [name for name in names if name not in set(rows["indicator"])]
    about = indicator_table(catalogue).reindex(columns=list(ABOUT)).loc[without].rename_axis("indicator").reset_index()
    if without:
        rows = pd.concat([rows, about.assign(status="not_available")], ignore_index=True)
    order = {name: place for place, name in enumerate(names)}
    return rows.sort_values("indicator", key=lambda ids: ids.map(order), kind="stable").reset_index(drop=True)


def indicator_table(catalogue: Catalogue) -> pd.DataFrame:
    """List the indicators of a catalogue, one a row, by id in the catalogue's order."""
    plain = ("id", "label", "short_label", "theme", "unit", "kind", "good_direction", "owner", "definition")
    columns = [*plain[:4], "theme_title", *plain[4:7], "measures", "owner", "part_of", "topics", "definition"]
    rows = [
        {name: getattr(one, name) for name in plain}
        | {"theme_title": catalogue.themes[one.theme].title, "topics": ", ".join(one.topics or [])}
        | {"measures": one.measures or "", "part_of": one.subgroup_of or ""}
        for one in catalogue.indicators.values()
    ]
    return pd.DataFrame(rows, columns=columns if rows else columns[:2]).set_index("id")


def name_source(rows: pd.DataFrame) -> str:
    """Say who gave the figures of an own indicator, and in which files; "" where the rows do not say."""
    owners, files = (list(rows[name].dropna().unique()) if name in rows else [] for name in ("owner", "source_file"))
    named = [
        *files[:MOST_FILES],
        *([count_noun(len(files) - MOST_FILES, "other file")] if len(files) > MOST_FILES else []),
    ]
    return " ".join([list_words(owners), f"({list_words(named)})"]) if owners and files else ""


def describe_findings(findings: Sequence[Finding]) -> pd.DataFrame:
    """Put the comparison of two years into a frame, one row an indicator.

    Returns
    -------
    DataFrame: indicator, label, unit, `before` and `after` in that unit, `change`, `change_pct`; the `effect` with its
    95% range `lower` to `upper` and p, where `measure` says whether it is a "ratio" or "points"; `p_together` adjusted
    for all indicators; `verdict` in words; and `finding`, which charts and sentences are made from.
    """
    of_verdict, of_change = ("effect", "lower", "upper", "p"), ("before", "after", "change", "change_pct")
    rows = [
        {"indicator": one.indicator.id, "label": one.indicator.label, "unit": one.indicator.unit}
        | {name: getattr(one, name) for name in of_change}
        | {name: getattr(one.verdict.evidence, name) for name in ("measure", *of_verdict)}
        | {"p_together": one.verdict.evidence.p_holm, "verdict": write_verdict(one), FINDING: one}
        for one in findings
    ]
    numbers = [*of_change, *of_verdict, "p_together"]
    columns = ["indicator", "label", "unit", *of_change, "measure", *of_verdict, "p_together", "verdict", FINDING]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, float))


def require_indicators(frame: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    """Give the ids of the indicators in a frame, in its order.

    Raises
    ------
    InputError
        When it has no column of them, or names one that the catalogue does not have.
    """
    if "indicator" not in frame:
        raise InputError(
            "This frame has no column `indicator`; filter what briefing.figures() gives and keep that column."
        )
    names = list(dict.fromkeys(frame["indicator"]))
    unknown = [str(name) for name in names if name not in catalogue.indicators]
    if unknown:
        raise InputError(f"The frame names {unknown[0]!r}, which is no indicator; `indicators()` lists all.")
    return names


def put_back(figures: pd.DataFrame, observations: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    """Give observations with the rows of a frame's indicators as the frame has them, and which of these it changed.

    Parameters
    ----------
    figures : rows that `describe_observations` made of these observations; some may be left out or have other values.

    Raises
    ------
    InputError
        When the frame lacks a column that a figure needs, or holds a period that the observations do not have.
    """
    missing = [name for name in (*FIGURE, *MAY_CHANGE) if name not in figures]
    if missing:
        raise InputError(f"The frame of figures lacks the column {missing[0]}; keep those of briefing.figures().")
    given = figures.dropna(subset="period_start")[[*FIGURE, *MAY_CHANGE]]
    given = given.assign(period_start=pd.to_datetime(given["period_start"]).dt.strftime("%Y-%m-%d"))
    own = observations[observations["indicator"].isin(set(given["indicator"]))]
    changed = set(pd.concat([given, own[given.columns]]).drop_duplicates(keep=False)["indicator"])
    if not changed:
        return observations, changed
    given, own = given[given["indicator"].isin(changed)], own[own["indicator"].isin(changed)]
    rows = own.drop(columns=list(MAY_CHANGE)).merge(given, on=list(FIGURE), validate="one_to_one")
    if len(rows) < len(given):
        raise InputError("The frame of figures holds a period that was not read from the tables.")
    rest = observations[~observations["indicator"].isin(changed)]
    return pd.concat([rest, rows[observations.columns]]), changed


def find_indicators(name: str, catalogue: Catalogue) -> list[Indicator]:
    """Find an indicator by its id, label, short label or alias, or those of a theme by its id or title, in any case.

    Raises
    ------
    InputError
        When there is none: with the nearest names, and where the list is.
    """
    wanted, every = " ".join(name.casefold().split()), list(catalogue.indicators.values())
    found = {spelling.casefold(): [one] for one in every for spelling in one.aliases}
    found |= {theme.title.casefold(): catalogue.of_theme(id_) for id_, theme in catalogue.themes.items()}
    for kind in ("short_label", "label", "id"):
        found |= {getattr(one, kind).casefold(): [one] for one in every}
    found |= {id_: catalogue.of_theme(id_) for id_ in catalogue.themes}
    if wanted in found:
        return found[wanted]
    listed = f"indicators() lists all {len(every)}, and Tab completes a name inside quotes."
    raise InputError(f"There is no indicator {name!r}.{_suggest(wanted, found, catalogue)} {listed}")


def find_indicator(name: Any, catalogue: Catalogue) -> Indicator:
    """Find the one indicator of a name; raise InputError where there is none, or for a theme of several."""
    found = find_indicators(str(name), catalogue)
    if len(found) != 1:
        raise InputError(f"{name!r} is a theme of {count_noun(len(found), 'indicator')}; name one of them.")
    return found[0]


MOST_SUGGESTED = 3


def _suggest(wanted: str, called: Mapping[str, list[Indicator]], catalogue: Catalogue) -> str:
    """The nearest names: by spelling one of all that an indicator or a theme is `called`, then by words."""
    from rapidfuzz import fuzz, process

    names = {
        one.id: f"{one.id} {one.label} {' '.join(one.aliases)}".casefold() for one in catalogue.indicators.values()
    }
    names |= {id_: f"{id_} {one.title}".casefold() for id_, one in catalogue.themes.items()}
    close = process.extract(wanted.replace("_", " "), names, scorer=fuzz.token_set_ratio, limit=3, score_cutoff=55)
    spelt = [called[one][0].id if len(called[one]) == 1 else one for one in find_near(wanted, called, 1, 0.8)]
    found = dict.fromkeys([*spelt, *(one[2] for one in close)])
    return f" Did you mean {' or '.join(map(repr, [*found][:MOST_SUGGESTED]))}?" if found else ""


LEAST_WORDS = 3
WAY_OUT = 'describe(figure, "Robbery by quarter: highest in the last one")'
PICTURES, PAGE_TABLE = ("image/png", "image/jpeg", "image/svg+xml"), 'class="dataframe"'


def describe(made: Any, words: str, note: str = "") -> Exhibit | Table:
    """Make an own chart or frame fit for a page: `describe(figure, "alt text")`, `describe(frame, "caption")`.

    Parameters
    ----------
    made : a matplotlib figure, axes, or seaborn grid; or a DataFrame, whose first column names its rows.
    words : what somebody who cannot see the chart needs to know: the finding, then what is drawn. It is the title too.
    note : what to read with care, below.

    Raises
    ------
    InputError
        When the words say nothing, or `made` is neither a chart nor a frame.
    """
    if len(re.findall(r"\w+", str(words))) < LEAST_WORDS:
        raise InputError(f"describe(): {words!r} does not say what is shown; write a sentence, as in {WAY_OUT}.")
    if isinstance(made, pd.Series):
        made = made.reset_index()
    if isinstance(made, pd.DataFrame):
        frame = made if isinstance(made.index, pd.RangeIndex) else made.reset_index()
        return replace(make_table(words, frame, "number", note), typed=True)
    figure = _figure_of(made)
    if "matplotlib.pyplot" in sys.modules:  # or the notebook would show it a second time, without its description
        sys.modules["matplotlib.pyplot"].close(figure)
    return Exhibit(words.rstrip("."), words, figure, note=note, sentence=words, typed=True)


def _figure_of(made: Any) -> Any:
    """The figure of a chart, of its axes, or of a seaborn grid."""
    figure = made if hasattr(made, "savefig") and hasattr(made, "axes") else getattr(made, "figure", None)
    if figure is None or not hasattr(figure, "savefig"):
        raise InputError(
            f"describe(): {type(made).__name__} is neither a matplotlib figure nor a frame; call it like {WAY_OUT}."
        )
    if not figure.axes:
        raise InputError("describe(): the figure is empty; draw something first, and hand over the same figure.")
    return figure


def make_table(caption: str, frame: pd.DataFrame, unit: str, note: str = "") -> Table:
    """Make a table of a frame whose first column names its rows; a figure that is not there is a dash."""
    columns, cells = list[Column](), list[list[Cell]]()
    for name, values in frame.items():
        is_number = pd.api.types.is_numeric_dtype(values)
        columns.append(Column(str(name), unit if is_number else "text"))
        cells.append([NOTHING if pd.isna(cell) else float(cell) if is_number else str(cell) for cell in values])
    return Table(caption, columns, list(zip(*cells, strict=True)), note)


def find_undescribed(output: Any) -> str:
    """Say what a cell's output shows without words, and the way out; "" when nothing is."""
    data, metadata = output.get("data", {}), output.get("metadata", {})
    for kind in PICTURES:
        if kind in data and "text/html" not in data and not (metadata.get(kind, {}).get("alt") or metadata.get("alt")):
            return f"a chart without a description; end the cell with {WAY_OUT}"
    if PAGE_TABLE in "".join(data.get("text/html", "")):
        return 'a frame without a caption; end the cell with describe(frame, "what it holds"), or don\'t show it'
    return ""
