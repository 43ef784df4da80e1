"""Measures, indicators and places by what a person calls them: id, name, or a source's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from livelihood.analysis.frames import Line, frame
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
from livelihood.project.definitions import Definitions, Item, Measure, read_definitions
from livelihood.project.paths import find_project, read_region, regions, years
from livelihood.quantity.vocabulary import DIMENSIONS
from livelihood.release.census import check_census
from livelihood.release.observations import Dated, timeline

if TYPE_CHECKING:
    from livelihood.display.table import Table

FOUND_COLUMNS = ["id", "what", "sector", "label", "unit", "releases", "printed", "found_in"]


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
    items = meaning.items.values()
    named = {item.id: item for item in items if _has(wanted, _name_text(item, meaning))}
    others = (item for item in items if item.id not in named)
    sourced = [item for item in others if _has(wanted, _source_text(printed.get(item.id, [])))]
    found = [
        *(_item_row(item, "in_name", printed, language) for item in named.values()),
        *_places(wanted, language, project),
        *(_item_row(item, "in_source", printed, language) for item in sourced),
    ]
    lines: list[Line] = [
        ({**row}, (row["id"], say(row["what"], language), row["label"], _newest(row)))
        for row in found
    ]
    heads = ("id", "what", "name", "newest_words")
    if found:
        caption = say("found", language, words=words, count=len(found))
    else:
        caption = say("found_none", language, words=words, near=_near(words, meaning)[language])
    return frame(lines, FOUND_COLUMNS, caption, heads, language)


def _newest(row: Mapping[str, str]) -> str:
    return f"{row['printed']} ({row['releases']})" if row["printed"] else row["releases"]


def _places(words: list[str], language: str, project: Path) -> Iterator[dict[str, str]]:
    """Regions of the project, then the other divisions of the census."""
    own = {id: read_region(id, project) for id in regions(project)}
    for id, region in own.items():
        names = (id, *region.name.values(), *filter(None, region.city.values()))
        if _has(words, _plain("\n".join(names))) or words == [region.code]:
            yield _row(id, "region", region.name[language], years(id, project))
    codes = {region.code for region in own.values()}
    for code, rows in check_census(project).items():
        name = rows[-1]["name"]
        if code not in codes and (_has(words, name) or words == [code]):
            yield _row(code, "division", name, [row["year"] for row in rows])


def _item_row(
    item: Item, where: str, printed: Mapping[str, list[Dated]], language: str
) -> dict[str, str]:
    figures, what, unit = printed.get(item.id, []), "indicator", ""
    if isinstance(item, Measure):
        what, unit = "measure", DIMENSIONS[item.dimension]["unit"]
    return _row(
        item.id,
        what,
        item.label[language],
        sorted({dated.release for dated in figures}),
        sector=item.sector,
        unit=unit and unit_words(unit, language),
        printed=figures[-1].figure.printed if figures else "",
        found_in=where,
    )


def _row(id: str, what: str, label: str, found: Iterable[object], **more: str) -> dict[str, str]:
    """What was found and in which years; of a place there is no more."""
    row = {"id": id, "what": what, "label": label, "releases": ", ".join(map(str, found))}
    return {**dict.fromkeys(FOUND_COLUMNS, ""), **row, "found_in": "in_name", **more}


def id_of(name: str, meaning: Definitions) -> str:
    """The id of a measure or indicator from its id or label; ``DataError`` with what is near.

    >>> from livelihood.project.definitions import read_definitions
    >>> id_of("五保供养资金", read_definitions(find_project()))
    'wubao_funds'
    """
    items = meaning.items
    labels = {_plain(text): id for id, item in items.items() for text in item.label.values()}
    if (id := name if name in items else labels.get(_plain(str(name)))) is not None:
        return id
    words = {"found": name, "expected": _near(str(name), meaning)}
    raise DataError([Problem("no_name", "livelihood", words=words)])


def check_sector(found: str, known: Iterable[str], meaning: Definitions) -> None:
    """Raise ``DataError`` with the ids and Chinese names there are, if `found` is none of them."""
    if found not in known:
        named = {id: f"{id} ({sector.label['zh']})" for id, sector in meaning.sectors.items()}
        expected = ", ".join(named.get(id, id) for id in known)
        words = {"found": found, "expected": expected}
        raise DataError([Problem("no_sector", "livelihood", words=words)])


def all_definitions(project: Path, places: Iterable[str] | None = None) -> Definitions:
    """The shared definitions, those of regions (or of all), and what their sheets define."""
    meaning = read_definitions(project)
    for region in regions(project) if places is None else places:
        printed = (dated.figure.measure for dated in timeline(region, project))
        own = read_definitions(project, region).measures.values()
        meaning = meaning.with_measures([*own, *printed])
    return meaning


def _near(name: str, meaning: Definitions) -> dict[str, str]:
    """The nearest names of a Chinese word; else the nearest ids, by id or by label."""
    items = meaning.items
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
