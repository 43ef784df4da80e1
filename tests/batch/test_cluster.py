"""A Dask cluster for real: a scheduler and two workers that talk TLS, one killed in mid-run."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import dask.config
import nbformat
import pytest
import trustme
from conftest import DEFINED, whole
from distributed import Client
from nbformat.v4 import new_code_cell
from test_pipeline import left, wait_until_none_left

MARK = {"LIVELIHOOD_TEST": str(os.getpid())}


@pytest.fixture
def tls(tmp_path) -> dict[str, str]:
    """Dask's settings of a certificate that scheduler, workers and client share."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "pem")
    names = [
        f"{role}.{part}" for role in ("scheduler", "worker", "client") for part in ("cert", "key")
    ]
    files = {"ca-file": "ca.pem"} | dict.fromkeys(names, "pem")
    settings = {f"distributed.comm.tls.{n}": str(tmp_path / f) for n, f in files.items()}
    return settings | {"distributed.comm.require-encryption": "true"}


@pytest.fixture
def cluster(tmp_path, tls):
    """A client of a scheduler with two workers, of one and of two threads."""
    quiet = MARK | {"DASK_LOGGING__DISTRIBUTED": "error"}
    quiet |= {f"DASK_{name.replace('.', '__').replace('-', '_')}": v for name, v in tls.items()}
    started: list[subprocess.Popen] = []

    def start(*words: str) -> None:
        command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
        started.append(subprocess.Popen(command, cwd=tmp_path, env=os.environ | quiet))

    try:
        file = tmp_path / "scheduler.json"
        common = ["--no-dashboard", "--scheduler-file", str(file)]
        start("dask_scheduler", *common, "--host", "tls://127.0.0.1", "--port", "0")
        for threads in "12":
            own = ["--nthreads", threads, "--no-nanny", "--local-directory", str(tmp_path)]
            start("dask_worker", *common, *own)
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        with (
            dask.config.set(tls),
            Client(scheduler_file=str(file), set_as_default=False) as client,
        ):
            client.wait_for_workers(2, timeout=60)
            yield client
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait(60)  # a busy machine is slow to close


@pytest.mark.parametrize("pages", [["culture", "health"], *whole(DEFINED.pages)])
def test_a_cluster_makes_the_same_pages_and_a_lost_worker_loses_nothing(
    project, livelihood, cluster, pages
):
    words = ["run", "--year", "2019", *(w for page in pages for w in ("--sector", page))]
    address = cluster.scheduler.address
    assert address.startswith("tls://")
    victim = next(iter(cluster.scheduler_info()["workers"].values()))
    process = cluster.run(os.getpid)[victim["id"]]
    flag = project / "flag"
    path = project / "notebooks/culture.ipynb"
    notebook = nbformat.read(path, as_version=4)
    slow = f"import time\nopen({str(flag)!r}, 'a').write('x')\ntime.sleep(1)"
    notebook.cells.insert(4, new_code_cell(slow))
    nbformat.write(notebook, path)
    killer = threading.Timer(0, kill_when, (flag, process))
    killer.start()
    result = livelihood(*words, "--scheduler", address)
    killer.join()
    assert result.exit_code == 0, result.output
    assert len(cluster.scheduler_info()["workers"]) == 1
    assert result.output.count("✓ duji/2019/zh/culture") == 1
    assert f"{len(pages) + 1} pages are up to date" in livelihood(*words).output
    made = files(project / "reports/duji/2019/zh")
    assert livelihood(*words, "--force").exit_code == 0
    assert made == files(project / "reports/duji/2019/zh")


def files(folder: Path) -> dict[str, bytes]:
    """All that is published of an edition but the record, which has times of its own."""
    found = (p for p in folder.rglob("*.*") if p.is_file() and p.name != "run.json")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def kill_when(flag: Path, process: int) -> None:
    """Kill a worker once the notebook that raises the flag is running somewhere."""
    deadline = time.monotonic() + 120
    while not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)


def test_no_process_of_the_cluster_is_left():
    assert wait_until_none_left(5) == [], left()


def test_a_cluster_that_is_not_there_is_said_to_be_so(project, livelihood, monkeypatch):
    monkeypatch.setattr("livelihood.batch.cluster.PATIENCE", 1)
    result = livelihood("run", "--sector", "culture", "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "no scheduler answers at tcp://127.0.0.1:1" in result.output
    assert "Traceback" not in result.output
    result = livelihood("run", "--sector", "culture", "--scheduler", "nonsense://x")
    assert result.exit_code == 2 and "Traceback" not in result.output
