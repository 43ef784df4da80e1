"""Where running text has a figure, a period or another numeral, and which figures count.

:func:`find_candidates` goes through a text once. What it finds is decided by one pattern, in which
periods and declared non-quantities (``traps.toml``) come before figures, and by what stands beside
a figure: 三级 is a grade, 十八项 a count, 万元 a unit without a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from string import ascii_letters, digits
from typing import NamedTuple

from livelihood.quantity.dates import PATTERN
from livelihood.quantity.grammar import MULTIPLIER, NUMBER, SPACE, figure_pattern
from livelihood.quantity.modifiers import Refused
from livelihood.quantity.parse import Quantity, QuantityError, parse_quantity
from livelihood.quantity.quantity import read_match
from livelihood.quantity.vocabulary import (
    AFTER,
    BARE,
    BEFORE,
    NOT_BEFORE,
    NOUNS,
    UNITS,
    WITHIN,
    alternation,
    read_table,
)

_TRAPS = read_table("traps.toml")
_HAN = "零〇一二两三四五六七八九十百千万亿"


# ---- the pattern of one item --------------------------------------------------------------------


@cache
def _pattern() -> re.Pattern[str]:
    """One pattern for every item, tried where one can start: what comes first here wins."""
    unit = alternation(UNITS, NOT_BEFORE)
    word = f"{unit}|{MULTIPLIER}|{alternation(WITHIN)}|{alternation(AFTER)}"
    parts = {"N": NUMBER, "H": f"[{_HAN}]{{1,6}}", "C": _HAN, "U": unit, "W": word}
    traps = "|".join(_trap(why, parts) for why in _TRAPS["labels"] if why != "numeral")
    year = (  # printed without 年: 2019家庭医生签约
        rf"(?<![0-9.—–/+-])(?:19[5-9]|20[0-4])[0-9](?=[\u4e00-\u9fff）)])"
        rf"(?!{SPACE}(?:{word}|至|到))"
    )
    return re.compile(
        f"(?=[{_starts()}])(?:(?P<period>{PATTERN}|{year})|{traps}"
        f"|{figure_pattern(running=True)}|(?P<numeral>[0-9]+(?:[.,][0-9]+)*|[{_HAN}]+))"
    )


def _trap(why: str, parts: dict[str, str]) -> str:
    """The group of one kind of trap: its patterns with their parts filled in, then its words."""
    patterns = list(_TRAPS["patterns"].get(why, ()))
    for name, part in parts.items():
        patterns = [pattern.replace("{" + name + "}", part) for pattern in patterns]
    if why in _TRAPS["words"]:
        patterns.append(alternation(_TRAPS["words"][why]))
    return f"(?P<{why}>{'|'.join(patterns)})"


def _starts() -> str:
    """Every character that an item can start with, so that the others are passed over at once."""
    words = [*BEFORE, *BARE, *(word for kind in _TRAPS["words"].values() for word in kind)]
    chars = {
        *digits,
        *ascii_letters,
        *_HAN,
        *(word[0] for word in words),
        *_TRAPS["weak"]["starts"],
    }
    return re.escape("".join(sorted(chars)))


# ---- which figures of running text are quantities -----------------------------------------------


def _either(dimensions: dict[str, list[str]]) -> str:
    return "|".join(f"(?P<{name}>{'|'.join(nouns)})" for name, nouns in dimensions.items())


_WEAK = frozenset(_TRAPS["weak"]["units"])
_BUILT = frozenset(_TRAPS["weak"]["built"])
_ABSTRACT = re.compile("|".join(_TRAPS["weak"]["abstract"]))
_VERB_BEFORE = re.compile(f"(?:{'|'.join(_TRAPS['weak']['verbs'])})$")
_IMPLIED = re.compile(rf"[^，。；、,;：:\n0-9]{{0,6}}?(?:{_either(NOUNS)})")
_IMPLIED_BEFORE = re.compile(f"(?:{_either(_TRAPS['implied_before'])})[约达为共超近]{{0,2}}$")
_YEAR = re.compile("(?:19|20)[0-9]{2}")  # 健康中国2030
_PAUSE = re.compile(r"[，。；、,;！？（(）)\n]|\Z")
_LISTED = re.compile(
    rf"(?:[、和与及]{NUMBER}){{1,8}}(?P<words>(?:{MULTIPLIER})?{alternation(UNITS, NOT_BEFORE)})"
)


def _implied(text: str, match: re.Match[str]) -> str | None:
    """The dimension of a number without a unit, by the noun beside it (3.3万农村老人)."""
    if not (match["single"] or match["few"] or match["start"]):
        return None
    noun = _IMPLIED.match(text, match.end())
    if noun is None and match["first"]:
        noun = _IMPLIED_BEFORE.search(text, max(0, match.start() - 6), match.start())
    return noun.lastgroup if noun else None


def _shared_words(text: str, match: re.Match[str]) -> str:
    """The unit of a number that shares it with the next: the 0.01 of 0.01、0.85个百分点."""
    if match["first"] or not match["single"] or match["single"][0] not in digits:
        return ""
    listed = _LISTED.match(text, match.end())
    return listed["words"] if listed else ""


def _is_quantity(text: str, match: re.Match[str], implied: str | None) -> bool:
    """Whether a figure counts or measures something, by its own words and those beside it."""
    unit = match["unit"] or match["split"]
    if unit and match["number"][0] in digits:
        return True
    if match["denominator"] or match["times"] is not None or match["over"] or match["tenths"]:
        return True
    if match["half"]:
        return bool(unit or match["before"]) or match["half"] != "半"
    if match["number"][0] in digits:
        known = implied or match["first"] or _has_words(match)
        return bool(known) or _stands_alone(text, match)
    if not unit:
        return bool(implied) and _has_words(match)
    return _counts_in_words(text, match, unit)


def _has_words(match: re.Match[str]) -> bool:
    """Whether a word around the number says that it counts: 近, 余, 以上."""
    return any(match[g] for g in ("before", "vague", "late", "infix", "trailing", "after"))


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """A number without a unit is a figure where a word ends before it and a clause behind it."""
    number, before = match["number"], text[match.start() - 1 : match.start()]
    stands = "\u4e00" <= before <= "\u9fff" and _PAUSE.match(text, match.end())
    return bool(stands) and len(number) > 1 and not _YEAR.fullmatch(number)


def _counts_in_words(text: str, match: re.Match[str], unit: str) -> bool:
    """Whether a Chinese numeral with a unit counts something: 十八项 does, 三级 and 一种 do not."""
    number = match["number"]
    alone = number[0] in "百千万亿" and not (match["vague"] or match["late"] or match["before"])
    if alone or number[0] in "零〇":  # 万元, 百个
        return False
    if _has_words(match) or match["few"] or match["tens"]:
        return True
    if len(number) == 1 and (unit in _WEAK or _ABSTRACT.match(text, match.end())):
        return False
    if number == "一":
        built = unit in _BUILT and _VERB_BEFORE.search(text, match.start() - 3, match.start())
        return unit in ("倍", "成") or bool(built or _PAUSE.match(text, match.end()))
    return True


# ---- the items of a text ------------------------------------------------------------------------


class Candidate(NamedTuple):
    """A numeral with its words, before the sentence around it has been read."""

    kind: str  # quantity, period, trap or unread
    start: int
    end: int
    why: str = ""
    quantity: Quantity | None = None


def find_candidates(plain: str) -> Iterator[Candidate]:
    """What `plain` (in simplified characters) has of figures, periods and other numerals."""
    search, at = _pattern().search, 0
    while match := search(plain, at):
        start, at = match.span()
        kind = match.lastgroup or ""
        if kind == "period":
            yield Candidate("period", start, at)
        elif kind in _TRAPS["labels"]:
            yield Candidate("trap", start, at, kind)
        else:
            implied, shared = None, ""
            if not (match["unit"] or match["split"]):
                implied, shared = _implied(plain, match), _shared_words(plain, match)
            if shared or _is_quantity(plain, match, implied):
                yield _figure(match, implied, shared)
                continue
            start, at = match.span("number")
            if match["number"] != "半":  # half of a word: 半径, 半导体
                yield Candidate("trap", start, at, "numeral")


def _figure(match: re.Match[str], implied: str | None, shared: str) -> Candidate:
    start, end = match.span()
    try:
        if shared:
            quantity = replace(parse_quantity(match[0] + shared), text=match[0])
        else:
            quantity = read_match(match, match[0], implied)
    except (Refused, QuantityError) as refused:  # 近百人左右: printed as a figure, and unreadable
        kind = "trap" if refused.code == "numeral" else "unread"
        return Candidate(kind, start, end, refused.code)
    return Candidate("quantity", start, end, "", quantity)
