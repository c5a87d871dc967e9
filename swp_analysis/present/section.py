"""One indicator as a reader meets it. In: the parts that a briefing made. Out: an `IndicatorSection`, shown in
reading order."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from swp_analysis.present.exhibit import Exhibit, Table
from swp_analysis.present.prose import Bullets, Fold, Heading, Paragraph, Stack


@dataclass(frozen=True, repr=False)
class IndicatorSection:
    """Everything about one indicator, in the order a reader needs it; each part can also be shown on its own."""

    heading: Heading
    why_it_matters: Paragraph
    sentence: Paragraph
    picture: Exhibit | None
    table: Table
    over_time: Exhibit | None
    outlook: Paragraph | None
    comparisons: Table | None
    definition: Paragraph
    caveats: Bullets

    @property
    def frame(self) -> pd.DataFrame:
        """The quarters as a frame."""
        return self.table.frame

    def __repr__(self) -> str:
        return f"<IndicatorSection “{self.heading.text}”>"

    def _repr_html_(self) -> str:
        # The figures stand behind the chart; without a chart they stand in the open.
        figures = self.picture or self.table
        over_time = Fold("All quarters in a row, with limits", self.over_time) if self.over_time else None
        more = Fold("Other comparisons", self.comparisons) if self.comparisons else None
        parts = [
            self.heading,
            self.why_it_matters,
            self.sentence,
            self.outlook,
            figures,
            over_time,
            more,
            self.definition,
            self.caveats,
        ]
        return Stack([part for part in parts if part])._repr_html_()
