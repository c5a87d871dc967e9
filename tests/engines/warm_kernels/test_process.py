"""The warm process: its kernels are each other's strangers, it says why it can't fork, and it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from swp_analysis.engines.warm_kernels.process import KERNEL_COMMAND, WarmProcess, WarmUnavailable
from tests.conftest import is_running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

ROOT = Path(__file__).resolve().parents[3]
LONGEST_WAIT = 600  # on a machine that is busy with other things


def kernels_of(process: WarmProcess) -> list[psutil.Process]:
    return psutil.Process(process.pid).children()


def wait_until(true, seconds: float = LONGEST_WAIT) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nobody_shares_a_random_state(warm, run):
    draw = "import random\nimport numpy\nrandom.random(), numpy.random.rand()"
    assert len({str(run(warm, draw)) for _ in range(3)}) == 3


def test_each_has_its_own_state_and_its_exit_hooks_run(warm, run, tmp_path):
    mark, late, thread, circle = (tmp_path / name for name in ("mark", "late", "thread", "circle"))
    run(
        warm,
        f"""
import atexit, gc, pathlib, threading, time, pandas
atexit.register(pathlib.Path({str(mark)!r}).touch)
left_open = open({str(late)!r}, "w", encoding="utf-8"); left_open.write("all of it")
class InACircle:
    def __del__(self): pathlib.Path({str(circle)!r}).touch()
gc.disable(); one = InACircle(); one.itself = one; del one
threading.Thread(target=lambda: (time.sleep(0.3), pathlib.Path({str(thread)!r}).touch())).start()
pandas.mark = 1""",
    )
    assert mark.exists()
    assert thread.exists()
    assert circle.exists()
    assert late.read_text(encoding="utf-8") == "all of it"
    (later,) = run(warm, "import sys\n'pandas' in globals(), hasattr(sys.modules['pandas'], 'mark')")
    assert later[0]["data"]["text/plain"] == "(False, False)"


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3"}, "threads"),
        ({"PYTHONWARNINGS": "nonsense::a"}, ""),
    ],
)
def test_when_a_fork_is_not_safe_the_kernel_is_started_afresh(here, run, monkeypatch, variables, reason):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with WarmProcess(here, imports=["numpy"]) as process:
        assert run(process, "1 + 1")[0][0]["data"]["text/plain"] == "2"
        assert reason in process.unavailable


def test_all_kernels_have_the_environment_of_the_start(warm, run, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    (output,) = run(warm, "import os\n'TZ' in os.environ, os.getppid()")
    assert output[0]["data"]["text/plain"] == f"(False, {warm.pid})"


def test_a_kernel_with_another_environment_or_place_is_not_forked(warm, tmp_path):
    with pytest.raises(WarmUnavailable, match="environment variable TZ"):
        ask(warm, tmp_path, environment={"TZ": "Asia/Tokyo"})
    with pytest.raises(WarmUnavailable, match="other kernels"):
        ask(warm, tmp_path, place=tmp_path)
    assert not warm.unavailable


def test_an_import_that_fails_is_a_reason_not_to_fork_for_all_who_ask(here, tmp_path, monkeypatch):
    (tmp_path / "broken.py").write_text("import time\ntime.sleep(1)\nraise ImportError('broken')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with WarmProcess(here, imports=["broken"]) as process, ThreadPoolExecutor() as threads:
        for asked in [threads.submit(ask, process, tmp_path) for _ in range(2)]:
            with pytest.raises(WarmUnavailable, match=r"ImportError .* broken"):
                asked.result()


def ask(process: WarmProcess, folder: Path, environment: dict | None = None, place: Path | None = None):
    command = [*KERNEL_COMMAND, "-f", "x"]
    with (folder / "log").open("wb") as log:
        return process.fork(command, process.environment | (environment or {}), str(place or process.place), log)


RUN = """
    import sys
    from pathlib import Path
    from swp_analysis.engines.warm_kernels.kernels import NotebookKernel
    from swp_analysis.engines.warm_kernels.process import WarmProcess
    with WarmProcess(Path({place!r}), imports={imports!r}) as warm:
        (warm.folder / "figures").touch()
        print(warm.pid, warm.folder, flush=True)
        if {forks}:
            for name in "ab":
                (warm.folder / name).mkdir()
                kernel = NotebookKernel(warm.folder / name, warm)
                from jupyter_core.utils import run_sync
                run_sync(kernel.start_kernel)()
        print("waits", flush=True)
        sys.stdin.read()
"""


@pytest.mark.parametrize("forks", [False, True], ids=["while it imports", "with kernels"])
def test_nothing_outlives_a_killed_run(here, tmp_path, forks):
    """Also of one that is killed while the warm process imports, which may take long."""
    (tmp_path / "slow.py").write_text("import time\nfor _ in range(600): time.sleep(0.1)", encoding="utf-8")
    program = textwrap.dedent(RUN).format(place=str(here), imports=[] if forks else ["slow"], forks=forks)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        pid, folder = run.stdout.readline().split()
        assert run.stdout.readline() == "waits\n"
        warm = psutil.Process(int(pid))
        wait_until(lambda: listens_for_its_parent(warm))
        left = [warm, *warm.children()]
        assert len(left) == (3 if forks else 1)
        run.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(is_running(process.pid) for process in left))
    wait_until(lambda: not Path(folder).exists())  # another run that finds it just now takes it away as well


def listens_for_its_parent(process: psutil.Process) -> bool:
    """Whether it has a handler for the signal of its parent's death yet; until then it has imported nothing."""
    caught = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").split("SigCgt:")[1].split()[0]
    return bool(int(caught, 16) >> signal.SIGUSR1 - 1 & 1)


def test_the_end_of_the_thread_that_started_it_is_not_the_end_of_the_run(here, run):
    import threading

    started: list[WarmProcess] = []
    thread = threading.Thread(target=lambda: started.append(WarmProcess(here)))
    thread.start()
    thread.join()
    with started[0] as process:
        assert run(process, "1 + 1")[0][0]["data"]["text/plain"] == "2"
        assert not process.unavailable


def test_many_runs_leave_nothing_behind(warm, run):
    """What grows with the first runs, such as caches, is there after the third; then nothing may."""
    processes = psutil.Process(), psutil.Process(warm.pid)

    def held() -> list[int]:
        return [len(list(warm.folder.iterdir())), *(one.num_fds() for one in processes)]

    for _ in range(3):
        run(warm, "1")
    wait_until(lambda: not kernels_of(warm))
    before = held()
    for _ in range(5):
        run(warm, "1")
    wait_until(lambda: not kernels_of(warm) and all(now <= then for now, then in zip(held(), before, strict=True)))


def test_a_kernel_ends_only_when_the_thread_that_answers_has_flushed(warm, run, tmp_path):
    """Or ipykernel's exit hooks end the thread that prints, and the one that answers waits 10 seconds for it."""
    mark = tmp_path / "answering"
    run(
        warm,
        f"""
import atexit, pathlib, sys, threading, time
from ipykernel.kernelapp import IPKernelApp
answering, flush = IPKernelApp.instance().control_thread, sys.stdout.flush
sys.stdout.flush = lambda: (time.sleep(0.3 * (threading.current_thread() is answering)), flush())
atexit.register(lambda: pathlib.Path({str(mark)!r}).write_text(str(answering.is_alive())))""",
    )
    assert mark.read_text(encoding="utf-8") == "False"


def test_the_example_of_the_documentation_runs(tmp_path):
    page = (ROOT / "docs" / "engines" / "warm_kernels.md").read_text(encoding="utf-8")
    program = page.split("```python\n")[1].split("```")[0]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["'0 rows'", "'1 rows'", "'2 rows'"]
