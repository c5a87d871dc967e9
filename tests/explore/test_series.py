"""Any figures in, a series out: indicators by name, Series, frames of every shape, and what is none."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from swp_analysis import explore, load
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.models import RebaseEntry
from swp_analysis.errors import InputError
from swp_analysis.explore import named_series
from swp_analysis.explore.named_series import read_many, read_series, shared_periods
from swp_analysis.explore.period_index import name_period
from swp_analysis.project import PROJECT_VARIABLE
from tests.conftest import SHIPPED

QUARTERS = ["Q1 2018/19", "Q2 2018/19", "Q3 2018/19", "Q4 2018/19"]


@pytest.mark.parametrize(
    ("index", "names"),
    [
        (QUARTERS, QUARTERS),
        (["2018-19 Q1", "2018-19 Q2"], QUARTERS[:2]),
        (["2018/19", "2019/20"], ["2018/19", "2019/20"]),
        ([2018, 2019], ["2018", "2019"]),
        (["2018-04", "2018-05"], ["April 2018", "May 2018"]),
        (["1 April 2018", "1 July 2018"], QUARTERS[:2]),
        (["01/04/2018", "01/07/2018"], QUARTERS[:2]),
        (pd.to_datetime(["2018-04-01", "2018-05-01"]), ["April 2018", "May 2018"]),
        (pd.period_range("2018-04", periods=2, freq="Q-MAR"), QUARTERS[:2]),
    ],
)
def test_periods_are_read_as_people_write_them(index, names):
    found = read_series(pd.Series(range(len(index)), index=index)).values
    assert [name_period(period) for period in found.index] == names


def test_a_gap_stays_a_gap_and_order_is_that_of_time():
    found = read_series(pd.Series([3, 1], index=["Q4 2018/19", "Q1 2018/19"]))
    assert found.values.tolist()[::3] == [1, 3]
    assert found.values.isna().tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("frame", "labels"),
    [
        (pd.DataFrame({"month": ["2018-04", "2018-05"], "count": [4, 6]}), ["Figures"]),
        (
            pd.DataFrame({"month": ["2018-04", "2018-05"], "Burglary": [4, 6], "Robbery": [1, 2]}),
            ["Burglary", "Robbery"],
        ),
        (pd.DataFrame({"area": ["A", "B"] * 2, "year": [2018, 2018, 2019, 2019], "value": [1, 2, 3, 4]}), ["A", "B"]),
        (pd.DataFrame({"A": [1, 2]}, index=QUARTERS[:2]), ["A"]),
    ],
)
def test_frames_of_every_shape_are_read(frame, labels):
    assert [one.label for one in read_many(frame)] == labels


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pd.Series([1, 2], index=["spring", "summer"]), "'spring' is not a period; write Q1|is not a period"),
        (
            pd.Series([1, 2], index=["Q1 2018/19"] * 2, name="Thefts"),
            r"Thefts: Q1 2018/19 stands twice; choose one area",
        ),
        (pd.DataFrame({"month": ["2018-04"], "note": ["x"]}), "no column of numbers"),
        (pd.Series([1, 2], index=["Jan 2024", "banana"]), "'banana' is not a period"),
        (pd.DataFrame({"month": ["2018-04", "2018-05"], "thefts": ["7", "<5"]}), "'<5' is no number; write the figure"),
        (7, "int holds no figures by period"),
        ([], "nothing to show"),
        ("knife crimes", "Did you mean .knife_violence."),
        ("FGM incidnts", "Did you mean .female_genital_mutilation_incidents."),
        ("Reducing re-offending", "Did you mean .reducing reoffending. or "),
        ("nife_violence", "Did you mean .knife_violence. or "),
    ],
)
def test_what_is_no_series_is_refused_with_the_way_out(data, said):
    with pytest.raises(InputError, match=said):
        read_series(data)


def test_quarters_as_pandas_counts_them_are_those_of_the_financial_year():
    """Before, they could not be compared with an indicator: both were quarters, and the refusal said so."""
    thefts = pd.Series([3, 5, 8], index=pd.period_range("2017Q3", periods=3, freq="Q"), name="Thefts")
    assert read_series(thefts).values.index[-1] == pd.Period("2018-03", "Q-MAR")


@pytest.mark.parametrize("wrong", [{"unit": "euro"}, {"good_direction": "down"}])
def test_a_unit_or_a_good_way_that_is_none_is_refused_with_those_there_are(wrong):
    with pytest.raises(InputError, match=r"is no (unit; choose one of count,|good_direction; choose one of lower,)"):
        read_series(pd.Series([1, 2], index=QUARTERS[:2]), **wrong)


def test_months_and_quarters_are_never_compared():
    months = pd.Series([1, 2, 3], index=["2018-04", "2018-05", "2018-06"], name="months")
    quarters = pd.Series([6, 7], index=QUARTERS[:2], name="quarters")
    with pytest.raises(InputError, match="mix months, quarters"):
        shared_periods(read_many(months, quarters))


@pytest.mark.parametrize(
    ("months", "counts"),
    [
        (["Apr-23", "May-23", "Jun-23"], [3, 4, 5]),
        (["2023-04", "2023-05", "2023-06"], ["3", "4", "5"]),
        (["01/04/2023", "01/05/2023", "01/06/2023"], [3, None, 5]),
        (["April 2023", "May 2023", "June 2023"], ["1,003", " ", "1,005"]),
    ],
)
def test_months_and_numbers_are_read_as_people_type_them(months, counts):
    frame = pd.DataFrame({"Month": months, "Count": counts})
    one = read_series(frame)
    assert [name_period(period) for period in one.values.index] == ["April 2023", "May 2023", "June 2023"]
    assert one.values.iloc[-1] % 1000 == 5


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pd.Series([], dtype=float), "nothing to show"),
        (pd.Series([None, None], index=QUARTERS[:2]), "nothing to show"),
        (pd.Series([1, float("inf")], index=QUARTERS[:2]), "A figure without end is no number"),
        (pd.Series([1, 2], index=["Apr-23", "2023/24"]), "'Apr-23' is not a period"),
        (pd.Series(["<5", "7"], index=["Apr-23", "May-23"]), "'<5' is no number; write the figure alone"),
        (pd.Series([1, 2], index=pd.DatetimeIndex(["2023-04-01", None])), "The series: a row does not say when"),
        (pd.DataFrame({"x": [1, 2], "y": [3, 4]}), "No column says when; call the one that does"),
    ],
)
def test_what_is_no_series_is_refused_in_a_sentence(data, said):
    with pytest.raises(InputError, match=re.escape(said)):
        read_series(data)


def test_a_month_is_named_by_its_calendar_year_and_one_series_moves_most_of_nothing():
    vans = pd.Series(range(10, 46), index=pd.period_range("2021-04", periods=36, freq="M"), name="Vans")
    for look in (explore.year_on_year, explore.heatmap):
        assert "45 in March 2024" in look(vans).sentence
    for look in (explore.index_to, explore.slope):
        assert "most" not in look(vans).sentence


def test_a_year_that_is_blank_is_no_year_without_cases():
    fires = pd.Series(
        [8, 9, 7, 6, None, None, None, None], index=[*QUARTERS, *(q.replace("2018/19", "2019/20") for q in QUARTERS)]
    )
    assert "2018/19" in explore.rate(fires.rename("Fires"), 1000).sentence
    with pytest.raises(InputError, match="no two years"):
        explore.year_on_year(fires)
    with pytest.raises(InputError, match="'many' is no number of residents"):
        explore.rate(fires, "many")


def test_periods_without_an_exact_figure_are_said():
    counts = [5, 7, None, None, None, 4, 6, 5]
    index = [*QUARTERS, *(name.replace("2018/19", "2019/20") for name in QUARTERS)]
    gappy = explore.trend(pd.Series(counts, index=index, name="Referrals"))
    assert gappy.sentence == "Referrals: 5 in Q4 2019/20; the 5 quarters with a figure range from 4 to 7."
    assert gappy.caveats[0].startswith("3 of 8 quarters have no exact figure and are left out: ")
    lowest = explore.trend(pd.Series([5, None, 4], index=QUARTERS[:3], name="Referrals"))
    assert lowest.sentence == "Referrals: 4 in Q3 2018/19, the lowest of 2 quarters with a figure."
    whole = explore.trend(pd.Series([5, 7, 6], index=QUARTERS[:3], name="Referrals"))
    assert whole.sentence == "Referrals: 6 in Q3 2018/19; the 3 quarters range from 5 to 7."
    assert whole.caveats == ()


def test_bounded_quarters_of_the_own_tables_are_said_with_owner_and_file(built, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(SHIPPED))
    known = explore.trend("knife_violence")
    assert known.source.endswith(" (gangs_and_youth_crime.csv)")
    rows = load(periods="quarters").query("indicator == 'knife_violence'")
    small = rows.index[:3]
    bounded = rows.assign(value=rows["value"].astype(float))
    bounded.loc[small, ["value", "status"]] = [float("nan"), "suppressed"]
    assert "the highest of 5 quarters with a figure" in explore.trend(bounded).sentence
    assert any(one.startswith("3 of 8 quarters have no exact figure") for one in explore.trend(bounded).caveats)


def test_a_name_that_would_be_cut_off_is_written_whole():
    names = {"short_label": "Residential burglary…", "label": "Residential burglary offences"}
    frame = pd.DataFrame({"period": QUARTERS, "value": [4, 3, 2, 1], **names})
    assert read_series(frame).label == "Residential burglary offences"
    assert read_series(frame.assign(label="Residential burglary " + "x" * 50)).label == "Residential burglary…"


def test_an_answer_on_an_indicator_with_a_new_level_says_so(built, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(SHIPPED))
    day = {"date_from": "2017-10-01", "entered_on": "2017-10-20"}
    entry = RebaseEntry(indicator="knife_violence", reason="Axes count.", entered_by="A. Analyst", **day)
    own = load_catalogue().model_copy(update={"rebases": [entry]})
    monkeypatch.setattr(named_series, "load_catalogue", lambda: own)
    said = "New level since October 2017: Axes count (entered by A. Analyst on 20 October 2017)."
    assert said in explore.change("knife_violence").caveats
    assert said not in explore.change("firearm_violence").caveats


def test_a_chart_without_limits_calls_no_point_common_cause(built, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(SHIPPED))
    few = pd.Series([3, 5, 4, 6, 5], index=pd.period_range("2020-01", periods=5, freq="M"))
    assert set(explore.control_chart(few).frame["rule broken"]) == {""}
    assert set(explore.control_chart("knife_violence").frame["rule broken"]) == {"", "Above UCL"}


def test_periods_that_no_series_has_reached_yet_are_not_the_newest():
    """A year's open quarters stand in its tables: no figure was at its highest in the last of them."""
    year = pd.period_range("2018Q1", periods=4, freq="Q-MAR")
    begun = pd.DataFrame({"Thefts": [3, 5, None, None], "Fires": [2, 1, None, None]}, index=year)
    assert explore.heatmap(begun).sentence == "At their highest in Q2 2017/18: Thefts."
