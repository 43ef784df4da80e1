"""Printed livelihood-project figures: read with their bounds, computed, drawn, shared.

>>> import livelihood
>>> livelihood.load("duji", 2019).observations["printed"].iloc[0]
'71亿元'
"""

__version__ = "0.1.0"

from livelihood.comparison import compare
from livelihood.explanation import explain
from livelihood.problems import DataError
from livelihood.project import regions, years
from livelihood.quantity import Quantity, QuantityError, parse_quantity
from livelihood.release import Release, load
from livelihood.report import Report, open_report
from livelihood.search import find
from livelihood.timeline import series
from livelihood.trial import indicator

__all__ = [
    "DataError",
    "Quantity",
    "QuantityError",
    "Release",
    "Report",
    "compare",
    "explain",
    "find",
    "indicator",
    "load",
    "open_report",
    "parse_quantity",
    "regions",
    "series",
    "years",
]
