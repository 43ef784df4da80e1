"""One look for every table: a DataFrame of plain values that shows itself in readers' words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

import pandas as pd
from markupsafe import Markup, escape

_CHINESE = re.compile("[\u3400-\u9fff]")


class Table(pd.DataFrame):
    """A DataFrame to carry on from; its HTML shows `shown`, the same rows in readers' words.

    What is derived from it is an ordinary DataFrame again.
    """

    _metadata = ("shown",)

    @property
    def _constructor(self):
        return pd.DataFrame

    def _repr_html_(self) -> str:
        return self.shown


def table(
    data: pd.DataFrame,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence],
    ids: Sequence[str] = (),
    below: Sequence[str] = (),
) -> Table:
    """A table whose HTML has a caption, a header row and a header cell in each row.

    Cells are escaped unless they are :class:`markupsafe.Markup`; a tuple is shown as lines. `ids`
    name the rows so that numbers elsewhere can lead to them; `below` are remarks under the table.

    >>> frame = table(pd.DataFrame({"n": [1]}), "Two", ["a", "b"], [("x", "<1")])
    >>> "&lt;1" in frame._repr_html_()
    True
    """
    result = Table(data)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(c) for c in columns)
    rows = list(rows)
    names = [*ids, *[""] * (len(rows) - len(ids))]
    body = Markup("").join(_row(cells, id) for cells, id in zip(rows, names, strict=True))
    result.shown = Markup(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>{}"
    ).format(caption, head, body, Markup("").join(Markup("<p>{}</p>").format(p) for p in below))
    return result


def _row(cells: Sequence, id: str) -> Markup:
    first, *rest = (_cell(cell) for cell in cells)
    others = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in rest)
    name = Markup(' id="{}"').format(id) if id else ""
    return Markup('<tr{}><th scope="row">{}</th>{}</tr>').format(name, first, others)


def _cell(cell: object) -> Markup:
    if isinstance(cell, tuple):
        return Markup("<br>").join(escape(line) for line in cell if line)
    return escape(cell)


def text_table(columns: Sequence[str], rows: Iterable[Sequence[str]], width: int = 150) -> str:
    """A table for a terminal: cells wrap at their column's width, a Chinese sign counting two.

    >>> print(text_table(["a", "b"], [("数", "one two")], width=12))
    a   b
    --  -------
    数  one two
    """
    grid = [[cell.split("\n") for cell in row] for row in (columns, *rows)]
    needed = [max(_cells(line) for row in grid for line in row[i]) for i in range(len(columns))]
    widths = _shared(needed, width - 2 * (len(columns) - 1))
    lines = []
    for number, row in enumerate(grid):
        wrapped = [
            [piece for line in cell for piece in _wrapped(line, w)]
            for cell, w in zip(row, widths, strict=True)
        ]
        for i in range(max(map(len, wrapped))):
            parts = (cell[i] if i < len(cell) else "" for cell in wrapped)
            padded = (p + " " * (w - _cells(p)) for p, w in zip(parts, widths, strict=True))
            lines.append("  ".join(padded).rstrip())
        if number == 0:
            lines.append("  ".join("-" * w for w in widths))
    return "\n".join(lines)


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _shared(needed: list[int], width: int) -> list[int]:
    """What each column needs, the widest ones cut until all fit."""
    widths = list(needed)
    while sum(widths) > width:
        widths[widths.index(max(widths))] -= 1
    return widths


def _wrapped(line: str, width: int) -> list[str]:
    pieces, piece = [], ""
    for c in line:
        if _cells(piece + c) > width:
            # English breaks at the last space of the second half, Chinese anywhere.
            at = piece.rfind(" ", len(piece) // 2) + 1 if c.isascii() and c != " " else 0
            pieces.append(piece[: at or None].rstrip())
            piece = piece[at:].lstrip() if at else ""
        piece += c
    return [*pieces, piece]


def original(text: str, language: str) -> Markup:
    """Words as their source has them, marked as Chinese where the page is not.

    A reader's screen reader and font then treat them as Chinese, and nobody takes them for
    something left untranslated.

    >>> original("¶ 教育", "en")
    Markup('<span lang="zh-CN">¶ 教育</span>')
    """
    if language == "zh" or not _CHINESE.search(text):
        return escape(text)
    return Markup('<span lang="zh-CN">{}</span>').format(text)


def small(text: str) -> Markup:
    """A remark under a value."""
    return Markup("<small>{}</small>").format(text) if text else Markup()
