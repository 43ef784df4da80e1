"""Numerals as Chinese sources print them, read into exact digits and places.

``3.3``, ``23,941``, ``二十三``, ``三千二百`` and ``1亿2000`` are numerals; what follows them (余, a
multiplier, a unit) is not. A :class:`Numeral` keeps the digits and the power of ten of the last
printed one, because bounds and rounding are read off that place.

Authority: GB/T 15835-2011, *General rules for writing numerals in publications*: Arabic and Chinese
numerals, 万 and 亿 behind Arabic digits, 〇. Ours: that a Chinese numeral's last printed place is
that of its last digit (三千 is printed to the thousand, 十万 to the 万).
"""

from __future__ import annotations

import re
from typing import NamedTuple

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
MULTIPLIERS = {
    word: sum(PLACES[c] for c in word)
    for word in (
        *("十", "百", "千", "万", "十万", "百万", "千万", "万万"),
        *("亿", "十亿", "百亿", "千亿", "万亿", "十万亿", "百万亿"),
    )
}
LONGEST = 30  # digits; nothing that is counted needs more, and every step stays short

# One character for one, so that an offset in the plain text is an offset in the printed one.
_FULL_WIDTH = ("０１２３４５６７８９．％﹪／（）－＋＜＞", "0123456789.%%/()-+<>")
_TRADITIONAL = (
    "萬億兩餘個戶畝噸約幾數過達間處項輛張條級層棟幢隻組門對頭場種類歲時鐘點圓圆到"
    "頃內滿將臺雙週釐幣筆冊鎮鄉縣學盞顆節輪標準電無階減總萬戶數據單續線營醫於號樓"
)
_SIMPLIFIED = (
    "万亿两余个户亩吨约几数过达间处项辆张条级层栋幢只组门对头场种类岁时钟点元元到"
    "顷内满将台双周厘币笔册镇乡县学盏颗节轮标准电无阶减总万户数据单续线营医于号楼"
)
_FINANCIAL = ("壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟", "一二二三三三四五六六七八九十百千")
TO_SIMPLIFIED = str.maketrans(*_FULL_WIDTH) | str.maketrans(_TRADITIONAL, _SIMPLIFIED)
TO_PLAIN = TO_SIMPLIFIED | str.maketrans(*_FINANCIAL) | str.maketrans("， ", ",\u2009")  # of a cell
NO_GROUPS = str.maketrans("", "", ", \u00a0\u2009\u202f\u3000")

_PART = re.compile(
    rf"([0-9.]+|[零〇一二两三四五六七八九十百千]+)"
    rf"({'|'.join(sorted(MULTIPLIERS, key=len, reverse=True))})?"
)


class Numeral(NamedTuple):
    """`digits` times ten to the power of `place`, and how it was printed.

    `rounded`: with a decimal point, 万 or 亿, so not counted to the last one.
    `bare`: a multiplier alone (千, 万), which is a number only beside a word such as 余.
    `whole`: ends in 万 or 亿, so that 余 behind it is less than one of *those*.
    """

    digits: int
    place: int
    rounded: bool = False
    bare: bool = False
    whole: bool = False


def read_arabic(text: str) -> Numeral:
    """An Arabic numeral with an optional point, after its separators are taken out.

    >>> read_arabic("21.78")
    Numeral(digits=2178, place=-2, rounded=True, bare=False, whole=False)
    """
    whole, _, decimals = text.partition(".")
    return Numeral(int(whole + decimals), -len(decimals), bool(decimals))


def read_compound(text: str, exponent: int = 0) -> Numeral:
    """A numeral whose larger parts have multipliers of their own: the ``1亿2000`` of 1亿2000万.

    `exponent` is that of the multiplier behind the whole, which belongs to the last part only;
    the digits come back in that scale. Raises ``ValueError`` where a part is not below the
    multiplier before it.

    >>> read_compound("1亿2000", exponent=4).digits
    12000
    """
    *heads, last = _PART.findall(text)
    if not exponent and not last[1] and len(last[0]) != MULTIPLIERS[heads[-1][1]]:
        raise ValueError(f"{text}: {last[0]} of what?")  # 3万5 is 35,000 to some, 30,005 to none
    number = read(last[0])
    scale, digits = exponent + number.place, number.digits
    for printed, multiplier in reversed(heads):
        part, unit = read(printed), MULTIPLIERS[multiplier] - scale
        if unit < 1 or digits >= 10**unit or part.place + unit < 0:
            raise ValueError(f"{text}: a part is not below {multiplier} before it")
        digits += part.digits * 10 ** (part.place + unit)
    return number._replace(digits=digits, rounded=True, bare=False)


def read(text: str) -> Numeral:
    """A numeral in digits of either kind."""
    return read_arabic(text) if text[0] in "0123456789" else read_chinese(text)


def read_chinese(text: str) -> Numeral:
    """A Chinese numeral, 两 and 〇 among its digits; with 点, a decimal one.

    Raises ``ValueError`` if it is not well formed: units out of order, digits side by side.

    >>> read_chinese("一亿二千零五十万")
    Numeral(digits=12050, place=4, rounded=True, bare=False, whole=True)
    """
    text, _, decimals = text.partition("点")
    if decimals:
        digits = int(str(_large(text)) + "".join(str(DIGITS[c]) for c in decimals))
        return Numeral(digits, -len(decimals), True)
    value, large, bare = _large(text), "万" in text or "亿" in text, text[0] in "百千万亿"
    if not large:
        return Numeral(value, 0, bare=bare)
    place = next(p for p in (8, 4, 3, 2, 1, 0) if value % 10**p == 0 and p <= _last_place(text))
    return Numeral(value // 10**place, place, True, bare, text[-1] in "万亿")


def _last_place(text: str) -> int:
    """The place of the last numeral character; of a digit without a unit, the next one down."""
    if text[-1] in PLACES:
        return PLACES[text[-1]]
    return PLACES.get(text[-2:-1], 1) - 1


def _large(text: str) -> int:
    """A numeral with 亿 and 万: what stands before the last of them is multiplied by it."""
    for unit in "亿万":
        head, found, tail = text.rpartition(unit)
        if found:
            if unit in head:
                raise ValueError(f"{text}: {unit} twice")
            if head[-2:-1] in ("百", "千") and head[-1] in DIGITS:
                raise ValueError(f"{text}: {head} is cut short before {unit}")
            high = _large(head) if head else 1
            return high * 10 ** PLACES[unit] + (_rest(tail, PLACES[unit]) if tail else 0)
    return _section(text)


def _rest(tail: str, place: int) -> int:
    """What follows 万 or 亿: a smaller numeral, or one digit for the next place (两万五)."""
    if len(tail) == 1 and DIGITS.get(tail):
        return DIGITS[tail] * 10 ** (place - 1)
    if tail[0] in "百千万亿":
        raise ValueError(f"{tail}: {tail[0]} without a digit")
    return _large(tail)


def _section(text: str) -> int:
    """A numeral below 一万."""
    total, digit, below = 0, None, 4
    for at, char in enumerate(text):
        if char in PLACES:
            place = PLACES[char]
            if place >= below or digit == 0:
                raise ValueError(f"{text}: {char} out of order")
            if digit is None and at and text[at - 1] not in "零〇":
                raise ValueError(f"{text}: {char} without a digit")
            total, digit, below = total + (1 if digit is None else digit) * 10**place, None, place
        elif DIGITS[char] == 0:
            if digit is not None:
                raise ValueError(f"{text}: digits side by side")
            digit = 0 if len(text) == 1 else None
        elif digit is not None:
            raise ValueError(f"{text}: digits side by side")
        else:
            digit = DIGITS[char]
    if digit is None:
        return total
    short = text[-2:-1] in ("百", "千")
    return total + digit * (10 ** (below - 1) if short else 1)
