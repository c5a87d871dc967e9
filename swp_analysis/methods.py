"""Every statistical method of the project in one place: `from swp_analysis import methods`.

Each takes plain numbers, lists, Series or columns of a frame, of any area and any period, and gives a small frozen
result. An analyst's numbers come from her own files: text among them, an empty column, a count where a share is wanted.
Each is refused in a sentence that names the method, the argument and what was found. docs/methods.md says what each
does.
"""

import math
import numbers
import traceback
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from inspect import isroutine, signature
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from swp_analysis.analysis.rates import Numbers, read_numbers
from swp_analysis.errors import explain_call
from swp_analysis.project import read_shipped

PACKAGE = Path(__file__).parent
_LISTED = read_shipped(PACKAGE / "methods.yml")
_HOMES = {name: home for home, names in _LISTED["homes"].items() for name in names.split()}
RANGES: dict[str, tuple[float, float, bool]] = _LISTED["ranges"]
LARGEST = 1_000_000_000
LONGEST_LINE = 100_000
LONGEST_WORDS = 60
P = ParamSpec("P")
R = TypeVar("R")


def check_arguments(method: Callable[P, R]) -> Callable[P, R]:
    """Give a method that raises ValueError, with one sentence, for arguments it can't work on."""
    hints, asked = get_type_hints(method), signature(method)

    @wraps(method)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = asked.bind(*args, **kwargs)
        bound.arguments.update(_read_tables(bound.arguments, hints))
        given = bound.arguments
        try:
            for name, value in given.items():
                if value is not asked.parameters[name].default:
                    _check(f"{method.__name__}: {name}", value, hints.get(name))
                    given[name] = int(value) if hints.get(name) is int else value
                    _check_range(f"{method.__name__}: {name}", value, *RANGES.get(name, (-math.inf, math.inf, True)))
            with np.errstate(all="ignore"):
                return method(*bound.args, **bound.kwargs)
        except Exception as error:
            if isinstance(error, ValueError) and _is_ours(error):
                raise
            name, found = method.__name__, ", ".join(f"{name}={_show(value)}" for name, value in given.items())
            raise ValueError(
                f"{name} can't be worked out from {found}; help(methods.{name}) says what it takes"
            ) from error

    return checked


def _read_tables(given: dict[str, Any], hints: dict[str, Any]) -> dict[str, Any]:
    """Give frames as lists of rows, one with a single column as that, and Series with the same labels in one order."""
    given |= {name: list(value) for name, value in given.items() if isinstance(value, Iterator)}
    frames = {name: value for name, value in given.items() if isinstance(value, pd.DataFrame)}
    rows = {name: value.squeeze("columns") if value.shape[1] == 1 else value.to_numpy(dtype=object).tolist()
            for name, value in frames.items() if hints.get(name) is not pd.DataFrame}  # fmt: skip
    lines = {name: value for name, value in {**given, **rows}.items() if isinstance(value, pd.Series)}
    first = next(iter(lines.values()), pd.Series(dtype=float)).index
    _refuse_other_names([line.index for name, line in lines.items() if hints.get(name) == Numbers])
    others = {name: line for name, line in lines.items() if first.is_unique and set(first) == set(line.index)}
    return {**given, **rows, **{name: line.reindex(first) for name, line in others.items() if len(line) == len(first)}}


def _refuse_other_names(labels: list[pd.Index]) -> None:
    """Refuse Series of which some names agree: by place they would be other areas than by name."""
    for other in labels[1:]:
        own, lacks = labels[0].difference(other), other.difference(labels[0])
        named = pd.api.types.is_object_dtype(other) or pd.api.types.is_string_dtype(other)
        if named and 0 < len(lacks) < len(other) and len(own):
            raise ValueError(
                f"the Series don't name the same: {own[0]} and {lacks[0]}; give all the same names, or lists"
            )


def _check(place: str, value: Any, hint: Any) -> None:
    if get_origin(hint) is Literal:
        if not any(value is each or (isinstance(value, str) and value == each) for each in get_args(hint)):
            raise ValueError(f"{place} must be one of {', '.join(map(repr, get_args(hint)))}, found {_show(value)}")
    elif hint in (int, float):
        _check_number(place, value, whole=hint is int)
    elif isinstance(value, numbers.Real) and abs(float(value)) > LARGEST:
        raise ValueError(f"{place} must be at most a billion, found {_show(value)}")
    elif (isinstance(value, str) and str not in (hint, *get_args(hint))) or np.size(value) > LONGEST_LINE:
        raise ValueError(f"{place} must be numbers, at most {LONGEST_LINE:,} of them, found {_show(value)}")


def _check_range(place: str, value: Any, least: float, most: float, ends: bool) -> None:
    try:
        line = read_numbers(value)
    except (TypeError, ValueError):
        return
    if line.ndim and np.isinf(line).any():
        raise ValueError(f"{place} must be numbers with an end, found {_show(value)}")
    inside = (line >= least) & (line <= most) if ends else (line > least) & (line < most)
    if not np.all(inside | np.isnan(line)):
        one_end = f"be {least:g} or more" if ends else f"be more than {least:g}"
        asked = one_end if most == math.inf else f"lie between {least:g} and {most:g}"
        raise ValueError(f"{place} must {asked}, found {_show(value)}")


def _check_number(place: str, value: Any, whole: bool) -> None:
    known = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
    if not known or (whole and value != math.floor(value)) or abs(value) > LARGEST:
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{place} must be {kind}, at most a billion, found {_show(value)}")


def _show(value: Any) -> str:
    words = "a Series" if isinstance(value, pd.Series) else repr(value)
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS] + "…"


def _is_ours(error: ValueError) -> bool:
    last = traceback.extract_tb(error.__traceback__)[-1]  # NumPy's own words have a call there, no `raise`
    return Path(last.filename).is_relative_to(PACKAGE) and (last.line or "").startswith("raise")


def _public(home: str, name: str) -> Any:
    found = getattr(import_module(f"swp_analysis.{home}"), name)
    return explain_call(check_arguments(found)) if isroutine(found) else found


globals().update({name: _public(home, name) for name, home in _HOMES.items()})
__all__ = sorted(_HOMES)


def __dir__() -> list[str]:
    return __all__
