"""What proves a published edition, and the records that say so: run.json, and a line a run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from swp_analysis.errors import InputError
from swp_analysis.project import Project
from swp_analysis.publish.records import append_line
from swp_analysis.publish.state import hash_shown, is_still_proven, survey
from swp_analysis.published import list_hiding
from tests.publish.conftest import write_edition

YEAR = "2017-18"


def folder_of(project: Project, audience: str = "partners") -> Path:
    return project.reports / YEAR / audience


def test_one_attack_covers_the_editions_that_it_knew(project):
    """Two editions that hide something: the second was attacked together with the first, which is proof for both."""
    code = survey(project, YEAR).code
    partners, public = folder_of(project), folder_of(project, "public")
    for folder in (partners, public):
        write_edition(folder, code, list(hash_shown(project).values()))
    assert is_still_proven(project, partners, code)
    assert is_still_proven(project, public, code)
    assert not is_still_proven(project, partners, "other code")

    (public / "data" / "observations.csv").write_text("more", encoding="utf-8")
    assert not is_still_proven(project, partners, code)
    shutil.rmtree(public)
    assert is_still_proven(project, partners, code)


def test_an_edition_that_hides_nothing_follows_those_that_do(project):
    code = survey(project, YEAR).code
    internal, partners = folder_of(project, "internal"), folder_of(project)
    write_edition(internal, code, [], threshold=0)
    assert is_still_proven(project, internal, code)
    write_edition(partners, code, [])
    assert not is_still_proven(project, internal, code)
    write_edition(internal, code, list(hash_shown(project).values()), threshold=0)
    assert is_still_proven(project, internal, code)


def test_an_edition_whose_record_is_damaged_is_not_overlooked(project):
    """What it hides must be known before another one is made."""
    write_edition(folder_of(project, "public"), "", [])
    replaced = project.reports / "superseded" / YEAR / "public" / "0123"
    write_edition(replaced, "", [])
    assert list(list_hiding(project.reports)) == [folder_of(project, "public"), replaced]
    for damaged in ("", "[]", "{}", '{"suppression": 5}'):
        (folder_of(project, "public") / "run.json").write_text(damaged, encoding="utf-8")
        with pytest.raises(InputError, match=r"2017-18/public/run\.json in reports can't be read"):
            list_hiding(project.reports)


def test_a_line_that_a_crash_cut_short_spoils_no_other(tmp_path):
    path = tmp_path / "runs.jsonl"
    append_line(path, {"run": 1})
    path.write_bytes(path.read_bytes() + b'{"run": 2, "sta')
    append_line(path, {"run": 3})
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in (lines[0], lines[2])] == [{"run": 1}, {"run": 3}]
    assert len(lines) == 3
