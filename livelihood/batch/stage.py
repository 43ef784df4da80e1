"""Pages made and not yet published: each in a folder of its own that says when it is whole.

A run that was cut off, or that failed on another page, leaves them; the next one takes over
those that were made from just what there is now, and clears the others away.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from livelihood.batch.make import Made
from livelihood.batch.plan import Job, checksums
from livelihood.batch.swap import sync

DONE = "done.json"  # written when all else is there, with the checksums of that
Inputs = Mapping[Job, dict[str, str]]  # what pages are made from, as the plan has it


def folder_of(job: Job, stage: Path) -> Path:
    """Where a job's files are made."""
    return stage / job.edition.folder / job.sector


def keep(made: Made, stage: Path, inputs: Inputs) -> None:
    """Note that a page is whole: what it was made from, when, how long that took."""
    folder = folder_of(made.job, stage)
    about = {
        "inputs": inputs[made.job],
        "files": checksums(folder),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(made.seconds, 3),
    }
    (folder / DONE).write_text(json.dumps(about), "utf-8")
    sync(folder)


def read(job: Job, stage: Path, inputs: Inputs) -> dict | None:
    """What was noted of a page; ``None`` if it is not whole or was made from something else."""
    folder = folder_of(job, stage)
    try:
        about = json.loads((folder / DONE).read_text("utf-8"))
        files = checksums(folder)
        files.pop(DONE)
        same = about["inputs"] == inputs[job]
        return about if same and about["files"] == files else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def take_over(jobs: Iterable[Job], stage: Path, inputs: Inputs) -> list[Made]:
    """The pages among these that an earlier run left whole; all else it left is cleared away."""
    found = {job: about for job in jobs if (about := read(job, stage, inputs))}
    folders = {folder_of(job, stage) for job in found}
    for folder in stage.glob("*/*/*/*"):
        if folder not in folders:
            shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    return [Made(job, about["seconds"], taken_over=True) for job, about in found.items()]


def clear(jobs: Iterable[Job], stage: Path) -> None:
    """Forget pages that have been published."""
    for job in jobs:
        shutil.rmtree(folder_of(job, stage), ignore_errors=True)
