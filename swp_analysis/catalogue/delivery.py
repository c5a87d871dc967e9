"""What `delivery.yml` may say: what was done in a year, with what money, and how far it got. Out: `DeliveryYear`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from swp_analysis.catalogue.safe_yaml import Entry, FinancialYear, Source, did_you_mean

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
