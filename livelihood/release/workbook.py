"""An XLSX workbook -> its tables, as grids of what the cells show.

A cell is what a person sees in it: a number under its number format, a text without what is struck
out and without raised footnote marks. Where that cannot be told, the cell has a fault. Both the
transitional and the strict form of Open XML are read.

An entity of XML can stand for a million others, and one cell far to the lower right makes a table
of ten thousand million cells. So a document type is refused, and what a table may hold is limited.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from livelihood.display.messages import DataError, Problem
from livelihood.display.number_format import BUILT_IN, GENERAL, is_date, shown, shown_text
from livelihood.project.archive import BadArchive, elements, limit, reading, unpack

Cells = Mapping[str, str]  # of a row, by column
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 200, 500_000  # of the area from A1 to the last cell
_SETTINGS = {"workbookPr": "date1904", "calcPr": "fullCalcOnLoad"}
_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a sign stands in a workbook that XML cannot hold


@dataclass(frozen=True)
class Grid:
    """A table of text: the cells by row, and what problems call it.

    CSV has no name of a `sheet`; a row of another length is a slip there. `faults` are the problems
    of single cells by row and column; they count only where the cell is part of the table.
    `hidden` is whether the whole sheet is; rows and columns that are hidden are listed beside it.
    """

    name: str
    cells: list[list[str]]
    sheet: str = ""
    faults: dict[tuple[int, int], Problem] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def place(self, row: int, column: int) -> str:
        """The address of a cell, counted from 0: ``Sheet1!C5``; empty for CSV."""
        return f"{self.sheet}!{address(row, column)}" if self.sheet else ""

    def note(self, code: str, row: int, column: int, found: object, top: int = -1) -> None:
        """A fault of a cell; one that is merged is called by the row of its `top`."""
        place = self.place(row if top < 0 else top, column)
        self.faults[row, column] = Problem(code, self.name, place, words={"found": found})

    def seen(self) -> list[list[str]]:
        """The cells that a person sees: blank where a row or column is hidden, or struck out."""
        unseen = [at for at, p in self.faults.items() if p.code in ("struck_cell", "merged_cell")]
        hidden = {(row, n) for row in self.hidden_rows for n in range(MAX_COLUMNS)} | {*unseen}
        return [
            [
                "" if n in self.hidden_columns or (row, n) in hidden else cell
                for n, cell in enumerate(line)
            ]
            for row, line in enumerate(self.cells)
        ]


def address(row: int, column: int) -> str:
    """The address of a cell counted from 0.

    >>> address(4, 2), address(0, 27)
    ('C5', 'AB1')
    """
    before, last = divmod(column, 26)  # of at most two letters: there are MAX_COLUMNS
    return f"{chr(64 + before) if before else ''}{chr(65 + last)}{row + 1}"


def read_workbook(data: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook that hold anything; ``DataError`` if it is none, or too big."""
    with reading(name, "not_workbook"):
        grids = _read_parts(unpack(data), name)
    return [grid for grid in grids if any(map(any, grid.cells))]


# ---- the workbook -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Book:
    """What all sheets share: texts, looks (number format and whether struck out), the calendar."""

    texts: dict[int, _Text]
    looks: list[tuple[str, bool]]
    day_zero: datetime
    stale: bool  # what is stored for formulas is not to be trusted: they are computed on opening


def _read_parts(parts: dict[str, bytes], name: str) -> list[Grid]:
    book = next((part for _, kind, part in _links(parts, "") if kind == "officeDocument"), "")
    links = _links(parts, book)
    about = [(e.tag, dict(e.attrib)) for e in elements(parts[book], "sheet", *_SETTINGS)]
    settings = {tag: value for tag, a in about for value in [a.get(_SETTINGS.get(tag, ""), "0")]}
    kinds = {kind: parts[part] for _, kind, part in links if part in parts}
    shared = _Book(
        dict(enumerate(map(_text, elements(kinds.get("sharedStrings", b"<none/>"), "si")))),
        _looks(kinds.get("styles", b"<none/>")),
        datetime(1904, 1, 1) if _true(settings.get("workbookPr")) else datetime(1899, 12, 30),
        _true(settings.get("calcPr")),
    )
    sheets = {id: part for id, kind, part in links if kind == "worksheet"}
    linked = [(a, sheets[a["id"]]) for tag, a in about if tag == "sheet" and a.get("id") in sheets]
    return [_grid(parts[part], shared, name, a) for a, part in linked]


def _links(parts: dict[str, bytes], part: str) -> list[tuple[str, str, str]]:
    """The parts that a part refers to: id, kind and name."""
    folder, file = posixpath.split(part)
    content = parts.get(posixpath.join(folder, "_rels", f"{file}.rels"), b"<none/>")
    return [
        (
            link.get("Id", ""),
            link.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
        )
        for link in elements(content, "Relationship")
    ]


def _true(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _looks(content: bytes) -> list[tuple[str, bool]]:
    """The number format of each style of cells, and whether its font is struck out."""
    codes, struck, looks = dict(BUILT_IN), [], []
    for group in elements(content, "numFmts", "fonts", "cellXfs"):
        for each in group:
            if each.tag == "numFmt":
                codes[each.attrib["numFmtId"]] = each.attrib["formatCode"]
            elif each.tag == "font":
                struck.append(_struck(each))
            elif each.tag == "xf":
                looks.append((each.get("numFmtId", "0"), int(each.get("fontId", "0"))))
    return [(codes.get(id, f"[{id}]"), font < len(struck) and struck[font]) for id, font in looks]


def _struck(font: Element | None) -> bool:
    strike = font.find("strike") if font is not None else None
    return strike is not None and _true(strike.get("val", "1"))


# ---- cells --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """What a cell shows, and the code of a fault where a person has to say what is meant."""

    words: str
    fault: str = ""
    found: object = ""


def _text(item: Element) -> _Text:
    """A text without what is struck out and without footnote marks, which are raised.

    A raised sign behind a metre is part of the unit; one behind a ten may be part of the number.
    """
    words, struck, fault = "", False, ""
    for look, text in _runs(item):
        if look == "strike":
            struck = struck or bool(text.strip())
        elif look == "superscript" and words.strip() and not words.endswith(("m", "M")):
            fault = "raised_text" if re.search(r"10\s*$", words) else fault
        else:
            fault = "lowered_text" if look == "subscript" and text.strip() else fault
            words += text
    words = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), words)
    return _Text(words, "struck_cell" if struck and not words.strip() else fault, words)


def _runs(item: Element) -> Iterator[tuple[str, str]]:
    """The runs of a text with their look; how a word is pronounced (rPh) is none of them."""
    for run in item:
        if run.tag == "t":
            yield "", run.text or ""
        elif run.tag == "r":
            font = run.find("rPr")
            raised = font.find("vertAlign") if font is not None else None
            look = raised.get("val", "") if raised is not None else ""
            yield "strike" if _struck(font) else look, run.findtext("t", "")


def _place(address: str) -> tuple[int, int] | None:
    """Row and column of an address, counted from 1."""
    match, column = _ADDRESS.fullmatch(address), 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - 64
    return (int(match[2]), column) if match else None


def _shown(cell: Element, book: _Book) -> _Text:
    kind, value = cell.get("t", "n"), cell.findtext("v", "").strip()
    code, struck = (book.looks or [(GENERAL, False)])[int(cell.get("s", "0"))]
    if cell.find("f") is not None and (book.stale or (not value and kind != "str")):
        return _Text("", "no_formula_value")
    if kind in ("s", "str", "inlineStr"):
        inline = cell.find("is")
        text = _text(inline) if inline is not None else _Text(cell.findtext("v", ""))
        text = book.texts[int(value)] if kind == "s" else text
        text = _Text(shown_text(text.words, code), text.fault, text.found)
    elif kind in ("e", "d"):
        return _Text(value, "error_cell" if kind == "e" else "date_cell", value)
    elif kind == "b":
        text = _Text("FALSE" if value == "0" else "TRUE")
    else:
        text = _shown_number(float(value), code, book) if value else _Text("")
    return _Text(text.words, "struck_cell", text.words) if struck and text.words else text


def _shown_number(number: float, code: str, book: _Book) -> _Text:
    """A number under its format. A format that hides it, or shows no digit of it, is a fault."""
    stored = format(number, ".15g")
    if is_date(code):
        when = book.day_zero + timedelta(days=max(0.0, min(number, 2_900_000.0)))
        day = str(when if number % 1 else when.date())
        return _Text(day, "date_cell", day)
    try:
        words = shown(number, code)
    except ValueError:
        words = ""
    as_stored = _Text(stored, "number_format", f"{stored} {code}")
    return _Text(words) if any(map(str.isdigit, words)) else as_stored


# ---- a sheet ------------------------------------------------------------------------------------


def _grid(content: bytes, book: _Book, name: str, about: dict[str, str]) -> Grid:
    hidden = about.get("state", "visible") != "visible"
    grid, areas, number = Grid(name, [], about.get("name", "?"), hidden=hidden), [], 0
    for each in elements(content, "row", "col", "mergeCell"):
        if each.tag == "mergeCell":
            areas.append(_area(each.get("ref", "")))
        elif each.tag == "row":
            number = _take_row(grid, each, number, book)
        elif _unseen(each, "width"):
            last = min(int(each.attrib["max"]), MAX_COLUMNS)
            grid.hidden_columns.update(range(int(each.attrib["min"]) - 1, last))
    width = max(map(len, grid.cells), default=0)
    limit(len(grid.cells) * width > MAX_CELLS, len(grid.cells), width)
    for line in grid.cells:
        line.extend([""] * (width - len(line)))
    _merge(grid, areas)
    return grid


def _take_row(grid: Grid, row: Element, before: int, book: _Book) -> int:
    """The cells of a row, which may say where they are; returns the number of the row."""
    number, column = (_place(f"A{row.get('r', '')}") or (before + 1,))[0], 0
    if _unseen(row, "ht"):
        grid.hidden_rows.add(number - 1)
    for cell in row:
        if cell.tag == "c":
            number, column = _place(cell.get("r", "")) or (number, column + 1)
            if len(cell):
                _take_cell(grid, number, column, _shown(cell, book))
    return number


def _take_cell(grid: Grid, number: int, column: int, text: _Text) -> None:
    limit(number > MAX_ROWS or column > MAX_COLUMNS, number, column)
    grid.cells.extend([] for _ in range(len(grid.cells), number))
    line = grid.cells[number - 1]
    line.extend("" for _ in range(len(line), column))
    line[column - 1] = text.words.strip()
    if text.fault:
        grid.note(text.fault, number - 1, column - 1, text.found)


def _unseen(element: Element, size: str) -> bool:
    return _true(element.get("hidden")) or element.get(size) in ("0", "0.0")


def _area(reference: str) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of an area such as ``A1:C5``, counted from 0."""
    first, last = (_place(corner) for corner in (reference.split(":") * 2)[:2])
    if not first or not last:
        raise BadArchive(reference)
    return first[0] - 1, first[1] - 1, last[0] - 1, last[1] - 1


def _merge(grid: Grid, areas: list[tuple[int, int, int, int]]) -> None:
    """Give every row of a merged cell the text of its first; a number is not to be repeated.

    What lies under a merged cell is not seen, and goes. Across columns it is a title.
    """
    cells = grid.cells
    bottom, right = len(cells) - 1, len(cells[0]) - 1 if cells else -1
    inside = [(t, c, min(b, bottom), min(e, right)) for t, c, b, e in areas if c <= right]
    covered = sum(max(0, b - t + 1) * (e - c + 1) for t, c, b, e in inside)
    limit(covered > MAX_CELLS, covered)  # overlapping ones: a few kB could cover a table often
    for top, left, bottom, right in inside:
        for row in range(top, bottom + 1):
            shows = cells[top][left] if row == top or left == right else ""
            cells[row][left : right + 1] = [shows] + [""] * (right - left)
            if row > top and any(map(str.isdigit, shows)):
                grid.note("merged_cell", row, left, shows, top)


# ---- rows added to it ---------------------------------------------------------------------------


def add_to_workbook(path: Path, grid: Grid, header: Sequence[str], rows: Iterable[Cells]) -> None:
    """Write rows, their cells by column, behind the last one of a sheet, as text."""
    book = library("openpyxl", grid.name).load_workbook(path)
    filled = (n for n, line in enumerate(grid.cells, start=1) if any(line[: len(header)]))
    for number, row in enumerate(rows, start=max(filled) + 1):
        for index, column in enumerate(header, start=1):
            if column:
                cell = book[grid.sheet].cell(number, index, row.get(column) or None)
                cell.number_format, cell.data_type = "@", "s"
    book.save(path)


def library(name: str, file: str) -> Any:
    """A library of the extra ``documents``; ``DataError`` that says how to get it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        words = {"found": name.partition(".")[0]}
        raise DataError([Problem("need_library", file, words=words)]) from None
