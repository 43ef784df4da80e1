"""A run: every notebook of a release executed (papermill), exported (nbconvert), published.

A run builds beside what is published and swaps a release and language in as a whole, once every
page of it is there. If a notebook fails the others still run, its half-executed copy is kept
apart, and what was published before stays as it was.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import nbformat
from traitlets.config import Config

from livelihood import fonts
from livelihood.definitions import definitions
from livelihood.problems import LANGUAGES, DataError, Problem
from livelihood.project import read_region, regions, years
from livelihood.release import Release, load

REPORTS = "reports"
FAILED = "failed"  # under reports: what a failed run leaves for inspection


@dataclass(frozen=True, slots=True)
class Edition:
    """What is published together: one release in one language."""

    region: str
    year: int
    language: str

    @property
    def folder(self) -> Path:
        """Its place under reports/."""
        return Path(self.region, str(self.year), self.language)


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
        edition = self.edition
        return {"region": edition.region, "year": edition.year, "language": edition.language}


@dataclass(frozen=True, slots=True)
class Made:
    """How a job went: seconds, and what went wrong in which cell, if anything."""

    job: Job
    seconds: float
    cell: int | None = None
    error: str = ""


def editions(
    project: Path, region: str | None = None, year: int | None = None, language: str | None = None
) -> list[Edition]:
    """What a run is about: by default the newest release of every region, in its own language.

    ``language`` may be ``both``. ``DataError`` if a region or its default language is unknown.
    """
    found = []
    for name in [region] if region else regions(project):
        releases = years(name, project)
        languages = {"both": LANGUAGES, None: (read_region(name, project).language,)}
        for chosen in languages.get(language, (language,)):
            found += [Edition(name, y, chosen) for y in ([year] if year else releases[-1:])]
    return found


def check(project: Path, wanted: list[Edition], sectors: list[str]) -> dict[Edition, Release]:
    """Read all that a run will need; ``DataError`` with every problem, before anything runs."""
    problems: list[Problem] = []
    releases = {}
    for sector in sectors:
        if sector not in definitions().pages:
            words = {"found": sector, "expected": ", ".join(definitions().pages)}
            problems.append(Problem("no_sector", "livelihood run", words=words))
        else:
            problems += check_parameters(project, sector)
    for edition in wanted:
        try:
            releases[edition] = load(edition.region, edition.year, edition.language, project)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(_once(problems))
    return releases


def _once(problems: list[Problem]) -> list[Problem]:
    return list({problem.text(): problem for problem in problems}.values())


_TYPES = {"region": "str", "year": "int", "language": "str"}


def check_parameters(project: Path, sector: str) -> list[Problem]:
    """Problems of a notebook: missing, unreadable, or not declaring what a run passes to it."""
    from papermill import inspect_notebook

    path = project / "notebooks" / f"{sector}.ipynb"
    name = path.relative_to(project).as_posix()
    if not path.is_file():
        return [Problem("no_notebook", name)]
    try:
        declared = inspect_notebook(str(path))
    except Exception as error:  # papermill lets through whatever a broken file raises
        return [Problem("bad_notebook", name, words={"found": error})]
    problems = []
    for parameter, kind in _TYPES.items():
        if parameter not in declared:
            words = {"found": parameter, "expected": ", ".join(declared)}
            problems.append(Problem("no_parameter", name, words=words))
        elif declared[parameter]["inferred_type_name"] not in (kind, "None"):
            found = declared[parameter]["inferred_type_name"]
            words = {"name": parameter, "found": found, "expected": kind}
            problems.append(Problem("parameter_type", name, words=words))
    return problems


def run(
    project: Path, wanted: list[Edition], sectors: list[str], progress: Callable[..., None]
) -> list[Made]:
    """Make and publish the pages; returns how each went. `progress(total, running, made)` is told.

    ``DataError`` before anything runs, if data, notebooks or parameters are not in order.
    """
    sectors = sectors or definitions().pages
    releases = check(project, wanted, sectors)
    reports = project / REPORTS
    reports.mkdir(exist_ok=True)
    stage = Path(mkdtemp(prefix=".stage-", dir=reports))
    try:
        jobs = [Job(edition, sector) for edition in wanted for sector in sectors]
        results = list(_execute(jobs, stage, project, progress))
        failed = {made.job.edition for made in results if made.error}
        for edition in wanted:
            if edition not in failed:
                publish(edition, releases[edition], stage, reports)
            else:
                _keep_failed(edition, results, stage, reports)
        write_front(project)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return results


def _execute(
    jobs: list[Job], stage: Path, project: Path, progress: Callable[..., None]
) -> Iterator[Made]:
    """Run the jobs over the cores; each is executed and exported in one worker."""
    waiting, running = iter(jobs), {}
    with ProcessPoolExecutor(max_workers=min(cpu_count() or 1, len(jobs))) as pool:
        workers = pool._max_workers
        while True:
            for job in islice(waiting, workers - len(running)):
                running[pool.submit(make, job, stage, project)] = job
            progress(len(jobs), [job.name for job in running.values()], None)
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                del running[future]
                made = future.result()
                progress(len(jobs), [job.name for job in running.values()], made)
                yield made


def make(job: Job, stage: Path, project: Path) -> Made:
    """Execute one notebook and export its page into the stage."""
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    from livelihood.page import notebook_page
    from livelihood.stable import KERNEL_WORLD, without_traces

    started = time.perf_counter()
    os.environ[fonts.ON_PAGE] = "1"  # the kernel inherits it
    folder = stage / job.edition.folder
    folder.mkdir(parents=True, exist_ok=True)
    executed = folder / f"{job.sector}.ipynb"
    # The kernel is spoken to through sockets in a private folder, not through open ports.
    sockets = TemporaryDirectory(prefix="livelihood-")
    ipc = Config(KernelManager={"transport": "ipc", "ip": f"{sockets.name}/kernel"})
    os.environ.update(KERNEL_WORLD, IPYTHONDIR=sockets.name)
    try:
        notebook = execute_notebook(
            str(project / "notebooks" / f"{job.sector}.ipynb"), str(executed),
            parameters=job.parameters, cwd=str(project), progress_bar=False,
            request_save_on_cell_execute=False, config=ipc,
        )  # fmt: skip
        nbformat.write(without_traces(notebook), executed)
        release = load(job.edition.region, job.edition.year, job.edition.language, project)
        html = notebook_page(notebook, release, job.sector)
        (folder / f"{job.sector}.html").write_text(html, encoding="utf-8")
    except PapermillExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
        return Made(job, time.perf_counter() - started, error.cell_index, reason)
    except Exception as error:  # a dead kernel, a full disk: this page fails, the others go on
        reason = f"{type(error).__name__}: {error}"
        return Made(job, time.perf_counter() - started, None, reason)
    finally:
        sockets.cleanup()
    return Made(job, time.perf_counter() - started)


def publish(edition: Edition, release: Release, stage: Path, reports: Path) -> None:
    """Swap an edition in as a whole: new pages, the untouched ones of before, a fresh index."""
    from livelihood.export import FOLDER, export
    from livelihood.front import release_page

    new, place = stage / edition.folder, reports / edition.folder
    export(release, new / FOLDER)
    if place.is_dir():
        for old in place.iterdir():
            if old.is_file() and not (new / old.name).exists():
                shutil.copy2(old, new / old.name)
    (new / "index.html").write_text(release_page(release), encoding="utf-8")
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        place.rename(stage / f"replaced-{'-'.join(edition.folder.parts)}")
    new.rename(place)
    shutil.rmtree(reports / FAILED / edition.folder, ignore_errors=True)


def _keep_failed(edition: Edition, results: list[Made], stage: Path, reports: Path) -> None:
    """Put the half-executed notebooks where a person can look at them."""
    kept = reports / FAILED / edition.folder
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for made in results:
        executed = stage / edition.folder / f"{made.job.sector}.ipynb"
        if made.error and made.job.edition == edition and executed.exists():
            executed.rename(kept / executed.name)


def kept_notebook(job: Job) -> Path:
    """Where a failed job's notebook is, relative to the project."""
    return Path(REPORTS, FAILED, job.edition.folder, f"{job.sector}.ipynb")


def write_front(project: Path) -> None:
    """The index of all that is published, put in place at once, and the links between editions."""
    from livelihood.front import front_page, link_editions, published_editions

    reports = project / REPORTS
    if published := published_editions(reports):
        link_editions(reports, published)
        draft = reports / ".index.html"
        draft.write_text(front_page(project, published), encoding="utf-8")
        draft.replace(reports / "index.html")
