"""A release as an analyst looks at it: its frames in readers' words, with bounds and units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from livelihood.display.format import amount_words, bounds_words, period_words
from livelihood.display.messages import say
from livelihood.display.table import Table, table

if TYPE_CHECKING:
    from livelihood.analysis.release import Release


def summary(release: Release) -> Table:
    """How many figures and indicators a release has on each sector."""
    language = release.language
    sectors = [
        (id, sector.label[language], sum(f.measure.sector == id for f in release.figures),
         sum(r.indicator.sector == id for r in release.results.values()))
        for id, sector in release.definitions.sectors.items()
    ]  # fmt: skip
    data = pd.DataFrame(sectors, columns=["sector", "name", "figures", "indicators"])
    columns = _columns(language, "sector", "figures", "indicators")
    return table(data, release.title, columns, [row[1:] for row in sectors])


def observations(data: pd.DataFrame, release: Release) -> Table:
    """The observations of `release.figures`: printed words, what they say, period, place."""
    language = release.language
    rows = [
        (
            (f.measure.label[language], f.breakdown),
            f.printed,
            bounds_words(f.quantity.bounds, f.quantity.unit, language),
            (period_words(f.period, language), say(f.aggregation, language),
             say(f.role, language) if f.role else ""),
            f"{f.source.id} {f.locator}",
        )
        for f in release.figures
    ]  # fmt: skip
    caption = say("coverage", language, year=release.year, count=len(rows))
    columns = _columns(language, "measure", "printed", "reads", "period", "where")
    return table(data, caption, columns, rows)


def indicators(data: pd.DataFrame, release: Release) -> Table:
    """The indicators with bounds and units, and what to know beside them."""
    language = release.language
    rows = [
        (
            (r.indicator.label[language], id),
            amount_words(r.amount.value, r.amount.bounds, r.amount.unit, language),
            period_words(r.amount.period, language),
            r.amount.note(language, release.definitions),
        )
        for id, r in release.results.items()
    ]
    columns = _columns(language, "indicator", "value", "period", "notes")
    return table(data, say("indicator_table", language), columns, rows)


def checks(release: Release) -> Table:
    """The figures held against each other: verdicts, both sides, their sources."""
    from livelihood.analysis.checks import find, findings_frame

    findings = find(release)
    rows = [tuple(tuple(c.split("\n")) for c in f.lines(release.language)) for f in findings]
    columns = _columns(release.language, "verdict", "check", "left", "right")
    code = "checks" if rows else "checks_none"
    caption = say(code, release.language, count=len(rows))
    return table(findings_frame(release, findings), caption, columns, rows)


def sources(release: Release) -> Table:
    """The documents, by id."""
    rows = [(s.id, s.title, s.publisher, s.date_printed, s.url) for s in release.documents.values()]
    data = pd.DataFrame(rows, columns=["source", "title", "publisher", "date", "url"])
    columns = _columns(release.language, "id", "title", "publisher", "date", "address")
    return table(data, say("sources", release.language), columns, rows)


def _columns(language: str, *codes: str) -> Sequence[str]:
    return [say(code, language) for code in codes]
