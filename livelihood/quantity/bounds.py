"""Interval arithmetic with open ends, excluded ends and the origin of each end.

A printed figure such as ``近7万人`` says less than one number and more than none: it says that
the number lies in [6.5万, 7万). :class:`Bounds` is that statement. Its ends are exact fractions
or open (``None``), included or excluded, and each carries its *origin*, the weakest reason that
it rests on:

``printed``     the source's own words (``80%以上`` starts at 0.8)
``natural``     the quantity itself (a share is at most 1, a count at least 0)
``implied``     rounding or place value (``1.27亿元`` is half a 百万 either side of it)
``convention``  this project's reading, where the words give no number (``近``, ``约``)

Bounds are **hard**: they come from wording and rounding, not from sampling, so they are combined
by interval arithmetic (Moore 1966; IEEE 1788-2015 for the rules), never by standard errors.
Every operation assumes that its two operands are independent; where one quantity occurs twice,
use :func:`share` or :func:`growth`, which write it once and so stay tight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf
from typing import NamedTuple

ORIGINS = ("printed", "natural", "implied", "convention")  # from the strongest to the weakest

Number = int | Fraction


class End(NamedTuple):
    """One end of an interval: where, why, and whether the point itself belongs to it."""

    at: Fraction | float  # a float only for -inf and inf
    origin: str | None
    included: bool


def _weakest(*origins: str | None) -> str | None:
    return max(filter(None, origins), key=ORIGINS.index, default=None)


def _plus(a: End, b: End) -> End:
    infinite = next((end for end in (a, b) if end.at in (inf, -inf)), None)
    return infinite or _end(a.at + b.at, a, b)


def _times(a: End, b: End) -> End:
    # 0 * inf is 0 here: an end at zero stays at zero however far the other one runs.
    if not (a.at and b.at):  # a zero that is reached makes the product reach it
        zeros = [e for e in (a, b) if not e.at]
        reached = any(e.included for e in zeros)
        return End(Fraction(0), _weakest(*(e.origin for e in zeros)), reached)
    if isinstance(a.at, float) or isinstance(b.at, float):  # by sign: a large Fraction is none
        return End(inf if (a.at > 0) == (b.at > 0) else -inf, None, False)
    return _end(a.at * b.at, a, b)


def _end(at: Fraction | float, a: End, b: End) -> End:
    return End(at, _weakest(a.origin, b.origin), a.included and b.included)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known of a number: ``low`` and ``high`` (``None`` where open), with origins.

    Raises ``ValueError`` if the ends are crossed or an origin is missing or unknown.

    >>> nearly = Bounds(Fraction(65000), Fraction(70000), "convention", "printed", True, False)
    >>> print(nearly + Bounds.exact(10))
    [65010, 70010)
    >>> (nearly + Bounds.exact(10)).low_origin
    'convention'
    """

    low: Fraction | None
    high: Fraction | None
    low_origin: str | None = "printed"
    high_origin: str | None = "printed"
    low_included: bool = True
    high_included: bool = True

    def __post_init__(self) -> None:
        low, high = self.low, self.high
        for at, origin, name in ((low, self.low_origin, "low"), (high, self.high_origin, "high")):
            if at is None:  # an open end has neither origin nor a point to include
                object.__setattr__(self, f"{name}_origin", None)
                object.__setattr__(self, f"{name}_included", False)
            elif origin not in ORIGINS:
                raise ValueError(f"origin of the {name} end is {origin!r}, not one of {ORIGINS}")
        if low is None or high is None:
            return
        if low is high and self.low_included and self.high_included:
            return
        # In whole numbers: this is done for every figure, and comparing fractions is slow.
        width = high.numerator * low.denominator - low.numerator * high.denominator
        if width < 0:
            raise ValueError(f"low {low} is above high {high}")
        if width == 0 and not (self.low_included and self.high_included):
            raise ValueError(f"no number is at least and at most {low} with that excluded")

    @classmethod
    def exact(cls, number: Number, origin: str = "printed") -> Bounds:
        """The bounds of a number that is known exactly."""
        return cls(Fraction(number), Fraction(number), origin, origin)

    @classmethod
    def _of(cls, low: End, high: End) -> Bounds:
        least, most = (None if abs(end.at) == inf else Fraction(end.at) for end in (low, high))
        return cls(least, most, low.origin, high.origin, low.included, high.included)

    @property
    def _low(self) -> End:
        at = -inf if self.low is None else self.low
        return End(at, self.low_origin, self.low_included)

    @property
    def _high(self) -> End:
        at = inf if self.high is None else self.high
        return End(at, self.high_origin, self.high_included)

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    def __contains__(self, number: Number) -> bool:
        return self.overlaps(Bounds.exact(number))

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds._of(_plus(self._low, other._low), _plus(self._high, other._high))

    def __neg__(self) -> Bounds:
        low, high = self._low, self._high
        return Bounds._of(high._replace(at=-high.at), low._replace(at=-low.at))

    def __sub__(self, other: Bounds) -> Bounds:
        return self + -other

    def __mul__(self, other: Bounds) -> Bounds:
        products = [
            _times(a, b) for a in (self._low, self._high) for b in (other._low, other._high)
        ]
        # Of equal ends the included one counts: a point that is reached one way is reached.
        low = min(products, key=lambda e: (e.at, not e.included))
        high = max(products, key=lambda e: (e.at, e.included))
        return Bounds._of(low, high)

    def reciprocal(self) -> Bounds:
        """1 / self. Open where self reaches zero; ``ZeroDivisionError`` if it *is* zero."""
        if self.low == 0 and self.high == 0:
            raise ZeroDivisionError("division by bounds that are exactly zero")
        if self.low is None and self.high is None:
            return self
        if self._low.at < 0 < self._high.at:
            return Bounds(None, None)
        # Not across zero: 1/x falls, so the ends change places. An end at zero becomes open,
        # an open end becomes an unreachable zero of the same (natural) reason.
        return Bounds._of(_inverse(self._high, -inf), _inverse(self._low, inf))

    def __truediv__(self, other: Bounds) -> Bounds:
        return self * other.reciprocal()

    def clip(self, low: Number | None = None, high: Number | None = None) -> Bounds:
        """Apply the natural limits of a dimension; an end that they cut becomes ``natural``.

        >>> print(Bounds(Fraction(4, 5), None).clip(high=1))
        [4/5, 1]

        Raises ``ValueError`` if nothing is left: the figure contradicts its dimension.
        """
        new_low, new_high = self._low, self._high
        if low is not None and new_low.at < low:
            new_low = End(low, "natural", True)
        if high is not None and new_high.at > high:
            new_high = End(high, "natural", True)
        return Bounds._of(new_low, new_high)

    def without_conventions(self) -> Bounds:
        """The same with every end that rests on a convention opened (``strict``)."""
        low = None if self.low_origin == "convention" else self.low
        high = None if self.high_origin == "convention" else self.high
        return replace(self, low=low, high=high)

    def compare(self, other: Bounds) -> str:
        """``less``, ``greater``, ``equal`` or ``unknown``, for every real choice inside.

        >>> Bounds.exact(5).compare(Bounds(Fraction(5), None, low_included=False))
        'less'
        """
        if self.is_exact and other.is_exact and self.low == other.low:
            return "equal"
        if _apart(self._high, other._low):
            return "less"
        if _apart(other._high, self._low):
            return "greater"
        return "unknown"

    def overlaps(self, other: Bounds) -> bool:
        """Whether one number can lie in both."""
        return self.compare(other) in ("equal", "unknown")

    def __str__(self) -> str:
        left, right = "[" if self.low_included else "(", "]" if self.high_included else ")"
        low = "-inf" if self.low is None else self.low
        high = "inf" if self.high is None else self.high
        return f"{left}{low}, {high}{right}"


def _inverse(end: End, of_zero: float) -> End:
    if end.at == 0:
        return End(of_zero, None, False)
    if end.at in (inf, -inf):
        return End(Fraction(0), "natural", False)
    return End(1 / Fraction(end.at), end.origin, end.included)


def _apart(high: End, low: End) -> bool:
    """Whether every number up to `high` is less than every number from `low` on."""
    return high.at < low.at or (high.at == low.at and not (high.included and low.included))


def total(terms: Iterable[Bounds]) -> Bounds:
    """The sum; open where any term is open. The sum of nothing is exactly zero."""
    return sum(terms, start=Bounds.exact(0))


def share(part: Bounds, rest: Bounds) -> Bounds:
    """part / (part + rest) of two amounts: it grows with `part` and falls with `rest`.

    Each end is therefore reached at one pair of ends, written 1 / (1 + rest/part), and `part` is
    counted once. Amounts are not negative, so a low end below zero or open is taken as zero.
    Raises ``ValueError`` for an amount below zero, ``ZeroDivisionError`` if both are exactly zero.

    >>> print(share(Bounds.exact(1), Bounds(Fraction(1), Fraction(3))))
    [1/4, 1/2]
    """
    part, rest = part.clip(low=0), rest.clip(low=0)
    if part.high == 0 and rest.high == 0:
        raise ZeroDivisionError("the share of nothing in nothing")
    low, high = _ratio(part._low, rest._high), _ratio(part._high, rest._low)
    return Bounds._of(low, high).clip(0, 1)


def _ratio(part: End, rest: End) -> End:
    if part.at == 0:
        return End(Fraction(0), part.origin, part.included)
    if rest.at == inf:  # comes near zero, and is never it
        return End(Fraction(0), "natural", False)
    if part.at == inf or rest.at == 0:
        reached = rest.at == 0 and rest.included
        return End(Fraction(1), rest.origin if rest.at == 0 else "natural", reached)
    return _end(1 / (1 + rest.at / part.at), part, rest)


def growth(new: Bounds, old: Bounds) -> Bounds:
    """new / old - 1, so that `old` occurs once."""
    return new / old - Bounds.exact(1)
