"""Many editions in one call: each is published once, whoever dies; with Dask, and with processes of our own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from swp_analysis.errors import InputError, RunError
from swp_analysis.lock import only_run, read_signature
from swp_analysis.runs.workers import MOST_DEATHS
from tests.conftest import is_running
from tests.runs.fan_out_parts import (
    AUDIENCES,
    EDITIONS,
    JOBS,
    ROOT,
    Here,
    SmallLocal,
    lines_of,
    make_trouble,
    publish,
    standing,
    wait_until,
)

posix = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")


@posix
def test_what_died_is_tried_again_and_what_failed_is_not(two_years, small_jobs):
    make_trouble(two_years, partners="dies once", public="dies", partners_19="fails", internal_19="is refused")
    with pytest.raises(RunError, match=r"^3 of 6 editions .*2017-18/public, 2018-19/partners, 2018-19/internal"):
        publish(two_years, SmallLocal(2))
    published = {"2017-18/partners", "2017-18/internal", "2018-19/public"}
    assert standing(two_years) == published
    ends = dict.fromkeys(EDITIONS, "failed") | dict.fromkeys(published, "published")
    assert lines_of(two_years) == {edition: [end] for edition, end in (ends | {"2018-19/internal": "refused"}).items()}
    tries = {edition: small_jobs.tries_of(two_years.root, edition) for edition in EDITIONS}
    assert tries.pop("2017-18/public") == MOST_DEATHS
    assert tries == dict.fromkeys(tries, 1) | {"2017-18/partners": 2}
    page = two_years.reports / "2017-18" / "internal" / "index.html"
    assert page.read_text(encoding="utf-8") == "2017-18/internal 2017-18"  # nothing of the later report
    reached = (two_years.processed / "inputs.sha256").read_text(encoding="utf-8")
    assert reached.startswith("2018-19")


COORDINATOR = """
import small_jobs
from swp_analysis.project import find_project
from swp_analysis.runs.fan_out import fan_out, name_editions
from swp_analysis.runs.unattended import Call
from swp_analysis.runs.workers import LocalWorkers
class Small(LocalWorkers):
    def submit(self, function, job):
        return super().submit(small_jobs.run_small_job, job)
if __name__ == "__main__":
    project = find_project()
    fan_out(project, name_editions(project, [None], ["partners", "public"], Call("", "")), Small(1))
"""


@posix
def test_after_the_coordinator_was_killed_the_next_call_does_the_rest(small, small_jobs, tmp_path):
    make_trouble(small, public="hangs once")
    script = tmp_path / "coordinate.py"
    script.write_text(COORDINATOR, encoding="utf-8")
    python_path = os.pathsep.join([str(JOBS), str(ROOT)])
    run = subprocess.Popen([sys.executable, script], env=os.environ | {"PYTHONPATH": python_path}, cwd=tmp_path)
    wait_until(lambda: small_jobs.tries_of(small.root, "2017-18/public") == 1)
    worker = int((small.root / "trouble" / "2017-18_public.tries").read_text(encoding="utf-8"))
    run.kill()
    run.wait()
    wait_until(lambda: not is_running(worker))
    said = publish(small, SmallLocal(2), [None], ["partners", "public"])
    assert said == "Done: 2 of 2 editions stand in reports."
    assert standing(small) == {"2017-18/partners", "2017-18/public"}
    assert lines_of(small) == {"2017-18/partners": ["published", "unchanged"], "2017-18/public": ["published"]}
    assert small_jobs.tries_of(small.root, "2017-18/partners") == 1


def test_an_edition_that_was_made_twice_is_published_once(small, small_jobs):
    """A worker that was thought dead, and lived, ends after the one that took its place."""

    class Twice(Here):
        def do(self, function, job):
            function(job)
            for note in (small.root / job.batch).glob("*.result"):
                note.unlink()  # both began before either ended
            return function(job)

    publish(small, Twice(), [None], ["partners"])
    assert small_jobs.tries_of(small.root, "2017-18/partners") == 2
    assert standing(small) == {"2017-18/partners"}
    assert lines_of(small) == {"2017-18/partners": ["published"]}


def test_a_worker_that_dies_with_its_result_does_not_make_it_done_again(small, small_jobs):
    class Forgetting(Here):
        def do(self, function, job):
            return [function(job), function(job)][1]

    make_trouble(small, partners="fails")
    with pytest.raises(RunError, match="2017-18/partners was not made"):
        publish(small, Forgetting(), [None], ["partners", "public"])
    assert standing(small) == {"2017-18/public"}
    assert {small_jobs.tries_of(small.root, edition) for edition in EDITIONS[:2]} == {1}


class Damaging(Here):
    """A worker behind a disk that shows the first so many results only in part."""

    def __init__(self, times: int) -> None:
        self.left = times

    def do(self, function, job):
        result = function(job)
        if self.left:
            self.left -= 1
            (Path(job.root) / result.staging / "index.html").write_text("<p>half", encoding="utf-8")
        return result


def test_an_edition_that_does_not_arrive_whole_is_made_once_more(small, small_jobs):
    said: list[str] = []
    publish(small, Damaging(1), [None], ["partners"], said)
    assert any("did not arrive whole" in line for line in said)
    assert standing(small) == {"2017-18/partners"}
    assert lines_of(small) == {"2017-18/partners": ["published"]}


def test_an_edition_that_never_arrives_whole_is_not_published(small, small_jobs):
    with pytest.raises(RunError, match=r"partners was not made; failed: .* did not arrive whole"):
        publish(small, Damaging(2), [None], ["partners"])
    assert standing(small) == set()
    assert lines_of(small) == {"2017-18/partners": ["failed"]}


class Spoiling(Here):
    """Before each job something happens to it, or to what it is made from."""

    def __init__(self, spoil) -> None:
        self.spoil = spoil

    def do(self, function, job):
        return function(self.spoil(job))


def change_a_table(job):
    table = Path(job.root) / "data" / "raw" / "2017-18" / "figures.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("92", "93"), encoding="utf-8")
    return job


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (change_a_table, "from something else .*: data/raw/2017-18/figures.csv differ"),
        (lambda job: replace(job, made_from=replace(job.made_from, environment="x")), "Python or its packages differ"),
        (lambda job: replace(job, made_from=replace(job.made_from, code="x")), "the code of swp_analysis differ"),
        (lambda job: replace(job, signature="{}"), "another project folder .* or that run has ended"),
    ],
)
def test_a_worker_that_sees_something_else_makes_nothing(small, small_jobs, spoil, sentence):
    with pytest.raises(RunError, match=sentence):
        publish(small, Spoiling(spoil), [None], ["partners"])
    assert standing(small) == set()
    assert small_jobs.tries_of(small.root, "2017-18/partners") == 0


def test_a_worker_without_the_folder_says_so(small, small_jobs, monkeypatch):
    def elsewhere(job):
        monkeypatch.delenv("SWP_PROJECT")
        return replace(job, root=str(small.root / "elsewhere"))

    with pytest.raises(RunError, match="does not see the project folder"):
        publish(small, Spoiling(elsewhere), [None], ["partners"])


def test_a_run_that_is_stopped_leaves_what_had_ended_and_those_that_hide_come_first(small, small_jobs):
    class Stopped(Here):
        def do(self, function, job):
            assert job.call.force
            if job.call.audience == "internal":
                raise KeyboardInterrupt
            return function(job)

    with pytest.raises(RunError, match="stopped from outside"):
        publish(small, Stopped(), [None], ["internal", "partners", "public"], force=True)
    assert standing(small) == {"2017-18/partners", "2017-18/public"}
    hiding = {"2017-18/partners": ["published"], "2017-18/public": ["published"]}
    assert lines_of(small) == hiding | {"2017-18/internal": ["failed"]}


def test_without_any_worker_the_run_ends_and_says_so(small, small_jobs, monkeypatch):
    class Nobody(Here):
        def count(self) -> int:
            return 0

    monkeypatch.setattr("swp_analysis.runs.jobs.NO_WORKER_SECONDS", 0)
    with pytest.raises(RunError, match="there has been no worker for 0 seconds"):
        publish(small, Nobody(), [None], ["partners"])


def test_a_year_that_cannot_be_built_does_not_stop_the_other(two_years, small_jobs):
    (two_years.raw / "2018-19" / "broken.csv").write_bytes(b"\x00\x01\x02\x03" * 100)
    with pytest.raises(InputError, match=r"^2018-19/public was not made; refused: "):
        publish(two_years, Here(), audiences=["public"])
    assert standing(two_years) == {"2017-18/public"}
    assert lines_of(two_years) == {"2017-18/public": ["published"], "2018-19/public": ["refused"]}


AGAIN = """
import sys
from swp_analysis.cli import main
try:
    main(["assess", *(f"--audience={name}" for name in sys.argv[1:])])
finally:
    print(sorted({"pandas", "papermill", "distributed"} & set(sys.modules)))
"""


def test_all_that_stand_is_a_matter_of_a_moment(small, small_jobs):
    publish(small, Here(), [None])
    call = [sys.executable, "-c", AGAIN, *AUDIENCES]
    done = subprocess.run(call, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    *said, heavy = done.stdout.splitlines()
    assert sum("unchanged: " in line for line in said) == 3
    assert heavy == "[]"
    assert lines_of(small) == {edition: ["published", "unchanged"] for edition in EDITIONS[:3]}


def test_the_signature_names_one_run(project):
    with only_run(project, "one"):
        one = read_signature(project)
    with only_run(project, "two"):
        assert read_signature(project) != one
