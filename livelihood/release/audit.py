"""A source held against the rows of a release: what is printed and not recorded, and the reverse.

Every quantity that :func:`livelihood.quantity.text.scan.scan` reads in the text is given to the
row that holds the same words; a row and a quantity that print one thing in two ways (``1.2万元``,
``12千元``) meet by their bounds and unit. Of several alike, the one of the row's own period goes
first, then the order of the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from livelihood.display.messages import say
from livelihood.quantity.numeral import TO_PLAIN
from livelihood.quantity.parse import Quantity, parsed
from livelihood.quantity.text.scan import Item, scan

Key = Callable[[str, Quantity | None], object]


class Row(NamedTuple):
    """What an audit needs of a row of ``figures.csv``; `period` is EDTF, empty if none is known."""

    measure: str
    printed: str
    period: str
    locator: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The result: pairs that agree, and what either side holds alone.

    `unread` are figures of the text that could not be read (two words of vagueness at odds).
    """

    matched: tuple[tuple[Row, Item], ...]
    unrecorded: tuple[Item, ...]
    unsupported: tuple[Row, ...]
    unread: tuple[Item, ...]

    @property
    def complete(self) -> bool:
        """Whether every printed quantity has a row and every row is printed."""
        return not (self.unrecorded or self.unsupported or self.unread)

    @property
    def other_periods(self) -> tuple[tuple[Row, Item], ...]:
        """The pairs whose periods differ, among those for which the text names one."""
        return tuple(
            (row, item)
            for row, item in self.matched
            if item.period and item.period_source != "document" and item.period != row.period
        )


def audit(text: str, rows: Iterable[Row], year: int | None = None) -> Audit:
    """Hold the quantities of `text`, a source about `year`, against `rows`.

    >>> rows = [Row("schools", "27所", "2019", "para 1"), Row("homes", "54个", "2019", "para 2")]
    >>> result = audit("2019年完成27所学校，面积10万多平方米。", rows)
    >>> [item.text for item in result.unrecorded], [row.printed for row in result.unsupported]
    (['10万多平方米'], ['54个'])
    """
    items, alone = list(scan(text, year)), list(rows)
    free = [item for item in items if item.kind == "quantity"]
    pairs = [*_pairs(alone, free, _words), *_pairs(alone, free, _size)]
    names = [item for item in items if item.why == "programme"]  # 33项民生工程 counts it, too
    for row in list(alone):
        if name := next((n for n in names if n.text.startswith(row.printed)), None):
            alone.remove(row)
            pairs.append((row, name))
    return Audit(
        matched=tuple(sorted(pairs, key=lambda pair: pair[1].start)),
        unrecorded=tuple(free),
        unsupported=tuple(alone),
        unread=tuple(item for item in items if item.kind == "unread"),
    )


def _pairs(rows: list[Row], items: list[Item], key: Key) -> Iterator[tuple[Row, Item]]:
    """One item for each row of the same key, taken out of both lists; of several alike, those of
    the row's own period first."""
    waiting: dict[object, list[Item]] = defaultdict(list)
    for item in items:
        waiting[key(item.text, item.quantity)].append(item)
    for own_period in (True, False):
        for row in list(rows):
            alike = waiting.get(key(row.printed, parsed(row.printed)), [])
            found = next((i for i in alike if not own_period or i.period == row.period), None)
            if found is not None:
                rows.remove(row)
                items.remove(found)
                alike.remove(found)
                yield row, found


def _words(printed: str, quantity: Quantity | None) -> object:
    return "".join(printed.translate(TO_PLAIN).split())


def _size(printed: str, quantity: Quantity | None) -> object:
    """What two ways of printing one figure share; a figure that cannot be read is like no other."""
    return None if quantity is None else (quantity.bounds, quantity.unit, quantity.qualifier)


def _place(item: Item) -> str:
    return f"{item.start}–{item.end}  {item.text}"


def render(result: Audit, language: str = "en") -> str:
    """The result in words, ``"zh"`` or ``"en"``, one finding a line."""

    def words(key: str, **details: object) -> str:
        return say(f"audit_{key}", language, **details)

    found = len(result.matched)
    counts = {"quantities": found + len(result.unrecorded), "rows": found + len(result.unsupported)}
    lines = [words("summary", matched=found, **counts)]
    periods = [(_place(i), r.measure, i.period, r.period) for r, i in result.other_periods]
    parts = {
        "unrecorded": [_place(i) for i in result.unrecorded],
        "unsupported": [f"{r.locator}  {r.measure}  {r.printed}" for r in result.unsupported],
        "periods": [f"{p}  {m}  {own} | {row or words('none')}" for p, m, own, row in periods],
        "unread": [_place(i) for i in result.unread],
    }
    for key, part in parts.items():
        lines += [words(key, count=len(part)), *(f"  {line}" for line in part)] if part else []
    return "\n".join(lines)
