"""One look for every table: a DataFrame of plain values that shows itself in readers' words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import Markup, escape


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
    data: pd.DataFrame, caption: str, columns: Sequence[str], rows: Iterable[Sequence]
) -> Table:
    """A table whose HTML has a caption, a header row and a header cell in each row.

    Cells are escaped unless they are :class:`markupsafe.Markup`; a tuple is shown as lines.

    >>> frame = table(pd.DataFrame({"n": [1]}), "Two", ["a", "b"], [("x", "<1")])
    >>> "&lt;1" in frame._repr_html_()
    True
    """
    result = Table(data)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(c) for c in columns)
    body = Markup("").join(_row(cells) for cells in rows)
    result.shown = Markup(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(caption, head, body)
    return result


def _row(cells: Sequence) -> Markup:
    first, *rest = (_cell(cell) for cell in cells)
    others = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in rest)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(first, others)


def _cell(cell: object) -> Markup:
    if isinstance(cell, tuple):
        return Markup("<br>").join(escape(line) for line in cell if line)
    return escape(cell)
