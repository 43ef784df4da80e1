"""Running text, read: every quantity, reference period and numeral that is neither.

:func:`scan` accounts for each digit and Chinese numeral of a text: it belongs to a *quantity*, to a
*period* or to a declared non-quantity (a *trap*: a policy name, an idiom, an ordinal, a document
number ...), each with its offsets.

Which period a figure is about (ours; the sentence decides, then the one before it):

explicit    the latest period named before it in its own sentence; one that the text only compares
            with (比2018年, 较上年) is no period of a figure
inherited   the sentence names none, and the sentence before, in the same paragraph, had one for
            its figures; what is said to hold *each year* inherits nothing
none        neither; a sentence that has neither figures nor a period ends what may be inherited

A line break inside a sentence is not an end: a line that has commas and no full stop at its end
goes on in the next. Other lines (headings) stand for themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from livelihood.quantity.dates import PrintedPeriod, read_period
from livelihood.quantity.numeral import TO_SIMPLIFIED
from livelihood.quantity.parse import Quantity
from livelihood.quantity.text.candidates import Candidate, find_candidates
from livelihood.quantity.vocabulary import alternation, read_table

_WORDS = read_table("traps.toml")["aggregation"]
_AGGREGATIONS = {word: code for code, words in _WORDS.items() for word in words}
_AGGREGATION = re.compile(alternation(_AGGREGATIONS))
_CLAUSE = re.compile(r"[，,；;：:。！？\n]")
_BREAK = re.compile(r"[。！？!?]|\n\s*")
_RATES = ("1", "percentage-point")  # these do not add up
_FLOW = re.compile("[增减升降涨新比]|提高")  # what happened in the period, not as at its end
_COMPARING = re.compile("(?:[比较]|[高低快慢好差优多少大小超]于|超过)$")
_COMPARED = re.compile(r"相?比|同期|不变价|可比价|价格|持平")


@dataclass(frozen=True, slots=True)
class Item:
    """One numeral of a text with the words that belong to it, from `start` to `end`.

    `kind` is ``quantity``, ``period``, ``trap``, or ``unread`` for a figure whose words contradict
    each other. `why` says what kind of trap or why it is unread; of a period, that it is only
    compared with (``comparison``) or is that of the next figure alone (``local``).

    `period` (EDTF), `period_source` (explicit, inherited, none) and `aggregation` (total,
    each_year, average_year, stock, or ``None``) are those of a quantity. A period item has its own
    EDTF in `period`, ``None`` where the text names no year for it.
    """

    kind: str
    start: int
    end: int
    text: str
    why: str = ""
    quantity: Quantity | None = None
    period: str | None = None
    period_source: str | None = None
    aggregation: str | None = None


class _Page(NamedTuple):
    """A text and where its sentences, paragraphs, clauses and aggregation words are."""

    text: str
    plain: str
    ends: list[int]
    paragraphs: set[int]  # those of the ends that are also ends of a paragraph
    clauses: list[int]
    words: list[int]
    codes: list[str]

    def aggregation(self, start: int, previous: Item | None) -> str | None:
        """What the figure at `start` sums up, by the last word before it in its sentence.

        累计 holds for the figures of its clause, or of the next if it has none, and what is part of
        such a figure (其中); 年均 and 截至 hold to the end of the sentence.
        """
        word = bisect_right(self.words, start) - 1
        sentence = bisect_right(self.ends, start) - 1
        clause = bisect_right(self.clauses, start) - 1
        opened = self.clauses[clause] + 1 if clause >= 0 else 0
        if word >= 0 and (sentence < 0 or self.words[word] >= self.ends[sentence]):
            at, code = self.words[word], self.codes[word]
            if at >= opened or previous is None or previous.start < at or code != "total":
                flow = _FLOW.search(self.plain, max(opened, start - 30), start)
                return None if code == "other" or (code == "stock" and flow) else code
        if previous is not None and self.plain.startswith("其中", opened):
            return previous.aggregation
        return None


def _page(text: str) -> _Page:
    plain = text.translate(TO_SIMPLIFIED)
    ends, paragraphs = _breaks(plain)
    clauses = [match.start() for match in _CLAUSE.finditer(plain)]
    found = list(_AGGREGATION.finditer(plain))
    codes = [_AGGREGATIONS[match[0]] for match in found]
    return _Page(text, plain, ends, paragraphs, clauses, [match.start() for match in found], codes)


def _breaks(text: str) -> tuple[list[int], set[int]]:
    """Where sentences end, and which of these ends are also ends of a paragraph."""
    ends, paragraphs, line = [], set(), 0
    for match in _BREAK.finditer(text):
        if match[0][0] != "\n":
            ends.append(match.end())
            continue
        printed = text[line : match.start()].rstrip("”’）) \u3000")
        if printed[-1:] in "。！？!?：:" or not re.search("[，、；,;]", printed):
            ends.append(match.end())
            paragraphs.add(match.end())
        line = match.end()
    return ends, paragraphs


class _Context(NamedTuple):
    """What has been read so far: of the sentence, and of the text before it."""

    year: int | None  # the latest that was named
    chain: str | None = None  # the period that the sentence before hands on
    current: str | None = None  # the latest period of this sentence
    local: str | None = None  # the period of the next figure alone (2013年的33项)
    previous: Item | None = None  # the figure before

    def next_sentence(self, adjacent: bool) -> _Context:
        chain = self.current or (self.chain if self.previous else None)
        return _Context(self.year, chain if adjacent else None)


def _read_period(page: _Page, found: Candidate, context: _Context) -> tuple[Item, _Context]:
    printed = page.text[found.start : found.end]
    period, why = _dated(page.plain, found, context.year)
    item = Item("period", found.start, found.end, printed, why, period=period.edtf)
    context = context._replace(year=period.year or context.year)
    if why == "local":
        context = context._replace(local=period.edtf)
    elif not why and (period.edtf or not printed.endswith("日")):
        context = context._replace(current=period.edtf, chain=None)
    return item, context


def _dated(plain: str, found: Candidate, year: int | None) -> tuple[PrintedPeriod, str]:
    """The period, its words beside it, and why it is not that of the figures that follow."""
    start, end = found.start, found.end
    edtf, own = read_period(plain[start:end], year)
    compared = _COMPARING.search(plain, max(0, start - 2), start) or _COMPARED.match(plain, end)
    if compared or "同期" in plain[start:end]:
        return PrintedPeriod(edtf), "comparison"
    if plain.startswith("的", end):
        return PrintedPeriod(edtf), "local"
    if plain[start - 1 : start] in ("自", "从") and edtf and "/" not in edtf:
        edtf += "/.."
    return PrintedPeriod(edtf, own), ""


def _read_quantity(
    page: _Page, found: Candidate, quantity: Quantity, context: _Context
) -> tuple[Item, _Context]:
    start, end, why = found.start, found.end, found.why
    printed = page.text[start:end]
    aggregation = page.aggregation(start, context.previous)
    if aggregation == "total" and quantity.unit in _RATES:
        aggregation = None
    explicit = (None if printed.endswith("倍") else context.local) or context.current
    inherited = None if aggregation in ("each_year", "average_year") else context.chain
    source = "explicit" if explicit else "inherited" if inherited else "none"
    if printed != quantity.text:  # in Traditional characters
        quantity = replace(quantity, text=printed)
    period = explicit or inherited
    item = Item("quantity", start, end, printed, why, quantity, period, source, aggregation)
    return item, context._replace(local=None, previous=item)


def scan(text: str, year: int | None = None) -> Iterator[Item]:
    """Every quantity, period and other numeral of `text`, in order, each with its offsets.

    `year` is the year that the text is about, if known: 全年 and 1—8月 are read as of it until the
    text names another.

    >>> for item in scan("2019年为7836名老年人发放津贴323.78万元，落实“两免一补”。"):
    ...     print(item.kind, item.text, item.period, item.period_source)
    period 2019年 2019 None
    quantity 7836名 2019 explicit
    quantity 323.78万元 2019 explicit
    trap “两免一补” None None
    """
    page, context, sentence = _page(text), _Context(year), 0
    for found in find_candidates(page.plain):
        now = bisect_right(page.ends, found.start)
        if now != sentence:
            adjacent = now == sentence + 1 and page.ends[sentence] not in page.paragraphs
            context, sentence = context.next_sentence(adjacent), now
        if found.kind == "period":
            item, context = _read_period(page, found, context)
        elif found.quantity is not None:
            item, context = _read_quantity(page, found, found.quantity, context)
        else:
            words = text[found.start : found.end]
            item = Item(found.kind, found.start, found.end, words, found.why)
        yield item
