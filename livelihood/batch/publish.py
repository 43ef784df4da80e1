"""Publication: all that a run made takes the place of what was published, in one step.

The new state is built whole beside the old one: the editions whose pages are all there, with
what was not made again carried over, the links between editions, the front. The record of an
edition, with checksums of its files, is written when these are. An edition one of whose pages
failed stays as it was; in part it is published only when that is asked for.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from livelihood import __version__
from livelihood.analysis.release import Release
from livelihood.batch import rests
from livelihood.batch.make import Made
from livelihood.batch.plan import RECORD, Plan, checksums, inputs, libraries, read_record
from livelihood.batch.stage import Noted, clear, folder_of, read
from livelihood.batch.swap import link, replacing, rewrite
from livelihood.project.definitions import read_pages
from livelihood.project.editions import FAILED, INDEX, REPORTS, Edition, Job
from livelihood.site.front import front_page, link_editions, published_editions
from livelihood.site.missing import missing_page, with_notice


@dataclass(frozen=True)
class Work:
    """A run's results, and where they are."""

    project: Path
    stage: Path
    releases: dict[Edition, Release]
    noted: Noted
    partial: bool = False
    made: list[Made] = field(default_factory=list)

    def of(self, edition: Edition) -> list[Made]:
        """How the pages of an edition went."""
        return [made for made in self.made if made.job.edition == edition]


def note_all(project: Path, plan: Plan) -> Noted:
    """What every page of a plan is made from, fresh ones included; by edition and sector."""
    return {edition: note(project, edition, plan) for edition in {j.edition for j in plan.jobs}}


def note(project: Path, edition: Edition, plan: Plan) -> dict[str, dict]:
    """What the pages of an edition are made from, those that are fresh included; by sector."""
    shown = rests.shown(project, edition.region)
    return {
        job.sector: {
            "inputs": inputs(project, job),
            "figures": {} if job.sector == INDEX else rests.figures(project, job, shown),
            "fresh": job in plan.fresh,
        }
        for job in (*plan.jobs, *plan.fresh) if job.edition == edition
    }  # fmt: skip


def publish_all(work: Work) -> None:
    """Publish each edition that can be, keep what failed apart, write the front: at once."""
    published: list[Job] = []
    with replacing(work.project / REPORTS) as reports:
        for edition in dict.fromkeys(made.job.edition for made in work.made):
            failed = [made for made in work.of(edition) if made.error]
            _keep_failed(edition, failed, work.stage, reports)
            if not failed or (work.partial and INDEX not in {m.job.sector for m in failed}):
                publish(edition, work, reports)
                published += [made.job for made in work.of(edition)]
        write_front(work.project, reports)
    clear(published, work.stage)


def publish(edition: Edition, work: Work, reports: Path) -> None:
    """Put the new pages of an edition in place, and their record."""
    place, release = reports / edition.folder, work.releases[edition]
    place.mkdir(parents=True, exist_ok=True)
    before = read_record(work.project, edition)
    noted = {sector: dict(about) for sector, about in work.noted[edition].items()}
    _mark_fresh(place, noted, before.get("checksum", release.checksum), release.checksum)
    failed = {}
    for made in work.of(edition):
        if made.error:
            del noted[made.job.sector]
            failed[made.job.sector] = _say_failed(made, place, before, release)
        else:
            noted[made.job.sector] |= _put_in_place(made.job, place, work)
    for sector in read_pages(work.project):
        if not (place / f"{sector}.html").exists():
            rewrite(place / f"{sector}.html", missing_page(sector, release))
    pages = {s: a for s, a in before.get("pages", {}).items() if s not in failed} | noted
    record = {
        "checksum": release.checksum, "versions": versions(), "failed": failed,
        "outcome": "partial" if failed else "complete", "pages": pages,
        "outputs": _outputs(place, noted, before),
    }  # fmt: skip
    rewrite(place / RECORD, json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False))


def versions() -> dict[str, str]:
    """This package, Python and the libraries that can change a page, with their versions."""
    python, *others = libraries().split()
    pairs = (library.rpartition("-") for library in others)
    return {"livelihood": __version__, "python": python} | {name: v for name, _, v in pairs}


def _put_in_place(job: Job, place: Path, work: Work) -> dict[str, object]:
    """Put the files of a page in place; when and in what time it was made.

    ``OSError`` if they are not what was made any more.
    """
    about = read(job, work.stage, work.noted)
    if about is None:
        raise OSError(f"{job.name}: changed between making and publishing")
    for name in about["files"]:
        target = place / name
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        link(folder_of(job, work.stage) / name, target)
    return {"made": about["made"], "seconds": about["seconds"]}


def _mark_fresh(place: Path, noted: dict, was: str, now: str) -> None:
    """Have pages that are as good as new say the checksum that the data have now."""
    for path in place.rglob("*") if was != now else ():
        if path.is_file() and noted.get(_page_of(path.relative_to(place)), {}).get("fresh"):
            text = path.read_text("utf-8")
            rewrite(path, text.replace(was, now).replace(was[:16], now[:16]))


def _page_of(path: Path) -> str:
    return INDEX if path.parts[0] == "data" else path.stem


def _outputs(place: Path, noted: dict, before: dict) -> dict[str, str]:
    """Checksums of an edition's files; of what was carried over those it was published with."""
    known = before.get("outputs", {})
    return {
        name: checksum if _page_of(Path(name)) in noted else known[name]
        for name, checksum in checksums(place).items()
        if _page_of(Path(name)) in noted or name in known
    }


def _say_failed(made: Made, place: Path, before: dict, release: Release) -> dict[str, object]:
    """Have a page say that it could not be made (again), and since when it is as it is."""
    sector = made.job.sector
    path, since = place / f"{sector}.html", before.get("pages", {}).get(sector, {}).get("made", "")
    kind = made.error.partition(":")[0].partition("：")[0]  # the rest may have local paths in it
    words = {"cell": "?" if made.cell is None else made.cell, "error": kind}
    if since and path.exists():
        page = with_notice(path.read_text("utf-8"), release.language, since=since[:10], **words)
    else:
        page = missing_page(sector, release, **words)
        path.with_suffix(".ipynb").unlink(missing_ok=True)
    rewrite(path, page)
    return words | {"page_from": since}


def _keep_failed(edition: Edition, failed: list[Made], stage: Path, reports: Path) -> None:
    """Put the half-executed notebooks where a person can look at them."""
    apart = reports / FAILED / edition.folder
    shutil.rmtree(apart, ignore_errors=True)
    for made in failed:
        executed = folder_of(made.job, stage) / f"{made.job.sector}.ipynb"
        if executed.exists():
            apart.mkdir(parents=True, exist_ok=True)
            link(executed, apart / executed.name)


def write_front(project: Path, reports: Path) -> None:
    """The index of all that is published, and the links between editions."""
    if published := published_editions(reports):
        link_editions(reports, published)
        rewrite(reports / "index.html", front_page(project, reports, published))
