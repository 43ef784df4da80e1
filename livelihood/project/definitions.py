"""What the ids mean: sectors, measures, indicators, charts. Read from TOML, checked when read.

``definitions/vocabulary.toml``  sectors, populations, aggregations, statuses
``definitions/measures.toml``    what sources report
``definitions/indicators.toml``  what we compute, each of one of the :data:`KINDS`
``definitions/charts.toml``      what a sector's page draws
``definitions/checks.toml``      what is held against what
``definitions/comparisons.toml`` what the overview compares counties on
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from livelihood.display.messages import DEFINITIONS, DataError
from livelihood.project.files import read_toml
from livelihood.project.schema import (
    CHECK_KINDS,
    EARLIER,
    KINDS,
    check_charts,
    check_checks,
    check_comparisons,
    check_indicators,
    check_measures,
    check_tables,
    check_vocabulary,
)
from livelihood.quantity.vocabulary import DIMENSIONS

Label = dict[str, str]


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
    roles: dict[str, Any]
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A census column over another, to compare counties on; `unit` is 1 for a share."""

    id: str
    top: str
    under: str
    label: Label
    unit: str = "1"


@dataclass(frozen=True)
class Definitions:
    """All definitions, by id."""

    sectors: dict[str, Label]
    populations: dict[str, Label]
    aggregations: dict[str, Label]
    statuses: dict[str, Label]
    measures: dict[str, Measure]
    indicators: dict[str, Indicator]
    charts: dict[str, Chart]
    checks: dict[str, Check]
    comparisons: dict[str, Comparison]

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
    vocabulary, measures, indicators, charts, checks, comparisons = (
        read_toml(folder / f"{name}.toml", folder)
        for name in ("vocabulary", "measures", "indicators", "charts",
                     "checks", "comparisons")
    )  # fmt: skip
    _check_shapes(measures=measures, indicators=indicators, charts=charts, checks=checks,
                  comparisons=comparisons)  # fmt: skip
    problems = [
        *check_vocabulary(vocabulary),
    ]
    if problems:
        raise DataError(problems)
    problems = [
        *check_measures(measures, vocabulary, DIMENSIONS),
        *check_indicators(indicators, measures, vocabulary),
        *check_charts(charts, measures, indicators, vocabulary),
        *check_comparisons(comparisons),
        *check_checks(checks, measures, indicators, vocabulary),
    ]
    if problems:
        raise DataError(problems)
    return Definitions(
        **vocabulary,
        measures={id: _measure(id, table) for id, table in measures.items()},
        indicators={id: _indicator(id, table) for id, table in indicators.items()},
        charts={id: _chart(id, table) for id, table in charts.items()},
        comparisons={id: Comparison(id, **table) for id, table in comparisons.items()},
        checks={id: _one_check(id, table) for id, table in checks.items()},
    )


def indicator_from(id: str, table: dict, folder: Path = DEFINITIONS) -> Indicator:
    """An indicator that is in no file (yet), checked beside those that are; ``DataError``."""
    names = ("indicators", "measures", "vocabulary")
    indicators, measures, vocabulary = (
        read_toml(folder / f"{name}.toml", folder) for name in names
    )
    problems = check_indicators({**indicators, id: table}, measures, vocabulary)
    if problems:
        raise DataError(problems)
    return _indicator(id, table)


def _check_shapes(**tables: dict) -> None:
    """Raise if files do not hold tables by id: what they say can be checked only then."""
    if problems := [p for name, t in tables.items() for p in check_tables(t, f"{name}.toml")]:
        raise DataError(problems)


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
