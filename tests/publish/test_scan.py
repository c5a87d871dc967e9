"""The last gate: refuses what could be a hidden number where people typed it, and nothing that we wrote ourselves."""

from __future__ import annotations

import base64

import pandas as pd
import pytest
from matplotlib import pyplot

from swp_analysis import describe
from swp_analysis.catalogue.books import Progress
from swp_analysis.disclosure.published_figures import Unsaid
from swp_analysis.errors import RunError
from swp_analysis.publish.scan import Scanner, mark_author

# Partners see `<5` for the quarters of forced marriages, and no year's total.
LABEL, SHORT = "Forced marriage incidents recorded by the police", "Forced marriage incidents"


def drawing(text: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="ytick_1"><text>4</text></g><g><text>{text}</text></g></svg>'
    return f'<img alt="Chart of {SHORT}" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def table(caption: str, name: str, figure: str) -> str:
    return (
        f"<table><caption>{caption}</caption><tr><th>Row</th><th>2016/17</th></tr>"
        f"<tr><th>{name}</th><td>{figure}</td></tr></table>"
    )


TELLING = {
    "a sentence": f"<p>{SHORT} fell from 5 to 4.</p>",
    "a word": f"<p>{SHORT}: there were three in the spring.</p>",
    "a description": f'<figure><img alt="{SHORT}: Four in the first quarter."></figure>',
    "a cell": table("At a glance", LABEL, "4"),
    "a cell below a caption": table(LABEL, "Q2", "3"),
    "a drawing": f"<figure>{drawing('3')}</figure>",
    "printed": f"<pre>{SHORT} 3</pre>",
    "a list": f"<ul><li>{SHORT}</li><li>3</li></ul>",
    **{
        f"words: {words}": f"<p>{SHORT}: {words}</p>"
        for words in ("3 people in spring.", "That was 4 times.", "3.0 on average", "the 3rd of the year", "up by +4",
                      "half a dozen less a pair", "a single girl", "one young person", "between two and four cases",
                      "under 4 of them", "over 2", "<3", "x3 on last year", "a trio", "half-a-dozen less a couple",
                      "\N{CIRCLED DIGIT THREE} cases", "\N{SUPERSCRIPT THREE} cases", "th\u200bree", "th[U+200B]ree",
                      "\N{FULLWIDTH DIGIT THREE}", "thr\xadee", "two\N{NON-BREAKING HYPHEN}or three",
                      "III cases", "there were iv.", "\N{ROMAN NUMERAL THREE} victims", "both were girls",
                      "both of them", "in both cases", "they tripled", "doubled", "threefold", "a three-fold rise",
                      "9 times as many",
                      "three times as many as before", "twice the number", "half as many", "a couple more",
                      "a handful of three", "just once", "one in four", "half of them", "a third of the victims",
                      "three quarters of these",
                      "the third victim", "the only case", "a trio", "a foursome", "fell by half")
    },
}  # fmt: skip
HARMLESS = {
    "another indicator": f"<p>{SHORT} are withheld.</p><p>Hate crime rose by 4.</p>",
    "an axis": f"<figure>{drawing('withheld')}</figure>",
    **{
        f"words: {words}": f"<p>{SHORT}: {words}</p>"
        for words in (
            "Reported 3 days later, on 4 May 2017.", "One of the forces changed its system in Q3.", "<5 in Q1",
            "one's own family", "no one, or one after another", "girls aged 2 to 4, and 4-year-olds", "section 4",
            "Of children under 4, of girls between 2 and 4 and of under-3s.", "Twenty-three days", "<5",
            "Both boroughs, both years, both forms of crime; both the police and the council.", "World War II, Part IV",
            "(ii) what is recorded", "I report, IV drug use, R v Smith", "half the year, the second half of 2017",
            "a quarter of a century, three quarters of the year", "a third party, the second report", "double counting",
            "where a couple live together, as a couple", "a couple of years", "once the police know", "no one in 2017",
            "the only service", "a single point of contact", "The first quarter", "a handful of cases",
            "33 per cent up",
        )
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def scanner(partners):
    return Scanner(partners.data, partners.catalogue.indicators)


@pytest.mark.parametrize("html", TELLING.values(), ids=TELLING)
def test_what_could_be_a_hidden_number_is_refused_where_somebody_typed_it(scanner, html):
    with pytest.raises(RunError, match=r"page\.html .* beside Forced marriage incidents"):
        scanner.judge_page("page.html", f"<h2>What we know</h2>{mark_author(html)}")


@pytest.mark.parametrize("html", TELLING.values(), ids=TELLING)
def test_what_we_wrote_from_protected_figures_is_not_looked_at(scanner, html):
    scanner.judge_page("page.html", html)


@pytest.mark.parametrize("html", HARMLESS.values(), ids=HARMLESS)
def test_other_numbers_are_left_alone(scanner, html):
    scanner.judge_page("page.html", mark_author(html))


@pytest.mark.parametrize("part", ["<h3>{}</h3>", "<h1>{}</h1>"])
def test_words_belong_to_the_heading_above_them(scanner, part):
    with pytest.raises(RunError):
        scanner.judge_page("page.html", part.format(LABEL) + mark_author("<p>We know of 3 in all.</p>"))


def test_the_error_does_not_tell_the_number(scanner):
    with pytest.raises(RunError) as refused:
        scanner.judge_page("page.html", mark_author(f"<p>{SHORT}: 3, 3 and 3.</p>"))
    assert "3" not in str(refused.value)
    assert "say it without the number" in str(refused.value)


def test_a_number_is_refused_whether_or_not_it_is_the_true_one(scanner):
    """Robberies by offenders of 10 to 24: Q4 is a 3 and shown as `<5`, Q1 is 13 and withheld; the year is 28."""
    name = "personal_robbery_offenders_10_24"
    assert [number for number in range(1, 30) if scanner.tells(name, f"There were {number}.")] == [1, 2, 3, 4, 13, 14]


def test_a_multiple_or_share_that_the_shown_figures_give_may_be_said(scanner):
    """Robberies by offenders of 10 to 24 went from 47 to 28 over the year, and from 13 or 14 to a hidden quarter."""
    name = "personal_robbery_offenders_10_24"
    assert not scanner.tells(name, "It was 1.68 times the number of the year after.")
    assert scanner.tells(name, "It was 1.5 times the number of the year after.")
    assert scanner.tells("youth_custody_share", "A quarter of them were given custody.")
    assert not scanner.tells("knife_violence", "It doubled, and half of them were girls.")


def test_what_readers_know_anyway_may_be_said(scanner, partners):
    name = "personal_robbery_offenders_10_24"
    rows = partners.data.observations.query("indicator == @name and status == 'reported'")
    for number in rows["value"]:
        assert not scanner.tells(name, f"Of these, {number:.0f} were in one quarter.")
    assert not scanner.tells(name, "It fell from 47 to 28.")


def test_typed_words_are_looked_at_before_anything_runs(scanner):
    """Also those on an indicator that has no section on any page, whose comments stand in the annex alone."""
    assert scanner.tells("forced_marriage_incidents", "Hate crime aside, there were 3 people.")
    assert not scanner.tells("forced_marriage_incidents", "We hear of more on 3 March.")
    assert not scanner.tells("knife_violence", "There were 3 people.")


def told_of_indicator(catalogue):
    told = catalogue.indicators["forced_marriage_incidents"].model_copy(update={"caveats": ["There were 3 this year."]})
    return {"indicators": {**catalogue.indicators, told.id: told}}


def told_in_words(catalogue):
    told = catalogue.indicators["forced_marriage_incidents"].model_copy(update={"caveats": ["There were only three."]})
    return {"indicators": {**catalogue.indicators, told.id: told}}


def told_by_work(catalogue):
    progress = Progress(label=f"{SHORT} that we were told of", values={"March": 3})
    year = catalogue.delivery["2017-18"]
    work = [year.work[0].model_copy(update={"progress": [progress]})]
    return {"delivery": {"2017-18": year.model_copy(update={"work": work})}}


def told_of_recording(catalogue):
    change = catalogue.recording_breaks[0].model_copy(update={"effect": f"{SHORT} fell to 3."})
    return {"recording_breaks": [change]}


@pytest.mark.parametrize("tell", [told_of_indicator, told_in_words, told_by_work, told_of_recording])
def test_the_partnership_s_own_files_are_looked_through(scanner, catalogue, tell):
    scanner.require_silent(catalogue)
    with pytest.raises(RunError, match="partnership's files has a number beside Forced marriage incidents"):
        scanner.require_silent(catalogue.model_copy(update=tell(catalogue)))


def test_the_words_of_a_chart_or_frame_of_one_s_own_are_looked_at_and_its_figures_are_not(scanner):
    figure, axes = pyplot.subplots()
    axes.set_title(f"{SHORT}: 3")
    frame = pd.DataFrame({"indicator": [SHORT], "quarters suppressed": [4]})
    for telling in (describe(figure, f"{SHORT} by quarter"), describe(frame, f"{SHORT}: there were 3 in spring")):
        with pytest.raises(RunError):
            scanner.judge_page("page.html", telling._repr_html_())
    scanner.judge_page("page.html", describe(frame, f"{SHORT} by status")._repr_html_())


def test_nothing_is_refused_where_nothing_is_hidden(internal):
    scanner = Scanner(internal.data, internal.catalogue.indicators)
    scanner.judge_page("page.html", mark_author(f"<p>{SHORT}: 3.</p>"))


def test_a_multiple_may_be_of_a_hidden_count():
    """22 shown and 1 to 4 hidden: seven times as many would leave nothing but 3."""
    unsaid = Unsaid(frozenset({(1.0, 4.0)}), frozenset(), {"": {22.0}, "x": {9.0}})
    assert [unsaid.holds(printed) for printed in ("7x", "22x", "3x", "9x", "30x", "7")] == [True] * 3 + [False] * 3
