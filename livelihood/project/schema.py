"""What definitions must be like: known keys, known ids, both languages, no circles.

Each function gives the problems of one file of ``definitions/``;
:mod:`livelihood.project.definitions`
raises them together when the files are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from reprlib import repr as short

from livelihood.display.messages import Problem, suggestion
from livelihood.project.paths import check_label, check_table

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


_ID = re.compile("[a-z][a-z0-9_]*")


def check_tables(tables: dict, file: str) -> list[Problem]:
    """What all files share: tables by id, and lists that hold nothing but text."""
    problems = []
    for id, table in tables.items():
        if not _ID.fullmatch(id):
            problems.append(Problem("bad_id", file, words={"found": id}))
        if not isinstance(table, dict):
            words = {"found": short(table), "expected": f"[{id}]"}
            problems.append(Problem("wrong_type", file, id, words=words))
            continue
        for key, value in table.items():
            if isinstance(value, list) and not all(isinstance(each, str) for each in value):
                words = {"found": short(value), "expected": '["…"]'}
                problems.append(Problem("wrong_type", file, id, key, words))
            if key == "per" and isinstance(value, int) and value < 1:
                words = {"found": short(value), "expected": "1, 2, …"}
                problems.append(Problem("out_of_range", file, id, key, words))
    return problems


_VOCABULARIES = ("sectors", "populations", "aggregations", "statuses")


def check_vocabulary(vocabulary: dict) -> list[Problem]:
    """Closed vocabularies: all there, each word with both labels; sectors also name files."""
    file = "vocabulary.toml"
    problems = check_table(vocabulary, dict.fromkeys(_VOCABULARIES, dict), file)
    if problems:
        return problems
    for name, labels in vocabulary.items():
        for id, label in labels.items():
            problems += check_table({id: label}, {id: dict}, file, name)
            problems += check_label(labels, id, file, name)
    sectors = vocabulary["sectors"]
    problems += check_tables(sectors, file)
    for id, label in sectors.items():
        if isinstance(label, dict):
            own = [*(s for s in sectors if s != id), "overview"]
            problems += _check_id(label.get("notebook"), own, file, id, "notebook")
    return problems


def check_measures(measures: dict, vocabulary: dict, dimensions: dict) -> list[Problem]:
    optional = {"population": str, "census": str, "related": list, "words": list,
                "changed": dict}  # fmt: skip
    keys = {"sector": str, "dimension": str, "label": dict, **optional}
    problems = []
    for id, table in measures.items():
        problems += check_table(table, keys, "measures.toml", id, tuple(optional))
        problems += check_label(table, "label", "measures.toml", id)
        problems += check_label(table, "changed", "measures.toml", id)
        for other in _ids(table.get("related")):
            problems += _check_id(other, measures, "measures.toml", id, "related")
        for key, known in (
            ("sector", vocabulary["sectors"]),
            ("population", vocabulary["populations"]),
            ("dimension", dimensions),
        ):
            problems += _check_id(table.get(key), known, "measures.toml", id, key)
    return problems


def check_indicators(indicators: dict, measures: dict, vocabulary: dict) -> list[Problem]:
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
        problems += check_label(table, "label", file, id)
        problems += _check_id(table.get("sector"), vocabulary["sectors"], file, id, "sector")
        for role in roles:
            for input_id in _ids(table.get(role)):
                problems += _check_id(input_id, {**measures, **indicators}, file, id, role)
        problems += _check_measured(id, table, measures)
        if id in measures:
            problems.append(Problem("id_twice", file, id, words={"found": id}))
    return problems + _check_circles(indicators)


def _check_measured(id: str, table: dict, measures: dict) -> list[Problem]:
    """Persons, person-times, households and things are not added, unless a unit is declared."""
    terms = [t for t in _ids(table.get("terms")) if t in measures]
    dimensions = {str(measures[t].get("dimension")) for t in terms}
    if len(dimensions) < 2 or "unit" in table:
        return []
    found = ", ".join(f"{t} ({measures[t].get('dimension')})" for t in terms)
    return [Problem("unit_clash", "indicators.toml", id, "terms", {"found": found})]


def _ids(value: object) -> list[str]:
    return [id for id in (value if isinstance(value, list) else [value]) if isinstance(id, str)]


def _check_circles(indicators: dict) -> list[Problem]:
    graph = {
        id: [i for role in KINDS.get(str(t.get("kind")), {}) for i in _ids(t.get(role))]
        for id, t in indicators.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        return [Problem("circular", "indicators.toml", words={"found": circle})]
    return []


def check_charts(charts: dict, measures: dict, indicators: dict, vocabulary: dict) -> list:
    file = "charts.toml"
    keys = {"sector": str, "kind": str, "title": dict, "rows": list, "per": str, "log": int}
    problems = []
    for id, table in charts.items():
        flat = {
            key: int(value) if value is True or value is False else value
            for key, value in table.items()
        }
        problems += check_table(flat, keys, file, id, ("rows", "per", "log"))
        problems += check_label(table, "title", file, id)
        problems += _check_id(table.get("kind"), CHART_KINDS, file, id, "kind")
        sectors = [*vocabulary["sectors"], "overview"]
        problems += _check_id(table.get("sector"), sectors, file, id, "sector")
        for row in _ids(table.get("rows")):
            problems += _check_id(row, {**measures, **indicators}, file, id, "rows")
    return problems


def check_checks(checks: dict, measures: dict, indicators: dict, vocabulary: dict) -> list:
    file = "checks.toml"
    problems = []
    for id, table in checks.items():
        kind = table.get("kind")
        roles = CHECK_KINDS.get(kind, {}) if isinstance(kind, str) else {}
        problems += _check_id(kind, CHECK_KINDS, file, id, "kind")
        keys = {"kind": str, "sector": str, "label": dict, "why": dict, **roles}
        problems += check_table(table, keys, file, id, ("sector", "per"))
        problems += check_label(table, "label", file, id) + check_label(table, "why", file, id)
        problems += _check_id(table.get("sector"), vocabulary["sectors"], file, id, "sector")
        for role in roles:
            for name in _ids(table.get(role)):
                if isinstance(name, str):
                    problems += _check_id(name, {**measures, **indicators}, file, id, role)
    return problems


def check_comparisons(comparisons: dict) -> list[Problem]:
    file, keys = "comparisons.toml", {"top": str, "under": str, "label": dict, "unit": str}
    return [
        problem
        for id, table in comparisons.items()
        for problem in (
            *check_table(table, keys, file, id, ("unit",)),
            *check_label(table, "label", file, id),
        )
    ]


def _check_id(
    found: object, known: Iterable[str], file: str, row: str, column: str
) -> list[Problem]:
    if not isinstance(found, str) or found in known:
        return []
    words = {"found": found, "expected": suggestion(str(found), known)}
    return [Problem("undefined", file, row, column, words)]
