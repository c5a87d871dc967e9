"""A ranking and what was chosen, as tables. In: what `analysis` worked out, the strategy book, the board's form. Out:
`Table`s in which every candidate and every priority stands, also those that nothing speaks for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Finding, compare_years
from swp_analysis.analysis.ledger import CandidateRow, PriorityRow, follow_candidates, follow_priorities
from swp_analysis.analysis.priorities import TOP, Ranked, Ranking, rank_candidates
from swp_analysis.analysis.scoring import Figures, Score, grid_range, score_indicator
from swp_analysis.catalogue.books import Criterion, DeliveryPriority, Harm
from swp_analysis.catalogue.models import Audience, Catalogue
from swp_analysis.catalogue.periods import display_year, following_year, previous_year, require_financial_year
from swp_analysis.disclosure.protect import Protected
from swp_analysis.errors import InputError
from swp_analysis.present import priority_words as words
from swp_analysis.present.exhibit import ABSENT, Prose
from swp_analysis.present.phrases import NOTHING, list_words, read_phrases, say
from swp_analysis.present.table import Cell, Column, Number, Span, Table

# What places are printed by, as tables.yml names it.
PLACED = (
    "rank candidate.rank place stability pivot chance_top3|chance chance_top5 chance_top5|chance "
    "chance_by_weights|chance chance_by_figures|chance"
).split()


@dataclass(frozen=True, repr=False)
class PriorityTables:
    """The ranking of a year's candidates for the year after, with every table of it."""

    catalogue: Catalogue
    audience: Audience
    financial_year: str
    data: Protected
    findings: Mapping[str, Finding]
    workshop_answers: pd.DataFrame

    @cached_property
    def ranking(self) -> Ranking:
        """The candidates on this year's figures."""
        return rank_candidates(self._figures, self.catalogue)

    @property
    def next_year(self) -> str:
        """The year that is planned for."""
        return following_year(self.financial_year)

    @property
    def chosen_next(self) -> list[DeliveryPriority]:
        """The priorities that are recorded for the year that is planned for."""
        return self.catalogue.strategy.chosen_for(self.next_year)

    def decisions(self, *, brief: bool = False) -> Table | Prose:
        """Say what to do about what, why, how sure, what can't be seen, or why nothing is put forward; `brief` for the
        first page leaves out how the trials were made."""
        ranking, findings, year = self.ranking, self.findings, self.next_year
        if not ranking.put_forward:
            none = words.write_put_forward(ranking, year)
            return Prose(none) if brief else Prose(say("put_forward.not asked"), ABSENT)
        shown = [row for row in self._followed if row.candidate in ranking.put_forward]
        planned = bool(self.chosen_next)
        others = say("put_forward.others", count=len(ranking.group)) if ranking.group else ""
        unseen = [row.candidate.candidate.blind_spot for row in shown]
        notes = [others if brief else say("sure.luck", luck=words.count_luck(ranking))]
        notes += [] if all(unseen) else [say("not_written", some=any(unseen))]
        return Table.described(
            "decisions",
            shown,
            year=display_year(year),
            suggestion=[words.write_what_to_do(row, findings, year, is_planned=planned) for row in shown],
            why=[words.write_why(row.candidate, ranking, findings, self.catalogue, brief=brief) for row in shown],
            sure=[say("sure.place" if brief else "sure.whole", **words.describe_place(row.candidate)) for row in shown],
            unseen=[text or NOTHING for text in unseen] if any(unseen) else None,
            note=" ".join(filter(None, notes)),
        )

    def why_not(self) -> Table:
        """Give every candidate on every criterion, the darker the higher: why it is where it is, and why not higher."""
        shown, order = self._listed, self.ranking.has_order
        first = words.name_candidates(self.ranking.put_forward)
        names = [entry.candidate.label for entry in shown]
        columns = self._by_criterion(lambda name: [_shade(entry.scores[name]) for entry in shown])
        caption = say("all_scores.first" if first else "all_scores.none", first=first)
        return Table.of(caption, {"Candidate": names, **columns}, say("scores", order=order), kind="heat")

    def without_one(self) -> Table | Prose:
        """Give the places with each criterion left out in turn, of every candidate that is ever in the top five."""
        if not self.ranking.has_order:
            return Prose(say("put_forward.not asked"), ABSENT)
        every = self.ranking.ranked
        shown = [entry for entry in every if min(entry.rank, *entry.without.values()) <= TOP]
        places: dict[str | Column, Sequence[Cell]] = {
            "Candidate": [entry.candidate.label for entry in shown],
            Column("With all", "count"): [_shade_place(entry.rank) for entry in shown],
            **self._by_criterion(lambda name: [_shade_place(entry.without[name]) for entry in shown]),
        }
        others = len(every) - len(shown)
        note = say("left_out.note", others=others) if others else ""
        return Table.of(say("left_out.caption"), places, note, kind="heat")

    def ledger(self, year: str) -> Table:
        """Give the delivery priorities chosen for a year: the evidence before, and what moved in the year; nothing
        moved yet in a year without figures.

        Raises
        ------
        InputError
            When `year` is no financial year, or there are no figures of the one before it.
        """
        year = require_financial_year(year)
        known = previous_year(year)
        ranking = self.rank_known(known)
        if ranking is None:
            raise InputError(f"There are no figures of {known} to hold the priorities of {year} against.")
        return Table.described(
            "ledger",
            follow_priorities(ranking, self.catalogue, year),
            year=display_year(year),
            known=display_year(known),
            problems=_name_problems,
            status=_write_status,
            moved=self._write_moved if year == self.financial_year else lambda row: "No figures yet.",
        )

    def _write_moved(self, row: PriorityRow) -> str:
        moved = words.write_movements([self.findings[name] for name in row.priority.indicators])
        return moved or "We have no data on it."

    def _tabulate_candidates(self) -> Table:
        """Every candidate: place, score with range, chances, the harm and size grid, and what would move it."""
        shown = self._listed
        parts = {
            "score": [Number(round(one.total), f"{one.total:.0f} ({one.low:.0f}–{one.high:.0f})") for one in shown],
            "grid": [_write_grid(one.scores) for one in shown],
            "stability": [words.STABILITY_WORDS[one.stability] for one in shown],
            "pivot": [words.write_pivot(one, self.catalogue) for one in shown],
        }
        return Table.described("candidates", shown, **parts | self.unplaced)

    def _tabulate_choices(self) -> Table:
        """Every candidate beside the delivery priorities that name it."""
        places = {entry.candidate.id: place for place, entry in enumerate(self._listed)}
        rows = sorted(self._followed, key=lambda row: places[row.candidate.candidate.id])
        indicators = self.catalogue.indicators
        signals = [list_words([indicators[name].short_label for name in row.signals]) for row in rows]
        return Table.described(
            "who_chose",
            rows,
            year=display_year(self.next_year),
            signals=[names or NOTHING for names in signals],
            named=["; ".join(priority.text for priority in row.priorities) or NOTHING for row in rows],
            said=[read_phrases()["support"][row.status] for row in rows],
            **self.unplaced,
        )

    def _tabulate_criteria(self) -> Table:
        """Every criterion: weight, scale, reason, source, and whether it took part."""
        every, left_out = self.catalogue.criteria.criteria, self.ranking.left_out
        used = [f"Left out, {left_out[entry.id]}" if entry.id in left_out else "Used" for entry in every]
        return Table.described("criteria", every, used=used)

    def _tabulate_harm(self) -> Table:
        """The declared harm bands with reason and source."""
        same: dict[Harm, list[str]] = {}
        for name, band in self.catalogue.criteria.harm.items():
            same.setdefault(band, []).append(self.catalogue.indicators[name].short_label)
        bands = [Span(band.low, band.high, f"{band.low:g}–{band.high:g}") for band in same]
        return Table.described("harm", same, names=[list_words(names) for names in same.values()], band=bands)

    def _tabulate_indicators(self) -> Table:
        """Every indicator's ranges, beside the candidate that it belongs to."""
        candidates = {name: self.ranking.holding(name).candidate for name in self.catalogue.indicators}
        scores = [score_indicator(name, one, self._figures, self.catalogue) for name, one in candidates.items()]
        belongs = [
            one.label if name == one.lead else f"{one.label} (not counted again)" for name, one in candidates.items()
        ]
        names = [indicator.short_label for indicator in self.catalogue.indicators.values()]
        columns = self._by_criterion(lambda name: [_shade(one[name]) for one in scores])
        columns = {"Indicator": names, "Belongs to": belongs, **columns}
        return Table.of("Every indicator by criterion, 0 to 100", columns)

    def _tabulate_themes(self) -> Table:
        """Every theme: its candidates, from the lowest to the highest score that their ranges allow."""
        shown: dict[str, list[Ranked]] = {}
        for entry in self.ranking.ranked:
            shown.setdefault(self.catalogue.indicators[entry.candidate.lead].theme, []).append(entry)
        themes = {theme.title: shown[name] for name, theme in self.catalogue.themes.items() if name in shown}
        ends = [(min(one.low for one in own), max(one.high for one in own)) for own in themes.values()]
        return Table.described(
            "themes",
            [own[0] for own in themes.values()],
            theme=list(themes),
            count=[len(own) for own in themes.values()],
            scores=[Span(round(low), round(high), f"{low:.0f}–{high:.0f}") for low, high in ends],
            **self.unplaced,
        )

    def _by_criterion(self, cells: Callable[[Any], Sequence[Cell]]) -> dict[str | Column, Sequence[Cell]]:
        """A column for each criterion that took part, in their order."""
        return {Column(one.short_label, "count"): cells(one.id) for one in self.used_criteria}

    @property
    def _listed(self) -> list[Ranked]:
        """The candidates by place, or by name while the figures put none before another."""
        ranked = list(self.ranking.ranked)
        return ranked if self.ranking.has_order else sorted(ranked, key=lambda entry: entry.candidate.label)

    @property
    def unplaced(self) -> dict[str, None]:
        """What tables leave out while the figures put no candidate before another: places and the chances of them."""
        return {} if self.ranking.has_order else dict.fromkeys(PLACED)

    @property
    def used_criteria(self) -> list[Criterion]:
        """The criteria that took part in the ranking, in their order."""
        return [entry for entry in self.catalogue.criteria.criteria if entry.id in self.ranking.used]

    @property
    def _followed(self) -> list[CandidateRow]:
        return follow_candidates(self.ranking, self.catalogue, self.next_year)

    @property
    def _figures(self) -> Figures:
        return Figures(self.findings, self.data.totals, self.data.observations, self.financial_year)

    def rank_known(self, year: str) -> Ranking | None:
        """Give the ranking with only what was known at the end of a year; None without figures of it."""
        if year not in self._rankings:
            self._rankings[year] = self._rank_past(year)
        return self._rankings[year]

    @cached_property
    def _rankings(self) -> dict[str, Ranking | None]:
        """This year's ranking, and those of earlier years that were asked for."""
        return {self.financial_year: self.ranking}

    def _rank_past(self, year: str) -> Ranking | None:
        known = self.data.observations[self.data.observations["financial_year"] <= year]
        if year not in set(known["financial_year"]):
            return None
        found = compare_years(known, self.catalogue, year, self.data.baselines, self.data.totals)
        return rank_candidates(Figures(found, self.data.totals, known, year), self.catalogue)


def _shade(score: Score) -> Cell:
    """A score as a cell in one of five shades."""
    if score.status != "known":
        return "?" if score.status == "missing" else words.write_range(score)
    return Span(round(score.low), round(score.high), words.write_range(score), min(int(score.centre // 20), 4))


def _shade_place(place: int) -> Span:
    """A place as a cell, shaded when it is among the first five."""
    return Span(place, place, str(place), 2 * (place <= TOP))


def tabulate_places(ranking: Ranking) -> Table:
    """Tabulate the figures behind the picture of places."""
    ranges = [Span(one.rank_low, one.rank_high, f"{one.rank_low}–{one.rank_high}") for one in ranking.ranked]
    return Table.described("places", ranking.ranked, range=ranges)


def _write_grid(scores: Mapping[str, Score]) -> Span:
    low, high = grid_range(scores["harm"], scores["size"])
    return Span(low, high, str(low) if low == high else f"{low}–{high}")


def _name_problems(row: PriorityRow) -> str:
    return "; ".join(f"{entry.candidate.label} (place {entry.rank})" for entry in row.candidates) or NOTHING


def _write_status(row: PriorityRow) -> str:
    """The status and what is missing; a gap in its own words needs no status before it."""
    if row.status == "no indicator" and row.priority.gap:
        return row.priority.gap
    return " ".join(filter(None, [f"{read_phrases()['support'][row.status]}.", row.priority.gap]))
