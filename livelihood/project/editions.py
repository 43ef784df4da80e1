"""What a run is about: editions, each a release in a language, and the pages they consist of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from livelihood.display.messages import LANGUAGES
from livelihood.project.paths import read_region, regions, years

REPORTS = "reports"
INDEX = "index"  # the front of an edition, made like its pages
SINGLE = "livelihood.html"  # under reports: all pages in one file
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


def editions(
    project: Path, region: str | None = None, year: int | None = None, language: str | None = None
) -> list[Edition]:
    """What a run is about: by default the newest release of every region, in its own language.

    ``language`` may be ``both``. ``DataError`` if a region or its default language is unknown.
    """
    found = []
    for name in [region] if region is not None else regions(project):
        releases = years(name, project)
        own = language or read_region(name, project).language
        for chosen in LANGUAGES if language == "both" else (own,):
            found += [
                Edition(name, y, chosen) for y in ([year] if year is not None else releases[-1:])
            ]
    return found


def kept_notebook(job: Job) -> Path:
    """Where a failed job's notebook is, relative to the project."""
    return Path(REPORTS, FAILED, job.edition.folder, f"{job.sector}.ipynb")
