"""What a kernel offers when Tab is pressed, in quotes and out of them."""

from __future__ import annotations

import pytest

from swp_analysis.explore.completion import complete_string
from tests.explore.conftest import DEADLINE

BEFORE = "from swp_analysis import *\nfrom swp_analysis import open_briefing\nbriefing = open_briefing()"


@pytest.fixture(scope="module")
def press_tab(kernel):
    """Gives the completions of a cell's text, and the part of it that they take the place of."""
    client = kernel.client()
    client.start_channels()
    client.wait_for_ready(timeout=DEADLINE)
    client.execute_interactive(BEFORE, timeout=DEADLINE, output_hook=lambda message: None)

    def press(code: str) -> tuple[list[str], str]:
        answer = client.complete(code, reply=True, timeout=DEADLINE)["content"]
        return answer["matches"], code[answer["cursor_start"] : answer["cursor_end"]]

    yield press
    client.stop_channels()


@pytest.mark.parametrize(
    ("code", "first", "replaces"),
    [
        ('briefing.indicator("', "knife_violence", ""),
        ("briefing.indicator('fire", "firearm_violence", "fire"),
        ('open_briefing().sections("vuln', "vulnerability", "vuln"),
        ('explore.trend("Violent crimes with a f', "Violent crimes with a firearm", "Violent crimes with a f"),
        ('explore.trend("under 19', "Domestic abuse of under 19s", "under 19"),
        ('explore.compare("knife_violence", "fire', "firearm_violence", "fire"),
        ('explore.index_to(["knife_violence", "fire', "firearm_violence", "fire"),
        ('x = f(1, "a")\nexplore.trend(  "fire', "firearm_violence", "fire"),
        ('peers.compare("wolv', "Wolverhampton", "wolv"),
        ('peers.compare("Wolverhampton", "rob', "robbery", "rob"),
        ('peers.compare("Wolverhampton", with_=["Sand', "Sandwell", "Sand"),
        ('crime.series(group="burg', "burglary", "burg"),
        ("load().query('indicator == \"fire", "firearm_violence", "fire"),
        ("explore.small_m", "small_multiples", "small_m"),
    ],
)
def test_names_are_offered(press_tab, code, first, replaces):
    offered, replaced = press_tab(code)
    assert offered[0].rpartition(".")[2] == first
    assert replaced.rpartition(".")[2] == replaces


@pytest.mark.parametrize("code", ["open('", 'print("', 'x = "', '# briefing.indicator("', 'briefing.indicator("a").'])
def test_other_strings_are_left_alone(press_tab, code):
    assert "knife_violence" not in press_tab(code)[0]


def test_an_indicator_that_is_added_later_completes_too(project):
    code = 'briefing.indicator("'
    assert "arson" not in complete_string(code)[1]
    theme = next((project.partnership / "indicators").glob("*.yml"))
    keys = "label: Arson, unit: count, kind: flow, good_direction: lower, owner: Fire service, definition: Fires"
    theme.write_text(theme.read_text(encoding="utf-8") + f"\n  - {{id: arson, {keys}}}\n", encoding="utf-8")
    assert "arson" in complete_string(code)[1]
