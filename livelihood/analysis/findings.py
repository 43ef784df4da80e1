"""What a check compares and what comes of it: two sides, and one of three verdicts.

``inconsistent``      no two numbers inside the bounds agree
``not_determinable``  a side is missing, open, of another time, or too wide to tell
``consistent``        the two sides agree within their bounds
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from livelihood.analysis.amounts import Amount, Note
from livelihood.analysis.formulas import roots
from livelihood.project.definitions import Check, Definitions
from livelihood.project.paths import Region
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Observation

VERDICTS = ("inconsistent", "not_determinable", "consistent")  # in the order they are shown


def same(a: Bounds, b: Bounds) -> str:
    """Whether two bounds can be of one number; an open side that overlaps proves nothing.

    >>> same(Bounds.exact(26), Bounds.exact(26)), same(Bounds.exact(26), Bounds(Fraction(20), None))
    ('consistent', 'not_determinable')
    """
    if not a.overlaps(b):
        return "inconsistent"
    ends = (a.low, a.high, b.low, b.high)
    return "not_determinable" if None in ends else "consistent"


def at_most(a: Bounds, b: Bounds) -> str:
    """Whether a number of the first bounds is at most one of the second."""
    if a.high is not None and b.low is not None and a.high <= b.low:
        return "consistent"
    return "inconsistent" if a.compare(b) == "greater" else "not_determinable"


def inside(a: Bounds, low: Fraction, high: Fraction) -> str:
    """Whether bounds lie in a range, beside it, or across its edge."""
    limits = Bounds(low, high)
    if not a.overlaps(limits):
        return "inconsistent"
    within = a.low is not None and a.high is not None and a.low >= low and a.high <= high
    return "consistent" if within else "not_determinable"


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side: bounds with their unit, of what, and where they are from.

    `id` is a measure or indicator, `figure` the printed figure that is one; `parts` are sides
    of which this is the quotient. A side of none of these is a range that the check states.
    Behind the bounds are printed `figures` and the counts of `censuses` (years).
    """

    bounds: Bounds
    unit: str
    value: Fraction | None = None
    id: str = ""
    figure: Observation | None = None
    parts: tuple[Side, ...] = ()
    figures: tuple[Observation, ...] = ()
    censuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """How a check came out: the verdict, both sides, and what to add to the check's own reason."""

    check: Check
    sector: str
    verdict: str
    left: Side
    right: Side
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What checks may use: numbers by id, the figures behind them, and those of earlier releases.

    `figures` are those that are checked, `printed` the one behind each known measure.
    """

    region: Region
    project: Path
    definitions: Definitions
    known: Mapping[str, Amount]
    figures: tuple[Observation, ...]
    printed: Mapping[str, Observation]
    earlier: tuple[Observation, ...] = ()

    def has(self, *ids: str) -> bool:
        """Whether all are known, and one of them depends on a figure that is checked."""
        own = {figure.measure.id for figure in self.figures if figure.is_result}
        under = {root for id in ids for root in roots(id, self.definitions)}
        return all(id in self.known for id in ids) and bool(own & under)

    def side(self, id: str) -> Side:
        """A measure or indicator as one side of a check."""
        if id in self.printed:
            return figure_side(self.printed[id])
        amount, under = self.known[id], roots(id, self.definitions)
        counts = {i for i in under if i in self.known and i not in self.printed}
        return Side(
            amount.bounds,
            amount.unit,
            amount.value,
            id,
            figures=tuple(self.printed[i] for i in under if i in self.printed),
            censuses=tuple(sorted({self.known[i].period.text[:4] for i in counts})),
        )


def figure_side(figure: Observation) -> Side:
    """A printed figure as one side."""
    bounds, unit = figure.quantity.bounds, figure.quantity.unit
    return Side(bounds, unit, None, figure.measure.id, figure, figures=(figure,))


def quotient_side(parts: Iterable[Side], bounds: Bounds, unit: str) -> Side:
    """Several sides as one, part ÷ total, with the bounds that they give together."""
    sides = tuple(parts)
    return Side(
        bounds,
        unit,
        bounds.low if bounds.is_exact else None,
        parts=sides,
        figures=tuple(figure for side in sides for figure in side.figures),
        censuses=tuple(year for side in sides for year in side.censuses),
    )
