"""The data dictionary, written from the definitions: ``python docs/dictionary.py``.

``docs/dictionary.md`` is what this prints; a test fails if it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from livelihood.analysis.comparison import CENSUS_COLUMNS, COMPARISON_COLUMNS
from livelihood.analysis.explanation import EXPLANATION_COLUMNS
from livelihood.analysis.formulas import formula_text, operand_ids
from livelihood.analysis.frames import FINDING_COLUMNS, INDICATOR_COLUMNS, OBSERVATION_COLUMNS
from livelihood.analysis.search import FOUND_COLUMNS
from livelihood.analysis.series import LONG_COLUMNS, LONG_INDICATOR_COLUMNS
from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import EARLIER, Definitions, Indicator, read_definitions
from livelihood.project.files import read_toml
from livelihood.project.paths import find_project
from livelihood.quantity.vocabulary import DIMENSIONS, read_table
from livelihood.release.columns import codes
from livelihood.site.export import fields

FRAMES: dict[str, Sequence[str]] = {
    "release.observations": OBSERVATION_COLUMNS,
    "release.indicators": INDICATOR_COLUMNS,
    "release.checks": FINDING_COLUMNS,
    "explain": EXPLANATION_COLUMNS,
    "find": FOUND_COLUMNS,
    "compare": COMPARISON_COLUMNS,
    "observations": LONG_COLUMNS,
    "indicators": LONG_INDICATOR_COLUMNS,
    "series": LONG_COLUMNS,
    "census": CENSUS_COLUMNS,
}
_TOP = """# 数据字典 · Data dictionary

由 `data/definitions/` 生成，请勿手改。 Generated from the definitions; not edited by hand:
`python docs/dictionary.py > docs/dictionary.md`
"""


def known() -> Definitions:
    """The shared definitions of this project."""
    return read_definitions(find_project())


def both(code: str) -> dict[str, str]:
    """A message in both languages."""
    return {language: say(code, language) for language in LANGUAGES}


def labels(kind: str) -> dict[str, dict[str, str]]:
    """The labels of the qualifiers or of the origins of bounds."""
    return {id: entry["label"] for id, entry in read_table("qualifiers.toml")[kind].items()}


def meanings() -> dict[str, dict[str, str]]:
    """What each column of a frame means, in both languages."""
    own = read_toml(path := Path(__file__).with_name("exploring.toml"), path.parent)
    known = {**own, **{column: about["means"] for column, about in fields().items()}}
    used = dict.fromkeys(column for columns in FRAMES.values() for column in columns)
    return {column: known[column] for column in used}


def markdown() -> str:
    """The whole dictionary."""
    meaning = known()
    vocabularies = {
        "领域 · Sectors": {id: s.label for id, s in meaning.sectors.items()},
        "合计方式 · Aggregations": {a: both(a) for a in codes("aggregation")},
        "数据状态 · Statuses": {s: both(f"status_{s}") for s in codes("status")},
        "人口口径 · Populations": {id: p.label for id, p in meaning.populations.items()},
        "用词 · Qualifiers": labels("qualifiers"),
        "界限的依据 · Origins of bounds": labels("origins"),
    }
    parts = [
        _TOP,
        _section("数据表 · Frames", ("frame", "columns"), _frames()),
        _section("列 · Columns", ("column", "中文", "English"), _labels(meanings())),
        *(
            _section(title, ("id", "中文", "English"), _labels(ids))
            for title, ids in vocabularies.items()
        ),
        _section("数量 · Measures", ("id", "中文", "English", "unit", "counts"), _measures()),
        _section("指标 · Indicators", ("id", "中文", "English", "kind", "formula"), _indicators()),
    ]
    return "\n".join(parts)


def _section(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    table = [columns, ["---"] * len(columns), *rows]
    lines = ("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in table)
    return "\n".join([f"## {title}", "", *lines, ""])


def _frames() -> list[tuple[str, str]]:
    return [(f"`{name}`", ", ".join(f"`{c}`" for c in columns)) for name, columns in FRAMES.items()]


def _labels(ids: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(f"`{id}`", label["zh"], label["en"]) for id, label in ids.items()]


def _measures() -> list[tuple[str, ...]]:
    meaning = known()
    return [
        (
            f"`{m.id}`",
            m.label["zh"],
            m.label["en"],
            DIMENSIONS[m.dimension]["unit"],
            meaning.populations[m.population].label["en"] if m.population else "",
        )
        for m in meaning.measures.values()
    ]


def _indicators() -> list[tuple[str, ...]]:
    return [
        (f"`{i.id}`", i.label["zh"], i.label["en"], i.kind, _formula(i))
        for i in known().indicators.values()
    ]


def _formula(indicator: Indicator) -> str:
    names = [
        f"`{id.removesuffix(EARLIER)}`" + (" (earlier)" if id.endswith(EARLIER) else "")
        for id in operand_ids(indicator)
    ]
    if indicator.kind == "per_year":
        names.append("years")
    return formula_text(indicator, names)


if __name__ == "__main__":
    print(markdown(), end="")
