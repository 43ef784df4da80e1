"""Small charts for a front page: the bounds of one indicator, release by release.

They speak the language of the large ones: a bar from end to end, a dot where a number was
printed, an arrow where an end was not, a lighter bar where an end is a convention.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from markupsafe import Markup

from livelihood.analysis.amounts import Amount
from livelihood.display.format import amount_words
from livelihood.display.messages import say

WIDTH, ROW, LEFT = 220, 22, 42  # in the units of the drawing; LEFT holds the release's year


def small_chart(name: str, amounts: Sequence[tuple[int, Amount]], language: str) -> Markup:
    """Amounts by release as an SVG drawing with a text alternative; zero is at its left edge."""
    ends = [e for _, a in amounts for e in (a.bounds.low, a.bounds.high, a.value) if e is not None]
    ends.append(Fraction(amounts[0][1].unit == "1"))  # a share is seen against the whole
    top, bottom = max(map(float, ends)) or 1.0, min([*map(float, ends), 0.0])

    def x(number: Fraction) -> float:
        return round(LEFT + (float(number) - bottom) / (top - bottom) * (WIDTH - LEFT - 14), 1)

    rows = Markup("").join(_row(n, year, a, x) for n, (year, a) in enumerate(amounts))
    words = say("alt_between", language).join(
        f"{year} {amount_words(a.value, a.bounds, a.unit, language)}" for year, a in amounts
    )
    height = ROW * len(amounts)
    zero = x(Fraction(0))
    return Markup(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}">'
        '<path d="M{} 0V{}" stroke="var(--line)"/>{}</svg>'
    ).format(say("alt_row", language, label=name, words=words), WIDTH, height, zero, height, rows)


def _row(number: int, year: int, amount: Amount, x: Callable[[Fraction], float]) -> Markup:
    bounds, y = amount.bounds, number * ROW + ROW / 2
    low = LEFT if bounds.low is None else x(bounds.low)
    high = WIDTH - 8 if bounds.high is None else x(bounds.high)
    soft = "convention" in (bounds.low_origin, bounds.high_origin)
    shapes = [
        Markup('<text x="0" y="{}" font-size="12" fill="var(--muted)">{}</text>').format(
            y + 4, year
        ),
        _bar(low, y - 4, max(round(high - low, 1), 2), soft),
    ]
    if bounds.low is None:
        shapes.append(_arrow(low - 6, low, y))
    if bounds.high is None:
        shapes.append(_arrow(high + 6, high, y))
    if amount.value is not None:
        dot = Markup('<circle cx="{}" cy="{}" r="4.5" fill="var(--data)" stroke="var(--paper)"/>')
        shapes.append(dot.format(x(amount.value), y))
    return Markup("").join(shapes)


def _bar(x: float, y: float, width: float, soft: bool) -> Markup:
    dashes = ' stroke="var(--data)" stroke-dasharray="4 2" fill-opacity=".3"'
    look = Markup(dashes if soft else ' fill-opacity=".62"')
    shape = Markup('<rect x="{}" y="{}" width="{}" height="8" fill="var(--data)"{}/>')
    return shape.format(x, y, width, look)


def _arrow(tip: float, base: float, y: float) -> Markup:
    shape = Markup('<path d="M{} {}L{} {}V{}Z" fill="var(--data)"/>')
    return shape.format(tip, y, base, y - 6, y + 6)


_SIGNS = {  # what a chart's marks look like, 26 by 12
    "key_bar": '<rect x="1" y="3" width="24" height="7" fill="var(--muted)" opacity=".62"/>',
    "key_dot": '<circle cx="13" cy="6.5" r="4.5" fill="var(--muted)"/>',
    "key_soft": '<rect x="1" y="3" width="24" height="7" fill="var(--muted)" opacity=".3"/>'
    '<path d="M1 3H25V10H1Z" fill="none" stroke="var(--muted)" stroke-dasharray="4 2"/>',
    "key_arrow": '<rect x="1" y="3" width="16" height="7" fill="var(--muted)" opacity=".62"/>'
    '<path d="M25 6.5L17 0V13Z" fill="var(--muted)"/>',
}


def key(language: str) -> Markup:
    """How to read a chart of bounds: each mark with its word."""
    sign = Markup('<span><svg viewBox="0 0 26 13" aria-hidden="true">{}</svg> {}</span> ')
    signs = (sign.format(Markup(shape), say(code, language)) for code, shape in _SIGNS.items())
    return Markup('<p class="key">{}<span>{}</span></p>').format(
        Markup("").join(signs), say("key_not", language)
    )
