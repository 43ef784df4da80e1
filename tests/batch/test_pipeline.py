"""Pages over the cores: every kind of bad notebook, interruption, and both engines alike."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from conftest import DEFINED, whole
from nbformat.v4 import new_code_cell

from livelihood.batch.kernels.processes import Lost, children, run_all

MARK = f"LIVELIHOOD_TEST={os.getpid()}".encode()

# What each notebook does in a cell of its own, and what the run says of it (nothing: it is made).
BAD = {
    "environment": ("1", ""),  # and the name of a kernel that this machine does not have
    "overview": ("import os\nif not os.fork():\n    import time; time.sleep(300)", ""),
    "education": (
        "import subprocess\nsubprocess.run('setsid sleep 300 & setsid sleep 300 &', shell=True)",
        "",
    ),
    "health": (
        "import threading, time\n"
        "for _ in range(9): threading.Thread(target=time.sleep, args=(300,)).start()",
        "",
    ),
    "employment": ("for _ in range(5000): print('x' * 10_000)", "its output exceeds 16 MB"),
    "elderly_care": ("import os\nos._exit(0)", "the kernel exited by itself with status 0"),
    "housing": ("import ctypes\nctypes.string_at(0)", "the kernel was ended by SIGSEGV"),
    "infrastructure": ("import time\ntime.sleep(300)", "it took longer than a notebook may"),
    "safety_net": (
        "import numpy\nkept = []\nwhile True: kept.append(numpy.zeros(1 << 31, 'u1'))",
        "MemoryError",
    ),
    "culture": ("import os\nos.kill(os.getpid(), 9)", "the kernel was ended by SIGKILL"),
}


def add_cell(project: Path, notebook: str, source: str) -> None:
    """Put a cell into a notebook, after the one with the parameters."""
    path = project / "notebooks" / f"{notebook}.ipynb"
    node = nbformat.read(path, as_version=4)
    place = next(i for i, c in enumerate(node.cells) if c.cell_type == "code") + 1
    node.cells.insert(place, new_code_cell(source))
    nbformat.write(node, path)


def start(project: Path, *words: str) -> subprocess.Popen:
    """The command line as a process whose descendants can be told by their environment."""
    marked = os.environ | dict([MARK.decode().split("=")]) | {"LIVELIHOOD_LANGUAGE": "en"}
    command = [sys.executable, "-c", "from livelihood.cli import main; main()", "run", *words]
    return subprocess.Popen(
        command,
        cwd=project,
        env=marked,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def left() -> list[str]:
    """The processes that such a command line has left."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if MARK in path.read_bytes():
                found.append((path.parent / "cmdline").read_text()[:80])
        except OSError:
            pass  # it has just ended, or is not ours
    return found


def wait_until_none_left(seconds: float) -> list[str]:
    """The processes that are left after so long."""
    deadline = time.monotonic() + seconds
    while left() and time.monotonic() < deadline:
        time.sleep(0.02)
    return left()


@pytest.fixture(scope="module")
def bad_run(tmp_path_factory):
    """The output of one run of all these notebooks."""
    from conftest import copy_project

    project = copy_project(tmp_path_factory.mktemp("bad") / "project")
    for notebook, (source, _) in BAD.items():
        add_cell(project, notebook, source)
    foreign = project / "notebooks/environment.ipynb"
    foreign.write_text(foreign.read_text("utf-8").replace('"python3"', '"an-editor-s"'), "utf-8")
    process = start(project, "--region", "duji", "--year", "2019", "--timeout", "20")
    output, _ = process.communicate(timeout=180)
    return project, process.returncode, output


def test_a_run_of_bad_notebooks_ends_with_1_and_leaves_no_process(bad_run):
    project, status, output = bad_run
    assert status == 1, output
    assert "6 pages were not made" in output and "Traceback" not in output
    assert wait_until_none_left(2) == []
    assert not list((project / "reports").glob(".stage-*"))
    assert set(BAD) == set(DEFINED.pages)


@pytest.mark.parametrize("notebook", BAD)
def test_a_bad_notebook_says_what_is_wrong_or_harms_nobody(bad_run, notebook):
    project, _, output = bad_run
    says = BAD[notebook][1]
    name = f"duji/2019/zh/{notebook}"
    lines = [line for line in output.replace("\r", "\n").splitlines() if name in line]
    kept = project / f"reports/failed/{name}.ipynb"
    if says:
        (failed,) = [line for line in lines if line.startswith(f"✗ {name} failed in cell")]
        assert says in failed
        errors = [
            o
            for c in nbformat.read(kept, as_version=4).cells
            for o in c.get("outputs", [])
            if o.output_type == "error"
        ]
        assert len(errors) == 1
    else:
        assert [line for line in lines if line.startswith(f"✓ {name}")], output
        assert not kept.exists()


ENGINES = ("warm", "standard")
STOPS = [(engine, stop) for engine in ENGINES for stop in (signal.SIGINT, signal.SIGTERM)]


@pytest.mark.parametrize("how", [STOPS[0], *whole(*STOPS[1:])], ids=str)
def test_an_interrupted_run_ends_within_a_second_and_leaves_nothing(project, how):
    engine, signum = how
    flag = project / "flag"
    busy = f"open({str(flag)!r}, 'a').write('x')\nwhile True: pass"
    for notebook in ("culture", "housing"):
        add_cell(project, notebook, busy)
    words = "--year 2019 --sector culture --sector housing --jobs 2 --engine"
    process = start(project, *words.split(), engine)
    deadline = time.monotonic() + 60
    while not (flag.exists() and flag.stat().st_size == 2) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signum)
    asked = time.monotonic()
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 130 and "interrupted" in output and "Traceback" not in output
    assert wait_until_none_left(max(0, asked + 1 - time.monotonic())) == []
    assert not list((project / "reports").glob(".stage-*"))


@pytest.mark.parametrize("pages", [["overview"], *whole(DEFINED.pages)])
def test_both_engines_publish_the_same_bytes(project, livelihood, published, pages):
    words = [word for page in pages for word in ("--sector", page)]
    result = livelihood("run", "--year", "2019", "--language", "en", "--engine", "standard", *words)
    assert result.exit_code == 0, result.output
    own, other = project / "reports/duji/2019/en", published / "duji/2019/en"
    made = [*own.glob(".bodies/*"), *own.glob("*.ipynb"), *own.glob("data/*")]
    assert len(made) == 2 * len(pages) + 1 + 4
    for path in made:
        assert path.read_bytes() == (other / path.relative_to(own)).read_bytes()


def double_or_worse(number: int) -> int:
    """Twice a number; some numbers end the process or take too long."""
    if number == 3:
        os._exit(3)
    if number == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 5:
        time.sleep(60)
    return 2 * number


def test_a_process_that_is_lost_takes_its_job_with_it_and_no_other():
    before = children()
    results = dict(run_all(range(8), double_or_worse, 3, 2.0, lambda running: None))
    lost = {n: r.status for n, r in results.items() if isinstance(r, Lost)}
    assert lost == {3: 3, 4: -signal.SIGKILL, 5: None}
    assert {n: r for n, r in results.items() if n not in lost} == {
        n: 2 * n for n in (0, 1, 2, 6, 7)
    }
    assert children() == before


def test_no_more_processes_than_asked_for_run_at_once():
    running = []
    list(run_all(range(5), str, 2, 10, lambda jobs: running.append(len(jobs))))
    assert max(running) == 2


def test_reports_are_untouched_by_a_run_that_fails(bad_run, published, tmp_path):
    project, _, _ = bad_run
    assert sorted(p.name for p in (project / "reports").iterdir()) == ["failed"]
    shutil.rmtree(project)
