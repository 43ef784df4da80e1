"""The grammar of printed quantities: patterns generated from the vocabulary.

A printed figure is *before, number, words*: ``近``, ``7``, ``万人``. Each of the three has a
pattern of named groups here; :mod:`livelihood.quantity.expression` reads the number out of a
match, and
:mod:`livelihood.quantity.modifiers` what the words around it say.
"""

from __future__ import annotations

from livelihood.quantity.numeral import LONGEST, MULTIPLIERS
from livelihood.quantity.vocabulary import (
    AFTER,
    BARE,
    BEFORE,
    CHANGES,
    LINKED,
    NOT_AFTER,
    NOT_BEFORE,
    NOUNS,
    REACHED,
    UNITS,
    WITHIN,
    alternation,
)

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
_BETWEEN = max(map(len, UNITS)) + max(map(len, MULTIPLIERS)) + 3  # two numbers, at most
_RANGE = rf"[0-9.,零〇一二两三四五六七八九十百千万亿点]*+[^，。；至到—–~-]{{0,{_BETWEEN}}}{TO}"


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
    few = rf"好?[几数](?P<few>{MULTIPLIER}|)"
    if running:
        few = rf"(?:好?几|(?<![{NOT_AFTER['数']}])数)(?P<few>{MULTIPLIER})"
    return (
        rf"(?:(?P<denominator>{NUMBER})分之(?P<numerator>{NUMBER})"
        rf"|(?P<over>[1-9][0-9]?)/(?P<under>[1-9][0-9]?)(?![0-9/万百])"
        rf"|翻[了过]?(?P<near>近|超|逾|)(?P<times>[一二两三四五1-5]?)番"
        rf"|(?P<half>一半|半数|半)"
        rf"|(?P<tenths>[一二三四五六七八九1-9])成(?P<hundredths>[一二三四五六七八九半])"
        rf"|{few}"
        rf"|(?P<tens>[二三四五六七八九]?十|[1-9]0)几"
        rf"|(?P<stem>(?:[二三四五六七八九]?十)?)(?P<low>[一二两三四五六七八])"
        rf"(?P<high>[二两三四五六七八九])(?P<place>[十百千]?)(?!{_DIGIT}|[十百千])"
        rf"|(?={_RANGE})(?P<start>{NUMBER}{SPACE}(?:{MULTIPLIER})?{SPACE}(?:{unit})?){SPACE}{TO}{SPACE}(?P<end>{NUMBER})"
        rf"|(?P<single>{_ARABIC}(?:(?:{MULTIPLIER}){_ARABIC}){{0,3}}|{_CHINESE}))"
    )


def noun_pattern(unit: str) -> str:
    """A noun that counts without a unit, with up to six characters before it: 贫困人口, 名老人.

    Those begin with no word that may follow a number and do not tell of money: 5万补助农民 is none.
    """
    goes_on = f"{unit}|{alternation([*WITHIN, *AFTER, *MULTIPLIERS])}"
    own = rf"(?!{goes_on})[^补贴款资投\W0-9A-Za-z_]{{1,6}}?"
    return "|".join(
        f"{classifier}?(?:{own})?(?P<{dimension}>{alternation(NOUNS[dimension])})"
        for dimension, classifier in (("person", "[名位]"), ("household", "户"))
    )


def words_pattern(unit: str, *, running: bool = False) -> str:
    """What may stand behind a numeral, as named groups.

    first, vague, second, late   multipliers and 余 or 多, in the order in which they are printed
    infix, split                 个多月, 个半小时: a word inside the unit
    unit, pair, base             the unit, its alternative in brackets, what it is per
    person, household            of a cell: a noun in the place of a unit (10万农民)
    trailing, after              3年多, 两年半; 以上, 左右
    """
    within = alternation(WITHIN)
    base = rf"(?:{MULTIPLIER})?(?:{unit}|月)"
    return (
        rf"(?:{SPACE}(?P<first>{MULTIPLIER}))?(?:{SPACE}(?P<vague>{within}))?"
        rf"(?:{SPACE}(?P<second>{MULTIPLIER}))?(?:{SPACE}(?P<late>{within}))?"
        rf"(?:个(?P<infix>{within}|半)(?P<split>{alternation(INFIXED)})"
        rf"{'' if running else f'|{SPACE}(?:{noun_pattern(unit)})'}"
        rf"|{SPACE}(?P<unit>{unit})(?:[（(](?P<pair>{unit})[）)])?(?P<base>(?:(?=/)(?:[/·]{base}){{1,2}})?)"
        rf"(?P<trailing>[多余半](?![于少样元种数媒个])|))?"
        rf"(?:{SPACE}(?P<after>{alternation(AFTER)}))?"
    )


def figure_pattern(*, running: bool = False) -> str:
    """A whole printed figure: what stands before the number, the number, the words behind it.

    In `running` text a word is none where it is part of another: 约 in 签约, 位 in 位于.
    """
    unit = alternation(UNITS, NOT_BEFORE if running else None)
    before = f"{alternation(BEFORE)}|(?:{alternation(BARE)})(?=半|[十百千万亿])"
    sign = "(?:[-−负]|零下)?"
    if running:
        before = f"{_unless_after(BEFORE)}|{_unless_after(BARE)}"
        sign = "(?:(?:(?<![0-9A-Za-z%）)担自背胜])[-−负]|零下)(?=[0-9]))?"
    return (
        rf"(?:(?P<before>{before})(?:{alternation(LINKED)})?)?{SPACE}(?P<sign>{sign}){SPACE}"
        rf"(?P<number>{number_pattern(unit, running=running)})"
        rf"{words_pattern(unit, running=running)}"
    )


def broken_pattern() -> str:
    """A number of running text that print has broken: 10.1 7亿元, 1。3万人, 5,3万人, 1, 200人."""
    goes_on = f"(?={SPACE}(?!周?岁)(?:{MULTIPLIER}|{alternation(UNITS, NOT_BEFORE)}))"
    part = r"[0-9]{1,12}(?:\.[0-9]{1,9})?"
    columns = rf"{part}(?: {part}){{2,4}}%"  # 600 580 96.7%: a line of a table
    blanks = rf"{part}(?:(?: \.?|\. ){part}){{1,4}}"
    grouped = r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])"
    commas = rf"(?!{grouped})[0-9]{{1,3}} ?[,，] ?[0-9]{{1,3}}(?:\.[0-9]{{1,9}})?"
    return (
        rf"(?=[0-9{''.join(sorted({word[0] for word in BEFORE}))}])"
        rf"(?!{columns})(?=[^0-9]{{0,4}}[0-9.]{{1,20}}(?:[ 。]|[ 。]?[,，])[ 0-9.])"
        rf"(?<![0-9%] )(?<![0-9.])(?:{_unless_after(BEFORE)})?"
        rf"(?:[0-9]{{1,4}}。[0-9]{{1,2}}|{commas}|(?!(?:19|20)[0-9]{{2}} ){blanks})"
        rf"(?![0-9.]){goes_on}"
    )


def lead_pattern() -> str:
    """Words in front of the figure of a cell that are no qualifier, as named groups.

    reached              达, 提高到: read as without them
    up, down             同比增长, 比上年减少: a change and its sign
    than_up, than_down   多, 少: the same, but only behind what it is compared with (比上年多)
    """
    year = "(?:[0-9]{4}年|[上去前]一?年度?|上一?(?:月|期|季度?)|年初|计划|目标|平均)"
    than = f"(?:[比较]{year}(?:同期|年?[末底])?(?:相比)?|与{year}(?:同期|年?[末底])?相比[，,]?)"
    manner = "(?:同比|环比|年均|月均|平均|每年|逐年|名义|实际|累计|净|分别)*"
    ways = ("up", "down", "than_up", "than_down")
    way = {name: f"(?P<{name}>{alternation(CHANGES[name])})" for name in ways}
    to = f"(?:{alternation([*CHANGES['up'], *CHANGES['down']])}){alternation(REACHED['to'])}"
    return (
        rf"{than}?{manner}(?:(?P<reached>{alternation(REACHED['words'])}|{to})"
        rf"|(?:{way['up']}|{way['down']})(?:了|(?<=[率幅速额度])(?:为|达到?))?)"
        rf"|{than}{manner}(?:{way['than_up']}|{way['than_down']})了?"
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
