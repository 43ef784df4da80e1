"""Census denominators: counts of residents, households and ages by county, 2010 and 2020.

The table is ``data/census/anhui.csv``; its columns, source and licence are described in the
README beside it. Counts are exact, as at 1 November of the year.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.display.messages import MOST, DataError, Problem
from livelihood.project.files import odd_text, read_bytes, while_unchanged
from livelihood.project.paths import find_project

if TYPE_CHECKING:
    import pandas as pd

_TEXT = {"code": str, "city_code": str, "name": str, "level": str}
CENSUS = "data/census/anhui.csv"
_FORMS = {"code": ("[0-9]{6}", "340602"), "city_code": ("[0-9]{6}", "340600"),
          "level": ("[a-z_]+", "county"),
          "year": ("(19|20)[0-9]{2}", "2020")}  # fmt: skip
_COUNT = r"([0-9]{1,12}(\.[0-9]{1,6})?)?"  # empty where a census did not count it

Rows = list[dict[str, str]]


def census(project: Path | None = None) -> pd.DataFrame:
    """The census table, one row a division and year (253 rows, 30 columns).

    >>> table = census()
    >>> int(table.query("code == '340602' and year == 2020")["population"].iloc[0])
    239692
    """
    import pandas as pd  # which looking up a count does without

    path = (project or find_project()) / CENSUS
    check_census(path.parents[2])
    return while_unchanged(
        ("census frame", path), [path], lambda: pd.read_csv(path, dtype=_TEXT, encoding="utf-8")
    )


def nearest_count(
    code: str, column: str, year: int, project: Path | None = None
) -> tuple[int, int] | None:
    """The count of a division in the census nearest to `year`: (count, census year).

    ``None`` if no census gives it.

    >>> nearest_count("340602", "rural_population", 2019)
    (51199, 2020)
    """
    rows = check_census(project or find_project()).get(code, ())
    given = [(int(row["year"]), row[column]) for row in rows if row[column]]
    if not given:
        return None
    found, count = min(given, key=lambda pair: (abs(pair[0] - year), -pair[0]))
    return int(float(count)), found


def check_census(project: Path, columns: Iterable[str] = ()) -> dict[str, Rows]:
    """The rows of the table by division, as text; ``DataError`` with every problem in it.

    `columns` are those that definitions name and that must be there.
    """
    path = project / CENSUS
    rows = while_unchanged(("census", path), [path], lambda: _by_code(path, project))
    header = next(iter(rows.values()))[0] if rows else {}
    if lacking := sorted(set(columns) - header.keys()):
        words = {"found": ", ".join(header), "expected": ", ".join(lacking)}
        raise DataError([Problem("no_header", CENSUS, 1, words=words)])
    return rows


def _by_code(path: Path, project: Path) -> dict[str, Rows]:
    """Indicators ask for few counts, one at a time: they need no DataFrame."""
    try:
        text = read_bytes(path, project, CENSUS).decode("utf-8")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError([Problem("not_utf8", CENSUS, words={"found": error})]) from None
    header = lines[0] if lines else []
    problems = list(_check_header(header)) or list(islice(_check_lines(lines, header), MOST + 1))
    if problems:
        raise DataError(problems)
    found: dict[str, Rows] = {}
    for line in lines[1:]:
        row = dict(zip(header, line, strict=True))
        found.setdefault(row["code"], []).append(row)
    return found


def _check_header(header: list[str]) -> Iterator[Problem]:
    wanted = [c for c in (*_FORMS, "name") if c not in header]
    if wanted or len(set(header)) < len(header):
        words = {"found": ", ".join(header), "expected": ", ".join(wanted)}
        yield Problem("no_header" if wanted else "odd_header", CENSUS, 1, words=words)


def _check_lines(lines: list[list[str]], header: list[str]) -> Iterator[Problem]:
    seen = set()
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            words = {"found": len(line), "expected": len(header)}
            yield Problem("row_length", CENSUS, number, words=words)
            continue
        row = dict(zip(header, line, strict=True))
        for column, cell in row.items():
            yield from _check_cell(column, cell, number)
        key = row["code"], row["year"]
        if key in seen:
            yield Problem("division_twice", CENSUS, number, "code", {"found": " ".join(key)})
        seen.add(key)


def _check_cell(column: str, cell: str, number: int) -> Iterator[Problem]:
    if column == "name":
        if problem := odd_text(cell, CENSUS, number, column):
            yield problem
        return
    form, example = _FORMS.get(column, (_COUNT, "51199"))
    if not re.fullmatch(form, cell):
        words = {"found": cell, "expected": example}
        yield Problem("out_of_range", CENSUS, number, column, words)


def neighbours(table: pd.DataFrame, code: str) -> list[str]:
    """The codes of the other counties of a county's city, as the newest census has them.

    >>> neighbours(census(), "340602")
    ['340603', '340604', '340621']
    """
    newest = table[table["year"] == table["year"].max()]
    city = newest.loc[newest["code"] == code, "city_code"]
    same = newest["city_code"].isin(city) & (newest["level"] == "county")
    return sorted(set(newest.loc[same, "code"]) - {code})
