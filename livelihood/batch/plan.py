"""Which pages are out of date, and why. A wrong skip is worse than a run too many.

A page is fresh if its files are as they were published and everything that it was made from is
as it was: its notebook, the data of its region (all releases) and the census, this package with
its template, and the libraries. ``run.json`` beside the pages has their checksums.

This is what a run with nothing to do consists of, so it imports nothing but the standard library.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from livelihood.project.paths import INDEX, Edition

RECORD = "run.json"
BODIES = ".bodies"  # beside the pages of an edition: what their frames are put around
FONT = "font"  # beside a page that is made and not published yet: the glyphs that it uses
REPORTS = "reports"
SINGLE = "livelihood.html"  # under reports: all pages in one file
FAILED = "failed"  # under reports: what a failed run leaves for inspection
FORCED = ("--force",)  # why every page is made again
PACKAGE = Path(__file__).parents[1]
# The libraries that can change a page.
LIBRARIES = [
    "pandas",
    "numpy",
    "matplotlib",
    "seaborn",
    "contourpy",
    "kiwisolver",
    "papermill",
    "nbconvert",
    "nbclient",
    "nbformat",
    "ipykernel",
    "ipython",
    "jinja2",
    "markupsafe",
    "mistune",
    "nh3",
    "uharfbuzz",
    "brotli",
    "noto_cjk_sans_otc",
    "matplotlib_inline",
]


@dataclass(frozen=True, slots=True)
class Job:
    """One page to make: a notebook with its parameters."""

    edition: Edition
    sector: str

    @property
    def name(self) -> str:
        """The job as progress shows it."""
        return "/".join([*self.edition.folder.parts, self.sector])

    @property
    def parameters(self) -> dict[str, object]:
        """What papermill puts into the notebook."""
        return asdict(self.edition)


@dataclass(frozen=True, slots=True)
class Stale:
    """A page to make, and what changed since it was made last (nothing if it never was)."""

    job: Job
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do: the pages to make, and those that are as good as new.

    `inputs` are the checksums of all that each page to make is made from.
    """

    stale: list[Stale] = field(default_factory=list)
    fresh: list[Job] = field(default_factory=list)
    inputs: dict[Job, dict[str, str]] = field(default_factory=dict)

    @property
    def jobs(self) -> list[Job]:
        """The pages to make."""
        return [each.job for each in self.stale]


@dataclass(frozen=True, slots=True)
class How:
    """How a plan is carried out: pages at a time (none: one a core), seconds for a notebook.

    `scheduler` is the address of a Dask cluster (none: this machine), `engine` that of the
    kernels. `force` makes every page again, `partial` publishes an edition without the pages that
    failed, `single_file` writes one more file with all pages.
    """

    jobs: int | None = None
    timeout: float = 600
    scheduler: str | None = None
    engine: str = "warm"
    force: bool = False
    partial: bool = False
    single_file: bool = False


def plan(
    project: Path,
    reports: Path,
    wanted: list[Edition],
    sectors: Iterable[str],
    force: bool = False,
) -> Plan:
    """Divide the pages of the editions into stale and fresh ones; all stale with `force`.

    `reports` is the folder that they are published in.
    """
    for cached in (region_files, package, libraries):
        cached.cache_clear()  # this is the state that pages will be noted to be made from
    found = Plan()
    for edition in wanted:
        record = read_record(reports / edition.folder)
        outputs = checksums(reports / edition.folder)
        for job in (Job(edition, sector) for sector in [*sectors, INDEX]):
            now = inputs(project, job)
            why = FORCED if force else _changes(job, record, now, outputs)
            if why is None:
                found.fresh.append(job)
            else:
                found.stale.append(Stale(job, why))
                found.inputs[job] = now
    return found


def other_kind(reports: Path, todo: Plan) -> list[str]:
    """The editions of which a plan would leave pages, read strictly or not as its own are not."""
    made = {Path(job.edition.folder, job.sector) for job in todo.jobs}
    kinds = {job.edition.strict for job in todo.jobs}
    found = []
    for place in sorted(path.parent for path in reports.glob(f"*/[0-9]*/*/{RECORD}")):
        record, folder = read_record(place), place.relative_to(reports)
        left = [name for name in record.get("pages", ()) if folder / name not in made]
        if left and kinds - {bool(record.get("strict"))}:
            found.append(folder.as_posix())
    return found


def _changes(
    job: Job, record: dict, now: dict[str, str], outputs: dict[str, str]
) -> tuple[str, ...] | None:
    """What makes a page stale; ``None`` if nothing does."""
    page = record.get("pages", {}).get(job.sector)
    if page is None or job.sector in record["failed"]:
        return ()
    published, before = record["outputs"], page["inputs"]
    lost = [
        name
        for name, was in published.items()
        if page_of(name) == job.sector and outputs.get(name) != was
    ]
    changed = [k for k in sorted(now.keys() | before.keys()) if now.get(k) != before.get(k)]
    return tuple(lost + changed) or None


def page_of(name: str) -> str:
    """The page that a file of an edition belongs to.

    >>> page_of("culture.ipynb"), page_of(".bodies/culture.json"), page_of("data/indicators.csv")
    ('culture', 'culture', 'index')
    """
    path = Path(name)
    return INDEX if path.parts[0] == "data" else path.stem


def inputs(project: Path, job: Job) -> dict[str, str]:
    """Checksums of all that a page is made from."""
    found = {"package": package(), "libraries": libraries()}
    found |= region_files(project, job.edition.region)
    if job.edition.strict:
        found["--strict"] = "yes"
    if job.sector != INDEX:
        notebook = project / "notebooks" / f"{job.sector}.ipynb"
        found[f"notebooks/{notebook.name}"] = checksum(notebook)
    return found


@cache
def region_files(project: Path, region: str) -> dict[str, str]:
    """Checksums of the data files that a page of a region can read, by their paths."""
    folders = [project / "data" / name for name in (region, "census", "definitions")]
    found = [path for folder in folders for path in files(folder)]
    return {path.relative_to(project).as_posix(): checksum(path) for path in found}


@cache
def package() -> str:
    """A checksum of this package: modules, definitions, template."""
    found = {p.relative_to(PACKAGE).as_posix(): checksum(p) for p in files(PACKAGE)}
    return short(json.dumps(found).encode())


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


def body_file(page: str) -> str:
    """The file of a page's body, beside it."""
    return f"{BODIES}/{page}.json"


def edition_files(folder: Path) -> dict[str, Path]:
    """The files of an edition, or of one page of it, by their names: all but the record."""
    found = [*files(folder), *files(folder / BODIES)]
    return {p.relative_to(folder).as_posix(): p for p in found if p.name != RECORD}


def checksums(folder: Path) -> dict[str, str]:
    """Checksums of the files of an edition, or of one page of it."""
    return {name: checksum(path) for name, path in edition_files(folder).items()}


def checksum(path: Path) -> str:
    """A checksum of a file; none if it cannot be read."""
    try:
        return short(path.read_bytes()) if path.is_file() else ""  # a pipe would never end
    except OSError:
        return ""


def short(content: bytes) -> str:
    """A checksum of bytes, as records have them."""
    return hashlib.sha256(content).hexdigest()[:32]


def read_record(place: Path) -> dict:
    """What the last run noted of an edition; empty if there is nothing that can be read."""
    try:
        record = json.loads((place / RECORD).read_text("utf-8"))
        return record if {"pages", "failed", "frames", "outputs"} <= record.keys() else {}
    except (OSError, ValueError, AttributeError):
        return {}


def kept_notebook(job: Job) -> Path:
    """Where a failed job's notebook is, under reports."""
    return Path(FAILED, job.edition.folder, f"{job.sector}.ipynb")
