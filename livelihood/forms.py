"""From the match of a printed figure to its numerals and the words around them.

A figure is printed as one number (2000余万元), between two (3—5万元, 三四百人) or as a few of a place
(几十个). Each becomes a :class:`Form`, in which only plain numerals and words are left.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from livelihood.grammar import Refused
from livelihood.numeral import (
    DIGITS, GROUPS, MULTIPLIERS, PLACES, Numeral, read_arabic, read_chinese, read_compound,
)  # fmt: skip

_LEADING = re.compile(
    r"([0-9,.\u00a0\u2009\u202f\u3000]+|[零〇一二两三四五六七八九十百千万亿点]+)(.*)"
)
_AS_PERCENT = {"十": "成", "百": "%", "千": "‰", "万": "‱"}


class Form(NamedTuple):
    """`numeral` behind `before` and in front of `tail`; a range or several have a second one."""

    before: str
    numeral: Numeral
    tail: str
    kind: str = "one"  # one, range or several
    upper: Numeral | None = None
    lower_tail: str = ""  # of a range: the words that the first number has or takes over
    parts: int = 0  # the denominator of a number that is exact however it is measured
    negative: bool = False


def read_form(match: re.Match[str]) -> Form:
    """The form of a matched figure; raises :class:`Refused` for a numeral that is not one."""
    try:
        return _read_form(match)
    except (ValueError, KeyError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("numeral") from error


def _read_form(match: re.Match[str]) -> Form:
    get = match.groupdict().get
    before = get("before")
    tail = match.string[match.end("number") : match.end()]
    negative = bool(get("sign"))
    if get("denominator") or get("over"):
        return _fraction(before, get, tail)
    if get("times"):
        near = get("near") or before
        return Form(near, Numeral(2 ** _digit(get("times")), 0), "倍" + tail, parts=1)
    if get("half"):
        return _half(before, tail)
    if get("tenths"):
        percent = _digit(get("tenths")) * 10 + _digit(get("hundredths"))
        return Form(before, Numeral(percent, 0), "%" + tail)
    if get("few") is not None or get("tens") is not None:
        return _several(before, get, tail)
    if get("low"):
        ten = read_chinese(get("stem")).digits if get("stem") else 0
        place = PLACES.get(get("place"), 0)
        low, high = (Numeral(ten + DIGITS[get(end)], place) for end in ("low", "high"))
        if not low.digits < high.digits <= low.digits + 2:
            raise Refused("ascending")
        return Form(before, low, tail, "range", high, tail)
    if get("start"):
        return _range(before, match, tail)
    numeral = _single(get("single"), sum(MULTIPLIERS.get(get(m), 0) for m in ("first", "second")))
    return Form(before, numeral, tail, negative=negative)


def _digit(char: str) -> int:
    return int(char) if char.isascii() else 5 if char == "半" else DIGITS[char]


def _number(text: str) -> Numeral:
    plain = text.translate(GROUPS)
    return read_arabic(plain) if plain[0].isascii() else read_chinese(plain)


def _single(text: str, exponent: int) -> Numeral:
    """One number; where a multiplier follows, it belongs to the last part (一亿二千|余万)."""
    text = text.translate(GROUPS)
    if text[0].isascii():
        return (
            read_arabic(text) if text.replace(".", "").isdigit() else read_compound(text, exponent)
        )
    if exponent and text[-1] not in "万亿" and ("万" in text or "亿" in text):
        return read_compound(text, exponent)
    return read_chinese(text)


def _fraction(before: str, get, tail: str) -> Form:
    whole, part = get("denominator") or get("under"), get("numerator") or get("over")
    if whole in _AS_PERCENT:
        return Form(before, _number(part), _AS_PERCENT[whole] + tail)
    denominator = _number(whole)
    parts = denominator.digits * 10**denominator.place
    return Form(before, _number(part), "倍" + tail, parts=parts)


def _half(before: str, tail: str) -> Form:
    """半 beside a unit of time is half of it; otherwise it is half of a whole."""
    if tail[:1] in ("年", "天", "个", "小"):
        return Form(before, Numeral(1, 0), tail, parts=2)
    return Form(before, Numeral(5, 0, True), "成" + tail)


def _several(before: str, get, tail: str) -> Form:
    if get("tens") is not None:
        tens = _number(get("tens"))
        ten = tens.digits * 10**tens.place
        return Form(before, Numeral(ten, 0), tail, "several", Numeral(ten + 10, 0))
    place = MULTIPLIERS.get(get("few"), 0)
    return Form(before, Numeral(2, place), tail, "several", Numeral(10, place))


def _range(before: str, match: re.Match[str], tail: str) -> Form:
    """Two numbers; the first takes over the unit and, where it is the smaller, the multiplier."""
    printed, own = _LEADING.fullmatch(match["start"]).groups()
    low, high = _number(printed), _number(match["end"])
    own = own.strip()
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
    return Form(before, low, tail, "range", high, lower)
