"""What the notebooks on priorities call. In: what an audience may see. Out: `PriorityBriefing`, whose methods return
things to show.

The ranking is made from protected figures, so that nothing withheld can be read off a place or a score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from swp_analysis.analysis.findings import Finding, compare_years
from swp_analysis.analysis.ledger import BackCast, cast_back, follow_candidates, follow_priorities, list_blind_spots
from swp_analysis.analysis.priorities import Ranking, rank_candidates
from swp_analysis.analysis.scoring import Figures
from swp_analysis.catalogue.models import Audience, Catalogue, DeliveryPriority
from swp_analysis.catalogue.periods import display_year, following_year, previous_year
from swp_analysis.disclosure import Protected
from swp_analysis.present import ledger_tables, priority_words
from swp_analysis.present import priority_tables as tables
from swp_analysis.present.exhibit import Bullets, Exhibit, Prose, Showable, Stack, SubHeading
from swp_analysis.present.phrases import list_words, lower_first, say
from swp_analysis.present.row_charts import draw_places
from swp_analysis.present.table import Table
from swp_analysis.project import find_project

MOST_NAMED = 3


@dataclass(frozen=True, repr=False)
class PriorityBriefing:
    """The ranking of a year's candidates for the year after, and everything that says how far to trust it."""

    catalogue: Catalogue
    audience: Audience
    financial_year: str
    data: Protected
    findings: Mapping[str, Finding]
    workshop_answers: pd.DataFrame

    def __repr__(self) -> str:
        return f"<PriorityBriefing for {display_year(self.next_year)}: {len(self.ranking.ranked)} candidates>"

    @cached_property
    def ranking(self) -> Ranking:
        """The candidates on this year's figures."""
        return rank_candidates(self._figures, self.catalogue)

    @property
    def _chosen(self) -> list[DeliveryPriority]:
        return self.catalogue.strategy.delivery_priorities.get(self.next_year, [])

    @property
    def next_year(self) -> str:
        """The year that is planned for."""
        return following_year(self.financial_year)

    def summary(self) -> Bullets:
        """Say what comes first, how sure that is, what changed, and how much can't be seen."""
        blind = self._blind_spots()
        unmeasured = sum(who == "delivery priority" and not entry.indicators for entry, who in blind)
        concerns = sum(who == "residents" and not entry.indicators for entry, who in blind)
        counts = {"unmeasured": unmeasured, "chosen": len(self._chosen), "concerns": concerns}
        unseen = say("unseen.some" if self._chosen else "unseen.none", year=self.next_year, **counts)
        return Bullets("", [*priority_words.summarise_ranking(self.ranking, self.next_year), unseen], "key-points")

    def movements(self) -> list[str]:
        """Give every cell of the board's pages that tells what indicators did, for the audit of our own text."""
        decided = self.decisions()
        why = [row[2] for row in decided.texts] if isinstance(decided, Table) else []
        chosen = self.catalogue.strategy.delivery_priorities.get(self.financial_year, [])
        moved = [
            priority_words.write_movements([self.findings[name] for name in priority.indicators]) for priority in chosen
        ]
        return [*why, *filter(None, moved)]

    def decisions(self, *, brief: bool = False) -> Table | Prose:
        """Say what to do about what, why, how sure, what can't be seen, or why nothing is put forward; `brief` for the
        first page."""
        if not self.ranking.put_forward:
            return Prose(
                priority_words.write_put_forward(self.ranking, self.next_year)
                if brief
                else say("put_forward.not asked")
            )
        return tables.tabulate_decisions(self.ranking, self.findings, self.catalogue, self.next_year, brief=brief)

    def how_it_was_made(self) -> Bullets:
        """Say how candidates are weighed, how far the order holds, and how it did before: the page in short."""
        used = tables.used_criteria(self.ranking, self.catalogue)
        weights = list_words([f"{lower_first(entry.label)} ({entry.weight:g})" for entry in used])
        ranked = self.ranking.ranked
        held = priority_words.list_names(one for one in ranked if one.stability in ("stable", "standing"))
        lines = [
            say("how_made.weights", candidates=len(ranked), criteria=len(used), weights=weights),
            say("how_made.held" if held else "how_made.none held", held=held),
            *map(priority_words.write_agreement, self.backcasts),
            say("how_made.more"),
        ]
        return Bullets("", lines, "key-points")

    def places(self) -> Exhibit:
        """Say how far the order holds."""
        return draw_places(self.ranking)

    def why_not(self) -> Table:
        """Give every candidate on every criterion."""
        return tables.tabulate_scores(self.ranking, self.catalogue)

    def without_one(self) -> Table:
        """Give places with one criterion left out."""
        return tables.tabulate_without(self.ranking, self.catalogue)

    def unmeasured(self) -> Stack:
        """Say what residents raised and what was chosen for the next year, where nothing measures it."""
        blind = [(entry.text, who) for entry, who in self._blind_spots() if not entry.indicators]
        raised = any(plan.community_concerns for plan in self.catalogue.strategy.plans)
        parts: list[Showable] = []
        for asked, what, known in (
            ("residents", "Residents' concerns", raised),
            ("delivery priority", f"Priorities of {display_year(self.next_year)}", self._chosen),
        ):
            found = [text for text, who in blind if who == asked]
            parts.append(
                Bullets(f"{what} we have no data on", found, when_empty="None." if known else "None recorded.")
            )
        return Stack(parts)

    def blind_spots(self) -> Bullets:
        """Give everything that is asked for and not, or not fully, measured, with what is missing."""
        items = [f"{entry.text} ({who}). {entry.gap}" for entry, who in self._blind_spots()]
        return Bullets("", items, when_empty="Nothing is recorded.")

    def ledger(self, year: str) -> Table:
        """Give the delivery priorities chosen for a year: the evidence before, and what moved in the year."""
        known = previous_year(year)
        ranking = self._ranking_of(known)
        if ranking is None:
            raise ValueError(f"there are no figures of {known} to hold the priorities of {year} against")
        moved = self.findings if year == self.financial_year else None
        return ledger_tables.tabulate_ledger(follow_priorities(ranking, self.catalogue, year), moved, year, known)

    def chosen(self) -> Bullets:
        """Say how many priorities of the year and of the next one the figures support."""
        lines = []
        for year in (self.financial_year, self.next_year):
            if ranking := self._ranking_of(previous_year(year)):
                rows = follow_priorities(ranking, self.catalogue, year)
                lines += [ledger_tables.count_support(rows, year)] if rows else []
        return Bullets("", lines, when_empty="No priorities are recorded.")

    def evidence_tables(self) -> dict[str, Table]:
        """Give everything that stands behind the ranking, for the annex, by the tab of its sheet."""
        years = {f"Chosen {display_year(year)}": year for year in (self.financial_year, self.next_year)}
        ledgers = {
            tab.replace("/", "-"): self.ledger(year)
            for tab, year in years.items()
            if self._ranking_of(previous_year(year)) and self.catalogue.strategy.delivery_priorities.get(year)
        }
        ranking, catalogue = self.ranking, self.catalogue
        chosen = follow_candidates(ranking, catalogue, self.next_year)
        scored = {"Scored indicators": tables.tabulate_indicators(ranking, self._figures, catalogue)}
        return {
            "Candidates": tables.tabulate_candidates(ranking, catalogue),
            "Who chose them": ledger_tables.tabulate_candidate_ledger(chosen, catalogue, self.next_year),
            "Criteria": tables.tabulate_criteria(ranking, catalogue),
            "Harm": tables.tabulate_harm(catalogue),
            # A score of 15 beside a withheld 15% would look like the figure itself to the last look at an edition.
            **({} if self.audience.suppress_below else scored),
            "Scored themes": tables.tabulate_themes(ranking, catalogue),
            **ledgers,
            "Requirements": self.requirements(),
        }

    @cached_property
    def backcasts(self) -> list[BackCast]:
        """Every year whose choice is recorded and whose year before has figures."""
        years = [year for year in self.catalogue.strategy.delivery_priorities if year <= self.next_year]
        rankings = {year: self._ranking_of(previous_year(year)) for year in sorted(years)}
        return [cast_back(ranking, self.catalogue, year) for year, ranking in rankings.items() if ranking]

    def backcast(self) -> Stack:
        """Say what the figures would have put first, against what was chosen, and how little that proves."""
        parts: list[Showable] = [Prose(say("how_little_a_backcast_proves"), "cannot-tell")]
        for cast in self.backcasts:
            parts += [
                SubHeading(f"For {display_year(cast.chosen_for)}"),
                Prose(priority_words.write_backcast(cast), "finding"),
            ]
        return Stack(parts)

    def requirements(self) -> Table:
        """Say what an annual strategic assessment must hold, and where it stands."""
        return ledger_tables.tabulate_requirements(
            self.catalogue, self.data.observations, self.financial_year, find_project().notebooks
        )

    def workshop(self) -> Table | Prose:
        """Give the board's own view beside the figures', once it has given one."""
        if self._answers.empty:
            where = "" if self.audience.suppress_below else "where_the_form_is"
            return Prose(say("no_workshop", where), "note")
        return ledger_tables.tabulate_workshop(
            self.ranking, self._answers, show_numbers=not self.audience.suppress_below
        )

    @property
    def workshop_form(self) -> pd.DataFrame:
        """The form for the board, with the answers given so far."""
        return tables.fill_form(self.ranking, self._answers)

    def meaning(self) -> Bullets:
        """Say what the board has to decide."""
        nothing = "decide.agree" if self._chosen else "decide.choose"
        return Bullets("", self.questions(), when_empty=say(nothing, year=self.next_year))

    def questions(self) -> list[str]:
        """Say what the board has to decide: signals without a priority, priorities without a signal or without data."""
        rows = follow_candidates(self.ranking, self.catalogue, self.next_year)
        # What may be among the first is not asked to go.
        first = (*self.ranking.put_forward, *self.ranking.group)
        named: dict[str, list[str]] = {"signal, not chosen": [], "no signal, chosen": []}
        for row in rows:
            if row.status == "signal, not chosen" or (row.status in named and row.candidate not in first):
                named[row.status].append(lower_first(row.candidate.candidate.label))
        blind = [entry for entry, who in self._blind_spots() if who == "delivery priority" and not entry.indicators]
        asked = [(f"decide.{status}", _name_few(names)) for status, names in named.items() if names]
        questions = [say(name, names=names, year=self.next_year) for name, names in asked]
        return questions + ([say("decide.blind", count=len(blind), year=self.next_year)] if blind else [])

    def _blind_spots(self):
        return list_blind_spots(self.catalogue, self.next_year)

    @property
    def _figures(self) -> Figures:
        return Figures(self.findings, self.data.totals, self.data.observations, self.financial_year)

    @property
    def _answers(self) -> pd.DataFrame:
        return self.workshop_answers[self.workshop_answers["financial_year"] == self.financial_year]

    def _ranking_of(self, year: str) -> Ranking | None:
        """The ranking with only what was known at the end of a year; None without figures of it."""
        if year == self.financial_year:
            return self.ranking
        if year not in self._past_rankings:
            self._past_rankings[year] = self._rank_past(year)
        return self._past_rankings[year]

    @cached_property
    def _past_rankings(self) -> dict[str, Ranking | None]:
        """Those of earlier years that were asked for."""
        return {}

    def _rank_past(self, year: str) -> Ranking | None:
        known = self.data.observations[self.data.observations["financial_year"] <= year]
        if year not in set(known["financial_year"]):
            return None
        found = compare_years(known, self.catalogue, year, self.data.baselines, self.data.totals)
        return rank_candidates(Figures(found, self.data.totals, known, year), self.catalogue)


def _name_few(names: Sequence[str]) -> str:
    """The first of several names, and how many others there are."""
    others = len(names) - MOST_NAMED
    return list_words(names) if others < 2 else list_words([*names[:MOST_NAMED], f"{others} others"])
