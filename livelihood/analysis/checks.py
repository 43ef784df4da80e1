"""Figures compared with each other, and with plain sense: two sides, and one of three verdicts.

``inconsistent``      no two numbers inside the bounds agree
``not_determinable``  a side is missing, open, of another time, or too wide to tell
``consistent``        the two sides agree within their bounds

The checks are data (``data/definitions/``) of a closed set of kinds. A finding is a doubt about
what a source says, not a mistake in the data: mistakes in the data are
:class:`~livelihood.display.messages.DataError` and stop everything before a check runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from livelihood.analysis.amounts import Amount, Note, around, census_amount, kind_of
from livelihood.analysis.formulas import roots
from livelihood.display.messages import Problem
from livelihood.project.definitions import Check, Definitions
from livelihood.project.paths import Region
from livelihood.project.schema import misplaced, undefined
from livelihood.quantity.bounds import Bounds, growth
from livelihood.release.observations import Observation

VERDICTS = ("inconsistent", "not_determinable", "consistent")  # in the order they are shown
NUMBER = (int, float)


def same(a: Bounds, b: Bounds) -> str:
    """Whether two bounds can be of one number; an open side that overlaps proves nothing.

    >>> same(Bounds.exact(26), Bounds.exact(26)), same(Bounds.exact(26), Bounds(Fraction(20), None))
    ('consistent', 'not_determinable')
    """
    if not a.overlaps(b):
        return "inconsistent"
    return "not_determinable" if None in (a.low, a.high, b.low, b.high) else "consistent"


def at_most(a: Bounds, b: Bounds) -> str:
    """Whether a number of the first bounds is at most one of the second."""
    if a.high is not None and b.low is not None and a.high <= b.low:
        return "consistent"
    return "inconsistent" if a.compare(b) == "greater" else "not_determinable"


def inside(a: Bounds, low: Fraction, high: Fraction) -> str:
    """Whether bounds lie in a range, beside it, or across its edge."""
    if not a.overlaps(Bounds(low, high)):
        return "inconsistent"
    within = a.low is not None and a.high is not None and a.low >= low and a.high <= high
    return "consistent" if within else "not_determinable"


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side: bounds with their unit, of what, and where they are from.

    `id` is a measure or indicator, `figure` the printed figure that is one; `parts` are sides
    of which this is the quotient. A side of none of these is a range that the check states.
    Behind the bounds are printed `figures` and the counts of `censuses` (years).
    """

    bounds: Bounds
    unit: str
    value: Fraction | None = None
    id: str = ""
    figure: Observation | None = None
    parts: tuple[Side, ...] = ()
    figures: tuple[Observation, ...] = ()
    censuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """How a check came out: the verdict, both sides, and what to add to the check's own reason."""

    check: Check
    sector: str
    verdict: str
    left: Side
    right: Side
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What checks may use: numbers by id, the figures behind them, and those of earlier releases.

    `figures` are those that are checked, `printed` the one behind each known measure.
    """

    region: Region
    project: Path
    definitions: Definitions
    known: Mapping[str, Amount]
    figures: tuple[Observation, ...]
    printed: Mapping[str, Observation]
    earlier: tuple[Observation, ...] = ()

    def has(self, *ids: str) -> bool:
        """Whether all are known, and one of them depends on a figure that is checked."""
        own = {figure.measure.id for figure in self.figures if figure.is_result}
        under = {root for id in ids for root in roots(id, self.definitions)}
        return all(id in self.known for id in ids) and bool(own & under)

    def side(self, id: str) -> Side:
        """A measure or indicator as one side of a check."""
        if id in self.printed:
            return _figure_side(self.printed[id])
        amount, under = self.known[id], roots(id, self.definitions)
        counts = {i for i in under if i in self.known and i not in self.printed}
        return Side(
            amount.bounds,
            amount.unit,
            amount.value,
            id,
            figures=tuple(self.printed[i] for i in under if i in self.printed),
            censuses=tuple(sorted({self.known[i].period.text[:4] for i in counts})),
        )

    def of_role(self, role: str) -> dict[str, Observation]:
        """The newest figure of a role by measure."""
        found = (f for f in self.figures if f.role == role and not f.breakdown)
        return {f.measure.id: f for f in found}


def _figure_side(figure: Observation) -> Side:
    bounds, unit = figure.quantity.bounds, figure.quantity.unit
    return Side(bounds, unit, None, figure.measure.id, figure, figures=(figure,))


def _over(a: Bounds, b: Bounds) -> Bounds:
    """The quotient; of nothing it says nothing."""
    return Bounds(None, None) if b.low == b.high == 0 else a / b


def _quotient(
    part: Side, whole: Side, unit: str = "1", of: Callable[[Bounds, Bounds], Bounds] = _over
) -> Side:
    """Two sides as one, part ÷ whole."""
    bounds = of(part.bounds, whole.bounds)
    return Side(
        bounds,
        unit,
        bounds.low if bounds.is_exact else None,
        parts=(part, whole),
        figures=part.figures + whole.figures,
        censuses=part.censuses + whole.censuses,
    )


Roles = Mapping[str, Any]
Outcome = tuple[str, Side, Side, Note | None]  # of a finding what its check does not say


@dataclass(frozen=True, slots=True)
class CheckKind:
    """What a kind of check compares (role -> type; those of `may` are optional), and how."""

    takes: Mapping[str, type | tuple[type, ...]]
    find: Callable[[Roles, Evidence], Iterator[Outcome]]
    may: tuple[str, ...] = ()


def find(evidence: Evidence) -> list[Finding]:
    """Every check that the figures give rise to, doubts first.

    >>> from livelihood import load
    >>> findings = find(load("duji", 2019).evidence)
    >>> next(f.verdict for f in findings if f.check.id == "student_aid_plausible")
    'inconsistent'
    """
    meaning = evidence.definitions
    found = [
        Finding(check, check.sector or meaning.items[left.id].sector, verdict, left, right, note)
        for check in meaning.checks.values()
        for verdict, left, right, note in CHECK_KINDS[check.kind].find(check.roles, evidence)
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
        yield from misplaced(check.roles, kind.takes, kind.may, file, row)
        for role, value in check.roles.items():
            if not isinstance(value, kind.takes.get(role, object)) or isinstance(value, bool):
                words = {"found": str(value)[:40], "expected": role}
                yield Problem("wrong_type", file, row, role, words)


# ---- the kinds ----------------------------------------------------------------------------------


def _two_sides(
    roles: Roles, evidence: Evidence, compare: Callable[[Bounds, Bounds], str]
) -> Iterator[Outcome]:
    ids = roles["left"], roles["right"]
    if evidence.has(*ids):
        left, right = map(evidence.side, ids)
        one, other = (evidence.known[id].population for id in ids)
        words = (("left", ("populations", one)), ("right", ("populations", other)))
        note = Note("sides_populations", "D", words) if one and other and one != other else None
        yield compare(left.bounds, right.bounds), left, right, note


def _same(left: Side, right: Side) -> Outcome:
    return same(left.bounds, right.bounds), left, right, None


def _between(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    if evidence.has(roles["measure"]):
        left = evidence.side(roles["measure"])
        low, high = Fraction(roles["low"]), Fraction(roles["high"])
        limits = Side(Bounds(low, high), left.unit)
        yield inside(left.bounds, low, high), left, limits, None


def _rate(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    ids = [roles[role] for role in ("rate", "part", "total")]
    if evidence.has(*ids):
        rate, part, total = map(evidence.side, ids)
        per = Bounds.exact(roles.get("per", 1))
        yield _same(rate, _quotient(part, total, rate.unit, lambda a, b: _over(a, b) * per))


def _completion(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """A rate that is a measure of its own, against the result and the target."""
    if not evidence.has(roles["rate"], roles["measure"]):
        return
    rate, actual = evidence.side(roles["rate"]), evidence.side(roles["measure"])
    if target := evidence.of_role("target").get(roles["measure"]):
        yield _same(rate, _quotient(actual, _figure_side(target)))
    else:
        wanted = _quotient(actual, rate, actual.unit)
        yield "not_determinable", rate, wanted, Note("no_target")


def _printed_completion(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """A printed rate against the result and the target, where both are printed, too."""
    targets = evidence.of_role("target")
    for id, rate in evidence.of_role("completion").items():
        if id in targets and id in evidence.printed:
            actual = _figure_side(evidence.printed[id])
            yield _same(_figure_side(rate), _quotient(actual, _figure_side(targets[id])))


def _printed_growth(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """A printed change against the change from the figure of a year before."""
    for id, grown in evidence.of_role("growth").items():
        new = evidence.printed.get(id)
        if new is None or grown.quantity.unit != "1" or not new.is_result:
            continue
        before = [f for f in evidence.earlier if f.measure.id == id and _a_year_before(f, new)]
        for old in map(_figure_side, before[-1:]):
            yield _same(_figure_side(grown), _quotient(_figure_side(new), old, of=growth))


def _a_year_before(old: Observation, new: Observation) -> bool:
    first, then = new.period.first, old.period.first
    alike = kind_of(old) == kind_of(new) and old.quantity.bounds.low != 0
    return alike and first is not None and then is not None and then.year == first.year - 1


def _far_beyond(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """A printed or computed completion beyond `factor` times the target."""
    most = Fraction(roles["factor"])
    sides = {id: _figure_side(f) for id, f in evidence.of_role("completion").items()}
    for id in evidence.of_role("target"):
        if id not in sides and evidence.has(f"{id}@completion"):
            sides[id] = evidence.side(f"{id}@completion")
    for side in sides.values():
        if side.bounds.low is not None and side.bounds.low > most:
            yield "inconsistent", side, Side(Bounds(Fraction(0), most), "1"), None


def _doubted(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """A figure of which its own source gives reason to doubt, as its note says."""
    for figure in evidence.figures:
        if figure.status == "U":
            unknown = Side(Bounds(None, None), figure.quantity.unit)
            note = Note("as_noted", "U", (("note", ("note", figure)),))
            yield "not_determinable", _figure_side(figure), unknown, note


def _earlier(evidence: Evidence) -> Iterator[tuple[Observation, Observation]]:
    """Each figure that is checked with each figure of its measure in an earlier release."""
    before: dict[str, list[Observation]] = {}
    for old in evidence.earlier:
        before.setdefault(old.measure.id, []).append(old)
    for figure in evidence.figures:
        for old in before.get(figure.measure.id, ()):
            yield figure, old


def _pairs(evidence: Evidence) -> Iterator[tuple[Observation, Observation]]:
    """Each figure with every other one of its measure: of earlier releases, then of this one."""
    yield from _earlier(evidence)
    seen: dict[str, list[Observation]] = {}
    for figure in evidence.figures:
        yield from ((figure, other) for other in seen.get(figure.measure.id, ()))
        seen.setdefault(figure.measure.id, []).append(figure)


def _change(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """A figure many times as large, or as small, as an earlier one."""
    factor = Fraction(roles["factor"])
    for new, old in _earlier(evidence):
        if new.measure.id not in roles["measures"] or old.quantity.bounds.high == 0:
            continue
        if kind_of(new) != kind_of(old):
            sides = (("left", ("kind", new)), ("right", ("kind", old)))
            verdict, note = "not_determinable", Note("kinds_differ", "D", sides)
        else:
            ratio = new.quantity.bounds / old.quantity.bounds
            verdict, note = inside(ratio, 1 / factor, factor), None
        yield verdict, _figure_side(new), _figure_side(old), note


def _repeat(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """What is printed twice of one time, or printed and counted by a census."""
    for new, old in _pairs(evidence):
        if new.period.text == old.period.text and kind_of(new) == kind_of(old):
            yield _same(_figure_side(new), _figure_side(old))
    for figure in evidence.figures:
        measure, day = figure.measure, figure.period
        if not (measure.census and day.first and figure.is_result):
            continue
        code, year = evidence.region.code, day.first.year
        count = census_amount(measure, code, year, evidence.project)
        if count and count.period.text == day.text:
            years = (str(year),)
            right = Side(count.bounds, count.unit, count.value, measure.id, censuses=years)
            yield _same(_figure_side(figure), right)


def _contained(roles: Roles, evidence: Evidence) -> Iterator[Outcome]:
    """The total of a time within that of a longer one around it; a share is no total."""
    for new, old in _pairs(evidence):
        totals = new.aggregation == old.aggregation == "total" and new.is_result and old.is_result
        totals = totals and new.quantity.unit != "1"
        if not totals or new.period.text == old.period.text or not around(new.period, old.period):
            continue
        verdict = at_most(old.quantity.bounds, new.quantity.bounds)
        if verdict == "inconsistent" and new.period.first is None:
            verdict = "not_determinable"  # the longer time may have begun later
        yield verdict, _figure_side(old), _figure_side(new), None


CHECK_KINDS: dict[str, CheckKind] = {
    "printed_completion": CheckKind({}, _printed_completion),
    "printed_growth": CheckKind({}, _printed_growth),
    "far_beyond": CheckKind({"factor": NUMBER}, _far_beyond),
    "doubted": CheckKind({}, _doubted),
    "equal": CheckKind({"left": str, "right": str}, partial(_two_sides, compare=same)),
    "at_most": CheckKind({"left": str, "right": str}, partial(_two_sides, compare=at_most)),
    "between": CheckKind({"measure": str, "low": NUMBER, "high": NUMBER}, _between),
    "rate": CheckKind({"rate": str, "part": str, "total": str, "per": int}, _rate, may=("per",)),
    "completion": CheckKind({"rate": str, "measure": str}, _completion),
    "change": CheckKind({"measures": list, "factor": NUMBER}, _change),
    "repeat": CheckKind({}, _repeat),
    "contained": CheckKind({}, _contained),
}
