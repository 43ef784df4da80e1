"""Printed livelihood-project figures: read with their bounds, computed, drawn, shared.

>>> import livelihood
>>> livelihood.load("duji", 2019).observations["printed"].iloc[0]
'71亿元'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors, which do not follow __getattr__
    from livelihood.analysis.comparison import census as census
    from livelihood.analysis.comparison import compare as compare
    from livelihood.analysis.explanation import explain as explain
    from livelihood.analysis.explanation import indicator as indicator
    from livelihood.analysis.release import Release as Release
    from livelihood.analysis.release import load as load
    from livelihood.analysis.search import find as find
    from livelihood.analysis.series import indicators as indicators
    from livelihood.analysis.series import observations as observations
    from livelihood.analysis.series import series as series
    from livelihood.display.messages import DataError as DataError
    from livelihood.project.paths import regions as regions
    from livelihood.project.paths import years as years
    from livelihood.quantity.parse import Quantity as Quantity
    from livelihood.quantity.parse import QuantityError as QuantityError
    from livelihood.quantity.parse import parse_quantity as parse_quantity
    from livelihood.report.charts.figure import describe as describe
    from livelihood.report.charts.figure import style as style
    from livelihood.report.charts.rows import error_bars as error_bars
    from livelihood.report.report import Report as Report
    from livelihood.report.report import open_report as open_report

__version__ = "0.1.0"

_MODULES = {
    "analysis.comparison": "census compare",
    "analysis.explanation": "explain indicator",
    "analysis.release": "Release load",
    "analysis.search": "find",
    "analysis.series": "indicators observations series",
    "display.messages": "DataError",
    "project.paths": "regions years",
    "quantity.parse": "Quantity QuantityError parse_quantity",
    "report.charts.figure": "describe style",
    "report.charts.rows": "error_bars",
    "report.report": "Report open_report",
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names.split()}
# Types are what these give or raise: Tab after ``livelihood.`` need not show them.
__all__ = sorted(name for name in _HOMES if name.islower())


def __getattr__(name: str) -> object:
    """Import what is asked for when it is: a run that has nothing to do needs no pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module 'livelihood' has no attribute {name!r}")
    try:
        return getattr(import_module(f"livelihood.{_HOMES[name]}"), name)
    except AttributeError as error:  # Python would hide it behind "cannot import name"
        raise ImportError(f"a library is broken or shadowed: {error}") from error


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
