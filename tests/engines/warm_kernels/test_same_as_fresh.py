"""A forked kernel and one started afresh are the same in all that a notebook can see."""

from __future__ import annotations

import re
import sys
from itertools import groupby

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

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
    "threads": "import threading\n"
    "sorted(one.name.split('-')[0] for one in threading.enumerate()), threading.Thread().name",
    "pool": "from concurrent.futures import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor(4) as pool: print(list(pool.map(lambda n: float((matrix @ matrix)[n, n]), range(3))))",
    "children": "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
    "    print(pool.map(abs, [-1, -2]))",
    "seeded": "import random\nrandom.seed(3); np.random.seed(4); random.random(), np.random.rand(), "
    "np.random.default_rng(5).random()",
    "environment": "OWN = ('IPYTHONDIR', 'MATPLOTLIBRC', 'JPY_PARENT_PID')\n"
    "NOT_COMPARED = (*OWN, 'RUN_FOLDER', 'PYTEST_CURRENT_TEST')\n"
    "{name: value for name, value in sorted(os.environ.items()) if name not in NOT_COMPARED}",
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
    "signal.signal(signal.SIGALRM, ring)\n"
    "try: signal.setitimer(signal.ITIMER_REAL, 0.05); time.sleep(600)\nexcept TimeoutError as error: print(error)",
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
    "filters": "import scipy.stats\nsorted(str(one) for one in warnings.filters)",
    "config": "get_ipython().config, get_ipython().profile_dir.location.rsplit('/', 1)[1]",
    "history": "In[-3][:4], len(Out), get_ipython().history_manager.hist_file",
}


@pytest.fixture(scope="module")
def both_ways(warm, stock, run):
    """The trap notebook's outputs from a forked kernel and from one started afresh, cell by cell."""
    outputs = [dict(zip(TRAPS, run(process, *TRAPS.values()), strict=True)) for process in (warm, stock)]
    assert not warm.unavailable
    return outputs


@pytest.mark.parametrize("trap", TRAPS)
def test_a_forked_kernel_gives_the_same_outputs_as_a_fresh_one(both_ways, trap):
    forked, fresh = (_in_one_piece(outputs[trap]) for outputs in both_ways)
    assert _without_addresses(forked) == _without_addresses(fresh)
    assert fresh or trap == "system"


def _in_one_piece(outputs) -> list:
    """Into how many pieces printed text falls, and which stream is read first, is a question of time."""
    merged: list[dict] = []
    for printed, several in groupby(outputs, key=lambda output: output["output_type"] == "stream"):
        if not printed:
            merged += several
            continue
        texts: dict[str, str] = {}
        for output in several:
            texts[output["name"]] = texts.get(output["name"], "") + output["text"]
        merged += [{"output_type": "stream", "name": name, "text": text} for name, text in sorted(texts.items())]
    return merged


def test_the_pictures_are_really_there(both_ways):
    for outputs in both_ways:
        pictures = [list(outputs[name][-1]["data"]) for name in ("pyplot", "seaborn")]
        assert all("image/png" in kinds for kinds in pictures)
        assert sum("image/png" in output.get("data", {}) for output in outputs["two_pictures"]) == 2


def _without_addresses(outputs) -> str:
    return re.sub(r"0x[0-9a-f]{8,}|ipykernel_\d+/\d+|/swp-\w+/\w+/kernel", "0x", str(outputs))
