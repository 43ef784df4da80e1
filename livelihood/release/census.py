"""Census denominators: counts of residents, households and ages by county, 2010 and 2020.

The table is ``data/census/anhui.csv``; its columns, source and licence are described in the
README beside it. Counts are exact, as at 1 November of the year. ``province.toml`` beside it says
what holds for all; where a place has another code now than in a census, its rows have today's.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from livelihood.display.messages import MOST, DataError, Problem
from livelihood.project.files import odd_text, read_bytes, read_toml, while_unchanged
from livelihood.project.paths import find_project
from livelihood.project.schema import structure

CENSUS, PROVINCE = "data/census/anhui.csv", "data/census/province.toml"
_FORMS = {
    "code": ("[0-9]{6}", "340602"),
    "city_code": ("[0-9]{6}", "340600"),
    "level": ("[a-z_]+", "county"),
    "year": ("(19|20)[0-9]{2}", "2020"),
}
_COUNT = r"([0-9]{1,12}(\.[0-9]{1,6})?)?"  # empty where a census did not count it

T = TypeVar("T")
Rows = list[dict[str, str]]


def _kept(what: str, project: Path, read: Callable[[Path], T]) -> T:
    files = [project / CENSUS, project / PROVINCE]
    return while_unchanged(("census", what, project), files, lambda: read(project))


def ratios(
    top: str, under: str, project: Path | None = None
) -> list[tuple[Mapping[str, str], float]]:
    """The rows of all divisions, each with one of its counts over another, if it has both.

    >>> found = ratios("family_household_population", "family_households")
    >>> [round(each, 2) for row, each in found if row["code"] == "340602"]
    [3.22, 2.55]
    """
    rows = _table(project or find_project())
    given = (row for row in rows if row[top] and float(row[under] or 0))
    return [(row, float(row[top]) / float(row[under])) for row in given]


def nearest_count(
    code: str, column: str, year: int, project: Path | None = None
) -> tuple[int, int] | None:
    """The count of a division in the census nearest to `year`: (count, census year).

    ``None`` if no census gives it. A code that has changed is as good as today's.

    >>> nearest_count("340602", "rural_population", 2019)
    (51199, 2020)
    >>> nearest_count("340706", "population", 2012), nearest_count("340721", "population", 2012)
    ((249595, 2010), (249595, 2010))
    """
    project = project or find_project()
    rows = check_census(project).get(province(project).now.get(code, code), ())
    given = [(int(row["year"]), row[column]) for row in rows if row[column]]
    if not given:
        return None
    found, count = min(given, key=lambda pair: (abs(pair[0] - year), -pair[0]))
    return int(float(count)), found


@dataclass(frozen=True, slots=True)
class Province:
    """What holds for all: when the programme began, codes that changed (today's: the older)."""

    programme_start: int
    former: Mapping[str, str] = field(default_factory=dict)

    @property
    def now(self) -> dict[str, str]:
        """Today's codes by those of a census."""
        return {old: new for new, old in self.former.items()}


def province(project: Path) -> Province:
    """What ``province.toml`` says; ``DataError`` if it is wrong or missing."""
    return _kept("province", project, _province)


def _province(project: Path) -> Province:
    return structure(Province, read_toml(project / PROVINCE, project), PROVINCE)


def check_census(project: Path, columns: Iterable[str] = ()) -> dict[str, Rows]:
    """The rows of each division, as text, the oldest first; ``DataError`` with every problem.

    `columns` are those that definitions name and that must be there. Indicators ask for few
    counts, one at a time: they need no DataFrame.
    """
    rows = _kept("rows", project, _by_code)
    header = next(iter(rows.values()))[0] if rows else {}
    if lacking := sorted(set(columns) - header.keys()):
        words = {"found": ", ".join(header), "expected": ", ".join(lacking)}
        raise DataError([Problem("no_header", CENSUS, 1, words=words)])
    return rows


def _by_code(project: Path) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in _table(project):
        found.setdefault(row["code"], []).append(row)
    return {code: sorted(rows, key=itemgetter("year")) for code, rows in found.items()}


def _table(project: Path) -> Rows:
    """All rows as they stand in the file, but for today's codes."""
    return _kept("table", project, _read)


def _read(project: Path) -> Rows:
    try:
        text = read_bytes(project / CENSUS, project, CENSUS).decode("utf-8")
        header, *lines = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError([Problem("not_utf8", CENSUS, words={"found": error})]) from None
    problems = list(_header_slips(header)) or list(islice(_line_slips(lines, header), MOST + 1))
    if problems:
        raise DataError(problems)
    now, rows = province(project).now, (dict(zip(header, line, strict=True)) for line in lines)
    return [row | {"code": now.get(row["code"], row["code"])} for row in rows]


def _header_slips(header: list[str]) -> Iterator[Problem]:
    wanted = [c for c in (*_FORMS, "name") if c not in header]
    if wanted or len(set(header)) < len(header):
        words = {"found": ", ".join(header), "expected": ", ".join(wanted)}
        yield Problem("no_header" if wanted else "odd_header", CENSUS, 1, words=words)


def _line_slips(lines: list[list[str]], header: list[str]) -> Iterator[Problem]:
    seen = set()
    for number, line in enumerate(lines, start=2):
        if len(line) != len(header):
            words = {"found": len(line), "expected": len(header)}
            yield Problem("row_length", CENSUS, number, words=words)
            continue
        row = dict(zip(header, line, strict=True))
        yield from filter(None, (_cell_slip(*each, number) for each in row.items()))
        if (key := (row["code"], row["year"])) in seen:
            yield Problem("division_twice", CENSUS, number, "code", {"found": " ".join(key)})
        seen.add(key)


def _cell_slip(column: str, cell: str, number: int) -> Problem | None:
    if column == "name":
        return odd_text(cell, CENSUS, number, column)
    form, example = _FORMS.get(column, (_COUNT, "51199"))
    words = {"found": cell, "expected": example}
    fits = re.fullmatch(form, cell)
    return None if fits else Problem("out_of_range", CENSUS, number, column, words)
