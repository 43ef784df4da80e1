"""What the words around a numeral say: unit, multiplier, qualifier, natural limits.

They are read once per distinct pair of words into :class:`Modifiers`, under which any numeral is
a quantity; that is what makes a column of figures quick to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from livelihood.quantity.grammar import MULTIPLIER, words_pattern
from livelihood.quantity.numeral import MULTIPLIERS
from livelihood.quantity.vocabulary import (
    AFTER,
    BARE,
    BEFORE,
    DIMENSIONS,
    NOUNS,
    UNITS,
    WITHIN,
    Unit,
    alternation,
)

_BASE = re.compile(rf"[/·]({MULTIPLIER})?([^/·]+)")
_MONTH = Unit("month", Fraction(1), "duration")
_USUAL_PLACES = 4  # decimals whose sizes are worked out once
_NONE = Unit("", Fraction(1), "count")


class Refused(ValueError):
    """A figure that the grammar refuses: where in the words behind the numeral, and why."""

    def __init__(self, code: str, at: int | None = None, **details: object) -> None:
        super().__init__(code)
        self.code, self.at, self.details = code, at, details


@dataclass(frozen=True, slots=True)
class Modifiers:
    """The words around a numeral, read: all that a quantity is besides its numeral."""

    qualifier: str | None  # None where no word qualifies the number
    exponent: int  # of the multipliers
    rounded: bool  # printed with 万 or 亿
    whole: bool  # 余 stands behind 万 or 亿
    half: bool  # 两年半
    unit: str
    factor: Fraction
    discrete: bool  # counted one by one
    natural: bool  # never below 0 by what the unit measures
    places: tuple[tuple[Fraction, Fraction], ...]  # of 0, 1, 2 ... places behind the point

    def place(self, place: int) -> tuple[Fraction, Fraction]:
        """What a 1 in that place of the numeral is in the unit, and the half of it."""
        if -len(self.places) < place <= 0:
            return self.places[-place]
        return _place(self.factor, place + self.exponent)


def _place(factor: Fraction, exponent: int) -> tuple[Fraction, Fraction]:
    one = factor * Fraction(10) ** exponent
    return one, one / 2


@cache
def _tail() -> re.Pattern[str]:
    """What may stand behind a numeral: compiled for the first, which takes its time."""
    return re.compile(words_pattern(alternation(UNITS)))


@lru_cache(4096)
def read_modifiers(before: str, tail: str, dimension: str | None) -> Modifiers:
    """The modifiers of ``before`` + numeral + ``tail``; raises :class:`Refused`."""
    words = _tail().match(tail)
    if words is None or words.end() < len(tail):
        raise Refused("words", words.end() if words else 0)
    get = words.groupdict().get
    qualifier = _qualifier(before, words)
    unit = _fit(_unit(words), dimension, max(words.start(g) for g in ("unit", *NOUNS)))
    multipliers = (get("first") or "") + (get("second") or "")
    exponent = sum(MULTIPLIERS[m] for m in (get("first"), get("second")) if m)
    late = get("late") or (get("vague") and not get("second"))
    factor = unit.factor
    return Modifiers(
        qualifier=qualifier,
        exponent=exponent,
        rounded="万" in multipliers or "亿" in multipliers,
        whole=bool(get("trailing") or get("infix") or (late and multipliers[-1:] in ("万", "亿"))),
        half="半" in (get("infix"), get("trailing")),
        unit=unit.code,
        factor=factor,
        discrete="/" not in unit.code and "discrete" in DIMENSIONS[unit.dimension],
        natural=unit.code not in ("", "1") and DIMENSIONS[unit.dimension].get("low") == 0,
        places=tuple(_place(factor, exponent - n) for n in range(_USUAL_PLACES)),
    )


def _qualifier(before: str, words: re.Match[str]) -> str | None:
    """The one qualifier of all words around the number; two that differ are refused."""
    found = []
    if before:
        if before not in BEFORE and before not in BARE:
            raise Refused("number")
        found.append((before, BEFORE.get(before) or BARE[before]))
    for group in ("vague", "late", "infix", "trailing", "after"):
        word = words[group]
        if word and word != "半":
            found.append((word, AFTER[word] if group == "after" else WITHIN[word]))
    for word, code in found[1:]:
        if code != found[0][1] or (words["vague"] and words["late"]):
            raise Refused("one_vague", words.string.rfind(word), first=found[0][0], second=word)
    return found[0][1] if found else None


def _unit(words: re.Match[str]) -> Unit | None:
    if words["split"]:
        return UNITS["个" + words["split"]]
    if noun := next((dimension for dimension in NOUNS if words[dimension]), None):
        return Unit(DIMENSIONS[noun]["unit"], Fraction(1), noun)
    if not words["unit"]:
        return None
    times = words["unit"] + "次" if words["pair"] == "次" else ""  # 户（次） is 户次
    unit = UNITS.get(times) or UNITS[words["unit"]]
    for per, multiplier in _bases(words["base"] or ""):
        if per.dimension == "count" and unit.dimension == "count":
            continue  # 台/套 names two classifiers, not so many 台 for each 套
        each = per.factor * 10 ** MULTIPLIERS.get(multiplier, 0)
        unit = Unit(f"{unit.code}/{per.code}", unit.factor / each, unit.dimension)
    return unit


def _bases(printed: str) -> list[tuple[Unit, str]]:
    """What a figure is per, each with its multiplier: 千 and 人 in ``/千人``, one in ``/人·次``."""
    if printed[1:] in UNITS:  # 人·次 is one unit
        return [(UNITS[printed[1:]], "")]
    return [(UNITS.get(word, _MONTH), multiplier) for multiplier, word in _BASE.findall(printed)]


def _fit(unit: Unit | None, dimension: str | None, at: int) -> Unit:
    """The unit; the dimension supplies it where none is printed, and refuses another's."""
    if dimension is None:
        return unit or _NONE
    if dimension not in DIMENSIONS:
        raise KeyError(f"{dimension} is not a dimension; units.toml has {', '.join(DIMENSIONS)}")
    rules = DIMENSIONS[dimension]
    if unit is None:
        return Unit(rules["unit"], Fraction(1), dimension)
    fits = unit.code in rules["units"] if "units" in rules else unit.dimension == dimension
    if not fits or "/" in unit.code:
        raise Refused("unit_of", at, unit=rules["unit"])
    return Unit(unit.code, unit.factor, dimension)
