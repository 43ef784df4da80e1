"""The tables of a page: its figures, indicators, checks, documents, and what other releases print.

Each function makes one table of a :class:`~livelihood.report.selection.Page`, and is its method. In
the cells every number leads back: to its printed words, their source and place, and to its inputs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pandas as pd
from markupsafe import Markup

from livelihood.analysis import comparison
from livelihood.analysis import series as through_time
from livelihood.analysis.amounts import COMPARABLE, TARGET, Amount
from livelihood.analysis.checks import Finding, Side
from livelihood.analysis.comparison import Peer
from livelihood.analysis.formulas import Result, formula_text, operand_ids
from livelihood.analysis.frames import finding_words, note_words, where
from livelihood.analysis.search import id_of
from livelihood.display.format import as_float, bounds_words, original, period_words, small
from livelihood.display.messages import say
from livelihood.display.table import Table, table
from livelihood.project.definitions import EARLIER, Comparison
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Dated, Observation
from livelihood.release.sources import Source
from livelihood.report.prose import exact_words
from livelihood.report.selection import (
    Page,
    all_documents,
    columns,
    documents_words,
    link,
    provenance,
    publisher,
    row_id,
    source_of,
)


def coverage(page: Page) -> Table:
    """Every figure that the release prints on this sector: words, bounds, period, source.

    The DataFrame holds this sector's observations.
    """
    language, release = page.language, page.release
    rows = [_figure_row(f, page) for f in page.figures]
    heads = columns(language, "measure", "printed", "period", "where")
    code = "coverage" if len(rows) != 1 else "coverage_one"
    caption = say(code, language, year=release.year, count=len(rows))
    sectors = {f.measure.sector for f in page.figures}
    here = [n for n, f in enumerate(release.figures) if f.measure.sector in sectors]
    ids = [row_id(f) for f in page.figures]
    return table(release.observations.take(here), caption, heads, rows, ids)


def _figure_row(figure: Observation, page: Page) -> tuple:
    language, bounds = page.language, figure.quantity.bounds
    ends = ends_words(bounds, language)
    stated = ends or language == "en"
    reads = bounds_words(bounds, figure.quantity.unit, language) if stated else ""
    codes = filter(None, (figure.aggregation, figure.role))
    place = _source_link(figure.source, figure.locator, page)
    kind = filter(None, (*(say(code, language) for code in codes), figure.breakdown))
    return (
        original(figure.measure.label[language], language),
        (original(figure.printed, language), small(reads), small(ends)),
        (period_words(figure.period, language), small(say("between", language).join(kind))),
        (place, original(figure.note[language], language)),
    )


def missing(page: Page) -> Table:
    """What other releases print on this sector and this one does not, in their words.

    Folded away on a page. The DataFrame has the columns `name, reason`.
    """
    language, release = page.language, page.release
    printed = {f.measure.id for f in release.figures}
    others: dict[str, list[Dated]] = {}
    for d in page.others if page.figures else ():
        if d.figure.measure.id not in printed:
            others.setdefault(d.figure.measure.id, []).append(d)
    rows = [
        (original(found[0].figure.measure.label[language], language), _printed_in(found, language))
        for found in others.values()
    ]
    plain = [tuple(cell.striptags() for cell in row) for row in rows]
    data = pd.DataFrame(plain, columns=["name", "reason"])
    caption = say("missing", language, year=release.year, count=len(rows))
    return table(data, caption, columns(language, "name", "elsewhere"), rows, folded=(0, caption))


def _printed_in(found: Sequence[Dated], language: str) -> Markup:
    said = Markup(say("printed_in", language, year="{}", printed="{}"))
    items = []
    for d in found:
        role = f" ({say(d.figure.role, language)})" if d.figure.role else ""
        items.append(said.format(d.release, original(d.figure.printed, language) + role))
    return Markup(say("between_parts", language)).join(items)


def checks(page: Page) -> Table:
    """This page's figures held against each other: verdicts, both sides and their sources.

    The overview shows the whole release's. The DataFrame has the columns of
    :meth:`livelihood.Release.checks`.
    """
    language, release, found = page.language, page.release, page.findings
    rows = [_finding_row(f, page) for f in found]
    heads = columns(language, "verdict", "check", "left", "right")
    doubts = sum(f.verdict != "consistent" for f in found)
    folded = (doubts, say("checks_folded", language, count=len(rows) - doubts))
    caption, ids = say("checks", language, count=doubts), [f"check-{f.check.id}" for f in found]
    here = [n for n, f in enumerate(release.findings) if f in found]
    return table(release.checks.take(here), caption, heads, rows, ids, folded=folded)


def _finding_row(finding: Finding, page: Page) -> tuple:
    language = page.language
    verdict, check, *sides = finding_words(finding, language, page.release.definitions)
    cells: list[Any] = []
    for side, (name, shown, source) in zip((finding.left, finding.right), sides, strict=True):
        stated = side.bounds.low is not None or side.bounds.high is not None
        words = name, original(shown, language), _places(side, page) or source
        # What is doubtful in print has a number on one side only.
        cells.append(words if stated or side.id or side.figure or side.parts else "")
    return verdict, (check[0], small(check[1])), *cells


def _places(side: Side, page: Page) -> Markup:
    """Where the figures of a side were printed, as links to the page's list of sources."""
    links = dict.fromkeys(_source_link(f.source, f.locator, page) for f in side.figures)
    years = dict.fromkeys(side.censuses)
    said = [say("census_of", page.language, year=", ".join(years))] if years else []
    return Markup(say("between", page.language)).join([*links, *said])


def series(page: Page, name: str) -> Table:
    """A measure or indicator through time, with the reason where it may not be compared.

    :func:`livelihood.series` of this page's region, in its language.
    """
    region, project, strict = page.release.region.id, page.release.project, page.release.strict
    return through_time.series(name, region, None, page.language, project, strict=strict)


_CHANGED = ["old_release", "old", "new_release", "new", "difference_low", "difference_high"]
REVISION_COLUMNS = ["measure", "period", *_CHANGED, "old_source", "new_source"]


def revisions(page: Page) -> Table:
    """Figures that a later release prints differently for the same time.

    The DataFrame has one in base units a row (columns: REVISION_COLUMNS).
    """
    language, rows, data = page.language, [], []
    for pair in through_time.revisions(page.release.timeline):
        old, new = (dated.figure for dated in pair)
        by = new.quantity.bounds - old.quantity.bounds
        cells = [
            (
                original(d.figure.printed, language),
                str(d.release),
                original(where(d.figure), language),
            )
            for d in pair
        ]
        label, period = new.measure.label[language], period_words(new.period, language)
        rows.append((label, period, *cells, bounds_words(by, new.quantity.unit, language)))
        printed = [cell for d in pair for cell in (d.release, d.figure.printed)]
        ends = as_float(by.low), as_float(by.high)
        data.append((new.measure.id, new.period.text, *printed, *ends, where(old), where(new)))
    heads = columns(language, "measure", "period", "old", "new", "difference")
    caption = say("revisions" if rows else "revisions_none", language)
    return table(pd.DataFrame(data, columns=REVISION_COLUMNS), caption, heads, rows)


def peers(page: Page) -> Table:
    """The district beside its city's other counties and the province, on the census.

    The DataFrame has the columns of :class:`livelihood.analysis.comparison.Peer`.
    """
    language, region = page.language, page.release.region
    found = comparison.peers(region.code, page.release.project)
    data = pd.DataFrame(found, columns=list(Peer._fields))
    items = page.release.definitions.comparisons.values()
    beside = [(item, [p for p in found if p.comparison == item.id]) for item in items]
    rows = [
        _peer_row(item, peers, language)
        for item, peers in beside
        if any(p.group == "own" for p in peers)
    ]
    heads = columns(language, "item", "own", "rank_newest", "city", "province")
    caption = say("peers" if rows else "peers_none", language, name=region.name[language])
    return table(data, caption, heads, rows)


def _peer_row(item: Comparison, rows: Sequence[Peer], language: str) -> tuple:
    def words(peer: Peer) -> str:
        return exact_words(peer.value, item.unit, language)

    own = sorted((peer for peer in rows if peer.group == "own"), key=attrgetter("year"))
    last = own[-1]
    newest = [peer for peer in rows if peer.year == last.year]
    return (
        item.label[language],
        tuple(f"{peer.year}: {words(peer)}" for peer in own),
        say("rank_of", language, rank=last.rank, count=last.count),
        tuple(original(f"{p.name} {words(p)}", language) for p in newest if p.group == "city"),
        tuple(words(peer) for peer in newest if peer.group == "province"),
    )


def sources(page: Page) -> Table:
    """The documents behind this page: number, title, publisher, date, address."""
    return _documents(page.used_sources, page.language, page.figures)


def all_sources(page: Page) -> Table:
    """The documents behind the whole release, census included, with the data's checksum."""
    release = page.release
    found = all_documents(release)
    return _documents(found, page.language, release.figures, provenance(release))


def _documents(
    found: Sequence[Source], language: str, figures: Iterable[Observation], *below: str
) -> Table:
    names = ["title", "publisher", "date", "url"]
    data = pd.DataFrame([[getattr(s, name) for name in names] for s in found], columns=names)
    return table(data, **documents_words(found, language, figures, *below))


def source_line(sources: Iterable[Source], language: str) -> str:
    """Who published what a chart draws, with the years; empty without sources."""
    said = ((re.split("[（(]", publisher(s, language))[0].strip(), s.day.year) for s in sources)
    names = dict.fromkeys(f"{name} {year}" for name, year in said)
    between = say("between", language)
    return say("chart_source", language, names=between.join(names)) if names else ""


def indicators(page: Page, *ids: str) -> Table:
    """Indicators with bounds, how each is computed, and where its inputs do not match.

    All of this page, or those named. The DataFrame has the columns of `indicators`.
    """
    language, meaning, found = page.language, page.release.definitions, page.release.results
    known = {id: result.indicator for id, result in found.items()}
    named = replace(meaning, measures={}, indicators=known)
    wanted = [id_of(name, named) for name in ids] or list(page.results)
    rows = []
    for r in (found[id] for id in wanted):
        value = page.amount(r.amount), small(ends_words(r.amount.bounds, language))
        how = formula(r, page), note_words(r.amount, language, meaning), steps(r, page)
        period = period_words(r.amount.period, language)
        rows.append((page.label(r.indicator.id), value, period, how))
    here = [list(found).index(id) for id in wanted]
    data = page.release.indicators.take(here).reset_index(drop=True)
    data.insert(0, "indicator", data.pop("indicator"))
    heads = columns(language, "indicator", "value", "period", "how")
    return table(data, say("indicator_table", language), heads, rows, wanted)


# ---- how a number leads back ---------------------------------------------------------------------


def ends_words(bounds: Bounds, language: str) -> str:
    """Where the two ends of bounds come from; empty for a number printed to the last digit.

    >>> from livelihood import parse_quantity
    >>> ends_words(parse_quantity("近7万人", "person").bounds, "en")
    'low: convention; high: printed'
    """
    origins = bounds.low_origin, bounds.high_origin
    if bounds.is_exact and origins == ("printed", "printed"):
        return ""
    low, high = (say(f"end_{o}" if o else "open_end", language) for o in origins)
    if low == high:
        return say("both_ends", language, origin=low)
    return say("two_ends", language, low=low, high=high)


def _source_link(source: Source, locator: str, page: Page) -> Markup:
    """The number of a source in the page's list, and the place in it."""
    number = [s.id for s in page.used_sources].index(source.id) + 1
    return link(f"[{number}]", f"#source-{source.id}") + " " + original(locator, page.language)


def formula(result: Result, page: Page) -> Markup:
    """How an indicator comes about, with its inputs as they were printed."""
    indicator = result.indicator
    parts = [_input(id, result.inputs[id], page) for id in operand_ids(indicator)]
    if indicator.kind == "per_year":
        years = next(iter(result.inputs.values())).years
        words = {"years": bounds_words(years, "", page.language)}
        code = "n_years" if years.high is not None else "open_years"
        parts.append(Markup.escape(say(code, page.language, **words)))
    return Markup(formula_text(indicator, parts))  # of parts that are escaped


def _input(id: str, amount: Amount, page: Page) -> Markup:
    figure = page.release.figure(id)
    counted = "" if id in page.release.results else f" ({amount.period.text[:4]})"  # by a census
    words = original(figure.printed, page.language) if figure else page.amount(amount) + counted
    return Markup("{} {}").format(page.label(id), words)


def steps(result: Result, page: Page) -> Markup:
    """Each input with its words, bounds, period and source, folded under the formula."""
    ids = dict.fromkeys(result.indicator.input_ids)
    items = (Markup("<li>{}</li>").format(_step(id, result.inputs[id], page)) for id in ids)
    folded = Markup("<details><summary>{}</summary><ul>{}</ul></details>")
    return folded.format(say("trace", page.language), Markup("").join(items))


def _step(id: str, amount: Amount, page: Page) -> Markup:
    language, figure = page.language, page.release.figure(id)
    words, ends = page.amount(amount), ends_words(amount.bounds, language)
    value = say("value_ends", language, value=words, ends=ends) if ends else words
    parts = [value, period_words(amount.period, language)]
    if figure is not None:
        text = original(figure.printed, language)
        parts.insert(0, Markup(say("printed_as", language)).format(words=text))
        parts.append(_source_link(figure.source, figure.locator, page))
    elif source := source_of(id, page.release):
        parts.append(_source_link(source, "", page))
    if id.endswith((EARLIER, COMPARABLE)):
        parts.append(say("earlier_release", language))
    elif id.endswith(TARGET):
        parts.append(say("target", language))
    name = link(page.label(id), page.href(id))
    return name + say("colon", language) + Markup(say("clause", language)).join(parts)
