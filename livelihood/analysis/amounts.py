"""Amounts: a number as formulas see it, with its bounds, unit, time and what it says of itself.

An amount has a ``value`` only where its source prints a number that lies inside its own bounds
(``1.27亿元``, ``约13万``). ``7万余`` or ``80%以上`` print an end, not a middle: what is computed
from them has bounds and no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import Definitions, Indicator, Item, Measure
from livelihood.project.paths import Region
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period
from livelihood.quantity.vocabulary import DIMENSIONS
from livelihood.release.census import nearest_count
from livelihood.release.observations import Observation

ONE = Bounds.exact(1)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say beside a number: a code of a message, with what goes into it.

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


def amount_of(figure: Observation, region: Region, release: int, strict: bool = False) -> Amount:
    """The amount of a printed figure; `strict` leaves the length of an open period open."""
    quantity = figure.quantity
    years = figure.period.years(
        programme_start=region.programme_start, printed_on=figure.source.day, release=release
    )
    inside = quantity.bounds.is_exact or quantity.value not in (quantity.low, quantity.high)
    return Amount(
        value=quantity.value if inside else None,
        bounds=quantity.bounds,
        unit=quantity.unit,
        period=figure.period,
        aggregation=figure.aggregation,
        population=figure.measure.population,
        years=years.without_conventions().clip(low=0) if strict else years,
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


# ---- what may be compared -----------------------------------------------------------------------


def kind_of(figure: Observation) -> tuple:
    """What decides whether two figures of a measure may be compared: equal kinds may.

    The dimension, then message codes with what is particular, in an order fit to be shown.
    """
    measure, last = figure.measure, figure.period.last
    kind: list[tuple] = [(figure.role,)] if figure.role else []
    kind.append(_span(figure))
    if figure.breakdown:
        kind.append(("series_breakdown", figure.breakdown))
    if measure.changed:
        after = last is None or last.year >= measure.changed.year
        kind.append(("series_after" if after else "series_before", measure.id))
    return measure.dimension, *kind


def _span(figure: Observation) -> tuple:
    period = figure.period
    if figure.aggregation != "total":
        return (figure.aggregation,)
    first, last = period.first, period.last
    if first is None or last is None:
        return ("series_open", period.text)
    days = (first.month, first.day, last.month, last.day)
    if days != (1, 1, 12, 31):
        within = first.year == last.year
        return ("series_part", *days) if within else ("series_between", period.text)
    count = last.year - first.year + 1
    return ("series_year",) if count == 1 else ("series_years", count)


def around(a: Period, b: Period) -> bool:
    """Whether the first time reaches around the second, as far as is printed."""
    starts = a.first is None or (b.first is not None and a.first <= b.first)
    ends = a.last is None or (b.last is not None and a.last >= b.last)
    return starts and ends


# ---- indicators that every measure has without a definition --------------------------------------

TARGET = "@target"  # marks the target of the same measure
COMPARABLE = "@comparable"  # marks the latest earlier figure of it that may be compared
RESIDENTS = "resident_population"
PER = 10_000  # residents
_ALREADY = re.compile("每|人均|户均|千人|万人")  # the printed name says that it is per head
_COUNTED = {"person", "person_time", "household", "couple", "home", "count"}
_SIZES = {"area", "length", "mass", "volume"}
_NOT_PER_HEAD = {"programme", "population"}


def automatic_indicators(printed: Iterable[Measure], known: Definitions) -> dict[str, Indicator]:
    """The automatic indicators of the printed measures, by id."""
    used = {id for i in known.indicators.values() for id in i.input_ids}
    grown = {i.inputs["measure"][0] for i in known.indicators.values() if i.kind == "growth"}
    completed = {i.inputs["actual"][0] for i in known.indicators.values() if i.kind == "completion"}
    found: dict[str, Indicator] = {}
    for measure in printed:
        if measure.id not in completed:
            inputs = {"actual": (measure.id,), "target": (measure.id + TARGET,)}
            found |= _made(measure, "completion", inputs)
        if measure.id not in grown and measure.dimension not in ("change", "percentage_point"):
            inputs = {"measure": (measure.id,), "earlier": (measure.id + COMPARABLE,)}
            found |= _made(measure, "growth", inputs)
        apart = measure.sector in _NOT_PER_HEAD or measure.dimension in _SIZES
        if measure.id not in used and RESIDENTS in known.measures and not apart:
            found |= per_head(measure, measure.dimension)
    return found


def _made(
    measure: Item, kind: str, inputs: Mapping[str, tuple[str, ...]], per: int = 1
) -> dict[str, Indicator]:
    id = f"{measure.id}@{kind}"
    code = f"automatic_{kind}" if per == 1 else "automatic_per_10000"
    label = {lang: say(code, lang, name=measure.label[lang]) for lang in LANGUAGES}
    made = Indicator(id, measure.sector, kind, label, per, inputs=inputs, automatic=True)
    return {id: made}


def per_head(item: Item, dimension: str) -> dict[str, Indicator]:
    """Money for each resident, what is counted or measured for so many; nothing of rates."""
    if _ALREADY.search(item.label["zh"]):
        return {}
    inputs = {"measure": (item.id,), "population": (RESIDENTS,)}
    if dimension == "money":
        return _made(item, "per_head", inputs)
    return _made(item, "per_head", inputs, PER) if dimension in _COUNTED | _SIZES else {}
