"""Releases side by side, and a county beside the others: what their numbers allow to say."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.analysis import amounts
from livelihood.analysis.amounts import RESIDENTS
from livelihood.analysis.frames import AMOUNT, Line, Row, amount_row, frame
from livelihood.analysis.release import Release, load
from livelihood.analysis.search import check_sector
from livelihood.analysis.series import Names, comparable_kind
from livelihood.display.format import amount_words, bounds_words, period_words
from livelihood.display.messages import (
    DataError,
    Language,
    Problem,
    known_language,
    message_language,
    say,
    suggestion,
)
from livelihood.project.definitions import (
    Comparison,
    Definitions,
    Indicator,
    Item,
    Measure,
    read_definitions,
)
from livelihood.project.files import while_unchanged
from livelihood.project.paths import find_project, read_region, regions
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.vocabulary import DIMENSIONS, UNITS
from livelihood.release.census import CENSUS, check_census, province, ratios

if TYPE_CHECKING:
    from livelihood.display.table import Table

_NUMBER = ["printed", *AMOUNT, "aggregation", "status"]
COMPARISON_COLUMNS = ["id", "what", "label", "region", "release", *_NUMBER, "verdict"]
CENSUS_COLUMNS = ["code", "place", "year", "measure", "label", "value", "unit"]


def compare(
    releases: Sequence[str],
    sector: str | None = None,
    language: Language | None = None,
    project: Path | None = None,
    *,
    per_head: bool = False,
) -> Table:
    """Releases (``"duji@2010"``) side by side: each measure and indicator that any of them has.

    Columns: COMPARISON_COLUMNS, one row a number and release, bounds in its `unit`. `verdict`
    holds a number against that of the first release which has it: ``higher``, ``lower``,
    ``equal``, ``not_determinable`` where the bounds overlap, ``not_comparable`` where periods,
    aggregation or units differ; empty for the first itself. With `per_head` money is for each
    resident and what is counted for 10,000 of them, so that districts of unlike size can be
    compared. ``DataError`` naming what there is, if a release or the sector is unknown.

    >>> table = compare(["duji@2010", "duji@2014"], sector="elderly_care")
    >>> table.query("id == 'wubao_persons'")[["release", "printed", "verdict"]].values.tolist()
    [[2010, '958名', ''], [2014, '333人', 'lower']]
    """
    project = project or find_project()
    found = [_load(text, language, project) for text in releases]
    if not found:
        raise DataError([Problem("not_release", "compare", words={"found": releases})])
    language = found[0].language
    if sector is not None:
        check_sector(sector, found[0].definitions.sectors, found[0].definitions)
    if per_head:
        found = [_per_head(release) for release in found]
    told = _told_per_head(found) if per_head else set()
    lines: list[tuple[Row, tuple | None]] = []
    count = 0
    for item in _items(found):
        having = [release for release in found if _has(release, item)]
        if not having or sector not in (None, item.sector) or item.id in told:
            continue
        each = [_line(item, r, having[0], language) if _has(r, item) else None for r in found]
        cells = (item.label[language], *(one[1] if one else "—" for one in each))
        rows = [one[0] for one in each if one]
        lines += zip(rows, [cells, *[None] * (len(rows) - 1)], strict=True)
        count += 1
    names = [f"{r.region.name[language]} {r.year}" for r in found]
    caption = say("compared_per_head" if per_head else "compared", language, count=count)
    return frame(lines, COMPARISON_COLUMNS, caption, ["name"], language, beside=names)


def _per_head(release: Release) -> Release:
    """The release with an indicator for each resident of what has none in the definitions."""
    meaning, told = release.definitions, _told_per_head([release])
    if RESIDENTS not in release.amounts:
        names = meaning.measures[RESIDENTS].label
        words = {"found": "per_head", "year": release.year, "names": names}
        raise DataError([Problem("not_given", release.region.id, words=words)])
    made: dict[str, Indicator] = {}
    for item in _items([release]):
        whole = isinstance(item, Measure) or item.kind in ("level", "sum")  # no rate, no share
        if whole and item.sector != "population" and item.id not in told and _has(release, item):
            dimension = _DIMENSION.get(release.known[item.id].unit, "")
            made |= amounts.per_head(item, dimension)
    return replace(release, definitions=meaning.with_indicators(made))


_DIMENSION = {unit.code: unit.dimension for unit in UNITS.values()}


def _told_per_head(releases: Sequence[Release]) -> set[str]:
    """What an indicator says for each resident."""
    return {
        i.inputs["measure"][0]
        for release in releases
        for i in release.definitions.indicators.values()
        if i.kind == "per_head" and i.inputs["population"] == (RESIDENTS,)
    }


def _load(text: str, language: Language | None, project: Path) -> Release:
    match = re.fullmatch(r"([\w-]+)@(\d{4})", str(text))
    if match is None:
        raise DataError([Problem("not_release", "compare", words={"found": text})])
    return load(match[1], int(match[2]), language, project)


def _items(releases: Sequence[Release]) -> Iterable[Item]:
    """The measures of all of them, then the indicators."""
    measures: dict[str, Item] = {}
    indicators: dict[str, Item] = {}
    for release in releases:
        measures |= release.definitions.measures
        indicators |= release.definitions.indicators
    return [*measures.values(), *indicators.values()]


def _has(release: Release, item: Item) -> bool:
    return item.id in release.printed_measures or item.id in release.results


_ANSWERS = {"greater": "higher", "less": "lower", "equal": "equal", "unknown": "not_determinable"}


def _line(item: Item, new: Release, first: Release, language: str) -> Line:
    """A number of a release against that of the first which has it."""
    amount, figure, verdict = new.known[item.id], new.figure(item.id), ""
    if new is not first:
        alike = comparable_kind(item.id, new) == comparable_kind(item.id, first)
        answer = amount.bounds.compare(first.known[item.id].bounds)
        verdict = _ANSWERS[answer] if alike else "not_comparable"
    row = {
        "id": item.id,
        "what": "measure" if isinstance(item, Measure) else "indicator",
        "label": item.label[language],
        "region": new.region.id,
        "release": new.year,
        "printed": figure.printed if figure else "",
        **amount_row(amount, language, new.definitions),
        "verdict": verdict,
    }
    words = amount_words(amount.value, amount.bounds, amount.unit, language)
    time = f"{period_words(amount.period, language)} · {say(amount.aggregation, language)}"
    return row, (words, time, say(verdict, language) if verdict else "")


# ---- a county beside others ---------------------------------------------------------------------


def census(
    place: Names = None, language: Language | None = None, project: Path | None = None
) -> Table:
    """The counts of the census for a place (or several; all, if none is named), one a row.

    A place is a region of the project, a code of GB/T 2260, or a name. Columns: CENSUS_COLUMNS;
    the measures are those that indicators use as denominators. ``DataError`` if the census does
    not have the place.

    >>> found = census(["duji", "340603"], "en").query("measure == 'resident_population'")
    >>> found.pivot(index="place", columns="year", values="value").astype(int).values.tolist()
    [[324398, 239692], [467358, 548934]]
    """
    project = project or find_project()
    language = known_language(language or message_language())
    rows, known = check_census(project), read_definitions(project).measures.values()
    given = [place] if isinstance(place, str) else place or list(rows)
    lines = [
        _count_line(measure, row, language)
        for code in (_code(each, project) for each in given)
        for measure in known
        for row in rows[code]
        if measure.census and row[measure.census]
    ]
    heads = ("measure", "place_name", "period", "value")
    caption = say("census_counts", language, count=len(lines))
    return frame(lines, CENSUS_COLUMNS, caption, heads, language)


def _count_line(measure: Measure, row: Mapping[str, str], language: str) -> Line:
    count, unit = row[measure.census], DIMENSIONS[measure.dimension]["unit"]
    label, year = measure.label[language], int(row["year"])
    data = {
        "code": row["code"],
        "place": row["name"],
        "year": year,
        "measure": measure.id,
        "label": label,
        "value": float(count),
        "unit": unit,
    }
    words = bounds_words(Bounds.exact(int(float(count))), unit, language)
    return data, ((label, measure.id), row["name"], year, words)


def _code(place: str, project: Path) -> str:
    """The code of a place by its region, code or name; ``DataError`` with what is near."""
    rows = check_census(project)
    own = {id: read_region(id, project).code for id in regions(project)}
    code = own.get(place, province(project).now.get(place, place))
    named = {found[-1]["name"]: code for code, found in rows.items()}
    code = named.get(code, code)
    if code not in rows:
        shown = {name: f"{name} ({code})" for name, code in named.items()} | {id: id for id in own}
        words = {"found": place, "expected": suggestion(place, shown, shown)}
        raise DataError([Problem("no_place", CENSUS, words=words)])
    return code


Peer = namedtuple("Peer", "comparison year code name group value rank count")


def peers(code: str, project: Path | None = None) -> list[Peer]:
    """A county (`group` own), the city's others (city) and the province, by comparison and year.

    `value` is a share or persons a household, `rank` that among the `count` counties of the
    province, the largest first (missing for the province itself). Empty if the census does not
    have the code.

    >>> [(p.year, p.rank, p.count) for p in peers("340602")
    ...  if (p.comparison, p.group) == ("tap_water_share", "own")]
    [(2010, 42, 105), (2020, 94, 105)]
    """
    project = project or find_project()
    known = read_definitions(project)
    key = ("peers", code, known)
    return while_unchanged(key, [project / CENSUS], lambda: _peers(code, project, known))


def _peers(code: str, project: Path, known: Definitions) -> list[Peer]:
    return [peer for c in known.comparisons.values() for peer in _ranked(c, code, project)]


def _ranked(comparison: Comparison, code: str, project: Path) -> Iterator[Peer]:
    found = ratios(comparison.top, comparison.under, project)
    values = sorted(found, key=lambda pair: pair[0]["year"])
    counties = [(row, value) for row, value in values if row["level"] == "county"]
    newest = max((row["year"] for row, _ in counties), default="")
    here = {r["city_code"] for r, _ in counties if (r["code"], r["year"]) == (code, newest)}
    near = {r["code"] for r, _ in counties if r["year"] == newest and r["city_code"] in here}
    by_year: dict[str, list[float]] = {}
    for row, value in counties:
        by_year.setdefault(row["year"], []).append(value)
    for row, value in values:
        about = (comparison.id, int(row["year"]), row["code"], row["name"])
        beside = by_year.get(row["year"], ())
        if row["level"] == "province":
            yield Peer(*about, "province", value, nan, nan)
        elif row["level"] == "county" and row["code"] in near | {code}:
            group = "own" if row["code"] == code else "city"
            yield Peer(*about, group, value, 1 + sum(v > value for v in beside), len(beside))
