"""A bulletin's text -> rows drafted for a person to look over.

Every quantity of the text is found by :func:`livelihood.quantity.text.scan.scan` with its
period, aggregation
and place. Its measure is guessed: labels of measures share pairs of characters with the words
around the figure, rarer pairs counting more; a heading names the sector; a measure that earlier
releases print, in the same unit word, is likelier. A figure whose best guess is weak, or hardly
better than the second, is left for a person, with both named. Nothing is decided silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from livelihood.display.characters import inert
from livelihood.display.messages import say
from livelihood.project.definitions import Definitions, read_definitions
from livelihood.quantity.text.scan import Item, scan
from livelihood.release.matching import (
    Guess,
    Paragraph,
    clause_of,
    guesses,
    label_words,
    near_words,
    paragraphs,
)
from livelihood.release.observations import Dated, Observation, timeline
from livelihood.release.scaffold import COLUMNS, new_folder, write_csv, write_sources
from livelihood.release.sheet import read_text

PLACED = 0.5  # the score from which on a guess is taken
AHEAD = 0.08  # by how much it must lead the runner-up
WEIGHTS = {
    "own": 1.0,
    "clause": 0.8,
    "sentence": 0.45,
    "paragraph": 0.2,
}  # of a pair, by where it stands
DRAFT_COLUMNS = (*COLUMNS, "score", "runner_up", "text")


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

        Between two measures of nearly one thing (农家书屋, 投入使用的农家书屋) a person decides.
        """
        best, second = self.best, self.second
        if best is None or best.score < PLACED or second is None:
            return best is not None and best.score >= PLACED
        related = second.measure in best.related
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


def draft(text: str, year: int, earlier: Iterable[Dated], meaning: Definitions) -> Draft:
    """Draft a release of `year` from a text; `earlier` are figures of other releases.

    >>> from livelihood.project.definitions import read_definitions
    >>> from livelihood.project.paths import find_project
    >>> meaning = read_definitions(find_project())
    >>> found = draft("2020年建成农家书屋81个。", 2020, [], meaning)
    >>> found.drafted[0].best.measure, found.drafted[0].item.period
    ('farm_libraries', '2020')
    """
    known = [d.figure for d in earlier]
    lines, words = list(paragraphs(text, meaning)), label_words(meaning)
    items = [item for item in scan(text, year) if item.kind == "quantity"]
    ends = [0, *(item.end for item in items)]
    starts = [*(item.start for item in items[1:]), len(text)]
    drafted = []
    for item, *own in zip(items, ends, starts, strict=False):
        line = max((p for p in lines if p.start <= item.start), key=lambda p: p.start)
        near = near_words(text, item, line, *own)
        drafted.append(_drafted(text, item, line, guesses(item, line, near, known, words)))
    return Draft(tuple(_each_once(drafted)))


def _drafted(text: str, item: Item, line: Paragraph, found: Iterable[Guess]) -> Drafted:
    best_first = sorted(found, key=lambda g: -g.score)
    best, second = (*best_first[:2], None, None)[:2]
    related = best.related if best else ()
    second = next((g for g in best_first if g.measure in related and g.score >= PLACED), second)
    locator = f"{line.heading or '导语'} ¶{line.number}"
    clause = clause_of(text, item).strip("，,、；。！？： \n")
    return Drafted(item, locator, clause, best, second)


def _score(drafted: Drafted) -> float:
    return drafted.best.score if drafted.best else 0.0


def _each_once(drafted: list[Drafted]) -> Iterator[Drafted]:
    """Of figures that claim one measure for one period, the best keeps it."""
    claims: dict[tuple, Drafted] = {}
    for d in drafted:
        if d.best:
            key = (d.best.measure, d.item.period)
            claims[key] = max(claims.get(key, d), d, key=_score)
    for d in drafted:
        mine = d.best and claims[d.best.measure, d.item.period] is d
        yield d if mine or d.best is None else Drafted(d.item, d.locator, d.text, d.second, d.best)


# ---- the files ----------------------------------------------------------------------------------


def new_draft(project: Path, region: str, year: int, path: Path) -> Draft:
    """Write a release drafted from a text: figures.csv with what was placed, unplaced.csv.

    ``DataError`` if the folder exists or the text is in no known encoding.
    """
    text = read_text(path).replace("\r\n", "\n").replace("\f", "\n")
    earlier = [d for d in timeline(region, project) if d.release < year]
    result = draft(text, year, earlier, read_definitions(project, region))
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
            "locator": inert(drafted.locator),
            "score": f"{best.score:.2f}" if best else "",
            "runner_up": f"{second.measure} {second.score:.2f}" if second else "",
            "text": inert(drafted.text),
        }
