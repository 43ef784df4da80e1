"""The names that words make: of an indicator, a project, a heading, without what stands around.

The words by which this is told are in ``phrases.toml``; most are patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from livelihood.quantity.vocabulary import read_table

WORDS = read_table("phrases.toml", __file__)
WHERE = ("城镇", "农村", "城市", "乡村", "公办", "民办", "普惠性", "公立", "民营")
MASK = "\x00"  # stands for each character of a period, which is no part of a name
BRACKETS = re.compile(r"[（(][^（）()0-9\x00]*[)）]")
NUMBERING = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十0-9]+[)）]|[一二三四五六七八九十]+、|[0-9]+[.、．](?![0-9]))\s*"
)
_NAME = WORDS["name"]


def either(words: Iterable[str]) -> str:
    """A pattern for any of some patterns, the longest first."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


_FRONT = re.compile(f"(?:{'|'.join([*_NAME['front'], MASK])})+")
_END = re.compile(f"(?:{'|'.join([*_NAME['end'], MASK])})$")
_SIGNS = re.compile(f"[“”\"'‘’《》\\s{MASK}]")
_TASK = re.compile("(?:工作|情况|问题)$")
_FOR_SOMEBODY = re.compile("(?:为|对|给|向)(?=.{2,20}(?:提供|开展|发放))")
_GIVEN = re.compile("(?<=.{2})(?:提供|开展|发放)(?=.{2})")
_GENERIC = re.compile(f"{either(_NAME['generic'])}+")
_STAGE = re.compile(_NAME["stage"])
_STAGED = re.compile("^(?:新?开工|新?开建|竣工|完工|动工|已?建成)(?:各类)?(?=.{4})")
_FUND = re.compile("(?:资金|补助|经费|投资)$")
_HEADING = re.compile(f"^(?:{_NAME['heading']})(?=.{{4}})")
_WHOSE = re.compile(f"^(?:{_NAME['whose']})+(?=.{{4}})")
_REPORT = re.compile(
    "(?<=.{4})(?:完成情况|情况|进展|进度|统计公报|的?通报|(?:提前|超额|已|全部)完成|全面|近日|日前)|方面$"
)
_NO_WORK = re.compile(f"[{MASK}\\s]*(?:{_NAME['no_work']})")
_CUT = re.compile("的|、|和|及|与")
_SHORTEST, _LONGEST = 4, _NAME["longest"]


@lru_cache(maxsize=50_000)
def clean(words: str) -> str:
    """A name without what stands around it.

    >>> clean("其中,全县已累计新建农村公路")
    '新建农村公路'
    """
    words = BRACKETS.sub("", words)
    given = _FOR_SOMEBODY.search(words)
    before = None
    while before != words:
        before = words
        front = _FRONT.match(words)
        words = without_end(words[front.end() :] if front else words)
    return _TASK.sub("", _SIGNS.sub("", _GIVEN.sub("", words) if given else words))


def without_end(words: str) -> str:
    """Words before a number without those that only lead up to it (已, 达到, 共计)."""
    while match := _END.search(words, max(0, len(words) - _LONGEST)):
        words = words[: match.start()].rstrip()
    return words


@lru_cache(maxsize=50_000)
def is_generic(name: str) -> bool:
    """Whether a name says too little without the work that it belongs to.

    >>> is_generic("完成投资"), is_generic("农家书屋")
    (True, False)
    """
    return not name or (len(name) <= _LONGEST and bool(_GENERIC.fullmatch(name)))


def names_work(words: str) -> bool:
    """Whether a clause may name a work: 据统计 and 为了 begin others."""
    return not _NO_WORK.match(words)


def heading(words: str) -> str:
    """The work that a heading names, without its number and the verb that it starts with.

    >>> heading("（三）推进养老服务工程建设")
    '养老服务工程'
    """
    name = clean(NUMBERING.sub("", " ".join(words.split()), count=1))
    name = _WHOSE.sub("", name)
    return _HEADING.sub("", _REPORT.split(name)[0], count=1)


def shortened(name: str) -> str:
    """The last words of a long name: Chinese names have what they are about at their end."""
    name = _WHOSE.sub("", name)
    if len(name) <= _LONGEST or "（" in name:
        return name
    cuts = [m.end() for m in _CUT.finditer(name) if len(name) - m.end() >= _SHORTEST]
    return next((name[cut:] for cut in cuts if len(name) - cut <= _LONGEST), name)


def without_stage(name: str) -> str:
    """The name of a work without the stage that it is in (开工, 竣工)."""
    return _STAGED.sub("", _STAGE.sub("", name)) or name


def joined(work: str, name: str) -> str:
    """A name that says too little, with its work: before it, or behind in brackets.

    >>> joined("农村危房改造开工", "竣工"), joined("养老服务工程", "省级补助资金")
    ('农村危房改造竣工', '省级补助资金（养老服务工程）')
    """
    if not work or not name or name in work:
        return work or name
    if name in WHERE:
        return name + work
    work = without_stage(work)
    shared = next((n for n in (4, 3, 2) if work[-n:] == name[:n]), 0)
    if shared:
        return work + name[shared:]
    if re.match("(?:发放|拨付|支付|下达)资金", name):
        bare = re.sub("(?:到位|投入|安排)?资金$", "", work)
        return bare + ("资金" if bare == work else name)
    fund = len(name) >= _SHORTEST and _FUND.search(name)  # 省级补助资金 is also a name alone
    return f"{name}（{shortened(work)}）" if fund else work + name
