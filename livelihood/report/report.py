"""What a notebook holds: one sector of one release, with its tables, charts and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livelihood.analysis.formulas import Result
from livelihood.analysis.frames import note_words
from livelihood.analysis.release import load
from livelihood.analysis.search import check_sector, id_of
from livelihood.display.fonts import on_page
from livelihood.display.format import amount_words, original, period_words, small
from livelihood.display.messages import (
    LANGUAGES,
    DataError,
    Language,
    Problem,
    message_language,
    say,
    suggestion,
)
from livelihood.display.table import Table, table
from livelihood.project import definitions
from livelihood.release.observations import Observation
from livelihood.release.sources import Source
from livelihood.report import selection, tables
from livelihood.report.charts import automatic
from livelihood.report.charts.rows import as_table, rows_of
from livelihood.report.key_points import key_points
from livelihood.report.prose import sentence
from livelihood.report.selection import Page, sector_colour

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import Markdown

    from livelihood.report.charts.drawing import Chart


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
    # With matplotlib, which a front does without.
    from livelihood.report.charts.figure import prepare

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

    @cached_property
    def charts(self) -> Ids:
        """What :meth:`chart` draws of this release: ids and titles.

        >>> report = open_report("elderly_care", "duji", 2019, "en")
        >>> report.charts["aged_share"]
        'Residents aged 60+ as a share of all: counties of the province'
        """
        drawn = {id: c for id, c in self._charts().items() if len(self._rows[id]) and self.figures}
        return Ids({id: chart.title[self.language] for id, chart in drawn.items()})

    @cached_property
    def indicators(self) -> Ids:
        """The indicators that :meth:`table` shows: ids and names."""
        return Ids({id: self._label(id) for id in self.results})

    @cached_property
    def measures(self) -> Ids:
        """The measures that this page's figures are of: ids and names."""
        return Ids({f.measure.id: f.measure.label[self.language] for f in self.figures})

    def _say(self, code: str, **words: object) -> str:
        return say(code, self.language, **words)

    def _label(self, id: str) -> str:
        return self.release.definitions.label(id, self.language)

    def key_points(self) -> Markdown:
        """What this page says in a few sentences, computed from whatever the release holds.

        On the overview those of the whole release. See :mod:`livelihood.report.key_points`.
        """
        from IPython.display import Markdown

        points = key_points(self.release, self.sector)
        alone = [p.kind for p in points] == ["nothing"]
        text = "\n".join(f"- {p.html}" for p in points) if not alone else str(points[0].html)
        return Markdown(text if on_page() else f"{self._origin()}\n\n{text}")

    def _origin(self) -> str:
        """Which project's figures these are: for who has several open, and for no page."""
        folder = self.release.project / "data" / self.release.region.id / str(self.release.year)
        said = self._say("data_from", folder=original(str(folder), self.language))
        return f"{said}\n\n{self._say('strict_page')}" if self.release.strict else said

    def coverage(self) -> Table:
        """Every figure that the release prints on this sector: words, bounds, period, source.

        The DataFrame holds this sector's observations.
        """
        return tables.figures_table(self)

    def missing(self) -> Table:
        """What other releases print on this sector and this one does not, in their words.

        Folded away on a page. The DataFrame has the columns `name, reason`.
        """
        return tables.elsewhere_table(self)

    def questions(self) -> Markdown | None:
        """What a reader may ask about the figures of this page, as the definitions have it."""
        from IPython.display import Markdown

        asked = self.release.definitions.questions
        texts = [
            getattr(q, self.language)
            for q in asked
            if q.sector == self.sector and (not q.about or self.shows(q.about))
        ]
        title = self._say("questions")
        return Markdown("\n".join([f"{title}\n", *(f"- {t}" for t in texts)])) if texts else None

    def checks(self) -> Table:
        """This page's figures held against each other: verdicts, both sides and their sources.

        The overview shows the whole release's. The DataFrame has the columns of
        :meth:`livelihood.Release.checks`.
        """
        return tables.checks_table(self)

    def series(self, name: str) -> Table:
        """A measure or indicator through time, with the reason where it may not be compared.

        :func:`livelihood.series` of this page's region, in its language.
        """
        return tables.series_table(name, self.release)

    def revisions(self) -> Table:
        """Figures that a later release prints differently for the same time.

        The DataFrame is that of :func:`livelihood.analysis.series.revision_frame`.
        """
        return tables.revisions_table(self)

    def peers(self) -> Table:
        """The district beside its city's other counties and the province, on the census.

        The DataFrame is that of :func:`livelihood.analysis.comparison.peers`.
        """
        return tables.peers_table(self)

    def table(self, *ids: str) -> Table:
        """Indicators with bounds, how each is computed, and where its inputs do not match.

        All of this page, or those named. The DataFrame has the columns of `indicators`.
        """
        results = [self._result(id) for id in ids or self.results]
        wanted = [result.indicator.id for result in results]
        data = self.release.indicators.set_index("indicator").loc[wanted].reset_index()
        rows = [
            (
                self._label(r.indicator.id),
                (
                    amount_words(r.amount.value, r.amount.bounds, r.amount.unit, self.language),
                    small(tables.ends_words(r.amount.bounds, self.language)),
                ),
                period_words(r.amount.period, self.language),
                (
                    tables.formula(r, self),
                    note_words(r.amount, self.language, self.release.definitions),
                    tables.steps(r, self),
                ),
            )
            for r in results
        ]
        columns = [self._say(c) for c in ("indicator", "value", "period", "how")]
        return table(data, self._say("indicator_table"), columns, rows, wanted)

    def _result(self, name: str) -> Result:
        found = self.release.results
        known = {id: result.indicator for id, result in found.items()}
        return found[id_of(name, replace(self.release.definitions, measures={}, indicators=known))]

    def say(self, zh: str, en: str) -> Markdown | None:
        """A sentence in the report's language, with `{id}` for numbers; shows as Markdown.

        A number in prose is thus computed, never typed. `{id.printed}` gives the source's words,
        `{id.said}` these with what they are (累计, 年均). Where the release lacks a number there is
        no sentence.
        """
        from IPython.display import Markdown

        text = sentence({"zh": zh, "en": en}[self.language], self)
        return Markdown(text) if text else None

    def note(self, id: str, zh: str, en: str) -> Markdown | None:
        """A remark on a measure or indicator, as Markdown; none where the release lacks it."""
        from IPython.display import Markdown

        self._label(id)  # a misspelt name is an error, not a lacking figure
        return Markdown({"zh": zh, "en": en}[self.language]) if self.shows(id) else None

    def targets(self) -> list[Chart]:
        """Charts of the results that have a target and that no chart of the definitions draws.

        On the overview those of the whole release.
        """
        whole = self.sector == definitions.OVERVIEW
        found = self._alike(self.release.figures) if whole else self._alike_here
        return [self._of_figures(one) for one in found if one.kind == "progress"]

    def other_charts(self) -> list[Chart]:
        """Charts of the other figures that no chart of the definitions draws, alike with alike."""
        return [self._of_figures(one) for one in self._alike_here if one.kind != "progress"]

    @cached_property
    def _alike_here(self) -> list[automatic.AutomaticChart]:
        return self._alike(self.figures)

    def _alike(self, figures: Iterable[Observation]) -> list[automatic.AutomaticChart]:
        """Charts of figures that no chart of the definitions draws."""
        from livelihood.report.charts import drawing

        known = self._charts()
        drawn = (known[id] for id in known if drawing.enough(known[id].kind, self._rows[id]))
        told = {id for c in drawn for id in (*c.rows, c.per) if id}
        told |= {root for id in told for root in selection.only_root(id, self.release)}
        left = [f for f in figures if f.measure.id not in told]
        found = automatic.automatic_charts(left, self)
        return [one for one in found if drawing.enough(one.kind, one.rows)]

    def _of_figures(self, one: automatic.AutomaticChart) -> Chart:
        behind = selection.automatic_sources(one.rows, self.release.figures, self.release)
        title = dict.fromkeys(LANGUAGES, one.title)
        return self._drawn(definitions.Chart("", self.sector, one.kind, title), one.rows, behind)

    def _charts(self) -> dict[str, definitions.Chart]:
        """The charts that the definitions have for this page."""
        charts = self.release.definitions.charts.items()
        return {id: chart for id, chart in charts if chart.sector == self.sector}

    @cached_property
    def _rows(self) -> dict[str, pd.DataFrame]:
        """What each of them draws."""
        return {id: rows_of(chart, self) for id, chart in self._charts().items()}

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
        known = self._charts()
        if id not in known:
            words = {"found": id, "expected": ", ".join(known), "sector": self.sector}
            raise DataError([Problem("no_chart", self.sector, words=words)])
        rows = self._rows[id].copy()
        if rows.empty or not self.figures:
            return None
        behind = selection.chart_sources(known[id], self.figures, self.release)
        drawn = self._drawn(known[id], rows, behind, colour, title=title, figsize=figsize)
        return drawn if drawn.axes or (drawn.alt and drawn.kind == "series") else None

    def _drawn(
        self,
        chart: definitions.Chart,
        rows: pd.DataFrame,
        behind: list[Source],
        colour: str = "",
        **look: Any,
    ) -> Chart:
        # With matplotlib, which a front does without.
        from livelihood.report.charts import drawing
        from livelihood.report.charts.layout import Text

        title, meaning = chart.title[self.language], self.release.definitions
        claim = drawing.claim(chart.kind, rows, self.language)
        text = Text(title, claim, selection.source_line(behind, self.language))
        colour = colour or sector_colour(self.sector, meaning)
        drawn = drawing.draw(chart.kind, text, rows, self.language, colour=colour, **look)
        if drawn.axes:
            drawn.table = as_table(chart, rows, title, self)._repr_html_()
        return drawn

    def sources(self) -> Table:
        """The documents behind this page: number, title, publisher, date, address."""
        return tables.sources_table(self.used_sources, self.release, self.figures)

    def all_sources(self) -> Table:
        """The documents behind the whole release, census included, with the data's checksum."""
        release = self.release
        found = [*release.documents.values(), *selection.census_sources(release).values()]
        below = selection.provenance(release)
        return tables.sources_table(found, release, release.figures, below)
