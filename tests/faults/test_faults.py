"""Faults injected for real: what is published stays whole, and a plain run puts things right.

A short form runs with all tests; `pytest tests/faults --whole` runs everything.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import DEFINED, whole
from distributed import Client
from ground import (
    finish,
    make_ground,
    members,
    read_ground,
    run,
    spoil,
    start,
    state,
    stop,
    wait_for,
    zygotes_and_kernels,
)


@pytest.fixture(scope="session")
def ground(made_once):
    """The project before the fault, OLD, NEW, and the seconds of an undisturbed run."""
    return read_ground(made_once("ground", make_ground))


@pytest.fixture
def place(ground, tmp_path):
    """A copy of the project to hurt."""
    return shutil.copytree(ground[0], tmp_path / "project")


@pytest.fixture
def recovers(ground, record_property):
    """Whether a project shows OLD or NEW, and a plain run then gives NEW; counts the fault."""
    _, old, new, _ = ground

    def hold(project, fault: str, count: int = 1) -> str:
        record_property("fault", (fault, count))
        shown = state(project)
        assert shown in (old, new), "a mixture is published"
        status, said = run(project)
        assert status == 0, said
        assert state(project) == new
        return said

    return hold


STOPS = [
    (name, turn)
    for name, turns in {"SIGKILL": 50, "SIGINT": 20, "SIGTERM": 20}.items()
    for turn in range(turns)
]


@pytest.mark.parametrize("which", whole(*STOPS), ids=str)
def test_the_command_is_stopped_at_any_instant(ground, place, recovers, which):
    name, turn = which
    instant = random.Random(f"{name}{turn}").uniform(0.1, 1.1) * ground[3]
    process = start(place)
    time.sleep(instant)
    process.send_signal(getattr(signal, name))
    status, said = finish(process)
    if status == 130:
        assert "interrupted; what was published stays" in said
    else:  # it was over before, or not yet listening
        assert status in (0, -getattr(signal, name))
    recovers(place, f"{name} of the command")


@pytest.mark.parametrize("turn", [0, *whole(*range(1, 50))])
@pytest.mark.parametrize("victim", ["kernel", *whole("zygote")])
def test_a_process_of_the_run_is_killed(ground, place, recovers, victim, turn):
    process = start(place)
    which = ("zygote", "kernel").index(victim)
    pids = wait_for(lambda: zygotes_and_kernels(process.mark)[which], process)
    assert pids, "it was never there"
    time.sleep(random.Random(f"{victim}{turn}").uniform(0, ground[3] / 3))
    stop(pids[0])
    status, said = finish(process)
    assert status == 0 or (status == 1 and "SIGKILL" in said and "stays as it was" in said), said
    recovers(place, f"SIGKILL of a {victim}")


@pytest.fixture
def cluster(tmp_path):
    """The address of a Dask scheduler, and its two workers."""
    file = tmp_path / "scheduler.json"
    started = [dask("scheduler", "--host", "127.0.0.1", "--port", "0", file)]
    started += [dask("worker", "--no-nanny", "--local-directory", tmp_path, file) for _ in "12"]
    assert wait_for(lambda: file.exists() and file.stat().st_size, started[0])
    address = json.loads(file.read_text())["address"]
    try:
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def dask(role: str, *words: object) -> subprocess.Popen:
    """Start a part of a cluster; the last word is the file by which all find each other."""
    *options, file = map(str, words)
    command = [sys.executable, "-m", f"distributed.cli.dask_{role}", "--no-dashboard", *options]
    return subprocess.Popen(
        [*command, "--scheduler-file", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.parametrize("turn", whole(*range(50)))
def test_a_worker_of_the_cluster_is_killed(ground, place, recovers, cluster, turn):
    address, workers = cluster
    process = start(place, "--sector", "culture", "--scheduler", address)
    time.sleep(random.Random(f"worker{turn}").uniform(0.2, 1.5) * ground[3])
    workers[turn % 2].kill()
    status, said = finish(process)
    assert status == 0, said
    assert state(place) == ground[2]
    recovers(place, "SIGKILL of a Dask worker")


HURT = {
    "exception": ("1/0", "ZeroDivisionError"),
    "sys.exit(0)": ("import sys; sys.exit(0)", "SystemExit"),
    "os._exit(0)": ("import os; os._exit(0)", "exited by itself with status 0"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "failing !command": ("!false", "CalledProcessError"),
    "error in a thread": (
        "import threading as t\nx = t.Thread(target=lambda: 1 / 0)\nx.start(); x.join()",
        "it warned: ZeroDivisionError",
    ),
    "warning": ("import warnings; warnings.warn('odd')", "it warned: UserWarning: odd"),
    "no more memory": (
        "import resource as r\nr.setrlimit(r.RLIMIT_AS, (2**31, 2**31))\nx = bytearray(2**33)",
        "MemoryError",
    ),
}
STUCK = {
    "output flood": ("while True: print('x' * 10**6)", "its output exceeds"),
    "endless loop": ("while True: pass", "longer than a notebook may"),
    "endless loop that holds the GIL": (
        "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
        "longer than a notebook may",
    ),
    "SIGSTOP of the kernel": (
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        "longer than a notebook may",
    ),
    "endless children": (
        "import subprocess as s\nfor _ in range(20): s.Popen(['sleep', '99'], "
        "start_new_session=True)\n1/0",
        "ZeroDivisionError",
    ),
}
SECTORS = [page for page in DEFINED.pages if page != "overview"]


@pytest.mark.parametrize("table", whole(HURT, STUCK), ids=["hurt", "stuck"])
def test_what_a_cell_can_do(ground, place, recovers, table):
    notebooks = shutil.copytree(place / "notebooks", place / "good")
    hurt = dict(zip(SECTORS, table, strict=False))
    for sector, name in hurt.items():
        spoil(place, sector, table[name][0])
    words = ["--region", "duji"]
    words += [word for sector in hurt for word in ("--sector", sector)]
    status, said = run(place, *words, "--timeout", "30")
    assert status == 1 and f"{len(hurt)} pages were not made" in said, said
    lines = {s: next(x for x in said.splitlines() if f"✗ duji/2019/zh/{s} " in x) for s in hurt}
    unsaid = {name: lines[s] for s, name in hurt.items() if table[name][1] not in lines[s]}
    assert unsaid == {}
    shutil.rmtree(place / "notebooks")
    shutil.move(notebooks, place / "notebooks")
    assert state(place) == ground[1]
    shutil.rmtree(place / "reports/failed")
    recovers(place, "what a cell can do", len(hurt))


@pytest.mark.whole
def test_a_cell_may_be_allowed_to_warn(place):
    spoil(place, "culture", "import warnings; warnings.warn('odd')", "allow-stderr")
    status, said = run(place)
    assert status == 0, said
    assert "odd" in (place / "reports/duji/2019/zh/culture.html").read_text("utf-8")


@pytest.mark.parametrize("size", [20_000, *whole(0, 1_000, 50_000, 100_000)])
def test_the_disk_is_full(place, recovers, size):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    status, said = run(place, preexec_fn=limit)
    assert status == 1 and "File too large" in said and "stays as it was" in said, said
    recovers(place, "file size limit")


@pytest.mark.parametrize("number", [1, 2, 3, 5, 7, 9, 11, 13, 17, 21, 26, 31, 37])
@pytest.mark.parametrize("kind", whole("kill", "fail"))
def test_the_nth_change_of_a_file_fails(place, recovers, kind, number):
    status, said = run(place, env={"FAULT": f"{kind} {number}"})
    if kind == "fail" and status:
        assert status == 1 and "No space left" in said and "stays as it was" in said, said
    recovers(place, f"{kind} at the n-th change of a file")


@pytest.mark.whole
def test_the_place_may_not_be_written(ground, place, recovers):
    status, said = run(place, env={"FAULT": "read-only"})
    assert status == 1 and "Read-only file system" in said and "stays as it was" in said, said
    assert state(place) == ground[1]
    recovers(place, "read-only output")


AROUND = {
    "no HOME": {"HOME": None, "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None},
    "HOME that cannot be written": {"HOME": "/proc", "XDG_CONFIG_HOME": None},
    "LC_ALL=C without UTF-8 mode": {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": None,
    },
    "Chinese messages in LC_ALL=C": {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "LIVELIHOOD_LANGUAGE": "zh",
        "PYTHONCOERCECLOCALE": "0",
    },
    "jumping clock": {"CLOCK": "1"},
}


@pytest.mark.parametrize("name", whole(*AROUND))
def test_an_odd_world_changes_nothing(ground, place, recovers, name):
    status, said = run(place, env=AROUND[name])
    assert status == 0, said
    assert state(place) == ground[2]
    recovers(place, name)


NAMES = ["a b 'c' \"d\"", "年度 数字", "{region} {0} %s", "..x", "x" * 200]


@pytest.mark.parametrize("name", whole(*NAMES))
def test_an_odd_folder_changes_nothing(ground, place, tmp_path, recovers, name):
    odd = shutil.move(place, tmp_path / name)
    status, said = run(odd)
    assert status == 0, said
    assert state(odd) == ground[2]
    recovers(Path(odd), "odd folder names")


@pytest.mark.parametrize("count", [2, *whole(4)])
def test_runs_at_once_wait_for_each_other(ground, place, recovers, count):
    processes = [start(place) for _ in range(count)]
    ends = [finish(process) for process in processes]
    assert [status for status, _ in ends] == [0] * count, ends
    waited = [said for _, said in ends if "another run (process" in said]
    assert len(waited) >= 1 and all("since" in said for said in waited)
    assert state(place) == ground[2]
    recovers(place, f"{count} runs at once")


def test_a_lock_of_the_dead_is_no_lock(place, recovers):
    process = start(place)
    assert wait_for(lambda: (place / ".reports/lock").exists(), process)
    time.sleep(0.2)
    process.kill()
    finish(process)
    assert "another run" not in recovers(place, "lock of a dead run")


@pytest.mark.whole
def test_only_what_was_not_done_is_done_again(place, recovers):
    process = start(place)
    done = place / ".reports/made/duji/2019/zh/index/done.json"
    assert wait_for(done.exists, process)
    process.kill()
    finish(process)
    assert "taken over" in recovers(place, "resume after SIGKILL")


@pytest.mark.whole
def test_a_corrupt_notebook_is_found_before_anything_runs(ground, place, recovers):
    path = place / "notebooks/culture.ipynb"
    good = path.read_bytes()
    path.write_bytes(good[:2000])
    status, said = run(place)
    assert status == 2 and "not a valid notebook" in said
    assert state(place) == ground[1]
    path.write_bytes(good)
    recovers(place, "corrupt notebook")


@pytest.mark.whole
def test_thirty_kernels_start_at_once(record_property):
    from jupyter_client.manager import KernelManager

    from livelihood.batch import preload
    from livelihood.batch.kernels import launch

    def ask(_: int) -> bool:
        folder = launch.private_folder()
        manager = KernelManager(transport="ipc", ip=str(folder / "k"))
        manager.connection_file = str(folder / "connection")
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            return client.kernel_info(reply=True, timeout=60)["content"]["status"] == "ok"
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            shutil.rmtree(folder)

    with preload.kernels("warm"), ThreadPoolExecutor(30) as pool:
        assert all(pool.map(ask, range(30)))
    record_property("fault", ("kernels at once", 30))


def listening() -> dict[str, str]:
    """The TCP sockets of this machine that somebody listens at: by inode their addresses."""
    found = {}
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            found |= {fields[9]: fields[1]} if fields[3] == "0A" else {}
    return found


def test_no_port_is_open_to_others_and_none_is_left(place):
    """Kernels are spoken to through files. ipykernel binds one port of its own, on loopback with a
    random key, for what forks of a kernel put out; nothing else listens, and that goes too."""
    process, seen, own = start(place), 0, set()
    while process.poll() is None:
        for pid in members(process.mark):
            try:
                links = {os.readlink(f) for f in Path(f"/proc/{pid}/fd").iterdir()}
            except OSError:  # it has just gone
                continue
            seen += any(link.startswith("socket:") for link in links)
            ports = {a for inode, a in listening().items() if f"socket:[{inode}]" in links}
            assert len(ports) <= 1 and all(port.startswith("0100007F:") for port in ports)
            own |= ports
        time.sleep(0.1)
    assert seen and finish(process)[0] == 0
    assert not own & set(listening().values())
