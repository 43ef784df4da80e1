"""Where a project's data and notebooks are, and which regions and years it has.

Nothing lists them: a region is a folder of ``data/`` with a ``region.toml``, a release is a
folder of it whose name is a year, a notebook is a file of ``notebooks/``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from livelihood.problems import DataError, Problem, suggestion


@dataclass(frozen=True, slots=True)
class Region:
    """A district: its folder's name, GB/T 2260 code, names, and what its conventions need."""

    id: str
    code: str
    language: str
    programme_start: int
    name: dict[str, str]
    city: dict[str, str]
    neighbours: tuple[str, ...]


def find_project(start: Path | None = None) -> Path:
    """The nearest folder at or above `start` (default: here) that has data/ and notebooks/.

    Without one, the checkout that this package was installed from; ``DataError`` if that has
    none either.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parent.parent):
        if (folder / "data").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise DataError([Problem("no_project", "livelihood", words={"found": here})])


def regions(project: Path | None = None) -> list[str]:
    """The regions of the project, in order of their names.

    >>> "duji" in regions()
    True
    """
    data = (project or find_project()) / "data"
    return sorted(f.parent.name for f in data.glob("*/region.toml"))


def years(region: str, project: Path | None = None) -> list[int]:
    """The years for which a region has a release, oldest first; ``DataError`` if unknown.

    >>> 2019 in years("duji")
    True
    """
    folder = region_folder(region, project)
    found = (f.name for f in folder.iterdir() if f.is_dir())
    return sorted(int(name) for name in found if re.fullmatch(r"(19|20)\d\d", name))


def region_folder(region: str, project: Path | None = None) -> Path:
    """The data folder of a region; ``DataError`` naming those there are."""
    project = project or find_project()
    folder = project / "data" / str(region)
    if not re.fullmatch(r"[\w-]+", str(region)) or not (folder / "region.toml").is_file():
        known = regions(project)
        words = {"found": region, "expected": suggestion(str(region), known)}
        raise DataError([Problem("no_region", "data/", words=words)])
    return folder


def release_folder(region: str, year: int, project: Path | None = None) -> Path:
    """The folder of a release; ``DataError`` naming the years there are."""
    known = years(region, project)
    if year not in known:
        words = {"found": year, "region": region, "expected": ", ".join(map(str, known))}
        raise DataError([Problem("no_release", f"data/{region}/", words=words)])
    return region_folder(region, project) / str(year)


def read_toml(path: Path, project: Path) -> dict:
    """A TOML file; ``DataError`` if it is missing, not UTF-8 or not TOML."""
    name = path.relative_to(project).as_posix()
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise DataError([Problem("no_file", name)]) from None
    except UnicodeDecodeError as error:
        raise DataError([Problem("unreadable", name, words={"found": error})]) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError([Problem("not_toml", name, words={"found": error})]) from None


_REGION_KEYS = {
    "code": str, "language": str, "programme_start": int,
    "name": dict, "city": dict, "neighbours": list,
}  # fmt: skip


def read_region(region: str, project: Path | None = None) -> Region:
    """What ``region.toml`` says of a region; ``DataError`` with every problem of the file."""
    project = project or find_project()
    path = region_folder(region, project) / "region.toml"
    table = read_toml(path, project)
    problems = check_table(table, _REGION_KEYS, path.relative_to(project).as_posix())
    if problems:
        raise DataError(problems)
    return Region(region, **{**table, "neighbours": tuple(table["neighbours"])})


def check_table(
    table: dict, keys: Mapping[str, Any], file: str, row: str = "", optional: tuple = ()
) -> list[Problem]:
    """Missing, unknown and wrongly typed keys of a TOML table, as problems."""
    problems = [
        Problem("missing_key", file, row, words={"expected": key})
        for key in keys
        if key not in table and key not in optional
    ]
    for key, value in table.items():
        if key not in keys:
            words = {"found": key, "expected": ", ".join(keys)}
            problems.append(Problem("unknown_key", file, row, key, words))
        elif not isinstance(value, keys[key]) or isinstance(value, bool):
            words = {"found": repr(value), "expected": _type_name(keys[key])}
            problems.append(Problem("wrong_type", file, row, key, words))
    return problems


def _type_name(kind: type | tuple) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    names = {str: "text", int: "integer", dict: "table { zh, en }", list: "list", date: "date"}
    return " / ".join(names.get(k, k.__name__) for k in kinds)
