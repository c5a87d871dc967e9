"""Rows of the tables against each other. In: observations. Out: rows like claims, where two figures can't both hold.

A share must be some whole number of its count, n/N must give the percentage beside it, a sub-group can't exceed its
group, and a share made of two rows must be their quotient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from swp_analysis.audit.figures import Span, TableFigures
from swp_analysis.audit.recompute import write_number
from swp_analysis.catalogue.models import Indicator
from swp_analysis.engines.small_numbers.rounding import is_print_of, possible_numerators, read_printed


def check_rows(observations: pd.DataFrame, figures: TableFigures) -> list[dict[str, str]]:
    """Every reported figure against the rows that bound it; what agrees gives no row."""
    rows = []
    reported: Iterable[Any] = observations[observations["status"] == "reported"].itertuples(index=False)
    for row in reported:
        indicator = figures.catalogue.indicators[row.indicator]
        rows += [_line(row, recomputed, words) for recomputed, words in _problems(indicator, row, figures)]
    return rows


def _problems(indicator: Indicator, row, figures: TableFigures) -> Iterator[tuple[str, str]]:
    quarter = Span(row.financial_year, (row.quarter,))
    stated = write_number(row.value, share=indicator.unit == "percent")
    if indicator.subgroup_of and indicator.unit == "count":
        group = figures.get(indicator.subgroup_of, quarter)
        if group is not None and group.certain and row.value > group.value:
            label = figures.catalogue.indicators[indicator.subgroup_of].label
            yield (
                write_number(group.value),
                f"{stated} in a part of {label!r}, which has {write_number(group.value)} in {quarter}",
            )
    printed = read_printed(f"{row.value:g}")
    if indicator.unit != "percent" or printed is None:
        return
    if pd.notna(row.numerator) and row.denominator and not is_print_of(printed, 100 * row.numerator / row.denominator):
        exact = write_number(100 * row.numerator / row.denominator, share=True)
        yield exact, f"{stated} beside {row.numerator:g} of {row.denominator:g}, which is {exact}"
    whole = figures.get(indicator.denominator, quarter) if indicator.denominator else None
    if whole is None or not whole.value:
        return
    part = figures.get(indicator.numerator, quarter) if indicator.numerator else None
    if part is not None and not is_print_of(printed, 100 * part.value / whole.value):
        exact = write_number(100 * part.value / whole.value, share=True)
        yield exact, f"{stated} in {quarter}, but {part.value:g} of {whole.value:g} is {exact}"
    elif part is None and not possible_numerators(printed, int(whole.value)):
        yield "", f"{stated} of {write_number(whole.value)} in {quarter} is no whole number"


def _line(row, recomputed: str, words: str) -> dict[str, str]:
    return {
        "claim_id": f"r-{row.indicator}-{row.financial_year}-q{row.quarter}",
        "location": f"{row.source_file}, row {row.source_row}, column {row.source_column}",
        "indicator": row.indicator,
        "kind": "table_figure",
        "stated": str(row.raw_value),
        "recomputed": recomputed,
        "verdict": "contradicted",
        "explanation": f"{words[:1].upper()}{words[1:]}.",
    }
