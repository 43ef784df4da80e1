"""What a run executes: checked before anything runs, then page by page over the cores.

Each job is a process of its own that inherits all that was read here, or goes to a cluster. If a
notebook fails the others still run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from livelihood.analysis.release import Release, read_edition
from livelihood.batch.engine import declared as declared_by
from livelihood.batch.kernels.processes import Lost, run_all
from livelihood.batch.make import Made, make, prepare
from livelihood.batch.plan import How, Job
from livelihood.batch.stage import folder_of
from livelihood.display.messages import DataError, Problem, say
from livelihood.project.files import unfit
from livelihood.project.paths import INDEX, Edition, read_pages

GRACE = 90  # seconds that a job may take beyond its notebook's limit: kernel start and export
Releases = dict[Edition, Release]


def check(project: Path, jobs: list[Job]) -> Releases:
    """Read all that a run will need; ``DataError`` with every problem, before anything runs."""
    problems: list[Problem] = []
    releases, pages = {}, read_pages(project)
    wanted = dict.fromkeys(job.edition for job in jobs)
    sectors = dict.fromkeys(job.sector for job in jobs if job.sector != INDEX)
    for sector in sectors:
        if sector not in pages:
            words = {"found": sector, "expected": ", ".join(pages)}
            problems.append(Problem("no_sector", "livelihood run", words=words))
        else:
            problems += check_parameters(project, sector, any(e.strict for e in wanted))
    for edition in wanted:
        try:
            releases[edition] = read_edition(edition, project)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(_once(problems))
    return releases


def _once(problems: list[Problem]) -> list[Problem]:
    return list({problem.text(): problem for problem in problems}.values())


_TYPES = {"region": "str", "year": "int", "language": "str", "strict": "bool"}


def check_parameters(project: Path, sector: str, strict: bool = False) -> list[Problem]:
    """Problems of a notebook: missing, unreadable, or not declaring what a run passes to it.

    What it is to leave open it need only know in a run that is `strict`.
    """
    path = project / "notebooks" / f"{sector}.ipynb"
    name = path.relative_to(project).as_posix()
    if problem := unfit(path, project, name):
        return [Problem("no_notebook", name) if problem.code == "no_file" else problem]
    try:
        declared = declared_by(path)
    except Exception as error:  # papermill lets through whatever a broken file raises
        return [Problem("bad_notebook", name, words={"found": error})]
    problems = []
    for parameter, kind in _TYPES.items():
        if parameter not in declared and parameter == "strict" and not strict:
            continue
        if parameter not in declared:
            words = {"found": parameter, "expected": ", ".join(declared)}
            problems.append(Problem("no_parameter", name, words=words))
        elif declared[parameter]["inferred_type_name"] not in (kind, "None"):
            found = declared[parameter]["inferred_type_name"]
            words = {"name": parameter, "found": found, "expected": kind}
            problems.append(Problem("parameter_type", name, words=words))
    return problems


def execute(
    jobs: list[Job],
    stage: Path,
    project: Path,
    releases: Releases,
    how: How,
    progress: Callable[..., None],
) -> Iterator[Made]:
    """Run the jobs over the cores of this machine or of a cluster.

    `progress(total, running, made)` is told.
    """

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
    jobs: list[Job],
    stage: Path,
    project: Path,
    releases: Releases,
    how: How,
    tell: Callable[[list[Job]], None],
) -> Iterator[tuple[Job, Made | Lost]]:
    if how.scheduler:
        try:
            from livelihood.batch.cluster import run_on
        except ModuleNotFoundError:
            raise DataError([Problem("no_distributed", "livelihood run")]) from None
        return run_on(how.scheduler, jobs, project, stage, how.timeout, how.engine, tell)
    prepare(releases.values())
    task = partial(_make, stage=stage, project=project, releases=releases, limit=how.timeout)
    return run_all(jobs, task, how.jobs or os.cpu_count() or 1, how.timeout + GRACE, tell)


def _make(job: Job, stage: Path, project: Path, releases: Releases, limit: float) -> Made:
    return make(job, folder_of(job, stage), project, releases[job.edition], limit)
