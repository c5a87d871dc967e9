"""Where the project's folders are. In: where the call was made. Out: a `Project` with one property a folder."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError

PROJECT_VARIABLE = "SWP_PROJECT"
Say = Callable[[str], None]  # gets the lines that tell how a run goes
# Set in the notebooks of a run: its own folder, in which lies what it worked out once for all of them.
RUN_VARIABLE = "SWP_RUN"
# What desktops leave in a folder that somebody looked at, beside hidden files and the locks of an office.
DESKTOP_FILES = {"thumbs.db", "desktop.ini", "icon\r"}


@dataclass(frozen=True)
class Project:
    """A project folder: raw data and notebooks go in, processed data and reports come out.

    A run of many editions has folders of its own for each: `tables` instead of `data/processed`, `shown` instead of
    `reports` to read what readers already hold; one of an area is published in a folder of its own.
    """

    root: Path
    tables: Path | None = None
    shown: Path | None = None
    published: Path | None = None

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def partnership(self) -> Path:
        return self.root / "partnership"

    @property
    def processed(self) -> Path:
        return self.tables or self.root / "data" / "processed"

    @property
    def cache(self) -> Path:
        """Results of notebooks for the next run: may show what no audience but `internal` sees, so never shared."""
        return self.root / "data" / "cache"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def reports(self) -> Path:
        return self.published or self.root / "reports"


def is_of_desktop(path: Path) -> bool:
    """Tell whether a file or folder is no one's data: hidden, the lock of an office, or left by a desktop.

    >>> is_of_desktop(Path("data/raw/2017-18/Thumbs.db")), is_of_desktop(Path("data/raw/2017-18/theft.csv"))
    (True, False)
    """
    return path.name.startswith((".", "~$")) or path.name.lower() in DESKTOP_FILES


def refuse_links_out(paths: Iterable[Path], folder: Path) -> None:
    """Raise an InputError for a link that leads out of a folder of raw data."""
    inside = folder.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(inside):
            raise InputError(
                f"{path.name}: a link that leads out of the folder of raw data; copy the file itself to its place."
            )


def find_shipped(folder: str) -> Path:
    """Find `notebooks` or `docs` as they came with the library: inside the installed package, or next to its source."""
    package = Path(__file__).resolve().parent
    inside = package / folder
    return inside if inside.is_dir() else package.parent / folder


def read_shipped(path: Path) -> Any:
    """Read a YAML file that ships with the library; in C where that is there, as every notebook reads some."""
    import yaml

    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def find_project() -> Project:
    """Find the project the call belongs to: `SWP_PROJECT` if set, else the nearest folder upwards, else the package's
    own.

    Raises
    ------
    InputError
        When none of them holds `data/raw`.
    """
    named = os.environ.get(PROJECT_VARIABLE)
    if named:
        candidates = [Path(named)]
    else:
        here = Path.cwd()
        candidates = [here, *here.parents, Path(__file__).resolve().parents[1]]
    for folder in candidates:
        if (folder / "data" / "raw").is_dir():
            return Project(folder.resolve())
    raise InputError(
        f"No project found: there is no folder data/raw in or above {candidates[0]}; "
        f"run swp inside the project, or set {PROJECT_VARIABLE} to its folder."
    )
