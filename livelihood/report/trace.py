"""How a number leads back: to its printed words, their source and place, and to its inputs.

Everything here is HTML for a table's cells; names of measures and indicators are links to the
rows that show them, sources are links into the table of sources.
"""

from __future__ import annotations

from markupsafe import Markup

from livelihood.analysis.amounts import COMPARABLE, TARGET, Amount
from livelihood.analysis.formulas import Result, formula_text, operand_ids
from livelihood.display.format import amount_words, bounds_words, period_words
from livelihood.display.messages import say
from livelihood.display.table import original
from livelihood.project.definitions import EARLIER
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Observation
from livelihood.report.selection import Page
from livelihood.report.sources import census_source


def ends_words(bounds: Bounds, language: str) -> str:
    """Where the two ends of bounds come from; empty for a number printed to the last digit.

    >>> from livelihood import parse_quantity
    >>> ends_words(parse_quantity("近7万人", "person").bounds, "en")
    'low: convention; high: printed'
    """
    low, high = (_origin(origin, language) for origin in (bounds.low_origin, bounds.high_origin))
    if bounds.is_exact and bounds.low_origin == bounds.high_origin == "printed":
        return ""
    if low == high:
        return say("both_ends", language, origin=low)
    return say("two_ends", language, low=low, high=high)


def _origin(origin: str | None, language: str) -> str:
    return say("open_end", language) if origin is None else say(f"end_{origin}", language)


def place(id: str, page: Page) -> str:
    """Where a number is shown: an anchor of this page or of another; empty if nowhere."""
    meaning = page.release.definitions
    known = meaning.indicators.get(id) or meaning.measures.get(id)
    if known is None or not page.shows(id):
        return ""
    sector = meaning.page_of(known.sector)
    return f"#{id}" if sector == page.sector else f"{sector}.html#{id}"


def name(id: str, page: Page) -> Markup:
    """The label of a measure or indicator, a link to the row that shows it."""
    label = page.release.definitions.label(id, page.language)
    href = place(id, page)
    return Markup('<a href="{}">{}</a>').format(href, label) if href else Markup.escape(label)


def source_link(figure: Observation, page: Page) -> Markup:
    """The number of a figure's source in the page's list, and the place in it."""
    return _source(figure.source.id, figure.locator, page)


def _source(id: str, locator: str, page: Page) -> Markup:
    number = [source.id for source in page.used_sources].index(id) + 1
    return Markup('<a href="#source-{}">[{}]</a> {}').format(
        id, number, original(locator, page.language)
    )


def formula(result: Result, page: Page) -> Markup:
    """How an indicator comes about, with its inputs as they were printed."""
    indicator = result.indicator
    parts = [_input(id, result.inputs[id], page) for id in operand_ids(indicator)]
    if indicator.kind == "per_year":
        years = bounds_words(next(iter(result.inputs.values())).years, "", page.language)
        parts.append(Markup.escape(say("n_years", page.language, years=years)))
    return Markup(formula_text(indicator, parts))  # of parts that are escaped


def _input(id: str, amount: Amount, page: Page) -> Markup:
    label, figure = page.release.definitions.label(id, page.language), page.release.figure(id)
    if figure is not None:
        return Markup("{} {}").format(label, original(figure.printed, page.language))
    words = amount_words(amount.value, amount.bounds, amount.unit, page.language)
    if id in page.release.results:
        return Markup("{} {}").format(label, words)
    return Markup("{} {} ({})").format(label, words, amount.period.text[:4])


def steps(result: Result, page: Page) -> Markup:
    """Each input with its words, bounds, period and source, folded under the formula."""
    items = Markup("").join(
        Markup("<li>{}</li>").format(_step(id, result.inputs[id], page))
        for id in dict.fromkeys(result.indicator.input_ids)
    )
    return Markup("<details><summary>{}</summary><ul>{}</ul></details>").format(
        say("trace", page.language), items
    )


def _step(id: str, amount: Amount, page: Page) -> Markup:
    language, figure = page.language, page.release.figure(id)
    words = amount_words(amount.value, amount.bounds, amount.unit, language)
    ends = ends_words(amount.bounds, language)
    value = say("value_ends", language, value=words, ends=ends) if ends else words
    parts = [value, period_words(amount.period, language)]
    if figure is not None:
        text = original(figure.printed, language)
        parts.insert(0, Markup(say("printed_as", language)).format(words=text))
        parts.append(source_link(figure, page))
    elif source := census_source(id, page.release):
        parts.append(_source(source.id, "", page))
    if id.endswith((EARLIER, COMPARABLE)):
        parts.append(say("earlier_release", language))
    elif id.endswith(TARGET):
        parts.append(say("target", language))
    sep = say("clause", language)
    return name(id, page) + say("colon", language) + Markup(sep).join(parts)
