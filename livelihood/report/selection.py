"""Which figures a page tells of, and which documents these were printed in.

A page's own figures, a result beside its target, the largest first; the documents behind
measures, indicators and charts, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from importlib.metadata import version
from typing import Any

from markupsafe import Markup, escape

from livelihood.analysis.amounts import Amount
from livelihood.analysis.checks import Finding
from livelihood.analysis.formulas import Result, roots
from livelihood.analysis.release import Release
from livelihood.display.format import amount_words, original
from livelihood.display.messages import DataError, Language, Problem, say, suggestion
from livelihood.project.definitions import Chart, Definitions
from livelihood.project.paths import OVERVIEW
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Dated, Observation
from livelihood.release.sources import Source, read_census_sources

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


@dataclass(frozen=True, repr=False)
class Page:
    """A sector's page of a release: which figures and indicators it shows, in which language."""

    sector: str
    release: Release

    def __repr__(self) -> str:  # without the path of the project: published notebooks hold it
        return f"{self.sector} · {self.release.title}"

    @property
    def language(self) -> Language:
        """The language of everything this report shows."""
        return self.release.language

    @property
    def whole(self) -> bool:
        """Whether it tells of the whole release, as overview and front do."""
        return self.sector in ("", OVERVIEW)

    @cached_property
    def figures(self) -> list[Observation]:
        """The printed figures that this page shows."""
        return [f for f in self.release.figures if self._holds(f)]

    @cached_property
    def others(self) -> list[Dated]:
        """The figures on this page's sector that other releases of the region print."""
        year, line = self.release.year, self.release.timeline
        return [d for d in line if d.release != year and self._holds(d.figure)]

    def _holds(self, figure: Observation) -> bool:
        """Whether a figure is of this page's sector."""
        return self.release.definitions.page_of(figure.measure.sector) == self.sector

    def label(self, id: str) -> str:
        """The name of a measure or indicator; ``KeyError`` for what is none."""
        return self.release.definitions.label(id, self.language)

    @cached_property
    def results(self) -> dict[str, Result]:
        """The indicators that this page shows."""
        meaning = self.release.definitions
        return {
            id: result
            for id, result in self.release.results.items()
            if meaning.page_of(result.indicator.sector) == self.sector and not _tiny(result)
        }

    @cached_property
    def used_sources(self) -> list[Source]:
        """The documents behind this page: of its figures, then of what these are held against."""
        if not self.figures:
            return []
        checked = (f for c in self.findings for s in (c.left, c.right) for f in s.figures)
        charts = self.release.definitions.charts.values()
        ids = {id for c in charts if (c.sector, c.kind) == (self.sector, "series") for id in c.rows}
        series = (d.figure for d in self.release.timeline if d.figure.measure.id in ids)
        before = (old for _, old in compared(self.figures, self.release))
        drawn = self.release.figures if self.whole else ()
        cited = documents((*self.figures, *checked, *series, *before, *drawn))
        own, behind = documents(self.figures), sources_behind(self.results, self.release)
        return _once((*own, *behind, *cited))

    @property
    def findings(self) -> list[Finding]:
        """The checks of this page; the overview has those of the whole release."""
        page_of = self.release.definitions.page_of
        found = self.release.findings
        return [f for f in found if self.whole or page_of(f.sector) == self.sector]

    def shows(self, id: str) -> bool:
        """Whether the release prints a measure, or gives what an indicator needs."""
        return id in self.release.printed_measures or id in self.release.results

    def number(self, id: str, each: bool = False) -> str:
        """A measure or indicator in words, as a sentence uses it.

        With `each` the sentence says of what it is (per household, per 10,000 residents).
        """
        known = self.release.known
        if id not in known:
            words = {"found": id, "expected": suggestion(id, known)}
            raise DataError([Problem("no_name", self.sector, words=words)])
        amount = known[id]
        return self.amount(replace(amount, unit=amount.unit.partition("/")[0]) if each else amount)

    def amount(self, amount: Amount) -> str:
        """A number in words, its bounds beside it."""
        return amount_words(amount.value, amount.bounds, amount.unit, self.language)

    def href(self, id: str) -> str:
        """Where a number is shown: an anchor of this page or of another; empty if nowhere."""
        meaning = self.release.definitions
        known = meaning.indicators.get(id) or meaning.measures.get(id)
        if known is None or not self.shows(id):
            return ""
        return address(meaning.page_of(known.sector), id, self.sector)


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
            if done.quantity.unit == f.quantity.unit:
                value = done.quantity.value and done.quantity.value / whole
                rate = done.quantity.bounds / f.quantity.bounds
                found.setdefault(key, Reached(rate, value, done, f))
    return list(found.values())


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


def address(sector: str, anchor: str, here: str) -> str:
    """What leads from a page to a row of a sector's page."""
    return f"#{anchor}" if sector == here else f"{sector}.html#{anchor}"


def link(words: str, href: str) -> Markup:
    """Words that lead somewhere; alone if that is nowhere."""
    said = escape(words)
    return Markup(f'<a href="{escape(href)}">{said}</a>') if href else said


def documents(figures: Iterable[Observation]) -> list[Source]:
    """The documents that figures were printed in, each once."""
    return _once(f.source for f in figures)


def _once(sources: Iterable[Source]) -> list[Source]:
    return list({source.id: source for source in sources}.values())


def compared(
    figures: Iterable[Observation], release: Release
) -> list[tuple[Observation, Observation]]:
    """The figures that have an earlier one to be compared with, each beside the last of these."""
    found = ((f, release.comparable(f)) for f in figures if not f.role)
    return [(f, old.figure) for f, old in found if old]


def source_of(id: str, release: Release) -> Source | None:
    """The document that a number was printed in, or the census that it is a count of."""
    if figure := release.figure(id):
        return figure.source
    measure = release.definitions.measures.get(id)
    if measure is None or not measure.census or id not in release.known:
        return None
    return read_census_sources(release.project).get(f"census-{release.known[id].period.text[:4]}")


def sources_behind(ids: Iterable[str], release: Release) -> list[Source]:
    """The documents that measures and indicators go back to, each once, in order."""
    found = (source_of(root, release) for id in ids for root in roots(id, release.definitions))
    return _once(source for source in found if source)


def only_root(id: str, release: Release) -> tuple[str, ...]:
    """The measure that an indicator shows in another way, such as a year of it; of others none."""
    meaning = release.definitions
    found = tuple(roots(id, meaning)) if id in meaning.indicators else ()
    return found if len(found) == 1 else ()


def chart_sources(chart: Chart, figures: Iterable[Observation], release: Release) -> list[Source]:
    """The documents behind what a chart draws; `figures` are those of its page."""
    if chart.kind == "peers":
        return list(read_census_sources(release.project).values())
    if chart.kind == "series":
        return documents(d.figure for d in release.timeline if d.figure.measure.id in chart.rows)
    if not chart.rows:
        return documents(figures)
    return sources_behind((id for id in chart.rows if id in release.known), release)


def provenance(release: Release) -> str:
    """Date and checksum of the data, and the version that computed from them."""
    words = {"date": release.date.isoformat(), "checksum": release.checksum}
    return say("provenance", release.language, version=version("livelihood"), **words)


def publisher(source: Source, language: str) -> str:
    """Who published a document, in a language."""
    return (source.publisher_en if language == "en" else "") or source.publisher


def all_documents(release: Release) -> list[Source]:
    """The documents behind the whole release, census included."""
    return [*release.documents.values(), *read_census_sources(release.project).values()]


def documents_words(
    found: Sequence[Source], language: str, figures: Iterable[Observation], *below: str
) -> dict[str, Any]:
    """A table of documents: caption, columns, rows, ids; below what they got wrong of figures."""
    rows = []
    for number, s in enumerate(found, start=1):
        title = original((s.title_en if language == "en" else "") or s.title, language)
        linked = link(title, s.url if s.url.startswith(("http://", "https://")) else "")
        shown, date = original(publisher(s, language), language), Markup("<time>{}</time>")
        rows.append((Markup("[{}] {}").format(number, linked), shown, date.format(s.date)))
    return {
        "caption": say("documents", language),
        "columns": columns(language, "title", "publisher", "date"),
        "rows": rows,
        "ids": [f"source-{s.id}" for s in found],
        "below": [*(f.correction.words(language) for f in figures if f.correction), *below],
    }


def columns(language: str, *codes: str) -> list[str]:
    """The heads of columns."""
    return [say(code, language) for code in codes]
