"""The templates for clocks: well formed, and as far as this machine can, run as their clock would run them."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "docs" / "scheduling"
OPTION = re.compile(r"(?<!\w)--[a-z-]+")
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
on_posix = pytest.mark.skipif(os.name != "posix", reason="cron, sh and systemd are not on Windows")


def read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def cron_entries() -> tuple[dict[str, str], list[list[str]]]:
    """The settings and the lines of the crontab, these cut into five fields and the command."""
    lines = [line for line in read("crontab").splitlines() if line and not line.startswith("#")]
    settings = dict(line.split("=", maxsplit=1) for line in lines if re.match(r"\w+=", line))
    return settings, [line.split(maxsplit=5) for line in lines if not re.match(r"\w+=", line)]


@pytest.fixture
def home(tmp_path) -> Path:
    """A home with a project in which another run is going on, so that every call ends at once and says so."""
    project = tmp_path / "strategic-assessment"
    (project / "data" / "raw" / "2017-18").mkdir(parents=True)
    shutil.copytree(TEMPLATES, project / "docs" / "scheduling")
    program = project / ".venv" / "bin" / "swp"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m swp_analysis "$@"\n', "utf-8")
    program.chmod(0o755)
    return tmp_path


@on_posix
@pytest.mark.parametrize("place", [0, 1])
def test_a_line_of_the_crontab_runs_as_cron_runs_it(home, place):
    settings, entries = cron_entries()
    *when, command = entries[place]
    assert all(re.fullmatch(r"\*|\d+(-\d+)?", part) for part in when)
    assert "%" not in command
    from swp_analysis.lock import only_run
    from swp_analysis.project import Project

    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LOGNAME": "x", **settings}
    project = Project(home / settings["PROJECT"])
    with only_run(project, "swp build – the first"):
        done = subprocess.run([settings["SHELL"], "-c", command], env=environment, cwd=home, capture_output=True)
    assert (done.stdout.decode(), done.stderr) == (f"swp assess did not end well: see {home}/{settings['LOG']}\n", b"")
    log = (home / settings["LOG"]).read_text(encoding="utf-8")
    assert "swp: swp build – the first has been running since" in log
    assert json.loads((project.reports / "runs.jsonl").read_text(encoding="utf-8"))["status"] == "busy"


@on_posix
def test_a_wrong_folder_in_the_crontab_is_mailed_and_logged(home):
    settings, entries = cron_entries()
    assert settings["MAILTO"].strip('"')
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", **settings, "PROJECT": "no-such-folder"}
    for *_, command in entries:
        done = subprocess.run([settings["SHELL"], "-c", command], env=environment, cwd=home, capture_output=True)
        assert done.stdout.startswith(b"swp assess did not end well: see ")
    assert (home / settings["LOG"]).read_text(encoding="utf-8").count("no-such-folder") == len(entries)


@on_posix
def test_the_units_of_systemd_are_valid(home):
    service, timer = (configparser.ConfigParser(strict=False, interpolation=None) for _ in range(2))
    for unit, name in ((service, "swp-assess.service"), (timer, "swp-assess.timer")):
        unit.optionxform = str
        unit.read_string(read(name))
        text = read(name).replace("%h", str(home))
        (home / name).write_text(text, encoding="utf-8")
    assert service["Service"]["Type"] == "oneshot"
    assert int(service["Service"]["TimeoutStartSec"]) > 3600
    assert timer["Install"]["WantedBy"] == "timers.target"
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here, so the units were only parsed")
    units = [str(home / f"swp-assess.{kind}") for kind in ("service", "timer")]
    for arguments in (["verify", "--man=no", *units], ["calendar", timer["Timer"]["OnCalendar"]]):
        done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "swp-assess" not in done.stderr


def test_the_task_of_windows_has_the_shape_of_its_schema():
    task = ElementTree.fromstring(read("windows-task.xml"))
    assert not read("windows-task.xml").startswith("<?xml")  # Register-ScheduledTask gets text, not bytes
    assert task.tag == f"{TASK}Task"
    parts = [part.tag.removeprefix(TASK) for part in task]
    assert parts == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    settings = {part.tag.removeprefix(TASK): part.text for part in task.find(f"{TASK}Settings")}
    assert settings["MultipleInstancesPolicy"] == "IgnoreNew"
    assert re.fullmatch(r"PT\d+H", settings["ExecutionTimeLimit"])
    action = task.find(f"{TASK}Actions/{TASK}Exec")
    assert [part.tag.removeprefix(TASK) for part in action] == ["Command", "Arguments", "WorkingDirectory"]
    assert task.find(f"{TASK}Actions").get("Context") == task.find(f"{TASK}Principals/{TASK}Principal").get("id")
    assert action.find(f"{TASK}Arguments").text.endswith(r'>> %USERPROFILE%\swp-assess.log 2>&1"')


def test_the_workflow_publishes_nothing_but_the_edition_for_the_public():
    flow = yaml.safe_load(read("github-workflow.yml"))
    assert flow["permissions"] == {"contents": "read"}
    assert {"schedule", "push", "workflow_dispatch"} == set(flow[True])  # YAML takes `on` for true
    steps = flow["jobs"]["assess"]["steps"]
    assert next(step["run"] for step in steps if "run" in step) == "make assess AUDIENCE=public"
    assert re.search(r"^assess:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    upload = next(step for step in steps if "upload-artifact" in step.get("uses", ""))
    assert upload["with"]["path"].split() == ["reports/*/public", "!reports/*/public/run.json"]
    assert "pip_audit --requirement requirements.lock" in str(flow["jobs"]["advisories"]["steps"])


def test_the_templates_use_options_that_exist(capsys):
    from swp_analysis.cli import main

    with pytest.raises(SystemExit):
        main(["assess", "--help"])
    known = set(OPTION.findall(capsys.readouterr().out)) | {"--user", "--now", "--enable"}
    texts = [read(path.name) for path in TEMPLATES.iterdir()] + [(ROOT / "docs/scheduling.md").read_text("utf-8")]
    used = {
        option
        for text in texts
        for line in text.splitlines()
        if "swp assess" in line
        for option in OPTION.findall(line)
    }
    assert used
    assert used <= known


@on_posix
@pytest.mark.parametrize(
    ("status", "changed", "mails"),
    [("published", "0", False), ("published", "2", True), ("failed", "0", True), ("busy", "0", True)],
)
def test_the_mail_is_sent_when_somebody_should_know(tmp_path, status, changed, mails):
    mailer = tmp_path / "mailer"
    mailer.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{tmp_path}/sent"\ncat >> "{tmp_path}/sent"\n', "utf-8")
    mailer.chmod(0o755)
    environment = {
        "PATH": "/usr/bin:/bin",
        "MAILER": str(mailer),
        "SWP_STATUS": status,
        "SWP_VERDICTS_CHANGED": changed,
    }
    subprocess.run(["sh", str(TEMPLATES / "notify.sh")], env=environment, input=b"the summary", check=True)
    sent = tmp_path / "sent"
    assert sent.exists() is mails
    if mails:
        assert sent.read_text("utf-8") == f"-s|Strategic assessment: {status}|analysts@council.example|the summary"
