"""The notify command gets its summary as data, and can do the run no harm."""

from __future__ import annotations

import json
import os
import sys
import time

import psutil
import pytest

from swp_analysis.errors import InputError
from swp_analysis.runs.run_reporter import notify, split_command

FOR_EVER = 600
SUMMARY = {
    "status": "published",
    "edition": "2017-18/partners",
    "summary": "Published; $(touch owned) `touch owned` ; touch owned \" ' £ \0 \n",
    "verdicts_changed": [{"label": "Knives; touch owned", "from": "up (worse)", "to": "no clear change"}],
}
TAKE = """
import json, os, sys
given = json.loads(sys.stdin.buffer.read().decode('utf-8'))
given['variables'] = {name: value for name, value in os.environ.items() if name.startswith('SWP_')}
open('told.json', 'w', encoding='utf-8').write(json.dumps(given))
"""


@pytest.fixture
def script(tmp_path):
    """Writes a program and gives the command that calls it."""

    def write(source: str) -> list[str]:
        path = tmp_path / "a program.py"
        path.write_text(source, encoding="utf-8")
        return split_command(f'"{sys.executable}" "{path}"')

    return write


def test_the_summary_comes_as_json_and_in_variables_and_never_as_a_command(script, tmp_path):
    said = []
    assert notify(script(TAKE), SUMMARY, say=said.append, folder=tmp_path)
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    variables = told.pop("variables")
    assert told == SUMMARY
    assert variables["SWP_SUMMARY"] == SUMMARY["summary"].replace("\0", "")  # no variable can hold it
    assert (variables["SWP_STATUS"], variables["SWP_EDITION"]) == ("published", "2017-18/partners")
    assert variables["SWP_VERDICTS_CHANGED"] == "1"
    assert not (tmp_path / "owned").exists()
    assert said == []


@pytest.mark.parametrize(
    ("source", "timeout", "words"),
    [
        (
            "import sys; print('no mail server', file=sys.stderr); sys.exit(3)",
            FOR_EVER,
            "failed with exit code 3: no mail server",
        ),
        (f"import time; time.sleep({FOR_EVER})", 0.5, "had not ended after 0.5 seconds and was stopped"),
        (
            f"import subprocess, sys, time; wait = 'import time; time.sleep({FOR_EVER})'; "
            f"subprocess.Popen([sys.executable, '-c', wait]); exec(wait)",
            0.5,
            "had not ended after 0.5 seconds and was stopped",
        ),
    ],
    ids=["fails", "hangs", "hangs with a child"],
)
def test_a_command_that_fails_or_hangs_is_only_said(script, tmp_path, source, timeout, words):
    said, began = [], time.monotonic()
    assert not notify(script(source), SUMMARY, say=said.append, timeout=timeout, folder=tmp_path)
    assert len(said) == 1
    assert words in said[0]
    assert said[0].endswith("the run itself is not affected.")
    while left := [process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == str(tmp_path)]:
        assert time.monotonic() - began < FOR_EVER, left
        time.sleep(0.02)


def test_a_command_that_is_not_there_is_only_said():
    said = []
    assert not notify(["no-such-program"], SUMMARY, say=said.append)
    assert said[0].startswith("The notify command no-such-program could not be started")


@pytest.mark.parametrize("command", ["", "  ", 'mail "unfinished'] if os.name == "posix" else ["", "  "])
def test_a_command_that_cannot_be_read_is_refused_before_the_run(command):
    with pytest.raises(InputError, match="--notify-command"):
        split_command(command)
