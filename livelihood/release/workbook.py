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
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from livelihood.display.messages import DataError, Problem
from livelihood.display.number_format import BUILT_IN, GENERAL, is_date, shown, shown_text
from livelihood.project.archive import BadArchive, TooBig, parse_xml, unpack

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 200, 500_000  # of the area from A1 to the last cell
_SPACES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # the strict form
    "http://schemas.openxmlformats.org/package/2006/relationships",
}
_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a sign stands in a workbook that XML cannot hold


@dataclass(frozen=True)
class Grid:
    """A table of text: the cells by row, and what problems call it.

    `ragged` is true for CSV, where a row of another length is a slip. `faults` are the problems
    of single cells by row and column; they count only where the cell is part of the table.
    `hidden` is whether the whole sheet is; rows and columns that are hidden are listed beside it.
    """

    name: str
    cells: list[list[str]]
    ragged: bool = False
    sheet: str = ""
    faults: dict[tuple[int, int], Problem] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def place(self, row: int, column: int) -> str:
        """The address of a cell, counted from 0: ``Sheet1!C5``; empty for CSV."""
        return "" if self.ragged else f"{self.sheet}!{address(row, column)}"

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
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_workbook(data: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook that hold anything; ``DataError`` if it is none, or too big."""
    try:
        grids = _read_parts(unpack(data), name)
    except TooBig as error:
        raise DataError([Problem("too_big", name, words={"found": error})]) from None
    except (ValueError, LookupError) as error:
        raise DataError([Problem("not_workbook", name, words={"found": error})]) from None
    return [grid for grid in grids if any(map(any, grid.cells))]


# ---- parts --------------------------------------------------------------------------------------


def _elements(content: bytes, *names: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of these names with their attributes, in order."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag in names:
            found.append((tag, attributes))
        if len(found) > MAX_CELLS // 10:
            raise TooBig(f"<{tag}> {len(found):,}")

    parse_xml(content, _SPACES, start)
    return found


def _links(parts: dict[str, bytes], part: str) -> list[tuple[str, str, str]]:
    """The parts that a part refers to: id, kind and name."""
    folder, file = posixpath.split(part)
    content = parts.get(posixpath.join(folder, "_rels", f"{file}.rels"), b"<none/>")
    found = [a for _, a in _elements(content, "Relationship")]
    targets = (posixpath.join("/", folder, a.get("Target", "")) for a in found)
    names = [posixpath.normpath(target).lstrip("/") for target in targets]
    kinds = (a.get("Type", "").rpartition("/")[2] for a in found)
    return list(zip((a.get("Id", "") for a in found), kinds, names, strict=True))


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
    about = _elements(parts[book], "sheet", "workbookPr", "calcPr")
    settings = {tag: a for tag, a in about if tag != "sheet"}
    kinds = {kind: parts[part] for _, kind, part in links if part in parts}
    early = _true(settings.get("workbookPr", {}).get("date1904", "0"))
    shared = _Book(
        _shared_texts(kinds.get("sharedStrings", b"<none/>")),
        _looks(kinds.get("styles", b"<none/>")),
        datetime(1904, 1, 1) if early else datetime(1899, 12, 30),
        _true(settings.get("calcPr", {}).get("fullCalcOnLoad", "0")),
    )
    sheets = {id: part for id, kind, part in links if kind == "worksheet"}
    listed = (a for tag, a in about if tag == "sheet")
    linked = [(a, link) for a in listed for key, link in a.items() if key.endswith(" id")]
    return [_grid(parts[sheets[link]], shared, name, a) for a, link in linked if link in sheets]


def _true(value: str) -> bool:
    return value in ("1", "true", "on")


def _looks(content: bytes) -> list[tuple[str, bool]]:
    """The number format of each style of cells, and whether its font is struck out."""
    groups = ("numFmts", "fonts", "cellStyleXfs", "cellXfs", "dxfs")
    codes, struck, looks, group = dict(BUILT_IN), [], [], ""
    for tag, a in _elements(content, *groups, "numFmt", "font", "strike", "xf"):
        if tag in groups:
            group = tag
        elif (group, tag) == ("numFmts", "numFmt"):
            codes[a["numFmtId"]] = a["formatCode"]
        elif (group, tag) == ("fonts", "font"):
            struck.append(False)
        elif (group, tag) == ("fonts", "strike"):
            struck[-1] = _true(a.get("val", "1"))
        elif (group, tag) == ("cellXfs", "xf"):
            looks.append((a.get("numFmtId", "0"), int(a.get("fontId", "0"))))
    return [(codes.get(id, f"[{id}]"), font < len(struck) and struck[font]) for id, font in looks]


# ---- cells --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """What a cell shows, and the code of a fault where a person has to say what is meant."""

    words: str
    fault: str = ""
    found: object = ""


@dataclass
class _Reader:
    """Reads the cells of a sheet, or shared texts, and hands on each when it is whole."""

    done: Callable[[_Reader], None]
    row: int = 0
    column: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    runs: list[tuple[str, str]] = field(default_factory=list)
    look: str = ""
    inside: str = ""
    phonetic: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag in ("c", "si"):
            self.attributes, self.holds, self.runs = attributes, {}, []
            place = _place(attributes.get("r", ""))
            self.row, self.column = place or (self.row, self.column + 1)
        elif tag == "row":
            self.row, self.column = _row(attributes, self.row), 0
        elif tag in ("f", "v", "is"):
            self.inside = tag
            self.holds[tag] = ""
        elif tag in ("r", "rPh", "t"):
            self.look = "" if tag == "r" else self.look
            self.phonetic = self.phonetic or tag == "rPh"
            self.inside = "t" if tag == "t" and not self.phonetic else ""
        elif tag == "strike" and _true(attributes.get("val", "1")):
            self.look = tag
        elif tag == "vertAlign" and not self.look:
            self.look = attributes.get("val", "")

    def text(self, words: str) -> None:
        """Characters between tags."""
        if self.inside == "t":
            self.runs.append((self.look, words))
        elif self.inside:
            self.holds[self.inside] += words

    def end(self, tag: str) -> None:
        """An element ends; a cell with content must be within the limits."""
        self.inside = "" if tag in ("f", "v", "is", "t") else self.inside
        self.look = "" if tag == "r" else self.look
        self.phonetic = self.phonetic and tag != "rPh"
        if tag == "c" and self.holds and (self.row > MAX_ROWS or self.column > MAX_COLUMNS):
            raise TooBig(f"{self.row:,} × {self.column:,}")
        if tag == "si" or (tag == "c" and self.holds):
            self.done(self)


def _place(address: str) -> tuple[int, int] | None:
    """Row and column of an address, counted from 1."""
    match, column = _ADDRESS.fullmatch(address), 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - 64
    return (int(match[2]), column) if match else None


def _row(attributes: dict[str, str], before: int) -> int:
    place = _place(f"A{attributes.get('r', '')}")
    return place[0] if place else before + 1


def _shared_texts(content: bytes) -> dict[int, _Text]:
    texts: dict[int, _Text] = {}
    reader = _Reader(lambda item: texts.update({len(texts): _read_runs(item.runs)}))
    parse_xml(content, _SPACES, reader.start, reader.end, reader.text)
    return texts


def _read_runs(runs: Iterable[tuple[str, str]]) -> _Text:
    """A text without what is struck out and without footnote marks, which are raised.

    A raised sign behind a metre is part of the unit; one behind a ten may be part of the number.
    """
    words, struck, fault = "", False, ""
    for look, text in runs:
        if look == "strike":
            struck = struck or bool(text.strip())
        elif look == "superscript" and words.strip() and not words.endswith(("m", "M")):
            fault = "raised_text" if re.search(r"10\s*$", words) else fault
        else:
            fault = "lowered_text" if look == "subscript" and text.strip() else fault
            words += text
    words = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), words)
    return _Text(words, "struck_cell" if struck and not words.strip() else fault, words)


def _shown(cell: _Reader, book: _Book) -> _Text:
    kind, value = cell.attributes.get("t", "n"), cell.holds.get("v", "").strip()
    code, struck = (book.looks or [(GENERAL, False)])[int(cell.attributes.get("s", "0"))]
    if "f" in cell.holds and (book.stale or (not value and kind != "str")):
        return _Text("", "no_formula_value")
    if kind in ("s", "str", "inlineStr"):
        text = _read_runs(cell.runs) if kind == "inlineStr" else _Text(cell.holds.get("v", ""))
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
    sheet, cells = about.get("name", ""), list[list[str]]()
    faults: dict[tuple[int, int], Problem] = {}

    def done(cell: _Reader) -> None:
        text, row, column = _shown(cell, book), cell.row - 1, cell.column - 1
        cells.extend([] for _ in range(len(cells), row + 1))
        cells[row].extend("" for _ in range(len(cells[row]), column + 1))
        cells[row][column] = text.words.strip()
        if text.fault:
            where = f"{sheet}!{address(row, column)}"
            faults[row, column] = Problem(text.fault, name, where, words={"found": text.found})

    reader = _Reader(done)
    parse_xml(content, _SPACES, reader.start, reader.end, reader.text)
    width = max(map(len, cells), default=0)
    if len(cells) * width > MAX_CELLS:
        raise TooBig(f"{len(cells):,} × {width:,}")
    for line in cells:
        line.extend([""] * (width - len(line)))
    looks = _elements(content, "row", "col", "mergeCell")
    merged = [_area(a.get("ref", "")) for tag, a in looks if tag == "mergeCell"]
    faults |= _merge(name, sheet, cells, merged)
    hidden = about.get("state", "visible") != "visible"
    unseen = _hidden_rows(looks), _hidden_columns(looks)
    return Grid(name, cells, False, sheet, faults, hidden, *unseen)


def _area(reference: str) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of an area such as ``A1:C5``, counted from 0."""
    first, last = (_place(corner) for corner in (reference.split(":") * 2)[:2])
    if not first or not last:
        raise BadArchive(reference)
    return first[0] - 1, first[1] - 1, last[0] - 1, last[1] - 1


def _merge(name: str, sheet: str, cells: list[list[str]], areas: list[tuple]) -> dict:
    """Give every row of a merged cell the text of its first; a number is not to be repeated.

    What lies under a merged cell is not seen, and goes. Across columns it is a title.
    """
    faults, bottom, right = {}, len(cells) - 1, len(cells[0]) - 1 if cells else -1
    inside = [(t, c, min(b, bottom), min(e, right)) for t, c, b, e in areas if c <= right]
    covered = sum(max(0, b - t + 1) * (e - c + 1) for t, c, b, e in inside)
    if covered > MAX_CELLS:  # overlapping ones: a few kB could cover a table many times
        raise TooBig(f"{covered:,}")
    for top, left, bottom, right in inside:
        for row in range(top, bottom + 1):
            shows = cells[top][left] if row == top or left == right else ""
            cells[row][left : right + 1] = [shows] + [""] * (right - left)
            if row > top and any(map(str.isdigit, shows)):
                where = f"{sheet}!{address(top, left)}"
                faults[row, left] = Problem("merged_cell", name, where, words={"found": shows})
    return faults


def _hidden_rows(looks: list[tuple[str, dict[str, str]]]) -> frozenset[int]:
    number, hidden = 0, set()
    for tag, a in looks:
        if tag == "row":
            number = _row(a, number)
            if _unseen(a, "ht"):
                hidden.add(number - 1)
    return frozenset(hidden)


def _hidden_columns(looks: list[tuple[str, dict[str, str]]]) -> frozenset[int]:
    hidden = [a for tag, a in looks if tag == "col" and _unseen(a, "width")]
    ranges = (range(int(a["min"]) - 1, min(int(a["max"]), MAX_COLUMNS)) for a in hidden)
    return frozenset(n for columns in ranges for n in columns)


def _unseen(attributes: dict[str, str], size: str) -> bool:
    return _true(attributes.get("hidden", "0")) or attributes.get(size) in ("0", "0.0")
