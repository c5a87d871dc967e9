"""A ranking as tables. In: what `analysis` worked out. Out: `Table`s with every candidate, indicator and theme."""

from __future__ import annotations

from collections.abc import Mapping

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.ledger import follow_candidates
from swp_analysis.analysis.priorities import Ranking
from swp_analysis.analysis.scales import Score, grid_range
from swp_analysis.analysis.scoring import Figures, score_indicator
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import write_chance
from swp_analysis.present.priority_words import (
    STABILITY_WORDS,
    write_how_sure,
    write_pivot,
    write_range,
    write_what_to_do,
    write_why,
)
from swp_analysis.present.tables import Table
from swp_analysis.present.words import list_words

PLACE_COLUMNS = ["Candidate", "Place", "Score", "Top three", "Top five"]


def tabulate_decisions(ranking: Ranking, findings: Mapping[str, Finding], catalogue: Catalogue, year: str) -> Table:
    """What to do about what, why, how sure, and what can't be seen: a row for each of the first five."""
    rows = [
        [
            f"{row.candidate.rank}. {row.candidate.candidate.label}",
            write_what_to_do(row.candidate, ranking, findings, row.priorities, year),
            write_why(row.candidate, findings, catalogue),
            write_how_sure(row.candidate),
            row.candidate.candidate.blind_spot,
        ]
        for row in follow_candidates(ranking, catalogue, year)
        if row.candidate in ranking.top
    ]
    columns = ["Problem", "What to do", "Why", "How sure", "What we can't see"]
    return Table(f"The first five for {display_year(year)}", columns, rows, frozenset(columns))


def tabulate_candidates(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Every candidate: place, score with range, chances, the harm and size grid, and what would move it."""
    rows = [
        [
            entry.candidate.label,
            str(entry.rank),
            f"{entry.total:.0f} ({entry.low:.0f}–{entry.high:.0f})",
            write_chance(entry.chance_top3),
            write_chance(entry.chance_top5),
            _write_grid(entry.scores),
            STABILITY_WORDS[entry.stability],
            entry.confidence.level,
            write_pivot(entry, catalogue),
        ]
        for entry in ranking.ranked
    ]
    columns = [*PLACE_COLUMNS, "Harm × size", "Its place", "Data", "What would move it"]
    note = (
        "Score: 0 to 100 under the declared weights, with the range that the ranges of its criteria allow. Harm × size "
        "is a cell of a 4 × 4 grid (1 to 16), in the style of the field, for those who are used to it; it isn't used."
    )
    return Table("Every candidate", columns, rows, frozenset({"Its place", "Data", "What would move it"}), note)


def tabulate_scores(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Every candidate's range on every criterion that took part."""
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    rows = [
        [entry.candidate.label, *(write_range(entry.scores[criterion.id]) for criterion in criteria)]
        for entry in ranking.ranked
    ]
    return Table("Scores by criterion, 0 to 100", ["Candidate", *(entry.short_label for entry in criteria)], rows)


def tabulate_places(ranking: Ranking) -> Table:
    """The figures behind the picture of places."""
    rows = [
        [
            entry.candidate.label,
            str(entry.rank),
            f"{entry.rank_low}–{entry.rank_high}",
            write_chance(entry.chance_top3),
            write_chance(entry.chance_top5),
        ]
        for entry in ranking.ranked
    ]
    return Table("Places and their ranges", ["Candidate", "Place", "Range", "Top three", "Top five"], rows)


def tabulate_without(ranking: Ranking, catalogue: Catalogue) -> Table:
    """The place of every candidate with each criterion left out in turn."""
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    rows = [
        [entry.candidate.label, str(entry.rank), *(str(entry.without[criterion.id]) for criterion in criteria)]
        for entry in ranking.ranked
    ]
    columns = ["Candidate", "With all", *(entry.short_label for entry in criteria)]
    return Table("Places when the criterion of the column is left out", columns, rows)


def tabulate_criteria(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Every criterion: weight, scale, reason, source, and whether it took part."""
    rows = [
        [
            entry.label,
            f"{entry.weight:g}",
            entry.scale,
            entry.reason,
            entry.source,
            f"Left out, {ranking.left_out[entry.id]}" if entry.id in ranking.left_out else "Used",
        ]
        for entry in catalogue.criteria.criteria
    ]
    columns = ["Criterion", "Weight", "Scale", "Why it counts", "Source", "This year"]
    return Table("Criteria and their weights", columns, rows, frozenset({*columns} - {"Weight"}))


def tabulate_harm(catalogue: Catalogue) -> Table:
    """The declared harm bands with reason and source."""
    rows = [
        [
            list_words([catalogue.indicators[name].short_label for name in entry.indicators]),
            f"{entry.band.low:g}–{entry.band.high:g}",
            entry.reason,
            entry.source,
        ]
        for entry in catalogue.criteria.harm_bands
    ]
    return Table(
        "Harm of a single case, as bands", ["Indicators", "Band", "Why", "Source"], rows, frozenset({"Why", "Source"})
    )


def tabulate_indicators(ranking: Ranking, figures: Figures, catalogue: Catalogue) -> Table:
    """Every indicator's ranges, beside the candidate that it belongs to."""
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    rows = []
    for name, indicator in catalogue.indicators.items():
        candidate = ranking.holding(name).candidate
        scores = score_indicator(name, candidate, figures, catalogue)
        part = candidate.label if name == candidate.lead else f"{candidate.label} (not counted again)"
        rows.append([indicator.short_label, part, *(write_range(scores[entry.id]) for entry in criteria)])
    columns = ["Indicator", "Belongs to", *(entry.short_label for entry in criteria)]
    return Table("Every indicator by criterion, 0 to 100", columns, rows, frozenset({"Belongs to"}))


def tabulate_themes(ranking: Ranking, catalogue: Catalogue) -> Table:
    """Every theme: its candidates, from the lowest to the highest score that their ranges allow."""
    rows = []
    for theme in catalogue.themes.values():
        own = [entry for entry in ranking.ranked if catalogue.indicators[entry.candidate.lead].theme == theme.id]
        if own:
            best, scores = own[0], [end for entry in own for end in (entry.low, entry.high)]
            span = f"{min(scores):.0f}–{max(scores):.0f}"
            rows.append([theme.title, str(len(own)), span, best.candidate.label, str(best.rank)])
    columns = ["Theme", "Candidates", "Scores", "Highest candidate", "Its place"]
    return Table("Every theme", columns, rows, frozenset({"Highest candidate"}))


def _write_grid(scores: Mapping[str, Score]) -> str:
    low, high = grid_range(scores["harm"], scores["size"])
    return str(low) if low == high else f"{low}–{high}"
