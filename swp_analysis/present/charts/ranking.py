"""The two pictures of a ranking. In: a `Ranking`. Out: `Exhibit`s: places with their ranges; a heat table of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swp_analysis.analysis.priorities import TOP, Ranked, Ranking
from swp_analysis.analysis.scoring import Score
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.present.charts.style import (
    LAST_YEAR,
    MUTED,
    NARROW,
    NARROW_ROW,
    ROW,
    THIS_YEAR,
    WIDE,
    Margins,
    chart_style,
    label_rows,
    new_chart,
    widest,
)
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.numbers import write_chance
from swp_analysis.present.priority_tables import tabulate_places, tabulate_scores
from swp_analysis.present.priority_words import TRIALS, write_range
from swp_analysis.present.words import lower_first

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HOW_TO_READ_PLACES = (
    f"A dot is the place with the declared weights; the line holds nine of ten places in {TRIALS} with other weights "
    "and with figures varied within their uncertainty. A long line: do not rely on this place."
)
HOW_TO_READ_SCORES = (
    "The darker, the more reason to act. A range is not yet known more exactly; “–” does not apply. Candidates are in "
    "the order of their places."
)


def draw_places(ranking: Ranking) -> Exhibit:
    """Draw every candidate's place, the range of its places, and its chance of the top five."""
    surest = max(ranking.ranked, key=lambda entry: entry.chance_top5)
    share = write_chance(surest.chance_top5)
    title = f"{surest.candidate.label} is the surest of the top five: there in {share} of trials"
    if not ranking.is_choice:
        title = f"With {len(ranking.ranked)} candidates the order of the first five says little"
    firm = ", ".join(lower_first(entry.candidate.label) for entry in ranking.put_forward) or "nobody"
    return Exhibit(
        title=title,
        subtitle=f"Place of each of {len(ranking.ranked)} candidates, and how often it is in the top five",
        alt=f"{title}. Dot chart of {len(ranking.ranked)} candidates and their ranges. Put forward: {firm}.",
        figure=_draw_all_places(ranking, narrow=False),
        narrow=_draw_all_places(ranking, narrow=True),
        note=HOW_TO_READ_PLACES,
        data=tabulate_places(ranking),
    )


def _draw_all_places(ranking: Ranking, *, narrow: bool) -> Figure:
    entries = list(reversed(ranking.ranked))
    labels = [entry.candidate.label for entry in entries]
    left = 0.3 if narrow else 0.2 + widest(labels, 10.5, bold=True)
    margins = Margins(left, 0.75, 0.32, 0.35)
    height = margins.top + margins.bottom + (NARROW_ROW if narrow else ROW) * len(entries)
    with chart_style():
        figure, axes = new_chart(NARROW if narrow else WIDE, height, margins)
        axes.axvspan(0.5, TOP + 0.5, color="#E6EDF3", zorder=0)
        firm = [entry in ranking.put_forward for entry in entries]
        for row, entry in enumerate(entries):
            _draw_place(axes, row, entry, firm=firm[row])
        label_rows(axes, labels, above=narrow, bold=firm)
        _finish_places(axes, len(entries))
    return figure


def _draw_place(axes: Axes, row: int, entry: Ranked, *, firm: bool) -> None:
    colour = THIS_YEAR if firm else LAST_YEAR
    axes.plot([entry.rank_low, entry.rank_high], [row, row], color=colour, linewidth=2.4, solid_capstyle="butt")
    axes.plot([entry.rank], [row], "o", color=colour, markersize=9)
    weight = "bold" if firm else "normal"
    place = axes.get_yaxis_transform()
    axes.text(1.02, row, write_chance(entry.chance_top5), transform=place, va="center", fontsize=10, fontweight=weight)


def _finish_places(axes: Axes, count: int) -> None:
    axes.set(xlim=(0.3, count + 0.7), ylim=(-0.6, count - 0.2), xlabel="", ylabel="")
    shown = [1, TOP, *range(10, count + 1, 5)]
    axes.set_xticks(shown, [f"place {place}" if place == 1 else str(place) for place in shown])
    look: dict[str, Any] = {"fontsize": 10, "color": MUTED, "annotation_clip": False}
    axes.annotate("top five", (TOP / 2 + 0.5, count - 0.15), ha="center", **look)
    axes.figure.text(0.99, 1, "in top five", ha="right", va="top", fontsize=10, color=MUTED)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")


def draw_scores(ranking: Ranking, catalogue: Catalogue) -> Exhibit:
    """Draw every candidate on every criterion as a heat table: why it is where it is, and why not higher."""
    first = ranking.ranked[0].candidate.label
    title = f"Why {lower_first(first)} comes first: its scores against those of the others"
    return Exhibit(
        title=title,
        subtitle="Score of each candidate on each criterion, 0 to 100",
        alt=f"{title}. Heat table of {len(ranking.ranked)} candidates; the scores are in the table behind it.",
        figure=_draw_heat(ranking, catalogue, narrow=False),
        narrow=_draw_heat(ranking, catalogue, narrow=True),
        note=HOW_TO_READ_SCORES,
        data=tabulate_scores(ranking, catalogue),
    )


def _draw_heat(ranking: Ranking, catalogue: Catalogue, *, narrow: bool) -> Figure:
    entries = list(reversed(ranking.ranked))
    criteria = [entry for entry in catalogue.criteria.criteria if entry.id in ranking.used]
    names = [criterion.short_label.replace(" ", "\n", 1) for criterion in criteria]
    labels = [f"{entry.rank}. {entry.candidate.label}" for entry in entries]
    left = 0.12 if narrow else 0.2 + widest(labels, 10.5, bold=True)
    margins = Margins(left, 0.1, 0.15 + widest(names, 9) if narrow else 0.45, 0.1)
    height = margins.top + margins.bottom + (NARROW_ROW if narrow else ROW) * len(entries)
    with chart_style():
        figure, axes = new_chart(NARROW if narrow else WIDE, height, margins)
        axes.set(xlim=(-0.5, len(criteria) - 0.5), ylim=(-0.5, len(entries) - 0.5), xlabel="", ylabel="")
        for row, entry in enumerate(entries):
            for column, criterion in enumerate(criteria):
                _draw_cell(axes, column, row, entry.scores[criterion.id], narrow=narrow)
        axes.set_xticks(range(len(criteria)), names, fontsize=8.5, rotation=90 if narrow else 0)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.grid(False)
        for side in axes.spines.values():
            side.set_visible(False)
        label_rows(axes, labels, above=narrow, bold=[entry.rank <= TOP for entry in entries])
    return figure


def _draw_cell(axes: Axes, column: int, row: int, score: Score, *, narrow: bool) -> None:
    """A cell as dark as its score, with the score; below the name of its row on a narrow picture."""
    from matplotlib.patches import Rectangle

    known = score.status == "known"
    shade = score.centre / 100 if known else 0.0
    bottom, height = (-0.42, 0.5) if narrow else (-0.46, 0.92)
    colour = tuple(1 - shade * (1 - part) for part in (0x12 / 255, 0x43 / 255, 0x6D / 255))
    axes.add_patch(Rectangle((column - 0.47, row + bottom), 0.94, height, facecolor=colour, edgecolor="none"))
    text = "?" if score.status == "missing" else write_range(score)
    look: dict[str, Any] = {"color": "white" if shade > 0.45 else "black", "fontsize": 8 if narrow else 9}
    axes.text(column, row + bottom + height / 2, text, ha="center", va="center", **look)
