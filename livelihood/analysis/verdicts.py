"""Two bounds held against each other: consistent, inconsistent, or not determinable."""

from __future__ import annotations

from fractions import Fraction

from livelihood.quantity.bounds import Bounds

VERDICTS = ("inconsistent", "not_determinable", "consistent")  # in the order they are shown


def same(a: Bounds, b: Bounds) -> str:
    """Whether two bounds can be of one number; an open side that overlaps proves nothing.

    >>> same(Bounds.exact(26), Bounds.exact(26)), same(Bounds.exact(26), Bounds(Fraction(20), None))
    ('consistent', 'not_determinable')
    """
    if not a.overlaps(b):
        return "inconsistent"
    ends = (a.low, a.high, b.low, b.high)
    return "not_determinable" if None in ends else "consistent"


def at_most(a: Bounds, b: Bounds) -> str:
    """Whether a number of the first bounds is at most one of the second."""
    if a.high is not None and b.low is not None and a.high <= b.low:
        return "consistent"
    return "inconsistent" if a.compare(b) == "greater" else "not_determinable"


def inside(a: Bounds, low: Fraction, high: Fraction) -> str:
    """Whether bounds lie in a range, beside it, or across its edge."""
    limits = Bounds(low, high)
    if not a.overlaps(limits):
        return "inconsistent"
    within = a.low is not None and a.high is not None and a.low >= low and a.high <= high
    return "consistent" if within else "not_determinable"
