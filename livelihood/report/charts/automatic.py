"""Charts of figures that nobody wrote a chart for: alike with alike, the largest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, isnan

import numpy as np

from livelihood.display.format import unit_words
from livelihood.display.messages import say
from livelihood.release.observations import Observation
from livelihood.report.charts.rows import Row, as_parts, by_size, changed, figure_rows, with_targets
from livelihood.report.prose import PEOPLE
from livelihood.report.selection import Page, row_id

MOST = 8  # marks of a chart that is still read at a glance


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """What a chart is to be of: its kind, its title, rows that belong beside one another."""

    kind: str
    title: str
    rows: Sequence[Row]


def automatic_charts(figures: Sequence[Observation], page: Page) -> list[ChartPlan]:
    """Charts of figures of a page: also what they were before, where that may be compared."""
    figures = list({(row_id(f), f.printed, f.period.text): f for f in figures}.values())
    goals = {f.measure.id for f in figures if f.role in ("target", "completion")}
    rows = changed((f for f in figures if f.measure.id not in goals), page)
    told = {row["measure"] for row in rows}
    rest = figure_rows((f for f in figures if f.measure.id not in told), page.language)
    found = automatic(rest, page.language)
    for group in _alike(rows, "unit"):
        subject = say("changed", page.language)
        unit = unit_words(group[0]["unit"], page.language)
        title = say("auto_of_unit", page.language, subject=subject, unit=unit) if unit else subject
        found += _in_charts("change", title, by_size(group))
    return found


def automatic(rows: Iterable[Row], language: str) -> list[ChartPlan]:
    """Charts of any figures, of measures known or unknown (rows: :func:`figure_rows`).

    Results beside their targets; parts of a whole; then money, people, things, rates and whatever
    else there is, each unit, time and role by itself, the largest first, at most :data:`MOST` in
    a chart. A figure with nothing beside it comes alone, for a sentence.
    """
    rest = [row for row in rows if not (isnan(row["low"]) and isnan(row["high"]))]
    held = with_targets(rest, language)
    title, goals = say("auto_progress", language), {row["measure"] for row in held}
    found = _in_charts("progress", title, by_size(held, "target_high"))
    rest = [row for row in rest if row["measure"] not in goals or not _may_be_held(row)]
    for whole, parts in _divided(rest):
        named = [part | {"label": part["breakdown"]} for part in parts]
        found.append(ChartPlan("parts", whole["label"], as_parts(named, [whole], language)))
        rest = [row for row in rest if row not in (whole, *parts)]
    return found + _by_subject(rest, language)


_TIME = ("period", "aggregation")
_SUBJECTS = ("auto_money", "auto_people", "auto_things", "auto_rates", "auto_other")


def _alike(rows: Iterable[Row], *names: str) -> Iterable[list[Row]]:
    """Rows that are alike in what is named, in the order in which they first come."""
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups.values()


def _may_be_held(row: Row) -> bool:
    """Whether a row is of a whole, and itself a result, a target or a completion rate."""
    return not row["breakdown"] and row["role"] in ("", "target", "completion")


def _divided(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """The results that are printed with parts of theirs, these beside each."""
    split = {row["measure"] for row in rows if row["breakdown"]}
    results = [row for row in rows if row["measure"] in split and not row["role"]]
    for group in _alike(results, "measure", "unit", *_TIME):
        whole, parts = (
            [row for row in group if bool(row["breakdown"]) is part] for part in (False, True)
        )
        if len(whole) == 1 and parts:
            yield whole[0], parts


def _by_subject(rows: Iterable[Row], language: str) -> list[ChartPlan]:
    """The rows of each subject, by what they may be held against: unit, role and time."""
    found, subjects = [], {subject: list[Row]() for subject in _SUBJECTS}
    for row in rows:
        part = f"·{row['breakdown']}" if row["breakdown"] else ""
        subjects[_subject(row)].append(row | {"label": row["label"] + part})
    for subject, of_it in subjects.items():
        for group in _alike(of_it, "unit", "role", *_TIME):
            words = {"subject": say(group[0]["role"] or subject, language)}
            words |= {"period": group[0]["period"], "unit": unit_words(group[0]["unit"], language)}
            title = say("auto_unit" if words["unit"] else "auto_title", language, **words)
            found += _in_charts("bars", title, by_size(group))
    return found


def _subject(row: Row) -> str:
    if row["unit"] in PEOPLE:
        return "auto_people"
    of = {"money": "auto_money", "count": "auto_things", "home": "auto_things"}
    return of.get(row["dimension"], "auto_rates" if row["unit"] == "1" else "auto_other")


def _in_charts(kind: str, title: str, ordered: Sequence[Row]) -> list[ChartPlan]:
    """Rows in as few charts as hold them, of nearly one size."""
    count = ceil(len(ordered) / MOST)
    parts = np.array_split(np.arange(len(ordered)), count) if count else []
    return [ChartPlan(kind, title, [ordered[n] for n in part]) for part in parts]
