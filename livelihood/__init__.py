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

_HOMES = {
    "census": "analysis.comparison",
    "compare": "analysis.comparison",
    "describe": "report.charts.figure",
    "error_bars": "report.charts.rows",
    "explain": "analysis.explanation",
    "find": "analysis.search",
    "indicator": "analysis.explanation",
    "indicators": "analysis.series",
    "load": "analysis.release",
    "observations": "analysis.series",
    "open_report": "report.report",
    "parse_quantity": "quantity.parse",
    "regions": "project.paths",
    "series": "analysis.series",
    "style": "report.charts.figure",
    "years": "project.paths",
}
__all__ = list(_HOMES)
_TYPES = {  # what these give or raise: Tab after ``livelihood.`` need not show them
    "DataError": "display.messages",
    "Quantity": "quantity.parse",
    "QuantityError": "quantity.parse",
    "Release": "analysis.release",
    "Report": "report.report",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is: a run that has nothing to do needs no pandas."""
    home = _HOMES.get(name) or _TYPES.get(name)
    if home is None:
        raise AttributeError(f"module 'livelihood' has no attribute {name!r}")
    try:
        return getattr(import_module(f"livelihood.{home}"), name)
    except AttributeError as error:  # Python would hide it behind "cannot import name"
        raise ImportError(f"a library is broken or shadowed: {error}") from error


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
