"""An analyst's words: read from YAML or Markdown, refused with file and line, shown as text with name and date."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from swp_analysis.errors import InputError
from swp_analysis.publish.commentary import insert_remarks, read_commentary

YAML = """\
- indicator: knife_violence
  name: Ann Example
  date: 2018-07-02
  words: |
    Two weeks of summer.

    <b>Not</b> the year.
- indicator: knife_violence
  name: Bob Example
  date: 2018-07-03
  words: I agree.
"""
MARKDOWN = """\
# knife_violence
By Ann Example, 2018-07-02

Two weeks of summer.

<b>Not</b> the year.

# knife_violence

By Bob Example, 2018-07-03
I agree.
"""


@pytest.fixture
def read(tmp_path, catalogue):
    def reader(text: str, suffix: str):
        path = tmp_path / f"words{suffix}"
        path.write_text(text, encoding="utf-8")
        return read_commentary(path, catalogue.indicators)

    return reader


def test_yaml_and_markdown_say_the_same(read):
    first, second = read(YAML, ".yml"), read(MARKDOWN, ".md")
    assert {name: [remark.words.strip() for remark in said] for name, said in first.items()} == {
        "knife_violence": ["Two weeks of summer.\n\n<b>Not</b> the year.", "I agree."]
    }
    assert first == second


@pytest.mark.parametrize(
    ("text", "suffix", "said"),
    [
        (YAML.replace("knife_violence", "knive_violence"), ".yml", "words.yml line 1: .*did you mean 'knife_violence'"),
        (YAML.replace("Bob Example\n  date", "Bob Example\n  day"), ".yml", "words.yml line 10: unknown key 'day'"),
        (YAML.replace("2018-07-03", "July"), ".yaml", "words.yaml line 10: 'date' is 'July'"),
        (MARKDOWN.replace("# knife_violence\n\nBy", "# knifes\n\nBy"), ".md", "words.md line 8: no indicator"),
        (MARKDOWN.replace("By Bob Example, ", ""), ".md", "words.md line 8: .*By NAME, YYYY-MM-DD"),
        (MARKDOWN.replace("2018-07-03", "2018-02-30"), ".md", "words.md line 8: 2018-02-30 is no date"),
        (YAML, ".txt", "read from .yml, .yaml or .md"),
        ("- indicator: [", ".yml", "not readable as YAML"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(read, text, suffix, said):
    with pytest.raises(InputError, match=said):
        read(text, suffix)


def test_a_file_that_is_not_there(tmp_path, catalogue):
    with pytest.raises(InputError, match="there is no such file"):
        read_commentary(tmp_path / "words.yml", catalogue.indicators)


def test_the_words_stand_below_the_finding_signed_and_escaped(read, catalogue):
    html = '<h3 id="k">Knives</h3><p class="why">Why</p><p class="finding">Rose.</p><h3>Other</h3><p>Text</p>'
    page, other = BeautifulSoup(html, "html.parser"), BeautifulSoup(html, "html.parser")
    insert_remarks(page, {"Knives": read(YAML, ".yml")["knife_violence"]})
    page = str(page)
    assert page.index("Rose.") < page.index("Two weeks") < page.index("I agree.") < page.index("Other")
    assert "&lt;b&gt;Not&lt;/b&gt; the year." in page
    assert "Comment by Ann Example, 2 July 2018." in page
    insert_remarks(other, {"Else": read(YAML, ".yml")["knife_violence"]})
    assert str(other) == html
