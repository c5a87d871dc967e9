"""What `strategy.yml`, `criteria.yml`, `coverage.yml` and `delivery.yml` may say: what was chosen, how candidates are
weighed, what an assessment must hold, and what was done in a year, with what money, and how far it got.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from swp_analysis.catalogue.safe_yaml import Entry, FinancialYear, Refers, Source
from swp_analysis.errors import did_you_mean

PriorityId = Annotated[str, Refers("strategic priority")]
IndicatorId = Annotated[str, Refers("indicator")]
CriterionId = Literal["harm", "size", "change", "persistence", "distance", "vulnerable", "peers", "community"]


class Band(Entry):
    """A range on the scale 0-100: what can be said without false precision."""

    low: float = Field(ge=0, le=100)
    high: float = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError("the low end of a band is above its high end")
        return self


class Criterion(Entry):
    """One reason to put a candidate first: what 0 and 100 mean, how much it weighs, why, and where it comes from."""

    id: CriterionId
    label: str
    short_label: str = Field(max_length=16)
    weight: float = Field(ge=0)
    scale: str
    reason: str
    source: str


class CriterionChange(Entry):
    """What a partnership says of a criterion instead of what holds for all."""

    id: CriterionId
    weight: float | None = Field(default=None, ge=0)
    reason: str | None = None
    source: str | None = None


class Harm(Band):
    """How much harm a single case of an indicator does, from the indicator's own entry."""

    reason: str
    source: str


class AtRisk(Entry):
    """What share of an indicator's cases falls on people at risk: measured by a sub-group's row, or a band."""

    measured_by: IndicatorId | None = None
    low: float | None = Field(default=None, ge=0, le=100)
    high: float | None = Field(default=None, ge=0, le=100)
    reason: str

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.measured_by is None) == (self.low is None or self.high is None):
            raise ValueError("give either measured_by, or low and high")
        return self


class OwnCandidate(Entry):
    """The problem that an indicator stands for as a possible delivery priority; `also` belong to it.

    `counts_cases: false` when the figure doesn't count people harmed; `overlapping_quarters` when the same person can
    stand in several quarters, so that their sum is the most it can be.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    also: list[IndicatorId] = []
    counts_cases: bool = True
    overlapping_quarters: bool = False
    blind_spot: str  # "" until somebody writes it down


class Candidate(OwnCandidate):
    """A problem that could become a delivery priority. The first indicator is scored, the others belong to it."""

    indicators: list[str] = Field(min_length=1)

    @property
    def lead(self) -> str:
        """The indicator that is scored."""
        return self.indicators[0]


class CommunityBands(Entry):
    """What a theme is worth that residents named, and one that they didn't."""

    named: Band
    not_named: Band


class CriteriaBook(Entry):
    """`criteria.yml` and what the indicators' entries add to it: all that a ranking rests on besides the figures."""

    criteria: list[Criterion]
    community_bands: CommunityBands
    harm: dict[str, Harm] = {}
    at_risk: dict[str, AtRisk] = {}
    candidates: list[Candidate] = []


class CoverageSection(Entry):
    """Something that an annual strategic assessment must hold.

    `topics` it is about, `calls` by which a notebook shows it, the day from which it is `in_force`, and `further_gap`,
    which no figure closes, stand in `requirements.yml` and a partnership's `coverage.yml`. `notebooks` that carry it
    and the whole `gap` are derived.
    """

    id: str
    text: str
    source: Source
    topics: list[str] = []
    calls: list[str] = []
    in_force: date | None = None
    further_gap: str = ""
    notebooks: list[str] = []
    gap: str | None = None


class CoverageAddition(Entry):
    """What a partnership adds to a requirement."""

    id: Annotated[str, Refers("requirement")]
    further_gap: str = ""


Kind = Literal[
    "commissioned service", "grant", "workshop", "training", "campaign", "review", "engagement", "partnership", "plan"
]


class Progress(Entry):
    """A figure of the work itself, by when it was counted, oldest first, and the aim that was set for it."""

    label: str = Field(min_length=1)
    unit: Literal["count", "percent", "days"] = "count"
    values: dict[str, float] = Field(min_length=1)
    of: float | None = Field(default=None, gt=0, description="what a count is out of")
    aim: float | None = None
    aim_is: Literal["at least", "at most"] = "at least"


class Work(Entry):
    """One thing that was done, the delivery priorities that it was done for, and its money where that is known."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    text: str = Field(min_length=1)
    kind: Kind
    delivers: list[str] = Field(min_length=1)
    money: float | None = Field(default=None, ge=0)
    money_for: str = ""
    progress: list[Progress] = []
    source: Source


class BudgetPart(Entry):
    label: str = Field(min_length=1)
    amount: float


class Budget(Entry):
    """The money of a year in pounds: its parts, and the sum that the document prints."""

    year: FinancialYear
    parts: list[BudgetPart] = Field(min_length=1)
    printed_total: float | None = None
    note: str = ""
    source: Source

    @property
    def total(self) -> float:
        """What the parts add up to."""
        return sum(part.amount for part in self.parts)


class DeliveryYear(Entry):
    """What was done in one year, and the budgets that its report prints."""

    work: list[Work] = []
    budgets: list[Budget] = []

    @model_validator(mode="after")
    def _refuse_twice(self) -> DeliveryYear:
        names = [one.id for one in self.work]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the work {twice[0]!r} stands twice; give each piece of work an id of its own")
        return self


def find_wrong_priorities(
    delivery: Mapping[str, DeliveryYear], chosen: Mapping[str, set[Any]]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find priorities that do not exist, each with its place in the file and the way out.

    `chosen`: the ids of each year's delivery priorities, from `strategy.yml`.
    """
    for year, book in delivery.items():
        known = chosen[year]
        for place, work in enumerate(book.work):
            for name in set(work.delivers) - known:
                hint = did_you_mean(name, known, "add it to strategy.yml or take it out here")
                yield (year, "work", place, "delivers"), f"no delivery priority of {year} has the id {name!r}{hint}"


class StrategicPriority(Entry):
    id: str
    label: str
    themes: list[Annotated[str, Refers("theme")]] = []


class Strategy(Entry):
    id: str
    title: str
    years: list[FinancialYear]
    source: Source
    priorities: list[StrategicPriority]


class Objective(Entry):
    """What a plan sets out to do, or what residents are concerned about.

    `gap` says what no indicator speaks to. Written as `No indicator of burglary or arson.` it loses by itself what the
    catalogue has.
    """

    id: str
    text: str
    indicators: list[IndicatorId] = []
    gap: str | None = None


class Plan(Entry):
    id: str
    title: str
    year: FinancialYear
    source: Source
    objectives: list[Objective]
    community_concerns: list[Objective] = []


class DeliveryPriority(Entry):
    """What the partnership chose to do in a year, and the indicators that speak to it, or the gap where none does."""

    id: str
    text: str
    strategic_priority: PriorityId
    printed_under: PriorityId | None = None
    note: str | None = None
    source: Source
    indicators: list[IndicatorId] = []
    gap: str | None = None


class StrategyBook(Entry):
    """`strategy.yml`: the strategies, the local plan, plans of others that it answers to, each year's priorities."""

    strategies: list[Strategy] = []
    plans: list[Plan] = []
    wider_plans: list[Plan] = []
    delivery_priorities: dict[FinancialYear, list[DeliveryPriority]] = {}

    def chosen_for(self, year: str) -> list[DeliveryPriority]:
        """Give the delivery priorities of a year; none where none are recorded."""
        return self.delivery_priorities.get(year, [])

    @property
    def concerns(self) -> list[Objective]:
        """What residents are concerned about, by all local plans."""
        return [concern for plan in self.plans for concern in plan.community_concerns]

    @property
    def labels(self) -> dict[str, str]:
        """The label of each strategic priority by its id."""
        return {entry.id: entry.label for strategy in self.strategies for entry in strategy.priorities}
