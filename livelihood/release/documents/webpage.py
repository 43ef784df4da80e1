"""A saved web page -> its main text, its tables of data, and what it says of itself.

The main text is the deepest element that holds nearly all of the page's sentences: menus, lists of
links and footers have none. Blocks that are mostly links are left out of it, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree, html
from lxml.html import HtmlElement

MAIN = 0.8  # of the sentences of a page, that its main text holds
SHORTEST = 30  # characters of sentences that a page must have
MOST_CELLS = 100_000
_ASIDE = (
    "script style noscript template nav footer aside form iframe select button svg object textarea "
    "head"
)
_BLOCKS = (
    "p div br tr li h1 h2 h3 h4 h5 h6 section article td th dd dt blockquote center caption hr"
)
_LINES = frozenset(_BLOCKS.split())
_INSIDE = ("p", "span", "font", "strong", "b", "table", "tbody", "tr")  # no frame of a text
_META = {
    "title": ("articletitle", "og:title"),
    "publisher": ("contentsource", "source", "author", "publisher"),
    "date": ("pubdate", "publishdate", "article:published_time", "date"),
}


def read_page(text: str) -> tuple[list[str], list[list[list[str]]], dict[str, str]]:
    """The lines and tables of HTML, none if it has no sentence; title, publisher, date as said.

    >>> text = "<p>2020年建成农家书屋30个，公共电子阅览室4个，均已投入使用，群众可以免费借阅。"
    >>> lines, _, about = read_page(f"<ul><li><a href=x>首页</a></ul><div>{text}</div>")
    >>> lines, about["title"]
    (['2020年建成农家书屋30个，公共电子阅览室4个，均已投入使用，群众可以免费借阅。'], '')
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(text.encode("utf-8", "replace") or b" ", parser=parser)
    except (ValueError, etree.ParserError):
        return [], [], {"date": ""}
    about = _about(page)
    etree.strip_elements(page, *_ASIDE.split(), with_tail=False)
    main = _main(page)
    tables = [rows for table in main.iter("table") if (rows := _rows(table))]
    lines = [line.strip() for line in "".join(_pieces(main)).split("\n") if line.strip()]
    enough = sum(map(_said, lines)) >= SHORTEST or tables
    return lines if enough else [], tables, about


def _about(page: HtmlElement) -> dict[str, str]:
    said = {
        (m.get("name") or m.get("property") or "").lower(): (m.get("content") or "").strip()
        for m in page.iter("meta")
    }
    found = {key: next(filter(None, map(said.get, names)), "") for key, names in _META.items()}
    heading = next((_words(h) for h in page.iter("h1")), "")
    title = next((_words(t) for t in page.iter("title")), "")
    return found | {"title": found["title"] or heading or re.split(r"[-_|—–]", title)[0].strip()}


def _words(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


# ---- which part is the text ---------------------------------------------------------------------


def _main(page: HtmlElement) -> HtmlElement:
    weights: dict[HtmlElement, int] = {}
    for element in reversed(list(page.iter())):  # children before their parents
        own = _said(element.text or "") + sum(weights[child] for child in element)
        tails = sum(_said(child.tail or "") for child in element)
        weights[element] = 0 if element.tag == "a" else own + tails
    main, least = page, max(MAIN * weights[page], 1)
    while inner := [e for e in main if weights[e] >= least and e.tag not in _INSIDE]:
        main = inner[0]
    return main


def _said(text: str) -> int:
    """How much of a text is sentences or figures: menus have neither stops nor digits."""
    text = text.strip()
    return len(text) if len(text) > 10 and re.search("[，。；、0-9]", text) else 0


def _pieces(main: HtmlElement) -> Iterator[str]:
    """The text of an element in order, a line break at every block; what is no text left out."""
    left: list[HtmlElement | str] = [main]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif not _has_links(each) and not (each.tag == "table" and _rows(each)):
            end = "\n" if each.tag in _LINES else ""
            inside: list[HtmlElement | str] = [end, _spaced(each.text)]
            for child in each:
                inside += [child, _spaced(child.tail)]
            left += reversed([*inside, end])


def _spaced(text: str | None) -> str:
    return re.sub(r"[\s\xa0\u3000]+", " ", text or "")


def _has_links(element: HtmlElement) -> bool:
    """Whether an element is a menu: most of it are links."""
    if element.tag not in ("ul", "ol", "div", "p", "dl", "table"):
        return False
    links = ["".join(a.itertext()) for a in element.iter("a")]
    return len(links) > 1 and sum(map(len, links)) > 0.6 * len(_words(element))


# ---- tables -------------------------------------------------------------------------------------


def _rows(table: HtmlElement) -> list[list[str]]:
    """The cells of a table of data; none of one that only lays out the page."""
    if sum(1 for _ in table.iter("table")) > 1:
        return []
    rows = [
        [(_words(c), _span(c, "colspan"), _span(c, "rowspan")) for c in row.iter("td", "th")]
        for row in table.iter("tr")
    ]
    return spread(rows) if sum(len(row) > 1 for row in rows) > 1 else []


def _span(cell: HtmlElement, key: str) -> int:
    value = (cell.get(key) or "1").strip()
    return max(1, int(value)) if value.isdecimal() and len(value) < 4 else 1


def spread(rows: Sequence[Sequence[tuple[str, int, int]]]) -> list[list[str]]:
    """Cells (text, columns, rows) that reach over others as so many cells of the same text.

    >>> spread([[("项目", 1, 2), ("目标", 2, 1)], [("单位", 1, 1), ("数量", 1, 1)]])
    [['项目', '目标', '目标'], ['项目', '单位', '数量']]
    """
    grid: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for text, across, down in row:
            while (number, column) in grid:
                column += 1
            reached = range(number, min(number + down, len(rows)))
            if len(grid) + across * len(reached) > MOST_CELLS:
                return []
            grid |= {(r, column + c): text for r in reached for c in range(across)}
            column += across
    width = max((c for _, c in grid), default=-1) + 1
    return [[grid.get((r, c), "") for c in range(width)] for r in range(len(rows))]
