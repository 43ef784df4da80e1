"""A sheet as an office sends it -> rows of cells by column; and rows added to it.

CSV in UTF-8 (with or without its mark), UTF-16 or GB18030, and XLSX. A title and a unit line
above the header, footnotes and signatures under the table, Chinese or English headers, stray
spaces, merged cells and blank figures are all usual and read as a person would read them. What no
person could read safely is a :class:`~livelihood.display.messages.Problem` that names the sheet
and the cell, and all of them are raised together.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from livelihood.display.messages import DataError, Problem
from livelihood.project.archive import limit, reading
from livelihood.project.files import kind_of, odd_text, read_bytes, readings
from livelihood.release.columns import (
    COLUMNS,
    code_of,
    column_of,
    csv_lines,
    is_aside,
    is_missing,
    is_numbering,
    name_and_unit,
    period_of,
    plain,
    says_something,
    with_unit,
    without_marks,
)
from livelihood.release.workbook import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cells,
    Grid,
    add_to_workbook,
    read_workbook,
)

_TITLE_ROWS = 10  # the header is among the first rows of a sheet
_START = 100_000  # characters that they are looked for in
_ONLY_OF_A_FIGURE = ("merged_cell", "lowered_text", "raised_text")  # elsewhere these are usual


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data: its cells by column, and where it stands.

    Cells of a closed column (`aggregation`, `status`) hold its codes where what is written means
    one.
    """

    cells: dict[str, str]
    table: _Table
    index: int

    def place(self, column: str) -> tuple[str, int | str, str]:
        """File, row and column of a cell, as a problem names them: in a workbook its address."""
        return self.table.place(self.index, column)


def read_sheet(path: Path, name: str, root: Path | None = None) -> list[Row]:
    """The rows of a CSV or XLSX file, missing figures left out; ``DataError`` with all problems.

    `name` is what problems call the file, `root` the folder that it must be in. Cells are
    stripped text; a figure has the unit that a unit column, its measure's name, the header or a
    unit line gives it, unless it brings its own.
    """
    table = _table(_grid(path, name, root))
    read = [_read(table, index) for index in _data_rows(table)]
    if problems := [problem for _, found in read for problem in found]:
        raise DataError(problems)
    if not read:
        raise DataError([Problem("no_rows", name)])
    return [row for row, _ in read if not is_missing(row.cells["printed"])]


def _grid(path: Path, name: str, root: Path | None) -> Grid:
    _check_there(path, name)
    data = read_bytes(path, root, name)
    if path.suffix == ".xlsx":
        return _only(read_workbook(data, name), name)
    if kind := kind_of(data):
        raise DataError([Problem("wrong_file", name, words={"found": kind})])
    return Grid(name, split_lines(_text(data, name)[1], name))


def _check_there(path: Path, name: str) -> None:
    """Say which file there is in place of the one that is looked for."""
    there = {p.name for p in path.parent.glob("*") if p.stem.lower().startswith("figures")}
    others = ", ".join(sorted(there - {"figures.csv", "figures.xlsx"}))
    if others and not path.exists():
        raise DataError([Problem("other_file", name, words={"found": others})])


def _only(grids: list[Grid], name: str) -> Grid:
    """The one sheet that is seen. A hidden one is passed over, if there are no figures in it."""
    hidden = [
        grid for grid in grids if grid.hidden and any(map(_is_header, grid.cells[:_TITLE_ROWS]))
    ]
    if hidden:
        raise DataError([Problem("hidden_sheet", name, grid.sheet) for grid in hidden])
    seen = [grid for grid in grids if not grid.hidden]
    if len(seen) != 1:
        names = ", ".join(grid.sheet for grid in seen) or "0"
        raise DataError([Problem("not_one_sheet", name, words={"found": names})])
    return seen[0]


# ---- text of an unknown encoding, cells between unknown signs -----------------------------------

_LATIN = re.compile("[ -~\xa0-\xff]*")


def _text(data: bytes, name: str) -> tuple[str, str]:
    """The encoding of a table and its text; of two readings the one that says more."""
    found = readings(data, name)
    tables = [split_lines(text, name) for text in found.values()] if len(found) > 1 else []
    return list(found.items())[_likelier(tables, name)]


def _likelier(tables: list[list[list[str]]], name: str) -> int:
    """Of a table in UTF-8 and in GB18030 the one that says more; ``DataError`` if neither does."""
    differ = [
        (one, other)
        for lines in zip(*tables, strict=False)
        for one, other in zip(*lines, strict=False)
        if one != other
    ]
    if any(says_something(other) and not says_something(one) for one, other in differ):
        return 1
    if all(says_something(one) or _LATIN.fullmatch(one) for one, _ in differ):
        return 0
    words = {"found": " / ".join(differ[0])}
    raise DataError([Problem("unclear_encoding", name, words=words)])


def split_lines(text: str, name: str) -> list[list[str]]:
    """The cells of a table in text; ``DataError`` if its quotes do not close or it is too big.

    >>> split_lines("指标;数值\\n农家书屋; 30个", "figures.csv")
    [['指标', '数值'], ['农家书屋', '30个']]
    """
    sign = _sign(text)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # too long a cell is named later
    lines = csv.reader(_lines(text, sign), delimiter=sign, strict=True)
    with reading(name, "unreadable"):
        return [_cells(line, number) for number, line in enumerate(lines, start=1)]


def _sign(text: str) -> str:
    """What is between cells, a comma, tab or semicolon: whichever shows more of a header."""
    start = text.lstrip()[:_START].splitlines()
    first = [line for line in start if line.strip()][: _TITLE_ROWS + 1]

    def shows(sign: str) -> tuple[int, int]:
        return max((len(_named(line.split(sign, MAX_COLUMNS))), line.count(sign)) for line in first)

    return max(",\t;", key=shows) if first else ","


def _lines(text: str, sign: str) -> Iterator[str]:
    """The lines of a table; one of far too many cells is refused before they are made."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        cells = line.count(sign)
        limit(cells > 10 * MAX_COLUMNS, number, cells)  # some may be within quotes
        yield line


def _cells(line: list[str], number: int) -> list[str]:
    limit(number > MAX_ROWS or len(line) > MAX_COLUMNS, number, len(line))
    return [cell.strip() for cell in line]


# ---- the header ---------------------------------------------------------------------------------

_UNIT_LINE = re.compile(r"(?:^|[\s(（])(?:计\s*量\s*)?单\s*位\s*[:：]\s*(\S+)")


@dataclass(frozen=True, slots=True)
class _Table:
    """A grid with its header: where it is, the columns that it names, what units it gives."""

    grid: Grid
    top: int
    header: list[str]
    unit: str

    def place(self, index: int, column: str) -> tuple[str, int | str, str]:
        """File, row and column of a cell, as a problem names them."""
        there = column in self.header
        where = self.grid.place(index, self.header.index(column)) if there else ""
        return self.grid.name, where or index + 1, column


def _named(line: Iterable[str]) -> set[str]:
    """The columns that a row names."""
    return {column for column, _ in map(column_of, line)} & COLUMNS.keys()


def _is_header(line: Iterable[str]) -> bool:
    named = _named(line)
    return "printed" in named and not named.isdisjoint(("measure", "label"))


def _table(grid: Grid) -> _Table:
    """The first row that names measure and figure, else the one that names most, else the first."""
    first = grid.cells[:_TITLE_ROWS]
    counts = [(_is_header(line), len(_named(line)), -index) for index, line in enumerate(first)]
    top = -max(counts)[-1] if counts else 0
    line = first[top] if first else []
    named = [column_of(cell) for cell in line]
    units = [unit for above in first[:top] for unit in _UNIT_LINE.findall(" ".join(above))]
    units = [u.rstrip("；;，,。" if re.search("[(（]", u) else "；;，,。)）") for u in units]
    own = [unit for column, unit in named if column == "printed" and unit]
    unit = "、".join(dict.fromkeys(own or units))  # two are no unit of a bare figure
    table = _Table(grid, top, [column for column, _ in named], unit)
    _check_header(table)
    return table


def _check_header(table: _Table) -> None:
    header, file, row = table.header, table.grid.name, table.top + 1
    columns = {id: column for id, column in COLUMNS.items() if "renamed" not in column}
    required = [id for id, column in columns.items() if column.get("required")]
    missing = [c for c in required if not {c, COLUMNS[c].get("instead")} & {*header}]
    renamed = [c for c in header if "renamed" in COLUMNS.get(c, {})]
    odd = [c for i, c in enumerate(header) if c and (c not in COLUMNS or c in header[:i])]
    problems = [
        Problem("old_column", file, row, c, {"expected": COLUMNS[c]["renamed"]}) for c in renamed
    ]
    if missing:
        words = {"found": ", ".join(header), "expected": ", ".join(missing)}
        problems.append(Problem("no_header", file, row, words=words))
    if odd:
        words = {"found": ", ".join(odd), "expected": ", ".join(columns)}
        problems.append(Problem("odd_header", file, row, words=words))
    if problems := problems + list(_hidden_columns(table)):
        raise DataError(problems)


def _hidden_columns(table: _Table) -> Iterator[Problem]:
    for index in sorted(table.grid.hidden_columns):
        column = table.header[index] if index < len(table.header) else ""
        filled = any(line[index] for line in table.grid.cells[table.top + 1 :] if column)
        if filled and not COLUMNS.get(column, {}).get("read_over"):
            yield Problem("hidden_column", *table.place(table.top, column))


# ---- rows ---------------------------------------------------------------------------------------

_UNPRINTED = re.compile(r"(?<!\d)\s+|\s+(?!\d)")  # spaces between digits stay, to be refused


def _data_rows(table: _Table) -> Iterator[int]:
    """The rows that are no blank line, numbering of columns, note or signature."""
    noted, whole = False, sum(column.get("required", False) for column in COLUMNS.values())
    for index, line in enumerate(table.grid.cells[table.top + 1 :], start=table.top + 1):
        filled = [c for name, c in zip(table.header, line, strict=False) if name and c]
        if not filled or (index == table.top + 1 and is_numbering(filled)):
            continue
        aside = is_aside(filled, len(filled) < whole)
        noted = noted or aside
        if not aside and not (noted and len(filled) == 1):
            yield index


def _read(table: _Table, index: int) -> tuple[Row, list[Problem]]:
    """A row of data, and what is wrong with it."""
    grid, header, line = table.grid, table.header, table.grid.cells[index]
    if not grid.sheet and (len(line) < len(header) or any(line[len(header) :])):
        words = {"found": len(line), "expected": len(header)}
        return Row({}, table, index), [Problem("row_length", grid.name, index + 1, words=words)]
    problems = list(_faults(table, index))
    cells = dict.fromkeys(COLUMNS, "")
    headers = zip(header, grid.cells[table.top], line, strict=False)
    cells |= {column: code_of(column, cell, word) for column, word, cell in headers if column}
    cells |= _name(cells, table.unit)
    if not is_missing(printed := cells["printed"]):
        cells["printed"] = with_unit(printed, cells["unit"]) or ""
        if not cells["printed"]:
            beside = {"found": printed, "unit": cells["unit"]}
            problems.append(Problem("unclear_unit", *table.place(index, "printed"), beside))
    return Row(cells, table, index), problems


def _name(cells: dict[str, str], unit: str) -> dict[str, str]:
    """The cells that name a figure, without marks of footnotes, and the unit that is for it."""
    label, beside = name_and_unit(without_marks(cells["label"]))
    measure, before = name_and_unit(without_marks(cells["measure"]))
    return {
        "label": label,
        "measure": measure or label,
        "unit": cells["unit"] or beside or before or unit,
        "period": period_of(cells["period"]),
        "printed": _UNPRINTED.sub("", without_marks(cells["printed"])),
    }


def _faults(table: _Table, index: int) -> Iterator[Problem]:
    """The problems of a row's cells. A merged period is usual; a merged figure is not."""
    if index in table.grid.hidden_rows:
        yield Problem("hidden_row", table.grid.name, index + 1)
    line = table.grid.cells[index]
    for number, (column, cell) in enumerate(zip(table.header, line, strict=False)):
        if not column or COLUMNS[column].get("read_over"):
            continue
        fault = table.grid.faults.get((index, number))
        if fault and (column == "printed" or fault.code not in _ONLY_OF_A_FIGURE):
            yield fault
        if odd := odd_text(cell, *table.place(index, column)):
            yield odd


# ---- rows added to a sheet that is there --------------------------------------------------------


def add_rows(path: Path, project: Path, rows: Iterable[Cells]) -> list[Cells]:
    """Add those of `rows` that a sheet lacks; returns them. ``DataError`` if it cannot be read.

    They go behind its own, in its columns: what a person has filled in stays byte for byte (CSV)
    or cell for cell (workbook).
    """
    table = _table(_grid(path, path.relative_to(project).as_posix(), project))
    there = set[tuple]().union(*(_keys(_read(table, n)[0].cells) for n in _data_rows(table)))
    lacking = [row for row in rows if not there & _wanted(row)]
    if lacking and path.suffix == ".xlsx":
        add_to_workbook(path, table.grid, table.header, lacking)
    elif lacking:
        _add_to_text(path, table, lacking)
    return lacking


def _keys(row: Cells) -> set[tuple[str, ...]]:
    """What a row is known by: its place, its figure's name, and its name alone."""
    source, period, printed, locator, breakdown = (
        row.get(c, "") for c in ("source", "period", "printed", "locator", "breakdown")
    )
    keys: set[tuple[str, ...]] = {("place", source, locator, printed)}
    for name in filter(None, (row.get("measure"), row.get("label"))):
        named = plain(name), code_of("role", row.get("role", ""))
        keys |= {
            ("figure", *named, source, period, printed),
            ("row", *named, source, period, locator),  # its figure was mended
            ("name", *named, breakdown),
        }
    return keys


def _wanted(row: Cells) -> set[tuple[str, ...]]:
    """What says that a row is there: of one to fill in its name, of a figure anything but that."""
    return {key for key in _keys(row) if (key[0] == "name") == (not row.get("printed"))}


def _add_to_text(path: Path, table: _Table, rows: Iterable[Cells]) -> None:
    """Write rows in the text's own encoding, with its own sign between cells."""
    data = path.read_bytes()
    encoding, text = _text(data, table.grid.name)
    lines = csv_lines(table.header, rows, _sign(text))
    end = "" if text.endswith("\n") else "\n"
    path.write_bytes(data + (end + lines).encode(encoding))
