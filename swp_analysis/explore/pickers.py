"""Choosing with the mouse: a picker of indicator, period, audience and comparison. In: the project's figures. Out: a
widget in JupyterLab; where widgets don't work, the same chart without a choice.
"""

from __future__ import annotations

from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.explore import comparisons, line_charts
from swp_analysis.explore.named_series import read_many
from swp_analysis.explore.tidy_tables import read_figure_table

VIEWS = {
    "over time": line_charts.trend,
    "control chart": line_charts.control_chart,
    "this year on last": line_charts.year_on_year,
    "heat map": comparisons.heatmap,
}


def panel(audience: str = "internal") -> Any:
    """Show pickers for indicator and view; the chart below follows each change.

    An exported notebook keeps the chart that was last looked at, with its sentence.
    """
    try:
        import ipywidgets
    except ImportError:
        raise InputError("The panel needs ipywidgets: install it with `pip install ipywidgets`.") from None
    lines = {one.label: one for one in read_many(read_figure_table(audience=audience))}
    indicator = ipywidgets.Dropdown(options=list(lines), description="Indicator")
    view = ipywidgets.ToggleButtons(options=list(VIEWS), description="View")
    shown = ipywidgets.Output()

    def show(_: Any = None) -> None:
        from IPython.display import display

        shown.clear_output(wait=True)
        with shown:
            try:
                display(VIEWS[view.value](lines[indicator.value]))
            except InputError as problem:
                print(problem)

    for picker in (indicator, view):
        picker.observe(show, names="value")
    show()
    return ipywidgets.VBox([ipywidgets.HBox([indicator, view]), shown])
