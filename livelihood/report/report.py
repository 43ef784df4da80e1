"""What a notebook holds: one sector of one release, with its tables, charts and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from IPython.display import Markdown

from livelihood.analysis.release import load
from livelihood.analysis.search import check_sector
from livelihood.display.fonts import on_page
from livelihood.display.format import original
from livelihood.display.messages import (
    DataError,
    Language,
    Problem,
    message_language,
    say,
    suggestion,
)
from livelihood.project import definitions
from livelihood.release.observations import Observation
from livelihood.release.sources import Source
from livelihood.report import selection, tables
from livelihood.report.charts import drawing
from livelihood.report.charts.automatic import ChartPlan, automatic_charts
from livelihood.report.charts.figure import Chart, prepare
from livelihood.report.charts.layout import Text
from livelihood.report.charts.rows import as_table, rows_of
from livelihood.report.key_points import key_points
from livelihood.report.prose import sentence
from livelihood.report.selection import Page, sector_colour


def open_report(
    sector: str,
    region: str | None = None,
    year: int | str | None = None,
    language: Language | None = None,
    project: Path | None = None,
    *,
    strict: bool = False,
) -> Report:
    """The report of a sector (or ``overview``) on a release, in a language (zh or en).

    Without a region it is the one that a run leads with, without a year its newest release.
    `strict` is that of :func:`livelihood.load`.
    Raises ``DataError`` naming what there is, if region, year, sector or language is unknown.

    >>> report = open_report("elderly_care", "duji", 2019, "en")
    >>> report.number("rural_pension_per_person")
    '1,013 yuan per person (997–1,029)'
    """
    release = load(region or None, year or None, language, project, strict=strict)
    check_sector(sector, release.definitions.pages, release.definitions)
    prepare(release.language)
    return Report(sector, release)


class Ids(dict[str, str]):
    """Ids with their names, a line each; Tab completes them, as attributes and in brackets.

    >>> ids = Ids(funds="Money spent")
    >>> ids, ids.funds, ids["funds"]
    (funds  Money spent, 'funds', 'Money spent')
    """

    def __getattr__(self, id: str) -> str:
        if id in self:
            return id
        raise AttributeError(suggestion(id, self)[message_language()])

    def __dir__(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        wide = max(map(len, self), default=0)
        return "\n".join(f"{id:{wide}}  {name}" for id, name in self.items())


class Report(Page):
    """A sector's page: everything that its notebook shows."""

    coverage = tables.coverage
    table = tables.indicators
    missing = tables.missing
    checks = tables.checks
    series = tables.series
    revisions = tables.revisions
    peers = tables.peers
    sources = tables.sources
    all_sources = tables.all_sources

    @cached_property
    def charts(self) -> Ids:
        """What :meth:`chart` draws of this release: ids and titles.

        >>> report = open_report("elderly_care", "duji", 2019, "en")
        >>> report.charts["aged_share"]
        'Residents aged 60+ as a share of all: counties of the province'
        """
        drawn = self._plans if self.figures else {}
        return Ids({id: plan.title for id, plan in drawn.items() if plan.rows})

    @cached_property
    def indicators(self) -> Ids:
        """The indicators that :meth:`table` shows: ids and names."""
        return Ids({id: self.label(id) for id in self.results})

    @cached_property
    def measures(self) -> Ids:
        """The measures that this page's figures are of: ids and names."""
        return Ids({f.measure.id: f.measure.label[self.language] for f in self.figures})

    def key_points(self) -> Markdown:
        """What this page says in a few sentences, computed from whatever the release holds.

        On the overview those of the whole release. See :mod:`livelihood.report.key_points`.
        """
        points = key_points(self.release, self.sector)
        alone = [p.kind for p in points] == ["nothing"]
        text = "\n".join(f"- {p.html}" for p in points) if not alone else str(points[0].html)
        return Markdown(text if on_page() else f"{self._origin()}\n\n{text}")

    def _origin(self) -> str:
        """Which project's figures these are: for who has several open, and for no page."""
        folder = self.release.project / "data" / self.release.region.id / str(self.release.year)
        said = say("data_from", self.language, folder=original(str(folder), self.language))
        return f"{said}\n\n{say('strict_page', self.language)}" if self.release.strict else said

    def questions(self) -> Markdown | None:
        """What a reader may ask about the figures of this page, as the definitions have it."""
        texts = [
            f"- {getattr(q, self.language)}"
            for q in self.release.definitions.questions
            if q.sector == self.sector and (not q.about or self.shows(q.about))
        ]
        title = f"{say('questions', self.language)}\n"
        return Markdown("\n".join([title, *texts])) if texts else None

    def say(self, zh: str, en: str) -> Markdown | None:
        """A sentence in the report's language, with `{id}` for numbers; shows as Markdown.

        A number in prose is thus computed, never typed. `{id.printed}` gives the source's words,
        `{id.said}` these with what they are (累计, 年均). Where the release lacks a number there is
        no sentence.
        """
        text = sentence({"zh": zh, "en": en}[self.language], self)
        return Markdown(text) if text else None

    def note(self, id: str, zh: str, en: str) -> Markdown | None:
        """A remark on a measure or indicator, as Markdown; none where the release lacks it."""
        self.label(id)  # a misspelt name is an error, not a lacking figure
        return Markdown({"zh": zh, "en": en}[self.language]) if self.shows(id) else None

    def targets(self) -> list[Chart]:
        """Charts of the results that have a target and that no chart of the definitions draws.

        On the overview those of the whole release.
        """
        found = self._alike(self.release.figures) if self.whole else self._alike_here
        return [self._of_figures(one) for one in found if one.kind == "progress"]

    def other_charts(self) -> list[Chart]:
        """Charts of the other figures that no chart of the definitions draws, alike with alike."""
        return [self._of_figures(one) for one in self._alike_here if one.kind != "progress"]

    @cached_property
    def _alike_here(self) -> list[ChartPlan]:
        return self._alike(self.figures)

    def _alike(self, figures: Iterable[Observation]) -> list[ChartPlan]:
        """Charts of figures that no chart of the definitions draws."""
        plans = self._plans.items()
        charts = [self._charts[id] for id, one in plans if drawing.enough(one.kind, one.rows)]
        told = {id for chart in charts for id in (*chart.rows, chart.per)}
        told |= {root for id in told for root in selection.only_root(id, self.release)}
        found = automatic_charts([f for f in figures if f.measure.id not in told], self)
        return [one for one in found if drawing.enough(one.kind, one.rows)]

    def _of_figures(self, one: ChartPlan) -> Chart:
        ids = {row["measure"] for row in one.rows}
        drawn = [f for f in self.release.figures if f.measure.id in ids]
        pairs = selection.compared(drawn, self.release) if one.kind == "change" else []
        return self._drawn(one, selection.documents((*drawn, *(old for _, old in pairs))))

    @cached_property
    def _charts(self) -> dict[str, definitions.Chart]:
        """The charts that the definitions have for this page."""
        charts = self.release.definitions.charts.items()
        return {id: chart for id, chart in charts if chart.sector == self.sector}

    @cached_property
    def _plans(self) -> dict[str, ChartPlan]:
        """What each of them draws."""
        charts, language = self._charts.items(), self.language
        return {id: ChartPlan(c.kind, c.title[language], rows_of(c, self)) for id, c in charts}

    def chart(
        self,
        id: str,
        *,
        title: str = "",
        colour: str = "",
        figsize: tuple[float, float] | None = None,
    ) -> Chart | None:
        """A chart of this page by its id; a matplotlib figure to carry on from.

        None where the release prints too little for it. Of a series what may not be drawn beside
        one another is a sentence with the reasons. `title` stands in place of ours, `colour` is
        one of matplotlib's, `figsize` in inches.
        """
        if id not in self._charts:
            words = {"found": id, "expected": ", ".join(self._charts), "sector": self.sector}
            raise DataError([Problem("no_chart", self.sector, words=words)])
        plan = self._plans[id]
        if not (plan.rows and self.figures):
            return None
        behind = selection.chart_sources(self._charts[id], self.figures, self.release)
        drawn = self._drawn(plan, behind, colour, title=title, figsize=figsize)
        return drawn if drawn.axes or (drawn.alt and drawn.kind == "series") else None

    def _drawn(self, one: ChartPlan, behind: list[Source], colour: str = "", **look: Any) -> Chart:
        language = self.language
        claim = drawing.claim(one.kind, one.rows, language)
        text = Text(one.title, claim, tables.source_line(behind, language))
        colour = colour or sector_colour(self.sector, self.release.definitions)
        drawn = drawing.draw(one.kind, text, one.rows, language, colour=colour, **look)
        if drawn.axes:
            drawn.table = as_table(one.kind, one.rows, one.title, language)
        return drawn
