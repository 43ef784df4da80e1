"""The parts of an XLSX file, taken out of it within limits and looked over.

A workbook is a ZIP archive of XML. Few bytes can unpack to very many, an entity can stand for a
million others, and one cell far to the lower right makes a table of ten thousand million cells. So
nothing is handed on but XML that was unpacked here, has no document type, and whose cells with
content lie within :data:`MAX_CELLS`.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_UNPACKED = 10_000_000  # bytes; a sheet of 10,000 rows unpacks to about 4 MB
MAX_RATIO = 200  # unpacked to packed; real workbooks stay below 50
MAX_PARTS = 1000
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 200, 500_000  # of the area from A1 to the last cell
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
)
_ADDRESS = re.compile("([A-Z]{1,3})([0-9]{1,7})")


def _promises(count: str) -> bool:
    """Whether an element says to hold more than an archive can: a reader makes room for it."""
    return count.strip("+ ").isdecimal() and (len(count) > 9 or int(count) > MAX_UNPACKED // 10)


class BadArchive(ValueError):
    """No archive that can be read, or not of XML."""


class TooBig(ValueError):
    """An archive, or a table in it, beyond the limits."""


@dataclass
class Scan:
    """What a part holds: the addresses of formula cells for which no value is stored."""

    uncomputed: set[str] = field(default_factory=set)
    _row: int = 0
    _column: int = 0
    _inside: set[str] = field(default_factory=set)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = tag.rpartition(":")[2]
        if any(_promises(attributes.get(name, "")) for name in ("count", "uniqueCount")):
            raise TooBig(f"<{tag}>")
        if tag == "c":
            self._inside = set()
            self._place(attributes.get("r", ""))
        elif tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < 9 else self._row + 1
            self._column = 0
        elif tag in ("f", "v", "is"):
            self._inside.add(tag)

    def _place(self, address: str) -> None:
        match = _ADDRESS.fullmatch(address)
        if match is None:
            self._column += 1
            return
        self._row, self._column = int(match[2]), 0
        for letter in match[1]:
            self._column = self._column * 26 + ord(letter) - 64

    def text(self, text: str) -> None:
        """Text between tags."""
        if "v" in self._inside and text.strip():
            self._inside.add("text")

    def end(self, tag: str) -> None:
        """An element ends; of a cell with content, its place must be within the limits."""
        if tag.rpartition(":")[2] != "c" or not self._inside:
            return
        rows, columns = self._row, self._column
        if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
            raise TooBig(f"{rows:,} × {columns:,}")
        if "f" in self._inside and "text" not in self._inside:
            self.uncomputed.add(address(rows - 1, columns - 1))


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


def unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts of an archive by name; raises :class:`BadArchive` or :class:`TooBig`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            return {
                part.filename: _read(archive, part)
                for part in parts
                if part.filename.lower().endswith((".xml", ".rels"))
            }
    except TooBig:
        raise
    except _BROKEN as error:
        raise BadArchive(error) from None


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """As many bytes as the directory says, not one more: what is packed may be far more."""
    with archive.open(part) as file:
        return file.read(part.file_size)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if odd := {p.compress_type for p in parts} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BadArchive(f"compressed in an unusual way {odd}")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed:
        raise TooBig(f"{unpacked:,} / {packed:,}")


def scan(content: bytes) -> Scan:
    """Look a part over; :class:`BadArchive` if it is no XML, or declares a document type."""
    found, parser = Scan(), expat.ParserCreate()
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadArchive(error) from None
    return found


def _refuse(*_: object) -> None:
    raise BadArchive("<!DOCTYPE>")


def repacked(parts: dict[str, bytes]) -> io.BytesIO:
    """The parts as an archive again: what is in it is what was looked over, and nothing else."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file.seek(0)
    return file
