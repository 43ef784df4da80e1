"""Figures held against each other, and against plain sense.

The checks are data (``definitions/checks.toml``) of a closed set of kinds. Each finding has one
of three verdicts, by what the bounds of both sides allow:

``inconsistent``      no two numbers inside the bounds agree
``not_determinable``  a side is missing, open, of another time, or too wide to tell
``consistent``        the two sides agree within their bounds

A finding is a doubt about what a source says, not a mistake in the data: mistakes in the data are
:class:`~livelihood.display.messages.DataError` and stop everything before a check runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import pandas as pd

from livelihood.analysis.findings import (
    NO_NOTE,
    Context,
    Finding,
    Side,
    Words,
    combined,
    figure_side,
)
from livelihood.analysis.formulas import Amount, census_amount
from livelihood.analysis.release import Release, load
from livelihood.analysis.series import kind_of, kind_words
from livelihood.analysis.verdicts import VERDICTS, at_most, inside, same
from livelihood.display.format import amount_words, as_float, bounds_words
from livelihood.display.messages import LANGUAGES, DataError, Problem, say
from livelihood.project.definitions import Check, Definitions
from livelihood.project.paths import regions, years
from livelihood.project.schema import undefined
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Observation

FINDING_COLUMNS = [
    "region", "release", "sector", "check", "verdict", "left", "left_low", "left_high",
    "left_source", "right", "right_low", "right_high", "right_source", "reason",
]  # fmt: skip


def find(release: Release) -> list[Finding]:
    """Every check that the figures of a release give rise to, doubts first.

    The region's standing denominators are checked in themselves, with its newest release.

    >>> from livelihood.analysis.release import load
    >>> findings = find(load("duji", 2019))
    >>> next(f.verdict for f in findings if f.check.id == "student_aid_plausible")
    'inconsistent'
    """
    standing = Context.of_reference(release)
    own = Context(release, release.known, release.figures, release.printed_measures)
    newest = release.year == years(release.region.id, release.project)[-1]
    found: list[Finding] = []
    for check in release.definitions.checks.values():
        if check.sector != "population":
            found += KINDS[check.kind](check, own)
        elif newest:
            found += KINDS[check.kind](check, standing)
        if check.kind == "repeat" and newest:
            found += _census_repeats(check, standing)
    return sorted(found, key=lambda f: VERDICTS.index(f.verdict))


# What each kind compares, by role.
ROLES: dict[str, dict[str, type | tuple]] = {
    "equal": {"left": str, "right": str},
    "at_most": {"left": str, "right": str},
    "between": {"measure": str, "low": (int, float), "high": (int, float)},
    "rate": {"rate": str, "part": str, "total": str, "per": int},
    "completion": {"rate": str, "measure": str},
    "change": {"measures": list, "factor": (int, float)},
    "repeat": {},
    "contained": {},
}


def kind_problems(meaning: Definitions) -> Iterator[Problem]:
    """Where a check is of no kind, or compares something else than its kind does."""
    for id, check in meaning.checks.items():
        file, row = check.file, f"checks.{id}"
        yield from undefined(check.kind, ROLES, file, row, "kind")
        roles = ROLES.get(check.kind, {})
        for role in (r for r in roles if r != "per" and r not in check.roles):
            yield Problem("missing_key", file, row, words={"expected": role})
        for role, value in check.roles.items() if check.kind in ROLES else ():
            if role not in roles:
                words = {"found": role, "expected": ", ".join(roles)}
                yield Problem("unknown_key", file, row, role, words)
            elif not isinstance(value, roles[role]) or isinstance(value, bool):
                words = {"found": str(value)[:40], "expected": role}
                yield Problem("wrong_type", file, row, role, words)


def check_all(
    project: Path, region: str | None = None, year: int | None = None
) -> tuple[list[tuple[Release, list[Finding]]], list[Problem]]:
    """The findings of every release (or those asked for), and the problems of those unreadable.

    ``DataError`` if the region or year is unknown.
    """
    found: list[tuple[Release, list[Finding]]] = []
    problems: list[Problem] = []
    for name in [region] if region is not None else regions(project):
        for wanted in [year] if year is not None else years(name, project):
            try:
                release = load(name, wanted, project=project)
                found.append((release, find(release)))
            except DataError as error:
                problems += error.problems
    return found, list({p.text(): p for p in problems}.values())


def findings_frame(release: Release, findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings of a release, one a row, bounds in base units (columns: FINDING_COLUMNS)."""
    rows = [
        (
            release.region.id, release.year, f.sector, f.check.id, f.verdict,
            *_side_row(f.left, release.language), *_side_row(f.right, release.language),
            f.reason(release.language),
        )
        for f in findings
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)


def _side_row(side: Side, language: str) -> tuple:
    words = f"{side.name[language]} {side.shown[language]}".strip()
    return words, as_float(side.bounds.low), as_float(side.bounds.high), side.source[language]


# ---- the kinds ----------------------------------------------------------------------------------


def _finding(check: Check, verdict: str, left: Side, right: Side, note: Words = NO_NOTE,
             sector: str = "") -> Finding:  # fmt: skip
    return Finding(check, check.sector or sector, verdict, left, right, note)


def _both(code: str, **words: object) -> Words:
    return {language: say(code, language, **words) for language in LANGUAGES}


def _two_sides(check: Check, context: Context, compare: Callable) -> Iterator[Finding]:
    ids = check.roles["left"], check.roles["right"]
    if context.has(*ids):
        left, right = map(context.side, ids)
        note = _population_note(context, *(context.known[id] for id in ids))
        yield _finding(check, compare(left.bounds, right.bounds), left, right, note)


def _population_note(context: Context, a: Amount, b: Amount) -> Words:
    if not (a.population and b.population) or a.population == b.population:
        return NO_NOTE
    names = context.release.definitions.populations
    return {
        language: say("sides_populations", language, left=names[a.population].label[language],
                      right=names[b.population].label[language])
        for language in LANGUAGES
    }  # fmt: skip


def _equal(check: Check, context: Context) -> Iterator[Finding]:
    return _two_sides(check, context, same)


def _at_most(check: Check, context: Context) -> Iterator[Finding]:
    return _two_sides(check, context, at_most)


def _between(check: Check, context: Context) -> Iterator[Finding]:
    id = check.roles["measure"]
    if not context.has(id):
        return
    left = context.side(id)
    low, high = Fraction(check.roles["low"]), Fraction(check.roles["high"])
    limits = Bounds(low, high)
    unit = context.known[id].unit
    shown = {language: bounds_words(limits, unit, language) for language in LANGUAGES}
    right = Side(_both("expected_range"), shown, limits, _both("stated_range"))
    yield _finding(check, inside(left.bounds, low, high), left, right)


def _rate(check: Check, context: Context) -> Iterator[Finding]:
    rate, part, total = (check.roles[r] for r in ("rate", "part", "total"))
    if context.has(rate, part, total):
        counts = [context.side(id) for id in (part, total)]
        per = Bounds.exact(check.roles.get("per", 1))
        bounds = counts[0].bounds / counts[1].bounds * per
        left = context.side(rate)
        right = combined(counts, " ÷ ", bounds, context.known[rate].unit)
        yield _finding(check, same(left.bounds, bounds), left, right)


def _completion(check: Check, context: Context) -> Iterator[Finding]:
    rate, measure = check.roles["rate"], check.roles["measure"]
    if not context.has(rate, measure):
        return
    left, actual = context.side(rate), context.side(measure)
    target = next((f for f in context.figures if f.measure.id == measure and f.role == "target"),
                  None)  # fmt: skip
    if target is None:
        implied = actual.bounds / left.bounds
        right = combined([actual, left], " ÷ ", implied, context.known[measure].unit)
        yield _finding(check, "not_determinable", left, right, _both("no_target"))
        return
    bounds = actual.bounds / target.quantity.bounds
    right = combined([actual, figure_side(target)], " ÷ ", bounds, "1")
    yield _finding(check, same(left.bounds, bounds), left, right)


def _earlier(context: Context) -> Iterator[tuple[Observation, Observation]]:
    """Each figure of the release with each figure of its measure in an earlier release."""
    before: dict[str, list[Observation]] = {}
    for dated in context.release.timeline:
        if dated.release < context.release.year:
            before.setdefault(dated.figure.measure.id, []).append(dated.figure)
    for figure in context.figures:
        for old in before.get(figure.measure.id, ()):
            yield figure, old


def _change(check: Check, context: Context) -> Iterator[Finding]:
    factor = Fraction(check.roles["factor"])
    for new, old in _earlier(context):
        if new.measure.id not in check.roles["measures"] or old.quantity.bounds.high == 0:
            continue
        if kind_of(new) != kind_of(old):
            verdict, note = "not_determinable", _kinds_note(new, old)
        else:
            ratio = new.quantity.bounds / old.quantity.bounds
            verdict, note = inside(ratio, 1 / factor, factor), NO_NOTE
        yield _finding(check, verdict, figure_side(new), figure_side(old), note)


def _kinds_note(new: Observation, old: Observation) -> Words:
    return {
        language: say("kinds_differ", language, left=kind_words(kind_of(new), new, language),
                      right=kind_words(kind_of(old), old, language))
        for language in LANGUAGES
    }  # fmt: skip


def _repeat(check: Check, context: Context) -> Iterator[Finding]:
    pairs = list(_earlier(context))
    seen: dict[str, list[Observation]] = {}
    for figure in context.figures:
        pairs += [(figure, other) for other in seen.get(figure.measure.id, ())]
        seen.setdefault(figure.measure.id, []).append(figure)
    for new, old in pairs:
        if new.period.text == old.period.text and kind_of(new) == kind_of(old):
            verdict = same(new.quantity.bounds, old.quantity.bounds)
            left, right = figure_side(new), figure_side(old)
            yield _finding(check, verdict, left, right, sector=new.measure.sector)


def _census_repeats(check: Check, context: Context) -> Iterator[Finding]:
    """The region's own bulletin against the census table, which is the same count."""
    region, project = context.release.region, context.release.project
    for figure in context.figures:
        if not (figure.measure.census and figure.period.first):
            continue
        year = figure.period.first.year
        counted = census_amount(figure.measure, region.code, year, project)
        if counted and counted.period.text.startswith(str(year)):
            right = _census_side(figure, counted, year)
            verdict = same(figure.quantity.bounds, counted.bounds)
            yield _finding(check, verdict, figure_side(figure), right, sector="population")


def _census_side(figure: Observation, counted: Amount, year: int) -> Side:
    shown = {
        language: amount_words(counted.value, counted.bounds, counted.unit, language)
        for language in LANGUAGES
    }
    return Side(figure.measure.label, shown, counted.bounds, _both("census_of", year=year))


def _contained(check: Check, context: Context) -> Iterator[Finding]:
    for new, old in _earlier(context):
        plain = new.aggregation == old.aggregation == "total" and new.is_result and old.is_result
        if not plain or new.period.text == old.period.text or not _around(new, old):
            continue
        verdict = at_most(old.quantity.bounds, new.quantity.bounds)
        if verdict == "inconsistent" and new.period.first is None:
            verdict = "not_determinable"  # the longer time may have begun later
        left, right = figure_side(old), figure_side(new)
        yield _finding(check, verdict, left, right, sector=new.measure.sector)


def _around(new: Observation, old: Observation) -> bool:
    """Whether the time of the first reaches around that of the second, as far as is printed."""
    a, b = new.period, old.period
    starts = a.first is None or (b.first is not None and a.first <= b.first)
    ends = a.last is None or (b.last is not None and a.last >= b.last)
    return starts and ends


KINDS: dict[str, Callable[[Check, Context], Iterator[Finding]]] = {
    "equal": _equal,
    "at_most": _at_most,
    "between": _between,
    "rate": _rate,
    "completion": _completion,
    "change": _change,
    "repeat": _repeat,
    "contained": _contained,
}
