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
from livelihood.release.observations import Observation
from livelihood.report.charts.rows import as_parts, by_size, changed, figure_rows, with_targets
from livelihood.report.prose import PEOPLE
from livelihood.report.selection import Page, row_id

MOST = 8  # marks of a chart that is still read at a glance


@dataclass(frozen=True, slots=True)
class Plan:
    """What a chart is to be of: its kind, its title, rows that belong beside one another."""

    kind: str
    title: str
    rows: pd.DataFrame


def automatic_charts(figures: Sequence[Observation], page: Page) -> list[Plan]:
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


def automatic(rows: pd.DataFrame, language: str) -> list[Plan]:
    """Charts of any figures, of measures known or unknown (columns: FIGURE_COLUMNS).

    Results beside their targets; parts of a whole; then money, people, things, rates and whatever
    else there is, each unit, time and role by itself, the largest first, at most :data:`MOST` in
    a chart. A figure with nothing beside it comes alone, for a sentence.
    """
    rest = rows[rows[["low", "high"]].notna().any(axis=1)]
    found: list[Plan] = []
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
            found.append(Plan("parts", title, as_parts(named, whole, language)))
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


def _subject(row: Any) -> str:
    if row.unit in PEOPLE:
        return "auto_people"
    of = {"money": "auto_money", "count": "auto_things", "home": "auto_things"}
    return of.get(row.dimension, "auto_rates" if row.unit == "1" else "auto_other")


def _in_charts(kind: str, title: str, rows: pd.DataFrame) -> list[Plan]:
    """Rows in as few charts as hold them, of nearly one size, the largest in the first."""
    ordered = by_size(rows, rows["target_high"] if kind == "progress" else 1)
    count = ceil(len(ordered) / MOST)
    parts = np.array_split(np.arange(len(ordered)), count) if count else []
    return [Plan(kind, title, ordered.iloc[part]) for part in parts]
