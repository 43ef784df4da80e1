"""A run: what is out of date is made and published, and what a person sees of it.

Everything is checked before anything runs. A run builds beside what is published; if a notebook
fails the others still run, its half-executed copy is kept apart, and what was published before
stays as it was. Pages that an earlier run made and did not publish are taken over.

A run with nothing to do reads and compares checksums; the libraries are imported by those that
make something.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.batch.plan import (
    FAILED,
    FORCED,
    REPORTS,
    SINGLE,
    How,
    Plan,
    kept_notebook,
    other_kind,
    plan,
)
from livelihood.batch.swap import beside, holding, recover, refuse, replacing
from livelihood.display.characters import visible
from livelihood.display.messages import DataError, Problem, say
from livelihood.project.paths import Edition

if TYPE_CHECKING:
    from livelihood.batch.make import Made

Waits = Callable[[str, str], None]  # told which process publishes, and since when


def run(
    project: Path,
    reports: Path,
    wanted: list[Edition],
    sectors: Iterable[str],
    how: How,
    waits: Waits,
    planned: Callable[[Plan], None],
) -> tuple[Plan, list[Made]]:
    """Make and publish what is stale of some editions; returns the plan and how each page went.

    `planned` is told the plan before it is carried out. ``DataError`` before anything runs, if
    data, notebooks or parameters are not in order; ``OSError`` where the disk is full or may not
    be written.
    """
    if reports != project / REPORTS:
        _refuse_taken(reports)
    with _publishing(reports, waits):
        todo = plan(project, reports, wanted, sectors, how.force)
        _refuse_mixed(reports, todo)
        planned(todo)
        idle = not todo.stale and (reports / "index.html").is_file()
        made = [] if idle else _make(project, reports, todo, how)
        if how.single_file:
            from livelihood.batch.publish import write_single

            with replacing(reports) as new:
                write_single(project, new, wanted)
    return todo, made


def export(project: Path, reports: Path, wanted: list[Edition], waits: Waits) -> list[Path]:
    """Export editions beside their pages, without a notebook; returns the files, under reports."""
    from livelihood.batch import preload
    from livelihood.batch.kernels.processes import absent

    with absent(*preload.FORMATS):
        from livelihood.batch.publish import write_exports
    with _publishing(reports, waits), replacing(reports) as new:
        return [path.relative_to(new) for path in write_exports(project, new, wanted)]


@contextmanager
def _publishing(reports: Path, waits: Waits) -> Iterator[None]:
    """Within it this process alone publishes, in a folder that is as a run has left it."""
    refuse(reports)
    with holding(reports, waits):
        recover(reports)
        yield


def _refuse_taken(folder: Path) -> None:
    """``DataError`` for a folder that holds what no run has made, and that is not to be replaced.

    What others leave hidden beside our pages (.DS_Store, .nojekyll) is carried over.
    """
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    ours = [entry for entry in entries if _is_ours(entry)]
    others = [e.name for e in entries if e not in ours and not (ours and e.name.startswith("."))]
    if others:
        words = {"found": say("between").join(others[:3])}
        raise DataError([Problem("output_taken", str(folder), words=words)])


def _refuse_mixed(reports: Path, todo: Plan) -> None:
    """``DataError`` if a run would leave pages read strictly beside others in one set."""
    if left := other_kind(reports, todo):
        kind = say("set_ordinary" if todo.jobs[0].edition.strict else "set_strict")
        words = {"kind": kind, "found": tuple(left)}
        raise DataError([Problem("output_mixed", str(reports), words=words)])


def _is_ours(entry: Path) -> bool:
    """Whether a run leaves such a thing: a file of all pages, or a region with its years."""
    known = ("index.html", SINGLE, FAILED)
    return entry.name in known or (entry.is_dir() and all(map(_is_year, entry.iterdir())))


def _is_year(folder: Path) -> bool:
    return folder.name.isdecimal() and len(folder.name) == 4


def _make(project: Path, reports: Path, todo: Plan, how: How) -> list[Made]:
    """Make and publish the pages of a plan. The libraries are imported here."""
    from livelihood.batch import preload
    from livelihood.batch.kernels.processes import absent, lasting

    here = "standard" if how.scheduler else how.engine
    kernels = preload.kernels(here, preload.ahead(project, todo.jobs[0].edition))
    with kernels as give, Progress(shown(reports, project)) as progress:
        warnings.filterwarnings("ignore", "The soupsieve package is not installed")
        with absent(*preload.FORMATS, preload.CSS), lasting():
            from livelihood.batch import execute, publish, stage  # as the zygote imports its part

            releases = execute.check(project, todo.jobs)
            give(preload.read_for(releases[todo.jobs[0].edition]))
        place = beside(reports) / "made"
        old = [each.job for each in todo.stale if each.why != FORCED]
        taken = stage.take_over(old, place, todo.inputs)
        work = publish.Work(project, reports, place, releases, todo.inputs, how.partial, taken)
        left = [job for job in todo.jobs if job not in {made.job for made in taken}]
        for made in execute.execute(left, place, project, releases, how, progress):
            if not made.error:
                stage.keep(made, place, todo.inputs)
            work.made.append(made)
        publish.publish_all(work)
        return work.made


def shown(reports: Path, project: Path) -> str:
    """How a person is told where pages are published."""
    inside = reports.is_relative_to(project)
    return (reports.relative_to(project) if inside else reports).as_posix()


class Progress:
    """A bar with rate and time left that says which notebooks run, and a line for each one done.

    `reports` is how a person is told where pages are published.
    """

    def __init__(self, reports: str) -> None:
        self.reports = reports

    def __enter__(self) -> Progress:
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread of its own: the jobs are forks of this process
        form = "{n_fmt}/{total_fmt} {bar:20} {elapsed}<{remaining} {rate_fmt} {desc}"
        unit = say("run_unit")
        self.bar = tqdm(
            file=sys.stderr, bar_format=form, unit=unit, disable=None, dynamic_ncols=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, total: int, running: list[str] | None, made: Made | None) -> None:
        """Show how many there are, what runs now and, if given, how a page went."""
        self.bar.total = total
        if running is not None:
            now = say("run_now", names=", ".join(running)) if running else ""
            self.bar.set_description_str(now)
        if made is not None:
            self.bar.update()
            self.bar.write(line(made, self.reports), file=sys.stderr)


def line(made: Made, reports: str) -> str:
    """How a page went, in a line for a terminal."""
    if not made.error:
        return say("run_done", name=made.job.name, seconds=made.seconds)
    error = "\n".join(map(visible, made.error.split("\n")))
    if made.cell is None:  # no notebook, or none of it ran
        return say("run_failed_whole", name=made.job.name, error=error)
    kept = f"{reports}/{kept_notebook(made.job).as_posix()}"
    return say("run_failed", name=made.job.name, cell=made.cell, error=error, kept=kept)
