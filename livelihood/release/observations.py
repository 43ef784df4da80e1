"""A folder's figures: each printed figure with its measure, bounds, period and place.

``figures.csv`` or ``figures.xlsx`` holds one printed figure a row. Each row is parsed once: the
quantity that passed the checks is the observation's. A row whose measure is not in the
definitions, but that has a `label` and a `sector`, defines a measure of that region: first use
defines. Reading collects every problem with its file, row and column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from livelihood.display.messages import LANGUAGES, MOST, DataError, Problem, noting, suggestion
from livelihood.project.definitions import Definitions, Measure, read_definitions
from livelihood.project.files import while_unchanged
from livelihood.project.paths import find_project, region_folder, release_folder, years
from livelihood.quantity.parse import Quantity, QuantityError, dimension_of, parse_quantity
from livelihood.quantity.period import Period
from livelihood.release.columns import COLUMNS, codes, plain
from livelihood.release.sheet import Row, read_sheet
from livelihood.release.sources import Correction, Key, Source, read_corrections, read_sources

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
    sources: dict[str, Source] | None = None
    corrections: dict[Key, Correction] = {}
    figures: list[Observation] = []
    with noting(problems):
        sources = read_sources(folder / "sources.toml", project)
    with noting(problems):
        corrections = read_corrections(folder / "corrections.toml", project)
    with noting(problems):
        file = figures_file(folder, project)
        figures = read_figures(file, sources, project, known, corrections)
    return Folder(sources or {}, tuple(figures), tuple(problems))


def timeline(region: str, project: Path | None = None, strict: bool = False) -> list[Dated]:
    """Every figure of every release of a region that can be read, oldest release first.

    A release that cannot be read yet (a draft) is left out here; ``livelihood check`` says why.
    """
    project = project or find_project()
    key = ("timeline", project, region, strict)
    files = files_of(region, project)
    return while_unchanged(key, files, lambda: _timeline(region, project, strict))


def _timeline(region: str, project: Path, strict: bool) -> list[Dated]:
    meaning = read_definitions(project, region, strict)
    return [
        Dated(year, figure)
        for year in years(region, project)
        for figure in read_folder(release_folder(region, year, project), project, meaning).figures
    ]


def files_of(region: str, project: Path) -> list[Path]:
    """All that the releases of a region can be read from; ``DataError`` if it is unknown."""
    own, data = region_folder(region, project), project / "data"
    shared = (data.glob(place) for place in ("census/*", "definitions/*"))
    return [file for found in (*shared, own.glob("*"), own.glob("*/*")) for file in found]


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
    rows = _with_ids(read_sheet(path, name, project), known)
    measures = {**_first_uses([row.cells for row in rows], known), **known.measures}
    reader = _Reader(sources, corrections or {}, known, measures)
    for row in rows:
        if len(reader.problems) > MOST:  # a bad row is slow: names near to its own are looked for
            break
        reader.read(row)
    own = path.with_name("corrections.toml").relative_to(project).as_posix()
    there = {(key[0], *key[-2:]) for key in reader.seen}
    reader.problems += [
        Problem("no_figure", own, key[0], words={"found": " ".join(key[1:])})
        for key in reader.corrections
        if key not in there
    ]
    if reader.problems:
        raise DataError(reader.problems)
    return reader.figures


# ---- which measure a row is of ----------------------------------------------------------------


def _with_ids(rows: Iterable[Row], known: Definitions) -> list[Row]:
    """Rows with ids in place of other words; one without a measure has that of its label."""
    measures = _ids(known.measures.values(), known.spellings)
    sectors = _ids(known.sectors.values(), {})

    def ids(cells: dict[str, str]) -> dict[str, str]:
        measure, label, sector = (cells[column] for column in ("measure", "label", "sector"))
        found = measures.get(plain(measure)) or measures.get(plain(label))
        sector = sectors.get(plain(sector), sector)
        return cells | {"measure": found or label or measure, "sector": sector}

    return [replace(row, cells=ids(row.cells)) for row in rows]


def _ids(items: Collection[Any], spellings: Mapping[str, str]) -> dict[str, str]:
    """Ids by each word for them; what one is called is not another's other word."""
    names = [(name, i.id) for i in items for name in (i.id, *i.label.values())]
    words = [(word, i.id) for i in items for word in i.words]
    spelt = [(word, id) for other, id in spellings.items() for word in (id, other)]
    return {plain(word): id for word, id in reversed([*names, *words, *spelt])}


def _first_uses(rows: Iterable[Mapping[str, str]], known: Definitions) -> dict[str, Measure]:
    """The measures that rows define by their label: of the dimension of the first amount."""
    found: dict[str, Measure] = {}
    for cells in rows:
        id, label = cells["measure"], cells["label"]
        if not label or id in known.measures or cells["sector"] not in known.sectors:
            continue
        dimension = "" if cells["role"] in RATES else dimension_of(cells["printed"])
        if id not in found or (dimension and not found[id].dimension):
            names = {"zh": label, "en": cells["label_en"] or label}
            found[id] = Measure(id, cells["sector"], dimension, names)
    return {id: replace(m, dimension=m.dimension or "share") for id, m in found.items()}


# ---- reading ------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """Reads row after row of one file into figures, and notes what is wrong."""

    sources: Mapping[str, Source] | None
    corrections: Mapping[Key, Correction]
    known: Definitions
    measures: Mapping[str, Measure]  # that a row may name
    figures: list[Observation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple, int] = field(default_factory=dict)

    def read(self, row: Row) -> None:
        """One row: an observation, or the problems with it."""
        cells, before = row.cells, len(self.problems)
        correction = self.corrections.get((cells["measure"], cells["source"], cells["locator"]))
        self._check_words(row)
        if correction and correction.was != cells["printed"]:
            self._note("guard", row, "printed", expected=correction.was)
        quantity = self._quantity(row, correction)
        period = self._period(row)
        self._check_once(row)
        if quantity and period and self.sources is not None and len(self.problems) == before:
            note = {"zh": cells["note"], "en": cells["note_en"] or cells["note"]}
            self.figures.append(
                Observation(
                    measure=self.measures[cells["measure"]],
                    quantity=quantity,
                    period=period,
                    aggregation=cells["aggregation"],
                    source=self.sources[cells["source"]],
                    locator=cells["locator"],
                    breakdown=cells["breakdown"],
                    status=cells["status"] or "A",
                    role=cast(Role, cells["role"]),
                    note=correction.beside(note) if correction else note,
                    correction=correction,
                )
            )

    def _note(self, code: str, row: Row, column: str, **words: object) -> None:
        found = {"found": row.cells[column]} | words
        self.problems.append(Problem(code, *row.place(column), found))

    def _check_words(self, row: Row) -> None:
        for column, definition in COLUMNS.items():
            if definition.get("required") and not row.cells[column]:
                self._note("empty_cell", row, column)
        self._check_measure(row)
        for column in ("aggregation", "status", "role"):
            self._check_known("unknown_word", row, column, codes(column))
        if self.sources is not None:
            self._check_known("unknown_source", row, "source", self.sources)

    def _check_measure(self, row: Row) -> None:
        label, sector, sectors = row.cells["label"], row.cells["sector"], self.known.sectors
        if sector and sector not in sectors:
            self._check_known("unknown_word", row, "sector", sectors)
        elif label and not sector and row.cells["measure"] not in self.known.measures:
            there = ", ".join(s.label["zh"] for s in sectors.values())
            self._note("label_without_sector", row, "sector", found=label, expected=there)
        elif not label:
            self._check_known("unknown_measure", row, "measure", self.measures)

    def _check_known(self, code: str, row: Row, column: str, known: Iterable[str]) -> None:
        found = row.cells[column]
        if found and found not in known:
            self._note(code, row, column, expected=suggestion(found, known))

    def _quantity(self, row: Row, correction: Correction | None) -> Quantity | None:
        measure = self.measures.get(row.cells["measure"])
        if measure is None or not row.cells["printed"]:
            return None
        printed = correction.becomes if correction else row.cells["printed"]
        for dimension in RATES.get(row.cells["role"], (measure.dimension,)):
            try:
                return parse_quantity(printed, dimension, strict=self.known.strict)
            except QuantityError as error:
                reason = {language: error.message(language) for language in LANGUAGES}
        self._note("unreadable_figure", row, "printed", found=printed, reason=reason)
        return None

    def _period(self, row: Row) -> Period | None:
        try:
            return Period.parse(row.cells["period"]) if row.cells["period"] else None
        except ValueError:
            self._note("bad_period", row, "period")
            return None

    def _check_once(self, row: Row) -> None:
        columns = ("measure", "breakdown", "period", "role", "source", "locator")
        key = tuple(row.cells[column] for column in columns)
        if key in self.seen:
            self._note("duplicate_row", row, "measure", expected=self.seen[key])
        self.seen.setdefault(key, row.index + 1)
