"""An XLSX workbook -> the one sheet in it that holds a table, as a grid of text.

The archive's unpacked size is looked at before anything is unpacked, so that a small file cannot
fill the memory. Cells are read by python-calamine; what it cannot tell (a formula that no program
has computed yet) is looked up in the sheet's own XML.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

from livelihood.problems import DataError, Problem

MAX_UNPACKED = 100_000_000  # bytes; a sheet of 100,000 rows unpacks to about a third of this
MAX_RATIO = 200  # unpacked to packed; real workbooks stay below 50
MAX_ROWS = 100_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class Grid:
    """A table of text: the cells by row, and what problems call it.

    `ragged` is true for CSV, where a row of another length is a slip. `faults` are the problems
    of single cells by row and column; they count only where the cell is part of the table.
    """

    name: str
    cells: list[list[str]]
    ragged: bool = False
    sheet: str = ""
    faults: dict[tuple[int, int], Problem] = field(default_factory=dict)

    def place(self, row: int, column: int) -> str:
        """The address of a cell, counted from 0: ``Sheet1!C5``."""
        return f"{self.sheet}!{address(row, column)}"


def address(row: int, column: int) -> str:
    """The address of a cell counted from 0.

    >>> address(4, 2), address(0, 27)
    ('C5', 'AB1')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_workbook(path: Path, name: str) -> Grid:
    """The table of a workbook that has one; ``DataError`` otherwise."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    _check_archive(path, name)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = [
                book.get_sheet_by_name(s.name)
                for s in book.sheets_metadata
                if s.typ == SheetTypeEnum.WorkSheet
            ]
            filled = [sheet for sheet in sheets if sheet.height]
            if len(filled) != 1:
                names = ", ".join(s.name for s in filled) or "0"
                raise DataError([Problem("not_one_sheet", name, words={"found": names})])
            sheet = filled[0]
            if sheet.total_height > MAX_ROWS:
                raise DataError([Problem("too_big", name, words={"found": sheet.total_height})])
            values = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
    except CalamineError as error:
        raise DataError([Problem("not_workbook", name, words={"found": error})]) from None
    return _grid(name, sheet.name, values, merged, _uncomputed(path, sheet.name))


def _check_archive(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except FileNotFoundError:
        raise DataError([Problem("no_file", name)]) from None
    except zipfile.BadZipFile as error:
        raise DataError([Problem("not_workbook", name, words={"found": error})]) from None
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed:
        words = {"found": f"{unpacked:,} / {packed:,}"}
        raise DataError([Problem("too_big", name, words=words)])


def _uncomputed(path: Path, sheet: str) -> set[str]:
    """The addresses of formula cells for which no value is stored."""
    found = set()
    with zipfile.ZipFile(path) as archive, archive.open(_part(archive, sheet)) as part:
        for _, cell in ElementTree.iterparse(part):
            if cell.tag == f"{_MAIN}c":
                formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
                if formula is not None and (value is None or not value.text):
                    found.add(cell.get("r", ""))
                cell.clear()
    return found


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part of the archive that holds a sheet."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    id = next(s.get(f"{_LINK}id") for s in book.iter(f"{_MAIN}sheet") if s.get("name") == sheet)
    target = next(link.get("Target", "") for link in links if link.get("Id") == id)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _grid(name: str, sheet: str, values: list, merged: list, uncomputed: set[str]) -> Grid:
    faults = {}
    for r, line in enumerate(values):
        for c, value in enumerate(line):
            where = f"{sheet}!{address(r, c)}"
            if address(r, c) in uncomputed:
                faults[r, c] = Problem("no_formula_value", name, where)
            elif isinstance(value, (date, time, timedelta)):
                faults[r, c] = Problem("date_cell", name, where, words={"found": value})
    cells = [[_text(value) for value in line] for line in values]
    return Grid(name, cells, sheet=sheet, faults=faults | _fill(name, sheet, cells, merged))


def _text(value: object) -> str:
    """A cell as text, whole numbers without a decimal point."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else format(value, ".15g")
    return str(value).strip()


def _fill(name: str, sheet: str, cells: list[list[str]], merged: list) -> dict:
    """Give every row of a merged cell the text of its first; a number is not to be repeated."""
    faults = {}
    for (top, left), (bottom, right) in merged:
        if left != right or top >= len(cells):  # across columns it is a title
            continue
        for r in range(top + 1, min(bottom + 1, len(cells))):
            cells[r][left] = cells[top][left]
            if any(map(str.isdigit, cells[top][left])):
                where = f"{sheet}!{address(top, left)}"
                words = {"found": cells[top][left]}
                faults[r, left] = Problem("merged_cell", name, where, words=words)
    return faults
