"""A release: the figures that were printed for one year of one region, read and cleaned.

``data/<region>/<year>/figures.csv`` holds one printed figure a row, ``sources.toml`` the
documents. Reading collects every problem with its file, row and column and raises them together;
a release is either read whole or not at all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import pandas as pd

from livelihood.definitions import EARLIER, Measure, definitions
from livelihood.indicators import Amount, Result, amount_of, census_amount, compute_all, resting_on
from livelihood.period import Period
from livelihood.problems import LANGUAGES, DataError, Problem, suggestion
from livelihood.project import (
    Region,
    check_table,
    find_project,
    read_region,
    read_toml,
    region_folder,
    release_folder,
    years,
)
from livelihood.quantity import Quantity, QuantityError, parse_quantity

REQUIRED = ("measure", "printed", "period", "aggregation", "source", "locator")
OPTIONAL = ("breakdown", "status", "plan", "note", "note_en")

OBSERVATION_COLUMNS = [
    "region", "release", "sector", "measure", "breakdown", "printed", "value", "low", "high",
    "low_origin", "high_origin", "qualifier", "unit", "period", "aggregation", "status", "source",
    "locator", "note",
]  # fmt: skip
INDICATOR_COLUMNS = [
    "region", "release", "sector", "indicator", "value", "low", "high", "unit", "period", "inputs",
    "status", "note",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A document that figures were printed in."""

    id: str
    title: str
    publisher: str
    date: date
    url: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One printed figure: what it measures, what it says, of which time, and where it stands."""

    measure: Measure
    quantity: Quantity
    period: Period
    aggregation: str
    source: Source
    locator: str
    breakdown: str = ""
    status: str = "A"
    plan: str = ""
    note: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """The figures of one region and year, with the indicators computed from them.

    `figures` are this release's observations, `reference` the region's standing denominators
    (towns, subdistricts); both are tuples of :class:`Observation` with exact fractions.
    """

    region: Region
    year: int
    language: str
    sources: dict[str, Source]
    figures: tuple[Observation, ...]
    reference: tuple[Observation, ...]
    project: Path

    @cached_property
    def observations(self) -> pd.DataFrame:
        """Tidy observations, one a figure, in base units (columns: OBSERVATION_COLUMNS)."""
        rows = [self._row(figure) for figure in self.figures]
        return pd.DataFrame(rows, columns=OBSERVATION_COLUMNS)

    def _row(self, figure: Observation) -> tuple:
        quantity = figure.quantity
        return (
            self.region.id, self.year, figure.measure.sector, figure.measure.id, figure.breakdown,
            quantity.text, as_float(quantity.value), as_float(quantity.low),
            as_float(quantity.high), quantity.low_origin or "", quantity.high_origin or "",
            quantity.qualifier, quantity.unit, figure.period.text, figure.aggregation,
            figure.status, figure.source.id, figure.locator, figure.note.get(self.language, ""),
        )  # fmt: skip

    @cached_property
    def amounts(self) -> dict[str, Amount]:
        """What indicators are computed from, by measure: this release, else reference, census."""
        meaning = definitions().measures
        counts = (
            (id, census_amount(measure, self.region.code, self.year, self.project))
            for id, measure in meaning.items()
            if measure.census
        )
        amounts = {id: amount for id, amount in counts if amount is not None}
        for figure in (*self.reference, *self.figures):
            if not figure.breakdown and not figure.plan:
                amounts[figure.measure.id] = amount_of(figure, self.region, self.year)
        return {**self._earlier_amounts(), **amounts}

    def _earlier_amounts(self) -> dict[str, Amount]:
        """What growth is held against: each grown measure in the latest earlier release of it."""
        grown = {i.inputs["measure"][0] for i in definitions().indicators.values()
                 if i.kind == "growth"}  # fmt: skip
        found: dict[str, Amount] = {}
        if not grown & self.printed_measures:
            return found
        for year in years(self.region.id, self.project):
            if year < self.year:
                earlier = load(self.region.id, year, self.language, self.project)
                amounts = {f.measure.id: amount_of(f, self.region, year) for f in earlier.figures}
                found |= {id + EARLIER: a for id, a in amounts.items() if id in grown}
        return found

    @cached_property
    def _computed(self) -> dict[str, Result]:
        return compute_all(self.amounts)

    @cached_property
    def known(self) -> dict[str, Amount]:
        """Every number at hand by id: printed, denominators, and all that follows from them."""
        return {**self.amounts, **{id: r.amount for id, r in self._computed.items()}}

    @cached_property
    def results(self) -> dict[str, Result]:
        """Each indicator that rests on a figure of this release, with exact bounds and notes."""
        return resting_on(self._computed, self.printed_measures)

    @property
    def printed_measures(self) -> frozenset[str]:
        """The measures that this release itself prints."""
        return frozenset(figure.measure.id for figure in self.figures)

    @property
    def date(self) -> date:
        """The day of the youngest document with figures: the data's own date."""
        return max(figure.source.date for figure in self.figures)

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over every file under the region's folder and the census: names and bytes."""
        folders = [region_folder(self.region.id, self.project), self.project / "data" / "census"]
        files = sorted(f for folder in folders for f in folder.rglob("*") if f.is_file())
        digest = sha256()
        for file in files:
            digest.update(file.relative_to(self.project).as_posix().encode() + b"\0")
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """Indicators with bounds, in the units they name (columns: INDICATOR_COLUMNS)."""
        meaning = definitions().indicators
        rows = [
            (
                self.region.id, self.year, meaning[id].sector, id, as_float(result.amount.value),
                as_float(result.amount.bounds.low), as_float(result.amount.bounds.high),
                result.amount.unit, result.amount.period.text, ", ".join(meaning[id].input_ids),
                result.amount.status, result.amount.note(self.language),
            )
            for id, result in self.results.items()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=INDICATOR_COLUMNS)


def as_float(number) -> float:
    """A fraction at the edge of the package: a float, NaN where open or not printed."""
    return float("nan") if number is None else float(number)


def load(
    region: str, year: int, language: str | None = None, project: Path | None = None
) -> Release:
    """Read a release; `language` (zh, en) is that of its notes, the region's own by default.

    Raises ``DataError`` with every problem found in its files.

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
    problems: list[Problem] = []
    sources, figures = _read_folder(folder, project, problems)
    reference_folder = region_folder(region, project) / "reference"
    more_sources, reference = {}, ()
    if reference_folder.is_dir():
        more_sources, reference = _read_folder(reference_folder, project, problems)
    if problems:
        raise DataError(problems)
    return Release(
        about, year, language, more_sources | sources, tuple(figures), tuple(reference), project
    )


def _read_folder(
    folder: Path, project: Path, problems: list[Problem]
) -> tuple[dict[str, Source], list[Observation]]:
    try:
        sources = read_sources(folder / "sources.toml", project)
    except DataError as error:
        problems += error.problems
        sources = None
    try:
        figures = read_figures(folder / "figures.csv", sources, project)
    except DataError as error:
        problems += error.problems
        figures = []
    return sources or {}, figures


_SOURCE_KEYS = {"title": str, "publisher": str, "date": str, "url": str}


def read_sources(path: Path, project: Path) -> dict[str, Source]:
    """The documents of a ``sources.toml`` by id; ``DataError`` with every problem in it."""
    name = path.relative_to(project).as_posix()
    problems: list[Problem] = []
    sources = {}
    for id, table in read_toml(path, project).items():
        found = check_table(table, _SOURCE_KEYS, name, id, ("url",))
        problems += found
        if found:
            continue
        try:
            sources[id] = Source(id, **{**table, "date": date.fromisoformat(table["date"])})
        except ValueError:
            words = {"found": table["date"], "expected": "2020-04-06"}
            problems.append(Problem("wrong_type", name, id, "date", words))
    if problems:
        raise DataError(problems)
    return sources


def read_figures(path: Path, sources: dict[str, Source] | None, project: Path) -> list[Observation]:
    """The observations of a ``figures.csv``; ``DataError`` with every problem in it.

    `sources` are those of the release; ``None`` leaves the source column unchecked, when
    sources.toml itself could not be read.
    """
    name = path.relative_to(project).as_posix()
    problems: list[Problem] = []
    seen: dict[tuple, int] = {}
    figures = []
    for number, cells in _read_rows(path, name):
        found = list(_check_cells(cells, sources, name, number))
        key = tuple(cells[c] for c in ("measure", "breakdown", "period", "source", "locator"))
        if key in seen:
            words = {"found": cells["measure"], "expected": seen[key]}
            found.append(Problem("duplicate_row", name, number, "measure", words))
        seen.setdefault(key, number)
        problems += found
        if not found and sources is not None:
            figures.append(_observation(cells, sources))
    if problems:
        raise DataError(problems)
    return figures


def _read_rows(path: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells of each row, every allowed column present; strict where pandas is not."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except FileNotFoundError:
        raise DataError([Problem("no_file", name)]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError([Problem("unreadable", name, words={"found": error})]) from None
    header = [cell.strip() for cell in lines[0]] if lines else []
    _check_header(header, name)
    rows = [(n, line) for n, line in enumerate(lines[1:], start=2) if any(map(str.strip, line))]
    lengths = [
        Problem("row_length", name, n, words={"found": len(line), "expected": len(header)})
        for n, line in rows
        if len(line) != len(header)
    ]
    if lengths:
        raise DataError(lengths)
    if not rows:
        raise DataError([Problem("no_rows", name)])
    for n, line in rows:
        cells = dict(zip(header, map(str.strip, line), strict=True))
        yield n, {**dict.fromkeys(OPTIONAL, ""), **cells}


def _check_header(header: list[str], name: str) -> None:
    missing = [column for column in REQUIRED if column not in header]
    odd = [c for i, c in enumerate(header) if c not in REQUIRED + OPTIONAL or c in header[:i]]
    problems = []
    if missing:
        words = {"found": ", ".join(header), "expected": ", ".join(missing)}
        problems.append(Problem("no_header", name, 1, words=words))
    if odd:
        words = {"found": ", ".join(odd), "expected": ", ".join(REQUIRED + OPTIONAL)}
        problems.append(Problem("odd_header", name, 1, words=words))
    if problems:
        raise DataError(problems)


def _check_cells(
    cells: dict[str, str], sources: dict[str, Source] | None, file: str, row: int
) -> Iterator[Problem]:
    meaning = definitions()
    for column in REQUIRED:
        if not cells[column]:
            yield Problem("empty_cell", file, row, column)
    yield from _known(cells, "measure", meaning.measures, "unknown_measure", file, row)
    yield from _known(cells, "aggregation", meaning.aggregations, "unknown_word", file, row)
    yield from _known(cells, "status", meaning.statuses, "unknown_word", file, row)
    yield from _known(cells, "plan", ("planned", "target"), "unknown_word", file, row)
    if sources is not None:
        yield from _known(cells, "source", sources, "unknown_source", file, row)
    measure = meaning.measures.get(cells["measure"])
    if measure and cells["printed"]:
        try:
            parse_quantity(cells["printed"], measure.dimension)
        except QuantityError as error:
            reason = {language: error.message(language) for language in LANGUAGES}
            words = {"found": cells["printed"], "reason": reason}
            yield Problem("unreadable_figure", file, row, "printed", words)
    if cells["period"]:
        try:
            Period.parse(cells["period"])
        except ValueError:
            yield Problem("bad_period", file, row, "period", {"found": cells["period"]})


def _known(
    cells: dict[str, str], column: str, known: Iterable[str], code: str, file: str, row: int
) -> Iterator[Problem]:
    if cells[column] and cells[column] not in known:
        words = {"found": cells[column], "expected": suggestion(cells[column], known)}
        yield Problem(code, file, row, column, words)


def _observation(cells: dict[str, str], sources: dict[str, Source]) -> Observation:
    measure = definitions().measures[cells["measure"]]
    return Observation(
        measure,
        parse_quantity(cells["printed"], measure.dimension),
        Period.parse(cells["period"]),
        cells["aggregation"],
        sources[cells["source"]],
        cells["locator"],
        cells["breakdown"],
        cells["status"] or "A",
        cells["plan"],
        {"zh": cells["note"], "en": cells["note_en"] or cells["note"]},
    )
