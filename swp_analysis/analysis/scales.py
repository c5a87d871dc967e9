"""From figures to the scale 0-100 that criteria share. In: counts, ratios, shares. Out: `Score`s, always with a range.

The scales are declared in `catalogue/criteria.yml`; docs/methods.md, "Priorities", says why they are as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, log10
from typing import Literal

from swp_analysis.analysis.rates import poisson_interval, wilson_interval

LEAST, MIDDLE, MOST = 0.0, 50.0, 100.0
# A step on the scale of size is ten times as many cases: four steps from 1 to 10,000.
POINTS_PER_TENFOLD = 25.0
POINTS_PER_DOUBLING = 50.0

Shape = Literal["likely", "even"]
Status = Literal["known", "missing", "not applicable"]


@dataclass(frozen=True)
class Score:
    """One candidate on one criterion, 0-100.

    `shape` says how draws fall: "likely" around the centre with 95% between the ends, "even" anywhere between them.
    A missing score is never drawn; one that is not applicable takes no part in the sum.
    """

    low: float
    centre: float
    high: float
    shape: Shape = "even"
    status: Status = "known"
    why: str = ""


def missing(why: str) -> Score:
    """Not known, and never drawn: a judgement is left out, a figure adds nothing (`priorities`)."""
    return Score(LEAST, LEAST, LEAST, "even", "missing", why)


def not_applicable(why: str) -> Score:
    """Takes no part: the other criteria carry its weight."""
    return Score(LEAST, MIDDLE, MOST, "even", "not applicable", why)


def score_band(low: float, high: float, why: str = "") -> Score:
    """Give a band of judgement: any point of it is as good as another."""
    return Score(low, (low + high) / 2, high, "even", "known", why)


def score_count(count: float, share_of_year: float = 1.0, why: str = "") -> Score:
    """Give a year's count with its exact 95% Poisson range; a part of a year is stretched to the whole.

    >>> score_count(100).centre, score_count(0).centre
    (50.0, 0.0)
    """
    low, high = poisson_interval(count, 0.95)
    bottom, centre, top = (size_points(end / share_of_year) for end in (low, count, high))
    return Score(bottom, centre, top, "likely", "known", why)


def size_points(cases: float) -> float:
    """Give 0 for one case or none, 25 more for each tenfold, at most 100."""
    return _clip(POINTS_PER_TENFOLD * log10(max(cases, 1.0)))


def score_ratio(ratio: float, low: float, high: float, bad_way: int, why: str = "") -> Score:
    """Give this year over last: 50 is no change, 100 twice as bad. `bad_way` is +1 when more is worse, -1 when less is,
    0 when both can be: then the range covers both readings and no reading is more likely."""
    points = [_doublings(end) for end in (low, ratio, high)]
    if bad_way == 0:
        reach = max(abs(points[0]), abs(points[2]))
        return Score(_clip(MIDDLE - reach), MIDDLE, _clip(MIDDLE + reach), "even", "known", why)
    bottom, centre, top = sorted(_clip(MIDDLE + bad_way * point) for point in points)
    return Score(bottom, centre, top, "likely", "known", why)


def score_share(part: float, whole: float, why: str = "") -> Score:
    """Give a share in percent with Wilson's 95% range."""
    low, high = wilson_interval(part, whole, 0.95)
    return Score(MOST * low, MOST * part / whole, MOST * high, "likely", "known", why)


def both_readings(score: Score) -> Score:
    """Give a score whose direction can't be judged: it, and its mirror image."""
    low, high = min(score.low, MOST - score.high), max(score.high, MOST - score.low)
    return Score(low, MIDDLE, high, "even", score.status, score.why)


def grid_cell(impact: int, likelihood: int) -> int:
    """Give a cell of the 4 x 4 grid that Scottish partnerships use: impact times likelihood, 1 to 16.

    Source: Fife community safety partnership, strategic assessment.

    >>> grid_cell(3, 4)
    12
    """
    if not (1 <= impact <= 4 and 1 <= likelihood <= 4):
        raise ValueError("impact and likelihood are levels from 1 to 4")
    return impact * likelihood


def grid_range(harm: Score, size: Score) -> tuple[int, int]:
    """Give the least and the greatest cell of the grid that the ranges of harm and size allow."""
    return grid_cell(_level(harm.low), _level(size.low)), grid_cell(_level(harm.high), _level(size.high))


def _level(points: float) -> int:
    """A quarter of the scale: 0-24 is level 1, 75-100 level 4."""
    return min(4, 1 + int(points // 25))


def _doublings(ratio: float) -> float:
    if ratio <= 0:
        return -MOST
    return max(-MOST, min(MOST, POINTS_PER_DOUBLING * log2(ratio))) if ratio != float("inf") else MOST


def _clip(points: float) -> float:
    return max(LEAST, min(MOST, points))
