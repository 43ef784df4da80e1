"""The tables of a page: its figures, checks, what other releases print, revisions, changes.

Each function makes one table of a :class:`~livelihood.report.selection.Page`. In its cells every
number leads back: to its printed words, their source and place, and to its inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd
from markupsafe import Markup

from livelihood.analysis.amounts import COMPARABLE, TARGET, Amount
from livelihood.analysis.checks import Finding, Side
from livelihood.analysis.comparison import peers
from livelihood.analysis.formulas import Result, formula_text, operand_ids
from livelihood.analysis.frames import finding_words, where
from livelihood.analysis.release import Release
from livelihood.analysis.series import revision_frame, revisions, series
from livelihood.display.format import (
    amount_words,
    as_float,
    bounds_words,
    original,
    period_words,
    small,
)
from livelihood.display.messages import say
from livelihood.display.table import Table, table
from livelihood.project.definitions import EARLIER, Comparison
from livelihood.quantity.bounds import Bounds, growth
from livelihood.quantity.period import Period
from livelihood.release.observations import Dated, Observation
from livelihood.release.sources import Source
from livelihood.report.prose import change_words
from livelihood.report.selection import Page, census_source, place, publisher_of, row_id


def figures_table(page: Page) -> Table:
    """Every figure of a page: its words, what they say, its time, and where it stands."""
    language, release = page.language, page.release
    rows = [_figure_row(f, page) for f in page.figures]
    columns = [say(c, language) for c in ("measure", "printed", "period", "where")]
    code = "coverage" if len(rows) != 1 else "coverage_one"
    caption = say(code, language, year=release.year, count=len(rows))
    data = release.observations
    own = data[data["sector"].isin({f.measure.sector for f in page.figures})]
    return table(own, caption, columns, rows, [row_id(f) for f in page.figures])


def _figure_row(figure: Observation, page: Page) -> tuple:
    language, bounds = page.language, figure.quantity.bounds
    ends = ends_words(bounds, language)
    reads = bounds_words(bounds, figure.quantity.unit, language)
    shown = reads if ends or language == "en" else ""
    role = [say(figure.role, language)] if figure.role else []
    name = original(figure.measure.label[language], language)
    kind = [say(figure.aggregation, language), *role, figure.breakdown]
    return (
        name,
        (original(figure.printed, language), small(shown), small(ends)),
        (
            period_words(figure.period, language),
            small(say("between", language).join(filter(None, kind))),
        ),
        (source_link(figure, page), original(figure.note[language], language)),
    )


def elsewhere_table(page: Page) -> Table:
    """What other releases print on a page's sector and this one does not, folded away."""
    language, release = page.language, page.release
    page_of, printed = release.definitions.page_of, {f.measure.id for f in release.figures}
    others: dict[str, list[Dated]] = {}
    for d in release.timeline:
        measure = d.figure.measure
        here = page.figures and page_of(measure.sector) == page.sector
        if here and measure.id not in printed:
            others.setdefault(measure.id, []).append(d)
    names = [
        original(found[0].figure.measure.label[language], language) for found in others.values()
    ]
    rows = [
        (name, _printed_in(found, language))
        for name, found in zip(names, others.values(), strict=True)
    ]
    plain = [tuple(Markup.escape(cell).striptags() for cell in row) for row in rows]
    caption = say("missing", language, year=release.year, count=len(rows))
    columns = [say("name", language), say("elsewhere", language)]
    data = pd.DataFrame(plain, columns=["name", "reason"])
    return table(data, caption, columns, rows, folded=(0, caption))


def _printed_in(found: Sequence[Dated], language: str) -> Markup:
    said = Markup(say("printed_in", language, year="{}", printed="{}"))
    items = (said.format(d.release, _with_role(d, language)) for d in found)
    return Markup(say("between_parts", language)).join(items)


def _with_role(dated: Dated, language: str) -> Markup:
    figure = dated.figure
    words = original(figure.printed, language)
    return words + f" ({say(figure.role, language)})" if figure.role else words


def checks_table(page: Page) -> Table:
    """The findings that belong to a page, doubts first; on the overview, of the whole release."""
    language, release, found = page.language, page.release, page.findings
    rows = [_finding_row(f, page) for f in found]
    columns = [say(c, language) for c in ("verdict", "check", "left", "right")]
    doubts = sum(f.verdict != "consistent" for f in found)
    folded = (doubts, say("checks_folded", language, count=len(rows) - doubts))
    caption, ids = say("checks", language, count=doubts), [f"check-{f.check.id}" for f in found]
    here = [f in found for f in release.findings]
    return table(release.checks[here], caption, columns, rows, ids, folded=folded)


def _finding_row(finding: Finding, page: Page) -> tuple:
    language = page.language
    verdict, check, *sides = finding_words(finding, language, page.release.definitions)
    cells = (
        (name, original(shown, language), _places(side, page) or source) if _says(side) else ""
        for side, (name, shown, source) in zip((finding.left, finding.right), sides, strict=True)
    )
    return verdict, (check[0], small(check[1])), *cells


def _says(side: Side) -> bool:
    """Whether there is a number on a side of a check; what is doubtful in print has but one."""
    stated = side.bounds.low is not None or side.bounds.high is not None
    return bool(stated or side.id or side.figure or side.parts)


def _places(side: Side, page: Page) -> Markup:
    """Where the figures of a side were printed, as links to the page's list of sources."""
    links = dict.fromkeys(source_link(figure, page) for figure in side.figures)
    years = dict.fromkeys(side.censuses)
    said = [say("census_of", page.language, year=", ".join(years))] if years else []
    return Markup(say("between", page.language)).join([*links, *said])


def series_table(name: str, release: Release) -> Table:
    """A measure or indicator of a release's region through time, read as the release is."""
    place, strict = release.region.id, release.strict
    return series(name, place, None, release.language, release.project, strict=strict)


def revisions_table(page: Page) -> Table:
    """Figures that a later release prints differently for the same time."""
    language, release = page.language, page.release
    found = revisions(release.region.id, release.project, release.strict)
    rows = [
        (
            r.new.figure.measure.label[language],
            period_words(r.new.figure.period, language),
            _dated_cell(r.old, language),
            _dated_cell(r.new, language),
            bounds_words(r.difference, r.new.figure.quantity.unit, language),
        )
        for r in found
    ]
    columns = [say(c, language) for c in ("measure", "period", "old", "new", "difference")]
    caption = say("revisions" if rows else "revisions_none", language)
    return table(revision_frame(found), caption, columns, rows)


def _dated_cell(dated: Dated, language: str) -> tuple:
    place = original(where(dated.figure), language)
    return original(dated.figure.printed, language), str(dated.release), place


def changes_table(release: Release) -> Table:
    """Each figure of a release against the last earlier one that it may be compared with.

    The DataFrame has the columns `measure, now, then, low, high`: the relative change's bounds.
    """
    language = release.language
    once = {(f.measure.id, f.breakdown, f.printed): f for f in release.figures if not f.role}
    pairs = [(f, old) for f in once.values() if (old := release.comparable(f))]
    grown = [growth(f.quantity.bounds, old.figure.quantity.bounds) for f, old in pairs]
    rows = [
        (
            f.measure.label[language],
            (original(f.printed, language), small(period_words(f.period, language))),
            (
                original(old.figure.printed, language),
                small(period_words(old.figure.period, language)),
            ),
            change_words(f, old.figure, language) or say("unsure", language),
        )
        for (f, old), change in zip(pairs, grown, strict=True)
    ]
    data = pd.DataFrame(
        [
            (f.measure.id, f.printed, old.figure.printed, as_float(c.low), as_float(c.high))
            for (f, old), c in zip(pairs, grown, strict=True)
        ],
        columns=["measure", "now", "then", "low", "high"],
    )
    columns = [say(c, language) for c in ("measure", "changed_now", "changed_then", "change")]
    return table(data, say("changed", language), columns, rows)


def series_rows(measure: str, page: Page) -> pd.DataFrame:
    """A series as a chart draws it: with the label and words of each figure."""
    language, release = page.language, page.release
    data = series_table(measure, release)
    labels = [period_words(Period.parse(p), language) for p in data["period"]]
    return data.assign(label=labels, words=data["printed"])


def peers_table(page: Page) -> Table:
    """The comparison in readers' words: own values, rank, the city's others, the province."""
    language, region = page.language, page.release.region
    data = peers(region.code, page.release.project)
    found = page.release.definitions.comparisons
    rows = [
        _peer_row(found[id], rows, language)
        for id, rows in data.groupby("comparison", sort=False)
        if (rows["group"] == "own").any()
    ]
    columns = [say(c, language) for c in ("item", "own", "rank_newest", "city", "province")]
    caption = say("peers" if rows else "peers_none", language, name=region.name[language])
    return table(data, caption, columns, rows)


def _peer_row(comparison: Comparison, rows: pd.DataFrame, language: str) -> tuple:
    def words(row: Any) -> str:
        value = Bounds.exact(Fraction(row.value))
        return bounds_words(value, comparison.unit, language)

    own = rows[rows["group"] == "own"].sort_values("year")
    newest = rows[rows["year"] == own["year"].max()]
    last = own.iloc[-1]
    others = newest[newest["group"] == "city"].itertuples()
    province = newest[newest["group"] == "province"].itertuples()
    return (
        comparison.label[language],
        tuple(f"{row.year}: {words(row)}" for row in own.itertuples()),
        say("rank_of", language, rank=int(last["rank"]), count=int(last["count"])),
        tuple(original(f"{row.name} {words(row)}", language) for row in others),
        tuple(words(row) for row in province),
    )


def sources_table(
    sources: list[Source], release: Release, figures: Iterable[Observation], below: str = ""
) -> Table:
    """Documents as a table: title, publisher, date, address; under it what they got wrong.

    That is said of `figures`; `below` is a remark of one's own.
    """
    language = release.language
    rows = [
        (
            Markup("[{}] {}").format(number, _linked(_title(s, language), s.url)),
            original(publisher_of(s, language), language),
            Markup("<time>{}</time>").format(s.date),
        )
        for number, s in enumerate(sources, start=1)
    ]
    data = pd.DataFrame(
        [(s.title, s.publisher, s.date, s.url) for s in sources],
        columns=["title", "publisher", "date", "url"],
    )
    columns = [say(c, language) for c in ("title", "publisher", "date")]
    ids = [f"source-{s.id}" for s in sources]
    wrong = [f.correction.words(language) for f in figures if f.correction]
    remarks = [*wrong, below] if below else wrong
    return table(data, say("documents", language), columns, rows, ids, below=remarks)


def _title(source: Source, language: str) -> Markup:
    return original((source.title_en if language == "en" else "") or source.title, language)


def _linked(title: str, url: str) -> Markup:
    if not url.startswith(("http://", "https://")):
        return Markup.escape(title)
    return Markup('<a href="{}">{}</a>').format(url, title)


# ---- how a number leads back ---------------------------------------------------------------------


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
        years = next(iter(result.inputs.values())).years
        words = {"years": bounds_words(years, "", page.language)}
        code = "n_years" if years.high is not None else "open_years"
        parts.append(Markup.escape(say(code, page.language, **words)))
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
