"""Releases side by side, and a county beside the others: what their numbers allow to say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from livelihood.analysis.amounts import Amount
from livelihood.analysis.frames import amount_row, frame
from livelihood.analysis.release import Release, load
from livelihood.analysis.series import kind_of
from livelihood.display.format import amount_words, period_words
from livelihood.display.messages import DataError, Language, Problem, say
from livelihood.display.table import Table, table
from livelihood.project.definitions import (
    Comparison,
    Definitions,
    Indicator,
    Measure,
    read_definitions,
)
from livelihood.project.files import while_unchanged
from livelihood.project.paths import find_project
from livelihood.release.census import CENSUS, census, neighbours

COMPARISON_COLUMNS = [
    "id",
    "what",
    "region",
    "release",
    "printed",
    "value",
    "low",
    "high",
    "unit",
    "period",
    "aggregation",
    "status",
    "verdict",
]
PEER_COLUMNS = ["comparison", "year", "code", "name", "group", "value", "rank", "count"]


def compare(
    releases: Sequence[str],
    sector: str | None = None,
    language: Language | None = None,
    project: Path | None = None,
) -> Table:
    """Releases (``"duji@2010"``) side by side: each measure and indicator that any of them has.

    Columns: COMPARISON_COLUMNS, one row a number and release, bounds in its `unit`. `verdict`
    holds a number against that of the first release which has it: ``higher``, ``lower``,
    ``equal``, ``not_determinable`` where the bounds overlap, ``not_comparable`` where periods,
    aggregation or units differ; empty for the first itself. ``DataError`` naming what there is,
    if a release or the sector is unknown.

    >>> table = compare(["duji@2010", "duji@2014"], sector="elderly_care")
    >>> table.query("id == 'wubao_persons'")[["release", "printed", "verdict"]].values.tolist()
    [[2010, '958名', ''], [2014, '333人', 'lower']]
    """
    project = project or find_project()
    found = [_load(text, language, project) for text in releases]
    if not found:
        raise DataError([Problem("not_release", "compare", words={"found": releases})])
    language = found[0].language
    _check_sector(sector, found[0].definitions)
    items = [
        i for i in _items(found) if sector in (None, i.sector) and any(_has(r, i) for r in found)
    ]
    verdicts = {item.id: _against_first(item, found) for item in items}
    data = (
        _row(item, release, verdict)
        for item in items
        for release, verdict in zip(found, verdicts[item.id], strict=True)
        if verdict is not None
    )
    rows = [(item.label[language], *_cells(item, found, verdicts[item.id])) for item in items]
    columns = [say("name", language), *(f"{r.region.name[language]} {r.year}" for r in found)]
    caption = say("compared", language, count=len(rows))
    return table(frame(data, COMPARISON_COLUMNS), caption, columns, rows)


def _check_sector(sector: str | None, meaning: Definitions) -> None:
    known = meaning.sectors
    if sector is not None and sector not in known:
        words: dict[str, object] = {"found": sector, "expected": ", ".join(known)}
        raise DataError([Problem("no_sector", "compare", words=words)])


def _load(text: str, language: Language | None, project: Path) -> Release:
    match = re.fullmatch(r"(\w+)@(\d{4})", str(text))
    if match is None:
        raise DataError([Problem("not_release", "compare", words={"found": text})])
    return load(match[1], int(match[2]), language, project)


def _items(releases: Sequence[Release]) -> Iterable[Measure | Indicator]:
    measures: dict[str, Measure | Indicator] = {}
    indicators: dict[str, Measure | Indicator] = {}
    for release in releases:
        measures |= release.definitions.measures
        indicators |= release.definitions.indicators
    return [*measures.values(), *indicators.values()]


def _has(release: Release, item: Measure | Indicator) -> bool:
    return item.id in release.printed_measures or item.id in release.results


def _against_first(item: Measure | Indicator, releases: Sequence[Release]) -> list[str | None]:
    """How each release stands to the first that has the number; ``None`` where it has none."""
    first = next(release for release in releases if _has(release, item))
    return [
        _verdict(item.id, release, first) if _has(release, item) else None for release in releases
    ]


_ANSWERS = {"greater": "higher", "less": "lower", "equal": "equal", "unknown": "not_determinable"}


def _verdict(id: str, new: Release, old: Release) -> str:
    if new is old:
        return ""
    figures = [release.figure(id) for release in (new, old)]
    a, b = new.known[id], old.known[id]
    if None not in figures:
        alike = len({kind_of(figure) for figure in figures if figure}) == 1
    else:
        alike = (a.unit, a.aggregation, a.years) == (b.unit, b.aggregation, b.years)
    return _ANSWERS[a.bounds.compare(b.bounds)] if alike else "not_comparable"


def _row(item: Measure | Indicator, release: Release, verdict: str) -> dict[str, object]:
    figure = release.figure(item.id)
    return {
        "id": item.id,
        "what": "measure" if isinstance(item, Measure) else "indicator",
        "region": release.region.id,
        "release": release.year,
        "printed": figure.printed if figure else "",
        **amount_row(release.known[item.id], release.language, release.definitions),
        "verdict": verdict,
    }


def _cells(
    item: Measure | Indicator, releases: Sequence[Release], verdicts: Sequence[str | None]
) -> list[str | tuple[str, ...]]:
    language = releases[0].language
    return [
        "—" if verdict is None else _cell(release.known[item.id], verdict, language)
        for release, verdict in zip(releases, verdicts, strict=True)
    ]


def _cell(amount: Amount, verdict: str, language: str) -> tuple[str, ...]:
    words = amount_words(amount.value, amount.bounds, amount.unit, language)
    when = period_words(amount.period, language)
    how = say(amount.aggregation, language)
    return (words, f"{when} · {how}", say(verdict, language) if verdict else "")


# ---- a county beside others ---------------------------------------------------------------------


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
    known = read_definitions(project)
    ranked = while_unchanged(
        ("peers", code, known), [project / CENSUS], lambda: _peers(code, census(project), known)
    )
    return ranked.copy()  # which its reader may change


def _peers(code: str, found: pd.DataFrame, known: Definitions) -> pd.DataFrame:
    rows = [_ranked(c, code, found) for c in known.comparisons.values()]
    return pd.concat(rows, ignore_index=True)[PEER_COLUMNS]


def _ranked(comparison: Comparison, code: str, rows: pd.DataFrame) -> pd.DataFrame:
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
