"""From findings to a ranking, and how far to trust it. In: figures of a year, the catalogue. Out: a `Ranking`.

The order is that of the declared weights; random weights and the uncertainty of the figures show how far it holds.
Confidence in the data is shown with a score and never multiplied into it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from swp_analysis.analysis.candidates import (
    HARDLY,
    HOLDS,
    MOSTLY,
    Confidence,
    Stability,
    judge_confidence,
    judge_stability,
    list_candidates,
)
from swp_analysis.analysis.ranks import (
    DRAWS,
    SEED,
    ScoreTable,
    chance_of_top,
    place,
    rank_draws,
    weighted_mean,
)
from swp_analysis.analysis.scoring import Figures, Score, score_indicator
from swp_analysis.catalogue.books import Candidate
from swp_analysis.catalogue.models import Catalogue

TOP_FEW, TOP = 3, 5
# How often a place without a signal must hold when only the figures vary.
SURE = 0.95
# Criteria that rest on the year's figures, not on a declared judgement.
FROM_FIGURES = ("size", "change", "persistence", "distance")
# Ranks are shown with the range that holds 90% of the draws.
RANK_RANGE = (5, 95)


@dataclass(frozen=True)
class Pivot:
    """The criterion that moves a candidate furthest when its score goes to the end of its range; `crosses` when that
    takes the candidate into the top five or out of it."""

    criterion: str
    rank: int
    crosses: bool


@dataclass(frozen=True)
class Ranked:
    """One candidate: its scores by criterion, the total with its range, its rank and how far that holds.

    `without`: criterion id -> rank when that criterion is left out. Chances are shares of draws, 0-1:
    `chance_by_weights` to be among the first five when only the weights vary, `chance_by_figures` when only the figures
    do, `chance_top5` when both do.
    """

    candidate: Candidate
    scores: Mapping[str, Score]
    confidence: Confidence
    stability: Stability
    without: Mapping[str, int]
    pivot: Pivot | None
    total: float
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int
    chance_top3: float
    chance_top5: float
    chance_by_weights: float
    chance_by_figures: float


@dataclass(frozen=True)
class Ranking:
    """Every candidate, best reason to act first; the criteria that took part and, with a reason, those that didn't.

    `undecided` are indicators for which `measures` is not set.
    """

    financial_year: str
    ranked: tuple[Ranked, ...]
    used: tuple[str, ...]
    left_out: Mapping[str, str]
    signals: frozenset[str]
    undecided: frozenset[str] = frozenset()

    @property
    def told_alike(self) -> int:
        """How many candidates are told by the same: those whose two years can be compared, or, where none can, all."""
        return sum(entry.confidence.level != "poor" for entry in self.ranked) or len(self.ranked)

    @property
    def is_choice(self) -> bool:
        """Whether there are enough of these for the first five to say anything: luck must not put most there."""
        return TOP / self.told_alike < MOSTLY

    @property
    def has_order(self) -> bool:
        """Whether the figures can put any candidate before another; not while what they measure is not decided."""
        return self.is_choice and not self.undecided >= {entry.candidate.lead for entry in self.ranked}

    @property
    def top(self) -> tuple[Ranked, ...]:
        """The first five."""
        return tuple(entry for entry in self.ranked if entry.rank <= TOP)

    @property
    def put_forward(self) -> tuple[Ranked, ...]:
        """The candidates that are in most draws among the first five, and that chance in their figures leaves there.

        Without a signal of its own a place must hold in 95% of the draws of the figures: among candidates that differ
        by chance alone some would otherwise be named in every report. Nothing is put forward among so few that luck
        would name it, nor a figure for which `measures` is not set.
        """
        return tuple(entry for entry in self.top if self._is_firm(entry))

    def _is_firm(self, entry: Ranked) -> bool:
        needed = HOLDS if entry.candidate.lead in self.signals else SURE
        may_be = self.is_choice and entry.candidate.lead not in self.undecided
        return may_be and entry.chance_top5 >= MOSTLY and entry.chance_by_figures >= needed

    @property
    def passed_over(self) -> tuple[Ranked, ...]:
        """Those in most draws among the first five that have no signal, and that chance moves out too often."""
        about = self.undecided | self.signals
        return tuple(
            entry
            for entry in self.top
            if self.is_choice and entry.chance_top5 >= MOSTLY
            if entry.candidate.lead not in about and entry.chance_by_figures < SURE
        )

    @property
    def group(self) -> tuple[Ranked, ...]:
        """Candidates that could as well be among the first five, in no order: by name."""
        firm = {entry.candidate.id for entry in self.put_forward}
        likely = [entry for entry in self.ranked if self.is_choice and entry.chance_top5 >= HARDLY]
        open_ones = [entry for entry in likely if entry.candidate.id not in firm]
        return tuple(sorted(open_ones, key=lambda entry: entry.candidate.label))

    def of(self, candidate: str) -> Ranked:
        """Give the entry of a candidate's id."""
        return next(entry for entry in self.ranked if entry.candidate.id == candidate)

    def holding(self, indicator: str) -> Ranked:
        """Give the entry of the candidate that an indicator belongs to."""
        return next(entry for entry in self.ranked if indicator in entry.candidate.indicators)


def rank_candidates(
    figures: Figures,
    catalogue: Catalogue,
    weights: Mapping[str, float] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Ranking:
    """Rank every candidate on what the figures say.

    Parameters
    ----------
    figures : what is known at the end of the year; for partners, what they may see.
    weights : criterion id -> weight, in any unit; default those of `criteria.yml`. 0 turns a criterion off.
    draws, seed : of the simulation; the same seed gives the same figures.
    """
    weights = weights or {entry.id: entry.weight for entry in catalogue.criteria.criteria}
    candidates = list_candidates(catalogue, figures.observations)
    scores = [score_indicator(entry.lead, entry, figures, catalogue) for entry in candidates]
    used, left_out = _split_criteria(scores, weights)
    table, own = collect_scores(scores, used), np.array([weights[name] for name in used], dtype=float)
    measured, without = _measure(table, own, draws, seed), _ranks_without(table, own)
    signals = find_signals(figures)
    ranked = []
    for row, candidate in enumerate(candidates):
        figure = {name: values[row].item() for name, values in measured.items()}
        lost = dict(zip(used, without[:, row].tolist(), strict=True))
        pivot = _find_pivot(row, table, own, used)
        confidence = judge_confidence(figures.findings[candidate.lead], scores[row])
        stability = judge_stability(figure["chance_top5"], lost, candidate.lead in signals, TOP)
        ranked.append(Ranked(candidate, scores[row], confidence, stability, lost, pivot, **figure))
    undecided = frozenset(name for name, one in catalogue.indicators.items() if one.measures is None)
    ranked.sort(key=lambda entry: (entry.rank, -entry.chance_top5, entry.candidate.id))
    return Ranking(figures.financial_year, tuple(ranked), tuple(used), left_out, frozenset(signals), undecided)


def find_signals(figures: Figures) -> set[str]:
    """Find indicators that got clearly worse, or moved clearly where both ways can be bad: well supported or an early
    sign.

    A signal needs a figure of the year: size and harm alone are none.
    """
    return {
        finding.indicator.id
        for finding in figures.findings.values()
        if finding.verdict.evidence.strength
        and finding.verdict.direction in ("up", "down")
        and finding.verdict.polarity != "better"
    }


def collect_scores(scores: Sequence[Mapping[str, Score]], used: Sequence[str]) -> ScoreTable:
    """Collect scores as arrays, candidates by criteria."""
    rows = [[row[name] for name in used] for row in scores]
    low, centre, high = (
        np.array([[getattr(score, end) for score in row] for row in rows], dtype=float)
        for end in ("low", "centre", "high")
    )
    even = np.array([[score.shape == "even" for score in row] for row in rows])
    applies = np.array([[_takes_part(name, row[name]) for name in used] for row in scores])
    return ScoreTable(low, centre, high, even, applies)


def _takes_part(name: str, score: Score) -> bool:
    """A criterion that isn't known is left out; but where it is a figure that is missing it adds nothing, or losing a
    bad figure would improve a place."""
    return score.status == "known" or (score.status == "missing" and name in FROM_FIGURES)


def centres(table: ScoreTable, weights: np.ndarray) -> np.ndarray:
    """Give the total of each candidate over the criteria that take part; a figure that is missing adds nothing."""
    return weighted_mean(table.centre, weights, table.applies)


def _split_criteria(
    scores: Sequence[Mapping[str, Score]], weights: Mapping[str, float]
) -> tuple[list[str], dict[str, str]]:
    """The criteria that can tell candidates apart, and why the others can't; in alphabetical order, so that the order
    of `criteria.yml` changes nothing."""
    used, left_out = [], {}
    for name in sorted(scores[0]):
        if weights.get(name, 0) <= 0:
            left_out[name] = "its weight is zero"
        elif name == "persistence" and weights.get("change", 0) > 0:
            left_out[name] = "it counts the same quarters as the change, which is scored already"
        elif all(row[name].status != "known" for row in scores):
            left_out[name] = f"known for no candidate: {scores[0][name].why}"
        else:
            used.append(name)
    return used, left_out


def _measure(table: ScoreTable, weights: np.ndarray, draws: int, seed: int) -> dict[str, np.ndarray]:
    """Totals, ranks and their stability, an array each with a figure for every candidate."""
    totals = centres(table, weights)
    twins = np.unique(table.keys, axis=0, return_inverse=True)[1].ravel()  # a number that equal rows share
    ranks = rank_draws(table, weights, draws=draws, seed=seed)
    centre = ScoreTable(table.centre, table.centre, table.centre, np.ones_like(table.even), table.applies)
    by_weights = rank_draws(centre, weights, draws=draws, seed=seed)
    by_figures = rank_draws(table, weights, draws=draws, seed=seed, fixed_weights=True)
    low, high = (weighted_mean(part, weights, table.applies) for part in (table.low, table.high))
    ends = [_share_among_equals(end, twins) for end in np.percentile(ranks, RANK_RANGE, axis=0)]
    declared = place(totals)  # among many equals it can lie outside what the draws give, and belongs to the range
    return {
        "total": totals,
        "low": np.minimum(low, totals),
        "high": np.maximum(high, totals),
        "rank": declared,
        "rank_low": np.minimum(np.rint(ends[0]).astype(int), declared),
        "rank_high": np.maximum(np.rint(ends[1]).astype(int), declared),
        "chance_top3": _share_among_equals(chance_of_top(ranks, TOP_FEW), twins),
        "chance_top5": _share_among_equals(chance_of_top(ranks, TOP), twins),
        "chance_by_weights": _share_among_equals(chance_of_top(by_weights, TOP), twins),
        "chance_by_figures": _share_among_equals(chance_of_top(by_figures, TOP), twins),
    }


def _ranks_without(table: ScoreTable, weights: np.ndarray) -> np.ndarray:
    """Ranks with each criterion left out in turn: criteria by candidates."""
    kept = weights * (1 - np.eye(len(weights)))
    return np.array([place(centres(table, each)) for each in kept])


def _find_pivot(row: int, table: ScoreTable, weights: np.ndarray, used: Sequence[str]) -> Pivot | None:
    """Move one score of a candidate to the end of its range, against its place, and see how far it falls or climbs."""
    inside = place(centres(table, weights))[row] <= TOP
    ends = table.low if inside else table.high
    moved = []
    for column in np.flatnonzero(table.applies[row]).tolist():
        changed = table.centre.copy()
        changed[row, column] = ends[row, column]
        rank = int(place(weighted_mean(changed, weights, table.applies))[row])
        moved.append(Pivot(used[column], rank, bool((rank <= TOP) != inside)))
    return max(moved, key=lambda pivot: (pivot.rank if inside else -pivot.rank, pivot.criterion), default=None)


def _share_among_equals(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Candidates with the same scores get the same figure, their mean."""
    return (np.bincount(group, values) / np.bincount(group))[group]
