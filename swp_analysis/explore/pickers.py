"""Choosing with the mouse: indicator, comparison, period and audience. In: the project's figures. Out: a `Panel`, whose
chart follows each choice; a notebook that is exported keeps the chart and the sentence that were shown last.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.errors import InputError, require_choice
from swp_analysis.explore import comparisons, line_charts, paired_years
from swp_analysis.present.exhibit import Exhibit, Prose
from swp_analysis.present.frames import find_indicators
from swp_analysis.present.opening import list_figures

CONTROLS = {"indicator": "Indicator", "comparison": "Compare with", "period": "Up to", "audience": "As seen by"}
THEME = "others of its theme"
COMPARISONS: dict[str, Callable[[Any], Exhibit]] = {
    "nothing": line_charts.trend,
    "the year before": comparisons.year_on_year,
    "its usual range": line_charts.control_chart,
    "chance": paired_years.change,
    "its other years": comparisons.heatmap,
    THEME: comparisons.year_on_year,
}


class Panel:
    """Pickers, and the chart of what they say: its `.exhibit`, `.frame`, `.figure`, `.sentence`, `.caveats`, and
    `.save("x.png")`. `.value` has the choices.
    """

    def __init__(self, controls: Sequence[str], **chosen: str) -> None:
        try:
            from ipywidgets import HBox, Layout
        except ImportError:
            raise InputError("Pickers need ipywidgets: install it with `pip install ipywidgets`.") from None
        # All audiences now, so that no later change waits for small numbers to be hidden.
        audiences = load_catalogue().audiences if "audience" in controls else [chosen["audience"]]
        self._figures = {name: list_figures(audience=name) for name in audiences}
        self._pickers = _make_pickers(self._figures, chosen)
        self.controls = HBox([self._pickers[name] for name in controls], layout=Layout(flex_flow="row wrap"))
        self._place: Any = None
        for picker in self._pickers.values():
            picker.observe(self._follow, names="value")
        if "comparison" in controls:  # nor for what draws it to be imported
            for name in COMPARISONS:
                self._draw(comparison=name)

    @property
    def value(self) -> dict[str, str]:
        """What is chosen: indicator, comparison, period (a financial year) and audience."""
        return {name: picker.value for name, picker in self._pickers.items()}

    @property
    def exhibit(self) -> Exhibit:
        """The chart of what is chosen.

        Raises
        ------
        InputError
            When the figures that are chosen can't be compared so.
        """
        return self._compare(self.value)

    def _compare(self, chosen: dict[str, str]) -> Exhibit:
        rows = self._figures[chosen["audience"]]
        rows = rows[rows["financial_year"] <= chosen["period"]]
        own = rows[rows["indicator"] == chosen["indicator"]]
        if own.empty:
            raise InputError(f"There are no figures of {chosen['indicator']} up to {chosen['period']}.")
        wanted = rows[rows["theme"] == own["theme"].iloc[0]] if chosen["comparison"] == THEME else own
        return COMPARISONS[chosen["comparison"]](wanted[wanted["period_kind"] == own["period_kind"].iloc[0]])

    def __getattr__(self, name: str) -> Any:
        if name in ("frame", "figure", "sentence", "caveats", "source", "save"):
            return getattr(self.exhibit, name)
        raise AttributeError(f"A Panel has no {name}")

    def __dir__(self) -> list[str]:
        return ["caveats", "controls", "exhibit", "figure", "frame", "save", "sentence", "value"]

    def __repr__(self) -> str:
        return f"<Panel {', '.join(self.value.values())}>"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        said = "; ".join(f"{CONTROLS[name].lower()} {picker.label}" for name, picker in self._pickers.items())
        bundle = dict(self.controls._repr_mimebundle_())  # where widgets can't be shown, what was chosen is said
        display(bundle | {"text/plain": repr(self), "text/html": f"<p>Chosen: {escape(said)}.</p>"}, raw=True)
        self._place = display(self._draw(), display_id=True)

    def _follow(self, _: Any) -> None:
        if self._place is not None:
            self._place.update(self._draw())

    def _draw(self, **other: str) -> Any:
        try:
            return self._compare(self.value | other)
        except InputError as problem:
            return Prose(str(problem), "cannot-tell")


def _make_pickers(figures: dict[str, pd.DataFrame], chosen: dict[str, str]) -> dict[str, Any]:
    from ipywidgets import Dropdown, Layout

    first = next(iter(figures.values()))
    names = first.drop_duplicates("indicator")
    years = sorted(first["financial_year"].unique(), reverse=True)
    options: dict[str, list[Any]] = {
        "indicator": list(zip(names["short_label"], names["indicator"], strict=True)),
        "comparison": list(COMPARISONS),
        "period": [(display_year(year), year) for year in years],
        "audience": list(figures),
    }
    catalogue = load_catalogue()
    chosen["indicator"] = find_indicators(chosen["indicator"] or names["indicator"].iloc[0], catalogue)[0].id
    chosen["period"] = chosen["period"] or years[0]
    for name, value in chosen.items():
        known = [option if isinstance(option, str) else option[1] for option in options[name]]
        require_choice(f"choice for {name}", value, known)
    layout, style = Layout(width="auto", max_width="28em", margin="2px 12px 2px 2px"), {"description_width": "initial"}
    return {
        name: Dropdown(options=options[name], value=chosen[name], description=text, layout=layout, style=style)
        for name, text in CONTROLS.items()
    }


def panel(indicator: str = "", comparison: str = "nothing", period: str = "", audience: str = "internal") -> Panel:
    """Show pickers for indicator, comparison, period and audience; the chart below follows each change."""
    return Panel(list(CONTROLS), indicator=indicator, comparison=comparison, period=period, audience=audience)


def pick_indicator(comparison: str = "nothing", audience: str = "internal") -> Panel:
    """Show a picker for the indicator, with its chart."""
    return Panel(["indicator"], indicator="", comparison=comparison, period="", audience=audience)


def pick_comparison(indicator: str, audience: str = "internal") -> Panel:
    """Show a picker of what an indicator is compared with, with its chart."""
    return Panel(["comparison"], indicator=indicator, comparison="the year before", period="", audience=audience)


def pick_period(indicator: str, comparison: str = "nothing", audience: str = "internal") -> Panel:
    """Show a picker of the financial year up to which an indicator is shown, with its chart."""
    return Panel(["period"], indicator=indicator, comparison=comparison, period="", audience=audience)


def pick_audience(indicator: str, comparison: str = "nothing") -> Panel:
    """Show a picker of the audience as which an indicator is seen, with its chart."""
    return Panel(["audience"], indicator=indicator, comparison=comparison, period="", audience="internal")
