"""Which figures a page tells of: its own, a result beside its target, a figure beside an earlier
one, the largest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from livelihood.analysis.release import Release
from livelihood.project.definitions import OVERVIEW
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Observation


def figures_of(release: Release, sector: str) -> tuple[Observation, ...]:
    """The figures of a sector's page.

    >>> from livelihood import load
    >>> len(figures_of(load("duji", 2019), "culture"))
    3
    """
    page_of = release.definitions.page_of
    return tuple(f for f in release.figures if page_of(f.measure.sector) == sector)


def told_of(release: Release, sector: str) -> tuple[Observation, ...]:
    """The figures that a page's key points may tell: on the overview and the front, all."""
    return release.figures if sector in ("", OVERVIEW) else figures_of(release, sector)


def years_with(release: Release, sector: str) -> list[int]:
    """The other releases of the region that print something on a sector."""
    page_of = release.definitions.page_of
    found = {d.release for d in release.timeline if page_of(d.figure.measure.sector) == sector}
    return sorted(found - {release.year})


def row_id(figure: Observation) -> str:
    """The name of a figure's row on its page: its measure's, for the result itself.

    >>> from livelihood import load
    >>> row_id(load("duji", 2019).figures[0])
    'livelihood_expenditure_total'
    """
    parts = [figure.measure.id, *(p for p in (figure.breakdown, figure.role) if p)]
    return "-".join("-".join(parts).split())


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a result is to its target: the rate, and the figures that say so."""

    rate: Bounds
    value: Fraction | None
    done: Observation | None
    target: Observation | None = None
    printed: Observation | None = None


def reached(figures: Sequence[Observation], rates_of: dict[str, str]) -> list[Reached]:
    """Each result with its target, or with the rate that the source itself prints.

    `rates_of` has the measure of each rate that is printed as a measure of its own.
    """
    results = {(f.measure.id, f.breakdown, f.period.text): f for f in figures if not f.role}
    latest = {(f.measure.id, f.breakdown): f for f in results.values()}
    found: dict[tuple[str, str], Reached] = {}
    for f in figures:
        key = (rates_of.get(f.measure.id, f.measure.id), f.breakdown)
        if f.role == "completion" or (f.measure.id in rates_of and not f.role):
            done = results.get((*key, f.period.text))
            found[key] = Reached(f.quantity.bounds, f.quantity.value, done, printed=f)
        elif f.role == "target" and (whole := f.quantity.value) and key in latest:
            done = latest[key]
            if _alike(done, f):
                value = done.quantity.value and done.quantity.value / whole
                rate = done.quantity.bounds / f.quantity.bounds
                found.setdefault(key, Reached(rate, value, done, f))
    return list(found.values())


def _alike(figure: Observation, other: Observation) -> bool:
    return figure.quantity.unit == other.quantity.unit


def largest(figures: Iterable[Observation]) -> list[Observation]:
    """Figures with the largest first."""
    return sorted(figures, key=size, reverse=True)


def size(figure: Observation) -> Fraction:
    """What a figure is at least, to put the weightiest first."""
    return first_of(figure.quantity.value, figure.quantity.bounds)


def first_of(value: Fraction | None, bounds: Bounds) -> Fraction:
    """A number by which to sort: the value, else the end that is known."""
    known = (x for x in (value, bounds.low, bounds.high) if x is not None)
    return next(known, Fraction(0))
