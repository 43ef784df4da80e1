"""The typeface of charts and pages: Noto Sans CJK in its Simplified Chinese face.

It comes as a font collection (OFL) in a package of its own, so Chinese shows on a machine that
has no Chinese fonts. A page carries only the glyphs that it uses; a chart that is on no page, as
in JupyterLab, carries its letters as shapes.
"""

from __future__ import annotations

import logging
import os
import struct
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import brotli
import uharfbuzz as hb
from noto_cjk_sans_otc import FONT_PATH

FAMILY = "Noto Sans CJK SC"
# Tables for vertical text and for alternates of glyphs: a page needs none.
_DROPPED = ("GSUB", "VORG", "BASE", "vhea", "vmtx", "DSIG")
_TAGS = """
cmap head hhea hmtx maxp name OS/2 post cvt fpgm glyf loca prep CFF VORG EBDT EBLC gasp hdmx kern
LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS"""
_KNOWN = _TAGS.split()  # in the order of the standard
ON_PAGE = "LIVELIHOOD_ON_PAGE"  # set in the kernels of a run: what they draw goes on a page


def on_page() -> bool:
    """Whether charts go on a page, which brings the typeface itself."""
    return bool(os.environ.get(ON_PAGE))


@contextmanager
def on_a_page() -> Iterator[None]:
    """Within it kernels are started whose charts go on a page."""
    before = os.environ.get(ON_PAGE, "")
    os.environ[ON_PAGE] = "1"
    try:
        yield
    finally:
        os.environ[ON_PAGE] = before


@cache
def use_in_charts() -> None:
    """Make the family known to matplotlib, and the last resort of every text drawn from now on.

    A theme such as seaborn's names families of its own and drops the list of before; what these
    lack, Chinese above all, is then still drawn.
    """
    from matplotlib.font_manager import FontProperties, fontManager

    if not any(entry.name == FAMILY for entry in fontManager.ttflist):
        fontManager.addfont(FONT_PATH)
    ours = fontManager.findfont(FontProperties(family=FAMILY))
    manager: Any = fontManager
    find = manager._find_fonts_by_props  # the fonts of a text, in order

    def found(*args: Any, **how: Any) -> list:
        paths = find(*args, **how)
        return paths if ours in paths else [*paths, ours]

    manager._find_fonts_by_props = found
    # A family that the machine lacks, SimHei for one, is nothing to warn of: its text is drawn.
    warned = logging.getLogger("matplotlib.font_manager")
    warned.addFilter(lambda record: not str(record.msg).startswith("findfont:"))


@cache
def _font() -> hb.Font:
    collection, full = hb.Blob.from_file_path(FONT_PATH), hb.OTNameIdPredefined.FULL_NAME
    faces = (hb.Face(collection, i) for i in range(64))
    return hb.Font(next(face for face in faces if face.get_name(full, "en") == FAMILY))


def width(text: str) -> float:
    """How wide the typeface sets a text, in ems.

    >>> width("民生"), round(width("km"), 2)
    (2.0, 1.48)
    """
    return sum(map(_advance, text))


@cache
def _advance(character: str) -> float:
    font = _font()
    glyph = font.get_nominal_glyph(ord(character)) or 0
    return font.get_glyph_h_advance(glyph) / font.face.upem


def subset(text: str) -> str:
    """The face cut down to the characters of `text`, as a WOFF2 data URI.

    >>> subset("民生工程").startswith("data:font/woff2;base64,")
    True
    """
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).set({ord(c) for c in set(text)})
    wanted.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG).set(_tags("kern"))
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(_tags(*_DROPPED))
    wanted.sets(hb.SubsetInputSets.NAME_ID).clear()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE
    font = hb.subset(_font().face, wanted)
    tables = {tag: font.reference_table(tag).data for tag in font.table_tags}
    return "data:font/woff2;base64," + b64encode(_woff2(tables)).decode("ascii")


def _tags(*names: str) -> set[int]:
    return {int.from_bytes(name.encode("ascii"), "big") for name in names}


def _woff2(tables: dict[str, bytes]) -> bytes:
    """Tables in the container of https://www.w3.org/TR/WOFF2/, none of them transformed."""
    order = sorted(tables)
    known = (bytes([_KNOWN.index(tag.rstrip())]) for tag in order)
    directory = b"".join(
        k + _base128(len(tables[tag])) for k, tag in zip(known, order, strict=True)
    )
    data = brotli.compress(
        b"".join(tables[tag] for tag in order), mode=brotli.MODE_FONT, quality=5
    )  # a tenth larger than at 11, in a fiftieth of the time

    padded = (sum(len(t) + 3 & ~3 for t in tables.values()), 12 + 16 * len(tables))
    length = 48 + len(directory) + len(data)
    numbers = (length + -length % 4, len(tables), 0, sum(padded), len(data), 1, *[0] * 6)
    head = struct.pack(">4s4sIHHIIHHIIIII", b"wOF2", b"OTTO", *numbers)
    return head + directory + data + bytes(-length % 4)


def _base128(number: int) -> bytes:
    """An integer in groups of seven bits, all but the last marked."""
    groups = [number & 127]
    while number := number >> 7:
        groups.append(number & 127 | 128)
    return bytes(reversed(groups))
