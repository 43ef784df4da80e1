"""Sentences of a page, in both languages: their numbers are computed and linked, not typed.

What a figure says of itself is said here and nowhere else: its words, its time, whether it is a
running total or a yearly average, and how it stands to an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from string import Formatter

from markupsafe import Markup

from livelihood.display.format import amount_words, bounds_words, original, unit_words
from livelihood.display.messages import say
from livelihood.quantity.bounds import Bounds, growth
from livelihood.release.observations import Observation
from livelihood.report.selection import Page, address, first_of, link, row_id

PEOPLE = ("person", "person-time", "household", "household-time", "couple")
COUNTED = ("person", "household", "couple")
FINISHED = "livelihood_projects_finished"
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
    lacking, meaning = ids - page.release.known.keys(), page.release.definitions
    for id in sorted(lacking - meaning.measures.keys() - meaning.indicators.keys()):
        page.number(id)  # raises: it is no lacking number but a misspelt name
    if lacking or not page.figures:  # what a census counts is said beside printed figures only
        return ""
    return "".join(before + (_word(name, page) if name else "") for before, name in parts)


def _word(name: str, page: Page) -> str:
    id, _, which = name.partition(".")
    if id == "level":  # nothing where the region's name does not say which it is
        code = _LEVELS.get(page.release.region.name["zh"][-1:])
        return say(code, page.language) if code else ""
    figure = page.release.figure(id) if which in ("printed", "said") else None
    if figure is None:
        words = plain(page.number(id, each=which == "each"))
    elif which == "printed":
        words = str(original(figure.printed, page.language))
    else:
        words = plain(how(figure, page.language).format(figure_words(figure, page.language)))
    href = page.href(id)
    return f"[{words}]({href})" if href else words


def plain(text: str) -> str:
    """Text that Markdown and HTML take as nothing but text.

    >>> plain("a*b <c>")
    'a&#42;b &#60;c&#62;'
    """
    return re.sub(r"([\\`*_{}\[\]<>()#!|&~$])", lambda c: f"&#{ord(c[0])};", text)


# ---- what a figure says of itself ---------------------------------------------------------------


def number_words(value: Fraction | None, bounds: Bounds, unit: str, language: str) -> str:
    """A number in a sentence: its value alone, or its bounds where it has none."""
    return amount_words(value, bounds if value is None else _OPEN, unit, language)


@lru_cache(1024)  # on a chart, and in its table again
@lru_cache(maxsize=1024)
def exact_words(number: float, unit: str, language: str) -> str:
    """A number that is known to the last digit, such as a count of a census, or of two."""
    return bounds_words(Bounds.exact(Fraction(number)), unit, language)


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
    number = getattr(quantity, _STATED.get(quantity.qualifier, "value"))
    words = number_words(number, quantity.bounds, unit, language)
    if number is None or quantity.qualifier not in _STATED:
        return words
    return say(f"wording_{quantity.qualifier}", language, number=words)


# Which number the words of a qualifier stand before.
_STATED = {"about": "value", "nearly": "high", "less_than": "high", "at_most": "high"}
_STATED |= {"more": "low", "over": "low", "at_least": "low"}


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
        first, last = figure.period.first, figure.period.last
        one_year = first is not None and last is not None and first.year == last.year
        return "plain" if share or one_year else "total"  # a running one, of who knows how many
    if figure.aggregation == "each_year":
        return "each_share" if share else "each_year"
    return "plain" if figure.aggregation == "stock" else "average_year"


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
    now, before, points = new.quantity.bounds, old.quantity.bounds, new.quantity.unit == "1"
    change = (now - before) * Bounds.exact(100) if points else growth(now, before)
    down = change.high is not None and change.high < 0
    if not down and (change.low is None or change.low <= 0):
        return ""
    by = bounds_words(-change if down else change, "" if points else "1", language)
    by = say("percentage_points", language, number=by) if points else by
    return say("change_down" if down else "change_up", language, by=by)


def growth_words(figure: Observation, language: str) -> str:
    """A printed growth: risen or fallen by how much."""
    quantity = figure.quantity
    down = first_of(quantity.value, quantity.bounds) < 0
    bounds = -quantity.bounds if down else quantity.bounds
    by = number_words(quantity.value and abs(quantity.value), bounds, quantity.unit, language)
    return say("change_down" if down else "change_up", language, by=by)


# ---- how a number is said in a key point ---------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Story(Page):
    """What a page has still to tell, and how a number of it is said and linked.

    The overview, and the front (whose sector is empty), tell of the whole release.
    """

    told: frozenset[tuple[str, str]] = frozenset()  # measures with their parts

    @cached_property
    def figures(self) -> list[Observation]:
        """The figures of the page, or of the whole release, that have not been told yet."""
        left = (f for f in self.release.figures if (f.measure.id, f.breakdown) not in self.told)
        return [f for f in left if self.whole or self._holds(f)]

    def without(self, told: Sequence[Observation]) -> Story:
        """The story that is left when the measures of some figures have been told."""
        return replace(self, told=self.told | {(f.measure.id, f.breakdown) for f in told})

    @property
    def own(self) -> list[Observation]:
        """The figures that are their measure's own."""
        return [f for f in self.figures if f.is_result and f.measure.id not in self.rates_of]

    @cached_property
    def rates_of(self) -> dict[str, str]:
        """Measures that say how far another one got to its target, and that one."""
        checks = self.release.definitions.checks.values()
        return {c.roles["rate"]: c.roles["measure"] for c in checks if c.kind == "completion"}

    def say(self, code: str, **words: object) -> Markup:
        """A message as HTML; its words are escaped unless they are Markup."""
        return Markup(say(code, self.language, **{w: f"{{{w}}}" for w in words})).format(**words)

    def name(self, figure: Observation, first: bool = True) -> Markup:
        """The name of what a figure measures, as it begins a sentence, or stands within one."""
        return self.named(figure.measure.label[self.language], first)

    def named(self, text: str, first: bool = False) -> Markup:
        """A name as it begins a sentence, or stands within one."""
        if not first and self.language == "en" and text[1:2].islower():
            text = text[0].lower() + text[1:]
        return original(text, self.language)

    def link(self, words: str, figure: Observation, anchor: str = "") -> Markup:
        """Words of a figure as a link to the row that says where it is from."""
        page = self.release.definitions.page_of(figure.measure.sector)
        return self.lead(words, page, anchor or row_id(figure))

    def lead(self, words: str, page: str, anchor: str) -> Markup:
        """Words as a link to a row of a page."""
        return link(words, address(page, anchor, self.sector))

    def printed(self, figure: Observation, plain: bool = False) -> Markup:
        """A figure's words, linked; with what they are (累计, 年均) unless its label says so."""
        words, pattern = self.link(self.words(figure), figure), how(figure, self.language)
        if self.language == "zh" and figure.printed[-1:] in "0123456789万亿":
            words += unit_words(figure.quantity.unit, self.language)  # that the source left out
        named = pattern.replace("{}", "") in figure.measure.label[self.language]
        return words if plain or named else Markup(pattern).format(words)

    def words(self, figure: Observation) -> str:
        """A figure's words beside its name, which says in English already that it counts people."""
        unit = "" if figure.quantity.unit in COUNTED else None
        return figure_words(figure, self.language, unit)

    def when(self, figure: Observation) -> str:
        """The time of a figure, empty if it is the release's year."""
        return when(figure, self.release.year, self.language)

    def nothing(self) -> Markup:
        """That the release printed nothing on this sector, and which years did."""
        sector, language = self.release.definitions.sectors.get(self.sector), self.language
        name = sector.label[language] if sector else ""
        name = name if language == "zh" else name.lower()
        code = "point_nothing" if sector else "point_nothing_at_all"
        said = self.say(code, year=self.release.year, sector=name)
        years = sorted({d.release for d in self.others})
        if not years:
            return said
        links = (link(str(y), f"../../{y}/{language}/{self.sector}.html") for y in years)
        joined = Markup(say("between", language)).join(links)
        return said + say("sentences", language) + self.say("point_elsewhere", years=joined)
