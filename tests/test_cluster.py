"""A Dask cluster for real: a scheduler and two worker processes, one of them killed in mid-run."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from distributed import Client
from nbformat.v4 import new_code_cell
from test_pipeline import left, wait_until_none_left, without_links

from livelihood.editions import all_pages

MARK = {"LIVELIHOOD_TEST": str(os.getpid())}


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler with two workers of one thread each."""
    quiet = MARK | {"DASK_LOGGING__DISTRIBUTED": "error"}
    started: list[subprocess.Popen] = []

    def start(*words: str) -> None:
        command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
        started.append(subprocess.Popen(command, cwd=tmp_path, env=os.environ | quiet))

    try:
        file = tmp_path / "scheduler.json"
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
              "--scheduler-file", str(file))  # fmt: skip
        for _ in range(2):
            start("dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny",
                  "--no-dashboard", "--local-directory", str(tmp_path))  # fmt: skip
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            yield client
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(10)


def test_a_cluster_makes_the_same_pages_and_a_lost_worker_loses_nothing(
    project, livelihood, published, cluster
):
    address = cluster.scheduler.address
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
    result = livelihood("run", "--year", "2019", "--scheduler", address)
    killer.join()
    assert result.exit_code == 0, result.output
    assert len(cluster.scheduler_info()["workers"]) == 1
    for sector in set(all_pages()) - {"culture"}:
        page, other = (folder / f"2019/zh/{sector}.html" for folder in
                       (project / "reports/duji", published / "duji"))  # fmt: skip
        assert without_links(page.read_text("utf-8")) == without_links(other.read_text("utf-8"))
    assert result.output.count("✓ duji/2019/zh/culture") == 1
    assert "10 pages are up to date" in livelihood("run", "--year", "2019").output
    assert (project / "reports/duji/2019/zh/data/observations.csv").is_file()


def kill_when(flag: Path, process: int) -> None:
    """Kill a worker once the notebook that raises the flag is running somewhere."""
    deadline = time.monotonic() + 40
    while not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)


def test_no_process_of_the_cluster_is_left():
    assert wait_until_none_left(5) == [], left()


def test_a_cluster_that_is_not_there_is_said_to_be_so(project, livelihood, monkeypatch):
    monkeypatch.setattr("livelihood.cluster.PATIENCE", 1)
    result = livelihood("run", "--sector", "culture", "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "no scheduler answers at tcp://127.0.0.1:1" in result.output
    assert "Traceback" not in result.output
    result = livelihood("run", "--sector", "culture", "--scheduler", "nonsense://x")
    assert result.exit_code == 2 and "Traceback" not in result.output
