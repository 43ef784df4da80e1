"""Sentences of a page, in both languages: their numbers are computed and linked, not typed.

What a figure says of itself is said here and nowhere else: its words, its time, whether it is a
running total or a yearly average, and how it stands to an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from string import Formatter

from markupsafe import Markup

from livelihood.analysis.release import Release
from livelihood.display.format import amount_words, bounds_words, original, unit_words
from livelihood.display.messages import say
from livelihood.project.definitions import Definitions
from livelihood.project.editions import OVERVIEW
from livelihood.quantity.bounds import Bounds, growth
from livelihood.quantity.period import Period
from livelihood.release.observations import Observation
from livelihood.report.selection import Page, place, row_id, told_of, years_with

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
    href = place(id, page)
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


# ---- how a number is said in a key point ---------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """What a page tells of: its figures, and how a number of it is said and linked."""

    release: Release
    sector: str
    figures: tuple[Observation, ...]

    @classmethod
    def of(cls, release: Release, sector: str) -> Story:
        """The story of a page; the overview and the front tell of all figures."""
        return cls(release, sector, told_of(release, sector))

    def without(self, told: Sequence[Observation]) -> Story:
        """The story that is left when the measures of some figures have been told."""
        ids = {(f.measure.id, f.breakdown) for f in told}
        left = (f for f in self.figures if (f.measure.id, f.breakdown) not in ids)
        return replace(self, figures=tuple(left))

    @property
    def results(self) -> list[Observation]:
        """The figures that are their measure's own."""
        return [f for f in self.figures if f.is_result and f.measure.id not in self.rates_of]

    @cached_property
    def rates_of(self) -> dict[str, str]:
        """Measures that say how far another one got to its target, and that one."""
        checks = self.release.definitions.checks.values()
        return {c.roles["rate"]: c.roles["measure"] for c in checks if c.kind == "completion"}

    @property
    def counts_itself(self) -> bool:
        """Whether the release prints itself how many of its projects are finished."""
        return self.whole and FINISHED in self.release.printed_measures

    @property
    def whole(self) -> bool:
        """Whether it tells of the whole release."""
        return self.sector in ("", OVERVIEW)

    @property
    def language(self) -> str:
        """The language of its sentences."""
        return self.release.language

    def say(self, code: str, **words: object) -> Markup:
        """A message as HTML; its words are escaped unless they are Markup."""
        return Markup(say(code, self.language, **{w: f"{{{w}}}" for w in words})).format(**words)

    def label(self, figure: Observation, first: bool = True) -> Markup:
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
        target = f"#{anchor or row_id(figure)}"
        href = target if page == self.sector else f"{page}.html{target}"
        return Markup('<a href="{}">{}</a>').format(href, words)

    def number(self, figure: Observation, plain: bool = False) -> Markup:
        """A figure's words, linked; with what they are (累计, 年均) unless its label says so."""
        words = self.link(self.words(figure), figure)
        words += unit_not_printed(figure, self.language)
        pattern = how(figure, self.language)
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
        meaning, year = self.release.definitions, self.release.year
        code = f"point_nothing{'' if self.sector in meaning.sectors else '_at_all'}"
        name = meaning.sectors[self.sector].label[self.language] if code == "point_nothing" else ""
        name = name if self.language == "zh" else name.lower()
        years = years_with(self.release, self.sector)
        said = self.say(code, year=year, sector=name)
        if not years:
            return said
        href = Markup('<a href="../../{0}/{1}/{2}.html">{0}</a>')
        links = Markup(say("between", self.language)).join(
            href.format(y, self.language, self.sector) for y in years
        )
        return said + say("sentences", self.language) + self.say("point_elsewhere", years=links)
