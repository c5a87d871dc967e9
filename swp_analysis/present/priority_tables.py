"""A ranking as tables. In: what `analysis` worked out. Out: `Table`s with every candidate, indicator and theme."""

from collections.abc import Mapping

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.ledger import follow_candidates
from swp_analysis.analysis.priorities import Ranked, Ranking
from swp_analysis.analysis.scoring import Figures, Score, grid_range, score_indicator
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.catalogue.weighing import Criterion, Harm
from swp_analysis.present.numbers import write_chance
from swp_analysis.present.phrases import list_words, lower_first, say
from swp_analysis.present.priority_words import (
    STABILITY_WORDS,
    count_luck,
    write_how_sure,
    write_pivot,
    write_place,
    write_range,
    write_what_to_do,
    write_why,
)
from swp_analysis.present.table import Cell, Column, Number, Span, Table


def tabulate_decisions(
    ranking: Ranking, findings: Mapping[str, Finding], catalogue: Catalogue, year: str, *, brief: bool = False
) -> Table:
    """Say what to do about what, why, how sure, and what can't be seen: a row for each candidate that is put forward,
    and the names of those that could as well be; `brief` leaves out how the trials were made."""
    shown = [row for row in follow_candidates(ranking, catalogue, year) if row.candidate in ranking.put_forward]
    write_sure = write_place if brief else write_how_sure
    others = say("put_forward.others", count=len(ranking.group)) if ranking.group else ""
    return Table.described(
        "decisions",
        shown,
        year=display_year(year),
        suggestion=[write_what_to_do(row.candidate, ranking, findings, row.priorities, year) for row in shown],
        why=[write_why(row.candidate, ranking, findings, catalogue, brief=brief) for row in shown],
        sure=[write_sure(row.candidate) for row in shown],
        note=others if brief else say("sure.luck", luck=count_luck(ranking)),
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
        say("scores"),
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
