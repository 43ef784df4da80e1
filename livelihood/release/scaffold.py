"""A new year and a new district: folders that a person fills in.

``livelihood new 2020 --region duji`` starts a release with the measures of the one before, their
figures left blank and last time's words beside them. A row that stays blank was not printed this
year and is read as missing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from livelihood.display.characters import inert
from livelihood.display.messages import DataError, Problem
from livelihood.project.definitions import read_definitions
from livelihood.project.paths import read_region, region_folder, release_folder, years
from livelihood.release.census import census, neighbours
from livelihood.release.observations import Observation, read_folder

COLUMNS = ("measure", "printed", "previous", "period", "aggregation", "source", "locator",
           "breakdown", "role", "note", "note_en")  # fmt: skip
PROGRAMME_START = 2007  # the year in which Anhui began its livelihood programme

SOURCES = """\
# The documents of this release. id: what the source column of the figures says. date: the day it
# appeared (2021-04-06), or the month or year if no more is known. url may be left out.
[{id}]
title = ""
publisher = ""
date = ""
url = ""
"""

REGION = """\
# code: GB/T 2260. programme_start: the year the livelihood programme began, the earliest start
# that a total of unprinted start can have. name.en, city.en: as readers of English know them.
code = "{code}"
language = "zh"
programme_start = {start}
name = {{ zh = "{name}", en = "{name_en}" }}
city = {{ zh = "{city}", en = "{city_en}" }}
# Divisions of the same city, for comparison on census figures.
neighbours = [{neighbours}]
"""


def new_release(project: Path, region: str, year: int, *, workbook: bool = False) -> list[Path]:
    """Start a release from the measures of the one before; returns the files written.

    With `workbook` the figures are an XLSX workbook for an office, else CSV. ``DataError`` if the
    folder is there already or the region unknown.
    """
    folder = new_folder(project, region, year)
    rows = _rows(project, region, year)
    figures = folder / ("figures.xlsx" if workbook else "figures.csv")
    if workbook:
        from livelihood.release.form import write_workbook

        write_workbook(figures, COLUMNS, rows, read_definitions(project, region))
    else:
        write_csv(figures, COLUMNS, rows)
    return [write_sources(folder, region, year), figures]


def new_folder(project: Path, region: str, year: int) -> Path:
    """The folder of a release that is not there yet, made; ``DataError`` if it is."""
    folder = region_folder(region, project) / str(year)
    if not re.fullmatch(r"(19|20)\d\d", str(year)):
        words = {"found": year, "expected": "2020"}
        raise DataError([Problem("wrong_type", "livelihood new", words=words)])
    if folder.exists():
        name = folder.relative_to(project).as_posix()
        raise DataError([Problem("exists", name)])
    folder.mkdir()
    return folder


def _rows(project: Path, region: str, year: int) -> list[dict[str, str]]:
    """The rows to fill in: the latest earlier release's, or one a measure for a new district."""
    for before in sorted(years(region, project), reverse=True):
        figures = read_folder(
            release_folder(region, before, project), project, read_definitions(project, region)
        ).figures
        if before < year and figures:
            return [_row(figure, region, before, year) for figure in figures]
    return [
        {"measure": id, "period": str(year), "source": f"{region}-{year}"}
        for id, measure in read_definitions(project, region).measures.items()
        if measure.sector != "population"
    ]


def _row(figure: Observation, region: str, last: int, year: int) -> dict[str, str]:
    return {
        "measure": figure.measure.id,
        "previous": figure.printed,
        "period": figure.period.text.replace(str(last), str(year)),
        "aggregation": figure.aggregation,
        "source": f"{region}-{year}",
        "breakdown": inert(figure.breakdown),
        "role": figure.role,
    }


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    """Rows as CSV that a spreadsheet program opens as UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_sources(folder: Path, region: str, year: int) -> Path:
    """A sources.toml to fill in, with one document."""
    path = folder / "sources.toml"
    path.write_text(SOURCES.format(id=f"{region}-{year}"), encoding="utf-8")
    return path


def new_region(project: Path, name: str, code: str) -> Path:
    """Start a district: its region.toml, with names and neighbours from the census by code.

    ``DataError`` if the name is no folder name or taken, or the census has no such county.
    """
    path = project / "data" / name / "region.toml"
    problems = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == "census":
        problems.append(Problem("bad_name", "livelihood new", words={"found": name}))
    elif path.parent.exists():
        problems.append(Problem("exists", f"data/{name}/"))
    table = census(project)
    own = table[(table["code"] == code) & (table["level"] == "county")]
    if own.empty:
        words = {"found": code, "expected": ", ".join(sorted(set(table["city_code"]))[:20])}
        problems.append(Problem("no_code", "livelihood new", words=words))
    if problems:
        raise DataError(problems)
    path.parent.mkdir()
    path.write_text(_region(table, own.iloc[-1], name), encoding="utf-8")
    read_region(name, project)
    return path


def _region(table: pd.DataFrame, own: pd.Series, name: str) -> str:
    cities = table[table["code"] == own["city_code"]]["name"]
    province = table[table["level"] == "province"]["name"].iloc[0]
    city = province + (cities.iloc[-1] if len(cities) else "")
    others = ", ".join(f'"{code}"' for code in neighbours(table, own["code"]))
    english = name.replace("_", " ").title()
    return REGION.format(code=own["code"], start=PROGRAMME_START, name=own["name"],
                         name_en=english, city=city, city_en=city, neighbours=others)  # fmt: skip
