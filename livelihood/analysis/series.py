"""A measure through time: the observations of all releases, and which of them may be compared.

Two figures of a measure may be compared if they are of one *kind*: totals of a year with totals
of a year, the same months with the same months, stocks with stocks, plans with plans. A year
beside a total since 2007, half a year, persons beside person-times, or two sides of a change of
scheme are of different kinds; they are lined up apart, with the reason. Nothing is annualised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.analysis.frames import figure_row, frame, kind_words, where
from livelihood.display.format import as_float, unit_words
from livelihood.display.messages import DataError, Problem, say, suggestion
from livelihood.project.definitions import read_definitions
from livelihood.project.editions import default_region
from livelihood.project.paths import find_project, read_region
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period
from livelihood.release.observations import Dated, Observation, timeline

if TYPE_CHECKING:
    import pandas as pd

SERIES_COLUMNS = [
    "region",
    "release",
    "measure",
    "printed",
    "value",
    "low",
    "high",
    "low_origin",
    "high_origin",
    "unit",
    "period",
    "first",
    "last",
    "aggregation",
    "role",
    "status",
    "group",
    "reason",
    "source",
    "locator",
    "note",
]
REVISION_COLUMNS = [
    "measure",
    "period",
    "old_release",
    "old",
    "new_release",
    "new",
    "difference_low",
    "difference_high",
    "old_source",
    "new_source",
]


def kind_of(figure: Observation) -> tuple:
    """What decides whether two figures of a measure may be compared: equal kinds may.

    A tuple of message codes with their words, in an order that is fit to be shown.
    """
    measure = figure.measure
    kind: list[tuple] = [(figure.role,)] if figure.role else []
    kind.append(_span(figure))
    if figure.breakdown:
        kind.append(("series_breakdown", figure.breakdown))
    if measure.changed:
        last = figure.period.last
        after = last is None or last.year >= measure.changed.year
        kind.append(("series_after" if after else "series_before", measure.id))
    kind.append(("series_unit", measure.dimension))
    return tuple(kind)


def _span(figure: Observation) -> tuple:
    period = figure.period
    if figure.aggregation != "total":
        return ("series_aggregation", figure.aggregation)
    first, last = period.first, period.last
    if first is None or last is None:
        return ("series_open", period.text)
    if (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
        inside = first.year == last.year
        months = (first.month, first.day, last.month, last.day)
        return ("series_part", *months) if inside else ("series_between", period.text)
    count = last.year - first.year + 1
    return ("series_year",) if count == 1 else ("series_years", count)


def around(a: Period, b: Period) -> bool:
    """Whether the first time reaches around the second, as far as is printed."""
    starts = a.first is None or (b.first is not None and a.first <= b.first)
    ends = a.last is None or (b.last is not None and a.last >= b.last)
    return starts and ends


def series(
    measure: str,
    region: str | Sequence[str] | None = None,
    language: str | None = None,
    project: Path | None = None,
) -> pd.DataFrame:
    """A measure through time, one row an observation, in the order of the reference periods.

    Several regions stand in one table: figures that their sheets name differently are of one
    measure where the catalogue says so.

    Columns: SERIES_COLUMNS, in base units; rows with the same `group` may be compared, and where
    there are several groups `reason` says what each is. Measures that the definitions call
    related stand in groups of their own. ``DataError`` if the measure or region is unknown.

    >>> table = series("people_safe_water", "duji", "en")
    >>> table[["release", "printed", "group"]].values.tolist()
    [[2010, '1.35万人', 1], [2014, '1.844万人', 2], [2019, '13万人', 3]]
    >>> table["reason"].iloc[1]
    'planned; 2014-01–2014-06, less than a year'
    """
    project = project or find_project()
    regions = [region or default_region(project)] if isinstance(region, str | None) else [*region]
    lines = {place: timeline(place, project) for place in regions}
    known = {d.figure.measure.id: d.figure.measure for line in lines.values() for d in line}
    for place in regions:
        known |= read_definitions(project, place).measures
    if measure not in known:
        words = {"found": measure, "expected": suggestion(measure, known)}
        raise DataError([Problem("no_name", "livelihood", words=words)])
    language = language or read_region(regions[0], project).language
    wanted = (measure, *known[measure].related)
    placed = [(p, d) for p, line in lines.items() for d in line if d.figure.measure.id in wanted]
    placed.sort(key=lambda f: (_end(f[1].figure.period), wanted.index(f[1].figure.measure.id)))
    dated = [d for _, d in placed]
    groups = group(d.figure for d in dated)
    apart = len(set(groups)) > 1
    rows = (
        {
            **figure_row(d.figure, language),
            "region": place,
            "release": d.release,
            "group": number,
            "reason": _reason(d.figure, measure, language) if apart else "",
        }
        for (place, d), number in zip(placed, groups, strict=True)
    )
    return frame(rows, SERIES_COLUMNS)


def group(figures: Iterable[Observation]) -> list[int]:
    """The number of each figure's group, counted from 1 in the order of appearance."""
    seen: dict[tuple, int] = {}
    return [seen.setdefault((f.measure.id, kind_of(f)), len(seen) + 1) for f in figures]


def _end(period: Period) -> date:
    return period.last or date.max


def _reason(figure: Observation, measure: str, language: str) -> str:
    words = kind_words(kind_of(figure), figure, language)
    if figure.measure.id == measure:
        return words
    unit = unit_words(figure.quantity.unit, language)
    other = say("series_other", language, name=figure.measure.label[language], unit=unit)
    return say("between_parts", language).join((other, words))


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that a later release prints differently for the same reference period."""

    old: Dated
    new: Dated

    @property
    def difference(self) -> Bounds:
        """New less old, with bounds."""
        return self.new.figure.quantity.bounds - self.old.figure.quantity.bounds


def revisions(region: str, project: Path | None = None) -> list[Revision]:
    """What later releases print differently for the same measure, period and kind."""
    latest: dict[tuple, Dated] = {}
    found = []
    for dated in timeline(region, project):
        figure = dated.figure
        key = (figure.measure.id, figure.period.text, kind_of(figure))
        before = latest.get(key)
        changed = before and before.figure.quantity.bounds != figure.quantity.bounds
        if before and changed and before.release < dated.release:
            found.append(Revision(before, dated))
        latest[key] = dated
    return found


def revision_frame(found: Iterable[Revision]) -> pd.DataFrame:
    """Revisions, one a row, in base units (columns: REVISION_COLUMNS)."""
    rows = (
        {
            "measure": r.new.figure.measure.id,
            "period": r.new.figure.period.text,
            "old_release": r.old.release,
            "old": r.old.figure.printed,
            "new_release": r.new.release,
            "new": r.new.figure.printed,
            "difference_low": as_float(r.difference.low),
            "difference_high": as_float(r.difference.high),
            "old_source": where(r.old.figure),
            "new_source": where(r.new.figure),
        }
        for r in found
    )
    return frame(rows, REVISION_COLUMNS)
