"""Running text, read: every quantity, reference period and numeral that is neither.

:func:`scan` accounts for each digit and Chinese numeral of a text: it belongs to a *quantity*, to a
*period* or to a declared non-quantity (a *trap*: a policy name, an idiom, an ordinal, a document
number ...), each with its offsets.

Which period a figure is about (ours; the sentence decides, then the one before it):

explicit    the latest period named before it in its own sentence. One that the text only compares
            with (比2018年), or in which something is yet to be done (预计11月底完成), is no
            period of a figure. Up to a day (截至9月底) is the year so far; the whole year beside
            it is that of the next figure alone
inherited   the sentence names none, and the sentence before, in the same paragraph, had one for
            its figures; a sentence that has neither figures nor a period ends that
document    neither has one: that of the text, which is the year so far that it last reports on,
            else the year of its title or last heading, else `year`, else the first that it names
none        nobody says; what is said to hold each year is not dated by others

A line break inside a sentence is not an end: a line that has commas and no full stop at its end
goes on in the next. Other lines (headings) stand for themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from livelihood.quantity.dates import PrintedPeriod, read_period, to_date
from livelihood.quantity.numeral import TO_SIMPLIFIED
from livelihood.quantity.parse import Quantity
from livelihood.quantity.text.candidates import RATES, Candidate, find_candidates
from livelihood.quantity.vocabulary import alternation, read_table

_TABLE, _FLOWS = read_table("traps.toml")["aggregation"], read_table("traps.toml")["flow"]
_AGGREGATIONS = {word: code for code, words in _TABLE.items() for word in words}
_AGGREGATION = re.compile(  # but for 每人每年, a rate of payment
    rf"(?!(?<=[人户亩生名村师月])每年(?!平均)|每年每){alternation(_AGGREGATIONS)}"
)
_OTHERWISE = re.compile(f"[{re.escape(''.join(map(chr, TO_SIMPLIFIED)))}]+")
_CLAUSE = re.compile(r"[，,；;：:。！？\n]")
_BREAK = re.compile(r"[。！？!?]|\n\s*")
_FLOW = re.compile(_FLOWS["changed"])  # what happened in the period, not as at its end
_DONE = re.compile(_FLOWS["done"])
_AS_AT = re.compile("截[至止]到?$")
_EXPECTED = re.compile(
    "(?:预计|计划|力争|确保|将[于在]|争取|拟[于在]?|预期|有望)[^，,。；;：:0-9]{0,6}$"
)
_COMPLETED = re.compile("[^，,。；;：:0-9]{0,8}(?:完成|完工|竣工|建成|投入使用|交付|通车)")
_STARTED = re.compile("(?:开工|启动|动工|开始|成立|挂牌)")
_BEGUN = re.compile(f"{_STARTED.pattern}[^，,。；;0-9\n]{{0,30}}[，,。；;]")
_SO_FAR = re.compile(r"(\d{4})-01/\1-\d\d(?:-\d\d)?")
_ONE_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:/\.\.)?")
_ONE_YEAR = re.compile(r"\d{4}")
_LAST_YEAR = re.compile("[去上]年(?!.*(?:[末底初]|同期))")
_THIS_YEAR = ("今年", "本年")  # so far, where the text is about the year so far
_RELATIVE = (*_THIS_YEAR, "去年", "上年", "上一年", "前年")  # say a year, and do not name it
_COMPARING = re.compile("(?:[比较]|[高低快慢好差优多少大小超]于|超过)$")
_COMPARED = re.compile(r"[相同环]?比|同期|不变价|可比价|价格|持平")


class Item(NamedTuple):
    """One numeral of a text with the words that belong to it, from `start` to `end`.

    `kind` is ``quantity``, ``period``, ``trap``, or ``unread`` for a figure whose words contradict
    each other. `why` says what kind of trap or why it is unread; of a period, that it is only
    compared with (``comparison``) or is that of the next figure alone (``local``).

    `period` (EDTF), `period_source` (explicit, inherited, document, none) and `aggregation`
    (total, each_year, average_year, stock, or ``None``) are those of a quantity. A period item has
    its own EDTF in `period`, ``None`` where the text names no year for it. `text` is what stands
    there; ``quantity.text`` is the figure as a cell has it: mended, with its change and its unit.

    A quantity's `why` is ``reference`` where it counts what was named before (这5项), and ``unit``
    where print has lost its unit (965/月). A trap that is a ``size`` has its `quantity`, too.
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
    mended: bool = False  # print had broken its number


class _Page(NamedTuple):
    """A text and where its sentences, paragraphs, clauses and aggregation words are."""

    text: str
    plain: str
    ends: list[int]
    paragraphs: set[int]  # those of the ends that are also ends of a paragraph
    clauses: list[int]
    words: list[tuple[int, str]]  # each with its code
    looks_back: bool  # 去年 is the year that it is about: it was written in the next one

    def aggregation(self, start: int, previous: Item | None, rate: bool) -> str | None:
        """What the figure at `start` sums up, by the last word before it in its sentence.

        累计 holds for the figures of its clause, or of the next if it has none, and what is part of
        such a figure (其中); 年均 and 截至 hold to the end of the sentence. What was done up to now
        (截至9月底已完成) is a total.
        """
        clauses, words = bisect_right(self.clauses, start), bisect_right(self.words, (start, ""))
        opened = self.clauses[clauses - 1] + 1 if clauses else 0
        at, code = self.words[words - 1] if words else (-1, "")
        part = previous is not None and self.plain.startswith("其中", opened)
        whole = previous.aggregation if previous and part and not rate else None
        sentences = bisect_right(self.ends, start)
        if at < (self.ends[sentences - 1] if sentences else 0):
            return whole
        if at < opened and (part or (code == "total" and previous and previous.start > at)):
            return whole
        if at < opened and code == "average_year" and "；" in self.plain[at:start]:
            return None
        return self._summed(at, code, max(opened, start - 30), start, rate)

    def _summed(self, at: int, code: str, opened: int, start: int, rate: bool) -> str | None:
        """What the word at `at` says of the figure at `start`, whose clause opens at `opened`."""
        up_to_now = code == "stock" and self.plain.startswith(("截", "目前"), at)
        if up_to_now and (rate or _DONE.search(self.plain, opened, start)):
            code = "total"
        if code == "other" or (code == "stock" and _FLOW.search(self.plain, opened, start)):
            return None
        return None if rate and code == "total" else code


def _page(text: str) -> _Page:
    plain = _OTHERWISE.sub(lambda match: match[0].translate(TO_SIMPLIFIED), text)
    ends, paragraphs = _breaks(plain)
    clauses = [match.start() for match in _CLAUSE.finditer(plain)]
    words = [(match.start(), _AGGREGATIONS[match[0]]) for match in _AGGREGATION.finditer(plain)]
    looks_back = not any(word in plain for word in _THIS_YEAR)
    return _Page(text, plain, ends, paragraphs, clauses, words, looks_back)


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
    document: str | None = None  # the period of the whole text
    chain: str | None = None  # the period that the sentence before hands on
    current: str | None = None  # the latest period of this sentence
    local: str | None = None  # the period of the next figure alone (2013年的33项)
    previous: Item | None = None  # the figure before

    def next_sentence(self, adjacent: bool) -> _Context:
        chain = self.current or (self.chain if self.previous else None)
        return _Context(self.year, self.document, chain if adjacent else None)


def _read_period(page: _Page, found: Candidate, context: _Context) -> tuple[Item, _Context]:
    printed = page.text[found.start : found.end]
    words = page.plain[found.start : found.end]
    looks_back = page.looks_back and bool(_LAST_YEAR.match(words))
    year = context.year + 1 if context.year and looks_back else context.year
    period, why = _dated(page.plain, found, year)
    edtf = period.edtf
    if edtf and words in _THIS_YEAR and (context.document or "").startswith(f"{edtf}-01/"):
        edtf = context.document
    if not why and edtf and (context.current or "").startswith(f"{edtf}-01/"):
        why = "local"  # 截至9月底，全年3万人的任务已完成2万人
    item = Item("period", found.start, found.end, printed, why, period=edtf, mended=found.mended)
    if not page.plain.startswith(_RELATIVE, found.start):
        context = context._replace(year=period.year or context.year)
    if why == "local" or (not why and edtf and _ONE_DAY.fullmatch(edtf)):
        context = context._replace(local=edtf)  # 9月1日开学的学校: no period of what follows
    elif not why and (edtf or not printed.endswith("日")):
        context = context._replace(current=edtf, chain=None, local=None)
        if edtf and _is_of_text(page.plain, found, edtf, context.document):
            context = context._replace(document=edtf)
    return item, context


def _is_of_text(plain: str, found: Candidate, edtf: str, known: str | None) -> bool:
    """Whether it is the period of the whole text: the year so far, a heading's, or the first."""
    if known is None or not _ONE_YEAR.fullmatch(edtf):
        return bool(_ONE_YEAR.fullmatch(edtf) or _SO_FAR.fullmatch(edtf))
    opened = plain.rfind("\n", max(0, found.start - 30), found.start)
    closed = plain.find("\n", found.end, found.end + 30)
    short = closed >= 0 and (opened >= 0 or found.start <= 30)
    return short and not re.search("[，,。；;]", plain[opened + 1 : closed])


def _dated(plain: str, found: Candidate, year: int | None) -> tuple[PrintedPeriod, str]:
    """The period, its words beside it, and why it is not that of the figures that follow."""
    start, end = found.start, found.end
    edtf, own = read_period(plain[start:end], year)
    compared = _COMPARING.search(plain, max(0, start - 2), start) or _COMPARED.match(plain, end)
    if compared or "同期" in plain[start:end]:
        return PrintedPeriod(edtf), "comparison"
    if plain.startswith("的", end):
        return PrintedPeriod(edtf), "local"
    if plain.startswith(("电", "讯"), end):
        return PrintedPeriod(edtf), "dateline"
    before = _EXPECTED.search(plain, max(0, start - 10), start)
    if before or (plain[end - 1] == "前" and _COMPLETED.match(plain, end)):
        return PrintedPeriod(edtf), "expected"
    if plain[start - 1 : start] in ("自", "从") and edtf and "/" not in edtf:
        edtf += "/.."
        if _STARTED.match(plain, end):
            return PrintedPeriod(edtf), "start"
    past = edtf and year and _ONE_YEAR.fullmatch(edtf) and int(edtf) < year
    if past and _BEGUN.match(plain, end):
        return PrintedPeriod(f"{edtf}/{year}"), ""  # 2004年启动工程，共建成100处
    if edtf and _AS_AT.search(plain, max(0, start - 3), start):
        edtf = to_date(edtf.rpartition("/")[2])
    return PrintedPeriod(edtf, own), ""


def _read_quantity(
    page: _Page, found: Candidate, quantity: Quantity, context: _Context
) -> tuple[Item, _Context]:
    start, end, why = found.start, found.end, found.why
    printed = page.text[start:end]
    aggregation = page.aggregation(start, context.previous, quantity.unit in RATES)
    if context.local and aggregation == "stock":  # 截至9月底，全年5万人的任务
        aggregation = None
    period, source = _period_of(printed, aggregation, context)
    words = found.lead + printed + found.shared
    if not found.mended and words != quantity.text:  # in the characters that were printed
        quantity = replace(quantity, text=words)
    item = Item(
        "quantity", start, end, printed, why, quantity, period, source, aggregation, found.mended
    )
    return item, _Context(*context[:4], None, item)


def _period_of(printed: str, aggregation: str | None, context: _Context) -> tuple[str | None, str]:
    """The period of a figure, and who says it."""
    explicit = (None if printed.endswith("倍") else context.local) or context.current
    if explicit:
        return explicit, "explicit"
    if aggregation in ("each_year", "average_year"):
        return None, "none"
    if context.chain:
        return context.chain, "inherited"
    return context.document, "document" if context.document else "none"


def scan(text: str, year: int | None = None, title: str = "") -> Iterator[Item]:
    """Every quantity, period and other numeral of `text`, in order, each with its offsets.

    `year` is the year that the text is about, if known: 全年 and 1—8月 are read as of it until the
    text names another, and it dates what nothing else does. So does a period in the `title`, which
    is for a title that is not in the text: 9月份 there is the year so far.

    >>> for item in scan("2019年为7836名老年人发放津贴323.78万元，落实“两免一补”。"):
    ...     print(item.kind, item.text, item.period, item.period_source)
    period 2019年 2019 None
    quantity 7836名 2019 explicit
    quantity 323.78万元 2019 explicit
    trap “两免一补” None None
    >>> [item.period for item in scan("新增就业2万人。", title="2025年9月份民生工程进展")]
    ['2025-01/2025-09']
    """
    page, sentence = _page(text), 0
    context = _Context(year, title_period(title, year) or (str(year) if year else None))
    for found in find_candidates(page.plain):
        now = bisect_right(page.ends, found.start)
        if now != sentence:
            adjacent = now == sentence + 1 and page.ends[sentence] not in page.paragraphs
            context, sentence = context.next_sentence(adjacent), now
        if found.kind == "period":
            item, context = _read_period(page, found, context)
        elif found.kind == "quantity" and found.quantity is not None:
            item, context = _read_quantity(page, found, found.quantity, context)
        else:
            words = text[found.start : found.end]
            item = Item(found.kind, found.start, found.end, words, found.why, found.quantity)
        yield item


def title_period(title: str, year: int | None) -> str | None:
    """The first period in a title, a month being the year so far."""
    named = (item.period for item in scan(title, year) if item.kind == "period") if title else ()
    return next((to_date(period) for period in named if period), None)
