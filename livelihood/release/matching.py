"""Which measure a figure of running text is of: a guess, with a score.

Labels of measures share pairs of characters with the words around a figure, rarer pairs counting
more and nearer places too; a heading names the sector; a measure that earlier releases print, in
the same unit word, is likelier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import log

from livelihood.project.definitions import Definitions, Measure
from livelihood.quantity.parse import QuantityError, parse_quantity
from livelihood.quantity.text.scan import Item
from livelihood.release.observations import Observation

WEIGHTS = {"own": 1.0, "clause": 0.8, "sentence": 0.45, "paragraph": 0.2}  # of a pair, by place
_END = re.compile("[。！？；\n]")
_CLAUSE = re.compile("[，,、；。！？：\n]")


@dataclass(frozen=True, slots=True)
class Guess:
    """A measure and how well it fits, from 0 to about 1."""

    measure: str
    score: float
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text: its number, the heading that it stands under, its sector, its offset."""

    number: int
    text: str
    heading: str
    sector: str
    start: int


def paragraphs(text: str, meaning: Definitions) -> Iterator[Paragraph]:
    """The lines of a text that are not blank, numbered from 1, each under its heading."""
    heading, sector, number, start = "", "", 0, 0
    for line in text.split("\n"):
        if line.strip():
            number += 1
            named = _sector_of(line.strip(), meaning)
            if named:
                heading, sector = line.strip(), named
            yield Paragraph(number, line, heading, sector, start)
        start += len(line) + 1


def _sector_of(line: str, meaning: Definitions) -> str:
    """The sector that a heading names; empty for any other line."""
    if len(line) > 12 or _END.search(line) or re.search(r"\d", line):
        return ""
    words = ((word, id) for id, sector in meaning.sectors.items()
             for word in sector.words)  # fmt: skip
    return next((id for word, id in words if word in line), "")


def near_words(
    text: str, item: Item, line: Paragraph, start: int, stop: int
) -> dict[str, set[str]]:
    """Pairs of characters near a figure: between its neighbours, in its clause, and farther."""
    clause, before, behind = _around(text, item, _CLAUSE)
    own = text[max(before, start) : item.start], text[item.end : min(behind, stop)]
    return {
        "own": _pairs(*own),
        "clause": _pairs(clause),
        "sentence": _pairs(_around(text, item, _END)[0]),
        "paragraph": _pairs(line.text),
    }


class _Words:
    """What the labels of all measures are made of, and how rare each pair of characters is."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self.measures = {m.id: m for m in measures}
        self.pairs = {m.id: _pairs(m.label["zh"], *m.words) for m in self.measures.values()}
        counts = Counter(pair for pairs in self.pairs.values() for pair in pairs)
        self.weight = {pair: log(1 + len(self.pairs) / n) for pair, n in counts.items()}

    def likeness(self, id: str, near: dict[str, set[str]]) -> float:
        """How much of a label stands near the figure, rare pairs and near places counting more."""
        found = total = 0.0
        for pair in self.pairs[id]:
            total += self.weight[pair]
            where = (w for place, w in WEIGHTS.items() if pair in near[place])
            found += self.weight[pair] * max(where, default=0.0)
        return found / total if total else 0.0


def label_words(meaning: Definitions) -> _Words:
    """The words of the measures that a bulletin can print."""
    return _Words(m for m in meaning.measures.values() if m.sector != "population")


def _pairs(*texts: str) -> set[str]:
    plain = [re.sub("[^\u4e00-\u9fff]", "", text) for text in texts]
    return {text[i : i + 2] for text in plain for i in range(len(text) - 1)}


def guesses(
    item: Item,
    line: Paragraph,
    near: dict[str, set[str]],
    known: list[Observation],
    words: _Words,
) -> Iterator[Guess]:
    """Every measure that a figure may be of by its unit, with a score; `known` are earlier ones."""
    for id, measure in words.measures.items():
        if _fits(item.text, measure.dimension):
            score = words.likeness(id, near) + _bonus(item, line, measure, known)
            yield Guess(id, round(score, 3), measure.related)


def clause_of(text: str, item: Item) -> str:
    """The clause that a figure stands in."""
    return _around(text, item, _CLAUSE)[0]


def _around(text: str, item: Item, end: re.Pattern[str]) -> tuple[str, int, int]:
    """The words around a figure, from one sign to the next, and where they begin and end."""
    start = max((m.end() for m in end.finditer(text, 0, item.start)), default=0)
    match = end.search(text, item.end)
    stop = match.start() if match else len(text)
    return text[start:stop], start, stop


@cache
def _fits(printed: str, dimension: str) -> bool:
    try:
        parse_quantity(printed, dimension)
    except QuantityError:
        return False
    return True


def _bonus(item: Item, line: Paragraph, measure: Measure, known: list[Observation]) -> float:
    """What heading and earlier releases add to a guess or take from it."""
    bonus = 0.0
    if line.sector:
        bonus += 0.15 if line.sector == measure.sector else -0.15
    before = [f for f in known if f.measure.id == measure.id]
    if before:
        bonus += 0.05
        same = {_unit_word(f.printed) for f in before}
        bonus += 0.05 if _unit_word(item.text) in same else 0.0
    return bonus


def _unit_word(printed: str) -> str:
    return re.sub(r"[\d.,%余多近约以上左右万亿千百]", "", printed)
