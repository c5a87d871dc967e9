"""Plain tables with months in quarters in years, hidden and attacked: no word here about crime or KPIs."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest

from swp_analysis.engines.small_numbers.attack import ExposedError, attack_editions, require_safe
from swp_analysis.engines.small_numbers.cells import CELL_COLUMNS, SUM_COLUMNS, Edition, Links, Tables
from swp_analysis.engines.small_numbers.figures import read_figures
from swp_analysis.engines.small_numbers.hide import hide_figures, hide_small

NAN = float("nan")
YEAR = "2024"
INSIDE = {(YEAR, f"Q{q}"): tuple(f"M{3 * q + m:02}" for m in (-2, -1, 0)) for q in (1, 2, 3, 4)}
LINKS = Links(inside=INSIDE)


def print_counts(series: str, counts: dict[str, int], total: float | None = None) -> Tables:
    """A count a period, and the year's sum of the quarters."""
    nothing = dict.fromkeys(["lower", "upper", "numerator", "denominator"], NAN)
    place = {"area": "park", "series": series, "year": YEAR, "status": "reported"}
    cells = [place | nothing | {"period": p, "value": float(n), "printed": str(n)} for p, n in counts.items()]
    whole = {"periods": "Q1,Q2,Q3,Q4", "value": total, "printed": "", "quoted": False}
    sums = [place | nothing | whole] if total is not None else []
    return Tables(pd.DataFrame(cells, columns=CELL_COLUMNS), pd.DataFrame(sums, columns=SUM_COLUMNS))


def with_quarters(months: list[int], shown: list[int]) -> Tables:
    """Twelve months with their quarters and their year; months that are not `shown` are in no table."""
    quarters = {f"Q{q + 1}": sum(months[3 * q : 3 * q + 3]) for q in range(4)}
    printed = {f"M{m:02}": months[m - 1] for m in shown}
    return print_counts("bites", printed | quarters, sum(months))


def statuses(tables: Tables) -> dict[str, str]:
    return dict(zip(tables.cells["period"], tables.cells["status"], strict=True))


def test_a_month_is_not_given_away_by_its_quarter():
    tables = with_quarters([3, 9, 8, *[20] * 9], [1, 2, 3])
    naked = hide_figures(tables, read_figures(tables, LINKS, 5), secondary=False)
    found = attack_editions([Edition(naked.tables, 5)], LINKS)
    assert found[["period", "lower", "upper", "safe"]].values.tolist() == [["M01", 3, 3, False]]
    hidden = hide_small(tables, LINKS, 5)
    assert [statuses(hidden.tables)[month] for month in ("M01", "M02", "M03", "Q1")] == ["withheld"] * 3 + ["reported"]
    assert require_safe([Edition(hidden.tables, 5)], LINKS)["safe"].all()


def test_a_quarter_is_not_given_away_by_its_months():
    """A withheld quarter whose three months stand beside it would protect nothing."""
    tables = with_quarters([1, 1, 1, *[9] * 9], list(range(1, 13)))
    hidden = statuses(hide_small(tables, LINKS, 5).tables)
    assert hidden["Q1"] == "suppressed"
    other = next(quarter for quarter in ("Q2", "Q3", "Q4") if hidden[quarter] == "withheld")
    assert {hidden[month] for month in (*INSIDE[YEAR, "Q1"], *INSIDE[YEAR, other])} == {"withheld"}
    assert require_safe([Edition(hide_small(tables, LINKS, 5).tables, 5)], LINKS)["safe"].all()


def test_some_months_of_a_quarter_are_no_more_than_it():
    """Of a quarter of 6, two months are printed, 2 and 4: together they are no more than 6, so neither is said."""
    hidden = hide_small(with_quarters([2, 4, 0, *[9] * 9], [1, 2, 4]), LINKS, 5)
    assert [statuses(hidden.tables)[period] for period in ("M01", "M02", "M04")] == ["withheld", "withheld", "reported"]
    assert require_safe([Edition(hidden.tables, 5)], LINKS)["safe"].all()


def test_head_counts_are_not_added_up():
    tables = with_quarters([3, 3, 3, *[9] * 9], [1, 2, 3])
    tables = Tables(tables.cells[tables.cells["period"] != "Q1"], tables.sums.iloc[:0])
    stocks = Links(inside=INSIDE, stocks=frozenset({"bites"}))
    hidden = hide_small(tables, stocks, 5)
    assert hidden.log["why"].str.startswith("primary").all()


@pytest.mark.parametrize("seed", range(25))
def test_random_months_hold(seed):
    random = Random(seed)
    most = random.choice([3, 6, 12, 40])
    months = [random.randint(0, most) for _ in range(12)]
    shown = sorted(random.sample(range(1, 13), random.choice([2, 5, 9, 12])))
    hidden = hide_small(with_quarters(months, shown), LINKS, 5)
    assert require_safe([Edition(hidden.tables, 5)], LINKS)["safe"].all()


def test_what_readers_hold_already_is_worked_around_or_refused():
    before = with_quarters([20, 20, 20, *[9] * 9], [1, 2, 3])
    held = Edition(hide_small(before, LINKS, 5).tables, 5)
    assert statuses(hide_small(before, LINKS, 5, [held]).tables) == statuses(held.tables)
    naked = Edition(with_quarters([3, 9, 8, *[20] * 9], [1, 2, 3]), 5)
    with pytest.raises(ExposedError) as refused:
        hide_small(naked.tables, LINKS, 5, [naked])
    assert ("bites", YEAR, "M01") in refused.value.cells
    assert "3" not in str(refused.value)
