"""What must never be read in a shared page or message: where the project lies on a disk, and who ran it.

Used twice: `hide_private` cleans error sentences and logs, `find_private` is the last look at a page.
"""

from __future__ import annotations

import getpass
import re
import sys
from functools import cache
from pathlib import Path

# Account names that say nothing about a person, and would be found in many innocent sentences.
COMMON_ACCOUNTS = re.compile(
    "admin|administrator|analyst|build|builder|data|default|guest|home|jenkins|jovyan|police|public|report|root|runner|"
    "service|staff|system|test|tester|user|users|vagrant|wolverhampton",
    re.IGNORECASE,
)
SHORTEST_TELLING_NAME = 4

HOME_FOLDER = re.compile(
    r"(?<![\w.])/(?:home|Users|root|Volumes)/|\b[A-Za-z]:\\+Users\\|(?<![\w\\])\\\\+[\w.$?-]+\\|\bfile:/{2,3}(?=\w)",
    re.IGNORECASE,
)
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/<])(?:file://)?/(?:[^\s/:'\"<>|]+/)+(?P<posix>[^\s/:'\"<>|]*)"
    r"|(?:\bfile:/{2,3}|\\\\[?.]\\)?(?:\b[A-Za-z]:|(?<![\w\\])\\\\(?:\?\\UNC\\)?[\w.$-]+)"
    r"[\\/]+(?:[^\\/:*?\"'<>|\r\n]+[\\/]+)*(?P<windows>[^\\/:*?\"'<>|\r\n]*)"
)


@cache
def account_name() -> str:
    """Give the name of the account that runs this; "" when it is common or can't be had (a container without users)."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
    return "" if COMMON_ACCOUNTS.fullmatch(name) or len(name) < SHORTEST_TELLING_NAME else name


@cache
def _places(project_root: Path) -> tuple[str, ...]:
    """Folders of this machine as text, longest first, written with either slash."""
    folders = {project_root, project_root.resolve(), Path.home(), Path(sys.prefix)}
    telling = [folder for folder in folders if len(folder.parts) > 1]
    written = {str(folder) for folder in telling} | {folder.as_posix() for folder in telling}
    return tuple(sorted(written, key=lambda text: (-len(text), text)))


@cache
def _place_pattern(project_root: Path) -> re.Pattern[str]:
    places = "|".join(re.escape(place) for place in _places(project_root))
    return re.compile(rf"(?<![\w.])(?:{places})(?![\w-])")


def _account_pattern() -> re.Pattern[str] | None:
    name = account_name()
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") if name else None


def find_private(text: str, project_root: Path) -> str:
    """Find what kind of private text is in `text`, in a few words that do not repeat it; "" when there is none.

    >>> find_private("see /home/ann/figures.csv", Path("/srv/project"))
    'an absolute path'
    >>> find_private("1,495 incidents and/or referrals", Path("/srv/project"))
    ''
    """
    if HOME_FOLDER.search(text) or _place_pattern(project_root).search(text):
        return "an absolute path"
    account = _account_pattern()
    return "the name of the account that made it" if account and account.search(text) else ""


def hide_private(text: str, project_root: Path) -> str:
    """`text` with paths inside the project made relative, other absolute paths cut to their last part, no account name.

    >>> hide_private("No such file: '/srv/project/data/raw/x.csv'", Path("/srv/project"))
    "No such file: 'data/raw/x.csv'"
    >>> hide_private("in /opt/python/lib/frame.py, line 3", Path("/srv/project"))
    'in frame.py, line 3'
    """
    for root in {str(project_root), project_root.as_posix(), str(project_root.resolve())}:
        text = text.replace(root.rstrip("/\\") + "/", "").replace(root.rstrip("/\\") + "\\", "")
    text = ABSOLUTE_PATH.sub(lambda found: found["posix"] or found["windows"] or "…", text)
    text = _place_pattern(project_root).sub("…", text)
    account = _account_pattern()
    return account.sub("…", text) if account else text
