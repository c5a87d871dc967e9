"""Kernels from the warm process: the same as kernels started afresh in all that a notebook can see, and never left
behind."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from swp_analysis.publish import warm as warm_side
from swp_analysis.publish.notebooks import run_notebook, run_notebooks
from swp_analysis.publish.warm import WarmProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

YEAR = {"financial_year": "2017-18"}

# What a forked kernel got wrong in somebody's hands, or might.
TRAPS = {
    "descriptors": "import os\nos.write(1, b'by descriptor\\n'); os.write(2, b'and to stderr\\n')",
    "system": "os.system('echo from a child')",
    "bash": "%%bash\necho out; echo err >&2; pwd | sed 's|.*/||'",
    "bang": "!echo bang",
    "display_update": "from IPython.display import display\nhandle = display('first', display_id='it')\n"
    "handle.update('second')",
    "clear": "from IPython.display import clear_output\nprint('gone'); clear_output(); print('here')",
    "warnings": "import warnings\nwarnings.warn('mind this')\nwarnings.warn('and this', DeprecationWarning)",
    "logging": "import logging\nlogging.getLogger('x').warning('logged'); logging.getLogger().handlers",
    "blas": "import numpy as np\nmatrix = np.random.RandomState(1).rand(300, 300)\n"
    "print(np.linalg.svd(matrix @ matrix)[1][:5])",
    "threads": "import threading\nsorted(thread.name for thread in threading.enumerate())",
    "pool": "from concurrent.futures import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor(4) as pool: print(list(pool.map(lambda n: float((matrix @ matrix)[n, n]), range(3))))",
    "children": "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
    "    print(pool.map(abs, [-1, -2]))",
    "seeded": "import random\nrandom.seed(3); np.random.seed(4); random.random(), np.random.rand(), "
    "np.random.default_rng(5).random()",
    "environment": "OWN = ('IPYTHONDIR', 'MATPLOTLIBRC', 'JPY_PARENT_PID')\n"
    "{name: value for name, value in sorted(os.environ.items()) if name not in (*OWN, 'SWP_RUN')}",
    "own_variables": "sorted(set(OWN) & set(os.environ)), os.path.getsize(os.environ['MATPLOTLIBRC']), "
    "int(os.environ['JPY_PARENT_PID']) == os.getppid()",
    "place": "import sys\nos.getcwd(), sys.path, sys.argv[0], sys.argv[1::2][:1], sys.flags, sys.executable",
    "names": "__name__, sys.modules['__main__'].__dict__ is globals(), hasattr(sys, 'ps1')",
    "session": "os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid(), oct(os.umask(0o22)), "
    "sys.getrecursionlimit()",
    "signals": "import signal\n{number.name: str(signal.getsignal(number)).split(' at ')[0] "
    "for number in signal.Signals}, signal.pthread_sigmask(signal.SIG_BLOCK, [])",
    "alarm": "import time\n"
    "def ring(*_): raise TimeoutError('rang')\n"
    "signal.signal(signal.SIGALRM, ring); signal.setitimer(signal.ITIMER_REAL, 0.05)\n"
    "try: time.sleep(5)\nexcept TimeoutError as error: print(error)",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n"
    "await asyncio.gather(*[asyncio.sleep(0, n) for n in range(3)])",
    "input": "try: input()\nexcept Exception as error: print(type(error).__name__)",
    "traceback": "import traceback\ntry: 1 / 0\n"
    "except ZeroDivisionError: print(traceback.format_exc().splitlines()[-1])",
    "hash": "list({'robbery', 'knife', 'hate', 'drug'})",
    "pandas": "import pandas as pd\npd.DataFrame({'figure': [1.5, None], 'row': ['a', '<b>']})",
    "before_pyplot": "import matplotlib\nmatplotlib.is_interactive(), matplotlib.get_backend(auto_select=False)",
    "pyplot": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 4])",
    "after_pyplot": "matplotlib.is_interactive(), matplotlib.get_backend(), plt.get_fignums()",
    "two_pictures": "plt.figure(); plt.bar([1, 2], [3, 4]); plt.figure(); plt.plot([2, 1]); plt.show(); print('after')",
    "figure": "figure, axes = plt.subplots(figsize=(2, 2)); axes.scatter([1], [1]); plt.close(figure); figure",
    "seaborn": "import seaborn as sns\nsns.lineplot(x=[1, 2], y=[3, 5])",
    "style": "plt.rcParams['figure.dpi'], plt.rcParams['font.family'], plt.rcParams['savefig.bbox']",
    "filters": "import scipy.stats, swp_analysis.present.opening\nsorted(str(one) for one in warnings.filters)",
    "config": "get_ipython().config, get_ipython().profile_dir.location.rsplit('/', 1)[1]",
    "history": "In[-3][:4], len(Out), get_ipython().history_manager.hist_file",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    from swp_analysis.project import Project

    project = Project(tmp_path_factory.mktemp("warm"))
    project.notebooks.mkdir()
    return project


@pytest.fixture(scope="module")
def warm(here):
    with WarmProcess(here) as process:
        yield process


@pytest.fixture(scope="module")
def stock(here):
    with WarmProcess(here, wanted=False) as process:
        yield process


@pytest.fixture(scope="module")
def both_ways(here, warm, stock, write_notebook):
    """The trap notebook's outputs from a forked kernel and from one started afresh, cell by cell."""
    path = write_notebook(here, "10_traps", *TRAPS.values())
    outputs = []
    for process in (warm, stock):
        result = run_notebook(path, YEAR, here, warm=process)
        assert result.completed, result.error
        cells = [cell for cell in result.executed.cells if cell.cell_type == "code"]
        outputs.append(dict(zip(TRAPS, (cell.outputs for cell in cells[-len(TRAPS) :]), strict=True)))
    assert not warm.unavailable
    return outputs


def kernels_of(process: WarmProcess) -> list[psutil.Process]:
    return psutil.Process(process.pid).children()


@pytest.mark.parametrize("trap", TRAPS)
def test_a_forked_kernel_gives_the_same_outputs_as_a_fresh_one(both_ways, trap):
    forked, fresh = (_in_one_piece(outputs[trap]) for outputs in both_ways)
    assert _without_addresses(forked) == _without_addresses(fresh)
    assert fresh or trap == "system"


def _in_one_piece(outputs) -> list:
    """Into how many pieces printed text falls is a question of time, with any kernel."""
    merged: list[dict] = []
    for output in map(dict, outputs):
        if merged and output.get("name") and merged[-1].get("name") == output["name"]:
            merged[-1]["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def test_the_pictures_are_really_there(both_ways):
    for outputs in both_ways:
        pictures = [list(outputs[name][-1]["data"]) for name in ("pyplot", "seaborn")]
        assert all("image/png" in kinds for kinds in pictures)
        assert sum("image/png" in output.get("data", {}) for output in outputs["two_pictures"]) == 2


def _without_addresses(outputs) -> str:
    return re.sub(r"0x[0-9a-f]{8,}|ipykernel_\d+/\d+|/swp-\w+/\w+/kernel", "0x", str(outputs))


def test_nobody_shares_a_random_state(here, warm, write_notebook):
    path = write_notebook(here, "11_chance", "import random\nimport numpy\nrandom.random(), numpy.random.rand()")
    drawn = {str(run_notebook(path, YEAR, here, warm=warm).executed.cells[-1].outputs) for _ in range(3)}
    assert len(drawn) == 3


def test_each_has_its_own_state_and_its_exit_hooks_run(here, warm, write_notebook, tmp_path):
    mark, late, thread, circle = (tmp_path / name for name in ("mark", "late", "thread", "circle"))
    lines = f"""
import atexit, gc, pathlib, threading, time, pandas
atexit.register(pathlib.Path({str(mark)!r}).touch)
left_open = open({str(late)!r}, "w", encoding="utf-8"); left_open.write("all of it")
class InACircle:
    def __del__(self): pathlib.Path({str(circle)!r}).touch()
gc.disable(); one = InACircle(); one.itself = one; del one
threading.Thread(target=lambda: (time.sleep(0.3), pathlib.Path({str(thread)!r}).touch())).start()
pandas.mark = 1"""
    run_notebook(write_notebook(here, "12_first", lines), YEAR, here, warm=warm)
    assert mark.exists()
    assert thread.exists()
    assert circle.exists()
    assert late.read_text(encoding="utf-8") == "all of it"
    later = run_notebook(write_notebook(here, "13_second", "assert not hasattr(pandas, 'mark')"), YEAR, here, warm=warm)
    assert "name 'pandas' is not defined" in later.error


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "died", "stopped by signal 9"),
        ("import os; os._exit(3)", "died", "exit code 3"),
        ("import sys; sys.exit(0)", "ended_early", "before its last cell"),
        ("import time; time.sleep(60)", "timed_out", "no answer within 2 seconds"),
    ],
)
def test_what_goes_wrong_is_seen_as_with_a_fresh_kernel(here, warm, write_notebook, line, status, words):
    result = run_notebook(write_notebook(here, "14_wrong", line), YEAR, here, warm=warm, cell_timeout=2)
    assert (result.status, words in result.error) == (status, True)
    _wait_until(lambda: not kernels_of(warm))


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3"}, "threads"),
        ({"PYTHONWARNINGS": "nonsense::a"}, ""),
    ],
)
def test_when_a_fork_is_not_safe_the_kernel_is_started_afresh(here, write_notebook, monkeypatch, variables, reason):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with WarmProcess(here) as process:
        result = run_notebook(write_notebook(here, "15_threads", "1 + 1"), YEAR, here, warm=process)
        assert result.completed
        assert reason in process.unavailable


def test_all_kernels_have_the_environment_of_the_start(here, warm, write_notebook, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    path = write_notebook(here, "16_zone", "import os\n'TZ' in os.environ, os.getppid()")
    output = run_notebook(path, YEAR, here, warm=warm).executed.cells[-1].outputs[0]
    assert output["data"]["text/plain"] == f"(False, {warm.pid})"


def test_a_kernel_with_another_environment_or_place_is_not_forked(warm, tmp_path):
    with pytest.raises(warm_side.WarmUnavailable, match="environment variable TZ"):
        _ask(warm, tmp_path, environment={"TZ": "Asia/Tokyo"})
    with pytest.raises(warm_side.WarmUnavailable, match="other kernels"):
        _ask(warm, tmp_path, place=tmp_path)
    assert not warm.unavailable


def test_an_import_that_fails_or_warns_is_a_reason_not_to_fork(here, tmp_path, monkeypatch):
    (tmp_path / "seaborn.py").write_text("raise ImportError('broken')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with WarmProcess(here) as process, pytest.raises(warm_side.WarmUnavailable, match=r"ImportError .* broken"):
        _ask(process, tmp_path)


def _ask(process: WarmProcess, folder: Path, environment: dict | None = None, place: Path | None = None):
    command = [*warm_side.KERNEL_COMMAND, "-f", "x"]
    with (folder / "log").open("wb") as log:
        place = place or process._project.notebooks
        return process.fork(command, process.environment | (environment or {}), str(place), log)


def test_when_the_warm_process_is_killed_its_notebook_runs_again_on_a_fresh_kernel(here, write_notebook):
    line = "import os, signal, pathlib\nfirst = not pathlib.Path('mark').exists()\npathlib.Path('mark').touch()\n"
    line += "if first: os.kill(os.getppid(), signal.SIGKILL); import time; time.sleep(9)"
    path = write_notebook(here, "17_orphan", line)
    with WarmProcess(here) as process:
        result = run_notebook(path, YEAR, here, warm=process)
        assert result.completed, result.error
        again = run_notebook(path, YEAR, here, warm=process)
        assert again.completed


def test_nothing_outlives_a_killed_run(here, write_notebook, tmp_path):
    path = write_notebook(here, "18_long", "import time; time.sleep(60)")
    program = textwrap.dedent(f"""
        from pathlib import Path
        from swp_analysis.project import Project
        from swp_analysis.publish.notebooks import run_notebook
        from swp_analysis.publish.warm import WarmProcess
        with WarmProcess(Project(Path({str(here.root)!r}))) as warm:
            print(warm.pid, warm.folder, flush=True)
            run_notebook(Path({str(path)!r}), {YEAR!r}, warm._project, warm=warm)
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as run:
        pid, folder = run.stdout.readline().split()
        warm_process = psutil.Process(int(pid))
        _wait_until(warm_process.children)
        left = [warm_process, *warm_process.children()]
        run.send_signal(signal.SIGKILL)
    _wait_until(lambda: not any(process.is_running() for process in left))
    assert not Path(folder).exists()


@pytest.mark.parametrize(("has_listened", "requests"), [(False, 0), (True, 0), (True, 1), (True, 2)])
def test_a_run_that_dies_while_it_waits_for_an_answer_leaves_nothing_behind(here, has_listened, requests):
    process = WarmProcess(here)
    _wait_until(lambda: select.select([process._control], [], [], 0)[0])
    if has_listened:
        process._wait_until_ready()
    (process.folder / "kernel.json").write_text("{}", encoding="utf-8")
    os.kill(process.pid, signal.SIGSTOP)  # so that nobody is left to hear the answers
    for _ in range(requests):
        channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with channel, theirs, open(os.devnull, "wb") as log:
            message = [json.dumps({"arguments": [], "variables": {}}).encode("utf-8")]
            socket.send_fds(process._control, message, [theirs.fileno(), log.fileno()])
    process._control.close()
    os.kill(process.pid, signal.SIGCONT)
    _wait_until(lambda: process.has_died())
    assert not process.folder.exists()
    process.close()


def test_many_runs_leave_nothing_behind(here, warm, write_notebook):
    """What grows with the first runs, such as caches, is there after the third; then nothing may."""
    path = write_notebook(here, "19_small", "1")
    processes = psutil.Process(), psutil.Process(warm.pid)

    def held() -> list:
        files = sorted(warm.folder.iterdir())
        return [files, kernels_of(warm), *((one.num_fds(), one.num_threads()) for one in processes)]

    def memory() -> list[int]:
        return [one.memory_info().rss for one in processes]

    for _ in range(3):
        run_notebooks([path] * 2, YEAR, here, warm=warm)
    time.sleep(0.3)  # a thread that was told to end takes a moment
    before, memory_before = held(), memory()
    for _ in range(5):
        run_notebooks([path] * 2, YEAR, here, warm=warm)
    _wait_until(lambda: held() == before)
    grown = [after - then for then, after in zip(memory_before, memory(), strict=True)]
    assert max(grown) < 5_000_000  # 100 runs in a row: 2.3 MB here, none there


def test_a_kernel_ends_only_when_the_thread_that_answers_has_flushed(here, warm, write_notebook, tmp_path):
    """Or ipykernel's exit hooks end the thread that prints, and the one that answers waits 10 seconds for it."""
    mark = tmp_path / "answering"
    lines = f"""
import atexit, pathlib, sys, threading, time
from ipykernel.kernelapp import IPKernelApp
answering, flush = IPKernelApp.instance().control_thread, sys.stdout.flush
sys.stdout.flush = lambda: (time.sleep(0.3 * (threading.current_thread() is answering)), flush())
atexit.register(lambda: pathlib.Path({str(mark)!r}).write_text(str(answering.is_alive())))"""
    assert run_notebook(write_notebook(here, "21_slow_flush", lines), YEAR, here, warm=warm).completed
    assert mark.read_text(encoding="utf-8") == "False"


def test_papermill_knows_the_engine_by_name(here, write_notebook, tmp_path, monkeypatch):
    import papermill

    path = write_notebook(here, "20_named", "import sys\n'seaborn' in sys.modules")
    (here.root / "data" / "raw").mkdir(parents=True)
    monkeypatch.setenv("SWP_PROJECT", str(here.root))
    call = {"engine_name": "swp-warm", "kernel_name": "python3", "progress_bar": False}
    done = papermill.execute_notebook(path, tmp_path / "out.ipynb", **call)
    assert done.cells[-1].outputs[0]["data"]["text/plain"] == "True"


def _wait_until(true, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
