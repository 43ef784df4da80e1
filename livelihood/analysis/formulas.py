"""The kinds of indicators: what each takes, how it is computed, and how it is written.

A kind is one record of :data:`INDICATOR_KINDS`. `number` computes on the printed numbers, `bounds`
on their bounds (each input written once, so that they stay tight), `text` on whatever stands for
the inputs: labels, ids, numbers. A new kind is a new record.

A result says, beside its number, where its inputs do not match: in period, in aggregation, or in
the population that they count (status ``D``, definition differs), and where a period's length
follows from a convention (status ``E``, estimated).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import product
from operator import add, truediv
from typing import Any, Literal

from livelihood.analysis.amounts import Amount, Note
from livelihood.display.messages import Problem
from livelihood.project.definitions import Definitions, Indicator
from livelihood.project.schema import misplaced, undefined
from livelihood.quantity.bounds import Bounds, growth, share, total

YEAR = "year"  # the unit that per_year divides by
Amounts = Sequence[Amount]


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator computed: its amount, and the amounts it came from by id."""

    indicator: Indicator
    amount: Amount
    inputs: dict[str, Amount]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of indicator takes (role -> one id or several), and what it makes of it.

    `changes` are what of the first input is not the result's own; `most` is the largest number
    that there can be.
    """

    takes: Mapping[str, type]
    number: Callable[..., Fraction]
    bounds: Callable[..., Bounds]
    text: Callable[[Iterable[str]], str]
    unit: Callable[[int, Amounts], str]
    notes: Callable[[Amounts], list[Note]] = lambda given: []
    changes: Callable[[Amounts, Definitions], dict[str, Any]] = lambda given, meaning: {}
    most: int | None = None


def kind_of(indicator: Indicator) -> Kind:
    """The kind of an indicator; ``KeyError`` if there is none such."""
    return kind_for(indicator.kind, indicator.inputs)


def kind_for(name: str, roles: Iterable[str]) -> Kind:
    """A kind by its name; a share takes its total, or the rest, which counts its part once."""
    return SHARE_OF_REST if name == "share" and "rest" in roles else INDICATOR_KINDS[name]


def operand_ids(indicator: Indicator) -> tuple[str, ...]:
    """The inputs in the order of the formula, in whichever order their roles are written."""
    return tuple(id for role in kind_of(indicator).takes for id in indicator.inputs.get(role, ()))


def operands(indicator: Indicator, inputs: Mapping[str, Amount]) -> Amounts:
    """The amounts that a formula works on: the inputs; a yearly mean divides by its years, too."""
    given = [inputs[id] for id in operand_ids(indicator)]
    if indicator.kind != "per_year":
        return given
    years = given[0].years
    value = years.low if years.is_exact else None
    return [*given, replace(given[0], value=value, bounds=years, unit=YEAR)]


def formula_text(indicator: Indicator, parts: Iterable[str]) -> str:
    """The formula with `parts` for its operands, in their order."""
    text = kind_of(indicator).text(parts)
    return f"{text} × {indicator.per:,}" if indicator.per != 1 else text


def choice(result: Result, end: Fraction) -> Sequence[Fraction] | None:
    """One end of each operand such that the formula gives `end`; ``None`` if there is none.

    The ends are not told but found: what is shown therefore adds up, or is not shown.
    """
    given = operands(result.indicator, result.inputs)
    ends = [
        [e for e in dict.fromkeys((a.bounds.low, a.bounds.high)) if e is not None] for a in given
    ]
    number, per = kind_of(result.indicator).number, result.indicator.per
    for numbers in product(*ends):
        try:
            if number(*numbers) * per == end:
                return numbers
        except ZeroDivisionError:
            continue
    return None


def roots(id: str, meaning: Definitions) -> tuple[str, ...]:
    """The printed measures that a measure or indicator is computed from, in order."""
    indicator = meaning.indicators.get(id)
    if indicator is None:
        return (id,)
    found = (root for input_id in operand_ids(indicator) for root in roots(input_id, meaning))
    return tuple(dict.fromkeys(found))


# ---- computing ----------------------------------------------------------------------------------


def compute_all(amounts: Mapping[str, Amount], meaning: Definitions) -> dict[str, Result]:
    """Every indicator whose inputs are there, in the order of definition."""
    known, results = dict(amounts), {}
    for id in meaning.order:
        if id in meaning.indicators and _computable(meaning.indicators[id], known):
            results[id] = compute(meaning.indicators[id], known, meaning)
            known[id] = results[id].amount
    return {id: results[id] for id in meaning.indicators if id in results}


def _computable(indicator: Indicator, known: Mapping[str, Amount]) -> bool:
    """Whether all inputs are there; what covers less than a year is not made a year's."""
    if not all(id in known for id in indicator.input_ids):
        return False
    if indicator.kind != "per_year":
        return True
    years = known[indicator.input_ids[0]].years
    return not (years.is_exact and years.high is not None and years.high < 1)


def compute(indicator: Indicator, amounts: Mapping[str, Amount], meaning: Definitions) -> Result:
    """One indicator from amounts by id; ``KeyError`` if an input is not there."""
    inputs = {id: amounts[id] for id in operand_ids(indicator)}
    kind, given = kind_of(indicator), operands(indicator, inputs)
    value, bounds, own = _numbers(kind, given, indicator.per)
    if indicator.automatic:
        own = [*own, Note("note_automatic", "A")]
    notes = dict.fromkeys([*(note for a in inputs.values() for note in a.notes), *own])
    unit = indicator.unit or kind.unit(indicator.per, given)
    amount = replace(given[0], value=value, bounds=bounds, unit=unit, notes=tuple(notes))
    return Result(indicator, replace(amount, **kind.changes(given, meaning)), inputs)


def _numbers(kind: Kind, given: Amounts, per: int) -> tuple[Fraction | None, Bounds, list[Note]]:
    """Value, bounds and the formula's own notes."""
    values = [a.value for a in given]
    try:
        value = None if None in values else kind.number(*values) * per
        bounds, notes = kind.bounds(*(a.bounds for a in given)), kind.notes(given)
    except ZeroDivisionError:
        value, bounds, notes = None, Bounds(None, None), [Note("note_zero", "D")]
    if per != 1:
        bounds = bounds * Bounds.exact(per)
    if kind.most is None:
        return value, bounds, notes
    if bounds.low is not None and bounds.low > kind.most:
        return value, bounds, [*notes, Note("note_above_total", "D")]
    return value, bounds.clip(0, kind.most), notes


# ---- what the kinds are made of -----------------------------------------------------------------


def _each_other(given: Amounts) -> list[Note]:
    return [n for other in given[1:] for n in mismatches(given[0], other, populations=False)]


def _comparable(given: Amounts) -> list[Note]:
    new, old = given
    alike = new.aggregation == old.aggregation and new.years == old.years
    return [] if alike else [_note("note_growth", new.period, old.period)]


def _length(given: Amounts) -> list[Note]:
    years = given[1].bounds
    if years.high is None:  # read strictly
        return [Note("note_years_open")]
    return [] if years.is_exact else [Note("note_years", "E", (("years", years),))]


def mismatches(a: Amount, b: Amount, *, populations: bool = True) -> list[Note]:
    """Where two amounts are not of one period, aggregation, population."""
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


def _common(given: Amounts, meaning: Definitions) -> dict[str, str]:
    """The population of a sum: the common one, or the one that all of them are `within`."""
    found = {term.population for term in given}
    if len(found) > 1:
        found = {meaning.populations[p].within for p in found if p}
    return {"population": found.pop() if len(found) == 1 else ""}


def unit_of_quotient(numerator: str, denominator: str, per: int) -> str:
    """CNY over person is CNY/person; the same over the same is 1; a year stands last.

    >>> unit_of_quotient("CNY/year", "household", 1)
    'CNY/household/year'
    >>> unit_of_quotient("个", "person", 10000)
    '个/10000 person'
    """
    if per != 1:
        denominator = f"{per} {denominator}"
    if denominator == "1":
        return numerator
    if numerator == denominator:
        return "1"
    over, *under = numerator.split("/")
    return "/".join([over, *sorted([*under, denominator], key=YEAR.__eq__)])


def _part_of_all(parts: Iterable[str]) -> str:
    part, *rest = parts
    return f"{part} ÷ ({' + '.join([part, *rest])})"


QUOTIENT = Kind(
    takes={"numerator": str, "denominator": str},
    number=truediv,
    bounds=truediv,
    text=" ÷ ".join,
    unit=lambda per, given: unit_of_quotient(given[0].unit, given[1].unit, per),
    notes=lambda given: mismatches(*given),
    changes=lambda given, meaning: {"population": ""},
)
SHARE_OF_REST = replace(
    QUOTIENT,
    takes={"part": str, "rest": list},
    number=lambda x, *rest: x / (x + sum(rest)),
    bounds=lambda x, *rest: share(x, total(rest)),
    text=_part_of_all,
    unit=lambda per, given: "1",
    notes=_each_other,
)
LEVEL = Kind(
    takes={"measure": str},
    number=lambda x: x,
    bounds=lambda x: x,
    text="".join,
    unit=lambda per, given: given[0].unit,
)
IndicatorKind = Literal[
    "level", "ratio", "per_head", "completion", "share", "per_year", "growth", "sum"
]  # as a type, for editors
INDICATOR_KINDS: dict[str, Kind] = {
    "level": LEVEL,
    "ratio": QUOTIENT,
    "per_head": replace(QUOTIENT, takes={"measure": str, "population": str}),
    "completion": replace(QUOTIENT, takes={"actual": str, "target": str}),
    "share": replace(
        QUOTIENT, takes={"part": str, "total": str}, unit=lambda per, given: "1", most=1
    ),
    "per_year": replace(
        QUOTIENT,
        takes={"measure": str},
        notes=_length,
        changes=lambda given, meaning: {"aggregation": "average_year"},
    ),
    "growth": replace(
        QUOTIENT,
        takes={"measure": str, "earlier": str},  # the second is found, not written
        number=lambda x, y: x / y - 1,
        bounds=growth,
        text=lambda parts: f"{' ÷ '.join(parts)} − 1",
        unit=lambda per, given: "1",
        notes=_comparable,
    ),
    "sum": replace(
        LEVEL,
        takes={"terms": list},
        number=lambda *terms: sum(terms, Fraction(0)),
        bounds=lambda *terms: reduce(add, terms),
        text=" + ".join,
        notes=_each_other,
        changes=_common,
    ),
}


# ---- what definitions may say -------------------------------------------------------------------


def kind_problems(meaning: Definitions) -> Iterator[Problem]:
    """Where an indicator is of no kind, or has other inputs than its kind takes."""
    for id, indicator in meaning.indicators.items():
        file, row = indicator.file, f"indicators.{id}"
        if indicator.kind not in INDICATOR_KINDS:
            yield from undefined(indicator.kind, INDICATOR_KINDS, file, row, "kind")
            continue
        takes = kind_of(indicator).takes
        yield from misplaced(indicator.inputs, takes, ["earlier"], file, row)
        for role, ids in indicator.inputs.items():
            if takes.get(role) is str and len(ids) > 1:
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
