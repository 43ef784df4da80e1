"""How much a printed figure is: its numeral under the words around it, as bounds.

One rule for each qualifier; the conventions and their authorities are listed in
:mod:`livelihood.quantity.parse`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from livelihood.quantity.bounds import Bounds
from livelihood.quantity.expression import Form, read_form
from livelihood.quantity.modifiers import Frame, Refused, read_frame
from livelihood.quantity.numeral import Numeral


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed figure, read.

    `value` and `step` (the last printed place, or the last that is not zero where the words make
    that one count) are in the base unit `unit`; `value` is ``None`` where no one number is
    printed (3—5万元, 几十个).
    """

    text: str
    value: Fraction | None
    step: Fraction | None
    bounds: Bounds
    unit: str
    qualifier: str

    @property
    def low(self) -> Fraction | None:
        return self.bounds.low

    @property
    def high(self) -> Fraction | None:
        return self.bounds.high

    @property
    def low_origin(self) -> str | None:
        return self.bounds.low_origin

    @property
    def high_origin(self) -> str | None:
        return self.bounds.high_origin


def _times(count: int, one: Fraction) -> Fraction:
    """count * one, without the cost of a Fraction operation where it is whole."""
    numerator, denominator = one.as_integer_ratio()
    if denominator == 1:
        return Fraction(count * numerator)
    return Fraction(count * numerator, denominator)


def _coarser(digits: int, place: int, one: Fraction) -> tuple[int, Fraction]:
    """The number in ones of its last place that is not zero; decimals count as printed."""
    if digits and place >= 0:
        while digits % 10 == 0:
            digits, one = digits // 10, one * 10
    return digits, one


def _bounds(qualifier: str, digits: int, one: Fraction) -> Bounds:
    """The bounds of `digits` times `one` under `qualifier`."""
    value = _times(digits, one)
    if qualifier == "at_least":
        return Bounds(value, None)
    if qualifier == "over":
        return Bounds(value, None, low_included=False)
    if qualifier == "at_most":
        return Bounds(None, value)
    if qualifier == "less_than":
        return Bounds(None, value, high_included=False)
    if qualifier == "more":
        return Bounds(value, value + one, "printed", "implied", True, False)
    margin = one / 10 if digits == 1 else one / 2
    if qualifier == "nearly":
        return Bounds(value - margin, value, "convention", "printed", True, False)
    return Bounds(value - margin, value + margin, "convention", "convention")


def of_numeral(text: str, numeral: Numeral, frame: Frame) -> Quantity:
    """The quantity of one numeral in the frame of the words around it."""
    digits, place, rounded, _, whole = numeral
    qualifier = frame.qualifier
    one, half = frame.place(place)
    if qualifier is None:
        if frame.discrete and not rounded and not frame.rounded:
            value = _times(digits, one)
            return Quantity(text, value, frame.factor, Bounds(value, value), frame.unit, "exact")
        low, high = _times(2 * digits - 1, half), _times(2 * digits + 1, half)
        bounds = Bounds(low, high, "implied", "implied")
        return Quantity(text, _times(digits, one), one, bounds, frame.unit, "rounded")
    if qualifier in ("about", "nearly") or (qualifier == "more" and not (whole or frame.whole)):
        digits, one = _coarser(digits, place, one)
    return Quantity(text, _times(digits, one), one, _bounds(qualifier, digits, one),
                    frame.unit, qualifier)  # fmt: skip


def _between(text: str, form: Form, frame: Frame, lower: Frame) -> Quantity:
    """A range, from the first number to the second, or several, from 2 to 10 of a place."""
    upper = form.upper or form.numeral
    ends = [(form.numeral, lower), (upper, frame)]
    low, high = (_times(n.digits, f.place(n.place)[0]) for n, f in ends)
    if low >= high or frame.unit != lower.unit:
        raise Refused("ascending")
    if form.kind == "several":
        bounds = Bounds(low, high, "implied", "implied", True, False)
    elif frame.qualifier == "about":
        parts = [
            _bounds("about", *_coarser(n.digits, n.place, f.place(n.place)[0])) for n, f in ends
        ]
        bounds = Bounds(parts[0].low, parts[1].high, "convention", "convention")
    else:
        bounds = Bounds(low, high)
    return Quantity(text, None, frame.place(upper.place)[0], bounds, frame.unit, form.kind)


def read_match(match: re.Match[str], text: str, dimension: str | None = None) -> Quantity:
    """The quantity of a match of :func:`livelihood.quantity.grammar.figure_pattern`, printed as
    `text`."""
    form = read_form(match)
    frame = read_frame(form.before, form.tail, dimension)
    if form.kind != "one":
        if frame.qualifier is not None and (form.kind, frame.qualifier) != ("range", "about"):
            raise Refused("one_vague", first=match["number"], second=form.before or form.tail)
        lower = read_frame(form.before, form.lower_tail or form.tail, dimension)
        return _between(text, form, frame, lower)
    if form.numeral.bare and frame.qualifier is None:
        raise Refused("digit_before")
    numeral, parts = form.numeral, form.parts
    if match["times"] is not None and dimension == "change":  # twice as much grew by one
        numeral = numeral._replace(digits=numeral.digits - 1)
    if frame.half:
        if numeral.rounded:  # 2.5个半月
            raise Refused("numeral")
        numeral, parts = numeral._replace(digits=numeral.digits * 2 + 1), 2
    if parts:
        frame = replace(frame, factor=frame.factor / parts, discrete=True, places=())
    quantity = of_numeral(text, numeral, frame)
    return _negative(quantity) if form.negative else quantity


def _negative(quantity: Quantity) -> Quantity:
    if quantity.value is None or quantity.qualifier not in ("exact", "rounded", "about"):
        raise Refused("number")
    return replace(quantity, value=-quantity.value, bounds=-quantity.bounds)
