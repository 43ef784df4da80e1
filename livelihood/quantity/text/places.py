"""Where the figures of a text stand: their sentences, and the words around each.

A sentence ends at a stop or a semicolon, not inside a figure (1。3万) or brackets. A paragraph may
say what it is about in a heading above it, in its numbered or first sentence (（四）教育惠民。), or
before a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from livelihood.quantity.text.phrases import (
    BRACKETS,
    MASK,
    NUMBERING,
    clean,
    heading,
    is_generic,
    names_work,
)
from livelihood.quantity.text.scan import Item

ALSO = re.compile("[、和与及，,]|以及")  # what stands between the figures of a list
_TITLE = 12  # characters that a first line has more of if it is a title
NEAR = 60  # characters beside a figure that may belong to its name
CELL = " \t\u3000|｜"  # what stands between the cells of a line
RATES = ("1", "percentage-point")
_MEASURED = {"CNY", "m", "m2", "m3", "kg", "W", "kWh"}
_DIGITS = "0123456789.%"
_END = re.compile("[。！？；;!?\n]")
_CLAUSE = re.compile("[，,：:（()）]")
_COMMA = re.compile("[，,：:]")
_ENDED = re.compile("[，,：:；;。]")
_CLOSED = re.compile("[^（(]{0,200}[）)]")
_QUOTED_FIRST = re.compile("[^“]{0,8}“[^”]{5,}”(?=.{4})")
_QUOTED = re.compile("“([^”]{5,})”")
_ANNOUNCED = re.compile(f"([^，,。；;：:、{MASK}（(0-9]{{2,24}})[：:]")
_FIRST = re.compile(r"[^。：:\n]{2,24}[。：:]")
_SCOPE = re.compile("(城镇|农村|城市)(?=常住居民|居民)")


class Place(NamedTuple):
    """A figure and the words around it, periods masked: to its neighbours, within its sentence.

    `head` is what the sentence says it is about before its first figure, `announced` what words
    before a colon did, `topic` what the paragraph is about; `scope` is 城镇 or 农村.
    """

    item: Item
    left: str
    right: str
    before: str  # of the sentence
    inside: bool  # in brackets
    clauses: tuple[str, ...]  # the words before it, back to the figure before
    own: str  # the last of them, a work in quotation marks left out
    behind: str  # the words directly behind it, a remark in brackets left out
    head: str = ""
    announced: str = ""
    topic: str = ""
    scope: str = ""

    @property
    def topics(self) -> tuple[str, ...]:
        """The works that it may belong to, the nearest first."""
        return self.head, self.announced, self.topic

    @property
    def unit(self) -> str:
        """The code of its unit."""
        return self.item.quantity.unit if self.item.quantity else ""

    @property
    def change(self) -> str:
        """The word that says that it is a change (增长, 下降), if one does."""
        if self.item.quantity is None or not self.item.quantity.change:
            return ""
        return self.item.quantity.text.partition(self.item.text)[0]

    @property
    def rate(self) -> bool:
        """Whether it is a share or a number of percentage points."""
        return self.unit in RATES

    @property
    def alone(self) -> bool:
        """Whether it is a share in a cell or a line of its own (80% behind what is to be done)."""
        return self.rate and not self.left.strip(CELL) and (self.left != "" or not self.before)

    @property
    def cell(self) -> bool:
        """Whether it is a number without a unit in a line of a table."""
        return not self.unit and self.left[-1:] in CELL and self.left != ""

    @property
    def measured(self) -> bool:
        """Whether it is an amount of something and counts nothing: 元, 公里, 亩."""
        return self.unit in _MEASURED

    @property
    def bracketed(self) -> bool:
        """Whether it stands alone in brackets: (95%)."""
        return self.inside and self.left.endswith(("(", "（"))

    @property
    def clause(self) -> str:
        """The clause that it stands in, for a person to recognise it by."""
        own, behind = _COMMA.split(self.left)[-1], _ENDED.split(self.right, maxsplit=1)[0]
        return (own + self.item.text + behind).replace(MASK, "").strip()


def places(text: str, items: Sequence[Item]) -> Iterator[list[Place]]:
    """The quantities and sizes among `items`, which :func:`scan` found in `text`, by sentences."""
    masked = _masked(text, items)
    figures = [item for item in items if item.kind == "quantity" or item.why == "size"]
    inside = {at for f in figures for at in range(f.start, f.end)}
    index, above = 0, ""
    for start, end in _paragraphs(masked):
        stop = figures[index].start if index < len(figures) else end
        if stop >= end and _is_heading(masked[start:end]):
            name = heading(masked[start:end])
            titled = start < 20 and end - start > _TITLE  # of the text, no heading in it
            above = name if name.strip(_DIGITS) and not titled else ""
            continue
        topic = _topic(masked[start : min(stop, end)]) if stop < end else ""
        scope = announced = ""
        for s, e in _sentences(masked, start, end, inside):
            first = index
            while index < len(figures) and figures[index].start < e:
                index += 1
            own = figures[first:index]
            words = masked[s : own[0].start] if own else masked[s:e]
            scope = m[1] if (m := _SCOPE.search(words)) else scope
            announced = _announced(words) or announced
            about = _head(words), announced, topic or above, scope
            if own:
                yield [_place(masked, own, n, s, e, about) for n in range(len(own))]


def _masked(text: str, items: Iterable[Item]) -> str:
    pieces, at = [], 0
    for item in items:
        if item.kind == "period":
            pieces += [text[at : item.start], MASK * (item.end - item.start)]
            at = item.end
    return "".join([*pieces, text[at:]])


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _sentences(text: str, start: int, end: int, inside: set[int]) -> Iterator[tuple[int, int]]:
    at = start
    for match in _END.finditer(text, start, end):
        here = match.start()
        opened = _is_open(text, max(at, here - 200), here) and _CLOSED.match(text, here)
        if here not in inside and not opened:
            yield at, match.end()
            at = match.end()
    if at < end:
        yield at, end


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether the last bracket before `end` is an opening one."""
    opened = max(text.rfind("(", start, end), text.rfind("（", start, end))
    return opened > max(text.rfind(")", start, end), text.rfind("）", start, end))


def _place(
    masked: str, own: Sequence[Item], n: int, start: int, end: int, about: tuple[str, ...]
) -> Place:
    def until(index: int) -> int:
        return own[index].start if index < len(own) else end

    item = own[n]
    left = masked[max(own[n - 1].end if n else start, item.start - 4 * NEAR) : item.start]
    right = masked[item.end : min(until(n + 1), item.end + NEAR)]
    if right in ("(", "（") and masked[own[n + 1].end : own[n + 1].end + 1] in (")", "）"):
        right = masked[own[n + 1].end + 1 : until(n + 2)][:NEAR]  # 46个(20户以上)自然村
    elif right in ("", "、") and n + 1 < len(own):
        right = masked[own[n + 1].end : until(n + 2)][:NEAR]  # 10件、27项为民办实事项目
    before = masked[max(start, item.start - 4 * NEAR) : item.start]
    clauses = _CLAUSE.split(BRACKETS.sub("", left))
    return Place(
        item,
        left,
        right,
        before,
        _is_open(before, 0, len(before)),
        tuple(clauses),
        _own(clauses[-1].rstrip()),
        right.lstrip(" \u3000"),
        *about,
    )


def _own(words: str) -> str:
    quoted = _QUOTED_FIRST.match(words) if "“" in words else None
    return words[quoted.end() :] if quoted else words


def rates_in_a_list(places: list[Place]) -> dict[int, list[int]]:
    """The rates that one list gives (分别增长5%和7%), by each of them."""
    found: dict[int, list[int]] = {}
    for n, place in enumerate(places[1:], start=1):
        if place.rate and places[n - 1].rate and ALSO.fullmatch(place.left):
            run = [*found.get(n - 1, [n - 1]), n]
            found |= dict.fromkeys(run, run)
    return found


# ---- what a sentence or a paragraph is about ----------------------------------------------------


def _is_heading(line: str) -> bool:
    line = line.strip()
    dated = line.startswith(("（", "(")) and not NUMBERING.match(line)  # (11月6日 县民生办)
    return len(line) <= 24 and not dated and not re.search("[。，；,;]", line)


def _topic(words: str) -> str:
    """The numbered or first sentence of a paragraph, if it is short and has no figure."""
    numbered = NUMBERING.match(words)
    first = _FIRST.match(words, numbered.end() if numbered else 0)
    if first is None or re.search(f"[，,{MASK}]", first[0]):
        return ""
    name = heading(first[0][:-1])
    return "" if is_generic(name) else name


def _announced(words: str) -> str:
    """The work that a colon announces."""
    found = [clean(match[1]) for match in _ANNOUNCED.finditer(words) if names_work(match[1])]
    return found[-1] if found and not is_generic(found[-1]) else ""


def _head(words: str) -> str:
    """The work that a sentence starts with, in quotation marks or before its first comma."""
    if quoted := _QUOTED.search(words):
        return heading(quoted[1])
    words = words.lstrip(f"{MASK}，, ")
    comma = _COMMA.search(words)
    name = heading(words[: comma.start()]) if comma and names_work(words) else ""
    return name if 2 < len(name) <= 20 and not is_generic(name) else ""
