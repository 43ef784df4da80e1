"""Why a number is what it is, and how an indicator of one's own would come out.

From the printed words, step by step, to the indicator's bounds: which end of which input gives
which end of the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor, log10
from pathlib import Path

from livelihood.analysis.amounts import COMPARABLE, TARGET, Amount
from livelihood.analysis.formulas import (
    INDICATOR_KINDS,
    IndicatorKind,
    Result,
    choice,
    compute,
    formula_text,
    kind_for,
    kind_problems,
    operand_ids,
    operands,
    roots,
)
from livelihood.analysis.frames import AMOUNT, SOURCE, Line, amount_row, frame
from livelihood.analysis.release import Release, load
from livelihood.analysis.search import id_of
from livelihood.display.format import amount_words, bounds_words, period_words
from livelihood.display.messages import LANGUAGES, DataError, Language, Problem, say
from livelihood.display.table import Table
from livelihood.project.definitions import EARLIER, Definitions, define_indicator
from livelihood.project.files import toml_block
from livelihood.project.schema import Label, undefined
from livelihood.quantity import vocabulary
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Observation

EXPLANATION_COLUMNS = ["step", "id", "printed", "formula", *AMOUNT, "status", *SOURCE]


def explain(
    name: str,
    region: str | None = None,
    year: int | str | None = None,
    language: Language | None = None,
    project: Path | None = None,
) -> Table:
    """How a measure or indicator of a release comes about, one row a step, inputs first.

    `name` is an id or a label in either language; the release is that of :func:`livelihood.load`.
    Columns: EXPLANATION_COLUMNS, bounds in the `unit` of the row; `printed` has the source's words,
    `formula` the ids of an indicator's inputs. Shown, it has the arithmetic of each end.
    ``DataError`` if there is no such name, or the release lacks what it is computed from.

    >>> steps = explain("rural_pension_per_person", "duji", 2019)
    >>> steps["id"].tolist()
    ['rural_basic_pension_funds', 'rural_basic_pension_persons', 'rural_pension_per_person']
    >>> steps["low"].round().iloc[-1]
    np.float64(998.0)
    """
    release = load(region, year, language, project)
    id = id_of(name, release.definitions)
    if id not in release.known:
        raise DataError([_lacking(id, release)])
    return _Steps(release, release.computed).table(id)


def _lacking(id: str, release: Release) -> Problem:
    """Why a release does not give a number: the printed figures that it lacks."""
    meaning = release.definitions
    missing = sorted(i for i in roots(id, meaning) if i not in release.known)
    names = {
        language: say("between", language).join(meaning.label(i, language) for i in missing)
        for language in LANGUAGES
    }
    words = {"found": id, "year": release.year, "names": names}
    return Problem("not_given", release.region.id, words=words)


def _label(id: str, meaning: Definitions, language: str) -> str:
    """The name of a measure or indicator; of its target or an earlier one, with that said."""
    label = meaning.label(id, language)
    if id.endswith((EARLIER, COMPARABLE)):
        return say("earlier", language, name=label)
    return say("target_of", language, name=label) if id.endswith(TARGET) else label


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps to a number of a release, given the results that it may depend on."""

    release: Release
    results: Mapping[str, Result]

    def table(self, id: str) -> Table:
        """The steps as a table, inputs first."""
        order, language = dict.fromkeys(self._inputs_first(id)), self.release.language
        lines = [self._line(number, step) for number, step in enumerate(order, 1)]
        amount = self._amount(id)
        words = amount_words(amount.value, amount.bounds, amount.unit, language)
        label = _label(id, self.release.definitions, language)
        caption = say("alt_row", language, label=label, words=words)
        heads = ("step_name", "comes_from", "low_end", "high_end", "period", "where")
        return frame(lines, EXPLANATION_COLUMNS, caption, heads, language)

    def _inputs_first(self, id: str) -> Iterator[str]:
        if id in self.results:
            for input_id in operand_ids(self.results[id].indicator):
                yield from self._inputs_first(input_id)
        yield id

    def _amount(self, id: str) -> Amount:
        return self.results[id].amount if id in self.results else self.release.amounts[id]

    def _line(self, number: int, id: str) -> Line:
        """A step: how it was computed, or where it was read."""
        language, meaning = self.release.language, self.release.definitions
        figure, result, amount = self.release.figure(id), self.results.get(id), self._amount(id)
        row = {
            "step": number,
            "id": id,
            "printed": figure.printed if figure else "",
            "formula": formula_text(result.indicator, operand_ids(result.indicator))
            if result
            else "",
            **amount_row(amount, language, meaning),
            "source": figure.source.id if figure else "",
            "locator": figure.locator if figure else "",
        }
        if result:
            comes_from, *ends = _computed_words(result, language, meaning)
            where = row["note"]
        else:
            comes_from, *ends, where = _read_words(amount, figure, language)
        name, when = _label(id, meaning, language), period_words(amount.period, language)
        return row, (f"{number}. {name}", comes_from, *ends, when, where)


def _computed_words(result: Result, language: str, meaning: Definitions) -> tuple:
    """The formula, and how each end comes about."""
    labels = [_label(id, meaning, language) for id in operand_ids(result.indicator)]
    if result.indicator.kind == "per_year":
        years = bounds_words(next(iter(result.inputs.values())).years, "", language)
        labels.append(say("n_years", language, years=years))
    bounds = result.amount.bounds
    ends = (_end_line(result, end, language) for end in (bounds.low, bounds.high))
    return (formula_text(result.indicator, labels), _value_line(result)), *ends


def _read_words(amount: Amount, figure: Observation | None, language: str) -> tuple:
    """The source's words and their place, or the count of a census; where each end comes from."""
    ends = [_end_words(amount, side, language) for side in ("low", "high")]
    if figure is None:
        shown = amount_words(amount.value, amount.bounds, amount.unit, language)
        return shown, *ends, say("census_of", language, year=amount.period.text[:4])
    where = (figure.source.title, figure.locator, figure.note.get(language, ""))
    return say("in_words", language, printed=figure.printed), *ends, where


def _end_words(amount: Amount, side: str, language: str) -> tuple[str, ...]:
    """One end of a printed figure, and where it comes from."""
    bounds = amount.bounds
    at, origin = getattr(bounds, side), getattr(bounds, f"{side}_origin")
    if at is None:
        return (say("limit_open", language),)
    shown = bounds_words(Bounds.exact(at), amount.unit, language)
    mark = "" if getattr(bounds, f"{side}_included") else say("limit_excluded", language)
    return (shown + mark, vocabulary.label(origin, language))


# ---- the arithmetic, written out ----------------------------------------------------------------


def _value_line(result: Result) -> str:
    """The formula on the printed numbers; empty where one of them is only an end."""
    if result.amount.value is None:
        return ""
    values = [a.value for a in operands(result.indicator, result.inputs)]
    return _line(result, [v for v in values if v is not None], result.amount.value)


def _end_line(result: Result, end: Fraction | None, language: str) -> str:
    """How an end comes about: ``1,000 ÷ 4 = 250``, or why there is none."""
    if end is None:
        return say("limit_open", language)
    numbers = choice(result, end)
    if numbers is None:  # no choice of ends gives it: a limit of the quantity itself
        return say("limit_natural", language, number=digits(end))
    return _line(result, numbers, end)


def _line(result: Result, numbers: Iterable[Fraction], gives: Fraction) -> str:
    text = formula_text(result.indicator, [digits(n) for n in numbers])
    shown = digits(gives)
    return shown if text == shown else f"{text} = {shown}"


def digits(number: Fraction) -> str:
    """A number in full where it ends within four decimals, else its first digits and ``…``.

    >>> digits(Fraction(126_500_000)), digits(Fraction(-1, 8)), digits(Fraction(200, 3))
    ('126,500,000', '-0.125', '66.6666…')
    """
    if (number * 10**4).denominator == 1:
        text = f"{float(number):,.4f}" if number.denominator > 1 else f"{number.numerator:,}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    size = abs(number)
    places = max(0, 5 - floor(log10(size)))
    cut = Fraction(floor(size * 10**places), 10**places)
    return f"{'-' if number < 0 else ''}{float(cut):,.{places}f}…"


# ---- an indicator of one's own ------------------------------------------------------------------


def indicator(
    kind: IndicatorKind,
    id: str = "my_indicator",
    region: str | None = None,
    year: int | str | None = None,
    language: Language | None = None,
    project: Path | None = None,
    **parts: object,
) -> Table:
    """Compute an indicator of one's own, and print the block that makes it permanent.

    `parts` are the inputs that its kind takes (``numerator=``, ``terms=[...]``: ids or labels) and,
    optionally, ``per=``, ``unit=``, ``sector=`` and ``label={"zh": ..., "en": ...}``. Returns what
    :func:`livelihood.explain` does. ``DataError`` for an unknown kind or input, for inputs that
    may not be combined, or if the release lacks one.

    >>> steps = indicator("ratio", "cost_each", numerator="student_aid_funds",
    ...                   denominator="student_aid_beneficiary_times", label={"zh": "每人次",
    ...                   "en": "Aid each"})
    # data/definitions/education.toml
    [indicators.cost_each]
    kind = "ratio"
    numerator = "student_aid_funds"
    denominator = "student_aid_beneficiary_times"
    label.zh = "每人次"
    label.en = "Aid each"
    >>> steps[["low", "high"]].iloc[-1].astype(int).tolist(), steps["unit"].iloc[-1]
    ([11764, 18750], 'CNY/person-time')
    """
    release = load(region, year, language, project)
    table = _table(id, kind, parts, release.definitions)
    meaning = define_indicator(release.definitions, id, table)
    tried = meaning.indicators[id]
    if problems := list(kind_problems(meaning)):
        raise DataError(problems)
    if missing := [i for i in tried.input_ids if i not in release.known]:
        raise DataError([_lacking(i, release) for i in missing])
    results = {**release.computed, id: compute(tried, release.known, meaning)}
    print(_block(id, table))
    return _Steps(replace(release, definitions=meaning), results).table(id)


def _table(id: str, kind: str, parts: dict[str, object], meaning: Definitions) -> dict:
    """The block as TOML would hold it: inputs by id, a sector and labels where none is given."""
    if problems := list(undefined(kind, INDICATOR_KINDS, "livelihood.indicator", id, "kind")):
        raise DataError(problems)
    roles = kind_for(kind, parts).takes
    inputs = {
        role: [id_of(v, meaning) for v in value]
        if isinstance(value, list)
        else id_of(str(value), meaning)
        for role, value in parts.items()
        if role in roles
    }
    others = {key: value for key, value in parts.items() if key not in roles}
    table = {"sector": _sector(inputs, meaning), "kind": kind, **inputs, **others}
    return {**table, "label": others.get("label") or _labels(id, table, meaning)}


def _sector(inputs: Mapping[str, str | list[str]], meaning: Definitions) -> str:
    """The sector of the first input."""
    for ids in inputs.values():
        return meaning.items[ids if isinstance(ids, str) else ids[0]].sector
    return next(iter(meaning.sectors))


def _labels(id: str, table: dict, meaning: Definitions) -> Label:
    """The formula in words, for want of a name."""
    unnamed = {**table, "label": {"zh": id, "en": id}}
    formula = define_indicator(meaning, id, unnamed).indicators[id]
    return {
        language: formula_text(
            formula, [_label(i, meaning, language) for i in operand_ids(formula)]
        )
        for language in LANGUAGES
    }


def _block(id: str, table: dict) -> str:
    """The block, and the file that it belongs in."""
    label = {f"label.{language}": table["label"][language] for language in LANGUAGES}
    own = {key: value for key, value in table.items() if key not in ("sector", "label")} | label
    return f"# data/definitions/{table['sector']}.toml\n{toml_block(f'indicators.{id}', own)}"
