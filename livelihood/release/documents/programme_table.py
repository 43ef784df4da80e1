"""A programme's table (项目, 目标任务, 完成情况, 完成率, 责任单位) -> its figures, one by one.

A header in one row or in two names the columns. A cell may hold a number whose unit stands in
another column or in the header, a figure, or a sentence with several. A row that holds nothing but
a name is a heading for those under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from livelihood.quantity.parse import parsed
from livelihood.quantity.text.names import Named, name_figures
from livelihood.quantity.text.phrases import clean, is_generic
from livelihood.quantity.text.scan import Item, scan
from livelihood.quantity.vocabulary import read_table
from livelihood.release.documents.document import Table
from livelihood.release.workbook import address

_TOP = 12  # rows in which a header is looked for
_KINDS: dict[str, str] = read_table("programme_table.toml", __file__)
_VALUES = ("target", "result", "completion", "growth", "planned")
_RATES = ("completion", "growth")
_MEASURES = re.compile("资金|投资|人数|金额|面积")
_NUMBERED = re.compile(r"[(（][^()（）]*[)）]|^[一二三四五六七八九十]+、")
_UNIT = re.compile(r"[(（]\s*(?:单位[:：]?)?\s*([^()（）\d]{1,6})[)）]")
_BARE = re.compile(r"-?[\d,]+(?:\.\d+)?")
_NONE = re.compile(r"[-—–/\\无…\s]*")


class Entry(NamedTuple):
    """A figure of a table: its name and role, the heading above it, and where it stands.

    `reported` is the header of its column, which may say of which time it is.
    """

    named: Named
    heading: str
    locator: str
    reported: str


class _Column(NamedTuple):
    """What a column holds, by its header; whether that is `part` of what its figures are called."""

    kind: str
    header: str
    unit: str
    part: bool


def entries(table: Table, year: int) -> list[Entry]:
    """The figures of a table; none if it has no header that names items and figures.

    >>> cells = [["项目", "目标任务", "完成情况"], ["农家书屋", "30个", "已建成28个"]]
    >>> found = entries(Table("表1", cells), 2020)
    >>> [(e.named.label, e.named.role, e.named.item.text) for e in found]
    [('农家书屋', 'target', '30个'), ('农家书屋', '', '28个')]
    """
    columns, first = _columns(table.cells)
    return list(_entries(table, columns, first, year)) if columns else []


# ---- the header ---------------------------------------------------------------------------------


def _columns(cells: Sequence[Sequence[str]]) -> tuple[list[_Column], int]:
    """The columns of a table, and the row that its data starts in."""
    for first, row in enumerate(cells[:_TOP], start=1):
        headers = [_plain(cell) for cell in row]
        if _is_header(headers):
            below = [_plain(cell) for cell in cells[first]] if first < len(cells) else []
            if _goes_on(headers, below):
                return _named(_two_rows(headers, below)), first + 1
            return _named(headers), first
    return [], 0


def _named(headers: Sequence[str]) -> list[_Column]:
    """Columns by their headers; that of one of several results says what is measured."""
    kinds = _with_item([_kind(header) for header in headers])
    units = [match[1] if (match := _UNIT.search(header)) else "" for header in headers]
    parts = [bool(_MEASURES.search(_UNIT.sub("", header))) for header in headers]
    several = kinds.count("result") > 1
    return [
        _Column(kind, header, unit, kind == "result" and several and part)
        for kind, header, unit, part in zip(kinds, headers, units, parts, strict=True)
    ]


def _plain(cell: str) -> str:
    return re.sub(r"\s", "", cell)


def _is_header(headers: Sequence[str]) -> bool:
    kinds = [_kind(h) for h in headers]
    short = all(len(h) <= 24 for h in headers)
    return short and "item" in _with_item(kinds) and any(k in _VALUES for k in kinds)


def _kind(header: str) -> str:
    header = _UNIT.sub("", header)
    return next((k for k, p in _KINDS.items() if header and re.search(p, header)), "")


def _with_item(kinds: Sequence[str]) -> list[str]:
    """One column names the items: the first that may; other such columns hold figures or words."""
    if "item" not in kinds:
        return list(kinds)
    first = kinds.index("item")
    return [k if k != "item" or n == first else "result" for n, k in enumerate(kinds)]


def _goes_on(headers: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the header has a second row: words under a blank, or under words that span."""
    if not below or any(_BARE.fullmatch(cell) for cell in below):
        return False
    known = sum(bool(_kind(cell)) or cell == "%" for cell in below if cell)
    spans = any(not h or h == headers[n - 1] for n, h in enumerate(headers) if n)
    filled = sum(bool(cell) for cell in below)
    return spans and known >= 2 and known * 2 >= filled and all(len(c) <= 24 for c in below)


def _two_rows(headers: Sequence[str], below: Sequence[str]) -> list[str]:
    result, upper = [], ""
    for own, lower in zip_longest(headers, below, fillvalue=""):
        upper = own or (upper if lower else "")
        result.append(upper if upper == lower else upper + lower)
    return result


# ---- the rows -----------------------------------------------------------------------------------


def _entries(table: Table, columns: list[_Column], first: int, year: int) -> Iterator[Entry]:
    heading, kinds = "", [column.kind for column in columns]
    for index, row in enumerate(table.cells[first:], start=first):
        cells = [cell.strip() for cell in row]
        filled = {cell for cell in cells if cell and not _BARE.fullmatch(cell)}
        if len(filled) == 1 and not any(map(_BARE.fullmatch, cells[kinds.index("item") :])):
            heading = clean(_NUMBERED.sub("", filled.pop()))
            continue
        beside = dict(reversed([*zip(kinds, cells, strict=False)]))
        for number, (column, cell) in enumerate(zip(columns, cells, strict=False)):
            if column.kind in _VALUES and not _NONE.fullmatch(cell):
                place = f"{table.name}!{address(index, number)}".lstrip("!")
                place = place if table.sheet else f"{table.name} 第{index + 1}行"
                for named in _figures(column, cell, beside, year):
                    yield Entry(named, beside.get("sector") or heading, place, column.header)


def _figures(column: _Column, cell: str, beside: Mapping[str, str], year: int) -> Iterable[Named]:
    """The figures of a cell, `beside` others of its row by what they hold."""
    item, role = beside.get("item", ""), "" if column.kind == "result" else column.kind
    name = _item_name(item, year)
    rate = "" if "." in cell else "%"
    unit = column.unit or (rate if column.kind in _RATES else beside.get("unit", ""))
    quantity = parsed(cell + unit if _BARE.fullmatch(cell) else cell)
    if quantity is None:
        return _in_words(item, name, cell, role, year)
    clause = "，".join(filter(None, (item, column.header, cell)))
    found = Item("quantity", -1, -1, quantity.text, quantity=quantity)
    return [Named(found, name + column.header * column.part, role, (item,), clause)]


def _item_name(item: str, year: int) -> str:
    """The name of a row's item, without the amount that it may start with (126条黑臭水体治理)."""
    plain = clean(re.sub(r"^[\d.、（()）\s]+(?=[\u4e00-\u9fff])", "", item)) or item
    found = next((i for i in scan(item, year) if i.kind == "quantity" and i.start == 0), None)
    return clean(item[found.end :]) if found else plain


def _in_words(item: str, name: str, cell: str, role: str, year: int) -> Iterator[Named]:
    """The figures of a sentence in a cell, read as under the heading of the row's item."""
    text = f"{item}：{cell}"
    start = len(item) + 1
    items = list(scan(text, year))
    found = [n for n in name_figures(text, items) if n.item.start >= start and n.label]
    results = [n for n in found if not n.role]
    for named in found:
        own = named.role or role
        label = named.label
        if is_generic(label) or label in name or (len(results) == 1 and not named.role):
            label = name
        yield named._replace(label=label, role="" if own == "result" else own)
