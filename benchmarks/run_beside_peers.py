"""`livelihood run` beside what a person would use instead, in one measurement.

    python benchmarks/run_beside_peers.py [--rounds N] [--short] [--least RATIO] [--peers PYTHON]

All make the nine pages of one release from the same notebooks and data, in turn, round after
round. The measure of all is a shell loop: `papermill` and `nbconvert --to html` for each notebook.
Beside it stand `nbconvert --execute`, the peers that the interpreter of `--peers` has, and the
floor: the same cells in one interpreter that has imported everything, without a page. The peers
need an environment of their own (`pip install livelihood[bench]`), as ploomber-engine makes every
papermill of its environment slower, which would burden the loop. Wall and CPU seconds
are the least of all rounds, children included. `--short` leaves out all but the loop; `--least`
fails if the wall time is not so many times better than its.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from math import inf
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from livelihood.project.definitions import read_pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = read_pages(ROOT)
FLOOR = """
import os, sys, time
import nbformat
from livelihood.display import fonts
from livelihood.batch import preload
from livelihood.batch.kernels import zygote
os.environ[fonts.ON_PAGE] = "1"
zygote.preload(preload.MODULES, preload.WARM_UP)
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
wall, cpu = time.perf_counter(), time.process_time()
for page in sys.argv[1:]:
    shell.reset()
    for cell in nbformat.read(f"notebooks/{page}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()
print()
print([time.perf_counter() - wall, time.process_time() - cpu])
"""
PLOOMBER = """
import sys
from ploomber_engine import execute_notebook
for page in sys.argv[1:]:
    execute_notebook(f"notebooks/{page}.ipynb", f"made/{page}.ipynb", progress_bar=False)
"""
PEERS = sys.executable
Times = tuple[float, float]  # wall and CPU seconds


def loop(project: Path) -> None:
    """papermill, then nbconvert, for each notebook."""
    for page in PAGES:
        python(project, "-m", "papermill", "--no-progress-bar", "-p", "language", "zh",
               f"notebooks/{page}.ipynb", f"made/{page}.ipynb")  # fmt: skip
        python(project, "-m", "nbconvert", "--to", "html", f"made/{page}.ipynb")


def nbconvert_execute(project: Path) -> None:
    """One process that executes and exports all."""
    notebooks = [f"notebooks/{page}.ipynb" for page in PAGES]
    python(project, "-m", "nbconvert", "--to", "html", "--execute", "--output-dir", "made",
           *notebooks)  # fmt: skip


def ploomber_engine(project: Path) -> None:
    """All notebooks in the shells of one process, then one nbconvert."""
    python(project, "-c", PLOOMBER, *PAGES, of=PEERS)
    convert_all(project)


def jupyter_cache(project: Path) -> None:
    """An empty cache that executes in parallel, then one nbconvert."""
    notebooks = [f"notebooks/{page}.ipynb" for page in PAGES]
    os.environ["JUPYTERCACHE"] = str(project / "made/cache")
    jcache = ("-c", "from jupyter_cache.cli.commands.cmd_main import jcache; jcache()")
    python(project, *jcache, "notebook", "add", *notebooks, of=PEERS, input=b"y\ny\n")
    python(project, *jcache, "project", "execute", "--executor", "local-parallel", of=PEERS)
    for page in PAGES:
        python(project, *jcache, "notebook", "merge", f"notebooks/{page}.ipynb",
               f"made/{page}.ipynb", of=PEERS)  # fmt: skip
    convert_all(project)


def convert_all(project: Path) -> None:
    """One nbconvert for all executed notebooks."""
    python(project, "-m", "nbconvert", "--to", "html", *(f"made/{page}.ipynb" for page in PAGES))


def livelihood_run(project: Path) -> None:
    """This package's own run of the same release."""
    python(project, "-m", "livelihood", "run", "--region", "duji", "--year", "2019",
           "--language", "zh", "--force")  # fmt: skip
    for page in PAGES:
        shutil.copy(project / f"reports/duji/2019/zh/{page}.html", project / "made")


def python(project: Path, *words: str, of: str = sys.executable, input: bytes = b"") -> None:
    """A process of an interpreter; whatever goes wrong ends the benchmark."""
    done = subprocess.run([of, *words], cwd=project, capture_output=True, input=input)
    if done.returncode:
        sys.exit(f"{' '.join(words)[:200]}\n{done.stderr.decode()}")


def measure(task: Callable[[Path], None], project: Path) -> Times:
    """Wall and CPU seconds of a task and its children, which must have made every page."""
    shutil.rmtree(project / "made", ignore_errors=True)
    (project / "made").mkdir()
    before, started = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    try:
        task(project)
    except Failed:
        return inf, inf
    wall, after = time.perf_counter() - started, getrusage(RUSAGE_CHILDREN)
    assert {p.stem for p in (project / "made").glob("*.html")} == set(PAGES), task
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def floor(project: Path) -> Times:
    """The cells alone, in an interpreter that has imported everything."""
    words = [sys.executable, "-c", FLOOR, *PAGES]
    done = subprocess.run(words, cwd=project, capture_output=True, check=True)
    wall, cpu = json.loads(done.stdout.splitlines()[-1])
    return wall, cpu


def contestants(short: bool) -> dict[str, Callable[[Path], Times]]:
    """What is compared, by name, with the loop first."""
    tasks = {"papermill + nbconvert loop": loop, "livelihood run": livelihood_run}
    if not short:
        tasks["nbconvert --execute"] = nbconvert_execute
        peers = {"ploomber-engine": ploomber_engine, "jupyter-cache": jupyter_cache}
        there = {n: task for n, task in peers.items() if installed(n.replace("-", "_"))}
        tasks |= {n: partial(failing_allowed, task) for n, task in there.items()}
    found = {n: lambda project, task=task: measure(task, project) for n, task in tasks.items()}
    return found if short else found | {"floor": floor}


class Failed(Exception):
    """A peer did not make the pages."""


def failing_allowed(task: Callable[[Path], None], project: Path) -> None:
    """A peer that breaks, as some do now and then, loses its round; the others go on."""
    try:
        task(project)
    except SystemExit as error:
        print(error, file=sys.stderr)
        raise Failed from None


def installed(module: str) -> bool:
    """Whether the peers' interpreter has a module."""
    return not subprocess.run([PEERS, "-c", f"import {module}"], capture_output=True).returncode


def main() -> None:
    """Take the measurements in turn and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--short", action="store_true")
    options.add_argument("--peers", default=sys.executable)
    options.add_argument("--least", type=float, default=0)
    asked = options.parse_args()
    global PEERS
    PEERS = asked.peers
    prepare()
    tasks = contestants(asked.short)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "notebooks"):
            shutil.copytree(ROOT / name, Path(folder, name))
        rounds = [{n: task(Path(folder)) for n, task in tasks.items()} for _ in range(asked.rounds)]
    best = {n: tuple(min(r[n][i] for r in rounds) for i in (0, 1)) for n in tasks}
    base = next(iter(best.values()))
    print(f"{len(PAGES)} notebooks, {asked.rounds} rounds, {os.cpu_count()} cores\n")
    print("| | wall s | CPU s | x wall | x CPU |\n|---|--:|--:|--:|--:|")
    for name, (wall, cpu) in best.items():
        print(f"| {name} | {wall:.1f} | {cpu:.1f} | {base[0] / wall:.1f} | {base[1] / cpu:.1f} |")
    if base[0] / best["livelihood run"][0] < asked.least:
        sys.exit(f"less than {asked.least:g} times as fast as the loop")


def prepare() -> None:
    """Compile everything first: modules that are not would burden the loop most."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for place in (*sys.path[1:], str(ROOT / "livelihood")):
        compileall.compile_dir(place, quiet=2, maxlevels=20)


if __name__ == "__main__":
    main()
