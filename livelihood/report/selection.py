"""Which figures a page tells of, and which documents these were printed in.

A page's own figures, a result beside its target, the largest first; the documents behind
measures, indicators and charts, each once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from livelihood.analysis.amounts import Amount
from livelihood.analysis.checks import Finding
from livelihood.analysis.formulas import Result, roots
from livelihood.analysis.release import Release
from livelihood.display.format import amount_words
from livelihood.display.messages import DataError, Problem, say, suggestion
from livelihood.project.definitions import Chart, Definitions
from livelihood.project.editions import OVERVIEW
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Dated, Observation
from livelihood.release.sources import Source, read_census_sources

if TYPE_CHECKING:
    import pandas as pd


def figures_of(release: Release, sector: str) -> tuple[Observation, ...]:
    """The figures of a sector's page.

    >>> from livelihood import load
    >>> len(figures_of(load("duji", 2019), "culture"))
    3
    """
    page_of = release.definitions.page_of
    return tuple(f for f in release.figures if page_of(f.measure.sector) == sector)


def told_of(release: Release, sector: str) -> tuple[Observation, ...]:
    """The figures that a page's key points may tell: on the overview and the front, all."""
    return release.figures if sector in ("", OVERVIEW) else figures_of(release, sector)


# Of sectors that name no colour: each 3 to 1 or more from light and from dark paper.
PALETTE = ("#0072b2", "#d55e00", "#8a63c7", "#a6611a", "#aa3377", "#4477aa", "#b3477e", "#a8730f")


def sector_colour(sector: str, meaning: Definitions) -> str:
    """The colour of a page: its sector's own, or that of its place among the pages.

    >>> from livelihood import load
    >>> sector_colour("education", load("duji", 2019).definitions)
    '#0072b2'
    """
    own = meaning.sectors[sector].colour if sector in meaning.sectors else ""
    return own or PALETTE[meaning.pages.index(sector) % len(PALETTE)]


def years_with(release: Release, sector: str) -> list[int]:
    """The other releases of the region that print something on a sector."""
    page_of = release.definitions.page_of
    found = {d.release for d in release.timeline if page_of(d.figure.measure.sector) == sector}
    return sorted(found - {release.year})


@dataclass(frozen=True, repr=False)
class Page:
    """A sector's page of a release: which figures and indicators it shows, in which language."""

    sector: str
    release: Release

    def __repr__(self) -> str:  # without the path of the project: published notebooks hold it
        return f"{self.sector} · {self.release.title}"

    @property
    def language(self) -> str:
        """The language of everything this report shows."""
        return self.release.language

    @cached_property
    def figures(self) -> list[Observation]:
        """The printed figures that this page shows."""
        return list(figures_of(self.release, self.sector))

    @cached_property
    def results(self) -> dict[str, Result]:
        """The indicators that this page shows."""
        meaning = self.release.definitions
        return {
            id: result
            for id, result in self.release.results.items()
            if meaning.page_of(meaning.indicators[id].sector) == self.sector and not _tiny(result)
        }

    @cached_property
    def used_sources(self) -> list[Source]:
        """The documents behind this page: of its figures, then of what these are held against."""
        if not self.figures:
            return []
        others = sources_behind(self.results, self.release)
        checked = (f for c in self.findings for s in (c.left, c.right) for f in s.figures)
        cited = (*self.figures, *checked, *(d.figure for d in self.earlier))
        drawn = self.release.figures if self.sector == OVERVIEW else ()
        found = [f.source for f in self.figures] + others + [f.source for f in (*cited, *drawn)]
        return list({source.id: source for source in found}.values())

    @property
    def findings(self) -> list[Finding]:
        """The checks of this page; the overview has those of the whole release."""
        page_of = self.release.definitions.page_of
        found = self.release.findings
        return [f for f in found if self.sector in (OVERVIEW, page_of(f.sector))]

    @property
    def earlier(self) -> list[Dated]:
        """The figures of other releases that this page holds its own against."""
        charts = self.release.definitions.charts.values()
        ids = {id for c in charts if (c.sector, c.kind) == (self.sector, "series") for id in c.rows}
        series = [d for d in self.release.timeline if d.figure.measure.id in ids]
        before = (self.release.comparable(f) for f in self.figures if not f.role)
        return [*series, *filter(None, before)]

    def shows(self, id: str) -> bool:
        """Whether the release prints a measure, or gives what an indicator needs."""
        return id in self.release.printed_measures or id in self.release.results

    def number(self, id: str, each: bool = False) -> str:
        """A measure or indicator in words, as a sentence uses it.

        With `each` the sentence says of what it is (per household, per 10,000 residents).
        """
        amount = self._amount(id)
        unit = amount.unit.partition("/")[0] if each else amount.unit
        return amount_words(amount.value, amount.bounds, unit, self.language)

    def _amount(self, id: str) -> Amount:
        known = self.release.known
        if id not in known:
            words = {"found": id, "expected": suggestion(id, known)}
            raise DataError([Problem("no_name", self.sector, words=words)])
        return known[id]


def _tiny(result: Result) -> bool:
    """Whether it is so little for each of so many that it tells nobody anything."""
    indicator, high = result.indicator, result.amount.bounds.high
    little = high is not None and 0 <= high < Fraction(1, 10)
    return indicator.automatic and indicator.kind == "per_head" and little


def row_id(figure: Observation) -> str:
    """The name of a figure's row on its page: its measure's, for the result itself.

    >>> from livelihood import load
    >>> row_id(load("duji", 2019).figures[0])
    'livelihood_expenditure_total'
    """
    parts = [figure.measure.id, *(p for p in (figure.breakdown, figure.role) if p)]
    return "-".join("-".join(parts).split())


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a result is to its target: the rate, and the figures that say so."""

    rate: Bounds
    value: Fraction | None
    done: Observation | None
    target: Observation | None = None
    printed: Observation | None = None


def reached(figures: Sequence[Observation], rates_of: dict[str, str]) -> list[Reached]:
    """Each result with its target, or with the rate that the source itself prints.

    `rates_of` has the measure of each rate that is printed as a measure of its own.
    """
    results = {(f.measure.id, f.breakdown, f.period.text): f for f in figures if not f.role}
    latest = {(f.measure.id, f.breakdown): f for f in results.values()}
    found: dict[tuple[str, str], Reached] = {}
    for f in figures:
        key = (rates_of.get(f.measure.id, f.measure.id), f.breakdown)
        if f.role == "completion" or (f.measure.id in rates_of and not f.role):
            done = results.get((*key, f.period.text))
            found[key] = Reached(f.quantity.bounds, f.quantity.value, done, printed=f)
        elif f.role == "target" and (whole := f.quantity.value) and key in latest:
            done = latest[key]
            if _alike(done, f):
                value = done.quantity.value and done.quantity.value / whole
                rate = done.quantity.bounds / f.quantity.bounds
                found.setdefault(key, Reached(rate, value, done, f))
    return list(found.values())


def _alike(figure: Observation, other: Observation) -> bool:
    return figure.quantity.unit == other.quantity.unit


def largest(figures: Iterable[Observation]) -> list[Observation]:
    """Figures with the largest first."""
    return sorted(figures, key=size, reverse=True)


def size(figure: Observation) -> Fraction:
    """What a figure is at least, to put the weightiest first."""
    return first_of(figure.quantity.value, figure.quantity.bounds)


def first_of(value: Fraction | None, bounds: Bounds) -> Fraction:
    """A number by which to sort: the value, else the end that is known."""
    known = (x for x in (value, bounds.low, bounds.high) if x is not None)
    return next(known, Fraction(0))


# ---- where figures were printed ------------------------------------------------------------------


def place(id: str, page: Page) -> str:
    """Where a number is shown: an anchor of this page or of another; empty if nowhere."""
    meaning = page.release.definitions
    known = meaning.indicators.get(id) or meaning.measures.get(id)
    if known is None or not page.shows(id):
        return ""
    sector = meaning.page_of(known.sector)
    return f"#{id}" if sector == page.sector else f"{sector}.html#{id}"


def census_sources(release: Release) -> dict[str, Source]:
    """The censuses, by id."""
    return read_census_sources(release.project)


def census_source(id: str, release: Release) -> Source | None:
    """The census that a denominator was taken from; ``None`` for what is no census count."""
    measure = release.definitions.measures.get(id)
    if measure is None or not measure.census or id not in release.known or release.figure(id):
        return None
    return census_sources(release).get(f"census-{release.known[id].period.text[:4]}")


def sources_behind(ids: Iterable[str], release: Release) -> list[Source]:
    """The documents that measures and indicators go back to, each once, in order."""
    found: dict[str, Source] = {}
    for root in (root for id in ids for root in roots(id, release.definitions)):
        figure = release.figure(root)
        source = figure.source if figure else census_source(root, release)
        if source:
            found.setdefault(source.id, source)
    return list(found.values())


def only_root(id: str, release: Release) -> tuple[str, ...]:
    """The measure that an indicator shows in another way, such as a year of it; of others none."""
    meaning = release.definitions
    found = tuple(roots(id, meaning)) if id in meaning.indicators else ()
    return found if len(found) == 1 else ()


def chart_sources(chart: Chart, figures: Iterable[Observation], release: Release) -> list[Source]:
    """The documents behind what a chart draws; `figures` are those of its page."""
    if chart.kind == "peers":
        return list(census_sources(release).values())
    if chart.kind == "series":
        return [d.figure.source for d in release.timeline if d.figure.measure.id in chart.rows]
    if not chart.rows:
        return list({f.source.id: f.source for f in figures}.values())
    return sources_behind((id for id in chart.rows if id in release.known), release)


def automatic_sources(
    rows: pd.DataFrame, figures: Iterable[Observation], release: Release
) -> list[Source]:
    """The documents behind rows of figures, and behind what these were before."""
    drawn = [f for f in figures if f.measure.id in set(rows["measure"])]
    earlier = [release.comparable(f) for f in drawn] if "before" in rows else []
    cited = [*drawn, *(old.figure for old in earlier if old)]
    return list({f.source.id: f.source for f in cited}.values())


def source_line(sources: Iterable[Source], language: str) -> str:
    """Who published what a chart draws, with the years; empty without sources."""
    names = dict.fromkeys(f"{_short(publisher_of(s, language))} {s.day.year}" for s in sources)
    between = say("between", language)
    return say("chart_source", language, names=between.join(names)) if names else ""


def provenance(release: Release) -> str:
    """Date and checksum of the data, and the version that computed from them."""
    return say(
        "provenance",
        release.language,
        date=release.date.isoformat(),
        version=version("livelihood"),
        checksum=release.checksum,
    )


def publisher_of(source: Source, language: str) -> str:
    return (source.publisher_en if language == "en" else "") or source.publisher


def _short(publisher: str) -> str:
    """A publisher without what is said of it in brackets."""
    return re.split("[（(]", publisher)[0].strip()
