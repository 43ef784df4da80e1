"""A run: the pages of a plan executed (papermill) and exported (nbconvert) over the cores.

Everything is checked before anything runs. A run builds beside what is published; if a notebook
fails the others still run, its half-executed copy is kept apart, and what was published before
stays as it was. Pages that an earlier run made and did not publish are taken over.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from papermill import inspect_notebook

from livelihood.analysis.release import Release
from livelihood.batch.engine import plain
from livelihood.batch.kernels.processes import Lost, run_all
from livelihood.batch.make import Made, load_for, make, prepare
from livelihood.batch.plan import FORCED, Plan
from livelihood.batch.publish import Work, note_all, publish_all
from livelihood.batch.stage import folder_of, keep, take_over
from livelihood.batch.swap import beside
from livelihood.display.messages import DataError, Problem, say
from livelihood.project.definitions import read_pages
from livelihood.project.editions import INDEX, REPORTS, Edition, Job
from livelihood.project.files import unfit
from livelihood.report.report import check_charts

GRACE = 90  # seconds that a job may take beyond its notebook's limit: kernel start and export


def check(project: Path, plan: Plan) -> dict[Edition, Release]:
    """Read all that a run will need; ``DataError`` with every problem, before anything runs."""
    problems: list[Problem] = []
    releases = {}
    pages = read_pages(project)
    wanted = dict.fromkeys(job.edition for job in plan.jobs)
    sectors = dict.fromkeys(job.sector for job in plan.jobs if job.sector != INDEX)
    for sector in sectors:
        if sector not in pages:
            words = {"found": sector, "expected": ", ".join(pages)}
            problems.append(Problem("no_sector", "livelihood run", words=words))
        else:
            problems += check_parameters(project, sector)
    for edition in wanted:
        try:
            releases[edition] = load_for(edition, project)
            check_charts(releases[edition].definitions)
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
    if problem := unfit(path, project, name):
        return [Problem("no_notebook", name) if problem.code == "no_file" else problem]
    try:
        declared = inspect_notebook(plain(path))
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
    """How a run executes its jobs: how many at a time, for how long at most, where."""

    workers: int = 0  # one a core
    limit: float = 600  # seconds a notebook
    scheduler: str = ""  # the address of a Dask cluster; none: on this machine
    engine: str = "warm"  # of the kernels there
    partial: bool = False  # publish an edition without the pages that failed


def run(project: Path, plan: Plan, progress: Callable[..., None], how: How = How()) -> list[Made]:
    """Make and publish the pages of a plan; returns how each went.

    `progress(total, running, made)` is told. ``DataError`` before anything runs, if data,
    notebooks or parameters are not in order.
    """
    releases, noted = check(project, plan), note_all(project, plan)
    stage = beside(project / REPORTS) / "made"
    taken = take_over([s.job for s in plan.stale if s.why != FORCED], stage, noted)
    work = Work(project, stage, releases, noted, how.partial, taken)
    left = [job for job in plan.jobs if job not in {made.job for made in taken}]
    for made in _execute(left, stage, project, releases, how, progress):
        if not made.error:
            keep(made, stage, noted)
        work.made.append(made)
    publish_all(work)
    return work.made


def _execute(
    jobs: list[Job],
    stage: Path,
    project: Path,
    releases: dict[Edition, Release],
    how: How,
    progress: Callable[..., None],
) -> Iterator[Made]:
    """Run the jobs over the cores of this machine or of a cluster."""

    def tell(running: list[Job]) -> None:
        progress(len(jobs), [job.name for job in running], None)

    for job in jobs:
        folder_of(job, stage).mkdir(parents=True, exist_ok=True)
    for job, made in _results(jobs, stage, project, releases, how, tell):
        if isinstance(made, Lost):
            made = Made(job, made.seconds, None, say("job_lost", status=made.status))
        progress(len(jobs), None, made)
        yield made


def _results(
    jobs: list[Job], stage: Path, project: Path, releases: dict[Edition, Release], how: How,
    tell: Callable[[list[Job]], None],
) -> Iterator[tuple[Job, Made | Lost]]:  # fmt: skip
    if how.scheduler:
        try:
            from livelihood.batch.cluster import run_on
        except ModuleNotFoundError:
            raise DataError([Problem("no_distributed", "livelihood run")]) from None
        return run_on(how.scheduler, jobs, project, stage, how.limit, how.engine, tell)
    prepare()
    # Each job is a process that inherits all that was read here.
    task = partial(_make, stage=stage, project=project, releases=releases, limit=how.limit)
    return run_all(jobs, task, how.workers or os.cpu_count() or 1, how.limit + GRACE, tell)


def _make(job: Job, stage: Path, project: Path, releases: dict, limit: float) -> Made:
    return make(job, folder_of(job, stage), project, releases[job.edition], limit)
