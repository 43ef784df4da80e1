"""What the ids mean: sectors, measures, indicators, checks, charts. Data, checked when read.

``data/definitions/sectors.toml``    the pages in order, and the populations that are counted
``data/definitions/<sector>.toml``   a sector's measures, indicators, checks, charts, questions
``data/definitions/overview.toml``   what belongs to no sector, and what counties are compared on
``data/<region>/definitions.toml``   what is one region's own, each with its `sector`; optional

Here it is checked that what a definition names is there. What a kind of indicator, check or chart
takes is known where that kind is computed or drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal

from livelihood.display.messages import DataError, Problem, noting
from livelihood.project.files import read_toml, while_unchanged
from livelihood.project.paths import FOLDER, OVERVIEW
from livelihood.project.schema import Label, bad_ids, misplaced, structure, undefined
from livelihood.quantity.vocabulary import DIMENSIONS

EARLIER = "@earlier"  # marks the same measure in the latest earlier release that prints it
ChartKind = Literal["bars", "progress", "parts", "change", "series", "peers", "wording"]
_ID = "[a-z][a-z0-9_]*"


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector: `words` of headings name it in a bulletin; `page` shows it if not its own."""

    id: str
    label: Label
    colour: str = ""
    words: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    """Whom a measure of persons counts; a ratio across different ones says so."""

    id: str
    label: Label
    within: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A year in which a scheme changed, and how."""

    year: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that a source reports; `census` names the column where the census gives it.

    `related` are measures of nearly the same thing, `words` other names that sources use,
    `changed` a change of scheme.
    """

    id: str
    sector: str
    dimension: str
    label: Label
    population: str = ""
    census: str = ""
    related: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    changed: Change | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity computed from `inputs` (role -> ids of measures or indicators)."""

    id: str
    sector: str
    kind: str
    label: Label
    per: int = 1
    unit: str = ""
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str = ""
    automatic: bool = False  # made for a measure that has no written one

    @property
    def input_ids(self) -> tuple[str, ...]:
        """The ids of all inputs in the order of their roles."""
        return tuple(id for ids in self.inputs.values() for id in ids)


Item = Measure | Indicator


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its kind, what it compares (role -> ids or numbers), and why that should hold.

    A check of no sector belongs to that of the figure that it finds.
    """

    id: str
    kind: str
    label: Label
    why: Label
    sector: str = ""
    roles: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a sector's page: its kind, its rows (ids), what they are parts of (`per`)."""

    id: str
    sector: str
    kind: ChartKind
    title: Label
    rows: tuple[str, ...] = ()
    per: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A census column over another, to compare counties on; `unit` is 1 for a share."""

    id: str
    top: str
    under: str
    label: Label
    unit: str = "1"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a reader may ask of a sector, or of a measure or indicator where shown."""

    sector: str
    zh: str
    en: str
    about: str = ""
    file: str = ""


@dataclass(frozen=True, eq=False)
class Definitions:
    """All definitions, by id; `spellings` are other words for a measure, as a region has them."""

    sectors: dict[str, Sector]
    populations: dict[str, Population]
    measures: dict[str, Measure]
    indicators: dict[str, Indicator]
    checks: dict[str, Check]
    charts: dict[str, Chart]
    comparisons: dict[str, Comparison]
    questions: tuple[Question, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False  # whether figures are read without ends that are conventions of ours

    @property
    def pages(self) -> list[str]:
        """The notebooks in their order: the overview, then each sector with a page of its own."""
        return [OVERVIEW, *(id for id, sector in self.sectors.items() if not sector.page)]

    def page_of(self, sector: str) -> str:
        """The page that shows a sector."""
        return self.sectors[sector].page or sector

    @cached_property
    def items(self) -> dict[str, Item]:
        """The measures and the indicators."""
        return {**self.measures, **self.indicators}

    def label(self, id: str, language: str) -> str:
        """The name of a measure or indicator; ``KeyError`` if there is none."""
        plain = id.partition("@")[0]  # of the same measure at another time, or of its target
        return (self.items.get(id) or self.items[plain]).label[language]

    @cached_property
    def order(self) -> list[str]:
        """The indicators so that each comes after those it is computed from."""
        inputs = {id: indicator.input_ids for id, indicator in self.indicators.items()}
        return [id for id in TopologicalSorter(inputs).static_order() if id in inputs]

    def with_measures(self, measures: Iterable[Measure]) -> Definitions:
        """These definitions and the measures that a region's own sheets define."""
        more = {m.id: m for m in measures if m.id not in self.measures}
        return replace(self, measures={**self.measures, **more}) if more else self

    def with_indicators(self, indicators: Mapping[str, Indicator]) -> Definitions:
        """These definitions and more indicators."""
        return replace(self, indicators={**self.indicators, **indicators})


def read_definitions(project: Path, region: str = "", strict: bool = False) -> Definitions:
    """The definitions of a project, with those of a region's own.

    They are kept for as long as no file of them changes. ``DataError`` with every problem of
    every file.

    >>> from livelihood.project.paths import find_project
    >>> read_definitions(find_project()).measures["rural_basic_pension_funds"].label["en"]
    'Rural basic pension paid'
    """
    files = definition_files(project, region)
    key = ("definitions", strict, *files)
    return while_unchanged(key, files, lambda: _read(project, files, strict))


def definition_files(project: Path, region: str = "") -> list[Path]:
    """The files that definitions are read from: the shared ones, then the region's own."""
    own = project / "data" / region / "definitions.toml"
    return [*sorted((project / FOLDER).glob("*.toml")), *([own] if region and own.exists() else [])]


def define_indicator(known: Definitions, id: str, table: dict) -> Definitions:
    """The definitions with one more indicator, checked beside the others; ``DataError``."""
    more = known.with_indicators({id: _block("indicators", id, table, "", "")})
    if problems := list(_check_indicators(more)):
        raise DataError(problems)
    return more


# ---- reading ------------------------------------------------------------------------------------

_SHARED = {"sectors": Sector, "populations": Population}
_BLOCKS: dict[str, type] = {
    "measures": Measure,
    "indicators": Indicator,
    "checks": Check,
    "charts": Chart,
    "comparisons": Comparison,
}
_RECORDS = _SHARED | _BLOCKS | {"questions": Question}
_REST = {"indicators": "inputs", "checks": "roles"}  # the field for all other keys of a block


def _read(project: Path, files: list[Path], strict: bool) -> Definitions:
    names = [file.relative_to(project).as_posix() for file in files]
    tables = {name: read_toml(file, project) for name, file in zip(names, files, strict=True)}
    shared = f"{FOLDER.as_posix()}/sectors.toml"
    if shared not in tables:
        raise DataError([Problem("no_file", shared)])
    reader = _Reader()
    reader.shared(tables.pop(shared), shared)
    for name in sorted(tables, key=reader.place):
        reader.read(tables[name], name)
    return reader.definitions(strict)


class _Reader:
    """Collects the definitions of file after file, and what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.found: dict[str, dict] = {group: {} for group in (*_SHARED, *_BLOCKS)}
        self.questions: list[Question] = []
        self.spellings: dict[str, str] = {}

    def shared(self, table: dict, file: str) -> None:
        """The vocabulary of all files: sectors and populations."""
        for group in _SHARED:
            if group not in table:
                self.problems.append(Problem("missing_key", file, words={"expected": group}))
            self._blocks(group, table.get(group, {}), "", file)
        for id, sector in self.found["sectors"].items():
            others = [*(s for s in self.found["sectors"] if s != id), OVERVIEW, ""]
            self.problems += undefined(sector.page, others, file, f"sectors.{id}", "page")

    def place(self, name: str) -> int:
        """Where a file stands among the others: the overview, the sectors, a region's own."""
        order = [OVERVIEW, *self.found["sectors"]]
        stem = Path(name).stem
        return order.index(stem) if stem in order else len(order)

    def read(self, table: dict, file: str) -> None:
        """One file of definitions; in one that is no sector's, each block names its own."""
        own = Path(file).parent != FOLDER
        sector = "" if own else Path(file).stem
        known = [*self.found["sectors"], OVERVIEW]
        if not own and (problems := list(undefined(sector, known, file, "", ""))):
            self.problems += problems
            return
        known = [*_BLOCKS, "questions"]
        self.problems += misplaced(table, known, known, file, "")
        for group in _BLOCKS:
            self._blocks(group, table.get(group, {}), sector, file, ".+" if own else _ID)
        for number, entry in enumerate(table.get("questions", ()), start=1):
            with noting(self.problems):
                self.questions.append(_block("questions", str(number), entry, sector, file))

    def definitions(self, strict: bool) -> Definitions:
        """All that was read; ``DataError`` with every problem."""
        if not self.problems:
            asked, spellings = tuple(self.questions), self.spellings
            made = Definitions(**self.found, questions=asked, spellings=spellings, strict=strict)
            self.problems += _check_references(made)
        if self.problems:
            raise DataError(self.problems)
        return made

    def _blocks(self, group: str, tables: object, sector: str, file: str, form: str = _ID) -> None:
        """Keep what the blocks of a group define; a region's own of `words` alone are spellings."""
        if not isinstance(tables, dict):
            words = {"found": str(tables)[:40], "expected": f"[{group}.…]"}
            self.problems.append(Problem("wrong_type", file, group, words=words))
            return
        self.problems += bad_ids(tables, form, file)
        own = group == "measures" and not sector
        for id, table in tables.items():
            if own and isinstance(table, dict) and [*table] == ["words"]:
                self.spellings |= dict.fromkeys(table["words"], id)
            elif id in self.found[group]:
                words = {"found": id}
                self.problems.append(Problem("id_twice", file, f"{group}.{id}", words=words))
            else:
                with noting(self.problems):
                    self.found[group][id] = _block(group, id, table, sector, file)


def _block(group: str, id: str, table: Any, sector: str, file: str) -> Any:
    """What a block defines; ``DataError`` with all that is wrong with it."""
    cls, given = _RECORDS[group], {"id": id, "file": file}
    if sector and not (group == "checks" and (sector == OVERVIEW or "sector" in table)):
        given["sector"] = sector  # else it is for the block itself to name
    names = {f.name for f in fields(cls)}
    given = {key: value for key, value in given.items() if key in names}
    rest = _REST.get(group, "")
    made: Any = structure(cls, table, file, f"{group}.{id}", rest=rest, **given)
    return _with_inputs(made) if isinstance(made, Indicator) else made


def _with_inputs(indicator: Indicator) -> Indicator:
    """An indicator whose inputs are lists of ids; ``DataError`` if they are anything else."""
    file, row = indicator.file, f"indicators.{indicator.id}"
    inputs = {
        role: (ids,) if isinstance(ids, str) else tuple(ids)
        for role, ids in indicator.inputs.items()
        if isinstance(ids, str | list)
    }
    texts = all(isinstance(id, str) for ids in inputs.values() for id in ids)
    if len(inputs) < len(indicator.inputs) or not texts:
        words = {"found": str(indicator.inputs)[:60], "expected": '"id", ["id", …]'}
        raise DataError([Problem("wrong_type", file, row, words=words)])
    if indicator.per < 1:
        limits = {"found": indicator.per, "expected": "1, 2, …"}
        raise DataError([Problem("out_of_range", file, row, "per", limits)])
    if indicator.kind == "growth" and "measure" in inputs:
        inputs["earlier"] = (inputs["measure"][0] + EARLIER,)
    return replace(indicator, inputs=inputs)


# ---- what definitions name is there -------------------------------------------------------------


def _check_references(made: Definitions) -> Iterator[Problem]:
    for id, measure in made.measures.items():
        file, row = measure.file, f"measures.{id}"
        yield from undefined(measure.dimension, DIMENSIONS, file, row, "dimension")
        yield from undefined(measure.sector, made.sectors, file, row, "sector")
        yield from undefined(measure.population, [*made.populations, ""], file, row, "population")
        for other in measure.related:
            yield from undefined(other, made.measures, file, row, "related")
    yield from _check_indicators(made)
    for check in made.checks.values():
        for role, value in check.roles.items():
            for id in value if isinstance(value, list) else [value]:
                yield from undefined(id, made.items, check.file, f"checks.{check.id}", role)
    for chart in made.charts.values():
        for id in chart.rows:
            yield from undefined(id, made.items, chart.file, f"charts.{chart.id}", "rows")
    for asked in made.questions:
        yield from undefined(asked.about, [*made.items, ""], asked.file, "questions", "about")


def _check_indicators(made: Definitions) -> Iterator[Problem]:
    for id, indicator in made.indicators.items():
        file, row = indicator.file, f"indicators.{id}"
        yield from undefined(indicator.sector, made.sectors, file, row, "sector")
        if id in made.measures:
            yield Problem("id_twice", file, row, words={"found": id})
        for role, ids in indicator.inputs.items():
            for input_id in ids:
                yield from undefined(input_id.partition("@")[0], made.items, file, row, role)
    try:
        _ = made.order
    except CycleError as error:
        yield Problem("circular", FOLDER.as_posix(), words={"found": " → ".join(error.args[1])})
