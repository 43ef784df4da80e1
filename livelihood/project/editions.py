"""What a run is about: editions, each a release in a language, and the pages they consist of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from livelihood.display.messages import LANGUAGES, DataError, Language
from livelihood.project.files import read_toml
from livelihood.project.paths import as_year, find_project, read_region, regions_with, years

INDEX = "index"  # the front of an edition, made like its pages
OVERVIEW = "overview"  # the first page, and the file of what belongs to no sector
FOLDER = Path("data", "definitions")


@dataclass(frozen=True, slots=True, order=True)
class Edition:
    """What is published together: one release in one language, read `strict` or not."""

    region: str
    year: int
    language: Language
    strict: bool = False

    @property
    def folder(self) -> Path:
        """Its place under reports/."""
        return Path(self.region, str(self.year), self.language)


def editions(
    project: Path,
    region: str | None = None,
    year: int | None = None,
    language: str | None = None,
    strict: bool = False,
) -> list[Edition]:
    """What a run is about: by default the newest release of every region, in its own language.

    ``language`` may be ``both``. ``DataError`` if a region or its default language is unknown.
    """
    found = []
    for name in [region] if region is not None else regions_with(year, project):
        known = years(name, project)
        releases = known[-1:] if year is None else [year]
        own = language or read_region(name, project).language
        for chosen in cast("list[Language]", LANGUAGES if language == "both" else [own]):
            found += [Edition(name, each, chosen, strict) for each in releases]
    return found


def read_pages(project: Path) -> list[str]:
    """The pages of an edition but its front, without reading all definitions.

    What is wrong with the file is said when all are read.
    """
    try:
        tables = read_toml(project / FOLDER / "sectors.toml", project).get("sectors")
    except DataError:
        tables = {}
    sectors = tables.items() if isinstance(tables, dict) else ()
    own = [id for id, table in sectors if isinstance(table, dict) and "page" not in table]
    return [OVERVIEW, *own]


def default_region(project: Path | None = None) -> str:
    """The region that is meant where none is named: the only one, else the first of a run."""
    project = project or find_project()
    known = regions_with(None, project)
    return next((name for name in known if years(name, project)), known[0])


def which_release(
    region: str | None, year: int | str | None, project: Path | None = None
) -> tuple[str, int]:
    """The release that is meant: of the default region if none is named, its newest if no year.

    What is no year is left for the error. A notebook's parameters have "" and 0 for none.

    >>> which_release("duji", "2019"), which_release("duji", 2019.0)
    (('duji', 2019), ('duji', 2019))
    """
    region = region or default_region(project)
    if year is None or year == 0:
        year = next(reversed(years(region, project)), "")
    return region, as_year(year)  # type: ignore[return-value]
