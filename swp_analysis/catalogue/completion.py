"""Fills in what follows from other entries, so that it need not be typed. In: a catalogue as written, the notebooks.

Out: the same with topics of indicators, indicators of recording breaks, candidates, open gaps and the pages of
requirements.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from swp_analysis.catalogue.books import Candidate, CoverageSection, DeliveryPriority, Objective, Plan, StrategyBook
from swp_analysis.catalogue.identity import same_force
from swp_analysis.catalogue.models import (
    LONGEST_SHORT_LABEL,
    Catalogue,
    Indicator,
    RecordingBreak,
    Topic,
    drop_counting,
)

# A sentence that says what nothing measures; `rest` is what else it says.
_STATED_GAP = re.compile(r"(?P<lead>\bNo (?:indicator|figure)s? of )(?P<items>[^.;:]+)(?P<rest>(?:;[^.]*)?\.)")
NOTEBOOK_NAMES = "[0-9][0-9]_*.ipynb"
Aim = TypeVar("Aim", Objective, DeliveryPriority)


def complete(catalogue: Catalogue, notebooks: Path) -> Catalogue:
    """Derive everything that follows from the entries and from the notebooks in a folder."""
    catalogue = catalogue.model_copy(update={"indicators": _tell_apart(_give_topics(catalogue))})
    codes = {path.stem: "\n".join(list_code(read_cells(path))) for path in sorted(notebooks.glob(NOTEBOOK_NAMES))}
    return catalogue.model_copy(
        update={
            "recording_breaks": _breaks_here(catalogue),
            "criteria": catalogue.criteria.model_copy(update=_collect_judgements(catalogue.indicators)),
            "strategy": _close_gaps(catalogue),
            "coverage": [_complete_section(one, catalogue, codes) for one in catalogue.coverage],
        }
    )


# Short labels


def _tell_apart(indicators: dict[str, Indicator]) -> dict[str, Indicator]:
    """Every indicator with a short label of its own: labels that begin alike are cut in the middle, or stay whole."""
    labels = [drop_counting(one.label) for one in indicators.values()]
    cut = {name: one.short_label[:-1] for name, one in indicators.items() if one.short_label.endswith("…")}
    alike = {name for name, begin in cut.items() if sum(label.startswith(begin) for label in labels) > 1}
    short = {
        name: _cut_middle(drop_counting(one.label)) if name in alike else one.short_label
        for name, one in indicators.items()
    }
    uses = Counter(short.values())
    whole = {name: indicators[name].label if uses[short[name]] > 1 else short[name] for name in alike}
    return indicators | {name: indicators[name].model_copy(update={"short_label": whole[name]}) for name in alike}


def _cut_middle(label: str) -> str:
    """The first word of a label and as many of its last ones as a short label holds."""
    first, *rest = label.split()
    while rest and len(f"{first}… {' '.join(rest)}") > LONGEST_SHORT_LABEL:
        del rest[0]
    return f"{first}… {' '.join(rest)}"


# Topics


def _give_topics(catalogue: Catalogue) -> dict[str, Indicator]:
    """Every indicator with its topics: those it names, else those that its label and aliases speak of."""
    return {
        name: indicator
        if indicator.topics is not None
        else indicator.model_copy(update={"topics": find_topics(_texts(indicator), catalogue.topics)})
        for name, indicator in catalogue.indicators.items()
    }


def _texts(indicator: Indicator) -> list[str]:
    return [indicator.id.replace("_", " "), indicator.label, *indicator.aliases]


def find_topics(texts: list[str], topics: Mapping[str, Topic]) -> list[str]:
    """Find the topics that any of some texts speaks of.

    >>> shoplifting = Topic(id="shoplifting", label="shoplifting", words=["shoplifting", "theft + shop"])
    >>> find_topics(["Thefts from a shop"], {"shoplifting": shoplifting})
    ['shoplifting']
    """
    lower = [text.lower() for text in texts]
    return [name for name, topic in topics.items() if any(_speaks_of(text, topic) for text in lower)]


def _speaks_of(text: str, topic: Topic) -> bool:
    """A word may go on (`robberies`), but begins where a word begins."""
    return any(
        all(word in text and _begin(word).search(text) for word in phrase.split(" + ")) for phrase in topic.words
    )


@cache
def _begin(word: str) -> re.Pattern:
    return re.compile(rf"\b{re.escape(word)}")


# Recording breaks


def _breaks_here(catalogue: Catalogue) -> list[RecordingBreak]:
    """The breaks that concern an indicator of this partnership's, and its force."""
    force, here = catalogue.identity.force, []
    for one in catalogue.recording_breaks:
        named = {*one.indicators, *catalogue.about(one.topics)}
        if named and (not one.forces or any(same_force(force, name) for name in one.forces)):
            here.append(one.model_copy(update={"indicators": [name for name in catalogue.indicators if name in named]}))
    return here


# Judgements in the indicators' entries


def _collect_judgements(indicators: Mapping[str, Indicator]) -> dict[str, Any]:
    """What the ranking takes from the indicators' entries, in their order."""
    entries = indicators.values()
    return {
        "harm": {one.id: one.harm for one in entries if one.harm},
        "at_risk": {one.id: one.at_risk for one in entries if one.at_risk},
        "candidates": [
            Candidate(**one.candidate.model_dump(), indicators=[one.id, *one.candidate.also])
            for one in entries
            if one.candidate
        ],
    }


# Gaps


def _close_gaps(catalogue: Catalogue) -> StrategyBook:
    """The strategy with the indicators that close a gap, and without what they close."""
    book = catalogue.strategy

    def close(aim: Aim) -> Aim:
        found: tuple[str, list[str]] = close_gap(aim.gap or "", catalogue)
        return aim.model_copy(
            update={"gap": found[0] or None, "indicators": [*dict.fromkeys([*aim.indicators, *found[1]])]}
        )

    def close_plan(plan: Plan) -> Plan:
        parts = ("objectives", "community_concerns")
        return plan.model_copy(update={part: [close(aim) for aim in getattr(plan, part)] for part in parts})

    chosen = {year: [close(one) for one in priorities] for year, priorities in book.delivery_priorities.items()}
    plans = {name: [close_plan(plan) for plan in getattr(book, name)] for name in ("plans", "wider_plans")}
    return book.model_copy(update={**plans, "delivery_priorities": chosen})


def close_gap(text: str, catalogue: Catalogue) -> tuple[str, list[str]]:
    """Take out of sentences such as `No indicator of burglary or arson.` what an indicator measures.

    Returns
    -------
    What of the text still holds, and the ids of the indicators that close the rest.
    """
    closed_by: list[str] = []

    def close(sentence: re.Match) -> str:
        items = re.split(r",? (?:or|nor) (?:of )?|, (?:of )?", sentence["items"])
        measured = {item: found for item in items if (found := _measuring(item, catalogue))}
        closed_by.extend(name for found in measured.values() for name in found)
        left = [item for item in items if item not in measured]
        if not measured:
            return sentence[0]
        return f"{sentence['lead']}{_join(left)}{sentence['rest']}" if left else ""

    return " ".join(_STATED_GAP.sub(close, text).split()), closed_by


def _measuring(item: str, catalogue: Catalogue) -> list[str]:
    """The indicators of the topic that some words name, with nothing more: `burglaries`, not `the cost of burglary`."""
    about, plain = set(), item.strip().lower()
    for name, topic in catalogue.topics.items():
        names = [one.lower() for one in (topic.label, *topic.words) if " + " not in one]
        if any(plain.startswith(one) and re.fullmatch(r"\w*", plain[len(one) :]) for one in names):  # `burglaries`
            about.add(name)
    return catalogue.about(about)


# Requirements


def _complete_section(section: CoverageSection, catalogue: Catalogue, codes: Mapping[str, str]) -> CoverageSection:
    about = {*catalogue.about(section.topics)}
    carriers = [name for name, code in codes.items() if _shows(code, about, section.calls, catalogue)]
    missing = [catalogue.topics[name].label for name in section.topics if not catalogue.about([name])]
    gaps = [f"No figures of {_join(missing)}." if missing else "", close_gap(section.further_gap, catalogue)[0]]
    if not carriers and not any(gaps):
        gaps = ["No page is about this."]
    return section.model_copy(update={"notebooks": carriers, "gap": " ".join(filter(None, gaps)) or None})


def _shows(code: str, about: set[str], calls: list[str], catalogue: Catalogue) -> bool:
    """Whether a notebook names one of some indicators, a theme or topic of theirs, or makes one of some calls."""
    themes = {catalogue.indicators[name].theme for name in about}
    topics = {topic for name in about for topic in catalogue.indicators[name].topics or []}
    named = set(re.findall(r"[\"']([a-z][a-z0-9_]*)[\"']", code))
    return bool(named & (about | themes | topics)) or any(f".{call}" in code for call in calls)


def read_cells(path: Path) -> list[dict[str, Any]] | None:
    """Read the cells of a notebook; None when the file is none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [cell for cell in cells if isinstance(cell, dict)]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def list_code(cells: list[dict[str, Any]] | None) -> list[str]:
    """List the code of cells, a text each."""
    return ["".join(cell.get("source", [])) for cell in cells or [] if cell.get("cell_type") == "code"]


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
