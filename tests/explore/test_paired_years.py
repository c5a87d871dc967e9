"""Two years of one series: only what both have is compared, and the words say which periods that is."""

from __future__ import annotations

import pandas as pd
import pytest

from swp_analysis import explore
from swp_analysis.errors import InputError

PERIODS = [f"Q{quarter} {year}" for year in ("2018/19", "2019/20") for quarter in (1, 2, 3, 4)]


def quarters(values: list[float | None], **more: object) -> pd.DataFrame:
    return pd.DataFrame({"period": PERIODS, "value": values, "label": "Fires", **more})


def test_a_year_that_lacks_a_quarter_is_not_called_the_year():
    late = quarters([42, 38, 71, 60, 21, 18, 39, None])
    change = explore.change(late)
    assert change.sentence.startswith("Fires fell from 151 in Q1–Q3 2018/19 to 78 in Q1–Q3 2019/20; ")
    assert change.frame["comparison"][0] == "Q1–Q3 2019/20 against Q1–Q3 2018/19"
    assert explore.slope(late).sentence == "Fires: from 151 in Q1–Q3 2018/19 to 78 in Q1–Q3 2019/20."
    assert "in Q1–Q3 2019/20 (" in explore.rate(late, 100_000).sentence


def test_months_that_both_years_have_are_named():
    months = pd.Series(range(10, 28), index=pd.period_range("2018-04", periods=18, freq="M"), name="Vans")
    assert "in Apr–Sep 2018/19 to" in explore.change(months).sentence


def test_a_count_on_a_day_is_never_added_up():
    homes = quarters([212, 220, 231, 240, 251, 266, 271, 283], kind="stock", unit="count")
    assert explore.slope(homes).sentence == "Fires: from 240 in Q4 2018/19 to 283 in Q4 2019/20."
    assert explore.rate(homes, 1000).sentence.startswith("Fires: 283 per 1,000 residents in Q4 2019/20")
    with pytest.raises(InputError, match="a count on a day can't be added up to a year and tested; year_on_year"):
        explore.change(homes)


def test_a_percentage_is_of_its_last_quarter_and_tested_where_its_numbers_are_known():
    numbers = {"numerator": [570, 596, 606, 599, 672, 715, 675, 660], "denominator": [1500] * 4 + [1600] * 4}
    values = [round(100 * n / of, 1) for n, of in zip(*numbers.values(), strict=True)]
    bare = quarters(values, unit="percent", kind="rate")
    assert explore.slope(bare).sentence == "Fires: from 39.9% in Q4 2018/19 to 41.2% in Q4 2019/20."
    with pytest.raises(InputError, match="percentages whose numbers are known, can be tested; year_on_year"):
        explore.change(bare)
    known = explore.change(bare.assign(**numbers))
    assert known.sentence.startswith("Fires rose from 39.5% in 2018/19 to 42.5% in 2019/20; ")
    assert known.frame[["lower", "points", "upper"]].round(1).to_numpy().tolist()[0][1] == 3.0
    with pytest.raises(InputError, match="whose numbers are known"):
        explore.change(bare.assign(**numbers).replace(570, None))


def test_what_is_tested_alone_is_an_early_sign_at_most():
    clear = explore.change(quarters([10, 12, 9, 11, 90, 95, 99, 92]))
    assert clear.sentence.endswith("; an early sign of a change.")
    assert "Tested alone" in clear.caveats[-1]
    same = explore.change(quarters([10, 12, 9, 11, 10, 12, 9, 11])).sentence
    assert same == "Fires did not change: 42 in 2018/19 and 42 in 2019/20; no clear change."


@pytest.mark.parametrize("odd", [-3, 2.5])
def test_what_is_no_count_is_not_tested_as_one_and_the_way_out_is_named(odd):
    balance = quarters([odd, 12, 9, 11, 10, 12, 9, 11])
    with pytest.raises(InputError, match=r"only counts, and percentages .* can be tested; year_on_year"):
        explore.change(balance)
    with pytest.raises(InputError, match="A rate needs counts"):
        explore.rate(balance, 1000)


def test_what_a_chart_of_many_series_leaves_out_is_named():
    many = {f"Fires {place}": quarters([10, 12, 9, 11, 10, 12, 9, 11]) for place in range(26)}
    assert explore.small_multiples(many).caveats[0] == "Left out, as only 24 are drawn: Fires 24, Fires 25."
    few = {"Fires": many["Fires 0"], "Floods": quarters([3, 4, 5, 6, *[None] * 4])}
    for answer in (explore.year_on_year(few), explore.slope(few)):
        assert answer.caveats[0] == "Left out, without two years of the same periods: Floods."


def test_only_periods_with_a_figure_of_every_series_are_called_whole():
    parts = {"Fires": quarters([None, 4, 5, 6, *[None] * 4]), "Floods": quarters([3, None, 5, 6, *[None] * 4])}
    assert explore.table(parts).sentence == "Fires, Floods: 4 quarters, 2 with every figure."


def test_the_names_of_many_lines_stay_within_the_chart():
    figure = explore.slope({f"Fires {place}": quarters([10] * 8) for place in range(20)}).figure
    top = figure.axes[0].get_ylim()[1]
    assert max(text.xy[1] for text in figure.axes[0].texts) <= top
