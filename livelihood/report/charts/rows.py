"""What charts draw: the rows of each kind of chart, from a report or from any figures.

Every kind gives a DataFrame with the columns that its record in
:mod:`livelihood.report.charts.drawing` names, and a table of the same rows in
readers' words for those who do not see the drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from livelihood.analysis.amounts import Amount
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
from livelihood.project.definitions import Chart
from livelihood.quantity.bounds import Bounds
from livelihood.release.census import census
from livelihood.release.observations import Observation
from livelihood.report.selection import Page
from livelihood.report.tables import ends_words, series_rows

SHARE = "1"  # the unit of a share


def rows_of(chart: Chart, page: Page) -> pd.DataFrame:
    """The rows that a chart draws; empty where the release printed none of its figures."""
    return ROWS[chart.kind][0](chart, page)


def as_table(chart: Chart, rows: pd.DataFrame, title: str, page: Page) -> Table:
    """The same rows as a table in readers' words."""
    columns, cells = ROWS[chart.kind][1](chart, rows, page.language)
    return table(rows, title, columns, cells)


def _amounts(chart: Chart, page: Page) -> pd.DataFrame:
    """The amounts that a chart names; none where all that is known of them is a census."""
    known = page.release.known
    rows = [_mark(id, known[id], page) for id in chart.rows if id in known]
    return pd.DataFrame(rows if any(map(page.shows, chart.rows)) else [])


def _mark(id: str, amount: Amount, page: Page) -> dict[str, object]:
    figure = page.release.figure(id)
    return {
        "label": page.release.definitions.label(id, page.language),
        **amount_row(
            amount.value,
            amount.bounds,
            amount.unit,
            page.language,
            figure.printed if figure else "",
        ),
        "ends": ends_words(amount.bounds, page.language),
        "period": period_words(amount.period, page.language),
    }


def amount_row(
    value: Fraction | None, bounds: Bounds, unit: str, language: str, words: str = ""
) -> dict[str, object]:
    """The columns of an amount: its numbers, its words, and small what the words say.

    The words are those printed, which in English are a reading of them.

    >>> from livelihood import parse_quantity
    >>> q = parse_quantity("近7万人", "person")
    >>> row = amount_row(q.value, q.bounds, q.unit, "zh", q.text)
    >>> row["words"], row["reads"], row["low"]
    ('近7万人', '65,000—70,000人', 65000.0)
    """
    reads = bounds_words(bounds, unit, language)
    wide = value is None or not _is_rounding(bounds)
    if not words or language == "en":
        words = reads if wide else amount_words(value, _UNKNOWN, unit, language)
    one_sided = None in (bounds.low, bounds.high) or "natural" in (
        bounds.low_origin,
        bounds.high_origin,
    )
    return {
        "words": words,
        "reads": reads if wide and not one_sided and reads != words else "",
        "value": as_float(value),
        "low": as_float(bounds.low),
        "high": as_float(bounds.high),
        "low_origin": bounds.low_origin or "",
        "high_origin": bounds.high_origin or "",
        "unit": unit,
    }


_UNKNOWN = Bounds(None, None)


def _is_rounding(bounds: Bounds) -> bool:
    """Whether bounds are as narrow as the number that was printed: exact, or its last digit."""
    return bounds.is_exact or (bounds.low_origin, bounds.high_origin) == ("implied", "implied")


def _amount_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("item", "value", "ends", "period")]
    return columns, [
        (r.label, (original(r.words, language), small(r.reads)), r.ends, r.period)
        for r in rows.itertuples()
    ]


def _progress(chart: Chart, page: Page) -> pd.DataFrame:
    rows = with_targets(figure_rows(page.release.figures, page.language), page.language)
    return rows[rows["measure"].isin(chart.rows)]


def _progress_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("item", "printed", "target", "done")]
    return columns, [
        (r.label, original(r.words, language), original(r.target, language), r.rate)
        for r in rows.itertuples()
    ]


def _parts(chart: Chart, page: Page) -> pd.DataFrame:
    """The parts, and the whole (`per`) where the chart names one that is known."""
    parts = _amounts(chart, page)
    whole = _amounts(replace(chart, rows=(chart.per,)), page) if chart.per else parts[:0]
    if chart.per and whole.empty:
        return parts[:0]
    return as_parts(parts, whole, page.language)


def as_parts(parts: pd.DataFrame, whole: pd.DataFrame, language: str) -> pd.DataFrame:
    """Rows of a whole and its parts, each part with its share of the whole, or of their sum."""
    if parts.empty:
        return parts
    sizes = parts["value"].fillna(parts["low"])
    total = [*whole["value"].fillna(whole["low"]), sizes.sum()][0] if len(whole) else sizes.sum()
    shares = [
        say("of_whole", language, share=_share_words(s, SHARE, language)) for s in sizes / total
    ]
    return pd.concat(
        [whole.assign(whole=True), parts.assign(whole=False, reads=shares)], ignore_index=True
    )


def _change(chart: Chart, page: Page) -> pd.DataFrame:
    return changed((f for f in page.release.figures if f.measure.id in chart.rows), page)


def changed(figures: Iterable[Observation], page: Page) -> pd.DataFrame:
    """The figures that have an earlier one to be compared with, and this beside each."""
    found = ((f, page.release.comparable(f)) for f in figures if not f.role)
    pairs = [(f, old.figure) for f, old in found if old]
    now, was = (figure_rows((pair[n] for pair in pairs), page.language) for n in (0, 1))
    said = [
        say("before_words", page.language, period=r.period, words=r.words) for r in was.itertuples()
    ]
    beside = {f"before_{end}": was[end] for end in ("low", "high")}
    return now.assign(reads=said, before=was["words"], **beside)


def _change_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("item", "printed", "changed_then")]
    return columns, [
        (r.label, original(r.words, language), original(r.before, language))
        for r in rows.itertuples()
    ]


WORDINGS = ("exact", "rounded", "vague")


def _wording(chart: Chart, page: Page) -> pd.DataFrame:
    """How many figures of each sector are exact, rounded and vague."""
    language, sectors = page.language, page.release.definitions.sectors
    counts = Counter((f.measure.sector, _exactness(f)) for f in page.release.figures)
    rows = []
    for sector in (s for s in sectors if any(s == of for of, _ in counts)):
        numbers = {w: counts[sector, w] for w in WORDINGS}
        said = (
            say("word_count", language, word=say(w, language), count=n)
            for w, n in numbers.items()
            if n
        )
        words = say("word_between", language).join(said)
        rows.append({"label": sectors[sector].label[language], "words": words, **numbers})
    return pd.DataFrame(rows)


def _exactness(figure: Observation) -> str:
    known = figure.quantity.qualifier
    return known if known in ("exact", "rounded") else "vague"


def _wording_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("sector", *WORDINGS)]
    return columns, [(r.label, r.exact, r.rounded, r.vague) for r in rows.itertuples()]


def _peers(chart: Chart, page: Page) -> pd.DataFrame:
    measures = page.release.definitions.measures
    top, under = measures[chart.rows[0]].census, measures[chart.per].census
    table = census(page.release.project)
    counties = table[table["level"] == "county"]
    share = counties[top] / counties[under]
    rows = counties.assign(share=share, own=counties["code"] == page.release.region.code)
    rows = rows[["code", "name", "year", "share", "own"]].dropna().reset_index(drop=True)
    if not rows["own"].any():
        return rows[:0]  # a census without the region has nothing to hold it against
    by_year = rows.groupby("year")["share"]
    rank, count = by_year.rank(ascending=False).astype(int), by_year.transform("size")
    unit = (
        SHARE
        if measures[chart.rows[0]].dimension == measures[chart.per].dimension
        else ("person/household")
    )
    words = [
        say("rank", page.language, value=_share_words(share, unit, page.language), rank=r, count=n)
        for share, r, n in zip(rows["share"], rank, count, strict=True)
    ]
    return rows.assign(words=words, unit=unit, label=rows["year"].astype(str))


def _peer_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    words = [_share_words(r.share, r.unit, language) for r in rows.itertuples()]
    shown = rows.assign(share=words)
    wide = shown.pivot(index=["code", "name"], columns="label", values="share").fillna("—")
    cells = [(original(name, language), *years) for (_, name), *years in wide.itertuples()]
    return [say("county", language), *wide.columns], cells


@lru_cache(1024)  # on the chart, and in its table again
def _share_words(share: float, unit: str, language: str) -> str:
    return bounds_words(Bounds.exact(Fraction(share)), unit, language)


def _series(chart: Chart, page: Page) -> pd.DataFrame:
    rows = series_rows(chart.rows[0], page)
    said = [_said(row, page.language) for row in rows.itertuples()]
    return rows.assign(words=[s["words"] for s in said], reads=[s["reads"] for s in said])


def _said(row: Any, language: str) -> dict[str, object]:
    low, high, value = (None if pd.isna(n) else Fraction(n) for n in (row.low, row.high, row.value))
    bounds = Bounds(low, high, row.low_origin or None, row.high_origin or None)
    return amount_row(value, bounds, row.unit, language, row.printed)


def _series_cells(chart: Chart, rows: pd.DataFrame, language: str) -> tuple[list, list]:
    columns = [say(c, language) for c in ("period", "printed", "group", "reason")]
    return columns, [
        (r.label, original(r.words, language), r.group, r.reason) for r in rows.itertuples()
    ]


# A kind's rows and the cells of its table; how it is drawn is in livelihood.report.charts.drawing.
ROWS = {
    "bars": (_amounts, _amount_cells),
    "progress": (_progress, _progress_cells),
    "parts": (_parts, _amount_cells),
    "change": (_change, _change_cells),
    "series": (_series, _series_cells),
    "peers": (_peers, _peer_cells),
    "wording": (_wording, _wording_cells),
}


# ---- rows of any figures -------------------------------------------------------------------------


def figure_rows(figures: Iterable[Observation], language: str) -> pd.DataFrame:
    """One row a figure, as :mod:`livelihood.report.charts.automatic` takes them."""
    return pd.DataFrame(
        [
            {
                "measure": f.measure.id,
                "label": f.measure.label[language],
                **amount_row(
                    f.quantity.value, f.quantity.bounds, f.quantity.unit, language, f.printed
                ),
                "ends": ends_words(f.quantity.bounds, language),
                "dimension": f.measure.dimension,
                "role": f.role,
                "breakdown": f.breakdown,
                "period": period_words(f.period, language),
                "aggregation": f.aggregation,
            }
            for f in figures
        ],
        columns=FIGURE_COLUMNS,
    )


_COLUMNS = """
    measure label words reads value low high low_origin high_origin unit ends dimension role
    breakdown period aggregation"""
FIGURE_COLUMNS = _COLUMNS.split()


def with_targets(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The results that a target or a completion rate is printed of, with these beside them."""
    if not rows["role"].isin(["target", "completion"]).any():
        return rows[:0].assign(rate="", target="", target_low=0.0, target_high=0.0)
    keys = ["measure", "breakdown"]
    by_role = {
        role: rows[rows["role"] == role].drop_duplicates(keys, keep="last")
        for role in ("", "target", "completion")
    }
    targets = by_role["target"].rename(columns={"words": "target"})
    sizes = targets["value"].fillna(targets["low"]).fillna(targets["high"])
    targets = targets.assign(target_low=sizes, target_high=sizes)[sizes > 0]
    beside = [*keys, "target", "target_low", "target_high"]
    held = by_role[""].merge(targets[[*beside, "unit"]], on=[*keys, "unit"])
    rates = [_rate(row, language) for row in held.itertuples()]
    reads = [
        say("target_words", language, target=t, rate=r)
        for t, r in zip(held["target"], rates, strict=True)
    ]
    held = held.assign(rate=rates, reads=reads)
    alone = by_role["completion"].merge(held[keys], how="left", indicator=True)
    alone = alone[alone["_merge"] == "left_only"].drop(columns="_merge")
    alone = alone.merge(by_role[""][[*keys, "words"]], "left", keys, suffixes=("", "_done"))
    rates = [say("rate_words", language, rate=rate) for rate in alone["words"]]
    reads = alone["reads"].where(alone["words_done"].isna(), rates)
    alone = alone.assign(rate=alone["words"], reads=reads, target_low=1.0, target_high=1.0)
    alone = alone.assign(words=alone["words_done"].fillna(alone["words"]), target="")
    return pd.concat([held, alone], ignore_index=True)


def _rate(row: Any, language: str) -> str:
    """How much of its target a result is, in words."""
    low, high, value = (
        None if pd.isna(number) else Fraction(number / row.target_high).limit_denominator(10**6)
        for number in (row.low, row.high, row.value)
    )
    if value is not None and high is not None and low is not None and high - low < 0.05:
        return bounds_words(Bounds.exact(value), SHARE, language)
    return bounds_words(Bounds(low, high), SHARE, language)


def error_bars(rows: pd.DataFrame, along: str = "y") -> dict[str, Any]:
    """Bounds as matplotlib's ``Axes.errorbar`` takes them; an end that is open is an arrow.

    Bars begin at the value, and where there is none, at the end that is known.

    >>> rows = pd.DataFrame({"value": [70, 80], "low": [65, 80], "high": [70, float("nan")]})
    >>> error_bars(rows)["yerr"].tolist(), error_bars(rows)["lolims"].tolist()
    ([[5.0, 0.0], [0.0, 0.0]], [False, True])
    """
    value, low, high = (rows[name].astype(float) for name in ("value", "low", "high"))
    place = value.where(low.notna() & high.notna()).fillna(low).fillna(high)
    reach = np.nan_to_num([place - low, high - place])
    sign = along if along == "x" else ""  # so matplotlib calls them
    arrows = {f"{sign}lolims": high.isna().to_numpy(), f"{sign}uplims": low.isna().to_numpy()}
    return {along: place.to_numpy(), f"{along}err": reach} | arrows
