"""One indicator as a reader meets it. In: the parts that a briefing made. Out: an `IndicatorSection`, shown in
reading order."""

from __future__ import annotations

from dataclasses import dataclass

from swp_analysis.present.pictures import Picture
from swp_analysis.present.prose import Bullets, Fold, Heading, Paragraph, Stack
from swp_analysis.present.tables import Table


@dataclass(frozen=True)
class IndicatorSection:
    """Everything about one indicator, in the order a reader needs it; each part can also be shown on its own."""

    heading: Heading
    why_it_matters: Paragraph
    sentence: Paragraph
    picture: Picture | None
    table: Table
    over_time: Picture | None
    outlook: Paragraph | None
    comparisons: Table | None
    definition: Paragraph
    caveats: Bullets

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
