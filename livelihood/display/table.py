"""One look for every table: a DataFrame of plain values that shows itself in readers' words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from functools import partial
from typing import ClassVar

import pandas as pd
from markupsafe import Markup

from livelihood.display.format import amount_words, html_table
from livelihood.display.messages import message_language
from livelihood.display.plaintext import table_text
from livelihood.quantity.bounds import Bounds

# JupyterLab sets cells flush right, as numbers are; ours hold words. A page drops this.
_READING = (
    "<style>table.livelihood :is(caption, th, td) { text-align: left !important; "
    "vertical-align: top !important; } "
    "table.livelihood .line { display: inline-block; width: 100%; }</style>"
)

Words = tuple[str, Sequence[str], Sequence[Sequence]]  # caption, heads, rows


class Table(pd.DataFrame):
    """A DataFrame to carry on from, that shows its rows in readers' words.

    Words are shown for rows that are still what they were made from, whichever are left and in
    whatever order (`head`, `query`, `sort_values`). Anything else is shown from the data: an
    amount with its bounds and unit in one cell, numbers as people write them.
    """

    _metadata: ClassVar = ["made", "heads", "lines", "caption", "page", "language"]
    made: pd.DataFrame | None = None  # the data that the words are of
    heads: Sequence[str] = ()
    lines: Sequence[Sequence] = ()
    caption = ""
    language = ""  # of what is said from the data; the messages' if none is given
    page: Callable[[], Markup] = Markup  # makes the HTML of all rows, as a page has it

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return Table

    def _in_words(self) -> Words | None:
        """Caption, heads and rows: those that were made, or said from amounts; else ``None``."""
        made = self.made
        if made is None or list(self.columns) != list(made.columns):
            return _of_amounts(self)
        if made.equals(self):
            return self.caption, self.heads, self.lines
        single = len(made) == len(self.lines) and made.index.is_unique  # no words of several rows
        places = made.index.get_indexer(self.index) if single else [-1]
        if -1 in places or not made.iloc[places].equals(self):
            return _of_amounts(self)
        caption = self.caption if len(places) == len(self.lines) else ""  # it may count them
        return caption, self.heads, [self.lines[place] for place in places]

    def _repr_html_(self) -> str:
        return self._html(self._in_words())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        words = self._in_words()
        shown = str(self._html(words)).replace("<table>", '<table class="livelihood">')
        return {"text/html": _READING + shown, "text/plain": self._text(words)}

    def __repr__(self) -> str:
        return self._text(self._in_words())

    def _html(self, words: Words | None) -> str:
        if words:
            _, heads, rows = words
            return self.page() if rows is self.lines else html_table("", heads, rows)
        with _as_people_write():
            return super()._repr_html_()

    def _text(self, words: Words | None) -> str:
        if words:
            return table_text(*words)
        with _as_people_write():
            return super().__repr__()


MOST = 500  # rows that are said in words, where they are said from the data
_AMOUNT = ("value", "low", "high", "unit")
_WITHIN = ("low", "high", "unit", "low_origin", "high_origin")  # said in the cell of the value
_ORIGIN = ("printed", "natural")
_NAMED = ("measure", "indicator", "id")  # ids, said under their label where that is there, too


def _as_people_write() -> AbstractContextManager:
    return pd.option_context("display.float_format", _number)


def _number(number: float) -> str:
    """A number without an exponent.

    >>> _number(1.27e8), _number(0.4)
    ('127,000,000', '0.4')
    """
    return f"{number:,.0f}" if abs(number) >= 100_000 else f"{number:,.6g}"


def _of_amounts(data: Table) -> tuple[str, list[str], list[tuple]] | None:
    """Heads and rows of amounts, said from the data; ``None`` for other frames."""
    flat = data.columns.is_unique and data.index.nlevels == 1 and data.index.name is None
    if not flat or not {*_AMOUNT} <= {*data.columns} or len(data) > MOST:
        return None
    inside = (*_WITHIN, *(_NAMED if "label" in data else ()))
    heads = [str(c) for c in data.columns if c not in inside]
    language, records = data.language or message_language(), data.to_dict("records")
    return "", heads, [tuple(_said(record, head, language) for head in heads) for record in records]


def _said(record: dict, head: str, language: str) -> str | tuple[str, ...]:
    cell = record[head]
    if head == "label":
        names = (cell, *(record[id] for id in _NAMED if id in record))
        return tuple(dict.fromkeys(map(str, names)))
    if head == "value":
        low, high, value = (_exact(record[name]) for name in ("low", "high", "value"))
        limits = {"low": 0, "high": 1 if record["unit"] == "1" else None}  # of shares and counts
        below, above = (
            None if end is None else record.get(f"{name}_origin") or _ORIGIN[end == limits[name]]
            for name, end in (("low", low), ("high", high))
        )
        bounds = Bounds(low, high, below, above)
        between = bounds.is_exact or value not in (low, high)  # else it is an end, not a number
        return amount_words(value if between else None, bounds, str(record["unit"]), language)
    if isinstance(cell, float):
        return "" if pd.isna(cell) else _number(cell)
    return str(cell)


def _exact(number: float) -> Fraction | None:
    return Fraction(str(number)) if math.isfinite(number) else None


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
    result.made, result.lines, result.heads = pd.DataFrame(data), rows, list(columns)
    result.caption = caption
    result.page = partial(html_table, caption, columns, rows, ids, below, folded)
    return result
