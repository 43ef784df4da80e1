"""Printed quantities read from tables: one row of ``tests/cases/*.csv`` is one case."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from livelihood.quantity import parse_quantity

CASES = Path(__file__).parent / "cases"


def rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell):
    return Fraction(cell) if cell else None


@pytest.mark.parametrize("case", rows("duji-2019.csv"), ids=lambda c: c["printed"])
def test_gold(case):
    quantity = parse_quantity(case["printed"], case["dimension"] or None)
    assert quantity.value == number(case["value"])
    assert quantity.step == number(case["step"])
    assert (quantity.low, quantity.high) == (number(case["low"]), number(case["high"]))
    assert (quantity.unit, quantity.qualifier) == (case["unit"], case["qualifier"])
