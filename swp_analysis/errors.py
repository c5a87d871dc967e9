"""The kinds of failure a user can meet; each message is one sentence that says what to do.

A call or a file is wrong, a run failed, or a disk is full or read-only. Anything else that escapes is a defect of the
project, and is reported as one with the file that was being read.
"""

import errno
import re
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, Signature, isfunction, signature
from math import inf
from numbers import Real
from pathlib import Path
from types import FrameType
from typing import Any

PACKAGE = Path(__file__).parent
# Files of the project's own, which no user can mend.
OWN_SUFFIXES = {".py", ".pyc", ".so", ".j2"}
LONGEST_WORDS = 200
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)
WAYS_OUT = dict.fromkeys(CLOSED, "Close it where it is open, or ask for the right to read and write there.")
WAYS_OUT[errno.ENOSPC] = "Make room on the disk, then try again."
WAYS_OUT[errno.ENOENT] = "Make the folder first, or correct the name."
_VAST_WORD = re.compile(r"(\S{60})\S{240,}")


class InputError(Exception):
    """A call or a raw file is wrong: says which file, sheet, row and column, what was found and what was expected
    (exit 2). `problems`: the same for everything that is wrong, where more than the first thing is known."""

    def __init__(self, message: str, *, problems: Sequence[str] = ()) -> None:
        self.problems = [_VAST_WORD.sub(r"\1…", problem) for problem in problems or [message]]
        super().__init__(_VAST_WORD.sub(r"\1…", message))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the line of the cell and the sentence; the frames between them are the project's own."""
        cells = [one for one in traceback.extract_tb(self.__traceback__) if one.name == "<module>"]
        return [*(f"line {one.lineno}: {one.line}" for one in cells[-1:]), f"InputError: {self}"]


def explain_calls(home: Any) -> Any:
    """Have the public functions of a module, or the methods of a class, refuse a call that does not fit them in a
    sentence that says how it is written; give the module or class."""
    for name, function in [*vars(home).items()]:
        own = isfunction(function) and function.__module__ == getattr(home, "__module__", home.__name__)
        if own and not name.startswith("_") and not hasattr(function, "__wrapped__"):
            setattr(home, name, explain_call(function))
    return home


def explain_call(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that refuses a call which does not fit it with how it is written."""
    asked = signature(function)
    shown = [one.replace(annotation=Parameter.empty) for name, one in asked.parameters.items() if name != "self"]
    written = f"{function.__name__}{Signature(shown)}"

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            asked.bind(*args, **kwargs)
        except TypeError as problem:
            raise InputError(f"{function.__name__}(): {problem}; write it like {written}.") from None
        return function(*args, **kwargs)

    return called


def require_choice(what: str, given: object, choices: Collection[object]) -> None:
    """Raise an `InputError` that lists the choices for anything that is none of them."""
    if given not in choices:
        raise InputError(f"{given!r} is no {what}; choose one of {', '.join(map(str, choices))}.")


def require_number(what: str, given: Any, above: float = -inf, kind: type = Real) -> None:
    """Raise an `InputError` for anything but a number of this kind that is greater; `what` it is, and the way out."""
    is_number = isinstance(given, kind) and not isinstance(given, bool)
    if not is_number or not given > above:
        raise InputError(f"{given!r} is no {what}.")


class Problems(list[str]):
    """Everything that is wrong with an input, so that all of it is said in one go."""

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what stops the block with an `InputError`, and go on behind it."""
        try:
            yield
        except InputError as error:
            self.extend(error.problems)

    def refuse(self) -> None:
        """Raise one `InputError` for all that was noted; nothing when nothing was."""
        if self:
            raise InputError(self[0], problems=self)


class RunError(Exception):
    """A notebook or a check failed; the last good edition still stands (exit 1)."""


def count_noun(number: float, noun: str) -> str:
    """Write a number with its noun.

    >>> count_noun(1, "more line"), count_noun(0, "reminder"), count_noun(3410, "day"), count_noun(4.7, "point")
    ('1 more line', '0 reminders', '3,410 days', '4.7 points')
    """
    return f"{round(number, 4):,.10g} {noun}{'' if number == 1 else 's'}"


def did_you_mean(name: str, known: Iterable[Any], otherwise: str) -> str:
    """End a sentence on a name that is not known with the one that is nearest, or with another way out.

    >>> did_you_mean("buglary", {"burglary"}, "take it out"), did_you_mean("x", {"burglary"}, "take it out")
    ("; did you mean 'burglary'?", '; take it out.')
    """
    near = find_near(name, known)
    return f"; did you mean {near[0]!r}?" if near else f"; {otherwise}."


def find_near(wanted: Any, known: Iterable[Any], most: int = 1, likeness: float = 0.6) -> list[str]:
    """List the names that may be meant: those that begin with what is wanted or have it in them, else those spelt most
    like it.

    >>> find_near("hampton", ["Derby", "Northampton"]), find_near("Debry", ["Derby"]), find_near("x", ["Bexley"])
    (['Northampton'], ['Derby'], [])
    """
    plain, names = str(wanted).casefold().strip(), {str(one).casefold(): str(one) for one in known if one}
    holding = sorted((one for one in names if plain in one and len(plain) > 2), key=lambda one: (one.find(plain), one))
    return [names[one] for one in (holding or get_close_matches(plain, names, most, likeness))[:most]]


def describe_error(error: BaseException) -> str:
    """Describe in a sentence what stopped a command or a run; what is no error by its name."""
    if isinstance(error, InputError | RunError):
        return str(error)
    if isinstance(error, OSError):
        return describe_os_error(error)
    return describe_defect(error) if isinstance(error, Exception) else type(error).__name__


def describe_os_error(error: OSError) -> str:
    """Describe one sentence on a file that could not be read or written: a full or read-only disk, a missing right.

    >>> describe_os_error(OSError(28, "No space left on device", "data/processed/totals.csv"))
    'processed/totals.csv could not be read or written: No space left on device. Make room on the disk, then try again.'
    """
    name = "/".join(Path(error.filename).parts[-2:]) if isinstance(error.filename, str) else "A file"
    return f"{name} could not be read or written: {describe_reason(error)}"


def describe_reason(error: OSError) -> str:
    """Say what a disk refused, and the way out where one is known."""
    way_out = WAYS_OUT.get(error.errno or 0)
    return f"{error.strerror or type(error).__name__}.{f' {way_out}' if way_out else ''}"


def describe_defect(error: BaseException) -> str:
    """Describe an unforeseen error in one sentence: what was being done, to which file, and the way out.

    >>> describe_defect(KeyError("Q5"))
    "An error that this project does not foresee: KeyError: 'Q5'. Add --debug to see where, and report it."
    >>> describe_defect(ModuleNotFoundError("No module named 'jinja2'"))[:62]
    "The Python environment is not whole: No module named 'jinja2'."
    """
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][::-1]
    file = next((file for frame in frames for file in _files_in(frame)), None)
    place = f" while reading {'/'.join(file.parts[-2:])}" if file else ""
    if isinstance(error, MemoryError):
        task = next(filter(None, map(_task_of, frames)), "")
        return f"There was not enough memory{place}{f', for this step: {task}' if task else ''}. Close other programs."
    words = " ".join(str(error).split())[:LONGEST_WORDS].rstrip(".")
    if isinstance(error, ImportError):
        return f"The Python environment is not whole: {words}. Set it up again with: make setup."
    what = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return f"An error that this project does not foresee{place}: {what}. Add --debug to see where, and report it."


def _files_in(frame: FrameType) -> Iterator[Path]:
    """Give the files that a function of ours was at work on: its local variables, and the `path` of its objects."""
    if not Path(frame.f_code.co_filename).is_relative_to(PACKAGE):
        return
    values = list(frame.f_locals.values())
    for value in [*values, *(getattr(value, "path", None) for value in values if hasattr(value, "__dict__"))]:
        if isinstance(value, Path) and value.suffix not in OWN_SUFFIXES and value.is_file():
            yield value


def _task_of(frame: FrameType) -> str:
    """Give the first sentence of the docstring of a function of ours; empty for other functions."""
    code = frame.f_code
    words = code.co_consts[0] if code.co_consts else None
    ours = Path(code.co_filename).is_relative_to(PACKAGE) and code.co_name != "<module>"
    return words.split(".")[0].split("\n\n")[0].strip() if ours and isinstance(words, str) else ""
