"""The grammar of printed quantities, generated from ``definitions/*.toml``.

A printed figure is *before, numeral, words*: ``近`` ``7`` ``万人``. The words in front of and behind a
numeral are read once per distinct pair into a :class:`Frame`, which turns any numeral into a
quantity; that is what makes a column of figures quick to read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files

from livelihood.numeral import LONGEST, MULTIPLIERS


def table(name: str) -> dict:
    """One of the package's TOML tables of definitions."""
    return tomllib.loads((files("livelihood") / "definitions" / name).read_text("utf-8"))


_UNITS = table("units.toml")
_QUALIFIERS = table("qualifiers.toml")

DIMENSIONS = _UNITS["dimensions"]
NOT_BEFORE = _UNITS["not_before"]
NOT_AFTER = _QUALIFIERS["not_after"]


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
BEFORE, WITHIN, AFTER, BARE = (_words(p) for p in ("before", "within", "after", "bare"))


def alternation(words: Iterable[str], guard: dict[str, str] | None = None) -> str:
    """A pattern for any of `words`, the longest first: a trie, so that it fails at once.

    `guard` gives for a word the characters that may not follow it.
    """
    tree: dict = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = f"(?![{re.escape(guard[word])}])" if guard and guard.get(word) else ""
    return _pattern(tree)


def _pattern(node: dict) -> str:
    branches = [re.escape(char) + _pattern(child) for char, child in node.items() if char]
    branches += [node[""]] if "" in node else []
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


SPACE = "[ \\u00a0\\u2009\\u202f\\u3000]?"
_KILO = "".join(sorted({word[1] for word in UNITS if word.startswith("千")}))  # 千米 is a unit
MULTIPLIER = alternation(MULTIPLIERS, {"千": _KILO, "百": "分", "十": "分"})
INFIXED = sorted({w[1:] for w in UNITS if w.startswith("个") and len(w) > 1} - {"人", "户"})


_ARABIC = (
    r"(?:[1-9][0-9]{0,2}(?:[,\u00a0\u2009\u202f\u3000][0-9]{3})++(?![0-9])"
    rf"|(?:0(?![0-9])|[1-9][0-9]{{0,{LONGEST}}}+))(?:\.[0-9]{{1,{LONGEST}}}+)?"
)
_DIGIT = "[零〇一二两三四五六七八九]"
_CHINESE = rf"[零〇一二两三四五六七八九十百千万亿]{{1,{LONGEST}}}(?:点{_DIGIT}{{1,9}})?"
NUMBER = f"(?:{_ARABIC}|{_CHINESE})"
TO = "(?:——|[-—–―－~～〜−至到])"


def number_pattern(unit: str, *, running: bool = False) -> str:
    """A number in any of the shapes that it is printed in, as named groups.

    denominator, numerator   五分之四, 百分之八十, 1/3
    times                    翻一番
    half                     一半, 半年
    tenths, hundredths       七成五
    few, tens                几十, 数百; 十几, 二十几
    stem, low, high, place   十五六, 三四百
    start, end               3—5, 3万至5, 60%—70
    single                   27, 1亿2000, 三千二百
    """
    few = rf"好?[几数](?P<few>{MULTIPLIER}|(?!年))"
    if running:
        few = rf"(?:好?几|(?<![{NOT_AFTER['数']}])数)(?P<few>{MULTIPLIER})"
    return (
        rf"(?:(?P<denominator>{NUMBER})分之(?P<numerator>{NUMBER})"
        rf"|(?P<over>[1-9][0-9]?)/(?P<under>[1-9][0-9]?)(?![0-9/万百])"
        rf"|翻[了过]?(?P<near>近|超|逾|)(?P<times>[一二两三四五1-5])番"
        rf"|(?P<half>一半|半数|半)"
        rf"|(?P<tenths>[一二三四五六七八九1-9])成(?P<hundredths>[一二三四五六七八九半])"
        rf"|{few}"
        rf"|(?P<tens>[二三四五六七八九]?十|[1-9]0)几"
        rf"|(?P<stem>(?:[二三四五六七八九]?十)?)(?P<low>[一二两三四五六七八])"
        rf"(?P<high>[二两三四五六七八九])(?P<place>[十百千]?)(?!{_DIGIT}|[十百千])"
        rf"|(?P<start>{NUMBER}{SPACE}(?:{MULTIPLIER})?{SPACE}(?:{unit})?){SPACE}{TO}{SPACE}(?P<end>{NUMBER})"
        rf"|(?P<single>{_ARABIC}(?:(?:{MULTIPLIER}){_ARABIC}){{0,3}}|{_CHINESE}))"
    )


def words_pattern(unit: str) -> str:
    """What may stand behind a numeral, as named groups.

    first, vague, second, late   multipliers and 余 or 多, in the order in which they are printed
    infix, split                 个多月, 个半小时: a word inside the unit
    unit, pair, base             the unit, its alternative in brackets, what it is per
    trailing, after              3年多, 两年半; 以上, 左右
    """
    within = alternation(WITHIN)
    base = rf"(?:{MULTIPLIER})?(?:{unit}|月)"
    return (
        rf"(?:{SPACE}(?P<first>{MULTIPLIER}))?(?:{SPACE}(?P<vague>{within}))?"
        rf"(?:{SPACE}(?P<second>{MULTIPLIER}))?(?:{SPACE}(?P<late>{within}))?"
        rf"(?:个(?P<infix>{within}|半)(?P<split>{alternation(INFIXED)})"
        rf"|{SPACE}(?P<unit>{unit})(?:[（(](?P<pair>{unit})[）)])?(?P<base>(?:/{base}(?:[/·]{base})?)?)"
        rf"(?P<trailing>[多余半](?![于少样元种数媒个])|))?"
        rf"(?:{SPACE}(?P<after>{alternation(AFTER)}))?"
    )


def figure_pattern(*, running: bool = False) -> str:
    """A whole printed figure: what stands before the number, the number, the words behind it.

    In `running` text a word is none where it is part of another: 约 in 签约, 位 in 位于.
    """
    unit = alternation(UNITS, NOT_BEFORE if running else None)
    before = f"{alternation(BEFORE)}|(?:{alternation(BARE)})(?=半|[十百千万亿])"
    sign = "[-−负]?"
    if running:
        before = "|".join(_unless_after(words) for words in (BEFORE, BARE))
        sign = "(?:(?<![0-9A-Za-z%）)担自背胜])[-−负](?=[0-9]))?"
    return (
        rf"(?P<before>(?:{before})?){SPACE}(?P<sign>{sign})"
        rf"{SPACE}(?P<number>{number_pattern(unit, running=running)}){words_pattern(unit)}"
    )


def _unless_after(words: dict[str, str]) -> str:
    """The words, each where none of its ``[not_after]`` characters stands in front."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(NOT_AFTER.get(word, ""), []).append(word)
    bare = "(?=半|[十百千万亿])" if words is BARE else ""
    return "|".join(
        (f"(?<![{after}])" if after else "") + f"(?:{alternation(group)}){bare}"
        for after, group in groups.items()
    )


_TAIL = re.compile(words_pattern(alternation(UNITS)))
_BASE = re.compile(rf"[/·]({MULTIPLIER})?([^/·]+)")
_MONTH = Unit("month", Fraction(1), "duration")
_NONE = Unit("", Fraction(1), "count")


class Refused(ValueError):
    """A figure that the grammar refuses: where in the words behind the numeral, and why."""

    def __init__(self, code: str, at: int | None = None, **details: object) -> None:
        super().__init__(code)
        self.code, self.at, self.details = code, at, details


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around a numeral, read: all that a quantity is besides its numeral."""

    qualifier: str | None  # None where no word qualifies the number
    exponent: int  # of the multipliers
    rounded: bool  # printed with 万 or 亿
    whole: bool  # 余 stands behind 万 or 亿
    half: bool  # 两年半
    unit: str
    factor: Fraction
    discrete: bool
    low: int | None  # natural limits
    high: int | None
    places: tuple[tuple[Fraction, Fraction], ...]  # of 0, 1, 2 ... places behind the point

    def place(self, place: int) -> tuple[Fraction, Fraction]:
        """What a 1 in that place of the numeral is in the unit, and the half of it."""
        if -len(self.places) < place <= 0:
            return self.places[-place]
        return _place(self.factor, place + self.exponent)


def _place(factor: Fraction, exponent: int) -> tuple[Fraction, Fraction]:
    one = factor * Fraction(10) ** exponent
    return one, one / 2


@lru_cache(4096)
def read_frame(before: str, tail: str, dimension: str | None) -> Frame:
    """The frame of ``before`` + numeral + ``tail``; raises :class:`Refused`."""
    words = _TAIL.match(tail)
    if words is None or words.end() < len(tail):
        raise Refused("words", words.end() if words else 0)
    get = words.groupdict().get
    qualifier = _qualifier(before, words)
    unit, limits = _fit(_unit(words), dimension, words.start("unit"))
    multipliers = (get("first") or "") + (get("second") or "")
    exponent = sum(MULTIPLIERS[m] for m in (get("first"), get("second")) if m)
    late = get("late") or (get("vague") and not get("second"))
    factor = unit.factor
    return Frame(
        qualifier, exponent, "万" in multipliers or "亿" in multipliers,
        bool(get("trailing") or get("infix") or (late and multipliers[-1:] in ("万", "亿"))),
        "半" in (get("infix"), get("trailing")),
        unit.code, factor, DIMENSIONS[unit.dimension].get("discrete", False) if "/" not in unit.code else False,
        limits.get("low"), limits.get("high"),
        tuple(_place(factor, exponent - n) for n in range(4)),
    )  # fmt: skip


def _qualifier(before: str, words: re.Match[str]) -> str | None:
    """The one qualifier of all words around the number; two that differ are refused."""
    found = []
    if before:
        if before not in BEFORE and before not in BARE:
            raise Refused("number")
        found.append((before, BEFORE.get(before) or BARE[before]))
    for group in ("vague", "late", "infix", "trailing"):
        word = words[group]
        if word and word != "半":
            found.append((word, WITHIN[word]))
    if words["after"]:
        found.append((words["after"], AFTER[words["after"]]))
    for word, code in found[1:]:
        if code != found[0][1] or (words["vague"] and words["late"]):
            raise Refused("one_vague", words.string.rfind(word), first=found[0][0], second=word)
    return found[0][1] if found else None


def _unit(words: re.Match[str]) -> Unit | None:
    if words["split"]:
        return UNITS["个" + words["split"]]
    if not words["unit"]:
        return None
    times = words["unit"] + "次" if words["pair"] == "次" else ""  # 户（次） is 户次
    unit = UNITS.get(times) or UNITS[words["unit"]]
    for multiplier, word in _BASE.findall(words["base"] or ""):
        per = UNITS.get(word, _MONTH)
        if per.dimension == "count" and unit.dimension == "count":
            continue  # 台/套 names two classifiers, not so many 台 for each 套
        each = per.factor * 10 ** MULTIPLIERS.get(multiplier, 0)
        unit = Unit(f"{unit.code}/{per.code}", unit.factor / each, unit.dimension)
    return unit


def _fit(unit: Unit | None, dimension: str | None, at: int) -> tuple[Unit, dict]:
    """The unit and the natural limits, the printed unit held against the dimension."""
    if dimension is None:
        return unit or _NONE, {}
    if dimension not in DIMENSIONS:
        raise KeyError(f"{dimension} is not a dimension; units.toml has {', '.join(DIMENSIONS)}")
    limits = DIMENSIONS[dimension]
    if unit is None:
        return Unit(limits["unit"], Fraction(1), dimension), limits
    fits = unit.code in limits["units"] if "units" in limits else unit.dimension == dimension
    if not fits or "/" in unit.code:
        raise Refused("unit_of", at, unit=limits["unit"])
    return Unit(unit.code, unit.factor, dimension), limits


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
