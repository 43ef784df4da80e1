"""Which measure of the catalogue a printed name is, and which sector it is in.

A name is a measure if it is the measure's label or one of its words, what says nothing (完成,
项目) left out. One that is merely like a measure, or like two, is for a person to decide: a
wrong measure is worse than a new name. The sector is that of the measure, else of the longest
word known for a sector in the name, the sentence, or the heading.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from livelihood.project.definitions import Definitions, Measure
from livelihood.quantity.parse import dimension_of, parsed
from livelihood.quantity.vocabulary import alternation, read_table
from livelihood.release.columns import plain

ALIKE = 0.6  # from this likeness on a measure is named to the person
NEARLY = 0.8  # from this likeness on two names may be one with a slip of the pen
CLEAR = 0.85  # from this on it is taken, to be looked at,
AHEAD = 0.15  # if it leads the next by this
WORDS = read_table("drafting.toml", __file__)
_SAME = {word: short for short, words in WORDS["same"].items() for word in words}
_SAME_PATTERN = re.compile("|".join(sorted(_SAME, key=len, reverse=True)))
_AGGREGATION = {kind: re.compile(rule) for kind, rule in WORDS["aggregation"].items()}
_DIGITS = re.compile("[0-9]*[1-9][0-9]*")
_DIGITS_COUNT = re.compile("[0-9]{3}.*[%‰]|[0-9]{2}成|[0-9.]+$|[0-9][^0-9.]+[0-9]")
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

    def near(other: Measure) -> float:
        return max(_resemblance(measure.label["zh"], word) for word in _names(other))

    alike = (other for other in others if other.dimension == measure.dimension)
    best = max(alike, key=near, default=None)
    return best if best and near(best) >= NEARLY else None


def _names(measure: Measure) -> tuple[str, ...]:
    return (measure.label["zh"], *measure.words)


def _resemblance(one: str, other: str) -> float:
    """How alike two names are if the order of their signs may differ; other digits, other names.

    >>> _resemblance("新增城镇就业", "城镇新增就业"), _resemblance("10月前完成", "11月前完成")
    (1.0, 0.0)
    """
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    a, b = Counter(one), Counter(other)
    return max(2 * (a & b).total() / (a.total() + b.total()), likeness(one, other))


@lru_cache(maxsize=50_000)
def like(printed: str) -> str:
    """A figure in the same words, which measures the same, for all that differ in their digits.

    >>> like("37.5万元"), like("3—5万元"), like("37.5%"), like("137.5%")
    ('1.1万元', '3—5万元', '1.1%', '137.5%')
    """
    return printed if _DIGITS_COUNT.search(printed) else _DIGITS.sub("1", printed)


@lru_cache(maxsize=50_000)
def measured(printed: str) -> str:
    """The dimension of a printed figure; empty if it cannot be read."""
    alike = like(printed)
    return dimension_of(printed) if alike == printed else measured(alike)


@lru_cache(maxsize=50_000)
def fits(printed: str, dimension: str) -> bool:
    """Whether a printed figure can be of a dimension."""
    if dimension == "" or (alike := like(printed)) != printed:
        return dimension != "" and fits(alike, dimension)
    return parsed(printed, dimension) is not None


class Catalogue:
    """The measures and sectors that a drafted figure may be of."""

    def __init__(self, meaning: Definitions) -> None:
        self.meaning = meaning
        self._sectors: dict[str, str] = {}
        self._matches: dict[tuple[str, str], Match] = {}

    @cached_property
    def _names(self) -> list[tuple[Measure, frozenset[str]]]:
        """The names of all measures, as pairs of characters."""
        return [(m, _pairs(_core(n))) for m in self.meaning.measures.values() for n in _names(m)]

    @cached_property
    def _by_pair(self) -> dict[str, list[int]]:
        """The places of the names that have a pair of characters."""
        found = defaultdict(list)
        for place, (_, pairs) in enumerate(self._names):
            for pair in pairs:
                found[pair].append(place)
        return dict(found)

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
        own = _pairs(_core(label))
        shared = Counter(chain.from_iterable(self._by_pair.get(pair, ()) for pair in own))
        scores: dict[str, float] = {}
        for place, both in shared.items():
            measure, pairs = self._names[place]
            score = 2 * both / (len(own) + len(pairs))
            if score >= ALIKE and (not printed or fits(printed, measure.dimension)):
                scores[measure.id] = max(score, scores.get(measure.id, 0.0))
        best = sorted(scores, key=lambda id: (-scores[id], id))[:3]
        if not best:
            return Match()
        first, second = [*(scores[id] for id in best), 0.0][:2]
        sure = first == 1.0 > second
        if sure or (first >= CLEAR and first - second >= AHEAD):
            return Match(best[0], sure, tuple(best[:1]))
        return Match("", False, tuple(best))

    def sector(self, *places: str) -> str:
        """The sector whose longest word the first of `places` that has any holds; else empty."""
        return next(filter(None, map(self._sector_of, places)), "")

    def heading_sector(self, heading: str, before: str) -> str:
        """The sector of a heading; of several that of the figure `before`, else the first."""
        found = [self._sector_words[word] for word in self._sector_pattern.findall(heading)]
        return before if before in found else next(iter(found), "")

    @cached_property
    def _sector_words(self) -> dict[str, str]:
        return {word: s.id for s in self.meaning.sectors.values() for word in s.words}

    @cached_property
    def _sector_pattern(self) -> re.Pattern[str]:
        return re.compile(f"(?=({alternation(self._sector_words)}))")

    def _sector_of(self, words: str) -> str:
        """Chinese names have what they are about at their end: of two equal words the last."""
        if words not in self._sectors:
            found = self._sector_pattern.findall(words)
            longest = max(reversed(found), key=len, default=None)
            self._sectors[words] = self._sector_words[longest] if longest else ""
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
