"""Arguments of a method looked at before it works on them. In: a function. Out: the same one, which says what is wrong.

An analyst's numbers come from her own files: text among them, an empty column, a count where a share is wanted. Each
is told in a sentence that names the method, the argument and what was found.
"""

from __future__ import annotations

import math
import numbers
import traceback
from collections.abc import Callable
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

PACKAGE = Path(__file__).parents[1]
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
        given = asked.bind(*args, **kwargs).arguments
        try:
            for name, value in given.items():
                if value is not asked.parameters[name].default:
                    _check(f"{method.__name__}: {name}", value, hints.get(name), name == "conf")
            with np.errstate(all="ignore"):
                return method(*args, **kwargs)
        except Exception as error:
            if isinstance(error, ValueError) and _is_ours(error):
                raise
            name, found = method.__name__, ", ".join(f"{name}={_show(value)}" for name, value in given.items())
            raise ValueError(
                f"{name} can't be worked out from {found}; help(methods.{name}) says what it takes"
            ) from error

    return checked


def _check(place: str, value: Any, hint: Any, confidence: bool) -> None:
    if get_origin(hint) is Literal:
        if not any(value is each or (isinstance(value, str) and value == each) for each in get_args(hint)):
            raise ValueError(f"{place} must be one of {', '.join(map(repr, get_args(hint)))}, found {_show(value)}")
    elif hint in (int, float):
        _check_number(place, value, whole=hint is int, confidence=confidence)
    elif (isinstance(value, str) and str not in (hint, *get_args(hint))) or np.size(value) > LONGEST_LINE:
        raise ValueError(f"{place} must be numbers, at most {LONGEST_LINE:,} of them, found {_show(value)}")


def _check_number(place: str, value: Any, whole: bool, confidence: bool) -> None:
    known = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
    if not known or (whole and value != math.floor(value)) or abs(value) > LARGEST:
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{place} must be {kind}, at most a billion, found {_show(value)}")
    if confidence and not 0 < value < 1:
        raise ValueError(f"{place} must lie between 0 and 1, such as 0.95, found {_show(value)}")


def _show(value: Any) -> str:
    words = "a Series" if isinstance(value, pd.Series) else repr(value)
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS] + "…"


def _is_ours(error: ValueError) -> bool:
    return Path(traceback.extract_tb(error.__traceback__)[-1].filename).is_relative_to(PACKAGE)
