"""What a spreadsheet shows for a stored number: its number format, with that rounding.

Formats are those of ECMA-376 part 1, 18.8.31, as far as they show a plain number: digits,
thousands, percent, scaling by commas, words in quotes, sections by sign or by condition. What
would show an exponent, a fraction, a date, or a sign that no character tells, is a ``ValueError``.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

GENERAL = "General"
BUILT_IN = {
    "0": GENERAL,
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "11": "0.00E+00",
    "12": "# ?/?",
    "13": "# ??/??",
    "37": "#,##0_);(#,##0)",
    "38": "#,##0_);(#,##0)",
    "39": "#,##0.00_);(#,##0.00)",
    "40": "#,##0.00_);(#,##0.00)",
    "41": "#,##0_);(#,##0)",
    "43": "#,##0.00_);(#,##0.00)",
    "48": "##0.0E+0",
    "49": "@",
    **dict.fromkeys(
        map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))), "yyyy/m/d"
    ),
}
"""The formats that a workbook names by number alone; those of dates are all one here."""

_TOKEN = re.compile(
    r'(?P<literal>"[^"]*"|[\\!].|\[\$[^\]]*\])'
    r"|(?P<nothing>[_*].|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+"
    r"|[红黑蓝绿白黄]色?|颜色\d+)\])"
    r"|\[(?P<condition>(?:<>|[<>]=?|=)-?\d+(?:\.\d+)?)\]"
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<next>;)"
    r"|(?P<sign>[-$+():^&'~{}<>= ]|[^\x00-\x7f]|(?<![0#?])/(?![0#?]))",
    re.I,
)
_NOT_SHOWN = re.compile(r'"[^"]*"|[\\!_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]|General|G/通用格式', re.I)
_SIGNED = re.compile("[-−–(（负减降]")
_COMPARISONS = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
}


class _Token(NamedTuple):
    kind: str
    text: str


def is_date(code: str) -> bool:
    """Whether a number format shows a date or a time.

    >>> is_date("yyyy年m月d日"), is_date('0.00"万元"'), is_date("[h]:mm")
    (True, False, True)
    """
    return re.search("[ymdhs]", _NOT_SHOWN.sub("", code), re.I) is not None


def shown(number: float, code: str = GENERAL) -> str:
    """A stored number as a spreadsheet shows it; ``ValueError`` for a format beyond these.

    >>> shown(0.828, "0%"), shown(3286000, '0!.0,"万元"'), shown(1234.5, "#,##0.00_ ")
    ('83%', '328.6万元', '1,234.50')
    >>> shown(1 / 3), shown(0.1 + 0.2)
    ('0.333333333', '0.3')
    """
    if not abs(number) < 1e15:  # where a spreadsheet's digits end
        raise ValueError(code)
    exact = Decimal(format(number, ".15g"))  # a spreadsheet has fifteen digits
    tokens, signless = _section(exact, _sections(code))
    words = _filled(abs(exact), tokens).strip()
    if exact < 0 and not signless:
        return f"-{words}" if re.search("[1-9]", words) else words
    if exact < 0 and not _SIGNED.search(words):
        raise ValueError(code)  # the minus is a colour, or is not shown at all
    return words


def shown_text(text: str, code: str) -> str:
    """A stored text as a spreadsheet shows it: formats may put words around it, or hide it.

    >>> shown_text("近7", '@"万人"'), shown_text("近7", "0.00")
    ('近7万人', '近7')
    """
    if "@" not in code and code.count(";") < 3:
        return text
    section = _sections(code)[-1]
    if not any(token.kind == "text" for token in section) and code.count(";") < 3:
        return text
    return "".join(text if token.kind == "text" else token.text for token in section)


@lru_cache(maxsize=256)
def _sections(code: str) -> list[list[_Token]]:
    sections: list[list[_Token]] = [[]]
    at = 0
    while at < len(code):
        match = _TOKEN.match(code, at)
        if match is None or not match.lastgroup:
            raise ValueError(code)
        at = match.end()
        if match.lastgroup == "next":
            sections.append([])
        else:
            sections[-1].append(_Token(*_meaning(match.lastgroup, match[match.lastgroup])))
    return sections


def _meaning(kind: str, text: str) -> tuple[str, str]:
    """A token's kind and the characters that it shows."""
    if kind == "literal":
        currency = text[2:-1].partition("-")[0] if text.startswith("[$") else ""
        return kind, currency or (text[1:-1] if text[0] == '"' else text[1:] * (text[0] != "["))
    return ("literal", text) if kind == "sign" else (kind, "" if kind == "nothing" else text)


def _section(number: Decimal, sections: list[list[_Token]]) -> tuple[list[_Token], bool]:
    """The section that shows a number, and whether it shows a negative one without a minus."""
    numeric = sections[:3]
    if len(numeric) > 1 and any(t.kind == "text" for t in numeric[-1]):
        numeric = numeric[:-1]
    conditions = [next((t.text for t in s if t.kind == "condition"), "") for s in numeric]
    if not any(conditions):
        usual = {1: [""], 2: [">=0", ""], 3: [">0", "<0", ""]}
        conditions = usual[len(numeric)]
    if "" in conditions[:-1]:
        raise ValueError("[…]")
    for section, condition in zip(numeric, conditions, strict=True):
        if not condition or _holds(number, condition):
            own = condition.startswith("<") or conditions == [">=0", ""]
            return section, len(numeric) > 1 and own and number < 0
    raise ValueError("####")


def _holds(number: Decimal, condition: str) -> bool:
    sign = condition.rstrip("-.0123456789")
    return _COMPARISONS[sign](number, Decimal(condition[len(sign) :]))


def _filled(number: Decimal, tokens: list[_Token]) -> str:
    """The places of a section filled with the digits of a number that is not negative."""
    if any(t.kind in ("general", "text") for t in tokens):
        shown = _general(number)
        return "".join(
            shown if t.kind in ("general", "text") else t.text
            for t in tokens
            if t.kind != "condition"
        )
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), len(tokens))
    whole, after = tokens[:point], tokens[point + 1 :]
    if any(t.kind == "point" for t in after) or (after and not _places(whole)):
        raise ValueError("…".join(t.text for t in tokens))
    scaled = number * 100 ** sum(t.kind == "percent" for t in tokens)
    scaled /= 1000 ** (_trailing_commas(whole) + _trailing_commas(after))
    rounded = scaled.quantize(Decimal(1).scaleb(-_places(after)), ROUND_HALF_UP)
    digits, _, rest = format(rounded, "f").partition(".")
    fraction = _fraction(after, rest)
    dot = "." if any(c.isdigit() for c in fraction) else ""
    return _whole(whole, digits.lstrip("0")) + dot + fraction


def _places(tokens: list[_Token]) -> int:
    return sum(t.kind == "digit" for t in tokens)


def _trailing_commas(tokens: list[_Token]) -> int:
    """Commas behind the last digit: each has thousands shown as ones."""
    behind = takewhile(lambda t: t.kind != "digit", reversed(tokens))
    return sum(t.kind == "comma" for t in behind) if _places(tokens) else 0


def _whole(tokens: list[_Token], digits: str) -> str:
    """The part before the point, from its right end: words among the digits stay in place."""
    places, made, count = _places(tokens), [], 0
    grouped = sum(t.kind == "comma" for t in tokens) > _trailing_commas(tokens)
    for token in reversed(tokens):
        if token.kind != "digit":
            made.append(token.text if token.kind in ("literal", "percent") else "")
            continue
        places -= 1
        left = (digits if places == 0 else digits[-1:])[::-1] or ("0" * (token.text == "0"))
        digits = digits[:-1] if places else ""
        for digit in left:
            made.append("," if grouped and count and count % 3 == 0 else "")
            made.append(digit)
            count += 1
    return "".join(reversed(made))


def _fraction(tokens: list[_Token], digits: str) -> str:
    made, at = [], 0
    for token in tokens:
        if token.kind == "digit":
            needed = token.text == "0" or digits[at:].strip("0")
            made.append(digits[at] if needed else "")
            at += 1
        elif token.kind in ("literal", "percent"):
            made.append(token.text)
    return "".join(made)


def _general(number: Decimal) -> str:
    """At most eleven characters, as General shows it; it would show an exponent beyond that."""
    whole = len(str(int(number)))
    if whole > 11 or 0 < number < Decimal("0.0001"):
        raise ValueError(GENERAL)
    rounded = number.quantize(Decimal(1).scaleb(-max(0, 10 - whole)), ROUND_HALF_UP)
    words = format(rounded, "f")
    return words.rstrip("0").rstrip(".") if "." in words else words
