"""Sentences of a page, in both languages: their numbers are computed and linked, not typed.

What a figure says of itself is said here and nowhere else: its words, its time, whether it is a
running total or a yearly average, and how it stands to an earlier one.
"""

from __future__ import annotations

import re
from fractions import Fraction
from string import Formatter

from livelihood.display.format import amount_words, bounds_words, unit_words
from livelihood.display.messages import say
from livelihood.display.table import original
from livelihood.project.definitions import Definitions
from livelihood.quantity.bounds import Bounds, growth
from livelihood.quantity.period import Period
from livelihood.release.observations import Observation
from livelihood.report import trace
from livelihood.report.selection import Page

_OPEN = Bounds(None, None)  # no bounds to show: the number alone
_LEVELS = {"区": "level_district", "县": "level_county", "市": "level_city"}


def sentence(text: str, page: Page) -> str:
    """A sentence with its numbers filled in, as Markdown; empty where the release lacks one.

    `{id}` is a number in words, `{id.each}` the same after words that say of what (每万人),
    `{id.printed}` the source's own words, `{id.said}` a figure with what it is (累计, 年均);
    each leads to the row that says where it is from.
    `{level}` is the region's: 区级, 县级 or 市级. ``DataError`` for a name that is none.
    """
    parts = [(before, name) for before, name, _, _ in Formatter().parse(text)]
    ids = {name.partition(".")[0] for _, name in parts if name} - {"level"}
    lacking = ids - page.release.known.keys()
    check_names(lacking, page.release.definitions, page)
    if lacking or not page.figures:  # what a census counts is said beside printed figures only
        return ""
    return "".join(before + (_word(name, page) if name else "") for before, name in parts)


def check_names(ids: set[str], meaning: Definitions, page: Page) -> None:
    """Raise for what is no lacking number but a misspelt name."""
    for id in sorted(ids):
        if id not in meaning.measures and id not in meaning.indicators:
            page.number(id)  # raises


def level(zh_name: str, language: str) -> str:
    """Which level of government a region is, by its name; empty where the name does not say.

    >>> level("萧县", "zh"), level("Duji", "en")
    ('县级', '')
    """
    code = _LEVELS.get(zh_name[-1:])
    return say(code, language) if code else ""


def _word(name: str, page: Page) -> str:
    id, _, which = name.partition(".")
    if id == "level":
        return level(page.release.region.name["zh"], page.language)
    figure = page.release.figure(id) if which in ("printed", "said") else None
    if figure is None:
        words = plain(page.number(id, each=which == "each"))
    elif which == "printed":
        words = str(original(figure.printed, page.language))
    else:
        said = how(figure, page.language).format(figure_words(figure, page.language))
        words = plain(said)
    href = trace.place(id, page)
    return f"[{words}]({href})" if href else words


def plain(text: str) -> str:
    """Text that Markdown and HTML take as nothing but text.

    >>> plain("a*b <c>")
    'a&#42;b &#60;c&#62;'
    """
    return re.sub(r"([\\`*_{}\[\]<>()#!|&~$])", lambda c: f"&#{ord(c[0])};", text)


# ---- what a figure says of itself ---------------------------------------------------------------


def figure_words(figure: Observation, language: str, unit: str | None = None) -> str:
    """A figure in a sentence: the source's words, or in English what they say.

    `unit` stands in place of the figure's own: empty where its name says what is counted.

    >>> from livelihood import load
    >>> figures = {f.measure.id: f for f in load("duji", 2019).figures}
    >>> figure_words(figures["resident_pension_insured"], "en")
    'nearly 70,000 people'
    >>> figure_words(figures["resident_pension_insured"], "zh")
    '近7万人'
    """
    if language == "zh":
        return figure.printed
    quantity = figure.quantity
    unit = quantity.unit if unit is None else unit
    said = {
        "nearly": quantity.high,
        "less_than": quantity.high,
        "at_most": quantity.high,
        "more": quantity.low,
        "over": quantity.low,
        "at_least": quantity.low,
        "about": quantity.value,
    }
    number = said.get(quantity.qualifier, quantity.value)
    if number is None:
        return bounds_words(quantity.bounds, unit, language)
    words = amount_words(number, _OPEN, unit, language)
    code = f"wording_{quantity.qualifier}"
    return say(code, language, number=words) if quantity.qualifier in said else words


def unit_not_printed(figure: Observation, language: str) -> str:
    """The unit that a source left out after its number (3.3万), as a Chinese sentence needs it."""
    bare = figure.printed[-1:] in "0123456789万亿"
    return unit_words(figure.quantity.unit, language) if language == "zh" and bare else ""


def how(figure: Observation, language: str) -> str:
    """What kind of number it is, as a pattern for its words: a running total, a yearly average.

    >>> from livelihood import load
    >>> how({f.measure.id: f for f in load("duji", 2019).figures}["rural_dibao_funds"], "zh")
    '年均{}'
    """
    return say(f"how_{kind(figure)}", language, words="{}")


def kind(figure: Observation) -> str:
    """What kind of number it is: a code of the messages `how_` and `all_`.

    A total of a single year needs no word; a share is not a total of anything.
    """
    if figure.role:
        return figure.role
    share = figure.quantity.unit == "1"
    if figure.aggregation == "total":
        return "plain" if share or not _adds_up(figure.period) else "total"
    if figure.aggregation == "each_year":
        return "each_share" if share else "each_year"
    return "plain" if figure.aggregation == "stock" else "average_year"


def _adds_up(period: Period) -> bool:
    """Whether a total of it is a running one: over several years, or over who knows how many."""
    return period.first is None or period.last is None or period.first.year < period.last.year


def when(figure: Observation, year: int, language: str) -> str:
    """The time of a figure as a sentence says it; empty for the release's own year."""
    period = figure.period
    first, last = period.first, period.last
    if period.text == str(year):
        return ""
    if first is None or last is None:
        known = last or first
        code = "when_until" if first is None else "when_since"
        return say(code, language, year=known.year if known else "")
    if first.year < last.year:
        return say("when_years", language, first=first.year, last=last.year)
    if (first.month, last.month) == (1, 12):
        return say("when_year", language, year=first.year)
    months = (first.month, last.month) if language == "zh" else (f"{first:%B}", f"{last:%B}")
    code = "when_month" if first.month == last.month else "when_months"
    return say(code, language, year=first.year, first=months[0], last=months[1])


def change_words(new: Observation, old: Observation, language: str) -> str:
    """How a figure stands to an earlier one: risen or fallen by how much, or undecided.

    Shares change by percentage points, all else by per cent of what was.
    """
    points = new.quantity.unit == "1"
    change = _points(new, old) if points else growth(new.quantity.bounds, old.quantity.bounds)
    if change.low is not None and change.low > 0:
        return say("change_up", language, by=_size(change, points, language))
    if change.high is not None and change.high < 0:
        return say("change_down", language, by=_size(-change, points, language))
    return ""


def growth_words(figure: Observation, language: str) -> str:
    """A printed growth: risen or fallen by how much."""
    quantity = figure.quantity
    number = quantity.value if quantity.value is not None else quantity.low
    down = number is not None and number < 0
    bounds = -quantity.bounds if down else quantity.bounds
    value = quantity.value and abs(quantity.value)
    words = amount_words(value, _OPEN if value is not None else bounds, quantity.unit, language)
    return say("change_down" if down else "change_up", language, by=words)


def _points(new: Observation, old: Observation) -> Bounds:
    return new.quantity.bounds - old.quantity.bounds


def _size(change: Bounds, points: bool, language: str) -> str:
    """A change without its sign: bounds in per cent, or in percentage points."""
    if not points:
        return bounds_words(change, "1", language)
    words = bounds_words(change * Bounds.exact(Fraction(100)), "", language)
    return say("percentage_points", language, number=words)
