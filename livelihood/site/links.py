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
from html import escape, unescape
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


# What is read comes from a sanitiser or our templates: values are quoted, nothing is a comment.
_TAG = re.compile(r'<[A-Za-z][^">]*(?:"[^"]*"[^">]*)+>')  # one with attributes
_ATTRIBUTE = re.compile(r'\s([^\s="]+)="([^"]*)"')
_LINK = re.compile(r'(<a(?=[\s>])[^">]*(?:"[^"]*"[^">]*)*>|</a>)')


def parts(html: str, change: Change = lambda _, value: value) -> list[str | Anchor]:
    """HTML in parts; all but what `change` makes of its attributes is as it was."""
    changed = partial(_changed, change)
    found: list[str | Anchor] = []
    within: list[int] = []  # where links begin that are open
    for part in _LINK.split(_TAG.sub(lambda tag: _ATTRIBUTE.sub(changed, tag[0]), html)):
        if part != "</a>":
            within += [len(found)] if _LINK.match(part) else []
            found.append(part)
        elif within:
            start, *words = found[(place := within.pop()) :]
            found[place:] = [_anchor(str(start), words)]
    return found


def _changed(change: Change, attribute: re.Match[str]) -> str:
    name, value = attribute[1], unescape(attribute[2])
    now = change(name, value)
    return attribute[0] if now == value else "" if now is None else f' {name}="{escape(now)}"'


def _anchor(tag: str, words: Iterable[str | Anchor]) -> Anchor:
    href = next((unescape(a[2]) for a in _ATTRIBUTE.finditer(tag) if a[1] == "href"), "")
    return Anchor(href, tag, str(as_html(words)))
