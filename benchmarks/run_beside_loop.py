"""`livelihood run` beside the shell loop it replaces, in one measurement.

The loop is what a person would write: for each notebook `papermill` and then
`jupyter nbconvert --to html`, one after the other. Both make the same nine pages of one release,
interleaved, from the same data. Prints wall and CPU seconds of each and their ratios (medians).

    python benchmarks/run_beside_loop.py [rounds]
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from livelihood.definitions import definitions

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NOTEBOOKS = [ROOT / "notebooks" / f"{page}.ipynb" for page in definitions().pages]


def loop(project: Path) -> None:
    """papermill, then nbconvert, for each notebook."""
    for notebook in NOTEBOOKS:
        executed = project / "loop" / notebook.name
        executed.parent.mkdir(exist_ok=True)
        call(project, "papermill", "--no-progress-bar", "-p", "language", "zh",
             f"notebooks/{notebook.name}", str(executed))  # fmt: skip
        call(project, "jupyter", "nbconvert", "--to", "html", str(executed))
    assert len(list((project / "loop").glob("*.html"))) == len(NOTEBOOKS)


def run(project: Path) -> None:
    """The package's own run of the same release."""
    shutil.rmtree(project / "reports", ignore_errors=True)
    call(project, "livelihood", "run", "--region", "duji", "--year", "2019", "--language", "zh")
    pages = project / "reports/duji/2019/zh"
    assert len(list(pages.glob("*.html"))) == len(NOTEBOOKS) + 1


def call(project: Path, command: str, *words: str) -> None:
    """A command of this environment; whatever goes wrong ends the benchmark."""
    subprocess.run([str(BIN / command), *words], cwd=project, check=True, capture_output=True)


def measure(task, project: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a task and its children."""
    before, started = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    task(project)
    after = getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu


def main(rounds: int) -> None:
    """Interleave the two and print the table."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # uncompiled modules would burden the loop
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    for folder in sys.path[1:]:
        compileall.compile_dir(folder, quiet=2, maxlevels=20)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in ("data", "notebooks"):
            shutil.copytree(ROOT / name, project / name)
        times = [(measure(loop, project), measure(run, project)) for _ in range(rounds)]
    print(f"{len(NOTEBOOKS)} notebooks, {rounds} rounds, {os.cpu_count()} cores")
    for place, name in enumerate(("wall", "CPU")):
        theirs, ours = (median(t[side][place] for t in times) for side in (0, 1))
        print(
            f"{name:5} loop {theirs:6.1f} s   livelihood run {ours:6.1f} s   {theirs / ours:.2f} x"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
