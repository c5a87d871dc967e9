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
from swp_analysis.present.phrases import list_words, lower_first, say
from swp_analysis.published import DATA, SUPERSEDED, read_record
from swp_analysis.quality.processed import read_processed

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
            return _describe_changes(changes, catalogue, year=_year_of(folder), day=record.get("finished", "")[:10])
    return say("since.first")


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


def _year_of(folder: Path) -> str:
    return folder.parent.parent.name if folder.parents[2].name == SUPERSEDED else folder.parent.name


def _describe_changes(changes: EditionChanges, catalogue: Catalogue, **edition: str) -> str:
    counted = [_count(kind, getattr(changes, kind), catalogue) for kind in ("new", "revised", "gone")]
    figures = list_words([one for one in counted if one]) or say("since.none")
    names = [lower_first(catalogue.indicators[name].name) for name in changes.verdicts]
    more = names[MOST_NAMED:]
    verdicts = [*names[:MOST_NAMED], f"{len(more)} more"] if more else names
    return say("since.edition", figures=figures, verdicts=verdicts, **edition)


def _count(kind: str, keys: list[tuple], catalogue: Catalogue) -> str:
    """Count figures and name a few that were there before by indicator and quarter."""
    named = [_name_figure(key, catalogue) for key in keys] if kind != "new" and len(keys) <= MOST_NAMED else []
    return say(f"since.{kind}", count=len(keys), named=named) if keys else ""


def _name_figure(key: tuple, catalogue: Catalogue) -> str:
    name, _, year, quarter = key
    known = catalogue.indicators.get(name)
    return say("since.figure", name=lower_first(known.name) if known else name, quarter=quarter, year=year)
