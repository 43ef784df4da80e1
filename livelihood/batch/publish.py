"""Publication: all that a run made takes the place of what was published, in one step.

The new state is built whole beside the old one: the editions whose pages are all there, with
what was not made again carried over; a frame around each body whose own has changed, be it that
the body is new, that another year has come, or that its notebook has failed; the front. An
edition one of whose pages failed stays as it was; in part it is published only when that is asked
for.

The record of an edition says of each page what it was made from (`pages`), why it could not be
made again (`failed`) and what it was put together from (`frames`), and of each file what it was
published as (`outputs`), bodies included: what is not that any more is put around nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from livelihood.analysis.release import Release, read_edition
from livelihood.batch.make import Made
from livelihood.batch.plan import (
    FAILED,
    FONT,
    RECORD,
    SINGLE,
    Job,
    body_file,
    checksum,
    kept_notebook,
    libraries,
    page_of,
    read_record,
    short,
)
from livelihood.batch.stage import Inputs, clear, folder_of, read
from livelihood.batch.swap import link, replacing, rewrite
from livelihood.display.messages import Language, say
from livelihood.project.definitions import Definitions, read_definitions
from livelihood.project.paths import INDEX, Edition
from livelihood.site.export import write
from livelihood.site.index import Published, edition_links, front_page, newest_first, single_file
from livelihood.site.page import (
    FOLDER,
    Body,
    Frame,
    framed,
    missing_body,
    read_body,
    release_frame,
)


@dataclass(frozen=True)
class Work:
    """A run's results, and where they are."""

    project: Path
    reports: Path
    stage: Path
    releases: dict[Edition, Release]
    inputs: Inputs
    partial: bool = False
    made: list[Made] = field(default_factory=list)

    def of(self, edition: Edition) -> list[Made]:
        """How the pages of an edition went."""
        return [made for made in self.made if made.job.edition == edition]

    def failed(self, edition: Edition) -> list[Made]:
        """Those of them that could not be made."""
        return [made for made in self.of(edition) if made.error]


def publish_all(work: Work) -> None:
    """Publish each edition that can be, keep what failed apart, write the front: at once."""
    known = read_definitions(work.project)
    with replacing(work.reports) as reports:
        for edition in dict.fromkeys(made.job.edition for made in work.made):
            _keep_failed(edition, work.failed(edition), work.stage, reports)
        new = publishable(work, reports)
        for edition in new:
            publish(edition, work, reports / edition.folder)
        shown = published(reports) | {edition: {INDEX, *known.pages} for edition in new}
        fonts = {m.job: folder_of(m.job, work.stage) / FONT for e in new for m in work.of(e)}
        for edition in (e for e in shown if e.region in {n.region for n in new}):
            put_frames(edition, reports, shown, known, fonts)
        write_front(work.project, reports, shown, known)
    clear(fonts, work.stage)


def publishable(work: Work, reports: Path) -> list[Edition]:
    """The editions that are published: all or none, where others of another kind would stay."""
    found = [
        edition
        for edition in dict.fromkeys(made.job.edition for made in work.made)
        if not (failed := {made.job.sector for made in work.failed(edition)})
        or (work.partial and INDEX not in failed)
    ]
    folders = {edition.folder for edition in found}
    left = {edition.strict for edition in published(reports) if edition.folder not in folders}
    return found if left <= {edition.strict for edition in found} else []


def publish(edition: Edition, work: Work, place: Path) -> None:
    """Put what was made for the pages of an edition in place, and say so in its record."""
    before = read_record(place)
    if before.get("strict", False) != edition.strict:  # none of these pages may stand in for ours
        shutil.rmtree(place, ignore_errors=True)
        before = {}
    place.mkdir(parents=True, exist_ok=True)
    pages, failed = dict(before.get("pages", {})), dict(before.get("failed", {}))
    outputs = dict(before.get("outputs", {}))
    for made in work.of(edition):
        sector = made.job.sector
        if made.error:
            if _body(place, before, sector) is None:  # nothing stands in for it
                pages.pop(sector, None)
                (place / f"{sector}.ipynb").unlink(missing_ok=True)
            failed[sector] = _failure(made, pages.get(sector, {}).get("made", ""))
        else:
            failed.pop(sector, None)
            pages[sector], files = _put_in_place(made.job, place, work)
            outputs = {n: c for n, c in outputs.items() if page_of(n) != sector} | files
    record = {
        "project": work.project.name,  # tells copies apart; its place is nobody's business
        "strict": edition.strict,
        "checksum": work.releases[edition].checksum,
        "versions": versions(),
        "pages": pages,
        "failed": failed,
        "frames": before.get("frames", {}),
        "outputs": outputs,
    }
    _write_record(place, record)


def _write_record(place: Path, record: dict) -> None:
    record["outcome"] = "partial" if record["failed"] else "complete"
    rewrite(place / RECORD, json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False))


def versions() -> dict[str, str]:
    """This package, Python and the libraries that can change a page, with their versions."""
    python, *others = libraries().split()
    pairs = (library.rpartition("-") for library in others)
    return {"livelihood": version("livelihood"), "python": python} | {n: v for n, _, v in pairs}


def _put_in_place(job: Job, place: Path, work: Work) -> tuple[dict[str, Any], dict[str, str]]:
    """Put the files of a page in place: what to note of it, and their checksums.

    ``OSError`` if they are not what was made any more.
    """
    about = read(job, work.stage, work.inputs)
    if about is None:
        raise OSError(f"{job.name}: changed between making and publishing")
    files = {name: was for name, was in about["files"].items() if name != FONT}
    if job.sector == INDEX:
        shutil.rmtree(place / FOLDER, ignore_errors=True)
    for name in files:
        target = place / name
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        link(folder_of(job, work.stage) / name, target)
    return {name: about[name] for name in ("inputs", "made", "seconds")}, files


def _failure(made: Made, since: str) -> dict[str, object]:
    """Why a page could not be made, and since when the one is there that stands in for it."""
    kind = made.error.partition(":")[0].partition("：")[0]  # the rest may have local paths in it
    return {"cell": "?" if made.cell is None else made.cell, "error": kind, "page_from": since}


def _keep_failed(edition: Edition, failed: list[Made], stage: Path, reports: Path) -> None:
    """Put the half-executed notebooks where a person can look at them."""
    shutil.rmtree(reports / FAILED / edition.folder, ignore_errors=True)
    for made in failed:
        executed = folder_of(made.job, stage) / f"{made.job.sector}.ipynb"
        if executed.exists():
            kept = reports / kept_notebook(made.job)
            kept.parent.mkdir(parents=True, exist_ok=True)
            link(executed, kept)


def published(reports: Path) -> dict[Edition, set[str]]:
    """What is published under a reports folder: editions with the names of their pages."""
    found: dict[Edition, set[str]] = {}
    for path in sorted(reports.glob("*/[0-9]*/*/index.html")):
        region, year, language = path.relative_to(reports).parts[:3]
        names = {page.stem for page in path.parent.glob("*.html")}
        strict = bool(read_record(path.parent).get("strict"))
        found[Edition(region, int(year), cast(Language, language), strict)] = names
    return found


def put_frames(
    edition: Edition,
    reports: Path,
    shown: Published,
    known: Definitions,
    fonts: Mapping[Job, Path] = MappingProxyType({}),
) -> None:
    """Put a frame around each body of an edition whose own is not as it should be.

    `fonts` were cut when pages were made. A page whose body is not what it was stays as it is,
    and is made again by the next run.
    """
    place = reports / edition.folder
    record = read_record(place)
    for name in sorted(shown[edition]) if record else ():
        frame = _frame(edition, name, record, shown, known)
        source = name if name in record["pages"] else INDEX
        key = short(repr((record["outputs"].get(body_file(source)), frame)).encode())
        if record["frames"].get(name) == key:
            continue
        body = _body(place, record, source)
        if body is None:
            record["pages"].pop(source, None)
            continue
        cut = fonts.get(Job(edition, name))
        font = cut.read_text("utf-8") if cut and not frame.notice else ""
        page = body if source == name else missing_body(body, name, known)
        rewrite(place / f"{name}.html", framed(page, frame, font))
        record["frames"][name] = key
        record["outputs"][f"{name}.html"] = checksum(place / f"{name}.html")
    if record:
        _write_record(place, record)


def _frame(
    edition: Edition, name: str, record: dict, shown: Published, known: Definitions
) -> Frame:
    """The frame that a page of an edition should have."""
    links = edition_links(edition, name, shown)
    frame = release_frame(name, edition.language, known)
    return replace(frame, editions=links, notice=_notice(record, name, edition.language))


def _notice(record: dict, name: str, language: str) -> str:
    """What is to be said over a page: that it is not there, or old, and why."""
    failed = record["failed"].get(name)
    if failed and failed["page_from"]:
        return say("page_old", language, since=failed["page_from"][:10], **failed)
    if failed:
        return say("page_failed", language, **failed)
    return "" if name in record["pages"] else say("page_missing", language, sector=name)


def _body(place: Path, record: dict, name: str) -> Body | None:
    """The body of a published page, if it is what was published."""
    path, was = place / body_file(name), record.get("outputs", {}).get(body_file(name))
    try:
        return read_body(path.read_text("utf-8")) if was and checksum(path) == was else None
    except ValueError:  # of another version of this package
        return None


def write_front(project: Path, reports: Path, shown: Published, known: Definitions) -> None:
    """The front of all that is published."""

    def cards(edition: Edition) -> Sequence[dict[str, str]]:
        place = reports / edition.folder
        body = _body(place, read_record(place), INDEX)
        return body.cards if body else ()

    if shown:
        rewrite(reports / "index.html", front_page(project, shown, cards))


def write_single(project: Path, reports: Path, wanted: Iterable[Edition]) -> None:
    """One file with all pages of the editions, as far as they are published."""
    known, shown = read_definitions(project), published(reports)
    editions = sorted(shown.keys() & set(wanted), key=newest_first)
    pages = {edition: _pages(edition, reports / edition.folder, known) for edition in editions}
    if pages:
        rewrite(reports / SINGLE, single_file(project, pages, known))


def _pages(edition: Edition, place: Path, known: Definitions) -> dict[str, tuple[Body, str]]:
    """The bodies of an edition's pages with their notices, by their names."""
    record, found = read_record(place), {}
    for name in (INDEX, *known.pages) if record else ():
        if body := _body(place, record, name if name in record["pages"] else INDEX):
            page = body if name in record["pages"] else missing_body(body, name, known)
            found[name] = (page, _notice(record, name, edition.language))
    return found


def write_exports(project: Path, reports: Path, wanted: Iterable[Edition]) -> list[Path]:
    """Export editions beside their pages, without running a notebook; returns the files."""
    files = []
    for edition in wanted:
        strict = bool(read_record(reports / edition.folder).get("strict"))  # as its pages are
        release = read_edition(replace(edition, strict=strict), project)
        folder = reports / edition.folder / FOLDER
        shutil.rmtree(folder, ignore_errors=True)  # not changed in place: files may have two names
        files += write(release, folder)
    return files
