"""The tables of a page: its figures, checks, what other releases print, revisions, changes.

Each function makes one table of a :class:`~livelihood.report.selection.Page`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd
from markupsafe import Markup

from livelihood.analysis.comparison import peers
from livelihood.analysis.findings import Finding, Side
from livelihood.analysis.frames import finding_words, where
from livelihood.analysis.release import Release
from livelihood.analysis.series import revision_frame, revisions, series
from livelihood.display.format import as_float, bounds_words, period_words
from livelihood.display.messages import say
from livelihood.display.table import Table, original, small, table
from livelihood.project.definitions import Comparison
from livelihood.quantity.bounds import Bounds, growth
from livelihood.quantity.period import Period
from livelihood.release.observations import Dated, Observation
from livelihood.report import trace
from livelihood.report.prose import change_words
from livelihood.report.selection import Page, row_id


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
    ends = trace.ends_words(bounds, language)
    reads = bounds_words(bounds, figure.quantity.unit, language)
    shown = reads if ends or language == "en" else ""
    role = [say(figure.role, language)] if figure.role else []
    name = original(figure.measure.label[language], language)
    kind = [say(figure.aggregation, language), *role, figure.breakdown]
    return (
        name,
        (
            original(figure.printed, language),
            small(shown),
            small(ends),
        ),
        (
            period_words(figure.period, language),
            small(say("between", language).join(filter(None, kind))),
        ),
        (trace.source_link(figure, page), original(figure.note[language], language)),
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
        (name, original(shown, language), _places(side, page) or source)
        for side, (name, shown, source) in zip((finding.left, finding.right), sides, strict=True)
    )
    return verdict, (check[0], small(check[1])), *cells


def _places(side: Side, page: Page) -> Markup:
    """Where the figures of a side were printed, as links to the page's list of sources."""
    links = dict.fromkeys(trace.source_link(figure, page) for figure in side.figures)
    years = dict.fromkeys(side.censuses)
    said = [say("census_of", page.language, year=", ".join(years))] if years else []
    return Markup(say("between", page.language)).join([*links, *said])


def series_table(measure: str, page: Page) -> Table:
    """A measure through all releases, with the reason where figures may not be compared."""
    language, release = page.language, page.release
    data = series(measure, release.region.id, language, release.project)
    rows = [
        (
            period_words(Period.parse(row.period), language),
            original(row.printed, language),
            row.group,
            row.reason,
            (str(row.release), original(f"{row.source} {row.locator}", language)),
        )
        for row in data.itertuples()
    ]
    columns = [say(c, language) for c in ("period", "printed", "group", "reason", "where")]
    caption = say("series", language, name=page.release.definitions.label(measure, language))
    return table(data, caption, columns, rows)


def revisions_table(page: Page) -> Table:
    """Figures that a later release prints differently for the same time."""
    language, release = page.language, page.release
    found = revisions(release.region.id, release.project)
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
            (original(old.figure.printed, language),
             small(period_words(old.figure.period, language))),
            change_words(f, old.figure, language) or say("unsure", language),
        )
        for (f, old), change in zip(pairs, grown, strict=True)
    ]  # fmt: skip
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
    data = series(measure, release.region.id, language, release.project)
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
