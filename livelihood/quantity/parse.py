"""A printed quantity, read exactly: ``近7万人`` is at least 65,000 and below 70,000 persons.

:func:`parse_quantity` reads the whole of a printed figure or says where it stopped. What the words
say of the size becomes :class:`~livelihood.quantity.bounds.Bounds`; the conventions are:

===================  ================================  =====================================
printed              bounds                            authority
===================  ================================  =====================================
27所, 十八项          exact                             counted; no 万, 亿 or decimal point
1.27亿元, 82.8%       half of the last printed place    GB/T 8170-2008, rounding off
                     either side
80%以上, 以下, 以内     the number itself is included     Civil Code, art. 1259
超过, 不满             the number itself is excluded     Civil Code, art. 1259
不低于, 不超过         the number itself is included     plain sense: the negation of 低于, 超过
逾, 突破, 不足, 不到    the number itself is excluded     ours, after 超过 and 不满
7万余, 10万多          less than one 万 (亿) more         ours
2000余, 1600余, 千余   less than one of its last place   ours
                     that is not zero more
近7万, 接近50         half of that place below; of a    ours (convention)
                     lone power of ten, a tenth
约13万, 左右, 来        the same either side              ours (convention)
3—5万元, 三四百人      from the first to the second      GB/T 15835-2011, ranges and 概数
几十, 十几, 数百        2 to 10 of the place; one ten     ours
翻一番                twice as much                     plain sense
达98%, 提高到3000元      as without the word               ours: a mark that was reached
增长2.5%, 下降2.5%      that much, with its sign          plain sense
===================  ================================  =====================================

The end that a row leaves open is 0 where what is counted or measured is never below it (不足100人).
Bounds that rest on a row marked *convention* have that origin, and ``strict=True`` opens them. Two
words of vagueness that say different things (近百人左右) are an error.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from math import isfinite
from numbers import Integral

from livelihood.quantity.grammar import figure_pattern, lead_pattern
from livelihood.quantity.modifiers import Refused, read_modifiers
from livelihood.quantity.numeral import TO_PLAIN, read_arabic
from livelihood.quantity.quantity import Quantity, as_change, of_numeral, read_match
from livelihood.quantity.vocabulary import BEFORE, DIMENSIONS, UNITS, alternation, label, read_table

__all__ = ["Quantity", "QuantityError", "parse_quantity"]

_ERRORS = read_table("errors.toml")
_TOO_LONG = 200


def _visible(text: str) -> str:
    """A text for a message: what is not seen, or a terminal would obey, by its number."""
    return "".join(c if c.isprintable() or c == "\u3000" else f"<U+{ord(c):04X}>" for c in text)


class QuantityError(ValueError):
    """A text that is no printed figure: where reading stopped and what was expected there.

    `position` counts characters of `text` from 0; `code` names the expectation in
    ``errors.toml``.

    >>> try:
    ...     parse_quantity("近百人左右")
    ... except QuantityError as error:
    ...     error.code, error.position
    ('one_vague', 3)
    """

    def __init__(self, text: str, position: int, code: str, **details: object) -> None:
        self.text, self.position, self.code, self.details = text, position, code, details
        super().__init__(self.message("en"))

    def message(self, language: str = "en") -> str:
        """The whole sentence in ``"zh"`` or ``"en"``."""
        kind = "empty" if not self.text else "end" if self.position >= len(self.text) else "stopped"
        shown = self.text if len(self.text) <= 40 else self.text[:40] + "…"
        names = {k: label(str(v), language) if k == "unit" else v for k, v in self.details.items()}
        return _ERRORS["messages"][kind][language].format(
            text=_visible(shown),
            position=self.position + 1,
            expected=_ERRORS["expected"][self.code][language].format(**names),
            found=_visible(self.text[self.position : self.position + 8]),
        )


_SIMPLE = re.compile(r"([^0-9]*)((?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,29})?)([^0-9]*)")
_DIGITS = re.compile("[0-9]")
_BEFORE = re.compile(f"(?:{alternation(BEFORE)})?")


# Compiled when they are first asked: that takes as long as reading a release.
@cache
def _figure() -> re.Pattern[str]:
    return re.compile(figure_pattern())


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(lead_pattern())


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(f"[十百千万亿]*(?:{alternation(UNITS)})(?:/.+)?")


def _limited(quantity: Quantity, dimension: str) -> Quantity:
    """Within the natural limits of its dimension; refused if nothing of it is."""
    limits = DIMENSIONS[dimension]
    low, high = limits.get("low"), limits.get("high")
    bounds = quantity.bounds
    below = low is not None and (bounds.low is None or bounds.low < low)
    above = high is not None and (bounds.high is None or bounds.high > high)
    if not (below or above):
        return quantity
    try:
        return replace(quantity, bounds=bounds.clip(low, high))
    except ValueError as error:
        below_all, above_all = ("-∞" if low is None else low), ("∞" if high is None else high)
        raise Refused("limits", low=below_all, high=above_all) from error


def _without_conventions(quantity: Quantity, dimension: str | None) -> Quantity:
    """Open where a convention of ours gave an end, as far as its dimension or direction goes."""
    bounds = quantity.bounds.without_conventions()
    if quantity.change and quantity.low is not None and quantity.low >= 0:
        bounds = bounds.clip(low=0)
    elif quantity.change and quantity.high is not None and quantity.high <= 0:
        bounds = bounds.clip(high=0)
    opened = replace(quantity, bounds=bounds)
    return opened if dimension is None else _limited(opened, dimension)


def read_simple(text: str, dimension: str | None) -> Quantity | None:
    """The usual figure, one Arabic number between words; ``None`` if it is anything else."""
    match = _SIMPLE.fullmatch(text)
    if match is None:
        return None
    before, number, tail = match.groups()
    try:
        modifiers = read_modifiers(before, tail, dimension)
        special = modifiers.half or modifiers.unit == "year"
        return None if special else of_numeral(text, read_arabic(number), modifiers)
    except Refused:
        return None


def _read(text: str, dimension: str | None) -> Quantity:
    """Any figure; raises :class:`QuantityError` with the place where reading stopped."""
    plain = text.translate(TO_PLAIN)
    lead = _lead().match(plain)
    start = lead.end() if lead else 0
    match = _figure().fullmatch(plain, start)
    if match is None:
        raise _unread(text, plain, start)
    try:
        if _is_calendar_year(match, dimension):
            raise Refused("quantity")
        return _led(lead, read_match(match, text, dimension), dimension)
    except Refused as refused:
        at = match.start("number") if refused.at is None else match.end("number") + refused.at
        raise QuantityError(text, at, refused.code, **refused.details) from None


def _led(lead: re.Match[str] | None, quantity: Quantity, dimension: str | None) -> Quantity:
    """The figure behind 达, which is itself, or behind 增长 or 下降, which is a change."""
    if lead is None or lead["reached"]:
        return quantity
    if dimension not in (None, "change", "percentage_point"):
        raise Refused("change")
    return as_change(quantity, quantity.text, down=bool(lead["down"] or lead["than_down"]))


def _unread(text: str, plain: str, start: int) -> QuantityError:
    """Why a text is no figure; where one is in it behind other words, what of it to keep."""
    begun = _figure().match(plain, start)
    if begun is not None:
        return QuantityError(text, begun.end(), "words")
    words = _BEFORE.match(plain, start)
    at = words.end() if words else start
    number = _DIGITS.search(plain, at)
    figure = number and _figure().match(plain, number.start())
    if not figure or _DIGITS.search(plain, figure.end()):
        return QuantityError(text, at, "number")
    keep = text[start:at] + text[figure.start() : figure.end()]
    return QuantityError(text, at, "keep", keep=keep)


def _is_calendar_year(match: re.Match[str], dimension: str | None) -> bool:
    year = re.fullmatch(r"(?:[0-9]{1,2}\.)?(?:19|20)[0-9]{2}年?", match.string)
    return year is not None and match["unit"] == "年" and dimension is None


def _printed(text: object) -> str:
    """The printed characters of a cell; a number is its digits as a spreadsheet shows them."""
    printed = ""
    if isinstance(text, str):
        printed = text.strip()
    elif isinstance(text, float | Decimal) and isfinite(text):
        printed = format(Decimal(f"{text:.15g}") if isinstance(text, float) else text, "f")
    elif isinstance(text, Integral) and not isinstance(text, bool):
        printed = str(text)
    if not printed:
        raise QuantityError("", 0, "text")
    if len(printed) > _TOO_LONG:
        raise QuantityError(printed, _TOO_LONG, "short")
    return printed


def parse_quantity(text: object, dimension: str | None = None, *, strict: bool = False) -> Quantity:
    """Read the whole of a printed figure; raise :class:`QuantityError` if it is not one.

    `text` is a string, or a number out of a spreadsheet, which is read as its printed digits.
    `dimension` is a key of ``[dimensions]`` in ``units.toml``: it supplies the unit where none is
    printed and the natural limits, and a figure that contradicts it is an error; an unknown
    dimension is a ``KeyError``. `strict` opens the ends that rest on this project's conventions.

    >>> ten = parse_quantity("10万多平方米")
    >>> str(ten.bounds), ten.unit, ten.qualifier
    ('[100000, 110000)', 'm2', 'more')
    >>> str(parse_quantity("80%以上", "share").bounds), str(parse_quantity("80%以上").bounds)
    ('[4/5, 1]', '[4/5, inf)')
    >>> str(parse_quantity("近7万人", strict=True).bounds)
    '(-inf, 70000)'
    >>> str(parse_quantity("近7万人", "person", strict=True).bounds)
    '[0, 70000)'
    """
    printed = _printed(text)
    quantity = read_simple(printed, dimension) or _read(printed, dimension)
    try:
        quantity = quantity if dimension is None else _limited(quantity, dimension)
    except Refused as refused:
        raise QuantityError(printed, 0, refused.code, **refused.details) from None
    return _without_conventions(quantity, dimension) if strict else quantity


def parsed(text: object, dimension: str | None = None) -> Quantity | None:
    """The quantity as :func:`parse_quantity` reads it; ``None`` if it is none.

    >>> parsed("近7万人").unit, parsed("很多")
    ('person', None)
    """
    try:
        return parse_quantity(text, dimension)
    except QuantityError:
        return None


def dimension_of(printed: str) -> str:
    """What a printed figure measures, by its unit; empty if it cannot be read.

    >>> dimension_of("近7万人"), dimension_of("120条"), dimension_of("95%")
    ('person', 'count', 'share')
    """
    if not (quantity := parsed(printed)):
        return ""
    unit = quantity.unit
    if unit == "1" and quantity.low is not None and quantity.low > 1:
        return "rate"
    fits = (id for id, d in DIMENSIONS.items() if unit in (d.get("unit"), *d.get("units", ())))
    return next(fits, next((u.dimension for u in UNITS.values() if u.code == unit), "count"))


@lru_cache(maxsize=1024)
def is_unit(text: str) -> bool:
    """Whether a text is a unit of units.toml, with a multiplier or not, and nothing else.

    >>> [is_unit(text) for text in ("万元", "人（次）", "元/人", "2021", "万元、个", "某局", "万")]
    [True, True, True, False, False, False, False]
    """
    quantity = parsed(f"2{text}") if _unit().fullmatch(text) else None
    return quantity is not None and quantity.qualifier in ("exact", "rounded")


def has_unit(printed: str) -> bool | None:
    """Whether a figure brings its own unit; ``None`` if it cannot be read.

    >>> has_unit("近7万人"), has_unit("近7万"), has_unit("很多")
    (True, False, None)
    """
    quantity = parsed(printed)
    return None if quantity is None else quantity.unit != ""
