"""What a printed figure says of its number: one, a range or several.

From the match of a figure to its numerals and the words around them.

A figure is printed as one number (2000余万元), between two (3—5万元, 三四百人) or as a few of a
place (几十个). Each becomes a :class:`Expression`, in which only plain numerals and words are left.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from livelihood.quantity.modifiers import Refused
from livelihood.quantity.numeral import (
    DIGITS,
    MULTIPLIERS,
    NO_GROUPS,
    PLACES,
    Numeral,
    read,
    read_chinese,
    read_compound,
)

_LEADING = re.compile(
    r"([0-9,.\u00a0\u2009\u202f\u3000]+|[零〇一二两三四五六七八九十百千万亿点]+)(.*)"
)
_AS_PERCENT = {"十": "成", "百": "%", "千": "‰", "万": "‱"}


class Expression(NamedTuple):
    """`numeral` behind `before` and in front of `tail`; a range or several have a second one."""

    before: str
    numeral: Numeral
    tail: str
    kind: str = "one"  # one, range or several
    upper: Numeral | None = None
    lower_tail: str = ""  # of a range: the words that the first number has or takes over
    parts: int = 0  # the denominator of a number that is exact however it is measured
    negative: bool = False


def read_expression(match: re.Match[str]) -> Expression:
    """The expression of a matched figure; raises :class:`Refused` for a numeral that is not one."""
    tail = match.string[match.end("number") : match.end()]
    shape = next(group for group in _READERS if match[group] is not None)
    try:
        return _READERS[shape](match, match["before"] or "", tail)
    except Refused:
        raise
    except (ValueError, KeyError) as error:
        raise Refused("numeral") from error


def _digit(char: str) -> int:
    return int(char) if char.isascii() else 5 if char == "半" else DIGITS[char]


def _number(text: str) -> Numeral:
    return read(text.translate(NO_GROUPS))


def _single(match: re.Match[str], before: str, tail: str) -> Expression:
    """One number; a multiplier behind it belongs to its last part (一亿二千|余万)."""
    text = match["single"].translate(NO_GROUPS)
    exponent = sum(MULTIPLIERS.get(match[group], 0) for group in ("first", "second"))
    parted = exponent and text[-1] not in "万亿" and not {"万", "亿"}.isdisjoint(text)
    if not text.isascii() and (parted or text[0].isascii()):
        numeral = read_compound(text, exponent)
    else:
        numeral = read(text)
    return Expression(before, numeral, tail, negative=bool(match["sign"]))


def _fraction(match: re.Match[str], before: str, tail: str) -> Expression:
    whole = match["denominator"] or match["under"]
    part = _number(match["numerator"] or match["over"])
    if whole in _AS_PERCENT:
        return Expression(before, part._replace(bare=False), _AS_PERCENT[whole] + tail)
    denominator = _number(whole)
    parts = denominator.digits * 10**denominator.place
    return Expression(before, part, "倍" + tail, parts=parts)


def _doubled(match: re.Match[str], before: str, tail: str) -> Expression:
    twice = Numeral(2 ** _digit(match["times"] or "一"), 0)
    return Expression(match["near"] or before, twice, "倍" + tail, parts=1)


def _half(match: re.Match[str], before: str, tail: str) -> Expression:
    """半 beside a unit of time is half of it; otherwise it is half of a whole."""
    if tail[:1] in ("年", "天", "个", "小"):
        return Expression(before, Numeral(1, 0), tail, parts=2)
    return Expression(before, Numeral(5, 0, True), "成" + tail)


def _tenths(match: re.Match[str], before: str, tail: str) -> Expression:
    percent = _digit(match["tenths"]) * 10 + _digit(match["hundredths"])
    return Expression(before, Numeral(percent, 0), "%" + tail)


def _few(match: re.Match[str], before: str, tail: str) -> Expression:
    if not (match["few"] or match["unit"] or match["split"]):
        raise Refused("numeral")
    place = MULTIPLIERS.get(match["few"], 0)
    return Expression(before, Numeral(2, place), tail, "several", Numeral(10, place))


def _tens(match: re.Match[str], before: str, tail: str) -> Expression:
    ten = _number(match["tens"]).digits
    return Expression(before, Numeral(ten, 0), tail, "several", Numeral(ten + 10, 0))


def _adjacent(match: re.Match[str], before: str, tail: str) -> Expression:
    """Two digits side by side: 三四百, 十五六, and 三两个, which is 两三个."""
    ten = read_chinese(match["stem"]).digits if match["stem"] else 0
    place = PLACES.get(match["place"], 0)
    low, high = (Numeral(ten + DIGITS[match[end]], place) for end in ("low", "high"))
    if (low.digits, high.digits) == (3, 2):
        low, high = high, low
    if not low.digits < high.digits <= low.digits + 2:
        raise Refused("ascending")
    return Expression(before, low, tail, "range", high, tail)


def _range(match: re.Match[str], before: str, tail: str) -> Expression:
    """Two numbers; the first takes over the unit and, where it is the smaller, the multiplier."""
    leading = _LEADING.fullmatch(match["start"])
    if leading is None:
        raise Refused("numeral")
    low, high, own = _number(leading[1]), _number(match["end"]), leading[2].strip()
    multiplier = (match["first"] or "") + (match["second"] or "")
    unit = tail.strip().removeprefix(multiplier)
    if not own:
        # 3—5万 is 30,000 to 50,000; 500—1万 is 500 to 10,000; 5—3万 is neither.
        smaller = low.digits * 10 ** (low.place + 30) < high.digits * 10 ** (high.place + 30)
        if not smaller and low.digits < 100:
            raise Refused("ascending")
        lower = (multiplier if smaller else "") + unit
    elif own in MULTIPLIERS:
        lower = own + unit
    else:
        lower = own + (match["after"] or "")
    return Expression(before, low, tail, "range", high, lower)


_READERS = {  # by the group of the pattern that only this shape has
    "single": _single,
    "start": _range,
    "denominator": _fraction,
    "over": _fraction,
    "few": _few,
    "tens": _tens,
    "low": _adjacent,
    "half": _half,
    "tenths": _tenths,
    "times": _doubled,
}
