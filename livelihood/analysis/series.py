"""The observations of all releases, and which of them may be compared.

Two figures of a measure may be compared if they are of one *kind*: totals of a year with totals
of a year, the same months with the same months, stocks with stocks, plans with plans. A year
beside a total since 2007, half a year, persons beside person-times, or two sides of a change of
scheme are of different kinds; they are lined up apart, with the reason. Nothing is annualised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.analysis import frames
from livelihood.analysis.amounts import kind_of
from livelihood.analysis.formulas import roots
from livelihood.analysis.release import Release, load
from livelihood.analysis.search import all_definitions, id_of
from livelihood.display.format import unit_words
from livelihood.display.messages import LANGUAGES, Language, known_language, say
from livelihood.project.definitions import Definitions
from livelihood.project.paths import (
    default_region,
    find_project,
    read_region,
    regions_with,
    release_folder,
    which_release,
    years,
)
from livelihood.release.observations import Dated, Observation, timeline

if TYPE_CHECKING:
    from livelihood.display.table import Table

Names = str | Sequence[str] | None
LONG_COLUMNS = [*frames.OBSERVATION_COLUMNS, "first", "last", "group", "reason"]
LONG_INDICATOR_COLUMNS = [*frames.INDICATOR_COLUMNS, "group", "reason"]


def observations(
    name: Names = None,
    region: Names = None,
    year: int | str | None = None,
    language: Language | None = None,
    project: Path | None = None,
    *,
    strict: bool = False,
) -> Table:
    """The figures of all releases, one a row; only of some measures, regions or a year, if named.

    `name` and `region` are one or several; names are ids or labels. Columns: LONG_COLUMNS, those
    of a release's observations and a few more. Rows of one `group` may be compared; where a
    measure has several, `reason` says what each is. To pivot or draw by them keeps eleven months
    from standing beside thirteen years. A release that cannot be read yet (a draft) is left out:
    ``livelihood check`` says why. ``DataError`` if a name, region, year or language is unknown.
    `strict` is that of :func:`livelihood.load`.

    >>> found = observations("people_safe_water", "duji", language="en")
    >>> found.pivot(index=["label", "reason"], columns="release", values="value").shape
    (3, 3)
    """
    asked = _asked(region, year, language, project, strict)
    wanted = _ids(name, replace(asked.definitions, indicators={}))
    lines = sorted(asked.figures(wanted), key=lambda line: wanted.index(line.name))
    caption = say("all_figures", asked.language, count=len(lines))
    return asked.table(lines, LONG_COLUMNS, frames.FIGURE_HEADS, caption)


def indicators(
    name: Names = None,
    region: Names = None,
    year: int | str | None = None,
    language: Language | None = None,
    project: Path | None = None,
    *,
    strict: bool = False,
) -> Table:
    """The indicators of all releases, one a row; only some, of some regions or a year, if named.

    As :func:`livelihood.observations`. Columns: LONG_INDICATOR_COLUMNS, those of a release's
    indicators and `group`, `reason`: rows of one group come from figures of one kind each.

    >>> found = indicators("rural_dibao_spending", "duji", language="en")
    >>> found[["release", "group"]].values.tolist(), found["reason"].iloc[-1]
    ([[2010, 1], [2014, 2], [2019, 3]], 'yearly average')
    """
    asked = _asked(region, year, language, project, strict)
    loaded = asked.loaded()
    known = {id: i for release in loaded for id, i in release.definitions.indicators.items()}
    wanted = _ids(name, replace(asked.definitions, measures={}, indicators=known))
    lines = [_result_line(id, r) for id in wanted for r in loaded if id in r.results]
    caption = say("all_indicators", asked.language, count=len(lines))
    return asked.table(lines, LONG_INDICATOR_COLUMNS, frames.RESULT_HEADS, caption)


def series(
    name: str,
    region: Names = None,
    year: int | str | None = None,
    language: Language | None = None,
    project: Path | None = None,
    *,
    strict: bool = False,
) -> Table:
    """A measure or an indicator through time, in the order of the reference periods.

    As :func:`livelihood.observations` of one measure, or :func:`livelihood.indicators` of one
    indicator, but of one region if none is named. Figures that the sheets of several regions name
    differently are of one measure where the catalogue says so. Measures that the definitions call
    related stand in groups of their own.

    >>> table = series("people_safe_water", "duji", language="en")
    >>> table[["release", "printed", "group"]].values.tolist()
    [[2010, '1.35万人', 1], [2014, '1.844万人', 2], [2019, '13万人', 3]]
    >>> table["reason"].iloc[1]
    'planned; 2014-01–2014-06, less than a year'
    """
    if year in LANGUAGES:  # the language stood here before there was a year
        year, language = None, known_language(str(year))
    region = region or default_region(project)
    asked = _asked(region, year, language, project, strict)
    meaning = asked.definitions
    id = name if "@" in name else id_of(name, meaning)
    if id not in meaning.measures:
        return indicators(id, region, year, language, project, strict=strict)
    measure = meaning.measures[id]
    lines = asked.figures((id, *measure.related), about=id)
    caption = say("series", asked.language, name=measure.label[asked.language])
    return asked.table(lines, LONG_COLUMNS, frames.FIGURE_HEADS, caption)


def series_rows(id: str, release: Release) -> list[frames.Row]:
    """The rows of :func:`series` of a measure in the region of a release, without a frame."""
    years = [(release.region.id, dated.release) for dated in release.timeline]
    asked = _Asked(release.project, years, release.language, release.strict)
    related = release.definitions.measures[id].related
    rows = asked.grouped(asked.figures((id, *related), about=id))
    return [{column: row[column] for column in LONG_COLUMNS} for row in rows]


def _ids(name: Names, meaning: Definitions) -> list[str]:
    if not name:
        return [*meaning.items]
    return [id_of(each, meaning) for each in ([name] if isinstance(name, str) else name)]


def _asked(
    region: Names,
    year: int | str | None,
    language: Language | None,
    project: Path | None,
    strict: bool,
) -> _Asked:
    """The releases of all regions or those named, of all years or one; ``DataError``."""
    project = project or find_project()
    region = region or regions_with(year or None, project)
    places = [region] if isinstance(region, str) else region
    found = [
        which_release(place, each, project)
        for place in places
        for each in ([year] if year else years(place, project))
    ]
    for one in found:
        release_folder(*one, project)  # or say which there are
    first = found[0][0] if found else default_region(project)
    language = known_language(language or read_region(first, project).language)
    return _Asked(project, found, language, strict)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a long frame: rows of a `name` are in one group if they are of one `kind`."""

    region: str
    release: int
    name: str
    kind: Hashable
    words: str
    row: frames.Row
    cells: tuple


@dataclass(frozen=True, slots=True)
class _Asked:
    """The releases (region, year) that a long frame is of, and how they are read and worded."""

    project: Path
    releases: list[tuple[str, int]]
    language: Language
    strict: bool

    @property
    def regions(self) -> list[str]:
        return list(dict(self.releases))

    @property
    def definitions(self) -> Definitions:
        return all_definitions(self.project, self.regions)

    def figures(self, wanted: Sequence[str], about: str = "") -> list[_Line]:
        """The figures of measures in the order of their times, then of the measures."""
        order, releases = {id: n for n, id in enumerate(wanted)}, set(self.releases)
        found = [
            (dated.figure.period.last or date.max, order[dated.figure.measure.id], region, dated)
            for region in self.regions
            for dated in timeline(region, self.project, self.strict)
            if dated.figure.measure.id in order and (region, dated.release) in releases
        ]
        found.sort(key=itemgetter(0, 1))
        return [_figure_line(region, dated, self.language, about) for *_, region, dated in found]

    def loaded(self) -> list[Release]:
        """The releases that can be read, with what is computed from them."""
        readable = {(r, d.release) for r in self.regions for d in timeline(r, self.project)}
        return [
            load(*each, self.language, self.project, strict=self.strict)
            for each in self.releases
            if each in readable
        ]

    def table(
        self, lines: Sequence[_Line], wanted: Sequence[str], heads: Sequence[str], caption: str
    ) -> Table:
        """The frame of these rows, with their release and group shown beside them."""
        names = {region: read_region(region, self.project).name for region in self.regions}
        made: list[frames.Line] = []
        for line, row in zip(lines, self.grouped(lines), strict=True):
            release = f"{names[line.region][self.language]} {line.release}"
            cells = (*line.cells, release, (str(row["group"]), row["reason"]))
            made.append((row, cells))
        return frames.frame(made, wanted, caption, (*heads, "release", "group"), self.language)

    def grouped(self, lines: Sequence[_Line]) -> list[frames.Row]:
        """Rows with their groups, counted from 1, and the reason where a name has several."""
        groups: dict[Hashable, dict[str, None]] = {}  # the words of each, in order
        for line in lines:
            groups.setdefault(line.kind, {})[line.words] = None
        numbers = {kind: number for number, kind in enumerate(groups, 1)}
        several = Counter({line.kind: line.name for line in lines}.values())
        rows = []
        for line in lines:
            number, (words, *others) = numbers[line.kind], groups[line.kind]
            if others:  # they differ by the year alone
                words = say("series_each_year", self.language, words=words)
            reason = words if several[line.name] > 1 else ""
            place = {"region": line.region, "release": line.release}
            rows.append({**line.row, **place, "group": number, "reason": reason})
        return rows


def _figure_line(region: str, dated: Dated, language: str, about: str) -> _Line:
    """A figure; in a series `about` a measure another one stands apart."""
    figure = dated.figure
    id, kind, words = figure.measure.id, kind_of(figure), frames.kind_words(figure, language)
    if about and about != id:
        unit = unit_words(figure.quantity.unit, language)
        other = say("series_other", language, name=figure.measure.label[language], unit=unit)
        words = say("between_parts", language).join((other, words))
    line = frames.figure_line(figure, language)
    return _Line(region, dated.release, about or id, (id, kind), words, *line)


def _result_line(id: str, release: Release) -> _Line:
    language, behind = release.language, _figures_behind(id, release)
    kinds = [frames.kind_words(figure, language) for figure in behind]
    if count := _years_between(behind):
        kinds.append(say("years_between", language, count=count))
    words = say("between_parts", language).join(dict.fromkeys(kinds))
    line = frames.result_line(release.results[id], language, release.definitions)
    return _Line(release.region.id, release.year, id, comparable_kind(id, release), words, *line)


def comparable_kind(id: str, release: Release) -> Hashable:
    """What decides whether two numbers may be compared: equal kinds may."""
    if figure := release.figure(id):
        return id, kind_of(figure)
    amount, behind = release.known[id], _figures_behind(id, release)
    return id, amount.unit, amount.aggregation, _years_between(behind), *map(kind_of, behind)


def _figures_behind(id: str, release: Release) -> list[Observation]:
    found = (release.figure(root) for root in roots(id, release.definitions))
    return [figure for figure in found if figure]


def _years_between(figures: Sequence[Observation]) -> int:
    """How far apart the times of one measure are, which growth is over."""
    times: dict[str, list[int]] = {}
    for figure in figures:
        if figure.is_result and figure.period.last:
            times.setdefault(figure.measure.id, []).append(figure.period.last.year)
    return max((max(years) - min(years) for years in times.values()), default=0)


def revisions(printed: Iterable[Dated]) -> list[tuple[Dated, Dated]]:
    """What later releases print differently for the same measure, period and kind: old, new."""
    latest: dict[tuple, Dated] = {}
    found = []
    for dated in printed:
        figure = dated.figure
        key = (figure.measure.id, figure.period.text, kind_of(figure))
        before = latest.get(key)
        changed = before and before.figure.quantity.bounds != figure.quantity.bounds
        if before and changed and before.release < dated.release:
            found.append((before, dated))
        latest[key] = dated
    return found
