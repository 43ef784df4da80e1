"""Why a number is what it is: from the printed words, step by step, to the indicator's bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from livelihood.analysis.arithmetic import formula_text, high_line, low_line, value_line
from livelihood.analysis.formulas import Amount, Result
from livelihood.analysis.release import Release, load
from livelihood.analysis.search import id_of
from livelihood.display.format import amount_words, as_float, bounds_words, period_words
from livelihood.display.messages import DataError, Problem, say
from livelihood.display.table import Table, table
from livelihood.project.definitions import EARLIER, Definitions
from livelihood.quantity import vocabulary
from livelihood.quantity.bounds import Bounds

EXPLANATION_COLUMNS = [
    "step", "id", "printed", "formula", "value", "low", "high", "unit", "period", "status",
    "source", "locator", "note",
]  # fmt: skip


def explain(
    name: str, region: str = "duji", year: int = 2019, language: str | None = None,
    project: Path | None = None,
) -> Table:  # fmt: skip
    """How a measure or indicator of a release comes about, one row a step, inputs first.

    `name` is an id or a label in either language. Columns: EXPLANATION_COLUMNS, bounds in the
    `unit` of the row; `printed` has the source's words, `formula` the ids of an indicator's
    inputs. Shown, it has the arithmetic of each end. ``DataError`` if there is no such name, or
    the release lacks what it is computed from.

    >>> steps = explain("rural_pension_per_person", "duji", 2019)
    >>> steps["id"].tolist()
    ['rural_basic_pension_funds', 'rural_basic_pension_persons', 'rural_pension_per_person']
    >>> steps["low"].round().iloc[-1]
    np.float64(998.0)
    """
    release = load(region, year, language, project)
    id = id_of(name, release.definitions)
    if id not in release.known:
        raise DataError([lacking(id, release)])
    return steps(id, release, release.computed)


def lacking(id: str, release: Release) -> Problem:
    """Why a release does not give a number: the printed figures that it lacks."""
    missing = sorted({i for i in under(id, release.definitions) if i not in release.known})
    names = {
        language: say("between", language).join(
            release.definitions.label(i, language) for i in missing
        )
        for language in ("zh", "en")
    }
    words: dict[str, object] = {"found": id, "year": release.year, "names": names}
    return Problem("not_given", release.region.id, words=words)


def under(id: str, meaning: Definitions) -> set[str]:
    """The measures that a measure or indicator depends on, down to the printed ones."""
    indicator = meaning.indicators.get(id)
    if indicator is None:
        return {id}
    return set().union(*(under(i, meaning) for i in indicator.input_ids))


def steps(id: str, release: Release, results: Mapping[str, Result]) -> Table:
    """The steps to a number, given the results it may rest on."""
    order = list(dict.fromkeys(_inputs_first(id, results)))
    language = release.language
    inputs = results[id].inputs if id in results else {}
    amounts = {**release.known, **inputs, **{i: r.amount for i, r in results.items()}}
    data = [_row(n, i, amounts[i], release, results) for n, i in enumerate(order, 1)]
    rows = [_words(n, i, amounts[i], release, results) for n, i in enumerate(order, 1)]
    columns = [say(c, language) for c in ("step_name", "comes_from", "low_end", "high_end",
                                          "period", "where")]  # fmt: skip
    amount = amounts[id]
    words = amount_words(amount.value, amount.bounds, amount.unit, language)
    caption = say("alt_row", language, label=_label(id, release, results), words=words)
    return table(pd.DataFrame(data, columns=EXPLANATION_COLUMNS), caption, columns, rows)


def _inputs_first(id: str, results: Mapping[str, Result]) -> Iterator[str]:
    if id in results:
        for input_id in results[id].indicator.input_ids:
            yield from _inputs_first(input_id, results)
    yield id


def _label(id: str, release: Release, results: Mapping[str, Result]) -> str:
    if id in results:
        return results[id].indicator.label[release.language]
    return label_of(id, release.definitions, release.language)


def label_of(id: str, meaning: Definitions, language: str) -> str:
    """The name of a measure or indicator; of a growth's earlier input, with that said."""
    label = meaning.label(id, language)
    return say("earlier", language, name=label) if id.endswith(EARLIER) else label


def _row(
    number: int, id: str, amount: Amount, release: Release, results: Mapping[str, Result]
) -> tuple:
    figure = release.figure(id)
    formula = (
        formula_text(results[id].indicator, results[id].indicator.input_ids)
        if id in results
        else ""
    )
    return (
        number, id, figure.printed if figure else "", formula, as_float(amount.value),
        as_float(amount.bounds.low), as_float(amount.bounds.high), amount.unit,
        amount.period.text, amount.status, figure.source.id if figure else "",
        figure.locator if figure else "", amount.note(release.language, release.definitions),
    )  # fmt: skip


def _words(
    number: int, id: str, amount: Amount, release: Release, results: Mapping[str, Result]
) -> tuple:
    language = release.language
    name = f"{number}. {_label(id, release, results)}"
    when = period_words(amount.period, language)
    if id in results:
        result = results[id]
        labels = [_label(i, release, results) for i in result.indicator.input_ids]
        if result.indicator.kind == "per_year":
            years = bounds_words(next(iter(result.inputs.values())).years, "", language)
            labels.append(say("n_years", language, years=years))
        return (name, (formula_text(result.indicator, labels), value_line(result, language)),
                low_line(result, language), high_line(result, language),
                when, amount.note(language, release.definitions))  # fmt: skip
    ends = [_end(amount.bounds, amount.unit, side, language) for side in ("low", "high")]
    figure = release.figure(id)
    if figure is None:
        source = say("census_of", language, year=amount.period.text[:4])
        shown = amount_words(amount.value, amount.bounds, amount.unit, language)
        return (name, shown, *ends, when, source)
    where = (figure.source.title, figure.locator, figure.note.get(language, ""))
    return (name, say("in_words", language, printed=figure.printed), *ends, when, where)


def _end(bounds: Bounds, unit: str, side: str, language: str) -> tuple[str, ...]:
    """One end of a printed figure, and what it rests on."""
    at, origin = getattr(bounds, side), getattr(bounds, f"{side}_origin")
    if at is None:
        return (say("limit_open", language),)
    shown = bounds_words(Bounds.exact(at), unit, language)
    included = getattr(bounds, f"{side}_included")
    mark = "" if included else say("limit_excluded", language)
    return (shown + mark, vocabulary.label(origin, language))
