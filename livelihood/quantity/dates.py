"""Reference periods as bulletins write them, read into EDTF strings.

``2012—2019年`` is ``2012/2019``, ``2007年以来`` is ``2007/..``, ``2019年上半年`` is
``2019-01/2019-06``, ``1—8月`` in a text about 2019 is ``2019-01/2019-08``. A period that names no
year takes the latest one named before it (`year`); without one its EDTF is ``None``: read, and not
resolved.

Authority: EDTF, ISO 8601-2:2019, levels 0 and 1; the five-year plans are counted from the first,
1953-1957 (the tenth is 2001-2005). Ours: 近三年 ends with the year of the text and 三年来 too.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from livelihood.quantity.grammar import SPACE, TO
from livelihood.quantity.numeral import DIGITS, TO_PLAIN, read

_Y = (
    "(?:(?:19|20)[0-9]{2}|(?:1 ?9|2 ?0) ?[0-9] ?[0-9](?= ?年)"  # 201 7年: print has broken it
    "|[一二][九〇零][〇零一二三四五六七八九]{2})"
)
_N = "(?:[0-9]{1,2}|十[一二三四五六七八九]?|[一二三四五六七八九](?:十[一二三四五六七八九]?)?)"
_M = "(?:1[0-2]|1 [0-2](?= ?月)|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = (
    "(?:[12][0-9]|3[01]|[123] [0-9](?= ?日)|0?[1-9]"
    "|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_NOW = "今年|本年度?"
_LAST = "去年|上年|上一年|前年|上年度"
_END = "(?:年?(?:末|底|初)|年终)?"

_PARTS = {  # of a year: the first and the last month
    "上半年|前二季度|前两季度": (1, 6),
    "下半年": (7, 12),
    "前三季度|前3季度|一至三季度|1至3季度|1-3季度|1—3季度": (1, 9),
    "一季度|1季度": (1, 3),
    "二季度|2季度": (4, 6),
    "三季度|3季度": (7, 9),
    "四季度|4季度": (10, 12),
}


class PrintedPeriod(NamedTuple):
    """`edtf`, or ``None`` where no year is known; `year` is the last that it names itself."""

    edtf: str | None
    year: int | None = None


def _number(text: str) -> int:
    return read(text.replace(" ", "")).digits


def _year(text: str | None, year: int | None) -> int | None:
    """A year in digits of either kind, or by a word beside `year`, that of the text."""
    if text and text[0] in "12一二":
        return int("".join(str(DIGITS.get(c, c)) for c in text.replace(" ", "")))
    back = 2 if text == "前年" else 1 if text in _LAST.split("|") else 0
    return None if year is None else year - back


def _joined(start: str | None, end: str | None) -> str | None:
    """From the one to the other; from January to December is the year."""
    if start is None or end is None:
        return None
    if (start[4:], end[4:]) == ("-01", "-12") and start[:4] == end[:4]:
        return start[:4]
    return start if start == end else f"{start}/{end}"


def _date(year: int | None, month: str | None = None, day: str | None = None) -> str | None:
    if year is None or not month:
        return None if year is None else f"{year}"
    if day and _number(day) > monthrange(year, _number(month))[1]:  # 2月30日
        return None
    return f"{year}-{_number(month):02}" + (f"-{_number(day):02}" if day else "")


def _days(m: re.Match[str], year: int | None) -> PrintedPeriod:
    first = _year(m[1], year)
    last = _year(m[4], first)
    return PrintedPeriod(_joined(_date(first, m[2], m[3]), _date(last, m[5] or m[2], m[6])), last)


def _months(m: re.Match[str], year: int | None) -> PrintedPeriod:
    last = _year(m[3], _year(m[1], year))
    first = _year(m[1], last)
    return PrintedPeriod(_joined(_date(first, m[2]), _date(last, m[4])), last)


def _pair(m: re.Match[str], year: int | None) -> PrintedPeriod:
    own, months = _year(m[1], year), re.split("[、和]", m[2])
    return PrintedPeriod(_joined(*(_date(own, month) for month in months)), own)


def _years(m: re.Match[str], year: int | None) -> PrintedPeriod:
    first = _year(m[1], year) or 0
    last = first // 100 * 100 + int(m[2]) if len(m[2]) == 2 else (_year(m[2], year) or 0)
    return PrintedPeriod(_joined(_date(first), _date(last)) if first <= last else None, last)


def _day(m: re.Match[str], year: int | None) -> PrintedPeriod:
    """A year, or a month or a day of it."""
    own = _year(m[1], year)
    return PrintedPeriod(_date(own, *m.groups()[1:]), own)


def _part(m: re.Match[str], year: int | None) -> PrintedPeriod:
    own, part = _year(m[1], year), m[2].removeprefix("第")
    first, last = next(months for words, months in _PARTS.items() if part in words.split("|"))
    return PrintedPeriod(_joined(_date(own, f"{first}"), _date(own, f"{last}")), own)


def _first_months(m: re.Match[str], year: int | None) -> PrintedPeriod:
    own = _year(m[1], year)
    return PrintedPeriod(_joined(_date(own, "1"), _date(own, m[2])), own)


def _plan(m: re.Match[str], year: int | None) -> PrintedPeriod:
    first = 1951 + 5 * _number(m[1])
    return PrintedPeriod(f"{first}/{first + 4}")


def _recent(m: re.Match[str], year: int | None) -> PrintedPeriod:
    length = _number(m[1] or m[2])
    return PrintedPeriod(None if year is None else _joined(f"{year - length + 1}", f"{year}"))


def _unknown(m: re.Match[str], year: int | None) -> PrintedPeriod:
    return PrintedPeriod(None)


_SINCE = "(?:以来|至今|以后|以前|之前|前(?!后)|期间|起|内)?"
_S = SPACE
_OWN = rf"(?:({_Y}){_S}年{_S})?"  # a year that may be named, in digits
_ANY = rf"(?:({_Y}|{_NOW}|{_LAST}){_S}年?度?{_S})?"  # or by a word
_MONTH, _DAY, _PART = rf"({_M}){_S}月", rf"({_D}){_S}日", f"(第?(?:{'|'.join(_PARTS)}))末?"
_PAIRS = "|".join(f"{n}[、和]{n + 1}" for n in range(11, 0, -1))  # 7、8月
_BARE_END = r"(?=[\u4e00-\u9fff）)])(?!万|亿|个|元|人)"  # 2016—2020 before a word
Reading = Callable[[re.Match[str], int | None], PrintedPeriod]
_READINGS: tuple[tuple[str, Reading], ...] = (
    (rf"{_OWN}{_MONTH}{_S}{_DAY}{_S}{TO}{_S}{_OWN}(?:{_MONTH}{_S})?{_DAY}", _days),
    (rf"{_ANY}({_M}){_S}月?份?{_S}{TO}{_S}{_OWN}{_MONTH}份?", _months),
    (rf"{_ANY}(?<![0-9\n])({_PAIRS}){_S}(?:两个)?月份?", _pair),
    (
        rf"({_Y}){_S}年?度?{_S}(?:{TO}|/){_S}({_Y}|[0-9]{{2}}(?=年)){_S}(?:学年|年度|年|{_BARE_END})",
        _years,
    ),
    (rf"({_Y}){_S}年?[、和]({_Y})(?:两?年)", _years),
    (rf"{_ANY}{_MONTH}{_S}{_DAY}", _day),
    (rf"{_ANY}{_MONTH}份?(?!龄)(?:底|末|初|[上中下]旬)?", _day),
    (rf"{_ANY}{_PART}", _part),
    (rf"{_ANY}(?<!提)前({_M})个月", _first_months),
    (rf"({_Y}){_S}(?:学年|年度|年全年|年{_END})", _day),
    (r"((?:19|20)[0-9]{2})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12][0-9]|3[01])(?![0-9])", _day),
    (
        r"[“\"]?(十[一二三四五]?|[六七八九])五[”\"]?(?:期间|时期|以来|期?末|初|前[一二三四]年)",
        _plan,
    ),
    (
        rf"(?:近|过去|最近|前|这)({_N})个?年(?:间|里|多?来)?(?!历史|的历史|房|树龄|工龄)"
        rf"|({_N})年多?(?:来|间)(?!自)",
        _recent,
    ),
    (rf"({_NOW}|{_LAST}|全年(?!目标|任务|计划|指标))(?:{_END}同期|同期|{_END})", _day),
    (rf"({_D})日(?!游|内|龄|均|托|间)", _unknown),
)
_BARE_YEAR = re.compile("(?:19|20)[0-9]{2}")
_FROM_TO = re.compile(rf"^((?:{_Y}年)?)(?:截[至止]到?|自|从)")
_IN_CELLS = (  # what is no period in running text, or not surely one
    (re.compile("([0-9]{4})[-—–－~～至]([0-9]{4})"), r"\1—\2年"),
    (re.compile(r"([0-9]{4})(?:\.(?=[0-9]{2})|[-/])(0?[1-9]|1[0-2])"), r"\1年\2月"),
    (re.compile(r"([“\"]?(?:十[一二三四五]?|[六七八九])五[”\"]?)"), r"\1期间"),
)


@cache
def _compiled() -> list[tuple[re.Pattern[str], Reading]]:
    """When a period is first read in words: most sheets have EDTF."""
    return [(re.compile(pattern + _SINCE), read) for pattern, read in _READINGS]


def _ungrouped(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


# A number that goes on otherwise is no period, which is seen before all readings are tried.
_GOES_ON = "年月日季度份学第上下前一二三四、和/. \u00a0\u2009\u202f\u3000至到~～〜—–―－−-"
PATTERN = f"(?![0-9]++[^0-9{_GOES_ON}])(?:{'|'.join(_ungrouped(p) for p, _ in _READINGS)}){_SINCE}"


@lru_cache(4096)
def read_period(text: str, year: int | None = None) -> PrintedPeriod:
    """The period that `text` (a match of ``PATTERN`` or a bare year) names.

    >>> read_period("2012—2019年").edtf, read_period("2007年以来").edtf
    ('2012/2019', '2007/..')
    >>> read_period("1—8月").edtf, read_period("1—8月", 2019).edtf
    (None, '2019-01/2019-08')
    """
    for pattern, reading in _compiled():
        if match := pattern.fullmatch(text):
            return _since(text, reading(match, year))
    if not _BARE_YEAR.fullmatch(text):
        raise ValueError(f"no period: {text!r}")
    return PrintedPeriod(text, int(text))


def read_cell(text: str) -> str:
    """The EDTF of a period as a clerk writes it in a cell; ``ValueError`` if it is none.

    Unlike running text, a cell has no year besides its own: 1—9月 is none.

    >>> read_cell("2025年1-9月"), read_cell("截至2025年9月底"), read_cell("2009年以来")
    ('2025-01/2025-09', '2025-01/2025-09', '2009/..')
    """
    plain = "".join(text.translate(TO_PLAIN).split())
    for pattern, usual in _IN_CELLS:
        plain = pattern.sub(usual, plain) if pattern.fullmatch(plain) else plain
    edtf = read_period(_FROM_TO.sub(r"\1", plain)).edtf
    if edtf is None:
        raise ValueError(f"a period without a year, or none at all: {text!r}")
    return to_date(edtf) if "截" in plain else edtf


def to_date(edtf: str) -> str:
    """The year up to what `edtf` names: up to the end of September is ``01/09``.

    >>> to_date("2025-09"), to_date("2024-06-29"), to_date("2019-12"), to_date("2007/2019")
    ('2025-01/2025-09', '2024-01/2024-06-29', '2019', '2007/2019')
    """
    year, month, day = [*edtf.split("-"), "", ""][:3]
    if "/" in edtf or not month:
        return edtf
    if day and int(day) < monthrange(int(year), int(month))[1]:
        return f"{year}-01/{edtf}"
    return year if month == "12" else f"{year}-01/{year}-{month}"


def _since(text: str, period: PrintedPeriod) -> PrintedPeriod:
    """``以来`` leaves the end open, ``以前`` the start; a plan has both ends of its own."""
    edtf = period.edtf
    if edtf is None or "五" in text:
        return period
    if text.endswith(("以来", "至今", "以后", "起")):
        return period._replace(edtf=edtf.partition("/")[0] + "/..")
    if text.endswith(("以前", "之前", "前")):
        return period._replace(edtf="../" + edtf.rpartition("/")[2])
    return period
