"""Census denominators: counts of residents, households and ages by county, 2010 and 2020.

The table is ``data/census/anhui.csv``; its columns, source and licence are described in the
README beside it. Counts are exact, as at 1 November of the year.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pandas as pd

from livelihood.project import find_project

_TEXT = {"code": str, "city_code": str, "name": str, "level": str}


def census(project: Path | None = None) -> pd.DataFrame:
    """The census table, one row a division and year (253 rows, 30 columns).

    >>> table = census()
    >>> int(table.query("code == '340602' and year == 2020")["population"].iloc[0])
    239692
    """
    path = (project or find_project()) / "data" / "census" / "anhui.csv"
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed: int) -> pd.DataFrame:
    return pd.read_csv(path, dtype=_TEXT, encoding="utf-8")


def nearest_count(
    code: str, column: str, year: int, project: Path | None = None
) -> tuple[int, int] | None:
    """The count of a division in the census nearest to `year`: (count, census year).

    ``None`` if no census gives it.

    >>> nearest_count("340602", "rural_population", 2019)
    (51199, 2020)
    """
    path = (project or find_project()) / "data" / "census" / "anhui.csv"
    rows = _by_code(path, path.stat().st_mtime_ns).get(code, ())
    given = [(int(row["year"]), row[column]) for row in rows if row[column]]
    if not given:
        return None
    found, count = min(given, key=lambda pair: (abs(pair[0] - year), -pair[0]))
    return int(float(count)), found


@cache
def _by_code(path: Path, _changed: int) -> dict[str, list[dict[str, str]]]:
    """The rows of each division as text: indicators ask for few counts, one at a time."""
    found: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["code"], []).append(row)
    return found


def neighbours(table: pd.DataFrame, code: str) -> list[str]:
    """The codes of the other counties of a county's city, as the newest census has them.

    >>> neighbours(census(), "340602")
    ['340603', '340604', '340621']
    """
    newest = table[table["year"] == table["year"].max()]
    city = newest.loc[newest["code"] == code, "city_code"]
    same = newest["city_code"].isin(city) & (newest["level"] == "county")
    return sorted(set(newest.loc[same, "code"]) - {code})
