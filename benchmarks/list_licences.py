"""List the licence of every package in requirements.lock. In: the lock, the installed packages. Out: docs/licences.md.

    python -m benchmarks.list_licences        (after `make lock` and `make setup`)

A package says its licence in four places, of which the newest is an SPDX expression; what is locked for other systems
or Pythons is not installed here and keeps the line that it has.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, PAGE = ROOT / "requirements.lock", ROOT / "docs" / "licences.md"
LONGEST = 60
OPEN = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software|ISC|MPL|Mozilla|HPND|Unlicense|Zlib|0BSD|LGPL|CC0|Public Domain|OFL"
)
HEAD = """\
# Licences of what this project is built on

The project itself is under the MIT licence (`LICENSE`). Below stands every package of `requirements.lock`, the ones for
developing and testing included, with the licence that it states. All may be used and passed on freely within an
organisation; the project passes on none of them. `python -m benchmarks.list_licences` writes this page, and
`tests/test_setup.py` holds it against the lock and the installed packages.

| package | licence |
| --- | --- |
"""


def locked_names() -> list[str]:
    """Give the names of all packages in the lock."""
    return sorted(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))


def listed_licences() -> dict[str, str]:
    """Give the licences on the page, by package."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return dict(re.findall(r"^\| ([a-z0-9][a-z0-9._-]*) \| (.+) \|$", text.partition("| --- |")[2], re.MULTILINE))


def stated_licence(name: str) -> str | None:
    """Give the licence that an installed package states; None when it is not installed here."""
    try:
        return _read(distribution(name))
    except PackageNotFoundError:
        return None


def _read(package: Distribution) -> str:
    about = package.metadata
    words = str(about.get("License-Expression") or "")
    classes = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    named = [one for one in classes if one != "OSI Approved"]
    first = next(iter((about.get("License") or "").strip().splitlines()), "").strip()
    return words or ", ".join(named) or (first if len(first) <= LONGEST else "") or _read_file(package)


def _read_file(package: Distribution) -> str:
    """Give the first line of a package's licence file."""
    for path in package.files or []:
        if path.name.upper().startswith("LICEN"):
            return next((line.strip() for line in path.read_text().splitlines() if line.strip()), "not stated")
    return "not stated"


def main() -> int:
    """Write the page; exit code 1 when a package states no licence that we know to be open."""
    before = listed_licences()
    found = {name: stated_licence(name) or before.get(name, "not stated") for name in locked_names()}
    PAGE.write_text(HEAD + "".join(f"| {name} | {words} |\n" for name, words in found.items()), encoding="utf-8")
    unknown = [f"{name}: {words}" for name, words in found.items() if not OPEN.search(words)]
    print("\n".join(unknown) or f"{len(found)} packages, each under an open licence")
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
