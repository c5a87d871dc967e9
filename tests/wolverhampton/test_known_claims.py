"""The typed claims of the shipped year: each known contradiction with its cause, and no true statement accused."""

import re

import pytest

from swp_analysis.audit.audit_year import CLAIM_COLUMNS, audit_year
from swp_analysis.audit.claims import read_typed_claims
from swp_analysis.errors import InputError
from swp_analysis.quality.totals import annual_totals
from tests.conftest import SHIPPED, YEAR

FOLDER = SHIPPED / "data" / "raw" / YEAR

# claim id -> verdict, and what its explanation must say. Everything else that is judged is true.
KNOWN = {
    "c012": ("different_scope", "one month only"),
    "c013": ("different_scope", "Of 12 rows"),
    "c016": ("contradicted", r"\+3\.3 points.*percentage points, not percent.*42\.4%.*Q4 2016/17"),
    "c026": ("different_scope", r"33\.9%.*Q4 2017/18"),
    "c033": ("contradicted", r"70 in the text; \+23 \(1,128 to 1,151\)"),
    "c035": ("contradicted", r"33 to 63.*37 to 64 gives 73%"),
    "c036": ("contradicted", "33 to 63 in the table; 37 to 64 in the text"),
    "c037": ("contradicted", "33 to 63 in the table; 37 to 64 in the text"),
    "c038": ("contradicted", r"132 in the table.*offender aged 10 to 24' \(28\)"),
    "c039": ("contradicted", r"130 to 132.*offender aged 10 to 24' \(47 to 28, −40\.4%\)"),
    "c041": ("contradicted", r"16\.5% in the text; \+15\.71% \(191 to 221\)"),
    "c050": ("contradicted", "384 in the text; the year is 385"),
    "c059": ("contradicted", "£378,430, not £378,390: £40 less"),
    "c071": ("contradicted", r"16\.5% in the text; \+15\.71% \(191 to 221\)"),
    "c114": ("different_scope", r"33\.9% \(221 of 651\).*Q4 2017/18"),
    "c117": ("contradicted", "direction column asks for an increase.*225 to 221"),
    "c119": ("contradicted", "2 in both in the text; 2 to 1"),
    "b-active_gang_members": ("different_scope", r"31 \+ 31 \+ 35: head counts"),
    "b-domestic_abuse_recordable_share": ("different_scope", r"44\.0\d%.*Q4 2016/17"),
    "b-youth_custody_share": ("contradicted", r"9\.9% in the text; the year is 15\.12% \(26 of 172\)"),
}
# True, and easily taken for wrong: cut off, the previous quarter, a small base, the number behind a share.
TRAPS = [
    "c009",
    "c017",
    "c020",
    "c045",
    "c048",
    "c061",
    "c065",
    "c066",
    "c076",
    "c077",
    "c081",
    "c083",
    "c099",
    "c109",
    "c116",
]
TRAPS += ["c118", "c122", "c123", "c126", "c132"]


@pytest.fixture(scope="module")
def audited(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    audit = audit_year(FOLDER, YEAR, shipped.observations, totals, shipped.baselines, catalogue, shipped.report)
    return audit.claims.set_index("claim_id", drop=False)


@pytest.mark.parametrize("claim_id", KNOWN)
def test_a_known_contradiction_is_found_with_its_cause(audited, claim_id):
    verdict, why = KNOWN[claim_id]
    assert audited.loc[claim_id, "verdict"] == verdict
    assert re.search(why, audited.loc[claim_id, "explanation"])


def test_no_true_statement_is_accused(audited):
    accused = audited[audited["verdict"].isin(["contradicted", "different_scope"])]
    assert set(accused.index) == set(KNOWN)


@pytest.mark.parametrize("claim_id", TRAPS)
def test_statements_that_only_look_wrong_are_confirmed(audited, claim_id):
    assert audited.loc[claim_id, "verdict"] == "confirmed"


def test_truncation_is_named(audited):
    assert "cut off instead of rounded" in audited.loc["c099", "explanation"]


def test_every_claim_has_one_sentence(audited):
    assert list(audited.columns) == CLAIM_COLUMNS
    assert audited["claim_id"].is_unique
    assert audited["explanation"].str.fullmatch(r"[^\n]+\.").all()


def test_what_has_no_table_is_not_judged(audited):
    untied = audited[(audited["indicator"] == "") & ~audited["kind"].isin(["budget", "achieved", "level"])]
    assert set(untied["verdict"]) == {"no_table"}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("c1,p,knife_crime,level,2017-18,1,offences,", "row 2: no indicator has the id 'knife_crime'"),
        ("c1,p,knife_violence,levle,2017-18,1,offences,", "row 2: the kind 'levle'"),
        ("c1,p,knife_violence,level,2017,1,offences,", "row 2: the period '2017' can't be read"),
        ("c1,p,,level,,1,,\nc1,p,,level,,1,,", "row 3: the id 'c1' is used twice"),
    ],
)
def test_a_typing_error_is_named_with_its_row(tmp_path, catalogue, broken, message):
    path = tmp_path / "claims.csv"
    path.write_text(f"claim_id,location,indicator,kind,period,stated,unit,direction\n{broken}\n", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        read_typed_claims(path, catalogue)
