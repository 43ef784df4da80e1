"""A small project to be hurt, and what is left of it held against an undisturbed run.

Before a fault the pages of OLD are published, and a figure and a notebook have been changed since;
a run makes NEW of them. Whatever happens to that run, what is published is OLD or NEW to the byte,
and a plain run afterwards gives NEW.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import nbformat
from conftest import copy_project

HOOK = Path(__file__).parent / "hook"
PATHS = os.pathsep.join(filter(None, [str(HOOK), os.environ.get("PYTHONPATH")]))
COMMAND = [sys.executable, "-m", "livelihood", "run"]
CULTURE = ["--region", "duji", "--sector", "culture"]
MARK = "LIVELIHOOD_FAULT_MARK"  # in the environment of every process of a run


def start(project: Path, *words: str, env: dict | None = None, **how) -> subprocess.Popen:
    """Start a run; its processes can be told by the mark that they inherit."""
    own = {"LIVELIHOOD_LANGUAGE": "en", "PYTHONPATH": PATHS, MARK: uuid.uuid4().hex}
    world = {k: v for k, v in {**os.environ, **own, **(env or {})}.items() if v is not None}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    command = [*COMMAND, *(words or CULTURE)]
    process = subprocess.Popen(command, cwd=project, env=world, **streams, **how)
    process.mark = world[MARK]
    return process


def finish(process: subprocess.Popen, limit: float = 240) -> tuple[int, str]:
    """How a run ended and what it said; nothing of it may be running ten seconds later."""
    said, _ = process.communicate(timeout=limit)
    deadline = time.monotonic() + 10
    while left := members(process.mark):
        assert time.monotonic() < deadline, f"left running: {left}"
        time.sleep(0.05)
    assert "Traceback (most recent call last)" not in said, said
    return process.returncode, said


def run(project: Path, *words: str, **how) -> tuple[int, str]:
    """A run from beginning to end."""
    return finish(start(project, *words, **how))


def members(mark: str) -> list[int]:
    """The living processes of a run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            alive = ") Z " not in (path.parent / "stat").read_text()
            if alive and f"{MARK}={mark}".encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # it has just gone
            continue
    return found


def zygotes_and_kernels(mark: str) -> tuple[list[int], list[int]]:
    """Of a run's processes the zygotes, and the kernels that these forked."""
    warm = {}
    for pid in members(mark):
        try:
            if b"livelihood.batch.kernels.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes():
                warm[pid] = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return [p for p in warm if warm[p] not in warm], [p for p in warm if warm[p] in warm]


def state(project: Path) -> dict[str, object]:
    """All that is published, to the byte; of the records what does not differ by run."""
    reports = project / "reports"
    files = [p for p in sorted(reports.rglob("*")) if p.is_file()]
    found: dict[str, object] = {
        p.relative_to(reports).as_posix(): p.read_bytes()
        for p in files
        if p.relative_to(reports).parts[0] != "failed"
    }
    for name in [n for n in found if n.endswith("run.json")]:
        record = json.loads(found[name])
        del record["project"]  # the name of a copy's folder
        for page in record["pages"].values():
            del page["made"], page["seconds"]
        found[name] = record
    return found


def change(project: Path) -> None:
    """Change a figure and a notebook: a page and the front of its release are out of date."""
    edit(project / "data/duji/2019/figures.csv", "farm_libraries,79个", "farm_libraries,82个")
    edit(project / "notebooks/culture.ipynb", "农家书屋", "书屋")


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def spoil(project: Path, sector: str, source: str, *tags: str) -> None:
    """Give a notebook a cell more, after its parameters."""
    path = project / "notebooks" / f"{sector}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    at = 1 + next(
        i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", ())
    )
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})
    notebook.cells.insert(at, cell)
    nbformat.write(notebook, path)


def make_ground(folder: Path) -> None:
    """The project before the fault, and a copy of it after the run that comes next."""
    project = copy_project(folder / "project")
    shutil.rmtree(project / "data/duji/2010")  # fewer figures, faster runs
    status, said = run(project)
    assert status == 0, said
    change(project)
    finished = shutil.copytree(project, folder / "finished")
    began = time.monotonic()
    status, said = run(finished)
    assert status == 0, said
    (folder / "seconds").write_text(str(time.monotonic() - began))


def read_ground(folder: Path) -> tuple[Path, dict, dict, float]:
    """The project before the fault, its states OLD and NEW, and the seconds of the run between."""
    project, seconds = folder / "project", float((folder / "seconds").read_text())
    return project, state(project), state(folder / "finished"), seconds


def wait_for(found, process: subprocess.Popen) -> object:
    """What `found` finds as long as the run lives; None if that ends before."""
    while process.poll() is None:
        if result := found():
            return result
        time.sleep(0.005)
    return None


def stop(pid: int) -> None:
    """Kill a process that may have gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
