"""Measures, indicators and places by what a person calls them: id, name, or a source's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from livelihood.analysis.frames import frame
from livelihood.display.format import unit_words
from livelihood.display.messages import (
    DataError,
    Language,
    Problem,
    known_language,
    message_language,
    say,
    suggestion,
)
from livelihood.project.definitions import Definitions, Indicator, Measure, read_definitions
from livelihood.project.paths import find_project, read_region, regions, years
from livelihood.quantity.vocabulary import DIMENSIONS
from livelihood.release.census import check_census
from livelihood.release.observations import Dated, timeline

if TYPE_CHECKING:
    from livelihood.display.table import Table

Item = Measure | Indicator
FOUND_COLUMNS = ["id", "what", "sector", "label", "unit", "releases", "printed", "found_in"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A measure or indicator that was found, and where the words stood: name or source."""

    item: Item
    where: str


def find(words: str, language: Language | None = None, project: Path | None = None) -> Table:
    """Measures, indicators and places with `words` in their name, or in a source's words.

    All words must be there, in any order, in Chinese or English; of a measure or indicator also
    in its id or sector. Names come first, then regions and divisions of the census, then sources.
    Columns: FOUND_COLUMNS; `releases` are the years that print a measure (or those of a place),
    `printed` the newest words. A frame without rows, which names what is near, if there is none.

    >>> found = find("pension a year", "en")
    >>> found["id"].tolist()
    ['rural_pension_per_person']
    >>> find("相山")[["id", "what", "label"]].values.tolist()
    [['340603', 'division', '相山区']]
    """
    language = known_language(language or message_language())
    project = project or find_project()
    printed = _printed(project)
    meaning, wanted = all_definitions(project), _plain(words).split()
    hits = _hits(wanted, printed, meaning)
    found = [_row(hit, printed, language) for hit in hits]
    named = sum(hit.where == "in_name" for hit in hits)
    found[named:named] = _places(wanted, language, project)
    shown = [(row["id"], say(row["what"], language), row["label"], _newest(row)) for row in found]
    heads = ("id", "what", "name", "newest_words")
    if found:
        caption = say("found", language, words=words, count=len(found))
    else:
        caption = say("found_none", language, words=words, near=_near(words, meaning)[language])
    return frame(found, FOUND_COLUMNS, caption, heads, shown, language)


def _newest(row: Mapping[str, str]) -> str:
    return f"{row['printed']} ({row['releases']})" if row["printed"] else row["releases"]


def _places(words: list[str], language: str, project: Path) -> Iterator[dict[str, str]]:
    """Regions of the project, then the other divisions of the census."""
    own = {id: read_region(id, project) for id in regions(project)}
    for id, region in own.items():
        names = (id, *region.name.values(), *region.city.values())
        if _has(words, _plain("\n".join(names))) or words == [region.code]:
            yield _place(id, "region", region.name[language], years(id, project))
    codes = {region.code for region in own.values()}
    for code, rows in check_census(project).items():
        name = rows[-1]["name"]
        if code not in codes and (_has(words, name) or words == [code]):
            yield _place(code, "division", name, [row["year"] for row in rows])


def _place(id: str, what: str, name: str, releases: Iterable[object]) -> dict[str, str]:
    blank = dict.fromkeys(FOUND_COLUMNS, "")
    listed = ", ".join(map(str, releases))
    return {
        **blank,
        "id": id,
        "what": what,
        "label": name,
        "releases": listed,
        "found_in": "in_name",
    }


def id_of(name: str, meaning: Definitions) -> str:
    """The id of a measure or indicator from its id or label; ``DataError`` with what is near.

    >>> from livelihood.project.definitions import read_definitions
    >>> id_of("五保供养资金", read_definitions(find_project()))
    'wubao_funds'
    """
    items = _items(meaning)
    if name in items:
        return name
    labels = {_plain(text): id for id, item in items.items() for text in item.label.values()}
    if _plain(str(name)) in labels:
        return labels[_plain(str(name))]
    words: dict[str, object] = {"found": name, "expected": _near(str(name), meaning)}
    raise DataError([Problem("no_name", "livelihood", words=words)])


def check_sector(found: str, known: Iterable[str], meaning: Definitions) -> None:
    """Raise ``DataError`` with the ids and Chinese names there are, if `found` is none of them."""
    if found not in known:
        named = {id: f"{id} ({sector.label['zh']})" for id, sector in meaning.sectors.items()}
        expected = ", ".join(named.get(id, id) for id in known)
        words: dict[str, object] = {"found": found, "expected": expected}
        raise DataError([Problem("no_sector", "livelihood", words=words)])


def all_definitions(project: Path, places: Iterable[str] | None = None) -> Definitions:
    """The shared definitions, those of regions (or of all), and what their sheets define."""
    meaning = read_definitions(project)
    for region in regions(project) if places is None else places:
        printed = (dated.figure.measure for dated in timeline(region, project))
        own = read_definitions(project, region).measures.values()
        meaning = meaning.with_measures([*own, *printed])
    return meaning


def _items(meaning: Definitions) -> dict[str, Item]:
    return {**meaning.measures, **meaning.indicators}


def _near(name: str, meaning: Definitions) -> dict[str, str]:
    """The nearest names of a Chinese word; else the nearest ids, by id or by label."""
    items = _items(meaning)
    if re.search("[\u3400-\u9fff]", name):
        known = {item.label["zh"]: f"{item.label['zh']}（{id}）" for id, item in items.items()}
    else:
        known = {item.label["en"]: id for id, item in items.items()} | {id: id for id in items}
    return suggestion(name, known, known)


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold().strip()


def _printed(project: Path) -> Mapping[str, list[Dated]]:
    found: dict[str, list[Dated]] = {}
    for region in regions(project):
        for dated in timeline(region, project):
            found.setdefault(dated.figure.measure.id, []).append(dated)
    return found


def _hits(words: list[str], printed: Mapping[str, list[Dated]], meaning: Definitions) -> list[Hit]:
    items = _items(meaning).values()
    named = [Hit(item, "in_name") for item in items if _has(words, _name_text(item, meaning))]
    seen = {hit.item.id for hit in named}
    return named + [
        Hit(item, "in_source")
        for item in items
        if item.id not in seen and _has(words, _source_text(printed.get(item.id, [])))
    ]


def _has(words: list[str], text: str) -> bool:
    return bool(words) and all(word in text for word in words)


def _name_text(item: Item, meaning: Definitions) -> str:
    sector = meaning.sectors[item.sector]
    names = (item.id, *item.label.values(), item.sector, *sector.label.values())
    return _plain("\n".join(names))


def _source_text(found: list[Dated]) -> str:
    figures = (dated.figure for dated in found)
    texts = ((f.printed, f.locator, f.source.title, f.breakdown, *f.note.values()) for f in figures)
    return _plain("\n".join(text for words in texts for text in words))


def _row(hit: Hit, printed: Mapping[str, list[Dated]], language: str) -> dict[str, str]:
    item, figures = hit.item, printed.get(hit.item.id, [])
    unit = DIMENSIONS[item.dimension]["unit"] if isinstance(item, Measure) else ""
    return {
        "id": item.id,
        "what": "measure" if isinstance(item, Measure) else "indicator",
        "sector": item.sector,
        "label": item.label[language],
        "unit": unit_words(unit, language) if unit else "",
        "releases": ", ".join(str(y) for y in sorted({d.release for d in figures})),
        "printed": figures[-1].figure.printed if figures else "",
        "found_in": hit.where,
    }
