"""What an office's workbook or document is: an archive of XML, unpacked within limits."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from livelihood.display.messages import DataError, Problem
from livelihood.project.files import MB

MAX_UNPACKED = 10 * MB  # a sheet of 10,000 rows unpacks to about 4 MB
MAX_RATIO = 200  # unpacked to packed; real workbooks stay below 50
MAX_PARTS = 1000
DEEPEST = 250  # elements in one another; whoever walks through them needs as many calls
_CHUNK = 2**16
_SPACES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # the strict form
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://purl.org/dc/elements/1.1/",
}
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError)


class BadArchive(ValueError):
    """No archive that can be read, or not of what it should hold."""


class TooBig(ValueError):
    """An archive, or what is in it, beyond the limits."""


def limit(beyond: bool, *sizes: int) -> None:
    """Refuse what is `beyond` the limits, of these sizes."""
    if beyond:
        raise TooBig(" × ".join(f"{size:,}" for size in sizes))


@contextmanager
def reading(name: str, otherwise: str) -> Iterator[None]:
    """What goes wrong inside is a problem with the file: too big, else that of code `otherwise`."""
    try:
        yield
    except TooBig as error:
        raise DataError([Problem("too_big", name, words={"found": error})]) from None
    except (ValueError, LookupError, csv.Error) as error:
        raise DataError([Problem(otherwise, name, words={"found": error})]) from None


def unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts of an archive by name; raises :class:`BadArchive` or :class:`TooBig`.

    Few bytes can unpack to very many, so sizes are looked at before anything is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            return {
                part.filename: _unpacked(archive, part)
                for part in parts
                if part.filename.lower().endswith((".xml", ".rels"))
            }
    except TooBig:
        raise
    except (ValueError, *_BROKEN) as error:
        raise BadArchive(error) from None


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
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


def elements(content: bytes, *names: str) -> Iterator[Element]:
    """The elements of these names, each once it is whole, by the local names of what is in them.

    Those of a vocabulary that is none of an office's have no name. An entity can stand for a
    million others, so a document type is a :class:`BadArchive`.
    """
    builder = _Builder(names)
    parser = XMLParser(target=builder)
    try:
        for start in range(0, len(content), _CHUNK):
            parser.feed(content[start : start + _CHUNK])
            for element in builder.take():
                yield element
                element.clear()
        parser.close()
    except ParseError as error:
        raise BadArchive(error) from None


class _Builder(TreeBuilder):
    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self.names, self.depth = names, 0
        self.whole: list[Element] = []

    def take(self) -> list[Element]:
        whole, self.whole = self.whole, []
        return whole

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooBig(f"<{tag}> × {self.depth}")
        space, _, name = tag[1:].rpartition("}")
        own = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        return super().start(name if space in _SPACES else "", own)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        element = super().end(tag)
        if element.tag in self.names:
            self.whole.append(element)
        return element

    def doctype(self, *_: object) -> None:
        raise BadArchive("<!DOCTYPE>")
