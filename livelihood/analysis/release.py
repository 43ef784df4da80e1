"""A release: the figures that were printed for one year of one region, read and cleaned.

A release is a folder ``data/<region>/<year>/``, read by :mod:`livelihood.release.observations`.
Problems are raised together; a release is either read whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.analysis import checks, formulas, frames
from livelihood.analysis.amounts import (
    COMPARABLE,
    TARGET,
    Amount,
    amount_of,
    around,
    automatic_indicators,
    census_amount,
    kind_of,
)
from livelihood.analysis.checks import Evidence, Finding
from livelihood.analysis.formulas import Result, compute_all, roots
from livelihood.analysis.frames import Line
from livelihood.display.messages import DataError, Language, Problem, known_language, noting, say
from livelihood.project.definitions import EARLIER, Definitions, read_definitions
from livelihood.project.files import strays, while_unchanged
from livelihood.project.paths import (
    Edition,
    Region,
    find_project,
    read_region,
    regions_with,
    release_folder,
    which_release,
    years,
)
from livelihood.release.census import check_census
from livelihood.release.observations import (
    Dated,
    Folder,
    Observation,
    counted,
    files_of,
    read_folder,
    timeline,
)
from livelihood.release.sources import Source, read_census_sources

if TYPE_CHECKING:
    from livelihood.display.table import Table


@dataclass(frozen=True, repr=False)
class Release:
    """The figures of one region and year, with the indicators computed from them.

    An analyst works with the frames `observations`, `indicators`, `checks` and `sources`.
    `figures` are this release's observations, `reference` the region's standing denominators
    (towns, subdistricts); both are tuples of :class:`Observation` with exact fractions.
    """

    region: Region
    year: int
    language: Language
    documents: dict[str, Source]
    figures: tuple[Observation, ...]
    reference: tuple[Observation, ...]
    project: Path
    definitions: Definitions

    @property
    def strict(self) -> bool:
        """Whether ends that rest on a convention of this project are left open."""
        return self.definitions.strict

    @property
    def title(self) -> str:
        """City, district and year in words."""
        return f"{self.region.place(self.language)} · {self.year}"

    def __dir__(self) -> list[str]:
        """What an analyst types Tab for; the rest is for whoever builds on a release."""
        tables = ["observations", "indicators", "checks", "sources"]
        return [*tables, "figure", "language", "region", "title", "year"]

    def __repr__(self) -> str:
        return repr(self._summary)

    def _repr_mimebundle_(self, **how: object) -> dict[str, str]:
        return self._summary._repr_mimebundle_(**how)

    @property
    def _summary(self) -> Table:
        """How many figures and indicators it has on each sector that it prints something of."""
        printed = Counter(figure.measure.sector for figure in self.figures)
        made = Counter(result.indicator.sector for result in self.results.values())
        rows = [
            {"sector": id, "name": sector.label[self.language], "figures": figures, "indicators": n}
            for id, sector in self.definitions.sectors.items()
            if (figures := printed[id]) + (n := made[id])
        ]
        lines = [(row, tuple(row.values())[1:]) for row in rows]
        heads = ("sector", "figures", "indicators")
        return self._frame(lines, ["sector", "name", *heads[1:]], self.title, heads)

    def _frame(
        self, lines: Iterable[Line], columns: list[str], caption: str, heads: tuple
    ) -> Table:
        place = {"region": self.region.id, "release": self.year}
        placed = [({**place, **row}, cells) for row, cells in lines]
        return frames.frame(placed, columns, caption, heads, self.language)

    @cached_property
    def observations(self) -> Table:
        """Tidy observations, one a figure, in base units (columns: OBSERVATION_COLUMNS)."""
        lines = [frames.figure_line(figure, self.language) for figure in self.figures]
        caption = say("coverage", self.language, year=self.year, count=len(lines))
        return self._frame(lines, frames.OBSERVATION_COLUMNS, caption, frames.FIGURE_HEADS)

    def figure(self, id: str) -> Observation | None:
        """The printed figure that the number of a measure is read from, words and all.

        It is this release's, else the reference's; of ``id@earlier`` that of the latest earlier
        release, of ``id@target`` the target. ``None`` for what is computed or a count of a census.

        >>> load("duji", 2019).figure("rural_basic_pension_funds").printed
        '3343万元'
        """
        dated = self._dated.get(id)
        return dated.figure if dated else None

    @cached_property
    def _dated(self) -> dict[str, Dated]:
        """What numbers are read from, of which release: by measure, and by it with a mark.

        A target counts if its time reaches around that of the result.
        """
        own, standing = counted(self.figures), counted(self.reference)
        targets = {
            f.measure.id + TARGET: Dated(self.year, f)
            for f in self.figures
            if f.role == "target"
            and not f.breakdown
            and f.measure.id in own
            and around(f.period, own[f.measure.id].period)
        }
        comparable = {id + COMPARABLE: self.comparable(figure) for id, figure in own.items()}
        earlier = {
            id + EARLIER: Dated(year, figure)  # of the latest that prints it
            for year in sorted({d.release for d in self._before})
            for id, figure in counted(d.figure for d in self._before if d.release == year).items()
        }
        # The census nearest to the year goes before the region's own bulletin of one census.
        printed = {
            id: f for id, f in {**standing, **own}.items() if id in own or id not in self._census
        }
        return {
            **earlier,
            **targets,
            **{id: dated for id, dated in comparable.items() if dated},
            **{id: Dated(self.year, figure) for id, figure in printed.items()},
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
        read = {id: self._amount(dated.figure, dated.release) for id, dated in self._dated.items()}
        return {**self._census, **read}

    def _amount(self, figure: Observation, release: int) -> Amount:
        return amount_of(figure, self.region, release, self.strict)

    def comparable(self, figure: Observation) -> Dated | None:
        """The latest figure of an earlier release that a figure may be compared with."""
        found = [
            d
            for d in self._before
            if d.figure.measure.id == figure.measure.id
            and d.figure.period.text != figure.period.text
            and d.figure.quantity.bounds.low != 0
            and kind_of(d.figure) == kind_of(figure)
        ]
        return found[-1] if found else None

    @cached_property
    def timeline(self) -> list[Dated]:
        """The figures of all releases of the region, this one's included."""
        return timeline(self.region.id, self.project, self.strict)

    @cached_property
    def _before(self) -> list[Dated]:
        return [dated for dated in self.timeline if dated.release < self.year]

    @cached_property
    def computed(self) -> dict[str, Result]:
        """Every indicator that can be computed, those of denominators alone included."""
        return compute_all(self.amounts, self.definitions)

    @cached_property
    def known(self) -> dict[str, Amount]:
        """Every number at hand by id: printed, denominators, and all that follows from them."""
        return {**self.amounts, **{id: r.amount for id, r in self.computed.items()}}

    @cached_property
    def results(self) -> dict[str, Result]:
        """Each indicator that depends on a figure of this release, with exact bounds and notes."""
        own, meaning = self.printed_measures, self.definitions
        return {id: r for id, r in self.computed.items() if own.intersection(roots(id, meaning))}

    @property
    def printed_measures(self) -> frozenset[str]:
        """The measures that this release itself prints."""
        return frozenset(figure.measure.id for figure in self.figures if figure.is_result)

    @property
    def date(self) -> date:
        """The day of the youngest document with figures: the data's own date."""
        figures = self.figures or self.reference
        return max((f.source.day for f in figures), default=date(self.year, 12, 31))

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
    def evidence(self) -> Evidence:
        """What the release's own figures are checked with."""
        printed = {id: dated.figure for id, dated in self._dated.items()}
        earlier = tuple(dated.figure for dated in self._before)
        about = (self.region, self.project, self.definitions)
        return Evidence(*about, self.known, self.figures, printed, earlier)

    @cached_property
    def reference_evidence(self) -> Evidence:
        """The standing denominators alone, so that a bulletin is checked in itself."""
        printed = counted(self.reference)
        amounts = {id: self._amount(f, self.year) for id, f in printed.items()}
        results = compute_all(amounts, self.definitions)
        known = {**amounts, **{id: r.amount for id, r in results.items()}}
        about = (self.region, self.project, self.definitions)
        return Evidence(*about, known, self.reference, printed)

    @cached_property
    def findings(self) -> list[Finding]:
        """How the checks of the release's own figures come out, doubts first."""
        return checks.find(self.evidence)

    @cached_property
    def indicators(self) -> Table:
        """Indicators with bounds, in the units they name (columns: INDICATOR_COLUMNS)."""
        language, meaning = self.language, self.definitions
        lines = [frames.result_line(result, language, meaning) for result in self.results.values()]
        caption = say("indicator_table", language)
        return self._frame(lines, frames.INDICATOR_COLUMNS, caption, frames.RESULT_HEADS)

    @cached_property
    def checks(self) -> Table:
        """The figures compared with each other (columns: FINDING_COLUMNS)."""
        language, meaning = self.language, self.definitions
        lines = [frames.finding_line(finding, language, meaning) for finding in self.findings]
        caption = say("checks" if lines else "checks_none", language, count=len(lines))
        return self._frame(lines, frames.FINDING_COLUMNS, caption, frames.FINDING_HEADS)

    @property
    def sources(self) -> Table:
        """The documents, one a row: `source` (id), `title`, `publisher`, `date`, `url`."""
        columns = ["source", "title", "publisher", "date", "url"]
        documents = self.documents.values()
        cells = [(s.id, s.title, s.publisher, s.date, s.url) for s in documents]
        lines: list[Line] = [(dict(zip(columns, c, strict=True)), c) for c in cells]
        heads = ("id", "title", "publisher", "date", "address")
        return self._frame(lines, columns, say("sources", self.language), heads)


def load(
    region: str | None = None,
    year: int | str | None = None,
    language: Language | None = None,
    project: Path | None = None,
    *,
    strict: bool = False,
) -> Release:
    """Read a release: by default of the region that a run begins with, and its newest.

    `language` (zh, en) is that of its notes, the region's own by default. `strict` leaves open what
    words such as 近 and 约 do not say, in its figures and in all that is computed from them.

    Files that have changed since they were last read are read again. Raises ``DataError`` with
    every problem found in them, or naming the regions and years there are.

    >>> release = load("duji", 2019)
    >>> release.observations.shape
    (65, 21)
    >>> release.indicators.set_index("indicator").loc["rural_pension_per_person", "value"].round()
    np.float64(1013.0)
    >>> load("duji", 2019, strict=True).figure("resident_pension_insured").quantity.bounds.low
    Fraction(0, 1)
    """
    project = project or find_project()
    region, year = which_release(region, year, project)
    release_folder(region, year, project)  # or say which there are
    language = known_language(language or read_region(region, project).language)
    kept = read_edition(Edition(region, year, language, strict), project)
    found = copy(kept)
    for name in vars(kept).keys() & {"observations", "indicators", "checks"}:
        vars(found)[name] = vars(kept)[name].copy(deep=False)
    return found


def read_edition(edition: Edition, project: Path) -> Release:
    """What :func:`load` copies: kept, with all that was computed of it, until a file changes.

    A file is one that the release, or another of the region, can be read from. Whoever has a copy
    may change its frames; those of this one stay.
    """
    files = files_of(edition.region, project)
    return while_unchanged((edition, project), files, lambda: _read(edition, project))


def _read(edition: Edition, project: Path) -> Release:
    about = read_region(edition.region, project)
    meaning = read_definitions(project, about.id, edition.strict)
    if unfit := [*formulas.kind_problems(meaning), *checks.kind_problems(meaning)]:
        raise DataError(unfit)
    folder = release_folder(about.id, edition.year, project)
    own = read_folder(folder, project, meaning)
    place = folder.with_name("reference")
    standing = read_folder(place, project, meaning) if place.is_dir() else Folder()
    problems = [*strays(folder.parent, project), *own.problems, *standing.problems]
    with noting(problems):  # of the census, which every release is compared with
        check_census(project, {m.census for m in meaning.measures.values() if m.census})
    with noting(problems):
        read_census_sources(project)
    if problems:
        raise DataError({p.text(): p for p in problems}.values())
    measures = {f.measure.id: f.measure for f in own.figures}.values()
    more = meaning.with_measures([*measures, *(f.measure for f in standing.figures)])
    return Release(
        region=about,
        year=edition.year,
        language=edition.language,
        documents={**standing.sources, **own.sources},
        figures=own.figures,
        reference=standing.figures,
        project=project,
        definitions=more.with_indicators(automatic_indicators(measures, meaning)),
    )


def check_all(
    project: Path, region: str | None = None, year: int | None = None
) -> tuple[dict[str, tuple[Release, list[Finding]]], list[Problem]]:
    """The findings of every release (or those asked for) by name, and what cannot be read.

    The standing denominators of a region are checked once, beside its releases. ``DataError`` if
    the region or year is unknown.
    """
    found: dict[str, tuple[Release, list[Finding]]] = {}
    problems: list[Problem] = []
    for name in [region] if region is not None else regions_with(year, project):
        for wanted in [year] if year is not None else years(name, project):
            with noting(problems):
                release = load(name, wanted, project=project)
                if year is None and release.reference:
                    standing = f"{name} reference"
                    found.setdefault(standing, (release, checks.find(release.reference_evidence)))
                found[f"{name} {wanted}"] = (release, release.findings)
    return found, list({p.text(): p for p in problems}.values())
