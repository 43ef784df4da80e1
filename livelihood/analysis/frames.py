"""Facts in readers' words: notes, findings and kinds said in one language, and the public frames.

What the other modules of this wing compute are numbers, ids and codes. Here they are worded, for
whoever shows them: the frames of a release, a page, the command line. The words alone do without
pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from livelihood.analysis.amounts import Amount, Note, kind_of
from livelihood.analysis.checks import Finding, Side
from livelihood.analysis.formulas import Result
from livelihood.display.format import amount_words, as_float, bounds_words, period_words
from livelihood.display.messages import say
from livelihood.project.definitions import Definitions
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period
from livelihood.release.observations import Observation

if TYPE_CHECKING:
    from livelihood.display.table import Table

PLACE = ["region", "release", "sector"]
READING = ["printed", "value", "low", "high", "low_origin", "high_origin", "qualifier", "unit"]
AMOUNT = ["value", "low", "high", "unit", "period"]
SIDES = [side + part for side in ("left", "right") for part in ("", "_low", "_high", "_source")]
SOURCE = ["source", "locator", "note"]
_TIME = ["period", "aggregation", "status"]
OBSERVATION_COLUMNS = [*PLACE, "measure", "label", "role", "breakdown", *READING, *_TIME, *SOURCE]
INDICATOR_COLUMNS = [*PLACE, "indicator", "label", *AMOUNT, "inputs", "status", "note"]
FINDING_COLUMNS = [*PLACE, "check", "verdict", *SIDES, "reason"]


# ---- words --------------------------------------------------------------------------------------


def note_words(amount: Amount, language: str, meaning: Definitions) -> str:
    """What an amount says of itself, as one text."""
    notes = (_note(note, language, meaning) for note in amount.notes)
    return say("between_parts", language).join(notes)


def _note(note: Note, language: str, meaning: Definitions) -> str:
    words = {key: _word(word, language, meaning) for key, word in note.words}
    return say(note.code, language, **words)


def _word(word: object, language: str, meaning: Definitions) -> object:
    match word:
        case Period():
            return period_words(word, language)
        case Bounds():
            return bounds_words(word, "", language)
        case ("populations", str(id)):
            return meaning.populations[id].label[language]
        case ("note", Observation() as figure):
            return figure.note.get(language, "")
        case ("kind", Observation() as figure):
            return kind_words(figure, language)
        case (_, str(code)):
            return say(code, language)
    return word


def kind_words(figure: Observation, language: str) -> str:
    """The kind of a figure (:func:`livelihood.analysis.amounts.kind_of`) in words."""
    changed = figure.measure.changed
    words = {
        "period": period_words(figure.period, language),
        "breakdown": figure.breakdown,
        "what": getattr(changed, language) if changed else "",
    }
    _, *kind = kind_of(figure)
    parts = (say(code, language, **words, count=rest and rest[0]) for code, *rest in kind)
    return say("between_parts", language).join(parts)


def where(figure: Observation) -> str:
    """The place of a figure: its source's id and the locator."""
    return f"{figure.source.id} {figure.locator}"


def finding_words(
    finding: Finding, language: str, meaning: Definitions
) -> tuple[str, tuple[str, str], tuple[str, str, str], tuple[str, str, str]]:
    """Verdict, check with its reason, and both sides (name, words, sources)."""
    left, right = (_side_words(s, language, meaning) for s in (finding.left, finding.right))
    note = _note(finding.note, language, meaning) if finding.note else ""
    why = (part.rstrip("。.") for part in (finding.check.why[language], note) if part)
    check = (finding.check.label[language], say("between_parts", language).join(why))
    return say(finding.verdict, language), check, left, right


def _side_words(side: Side, language: str, meaning: Definitions) -> tuple[str, str, str]:
    shown = amount_words(side.value, side.bounds, side.unit, language)
    places = [where(figure) for figure in side.figures]
    if side.censuses:
        places.append(say("census_of", language, year=", ".join(dict.fromkeys(side.censuses))))
    source = say("between", language).join(dict.fromkeys(places))
    name = side_name(side, language, meaning)
    if side.figure is not None:
        return name, _figure_words(side.figure, language), source
    stated = not (side.id or side.parts)
    return name, shown, say("stated_range", language) if stated else source


def side_name(side: Side, language: str, meaning: Definitions) -> str:
    """What stands on a side of a check: the name of its number, and its role."""
    if side.parts:
        return " ÷ ".join(side_name(part, language, meaning) for part in side.parts)
    if side.figure is not None:
        figure = side.figure
        role = say(figure.role, language) if figure.role else ""
        words = {"label": figure.measure.label[language], "role": role}
        return say("role_of", language, **words) if role else words["label"]
    return meaning.label(side.id, language) if side.id else say("expected_range", language)


def _figure_words(figure: Observation, language: str) -> str:
    """The source's words and, beside them, what they say."""
    return say(
        "side",
        language,
        printed=figure.printed,
        reads=bounds_words(figure.quantity.bounds, figure.quantity.unit, language),
        period=period_words(figure.period, language),
        aggregation=say(figure.aggregation, language),
    )


# ---- frames -------------------------------------------------------------------------------------

FIGURE_HEADS = ("measure", "printed", "reads", "period", "where")
RESULT_HEADS = ("indicator", "value", "period", "notes")
FINDING_HEADS = ("verdict", "check", "left", "right")


Row = dict[str, Any]
Line = tuple[Row, tuple]  # what a row has by column, and as it is shown


def figure_line(figure: Observation, language: str) -> Line:
    """A figure: its words, its bounds in base units, its time and its place."""
    measure, quantity, period = figure.measure, figure.quantity, figure.period
    row = {
        "sector": measure.sector,
        "measure": measure.id,
        "label": measure.label[language],
        "breakdown": figure.breakdown,
        "role": figure.role,
        "printed": figure.printed,
        "value": as_float(quantity.value),
        "low": as_float(quantity.low),
        "high": as_float(quantity.high),
        "low_origin": quantity.low_origin or "",
        "high_origin": quantity.high_origin or "",
        "qualifier": quantity.qualifier,
        "unit": quantity.unit,
        "period": period.text,
        "first": period.first,
        "last": period.last,
        "aggregation": figure.aggregation,
        "status": figure.status,
        "source": figure.source.id,
        "locator": figure.locator,
        "note": figure.note.get(language, ""),
    }
    role = say(figure.role, language) if figure.role else ""
    reads = bounds_words(quantity.bounds, quantity.unit, language)
    when = (period_words(period, language), say(figure.aggregation, language), role)
    name = (measure.label[language], figure.breakdown)
    return row, (name, figure.printed, reads, when, where(figure))


def amount_row(amount: Amount, language: str, meaning: Definitions) -> dict[str, object]:
    """An amount by column, bounds in its unit."""
    return {
        "value": as_float(amount.value),
        "low": as_float(amount.bounds.low),
        "high": as_float(amount.bounds.high),
        "unit": amount.unit,
        "period": amount.period.text,
        "aggregation": amount.aggregation,
        "status": amount.status,
        "note": note_words(amount, language, meaning),
    }


def result_line(result: Result, language: str, meaning: Definitions) -> Line:
    """An indicator: its value with its bounds, its time, and what to know beside it."""
    indicator, amount = result.indicator, result.amount
    row = {
        "sector": indicator.sector,
        "indicator": indicator.id,
        "label": indicator.label[language],
        "inputs": ", ".join(indicator.input_ids),
        **amount_row(amount, language, meaning),
    }
    words = amount_words(amount.value, amount.bounds, amount.unit, language)
    name, when = (row["label"], indicator.id), period_words(amount.period, language)
    return row, (name, words, when, row["note"])


def finding_line(finding: Finding, language: str, meaning: Definitions) -> Line:
    """A finding: its verdict, both sides with bounds in base units, their sources."""
    verdict, check, *sides = finding_words(finding, language, meaning)
    row: dict[str, object] = {
        "sector": finding.sector,
        "check": finding.check.id,
        "verdict": finding.verdict,
        "reason": check[1],
    }
    for side, (name, words, source) in zip(("left", "right"), sides, strict=True):
        bounds = getattr(finding, side).bounds
        row |= {side: f"{name} {words}".strip(), f"{side}_source": source}
        row |= {f"{side}_low": as_float(bounds.low), f"{side}_high": as_float(bounds.high)}
    return row, (verdict, check, *sides)


def frame(
    lines: Sequence[tuple[Row, tuple | None]],
    columns: Sequence[str],
    caption: str,
    heads: Iterable[str],
    language: str,
    beside: Iterable[str] = (),
) -> Table:
    """Lines as a DataFrame of these columns, that shows itself as their cells.

    But not if nobody would read so many. A line without cells is shown by another one's. `heads`
    are codes, `beside` more heads as they are.
    """
    import pandas as pd

    from livelihood.display.table import MOST, Table, table

    data = pd.DataFrame([[row[c] for c in columns] for row, _ in lines], columns=list(columns))
    cells = [shown for _, shown in lines if shown is not None]
    said = [*(say(code, language) for code in heads), *beside]
    found = table(data, caption, said, cells) if len(cells) <= MOST else Table(data)
    found.language = language
    return found
