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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import NamedTuple

from livelihood.dating import PATTERN, Period, read_period
from livelihood.grammar import (
    AFTER, BARE, BEFORE, MULTIPLIER, NOT_BEFORE, NUMBER, Refused, SPACE, UNITS, WITHIN, alternation,
    figure_pattern, table,
)  # fmt: skip
from livelihood.numeral import SIMPLER
from livelihood.quantity import Quantity, QuantityError, parse_quantity, read_match

_TRAPS = table("traps.toml")
_WEAK = frozenset(_TRAPS["weak"]["units"])
_HAN = "零〇一二两三四五六七八九十百千万亿"


@dataclass(frozen=True, slots=True)
class Item:
    """One numeral of a text with the words that belong to it, from `start` to `end`.

    `kind` is ``quantity``, ``period`` or ``trap``; `why` says what kind of trap; of a period, that
    it is only compared with (``comparison``) or that of the next figure alone (``local``). `period` (EDTF), `period_source` (explicit, inherited, none) and `aggregation`
    (total, each_year, average_year, stock, or ``None``) are those of a quantity; a period item has
    its own EDTF in `period`, ``None`` where the text names no year for it.
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


# ---- the pattern of one item --------------------------------------------------------------------


@cache
def _pattern() -> re.Pattern[str]:
    """One pattern for every item, tried where one can start: what comes first here wins."""
    unit = alternation(UNITS, NOT_BEFORE)
    word = f"{unit}|{MULTIPLIER}|{alternation(WITHIN)}|{alternation(AFTER)}"
    parts = {"N": NUMBER, "H": f"[{_HAN}]{{1,6}}", "C": _HAN, "U": unit, "W": word}
    traps = [
        f"(?P<{why}>{'|'.join(_filled(p, parts) for p in _TRAPS['patterns'].get(why, []))}"
        + (f"|{alternation(_TRAPS['words'][why])}" if why in _TRAPS["words"] else "") + ")"
        for why in _TRAPS["labels"] if why != "numeral"
    ]  # fmt: skip
    year = (rf"(?<![0-9.—–/+-])(?:19[5-9]|20[0-4])[0-9]"
            rf"(?!{SPACE}(?:{word}|[0-9.,%‰:/+A-Za-z~至到—-]))(?=[\u4e00-\u9fff）)])")  # fmt: skip
    return re.compile(
        f"(?=[{_starts()}])(?:(?P<period>{PATTERN}|{year})|{'|'.join(traps)}"
        f"|{figure_pattern(running=True)}|(?P<numeral>[0-9]+(?:[.,][0-9]+)*|[{_HAN}]+))"
    )


def _filled(pattern: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    return pattern


def _starts() -> str:
    """Every character that an item can start with, so that the others are passed over at once."""
    words = [*BEFORE, *BARE, *(w for group in _TRAPS["words"].values() for w in group)]
    chars = set("0123456789-−负几数好半翻第前每过最这去上今本当全年下晚早中凌星周（([〔【“\"‘" + _HAN)
    chars |= {word[0] for word in words} | set(map(chr, range(65, 91))) | set(map(chr, range(97, 123)))
    return re.escape("".join(sorted(chars)))


# ---- which figures of running text are quantities -----------------------------------------------

@cache
def _listed() -> re.Pattern[str]:
    unit = alternation(UNITS, NOT_BEFORE)
    return re.compile(rf"(?:[、和与及]{NUMBER}){{1,8}}(?P<words>(?:{MULTIPLIER})?(?:{unit}))")


_ABSTRACT = re.compile(f"(?:{'|'.join(_TRAPS['weak']['abstract'])})")
_BUILT = frozenset(_TRAPS["weak"]["built"])
_VERB_BEFORE = re.compile(f"(?:{'|'.join(_TRAPS['weak']['verbs'])})$")
_IMPLIED = re.compile(
    r"[^，。；、,;：:\n0-9]{0,6}?(?:(?P<household>%s)|(?P<person>%s))"
    % ("|".join(_TRAPS["implied"]["household"]), "|".join(_TRAPS["implied"]["person"]))
)
_IMPLIED_BEFORE = re.compile(
    "(?:%s)[约达为共超近]{0,2}$"
    % "|".join(f"(?P<{dimension}>{'|'.join(nouns)})" for dimension, nouns in _TRAPS["implied_before"].items())
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")  # 健康中国2030
_PAUSE = re.compile(r"[，。；、,;！？（(）)\n]|\Z")


def _implied(text: str, match: re.Match[str]) -> str | None:
    """The dimension of a number without a unit, by the noun that follows it (3.3万农村老人)."""
    if match["unit"] or match["split"] or not (match["single"] or match["few"] or match["start"]):
        return None
    noun = _IMPLIED.match(text, match.end())
    if noun is None and match["first"]:
        noun = _IMPLIED_BEFORE.search(text, max(0, match.start() - 6), match.start())
    return noun.lastgroup if noun else None


def _shared_words(text: str, match: re.Match[str]) -> str:
    """The unit of a number that shares it with the next: the 0.01 of 0.01、0.85个百分点."""
    if match["unit"] or match["first"] or not match["single"] or not match["single"][0].isascii():
        return ""
    listed = _listed().match(text, match.end())
    return listed["words"] if listed else ""


def _has_words(match: re.Match[str]) -> bool:
    """Whether a word around the number says that it counts: 近, 余, 以上, a multiplier."""
    return any(match[g] for g in ("before", "vague", "late", "infix", "trailing", "after"))


def _is_quantity(text: str, match: re.Match[str], implied: str | None) -> bool:
    unit = match["unit"] or match["split"]
    if match["denominator"] or match["times"] or match["over"] or match["tenths"]:
        return True
    if match["half"]:
        return bool(unit or match["before"]) or match["half"] != "半"
    if match["number"][0] in "0123456789":
        return bool(unit or implied or match["first"] or _has_words(match)) or _stands_alone(text, match)
    if not unit:
        return bool(implied) and _has_words(match)
    return _counts_in_words(text, match, unit)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """A number without a unit is a figure where a word ends before it and a clause behind it."""
    before = text[match.start() - 1 : match.start()]
    number = match["number"]
    return (
        "\u4e00" <= before <= "\u9fff"
        and len(number) > 1
        and not _YEAR.fullmatch(number)
        and bool(_PAUSE.match(text, match.end()))
    )


def _counts_in_words(text: str, match: re.Match[str], unit: str) -> bool:
    """Whether a Chinese numeral with a unit counts something: 十八项 does, 三级 and 一种 do not."""
    number = match["number"]
    bare = number[0] in "百千万亿" and not (match["vague"] or match["late"] or match["before"])
    if bare or number[0] in "零〇":
        return False
    if _has_words(match) or match["few"] or match["tens"]:
        return True
    if len(number) == 1 and (unit in _WEAK or _ABSTRACT.match(text, match.end())):
        return False
    if number == "一":
        built = unit in _BUILT and _VERB_BEFORE.search(text, match.start() - 3, match.start())
        return unit in ("倍", "成") or bool(built or _PAUSE.match(text, match.end()))
    return True


# ---- from the text to its items -----------------------------------------------------------------


class _Found(NamedTuple):
    """A numeral with its words, before the sentence around it has been read."""

    kind: str
    start: int
    end: int
    why: str = ""
    quantity: Quantity | None = None


def _found(plain: str) -> Iterator[_Found]:
    search, at = _pattern().search, 0
    while match := search(plain, at):
        start, at = match.span()
        kind = match.lastgroup
        if kind == "period":
            yield _Found("period", start, at)
        elif kind in _TRAPS["labels"]:
            yield _Found("trap", start, at, kind)
        else:
            implied, shared = _implied(plain, match), _shared_words(plain, match)
            if shared or _is_quantity(plain, match, implied):
                yield _figure(match, implied, shared)
                continue
            start, at = match.span("number")
            if match["number"] != "半":  # half of a word: 半径, 半导体
                yield _Found("trap", start, at, "numeral")


def _figure(match: re.Match[str], implied: str | None, shared: str) -> _Found:
    start, end = match.span()
    try:
        if shared:
            quantity = replace(parse_quantity(match[0] + shared), text=match[0])
        else:
            quantity = read_match(match, match[0], implied)
    except (Refused, QuantityError) as refused:  # 近百人左右: printed as a figure, and unreadable
        kind = "trap" if refused.code == "numeral" else "unread"
        return _Found(kind, start, end, refused.code)
    return _Found("quantity", start, end, "", quantity)


# ---- what the sentence says of its figures ------------------------------------------------------

_AGGREGATIONS = {word: code for code, words in _TRAPS["aggregation"].items() for word in words}
_AGGREGATION = re.compile(alternation(_AGGREGATIONS))
_CLAUSE = re.compile(r"[，,；;：:。！？\n]")
_BREAK = re.compile(r"[。！？!?]|\n\s*")
_RATES = ("1", "percentage-point")  # these do not add up
_FLOW = re.compile("[增减升降涨新比]|提高")  # what happened in the period, not as at its end
_COMPARING = re.compile("(?:[比较]|[高低快慢好差优多少大小超]于|超过)$")
_COMPARED = re.compile(r"相?比|同期|不变价|可比价|价格|持平")


def _breaks(text: str) -> tuple[list[int], set[int]]:
    """Where sentences end, and which of these ends are also ends of a paragraph."""
    ends, paragraphs, line = [], set(), 0
    for match in _BREAK.finditer(text):
        if match[0][0] != "\n":
            ends.append(match.end())
            continue
        printed = text[line : match.start()].rstrip("”’）) \u3000")
        if printed[-1:] in "。！？!?：:" or not re.search("[，、；]", printed):
            ends.append(match.end())
            paragraphs.add(match.end())
        line = match.end()
    return ends, paragraphs


def _aggregation_reader(text: str, ends: list[int]) -> Callable[[int, Item | None], str | None]:
    """A function that gives the aggregation of a figure, by its start and the figure before it."""
    words = [(m.start(), _AGGREGATIONS[m[0]]) for m in _AGGREGATION.finditer(text)]
    starts = [word[0] for word in words]
    clauses = [m.start() for m in _CLAUSE.finditer(text)]

    def _is_flow(code: str, opened: int, start: int) -> bool:
        return code == "stock" and bool(_FLOW.search(text, opened + 1, start))

    def read(start: int, previous: Item | None) -> str | None:
        at = bisect_right(starts, start) - 1
        clause, sentence = (bisect_right(marks, start) - 1 for marks in (clauses, ends))
        opened = clauses[clause] if clause >= 0 else -1
        if at >= 0 and (sentence < 0 or starts[at] >= ends[sentence]):
            word, code = words[at]
            unused = previous is None or previous.start < word
            if word > opened or unused or code != "total":
                return None if code == "other" or _is_flow(code, opened, start) else code
        return previous.aggregation if previous and text.startswith("其中", opened + 1) else None

    return read


def _dated(plain: str, found: _Found, year: int | None) -> tuple[Period, str]:
    """The period beside the latest year, and ``comparison`` where no figure is about it."""
    printed = plain[found.start : found.end]
    edtf, own = read_period(printed, year)
    before = plain[found.start - 1 : found.start]
    if (
        _COMPARING.search(plain, max(0, found.start - 2), found.start)
        or _COMPARED.match(plain, found.end)
        or "同期" in printed
    ):
        return Period(edtf), "comparison"
    if plain.startswith("的", found.end):
        return Period(edtf), "local"
    if before in ("自", "从") and edtf and "/" not in edtf:
        edtf += "/.."
    return Period(edtf, own), ""


def _sentence(
    text: str, plain: str, found: Iterable[_Found], chain: str | None, year: int | None,
    aggregated: Callable[[int, Item | None], str | None],
) -> tuple[list[Item], str | None, int | None]:  # fmt: skip
    """The items of one sentence, dated; the period that the next may inherit; the latest year."""
    items, current, local, previous = [], None, None, None
    for one in found:
        kind, start, end, why, quantity = one
        printed, period, source, code = text[start:end], None, None, None
        if kind == "period":
            (period, own), why = _dated(plain, one, year)
            year = own or year
            if why == "local":
                local = period
            elif not why and (period or not printed.endswith("日")):
                current, chain = period, None
        elif quantity:
            code = aggregated(start, previous)
            code = None if code == "total" and quantity.unit in _RATES else code
            inherited = None if code in ("each_year", "average_year") else chain
            own, local = None if printed.endswith("倍") else local, None
            period = own or current or inherited
            source = "explicit" if own or current else "inherited" if inherited else "none"
            if printed != quantity.text:
                quantity = replace(quantity, text=printed)
        item = Item(kind, start, end, printed, why, quantity, period, source, code)
        previous = item if quantity else previous
        items.append(item)
    return items, current or (chain if previous else None), year


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
    plain = text.translate(SIMPLER)
    ends, paragraphs = _breaks(plain)
    aggregated = _aggregation_reader(plain, ends)
    chain, last = None, 0
    for index, found in groupby(_found(plain), lambda one: bisect_right(ends, one.start)):
        if index > last + 1 or not paragraphs.isdisjoint(ends[last:index]):
            chain = None
        items, chain, year = _sentence(text, plain, found, chain, year, aggregated)
        yield from items
        last = index
