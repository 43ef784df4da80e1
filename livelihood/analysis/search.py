"""Measures and indicators by what a person calls them: id, label, or the words of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from livelihood.analysis.frames import frame
from livelihood.display.format import unit_words
from livelihood.display.messages import DataError, Problem, message_language, say, suggestion
from livelihood.display.table import Table, table
from livelihood.project.definitions import (
    Definitions,
    Indicator,
    Measure,
    read_definitions,
)
from livelihood.project.paths import find_project, regions
from livelihood.quantity.vocabulary import DIMENSIONS
from livelihood.release.observations import Dated, timeline

Item = Measure | Indicator
FOUND_COLUMNS = ["id", "what", "sector", "label", "unit", "releases", "printed", "found_in"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A measure or indicator that was found, and where the words stood: name or source."""

    item: Item
    where: str


def find(words: str, language: str | None = None, project: Path | None = None) -> Table:
    """Measures and indicators with `words` in their id, label, sector, or in a source's words.

    All words must be there, in any order, in Chinese or English. Names come before sources.
    Columns: FOUND_COLUMNS; `releases` are the years that print a measure, `printed` the newest
    words. A frame without rows, which names what is near, if there is none.

    >>> found = find("pension a year", "en")
    >>> found["id"].tolist()
    ['rural_pension_per_person']
    >>> "wubao_funds" in find("五保")["id"].values
    True
    """
    language = language or message_language()
    project = project or find_project()
    printed = _printed(project)
    meaning = _all_definitions(project)
    hits = _hits(_plain(words).split(), printed, meaning)
    data = frame((_row(hit, printed, language) for hit in hits), FOUND_COLUMNS)
    shown = [
        (r.id, say(r.what, language), r.label, f"{r.printed} ({r.releases})" if r.printed else "")
        for r in data.itertuples()
    ]
    columns = [say(c, language) for c in ("id", "what", "name", "newest_words")]
    return table(data, _caption(words, len(hits), meaning, language), columns, shown)


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


def _all_definitions(project: Path) -> Definitions:
    """The shared definitions and those of every region."""
    meaning = read_definitions(project)
    for region in regions(project):
        meaning = meaning.with_measures(read_definitions(project, region).measures.values())
    return meaning


def _items(meaning: Definitions) -> dict[str, Item]:
    return {**meaning.measures, **meaning.indicators}


def _near(name: str, meaning: Definitions) -> str:
    """The nearest ids, by id or by label."""
    items = _items(meaning)
    by_label = {text: id for id, item in items.items() for text in item.label.values()}
    near = suggestion(name, [*items, *by_label]).split(", ")
    return ", ".join(dict.fromkeys(by_label.get(n, n) for n in near))


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


def _row(hit: Hit, printed: Mapping[str, list[Dated]], language: str) -> dict[str, object]:
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


def _caption(words: str, count: int, meaning: Definitions, language: str) -> str:
    if count:
        return say("found", language, words=words, count=count)
    return say("found_none", language, words=words, near=_near(words, meaning))
