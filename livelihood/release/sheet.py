"""A sheet as an office sends it -> rows of cells by column.

CSV in UTF-8 (with or without its mark), UTF-16 or GB18030, and XLSX. A title and a unit line
above the header, footnotes under the table, Chinese or English headers, stray spaces, merged
cells and blank figures are all usual and read as a person would read them. What no person could
read safely is a :class:`~livelihood.display.messages.Problem` that names the sheet and the cell,
and all
of them are raised together.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from livelihood.display.messages import DataError, Problem
from livelihood.project.files import odd_text, read_bytes
from livelihood.release.workbook import Grid, read_workbook
from livelihood.release.workbook_archive import MAX_COLUMNS, MAX_ROWS

MISSING = {"", "-", "--", "---", "—", "——", "…", "……", "...", "/", "\\"}
_TITLE_ROWS = 10  # the header is among the first rows of a sheet
_UNIT_LINE = re.compile(r"单位[:：]\s*([^\s,，;；)）]+)")
_HEADER_UNIT = re.compile(r"(.*?)[(（]\s*(?:单位[:：]?)?\s*([^()（）]+)[)）]")
_FOOTNOTE = re.compile(
    r"(注|备注|附注|说明|资料来源|数据来源|来源|填表|制表|审核|\*|※|note|source)", re.I
)
_BARE = re.compile(r"[\d,.，．]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data: its number in the sheet, its cells by column, and where each stands.

    `places` has the address of a cell (``表一!C5``) for a workbook and is empty for CSV.
    """

    number: int
    cells: dict[str, str]
    places: dict[str, str] = field(default_factory=dict)


COLUMNS: dict[str, dict] = tomllib.loads(
    Path(__file__).with_name("columns.toml").read_text(encoding="utf-8")
)


@cache
def _columns() -> dict[str, str]:
    """Every header word, in plain form, with the column that it names."""
    return {
        plain(word): id
        for id, column in COLUMNS.items()
        for word in (id, *column["label"].values(), *column["words"])
    }


def columns_of(header: Iterable[str]) -> list[str]:
    """The ids of the columns that header words name; empty for a word that names none."""
    return [_columns().get(plain(_without_unit(cell)[0]), "") for cell in header]


def plain(text: str) -> str:
    """A word for comparison: full-width forms folded, no space, lower case.

    >>> plain(" 指 标（Ａ）")
    '指标(a)'
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def read_sheet(path: Path, name: str, root: Path | None = None) -> list[Row]:
    """The rows of a CSV or XLSX file, missing figures left out; ``DataError`` with all problems.

    `name` is what problems call the file, `root` the folder that it must be in. Cells are
    stripped text; a figure has the unit that a unit column, the header or a unit line gives it,
    unless it brings its own.
    """
    data = read_bytes(path, root, name)
    grid = read_workbook(data, name) if path.suffix == ".xlsx" else _read_csv(data, name)
    top = _header_row(grid)
    header, units = _header(grid, top)
    _check_header(grid, header, top)
    problems: list[Problem] = []
    rows = list(_rows(grid, header, units, top, problems))
    if problems:
        raise DataError(problems)
    if not rows:
        raise DataError([Problem("no_rows", grid.name)])
    return [row for row in rows if not _is_missing(row)]


def _is_missing(row: Row) -> bool:
    return plain(row.cells["printed"]) in _missing()


@cache
def _missing() -> frozenset[str]:
    return frozenset(map(plain, MISSING))


_OTHER_FILES = (
    (b"PK\x03\x04", "XLSX / ZIP"), (b"\xd0\xcf\x11\xe0", "XLS"), (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"\x1f\x8b", "GZIP"),
    (b"SQLite format", "SQLite"), (b"PAR1", "Parquet"), (b"<", "HTML / XML"), (b"{", "JSON"),
)  # fmt: skip


def _read_csv(data: bytes, name: str) -> Grid:
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if kind := next((k for sign, k in _OTHER_FILES if start.startswith(sign)), ""):
        raise DataError([Problem("wrong_file", name, words={"found": kind})])
    try:
        text = decode(data)
        first = re.search(r"[^\r\n]*\S[^\r\n]*", text)
        delimiter = max(",\t;", key=first[0].count) if first else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        cells = [_cells(line, number, name) for number, line in enumerate(reader)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError([Problem("unreadable", name, words={"found": error})]) from None
    return Grid(name, cells, ragged=True)


def _cells(line: list[str], number: int, name: str) -> list[str]:
    if number >= MAX_ROWS or len(line) > MAX_COLUMNS:
        words = {"found": f"{number + 1:,} × {len(line):,}"}
        raise DataError([Problem("too_big", name, words=words)])
    return [cell.strip() for cell in line]


def read_text(path: Path) -> str:
    """The text of a file that a person names, wherever it is; ``DataError`` if it is none."""
    try:
        return decode(read_bytes(path, None, path.name))
    except UnicodeDecodeError as error:
        raise DataError([Problem("unreadable", path.name, words={"found": error})]) from None


def decode(data: bytes) -> str:
    """Text of the encoding that its bytes show; GB18030 where they are no UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if data[:200].count(0) > 4:  # ASCII signs such as the comma are half zero in UTF-16
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            raise error from None


def _header_row(grid: Grid) -> int:
    """The first row that names measure and figure, else the one that names most, else the first."""
    named = [
        {_columns().get(plain(_without_unit(cell)[0])) for cell in line} - {None}
        for line in grid.cells[:_TITLE_ROWS]
    ]
    for index, columns in enumerate(named):
        if "printed" in columns:
            return index
    return max(range(len(named)), key=lambda i: len(named[i]), default=0)


def _without_unit(cell: str) -> tuple[str, str]:
    match = _HEADER_UNIT.fullmatch(cell)
    return (match[1], match[2]) if match and plain(cell) not in _columns() else (cell, "")


def _header(grid: Grid, top: int) -> tuple[list[str], dict[str, str]]:
    """The columns as the package names them, and the unit of figures that print none."""
    line = grid.cells[top] if grid.cells else []
    header, units = [], {}
    for above in grid.cells[:top]:
        for match in filter(None, map(_UNIT_LINE.search, above)):
            units[""] = match[1]
    for cell in line:
        word, unit = _without_unit(cell)
        column = _columns().get(plain(word), word if word else "")
        if unit and column == "printed":
            units[""] = unit
        header.append(column)
    return header, units


def _check_header(grid: Grid, header: list[str], top: int) -> None:
    columns = COLUMNS
    required = [id for id, column in columns.items() if column.get("required")]
    missing = [column for column in required if column not in header]
    odd = [c for i, c in enumerate(header) if c and (c not in columns or c in header[:i])]
    problems = []
    if missing:
        words = {"found": ", ".join(header), "expected": ", ".join(missing)}
        problems.append(Problem("no_header", grid.name, top + 1, words=words))
    if odd:
        words = {"found": ", ".join(odd), "expected": ", ".join(columns)}
        problems.append(Problem("odd_header", grid.name, top + 1, words=words))
    if problems:
        raise DataError(problems)


def _rows(
    grid: Grid, header: list[str], units: dict[str, str], top: int, problems: list[Problem]
) -> Iterator[Row]:
    for index, line in enumerate(grid.cells[top + 1 :], start=top + 1):
        filled = _filled(line, header)
        if not filled or (len(filled) == 1 and _FOOTNOTE.match(filled[0])):
            continue
        number = index + 1
        extra = any(line[len(header) :])
        if grid.ragged and (len(line) < len(header) or extra):
            words = {"found": len(line), "expected": len(header)}
            problems.append(Problem("row_length", grid.name, number, words=words))
            continue
        places = {c: grid.place(index, i) for i, c in enumerate(header) if c and not grid.ragged}
        problems += _faults(grid, index, header)
        problems += _odd_texts(grid.name, number, line, header, places)
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {c: cell for c, cell in zip(header, line, strict=False) if c}
        cells["printed"] = _figure(cells, units)
        cells["period"] = unicodedata.normalize("NFKC", cells["period"])
        yield Row(number, cells, places)


def _faults(grid: Grid, row: int, header: list[str]) -> list[Problem]:
    """The problems of a row's cells. A merged period is usual; a merged figure is not."""
    return [
        problem
        for i, column in enumerate(header)
        if column and (problem := grid.faults.get((row, i)))
        if problem.code != "merged_cell" or column == "printed"
    ]


def _odd_texts(
    name: str, number: int, line: list[str], header: list[str], places: dict[str, str]
) -> list[Problem]:
    """The problems of cells as texts: signs that are not seen, a wrong encoding, endless ones."""
    return [
        problem
        for column, cell in zip(header, line, strict=False)
        if column and (problem := odd_text(cell, name, places.get(column) or number, column))
    ]


def _filled(line: list[str], header: list[str]) -> list[str]:
    return [cell for column, cell in zip(header, line, strict=False) if column and cell]


def _figure(cells: dict[str, str], units: dict[str, str]) -> str:
    """The figure with its unit, stray spaces gone; spaces between digits stay, to be refused."""
    printed = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", cells["printed"])
    unit = cells["unit"] or units.get("", "")
    return printed + unit if unit and _BARE.fullmatch(plain(printed)) else printed
