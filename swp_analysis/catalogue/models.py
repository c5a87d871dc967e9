"""What the catalogue's YAML may say: frozen models that refuse a misspelt key. Out: `Catalogue`, read by every later
room."""

import re
import textwrap
from collections.abc import Iterable
from datetime import date
from datetime import date as Day
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from swp_analysis.catalogue import books
from swp_analysis.catalogue.identity import Identity
from swp_analysis.catalogue.safe_yaml import Entry, FinancialYear, Refers

TopicId = Annotated[str, Refers("topic")]
LONGEST_SHORT_LABEL, LONGEST_NAME = 28, 64
NO_DEFINITION = "Not written down yet."  # as drafts have it
_LOOSE_END = re.compile(r"(\W+(a|an|and|at|by|for|from|in|of|on|or|that|the|to|who|with))*\W*…$", re.I)
_COUNTING = re.compile(r"(?:the )?(?:(?:total|overall) )?(?:number|no\.?|count|volume) of (?:the )?(\w)", re.I)


def drop_counting(label: str) -> str:
    """Give a label without what every count says of itself.

    >>> drop_counting("Total number of young people in work")
    'Young people in work'
    """
    return found[1].upper() + label[found.end() :] if (found := _COUNTING.match(label)) else label


def name_in_sentence(label: str, short_label: str) -> str:
    """Give the short label, or where that is cut off the whole one."""
    whole = drop_counting(label)
    return whole if "…" in short_label and len(whole) <= LONGEST_NAME else short_label


class Topic(Entry):
    """A subject of crime and disorder, and the words by which a label tells that it is about it.

    Each entry of `words` is a phrase; ` + ` joins phrases that must all be there.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    words: list[str] = Field(min_length=1)


class Indicator(Entry):
    """One KPI: what is counted, who owns it, which way is good, and what to beware of.

    Until `measures` is set, no change of it is called better or worse. `topics` are read from the labels unless given.
    `open_group` of open data counts the same, `within_open_group` at least as much. How reports put it into words, for
    the audit: `phrases` for its figure, `number_phrases` for the number beside a share, `member_phrases` for what is
    said of its cases, `wider_phrases` for something that it is only a part of.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    short_label: str = Field(default="", max_length=LONGEST_SHORT_LABEL)
    theme: str
    unit: Literal["count", "percent"]
    kind: Literal["flow", "stock", "rate"]
    good_direction: Literal["lower", "higher", "neutral"]
    measures: Literal["harm", "reporting", "activity", "outcome"] | None = None
    hidden_crime: bool = False
    owner: str
    definition: str
    why_it_matters: str = ""
    caveats: list[str] = []
    aliases: list[str] = []
    companion_share: books.IndicatorId | None = None
    numerator: books.IndicatorId | None = None
    denominator: books.IndicatorId | None = None
    subgroup_of: books.IndicatorId | None = None
    corroborated_by: list[books.IndicatorId] = []
    target: dict[FinancialYear, float] = {}
    topics: list[TopicId] | None = None
    phrases: list[str] = []
    number_phrases: list[str] = []
    wider_phrases: list[str] = []
    member_phrases: list[str] = []
    harm: books.Harm | None = None
    at_risk: books.AtRisk | None = None
    candidate: books.OwnCandidate | None = None
    reviewed: date | None = None
    next_review: date | None = None
    collected_until: FinancialYear | None = None
    open_group: str = ""
    within_open_group: str = ""

    def is_collected_in(self, financial_year: str) -> bool:
        """Tell whether figures of a year are asked for."""
        return not self.collected_until or financial_year <= self.collected_until

    def is_about(self, topics: Iterable[str]) -> bool:
        """Tell whether it speaks of any of these topics."""
        return not set(topics).isdisjoint(self.topics or ())

    @property
    def name(self) -> str:
        """The name in a sentence."""
        return name_in_sentence(self.label, self.short_label)

    @model_validator(mode="before")
    @classmethod
    def _shorten_label(cls, values: Any) -> Any:
        if isinstance(values, dict) and not values.get("short_label") and isinstance(values.get("label"), str):
            label = values["label"] if len(values["label"]) <= LONGEST_SHORT_LABEL else drop_counting(values["label"])
            short = _LOOSE_END.sub("…", textwrap.shorten(label, LONGEST_SHORT_LABEL, placeholder="…"))
            return values | {"short_label": short if len(short) > 1 else label[:LONGEST_SHORT_LABEL]}
        return values


class Theme(Entry):
    """A table of the report: its title and the question its notebook answers."""

    id: str
    title: str
    question: str


class RecordingBreak(Entry):
    """A known change in how something is recorded, so that a chart that spans it can say so.

    It concerns the indicators of its topics, in the areas of its forces (all areas if none is named).
    """

    id: str
    date_from: date
    indicators: list[books.IndicatorId] = []
    topics: list[TopicId] = []
    forces: list[Annotated[str, Refers("force")]] = []
    what_changed: str
    effect: str
    source: str


class RebaseEntry(Entry):
    """A decision that an indicator's chart starts a new level: from when, why, and who entered it when."""

    indicator: books.IndicatorId
    date_from: date
    reason: str = Field(min_length=1)
    entered_by: str = Field(min_length=1)
    entered_on: date

    def why_not(self) -> str:
        """Say why the two sides of its day are not compared."""
        return f"a new level starts in {self.date_from:%B %Y} ({self.reason.rstrip('.')})"


class PeerGroup(Entry):
    """Areas that the partnership is compared with: who chose them, and when. `members` are codes or names."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    kind: str = ""
    area: str = ""
    members: list[Annotated[str, Refers("area")]] = Field(min_length=1)
    source: str
    date: Day
    reviewed: Day | None = None


class Audience(Entry):
    """Who reads an edition: what is marked, what is suppressed, whether code is shown."""

    id: str
    label: str
    marking: Literal["OFFICIAL", "OFFICIAL-SENSITIVE"]
    suppress_below: int = Field(
        ge=0, description="counts from 1 to one less than this are suppressed; 0 suppresses nothing"
    )
    show_code: bool
    show_evidence: bool = Field(default=True, description="whether pages on method, audit and evidence are part of it")


class UnlabelledRow(Entry):
    """A row whose label is missing, recognised by the label of the row below it."""

    before: str
    indicator: books.IndicatorId
    reason: str


class SnapshotFigure(Entry):
    """The words before one figure of a snapshot cell, and the indicator they name."""

    group: str
    indicator: books.IndicatorId


class SnapshotRow(Entry):
    label: str
    figures: list[SnapshotFigure]


class Snapshot(Entry):
    """A table that shows one month instead of quarters, several figures to a cell."""

    heading: str
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    rows: list[SnapshotRow]


class UnnamedColumn(Entry):
    """A column that is listed as not read, because nothing says what it is about."""

    heading: str
    reason: str


class HandReading(Entry):
    """A figure in a damaged cell, read by a person who says why no other reading fits.

    `also_printed`: the same cell as other copies of the source have it.
    """

    printed: str
    also_printed: list[str] = []
    indicator: books.IndicatorId
    reads: str
    reason: str
    read_by: str
    read_on: date


class Layouts(Entry):
    """`layouts.yml`: how the partners' tables are laid out and spelt."""

    label_headings: list[str] = []
    baseline_word: str = ""
    owner_headings: list[str] = []
    text_headings: list[str] = []
    ignored_headings: list[str] = []
    plain_words: list[str] = Field(default=[], description="words of headings that say nothing about a figure")
    own_area_names: list[str] = Field(default=[], description="other names of the partnership's own area")
    missing_marks: list[str] = []
    direction_words: list[str] = []
    total_labels: list[str] = []
    collection_days: int = Field(
        default=30, ge=0, description="days after a quarter's last day on which its figures are due"
    )
    unlabelled_rows: list[UnlabelledRow] = []
    snapshots: list[Snapshot] = []
    unnamed_columns: list[UnnamedColumn] = []
    hand_readings: list[HandReading] = []


class Catalogue(Entry):
    """Everything that is said about the data outside the data."""

    identity: Identity
    topics: dict[str, Topic]
    themes: dict[str, Theme]
    indicators: dict[str, Indicator]
    strategy: books.StrategyBook
    delivery: dict[str, books.DeliveryYear]
    criteria: books.CriteriaBook
    coverage: list[books.CoverageSection]
    layouts: Layouts
    recording_breaks: list[RecordingBreak]
    rebases: list[RebaseEntry]
    peers: list[PeerGroup]
    audiences: dict[str, Audience]

    def of_theme(self, theme: str) -> list[Indicator]:
        """Give the indicators of a theme, in the order of its YAML file."""
        return [indicator for indicator in self.indicators.values() if indicator.theme == theme]

    def about(self, topics: Iterable[str]) -> list[str]:
        """Give the ids of the indicators that speak of any of these topics."""
        return [name for name, indicator in self.indicators.items() if indicator.is_about(topics)]
