"""The two kinds of failure a user can meet; each message is one sentence that says what to do.

A disk that is full or read-only is a third one. Anything else that escapes is a defect of the project and is reported
as one.
"""

from collections.abc import Sequence
from pathlib import Path


class InputError(Exception):
    """A call or a raw file is wrong: says which file, sheet, row and column, what was found and what was expected
    (exit 2). `problems`: the same for everything that is wrong, where more than the first thing is known."""

    def __init__(self, message: str, *, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems) or [message]


class RunError(Exception):
    """A notebook or a check failed; the last good edition still stands (exit 1)."""


def describe_os_error(error: OSError) -> str:
    """One sentence on a file that could not be read or written: a full or read-only disk, a missing right.

    >>> describe_os_error(OSError(28, "No space left on device", "data/processed/totals.csv"))
    'processed/totals.csv could not be read or written: No space left on device.'
    """
    reason = error.strerror or type(error).__name__
    if not isinstance(error.filename, str):
        return f"A file could not be read or written: {reason}."
    return f"{'/'.join(Path(error.filename).parts[-2:])} could not be read or written: {reason}."
