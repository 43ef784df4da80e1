"""Reading the tables of cases in ``tests/cases``."""

import csv
from fractions import Fraction
from pathlib import Path

CASES = Path(__file__).parent / "cases"


def rows(name):
    """The rows of a table, as dictionaries."""
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell):
    """An exact number, ``None`` for an empty cell."""
    return Fraction(cell) if cell else None
