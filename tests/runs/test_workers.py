"""Workers that are asked for: of a Dask scheduler with TLS, without Dask, and by a call that is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from swp_analysis.cli import main
from swp_analysis.runs import workers
from swp_analysis.runs.workers import DaskWorkers
from tests.runs.fan_out_parts import EDITIONS, JOBS, ROOT, Small, lines_of, make_trouble, publish, standing, wait_until

posix = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")


class SmallDask(Small, DaskWorkers):
    pass


CERTIFY = """
import datetime, pathlib, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "swp test")])
now = datetime.datetime.now(datetime.UTC)
made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
pathlib.Path("cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
pathlib.Path("key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
"""


@pytest.fixture
def tls(tmp_path) -> dict[str, Path]:
    """A certificate that vouches for itself."""
    subprocess.run([sys.executable, "-c", CERTIFY], cwd=tmp_path, check=True)
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    return {"tls_ca_file": cert, "tls_client_cert": cert, "tls_client_key": key}


@pytest.fixture
def dask(tmp_path, tls):
    """Starts `dask scheduler` or `dask worker` as a person would, with TLS; whatever still runs is ended."""
    started: list[subprocess.Popen] = []
    named = zip(("--tls-ca-file", "--tls-cert", "--tls-key"), tls.values(), strict=True)
    files = ["--no-dashboard", *(part for pair in named for part in pair)]
    python_path = os.pathsep.join([str(JOBS), str(ROOT)])

    def start(*arguments) -> subprocess.Popen:
        command = [sys.executable, "-m", "dask", *arguments, *files]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
        started.append(subprocess.Popen(command, env=os.environ | {"PYTHONPATH": python_path}, **quiet))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@posix
def test_two_workers_of_a_scheduler_and_one_is_killed(small, small_jobs, dask, tls, tmp_path, monkeypatch):
    monkeypatch.setattr("swp_analysis.runs.jobs.NO_WORKER_SECONDS", 600)
    make_trouble(small, public="hangs once")
    place = tmp_path / "scheduler.json"
    dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--protocol", "tls", "--scheduler-file", place)
    wait_until(lambda: place.exists() and place.read_text(encoding="utf-8").endswith("}"))
    address = json.loads(place.read_text(encoding="utf-8"))["address"]
    for _ in range(2):
        dask("worker", address, "--nthreads", "1", "--no-nanny")

    def kill_the_one_that_hangs() -> None:
        tries = small.root / "trouble" / "2017-18_public.tries"
        wait_until(lambda: tries.exists() and tries.read_text(encoding="utf-8").endswith("\n"))
        os.kill(int(tries.read_text(encoding="utf-8")), signal.SIGKILL)

    killer = threading.Thread(target=kill_the_one_that_hangs)
    killer.start()
    said = publish(small, SmallDask(address, tls), [None])
    killer.join()
    assert said == "Done: 3 of 3 editions stand in reports."
    assert standing(small) == set(EDITIONS[:3])
    assert lines_of(small) == {edition: ["published"] for edition in EDITIONS[:3]}
    assert small_jobs.tries_of(small.root, "2017-18/public") == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["2017-18", "1999-00"], 2, "There is no folder data/raw/1999-00"),
        (["--audience", "partners", "--audience", "press"], 2, "'press' is no audience"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], 2, "not both"),
        (["--workers", "0"], 2, "Invalid value for '--workers'"),
        (["--tls-cert", "README.md"], 2, "for a --scheduler"),
        (["--scheduler", "tcp://127.0.0.1:9", "--tls-key", "none.pem"], 2, "does not exist"),
        (["--scheduler", "nowhere://at.all"], 2, "--scheduler nowhere://at.all can't be used"),
        (["--scheduler", "tcp://127.0.0.1:9"], 1, "No Dask scheduler answers at tcp://127.0.0.1:9"),
        (["--workers", "2", "--engine", "stock", "-p", "yaer=2026"], 2, "has no parameter yaer"),
    ],
)
def test_a_wrong_call_is_one_sentence(small, monkeypatch, capsys, arguments, code, said):
    monkeypatch.setattr(workers, "CONNECT_SECONDS", 1)
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as stopped:
        main(["assess", *arguments])
    err = capsys.readouterr().err
    assert stopped.value.code == code
    assert said in err
    assert err.count("\n") == 1
    assert standing(small) == set()


def refuse_to_import(monkeypatch) -> None:
    """An import hook that lets nobody have Dask."""

    def refuse(name, *_):
        if name.startswith("distributed"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    hook = type("Hook", (), {"find_spec": staticmethod(refuse)})
    for name in [name for name in sys.modules if name.partition(".")[0] == "distributed"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [hook, *sys.meta_path])


def show_none(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)


@pytest.mark.parametrize("hide", [refuse_to_import, show_none])
def test_without_dask_a_scheduler_is_refused(project, monkeypatch, capsys, hide):
    hide(monkeypatch)
    with pytest.raises(SystemExit) as stopped:
        main(["assess", "--scheduler", "tcp://127.0.0.1:8786"])
    assert stopped.value.code == 2
    assert "pip install swp-analysis[fanout]" in capsys.readouterr().err


def test_a_dask_that_is_broken_is_none(project, monkeypatch, capsys, tmp_path):
    (tmp_path / "distributed.py").write_text("import no_such_package", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "distributed"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit) as stopped:
        main(["assess", "--scheduler", "tcp://127.0.0.1:9"])
    assert stopped.value.code == 2
    assert "needs Dask" in capsys.readouterr().err
