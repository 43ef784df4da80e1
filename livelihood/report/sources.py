"""Where numbers were printed: the documents behind measures, indicators and charts."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

import pandas as pd
from markupsafe import Markup

from livelihood.analysis.formulas import roots
from livelihood.analysis.release import Release
from livelihood.display.messages import say
from livelihood.display.table import Table, original, table
from livelihood.project.definitions import Chart
from livelihood.release.observations import Observation
from livelihood.release.sources import Source, read_census_sources


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
    names = dict.fromkeys(
        f"{_publisher(s, language).partition('（')[0]} {s.date.year}" for s in sources
    )
    between = say("between", language)
    return say("chart_source", language, names=between.join(names)) if names else ""


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
            original(_publisher(s, language), language),
            Markup("<time>{}</time>").format(s.date_printed),
        )
        for number, s in enumerate(sources, start=1)
    ]
    data = pd.DataFrame(
        [(s.title, s.publisher, s.date_printed, s.url) for s in sources],
        columns=["title", "publisher", "date", "url"],
    )
    columns = [say(c, language) for c in ("title", "publisher", "date")]
    ids = [f"source-{s.id}" for s in sources]
    wrong = [f.correction.words(language) for f in figures if f.correction]
    remarks = [*wrong, below] if below else wrong
    return table(data, say("documents", language), columns, rows, ids, below=remarks)


def provenance(release: Release) -> str:
    """Date and checksum of the data, and the version that computed from them."""
    return say(
        "provenance",
        release.language,
        date=release.date.isoformat(),
        version=version("livelihood"),
        checksum=release.checksum,
    )


def _title(source: Source, language: str) -> Markup:
    return original((source.title_en if language == "en" else "") or source.title, language)


def _publisher(source: Source, language: str) -> str:
    return (source.publisher_en if language == "en" else "") or source.publisher


def _linked(title: str, url: str) -> Markup:
    if not url.startswith(("http://", "https://")):
        return Markup.escape(title)
    return Markup('<a href="{}">{}</a>').format(url, title)
