"""The two pictures of a ranking. In: a `Ranking`. Out: places with their ranges, and who is strong on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swp_analysis.analysis.priorities import TOP, Ranked, Ranking
from swp_analysis.analysis.scales import Score
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.present.exhibit import Exhibit, Table
from swp_analysis.present.marks import label_rows
from swp_analysis.present.numbers import write_chance
from swp_analysis.present.priority_words import write_range
from swp_analysis.present.style import (
    ACCENT,
    FAINT,
    LAST_YEAR,
    MUTED,
    NARROW_ROW,
    NARROW_WIDTH,
    THIS_YEAR,
    chart_style,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOW_TO_READ_PLACES = (
    "A dot is the place under the declared weights; the line holds nine out of ten places that it gets when weights "
    "and figures vary. On the right, how often it is in the top five. A long line is a place that nobody should "
    "defend."
)
HOW_TO_READ_MATRIX = (
    "The larger and darker the dot, the more reason to act; the line under a dot is the range of the score. A ring is "
    "not known, a dash doesn't apply. Candidates stand in their order."
)
LARGEST_DOT, SMALLEST_DOT = 330.0, 12.0


def draw_places(ranking: Ranking, caption: str, data: Table) -> Exhibit:
    """Every candidate's place, the range of its places, and its chance of the top five."""
    wide, narrow = (_draw_all_places(ranking, narrow=narrow) for narrow in (False, True))
    return Exhibit(caption, _describe_places(ranking), wide, note=HOW_TO_READ_PLACES, data=data, narrow=narrow)


def _draw_all_places(ranking: Ranking, *, narrow: bool) -> Figure:
    entries = list(reversed(ranking.ranked))
    with chart_style():
        width, height = (NARROW_WIDTH, NARROW_ROW) if narrow else (7.8, 0.34)
        figure, axes = new_figure(width, 1.1 + height * len(entries))
        axes.axvspan(0.5, TOP + 0.5, color="#E6EDF3", zorder=0)
        for row, entry in enumerate(entries):
            _draw_place(axes, row, entry, len(entries))
        label_rows(axes, [entry.candidate.label for entry in entries], above=narrow)
        _finish_places(axes, len(entries))
        return figure


def _draw_place(axes, row: int, entry: Ranked, count: int) -> None:
    colour = THIS_YEAR if entry.rank <= TOP else LAST_YEAR
    axes.plot([entry.rank_low, entry.rank_high], [row, row], color=colour, linewidth=2.4, solid_capstyle="butt")
    axes.plot([entry.rank], [row], "o", color=colour, markersize=9)
    weight = "bold" if entry.rank <= TOP else "normal"
    axes.text(
        count + 2.1, row, write_chance(entry.chance_top5), ha="right", va="center", fontsize=10, fontweight=weight
    )


def _finish_places(axes, count: int) -> None:
    axes.set(xlim=(0.5, count + 2.3), ylim=(-0.6, count + 0.6), xlabel="", ylabel="")
    shown = [1, TOP, *range(10, count + 1, 5)]
    axes.set_xticks(shown, [f"place {place}" if place == 1 else str(place) for place in shown])
    axes.text(TOP / 2 + 0.5, count + 0.05, "top five", ha="center", va="bottom", fontsize=10, color=MUTED)
    axes.text(count + 2.1, count + 0.05, "in the top five", ha="right", va="bottom", fontsize=10, color=MUTED)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")


def _describe_places(ranking: Ranking) -> str:
    places = [
        f"{entry.candidate.label}: place {entry.rank}, range {entry.rank_low} to {entry.rank_high}, top five in "
        f"{write_chance(entry.chance_top5)}"
        for entry in ranking.ranked
    ]
    return f"Dot chart of the places of {len(places)} candidates. {'; '.join(places)}."


def draw_matrix(ranking: Ranking, catalogue: Catalogue, caption: str, data: Table) -> Exhibit:
    """Every candidate on every criterion: why it stands where it stands, and why not higher."""
    wide, narrow = (_draw_all_dots(ranking, catalogue, narrow=narrow) for narrow in (False, True))
    return Exhibit(
        caption, _describe_matrix(ranking, catalogue), wide, note=HOW_TO_READ_MATRIX, data=data, narrow=narrow
    )


def _draw_all_dots(ranking: Ranking, catalogue: Catalogue, *, narrow: bool) -> Figure:
    entries = list(reversed(ranking.ranked))
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    with chart_style():
        width, height = (NARROW_WIDTH, NARROW_ROW + 0.25) if narrow else (7.8, 0.4)
        figure, axes = new_figure(width, 1.3 + height * len(entries))
        for row, entry in enumerate(entries):
            for column, criterion in enumerate(criteria):
                _draw_dot(axes, column, row, entry.scores[criterion.id])
        axes.set(xlim=(-0.6, len(criteria) - 0.4), ylim=(-0.6, len(entries) - 0.4), xlabel="", ylabel="")
        names = [criterion.short_label.replace(" ", "\n", 1) for criterion in criteria]
        axes.set_xticks(range(len(criteria)), names, fontsize=9, rotation=90 if narrow else 0)
        label_rows(axes, [f"{entry.candidate.label}  {entry.rank}" for entry in entries], above=narrow)
        axes.axhline(len(entries) - TOP - 0.5, color=MUTED, linewidth=1)
        axes.xaxis.tick_top()
        axes.grid(False)
        return figure


def _draw_dot(axes, column: int, row: int, score: Score) -> None:
    if score.status == "not applicable":
        axes.text(column, row, "–", ha="center", va="center", color=MUTED)
    elif score.status == "missing":
        axes.scatter([column], [row], s=60, facecolors="none", edgecolors=LAST_YEAR)
    else:
        size = SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * score.centre / 100
        colour = ACCENT if score.centre >= 75 else THIS_YEAR if score.centre >= 50 else FAINT
        axes.scatter([column], [row], s=size, color=colour, linewidths=0)
        ends = [column - 0.4 + 0.8 * end / 100 for end in (score.low, score.high)]
        axes.plot(ends, [row - 0.4, row - 0.4], color=MUTED, linewidth=1.6, solid_capstyle="butt")


def _describe_matrix(ranking: Ranking, catalogue: Catalogue) -> str:
    labels = {entry.id: entry.short_label for entry in catalogue.criteria.criteria}
    rows = [
        f"{entry.candidate.label}: "
        + ", ".join(f"{labels[name]} {write_range(entry.scores[name])}" for name in labels if name in ranking.used)
        for entry in ranking.ranked
    ]
    return f"Dots by candidate and criterion, scores 0 to 100. {'; '.join(rows)}."
