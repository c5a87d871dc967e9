"""What a partnership has written down, against its own tables. In: its YAML and glossary, the figures. Out: a sentence
with file, line and the way out for each statement that the figures contradict.

Sentences are read as those of a report are: one that is not understood to its last word is not judged. Entries that say
how indicators belong together are contradicted when most of the quarters are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swp_analysis.audit.audit_year import check_relation
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judge_text import judge_passages
from swp_analysis.catalogue.completion import close_gap
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year, read_financial_year
from swp_analysis.catalogue.safe_yaml import Document, Place
from swp_analysis.errors import count_noun
from swp_analysis.ingest.records import ReportPassage

# Names, patterns and words of others, which state nothing themselves; gaps lose by themselves what is measured.
NO_STATEMENTS = re.compile(r"id|label|short_label|title|aliases|\w*phrases|printed|also_printed|source|words|headings?")
GAPS = {"gap", "further_gap"}
WAY_OUT = "Correct it, or say which year it is about."
FEWEST_WORDS = 4  # of a sentence; less are a key's value
_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_WHEN = re.compile(r"(?i)\d|\b(?:last|this|previous|past) (?:financial )?(?:year|quarter)|\byear before\b")
_PERHAPS = re.compile(r"(?i)\b(?:can|could|may|might|would|should|must|will|if|when|whether|unless)\b")
_SPAN = re.compile(
    rf"\b(?:only )?(?P<number>{'|'.join(_NUMBERS)}|\d\d?) years? of figures(?: only|, so no comparison)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Statement:
    """A text of the partnership's own with its place, its key, the entries around it and the year that they are of."""

    place: str
    text: str
    key: str = ""
    entries: tuple[Mapping[str, Any], ...] = ()
    year: str = ""

    def indicators(self, catalogue: Catalogue) -> list[str]:
        """Give the indicators that the nearest entry is, names or has the topics of."""
        topics = {section.id: section.topics for section in catalogue.coverage}
        for entry in reversed(self.entries):
            name = entry.get("id")
            own = [name] if name in catalogue.indicators else [*(entry.get("indicators") or [])]
            about = set(topics.get(name or "", []))
            if found := own or [one.id for one in catalogue.indicators.values() if about & set(one.topics or [])]:
                return found
        return []


def find_contradicted(folder: Path, figures: TableFigures, financial_year: str) -> list[str]:
    """Hold all statements of a partnership against the figures up to a year.

    Parameters
    ----------
    folder : the partnership's, in which everything can be read as YAML (`load_catalogue` has seen to that).
    figures : up to `financial_year`; what has no year of its own is judged as said of that one.
    """
    statements = list(read_statements(folder))
    return [
        *_wrong_figures(statements, figures, financial_year),
        *(problem for one in statements for problem in _wrong_claims_of_none(one, figures)),
        *_wrong_relations(folder, figures),
    ]


def read_statements(folder: Path) -> Iterator[Statement]:
    """Give every text that a partnership's files state, in their order."""
    for path in sorted(folder.rglob("*.yml")):
        document = Document(path, empty={})
        for place, line, text in document.texts():
            keys = [step for step in place if isinstance(step, str)]
            if len(text.split()) < FEWEST_WORDS or any(NO_STATEMENTS.fullmatch(key) for key in keys):
                continue
            year = next((year for key in keys if (year := read_financial_year(key))), "")
            where = f"{folder.name}/{path.relative_to(folder).as_posix()} line {line}"
            yield Statement(where, text, keys[-1] if keys else "", tuple(_entries_around(document.values, place)), year)
    glossary = folder / "glossary.md"
    lines = glossary.read_text(encoding="utf-8").splitlines() if glossary.is_file() else []
    for number, said in enumerate(lines, start=1):
        if said.strip() and not said.startswith(("#", "<!--")):
            yield Statement(f"{folder.name}/glossary.md line {number}", said)


def _entries_around(values: Any, place: Place) -> Iterator[Mapping[str, Any]]:
    for step in place:
        if isinstance(values, dict) and "id" in values:
            yield values
        values = values[step] if isinstance(step, int) else {str(key): held for key, held in values.items()}[step]


def _wrong_figures(statements: Iterable[Statement], figures: TableFigures, financial_year: str) -> Iterator[str]:
    by_year: dict[str, list[ReportPassage]] = {}
    for number, one in enumerate(statements):
        if (one.year or financial_year) in figures.years and _WHEN.search(one.text):
            passage = ReportPassage(one.place, f"p{number}", one.text, row=_row_of(one, figures.catalogue))
            by_year.setdefault(one.year or financial_year, []).append(passage)
    for year, passages in by_year.items():
        judged = judge_passages(passages, figures, year)
        wrong = judged[(judged["verdict"] == "contradicted") & judged["sentence"].map(_is_about_a_time)]
        for row in wrong.itertuples():
            yield f"{row.place}: {row.sentence!r} is contradicted by the tables: {row.explanation} {WAY_OUT}"


def _row_of(one: Statement, catalogue: Catalogue) -> str:
    """The indicator in whose own entry a text stands: there a sentence need not name it."""
    return next((entry["id"] for entry in one.entries if entry["id"] in catalogue.indicators), "")


def _is_about_a_time(sentence: str) -> bool:
    """Whether a sentence states how something was or is, not what may be or what a change would mean."""
    return bool(_WHEN.search(sentence)) and not _PERHAPS.search(sentence)


def _wrong_claims_of_none(one: Statement, figures: TableFigures) -> Iterator[str]:
    """`No figures of …` where there are some, and a number of years that is another one."""
    closed_by = [] if one.key in GAPS else close_gap(one.text, figures.catalogue)[1]
    if closed_by:
        yield f"{one.place}: {one.text!r}, but {closed_by[0]} measures it; take the sentence out."
    span = _SPAN.search(one.text)
    about = one.indicators(figures.catalogue) if span else []
    years = {held.year for name in about for held in figures.spans(name)}
    if span and years and len(years) != int(_NUMBERS.get(span["number"].lower(), span["number"])):
        held = ", ".join(map(display_year, sorted(years)))
        yield f"{one.place}: {span[0]!r}, but the tables hold {held}; take it out."


def _wrong_relations(folder: Path, figures: TableFigures) -> Iterator[str]:
    """Entries by which one row is part of another, or the number behind a share, and most quarters say otherwise."""
    for path in sorted((folder / "indicators").glob("*.yml")):
        document = Document(path, empty={})
        for place, line, other in document.texts():
            if place[:1] != ("indicators",) or place[-1] not in ("subgroup_of", "denominator"):
                continue
            indicator = figures.catalogue.indicators[document.values["indicators"][place[1]]["id"]]
            found = [check_relation(indicator, span, figures) for span in figures.spans(indicator.id)]
            judged = [one.verdict for one in found if one is not None]
            wrong = judged.count("contradicted")
            if wrong > 1 and wrong * 2 > len(judged):
                yield (
                    f"{folder.name}/indicators/{path.name} line {line}: {place[-1]} is {other}, and {wrong} of "
                    f"{count_noun(len(judged), 'quarter')} contradict it; name another indicator, or take the line out."
                )
