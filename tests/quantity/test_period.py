"""Reference periods: in EDTF, and as a clerk writes them in a cell."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tables import rows

from livelihood.quantity.period import Period


@pytest.mark.parametrize(
    "case", rows(Path(__file__).with_name("periods.csv")), ids=lambda case: case["printed"]
)
def test_a_cell_is_read_into_edtf_or_refused(case):
    if not case["edtf"]:
        with pytest.raises(ValueError):
            Period.parse(case["printed"])
        return
    period = Period.parse(case["printed"])
    assert period.text == case["edtf"]
    assert Period.parse(period.text) == period


def test_days_and_length():
    half = Period.parse("2024年上半年")
    assert (half.first, half.last) == (date(2024, 1, 1), date(2024, 6, 30))
    open_end = Period.parse("2007年以来")
    length = open_end.years(programme_start=2007, printed_on=date(2020, 4, 6), release=2019)
    assert (open_end.last, length.low, length.low_origin) == (None, Fraction(13), "convention")
