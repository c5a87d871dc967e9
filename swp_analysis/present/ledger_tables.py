"""What was chosen, beside the evidence and beside the board. In: ledger, back-cast, coverage, the board's form.

Out: `Table`s in which every priority and every candidate stands, also those that nothing speaks for.
"""

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.ledger import CandidateRow, PriorityRow
from swp_analysis.analysis.priorities import Ranking
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year, quarter_bounds
from swp_analysis.catalogue.weighing import CoverageSection
from swp_analysis.present.numbers import NOTHING
from swp_analysis.present.phrases import list_words, lower_first, read_phrases
from swp_analysis.present.priority_words import write_movements
from swp_analysis.present.table import Cell, Number, Table

# A reason in the board's own words may hold a count; where small numbers are hidden, such a reason is not printed.
NUMBER_IN_WORDS = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|once|twice|single|pair|couple)\b", re.IGNORECASE
)


def tabulate_ledger(
    rows: Sequence[PriorityRow], findings: Mapping[str, Finding] | None, year: str, known: str
) -> Table:
    """Tabulate chosen delivery priorities beside the evidence at the time, and what their indicators did in the year
    itself; `findings` is None when that year has no figures yet."""
    places = [[f"{entry.candidate.label} (place {entry.rank})" for entry in row.candidates] for row in rows]
    moved = [write_movements([findings[name] for name in row.priority.indicators]) for row in rows] if findings else []
    return Table.described(
        "ledger",
        rows,
        year=display_year(year),
        known=display_year(known),
        problems=["; ".join(named) or NOTHING for named in places],
        status=[_write_status(row) for row in rows],
        moved=[said or "We have no data on it." for said in moved or ["No figures yet."] * len(rows)],
    )


def _write_status(row: PriorityRow) -> str:
    """The status and what is missing; a gap in its own words needs no status before it."""
    if row.status == "no indicator" and row.priority.gap:
        return row.priority.gap
    return " ".join(filter(None, [f"{read_phrases()['support'][row.status]}.", row.priority.gap]))


def count_support(rows: Sequence[PriorityRow], year: str) -> str:
    """Write how many priorities of a year the figures support, by their first lines, and on how many there are none."""
    count = {status: sum(row.status == status for row in rows) for status in ("signal", "no signal", "no indicator")}
    return (
        f"Of {len(rows)} priorities of {display_year(year)}, the figures known then support {count['signal']}, do not "
        f"point to {count['no signal']}, and say nothing of {count['no indicator']}, on which we have no data."
    )


def tabulate_candidate_ledger(rows: Sequence[CandidateRow], catalogue: Catalogue, year: str) -> Table:
    """Tabulate every candidate beside the delivery priorities that name it."""
    signals = [[catalogue.indicators[name].short_label for name in row.signals] for row in rows]
    return Table.described(
        "who_chose",
        rows,
        year=display_year(year),
        signals=[list_words(names) if names else NOTHING for names in signals],
        named=["; ".join(priority.text for priority in row.priorities) or NOTHING for row in rows],
        said=[read_phrases()["support"][row.status] for row in rows],
    )


def tabulate_requirements(catalogue: Catalogue, observations: pd.DataFrame, year: str, notebooks: Path) -> Table:
    """Say what an assessment must hold, the pages that carry it, and a warning where something is missing."""
    states, pages, lacks = [], [], []
    for section in catalogue.coverage:
        there = [name for name in section.notebooks if (notebooks / f"{name}.ipynb").exists()]
        missing = [f"Warning: the page {name} is missing." for name in section.notebooks if name not in there]
        missing += [section.gap or "", *_lacking(section, catalogue, observations, year)]
        lacks.append(" ".join(filter(None, missing)))
        states.append("Gap" if not there else "In part" if lacks[-1] else "Covered")
        pages.append("; ".join(_title(notebooks / f"{name}.ipynb") for name in there) or NOTHING)
    cited = [f"{one.source.document}, {lower_first(one.source.place)}" for one in catalogue.coverage]
    missing = [said or NOTHING for said in lacks]
    return Table.described("requirements", catalogue.coverage, state=states, pages=pages, missing=missing, cited=cited)


def _lacking(section: CoverageSection, catalogue: Catalogue, observations: pd.DataFrame, year: str) -> Iterator[str]:
    """What the year's figures and records themselves lack of a requirement."""
    about = {topic: {one.id for one in catalogue.indicators.values() if topic in (one.topics or [])}
             for topic in section.topics}  # fmt: skip
    figures = observations[observations["status"] != "not_available"]
    known = figures[figures["indicator"].isin(set().union(*about.values()))]
    if section.in_force and quarter_bounds(year, 4)[1] < section.in_force:
        yield "The duty is younger than the years of these figures."
    for topic, names in about.items():
        of_year = figures[figures["indicator"].isin(names) & (figures["financial_year"] == year)]
        if len(of_year) and (of_year["status"] == "unreadable").mean() > 0.5:
            yield f"Most figures of {catalogue.topics[topic].label} could not be read."
    if known["financial_year"].nunique() == 1:
        yield "One year of figures only, so no comparison."
    if "delivery" in section.calls and year not in catalogue.delivery:
        yield "How the figures moved, not what was done: no work and no spending are recorded."


def _title(notebook: Path) -> str:
    """What the page of a notebook is called: its first line of Markdown."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")


def tabulate_workshop(ranking: Ranking, workshop: pd.DataFrame, *, show_numbers: bool) -> Table:
    """Tabulate the board's own score, override and reason beside the place that the figures give."""
    answers = workshop.set_index("candidate").to_dict("index")
    given = [_write_answer(answers.get(entry.candidate.id), show_numbers) for entry in ranking.ranked]
    own, place, reason = zip(*given, strict=True)
    scores = [round(entry.total) for entry in ranking.ranked]
    return Table.described("workshop", ranking.ranked, score=scores, own=own, place=place, reason=reason)


def _write_answer(answer: Mapping[Hashable, Any] | None, show_numbers: bool) -> list[Cell]:
    if answer is None:
        return [NOTHING] * 3
    reason = answer["reason"] or NOTHING
    if not show_numbers and NUMBER_IN_WORDS.search(reason):
        reason = "Given; it holds figures and is printed for analysts only."
    given = [answer[name] for name in ("own_score", "override_rank")]
    return [*(Number(float(text), text) if text else NOTHING for text in given), reason]
