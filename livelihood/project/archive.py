"""What an office's workbook or document is: an archive of XML, unpacked within limits."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection
from xml.parsers import expat

from livelihood.project.files import MB

MAX_UNPACKED = 10 * MB  # a sheet of 10,000 rows unpacks to about 4 MB
MAX_RATIO = 200  # unpacked to packed; real workbooks stay below 50
MAX_PARTS = 1000
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError)


class BadArchive(ValueError):
    """No archive that can be read, or not of what it should hold."""


class TooBig(ValueError):
    """An archive, or what is in it, beyond the limits."""


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


def parse_xml(
    content: bytes,
    spaces: Collection[str],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """Have elements of these namespaces told by their local names, others by none.

    An entity can stand for a million others, so a document type is a :class:`BadArchive`.
    """
    parser = expat.ParserCreate(namespace_separator=" ")

    def local(tag: str) -> str:
        space, _, name = tag.rpartition(" ")
        return name if space in spaces else ""

    def refuse(*_: object) -> None:
        raise BadArchive("<!DOCTYPE>")

    parser.StartElementHandler = lambda tag, attributes: start(local(tag), attributes)
    parser.EndElementHandler = lambda tag: end(local(tag))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadArchive(error) from None
