"""The arithmetic of an indicator, written out: which end of which input gives which end.

The ends are not told but found: of all choices of one end from each input, the one that the
formula turns into the result's end. What is shown therefore adds up, or is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor, log10

from livelihood.analysis.formulas import Result
from livelihood.display.messages import say
from livelihood.project.definitions import Indicator
from livelihood.quantity.bounds import Bounds

Numbers = Sequence[Fraction]


@dataclass(frozen=True, slots=True)
class Formula:
    """A kind of indicator as arithmetic: how it is computed and how it is written."""

    of: Callable[[Numbers, int], Fraction]
    text: Callable[[Sequence[str]], str]


def _quotient(numbers: Numbers, per: int) -> Fraction:
    return numbers[0] / numbers[1] * per


def _over(parts: Sequence[str]) -> str:
    return " ÷ ".join(parts)


def _part_of(parts: Sequence[str]) -> str:
    return f"{parts[0]} ÷ ({' + '.join(parts)})"


QUOTIENT = Formula(_quotient, _over)
SHARE_OF_REST = Formula(lambda n, per: n[0] / sum(n, Fraction(0)), _part_of)
FORMULAS: dict[str, Formula] = {
    "level": Formula(lambda n, per: n[0], "".join),
    "ratio": QUOTIENT,
    "per_head": QUOTIENT,
    "completion": QUOTIENT,
    "share": QUOTIENT,
    "per_year": QUOTIENT,
    "sum": Formula(lambda n, per: sum(n, Fraction(0)), " + ".join),
    "growth": Formula(lambda n, per: n[0] / n[1] - 1, lambda parts: f"{_over(parts)} − 1"),
}


def formula_of(indicator: Indicator) -> Formula:
    """The arithmetic of an indicator's kind; a share of the rest counts its part once."""
    with_rest = indicator.kind == "share" and "rest" in indicator.inputs
    return SHARE_OF_REST if with_rest else FORMULAS[indicator.kind]


def formula_text(indicator: Indicator, parts: Sequence[str]) -> str:
    """The formula with `parts` for its inputs, in their order."""
    text = formula_of(indicator).text(parts)
    return f"{text} × {indicator.per:,}" if indicator.per != 1 else text


def operands(result: Result) -> list[tuple[Fraction | None, Bounds]]:
    """The number and bounds of each input; a yearly mean is also divided by its years."""
    inputs = [result.inputs[id] for id in result.indicator.input_ids]
    found = [(amount.value, amount.bounds) for amount in inputs]
    if result.indicator.kind == "per_year":
        years = inputs[0].years
        found.append((years.low if years.is_exact else None, years))
    return found


def low_line(result: Result, language: str) -> str:
    """How the low end comes about: ``1,000 ÷ 4 = 250``, or why there is none."""
    return _end_line(result, result.amount.bounds.low, language)


def high_line(result: Result, language: str) -> str:
    """How the high end comes about, or why there is none."""
    return _end_line(result, result.amount.bounds.high, language)


def value_line(result: Result, language: str) -> str:
    """The formula on the printed numbers; empty where one of them is only an end."""
    values = [value for value, _ in operands(result)]
    if result.amount.value is None:
        return ""
    return _line(result, [v for v in values if v is not None], result.amount.value)


def _end_line(result: Result, end: Fraction | None, language: str) -> str:
    if end is None:
        return say("limit_open", language)
    numbers = _choice(result, end)
    if numbers is None:  # no choice of ends gives it: a limit of the quantity itself
        return say("limit_natural", language, number=digits(end))
    return _line(result, numbers, end)


def _choice(result: Result, end: Fraction) -> Numbers | None:
    """One end of each operand such that the formula gives `end`."""
    formula, per = formula_of(result.indicator), result.indicator.per
    ends = [_finite(bounds) for _, bounds in operands(result)]
    for numbers in product(*ends):
        try:
            if formula.of(numbers, per) == end:
                return numbers
        except ZeroDivisionError:
            continue
    return None


def _finite(bounds: Bounds) -> list[Fraction]:
    return list(dict.fromkeys(end for end in (bounds.low, bounds.high) if end is not None))


def _line(result: Result, numbers: Iterable[Fraction], gives: Fraction) -> str:
    text = formula_text(result.indicator, [digits(n) for n in numbers])
    shown = digits(gives)
    return shown if text == shown else f"{text} = {shown}"


def digits(number: Fraction) -> str:
    """A number in full where it ends within four decimals, else its first digits and ``…``.

    >>> digits(Fraction(126_500_000)), digits(Fraction(-1, 8)), digits(Fraction(200, 3))
    ('126,500,000', '-0.125', '66.6666…')
    """
    if (number * 10**4).denominator == 1:
        text = f"{float(number):,.4f}" if number.denominator > 1 else f"{number.numerator:,}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    size = abs(number)
    places = max(0, 5 - floor(log10(size)))
    cut = Fraction(floor(size * 10**places), 10**places)
    return f"{'-' if number < 0 else ''}{float(cut):,.{places}f}…"
