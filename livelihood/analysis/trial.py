"""An indicator tried before it is written down: computed at once, with the block to paste."""

from __future__ import annotations

import json
from pathlib import Path

from livelihood.analysis.arithmetic import formula_text
from livelihood.analysis.explanation import label_of, lacking, steps
from livelihood.analysis.formulas import ROLES, compute, kind_problems
from livelihood.analysis.release import load
from livelihood.analysis.search import id_of
from livelihood.display.messages import LANGUAGES, DataError
from livelihood.display.table import Table
from livelihood.project.definitions import EARLIER, Definitions, define_indicator
from livelihood.project.schema import Label, undefined


def indicator(
    kind: str, id: str = "my_indicator", region: str = "duji", year: int = 2019,
    language: str | None = None, project: Path | None = None, **parts: object,
) -> Table:  # fmt: skip
    """Compute an indicator of one's own, and print the block that makes it permanent.

    `parts` are the inputs that its kind takes (``numerator=``, ``terms=[...]``: ids or labels) and,
    optionally, ``per=``, ``unit=``, ``sector=`` and ``label={"zh": ..., "en": ...}``. Returns what
    :func:`livelihood.explain` does. ``DataError`` for an unknown kind or input, for inputs that
    may not be combined, or if the release lacks one.

    >>> steps = indicator("ratio", "cost_each", numerator="student_aid_funds",
    ...                   denominator="student_aid_beneficiary_times", label={"zh": "每人次",
    ...                   "en": "Aid each"})
    # data/definitions/education.toml
    [indicators.cost_each]
    kind = "ratio"
    numerator = "student_aid_funds"
    denominator = "student_aid_beneficiary_times"
    label.zh = "每人次"
    label.en = "Aid each"
    >>> steps[["low", "high"]].iloc[-1].astype(int).tolist(), steps["unit"].iloc[-1]
    ([11764, 18750], 'CNY/person-time')
    """
    release = load(region, year, language, project)
    table = _table(id, kind, parts, release.definitions)
    meaning = define_indicator(release.definitions, id, table)
    tried = meaning.indicators[id]
    if problems := list(kind_problems(meaning)):
        raise DataError(problems)
    earlier = release.earlier_amounts({i.removesuffix(EARLIER) for i in tried.input_ids})
    known = {**release.known, **earlier}
    missing = [i for i in tried.input_ids if i not in known]
    if missing:
        raise DataError([lacking(i, release) for i in missing])
    result = compute(tried, known, meaning)
    print(toml_block(id, table))
    return steps(id, release, {**release.computed, id: result})


def _table(id: str, kind: str, parts: dict[str, object], meaning: Definitions) -> dict:
    """The block as TOML would hold it: inputs by id, a sector and labels where none is given."""
    if problems := list(undefined(kind, ROLES, "livelihood.indicator", id, "kind")):
        raise DataError(problems)
    roles = ROLES[kind]
    inputs = {role: _ids(value, meaning) for role, value in parts.items() if role in roles}
    others = {key: value for key, value in parts.items() if key not in roles}
    table = {"sector": _sector(inputs, meaning), "kind": kind, **inputs, **others}
    return {**table, "label": others.get("label") or _labels(id, table, meaning)}


def _labels(id: str, table: dict, meaning: Definitions) -> Label:
    """The formula in words, for want of a name."""
    unnamed = {**table, "label": {"zh": id, "en": id}}
    formula = define_indicator(meaning, id, unnamed).indicators[id]
    return {
        language: formula_text(formula, [label_of(i, meaning, language) for i in formula.input_ids])
        for language in LANGUAGES
    }


def _ids(value: object, meaning: Definitions) -> object:
    if isinstance(value, list):
        return [id_of(v, meaning) for v in value]
    return id_of(str(value), meaning)


def _sector(inputs: dict[str, object], meaning: Definitions) -> str:
    """The sector of the first input."""
    for value in inputs.values():
        id = str(value[0] if isinstance(value, list) else value)
        return (meaning.measures.get(id) or meaning.indicators[id]).sector
    return next(iter(meaning.sectors))


def toml_block(id: str, table: dict) -> str:
    """The block, and the file that it belongs in."""
    lines = [f"# data/definitions/{table['sector']}.toml", f"[indicators.{id}]"]
    for key, value in table.items():
        if key == "sector":
            continue
        if key == "label":
            lines += [f"label.{language} = {_toml(value[language])}" for language in LANGUAGES]
        else:
            lines.append(f"{key} = {_toml(value)}")
    return "\n".join(lines)


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
