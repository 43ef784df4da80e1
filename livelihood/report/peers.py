"""A district beside its city's other counties and its province, on what the census gives."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from livelihood.display.format import bounds_words
from livelihood.display.messages import say
from livelihood.display.table import Table, original, table
from livelihood.project.definitions import Comparison, read_definitions
from livelihood.project.paths import find_project
from livelihood.quantity.bounds import Bounds
from livelihood.release.census import census, neighbours

if TYPE_CHECKING:
    from livelihood.report.report import Report

PEER_COLUMNS = ["comparison", "year", "code", "name", "group", "value", "rank", "count"]


def peers(code: str, project: Path | None = None) -> pd.DataFrame:
    """A county (`group` own), the city's others (city) and the province, by comparison and year.

    Columns: PEER_COLUMNS; `value` is a share or persons a household, `rank` that among the
    `count` counties of the province, the largest first (missing for the province itself). Empty
    if the census does not have the code.

    >>> frame = peers("340602").query("comparison == 'tap_water_share' and group == 'own'")
    >>> frame[["year", "rank", "count"]].values.tolist()
    [[2010.0, 42.0, 105.0], [2020.0, 94.0, 105.0]]
    """
    project = project or find_project()
    found = census(project)
    rows = [_compared(c, code, found) for c in read_definitions(project).comparisons.values()]
    return pd.concat(rows, ignore_index=True)[PEER_COLUMNS]


def _compared(comparison: Comparison, code: str, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(
        comparison=comparison.id, value=rows[comparison.top] / rows[comparison.under]
    ).dropna(subset="value")
    counties = rows[rows["level"] == "county"]
    by_year = counties.groupby("year")["value"]
    rows["rank"] = by_year.rank(ascending=False, method="min")
    rows["count"] = by_year.transform("size")
    place = dict.fromkeys(neighbours(counties, code), "city") | {code: "own"}
    group = rows["code"].map(place).where(rows["level"] == "county")
    rows["group"] = group.mask(rows["level"] == "province", "province")
    return rows.dropna(subset="group")


def peers_table(report: Report) -> Table:
    """The comparison in readers' words: own values, rank, the city's others, the province."""
    language, region = report.language, report.release.region
    data = peers(region.code, report.release.project)
    found = report.release.definitions.comparisons
    rows = [
        _row(found[id], rows, language)
        for id, rows in data.groupby("comparison", sort=False)
        if (rows["group"] == "own").any()
    ]
    columns = [say(c, language) for c in ("item", "own", "rank_newest", "city", "province")]
    caption = say("peers" if rows else "peers_none", language, name=region.name[language])
    return table(data, caption, columns, rows)


def _row(comparison: Comparison, rows: pd.DataFrame, language: str) -> tuple:
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
