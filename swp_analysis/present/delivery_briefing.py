"""What was done, with what money, and did it help: what the notebook on delivery calls. In: the catalogue's year of
work, findings. Out: `DeliveryBriefing`, whose methods return things to show.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.ledger import Delivered, follow_delivery
from swp_analysis.catalogue.books import Budget, DeliveryYear, Objective, Progress, Strategy
from swp_analysis.catalogue.completion import find_topics
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year, read_financial_year
from swp_analysis.present.exhibit import ABSENT, Bullets, Fold, Prose, Showable, Stack
from swp_analysis.present.outlook import write_distance
from swp_analysis.present.phrases import NOTHING, read_phrases, say
from swp_analysis.present.priority_words import write_movements
from swp_analysis.present.table import Table
from swp_analysis.present.words import is_clear, write_headline


@dataclass(frozen=True, repr=False)
class DeliveryBriefing:
    """The work of one year beside the findings of that year."""

    catalogue: Catalogue
    financial_year: str
    findings: Mapping[str, Finding]

    def __repr__(self) -> str:
        work, priorities = len(self._book.work), len(self.rows)
        return f"<DeliveryBriefing {self._year}: {work} pieces of work, {priorities} priorities>"

    @cached_property
    def rows(self) -> list[Delivered]:
        """Each delivery priority with its work and what its figures did."""
        return follow_delivery(self.catalogue, self.findings, self.financial_year)

    def summary(self) -> Bullets:
        """Say what the year's priorities came to, what was done for them, and the money, in a few lines."""
        lines = [self.in_brief, *self._write_work(), *map(write_budget, self._book.budgets)]
        return Bullets("", lines, "key-points")

    @property
    def in_brief(self) -> str:
        """Whether the year's priorities worked, in a sentence or two."""
        if not self.rows:
            return say("year_of_work.no priorities", year=self.financial_year)
        found = Counter(row.outcome for row in self.rows)
        outcomes = read_phrases()["outcomes_of_many"].items()
        known = [f"{words} for {found[outcome]}" for outcome, words in outcomes if found[outcome]]
        if len(self.rows) == 1:
            known = [words.rstrip(",") for outcome, words in outcomes if found[outcome]]
        figures = {"count": len(self.rows), "unknown": found["no data"] + found["not known"], "known": known}
        none = "year_of_work.unknown" if known or len(self.rows) == 1 else "year_of_work.none known"
        names = "year_of_work.known" if known else "", none if figures["unknown"] else ""
        return say(*names, year=self.financial_year, **figures)

    @property
    def budget(self) -> str:
        """The newest budget in a sentence; "" when none is recorded."""
        return write_budget(self._book.budgets[-1]) if self._book.budgets else ""

    @property
    def aims(self) -> str:
        """How far the work with an aim got; "" when none has one."""
        found = [one for work in self._book.work for one in work.progress if one.aim is not None]
        return " ".join(f"{one.label}: {write_values(one)}, {write_aim(one)}." for one in found)

    def priorities(self) -> Stack:
        """Give each priority: what was done for it, and whether its figures moved; a table a strategic priority."""
        told = [row for row in self.rows if row.work or row.findings]
        silent = [row.priority.text for row in self.rows if row not in told]
        tables = [
            Table.described("delivered", rows, label=label, work=list_work, outcome=write_outcome)
            for label, rows in groupby(told, key=attrgetter("strategic_priority"))
        ]
        rest = [Bullets(say("year_of_work.silent"), silent)] if silent else []
        return Stack([*tables, *rest])

    def progress(self) -> Showable:
        """Give the figures of the work itself, and how far they are from their aims."""
        found = [one for work in self._book.work for one in work.progress]
        if not found:
            return Prose(say("year_of_work.no figures", year=self.financial_year), ABSENT)
        tracked = [one for one in found if one.aim is not None or one.of or len(one.values) > 1]
        rest = [f"{one.label}: {write_values(one)}." for one in found if one not in tracked]
        table = Table.described("progress", tracked, figures=write_values, aim=write_aim)
        counted = Fold(say("folded.counts", count=len(rest)), Bullets("", rest))
        return Stack[Showable]([*([table] if tracked else []), *([counted] if rest else [])])

    def money(self) -> Stack:
        """Give the budget, whether its parts add up to what is printed, and which work has a price."""
        parts: list[Showable] = [tabulate_budget(budget) for budget in self._book.budgets]
        parts = parts or [Prose(say("year_of_work.no budget", year=self.financial_year), ABSENT)]
        priced = [work for work in self._book.work if work.money is not None]
        return Stack([*parts, *([Table.described("priced", priced)] if priced else [])])

    def all_work(self) -> Showable:
        """Give everything that was done, by kind, with its source, folded."""
        rows = sorted(self._book.work, key=lambda work: work.kind)
        table = Table.described(
            "work",
            rows,
            year=self._year,
            done=lambda work: f"{work.text} (money: {work.money_for})" if work.money_for else work.text,
            source=lambda work: f"{work.source.document}, {work.source.place}",
        )
        return Fold(say("year_of_work.all", count=len(rows)), table) if rows else Stack([])

    def expectations(self) -> Stack[Fold]:
        """Say what strategies, plans and residents ask for, each with its evidence or its gap, folded."""
        book = self.catalogue.strategy
        tables = [self._tabulate_strategy(strategy) for strategy in book.strategies]
        for plan in (*book.plans, *book.wider_plans):
            tables.append(self._tabulate_asked(plan.title, plan.objectives))
        tables += [self._tabulate_asked("What residents raise", book.concerns)] if book.concerns else []
        return Stack([Fold(_count_evidence(table), table) for table in tables])

    @property
    def _book(self) -> DeliveryYear:
        return self.catalogue.delivery.get(self.financial_year, DeliveryYear())

    @property
    def _year(self) -> str:
        return display_year(self.financial_year)

    def _write_work(self) -> list[str]:
        if not self._book.work:
            return [say("year_of_work.not recorded", year=self.financial_year)]
        bare = sum(not row.work for row in self.rows) or None
        return [say("year_of_work.work", count=len(self._book.work), bare=bare), say("proves_nothing")]

    def _tabulate_strategy(self, strategy: Strategy) -> Table:
        chosen = [one for year in self.catalogue.strategy.delivery_priorities.values() for one in year]
        asked = []
        for priority in strategy.priorities:
            own = [one.id for one in self.catalogue.indicators.values() if one.theme in priority.themes]
            own += [name for one in chosen if one.strategic_priority == priority.id for name in one.indicators]
            own = own or self.catalogue.about(find_topics([priority.label], self.catalogue.topics))
            gap = None if own else say("did_it_work.no indicator")
            asked.append(Objective(id=priority.id, text=priority.label, indicators=list(dict.fromkeys(own)), gap=gap))
        return self._tabulate_asked(strategy.title, asked)

    def _tabulate_asked(self, caption: str, asked: Sequence[Objective]) -> Table:
        known = [[self.findings[name] for name in one.indicators if name in self.findings] for one in asked]
        evidence = [write_movements(findings) if findings else NOTHING for findings in known]
        return Table.described("asked", asked, title=caption, evidence=evidence)


def _count_evidence(table: Table) -> str:
    known = sum(row[1] != NOTHING for row in table.texts)
    return f"{table.caption}: figures for {known} of {len(table.texts)}"


def list_work(row: Delivered) -> str:
    """Write what was done for a priority, or that nothing is recorded."""
    return ". ".join(work.text for work in row.work) + "." if row.work else "Nothing is recorded."


def write_outcome(row: Delivered) -> str:
    """Write a sentence on what a priority's figures did, with those that moved beyond chance, and what is missing."""
    gap = row.priority.gap if row.outcome == "no data" else None
    if gap:
        return say("did_it_work.gap", gap=f"{gap[0].lower()}{gap[1:]}")
    moved = [f"{write_headline(finding)}." for finding in row.findings if is_clear(finding)]
    return " ".join([say(f"did_it_work.{row.outcome}"), *moved])


def write_values(one: Progress) -> str:
    """Write the figures of some work, oldest first: `25% (2015/16), 37% (2017/18)`, `14 of 24`."""
    sign = {"percent": "%", "days": " days", "count": ""}[one.unit] + (f" of {one.of:g}" if one.of else "")
    figures = [f"{value:,g}{sign}" for value in one.values.values()]
    if len(figures) == 1:
        return figures[0]
    times = [display_year(name) if read_financial_year(name) else name for name in one.values]
    return ", ".join(f"{figure} ({time})" for figure, time in zip(figures, times, strict=True))


def write_aim(one: Progress) -> str:
    """Write how far the newest figure of some work is from its aim."""
    if one.aim is None:
        return NOTHING
    return write_distance(list(one.values.values())[-1], one.aim, one.unit, at_least=one.aim_is == "at least")


def tabulate_budget(budget: Budget) -> Table:
    """Tabulate the parts of a budget, what they add up to, and what is printed where that is another sum."""
    parts = [{"label": part.label[0].upper() + part.label[1:], "money": part.amount} for part in budget.parts]
    parts.append({"label": "Together", "money": budget.total})
    if budget.printed_total is not None and budget.printed_total != budget.total:
        parts.append({"label": "As the report prints it", "money": budget.printed_total})
    return Table.described("budget", parts, year=display_year(budget.year), note=budget.note)


def write_budget(budget: Budget) -> str:
    """Write a budget, and how far the printed sum is from what its parts add up to."""
    off = round((budget.printed_total or budget.total) - budget.total)
    figures = {"year": budget.year, "total": budget.total, "off": abs(off), "less": off < 0}
    return say("budget.sum", "budget.printed" if off else "", **figures)
