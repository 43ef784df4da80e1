"""An XLSX workbook -> the one sheet in it that holds a table, as a grid of text.

Cells are read by python-calamine, out of parts that :mod:`livelihood.release.workbook_archive`
has looked over. What
it cannot tell (a formula that no program has computed yet) comes from there, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from livelihood.display.messages import DataError, Problem
from livelihood.release.workbook_archive import (
    MAX_CELLS,
    BadArchive,
    TooBig,
    address,
    repacked,
    scan,
    unpack,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

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


def read_workbook(data: bytes, name: str) -> Grid:
    """The table of a workbook that has one; ``DataError`` otherwise."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    try:
        parts = unpack(data)
        scans = {part: scan(content) for part, content in parts.items()}
        with CalamineWorkbook.from_filelike(repacked(parts)) as book:
            sheets = [
                book.get_sheet_by_name(s.name)
                for s in book.sheets_metadata
                if s.typ == SheetTypeEnum.WorkSheet
            ]
            sheet = _only(sheets, name)
            values = sheet.to_python(skip_empty_area=False)
            merged = _merged(sheet, len(values))
        uncomputed = scans[_part(parts, sheet.name)].uncomputed
    except TooBig as error:
        raise DataError([Problem("too_big", name, words={"found": error})]) from None
    except (CalamineError, BadArchive, KeyError, StopIteration) as error:
        raise DataError([Problem("not_workbook", name, words={"found": error})]) from None
    return _grid(name, sheet.name, values, merged, uncomputed)


def _only(sheets: list, name: str) -> CalamineSheet:
    filled = [sheet for sheet in sheets if sheet.height]
    if len(filled) != 1:
        names = ", ".join(s.name for s in filled) or "0"
        raise DataError([Problem("not_one_sheet", name, words={"found": names})])
    return filled[0]


def _merged(sheet: CalamineSheet, rows: int) -> list:
    """The merged cells of a sheet; of overlapping ones a few kB could cover it many times."""
    merged = sheet.merged_cell_ranges or []
    covered = sum(max(0, min(bottom, rows) - top) for (top, _), (bottom, _) in merged)
    if covered > MAX_CELLS:
        raise TooBig(f"{covered:,}")
    return merged


def _part(parts: dict[str, bytes], sheet: str) -> str:
    """The name of the part of the archive that holds a sheet."""
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
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
