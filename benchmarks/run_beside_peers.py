"""`livelihood run` beside what a person would use instead, in one measurement.

    python benchmarks/run_beside_peers.py [--rounds N] [--short] [--least RATIO] [--keep FOLDER]

It makes two environments, the bare one of README's first command and one with `[lab]`, whose
dependencies make every import of nbformat dearer, and beside each another with the peers
(`[bench]`), as ploomber-engine makes every papermill of its environment slower. In each all make
the pages of one release from the same notebooks and data, in turn, round after round. The measure
is a shell loop: `papermill` and `nbconvert --to html` for each notebook, in the same environment.
Beside it stand `nbconvert --execute`, the peers, and the floor: the same cells in one interpreter
that has imported and read everything, without a page. Wall and CPU seconds are the least of all
rounds, children included.

`--short` compares loop and run alone, in the environment of this very interpreter; `--least` fails
if the wall time is not so many times better. Environments are made in a folder that goes
afterwards, or in that of `--keep`, which is used again.
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
import venv
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from math import inf
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from livelihood.project.paths import read_pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = read_pages(ROOT)
FLOOR = """
import os, sys, time
import nbformat
from livelihood.display import fonts
from livelihood.batch import preload
from livelihood.batch.kernels import zygote
from livelihood.project.paths import Edition
os.environ[fonts.ON_PAGE] = "1"
edition = Edition("duji", 2019, "zh")
first = preload.ahead(os.getcwd(), edition)
zygote.preload(preload.MODULES, preload.DEBUGGER, preload.WARM_UP, first)
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
RELEASE = {r"region: str = \"\"": r"region: str = \"duji\"", "year: int = 0": "year: int = 2019"}
PLOOMBER = """
import sys
from ploomber_engine import execute_notebook
for page in sys.argv[1:]:
    execute_notebook(f"notebooks/{page}.ipynb", f"made/{page}.ipynb", progress_bar=False)
"""
Times = tuple[float, float]  # wall and CPU seconds


@dataclass(frozen=True)
class Ground:
    """Where something is measured: a project, and the interpreters of an environment."""

    project: Path
    python: str
    peers: str

    def run(self, *words: str, of: str = "", input: bytes = b"") -> None:
        """A process of an interpreter; :class:`Failed` if it goes wrong."""
        command = [of or self.python, *words]
        done = subprocess.run(command, cwd=self.project, capture_output=True, input=input)
        if done.returncode:
            raise Failed(f"{' '.join(words)[:200]}\n{done.stderr.decode()[-2000:]}")

    def convert(self) -> None:
        """One nbconvert for all executed notebooks."""
        self.run("-m", "nbconvert", "--to", "html", *(f"made/{page}.ipynb" for page in PAGES))


class Failed(Exception):
    """The pages were not made."""


def loop(ground: Ground) -> None:
    """papermill, then nbconvert, for each notebook."""
    for page in PAGES:
        files = (f"notebooks/{page}.ipynb", f"made/{page}.ipynb")
        ground.run("-m", "papermill", "--no-progress-bar", "-p", "language", "zh", *files)
        ground.run("-m", "nbconvert", "--to", "html", files[1])


def livelihood_run(ground: Ground) -> None:
    """This package's own run of the same release."""
    words = "run --region duji --year 2019 --language zh --force"
    ground.run("-m", "livelihood", *words.split())
    for page in PAGES:
        shutil.copy(ground.project / f"reports/duji/2019/zh/{page}.html", ground.project / "made")


def nbconvert_execute(ground: Ground) -> None:
    """One process that executes and exports all."""
    words = ("--to", "html", "--execute", "--output-dir", "made")
    ground.run("-m", "nbconvert", *words, *(f"notebooks/{page}.ipynb" for page in PAGES))


def ploomber_engine(ground: Ground) -> None:
    """All notebooks in the shells of one process, then one nbconvert."""
    ground.run("-c", PLOOMBER, *PAGES, of=ground.peers)
    ground.convert()


def jupyter_cache(ground: Ground) -> None:
    """An empty cache that executes in parallel, then one nbconvert."""
    notebooks = [f"notebooks/{page}.ipynb" for page in PAGES]
    os.environ["JUPYTERCACHE"] = str(ground.project / "made/cache")
    jcache = ("-c", "from jupyter_cache.cli.commands.cmd_main import jcache; jcache()")
    ground.run(*jcache, "notebook", "add", *notebooks, of=ground.peers, input=b"y\ny\n")
    ground.run(*jcache, "project", "execute", "--executor", "local-parallel", of=ground.peers)
    for page, notebook in zip(PAGES, notebooks, strict=True):
        ground.run(*jcache, "notebook", "merge", notebook, f"made/{page}.ipynb", of=ground.peers)
    ground.convert()


def millrun(ground: Ground) -> None:
    """papermill in processes, then one nbconvert."""
    (ground.project / "language.json").write_text('[{"language": "zh"}]')
    words = ("run", "notebooks", "language.json", "--output-dir", "made")
    ground.run("-m", "millrun.cli", *words, of=ground.peers)
    for made in (ground.project / "made").glob("0-*.ipynb"):
        made.rename(made.with_name(made.name.removeprefix("0-")))
    ground.convert()


TASKS = {
    "papermill + nbconvert loop": loop,
    "livelihood run": livelihood_run,
    "nbconvert --execute": nbconvert_execute,
    "ploomber-engine": ploomber_engine,
    "jupyter-cache": jupyter_cache,
    "millrun": millrun,
}


def measure(task: Callable[[Ground], None], ground: Ground) -> Times:
    """Wall and CPU seconds of a task and its children, which must have made every page.

    A peer that breaks, as some do now and then, loses its round; the others go on.
    """
    made = ground.project / "made"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    before, started = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    try:
        task(ground)
    except Failed as error:
        if task in (loop, livelihood_run):
            raise
        print(error, file=sys.stderr)
        return inf, inf
    wall, after = time.perf_counter() - started, getrusage(RUSAGE_CHILDREN)
    assert {p.stem for p in made.glob("*.html")} >= set(PAGES), task
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def floor(ground: Ground) -> Times:
    """The cells alone, in an interpreter that has imported and read everything."""
    words = [ground.python, "-c", FLOOR, *PAGES]
    done = subprocess.run(words, cwd=ground.project, capture_output=True, check=True)
    wall, cpu = json.loads(done.stdout.splitlines()[-1])
    return wall, cpu


def compared(ground: Ground, rounds: int, short: bool) -> dict[str, Times]:
    """The least times of some rounds, by task."""
    tasks = dict(list(TASKS.items())[:2]) if short else TASKS
    taken: dict[str, list[Times]] = {}
    for _ in range(rounds):
        for name, task in tasks.items():
            taken.setdefault(name, []).append(measure(task, ground))
        if not short:
            taken.setdefault("floor", []).append(floor(ground))
    return {n: (min(w for w, _ in times), min(c for _, c in times)) for n, times in taken.items()}


def show(name: str, best: dict[str, Times], rounds: int) -> None:
    """A table of times and of ratios to the first."""
    base = next(iter(best.values()))
    print(f"\n{name}: {len(PAGES)} notebooks, {rounds} rounds, {os.cpu_count()} cores\n")
    print("| | wall s | CPU s | x wall | x CPU |\n|---|--:|--:|--:|--:|")
    for task, (wall, cpu) in best.items():
        ratios = f"{base[0] / wall:.1f} | {base[1] / cpu:.1f}"
        print(f"| {task} | {wall:.1f} | {cpu:.1f} | {ratios} |", flush=True)


def environment(folder: Path, extras: str) -> str:
    """The interpreter of an environment with this checkout and some extras."""
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        wanted = f"{ROOT}[{extras}]" if extras else str(ROOT)
        subprocess.run([python, "-m", "pip", "install", "-q", "-e", wanted], check=True)
    for place in (folder, ROOT / "livelihood"):  # what is not compiled burdens the loop most
        compileall.compile_dir(place, quiet=2, maxlevels=20)
    return str(python)


def copy_project(folder: Path) -> None:
    """Data and the pages' notebooks, whose own parameters are the release that all make."""
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "notebooks").mkdir()
    for page in PAGES:
        text = (ROOT / f"notebooks/{page}.ipynb").read_text("utf-8")
        for free, fixed in RELEASE.items():
            assert free in text, page
            text = text.replace(free, fixed)
        (folder / f"notebooks/{page}.ipynb").write_text(text, "utf-8")


def main() -> None:
    """Take the measurements in turn and print the tables."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--short", action="store_true")
    options.add_argument("--least", type=float, default=0)
    options.add_argument("--keep", type=Path)
    asked = options.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    place = nullcontext(asked.keep) if asked.keep else tempfile.TemporaryDirectory()
    with tempfile.TemporaryDirectory() as project, place as folder:
        copy_project(Path(project))
        for name, extras in {"bare": [], "lab": ["lab"]}.items():
            if asked.short:
                pair = sys.executable, sys.executable
            else:
                pair = (
                    environment(Path(folder, name), ",".join(extras)),
                    environment(Path(folder, f"{name}-peers"), ",".join([*extras, "bench"])),
                )
            best = compared(Ground(Path(project), *pair), asked.rounds, asked.short)
            show("this environment" if asked.short else name, best, asked.rounds)
            if best["papermill + nbconvert loop"][0] < asked.least * best["livelihood run"][0]:
                sys.exit(f"less than {asked.least:g} times as fast as the loop")
            if asked.short:
                return


if __name__ == "__main__":
    main()
