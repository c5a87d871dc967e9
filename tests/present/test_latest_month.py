"""A month whose quarter is not over is shown apart, protected like any figure, and compared with nothing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from swp_analysis.publish.release import write_snapshot


@pytest.fixture(scope="module")
def with_months(shipped, brief):
    """Makes a briefing of the shipped year and one more month of two indicators."""
    quarters = shipped.everything
    one = quarters[(quarters["indicator"] == "hate_crime") & quarters["quarter"].notna()].iloc[[-1]]
    month = one.assign(financial_year="2018-19", quarter=pd.NA, period_start="2018-04-01", period_end="2018-04-30")
    more = pd.concat([month.assign(value=40.0), month.assign(indicator="knife_violence", value=3.0)])
    evidence = replace(shipped, everything=pd.concat([quarters, more], ignore_index=True))
    return lambda audience: brief(audience, evidence)


@pytest.mark.parametrize(("audience", "knives"), [("internal", "3"), ("partners", "<5")])
def test_the_latest_month_stands_apart_from_the_quarters(with_months, partners, audience, knives):
    briefing = with_months(audience)
    html = briefing.at_a_glance("hate_crime", "knife_violence")._repr_html_()
    table = html[html.index("The latest month") :]
    assert "April 2018" in table
    assert ">40<" in table
    assert f">{knives.replace('<', '&lt;')}<" in table
    assert "latest month" not in briefing.at_a_glance("personal_robbery")._repr_html_()
    assert len(briefing.data.observations) == len(partners.data.observations)
    assert len(briefing.series["hate_crime"].points) == len(partners.series["hate_crime"].points)


def test_the_next_edition_knows_the_months_that_were_given_away(with_months, tmp_path):
    write_snapshot(tmp_path, with_months("partners").given_away)
    kept = (tmp_path / "data" / "observations.csv").read_text(encoding="utf-8")
    assert kept.count("2018-04-30") == 2
