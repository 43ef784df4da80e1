"""A release: the figures that were printed for one year of one region, read and cleaned.

A release is a folder ``data/<region>/<year>/``, read by :mod:`livelihood.release.observations`.
Problems are
raised together; a release is either read whole or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import pandas as pd

from livelihood.analysis import formulas, frames
from livelihood.analysis.formulas import (
    Amount,
    Result,
    amount_of,
    census_amount,
    compute_all,
    resting_on,
)
from livelihood.analysis.series import Dated, timeline
from livelihood.display.format import as_float
from livelihood.display.messages import LANGUAGES, DataError, Problem, say
from livelihood.display.table import Table
from livelihood.project.definitions import EARLIER, Definitions, read_definitions
from livelihood.project.files import strays
from livelihood.project.paths import (
    Region,
    find_project,
    read_region,
    region_folder,
    release_folder,
)
from livelihood.release.census import check_census
from livelihood.release.observations import Folder, Observation, counted, read_folder
from livelihood.release.sources import Source, read_census_sources

OBSERVATION_COLUMNS = [
    "region", "release", "sector", "measure", "breakdown", "printed", "value", "low", "high",
    "low_origin", "high_origin", "qualifier", "unit", "period", "aggregation", "status", "source",
    "locator", "note",
]  # fmt: skip
INDICATOR_COLUMNS = [
    "region", "release", "sector", "indicator", "value", "low", "high", "unit", "period", "inputs",
    "status", "note",
]  # fmt: skip


@dataclass(frozen=True, repr=False)
class Release:
    """The figures of one region and year, with the indicators computed from them.

    An analyst works with the frames `observations`, `indicators`, `checks` and `sources`.
    `figures` are this release's observations, `reference` the region's standing denominators
    (towns, subdistricts); both are tuples of :class:`Observation` with exact fractions.
    """

    region: Region
    year: int
    language: str
    documents: dict[str, Source]
    figures: tuple[Observation, ...]
    reference: tuple[Observation, ...]
    project: Path
    definitions: Definitions = field(repr=False)

    @property
    def title(self) -> str:
        """City, district and year in words."""
        city, name = self.region.city[self.language], self.region.name[self.language]
        return f"{say('place', self.language, city=city, name=name)} · {self.year}"

    def __repr__(self) -> str:
        return repr(frames.summary(self))

    def _repr_html_(self) -> str:
        return frames.summary(self)._repr_html_()

    @cached_property
    def observations(self) -> Table:
        """Tidy observations, one a figure, in base units (columns: OBSERVATION_COLUMNS)."""
        rows = [self._row(figure) for figure in self.figures]
        return frames.observations(pd.DataFrame(rows, columns=OBSERVATION_COLUMNS), self)

    def _row(self, figure: Observation) -> tuple:
        quantity = figure.quantity
        return (
            self.region.id, self.year, figure.measure.sector, figure.measure.id, figure.breakdown,
            figure.printed, as_float(quantity.value), as_float(quantity.low),
            as_float(quantity.high), quantity.low_origin or "", quantity.high_origin or "",
            quantity.qualifier, quantity.unit, figure.period.text, figure.aggregation,
            figure.status, figure.source.id, figure.locator, figure.note.get(self.language, ""),
        )  # fmt: skip

    def figure(self, id: str) -> Observation | None:
        """The printed figure that the number of a measure is read from, words and all.

        It is this release's, else the reference's; of ``id@earlier`` that of the latest earlier
        release. ``None`` for what is computed or is a count of the census.

        >>> load("duji", 2019).figure("rural_basic_pension_funds").printed
        '3343万元'
        """
        if id.endswith(EARLIER):
            dated = self._earlier.get(id.removesuffix(EARLIER))
            return dated.figure if dated else None
        return self._printed.get(id)

    @cached_property
    def _printed(self) -> dict[str, Observation]:
        # The census nearest to the year goes before the region's own bulletin of one census.
        standing = {id: f for id, f in counted(self.reference).items() if id not in self._census}
        return {**standing, **counted(self.figures)}

    @cached_property
    def _earlier(self) -> dict[str, Dated]:
        """Of each measure, the figure of the latest earlier release that prints it."""
        before = [d for d in self.timeline if d.release < self.year]
        years = sorted({d.release for d in before})
        return {
            id: Dated(year, figure)
            for year in years
            for id, figure in counted(d.figure for d in before if d.release == year).items()
        }

    @cached_property
    def _census(self) -> dict[str, Amount]:
        counts = {
            id: census_amount(measure, self.region.code, self.year, self.project)
            for id, measure in self.definitions.measures.items()
            if measure.census
        }
        return {id: amount for id, amount in counts.items() if amount is not None}

    @cached_property
    def amounts(self) -> dict[str, Amount]:
        """What indicators are computed from, by measure: this release, else reference, census."""
        grown = {
            i.inputs["measure"][0]
            for i in self.definitions.indicators.values()
            if i.kind == "growth"
        }
        printed = {
            id: amount_of(figure, self.region, self.year) for id, figure in self._printed.items()
        }
        return {**self.earlier_amounts(grown), **self._census, **printed}

    def earlier_amounts(self, measures: Collection[str]) -> dict[str, Amount]:
        """What growth is a change from: each measure in the latest earlier release of it."""
        if not self.printed_measures.intersection(measures):
            return {}  # and no other release is read
        return {
            id + EARLIER: amount_of(dated.figure, self.region, dated.release)
            for id, dated in self._earlier.items()
            if id in measures
        }

    @cached_property
    def timeline(self) -> list[Dated]:
        """The figures of all releases of the region, this one's included."""
        return timeline(self.region.id, self.project)

    @cached_property
    def computed(self) -> dict[str, Result]:
        """Every indicator that can be computed, those that rest on denominators alone included."""
        return compute_all(self.amounts, self.definitions)

    @cached_property
    def known(self) -> dict[str, Amount]:
        """Every number at hand by id: printed, denominators, and all that follows from them."""
        return {**self.amounts, **{id: r.amount for id, r in self.computed.items()}}

    @cached_property
    def results(self) -> dict[str, Result]:
        """Each indicator that rests on a figure of this release, with exact bounds and notes."""
        return resting_on(self.computed, self.printed_measures, self.definitions)

    @property
    def printed_measures(self) -> frozenset[str]:
        """The measures that this release itself prints."""
        return frozenset(figure.measure.id for figure in self.figures if figure.is_result)

    @property
    def date(self) -> date:
        """The day of the youngest document with figures: the data's own date."""
        dates = [figure.source.date for figure in (*self.figures, *self.reference)]
        return max([f.source.date for f in self.figures] or dates or [date(self.year, 12, 31)])

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over the files of the region, the census and the definitions: names, bytes."""
        folders = [
            self.project / "data" / name for name in (self.region.id, "census", "definitions")
        ]
        files = sorted(f for folder in folders for f in folder.rglob("*") if f.is_file())
        digest = sha256()
        for file in files:
            digest.update(file.relative_to(self.project).as_posix().encode() + b"\0")
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @cached_property
    def indicators(self) -> Table:
        """Indicators with bounds, in the units they name (columns: INDICATOR_COLUMNS)."""
        meaning = self.definitions.indicators
        rows = [
            (
                self.region.id, self.year, meaning[id].sector, id, as_float(result.amount.value),
                as_float(result.amount.bounds.low), as_float(result.amount.bounds.high),
                result.amount.unit, result.amount.period.text, ", ".join(meaning[id].input_ids),
                result.amount.status, result.amount.note(self.language, self.definitions),
            )
            for id, result in self.results.items()
        ]  # fmt: skip
        return frames.indicators(pd.DataFrame(rows, columns=INDICATOR_COLUMNS), self)

    @cached_property
    def checks(self) -> Table:
        """The figures held against each other (columns:
        livelihood.analysis.checks.FINDING_COLUMNS)."""
        return frames.checks(self)

    @property
    def sources(self) -> Table:
        """The documents, one a row: `source` (id), `title`, `publisher`, `date`, `url`."""
        return frames.sources(self)


def _check_kinds(meaning: Definitions) -> None:
    """Raise if an indicator or a check has not what its kind takes."""
    from livelihood.analysis import checks

    if problems := [*formulas.kind_problems(meaning), *checks.kind_problems(meaning)]:
        raise DataError(problems)


def _census_problems(project: Path, meaning: Definitions) -> Iterator[Problem]:
    """What is wrong with the census, which every release is held against."""
    used = {m.census for m in meaning.measures.values() if m.census}
    for read in (lambda: check_census(project, used), lambda: read_census_sources(project)):
        try:
            read()
        except DataError as error:
            yield from error.problems


def load(
    region: str, year: int, language: str | None = None, project: Path | None = None
) -> Release:
    """Read a release; `language` (zh, en) is that of its notes, the region's own by default.

    Files that have changed since they were last read are read again. Raises ``DataError`` with
    every problem found in them, or naming the regions and years there are.

    >>> release = load("duji", 2019)
    >>> release.observations.shape
    (65, 19)
    >>> release.indicators.set_index("indicator").loc["rural_pension_per_person", "value"].round()
    np.float64(1013.0)
    """
    project = project or find_project()
    folder = release_folder(region, year, project)
    about = read_region(region, project)
    language = language or about.language
    if language not in LANGUAGES:
        words = {"found": language, "expected": ", ".join(LANGUAGES)}
        raise DataError([Problem("no_language", "livelihood", words=words)])
    meaning = read_definitions(project, region)
    _check_kinds(meaning)
    own = read_folder(folder, project, meaning)
    place = region_folder(region, project) / "reference"
    standing = read_folder(place, project, meaning) if place.is_dir() else Folder()
    problems = (
        *strays(folder.parent, project),
        *own.problems,
        *standing.problems,
        *_census_problems(project, meaning),
    )
    if problems:
        raise DataError({p.text(): p for p in problems}.values())
    return Release(
        region=about,
        year=year,
        language=language,
        documents={**standing.sources, **own.sources},
        figures=own.figures,
        reference=standing.figures,
        project=project,
        definitions=meaning.with_measures(f.measure for f in own.figures),
    )
