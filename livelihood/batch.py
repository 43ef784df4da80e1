"""A run: every notebook of an edition executed (papermill), exported (nbconvert), published.

A run builds beside what is published and swaps an edition in as a whole, once every page of it
is there. If a notebook fails the others still run, its half-executed copy is kept apart, and
what was published before stays as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from papermill import inspect_notebook

from livelihood.definitions import definitions
from livelihood.editions import FAILED, REPORTS, Edition, Job
from livelihood.execute import Made, load_for, make, prepare
from livelihood.front import front_page, link_editions, published_editions
from livelihood.problems import DataError, Problem, say
from livelihood.processes import Lost, run_all
from livelihood.release import Release

GRACE = 90  # seconds that a job may take beyond its notebook's limit: kernel start and export


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
            releases[edition] = load_for(edition, project)
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


@dataclass(frozen=True, slots=True)
class How:
    """How a run executes its jobs: how many at a time, and for how long at most."""

    workers: int = 0  # one a core
    limit: float = 600  # seconds a notebook


def run(
    project: Path,
    wanted: list[Edition],
    sectors: list[str],
    progress: Callable[..., None],
    how: How = How(),
) -> list[Made]:
    """Make and publish the pages; returns how each went. `progress(total, running, made)` is told.

    ``DataError`` before anything runs, if data, notebooks or parameters are not in order.
    """  # fmt: skip
    sectors = sectors or definitions().pages
    releases = check(project, wanted, sectors)
    reports = project / REPORTS
    reports.mkdir(exist_ok=True)
    stage = Path(mkdtemp(prefix=".stage-", dir=reports))
    jobs = [Job(edition, page) for edition in wanted for page in [*sectors, "index"]]
    try:
        results = _execute(jobs, stage, project, releases, how, progress)
        return _publish_all(jobs, results, stage, project)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _execute(
    jobs: list[Job],
    stage: Path,
    project: Path,
    releases: dict[Edition, Release],
    how: How,
    progress: Callable[..., None],
) -> Iterator[Made]:
    """Run the jobs over the cores, each in a process that inherits all that was read here."""
    for job in jobs:
        (stage / job.edition.folder).mkdir(parents=True, exist_ok=True)
    prepare()
    task = partial(_make, stage=stage, project=project, releases=releases, limit=how.limit)
    tell = lambda running: progress(len(jobs), [job.name for job in running], None)  # noqa: E731
    workers = min(how.workers or os.cpu_count() or 1, len(jobs))
    for job, made in run_all(jobs, task, workers, how.limit + GRACE, tell):
        if isinstance(made, Lost):
            made = Made(job, made.seconds, None, say("job_lost", status=made.status))
        progress(len(jobs), None, made)
        yield made


def _make(job: Job, stage: Path, project: Path, releases: dict, limit: float) -> Made:
    return make(job, stage / job.edition.folder, project, releases[job.edition], limit)


def _publish_all(
    jobs: list[Job], results: Iterable[Made], stage: Path, project: Path
) -> list[Made]:
    """Publish each edition as soon as all of its pages are made, and at last the front."""
    left: dict[Edition, set[Job]] = {}
    for job in jobs:
        left.setdefault(job.edition, set()).add(job)
    reports, all_made = project / REPORTS, []
    for made in results:
        all_made.append(made)
        edition = made.job.edition
        left[edition].remove(made.job)
        if not left[edition]:
            own = [m for m in all_made if m.job.edition == edition]
            if any(m.error for m in own):
                _keep_failed(edition, own, stage, reports)
            else:
                publish(edition, stage, reports)
    write_front(project)
    return all_made


def publish(edition: Edition, stage: Path, reports: Path) -> None:
    """Swap an edition in as a whole: the new pages, and of before what was not made again."""
    new, place = stage / edition.folder, reports / edition.folder
    if place.is_dir():
        for old in place.iterdir():
            if old.is_file() and not (new / old.name).exists():
                shutil.copy2(old, new / old.name)
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
        if made.error and executed.exists():
            executed.rename(kept / executed.name)


def write_front(project: Path) -> None:
    """The index of all that is published, put in place at once, and the links between editions."""
    reports = project / REPORTS
    if published := published_editions(reports):
        link_editions(reports, published)
        draft = reports / ".index.html"
        draft.write_text(front_page(project, published), encoding="utf-8")
        draft.replace(reports / "index.html")
