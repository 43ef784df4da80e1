"""Printed livelihood-project figures: read with their bounds, computed, drawn, shared.

>>> import livelihood
>>> livelihood.load("duji", 2019).observations["printed"].iloc[0]
'71亿元'
"""

__version__ = "0.1.0"

from livelihood.problems import DataError
from livelihood.project import regions, years
from livelihood.quantity import Quantity, QuantityError, parse_quantity
from livelihood.release import Release, load
from livelihood.report import Report, open_report
from livelihood.timeline import series

__all__ = [
    "DataError",
    "Quantity",
    "QuantityError",
    "Release",
    "Report",
    "load",
    "open_report",
    "parse_quantity",
    "regions",
    "series",
    "years",
]
