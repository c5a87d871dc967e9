"""What the ranking rests on is declared: every weight, band and section has its reason and its source."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from swp_analysis.catalogue.loader import CATALOGUE_FOLDER, load_catalogue
from swp_analysis.errors import InputError

HATE = "indicators: [hate_crime]\n    blind"
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture
def folder(tmp_path) -> Path:
    copy = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE_FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def test_weights_add_up_to_a_hundred_and_every_criterion_says_why(catalogue):
    assert sum(entry.weight for entry in catalogue.criteria.criteria) == 100
    for entry in [*catalogue.criteria.criteria, *catalogue.criteria.harm_bands]:
        assert len(entry.reason) > 5
        assert len(entry.source) > 5


def test_harm_is_a_range_and_never_a_point(catalogue):
    assert all(entry.band.high > entry.band.low for entry in catalogue.criteria.harm_bands)


def test_every_candidate_has_a_harm_band_and_something_it_can_not_see(catalogue):
    for entry in catalogue.criteria.candidates:
        assert catalogue.criteria.harm_of(entry.lead), entry.id
        assert len(entry.blind_spot) > 5


def test_every_section_of_the_assessment_stands_somewhere_or_is_a_stated_gap(catalogue):
    for section in catalogue.coverage:
        assert section.notebooks or section.gap
        assert [name for name in section.notebooks if not (NOTEBOOKS / f"{name}.ipynb").exists()] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("criteria", "weight: 25", "weight: -1", r"criteria\.yml line \d+: 'weight'"),
        ("criteria", "weight: 25", "wieght: 25", r"criteria\.yml line \d+: unknown key 'wieght'"),
        ("criteria", "{low: 60, high: 90}", "{low: 95, high: 90}", r"criteria\.yml line \d+: .*low end"),
        ("criteria", HATE, HATE.replace("crime", "crimes"), "did you mean 'hate_crime'"),
        ("criteria", HATE, HATE.replace("hate_crime", "knife_violence"), "stands twice under candidates"),
        ("criteria", "  - id: size", "  - id: harm", "'harm' stands twice under criteria"),
        ("coverage", "  gap: Figures of this", "  note: Figures of this", r"coverage\.yml line \d+: unknown key"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(folder, name, old, new, said):
    path = folder / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_catalogue(folder)
    assert re.search(said, str(caught.value)), str(caught.value)
