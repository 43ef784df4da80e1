"""The ids and links of a body's HTML, which is read for them in this place alone.

What a body says is in parts: text as it is, and links whose end may be missing. Those that lead
within the body are settled when it is made; those to other years are settled by its frame, and
those to all other pages by the file that has every page in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from markupsafe import Markup

Change = Callable[[str, str], str | None]  # an attribute's name and value; what it is, if it stays


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: where it leads, its tag as it is written, and the HTML that it is around."""

    href: str
    tag: str
    words: str


Parts = tuple[str | Anchor, ...]


def as_html(parts: Iterable[str | Anchor], leads: Callable[[str], bool] = bool) -> Markup:
    """Parts as HTML; a link that leads nowhere is its words.

    >>> as_html(["See ", Anchor("#a", '<a href="#a">', "A")], leads={"#b"}.__contains__)
    Markup('See A')
    """
    return Markup(
        "".join(
            p if isinstance(p, str) else f"{p.tag}{p.words}</a>" if leads(p.href) else p.words
            for p in parts
        )
    )


def settled(html: str) -> Parts:
    """A body's parts: its ids unique, its own links leading somewhere, those to years left open.

    Where a page shows the same row twice, the first keeps the name that links lead to.

    >>> [said, link] = settled('<p id="a"/><p id="a"/><a href="#b">b</a> <a href="../../1/x">c</a>')
    >>> said, link.href
    ('<p id="a"/><p/>b ', '../../1/x')
    """
    ids = {"main"}  # the frame's own
    found = parts(html, partial(_once, ids))

    def leads(href: str) -> bool:
        return not href.startswith("#") or href[1:] in ids

    runs = groupby(found, _is_open)
    return tuple(p for left, run in runs for p in (run if left else [str(as_html(run, leads))]))


def _once(ids: set[str], name: str, value: str) -> str | None:
    if name == "id" and value in ids:
        return None
    if name == "id":
        ids.add(value)
    return value


def _is_open(part: str | Anchor) -> bool:
    return isinstance(part, Anchor) and bool(re.match(r"\.\./\.\./\d+/", part.href))


def parts(html: str, change: Change = lambda _, value: value) -> list[str | Anchor]:
    """HTML in parts; all but what `change` makes of its attributes is as it was."""
    reader = _Reader(change)
    reader.feed(html)
    reader.close()
    return reader.parts


class _Reader(HTMLParser):
    def __init__(self, change: Change) -> None:
        super().__init__(convert_charrefs=False)
        self.change, self.parts = change, list[str | Anchor]()
        self.names: dict[str, str] = {}  # of elements as they are written: clipPath
        self.within: list[tuple[str, str, int]] = []  # the link that is open: href, tag, place

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with its attributes."""
        raw = self.get_starttag_text() or ""
        self.names[tag] = raw[1 : 1 + len(tag)]
        was = [(name, value or "") for name, value in attrs]
        own = [(name, self.change(name, value)) for name, value in was]
        if own != was:
            words = "".join(f' {n}="{escape(value)}"' for n, value in own if value is not None)
            raw = f"<{self.names[tag]}{words}{'/>' if raw.endswith('/>') else '>'}"
        if tag == "a":
            self.within.append((dict(own).get("href") or "", raw, len(self.parts)))
        else:
            self.parts.append(raw)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        if tag != "a":
            self.parts.append(f"</{self.names.get(tag, tag)}>")
        elif self.within:
            href, raw, place = self.within.pop()
            words = str(as_html(self.parts[place:]))
            self.parts[place:] = [Anchor(href, raw, words)]

    def handle_data(self, data: str) -> None:
        """Text."""
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        """A character by its name."""
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """A character by its number."""
        self.parts.append(f"&#{name};")
