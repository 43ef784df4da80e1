"""Characters that no reader sees as what they are: control signs, bidirectional marks, mojibake.

They are refused in data, because two texts that look alike must be alike, and made visible in
whatever is said to a person, because a terminal obeys some of them.
"""

from __future__ import annotations

import re
from unicodedata import category

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_USUAL = "\t\n\r"
_PLAIN = re.compile(r"[ -~\u3000-\u30ff\u4e00-\u9fff\uff01-\uffee]*")  # no closer look is needed
_FOREIGN = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u07ff]{2}")  # what GBK read as UTF-8 is
_RUINED = re.compile("\ufffd|锟斤拷|烫烫烫")
_COMPUTED = re.compile(r"\s*[=+@＝＋＠－-]|[\t\r\n]")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def unseen(text: str) -> str:
    """The first character of a text that has no place in data, as ``U+202E``; empty if none has.

    >>> unseen("近7万\\u202e人"), unseen("近7万人")
    ('U+202E', '')
    """
    if _PLAIN.fullmatch(text):
        return ""
    return next((_code(c) for c in text if c not in _USUAL and _is_unseen(c)), "")


def visible(text: str) -> str:
    """A text for a terminal or a message: what is not seen, or would be obeyed, by its number.

    >>> visible("a\\x1b[2J")
    'a<U+001B>[2J'
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(f"<{_code(c)}>" if _is_unseen(c) else c for c in text)


def inert(cell: str) -> str:
    """A cell of CSV with an apostrophe before what a spreadsheet program would compute.

    >>> inert("=1+1"), inert("近7万人")
    ("'=1+1", '近7万人')
    """
    return f"'{cell}" if _COMPUTED.match(cell) else cell


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


def _is_unseen(char: str) -> bool:
    number = ord(char)
    no_character = number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF
    return no_character or category(char) in _UNSEEN


def is_mojibake(text: str) -> bool:
    """Whether a text looks like one that was read in the wrong encoding.

    >>> is_mojibake("村卫生室".encode().decode("gb18030")), is_mojibake("村卫生室 café ¶8")
    (True, False)
    """
    if text.isascii():
        return False
    if _RUINED.search(text) or _FOREIGN.search(text):
        return True
    return any(_reads_better(text, wrong) for wrong in ("latin-1", "cp1252", "gb18030"))


def _reads_better(text: str, wrong: str) -> bool:
    """Whether the bytes of a text in one encoding are Chinese in UTF-8, most of them.

    Chinese words whose bytes are a sign or two of UTF-8 exist (濉河), so three are needed.
    """
    try:
        data = text.encode(wrong)
    except UnicodeError:
        return False
    signs = len(_CHINESE.findall(data.decode("utf-8", "ignore")))
    return signs >= 3 and 4 * 3 * signs >= 3 * sum(byte > 127 for byte in data)
