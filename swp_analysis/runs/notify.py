"""Tells somebody how a run went. In: the command of `--notify-command`, and a summary. Out: one call of that command.

The command is started as it stands, without a shell, and the summary comes to it as data, so that nothing in a label or
an error sentence can become a command. Whatever it does, the run goes on: it is only said.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from swp_analysis.errors import InputError

NOTIFY_TIMEOUT = 60.0
LONGEST_ANSWER = 300


def split_command(command: str) -> list[str]:
    """Give the program and arguments of a command line, with the quotes that the machine's own shell would take.

    Raises
    ------
    InputError
        When there is no program in it, or a quote without its other half.
    """
    try:
        parts = shlex.split(command, posix=os.name != "nt")
    except ValueError:
        parts = []
    if not parts:
        raise InputError(f"--notify-command {command!r} can't be read as a program with its arguments.")
    return [part[1:-1] if os.name == "nt" and part[:1] == part[-1:] == '"' else part for part in parts]


def notify(
    command: list[str],
    summary: Mapping[str, Any],
    *,
    say: Callable[[str], None] = print,
    timeout: float = NOTIFY_TIMEOUT,
    folder: Path | None = None,
) -> bool:
    """Call `command` in `folder` with the summary as JSON on standard input.

    The short fields stand in the environment, too: SWP_STATUS, SWP_EDITION, SWP_SUMMARY and SWP_VERDICTS_CHANGED.

    Returns
    -------
    Whether it ended with 0 in time; if not, `say` was told why.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answered:
        given.write((json.dumps(summary, ensure_ascii=False, indent=2) + "\n").encode("utf-8", errors="replace"))
        given.seek(0)
        problem = _call(command, given, answered, {**os.environ, **_variables(summary)}, timeout, folder)
        if problem and (words := _last_line(answered)):
            problem = f"{problem}: {words}"
    if problem:
        say(f"The notify command {Path(command[0]).name} {problem}; the run itself is not affected.")
    return not problem


def _call(
    command: list[str],
    given: IO[bytes],
    answered: IO[bytes],
    environment: Mapping[str, str],
    timeout: float,
    folder: Path | None,
) -> str:
    """Say what went wrong, in a few words. Files, not pipes: a grandchild that holds a pipe open would make us wait."""
    own_group = os.name == "posix"
    try:
        process = subprocess.Popen(
            command,
            stdin=given,
            stdout=answered,
            stderr=answered,
            env=environment,
            cwd=folder,
            start_new_session=own_group,
        )
    except (OSError, ValueError) as error:
        return f"could not be started ({getattr(error, 'strerror', None) or type(error).__name__})"
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        return f"had not ended after {timeout:g} seconds and was stopped"
    finally:
        _end(process)
    return f"failed with exit code {code}" if code else ""


def _end(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    elif sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()


def _variables(summary: Mapping[str, Any]) -> dict[str, str]:
    return {
        "SWP_STATUS": str(summary["status"]),
        "SWP_EDITION": str(summary["edition"]),
        "SWP_SUMMARY": str(summary["summary"]).replace("\0", ""),
        "SWP_VERDICTS_CHANGED": str(len(summary["verdicts_changed"])),
    }


def _last_line(file) -> str:
    file.seek(0)
    lines = file.read().decode("utf-8", errors="replace").split("\n")
    return next((line.strip()[:LONGEST_ANSWER] for line in reversed(lines) if line.strip()), "")
