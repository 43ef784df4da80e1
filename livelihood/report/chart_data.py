"""What charts draw: the rows of each kind of chart, from a report.

Every kind gives a DataFrame with the columns that :func:`livelihood.report.charts.draw` names,
and a
table of the same rows in readers' words for those who do not see the drawing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from livelihood.analysis.amounts import Amount
from livelihood.display.format import as_float, bounds_words, period_words, unit_words
from livelihood.display.messages import say
from livelihood.display.table import Table, original, table
from livelihood.project.definitions import Chart, Definitions
from livelihood.quantity.bounds import Bounds
from livelihood.release.census import census
from livelihood.release.observations import Observation
from livelihood.report.trace import ends_words

if TYPE_CHECKING:
    from livelihood.report.report import Report

SHARE = "1"  # the unit of a share


def rows_of(chart: Chart, report: Report) -> pd.DataFrame:
    """The rows that a chart draws; empty where the release printed none of its figures."""
    return {
        "ranges": _amounts,
        "bars": _amounts,
        "periods": _periods,
        "wording": _wording,
        "peers": _peers,
        "series": _series,
    }[chart.kind](chart, report)


def as_table(chart: Chart, rows: pd.DataFrame, title: str, report: Report) -> Table:
    """The same rows as a table in readers' words."""
    language = report.language
    columns, cells = {
        "ranges": _amount_cells,
        "bars": _amount_cells,
        "periods": _period_cells,
        "wording": _wording_cells,
        "peers": _peer_cells,
        "series": _series_cells,
    }[chart.kind](chart, rows, language)
    return table(rows, title, columns, cells)


def titled(title: str, rows: pd.DataFrame, language: str) -> str:
    """The title with its unit, where all rows share one."""
    if "group" in rows:  # a series may hold several units, each named in its panel
        return title
    units = {unit_words(u, language) for u in rows.get("unit", ())}
    if len(units) != 1 or not all(units):
        return title
    return say("title_unit", language, title=title, unit=units.pop())


def _amounts(chart: Chart, report: Report) -> pd.DataFrame:
    known = report.release.known
    return pd.DataFrame([_mark(id, known[id], report) for id in chart.rows if id in known])


def _mark(id: str, amount: Amount, report: Report) -> dict[str, object]:
    bounds = amount.bounds
    natural = bounds.high_origin == "natural" and not bounds.is_exact
    return {
        "label": report.release.definitions.label(id, report.language),
        "words": report.number(id),
        "ends": ends_words(bounds, report.language),
        "period": period_words(amount.period, report.language),
        "value": as_float(amount.value),
        "low": as_float(bounds.low),
        "high": as_float(bounds.high),
        "low_origin": bounds.low_origin or "",
        "high_origin": "" if natural else bounds.high_origin or "",
        "unit": amount.unit,
    }


def _amount_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("item", "value", "ends", "period")]
    return columns, [(r.label, r.words, r.ends, r.period) for r in rows.itertuples()]


def _periods(chart: Chart, report: Report) -> pd.DataFrame:
    return pd.DataFrame([
        {
            "label": f.measure.label[report.language],
            "words": period_words(f.period, report.language),
            "first": f.period.first.year - 0.5 if f.period.first else float("nan"),
            "last": f.period.last.year + 0.5 if f.period.last else float("nan"),
        }
        for f in report.figures
    ])  # fmt: skip


def _period_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("measure", "period")]
    return columns, [(r.label, r.words) for r in rows.itertuples()]


def _wording(chart: Chart, report: Report) -> pd.DataFrame:
    sectors = report.release.definitions.sectors
    printed = {f.measure.sector for f in report.release.figures}
    pages = report.release.definitions.pages
    order = [sectors[s].label[report.language] for s in sectors if s in pages or s in printed]
    words = [say(w, report.language) for w in ("exact", "rounded", "vague")]
    counted = pd.DataFrame(
        [
            {
                "sector": sectors[f.measure.sector].label[report.language],
                "wording": say(_exactness(f), report.language),
            }
            for f in report.release.figures
        ],
        columns=["sector", "wording"],
    )
    grid = pd.MultiIndex.from_product([order, words], names=["sector", "wording"])
    sizes = counted.groupby(["sector", "wording"]).size().reindex(grid, fill_value=0)
    return sizes.rename("number").reset_index()


def _exactness(figure: Observation) -> str:
    known = figure.quantity.qualifier
    return known if known in ("exact", "rounded") else "vague"


def _wording_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    wide = rows.pivot(index="sector", columns="wording", values="number")
    wide = wide.loc[rows["sector"].unique(), rows["wording"].unique()]
    return [say("sector", language), *wide.columns], [(r[0], *r[1:]) for r in wide.itertuples()]


def _peers(chart: Chart, report: Report) -> pd.DataFrame:
    measures = report.release.definitions.measures
    top, under = measures[chart.rows[0]].census, measures[chart.per].census
    table = census(report.release.project)
    counties = table[table["level"] == "county"]
    share = counties[top] / counties[under]
    rows = counties.assign(share=share, own=counties["code"] == report.release.region.code)
    rows = rows[["code", "name", "year", "share", "own"]].dropna().reset_index(drop=True)
    by_year = rows.groupby("year")["share"]
    rank, count = by_year.rank(ascending=False).astype(int), by_year.transform("size")
    unit = peer_unit(chart, report.release.definitions)
    rows["unit"] = unit
    words = [
        say("rank", report.language, value=_share_words(share, unit, report.language),
            rank=r, count=n)
        for share, r, n in zip(rows["share"], rank, count, strict=True)
    ]  # fmt: skip
    if not rows["own"].any():
        return rows[:0]  # a census without the region has nothing to hold it against
    return rows.assign(words=words, year=rows["year"].astype(str))


def _series(chart: Chart, report: Report) -> pd.DataFrame:
    from livelihood.report.tables import series_rows

    return series_rows(chart.rows[0], report)


def _series_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("period", "printed", "group", "reason")]
    return columns, [
        (r.label, original(r.words, language), r.group, r.reason) for r in rows.itertuples()
    ]


def _share_words(share: float, unit: str, language: str) -> str:
    return bounds_words(Bounds.exact(Fraction(share)), unit, language)


def _peer_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    words = [_share_words(r.share, r.unit, language) for r in rows.itertuples()]
    shown = rows.assign(share=words)
    wide = shown.pivot(index=["code", "name"], columns="year", values="share").fillna("—")
    cells = [(original(name, language), *years) for (_, name), *years in wide.itertuples()]
    return [say("county", language), *wide.columns], cells


def peer_unit(chart: Chart, meaning: Definitions) -> str:
    """The unit of what a chart of peers compares."""
    measures = meaning.measures
    same = measures[chart.rows[0]].dimension == measures[chart.per].dimension
    return SHARE if same else "person/household"
