"""What changed since the last edition. In: the edition to be made, and the editions that its readers had before. Out: a
sentence for the foot of every page.

Only figures that both editions show are compared, and none is repeated, so nothing withheld can be narrowed. An edition
with the very same figures is passed over: made again, an edition says the same of what came before it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.phrases import list_words, lower_first, write_day
from swp_analysis.published import DATA, SUPERSEDED, read_record
from swp_analysis.quality.processed import read_processed

FIRST = "This is the first edition for these readers"
MOST_NAMED = 3
KEY = ["indicator", "area_code", "financial_year", "quarter"]
JUDGED = ("direction", "polarity")


@dataclass(frozen=True)
class EditionChanges:
    """Keys of figures that are new, revised or gone, and the indicators whose verdict is another one."""

    new: list[tuple] = field(default_factory=list)
    revised: list[tuple] = field(default_factory=list)
    gone: list[tuple] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)


def write_changes(
    reports: Path,
    place: tuple[str, str],
    observations: pd.DataFrame,
    verdicts: Mapping[str, Mapping[str, str]],
    catalogue: Catalogue,
) -> str:
    """Compare an edition with the last one that differs from it, and say how in a sentence or two.

    `place`: its year and its audience.
    """
    for folder in _list_earlier(reports, *place):
        before = read_processed(folder / DATA, "observations")
        record = read_record(folder) or {}
        changes = compare_editions(before, observations, record.get("verdicts") or {}, verdicts)
        if changes != EditionChanges():
            return f"{_name_edition(folder, record)}: {_describe_changes(changes, catalogue)}"
    return FIRST


def compare_editions(
    before: pd.DataFrame,
    after: pd.DataFrame,
    verdicts_before: Mapping[str, Mapping[str, Any]],
    verdicts_after: Mapping[str, Mapping[str, Any]],
) -> EditionChanges:
    """Compare the quarters that two editions show, and the verdicts that both give.

    A figure that is shown in one and withheld in the other counts as neither new nor gone.
    """
    old, new = _shown_figures(before), _shown_figures(after)
    held_back = _withheld_figures(before) | _withheld_figures(after)
    judged = [name for name in verdicts_after if name in verdicts_before]
    return EditionChanges(
        new=[key for key in new if key not in old and key not in held_back],
        revised=[key for key in new if key in old and old[key] != new[key]],
        gone=[key for key in old if key not in new and key not in held_back],
        verdicts=[
            name for name in judged if any(verdicts_before[name].get(w) != verdicts_after[name].get(w) for w in JUDGED)
        ],
    )


def _list_earlier(reports: Path, year: str, audience: str) -> Iterator[Path]:
    """The editions that these readers may have, the newest first: this year's, those it replaced, earlier years'."""
    replaced = [path for path in (reports / SUPERSEDED / year / audience).glob("[!.]*") if path.is_dir()]
    newest_first = sorted(replaced, key=lambda path: (read_record(path) or {}).get("finished", ""), reverse=True)
    if replaced or (read_record(reports / year / audience) or {}).get("suppression", {}).get("suppress_below"):
        newest_first.insert(0, reports / year / audience)
    years = sorted((path.name for path in reports.glob("[!.]*-*") if path.name < year), reverse=True)
    places = [*newest_first, *(reports / earlier / audience for earlier in years)]
    return (folder for folder in places if (folder / DATA / "observations.csv").is_file())


def _shown_figures(observations: pd.DataFrame) -> dict[tuple, tuple]:
    rows = observations[(observations["status"] == "reported") & observations["quarter"].notna()]
    values = rows[["value", "numerator", "denominator"]].astype(float).round(6).fillna(-1)
    return dict(zip(_keys(rows), values.itertuples(index=False, name=None), strict=True))


def _withheld_figures(observations: pd.DataFrame) -> set[tuple]:
    rows = observations[observations["status"].isin(["withheld", "suppressed"])]
    return set(_keys(rows))


def _keys(rows: pd.DataFrame) -> list[tuple]:
    quarter = pd.to_numeric(rows["quarter"]).astype("Int64")
    return list(rows[KEY].assign(quarter=quarter).astype(str).itertuples(index=False, name=None))


def _name_edition(folder: Path, record: Mapping[str, Any]) -> str:
    year = folder.parent.parent.name if folder.parents[2].name == SUPERSEDED else folder.parent.name
    day = str(record.get("finished", ""))[:10]
    published = f", published {write_day(day)}" if day else ""
    return f"Since the edition of {display_year(year)}{published}"


def _describe_changes(changes: EditionChanges, catalogue: Catalogue) -> str:
    parts = [
        _count(changes.new, "new figure"),
        _count(changes.revised, "revised figure", catalogue),
        _count(changes.gone, "figure no longer given", catalogue),
    ]
    said = list_words([part for part in parts if part]) or "no figure changed"
    names = [lower_first(catalogue.indicators[name].name) for name in changes.verdicts]
    more = len(names) - MOST_NAMED
    shown = [*names[:MOST_NAMED], f"{more} more"] if more > 0 else names
    return f"{said}." + (f" The verdict changed for {list_words(shown)}." if names else "")


def _count(keys: list[tuple], what: str, catalogue: Catalogue | None = None) -> str:
    """Count figures and, for a few, name them by indicator and quarter."""
    if not keys:
        return ""
    noun, _, rest = what.partition("figure")
    counted = f"{len(keys)} {noun}figure{'' if len(keys) == 1 else 's'}{rest}"
    if catalogue is None or len(keys) > MOST_NAMED:
        return counted
    return f"{counted} ({list_words([_name_figure(key, catalogue) for key in keys])})"


def _name_figure(key: tuple, catalogue: Catalogue) -> str:
    name, _, year, quarter = key
    known = catalogue.indicators.get(name)
    return f"{lower_first(known.name) if known else name}, Q{quarter} {display_year(year)}"
