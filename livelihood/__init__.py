"""Printed livelihood-project figures: read with their bounds, computed, drawn, shared.

>>> import livelihood
>>> livelihood.load("duji", 2019).observations["printed"].iloc[0]
'71亿元'
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "DataError": "problems",
    "Quantity": "quantity",
    "QuantityError": "quantity",
    "Release": "release",
    "Report": "report",
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
