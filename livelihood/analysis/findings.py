"""The two sides of a check, in words, with bounds and sources, and the finding they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from livelihood.analysis.formulas import Amount, amount_of, compute_all
from livelihood.analysis.release import Release
from livelihood.display.format import amount_words, bounds_words, period_words
from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import Check
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Observation, counted

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side: a name, the words that show it, its bounds, where it is from."""

    name: Words
    shown: Words
    bounds: Bounds
    source: Words


NO_NOTE = dict.fromkeys(LANGUAGES, "")


@dataclass(frozen=True, slots=True)
class Finding:
    """How a check came out: the verdict, both sides, and what to add to the check's own reason."""

    check: Check
    sector: str
    verdict: str
    left: Side
    right: Side
    note: Words

    def reason(self, language: str) -> str:
        """Why the check holds, and what is particular here."""
        parts = (self.check.why[language], self.note[language])
        return say("between_parts", language).join(p.rstrip("。.") for p in parts if p)

    def lines(self, language: str) -> tuple[str, str, str, str]:
        """Verdict, check and both sides as a row of a table, with lines inside the cells."""
        left, right = (
            "\n".join((side.name[language], side.shown[language], side.source[language]))
            for side in (self.left, self.right)
        )
        check = f"{self.check.label[language]}\n{self.reason(language)}"
        return say(self.verdict, language), check, left, right


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may use: numbers by id, figures, and which measures are the release's own."""

    release: Release
    known: Mapping[str, Amount]
    figures: tuple[Observation, ...]
    own: frozenset[str]

    @classmethod
    def of_reference(cls, release: Release) -> Context:
        """The standing denominators alone, so that a bulletin is checked in itself."""
        # Of a measure that a bulletin prints for several dates, the last row counts.
        figures = tuple(counted(release.reference).values())
        amounts = {f.measure.id: amount_of(f, release.region, release.year) for f in figures}
        known = amounts | {
            id: r.amount for id, r in compute_all(amounts, release.definitions).items()
        }
        return cls(release, known, figures, frozenset(amounts))

    def printed(self, id: str) -> set[str]:
        """The measures that a measure or indicator rests on, down to the printed ones."""
        indicator = self.release.definitions.indicators.get(id)
        if indicator is None:
            return {id}
        return set().union(*(self.printed(i) for i in indicator.input_ids))

    def has(self, *ids: str) -> bool:
        """Whether all are known, and one of them rests on the context's own figures."""
        rests = set().union(*(self.printed(id) for id in ids))
        return all(id in self.known for id in ids) and bool(rests & self.own)

    def side(self, id: str) -> Side:
        """A measure or indicator as one side of a check."""
        amount = self.known[id]
        figure = counted(self.figures).get(id)
        label = {language: self.release.definitions.label(id, language) for language in LANGUAGES}
        if figure is not None:
            return figure_side(figure)
        shown = {
            language: amount_words(amount.value, amount.bounds, amount.unit, language)
            for language in LANGUAGES
        }
        return Side(label, shown, amount.bounds, self._sources(id))

    def _sources(self, id: str) -> Words:
        under = self.printed(id)
        standing = [f for f in self.release.reference if not f.measure.census]
        places = [
            _where(f) for f in (*self.figures, *standing) if f.measure.id in under and f.is_result
        ]
        if any(
            m.census and m.id in under - self.own
            for m in self.release.definitions.measures.values()
        ):
            return {
                language: say("between", language).join(
                    dict.fromkeys([*places, self._census(under, language)])
                )
                for language in LANGUAGES
            }
        return dict.fromkeys(LANGUAGES, "、".join(dict.fromkeys(places)))

    def _census(self, under: set[str], language: str) -> str:
        years = {
            self.known[id].period.text[:4]
            for id in under - self.own
            if id in self.known and self.release.definitions.measures[id].census
        }
        return say("census_of", language, year=", ".join(sorted(years)))


def figure_side(figure: Observation) -> Side:
    """A printed figure as one side: the source's words and, beside them, what they say."""
    shown = {}
    for language in LANGUAGES:
        reads = bounds_words(figure.quantity.bounds, figure.quantity.unit, language)
        when = period_words(figure.period, language)
        how = say(figure.aggregation, language)
        shown[language] = say("side", language, printed=figure.printed, reads=reads,
                              period=when, aggregation=how)  # fmt: skip
    source = dict.fromkeys(LANGUAGES, _where(figure))
    return Side(figure.measure.label, shown, figure.quantity.bounds, source)


def _where(figure: Observation) -> str:
    return f"{figure.source.id} {figure.locator}"


def combined(sides: list[Side], sign: str, bounds: Bounds, unit: str) -> Side:
    """Several sides as one, such as part ÷ total, with the bounds that they give together."""

    def join(what: str, language: str) -> str:
        return sign.join(getattr(side, what)[language] for side in sides)

    value = bounds.low if bounds.is_exact else None
    shown = {language: amount_words(value, bounds, unit, language) for language in LANGUAGES}
    name = {language: join("name", language) for language in LANGUAGES}
    places = "、".join(dict.fromkeys(side.source["zh"] for side in sides))
    return Side(name, shown, bounds, dict.fromkeys(LANGUAGES, places))
