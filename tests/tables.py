"""Reading a table of cases, which stands beside its test."""

import csv
from fractions import Fraction


def rows(path):
    """The rows of a table, as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell):
    """An exact number, ``None`` for an empty cell."""
    return Fraction(cell) if cell else None
