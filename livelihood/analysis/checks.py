"""Figures compared with each other, and with plain sense.

The checks are data (``data/definitions/``) of a closed set of kinds. A finding is a doubt about
what a source says, not a mistake in the data: mistakes in the data are
:class:`~livelihood.display.messages.DataError` and stop everything before a check runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from livelihood.analysis.amounts import Note, around, census_amount, kind_of
from livelihood.analysis.findings import (
    VERDICTS,
    Evidence,
    Finding,
    Side,
    at_most,
    figure_side,
    inside,
    quotient_side,
    same,
)
from livelihood.display.messages import Problem
from livelihood.project.definitions import Check, Definitions
from livelihood.project.schema import undefined
from livelihood.quantity.bounds import Bounds, growth
from livelihood.release.observations import Observation

NUMBER = (int, float)


@dataclass(frozen=True, slots=True)
class CheckKind:
    """What a kind of check compares (role -> type; those of `may` are optional), and how."""

    takes: Mapping[str, type | tuple[type, ...]]
    find: Callable[[Check, Evidence], Iterator[Finding]]
    may: frozenset[str] = frozenset()


def find(evidence: Evidence) -> list[Finding]:
    """Every check that the figures give rise to, doubts first.

    >>> from livelihood import load
    >>> findings = find(load("duji", 2019).evidence)
    >>> next(f.verdict for f in findings if f.check.id == "student_aid_plausible")
    'inconsistent'
    """
    found = [
        finding
        for check in evidence.definitions.checks.values()
        for finding in CHECK_KINDS[check.kind].find(check, evidence)
    ]
    return sorted(found, key=lambda f: VERDICTS.index(f.verdict))


def kind_problems(meaning: Definitions) -> Iterator[Problem]:
    """Where a check is of no kind, or compares something else than its kind does."""
    for id, check in meaning.checks.items():
        file, row = check.file, f"checks.{id}"
        if check.kind not in CHECK_KINDS:
            yield from undefined(check.kind, CHECK_KINDS, file, row, "kind")
            continue
        kind = CHECK_KINDS[check.kind]
        for role in (r for r in kind.takes if r not in (*check.roles, *kind.may)):
            yield Problem("missing_key", file, row, words={"expected": role})
        for role, value in check.roles.items():
            if role not in kind.takes:
                words = {"found": role, "expected": ", ".join(kind.takes)}
                yield Problem("unknown_key", file, row, role, words)
            elif not isinstance(value, kind.takes[role]) or isinstance(value, bool):
                words = {"found": str(value)[:40], "expected": role}
                yield Problem("wrong_type", file, row, role, words)


# ---- the kinds ----------------------------------------------------------------------------------


def _finding(
    check: Check, verdict: str, left: Side, right: Side, note: Note | None = None, sector: str = ""
) -> Finding:
    return Finding(check, check.sector or sector, verdict, left, right, note)


def _over(a: Bounds, b: Bounds) -> Bounds:
    """The quotient; of nothing it says nothing."""
    return Bounds(None, None) if b.low == b.high == 0 else a / b


def _two_sides(
    check: Check, evidence: Evidence, compare: Callable[[Bounds, Bounds], str]
) -> Iterator[Finding]:
    ids = check.roles["left"], check.roles["right"]
    if evidence.has(*ids):
        left, right = map(evidence.side, ids)
        note = _population_note(*(evidence.known[id].population for id in ids))
        yield _finding(check, compare(left.bounds, right.bounds), left, right, note)


def _population_note(left: str, right: str) -> Note | None:
    if not (left and right) or left == right:
        return None
    words = (("left", ("populations", left)), ("right", ("populations", right)))
    return Note("sides_populations", "D", words)


def _equal(check: Check, evidence: Evidence) -> Iterator[Finding]:
    return _two_sides(check, evidence, same)


def _at_most(check: Check, evidence: Evidence) -> Iterator[Finding]:
    return _two_sides(check, evidence, at_most)


def _between(check: Check, evidence: Evidence) -> Iterator[Finding]:
    id = check.roles["measure"]
    if not evidence.has(id):
        return
    left = evidence.side(id)
    low, high = Fraction(check.roles["low"]), Fraction(check.roles["high"])
    limits = Side(Bounds(low, high), evidence.known[id].unit)
    yield _finding(check, inside(left.bounds, low, high), left, limits)


def _rate(check: Check, evidence: Evidence) -> Iterator[Finding]:
    rate, part, total = (check.roles[r] for r in ("rate", "part", "total"))
    if evidence.has(rate, part, total):
        counts = [evidence.side(id) for id in (part, total)]
        per = Bounds.exact(check.roles.get("per", 1))
        bounds = _over(counts[0].bounds, counts[1].bounds) * per
        left = evidence.side(rate)
        right = quotient_side(counts, bounds, evidence.known[rate].unit)
        yield _finding(check, same(left.bounds, bounds), left, right)


def _completion(check: Check, evidence: Evidence) -> Iterator[Finding]:
    rate, measure = check.roles["rate"], check.roles["measure"]
    if not evidence.has(rate, measure):
        return
    left, actual = evidence.side(rate), evidence.side(measure)
    targets = (f for f in evidence.figures if f.measure.id == measure and f.role == "target")
    target = next(targets, None)
    if target is None:
        bounds = _over(actual.bounds, left.bounds)
        right = quotient_side([actual, left], bounds, evidence.known[measure].unit)
        yield _finding(check, "not_determinable", left, right, Note("no_target"))
        return
    bounds = _over(actual.bounds, target.quantity.bounds)
    right = quotient_side([actual, figure_side(target)], bounds, "1")
    yield _finding(check, same(left.bounds, bounds), left, right)


def _earlier(evidence: Evidence) -> Iterator[tuple[Observation, Observation]]:
    """Each figure that is checked with each figure of its measure in an earlier release."""
    before: dict[str, list[Observation]] = {}
    for old in evidence.earlier:
        before.setdefault(old.measure.id, []).append(old)
    for figure in evidence.figures:
        for old in before.get(figure.measure.id, ()):
            yield figure, old


def _change(check: Check, evidence: Evidence) -> Iterator[Finding]:
    factor = Fraction(check.roles["factor"])
    for new, old in _earlier(evidence):
        if new.measure.id not in check.roles["measures"] or old.quantity.bounds.high == 0:
            continue
        if kind_of(new) != kind_of(old):
            verdict, note = "not_determinable", _kinds_note(new, old)
        else:
            ratio = new.quantity.bounds / old.quantity.bounds
            verdict, note = inside(ratio, 1 / factor, factor), None
        yield _finding(check, verdict, figure_side(new), figure_side(old), note)


def _kinds_note(new: Observation, old: Observation) -> Note:
    words = [(side, ("kinds", (kind_of(f), f))) for side, f in (("left", new), ("right", old))]
    return Note("kinds_differ", "D", tuple(words))


def _pairs(evidence: Evidence) -> Iterator[tuple[Observation, Observation]]:
    """Each figure with every other one of its measure: of earlier releases, then of this one."""
    yield from _earlier(evidence)
    seen: dict[str, list[Observation]] = {}
    for figure in evidence.figures:
        yield from ((figure, other) for other in seen.get(figure.measure.id, ()))
        seen.setdefault(figure.measure.id, []).append(figure)


def _repeat(check: Check, evidence: Evidence) -> Iterator[Finding]:
    for new, old in _pairs(evidence):
        if new.period.text == old.period.text and kind_of(new) == kind_of(old):
            verdict = same(new.quantity.bounds, old.quantity.bounds)
            left, right = figure_side(new), figure_side(old)
            yield _finding(check, verdict, left, right, sector=new.measure.sector)
    yield from _census_repeats(check, evidence)


def _census_repeats(check: Check, evidence: Evidence) -> Iterator[Finding]:
    """A figure of the day of a census against the census table, which is the same count."""
    for figure in evidence.figures:
        measure, day = figure.measure, figure.period.text
        if not (measure.census and figure.period.first and figure.is_result):
            continue
        year = figure.period.first.year
        counted = census_amount(measure, evidence.region.code, year, evidence.project)
        if counted and counted.period.text == day:
            right = Side(
                counted.bounds, counted.unit, counted.value, measure.id, censuses=(str(year),)
            )
            verdict = same(figure.quantity.bounds, counted.bounds)
            yield _finding(check, verdict, figure_side(figure), right, sector=measure.sector)


def _contained(check: Check, evidence: Evidence) -> Iterator[Finding]:
    for new, old in _pairs(evidence):
        totals = new.aggregation == old.aggregation == "total" and new.is_result and old.is_result
        totals = totals and new.quantity.unit != "1"  # a share is no total
        if not totals or new.period.text == old.period.text or not around(new.period, old.period):
            continue
        verdict = at_most(old.quantity.bounds, new.quantity.bounds)
        if verdict == "inconsistent" and new.period.first is None:
            verdict = "not_determinable"  # the longer time may have begun later
        left, right = figure_side(old), figure_side(new)
        yield _finding(check, verdict, left, right, sector=new.measure.sector)


def _of_role(role: str, evidence: Evidence) -> dict[str, Observation]:
    """The newest figure of a role by measure."""
    found = [f for f in evidence.figures if f.role == role and not f.breakdown]
    return {f.measure.id: f for f in found}


def _printed_completion(check: Check, evidence: Evidence) -> Iterator[Finding]:
    """A printed rate against the result and the target, where both are printed, too."""
    targets = _of_role("target", evidence)
    for id, rate in _of_role("completion", evidence).items():
        if id in targets and id in evidence.printed:
            sides = [figure_side(evidence.printed[id]), figure_side(targets[id])]
            bounds = _over(sides[0].bounds, sides[1].bounds)
            verdict = same(rate.quantity.bounds, bounds)
            right = quotient_side(sides, bounds, "1")
            yield _finding(check, verdict, figure_side(rate), right, sector=rate.measure.sector)


def _printed_growth(check: Check, evidence: Evidence) -> Iterator[Finding]:
    """A printed change against the change from the figure of a year before."""
    for id, grown in _of_role("growth", evidence).items():
        new = evidence.printed.get(id)
        if new is None or grown.quantity.unit != "1" or not new.is_result:
            continue
        before = [f for f in evidence.earlier if f.measure.id == id and _a_year_before(f, new)]
        for old in before[-1:]:
            bounds = growth(new.quantity.bounds, old.quantity.bounds)
            verdict = same(grown.quantity.bounds, bounds)
            right = quotient_side([figure_side(new), figure_side(old)], bounds, "1")
            yield _finding(check, verdict, figure_side(grown), right, sector=new.measure.sector)


def _a_year_before(old: Observation, new: Observation) -> bool:
    first, then = new.period.first, old.period.first
    alike = kind_of(old) == kind_of(new) and old.quantity.bounds.low != 0
    return alike and first is not None and then is not None and then.year == first.year - 1


def _far_beyond(check: Check, evidence: Evidence) -> Iterator[Finding]:
    """A printed or computed completion beyond `factor` times the target."""
    most = Fraction(check.roles["factor"])
    sides = {id: figure_side(f) for id, f in _of_role("completion", evidence).items()}
    for id in _of_role("target", evidence):
        if id not in sides and evidence.has(f"{id}@completion"):
            sides[id] = evidence.side(f"{id}@completion")
    for id, side in sides.items():
        if side.bounds.low is not None and side.bounds.low > most:
            sector = evidence.definitions.measures[id].sector
            limits = Side(Bounds(Fraction(0), most), "1")
            yield _finding(check, "inconsistent", side, limits, sector=sector)


def _doubted(check: Check, evidence: Evidence) -> Iterator[Finding]:
    """A figure of which its own source gives reason to doubt, as its note says."""
    for figure in evidence.figures:
        if figure.status == "U":
            note = Note("as_noted", "U", (("note", ("note", figure)),))
            unknown = Side(Bounds(None, None), figure.quantity.unit)
            sector = figure.measure.sector
            yield _finding(
                check, "not_determinable", figure_side(figure), unknown, note, sector=sector
            )


CHECK_KINDS: dict[str, CheckKind] = {
    "printed_completion": CheckKind({}, _printed_completion),
    "printed_growth": CheckKind({}, _printed_growth),
    "far_beyond": CheckKind({"factor": NUMBER}, _far_beyond),
    "doubted": CheckKind({}, _doubted),
    "equal": CheckKind({"left": str, "right": str}, _equal),
    "at_most": CheckKind({"left": str, "right": str}, _at_most),
    "between": CheckKind({"measure": str, "low": NUMBER, "high": NUMBER}, _between),
    "rate": CheckKind(
        {"rate": str, "part": str, "total": str, "per": int}, _rate, frozenset({"per"})
    ),
    "completion": CheckKind({"rate": str, "measure": str}, _completion),
    "change": CheckKind({"measures": list, "factor": NUMBER}, _change),
    "repeat": CheckKind({}, _repeat),
    "contained": CheckKind({}, _contained),
}
