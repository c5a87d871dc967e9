"""What the notebooks on priorities call. In: what an audience may see. Out: `PriorityBriefing`, whose methods return
things to show.

The ranking is made from protected figures, so that nothing withheld can be read off a place or a score."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.analysis.ledger import BackCast, cast_back, follow_candidates, follow_priorities, list_blind_spots
from swp_analysis.catalogue.books import CoverageSection
from swp_analysis.catalogue.completion import read_cells
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year, previous_year, quarter_bounds
from swp_analysis.present import priority_words as words
from swp_analysis.present.exhibit import ABSENT, Bullets, Exhibit, Fold, Prose, Showable, Stack, SubHeading
from swp_analysis.present.phrases import NOTHING, list_words, lower_first, say
from swp_analysis.present.priority_tables import PriorityTables
from swp_analysis.present.row_charts import draw_places
from swp_analysis.present.table import Cell, Number, Table
from swp_analysis.project import find_project

# A reason in the board's own words may hold a count; where small numbers are hidden, such a reason is not printed.
NUMBER_IN_WORDS = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|once|twice|single|pair|couple)\b", re.IGNORECASE
)
MOST_NAMED = 3


@dataclass(frozen=True, repr=False)
class PriorityBriefing(PriorityTables):
    """The ranking of a year's candidates for the year after, and everything that says how far to trust it."""

    def __repr__(self) -> str:
        return f"<PriorityBriefing for {display_year(self.next_year)}: {len(self.ranking.ranked)} candidates>"

    def summary(self) -> Bullets:
        """Say what comes first, how sure that is, what changed, and how much can't be seen."""
        blind = self._blind_spots()
        unmeasured = sum(who == "delivery priority" and not entry.indicators for entry, who in blind)
        concerns = sum(who == "residents" and not entry.indicators for entry, who in blind)
        counts = {"unmeasured": unmeasured, "chosen": len(self.chosen_next), "concerns": concerns or None}
        named = "unseen.priorities" if unmeasured else "unseen.concerns" if concerns else ""
        unseen = say(named if self.chosen_next else "unseen.none", year=self.next_year, **counts)
        lines = [*words.summarise_ranking(self.ranking, self.next_year), unseen]
        return Bullets("", [*filter(None, lines)], "key-points")

    def how_it_was_made(self) -> Bullets:
        """Say how far the order holds, and how candidates are weighed: the page in short."""
        used = self.used_criteria
        weights = list_words([f"{lower_first(entry.label)} ({entry.weight:g})" for entry in used])
        ranked = self.ranking.ranked
        held = words.name_candidates(one for one in ranked if one.stability in ("stable", "standing"))
        holds = say("how_made.held" if held else "how_made.none held", held=held)
        lines = [
            holds if self.ranking.has_order else words.write_put_forward(self.ranking, self.next_year),
            say("how_made.weights", candidates=len(ranked), criteria=len(used), weights=weights),
            say("how_made.more"),
        ]
        return Bullets("", lines, "key-points")

    def places(self) -> Exhibit | Prose:
        """Say how far the order holds, if the figures give one."""
        return draw_places(self.ranking) if self.ranking.has_order else Prose(say("put_forward.not asked"), ABSENT)

    def unmeasured(self) -> Stack | Prose:
        """Say what residents raised and what was chosen for the next year, where nothing measures it."""
        blind = [(entry.text, who) for entry, who in self._blind_spots() if not entry.indicators]
        raised = self.catalogue.strategy.concerns
        if not (raised or self.chosen_next):
            return Prose(say("unseen.unasked"), ABSENT)
        parts: list[Showable] = []
        for asked, what, known in (
            ("residents", "Residents' concerns", raised),
            ("delivery priority", f"Priorities of {display_year(self.next_year)}", self.chosen_next),
        ):
            found = [text for text, who in blind if who == asked]
            parts.append(Bullets(what, found, when_empty="None." if known else "None recorded."))
        return Stack(parts)

    def blind_spots(self) -> Fold | Bullets:
        """Give everything that is asked for and not, or not fully, measured, with what is missing."""
        items = [f"{entry.text} ({who}). {entry.gap}" for entry, who in self._blind_spots()]
        every = Bullets("", items)
        return Fold(say("folded.gaps", count=len(items)), every) if items else every

    def _count_supported(self, cast: BackCast) -> str:
        """How many priorities of a year the figures known then support."""
        rows = follow_priorities(cast.ranking, self.catalogue, cast.chosen_for)
        found = Counter(row.status for row in rows)
        figures = {"count": len(rows), "found": found["signal"] or "none", "unknown": found["no indicator"]}
        names = "supported.known", "supported.no indicator" if found["no indicator"] else ""
        return say(*names, year=cast.chosen_for, **figures)

    @cached_property
    def backcasts(self) -> list[BackCast]:
        """Every year whose choice is recorded and whose year before has figures."""
        years = [year for year in self.catalogue.strategy.delivery_priorities if year <= self.next_year]
        rankings = {year: self.rank_known(previous_year(year)) for year in sorted(years)}
        return [cast_back(ranking, self.catalogue, year) for year, ranking in rankings.items() if ranking]

    def backcast(self) -> Stack | Prose:
        """Say what the figures would have put first, against what was chosen, and how little that proves."""
        if not self.backcasts:
            return Prose(say("backcast.none"), ABSENT)
        parts: list[Showable] = []
        for cast in self.backcasts:
            said = [*words.write_backcast(cast), self._count_supported(cast)]
            parts += [SubHeading(f"For {display_year(cast.chosen_for)}"), Bullets("", said)]
        return Stack([*parts, Prose(say("how_little_a_backcast_proves"), "cannot-tell")])

    def evidence_tables(self) -> dict[str, Table]:
        """Give everything that stands behind the ranking, for the annex, by the tab of its sheet."""
        chosen = self.catalogue.strategy.delivery_priorities
        years = [one for one in (self.financial_year, self.next_year) if chosen.get(one)]
        known = [year for year in years if self.rank_known(previous_year(year))]
        ledgers = {f"Chosen {display_year(year).replace('/', '-')}": self.ledger(year) for year in known}
        return {
            "Candidates": self._tabulate_candidates(),
            "Who chose them": self._tabulate_choices(),
            "Criteria": self._tabulate_criteria(),
            "Harm": self._tabulate_harm(),
            # A score of 15 beside a withheld 15% would look like the figure itself to the last look at an edition.
            **({} if self.audience.suppress_below else {"Scored indicators": self._tabulate_indicators()}),
            "Scored themes": self._tabulate_themes(),
            **ledgers,
            "Requirements": self.requirements(),
        }

    def requirements(self) -> Table:
        """Say what an annual strategic assessment must hold, the pages that carry it, and what is missing."""
        sections, folder = self.catalogue.coverage, find_project().notebooks
        known = self.catalogue, self.data.observations, self.financial_year
        lacks = [" ".join(filter(None, [one.gap or "", *_lacking(one, *known)])) for one in sections]
        pages = ["; ".join(_title(folder / f"{name}.ipynb") for name in one.notebooks) for one in sections]
        states = [
            "Gap" if not page else "In part" if lack else "Covered" for page, lack in zip(pages, lacks, strict=True)
        ]
        cited = [f"{one.source.document}, {lower_first(one.source.place)}" for one in sections]
        parts = {"state": states, "pages": [page or NOTHING for page in pages], "cited": cited}
        return Table.described("requirements", sections, missing=[lack or NOTHING for lack in lacks], **parts)

    def workshop(self) -> Table | Prose:
        """Give the board's own score, override and reason beside the place that the figures give, once there are
        any."""
        open_to_all = not self.audience.suppress_below
        if self._answers.empty:
            return Prose(say("no_workshop", "where_the_form_is" if open_to_all else ""), ABSENT)
        answers = self._answers.set_index("candidate").to_dict("index")
        given = [_write_answer(answers.get(one.candidate.id), open_to_all) for one in self._listed]
        own, place, reason = zip(*given, strict=True)
        parts = {"own": own, "board_place": place, "reason": reason, **self.unplaced}
        return Table.described("workshop", self._listed, score=lambda one: round(one.total), **parts)

    @property
    def workshop_form(self) -> pd.DataFrame:
        """The form for the board: a row for every candidate in its order, with the answers given so far.

        Columns: candidate, label, place, score, chance_top5 (0-1), own_score, override_rank, reason.
        """
        columns = ["candidate", "label", "place", "score", "chance_top5"]
        rows = [
            (one.candidate.id, one.candidate.label, one.rank, round(one.total), round(one.chance_top5, 2))
            for one in self._listed
        ]
        answers = self._answers[["candidate", "own_score", "override_rank", "reason"]]
        return pd.DataFrame(rows, columns=columns).merge(answers, on="candidate", how="left").fillna({"reason": ""})

    @property
    def _answers(self) -> pd.DataFrame:
        return self.workshop_answers[self.workshop_answers["financial_year"] == self.financial_year]

    def meaning(self) -> Bullets:
        """Say what the board has to decide."""
        nothing = "decide.agree" if self.chosen_next else "decide.choose"
        return Bullets("", self.questions(), when_empty=say(nothing, year=self.next_year))

    def questions(self) -> list[str]:
        """Say what the board has to decide: which way is good, signals without a priority, priorities without a signal
        or without data."""
        rows = follow_candidates(self.ranking, self.catalogue, self.next_year)
        # What may be among the first is not asked to go.
        first = (*self.ranking.put_forward, *self.ranking.group)
        named: dict[str, list[str]] = {"undecided": [], "signal, not chosen": [], "no signal, chosen": []}
        for row in rows:
            open_ones = row.signals and self.ranking.undecided.issuperset(row.signals)
            about = "undecided" if open_ones and not row.priorities else row.status
            if about in named and (row.signals or row.candidate not in first):
                named[about].append(lower_first(row.candidate.candidate.label))
        blind = [entry for entry, who in self._blind_spots() if who == "delivery priority" and not entry.indicators]
        asked = [(f"decide.{status}", names) for status, names in named.items() if names]
        questions = [say(name, names=_name_few(few), count=len(few), year=self.next_year) for name, few in asked]
        return questions + ([say("decide.blind", count=len(blind), year=self.next_year)] if blind else [])

    def _blind_spots(self):
        return list_blind_spots(self.catalogue, self.next_year)


def _name_few(names: Sequence[str]) -> str:
    """The first of several names, and how many others there are."""
    others = len(names) - MOST_NAMED
    return list_words(names) if others < 2 else list_words([*names[:MOST_NAMED], f"{others} others"])


def _lacking(section: CoverageSection, catalogue: Catalogue, observations: pd.DataFrame, year: str) -> Iterator[str]:
    """What the year's figures and records themselves lack of a requirement."""
    about = {topic: catalogue.about([topic]) for topic in section.topics}
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
    first, *_ = read_cells(notebook) or [{}]
    return "".join(first.get("source", notebook.stem)).splitlines()[0].lstrip("# ")


def _write_answer(answer: Mapping[Hashable, Any] | None, show_numbers: bool) -> list[Cell]:
    if answer is None:
        return [NOTHING] * 3
    reason = answer["reason"] or NOTHING
    if not show_numbers and NUMBER_IN_WORDS.search(reason):
        reason = "Given; it holds figures and is printed for analysts only."
    given = [answer[name] for name in ("own_score", "override_rank")]
    return [*(Number(float(text), text) if text else NOTHING for text in given), reason]
