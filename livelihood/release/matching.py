"""Which measure of the catalogue a printed name is, and which sector it is in.

A name is a measure if it is the measure's label or one of its words, what says nothing (完成,
项目) left out. One that is merely like a measure, or like two, is for a person to decide: a
wrong measure is worse than a new name. The sector is that of the measure, else of the longest
word known for a sector in the name, the sentence, or the heading.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from livelihood.project.definitions import Definitions, Measure
from livelihood.quantity.parse import parsed
from livelihood.release.columns import plain

ALIKE = 0.6  # from this likeness on a measure is named to the person
NEARLY = 0.8  # from this likeness on two names may be one with a slip of the pen
CLEAR = 0.85  # from this on it is taken, to be looked at,
AHEAD = 0.15  # if it leads the next by this
WORDS = tomllib.loads(Path(__file__).with_name("drafting.toml").read_text(encoding="utf-8"))
_SAME = {word: short for short, words in WORDS["same"].items() for word in words}
_SAME_PATTERN = re.compile("|".join(sorted(_SAME, key=len, reverse=True)))
_AGGREGATION = {kind: re.compile(rule) for kind, rule in WORDS["aggregation"].items()}
_DIGITS = re.compile("[1-9][0-9]*")
_DIGITS_COUNT = re.compile("[%‰成]|[0-9][^0-9.]+[0-9]")  # a share, a range, 23,941
_EMPTY = re.compile(WORDS["empty"])
_ASIDE = re.compile(r"[（(].*?[)）]|[\W_]")


@dataclass(frozen=True, slots=True)
class Match:
    """The measure that a name is, if it is clearly one; else those that it is like."""

    measure: str = ""
    sure: bool = True
    alike: tuple[str, ...] = ()


@lru_cache(maxsize=10_000)
def _core(name: str) -> str:
    """A name in the short words of the field, without what says nothing or stands in brackets."""
    name = _ASIDE.sub("", name)
    name = _SAME_PATTERN.sub(lambda match: _SAME[match[0]], name)
    return _EMPTY.sub("", name) or name


@lru_cache(maxsize=10_000)
def _pairs(name: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a name, its ends among them."""
    ended = f"^{name}$"
    return frozenset(ended[i : i + 2] for i in range(len(ended) - 1))


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: the share of their pairs that both have.

    >>> likeness("农村居民最低生活保障资金", "农村低保资金"), likeness("农家书屋", "电影") < 0.2
    (1.0, True)
    """
    a, b = _pairs(_core(one)), _pairs(_core(other))
    return 2 * len(a & b) / (len(a) + len(b))


def nearest(measure: Measure, others: Iterable[Measure]) -> Measure | None:
    """The measure whose name is nearly that of another, if one is."""
    name = measure.label["zh"]
    near = {
        other.id: (
            max(_resemblance(name, word) for word in (other.label["zh"], *other.words)),
            other,
        )
        for other in others
        if other.dimension == measure.dimension
    }
    best = max(near.values(), key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= NEARLY else None


def _resemblance(one: str, other: str) -> float:
    """How alike two names are if the order of their signs may differ; other digits, other names.

    >>> _resemblance("新增城镇就业", "城镇新增就业"), _resemblance("10月前完成", "11月前完成")
    (1.0, 0.0)
    """
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    a, b = Counter(one), Counter(other)
    return max(2 * (a & b).total() / (a.total() + b.total()), likeness(one, other))


def like(printed: str) -> str:
    """A figure in the same words, which measures the same, for all that differ in their digits.

    >>> like("37.5万元"), like("3—5万元"), like("37.5%")
    ('1.1万元', '3—5万元', '37.5%')
    """
    return printed if _DIGITS_COUNT.search(printed) else _DIGITS.sub("1", printed)


def fits(printed: str, dimension: str) -> bool:
    """Whether a printed figure can be of a dimension; a share is at most all."""
    return bool(dimension) and _fits(printed if dimension == "share" else like(printed), dimension)


@lru_cache(maxsize=50_000)
def _fits(printed: str, dimension: str) -> bool:
    return parsed(printed, dimension) is not None


class Catalogue:
    """The measures and sectors that a drafted figure may be of."""

    def __init__(self, meaning: Definitions) -> None:
        self.meaning = meaning
        self._sectors: dict[str, str] = {}
        self._matches: dict[tuple[str, str], Match] = {}

    @cached_property
    def _names(self) -> dict[str, list[tuple[str, Measure]]]:
        """The cores of all names by each pair of characters in them."""
        found = defaultdict(list)
        for measure in self.meaning.measures.values():
            for name in (measure.label["zh"], *measure.words):
                for pair in _pairs(_core(name)):
                    found[pair].append((name, measure))
        return found

    @cached_property
    def _by_name(self) -> dict[str, Measure]:
        measures = self.meaning.measures.values()
        return {plain(n): m for m in measures for n in (m.id, *m.label.values(), *m.words)}

    def named(self, label: str) -> Measure | None:
        """The measure that has exactly this name, whatever it counts."""
        return self._by_name.get(plain(label))

    def match(self, label: str, printed: str) -> Match:
        """The measure that `label` names, among those whose dimension `printed` may have."""
        key = label, like(printed)
        if key not in self._matches:
            self._matches[key] = self._match(label, printed)
        return self._matches[key]

    def _match(self, label: str, printed: str) -> Match:
        near = {(n, m.id): m for pair in _pairs(_core(label)) for n, m in self._names.get(pair, ())}
        scores: dict[str, float] = {}
        for (name, id), measure in near.items():
            score = likeness(label, name)
            if score >= ALIKE and (not printed or fits(printed, measure.dimension)):
                scores[id] = max(score, scores.get(id, 0.0))
        best = sorted(scores, key=lambda id: (-scores[id], id))[:3]
        if not best:
            return Match()
        lead = scores[best[0]] - (scores[best[1]] if len(best) > 1 else 0.0)
        sure = scores[best[0]] == 1.0 and lead > 0
        if sure or (scores[best[0]] >= CLEAR and lead >= AHEAD):
            return Match(best[0], sure, tuple(best[:1]))
        return Match("", False, tuple(best))

    def sector(self, *places: str) -> str:
        """The sector whose longest word the first of `places` that has any holds; else empty."""
        return next(filter(None, map(self._sector_of, places)), "")

    def heading_sector(self, heading: str, before: str) -> str:
        """The sector of a heading; of several that of the figure `before`, else the first."""
        found = [self._sector_words[m[1]] for m in self._sector_pattern.finditer(heading)]
        return before if before in found else next(iter(found), "")

    @cached_property
    def _sector_words(self) -> dict[str, str]:
        return {word: s.id for s in self.meaning.sectors.values() for word in s.words}

    @cached_property
    def _sector_pattern(self) -> re.Pattern[str]:
        words = sorted(self._sector_words, key=len, reverse=True)
        return re.compile(f"(?=({'|'.join(map(re.escape, words))}))")

    def _sector_of(self, words: str) -> str:
        """Chinese names have what they are about at their end: of two equal words the last."""
        if words not in self._sectors:
            found = [m[1] for m in self._sector_pattern.finditer(words)]
            best = max(enumerate(found), key=lambda pair: (len(pair[1]), pair[0]), default=None)
            self._sectors[words] = self._sector_words[best[1]] if best else ""
        return self._sectors[words]


def aggregation(label: str, clause: str, role: str, before: str = "") -> str:
    """How a figure whose text does not say is summed: as at the end, or over the period.

    What is part of the figure `before`, or stands in a list with it, is summed as that is.

    >>> aggregation("农村低保标准", "", ""), aggregation("新增托位", "", "")
    ('stock', 'total')
    """
    if role == "completion" or label.endswith("资金") or _AGGREGATION["paid"].match(label):
        return "total"
    if _AGGREGATION["stock"].search(label):
        return "stock"
    if _AGGREGATION["total"].search(label) or _AGGREGATION["total"].search(clause):
        return "total"
    listed = before and clause.startswith(("其中", "、"))
    return before if listed else "stock" if _AGGREGATION["counted"].search(label) else "total"
