"""What charts draw: the rows of each kind, of a chart of the definitions or of any figures.

A row is a plain dict with what the kind's record in :mod:`livelihood.report.charts.drawing` names:
a chart has few of them, and a frame of them costs more than what is computed. They show themselves
as a table in readers' words for those who do not see the drawing.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf, isnan, nan
from typing import Any

import numpy as np
import pandas as pd

from livelihood.analysis.series import series_rows
from livelihood.display.format import (
    as_float,
    bounds_words,
    html_table,
    original,
    period_words,
    small,
)
from livelihood.display.messages import say
from livelihood.project.definitions import Chart
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period
from livelihood.release.census import ratios
from livelihood.release.observations import Observation
from livelihood.report.prose import exact_words, number_words
from livelihood.report.selection import Page, columns, compared
from livelihood.report.tables import ends_words

Row = dict[str, Any]


def rows_of(chart: Chart, page: Page) -> list[Row]:
    """The rows that a chart draws; none where the release printed none of its figures."""
    return ROWS[chart.kind][0](chart, page)


def as_table(kind: str, rows: Sequence[Row], title: str, language: str) -> str:
    """The same rows as a table in readers' words, as HTML."""
    shown = ROWS[kind][1]
    if not shown:
        return html_table(title, *_places_by_year(rows, language))
    cells = [tuple(_cell(row, name, language) for name in shown.values()) for row in rows]
    return html_table(title, columns(language, *shown), cells)


def _cell(row: Row, name: str, language: str) -> Any:
    if name == "reads":
        return original(row["words"], language), small(row["reads"])
    text = row[name]
    return original(text, language) if name in ("words", "target", "before") else text


def _places_by_year(rows: Sequence[Row], language: str) -> tuple[list[str], list[tuple]]:
    places: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        of_place = places.setdefault((row["code"], row["name"]), {})
        of_place[row["label"]] = exact_words(row["share"], row["unit"], language)
    years = sorted({row["label"] for row in rows})
    cells = [
        (original(name, language), *(words.get(year, "—") for year in years))
        for (_, name), words in sorted(places.items())
    ]
    return [say("county", language), *years], cells


# ---- rows of the charts that the definitions have ------------------------------------------------


def _amounts(chart: Chart, page: Page) -> list[Row]:
    """The amounts that a chart names; none where all that is known of them is a census."""
    known, language = page.release.known, page.language
    rows = []
    for id in chart.rows if any(map(page.shows, chart.rows)) else ():
        if amount := known.get(id):
            figure = page.release.figure(id)
            words = figure.printed if figure else ""
            row = amount_row(amount.value, amount.bounds, amount.unit, language, words)
            row |= {"ends": ends_words(amount.bounds, language)}
            row |= {"period": period_words(amount.period, language)}
            rows.append({"label": page.label(id), **row})
    return rows


def amount_row(
    value: Fraction | None, bounds: Bounds, unit: str, language: str, words: str = ""
) -> Row:
    """The columns of an amount: its numbers, its words, and small what the words say.

    The words are those printed, which in English are a reading of them.

    >>> from livelihood import parse_quantity
    >>> q = parse_quantity("近7万人", "person")
    >>> row = amount_row(q.value, q.bounds, q.unit, "zh", q.text)
    >>> row["words"], row["reads"], row["low"]
    ('近7万人', '65,000—70,000人', 65000.0)
    """
    origins = (bounds.low_origin, bounds.high_origin)
    # As narrow as the number that was printed: exact, or its last digit.
    wide = value is None or not (bounds.is_exact or origins == ("implied", "implied"))
    reads = bounds_words(bounds, unit, language)
    if not words or language == "en":
        words = reads if wide else number_words(value, bounds, unit, language)
    one_sided = None in origins or "natural" in origins
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


def _of_figures(chart: Chart, page: Page) -> list[Observation]:
    return [f for f in page.release.figures if f.measure.id in chart.rows]


def _progress(chart: Chart, page: Page) -> list[Row]:
    return with_targets(figure_rows(_of_figures(chart, page), page.language), page.language)


def _parts(chart: Chart, page: Page) -> list[Row]:
    """The parts, and the whole (`per`) where the chart names one that is known."""
    parts = _amounts(chart, page)
    whole = _amounts(replace(chart, rows=(chart.per,)), page) if chart.per else []
    return as_parts(parts, whole, page.language) if whole or not chart.per else []


def as_parts(parts: Sequence[Row], whole: Sequence[Row], language: str) -> list[Row]:
    """Rows of a whole and its parts, each part with its share of the whole, or of their sum.

    None where that is nothing, or not known.
    """
    total = sum(map(size, whole or parts))
    if not total > 0:
        return []
    rows = [row | {"whole": True} for row in whole if parts]
    for row in parts:
        share = exact_words(size(row) / total, "1", language)
        rows.append(row | {"whole": False, "reads": say("of_whole", language, share=share)})
    return rows


def size(row: Row) -> float:
    """One number, for a length that must be one: as printed, else the end that is known."""
    return next((row[name] for name in ("value", "low", "high") if not isnan(row[name])), nan)


def by_size(rows: Iterable[Row], whole: str = "") -> list[Row]:
    """Rows by what they are at least, or where that is open at most, of so much (its name)."""

    def order(row: Row) -> float:
        end = next((row[name] for name in ("low", "high") if not isnan(row[name])), -inf)
        return -end / row[whole] if whole else -end

    return sorted(rows, key=order)


def _change(chart: Chart, page: Page) -> list[Row]:
    return changed(_of_figures(chart, page), page)


def changed(figures: Iterable[Observation], page: Page) -> list[Row]:
    """The figures that have an earlier one to be compared with, and this beside each."""
    pairs, rows = compared(figures, page.release), []
    now, was = (figure_rows((pair[n] for pair in pairs), page.language) for n in (0, 1))
    for new, old in zip(now, was, strict=True):
        said = say("before_words", page.language, period=old["period"], words=old["words"])
        ends = {f"before_{end}": old[end] for end in ("low", "high")}
        rows.append(new | {"reads": said, "before": old["words"]} | ends)
    return rows


def _wording(chart: Chart, page: Page) -> list[Row]:
    """How many figures of each sector are exact, rounded and vague."""
    language, figures = page.language, page.release.figures
    found = Counter((f.measure.sector, f.quantity.qualifier) for f in figures)
    printed = Counter(f.measure.sector for f in figures)
    rows = []
    for id, sector in page.release.definitions.sectors.items():
        exact, rounded = found[id, "exact"], found[id, "rounded"]
        counts = dict(zip(WORDINGS, (exact, rounded, printed[id] - exact - rounded), strict=True))
        of_kind = {say(word, language): count for word, count in counts.items() if count}
        said = (say("word_count", language, word=w, count=n) for w, n in of_kind.items())
        if words := say("word_between", language).join(said):
            rows.append({"label": sector.label[language], "words": words, **counts})
    return rows


WORDINGS = ("exact", "rounded", "vague")


def _peers(chart: Chart, page: Page) -> list[Row]:
    """The share of every county in every census; none of a census without the region itself."""
    top, under = (page.release.definitions.measures[id] for id in (chart.rows[0], chart.per))
    known, own = ratios(top.census, under.census, page.release.project), page.release.region.code
    counties = [(row, int(row["year"]), share) for row, share in known if row["level"] == "county"]
    if own not in {row["code"] for row, *_ in counties}:
        return []
    unit = "1" if top.dimension == under.dimension else "person/household"
    years: dict[int, list[float]] = {}
    for _, year, share in counties:
        insort(years.setdefault(year, []), share)
    rows = []
    for county, year, share in counties:
        words = _rank(share, years[year], unit, page.language)
        row = {"code": county["code"], "name": county["name"], "year": year, "share": share}
        row |= {"own": county["code"] == own, "words": words, "unit": unit, "label": str(year)}
        rows.append(row)
    return rows


def _rank(share: float, shares: list[float], unit: str, language: str) -> str:
    """A share, and its place among the sorted ones of its year, the largest first."""
    above, alike = len(shares) - bisect_right(shares, share), shares.count(share)
    words = {"value": exact_words(share, unit, language), "rank": above + (alike + 1) // 2}
    return say("rank", language, **words, count=len(shares))


def _series(chart: Chart, page: Page) -> list[Row]:
    rows, language = [], page.language
    for row in series_rows(chart.rows[0], page.release):
        ends = (row[name] for name in ("low", "high", "value"))
        low, high, value = (None if isnan(end) else Fraction(end) for end in ends)
        bounds = Bounds(low, high, row["low_origin"] or None, row["high_origin"] or None)
        said = amount_row(value, bounds, row["unit"], language, row["printed"])
        label = period_words(Period.parse(row["period"]), language)
        rows.append({**row, "label": label, "words": said["words"], "reads": said["reads"]})
    return rows


# A kind's rows, and the heads and columns of its table (of peers there is a column a year). How it
# is drawn is in livelihood.report.charts.drawing.
_AMOUNT = {"item": "label", "value": "reads", "ends": "ends", "period": "period"}
_PRINTED = {"printed": "words"}
_ITEM = {"item": "label", **_PRINTED}
ROWS = {
    "bars": (_amounts, _AMOUNT),
    "progress": (_progress, {**_ITEM, "target": "target", "done": "rate"}),
    "parts": (_parts, _AMOUNT),
    "change": (_change, {**_ITEM, "changed_then": "before"}),
    "series": (_series, {"period": "label", **_PRINTED, "group": "group", "reason": "reason"}),
    "peers": (_peers, {}),
    "wording": (_wording, {"sector": "label"} | {n: n for n in WORDINGS}),
}


# ---- rows of any figures -------------------------------------------------------------------------


def figure_rows(figures: Iterable[Observation], language: str) -> list[Row]:
    """One row a figure, as :func:`automatic` takes them."""
    rows = []
    for f in figures:
        q, label = f.quantity, f.measure.label[language]
        row = amount_row(q.value, q.bounds, q.unit, language, f.printed)
        ends, period = ends_words(q.bounds, language), period_words(f.period, language)
        row |= {"ends": ends, "dimension": f.measure.dimension, "role": f.role}
        row |= {"breakdown": f.breakdown, "period": period, "aggregation": f.aggregation}
        rows.append({"measure": f.measure.id, "label": label, **row})
    return rows


def with_targets(rows: Iterable[Row], language: str) -> list[Row]:
    """The results that a target or a completion rate is printed of, with these beside them."""
    by_role: dict[str, dict[tuple[str, str], Row]] = {"": {}, "target": {}, "completion": {}}
    for row in rows:
        by_role.setdefault(row["role"], {})[row["measure"], row["breakdown"]] = row
    results, targets, rates = (by_role[role] for role in ("", "target", "completion"))
    held, alone = {}, []
    for key, done in results.items():
        goal = targets.get(key)
        ends = [goal[end] for end in ("value", "low", "high")] if goal else []
        whole = next((end for end in ends if not isnan(end)), 0)
        if goal and done["unit"] == goal["unit"] and whole > 0:
            said = {"target": goal["words"], "rate": _rate(done, whole, language)}
            reads = say("target_words", language, **said)
            held[key] = done | {"reads": reads, "target_low": whole, "target_high": whole} | said
    for key, rate in rates.items():
        if key in held:
            continue
        done = results.get(key, {})
        reads = say("rate_words", language, rate=rate["words"]) if done else rate["reads"]
        said = {"words": done.get("words", rate["words"]), "reads": reads, "rate": rate["words"]}
        alone.append(rate | said | {"target": "", "target_low": 1.0, "target_high": 1.0})
    return [*held.values(), *alone]


def _rate(done: Row, target: float, language: str) -> str:
    """How much of its target a result is, in words."""
    low, high, value = (
        None if isnan(done[end]) else Fraction(done[end] / target).limit_denominator(10**6)
        for end in ("low", "high", "value")
    )
    narrow = low is not None and high is not None and high - low < 0.05
    bounds = Bounds.exact(value) if value is not None and narrow else Bounds(low, high)
    return bounds_words(bounds, "1", language)


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
