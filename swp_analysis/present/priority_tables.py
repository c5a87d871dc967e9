"""A ranking as tables. In: what `analysis` worked out. Out: `Table`s with every candidate, indicator and theme."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.ledger import follow_candidates
from swp_analysis.analysis.priorities import Ranking
from swp_analysis.analysis.scoring import Figures, Score, grid_range, score_indicator
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.catalogue.weighing import Criterion, Harm
from swp_analysis.present.exhibit import Cell, Column, Number, Span, Table
from swp_analysis.present.numbers import write_chance
from swp_analysis.present.priority_words import (
    STABILITY_WORDS,
    TRIALS,
    count_group,
    write_how_sure,
    write_luck,
    write_pivot,
    write_place,
    write_range,
    write_what_to_do,
    write_why,
)
from swp_analysis.present.words import list_words

GRID = Column("Harm × size", "count")
CHANCES = [Column("Top three", "number"), Column("Top five", "number")]
APART = [Column("Top five, only weights varied", "number"), Column("Top five, only figures varied", "number")]


def tabulate_decisions(
    ranking: Ranking, findings: Mapping[str, Finding], catalogue: Catalogue, year: str, *, brief: bool = False
) -> Table:
    """Say what to do about what, why, how sure, and what can't be seen: a row for each candidate that is put forward,
    and the names of those that could as well be; `brief` leaves out how the trials were made."""
    rows = [
        [
            row.candidate.candidate.label,
            write_what_to_do(row.candidate, ranking, findings, row.priorities, year),
            write_why(row.candidate, ranking, findings, catalogue, brief=brief),
            write_place(row.candidate) if brief else write_how_sure(row.candidate),
            row.candidate.candidate.blind_spot,
        ]
        for row in follow_candidates(ranking, catalogue, year)
        if row.candidate in ranking.put_forward
    ]
    columns = ["Problem", "What we suggest", "Why", "How sure", "What we cannot see"]
    note = (
        f"{TRIALS} vary the weights and the figures. Luck alone would put a problem among the first five in "
        f"{write_luck(ranking)}."
    )
    return Table(
        f"Recommended priorities for {display_year(year)}", columns, rows, count_group(ranking) if brief else note
    )


def tabulate_candidates(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every candidate: place, score with range, chances, the harm and size grid, and what would move it."""
    rows: list[list[Cell]] = [
        [
            entry.candidate.label,
            entry.rank,
            Number(round(entry.total), f"{entry.total:.0f} ({entry.low:.0f}–{entry.high:.0f})"),
            _chance_cell(entry.chance_top3),
            _chance_cell(entry.chance_top5),
            _chance_cell(entry.chance_by_weights),
            _chance_cell(entry.chance_by_figures),
            _write_grid(entry.scores),
            STABILITY_WORDS[entry.stability],
            entry.confidence.level,
            write_pivot(entry, catalogue),
        ]
        for entry in ranking.ranked
    ]
    counted = [Column("Place", "count"), Column("Score", "count")]
    measured = [*counted, *CHANCES, *APART, GRID]
    columns: list[str | Column] = ["Candidate", *measured, "Its place", "Data", "What would move it"]
    note = (
        "Score: 0 to 100 under the declared weights, with the range that the ranges of its criteria allow. Harm × size "
        "is a cell of a 4 × 4 grid (1 to 16), in the style of the field, for those who are used to it; it is not used."
    )
    return Table("Every candidate", columns, rows, note)


def tabulate_scores(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every candidate's range on every criterion that took part."""
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    rows = [
        [entry.candidate.label, *(range_cell(entry.scores[criterion.id]) for criterion in criteria)]
        for entry in ranking.ranked
    ]
    return Table("Scores by criterion, 0 to 100", ["Candidate", *map(_criterion_column, criteria)], rows)


def tabulate_places(ranking: Ranking) -> Table:
    """Tabulate the figures behind the picture of places."""
    rows: list[list[Cell]] = [
        [
            entry.candidate.label,
            entry.rank,
            Span(entry.rank_low, entry.rank_high, f"{entry.rank_low}–{entry.rank_high}"),
            _chance_cell(entry.chance_top3),
            _chance_cell(entry.chance_top5),
        ]
        for entry in ranking.ranked
    ]
    columns: list[str | Column] = ["Candidate", Column("Place", "count"), Column("Range", "count"), *CHANCES]
    return Table("Places and their ranges", columns, rows)


def tabulate_without(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate the place of every candidate with each criterion left out in turn."""
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    rows: list[list[Cell]] = [
        [entry.candidate.label, entry.rank, *(entry.without[criterion.id] for criterion in criteria)]
        for entry in ranking.ranked
    ]
    columns: list[str | Column] = ["Candidate", Column("With all", "count"), *map(_criterion_column, criteria)]
    return Table("Places when the criterion of the column is left out", columns, rows)


def tabulate_criteria(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every criterion: weight, scale, reason, source, and whether it took part."""
    rows: list[list[Cell]] = [
        [
            entry.label,
            entry.weight,
            entry.scale,
            entry.reason,
            entry.source,
            f"Left out, {ranking.left_out[entry.id]}" if entry.id in ranking.left_out else "Used",
        ]
        for entry in catalogue.criteria.criteria
    ]
    columns: list[str | Column] = [
        "Criterion",
        Column("Weight", "number"),
        "Scale",
        "Why it counts",
        "Source",
        "This year",
    ]
    return Table("Criteria and their weights", columns, rows)


def tabulate_harm(catalogue: Catalogue) -> Table:
    """Tabulate the declared harm bands with reason and source."""
    same: dict[Harm, list[str]] = {}
    for name, band in catalogue.criteria.harm.items():
        same.setdefault(band, []).append(catalogue.indicators[name].short_label)
    rows: list[list[Cell]] = [
        [list_words(names), Span(band.low, band.high, f"{band.low:g}–{band.high:g}"), band.reason, band.source]
        for band, names in same.items()
    ]
    columns: list[str | Column] = ["Indicators", Column("Band", "number"), "Why", "Source"]
    return Table("Harm of a single case, as bands", columns, rows)


def tabulate_indicators(ranking: Ranking, figures: Figures, catalogue: Catalogue) -> Table:
    """Tabulate every indicator's ranges, beside the candidate that it belongs to."""
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    rows = []
    for name, indicator in catalogue.indicators.items():
        candidate = ranking.holding(name).candidate
        scores = score_indicator(name, candidate, figures, catalogue)
        part = candidate.label if name == candidate.lead else f"{candidate.label} (not counted again)"
        rows.append([indicator.short_label, part, *(range_cell(scores[entry.id]) for entry in criteria)])
    columns: list[str | Column] = ["Indicator", "Belongs to", *map(_criterion_column, criteria)]
    return Table("Every indicator by criterion, 0 to 100", columns, rows)


def tabulate_themes(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Tabulate every theme: its candidates, from the lowest to the highest score that their ranges allow."""
    rows: list[list[Cell]] = []
    for theme in catalogue.themes.values():
        own = [entry for entry in ranking.ranked if catalogue.indicators[entry.candidate.lead].theme == theme.id]
        if own:
            best, scores = own[0], [end for entry in own for end in (entry.low, entry.high)]
            span = Span(round(min(scores)), round(max(scores)), f"{min(scores):.0f}–{max(scores):.0f}")
            rows.append([theme.title, len(own), span, best.candidate.label, best.rank])
    counted = [Column("Candidates", "count"), Column("Scores", "count")]
    columns: list[str | Column] = ["Theme", *counted, "Highest candidate", Column("Its place", "count")]
    return Table("Every theme", columns, rows)


def range_cell(score: Score) -> Cell:
    """Give a score with its range, or why there is none."""
    return (
        Span(round(score.low), round(score.high), write_range(score)) if score.status == "known" else write_range(score)
    )


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
