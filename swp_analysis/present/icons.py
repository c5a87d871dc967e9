"""The two Making Data Count icons and the small line, as pictures. In: a `Signal`, a `Series`. Out: images with alt
text.

Our own drawings of the idea (NHS England, Making Data Count): a letter says which way, a shape says whether it is
good, so that they can be told apart without colour.
"""

from __future__ import annotations

import itertools
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from math import isnan

from swp_analysis.present.charts.style import ACCENT, LAST_YEAR, MUTED, THIS_YEAR
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
ASSURANCE_WORDS = {
    "consistent_pass": "meets its target reliably",
    "consistent_fail": "misses its target reliably",
    "inconsistent": "meets its target now and then",
    "undecided": "it depends on withheld figures",
}
_OUTLINES = {
    "concern": ('<path d="M10 1 19 18H1Z" fill="none" stroke="{colour}" stroke-width="2"/>', ACCENT, 15.5),
    "improvement": ('<circle cx="10" cy="10" r="8.5" fill="none" stroke="{colour}" stroke-width="2"/>', THIS_YEAR, 14),
    "neutral": (
        '<rect x="2" y="2" width="16" height="16" fill="none" stroke="{colour}" stroke-width="2"/>',
        MUTED,
        14,
    ),
}
_WAVE = '<path d="M1 10q3-7 6 0t6 0 6 0" fill="none" stroke="{colour}" stroke-width="2"/>'
_ASSURANCE_LETTERS = {"consistent_pass": "P", "consistent_fail": "F", "inconsistent": "?", "undecided": "?"}


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


def draw_variation(name: str) -> Icon | None:
    """The variation icon of a signal; None where there is nothing to show but words."""
    if name == "common_cause":
        return Icon(_svg(_WAVE.format(colour=LAST_YEAR)), VARIATION_WORDS[name])
    kind, _, side = name.rpartition("_")
    if kind not in _OUTLINES:
        return None
    shape, colour, baseline = _OUTLINES[kind]
    letter = _letter("H" if side == "high" else "L", colour, baseline)
    return Icon(_svg(shape.format(colour=colour) + letter), VARIATION_WORDS[name])


def draw_assurance(name: str | None) -> Icon | None:
    """The assurance icon of a signal; None without a target."""
    if name is None:
        return None
    colour = {"consistent_pass": THIS_YEAR, "consistent_fail": ACCENT}.get(name, LAST_YEAR)
    shape = f'<circle cx="10" cy="10" r="8.5" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="3 1.5"/>'
    return Icon(_svg(shape + _letter(_ASSURANCE_LETTERS[name], colour, 14)), ASSURANCE_WORDS[name])


def draw_sparkline(series: Series) -> Icon | None:
    """The quarters as a small line that breaks at gaps; this year's are darker, the last one is a dot."""
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


def _letter(letter: str, colour: str, baseline: float) -> str:
    style = f'font-family="Arial, sans-serif" font-size="10.5" font-weight="bold" text-anchor="middle" fill="{colour}"'
    return f'<text x="10" y="{baseline}" {style}>{letter}</text>'


def _svg(content: str, width: int = 20) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 20" width="{width}" height="20">{content}</svg>'
    )
