"""Publication: an edition swapped in as a whole, a record of what it was made from, the front.

What was published stays as it is until every page of its edition is there. Pages that were not
made again are carried over; if they are fresh, with the checksum that the data have now.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from livelihood import rests, stale
from livelihood.editions import FAILED, INDEX, REPORTS, Edition, Job
from livelihood.execute import Made
from livelihood.front import front_page, link_editions, published_editions
from livelihood.release import Release


def publish_all(
    plan: stale.Plan,
    results: Iterable[Made],
    releases: dict[Edition, Release],
    stage: Path,
    project: Path,
) -> list[Made]:
    """Publish each edition as soon as all of its pages are made, and at last the front."""
    left: dict[Edition, set[Job]] = {}
    for job in plan.jobs:
        left.setdefault(job.edition, set()).add(job)
    noted = {edition: note(project, edition, plan) for edition in left}
    made_by: dict[Edition, list[Made]] = {edition: [] for edition in left}
    for made in results:
        edition = made.job.edition
        made_by[edition].append(made)
        left[edition].remove(made.job)
        if not left[edition]:
            if any(m.error for m in made_by[edition]):
                _keep_failed(edition, made_by[edition], stage, project)
            else:
                publish(edition, noted[edition], releases[edition].checksum, stage, project)
    write_front(project)
    return [made for each in made_by.values() for made in each]


def note(project: Path, edition: Edition, plan: stale.Plan) -> dict[str, dict]:
    """What the pages of an edition are made from, those that are fresh included; by sector."""
    shown = rests.shown(project, edition.region)
    return {
        job.sector: {
            "inputs": stale.inputs(project, job),
            "figures": {} if job.sector == INDEX else rests.figures(project, job, shown),
            "fresh": job in plan.fresh,
        }
        for job in (*plan.jobs, *plan.fresh) if job.edition == edition
    }  # fmt: skip


def publish(edition: Edition, noted: dict, checksum: str, stage: Path, project: Path) -> None:
    """Swap an edition in as a whole: the new pages, and of before what was not made again."""
    reports = project / REPORTS
    new, place = stage / edition.folder, reports / edition.folder
    before = stale.read_record(project, edition)
    if place.is_dir():
        _carry_over(place, new, noted, (before.get("checksum", checksum), checksum))
    pages = before.get("pages", {}) | noted
    record = {"checksum": checksum, "pages": pages, "outputs": stale.checksums(new)}
    (new / stale.RECORD).write_text(json.dumps(record, indent=1, sort_keys=True), "utf-8")
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        place.rename(stage / f"replaced-{'-'.join(edition.folder.parts)}")
    new.rename(place)
    shutil.rmtree(reports / FAILED / edition.folder, ignore_errors=True)


def _carry_over(place: Path, new: Path, noted: dict, checksums: tuple[str, str]) -> None:
    """Copy what was not made again; a fresh page says the checksum of the data of today."""
    for old in place.rglob("*"):
        path = new / old.relative_to(place)
        if not old.is_file() or path.exists():
            continue
        path.parent.mkdir(exist_ok=True)
        shutil.copy2(old, path)
        if noted.get(path.stem, {}).get("fresh") and checksums[0] != checksums[1]:
            was, now = checksums
            text = path.read_text("utf-8").replace(was, now).replace(was[:16], now[:16])
            path.write_text(text, "utf-8")


def _keep_failed(edition: Edition, results: list[Made], stage: Path, project: Path) -> None:
    """Put the half-executed notebooks where a person can look at them."""
    kept = project / REPORTS / FAILED / edition.folder
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
