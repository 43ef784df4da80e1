"""Interval arithmetic: every real choice inside the inputs lands inside the result."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from livelihood.quantity.bounds import ORIGINS, Bounds, growth, share, total

LARGE = 10**400  # beyond any float


def make(low, high, ends, origins, part):
    """Bounds, and a number that lies in them, often at or near an end.

    `ends` says which ends are open and which are excluded, `part` how far along the number is.
    """
    low, high = sorted([Fraction(low, 12), Fraction(high, 12)])
    included = [bool(ends & 1), bool(ends & 2)] if low < high else [True, True]
    box = Bounds(
        None if ends & 12 == 12 else low, None if ends & 48 == 48 else high, *origins, *included
    )
    low = low - 7 if box.low is None else low
    high = high + 7 if box.high is None else high
    number = low + (high - low) * part
    assume(number in box)
    return box, number


def chosen(smallest=-600, largest=600):
    return st.builds(
        make,
        st.integers(smallest, largest),
        st.integers(smallest, largest),
        st.integers(0, 63),
        st.sampled_from([(a, b) for a in ORIGINS for b in ORIGINS]),
        st.sampled_from([0, Fraction(1, 10**6), Fraction(1, 3), Fraction(9, 10), 1]),
    )


@given(chosen(), chosen())
def test_sum_difference_product_hold_every_choice(a, b):
    (box_a, x), (box_b, y) = a, b
    assert x + y in box_a + box_b
    assert x - y in box_a - box_b
    assert x * y in box_a * box_b


@given(chosen(), chosen())
def test_quotient_holds_every_choice(a, b):
    (box_a, x), (box_b, y) = a, b
    assume(y != 0)
    assert x / y in box_a / box_b
    assert x / y - 1 in growth(box_a, box_b)


@given(chosen(0), chosen(0))
def test_share_and_rate_hold_every_choice(a, b):
    (part, x), (rest, y) = a, b
    assume(x >= 0 and y >= 0 and x + y > 0)
    assert x / (x + y) in share(part, rest)
    assume(y > 0)
    assert x / y * 1000 in part / rest * Bounds.exact(1000)


@given(st.lists(chosen(), max_size=3))
def test_total_holds_every_choice_and_is_open_where_a_term_is(terms):
    result = total(box for box, _ in terms)
    assert sum(number for _, number in terms) in result
    assert (result.low is None) == any(box.low is None for box, _ in terms)
    assert (result.high is None) == any(box.high is None for box, _ in terms)


@given(chosen(-LARGE, LARGE), chosen(-LARGE, LARGE))
def test_numbers_too_large_for_a_float(a, b):
    (box_a, x), (box_b, y) = a, b
    assert x + y in box_a + box_b
    assert x * y in box_a * box_b


@given(chosen(), chosen())
def test_comparison_is_never_wrong(a, b):
    (box_a, x), (box_b, y) = a, b
    answer = box_a.compare(box_b)
    assert answer != "less" or x < y
    assert answer != "greater" or x > y
    assert answer != "equal" or x == y
    assert box_b.compare(box_a) == {"less": "greater", "greater": "less"}.get(answer, answer)
    assert box_a.overlaps(box_b) == (answer in ("equal", "unknown"))


@given(chosen())
def test_strict_opens_conventions_and_nothing_else(choice):
    box, number = choice
    strict = box.without_conventions()
    assert number in strict
    assert strict.low == (None if box.low_origin == "convention" else box.low)
    assert strict.high == (None if box.high_origin == "convention" else box.high)


@given(chosen(), chosen())
def test_origin_of_a_sum_is_the_weaker_one(a, b):
    box_a, box_b = a[0], b[0]
    result = box_a + box_b
    if result.low is not None:
        expected = max((box_a.low_origin, box_b.low_origin), key=ORIGINS.index)
        assert result.low_origin == expected


def box(low, high, *rest):
    return Bounds(
        None if low is None else Fraction(low), None if high is None else Fraction(high), *rest
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Bounds.exact(100) / box(5, None), "(0, 20]"),  # divided by "at least": at most
        (Bounds.exact(100) / box(0, 5), "[20, inf)"),
        (Bounds.exact(100) / box(-1, 5), "(-inf, inf)"),
        (Bounds.exact(1) / box(None, -2), "[-1/2, 0)"),
        (box(1, None) + box(None, 3), "(-inf, inf)"),
        (Bounds.exact(0) * box(1, None), "[0, 0]"),
        (box(1, 2) * box(3, 4, "printed", "implied", True, False), "[3, 8)"),
        (share(box(0, 3), Bounds.exact(5)), "[0, 3/8]"),
        (share(box(2, 4), box(2, 4)), "[1/3, 2/3]"),
        (share(box(1, None), box(1, 1)), "[1/2, 1)"),
        (share(box(1, 1), box(0, None)), "(0, 1]"),
        (share(box(1, 1), box(None, 3)), "[1/4, 1]"),
        (growth(box(110, 120), box(100, 100)), "[1/10, 1/5]"),
    ],
)
def test_worked_examples(result, expected):
    assert str(result) == expected


def test_natural_limits():
    assert str(box("4/5", None).clip(0, 1)) == "[4/5, 1]"
    assert box("4/5", None).clip(0, 1).high_origin == "natural"
    assert box("4/5", None).clip(0, 1).low_origin == "printed"
    with pytest.raises(ValueError):
        box("3/2", 2).clip(0, 1)
    with pytest.raises(ValueError):  # above 100 %, of a share: nothing is left
        box(1, None, "printed", None, False).clip(0, 1)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: box(2, 1),
        lambda: box(1, 1, "printed", "printed", True, False),
        lambda: box(1, 2, "guessed"),
        lambda: box(1, 2, None),
    ],
)
def test_bounds_that_cannot_be(broken):
    with pytest.raises(ValueError):
        broken()


def test_division_by_exactly_zero():
    with pytest.raises(ZeroDivisionError):
        Bounds.exact(1) / Bounds.exact(0)
    with pytest.raises(ZeroDivisionError):
        share(Bounds.exact(0), Bounds.exact(0))
