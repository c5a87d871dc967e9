"""The claims section holds nothing that an audience may not see, and the words of the source only for analysts."""

import re
from dataclasses import replace

import pytest

from swp_analysis.audit.audit_year import audit_year
from swp_analysis.disclosure import protect
from swp_analysis.present.quality_tables import WITHHELD, hide_claims
from swp_analysis.quality.totals import annual_totals
from tests.conftest import SHIPPED, YEAR


@pytest.fixture(scope="module")
def judged(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    folder = SHIPPED / "data" / "raw" / YEAR
    audit = audit_year(folder, YEAR, shipped.observations, totals, shipped.baselines, catalogue, shipped.report)
    data = protect(shipped.observations, shipped.baselines, totals, catalogue.indicators, threshold=5)
    return audit, data


def test_a_claim_about_a_hidden_row_is_withheld(judged, catalogue):
    audit, data = judged
    shown = hide_claims(audit.claims, data, catalogue, 5).set_index("claim_id")
    for claim_id in ("c119", "c120", "c132", "b-youth_custody_share"):
        assert tuple(shown.loc[claim_id, ["stated", "recomputed", "verdict", "explanation"]]) == (
            "–",
            "",
            "withheld",
            WITHHELD,
        )


def test_nothing_is_withheld_from_analysts(judged, catalogue):
    audit, data = judged
    assert "withheld" not in set(hide_claims(audit.claims, data, catalogue, 0)["verdict"])


def test_the_section_shows_what_does_not_hold(judged, partners):
    audit, data = judged
    html = replace(partners, claims=audit.claims.assign(words=""), data=data).audit()._repr_html_()
    assert "33 to 63 in the table; 37 to 64 in the text" in html
    assert "2 to 1" not in html
    assert "<caption>" in html


def test_words_of_the_source_are_for_analysts_only(judged, brief):
    audit, data = judged
    claims = audit.claims.assign(words="so it <b>stands</b> there")
    partners, internal = (
        replace(brief(name), claims=claims, data=data).audit()._repr_html_() for name in ("partners", "internal")
    )
    assert "stands" not in partners
    assert "so it &lt;b&gt;stands&lt;/b&gt; there" in internal


@pytest.mark.parametrize("audience", ["internal", "partners", "public"])
def test_what_is_said_of_trust_counts_only_what_these_readers_may_see(brief, audience):
    """Else the two counts on one page would tell how many statements about withheld figures hold."""
    briefing = brief(audience)
    trust, listed = briefing.trust().text, briefing.audit().parts[0].text
    held, judged = map(int, re.search(r"(\d+) of (\d+) statements", trust).groups())
    counted = {what: int(re.search(rf"(\d+) {what}", listed)[1]) for what in ("hold", "are contradicted")}
    assert (held, judged) == (counted["hold"], sum(counted.values()))
