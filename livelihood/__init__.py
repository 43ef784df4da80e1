"""Printed livelihood-project figures: read with their bounds, computed, drawn, shared.

>>> import livelihood
>>> livelihood.load("duji", 2019).observations["printed"].iloc[0]
'71亿元'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors, which do not follow __getattr__
    from livelihood.comparison import compare as compare
    from livelihood.explanation import explain as explain
    from livelihood.problems import DataError as DataError
    from livelihood.project import regions as regions
    from livelihood.project import years as years
    from livelihood.quantity import Quantity as Quantity
    from livelihood.quantity import QuantityError as QuantityError
    from livelihood.quantity import parse_quantity as parse_quantity
    from livelihood.release import Release as Release
    from livelihood.release import load as load
    from livelihood.report import Report as Report
    from livelihood.report import open_report as open_report
    from livelihood.search import find as find
    from livelihood.timeline import series as series
    from livelihood.trial import indicator as indicator

__version__ = "0.1.0"

_HOMES = {
    "DataError": "problems",
    "Quantity": "quantity",
    "QuantityError": "quantity",
    "Release": "release",
    "Report": "report",
    "compare": "comparison",
    "explain": "explanation",
    "find": "search",
    "indicator": "trial",
    "load": "release",
    "open_report": "report",
    "parse_quantity": "quantity",
    "regions": "project",
    "series": "timeline",
    "years": "project",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    """Import what is asked for when it is: a run that has nothing to do needs no pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module 'livelihood' has no attribute {name!r}")
    return getattr(import_module(f"livelihood.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
