"""Numbers, units and periods in the words that readers see, in Chinese or English.

万 and 亿 (thousands and millions in English) are written only here; data stay in base units.
Ends of bounds are rounded **outward**, so that what is shown never claims more than is known, and
no middle is invented for a number of which only one side is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor, log10

from markupsafe import Markup, escape

from livelihood.display.messages import say
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period
from livelihood.quantity.vocabulary import UNIT_LABELS

# From the largest: a number of at least `from` is divided by `by` and followed by the word.
_SCALES = {
    "zh": ((10**8, 10**8, "亿"), (10**5, 10**4, "万")),
    "en": ((10**9, 10**9, " billion"), (10**6, 10**6, " million")),
}
_DASH = {"zh": "—", "en": "–"}
_PER = {
    100: {"zh": "百", "en": "100 "},
    1000: {"zh": "千", "en": "1,000 "},
    10000: {"zh": "万", "en": "10,000 "},
}


def as_float(number: Fraction | None) -> float:
    """A fraction at the edge of the package: a float, NaN where open or not printed."""
    return float("nan") if number is None else float(number)


def unit_words(unit: str, language: str) -> str:
    """A unit code as readers write it; empty for plain numbers and shares.

    >>> unit_words("CNY/household/year", "zh")
    '元/（户·年）'
    >>> unit_words("个/10000 person", "en")
    'per 10,000 people'
    """
    if unit == "m":  # lengths are shown in kilometres
        return {"zh": "千米", "en": "km"}[language]
    over, *under = unit.split("/")
    top = "" if over == "1" else _unit_label(over, language)
    bottom = [_denominator(u, language) for u in under]
    if not bottom:
        return top
    if language == "en":  # 所 or 座 has no English word: so much each
        return " ".join([top, *(f"per {b}" if b else "each" for b in bottom)]).strip()
    return f"{top}/{bottom[0]}" if len(bottom) == 1 else f"{top}/（{'·'.join(bottom)}）"


def _unit_label(code: str, language: str) -> str:
    known = UNIT_LABELS.get(code)
    if known is None:
        return code if language == "zh" else ""  # a classifier such as 个 has no English word
    return known[language]


def _denominator(code: str, language: str) -> str:
    per, _, unit = code.rpartition(" ")
    label = _unit_label(unit, language)
    if per:
        return _PER[int(per)][language] + label
    return label if language == "zh" else _singular(label)


def _singular(label: str) -> str:
    return "person" if label == "people" else label.removesuffix("s")


def period_words(period: Period, language: str) -> str:
    """A reference period in words, saying which end is not printed.

    >>> period_words(Period.parse("2007/.."), "en")
    'since 2007 (end not stated)'
    """
    start, _, end = period.text.partition("/")
    if start == "..":
        return say("period_until", language, last=_date_words(end, language))
    if end == "..":
        return say("period_since", language, first=_date_words(start, language))
    if end:
        words = {"first": _date_words(start, language), "last": _date_words(end, language)}
        return say("period_between", language, **words)
    return _date_words(start, language)


def _date_words(text: str, language: str) -> str:
    if language == "en":
        return text
    year, *rest = text.split("-")
    return f"{year}年" + "".join(f"{int(n)}{w}" for n, w in zip(rest, "月日", strict=False))


def bounds_words(bounds: Bounds, unit: str, language: str) -> str:
    """Bounds in words, rounded outward: a range, one side, or a single number.

    An end that is only natural (a share is at most 1) is not shown: ``≥80%``.

    >>> bounds_words(Bounds(Fraction(4, 5), Fraction(1), "printed", "natural"), "1", "zh")
    '≥80%'
    >>> bounds_words(Bounds(Fraction(65000), Fraction(70000)), "person", "en")
    '65,000–70,000 people'
    """
    if bounds.is_exact:
        return amount_words(bounds.low, bounds, unit, language)
    low = None if bounds.low_origin == "natural" else bounds.low
    high = None if bounds.high_origin == "natural" else bounds.high
    largest = high if high is not None else low
    if largest is None:
        return say("not_determinable", language)
    scale, word = _scale(largest, unit, language)
    tail = word + _tail(unit, language)
    if low is None:
        return _sign(bounds, True) + _print(largest, scale, ceil) + tail
    if high is None:
        return _sign(bounds, False) + _print(low, scale, floor) + tail
    ends = [_print(low, scale, floor), _print(high, scale, ceil)]
    return _DASH[language].join(ends) + tail


def amount_words(value: Fraction | None, bounds: Bounds, unit: str, language: str) -> str:
    """A value with its bounds beside it, or the bounds alone where there is no value.

    >>> amount_words(Fraction(33, 217), Bounds(Fraction(149, 1000), Fraction(154, 1000)), "1", "en")
    '15.2% (14.9–15.4%)'
    """
    if value is None:
        return bounds_words(bounds, unit, language)
    if (
        bounds.is_exact and value.denominator == 1 and unit not in ("1", "m")
    ):  # a count known to the last digit
        return f"{int(value):,}" + _tail(unit, language)
    scale, word = _scale(value, unit, language)
    shown = _print(value, scale) + word + _tail(unit, language)
    if bounds.is_exact or bounds.low is None or bounds.high is None:
        return shown
    if _print(bounds.low, scale) == _print(bounds.high, scale):
        return shown
    low, high = _print(bounds.low, scale, floor), _print(bounds.high, scale, ceil)
    ends = low + _DASH[language] + high
    ends += word + ("%" if unit == "1" else "")
    return f"{shown}（{ends}）" if language == "zh" else f"{shown} ({ends})"


def tick_words(number: float, largest: float, unit: str, language: str) -> str:
    """A tick of an axis: the number alone, scaled as the largest one of the axis is.

    >>> tick_words(8e4, 2.4e5, "person", "zh")
    '8万'
    """
    scale, word = _scale(Fraction(largest), unit, language)
    exact = Fraction(number).limit_denominator(10**6)
    return _print(exact, scale) + (word if exact else "") + ("%" if unit == "1" else "")


def _sign(bounds: Bounds, upper: bool) -> str:
    if upper:
        return "≤" if bounds.high_included else "<"
    return "≥" if bounds.low_included else ">"


def _scale(number: Fraction, unit: str, language: str) -> tuple[Fraction, str]:
    """What a number of this size is divided by for display, and the word that says so."""
    if unit == "1":
        return Fraction(1, 100), ""
    if unit == "m":
        return Fraction(1000), ""
    for least, by, word in _SCALES[language]:
        if abs(number) >= least:
            return Fraction(by), word
    return Fraction(1), ""


def _tail(unit: str, language: str) -> str:
    if unit == "1":
        return "%"
    words = unit_words(unit, language)
    return f" {words}" if words and language == "en" else words


def _print(number: Fraction, scale: Fraction, rounded: Callable[[Fraction], int] = round) -> str:
    """A number with three significant digits, without decimals if it has 100 or more."""
    shown = number / scale
    places = max(0, 2 - floor(log10(abs(shown)))) if shown else 0
    text = f"{rounded(shown * 10**places) / 10**places:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---- words of a source as HTML ------------------------------------------------------------------

_CHINESE = re.compile("[\u3400-\u9fff]")
_WORD = re.compile("[A-Za-z]{3}")
_RUN = re.compile("([0-9.]*(?:[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+[0-9.]*)+)")


def original(text: str, language: str, tag: str = "span") -> Markup:
    """Words as their source has them, marked as Chinese where the page is not.

    A reader's screen reader and font then treat them as Chinese, and nobody takes them for
    something left untranslated. In a text that is English besides, only the Chinese is marked.

    >>> original("¶ 教育 1.2亿元", "en")
    Markup('<span lang="zh-CN">¶ 教育 1.2亿元</span>')
    >>> original("printed as 1.2亿元", "en")
    Markup('printed as <span lang="zh-CN">1.2亿元</span>')
    """
    if language == "zh" or not _CHINESE.search(text):
        return escape(text)
    marked = Markup('<{0} lang="zh-CN">{{}}</{0}>').format(tag)
    pieces = _RUN.split(text) if _WORD.search(text) else ["", text, ""]
    return Markup("").join(
        marked.format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )


def small(text: str) -> Markup:
    """A remark under a value."""
    return Markup("<small>{}</small>").format(text) if text else Markup()


def html_table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence],
    ids: Sequence[str] = (),
    below: Sequence[str] = (),
    folded: tuple[int, str] | None = None,
) -> Markup:
    """A table with a caption, a header row and a header cell in each row.

    For its parts see :func:`livelihood.display.table.table`.
    """
    names = [*ids, *[""] * (len(rows) - len(ids))]
    body = [_row(cells, id) for cells, id in zip(rows, names, strict=True)]
    open_rows, summary = folded or (len(body), "")
    page = _html(caption, columns, body[:open_rows]) if open_rows or not body else Markup()
    if open_rows < len(body):
        rest = _html(summary, columns, body[open_rows:])
        page += Markup("<details><summary>{}</summary>{}</details>").format(summary, rest)
    return page + Markup("").join(Markup("<p>{}</p>").format(p) for p in below)


def _html(caption: str, columns: Sequence[str], body: Sequence[Markup]) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(c) for c in columns)
    return Markup(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(caption, head, Markup("").join(body))


def _row(cells: Sequence, id: str) -> Markup:
    """What goes into it is escaped already: Markup's own way costs a page a tenth of its time."""
    first, *rest = map(_cell, cells)
    others = "".join(f"<td>{cell}</td>" for cell in rest)
    name = f' id="{escape(id)}"' if id else ""
    return Markup(f'<tr{name}><th scope="row">{first}</th>{others}</tr>')


def _cell(cell: object) -> Markup:
    if isinstance(cell, tuple):  # no block: a copied row stays a row
        lines = (f'<span class="line">{escape(part)}</span>' for part in cell if part)
        return Markup(" ".join(lines))
    return escape(cell)
