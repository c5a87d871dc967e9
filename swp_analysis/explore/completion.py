"""Names that complete with Tab inside quotes: indicators and themes, of open data areas and groups of offences. In: the
code up to the cursor. Out: completions for IPython's completer, which JupyterLab asks.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any

from swp_analysis.errors import InputError

LEAST_TYPED = 2  # characters of a name, where the call around it is none of ours
OPEN_DATA = ("areas", "crime", "own", "peers", "places")
_COMMENT = re.compile(r"(?m)^\s*#.*")
# A string that is being typed, and the call that it is an argument of.
_OPEN = re.compile(r"""(?:(?:(\w+)\s*\.\s*)?(\w+)\(\s*(?:[^()]*[\[,=]\s*)?)?(["'])([^"']*)$""")


def complete_string(code: str) -> tuple[str, list[str]]:
    """Give what is typed of the string that some code ends in, and the names that it may become: those that begin with
    it, or else hold it, in any case."""
    found = _OPEN.search(_COMMENT.sub("", code))
    if not found:
        return "", []
    owner, function, quote, typed = found.groups()
    names = [name for name in dict.fromkeys(_list_names(owner, function, typed)) if quote not in name]
    wanted = typed.casefold()
    begin = [name for name in names if name.casefold().startswith(wanted)]
    return typed, begin or [name for name in names if wanted in name.casefold()]


def _list_names(owner: str | None, function: str | None, typed: str) -> Iterator[str]:
    """What there is now: an indicator that was added since the last Tab completes too."""
    from swp_analysis import explore
    from swp_analysis.catalogue.loader import load_catalogue
    from swp_analysis.explore.profile import AreaProfile
    from swp_analysis.present.briefing import Briefing

    if owner in OPEN_DATA and hasattr(import_module(f"swp_analysis.explore.{owner}"), function or ""):
        from swp_analysis.explore.areas import here
        from swp_analysis.open_data.offences import load_offences

        yield from sorted(area.name for area in here().book.areas.values() if area.usable and not area.valid_to)
        yield from load_offences()
    if len(typed) >= LEAST_TYPED or any(function in dir(home) for home in (explore, Briefing, AreaProfile)):
        catalogue = load_catalogue()
        yield from (*catalogue.indicators, *catalogue.themes)
        yield from (label for one in catalogue.indicators.values() for label in (one.short_label, one.label))


def complete_names(context: Any) -> Any:
    """Answer IPython's completer, by the second version of its matchers' interface."""
    from IPython.core.completer import SimpleCompletion

    typed, found = "", list[str]()
    with suppress(InputError):
        before = [*context.full_text.split("\n")[: context.cursor_line], context.text_until_cursor]
        typed, found = complete_string("\n".join(before))
    completions = [SimpleCompletion(text, type="name") for text in found]
    return {"completions": completions, "matched_fragment": typed, "suppress": bool(found), "ordered": True}


def register_completer() -> None:
    """Add our names to the completer of the IPython that runs this process; without one nothing happens."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    completer = getattr(shell, "Completer", None)
    if completer is not None:
        from IPython.core.completer import context_matcher

        completer.custom_matchers = [*completer.custom_matchers, context_matcher(priority=100)(complete_names)]
