"""A ranking as tables, and what was chosen, beside the evidence and the board. In: ranking, ledger, coverage, the
board's form. Out: `Table`s in which every candidate, indicator, theme and priority stands, also those that nothing
speaks for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.ledger import CandidateRow, PriorityRow, follow_candidates
from swp_analysis.analysis.priorities import Ranked, Ranking
from swp_analysis.analysis.scoring import Figures, Score, grid_range, score_indicator
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year, quarter_bounds
from swp_analysis.catalogue.weighing import CoverageSection, Criterion, Harm
from swp_analysis.present import read_phrases
from swp_analysis.present.numbers import NOTHING, write_chance
from swp_analysis.present.priority_words import (
    STABILITY_WORDS,
    TRIALS,
    count_group,
    write_how_sure,
    write_luck,
    write_movements,
    write_pivot,
    write_place,
    write_range,
    write_what_to_do,
    write_why,
)
from swp_analysis.present.table import Cell, Column, Number, Span, Table
from swp_analysis.present.words import list_words, lower_first


def tabulate_decisions(
    ranking: Ranking, findings: Mapping[str, Finding], catalogue: Catalogue, year: str, *, brief: bool = False
) -> Table:
    """Say what to do about what, why, how sure, and what can't be seen: a row for each candidate that is put forward,
    and the names of those that could as well be; `brief` leaves out how the trials were made."""
    shown = [row for row in follow_candidates(ranking, catalogue, year) if row.candidate in ranking.put_forward]
    write_sure = write_place if brief else write_how_sure
    luck = f"{TRIALS} vary the weights and the figures. Luck alone would put a problem among the first five in "
    return Table.described(
        "decisions",
        shown,
        year=display_year(year),
        suggestion=[write_what_to_do(row.candidate, ranking, findings, row.priorities, year) for row in shown],
        why=[write_why(row.candidate, ranking, findings, catalogue, brief=brief) for row in shown],
        sure=[write_sure(row.candidate) for row in shown],
        note=count_group(ranking) if brief else f"{luck}{write_luck(ranking)}.",
    )


def tabulate_candidates(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every candidate: place, score with range, chances, the harm and size grid, and what would move it."""
    ranked = ranking.ranked
    return Table.described(
        "candidates",
        ranked,
        score=[Number(round(one.total), f"{one.total:.0f} ({one.low:.0f}–{one.high:.0f})") for one in ranked],
        **_chances(ranking),
        by_weights=[_chance_cell(one.chance_by_weights) for one in ranked],
        by_figures=[_chance_cell(one.chance_by_figures) for one in ranked],
        grid=[_write_grid(one.scores) for one in ranked],
        stability=[STABILITY_WORDS[one.stability] for one in ranked],
        pivot=[write_pivot(one, catalogue) for one in ranked],
    )


def tabulate_scores(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every candidate on every criterion, the darker the higher: why it is where it is, and why not higher."""
    first = [entry for entry in ranking.ranked if entry in ranking.put_forward] or ranking.ranked[:1]
    named = list_words([lower_first(entry.candidate.label) for entry in first])
    return Table.of(
        f"Why {named} {'come' if len(first) > 1 else 'comes'} first: the scores of all candidates",
        {
            "Candidate": [f"{entry.rank}. {entry.candidate.label}" for entry in ranking.ranked],
            **{
                _criterion_column(criterion): [_shade(entry.scores[criterion.id]) for entry in ranking.ranked]
                for criterion in used_criteria(ranking, catalogue)
            },
        },
        read_phrases()["scores"],
        kind="heat",
    )


def _shade(score: Score) -> Cell:
    """A score as a cell in one of five shades."""
    if score.status != "known":
        return "?" if score.status == "missing" else write_range(score)
    return Span(round(score.low), round(score.high), write_range(score), min(int(score.centre // 20), 4))


def tabulate_places(ranking: Ranking) -> Table:
    """Tabulate the figures behind the picture of places."""
    ends = [(entry.rank_low, entry.rank_high) for entry in ranking.ranked]
    ranges = [Span(low, high, f"{low}–{high}") for low, high in ends]
    return Table.described("places", ranking.ranked, range=ranges, **_chances(ranking))


def tabulate_without(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate the place of every candidate with each criterion left out in turn."""
    return Table.of(
        "Places when the criterion of the column is left out",
        {
            "Candidate": _names(ranking),
            Column("With all", "count"): [entry.rank for entry in ranking.ranked],
            **{
                _criterion_column(criterion): [entry.without[criterion.id] for entry in ranking.ranked]
                for criterion in used_criteria(ranking, catalogue)
            },
        },
    )


def tabulate_criteria(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every criterion: weight, scale, reason, source, and whether it took part."""
    every, left_out = catalogue.criteria.criteria, ranking.left_out
    used = [f"Left out, {left_out[entry.id]}" if entry.id in left_out else "Used" for entry in every]
    return Table.described("criteria", every, used=used)


def tabulate_harm(catalogue: Catalogue) -> Table:
    """Tabulate the declared harm bands with reason and source."""
    same: dict[Harm, list[str]] = {}
    for name, band in catalogue.criteria.harm.items():
        same.setdefault(band, []).append(catalogue.indicators[name].short_label)
    bands = [Span(band.low, band.high, f"{band.low:g}–{band.high:g}") for band in same]
    return Table.described("harm", same, names=[list_words(names) for names in same.values()], band=bands)


def tabulate_indicators(ranking: Ranking, figures: Figures, catalogue: Catalogue) -> Table:
    """Tabulate every indicator's ranges, beside the candidate that it belongs to."""
    candidates = {name: ranking.holding(name).candidate for name in catalogue.indicators}
    scores = [score_indicator(name, one, figures, catalogue) for name, one in candidates.items()]
    return Table.of(
        "Every indicator by criterion, 0 to 100",
        {
            "Indicator": [indicator.short_label for indicator in catalogue.indicators.values()],
            "Belongs to": [
                one.label if name == one.lead else f"{one.label} (not counted again)"
                for name, one in candidates.items()
            ],
            **{
                _criterion_column(entry): [_shade(one[entry.id]) for one in scores]
                for entry in used_criteria(ranking, catalogue)
            },
        },
    )


def tabulate_themes(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every theme: its candidates, from the lowest to the highest score that their ranges allow."""
    shown: dict[str, list[Ranked]] = {}
    for name, theme in catalogue.themes.items():
        own = [entry for entry in ranking.ranked if catalogue.indicators[entry.candidate.lead].theme == name]
        shown |= {theme.title: own} if own else {}
    ends = [(min(one.low for one in own), max(one.high for one in own)) for own in shown.values()]
    return Table.described(
        "themes",
        [own[0] for own in shown.values()],
        theme=list(shown),
        count=[len(own) for own in shown.values()],
        scores=[Span(round(low), round(high), f"{low:.0f}–{high:.0f}") for low, high in ends],
    )


def used_criteria(ranking: Ranking, catalogue: Catalogue) -> list[Criterion]:
    """List the criteria that took part in a ranking, in their order."""
    return [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]


def _names(ranking: Ranking) -> list[str]:
    return [entry.candidate.label for entry in ranking.ranked]


def _chances(ranking: Ranking) -> dict[str, list[Number]]:
    chances = {"top3": [one.chance_top3 for one in ranking.ranked], "top5": [one.chance_top5 for one in ranking.ranked]}
    return {name: [_chance_cell(chance) for chance in found] for name, found in chances.items()}


def _criterion_column(criterion: Criterion) -> Column:
    return Column(criterion.short_label, "count")


def _chance_cell(chance: float) -> Number:
    return Number(round(chance, 2), write_chance(chance))


def _write_grid(scores: Mapping[str, Score]) -> Span:
    low, high = grid_range(scores["harm"], scores["size"])
    return Span(low, high, str(low) if low == high else f"{low}–{high}")


def fill_form(ranking: Ranking, answers: pd.DataFrame) -> pd.DataFrame:
    """Give the form for the board: a row for every candidate in its order, with the answers given so far.

    Columns: candidate, label, place, score, chance_top5 (0-1), own_score, override_rank, reason.
    """
    rows = [
        {
            "candidate": entry.candidate.id,
            "label": entry.candidate.label,
            "place": entry.rank,
            "score": round(entry.total),
            "chance_top5": round(entry.chance_top5, 2),
        }
        for entry in ranking.ranked
    ]
    asked = ["candidate", "own_score", "override_rank", "reason"]
    return pd.DataFrame(rows).merge(answers[asked], on="candidate", how="left").fillna({"reason": ""})


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
