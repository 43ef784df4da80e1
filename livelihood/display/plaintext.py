"""Tables in a terminal: the same words as in HTML, lined up, or stacked where they are too wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from shutil import get_terminal_size
from unicodedata import east_asian_width

from markupsafe import Markup

Lines = list[str]


def table_text(caption: str, columns: Sequence[str], rows: Iterable[Sequence]) -> str:
    """A table under its caption: in a grid, or a block a row where that would be cut up.

    >>> print(table_text("县", ["名称", "n"], [("杜集区", 1), ("x", ("2", "3"))]))
    县
    名称    n
    ------  -
    杜集区  1
    x       2
            3
    """
    cells = [["\n".join(_lines(cell)) for cell in row] for row in rows]
    width = get_terminal_size((100, 24)).columns
    needed = sum(_needed([list(columns), *cells])) + 2 * len(columns)
    if needed <= 1.3 * width:
        shown = [text_table(columns, cells, width)]
    else:
        shown = [line for row in cells for line in _block(columns, row, width)]
    return "\n".join([caption, *shown] if caption else shown)


def text_table(columns: Sequence[str], rows: Iterable[Sequence[str]], width: int = 150) -> str:
    """A table for a terminal: cells wrap at their column's width, a Chinese sign counting two.

    >>> print(text_table(["a", "b"], [("数", "one two")], width=12))
    a   b
    --  -------
    数  one two
    """
    grid = [list(columns), *(list(row) for row in rows)]
    widths = _shared(_needed(grid), width - 2 * (len(columns) - 1))
    lines = []
    for number, row in enumerate(grid):
        lines += _row(row, widths)
        if number == 0:
            lines.append("  ".join("-" * w for w in widths))
    return "\n".join(lines)


def _lines(cell: object) -> Lines:
    parts = cell if isinstance(cell, tuple) else (cell,)
    texts = (p.striptags() if isinstance(p, Markup) else str(p) for p in parts)
    return [text for text in texts if text]


def _needed(grid: Sequence[Sequence[str]]) -> list[int]:
    return [
        max(_cells(line) for row in grid for line in row[at].split("\n"))
        for at in range(len(grid[0]))
    ]


def _row(row: Sequence[str], widths: Sequence[int]) -> Lines:
    cells = [
        [piece for line in cell.split("\n") for piece in _wrapped(line, width)]
        for cell, width in zip(row, widths, strict=True)
    ]
    lines = []
    for at in range(max(map(len, cells))):
        parts = (cell[at] if at < len(cell) else "" for cell in cells)
        padded = (p + " " * (w - _cells(p)) for p, w in zip(parts, widths, strict=True))
        lines.append("  ".join(padded).rstrip())
    return lines


def _block(columns: Sequence[str], row: Sequence[str], width: int) -> Lines:
    """A row on its own: its name, then each column under it, its lines set in."""
    margin = max(map(_cells, columns[1:])) + 4
    found = ["", *row[0].split("\n")]
    for name, cell in zip(columns[1:], row[1:], strict=True):
        pieces = [p for line in cell.split("\n") for p in _wrapped(line, max(20, width - margin))]
        start = f"  {name}".ljust(margin - _cells(name) + len(name))
        found += [(" " * margin if at else start) + p for at, p in enumerate(pieces) if cell]
    return found


@cache
def _cell(sign: str) -> int:
    return 2 if east_asian_width(sign) in "WF" else 1


def _cells(text: str) -> int:
    return sum(map(_cell, text))


def _shared(needed: list[int], width: int) -> list[int]:
    """What each column needs, the widest ones cut until all fit."""
    widths = list(needed)
    while sum(widths) > max(width, 2 * len(widths)):
        widths[widths.index(max(widths))] -= 1
    return widths


def _wrapped(line: str, width: int) -> Lines:
    if _cells(line) <= width:
        return [line]
    pieces, piece, used = [], "", 0
    for c in line:
        used += _cell(c)
        if used > width:
            # English breaks at the last space of the second half, Chinese anywhere.
            at = piece.rfind(" ", len(piece) // 2) + 1 if c.isascii() and c != " " else 0
            pieces.append(piece[: at or None].rstrip())
            piece = piece[at:].lstrip() if at else ""
            used = _cells(piece + c)
        piece += c
    return [*pieces, piece]
