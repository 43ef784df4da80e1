"""How much a printed figure is: its numeral and the words around it, as bounds.

One rule for each qualifier; the conventions and their authorities are listed in
:mod:`livelihood.quantity.parse`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from livelihood.quantity.bounds import Bounds
from livelihood.quantity.expression import Expression, read_expression
from livelihood.quantity.modifiers import Modifiers, Refused, read_modifiers
from livelihood.quantity.numeral import Numeral


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed figure, read.

    `value` and `step` (the last printed place, or the last that is not zero where the words make
    that one count) are in the base unit `unit`; `value` is ``None`` where no one number is
    printed (3—5万元, 几十个). A `change` is how much something rose or fell by, with its
    sign (增长2.5%, 下降21.4%); what it rose or fell *to* is none.
    """

    text: str
    value: Fraction | None
    step: Fraction | None
    bounds: Bounds
    unit: str
    qualifier: str
    change: bool = False

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
    while digits and place >= 0 and digits % 10 == 0:
        digits, one = digits // 10, one * 10
    return digits, one


def _bounds(qualifier: str, digits: int, one: Fraction, lowest: Fraction | None = None) -> Bounds:
    """The bounds of `digits` times `one` under `qualifier`; nothing is below `lowest`."""
    value = _times(digits, one)
    if qualifier in ("at_most", "less_than"):
        return _below(value, qualifier == "at_most", lowest)
    if qualifier == "at_least":
        return Bounds(value, None)
    if qualifier == "over":
        return Bounds(value, None, low_included=False)
    if qualifier == "more":
        return Bounds(value, value + one, "printed", "implied", True, False)
    margin = one / 10 if digits == 1 else one / 2
    if qualifier == "nearly":
        return Bounds(value - margin, value, "convention", "printed", True, False)
    return Bounds(value - margin, value + margin, "convention", "convention")


def _below(value: Fraction, included: bool, lowest: Fraction | None) -> Bounds:
    if lowest is not None and value == lowest and not included:  # fewer than 0 persons
        raise Refused("limits", low=lowest, high="∞")
    return Bounds(lowest, value, "natural", "printed", True, included)


def of_numeral(text: str, numeral: Numeral, modifiers: Modifiers) -> Quantity:
    """The quantity of one numeral with the words around it."""
    digits, place, rounded, _, whole = numeral
    qualifier = modifiers.qualifier
    one, half = modifiers.place(place)
    if qualifier is None:
        if modifiers.discrete and not rounded and not modifiers.rounded:
            value, one = _times(digits, one), modifiers.factor
            return Quantity(text, value, one, Bounds(value, value), modifiers.unit, "exact")
        low, high = _times(2 * digits - 1, half), _times(2 * digits + 1, half)
        bounds = Bounds(low, high, "implied", "implied")
        return Quantity(text, _times(digits, one), one, bounds, modifiers.unit, "rounded")
    if qualifier in ("about", "nearly") or (qualifier == "more" and not (whole or modifiers.whole)):
        digits, one = _coarser(digits, place, one)
    bounds = _bounds(qualifier, digits, one, Fraction(0) if modifiers.natural else None)
    return Quantity(text, _times(digits, one), one, bounds, modifiers.unit, qualifier)


def _between(text: str, expression: Expression, modifiers: Modifiers, lower: Modifiers) -> Quantity:
    """A range, from the first number to the second, or several, from 2 to 10 of a place."""
    upper = expression.upper or expression.numeral
    ends = [(expression.numeral, lower), (upper, modifiers)]
    low, high = (_times(n.digits, f.place(n.place)[0]) for n, f in ends)
    if low >= high or modifiers.unit != lower.unit:
        raise Refused("ascending")
    if expression.kind == "several":
        bounds = Bounds(low, high, "implied", "implied", True, False)
    elif modifiers.qualifier == "about":
        least, most = (
            _bounds("about", *_coarser(n.digits, n.place, f.place(n.place)[0])) for n, f in ends
        )
        bounds = Bounds(least.low, most.high, "convention", "convention")
    else:
        bounds = Bounds(low, high)
    step = modifiers.place(upper.place)[0]
    return Quantity(text, None, step, bounds, modifiers.unit, expression.kind)


def read_match(match: re.Match[str], text: str, dimension: str | None = None) -> Quantity:
    """The quantity of a match of :func:`livelihood.quantity.grammar.figure_pattern`, printed as
    `text`."""
    expression = read_expression(match)
    modifiers = read_modifiers(expression.before, expression.tail, dimension)
    if expression.kind != "one":
        about_a_range = (expression.kind, modifiers.qualifier) == ("range", "about")
        if modifiers.qualifier is not None and not about_a_range:
            second = expression.before or expression.tail
            raise Refused("one_vague", first=match["number"], second=second)
        tail = expression.lower_tail or expression.tail
        lower = read_modifiers(expression.before, tail, dimension)
        return _between(text, expression, modifiers, lower)
    if expression.numeral.bare and modifiers.qualifier is None:
        raise Refused("digit_before")
    numeral, parts = expression.numeral, expression.parts
    if match["times"] is not None and dimension == "change":  # twice as much grew by one
        numeral = numeral._replace(digits=numeral.digits - 1)
    if modifiers.half:
        if numeral.rounded:  # 2.5个半月
            raise Refused("numeral")
        numeral, parts = numeral._replace(digits=numeral.digits * 2 + 1), 2
    if parts:
        modifiers = replace(modifiers, factor=modifiers.factor / parts, discrete=True, places=())
    quantity = of_numeral(text, numeral, modifiers)
    return _negative(quantity) if expression.negative else quantity


def _negative(quantity: Quantity) -> Quantity:
    if quantity.value is None or quantity.qualifier not in ("exact", "rounded", "about"):
        raise Refused("number")
    return replace(quantity, value=-quantity.value, bounds=-quantity.bounds)


def as_change(quantity: Quantity, text: str, *, down: bool) -> Quantity:
    """The change by that much, printed as `text`; `down` where it fell.

    How much it rose or fell is at least 0, so an open lower end is that.
    """
    if quantity.change or (quantity.high is not None and quantity.high <= 0):  # 下降-5%
        raise Refused("number")
    bounds = quantity.bounds if quantity.low is not None else quantity.bounds.clip(low=0)
    value = quantity.value
    if down:
        value, bounds = None if value is None else -value, -bounds
    return Quantity(
        text, value, quantity.step, bounds, quantity.unit, quantity.qualifier, change=True
    )
