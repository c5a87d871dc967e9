"""The small line of a scorecard as a picture, and what a control chart says of the newest quarter in words. In: a
`Series`. Out: an image with alt text."""

from __future__ import annotations

import itertools
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from math import isnan

from swp_analysis.present.charts.style import LAST_YEAR, THIS_YEAR
from swp_analysis.present.series import Series

VARIATION_WORDS = {
    "not_enough_points": "too few points",
    "too_few_events": "too few events",
    "undecided": "it depends on withheld figures",
    "trial_limits": "too few quarters for an icon",
    "cannot_judge": "can't be judged: the figures never moved",
    "level_drifts": "the level itself has moved on",
    "common_cause": "nothing unusual",
    "improvement_high": "unusually high: better",
    "improvement_low": "unusually low: better",
    "concern_high": "unusually high: worse",
    "concern_low": "unusually low: worse",
    "neutral_high": "unusually high",
    "neutral_low": "unusually low",
}


@dataclass(frozen=True, repr=False)
class Icon:
    """A small picture in a line of text or a table cell."""

    svg: str
    alt: str
    width: int = 20

    def __repr__(self) -> str:
        return f"<Icon “{self.alt}”>"

    def _repr_html_(self) -> str:
        image = b64encode(self.svg.encode("utf-8")).decode("ascii")
        return (
            f'<img class="icon" width="{self.width}" height="20" '
            f'src="data:image/svg+xml;base64,{image}" alt="{escape(self.alt)}">'
        )


def draw_sparkline(series: Series) -> Icon | None:
    """Draw the quarters as a small line that breaks at gaps; this year's are darker, the last one is a dot."""
    reported = series.reported
    if len(reported) < 2:
        return None
    top = max(point.value for point in reported) or 1
    step = 84 / max(len(series.points) - 1, 1)
    places = [(3 + step * i, 17 - 14 * value / top) for i, value in enumerate(series.values)]
    segments = [
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{_colour(series, i + 1)}" stroke-width="1.6"/>'
        for i, ((x1, y1), (x2, y2)) in enumerate(itertools.pairwise(places))
        if not isnan(y1) and not isnan(y2)
    ]
    x, y = next(place for place in reversed(places) if not isnan(place[1]))
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{THIS_YEAR}"/>'
    alt = f"from {reported[0].text} in {reported[0].label} to {reported[-1].text} in {reported[-1].label}"
    return Icon(_svg("".join(segments) + dot, width=90), alt, width=90)


def _colour(series: Series, place: int) -> str:
    return THIS_YEAR if series.points[place].financial_year == series.years[-1] else LAST_YEAR


def _svg(content: str, width: int = 20) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 20" width="{width}" height="20">{content}</svg>'
    )
