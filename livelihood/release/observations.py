"""A folder's figures: its documents, its printed figures, and where a source is corrected.

``figures.csv`` or ``figures.xlsx`` holds one printed figure a row, ``sources.toml`` the
documents, ``corrections.toml`` what a source printed wrongly. Reading collects every problem with
its file, row and column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from reprlib import repr as short

from livelihood.display.messages import LANGUAGES, MOST, DataError, Problem, say, suggestion
from livelihood.project.definitions import Measure, definitions
from livelihood.project.files import read_toml
from livelihood.project.paths import check_table
from livelihood.quantity.parse import Quantity, QuantityError, parse_quantity
from livelihood.quantity.period import Period
from livelihood.release.corrections import Correction, read_corrections, unused
from livelihood.release.sheet import COLUMNS, Row, plain, read_sheet

PLANS = ("planned", "target")
Place = Callable[[str], tuple[str, int | str, str]]  # file, row and column of a column's cell


@dataclass(frozen=True, slots=True)
class Source:
    """A document that figures were printed in.

    `date` is the day it appeared, the last possible one where only the year or month is known.
    """

    id: str
    title: str
    publisher: str
    date: date
    date_printed: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One printed figure: what it measures, what it says, of which time, and where it stands.

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
    plan: str = ""
    note: dict[str, str] = field(default_factory=dict)
    correction: Correction | None = None

    @property
    def printed(self) -> str:
        """The words of the source."""
        return self.correction.was if self.correction else self.quantity.text

    @property
    def plain(self) -> bool:
        """Whether the figure is the measure's own: neither planned nor a part of it."""
        return not self.breakdown and not self.plan


def read_folder(
    folder: Path, project: Path
) -> tuple[dict[str, Source], tuple[Observation, ...], tuple[Problem, ...]]:
    """The documents and figures of a folder, and every problem in it.

    The last answers are kept, for as long as no file of the folder changes.
    """
    files = tuple(
        (f.name, about.st_mtime_ns, about.st_size)
        for f in sorted(folder.iterdir())
        if f.name.startswith(("figures.", "sources.", "corrections."))
        for about in [f.stat() if f.exists() else f.lstat()]  # a link may lead nowhere
    )
    return _read_folder(folder, project, files)


@cache
def _known_words() -> dict[str, dict[str, str]]:
    """Ids of the closed columns by what may stand for them in a sheet: id or label."""
    meaning = definitions()
    vocabularies = {
        "measure": {id: m.label for id, m in meaning.measures.items()},
        "aggregation": meaning.aggregations,
        "status": meaning.statuses,
        "plan": {p: {language: say(p, language) for language in LANGUAGES} for p in PLANS},
    }
    return {
        column: {plain(word): id for id, label in ids.items()
                 for word in (id, label["zh"], label["en"])}
        for column, ids in vocabularies.items()
    }  # fmt: skip


@lru_cache(maxsize=64)
def _read_folder(folder: Path, project: Path, _files: tuple) -> tuple:
    problems: list[Problem] = []
    sources: dict[str, Source] | None = None
    corrections: dict[tuple, Correction] = {}
    figures: list[Observation] = []
    try:
        sources = read_sources(folder / "sources.toml", project)
    except DataError as error:
        problems += error.problems
    try:
        corrections = read_corrections(folder / "corrections.toml", project)
    except DataError as error:
        problems += error.problems
    try:
        figures = read_figures(figures_file(folder, project), sources, project, corrections)
    except DataError as error:
        problems += error.problems
    return sources or {}, tuple(figures), tuple(problems)


def figures_file(folder: Path, project: Path) -> Path:
    """The figures of a folder: figures.csv or figures.xlsx; ``DataError`` if it has both."""
    csv, xlsx = folder / "figures.csv", folder / "figures.xlsx"
    if csv.exists() and xlsx.exists():
        raise DataError([Problem("two_files", folder.relative_to(project).as_posix())])
    return xlsx if xlsx.exists() else csv


_SOURCE_KEYS = {"title": str, "publisher": str, "date": str, "url": str}


def read_sources(path: Path, project: Path) -> dict[str, Source]:
    """The documents of a ``sources.toml`` by id; ``DataError`` with every problem in it."""
    name = path.relative_to(project).as_posix()
    problems: list[Problem] = []
    sources = {}
    for id, table in read_toml(path, project).items():
        if not isinstance(table, dict):
            words = {"found": short(table), "expected": f"[{id}]"}
            problems.append(Problem("wrong_type", name, id, words=words))
            continue
        found = check_table(table, _SOURCE_KEYS, name, id, ("url",))
        if not re.fullmatch(r"[\w.-]+", id):
            found.append(Problem("bad_source_id", name, words={"found": id}))
        problems += found
        if found:
            continue
        try:
            day = _day(table["date"])
            sources[id] = Source(id, **{**table, "date": day, "date_printed": table["date"]})
        except ValueError:
            words = {"found": table["date"], "expected": "2020-04-06, 2020-04, 2020"}
            problems.append(Problem("wrong_type", name, id, "date", words))
    if problems:
        raise DataError(problems)
    return sources


def read_census_sources(project: Path) -> dict[str, Source]:
    """The censuses by id, kept for as long as their file does not change; ``DataError``."""
    path = project / "data" / "census" / "sources.toml"
    return _census_sources(path, project, path.stat().st_mtime_ns if path.exists() else 0)


@cache
def _census_sources(path: Path, project: Path, _changed: int) -> dict[str, Source]:
    return read_sources(path, project)


def _day(printed: str) -> date:
    """The last day that a document's date can mean; ``ValueError`` if it is none."""
    last = Period.parse(printed).last
    if last is None or "/" in printed:
        raise ValueError(printed)
    return last


def read_figures(
    path: Path, sources: dict[str, Source] | None, project: Path,
    corrections: dict[tuple, Correction] | None = None,
) -> list[Observation]:  # fmt: skip
    """The observations of a file of figures; ``DataError`` with every problem in it.

    `sources` are those of the folder; ``None`` leaves the source column unchecked, when
    sources.toml itself could not be read. `corrections` are by measure, source and locator.
    """
    name = path.relative_to(project).as_posix()
    problems: list[Problem] = []
    corrections = corrections or {}
    seen: dict[tuple, int] = {}
    figures = []
    for row in read_sheet(path, name, project):
        if len(problems) > MOST:  # reading a bad row is slow: names near to its own are looked for
            break
        cells = _with_ids(row.cells)
        correction = corrections.get(tuple(cells[c] for c in ("measure", "source", "locator")))
        found = list(_check_cells(row, cells, sources, correction, name))
        key = tuple(cells[c] for c in ("measure", "breakdown", "period", "plan", "source",
                                       "locator"))  # fmt: skip
        if key in seen:
            words = {"found": cells["measure"], "expected": seen[key]}
            found.append(Problem("duplicate_row", name, row.number, "measure", words))
        seen.setdefault(key, row.number)
        problems += found
        if not found and sources is not None:
            figures.append(_observation(cells, sources, correction))
    problems += unused(corrections, seen, path.with_name("corrections.toml"), project)
    if problems:
        raise DataError(problems)
    return figures


def _with_ids(cells: dict[str, str]) -> dict[str, str]:
    """The cells with ids where a sheet has labels (农村低保资金, 期间合计)."""
    known = _known_words()
    return {
        c: known[c].get(plain(cell), cell) if cell and c in known else cell
        for c, cell in cells.items()
    }


def _check_cells(
    row: Row, cells: dict[str, str], sources: dict[str, Source] | None,
    correction: Correction | None, file: str,
) -> Iterator[Problem]:  # fmt: skip
    meaning = definitions()

    def place(column: str) -> tuple[str, int | str, str]:
        return file, row.places.get(column) or row.number, column

    for column, definition in COLUMNS.items():
        if definition.get("required") and not cells[column]:
            yield Problem("empty_cell", *place(column))
    yield from _known(cells, "measure", meaning.measures, "unknown_measure", place)
    yield from _known(cells, "aggregation", meaning.aggregations, "unknown_word", place)
    yield from _known(cells, "status", meaning.statuses, "unknown_word", place)
    yield from _known(cells, "plan", PLANS, "unknown_word", place)
    if sources is not None:
        yield from _known(cells, "source", sources, "unknown_source", place)
    if correction and correction.was != cells["printed"]:
        words = {"found": cells["printed"], "expected": correction.was}
        yield Problem("guard", *place("printed"), words)
    measure = meaning.measures.get(cells["measure"])
    if measure and cells["printed"]:
        yield from _check_figure(cells, measure, correction, place)
    if cells["period"]:
        try:
            Period.parse(cells["period"])
        except ValueError:
            yield Problem("bad_period", *place("period"), {"found": cells["period"]})


def _check_figure(
    cells: dict[str, str], measure: Measure, correction: Correction | None, place: Place
) -> Iterator[Problem]:
    printed = correction.becomes if correction else cells["printed"]
    try:
        parse_quantity(printed, measure.dimension)
    except QuantityError as error:
        reason = {language: error.message(language) for language in LANGUAGES}
        words = {"found": printed, "reason": reason}
        yield Problem("unreadable_figure", *place("printed"), words)


def _known(
    cells: dict[str, str], column: str, known: Iterable[str], code: str, place: Place
) -> Iterator[Problem]:
    if cells[column] and cells[column] not in known:
        words = {"found": cells[column], "expected": suggestion(cells[column], known)}
        yield Problem(code, *place(column), words)


def _observation(
    cells: dict[str, str], sources: dict[str, Source], correction: Correction | None
) -> Observation:
    measure = definitions().measures[cells["measure"]]
    printed = correction.becomes if correction else cells["printed"]
    note = {"zh": cells["note"], "en": cells["note_en"] or cells["note"]}
    if correction:
        note = correction.beside(note)
    return Observation(
        measure, parse_quantity(printed, measure.dimension), Period.parse(cells["period"]),
        cells["aggregation"], sources[cells["source"]], cells["locator"], cells["breakdown"],
        cells["status"] or "A", cells["plan"], note, correction,
    )  # fmt: skip
