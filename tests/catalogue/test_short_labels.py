"""A label that was cut for want of room still says which indicator it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError
from tests.conftest import SHIPPED


def with_indicators(folder: Path, entries: dict[str, str]) -> Path:
    """Copy the shipped partnership and add indicators to it: id and whatever lines name it."""
    for path in (SHIPPED / "partnership").rglob("*.*"):
        copy = folder / path.relative_to(SHIPPED / "partnership")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    rest = "    unit: count\n    kind: flow\n    good_direction: lower\n    owner: Police\n    definition: Offences.\n"
    added = "".join(f"\n  - id: {name}\n    {lines}\n{rest}" for name, lines in entries.items())
    path = folder / "indicators" / "vulnerability.yml"
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    return folder


def short_labels(folder: Path, *labels: str) -> list[str]:
    entries = {f"added_{place}": f"label: {label}" for place, label in enumerate(labels)}
    indicators = load_catalogue(with_indicators(folder, entries)).indicators
    return [indicators[name].short_label for name in entries]


def test_a_cut_never_ends_in_a_word_that_promises_more(tmp_path):
    assert short_labels(tmp_path / "a", "Thefts, first of the second of the third one") == [
        "Thefts, first of the second…"
    ]
    assert short_labels(tmp_path / "b", "Young people new to the youth justice system") == ["Young people new…"]


def test_a_long_label_loses_what_every_count_says_and_stays_whole_in_sentences(tmp_path):
    labels = ["Number of young people referred to the youth diversion scheme", "Number of needles found"]
    entries = {f"added_{place}": f"label: {label}" for place, label in enumerate(labels)}
    found = load_catalogue(with_indicators(tmp_path, entries)).indicators
    assert found["added_0"].short_label == "Young people referred…"
    assert found["added_0"].name == "Young people referred to the youth diversion scheme"
    assert found["added_1"].name == "Number of needles found"


def test_labels_that_begin_alike_are_cut_in_the_middle(tmp_path):
    begin = "Repeat victims of domestic abuse known to"
    assert short_labels(tmp_path, f"{begin} MARAC", f"{begin} the police") == [
        "Repeat… abuse known to MARAC",
        "Repeat… known to the police",
    ]


def test_a_cut_that_begins_another_label_is_cut_in_the_middle_too(tmp_path):
    labels = ["Violence against the", "Violence against neighbours"]
    assert short_labels(tmp_path, f"{labels[0]} person, domestic abuse related", labels[1]) == [
        "Violence… abuse related",
        "Violence against neighbours",
    ]


def test_labels_that_begin_and_end_alike_stay_whole(tmp_path):
    labels = [f"Violence against the person with {what} in public places of the city" for what in ("knives", "guns")]
    assert short_labels(tmp_path, *labels) == labels


def test_a_short_label_that_names_another_indicator_is_refused(tmp_path):
    entries = {"added": "label: Thefts of bicycles\n    short_label: Hate crime"}
    with pytest.raises(InputError, match=r"vulnerability\.yml line \d+: 'Hate crime' is a name of hate_crime too"):
        load_catalogue(with_indicators(tmp_path, entries))
