"""One look for every table: a DataFrame of plain values that shows itself in readers' words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import Markup, escape

from livelihood.display.plaintext import table_text

_CHINESE = re.compile("[\u3400-\u9fff]")
_WORD = re.compile("[A-Za-z]{3}")
_RUN = re.compile("([0-9.]*(?:[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+[0-9.]*)+)")

# JupyterLab sets cells flush right, as numbers are; ours hold words. A page drops this.
_READING = (
    "<style>table.livelihood :is(caption, th, td) { text-align: left !important; "
    "vertical-align: top !important; } "
    "table.livelihood .line { display: inline-block; width: 100%; }</style>"
)


class Table(pd.DataFrame):
    """A DataFrame to carry on from, that shows its rows in readers' words.

    `shown` is their HTML, `words` are their caption, columns and rows, for a terminal.

    What is derived from it, or gets columns or rows of one's own, is an ordinary DataFrame.
    """

    _metadata = ("shown", "words", "drawn")

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        return self.shown if self.shape == self.drawn else super()._repr_html_()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        shown = str(self._repr_html_()).replace("<table>", '<table class="livelihood">')
        return {"text/html": _READING + shown, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return table_text(*self.words) if self.shape == self.drawn else super().__repr__()


def table(
    data: pd.DataFrame,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence],
    ids: Sequence[str] = (),
    below: Sequence[str] = (),
    folded: tuple[int, str] | None = None,
) -> Table:
    """A table whose HTML has a caption, a header row and a header cell in each row.

    Cells are escaped unless they are :class:`markupsafe.Markup`; a tuple is shown as lines. `ids`
    name the rows so that numbers elsewhere can lead to them; `below` are remarks under the table;
    `folded` has the rows from a number on fold away, as a table of their own with this caption.

    >>> frame = table(pd.DataFrame({"n": [1]}), "Two", ["a", "b"], [("x", "<1")])
    >>> "&lt;1" in frame._repr_html_()
    True
    """
    rows = list(rows)
    result = Table(data)
    result.words, result.drawn = (caption, columns, rows), result.shape
    names = [*ids, *[""] * (len(rows) - len(ids))]
    body = [_row(cells, id) for cells, id in zip(rows, names, strict=True)]
    open_rows, summary = folded or (len(body), "")
    open_part = open_rows or not body
    result.shown = _html(caption, columns, body[:open_rows]) if open_part else Markup()
    if open_rows < len(body):
        rest = _html(summary, columns, body[open_rows:])
        result.shown += Markup("<details><summary>{}</summary>{}</details>").format(summary, rest)
    result.shown += Markup("").join(Markup("<p>{}</p>").format(p) for p in below)
    return result


def _html(caption: str, columns: Sequence[str], body: Sequence[Markup]) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(c) for c in columns)
    return Markup(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(caption, head, Markup("").join(body))


def _row(cells: Sequence, id: str) -> Markup:
    first, *rest = (_cell(cell) for cell in cells)
    others = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in rest)
    name = Markup(' id="{}"').format(id) if id else ""
    return Markup('<tr{}><th scope="row">{}</th>{}</tr>').format(name, first, others)


def _cell(cell: object) -> Markup:
    if isinstance(cell, tuple):
        line = Markup('<span class="line">{}</span>')  # no block: a copied row stays a row
        return Markup(" ").join(line.format(part) for part in cell if part)
    return escape(cell)


def original(text: str, language: str, tag: str = "span") -> Markup:
    """Words as their source has them, marked as Chinese where the page is not.

    A reader's screen reader and font then treat them as Chinese, and nobody takes them for
    something left untranslated. In a text that is English besides, only the Chinese is marked.

    >>> original("¶ 教育 1.2亿元", "en")
    Markup('<span lang="zh-CN">¶ 教育 1.2亿元</span>')
    >>> original("printed as 1.2亿元", "en")
    Markup('printed as <span lang="zh-CN">1.2亿元</span>')
    """
    if language == "zh" or not _CHINESE.search(text):
        return escape(text)
    marked = Markup('<{0} lang="zh-CN">{{}}</{0}>').format(tag)
    pieces = _RUN.split(text) if _WORD.search(text) else ["", text, ""]
    return Markup("").join(
        marked.format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )


def small(text: str) -> Markup:
    """A remark under a value."""
    return Markup("<small>{}</small>").format(text) if text else Markup()
