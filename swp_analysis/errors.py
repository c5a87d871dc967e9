"""The two kinds of failure a user can meet; each message is one sentence that says what to do.

Anything else that escapes is a defect of the project and is reported as one.
"""


class InputError(Exception):
    """A call or a raw file is wrong: says which file, sheet, row and column, what was found and what was expected
    (exit 2)."""


class RunError(Exception):
    """A notebook or a check failed; the last good edition still stands (exit 1)."""
