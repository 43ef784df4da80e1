"""What a notebook holds: one sector of one release, with its tables, charts and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pandas as pd

from livelihood.bounds import Bounds
from livelihood.census import census
from livelihood.definitions import Chart as ChartDefinition
from livelihood.definitions import definitions
from livelihood.display import amount_words, as_float, bounds_words, period_words, unit_words
from livelihood.figures import Observation, Source
from livelihood.indicators import Amount, Result
from livelihood.period import Period
from livelihood.problems import DataError, Problem, say, suggestion
from livelihood.release import Release, load
from livelihood.tables import Table, table

if TYPE_CHECKING:
    from IPython.display import Markdown

    from livelihood.charts import Chart

SIGNS = {"ratio": " ÷ ", "per_head": " ÷ ", "completion": " ÷ ", "growth": " ÷ ", "sum": " + "}


def open_report(
    sector: str, region: str = "duji", year: int = 2019, language: str = "zh",
    project: Path | None = None,
) -> Report:  # fmt: skip
    """The report of a sector (or ``overview``) on a release, in a language (zh or en).

    Raises ``DataError`` naming what there is, if region, year, sector or language is unknown.

    >>> report = open_report("elderly_care", "duji", 2019, "en")
    >>> report.number("rural_pension_per_person")
    '1,013 yuan per person (997–1,029)'
    """
    pages = definitions().pages
    if sector not in pages:
        words = {"found": sector, "expected": ", ".join(pages)}
        raise DataError([Problem("no_sector", "livelihood", words=words)])
    return Report(sector, load(region, year, language, project))


@dataclass(frozen=True)
class Report:
    """A sector's page: everything that its notebook shows."""

    sector: str
    release: Release

    @property
    def language(self) -> str:
        """The language of everything this report shows."""
        return self.release.language

    @cached_property
    def figures(self) -> list[Observation]:
        """The printed figures that this page shows."""
        page_of = definitions().page_of
        return [f for f in self.release.figures if page_of(f.measure.sector) == self.sector]

    @cached_property
    def results(self) -> dict[str, Result]:
        """The indicators that this page shows."""
        meaning = definitions()
        return {
            id: result
            for id, result in self.release.results.items()
            if meaning.page_of(meaning.indicators[id].sector) == self.sector
        }

    def _say(self, code: str, **words: object) -> str:
        return say(code, self.language, **words)

    def _label(self, id: str) -> str:
        return definitions().label(id, self.language)

    def _repr_html_(self) -> str:
        return self.heading()._repr_html_()

    def heading(self) -> Table:
        """Of which region and year this page is, and how much it rests on."""
        region = self.release.region
        place = {"city": region.city[self.language], "name": region.name[self.language]}
        rows = [
            (self._say("region"), self._say("place", **place)),
            (self._say("release"), self.release.year),
            (self._say("figures"), len(self.figures)),
            (self._say("indicators"), len(self.results)),
        ]
        data = pd.DataFrame(rows, columns=["key", "value"])
        return table(data, self._say("about"), [self._say("item"), self._say("content")], rows)

    def coverage(self) -> Table:
        """Every figure that the release prints on this sector: words, bounds, period, source.

        The DataFrame holds this sector's observations.
        """
        sectors = {f.measure.sector for f in self.figures}
        data = self.release.observations
        rows = [
            (
                f.measure.label[self.language],
                f.printed,
                bounds_words(f.quantity.bounds, f.quantity.unit, self.language),
                (period_words(f.period, self.language),
                 definitions().aggregations[f.aggregation][self.language],
                 self._say(f.plan) if f.plan else ""),
                (f.locator, f.note.get(self.language, "")),
            )
            for f in self.figures
        ]  # fmt: skip
        columns = [self._say(c) for c in ("measure", "printed", "reads", "period", "where")]
        caption = self._say("coverage" if rows else "coverage_none",
                            year=self.release.year, count=len(rows))  # fmt: skip
        return table(data[data["sector"].isin(sectors)], caption, columns, rows)

    def missing(self) -> Table:
        """Measures and indicators of this sector that this release does not give, and why.

        Of a measure it says which earlier and later releases print it, and in which words.
        """
        meaning = definitions()
        printed = self.release.printed_measures
        measures = [
            (m.label[self.language], self._elsewhere(m.id))
            for m in meaning.measures.values()
            if meaning.page_of(m.sector) == self.sector and m.id not in printed
            and m.sector != "population"
        ]  # fmt: skip
        indicators = [
            (i.label[self.language], self._lacking(i.input_ids))
            for i in meaning.indicators.values()
            if meaning.page_of(i.sector) == self.sector and i.id not in self.release.known
            and i.sector != "population"
        ]  # fmt: skip
        rows = measures + indicators or [(self._say("nothing_missing"), "")]
        data = pd.DataFrame(rows, columns=["name", "reason"])
        return table(data, self._say("missing"), [self._say("name"), self._say("reason")], rows)

    def _elsewhere(self, measure: str) -> str:
        """That this release does not print a measure, and what the other ones print."""
        found = self._say("not_printed", year=self.release.year)
        others = [
            self._say("printed_in", year=d.release, printed=d.figure.printed)
            + (f" ({self._say(d.figure.plan)})" if d.figure.plan else "")
            for d in self.release.timeline
            if d.figure.measure.id == measure
        ]
        parts = [found, self._say("between").join(others)]
        return self._say("between_parts").join(filter(None, parts))

    def _lacking(self, ids: tuple[str, ...]) -> str:
        known = self.release.known
        names = self._say("between").join(self._label(id) for id in ids if id not in known)
        return self._say("lacks", names=names) if names else self._say("part_year")

    def checks(self) -> Table:
        """This page's figures held against each other: verdicts, both sides and their sources.

        The overview shows the whole release's. The DataFrame has the columns of
        :func:`livelihood.checks.findings_frame`.
        """
        from livelihood.checks import find, findings_frame

        page_of = definitions().page_of
        findings = [f for f in find(self.release) if self.sector in ("overview", page_of(f.sector))]
        rows = [
            (
                self._say(f.verdict),
                (f.check.label[self.language], f.reason(self.language)),
                *((side.name[self.language], side.shown[self.language], side.source[self.language])
                  for side in (f.left, f.right)),
            )
            for f in findings
        ]  # fmt: skip
        data = findings_frame(self.release, findings)
        columns = [self._say(c) for c in ("verdict", "check", "left", "right")]
        caption = self._say("checks" if rows else "checks_none", count=len(rows))
        return table(data, caption, columns, rows)

    def series(self, measure: str) -> Table:
        """A measure through time, with the reason where figures may not be compared.

        The DataFrame is that of :func:`livelihood.series.series`.
        """
        from livelihood.series import series

        region, project = self.release.region.id, self.release.project
        data = series(measure, region, self.language, project)
        rows = [
            (
                period_words(Period.parse(row.period), self.language),
                row.printed,
                row.group,
                row.reason,
                (str(row.release), f"{row.source} {row.locator}"),
            )
            for row in data.itertuples()
        ]
        columns = [self._say(c) for c in ("period", "printed", "group", "reason", "where")]
        caption = self._say("series", name=self._label(measure))
        return table(data, caption, columns, rows)

    def revisions(self) -> Table:
        """Figures that a later release prints differently for the same time: old, new, difference.

        The DataFrame has the columns `measure, period, old_release, old, new_release, new,
        difference_low, difference_high, old_source, new_source`.
        """
        from livelihood.series import revision_frame, revisions

        found = revisions(self.release.region.id, self.release.project)
        rows = [
            (
                r.new.figure.measure.label[self.language],
                period_words(r.new.figure.period, self.language),
                *((d.figure.printed, str(d.release), f"{d.figure.source.id} {d.figure.locator}")
                  for d in (r.old, r.new)),
                bounds_words(r.difference, r.new.figure.quantity.unit, self.language),
            )
            for r in found
        ]  # fmt: skip
        columns = [self._say(c) for c in ("measure", "period", "old", "new", "difference")]
        caption = self._say("revisions" if rows else "revisions_none")
        return table(revision_frame(found), caption, columns, rows)

    def table(self, *ids: str) -> Table:
        """Indicators with bounds, how each is computed, and where its inputs do not match.

        All of this page, or those named. The DataFrame has the columns of `indicators`.
        """
        wanted = ids or tuple(self.results)
        results = [self._result(id) for id in wanted]
        data = self.release.indicators.set_index("indicator").loc[list(wanted)].reset_index()
        rows = [
            (
                self._label(r.indicator.id),
                amount_words(r.amount.value, r.amount.bounds, r.amount.unit, self.language),
                (period_words(r.amount.period, self.language),),
                (self._formula(r), r.amount.note(self.language)),
            )
            for r in results
        ]
        columns = [self._say(c) for c in ("indicator", "value", "period", "how")]
        return table(data, self._say("indicator_table"), columns, rows)

    def _result(self, id: str) -> Result:
        try:
            return self.release.results[id]
        except KeyError:
            words = {"found": id, "expected": suggestion(id, self.release.results)}
            raise DataError([Problem("no_name", self.sector, words=words)]) from None

    def _formula(self, result: Result) -> str:
        """How an indicator comes about, with its inputs as they were printed."""
        indicator = result.indicator
        inputs = [self._input(id, result.inputs[id]) for id in indicator.input_ids]
        if indicator.kind == "per_year":
            years = bounds_words(next(iter(result.inputs.values())).years, "", self.language)
            return f"{inputs[0]} ÷ {self._say('n_years', years=years)}"
        if indicator.kind == "share":
            part, *others = inputs
            whole = " + ".join(inputs) if "rest" in indicator.inputs else others[0]
            return f"{part} ÷ ({whole})" if "rest" in indicator.inputs else f"{part} ÷ {whole}"
        text = SIGNS.get(indicator.kind, "").join(inputs)
        return f"{text} × {indicator.per:,}" if indicator.per != 1 else text

    def _input(self, id: str, amount: Amount) -> str:
        label = self._label(id)
        printed = next((f for f in self.release.figures if f.measure.id == id and f.plain), None)
        if printed is not None:
            return f"{label} {printed.quantity.text}"
        words = amount_words(amount.value, amount.bounds, amount.unit, self.language)
        if id in self.release.results:
            return f"{label} {words}"
        return f"{label} {words} ({amount.period.text[:4]})"

    def number(self, id: str) -> str:
        """A measure or indicator in words, as a sentence uses it."""
        amount = self._amount(id)
        return amount_words(amount.value, amount.bounds, amount.unit, self.language)

    def _amount(self, id: str) -> Amount:
        known = self.release.known
        if id not in known:
            words = {"found": id, "expected": suggestion(id, known)}
            raise DataError([Problem("no_name", self.sector, words=words)])
        return known[id]

    def say(self, zh: str, en: str):
        """A sentence in the report's language, with `{id}` for numbers; shows as Markdown.

        A number in prose is thus computed, never typed. `{id.printed}` gives the source's words.
        Where the release lacks a number the sentence is left out, and says so.
        """
        from IPython.display import Markdown

        text = {"zh": zh, "en": en}[self.language]
        ids = {name for _, name, _, _ in Formatter().parse(text) if name}
        lacking = [id for id in sorted(ids) if id.partition(".")[0] not in self.release.known]
        for id in lacking:
            if id.partition(".")[0] not in {**definitions().measures, **definitions().indicators}:
                self._amount(id)  # raises: not a missing number but a misspelt name
        if lacking:
            names = self._say("between").join(self._label(id.partition(".")[0]) for id in lacking)
            return Markdown(self._say("sentence_lacks", year=self.release.year, names=names))
        return Markdown("".join(
            before + (self._word(name) if name else "")
            for before, name, _, _ in Formatter().parse(text)
        ))  # fmt: skip

    def note(self, id: str, zh: str, en: str) -> Markdown:
        """A remark on a measure or indicator, as Markdown; empty where the release lacks it."""
        from IPython.display import Markdown

        self._label(id)  # a misspelt name is an error, not a lacking figure
        there = id in self.release.printed_measures or id in self.release.results
        return Markdown({"zh": zh, "en": en}[self.language] if there else "")

    def _word(self, name: str) -> str:
        id, _, which = name.partition(".")
        if which == "printed":
            return next(f.printed for f in self.release.figures if f.measure.id == id and f.plain)
        return self.number(id)

    def chart(self, id: str) -> Chart:
        """A chart of this page by its id in charts.toml; a matplotlib figure to carry on from."""
        from livelihood import charts

        known = {c: d for c, d in definitions().charts.items() if d.sector == self.sector}
        if id not in known:
            words = {"found": id, "expected": ", ".join(known), "sector": self.sector}
            raise DataError([Problem("no_chart", self.sector, words=words)])
        chart = known[id]
        rows = getattr(self, f"_{chart.kind}_rows")(chart)
        title = chart.title[self.language]
        if rows.empty:
            return charts.draw("empty", title, self.sector, rows, self.language)
        how = {"log": chart.log} if chart.kind == "ranges" else {}
        if chart.kind == "peers":
            how = {"unit": self._peer_unit(chart)}
        elif "unit" in rows and chart.kind != "series":
            title = self._titled(title, rows)
        return charts.draw(chart.kind, title, self.sector, rows, self.language, **how)

    def _titled(self, title: str, rows: pd.DataFrame) -> str:
        """The title with its unit, where all rows share one."""
        units = {unit_words(u, self.language) for u in rows["unit"]}
        if len(units) != 1 or not all(units):
            return title
        return self._say("title_unit", title=title, unit=units.pop())

    def _ranges_rows(self, chart: ChartDefinition) -> pd.DataFrame:
        known = self.release.known
        return pd.DataFrame([
            self._mark(id, known[id]) for id in chart.rows if id in known
        ])  # fmt: skip

    _bars_rows = _ranges_rows

    def _series_rows(self, chart: ChartDefinition) -> pd.DataFrame:
        data = self.series(chart.rows[0])
        periods = [period_words(Period.parse(p), self.language) for p in data["period"]]
        return pd.DataFrame(data.assign(label=periods, words=data["printed"]))

    def _mark(self, id: str, amount: Amount) -> dict[str, object]:
        bounds = amount.bounds
        natural = bounds.high_origin == "natural" and not bounds.is_exact
        return {
            "label": self._label(id),
            "words": self.number(id),
            "value": as_float(amount.value),
            "low": as_float(bounds.low),
            "high": as_float(bounds.high),
            "low_origin": bounds.low_origin or "",
            "high_origin": "" if natural else bounds.high_origin or "",
            "unit": amount.unit,
        }

    def _periods_rows(self, chart: ChartDefinition) -> pd.DataFrame:
        return pd.DataFrame([
            {
                "label": f.measure.label[self.language],
                "words": period_words(f.period, self.language),
                "first": f.period.first.year - 0.5 if f.period.first else float("nan"),
                "last": f.period.last.year + 0.5 if f.period.last else float("nan"),
            }
            for f in self.figures
        ])  # fmt: skip

    def _wording_rows(self, chart: ChartDefinition) -> pd.DataFrame:
        meaning = definitions()
        sectors = [s for s in meaning.sectors if s != "population"]
        counted = pd.DataFrame([
            {
                "sector": meaning.sectors[f.measure.sector][self.language],
                "wording": self._say(_exactness(f)),
            }
            for f in self.release.figures
        ])  # fmt: skip
        order = [meaning.sectors[s][self.language] for s in sectors]
        words = [self._say(w) for w in ("exact", "rounded", "vague")]
        grid = pd.MultiIndex.from_product([order, words], names=["sector", "wording"])
        sizes = counted.groupby(["sector", "wording"]).size().reindex(grid, fill_value=0)
        return sizes.rename("number").reset_index()

    def _peers_rows(self, chart: ChartDefinition) -> pd.DataFrame:
        measures = definitions().measures
        top, under = measures[chart.rows[0]].census, measures[chart.per].census
        counties = census(self.release.project).query("level == 'county'")
        share = counties[top] / counties[under]
        unit = self._peer_unit(chart)
        rows = counties.assign(share=share, own=counties["code"] == self.release.region.code)
        rows = rows[["name", "year", "share", "own"]].dropna().reset_index(drop=True)
        by_year = rows.groupby("year")["share"]
        rank, count = by_year.rank(ascending=False).astype(int), by_year.transform("size")
        values = [
            bounds_words(Bounds.exact(Fraction(share)), unit, self.language)
            for share in rows["share"]
        ]
        words = [
            self._say("rank", value=value, rank=r, count=n)
            for value, r, n in zip(values, rank, count, strict=True)
        ]
        return rows.assign(words=words, year=rows["year"].astype(str))

    def _peer_unit(self, chart: ChartDefinition) -> str:
        measures = definitions().measures
        same = measures[chart.rows[0]].dimension == measures[chart.per].dimension
        return "1" if same else "person/household"

    def sources(self) -> Table:
        """The documents behind this page: title, publisher, date, address."""
        used = {f.source.id for f in self.figures}
        return self._sources_table([s for s in self.release.sources.values() if s.id in used])

    def all_sources(self) -> Table:
        """The documents behind the whole release, reference figures included."""
        return self._sources_table(list(self.release.sources.values()))

    def _sources_table(self, sources: list[Source]) -> Table:
        rows = [(s.title, s.publisher, s.date_printed, s.url) for s in sources]
        columns = [self._say(c) for c in ("title", "publisher", "date", "address")]
        data = pd.DataFrame(rows, columns=["title", "publisher", "date", "url"])
        return table(data, self._say("sources"), columns, rows)


def _exactness(figure: Observation) -> str:
    known = figure.quantity.qualifier
    return known if known in ("exact", "rounded") else "vague"
