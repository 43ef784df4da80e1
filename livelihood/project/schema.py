"""A table of TOML as a frozen dataclass: its fields say what the table may hold, once.

``structure(Measure, table, file, row, id=...)`` gives the measure, or raises every problem of the
table: a key that is missing (a field without a default), unknown, or of another type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from reprlib import repr as short
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from livelihood.display.messages import LANGUAGES, DataError, Problem, noting, suggestion

T = TypeVar("T")
Label = dict[str, str]  # a text in both languages
MaybeLabel = dict[str, str | None]  # its English may be blank
_NAMES: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true / false",
    date: "date",
    dict: "table { zh, en }",
    tuple: '["…"]',
}


def structure(
    cls: type[T], table: object, file: str, row: str = "", /, *, rest: str = "", **given: object
) -> T:
    """The dataclass of a table; `given` are fields that do not stand in it (its id).

    Keys that are no fields are unknown, or those of the field `rest`, as they are.

    >>> from livelihood.project.definitions import Comparison
    >>> label = {"zh": "甲", "en": "A"}
    >>> structure(Comparison, {"top": "a", "under": "b", "label": label}, "x.toml", id="c").unit
    '1'
    """
    if not isinstance(table, dict):
        raise DataError([_wrong(table, f"[{row}]", file, row)])
    known = _hints(cast(Any, cls))
    hints = {name: hint for name, hint in known.items() if name not in (*given, rest)}
    if rest:
        given[rest] = {key: value for key, value in table.items() if key not in known}
        table = {key: value for key, value in table.items() if key in known}
    problems = list(misplaced(table, hints, _optional(cls), file, row))
    for key in (key for key in table if key in hints):
        with noting(problems):
            given[key] = _made(table[key], hints[key], file, row, key)
    if problems:
        raise DataError(problems)
    return cls(**given)


def structure_all(cls: type[T], tables: Mapping[str, object], file: str) -> dict[str, T]:
    """Tables by id as dataclasses; ``DataError`` with the problems of all of them."""
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for id, table in tables.items():
        with noting(problems):
            found[id] = structure(cls, table, file, id, id=id)
    if problems:
        raise DataError(problems)
    return found


def misplaced(
    found: Iterable[str], takes: Iterable[str], optional: Iterable[str], file: str, row: str
) -> Iterator[Problem]:
    """The keys that are missing, and those that are not known."""
    for key in takes:
        if key not in (*found, *optional):
            yield Problem("missing_key", file, row, words={"expected": key})
    for key in found:
        if key not in takes:
            words = {"found": key, "expected": ", ".join(takes)}
            yield Problem("unknown_key", file, row, key, words)


def undefined(
    found: object, known: Iterable[str], file: str, row: str, column: str
) -> Iterator[Problem]:
    """A problem if `found` is an id and none of the known ones."""
    if isinstance(found, str) and found not in known:
        words = {"found": found, "expected": suggestion(found, known)}
        yield Problem("undefined", file, row, column, words)


def bad_ids(ids: Iterable[str], form: str, file: str, code: str = "bad_id") -> list[Problem]:
    """The ids that are not of the given form (a regular expression)."""
    return [Problem(code, file, words={"found": id}) for id in ids if not re.fullmatch(form, id)]


@cache
def _hints(cls: Any) -> dict[str, Any]:
    """The types of the fields; finding them takes long, so it is done once a dataclass."""
    return get_type_hints(cls)


def _optional(cls: Any) -> list[str]:
    return [f.name for f in fields(cls) if (f.default, f.default_factory) != (MISSING, MISSING)]


def _made(value: object, hint: Any, file: str, row: str, key: str) -> object:
    """A value as its field has it; ``DataError`` if it is of another type."""
    kind, inner = _kind(hint)
    if is_dataclass(kind):
        return structure(cast(type, kind), value, file, f"{row}.{key}")
    if kind is Literal:
        if value not in inner:
            words = {"found": short(value), "expected": suggestion(str(value), map(str, inner))}
            raise DataError([Problem("undefined", file, row, key, words)])
        return value
    if kind is tuple and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise DataError([_wrong(value, _NAMES.get(kind, str(kind)), file, row, key)])
    if kind is dict and (lacking := _unsaid(cast(dict, value), hint)):
        texts = ({"expected": f"{key}.{language}"} for language in lacking)
        raise DataError([Problem("missing_key", file, row, key, words) for words in texts])
    return value


def _unsaid(label: dict, hint: Any) -> list[str]:
    """The languages that a label lacks."""
    needed = ("zh",) if hint == MaybeLabel else LANGUAGES
    texts = {language: label.get(language, "") for language in LANGUAGES}
    said = {lang for lang, text in texts.items() if text or lang not in needed}
    return [lang for lang, text in texts.items() if lang not in said or not isinstance(text, str)]


def _kind(hint: Any) -> tuple[Any, tuple]:
    """What a hint asks for; of ``X | None``, which only a default can be, it is X."""
    if isinstance(hint, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    return get_origin(hint) or hint, get_args(hint)


def _wrong(value: object, expected: str, file: str, row: str, key: str = "") -> Problem:
    return Problem("wrong_type", file, row, key, {"found": short(value), "expected": expected})
