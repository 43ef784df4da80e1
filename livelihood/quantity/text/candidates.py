"""Where running text has a figure, a period or another numeral, and which figures count.

:func:`find_candidates` goes through a text once. What it finds is decided by one pattern, in which
periods and declared non-quantities (``traps.toml``) come before figures, and by what stands beside
a figure: 三级 is a grade, 十八项 a count, 万元 a unit without a number.

A number that print has broken is read as one and marked (``mended``), where there is one reading: a
blank beside its point or between groups of three, a full stop for the point. Otherwise it is
declared unread; it is never half of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import ascii_letters, digits
from typing import NamedTuple

from livelihood.quantity.dates import PATTERN
from livelihood.quantity.grammar import (
    MULTIPLIER,
    NUMBER,
    SPACE,
    broken_pattern,
    figure_pattern,
)
from livelihood.quantity.modifiers import Refused
from livelihood.quantity.parse import Quantity, QuantityError, parse_quantity, read_simple
from livelihood.quantity.quantity import as_change, read_match
from livelihood.quantity.vocabulary import (
    AFTER,
    BARE,
    BEFORE,
    CHANGES,
    COUNTED,
    NOT_BEFORE,
    NOUNS,
    UNITS,
    WITHIN,
    alternation,
    read_table,
)

_TRAPS = read_table("traps.toml")
RATES = ("1", "percentage-point")  # what does not add up, and changes by itself
_HAN = "零〇一二两三四五六七八九十百千万亿"


# ---- the pattern of one item --------------------------------------------------------------------


@cache
def _pattern() -> re.Pattern[str]:
    """One pattern for every item, tried where one can start: what comes first here wins."""
    unit = alternation(UNITS, NOT_BEFORE)
    word = f"{unit}|{MULTIPLIER}|{alternation(WITHIN)}|{alternation(AFTER)}"
    parts = {"N": NUMBER, "H": f"[{_HAN}]{{1,6}}", "C": _HAN, "U": unit, "W": word}
    kinds = [why for why in _TRAPS["labels"] if why in _TRAPS["patterns"] | _TRAPS["words"]]
    traps = "|".join(_trap(why, parts) for why in kinds)
    year = (  # printed without 年: 2019家庭医生签约
        rf"(?<![0-9.—–/+-])(?:19[5-9]|20[0-4])[0-9](?=[\u4e00-\u9fff）)])(?![级届版号])"
        rf"(?!{SPACE}(?:{word}|至|到))"
    )
    return re.compile(
        f"(?={_starts()})(?:(?P<period>{PATTERN}|{year})|{traps}"
        f"|(?P<broken>{broken_pattern()})|{figure_pattern(running=True)}|(?P<numeral>[0-9]+(?:[.,][0-9]+)*|[{_HAN}]+))"
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
    """What an item can start with, so that all other places are passed over at once."""
    words = [*BEFORE, *BARE, *(word for kind in _TRAPS["words"].values() for word in kind)]
    chars = {*digits, *ascii_letters, *_HAN, *_TRAPS["weak"]["starts"]}
    pairs = alternation(word[:2] for word in words if word[0] not in chars)
    return f"[{re.escape(''.join(sorted(chars)))}]|{pairs}"


# ---- which figures of running text are quantities -----------------------------------------------


def _either(dimensions: dict[str, list[str]]) -> str:
    return "|".join(f"(?P<{name}>{'|'.join(nouns)})" for name, nouns in dimensions.items())


_WEAK, _BUILT = (frozenset(_TRAPS["weak"][kind]) for kind in ("units", "built"))
_ABSTRACT = re.compile("|".join(_TRAPS["weak"]["abstract"]))
_VERB_BEFORE = re.compile(f"(?:{'|'.join(_TRAPS['weak']['verbs'])})$")
_IMPLIED = re.compile(rf"[^，。；、,;：:\n0-9]{{0,6}}?(?:{_either(NOUNS)})")
_IMPLIED_BEFORE = re.compile(f"(?:{_either(_TRAPS['implied_before'])})[约达为共超近]{{0,2}}$")
_YEAR = re.compile("(?:19|20)[0-9]{2}")  # 健康中国2030
_PAUSE = re.compile(r"[，。；、,;！？（(）)\n]|\Z")
_CELL_BEFORE = re.compile(r"(?:[\u4e00-\u9fff）)%0-9]|[|｜])[\t \u3000]$")
_CELL_END = re.compile(r"[\t \u3000\n|｜]|\Z")
_LISTED = re.compile(
    rf"(?:[、和与及]{NUMBER}){{1,8}}(?P<words>(?:{MULTIPLIER})?{alternation(UNITS, NOT_BEFORE)})"
)


def _implied(text: str, match: re.Match[str]) -> str | None:
    """The dimension of a number without a unit, by the noun beside it (3.3万农村老人)."""
    if not (match["single"] or match["few"] or match["start"]):
        return None
    noun = _IMPLIED.match(text, match.end())
    if noun is None:
        noun = _IMPLIED_BEFORE.search(text, max(0, match.start() - 6), match.start())
        if noun and noun.lastgroup != "index" and not match["first"]:
            return None
    return noun.lastgroup if noun else None


def _shared_words(text: str, match: re.Match[str]) -> str:
    """The unit of a number that shares it with the next: the 0.01 of 0.01、0.85个百分点."""
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
    if len(number) < 2 or _YEAR.fullmatch(number):
        return False
    if before in ("\t", " ", "\u3000"):  # the columns of a table
        opened = _CELL_BEFORE.search(text, max(0, match.start() - 2), match.start())
        return bool(opened and _CELL_END.match(text, match.end()))
    return "\u4e00" <= before <= "\u9fff" and bool(_PAUSE.match(text, match.end()))


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


# ---- what stands beside a figure ----------------------------------------------------------------

_DIRECTIONS = "|".join(f"(?P<{way}>{alternation(CHANGES[way])})" for way in ("up", "down"))
_THAN = "|".join(f"(?P<{way}>{alternation(CHANGES[way])})" for way in ("than_up", "than_down"))
_CHANGED = re.compile(rf"(?<!新)(?:{_DIRECTIONS})(?:了|(?<=[率幅速额度])(?:为|达到?))?$")
_OTHERWISE = re.compile(rf"[比较][^，,；;。0-9]{{2,12}}?(?:{_THAN})了?$")  # 比上年多
_ENDS_LEAD = frozenset("了为达到").union(
    *({word[-1] for word in words} for words in CHANGES.values())
)
_COMPARED = re.compile("(?:[比较]|相比[，,]?|[同环]比)[^，,；;。：:]*$")
_RAISED = re.compile("(?:[提升增减降调扩][^，,；;。0-9]?|拓展|恢复)[到至为]$")
_AND = re.compile("[、和与及]|以及")
_SIZED = re.compile(
    rf"的?(?![^，。；、,;：:（(\n]{{0,8}}?(?:{'|'.join(_TRAPS['size']['between'])}))"
    rf"[^，。；、,;：:（()）\n0-9]{{0,8}}?"
    rf"(?:{NUMBER})(?:{MULTIPLIER})?(?:{alternation(UNITS, NOT_BEFORE)})"
)
_OF_THIS_SIZE = re.compile(f"的[\u4e00-\u9fff]|{alternation(_TRAPS['size']['things'])}")
_SIZED_VERB = re.compile(f"(?:{'|'.join(_TRAPS['size']['verbs'])})$")
_NUMBERED = re.compile(  # a count at the start of a line whose point may be that of a list number
    r"(?:(?<![^\n。；;])|(?<=[\n。；;][ \u3000]))[0-9]{1,2}\.[1-9][0-9]*"
    rf"(?:{alternation(COUNTED, NOT_BEFORE)})"
)
_PER = re.compile(f"/(?:{alternation([*UNITS, '月'])})?(?![0-9万十百千])")


def _lead(plain: str, found: Candidate, unit: str, before: Candidate | None) -> tuple[str, bool]:
    """The word that says that a figure is a change, and whether it fell."""
    if before and before.lead and _AND.fullmatch(plain, before.end, found.start):
        same = before.quantity and before.quantity.unit == unit
        return (before.lead, before.down) if same else ("", False)
    if plain[found.start - 1 : found.start] not in _ENDS_LEAD:
        return "", False
    near = max(0, found.start - 16), found.start
    if word := _CHANGED.search(plain, *near):
        lead = word["up"] or word["down"]
        compared = _COMPARED.search(plain, max(0, found.start - 24), found.start)
        certain = lead not in CHANGES["weak"] or compared or unit in RATES
        return (lead, bool(word["down"])) if certain else ("", False)
    word = _OTHERWISE.search(plain, *near)
    return (word[0], bool(word["than_down"])) if word else ("", False)


def _change(plain: str, found: Candidate, before: Candidate | None) -> Candidate:
    """A figure behind 增长 or 下降 (or in a list behind it) is a change, with its sign."""
    if found.quantity is None:
        return found
    lead, down = _lead(plain, found, found.quantity.unit, before)
    if not lead:
        return found
    try:
        quantity = as_change(found.quantity, lead + found.quantity.text, down=down)
    except Refused as refused:
        return found._replace(kind="unread", why=refused.code, quantity=None)
    return found._replace(quantity=quantity, lead=lead, down=down)


def _is_size(plain: str, match: re.Match[str]) -> bool:
    """Whether a figure is only a size: 5-10万方 of 5-10万方的2口, (20户以上)自然村."""
    limit = match["after"] and AFTER[match["after"]] in ("at_least", "at_most")
    if not (limit or match["start"]) or match["unit"] in (None, "%", "个百分点"):
        return False
    start, end = match.span()
    if _SIZED.match(plain, end):
        return True
    if not limit:
        return False
    if plain[start - 1 : start] in ("(", "（") and plain[end : end + 1] in (")", "）"):
        return "\u4e00" <= plain[end + 1 : end + 2] <= "\u9fff"
    counted = _OF_THIS_SIZE.match(plain, end)
    return bool(counted) and not _SIZED_VERB.search(plain, max(0, start - 4), start)


def _unit_before(plain: str, match: re.Match[str], before: Candidate | None) -> str:
    """The unit of a number that it shares with the one before: 由610元提高至640."""
    if before is None or match.start() - before.end > 8:
        return ""
    raised = _RAISED.search(plain, max(0, match.start() - 6), match.start())
    words = re.split("[0-9.,]", plain[before.start : before.end])[-1]
    return words if raised and words in UNITS else ""


# ---- the items of a text ------------------------------------------------------------------------


class Candidate(NamedTuple):
    """A numeral with its words, before the sentence around it has been read."""

    kind: str  # quantity, period, trap or unread
    start: int
    end: int
    why: str = ""
    quantity: Quantity | None = None
    mended: bool = False  # print had broken it
    shared: str = ""  # the unit that it shares with another
    lead: str = ""  # the word that says that it is a change
    down: bool = False  # and that it fell


def find_candidates(plain: str) -> Iterator[Candidate]:
    """What `plain` (in simplified characters) has of figures, periods and other numerals."""
    search, at = _pattern().search, 0
    before: Candidate | None = None
    while match := search(plain, at):
        start, at = match.span()
        kind = match.lastgroup or ""
        if kind == "period":
            yield Candidate("period", start, at, mended=bool(_BLANK.search(plain, start, at)))
        elif kind in _TRAPS["labels"]:
            yield Candidate("trap", start, at, kind)
        elif kind == "broken":
            before = _change(plain, _mended(plain, match), before)
            at = before.end
            yield before
        elif figure := _figure(plain, match, before):
            before, at = figure, figure.end
            yield figure
        else:
            start, at = match.span("number")
            if match["number"] != "半":  # half of a word: 半径, 半导体
                yield Candidate("trap", start, at, "numeral")


def _figure(plain: str, match: re.Match[str], before: Candidate | None) -> Candidate | None:
    """A figure that counts or measures something; ``None`` for a numeral that does not."""
    implied, shared, arabic = None, "", match["single"] and match["single"][0] in digits
    if not (match["unit"] or match["split"]):
        implied = _implied(plain, match)
        if arabic and not match["first"]:
            shared = _shared_words(plain, match) or _unit_before(plain, match, before)
        if arabic and _PER.match(plain, match.end()):  # 965/月: of what?
            return _read(match, None, "")._replace(why="unit")
    if not (shared or _is_quantity(plain, match, implied)):
        return None
    found = _read(match, implied, shared)
    if found.kind == "quantity" and _is_size(plain, match):
        return found._replace(kind="trap", why="size")
    if match["unit"] and _NUMBERED.match(plain, found.start):  # 1.35个, or 1. 35个?
        return found._replace(kind="unread", why="broken", quantity=None)
    if found.kind == "quantity" and plain.endswith(_BACK, 0, found.start):
        found = found._replace(why="reference")
    return _change(plain, found, before)


def _read(match: re.Match[str], implied: str | None, shared: str) -> Candidate:
    start, end = match.span()
    try:
        if shared:
            quantity = parse_quantity(match[0] + shared)
        else:
            quantity = read_simple(match[0], implied) or read_match(match, match[0], implied)
    except (Refused, QuantityError) as refused:  # 近百人左右: printed as a figure, and unreadable
        kind = "trap" if refused.code == "numeral" else "unread"
        return Candidate(kind, start, end, refused.code)
    return Candidate("quantity", start, end, "", quantity, shared=shared)


def _mended(plain: str, match: re.Match[str]) -> Candidate:
    """A number that print has broken, as one; unread where there are two ways to read it."""
    start, end = match.span()
    printed = match[0].replace("。", ".")
    column = plain[start - 1 : start] in (" ", "\t", "\u3000")  # two of a table, perhaps
    number = _TO_NUMBER.sub("", printed)
    readable = _GOES_ON.fullmatch(number) or (not column and _ONE_NUMBER.fullmatch(number))
    whole = printed.replace(" ", "") if readable else re.sub("[ .,，]", "", printed)
    figure = _pattern().match(whole + plain[end : end + 30])
    if figure is None or not figure["number"] or figure.end() < len(whole):
        return Candidate("unread", start, end, "broken")
    found = _read(figure, None, "")
    end += figure.end() - len(whole)
    if not readable or found.quantity is None:
        return Candidate("unread", start, end, "broken")
    return Candidate("quantity", start, end, "", found.quantity, mended=True)


_BLANK = re.compile("[0-9] +[0-9]")
_BACK = ("这", "该", "此", "上述", "以上", "前述")
_TO_NUMBER = re.compile("^[^0-9]+")
_GOES_ON = re.compile(r"[0-9]+(?: 0[0-9]+)+(?:\.[0-9]+)?")  # 3 000: no number starts with 00
_ONE_NUMBER = re.compile(r"[0-9]+ ?\. ?[0-9]+(?: [0-9]+)*|[1-9][0-9]{0,2}(?: [0-9]{3})+")
