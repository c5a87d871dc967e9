"""An indicator is named by its label in either number, with articles or without, and with what it counts in front."""

import pytest

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judge_text import judge_passages
from swp_analysis.ingest.records import ReportPassage
from swp_analysis.quality.totals import annual_totals

LABELS = {
    "knife_violence": "Domestic burglary",
    "hate_crime": "Noise nuisance incidents",
    "marac_referrals": "MARAC cases",
    "firearm_violence": "Shop theft offences†",
    "personal_robbery": "Bike theft recorded*",
    "domestic_abuse_incidents": "Bike theft recorded by bicycle owners",
    "prevent_referrals": "Arson",
    "home_safety_checks": "Fly-posting incidents reported to the council",
    "sarc_referrals": "Damage to a parked car",
    "female_genital_mutilation_incidents": "Gang crimes",
    "personal_robbery_victims_10_24": "Anti-social behaviour incidents",
    "youth_custody_share": "Young people held (%)",
    "public_place_violence_with_injury": "Robbery - business",
    "serious_sexual_offence_victims_under_18": "Number of people killed or injured on the roads",
    "court_success_rate": "% of residents feeling safe after dark",
    "marac_repeat_cases": "Assaults on the staff (offences)",
    "marac_repeat_share": "Panels upheld (%)",
    "domestic_abuse_victims_under_18": "Number of panels upheld",
    "youth_justice_first_time_entrants": "Young people not in employment, education or training (NEET) at quarter end",
    "public_place_violence_with_injury_victims_10_24": "Admissions to hospital",
    "court_successful_outcomes": "Cars (stolen)",
    "serious_sexual_offences": "Youth panels held",
    "personal_robbery_offenders_10_24": "Unlawful street trading offences",
    "public_place_violence_with_injury_offenders_10_24": "Unauthorised school trips recorded",
    "forced_marriage_incidents": "All recorded crime",
    "honour_based_abuse_incidents": "Violence against the person",
}


@pytest.fixture(scope="module")
def figures(shipped, catalogue):
    """Give the shipped figures under other labels; those of 2017/18 are 221, 385, 651, 63; 55, 1,764, 47."""
    indicators = dict(catalogue.indicators)
    for name, label in LABELS.items():
        other = {"label": label, "short_label": label, "aliases": []}
        indicators[name] = indicators[name].model_copy(update=other)
    own = catalogue.model_copy(update={"indicators": indicators})
    totals = annual_totals(shipped.observations, indicators)
    return TableFigures(shipped.observations, totals, shipped.baselines, own)


@pytest.fixture(scope="module")
def judged(figures):
    """Give the verdicts on a sentence."""
    return lambda said: set(judge_passages([ReportPassage("1", "s1", said)], figures, "2017-18")["verdict"])


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("There were 221 domestic burglaries in 2017/18.", "confirmed"),
        ("There were 231 domestic burglaries in 2017/18.", "contradicted"),
        ("There were 385 incidents of noise nuisance in 2017/18.", "confirmed"),
        ("There were 395 incidents of noise nuisance in 2017/18.", "contradicted"),
        ("Shop theft† rose from 33 to 63 in 2017/18.", "confirmed"),
        ("There were 73 shop thefts in 2017/18.", "contradicted"),
        ("There were 70 shop theft incidents in 2017/18.", "not judged"),
        ("There were 70 shop theft reports in 2017/18.", "not judged"),
        ("There were 70 shop theft detections in 2017/18.", "not judged"),
        ("Bike theft stood at 70 in 2017/18.", "not judged"),
        ("There were 70 non-domestic burglaries in 2017/18.", "not judged"),
        ("There were 70 attempted domestic burglaries in 2017/18.", "not judged"),
        ("There were 70 incidents of noise nuisance by students in 2017/18.", "not judged"),
        ("There were 70 domestic burglary detections in 2017/18.", "not judged"),
        ("There were 70 cases of MARAC in 2017/18.", "not judged"),
        ("There were 1,151 business robberies in 2017/18.", "confirmed"),
        ("There were 1,251 business robberies in 2017/18.", "contradicted"),
        ("There were 1,251 robberies in 2017/18.", "not judged"),
        ("There were 574 stolen cars in 2017/18.", "confirmed"),
        ("336 people were killed or injured on our roads in 2017/18.", "confirmed"),
        ("There were 346 people killed or injured on the roads in 2017/18.", "contradicted"),
        ("There were 346 people killed on the roads in 2017/18.", "not judged"),
        ("76% of residents felt safe after dark in Q4.", "confirmed"),
        ("86% of residents feel safe after dark in Q4.", "contradicted"),
        ("86% of residents who feel safe after dark in Q4 were men.", "not judged"),
        ("86% of residents felt unsafe after dark in Q4.", "not judged"),
        ("There were 466 hospital admissions in 2017/18.", "confirmed"),
        ("There were 476 hospital admissions in 2017/18.", "contradicted"),
        ("There were 231 staff-related assaults in 2017/18.", "contradicted"),
        ("There were 476 emergency hospital admissions in 2017/18.", "not judged"),
        ("There were 131 NEET young people in 2017/18.", "not judged"),
        ("NEET stood at 131 in 2017/18.", "contradicted"),
        ("The number of panels upheld stood at 292 in 2017/18.", "contradicted"),
        ("Panels upheld stood at 292 in 2017/18.", "not judged"),
        ("Upheld panels stood at 292 in 2017/18.", "not judged"),
        ("There were 221 assaults on staff in 2017/18.", "confirmed"),
        ("There were 231 staff assaults in 2017/18.", "contradicted"),
        ("There were 241 assault on staff offences in 2017/18.", "contradicted"),
        ("There were 615 youth panels in 2017/18.", "confirmed"),
        ("Shop-theft rose from 33 to 63 in 2017/18.", "confirmed"),
        ("Noise-nuisance incidents stood at 395 in 2017/18.", "contradicted"),
        ("ASB incidents stood at 132 in 2017/18.", "confirmed"),
        ("There were 142 incidents of ASB in 2017/18.", "contradicted"),
        ("ASB orders stood at 142 in 2017/18.", "not judged"),
        ("UST stood at 142 in 2017/18.", "not judged"),  # two rows have these initials
        ("Arson stood at 55 in 2017/18.", "confirmed"),
        ("Arson fell to 65 in 2017/18.", "contradicted"),
        ("Attempted arson fell to 65 in 2017/18.", "not judged"),
        ("Arson arrests fell to 65 in 2017/18.", "not judged"),
        ("Arson of sheds fell to 65 in 2017/18.", "not judged"),
        ("Fly-posting stood at 1,764 in 2017/18.", "confirmed"),
        ("There were 1,964 fly-posting incidents in 2017/18.", "contradicted"),
        ("There was damage to 57 parked cars in 2017/18.", "not judged"),
        ("Damage to parked cars stood at 57 in 2017/18.", "contradicted"),
        ("Damage stood at 57 in 2017/18.", "not judged"),
        ("Anti-social behaviour stood at 132 in 2017/18.", "confirmed"),
        ("Anti-social behaviour stood at 142 in 2017/18.", "contradicted"),
        ("Young people held stood at 25.2% in Q4.", "contradicted"),
        ("Gang membership stood at 57 in 2017/18.", "not judged"),
        ("The gang stood at 57 in 2017/18.", "not judged"),
        ("Total crime fell from 5 to 4 in 2017/18.", "confirmed"),
        ("The total number of recorded crimes stood at 9 in 2017/18.", "contradicted"),
        ("Recorded crime stood at 9 in 2017/18.", "contradicted"),
        ("Recorded crime of that kind stood at 9 in 2017/18.", "not judged"),
        ("There was no change in the number of violence against the person offences.", "confirmed"),
        ("There was a 3% increase in the number of hospital admissions.", "confirmed"),
        ("There was a 63% increase in the number of hospital admissions.", "contradicted"),
        ("There was a 3% increase in the rate of hospital admissions.", "not judged"),
    ],
)
def test_a_label_is_known_in_its_other_forms(judged, said, verdict):
    assert judged(said) == {verdict}


def test_a_word_with_a_hyphen_is_quoted_whole(figures):
    (words,) = judge_passages([ReportPassage("1", "s1", "Fly-tipping peaked at 40.")], figures, "2017-18")["words"]
    assert words == "Fly-tipping peaked at 40"


def test_the_first_word_that_is_not_known_is_named_and_a_way_out_where_a_label_has_it(figures):
    said = ["Knife crime in Heath Town rose to 40.", "We had 40 bicycle owners.", "Only domestic burglary rose."]
    passages = [ReportPassage(str(number), f"s{number}", one) for number, one in enumerate(said)]
    explained = judge_passages(passages, figures, "2017-18")["explanation"]
    known = "Not every word around it is understood: "
    assert explained[0] == f"{known}'Heath'."
    assert explained[1].startswith(f"{known}'bicycle'; if it names 'Bike theft recorded by bicycle owners', ")
    assert explained[2] == f"{known}'only'."
