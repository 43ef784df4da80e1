"""A folder's figures: each printed figure with its measure, bounds, period and place.

``figures.csv`` or ``figures.xlsx`` holds one printed figure a row. Each row is parsed once: the
quantity that passed the checks is the observation's. A row whose measure is not in the
definitions, but that has a `label` and a `sector`, defines a measure of that region: first use
defines. Reading collects every problem with its file, row and column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from livelihood.display.messages import LANGUAGES, MOST, DataError, Problem, suggestion
from livelihood.project.definitions import Definitions, Measure, read_definitions
from livelihood.project.files import while_unchanged
from livelihood.project.paths import find_project, release_folder, years
from livelihood.quantity.parse import Quantity, QuantityError, parse_quantity
from livelihood.quantity.period import Period
from livelihood.quantity.vocabulary import DIMENSIONS, UNITS
from livelihood.release.columns import COLUMNS, codes, plain
from livelihood.release.sheet import Row, read_sheet
from livelihood.release.sources import (
    Correction,
    Key,
    Source,
    read_corrections,
    read_sources,
    unused,
)

Role = Literal["", "target", "planned", "completion", "growth"]  # the codes of its column
RATES = {  # what these measure, whatever their measure counts
    "completion": ("rate",),
    "growth": ("change", "percentage_point"),
}


@dataclass(frozen=True, slots=True)
class Observation:
    """One printed figure: what it measures, what it says, of which time, and where it stands.

    `role` is what it is to its measure: empty for the result itself, else a code of its column.
    `quantity` is what counts; where a correction changed it, `printed` still has the source's
    own words.
    """

    measure: Measure
    quantity: Quantity
    period: Period
    aggregation: str
    source: Source
    locator: str
    breakdown: str = ""
    status: str = "A"
    role: Role = ""
    note: dict[str, str] = field(default_factory=dict)
    correction: Correction | None = None

    @property
    def printed(self) -> str:
        """The words of the source."""
        return self.correction.was if self.correction else self.quantity.text

    @property
    def is_result(self) -> bool:
        """Whether the figure is the measure's own: no target, rate or part of it."""
        return not self.breakdown and not self.role


def counted(figures: Iterable[Observation]) -> dict[str, Observation]:
    """The figure that counts of each measure: of its results, the one whose time ends last.

    A release may print a measure for two periods, or in two documents; of one time, the last row.
    """
    results = [figure for figure in figures if figure.is_result]
    return {f.measure.id: f for f in sorted(results, key=lambda f: f.period.last or date.max)}


@dataclass(frozen=True, slots=True)
class Dated:
    """An observation with the year of the release that printed it."""

    release: int
    figure: Observation


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder of figures holds: its documents, its figures, and what is wrong with them."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    figures: tuple[Observation, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_folder(folder: Path, project: Path, known: Definitions) -> Folder:
    """The documents and figures of a folder, and every problem in it.

    The last answers are kept, for as long as no file of the folder changes.
    """
    own = ("figures.", "sources.", "corrections.")
    files = [f for f in sorted(folder.iterdir()) if f.name.startswith(own)]
    return while_unchanged(
        ("folder", folder, known), files, lambda: _read_folder(folder, project, known)
    )


def _read_folder(folder: Path, project: Path, known: Definitions) -> Folder:
    problems: list[Problem] = []

    def tried(read: Callable, otherwise: object) -> object:
        try:
            return read()
        except DataError as error:
            problems.extend(error.problems)
            return otherwise

    sources: dict | None = tried(lambda: read_sources(folder / "sources.toml", project), None)  # type: ignore[assignment]
    corrections: dict = tried(  # type: ignore[assignment]
        lambda: read_corrections(folder / "corrections.toml", project), {}
    )
    figures: list = tried(  # type: ignore[assignment]
        lambda: read_figures(figures_file(folder, project), sources, project, known, corrections),
        [],
    )
    return Folder(sources or {}, tuple(figures), tuple(problems))


def timeline(region: str, project: Path | None = None, strict: bool = False) -> list[Dated]:
    """Every figure of every release of a region that can be read, oldest release first.

    A release that cannot be read yet (a draft) is left out here; ``livelihood check`` says why.
    """
    project = project or find_project()
    meaning = read_definitions(project, region, strict)
    return [
        Dated(year, figure)
        for year in years(region, project)
        for figure in read_folder(release_folder(region, year, project), project, meaning).figures
    ]


def figures_file(folder: Path, project: Path) -> Path:
    """The figures of a folder: figures.csv or figures.xlsx; ``DataError`` if it has both."""
    csv, xlsx = folder / "figures.csv", folder / "figures.xlsx"
    if csv.exists() and xlsx.exists():
        raise DataError([Problem("two_files", folder.relative_to(project).as_posix())])
    return xlsx if xlsx.exists() else csv


def read_figures(
    path: Path,
    sources: Mapping[str, Source] | None,
    project: Path,
    known: Definitions,
    corrections: Mapping[Key, Correction] | None = None,
) -> list[Observation]:
    """The observations of a file of figures; ``DataError`` with every problem in it.

    `sources` are those of the folder; ``None`` leaves the source column unchecked, when
    sources.toml itself could not be read. `corrections` are by measure, source and locator.
    """
    name = path.relative_to(project).as_posix()
    words = _Words(known)
    rows = [(row, words.ids(row.cells)) for row in read_sheet(path, name, project)]
    reader = _Reader(name, sources, corrections or {}, known, _first_uses(rows, known))
    for row, cells in rows:
        if len(reader.problems) > MOST:  # a bad row is slow: names near to its own are looked for
            break
        reader.read(row, cells)
    own = path.with_name("corrections.toml")
    reader.problems += unused(reader.corrections, reader.keys, own, project)
    if reader.problems:
        raise DataError(reader.problems)
    return reader.figures


# ---- which measure a row is of ----------------------------------------------------------------


class _Words:
    """What may stand in a sheet for the ids of measures and sectors: ids, labels, other words."""

    def __init__(self, known: Definitions) -> None:
        spellings = ((id, (word,)) for word, id in known.spellings.items())
        self.columns = {
            "measure": _by_word([*_named(known.measures.values()), *spellings]),
            "sector": _by_word(_named(known.sectors.values())),
        }

    def ids(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The cells with ids in place of words; a row without a measure has that of its label."""
        found = {
            column: self.columns[column].get(plain(cell), cell)
            if cell and column in self.columns
            else cell
            for column, cell in cells.items()
        }
        label = found.get("label", "")
        if label and found["measure"] not in self.columns["measure"].values():
            found["measure"] = self.columns["measure"].get(plain(label), label)
        return found


def _named(items: Iterable[Any]) -> list[tuple[str, Iterable[str]]]:
    """Ids with their names, and then with other words: what one is called is not another's word."""
    each = list(items)
    return [*((i.id, i.label.values()) for i in each), *((i.id, i.words) for i in each)]


def _by_word(vocabulary: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Ids by each word for them; where two claim a word, the first has it."""
    found: dict[str, str] = {}
    for id, words in vocabulary:
        for word in (id, *words):
            found.setdefault(plain(word), id)
    return found


def _first_uses(
    rows: Iterable[tuple[Row, Mapping[str, str]]], known: Definitions
) -> dict[str, Measure]:
    """The measures that rows define by their label: of the dimension of the first amount."""
    found: dict[str, Measure] = {}
    for _, cells in rows:
        id, label = cells["measure"], cells.get("label", "")
        if not label or id in known.measures or cells.get("sector") not in known.sectors:
            continue
        dimension = "" if cells.get("role") in RATES else dimension_of(cells["printed"])
        if id not in found or (dimension and found[id].dimension == ""):
            names = {"zh": label, "en": cells.get("label_en") or label}
            found[id] = Measure(id, cells["sector"], dimension, names)
    return {
        id: m if m.dimension else Measure(id, m.sector, "share", m.label) for id, m in found.items()
    }


def dimension_of(printed: str) -> str:
    """What a printed figure measures, by its unit; empty if it cannot be read.

    >>> dimension_of("近7万人"), dimension_of("120条"), dimension_of("95%")
    ('person', 'count', 'share')
    """
    try:
        quantity = parse_quantity(printed)
    except QuantityError:
        return ""
    unit = quantity.unit
    if unit == "1" and quantity.low is not None and quantity.low > 1:
        return "rate"
    fits = (id for id, d in DIMENSIONS.items() if unit in (d.get("unit"), *d.get("units", ())))
    return next(fits, next((u.dimension for u in UNITS.values() if u.code == unit), "count"))


# ---- reading ------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """Reads row after row of one file into figures, and notes what is wrong."""

    file: str
    sources: Mapping[str, Source] | None
    corrections: Mapping[Key, Correction]
    known: Definitions
    defined: Mapping[str, Measure]
    figures: list[Observation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple, int] = field(default_factory=dict)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """The measures that a row may name."""
        return {**self.defined, **self.known.measures}

    @property
    def keys(self) -> list[Key]:
        """What names the figures that were read."""
        return [(key[0], key[-2], key[-1]) for key in self.seen]

    def read(self, row: Row, cells: Mapping[str, str]) -> None:
        """One row: an observation, or the problems with it."""
        found = list(self._misfits(row, cells))
        correction = self.corrections.get((cells["measure"], cells["source"], cells["locator"]))
        if correction and correction.was != cells["printed"]:
            words = {"found": cells["printed"], "expected": correction.was}
            found.append(self._problem("guard", row, "printed", words))
        quantity = self._quantity(row, cells, correction, found)
        period = self._period(row, cells, found)
        self._check_once(row, cells, found)
        self.problems += found
        if quantity and period and not found and self.sources is not None:
            self.figures.append(self._observation(cells, quantity, period, correction))

    def _problem(self, code: str, row: Row, column: str, words: Mapping = {}) -> Problem:
        return Problem(code, self.file, row.places.get(column) or row.number, column, words)

    def _misfits(self, row: Row, cells: Mapping[str, str]) -> Iterator[Problem]:
        for column, definition in COLUMNS.items():
            if definition.get("required") and not cells[column]:
                yield self._problem("empty_cell", row, column)
        yield from self._measure_misfits(row, cells)
        closed = {column: codes(column) for column in ("aggregation", "status", "role")}
        for column, words in closed.items():
            yield from self._unknown("unknown_word", row, column, cells, words)
        if self.sources is not None:
            yield from self._unknown("unknown_source", row, "source", cells, self.sources)

    def _measure_misfits(self, row: Row, cells: Mapping[str, str]) -> Iterator[Problem]:
        label, sector, sectors = cells.get("label"), cells.get("sector"), self.known.sectors
        if sector and sector not in sectors:
            yield from self._unknown("unknown_word", row, "sector", cells, sectors)
        elif label and not sector and cells["measure"] not in self.known.measures:
            words = {"found": label, "expected": ", ".join(s.label["zh"] for s in sectors.values())}
            yield self._problem("label_without_sector", row, "sector", words)
        elif not label:
            yield from self._unknown("unknown_measure", row, "measure", cells, self.measures)

    def _unknown(
        self,
        code: str,
        row: Row,
        column: str,
        cells: Mapping[str, str],
        known: Iterable[str],
    ) -> Iterator[Problem]:
        found = cells.get(column, "")
        if found and found not in known:
            words = {"found": found, "expected": suggestion(found, known)}
            yield self._problem(code, row, column, words)

    def _quantity(
        self,
        row: Row,
        cells: Mapping[str, str],
        correction: Correction | None,
        found: list[Problem],
    ) -> Quantity | None:
        measure = self.measures.get(cells["measure"])
        if measure is None or not cells["printed"]:
            return None
        printed = correction.becomes if correction else cells["printed"]
        for dimension in RATES.get(cells.get("role", ""), (measure.dimension,)):
            try:
                return parse_quantity(printed, dimension, strict=self.known.strict)
            except QuantityError as error:
                reason = {language: error.message(language) for language in LANGUAGES}
        words = {"found": printed, "reason": reason}
        found.append(self._problem("unreadable_figure", row, "printed", words))
        return None

    def _period(self, row: Row, cells: Mapping[str, str], found: list[Problem]) -> Period | None:
        try:
            return Period.parse(cells["period"]) if cells["period"] else None
        except ValueError:
            found.append(self._problem("bad_period", row, "period", {"found": cells["period"]}))
            return None

    def _check_once(self, row: Row, cells: Mapping[str, str], found: list[Problem]) -> None:
        columns = ("measure", "breakdown", "period", "role", "source", "locator")
        key = tuple(cells.get(column, "") for column in columns)
        if key in self.seen:
            words = {"found": cells["measure"], "expected": self.seen[key]}
            found.append(self._problem("duplicate_row", row, "measure", words))
        self.seen.setdefault(key, row.number)

    def _observation(
        self,
        cells: Mapping[str, str],
        quantity: Quantity,
        period: Period,
        correction: Correction | None,
    ) -> Observation:
        assert self.sources is not None
        note = {"zh": cells["note"], "en": cells["note_en"] or cells["note"]}
        return Observation(
            measure=self.measures[cells["measure"]],
            quantity=quantity,
            period=period,
            aggregation=cells["aggregation"],
            source=self.sources[cells["source"]],
            locator=cells["locator"],
            breakdown=cells["breakdown"],
            status=cells["status"] or "A",
            role=cast(Role, cells.get("role", "")),
            note=correction.beside(note) if correction else note,
            correction=correction,
        )
