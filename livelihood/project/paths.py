"""Where a project's data and notebooks are, and which regions and years it has.

Nothing lists them: a region is a folder of ``data/`` with a ``region.toml``, a release is a
folder of it whose name is a year, a notebook is a file of ``notebooks/``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from reprlib import repr as short
from typing import Any

from livelihood.display.messages import LANGUAGES, DataError, Problem, suggestion
from livelihood.project.files import read_toml


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
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
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
    return sorted(int(name) for name in found if re.fullmatch("(19|20)[0-9][0-9]", name))


def region_folder(region: str, project: Path | None = None) -> Path:
    """The data folder of a region; ``DataError`` naming those there are."""
    project = project or find_project()
    folder = project / "data" / str(region)
    if not re.fullmatch(r"[\w-]{1,60}", str(region)) or not (folder / "region.toml").is_file():
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


_REGION_KEYS = {
    "code": str, "language": str, "programme_start": int,
    "name": dict, "city": dict, "neighbours": list,
}  # fmt: skip


def read_region(region: str, project: Path | None = None) -> Region:
    """What ``region.toml`` says of a region; ``DataError`` with every problem of the file."""
    project = project or find_project()
    path = region_folder(region, project) / "region.toml"
    table = read_toml(path, project)
    problems = _check_region(table, path.relative_to(project).as_posix())
    if problems:
        raise DataError(problems)
    return Region(region, **{**table, "neighbours": tuple(table["neighbours"])})


def _check_region(table: dict, file: str) -> list[Problem]:
    problems = check_table(table, _REGION_KEYS, file)
    problems += check_label(table, "name", file) + check_label(table, "city", file)
    ranges = {
        "code": (_is_code(table.get("code")), "340602"),
        "language": (table.get("language") in LANGUAGES, ", ".join(LANGUAGES)),
        "programme_start": (table.get("programme_start") in range(1949, 2100), "1949–2099"),
        "neighbours": (all(map(_is_code, table.get("neighbours", ()))), '["340603"]'),
    } if not problems else {}  # fmt: skip
    return problems + [
        Problem("out_of_range", file, "", key, {"found": short(table[key]), "expected": expected})
        for key, (fits, expected) in ranges.items()
        if not fits
    ]


def _is_code(code: object) -> bool:
    return isinstance(code, str) and bool(re.fullmatch("[0-9]{6}", code))


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
            words = {"found": short(value), "expected": _type_name(keys[key])}
            problems.append(Problem("wrong_type", file, row, key, words))
    return problems


def check_label(table: dict, key: str, file: str, row: str = "") -> list[Problem]:
    """A text in both languages: problems where one is missing or no text."""
    label = table.get(key)
    if not isinstance(label, dict):
        return []
    return [
        Problem("missing_key", file, row, key, {"expected": f"{key}.{language}"})
        for language in LANGUAGES
        if not isinstance(label.get(language), str) or not label[language]
    ]


def _type_name(kind: type | tuple) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    names = {str: "text", int: "integer", dict: "table { zh, en }", list: "list", date: "date"}
    return " / ".join(names.get(k, k.__name__) for k in kinds)
