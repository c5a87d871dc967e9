"""Nothing that readers can get tests a guess at a raw file: each hash of one has a key that stays on the machine."""

from __future__ import annotations

import hashlib
import json
import zlib

import pytest

from swp_analysis.errors import InputError
from swp_analysis.project import Project
from swp_analysis.publish.state import hash_files, is_as_surveyed, survey
from swp_analysis.published import read_digest_key

HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "sha3_256")


@pytest.fixture
def with_figures(tmp_path):
    project = Project(tmp_path)
    for folder in (project.raw / "2017-18", project.notebooks, project.partnership):
        folder.mkdir(parents=True)
    (project.raw / "2017-18" / "figures.csv").write_text("Label,Q1\nA,3\n", encoding="utf-8")
    return project


def test_no_guess_can_be_tested_without_the_key(with_figures):
    record = json.dumps(survey(with_figures, "2017-18").inputs)
    for guess in range(10):
        content = f"Label,Q1\nA,{guess}\n".encode()
        tested = {hashlib.new(name, content).hexdigest() for name in HASHES} | {f"{zlib.crc32(content):08x}"}
        assert not any(one in record for one in tested)


def test_two_machines_write_different_hashes_and_each_knows_its_own(with_figures, tmp_path):
    first = survey(with_figures, "2017-18")
    assert survey(with_figures, "2017-18") == first
    assert is_as_surveyed(first, with_figures)
    (with_figures.cache / "digest.key").unlink()
    other = survey(with_figures, "2017-18")
    assert other.inputs["data/raw/2017-18/figures.csv"] != first.inputs["data/raw/2017-18/figures.csv"]
    assert not is_as_surveyed(first, with_figures)


def test_a_damaged_key_is_named_with_the_way_out(with_figures):
    read_digest_key(with_figures.cache)
    (with_figures.cache / "digest.key").write_bytes(b"short")
    with pytest.raises(InputError, match=r"digest\.key is damaged; delete it"):
        survey(with_figures, "2017-18")


def test_what_readers_have_themselves_is_hashed_so_that_they_can_check_it(tmp_path):
    (tmp_path / "page.html").write_bytes(b"x")
    assert hash_files({"page.html": tmp_path / "page.html"}) == {"page.html": hashlib.sha256(b"x").hexdigest()}
