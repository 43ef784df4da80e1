"""Charts for figures that nobody wrote a chart for: alike with alike, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from livelihood.display.format import unit_words
from livelihood.display.messages import say
from livelihood.project.definitions import ChartKind
from livelihood.release.observations import Observation
from livelihood.report.charts.rows import SHARE, as_parts, changed, figure_rows, with_targets
from livelihood.report.selection import Page, row_id

MOST = 8  # marks of a chart that is still read at a glance
_PEOPLE = ("person", "person-time", "household", "household-time", "couple")


@dataclass(frozen=True, slots=True)
class AutomaticChart:
    """A chart of figures that belong beside one another: its kind, its title, its rows."""

    kind: ChartKind
    title: str
    rows: pd.DataFrame


def automatic_charts(figures: Sequence[Observation], page: Page) -> list[AutomaticChart]:
    """Charts of figures of a page: also what they were before, where that may be compared."""
    figures = list({(row_id(f), f.printed, f.period.text): f for f in figures}.values())
    goals = {f.measure.id for f in figures if f.role in ("target", "completion")}
    rows = changed((f for f in figures if f.measure.id not in goals), page)
    rest = figure_rows(figures, page.language)
    rest = rest[~rest["measure"].isin(rows["measure"])]
    return automatic(rest, page.language) + change_charts(rows, page.language)


def automatic(rows: pd.DataFrame, language: str) -> list[AutomaticChart]:
    """Charts of any figures, of measures known or unknown (columns: FIGURE_COLUMNS).

    Results beside their targets; parts of a whole; then money, people, things, rates and whatever
    else there is, each unit, time and role by itself, the largest first, at most :data:`MOST` in
    a chart. A figure with nothing beside it comes alone, for a sentence.
    """
    rest = rows[rows[["low", "high"]].notna().any(axis=1)]
    found: list[AutomaticChart] = []
    if rest["role"].isin(["target", "completion"]).any():
        held = with_targets(rest, language)
        found = _in_charts("progress", say("auto_progress", language), held)
        of_held = rest["measure"].isin(held["measure"]) & (rest["breakdown"] == "")
        rest = rest[~(of_held & rest["role"].isin(["", "target", "completion"]))]
    if rest.empty:
        return found
    split = rest["measure"].isin(rest.loc[rest["breakdown"] != "", "measure"])
    for _, alike in rest[split & (rest["role"] == "")].groupby(
        ["measure", "unit", *_TIME], sort=False
    ):
        whole, parts = alike[alike["breakdown"] == ""], alike[alike["breakdown"] != ""]
        if len(whole) == 1 and len(parts):
            named = parts.assign(label=parts["breakdown"])
            title = str(whole["label"].iloc[0])
            found.append(AutomaticChart("parts", title, as_parts(named, whole, language)))
            rest = rest.drop(index=alike.index)
    named = rest["label"] + rest["breakdown"].map(lambda part: f"·{part}" if part else "")
    rest = rest.assign(label=named, subject=[_subject(row) for row in rest.itertuples()])
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


def change_charts(rows: pd.DataFrame, language: str) -> list[AutomaticChart]:
    """Charts of rows of :func:`changed`, each of one unit."""
    charts = []
    for unit, group in rows.groupby("unit", sort=False):
        words = {"subject": say("changed", language), "unit": unit_words(str(unit), language)}
        title = say("auto_of_unit", language, **words) if words["unit"] else words["subject"]
        charts += _in_charts("change", title, group)
    return charts


def _subject(row: Any) -> str:
    if row.unit in _PEOPLE:
        return "auto_people"
    of = {"money": "auto_money", "count": "auto_things", "home": "auto_things"}
    return of.get(row.dimension, "auto_rates" if row.unit == SHARE else "auto_other")


def _in_charts(kind: ChartKind, title: str, rows: pd.DataFrame) -> list[AutomaticChart]:
    """Rows in as few charts as hold them, of nearly one size, the largest in the first."""
    size = rows["low"].fillna(rows["high"])
    if kind == "progress":
        size = size / rows["target_high"]
    ordered = rows.loc[size.sort_values(ascending=False, kind="stable").index]
    count = ceil(len(ordered) / MOST)
    parts = np.array_split(np.arange(len(ordered)), count) if count else []
    return [AutomaticChart(kind, title, ordered.iloc[part]) for part in parts]
