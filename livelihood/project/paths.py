"""Where a project's data and notebooks are, which regions and years it has, and what is published.

Nothing lists them: a region is a folder of ``data/`` with a ``region.toml``, a release is a
folder of it whose name is a year, a notebook is a file of ``notebooks/``. An edition is a release
in a language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from livelihood.display.messages import LANGUAGES, DataError, Language, Problem, say, suggestion
from livelihood.project.files import read_toml
from livelihood.project.schema import Label, MaybeLabel, structure

INDEX = "index"  # the front of an edition, made like its pages
OVERVIEW = "overview"  # the first page, and the file of what belongs to no sector
FOLDER = Path("data", "definitions")


@dataclass(frozen=True, slots=True)
class Region:
    """A district: its folder's name, GB/T 2260 code, names, and what its conventions need."""

    id: str
    code: str
    language: Language
    programme_start: int
    name: Label
    city: MaybeLabel

    def place(self, language: str) -> str:
        """Its city and name in one language; its name alone where nobody wrote the city's."""
        city, name = self.city.get(language), self.name[language]
        return say("place", language, city=city, name=name) if city else name


def find_project(start: Path | None = None) -> Path:
    """The project at or above a folder (default: here, in a notebook its own); else ``DataError``.

    It is where regions are, ``data/*/region.toml``, or, before the first, ``data/definitions/``.
    The checkout that this package was installed from is none unless one is in it: figures of
    another project than that of the notebook on the screen would be wrong without a word.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir() or any((folder / "data").glob("*/region.toml")):
            return folder
    raise DataError([Problem("no_project", "livelihood", words={"found": here})])


def regions(project: Path | None = None) -> list[str]:
    """The regions of the project, in order of their names.

    >>> "duji" in regions()
    True
    """
    return [name for name in _folders(project or find_project()) if _is_name(name)]


def passed_over(project: Path) -> list[str]:
    """Folders like a region's whose names no region can have: copies that somebody keeps there."""
    return [name for name in _folders(project) if not _is_name(name)]


def _folders(project: Path) -> list[str]:
    return sorted(f.parent.name for f in (project / "data").glob("*/region.toml"))


def _is_name(region: str) -> bool:
    return bool(re.fullmatch(r"[\w-]{1,60}", region))


def as_year(year: object) -> object:
    """A year as a number, however it comes; what is no year is left for the error.

    >>> as_year("2019"), as_year(2019.0), as_year("last")
    (2019, 2019, 'last')
    """
    found = re.fullmatch(r"(\d{4})(\.0)?", str(year))
    return int(found[1]) if found else year


def regions_with(year: object, project: Path) -> list[str]:
    """The regions that have a release of `year` (all for ``None``); ``DataError`` if none has."""
    year = as_year(year)
    if not (all_regions := regions(project)):
        raise DataError([Problem("no_regions", "data/")])
    found = [name for name in all_regions if year is None or year in years(name, project)]
    if not found and year is not None:
        known = sorted({y for name in all_regions for y in years(name, project)})
        words = {"found": year, "region": "data/", "expected": ", ".join(map(str, known))}
        raise DataError([Problem("no_release", "data/", words=words)])
    return found


def years(region: str, project: Path | None = None) -> list[int]:
    """The years for which a region has a release, oldest first; ``DataError`` if unknown.

    >>> 2019 in years("duji")
    True
    """
    folder = region_folder(region, project)
    found = (f.name for f in folder.iterdir() if f.is_dir())
    return sorted(int(name) for name in found if re.fullmatch("(19|20)[0-9][0-9]", name))


def region_folder(region: str, project: Path | None = None) -> Path:
    """The data folder of a region; ``DataError`` naming those there are."""
    project = project or find_project()
    folder = project / "data" / str(region)
    if not _is_name(str(region)) or not (folder / "region.toml").exists():
        names = {id: _names(id, project) for id in regions(project)}
        shown = {name: f"{id} ({found[0]})" for id, found in names.items() for name in (id, *found)}
        words = {"found": region, "expected": suggestion(str(region), shown, shown)}
        raise DataError([Problem("no_region", "data/", words=words)])
    return folder


def _names(region: str, project: Path) -> list[str]:
    """The names of a region in each language; its id, where they cannot be read."""
    try:
        return list(read_region(region, project).name.values())
    except DataError:
        return [region]


def release_folder(region: str, year: int, project: Path | None = None) -> Path:
    """The folder of a release; ``DataError`` naming the years there are."""
    known = years(region, project)
    if year not in known:
        words = {"found": year, "region": region, "expected": ", ".join(map(str, known))}
        raise DataError([Problem("no_release", f"data/{region}/", words=words)])
    return region_folder(region, project) / str(year)


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


def read_region(region: str, project: Path | None = None) -> Region:
    """What ``region.toml`` says of a region; ``DataError`` with every problem of the file."""
    project = project or find_project()
    path = region_folder(region, project) / "region.toml"
    file = path.relative_to(project).as_posix()
    found = structure(Region, read_toml(path, project), file, id=region)
    ranges = {
        "code": (bool(re.fullmatch("[0-9]{6}", found.code)), "340602"),
        "programme_start": (found.programme_start in range(1949, 2100), "1949–2099"),
    }
    problems = [
        Problem("out_of_range", file, "", key, {"found": getattr(found, key), "expected": expected})
        for key, (fits, expected) in ranges.items()
        if not fits
    ]
    if problems:
        raise DataError(problems)
    return found


# ---- what is published ---------------------------------------------------------------------------


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
