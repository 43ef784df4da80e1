"""What charts draw: the rows of each kind, of a chart of the definitions or of any figures.

They have the columns that the kind's record in :mod:`livelihood.report.charts.drawing` names, and
show themselves as a table in readers' words for those who do not see the drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from livelihood.display.format import (
    as_float,
    bounds_words,
    original,
    period_words,
    small,
    unit_words,
)
from livelihood.display.messages import say
from livelihood.display.table import Table, records, table
from livelihood.project.definitions import Chart
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period
from livelihood.release.census import census
from livelihood.release.observations import Observation
from livelihood.report.prose import PEOPLE, exact_words, number_words
from livelihood.report.selection import Page, compared, row_id
from livelihood.report.tables import columns, ends_words, series


def rows_of(chart: Chart, page: Page) -> pd.DataFrame:
    """The rows that a chart draws; empty where the release printed none of its figures."""
    return ROWS[chart.kind][0](chart, page)


def as_table(kind: str, rows: pd.DataFrame, title: str, language: str) -> Table:
    """The same rows as a table in readers' words."""
    shown = ROWS[kind][1]
    if not shown:
        return table(rows, title, *_places_by_year(rows, language))
    cells = [tuple(_cell(r, name, language) for name in shown.values()) for r in records(rows)]
    return table(rows, title, columns(language, *shown), cells)


def _cell(row: Any, name: str, language: str) -> Any:
    if name == "reads":
        return original(row.words, language), small(row.reads)
    text = getattr(row, name)
    return original(text, language) if name in ("words", "target", "before") else text


def _places_by_year(rows: pd.DataFrame, language: str) -> tuple[list[str], list[tuple]]:
    words = [exact_words(r.share, r.unit, language) for r in records(rows)]
    shown = rows.assign(share=words)
    wide = shown.pivot(index=["code", "name"], columns="label", values="share").fillna("—")
    cells = [(original(name, language), *years) for (_, name), *years in wide.itertuples()]
    return [say("county", language), *wide.columns], cells


# ---- rows of the charts that the definitions have ------------------------------------------------


def _amounts(chart: Chart, page: Page) -> pd.DataFrame:
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
    return pd.DataFrame(rows)


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


def _progress(chart: Chart, page: Page) -> pd.DataFrame:
    return with_targets(figure_rows(_of_figures(chart, page), page.language), page.language)


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
    total = sizes(whole).iloc[0] if len(whole) else sizes(parts).sum()
    words = (exact_words(share, "1", language) for share in sizes(parts) / total)
    shares = [say("of_whole", language, share=share) for share in words]
    both = [whole.assign(whole=True), parts.assign(whole=False, reads=shares)]
    return pd.concat(both, ignore_index=True)


def sizes(rows: pd.DataFrame) -> pd.Series:
    """One number a row, for a length that must be one: as printed, else the end that is known."""
    return rows["value"].fillna(rows["low"]).fillna(rows["high"])


def by_size(rows: pd.DataFrame, whole: Any = 1) -> pd.DataFrame:
    """Rows by what they are at least, or where that is open at most, of so much."""
    size = rows["low"].fillna(rows["high"]) / whole
    return rows.loc[size.sort_values(ascending=False, kind="stable").index]


def _change(chart: Chart, page: Page) -> pd.DataFrame:
    return changed(_of_figures(chart, page), page)


def changed(figures: Iterable[Observation], page: Page) -> pd.DataFrame:
    """The figures that have an earlier one to be compared with, and this beside each."""
    pairs = compared(figures, page.release)
    now, was = (figure_rows((pair[n] for pair in pairs), page.language) for n in (0, 1))
    language, earlier = page.language, zip(was["period"], was["words"], strict=True)
    said = [say("before_words", language, period=p, words=words) for p, words in earlier]
    ends = {f"before_{end}": was[end] for end in ("low", "high")}
    return now.assign(reads=said, before=was["words"], **ends)


def _wording(chart: Chart, page: Page) -> pd.DataFrame:
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
    return pd.DataFrame(rows)


WORDINGS = ("exact", "rounded", "vague")


def _peers(chart: Chart, page: Page) -> pd.DataFrame:
    top, under = (page.release.definitions.measures[id] for id in (chart.rows[0], chart.per))
    data = census(page.release.project)
    counties = data[data["level"] == "county"]
    share = counties[top.census] / counties[under.census]
    rows = counties.assign(share=share, own=counties["code"] == page.release.region.code)
    rows = rows[["code", "name", "year", "share", "own"]].dropna().reset_index(drop=True)
    if not rows["own"].any():
        return rows[:0]  # a census without the region has nothing to hold it against
    by_year = rows.groupby("year")["share"]
    rank, count = by_year.rank(ascending=False).astype(int), by_year.transform("size")
    unit = "1" if top.dimension == under.dimension else "person/household"
    words = []
    for share, r, n in zip(rows["share"], rank, count, strict=True):
        value = exact_words(share, unit, page.language)
        words.append(say("rank", page.language, value=value, rank=r, count=n))
    return rows.assign(words=words, unit=unit, label=rows["year"].astype(str))


def _series(chart: Chart, page: Page) -> pd.DataFrame:
    data, language = series(page, chart.rows[0]), page.language
    labels = [period_words(Period.parse(period), language) for period in data["period"]]
    said = []
    for row in records(data):
        ends = (row.low, row.high, row.value)
        low, high, value = (None if pd.isna(end) else Fraction(end) for end in ends)
        bounds = Bounds(low, high, row.low_origin or None, row.high_origin or None)
        said.append(amount_row(value, bounds, row.unit, language, row.printed))
    words, reads = ([row[name] for row in said] for name in ("words", "reads"))
    return data.assign(label=labels, words=words, reads=reads)


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


def figure_rows(figures: Iterable[Observation], language: str) -> pd.DataFrame:
    """One row a figure, as :func:`automatic` takes them."""
    rows = []
    for f in figures:
        q, label = f.quantity, f.measure.label[language]
        row = amount_row(q.value, q.bounds, q.unit, language, f.printed)
        ends, period = ends_words(q.bounds, language), period_words(f.period, language)
        row |= {"ends": ends, "dimension": f.measure.dimension, "role": f.role}
        row |= {"breakdown": f.breakdown, "period": period, "aggregation": f.aggregation}
        rows.append({"measure": f.measure.id, "label": label, **row})
    return pd.DataFrame(rows, columns=FIGURE_COLUMNS)


_COLUMNS = """
    measure label words reads value low high low_origin high_origin unit ends dimension role
    breakdown period aggregation"""
FIGURE_COLUMNS = _COLUMNS.split()


def with_targets(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The results that a target or a completion rate is printed of, with these beside them."""
    results, targets, rates = (
        {(r["measure"], r["breakdown"]): r for r in rows.to_dict("records") if r["role"] == role}
        for role in ("", "target", "completion")
    )
    held, alone = {}, []
    for key, done in results.items():
        goal = targets.get(key)
        ends = [goal[end] for end in ("value", "low", "high")] if goal else []
        size = next((end for end in ends if not pd.isna(end)), 0)
        if goal and done["unit"] == goal["unit"] and size > 0:
            said = {"target": goal["words"], "rate": _rate(done, size, language)}
            reads = say("target_words", language, **said)
            held[key] = {**done, **said, "reads": reads, "target_low": size, "target_high": size}
    for key, rate in rates.items():
        if key in held:
            continue
        done = results.get(key, {})
        reads = say("rate_words", language, rate=rate["words"]) if done else rate["reads"]
        said = {"words": done.get("words", rate["words"]), "reads": reads, "rate": rate["words"]}
        alone.append({**rate, **said, "target": "", "target_low": 1.0, "target_high": 1.0})
    more = ("target", "target_low", "target_high", "rate")
    return pd.DataFrame([*held.values(), *alone], columns=[*rows.columns, *more])


def _rate(done: dict[str, Any], target: float, language: str) -> str:
    """How much of its target a result is, in words."""
    low, high, value = (
        None if pd.isna(done[end]) else Fraction(done[end] / target).limit_denominator(10**6)
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


# ---- charts of figures that nobody wrote a chart for: alike with alike, the largest first --------

MOST = 8  # marks of a chart that is still read at a glance


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """What a chart is to be of: its kind, its title, rows that belong beside one another."""

    kind: str
    title: str
    rows: pd.DataFrame


def automatic_charts(figures: Sequence[Observation], page: Page) -> list[ChartPlan]:
    """Charts of figures of a page: also what they were before, where that may be compared."""
    figures = list({(row_id(f), f.printed, f.period.text): f for f in figures}.values())
    goals = {f.measure.id for f in figures if f.role in ("target", "completion")}
    rows = changed((f for f in figures if f.measure.id not in goals), page)
    rest = figure_rows(figures, page.language)
    found = automatic(rest[~rest["measure"].isin(rows["measure"])], page.language)
    for code, group in rows.groupby("unit", sort=False):
        subject, unit = say("changed", page.language), unit_words(str(code), page.language)
        title = say("auto_of_unit", page.language, subject=subject, unit=unit) if unit else subject
        found += _in_charts("change", title, group)
    return found


def automatic(rows: pd.DataFrame, language: str) -> list[ChartPlan]:
    """Charts of any figures, of measures known or unknown (columns: FIGURE_COLUMNS).

    Results beside their targets; parts of a whole; then money, people, things, rates and whatever
    else there is, each unit, time and role by itself, the largest first, at most :data:`MOST` in
    a chart. A figure with nothing beside it comes alone, for a sentence.
    """
    rest = rows[rows[["low", "high"]].notna().any(axis=1)]
    found: list[ChartPlan] = []
    if rest["role"].isin(["target", "completion"]).any():
        held = with_targets(rest, language)
        found = _in_charts("progress", say("auto_progress", language), held)
        of_held = rest["measure"].isin(held["measure"]) & (rest["breakdown"] == "")
        rest = rest[~(of_held & rest["role"].isin(["", "target", "completion"]))]
    if rest.empty:
        return found
    split = rest["measure"].isin(rest.loc[rest["breakdown"] != "", "measure"])
    results = rest[split & (rest["role"] == "")]
    for _, alike in results.groupby(["measure", "unit", *_TIME], sort=False):
        whole, parts = alike[alike["breakdown"] == ""], alike[alike["breakdown"] != ""]
        if len(whole) == 1 and len(parts):
            named = parts.assign(label=parts["breakdown"])
            title = str(whole["label"].iloc[0])
            found.append(ChartPlan("parts", title, as_parts(named, whole, language)))
            rest = rest.drop(index=alike.index)
    named = rest["label"] + rest["breakdown"].map(lambda part: f"·{part}" if part else "")
    rest = rest.assign(label=named, subject=[_subject(row) for row in records(rest)])
    for code in _SUBJECTS:
        alike = rest[rest["subject"] == code]
        for (unit, role, period, _), group in alike.groupby(["unit", "role", *_TIME], sort=False):
            words = {"subject": say(role or code, language), "period": period}
            words["unit"] = unit_words(unit, language)
            title = say("auto_unit" if words["unit"] else "auto_title", language, **words)
            found += _in_charts("bars", title, group)
    return found


_TIME = ["period", "aggregation"]
_SUBJECTS = ("auto_money", "auto_people", "auto_things", "auto_rates", "auto_other")


def _subject(row: Any) -> str:
    if row.unit in PEOPLE:
        return "auto_people"
    of = {"money": "auto_money", "count": "auto_things", "home": "auto_things"}
    return of.get(row.dimension, "auto_rates" if row.unit == "1" else "auto_other")


def _in_charts(kind: str, title: str, rows: pd.DataFrame) -> list[ChartPlan]:
    """Rows in as few charts as hold them, of nearly one size, the largest in the first."""
    ordered = by_size(rows, rows["target_high"] if kind == "progress" else 1)
    count = ceil(len(ordered) / MOST)
    parts = np.array_split(np.arange(len(ordered)), count) if count else []
    return [ChartPlan(kind, title, ordered.iloc[part]) for part in parts]
