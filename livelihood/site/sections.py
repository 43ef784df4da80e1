"""An executed notebook as the sections of a page: words, and beside them the charts they lead to.

A section is a heading of the second level with what follows until the next. One whose code shows
nothing a reader could see - no chart, no row of a table, no sentence - is not on the page, its
heading and its prose neither; one that has no code at all is prose and stays.

>>> from nbformat.v4 import new_code_cell, new_markdown_cell
>>> cells = [new_markdown_cell("## Money"), new_code_cell("report.chart('money')")]
>>> sections(cells, "en")
[]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup
from nbformat import NotebookNode

from livelihood.site.sanitise import prose, shown


@dataclass(frozen=True, slots=True)
class Block:
    """What stands side by side on a wide screen: words, and the charts that they lead to."""

    words: tuple[Markup, ...] = ()
    charts: tuple[Markup, ...] = ()


def sections(cells: Sequence[NotebookNode], language: str) -> list[tuple[Block, ...]]:
    """The sections that show something, each in blocks."""
    number, found = count(1), []
    for part in _parts(cells):
        pieces = [list(_pieces(cell, number, language)) for cell in part]
        code = [p for cell, p in zip(part, pieces, strict=True) if cell.cell_type == "code"]
        headed = part[0].source.startswith("## ")
        if not (headed and code) or any(code):
            found.append(tuple(_blocks(piece for cell in pieces for piece in cell)))
    return found


def _parts(cells: Sequence[NotebookNode]) -> Iterator[list[NotebookNode]]:
    part: list[NotebookNode] = []
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## ") and part:
            yield part
            part = []
        part.append(cell)
    yield part


def _pieces(cell: NotebookNode, number: Iterator[int], language: str) -> Iterator[Markup]:
    """What a cell shows: its prose, or each of its outputs."""
    if cell.cell_type == "markdown":
        yield prose(cell.source)
    for output in cell.get("outputs", ()):
        if html := shown(output, next(number), language):
            yield html


def _blocks(pieces: Iterable[Markup]) -> Iterator[Block]:
    """Words with the charts after them; words with none after them join those before."""
    block, rest = Block(), list(pieces)
    drawn = [n for n, piece in enumerate(rest) if piece.startswith("<figure>")]
    last = drawn[-1] if drawn else len(rest)
    for n, piece in enumerate(rest):
        if n in drawn:
            block = Block(block.words, (*block.charts, piece))
        elif block.charts and (n < last or "<table" in piece):
            yield block
            block = Block((piece,))
        else:
            block = Block((*block.words, piece), block.charts)
    yield block
