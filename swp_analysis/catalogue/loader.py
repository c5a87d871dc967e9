"""Reads the catalogue. In: `catalogue/*.yml`, which holds for all, and a `partnership/`. Out: a `Catalogue`, or one
sentence with file and line for each thing that is wrong.
"""

import os
import pickle
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from swp_analysis.catalogue.books import CoverageSection, CriteriaBook
from swp_analysis.catalogue.completion import complete
from swp_analysis.catalogue.models import Audience, Catalogue, Layouts, RecordingBreak, Topic
from swp_analysis.catalogue.partnership import PartnershipFiles
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.errors import require_choice
from swp_analysis.project import RUN_VARIABLE, find_project

CATALOGUE_FOLDER = Path(__file__).parent
HANDED_OVER = "edition.catalogue"  # in the folder of a run, for its notebooks


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read and cross-check what is known about the data: the package's own part and that of a partnership.

    `folder` is the partnership's, default that of the project the call belongs to; a notebook of a run gets what the
    run has read.

    Raises
    ------
    InputError
        For an unknown key, a value of the wrong kind or an id that nothing defines, with file and line; or when there
        is no partnership. Its `problems` lists all that is wrong.
    """
    if not folder and (known := _receive(os.environ.get(RUN_VARIABLE, ""))):
        return known
    folder = (folder or find_project().partnership).resolve()
    files = [*folder.rglob("*"), *(folder.parent / "notebooks").glob("*.ipynb")]
    return _load(folder, frozenset((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@cache
def _receive(run: str) -> Catalogue | None:
    path = Path(run, HANDED_OVER)
    return pickle.loads(path.read_bytes()) if run and path.is_file() else None


@lru_cache(maxsize=4)
def _load(folder: Path, state: frozenset) -> Catalogue:
    """Read a partnership once for each state of its files: an edit counts in a notebook that is open already."""
    catalogue, files = read_catalogue(folder)
    files.problems.refuse()
    assert catalogue
    return catalogue


def read_catalogue(folder: Path) -> tuple[Catalogue | None, PartnershipFiles]:
    """Read what can be read of a partnership, and all that is wrong with its files.

    The catalogue lacks what has a mistake; it is None when nothing says which partnership it is.
    """
    topics = {topic.id: topic for topic in _shared("topics", list[Topic])}
    sections = {section.id: section for section in _shared("requirements", list[CoverageSection])}
    files = PartnershipFiles(folder, {"topic": set(topics), "requirement": set(sections)})
    own = files.read()
    if own is None:
        return None, files
    book = _shared("criteria", CriteriaBook)
    everywhere = {
        "topics": topics,
        "criteria": book.model_copy(update={"criteria": _change(book.criteria, own["criteria"])}),
        "coverage": _change(sections.values(), own["coverage"]),
        "layouts": _join_layouts(_shared("layouts", Layouts), own["layouts"]),
        "recording_breaks": _shared("recording_breaks", list[RecordingBreak]) + own["recording_breaks"],
        "audiences": {audience.id: audience for audience in _shared("audiences", list[Audience])},
    }
    return complete(Catalogue(**{**own, **everywhere}), folder.parent / "notebooks"), files


def require_audience(name: str) -> Audience:
    """Find the audience with an id; raise InputError, which names those that exist, when there is none."""
    audiences = load_catalogue().audiences
    require_choice("audience", name, audiences)
    return audiences[name]


def _shared(name: str, shape: Any) -> Any:
    return Document(CATALOGUE_FOLDER / f"{name}.yml").parse(shape)


def _change(entries: Iterable[Any], own: Iterable[Any]) -> list[Any]:
    """The entries of all, with what a partnership says of some of them instead."""
    changes = {one.id: one.model_dump(exclude_defaults=True) for one in own}
    return [entry.model_copy(update=changes.get(entry.id, {})) for entry in entries]


def _join_layouts(base: Layouts, more: Layouts) -> Layouts:
    """The layouts of all, with a partnership's own entries behind them."""
    given = {name: getattr(more, name) for name in more.model_fields_set}
    lists = {name: [*getattr(base, name), *value] for name, value in given.items() if isinstance(value, list)}
    return base.model_copy(update={**given, **lists})
