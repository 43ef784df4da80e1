"""Amounts: a number as formulas see it, with its bounds, unit, time and what it says of itself.

An amount has a ``value`` only where its source prints a number that lies inside its own bounds
(``1.27亿元``, ``约13万``). ``7万余`` or ``80%以上`` print an end, not a middle: what is computed
from them has bounds and no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from livelihood.project.definitions import Measure
from livelihood.project.paths import Region
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period
from livelihood.quantity.vocabulary import DIMENSIONS
from livelihood.release.census import nearest_count
from livelihood.release.observations import Observation

ONE = Bounds.exact(1)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say beside a number: a code of messages.toml, with what goes into it.

    A word is a period, bounds, a text, or a vocabulary and an id of it.
    """

    code: str
    status: str = "A"
    words: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as formulas see it; `value` is ``None`` where its words print only an end.

    `years` is the length of its period; `notes` are what it says of itself, and they travel on
    to whatever is computed from it.
    """

    value: Fraction | None
    bounds: Bounds
    unit: str
    period: Period
    aggregation: str
    population: str = ""
    years: Bounds = ONE
    notes: tuple[Note, ...] = ()

    @property
    def status(self) -> str:
        """SDMX observation status: A normal, D definition differs, E estimated."""
        found = {note.status for note in self.notes}
        return next((s for s in ("D", "E") if s in found), "A")


def amount_of(figure: Observation, region: Region, release: int) -> Amount:
    """The amount of a printed figure."""
    quantity = figure.quantity
    inside = quantity.bounds.is_exact or quantity.value not in (quantity.low, quantity.high)
    return Amount(
        value=quantity.value if inside else None,
        bounds=quantity.bounds,
        unit=quantity.unit,
        period=figure.period,
        aggregation=figure.aggregation,
        population=figure.measure.population,
        years=figure.period.years(
            programme_start=region.programme_start, printed_on=figure.source.date, release=release
        ),
    )


def census_amount(measure: Measure, code: str, year: int, project: Path) -> Amount | None:
    """The amount of a census denominator for a division, from the census nearest to `year`."""
    found = nearest_count(code, measure.census, year, project)
    if found is None:
        return None
    count, census_year = found
    return Amount(
        value=Fraction(count),
        bounds=Bounds.exact(count),
        unit=DIMENSIONS[measure.dimension]["unit"],
        period=Period.parse(f"{census_year}-11-01"),
        aggregation="stock",
        population=measure.population,
    )
