"""Names that complete with Tab inside quotes: indicators, themes, areas, groups, audiences. In: the code up to the
cursor. Out: completions for IPython's completer, which JupyterLab asks.
"""

import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any

from swp_analysis.errors import InputError

LEAST_TYPED = 2  # characters of a name, where the call around it is none of ours
OPEN_DATA = ("areas", "crime", "own", "peers", "places")
# Comments and whole strings, then brackets and commas; a quote that is left over begins the string that is being typed.
_SIGNS = re.compile(r"""#.*|'''[\s\S]*?'''|\"{3}[\s\S]*?\"{3}|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[][(){},'"]""")
_CALLED = re.compile(r"(?:(\w+)\s*\.\s*|\.\s*)?(\w+)\s*$")
_KEYWORD = re.compile(r"\s*(\w+)\s*=(?!=)")
# What a parameter of our functions takes, by its name.
SUBJECTS, AREAS, GROUPS, PEERS = "subjects", "areas", "groups", "peers"
TAKES = dict.fromkeys(("data", "name", "subjects", "indicator", "indicators", "topics"), SUBJECTS)
TAKES |= {"area": AREAS, "areas.name": AREAS, "area_code": AREAS, "group": GROUPS, "with_": PEERS, "peers.name": PEERS}
TAKES |= {"audience": "audiences", "periods": "periods", "financial_year": "years", "year": "years"}


@dataclass(frozen=True)
class OpenString:
    """A string that is being typed, and the call that it is an argument of: `owner.function(…, keyword="typed`."""

    typed: str
    quote: str
    owner: str = ""
    function: str = ""
    keyword: str = ""
    place: int = 0


def find_open_string(code: str) -> OpenString | None:
    """Find the string that the code ends in, and the call around it.

    >>> find_open_string('b.figures("x", ["kni')
    OpenString(typed='kni', quote='"', owner='b', function='figures', keyword='', place=1)
    """
    calls: list[list[int]] = []  # of each open bracket: where it is, where its newest argument begins, which one it is
    for sign in _SIGNS.finditer(code):
        text, start, end = sign[0], sign.start(), sign.end()
        if text in "([{":
            calls.append([start, end, 0])
        elif text in ")]}":
            calls = calls[:-1]
        elif text == "," and calls:
            calls[-1][1:] = [end, calls[-1][2] + 1]
        elif text in ("'", '"'):
            return _within(code, start, calls)
    return None


def _within(code: str, quote: int, calls: list[list[int]]) -> OpenString:
    other = {"'": '"', '"': "'"}[code[quote]]
    text = code[quote + 1 :]
    text = text.rpartition(other)[2] if text.count(other) % 2 else text  # of a query: 'theme == "…'
    typed = text, code[quote]
    for bracket, begins, place in reversed(calls):
        called = _CALLED.search(code[:bracket]) if code[bracket] == "(" else None
        if called:
            keyword = _KEYWORD.match(code[begins:quote])
            return OpenString(*typed, called[1] or "", called[2], keyword[1] if keyword else "", place)
    return OpenString(*typed)


def name_choices(string: OpenString) -> list[str] | None:
    """Name what may be written into a string: the names that its parameter takes; None when the call is none of
    ours."""
    function = _find_function(string.owner, string.function)
    if function is None:
        return None
    names = [name for name in signature(function).parameters if name != "self"]
    wanted = string.keyword or (names[min(string.place, len(names) - 1)] if names else "")
    kind = TAKES.get(f"{string.owner}.{wanted}", TAKES.get(wanted))
    return _list_names(kind) if kind else None


def _find_function(owner: str, name: str) -> Any:
    """The function or method of ours that is called so; `peers.compare` is another one than `explore.compare`."""
    from swp_analysis import explore
    from swp_analysis.explore.profile import AreaProfile
    from swp_analysis.present.briefing import Briefing

    if owner in OPEN_DATA:
        return getattr(import_module(f"swp_analysis.explore.{owner}"), name, None)
    homes = (explore, Briefing, AreaProfile, sys.modules["swp_analysis"])
    return next((getattr(home, name) for home in homes if name in dir(home) and not name.startswith("_")), None)


def _list_names(kind: str) -> list[str]:
    """What there is of a kind now: an indicator, year or table that was added since the last Tab completes too."""
    from swp_analysis.catalogue import load_catalogue
    from swp_analysis.explore import areas, peers
    from swp_analysis.ingest.formats.raw_files import raw_years
    from swp_analysis.open_data.offences import load_offences
    from swp_analysis.present.frames import PERIODS
    from swp_analysis.project import find_project

    def subjects() -> list[str]:
        catalogue = load_catalogue()
        labels = [label for one in catalogue.indicators.values() for label in (one.short_label, one.label)]
        return [*catalogue.indicators, *catalogue.themes, *labels]

    def places() -> list[str]:
        return sorted({one.name for one in areas.here().book.areas.values() if one.usable and not one.valid_to})

    lists: dict[str, Callable[[], Iterable[str]]] = {
        SUBJECTS: subjects,
        AREAS: places,
        GROUPS: load_offences,
        PEERS: lambda: [*peers.groups().frame["id"], *places()],
        "audiences": lambda: load_catalogue().audiences,
        "periods": lambda: PERIODS,
        "years": lambda: raw_years(find_project().raw),
    }
    return list(dict.fromkeys(lists[kind]()))


def complete_names(context: Any) -> Any:
    """Answer IPython's completer, by the second version of its matchers' interface."""
    from IPython.core.completer import SimpleCompletion

    before = [*context.full_text.split("\n")[: context.cursor_line], context.text_until_cursor]
    string, found = find_open_string("\n".join(before)), []
    if string:
        with suppress(InputError):
            found = _matching(string, name_choices(string))
    texts = [SimpleCompletion(text, type="name") for text in found if string and string.quote not in text]
    return {
        "completions": texts,
        "matched_fragment": string.typed if string else "",
        "suppress": bool(texts),
        "ordered": True,
    }


def _matching(string: OpenString, choices: list[str] | None) -> list[str]:
    """The choices that begin with what was typed, or else hold it, in any case."""
    if choices is None:
        choices = _list_names(SUBJECTS) if len(string.typed) >= LEAST_TYPED else []
    typed = string.typed.casefold()
    begin = [name for name in choices if name.casefold().startswith(typed)]
    return begin or [name for name in choices if typed in name.casefold()]


def register_completer() -> None:
    """Add our names to the completer of the IPython that runs this process; without one nothing happens."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    completer = getattr(shell, "Completer", None)
    if completer is not None:
        from IPython.core.completer import context_matcher

        completer.custom_matchers = [*completer.custom_matchers, context_matcher(priority=100)(complete_names)]
