"""The words of printed quantities, from the TOML tables beside this module: units, qualifiers,
labels.

The tables are the package's own, so they are read as they are: that they are whole and agree with
each other is tested, not checked at every start.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

Guard = str | list[str]


@cache
def read_table(name: str, beside: str = __file__) -> dict:
    """One of the TOML tables beside a module of the package."""
    return tomllib.loads(Path(beside).with_name(name).read_text(encoding="utf-8"))


_UNITS = read_table("units.toml")
_QUALIFIERS = read_table("qualifiers.toml")
DIMENSIONS = _UNITS["dimensions"]
NOT_BEFORE = _UNITS["not_before"]
NOUNS: dict[str, list[str]] = _UNITS["nouns"]
NOT_AFTER = _QUALIFIERS["not_after"]
LINKED = _QUALIFIERS["linked"]
CHANGES = _QUALIFIERS["changes"]
REACHED = _QUALIFIERS["reached"]
UNIT_LABELS: dict[str, dict[str, str]] = _UNITS["denominators"] | {
    code: unit["label"] for code, unit in _UNITS["units"].items()
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit word says: the code of its unit, its factor to it, what it measures."""

    code: str
    factor: Fraction
    dimension: str


def _unit_words() -> dict[str, Unit]:
    words = {name: Unit(name, Fraction(1), "count") for name in _UNITS["classifiers"]}
    for code, unit in _UNITS["units"].items():
        for word, factor in unit["words"].items():
            words[word] = Unit(code, Fraction(factor), unit["dimension"])
    return words


def _words(place: str) -> dict[str, str]:
    """The words that stand at `place` (before, within, after, bare), each with its qualifier."""
    return {
        word: code
        for code, entry in _QUALIFIERS["qualifiers"].items()
        for word in entry.get(place, ())
    }


UNITS = _unit_words()
COUNTED = [word for word, unit in UNITS.items() if "discrete" in DIMENSIONS[unit.dimension]]
BEFORE, WITHIN, AFTER, BARE = (_words(p) for p in ("before", "within", "after", "bare"))


def alternation(words: Iterable[str], guard: Mapping[str, Guard] | None = None) -> str:
    """A pattern for any of `words`, the longest first: a trie, so that it fails at once.

    `guard` gives for a word the characters, or a list of words, that may not follow it.
    """
    tree: dict = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = f"(?!{_any_of(guard[word])})" if guard and guard.get(word) else ""
    return _pattern(tree)


def _any_of(guard: Guard) -> str:
    return f"[{re.escape(guard)}]" if isinstance(guard, str) else "|".join(map(re.escape, guard))


def _pattern(node: dict) -> str:
    branches = [re.escape(char) + _pattern(child) for char, child in node.items() if char]
    branches += [node[""]] if "" in node else []
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def label(code: str, language: str) -> str:
    """The label of a unit, a qualifier or an origin, in ``"zh"`` or ``"en"``.

    >>> label("CNY", "en"), label("所", "zh"), label("CNY/person", "zh"), label("nearly", "en")
    ('yuan', '所', '元/人', 'nearly')
    """
    for kind in (_UNITS["units"], _QUALIFIERS["qualifiers"], _QUALIFIERS["origins"]):
        if code in kind:
            return kind[code]["label"][language]
    if "/" in code:
        return "/".join(label(part, language) for part in code.split("/"))
    if code in _UNITS["classifiers"]:
        return code if language == "zh" else _UNITS["classifiers"][code]
    return {"zh": "（未印单位）", "en": "(no unit printed)"}[language] if code == "" else code
