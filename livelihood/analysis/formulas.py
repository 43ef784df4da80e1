"""Observations -> indicators: a closed set of kinds, with bounds carried through exactly.

An :class:`Amount` is what a formula works on: a number with its bounds, unit, period, way of
aggregation and the population it counts. A result says, beside its number, where its inputs do
not match: in period, in aggregation, or in the population that they count (status ``D``,
definition differs), and where a period's length rests on a convention (status ``E``, estimated).

A result has a ``value`` only where each input prints a number that lies inside its own bounds
(``1.27亿元``, ``约13万``). ``7万余`` or ``80%以上`` print an end, not a middle: what is computed
from livelihood.project.schema import undefined
from livelihood.display.messages import Problem
from them has bounds and no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.display.messages import Problem, say
from livelihood.project.definitions import Definitions, Indicator, Measure
from livelihood.project.schema import undefined
from livelihood.quantity.bounds import Bounds, growth, share, total
from livelihood.quantity.period import Period
from livelihood.quantity.vocabulary import DIMENSIONS
from livelihood.release.census import nearest_count

if TYPE_CHECKING:
    from livelihood.project.paths import Region
    from livelihood.release.observations import Observation

ONE = Bounds.exact(1)
YEAR = "year"  # the unit that per_year divides by


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say beside a number: a message of messages.toml, with what goes into it."""

    code: str
    status: str
    words: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as formulas see it; `value` is ``None`` where its words print only an end.

    `years` is the length of its period; `notes` are what it says of itself, and they travel on
    to whatever is computed from it.
    """

    value: Fraction | None
    bounds: Bounds
    unit: str
    period: Period
    aggregation: str
    population: str = ""
    years: Bounds = ONE
    notes: tuple[Note, ...] = ()

    @property
    def status(self) -> str:
        """SDMX observation status: A normal, D definition differs, E estimated."""
        found = {note.status for note in self.notes}
        return next((s for s in ("D", "E") if s in found), "A")

    def note(self, language: str, meaning: Definitions) -> str:
        """All notes as one text in the given language."""
        return ("；" if language == "zh" else "; ").join(
            say(note.code, language, **{k: _in_words(v, language, meaning) for k, v in note.words})
            for note in self.notes
        )


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator computed: its amount, and the amounts it came from by id."""

    indicator: Indicator
    amount: Amount
    inputs: dict[str, Amount]


def _in_words(word: object, language: str, meaning: Definitions) -> object:
    from livelihood.display.format import bounds_words, period_words

    if isinstance(word, Period):
        return period_words(word, language)
    if isinstance(word, Bounds):
        return bounds_words(word, "", language)
    if isinstance(word, tuple):  # an id of a vocabulary
        vocabulary, id = word
        if vocabulary == "populations":
            return meaning.populations[id].label[language]
        return say(id, language)
    return word


# What each kind takes, by role; a list takes one or more ids, of `total` and `rest` one is given.
ROLES: dict[str, dict[str, type]] = {
    "level": {"measure": str},
    "ratio": {"numerator": str, "denominator": str},
    "share": {"part": str, "total": str, "rest": list},
    "sum": {"terms": list},
    "per_year": {"measure": str},
    "per_head": {"measure": str, "population": str},
    "growth": {"measure": str},
    "completion": {"actual": str, "target": str},
}


def kind_problems(meaning: Definitions) -> Iterator[Problem]:
    """Where an indicator is of no kind, or has other inputs than its kind takes."""
    for id, indicator in meaning.indicators.items():
        file, row = indicator.file, f"indicators.{id}"
        yield from undefined(indicator.kind, ROLES, file, row, "kind")
        given = [role for role in indicator.inputs if role != "earlier"]
        roles = ROLES.get(indicator.kind, dict.fromkeys(given, str))
        needed = [r for r in roles if r != "rest" and not (r == "total" and "rest" in given)]
        for role in (r for r in needed if r not in given):
            yield Problem("missing_key", file, row, words={"expected": role})
        for role in (r for r in given if r not in roles or (r == "total" and "rest" in given)):
            words = {"found": role, "expected": ", ".join(roles)}
            yield Problem("unknown_key", file, row, role, words)
        for role, ids in indicator.inputs.items():
            if roles.get(role) is str and len(ids) > 1:
                words = {"found": ", ".join(ids), "expected": '"id"'}
                yield Problem("wrong_type", file, row, role, words)
        yield from _unlike_terms(indicator, meaning)


def _unlike_terms(indicator: Indicator, meaning: Definitions) -> Iterator[Problem]:
    """Persons, person-times, households and things are not added, unless a unit is declared."""
    terms = [
        meaning.measures[t] for t in indicator.inputs.get("terms", ()) if t in meaning.measures
    ]
    if len({t.dimension for t in terms}) > 1 and not indicator.unit:
        found = ", ".join(f"{t.id} ({t.dimension})" for t in terms)
        row = f"indicators.{indicator.id}"
        yield Problem("unit_clash", indicator.file, row, "terms", {"found": found})


def amount_of(figure: Observation, region: Region, release: int) -> Amount:
    """The amount of a printed figure."""
    quantity = figure.quantity
    inside = quantity.bounds.is_exact or quantity.value not in (quantity.low, quantity.high)
    years = figure.period.years(
        programme_start=region.programme_start, printed_on=figure.source.date, release=release
    )
    return Amount(
        quantity.value if inside else None, quantity.bounds, quantity.unit, figure.period,
        figure.aggregation, figure.measure.population, years,
    )  # fmt: skip


def census_amount(measure: Measure, code: str, year: int, project: Path) -> Amount | None:
    """The amount of a census denominator for a division, from the census nearest to `year`."""
    found = nearest_count(code, measure.census, year, project)
    if found is None:
        return None
    count, census_year = found
    unit = DIMENSIONS[measure.dimension]["unit"]
    return Amount(
        Fraction(count), Bounds.exact(count), unit, Period.parse(f"{census_year}-11-01"),
        "stock", measure.population,
    )  # fmt: skip


def compute_all(amounts: Mapping[str, Amount], known_as: Definitions) -> dict[str, Result]:
    """Every indicator whose inputs are there, in the order of definition."""
    meaning = known_as.indicators
    known = dict(amounts)
    results = {}
    for id in known_as.order:
        if id in meaning and _computable(meaning[id], known):
            results[id] = compute(meaning[id], known, known_as)
            known[id] = results[id].amount
    return {id: results[id] for id in meaning if id in results}


def _computable(indicator: Indicator, known: Mapping[str, Amount]) -> bool:
    """Whether all inputs are there; what covers less than a year is not made a year's."""
    if not all(id in known for id in indicator.input_ids):
        return False
    if indicator.kind != "per_year":
        return True
    years = known[indicator.input_ids[0]].years
    return not (years.is_exact and years.high is not None and years.high < 1)


def resting_on(
    results: Mapping[str, Result], printed: frozenset[str], meaning: Definitions
) -> dict[str, Result]:
    """The results with at least one of the `printed` measures under them.

    What follows from denominators alone belongs to no release.
    """
    rooted = set(printed)
    for id in meaning.order:
        if id in results and rooted.intersection(results[id].inputs):
            rooted.add(id)
    return {id: result for id, result in results.items() if id in rooted}


def compute(indicator: Indicator, amounts: Mapping[str, Amount], meaning: Definitions) -> Result:
    """One indicator from amounts by id; ``KeyError`` if an input is not there."""
    inputs = {id: amounts[id] for id in indicator.input_ids}
    roles = {role: [amounts[i] for i in ids] for role, ids in indicator.inputs.items()}
    amount, own = FORMULAS[indicator.kind](indicator, roles)
    if not amount.population and indicator.kind == "sum":
        amount = replace(amount, population=_common_population(roles["terms"], meaning))
    inherited = [note for i in inputs.values() for note in i.notes]
    notes = tuple(dict.fromkeys([*inherited, *own]))
    return Result(indicator, replace(amount, notes=notes), inputs)


Roles = Mapping[str, list[Amount]]
Formula = Callable[[Indicator, Roles], tuple[Amount, list[Note]]]


def _level(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    return roles["measure"][0], []


def _ratio(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    return _quotient(indicator, roles["numerator"][0], roles["denominator"][0])


def _per_head(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    return _quotient(indicator, roles["measure"][0], roles["population"][0])


def _completion(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    return _quotient(indicator, roles["actual"][0], roles["target"][0])


def _quotient(indicator: Indicator, a: Amount, b: Amount) -> tuple[Amount, list[Note]]:
    per = Fraction(indicator.per)
    zero = b.bounds.low == b.bounds.high == 0
    amount = replace(
        a,
        value=None if zero else _point(lambda x, y: x / y * per, a, b),
        bounds=Bounds(None, None) if zero else a.bounds / b.bounds * Bounds.exact(per),
        unit=indicator.unit or _unit_of_quotient(a.unit, b.unit, indicator.per),
        population="",
    )
    return amount, [Note("note_zero", "D")] if zero else _mismatches(a, b)


def _share(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    part = roles["part"][0]
    if "rest" in roles:
        rest = roles["rest"]
        bounds = share(part.bounds, total(r.bounds for r in rest))
        value = _point(lambda x, *others: x / (x + sum(others)), part, *rest)
        notes = [note for r in rest for note in _mismatches(part, r, populations=False)]
        return replace(part, value=value, bounds=bounds, unit="1", population=""), notes
    amount, notes = _quotient(indicator, part, roles["total"][0])
    bounds = amount.bounds
    if bounds.low is not None and bounds.low > 1:
        notes = [*notes, Note("note_above_total", "D")]
    else:
        bounds = bounds.clip(0, 1)
    return replace(amount, bounds=bounds, unit="1"), notes


def _sum(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    terms = roles["terms"]
    first, *others = terms
    amount = replace(
        first,
        value=_point(lambda *values: sum(values), *terms),
        bounds=reduce(add, (t.bounds for t in terms)),
        unit=indicator.unit or first.unit,
        population="",
    )
    return amount, [n for other in others for n in _mismatches(first, other, populations=False)]


def _per_year(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    measure = roles["measure"][0]
    exact_years, length = measure.years.is_exact, measure.years.low
    value = None
    if exact_years and length is not None and measure.value is not None:
        value = measure.value / length
    amount = replace(
        measure,
        value=value,
        bounds=measure.bounds / measure.years,
        unit=_unit_of_quotient(measure.unit, YEAR, 1),
        aggregation="average_year",
    )
    if exact_years:
        return amount, []
    return amount, [Note("note_years", "E", (("years", measure.years),))]


def _growth(indicator: Indicator, roles: Roles) -> tuple[Amount, list[Note]]:
    new, old = roles["measure"][0], roles["earlier"][0]
    amount = replace(
        new,
        value=_point(lambda x, y: x / y - 1, new, old),
        bounds=growth(new.bounds, old.bounds),
        unit="1",
        population="",
    )
    comparable = new.aggregation == old.aggregation and new.years == old.years
    return amount, [] if comparable else [_note("note_growth", new.period, old.period)]


FORMULAS: dict[str, Formula] = {
    "level": _level,
    "ratio": _ratio,
    "share": _share,
    "sum": _sum,
    "per_year": _per_year,
    "per_head": _per_head,
    "growth": _growth,
    "completion": _completion,
}


def _point(formula: Callable, *amounts: Amount) -> Fraction | None:
    """The formula on the printed numbers; ``None`` where one of them is only an end."""
    values = [amount.value for amount in amounts]
    return None if None in values else formula(*values)


def _mismatches(a: Amount, b: Amount, *, populations: bool = True) -> list[Note]:
    notes = []
    if a.period.text != b.period.text:
        notes.append(_note("note_periods", a.period, b.period))
    elif a.aggregation != b.aggregation and "1" not in (a.unit, b.unit):
        words = [("aggregations", x.aggregation) for x in (a, b)]
        notes.append(_note("note_aggregations", *words))
    if populations and a.population and b.population and a.population != b.population:
        words = [("populations", x.population) for x in (a, b)]
        notes.append(_note("note_populations", *words))
    return notes


def _note(code: str, numerator: object, denominator: object) -> Note:
    return Note(code, "D", (("numerator", numerator), ("denominator", denominator)))


def _common_population(terms: Iterable[Amount], meaning: Definitions) -> str:
    """The base of a sum: the common one, or the one that all of them are `within`."""
    found = {term.population for term in terms}
    if len(found) == 1:
        return found.pop()
    wider = {meaning.populations[p].within for p in found if p}
    return wider.pop() if len(wider) == 1 else ""


def _unit_of_quotient(numerator: str, denominator: str, per: int) -> str:
    """CNY over person is CNY/person; the same over the same is 1; a year stands last.

    >>> _unit_of_quotient("CNY/year", "household", 1)
    'CNY/household/year'
    >>> _unit_of_quotient("个", "person", 10000)
    '个/10000 person'
    """
    if per != 1:
        denominator = f"{per} {denominator}"
    if denominator == "1":
        return numerator
    if numerator == denominator:
        return "1"
    over, *under = numerator.split("/")
    under = sorted([*under, denominator], key=YEAR.__eq__)
    return "/".join([over, *under])
