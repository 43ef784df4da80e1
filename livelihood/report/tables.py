"""What a page shows beyond its own figures: checks, other releases, revisions, the city's others.

Each function makes one table of a :class:`~livelihood.report.report.Report`.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from livelihood.analysis.findings import Finding
from livelihood.analysis.frames import finding_words, where
from livelihood.analysis.series import kind_of, revision_frame, revisions, series
from livelihood.display.format import as_float, bounds_words, period_words
from livelihood.display.messages import say
from livelihood.display.table import Table, original, small, table
from livelihood.quantity.bounds import Bounds, growth
from livelihood.quantity.period import Period
from livelihood.release.observations import Dated, Observation

if TYPE_CHECKING:
    from livelihood.analysis.release import Release
    from livelihood.report.report import Report

MANY = 5  # findings without a doubt that a reader may still want to see at once


def elsewhere(measure: str, report: Report) -> Markup:
    """That a release does not print a measure, and what the other ones print."""
    language, release = report.language, report.release
    others = [
        Markup(say("printed_in", language, year=d.release, printed="{}")).format(
            _with_plan(d, language)
        )
        for d in release.timeline
        if d.figure.measure.id == measure
    ]
    parts = [say("not_printed", language, year=release.year)]
    parts += [Markup(say("between", language)).join(others)] if others else []
    return Markup(say("between_parts", language)).join(parts)


def _with_plan(dated: Dated, language: str) -> Markup:
    figure = dated.figure
    words = original(figure.printed, language)
    return words + f" ({say(figure.role, language)})" if figure.role else words


def checks_table(report: Report) -> Table:
    """The findings that belong to a page; on the overview, those of the whole release."""
    language, release = report.language, report.release
    page_of = release.definitions.page_of
    here = [report.sector in ("overview", page_of(f.sector)) for f in release.findings]
    found = list(compress(release.findings, here))
    rows = [_finding_row(f, report) for f in found]
    columns = [say(c, language) for c in ("verdict", "check", "left", "right")]
    caption = say("checks" if rows else "checks_none", language, count=len(rows))
    doubts = sum(f.verdict != "consistent" for f in found)
    rest = len(rows) - doubts
    folded = (
        (doubts, say("checks_folded", language, count=rest)) if doubts and rest > MANY else None
    )
    return table(release.checks[here], caption, columns, rows, folded=folded)


def _finding_row(finding: Finding, report: Report) -> tuple:
    language = report.language
    verdict, check, *sides = finding_words(finding, language, report.release.definitions)
    cells = (
        (name, original(shown, language), original(source, language))
        for name, shown, source in sides
    )
    return verdict, (check[0], small(check[1])), *cells


def series_table(measure: str, report: Report) -> Table:
    """A measure through all releases, with the reason where figures may not be compared."""
    language, release = report.language, report.release
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
    caption = say("series", language, name=report.release.definitions.label(measure, language))
    return table(data, caption, columns, rows)


def revisions_table(report: Report) -> Table:
    """Figures that a later release prints differently for the same time."""
    language, release = report.language, report.release
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
    pairs = [(f, old) for f in release.figures if (old := _last_comparable(f, release))]
    grown = [growth(f.quantity.bounds, old.figure.quantity.bounds) for f, old in pairs]
    rows = [
        (
            f.measure.label[language],
            (original(f.printed, language), small(period_words(f.period, language))),
            (original(old.figure.printed, language),
             small(period_words(old.figure.period, language))),
            _change_words(change, language),
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


def _last_comparable(figure: Observation, release: Release) -> Dated | None:
    found = [
        d for d in release.timeline
        if d.release < release.year and d.figure.measure.id == figure.measure.id
        and d.figure.period.text != figure.period.text and d.figure.quantity.bounds.low != 0
        and kind_of(d.figure) == kind_of(figure)
    ]  # fmt: skip
    return found[-1] if found else None


def _change_words(change: Bounds, language: str) -> str:
    words = bounds_words(change, "1", language)
    if change.low is not None and change.high is not None and change.low <= 0 <= change.high:
        return f"{words} ({say('unsure', language)})"
    return words


def series_rows(measure: str, report: Report) -> pd.DataFrame:
    """A series as a chart draws it: with the label and words of each figure."""
    language, release = report.language, report.release
    data = series(measure, release.region.id, language, release.project)
    labels = [period_words(Period.parse(p), language) for p in data["period"]]
    return data.assign(label=labels, words=data["printed"])
