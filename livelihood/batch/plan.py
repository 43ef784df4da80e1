"""Which pages are out of date, and why. A wrong skip is worse than a run too many.

A page is fresh if its files are as they were published and everything that it was made from is
as it was: its notebook, the data of its region (all releases) and the census, this package with
its template, and the libraries. ``run.json`` beside the pages has their checksums. Where only
figures changed, :mod:`livelihood.batch.rests` says which pages rest on them; everything else makes
every page stale.

This is what a run with nothing to do consists of, so it imports nothing but the standard library.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from livelihood.project.editions import INDEX, REPORTS, Edition, Job

RECORD = "run.json"
FORCED = ("--force",)  # why every page is made again
PACKAGE = Path(__file__).parents[1]
_NAV = b'<nav class="editions"', b"</nav>"  # put into published pages whenever others come
# The libraries that can change a page.
LIBRARIES = (
    "pandas", "numpy", "matplotlib", "seaborn", "contourpy", "kiwisolver", "papermill",
    "nbconvert", "nbclient", "nbformat", "ipykernel", "ipython", "jinja2", "markupsafe",
    "mistune", "nh3", "uharfbuzz", "brotli", "noto_cjk_sans_otc", "matplotlib_inline",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stale:
    """A page to make, and what changed since it was made last (nothing if it never was)."""

    job: Job
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do: the pages to make, and those that are as good as new."""

    stale: list[Stale]
    fresh: list[Job] = field(default_factory=list)

    @property
    def jobs(self) -> list[Job]:
        """The pages to make."""
        return [each.job for each in self.stale]


def plan(project: Path, wanted: list[Edition], sectors: Iterable[str], force: bool = False) -> Plan:
    """Divide the pages of the editions into stale and fresh ones; all stale with `force`."""
    for cached in (region_files, package, libraries):
        cached.cache_clear()  # this is the state that pages will be noted to be made from
    stale, fresh = [], []
    for edition in wanted:
        record = read_record(project, edition)
        outputs = checksums(project / REPORTS / edition.folder)
        for sector in [*sectors, INDEX]:
            job = Job(edition, sector)
            why = FORCED if force else _changes(project, job, record, outputs)
            if why is None:
                fresh.append(job)
            else:
                stale.append(Stale(job, why))
    return Plan(stale, fresh)


def _changes(project: Path, job: Job, record: dict, outputs: dict) -> tuple[str, ...] | None:
    """What makes a page stale; ``None`` if nothing does."""
    page = record.get("pages", {}).get(job.sector)
    if page is None:
        return ()
    lost = [
        name for name, checksum in record["outputs"].items()
        if outputs.get(name) != checksum and name.split("/")[0] in _files_of(job)
    ]  # fmt: skip
    now = inputs(project, job)
    changed = [k for k in sorted(now.keys() | page["inputs"].keys())
               if now.get(k) != page["inputs"].get(k)]  # fmt: skip
    if not lost and changed and job.sector != INDEX and all(map(_is_figures, changed)):
        from livelihood.batch.rests import changed_figures

        changed = changed_figures(project, job, page["figures"])
    return tuple(lost + changed) or None


def _files_of(job: Job) -> tuple[str, ...]:
    return (f"{job.sector}.html", "data" if job.sector == INDEX else f"{job.sector}.ipynb")


def _is_figures(path: str) -> bool:
    """Whether a file holds figures of a release or standing ones, and nothing else."""
    parts = Path(path).parts
    known = ("figures.", "sources.", "corrections.")
    return parts[0] == "data" and len(parts) == 4 and parts[3].startswith(known)


def inputs(project: Path, job: Job) -> dict[str, str]:
    """Checksums of all that a page is made from."""
    found = {"package": package(), "libraries": libraries()}
    found |= region_files(project, job.edition.region)
    if job.sector != INDEX:
        notebook = project / "notebooks" / f"{job.sector}.ipynb"
        found[f"notebooks/{notebook.name}"] = _checksum(notebook)
    return found


@cache
def region_files(project: Path, region: str) -> dict[str, str]:
    """Checksums of the data files that a page of a region can read, by their paths."""
    folders = [project / "data" / name for name in (region, "census", "definitions")]
    return {
        path.relative_to(project).as_posix(): _checksum(path)
        for folder in folders for path in files(folder)
    }  # fmt: skip


@cache
def package() -> str:
    """A checksum of this package: modules, definitions, template."""
    found = {p.relative_to(PACKAGE).as_posix(): _checksum(p) for p in files(PACKAGE)}
    return _short(json.dumps(found).encode())


@cache
def libraries() -> str:
    """Python and the libraries that can change a page, with their versions.

    Their versions are read from the names of their metadata folders, which takes no import.
    """
    found = set()
    for place in filter(os.path.isdir, sys.path):
        for entry in os.listdir(place):
            name, _, rest = entry.partition("-")
            if name.lower() in LIBRARIES and rest.endswith(("-info", ".egg")):
                found.add(entry.rpartition(".")[0].lower())
    return " ".join([sys.version.split()[0], *sorted(found)])


def files(folder: Path) -> list[Path]:
    """Every file below a folder but what Python and editors leave there, in order."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith((".", "__pycache__"))]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(found)


def checksums(folder: Path) -> dict[str, str]:
    """Checksums of the files of an edition, its pages without the links to other editions."""
    return {
        path.relative_to(folder).as_posix(): _checksum(path)
        for path in files(folder) if path.name != RECORD
    }  # fmt: skip


def _checksum(path: Path) -> str:
    try:
        content = path.read_bytes() if path.is_file() else b""  # a pipe would never end
    except OSError:
        return ""
    if path.suffix == ".html":
        before, _, rest = content.partition(_NAV[0])
        content = before + rest.partition(_NAV[1])[2]
    return _short(content)


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def read_record(project: Path, edition: Edition) -> dict:
    """What the last run noted of an edition; empty if there is nothing that can be read."""
    try:
        record = json.loads((project / REPORTS / edition.folder / RECORD).read_text("utf-8"))
        return record if {"pages", "outputs"} <= record.keys() else {}
    except (OSError, ValueError, AttributeError):
        return {}
