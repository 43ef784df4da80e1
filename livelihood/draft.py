"""A bulletin's text -> rows drafted for a person to look over.

Every quantity of the text is found by :func:`livelihood.scan.scan` with its period, aggregation
and place. Its measure is guessed: labels of measures share pairs of characters with the words
around the figure, rarer pairs counting more; a heading names the sector; a measure that earlier
releases print, in the same unit word, is likelier. A figure whose best guess is weak, or hardly
better than the second, is left for a person, with both named. Nothing is decided silently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from math import log
from pathlib import Path

from livelihood.definitions import Measure, definitions
from livelihood.figures import Observation
from livelihood.new import COLUMNS, new_folder, write_csv, write_sources
from livelihood.problems import DataError, Problem, say
from livelihood.quantity import QuantityError, parse_quantity
from livelihood.scan import Item, scan
from livelihood.series import Dated, timeline
from livelihood.sheets import decode

PLACED = 0.5  # the score from which on a guess is taken
AHEAD = 0.08  # by how much it must lead the runner-up
WEIGHTS = {
    "own": 1.0,
    "clause": 0.8,
    "sentence": 0.45,
    "paragraph": 0.2,
}  # of a pair, by where it stands
DRAFT_COLUMNS = (*COLUMNS, "score", "runner_up", "text")
_END = re.compile("[。！？；\n]")
_CLAUSE = re.compile("[，,、；。！？：\n]")


@dataclass(frozen=True, slots=True)
class Guess:
    """A measure and how well it fits, from 0 to about 1."""

    measure: str
    score: float


@dataclass(frozen=True, slots=True)
class Drafted:
    """A quantity of the text: where it stands, its words around it, and the two best guesses."""

    item: Item
    locator: str
    text: str
    best: Guess | None
    second: Guess | None

    @property
    def placed(self) -> bool:
        """Whether the best guess is good enough, and ahead of the second.

        Between two measures of nearly the same thing (农家书屋, 投入使用的农家书屋) a person decides.
        """
        best, second = self.best, self.second
        if best is None or best.score < PLACED or second is None:
            return best is not None and best.score >= PLACED
        related = second.measure in definitions().measures[best.measure].related
        return best.score - second.score >= AHEAD and not (related and second.score >= PLACED)


@dataclass(frozen=True)
class Draft:
    """A drafted release: its quantities in the order of the text, and the files written."""

    drafted: tuple[Drafted, ...]
    files: tuple[Path, ...] = ()

    def summary(self, project: Path) -> str:
        """How many figures were placed, and where the others are."""
        placed = sum(d.placed for d in self.drafted)
        return say("drafted", count=len(self.drafted), placed=placed,
                   left=len(self.drafted) - placed,
                   path=self.files[-1].relative_to(project).as_posix())  # fmt: skip


# ---- the text -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text: its number, the heading that it stands under, its sector, its offset."""

    number: int
    text: str
    heading: str
    sector: str
    start: int


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The lines of a text that are not blank, numbered from 1, each under its heading."""
    heading, sector, number, start = "", "", 0, 0
    for line in text.split("\n"):
        if line.strip():
            number += 1
            named = _sector_of(line.strip())
            if named:
                heading, sector = line.strip(), named
            yield Paragraph(number, line, heading, sector, start)
        start += len(line) + 1


def _sector_of(line: str) -> str:
    """The sector that a heading names; empty for any other line."""
    if len(line) > 12 or _END.search(line) or re.search(r"\d", line):
        return ""
    words = ((word, id) for id, sector in definitions().sectors.items()
             for word in sector.get("headings", ()))  # fmt: skip
    return next((id for word, id in words if word in line), "")


def draft(text: str, year: int, earlier: Iterable[Dated]) -> Draft:
    """Draft a release of `year` from a text; `earlier` are figures of other releases.

    >>> found = draft("2020年建成农家书屋81个。", 2020, [])
    >>> found.drafted[0].best.measure, found.drafted[0].item.period
    ('farm_libraries', '2020')
    """
    known = [d.figure for d in earlier]
    lines = list(paragraphs(text))
    items = [item for item in scan(text, year) if item.kind == "quantity"]
    ends = [0, *(item.end for item in items)]
    starts = [*(item.start for item in items[1:]), len(text)]
    drafted = []
    for item, *own in zip(items, ends, starts, strict=False):
        line = max((p for p in lines if p.start <= item.start), key=lambda p: p.start)
        near = _near(text, item, line, *own)
        drafted.append(_drafted(text, item, line, _guesses(item, line, near, known)))
    return Draft(tuple(_each_once(drafted)))


def _near(text: str, item: Item, line: Paragraph, start: int, stop: int) -> dict[str, set[str]]:
    """Pairs of characters near a figure: between its neighbours, in its clause, and farther."""
    clause, before, behind = _around(text, item, _CLAUSE)
    own = text[max(before, start) : item.start], text[item.end : min(behind, stop)]
    return {
        "own": _pairs(*own),
        "clause": _pairs(clause),
        "sentence": _pairs(_around(text, item, _END)[0]),
        "paragraph": _pairs(line.text),
    }


def _drafted(text: str, item: Item, line: Paragraph, found: Iterable[Guess]) -> Drafted:
    guesses = sorted(found, key=lambda g: -g.score)
    best, second = (*guesses[:2], None, None)[:2]
    related = definitions().measures[best.measure].related if best else ()
    second = next((g for g in guesses if g.measure in related and g.score >= PLACED), second)
    locator = f"{line.heading or '导语'} ¶{line.number}"
    clause = _around(text, item, _CLAUSE)[0].strip("，,、；。！？： \n")
    return Drafted(item, locator, clause, best, second)


def _each_once(drafted: list[Drafted]) -> Iterator[Drafted]:
    """Of figures that claim one measure for one period, the best keeps it."""
    claims: dict[tuple, Drafted] = {}
    for d in drafted:
        key = d.best and (d.best.measure, d.item.period)
        if key and (key not in claims or claims[key].best.score < d.best.score):
            claims[key] = d
    for d in drafted:
        mine = d.best and claims[d.best.measure, d.item.period] is d
        yield d if mine or d.best is None else Drafted(d.item, d.locator, d.text, d.second, d.best)


# ---- the guess ----------------------------------------------------------------------------------


class _Words:
    """What the labels of all measures are made of, and how rare each pair of characters is."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self.pairs = {m.id: _pairs(m.label["zh"], *m.words) for m in measures}
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


@cache
def _words() -> _Words:
    return _Words(m for m in definitions().measures.values() if m.sector != "population")


def _pairs(*texts: str) -> set[str]:
    plain = [re.sub("[^\u4e00-\u9fff]", "", text) for text in texts]
    return {text[i : i + 2] for text in plain for i in range(len(text) - 1)}


def _guesses(
    item: Item, line: Paragraph, near: dict[str, set[str]], known: list[Observation]
) -> Iterator[Guess]:
    for id in _words().pairs:
        measure = definitions().measures[id]
        if _fits(item.text, measure.dimension):
            score = _words().likeness(id, near) + _bonus(item, line, measure, known)
            yield Guess(id, round(score, 3))


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


# ---- the files ----------------------------------------------------------------------------------


def new_draft(project: Path, region: str, year: int, path: Path) -> Draft:
    """Write a release drafted from a text: figures.csv with what was placed, unplaced.csv.

    ``DataError`` if the folder exists or the text is in no known encoding.
    """
    try:
        text = decode(path.read_bytes()).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DataError([Problem("unreadable", path.name, words={"found": error})]) from None
    earlier = [d for d in timeline(region, project) if d.release < year]
    result = draft(text, year, earlier)
    folder = new_folder(project, region, year)
    writer = _Rows(region, year, tuple(earlier))
    placed = [writer.row(d) for d in result.drafted if d.placed]
    unplaced = [writer.row(d) for d in result.drafted if not d.placed]
    write_csv(folder / "figures.csv", DRAFT_COLUMNS, placed)
    write_csv(folder / "unplaced.csv", DRAFT_COLUMNS, unplaced)
    files = (write_sources(folder, region, year), folder / "figures.csv", folder / "unplaced.csv")
    return Draft(result.drafted, files)


@dataclass(frozen=True)
class _Rows:
    """Drafted quantities as rows of a sheet; blank where a person must say."""

    region: str
    year: int
    earlier: tuple[Dated, ...]

    @cached_property
    def _last(self) -> dict[str, Observation]:
        return {d.figure.measure.id: d.figure for d in self.earlier}

    def row(self, drafted: Drafted) -> dict[str, str]:
        """A row; its period is up to the release's year where the text names none."""
        item, best, second = drafted.item, drafted.best, drafted.second
        before = self._last.get(best.measure) if best else None
        return {
            "measure": best.measure if best else "",
            "printed": item.text,
            "previous": before.printed if before else "",
            "period": item.period or f"../{self.year}",
            "aggregation": item.aggregation or (before.aggregation if before else ""),
            "source": f"{self.region}-{self.year}",
            "locator": drafted.locator,
            "score": f"{best.score:.2f}" if best else "",
            "runner_up": f"{second.measure} {second.score:.2f}" if second else "",
            "text": drafted.text,
        }
