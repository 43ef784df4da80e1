"""Numbers as readers see them."""

import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from livelihood.display.format import bounds_words
from livelihood.quantity.bounds import Bounds

ENDS = st.fractions(Fraction(1, 10**6), 10**5)


@given(ENDS, ENDS)
def test_bounds_are_shown_rounded_outward_and_never_by_more_than_a_hundredth(one, other):
    low, high = sorted((one, other))
    shown = re.findall("[0-9.]+", bounds_words(Bounds(low, high), "", "en").replace(",", ""))
    first, last = Fraction(shown[0]), Fraction(shown[-1])
    assert (first <= low and high <= last) or low == high
    assert low - first <= low / 100 and last - high <= high / 100
