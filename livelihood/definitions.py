"""What the ids mean: sectors, measures, indicators, charts. Read from TOML, checked when read.

``definitions/vocabulary.toml``  sectors, populations, aggregations, statuses
``definitions/measures.toml``    what sources report
``definitions/indicators.toml``  what we compute, each of one of the :data:`KINDS`
``definitions/charts.toml``      what a sector's page draws
``definitions/checks.toml``      what is held against what
``definitions/columns.toml``     the columns of a sheet of figures, and what else they are called
``definitions/units.toml``, ``qualifiers.toml``  belong to :mod:`livelihood.quantity`
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from livelihood.problems import DEFINITIONS, DataError, Problem, suggestion
from livelihood.project import check_table

Label = dict[str, str]

# The closed set of kinds: the inputs each takes, by role. A list role takes one or more ids;
# of alternatives (share: total or rest) exactly one is given.
KINDS: dict[str, dict[str, type]] = {
    "level": {"measure": str},
    "ratio": {"numerator": str, "denominator": str},
    "share": {"part": str, "total": str, "rest": list},
    "sum": {"terms": list},
    "per_year": {"measure": str},
    "per_head": {"measure": str, "population": str},
    "growth": {"measure": str},
    "completion": {"actual": str, "target": str},
}
_ALTERNATIVES = ("total", "rest")
EARLIER = "@earlier"  # marks the same measure in the latest earlier release that prints it
CHART_KINDS = ("bars", "ranges", "periods", "wording", "peers", "series")

# The closed set of checks: what each holds against what, by role (see checks.toml).
CHECK_KINDS: dict[str, dict[str, type | tuple]] = {
    "equal": {"left": str, "right": str},
    "at_most": {"left": str, "right": str},
    "between": {"measure": str, "low": (int, float), "high": (int, float)},
    "rate": {"rate": str, "part": str, "total": str, "per": int},
    "completion": {"rate": str, "measure": str},
    "change": {"measures": list, "factor": (int, float)},
    "repeat": {},
    "contained": {},
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that a source reports; `census` names the column where the census gives it.

    `related` are measures of nearly the same thing, `words` other names that sources use,
    `changed` a change of scheme: {year, zh, en}.
    """

    id: str
    sector: str
    dimension: str
    label: Label
    population: str = ""
    census: str = ""
    related: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    changed: dict | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity computed from `inputs` (role -> ids of measures or indicators)."""

    id: str
    sector: str
    kind: str
    label: Label
    inputs: dict[str, tuple[str, ...]]
    per: int = 1
    unit: str = ""

    @property
    def input_ids(self) -> tuple[str, ...]:
        """The ids of all inputs in the order of their roles."""
        return tuple(id for ids in self.inputs.values() for id in ids)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a sector's page: its kind, its rows (ids), and how the axis runs."""

    id: str
    sector: str
    kind: str
    title: Label
    rows: tuple[str, ...] = ()
    per: str = ""
    log: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its kind, what it compares (role -> ids or numbers), and what it rests on.

    A check of no sector belongs to that of the figure that it finds.
    """

    id: str
    kind: str
    label: Label
    why: Label
    roles: dict[str, object]
    sector: str = ""


@dataclass(frozen=True)
class Definitions:
    """All definitions, by id."""

    sectors: dict[str, Label]
    populations: dict[str, Label]
    aggregations: dict[str, Label]
    statuses: dict[str, Label]
    denominators: dict[str, Label]
    units: dict[str, dict]
    dimensions: dict[str, dict]
    qualifiers: dict[str, dict]
    origins: dict[str, dict]
    measures: dict[str, Measure]
    indicators: dict[str, Indicator]
    charts: dict[str, Chart]
    columns: dict[str, dict]
    checks: dict[str, Check]

    @property
    def pages(self) -> list[str]:
        """The notebooks in their order: the overview, then each sector with a page of its own."""
        own = [id for id, label in self.sectors.items() if "notebook" not in label]
        return ["overview", *own]

    def page_of(self, sector: str) -> str:
        """The page that shows a sector."""
        return self.sectors[sector].get("notebook", sector)

    def label(self, id: str, language: str) -> str:
        """The name of a measure or indicator; ``KeyError`` if there is none."""
        id = id.removesuffix(EARLIER)
        return (self.measures.get(id) or self.indicators[id]).label[language]

    @cached_property
    def order(self) -> list[str]:
        """The indicators so that each comes after those it is computed from."""
        graph = {
            id: [i for i in ind.input_ids if i in self.indicators]
            for id, ind in self.indicators.items()
        }
        return list(TopologicalSorter(graph).static_order())


@cache
def definitions(folder: Path = DEFINITIONS) -> Definitions:
    """The definitions of a folder; ``DataError`` with every problem of every file.

    >>> definitions().measures["rural_basic_pension_funds"].label["en"]
    'Rural basic pension paid'
    """
    vocabulary, units, qualifiers, measures, indicators, charts, columns, checks = (
        _read(folder / f"{name}.toml")
        for name in ("vocabulary", "units", "qualifiers", "measures", "indicators", "charts",
                     "columns", "checks")
    )  # fmt: skip
    problems = [
        *_check_measures(measures, vocabulary, units),
        *_check_indicators(indicators, measures, vocabulary),
        *_check_charts(charts, measures, indicators, vocabulary),
        *_check_checks(checks, measures, indicators, vocabulary),
    ]
    if problems:
        raise DataError(problems)
    return Definitions(
        **vocabulary,
        units=units["units"],
        dimensions=units["dimensions"],
        qualifiers=qualifiers["qualifiers"],
        origins=qualifiers["origins"],
        measures={id: _measure(id, table) for id, table in measures.items()},
        indicators={id: _indicator(id, table) for id, table in indicators.items()},
        charts={id: _chart(id, table) for id, table in charts.items()},
        columns=columns,
        checks={id: _one_check(id, table) for id, table in checks.items()},
    )


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError([Problem("not_toml", path.name, words={"found": error})]) from None


def _measure(id: str, table: dict) -> Measure:
    lists = {key: tuple(table.get(key, ())) for key in ("related", "words")}
    return Measure(id, **{**table, **lists})


def _indicator(id: str, table: dict) -> Indicator:
    roles = KINDS[table["kind"]]
    inputs = {
        role: (table[role],) if isinstance(table[role], str) else tuple(table[role])
        for role in roles
        if role in table
    }
    if table["kind"] == "growth":
        inputs["earlier"] = (table["measure"] + EARLIER,)
    rest = {key: value for key, value in table.items() if key not in roles}
    return Indicator(id, inputs=inputs, **rest)


def _chart(id: str, table: dict) -> Chart:
    return Chart(id, **{**table, "rows": tuple(table.get("rows", ()))})


def _one_check(id: str, table: dict) -> Check:
    roles = {role: table[role] for role in CHECK_KINDS[table["kind"]] if role in table}
    rest = {key: value for key, value in table.items() if key not in roles}
    return Check(id, roles=roles, **rest)


def _check_measures(measures: dict, vocabulary: dict, units: dict) -> list[Problem]:
    optional = {"population": str, "census": str, "related": list, "words": list,
                "changed": dict}  # fmt: skip
    keys = {"sector": str, "dimension": str, "label": dict, **optional}
    problems = []
    for id, table in measures.items():
        problems += check_table(table, keys, "measures.toml", id, tuple(optional))
        problems += _check_label(table, "label", "measures.toml", id)
        problems += _check_label(table, "changed", "measures.toml", id)
        for other in _ids(table.get("related")):
            problems += _check_id(other, measures, "measures.toml", id, "related")
        for key, known in (
            ("sector", vocabulary["sectors"]),
            ("population", vocabulary["populations"]),
            ("dimension", units["dimensions"]),
        ):
            problems += _check_id(table.get(key), known, "measures.toml", id, key)
    return problems


def _check_indicators(indicators: dict, measures: dict, vocabulary: dict) -> list[Problem]:
    file = "indicators.toml"
    problems = []
    for id, table in indicators.items():
        kind = table.get("kind")
        roles = KINDS.get(kind, {}) if isinstance(kind, str) else {}
        problems += _check_id(kind, KINDS, file, id, "kind")
        keys = {"sector": str, "kind": str, "label": dict, "per": int, "unit": str, **roles}
        given = [a for a in _ALTERNATIVES if a in table]
        missing = "" if given or "total" not in roles else "total"
        spare = tuple(a for a in _ALTERNATIVES if a in roles and a != missing)
        problems += check_table(table, keys, file, id, ("per", "unit", *spare))
        problems += _check_label(table, "label", file, id)
        problems += _check_id(table.get("sector"), vocabulary["sectors"], file, id, "sector")
        for role in roles:
            for input_id in _ids(table.get(role)):
                problems += _check_id(input_id, {**measures, **indicators}, file, id, role)
        problems += _check_units(id, table, measures)
        if id in measures:
            problems.append(Problem("id_twice", file, id, words={"found": id}))
    return problems + _check_circles(indicators)


def _check_units(id: str, table: dict, measures: dict) -> list[Problem]:
    """Persons, person-times, households and things are not added, unless a unit is declared."""
    terms = [t for t in _ids(table.get("terms")) if t in measures]
    dimensions = {measures[t].get("dimension") for t in terms}
    if len(dimensions) < 2 or "unit" in table:
        return []
    found = ", ".join(f"{t} ({measures[t].get('dimension')})" for t in terms)
    return [Problem("unit_clash", "indicators.toml", id, "terms", {"found": found})]


def _ids(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _check_circles(indicators: dict) -> list[Problem]:
    graph = {
        id: [i for role in KINDS.get(t.get("kind"), {}) for i in _ids(t.get(role))]
        for id, t in indicators.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        return [Problem("circular", "indicators.toml", words={"found": circle})]
    return []


def _check_charts(charts: dict, measures: dict, indicators: dict, vocabulary: dict) -> list:
    file = "charts.toml"
    keys = {"sector": str, "kind": str, "title": dict, "rows": list, "per": str, "log": int}
    problems = []
    for id, table in charts.items():
        flat = {key: int(value) if key == "log" else value for key, value in table.items()}
        problems += check_table(flat, keys, file, id, ("rows", "per", "log"))
        problems += _check_label(table, "title", file, id)
        problems += _check_id(table.get("kind"), CHART_KINDS, file, id, "kind")
        sectors = [*vocabulary["sectors"], "overview"]
        problems += _check_id(table.get("sector"), sectors, file, id, "sector")
        for row in table.get("rows", []):
            problems += _check_id(row, {**measures, **indicators}, file, id, "rows")
    return problems


def _check_checks(checks: dict, measures: dict, indicators: dict, vocabulary: dict) -> list:
    file = "checks.toml"
    problems = []
    for id, table in checks.items():
        kind = table.get("kind")
        roles = CHECK_KINDS.get(kind, {}) if isinstance(kind, str) else {}
        problems += _check_id(kind, CHECK_KINDS, file, id, "kind")
        keys = {"kind": str, "sector": str, "label": dict, "why": dict, **roles}
        problems += check_table(table, keys, file, id, ("sector", "per"))
        problems += _check_label(table, "label", file, id) + _check_label(table, "why", file, id)
        problems += _check_id(table.get("sector"), vocabulary["sectors"], file, id, "sector")
        for role in roles:
            for name in _ids(table.get(role)):
                if isinstance(name, str):
                    problems += _check_id(name, {**measures, **indicators}, file, id, role)
    return problems


def _check_label(table: dict, key: str, file: str, row: str) -> list[Problem]:
    label = table.get(key)
    if not isinstance(label, dict):
        return []
    return [
        Problem("missing_key", file, row, key, {"expected": f"{key}.{language}"})
        for language in ("zh", "en")
        if not isinstance(label.get(language), str) or not label[language]
    ]


def _check_id(found: object, known, file: str, row: str, column: str) -> list[Problem]:
    if not isinstance(found, str) or found in known:
        return []
    words = {"found": found, "expected": suggestion(str(found), known)}
    return [Problem("undefined", file, row, column, words)]
