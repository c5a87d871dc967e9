"""What `criteria.yml` and `coverage.yml` may say: how candidates are weighed, and what an assessment must hold."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from swp_analysis.catalogue.safe_yaml import Entry, Refers, Source

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
