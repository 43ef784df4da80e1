"""The kinds of charts: what each needs, how it is drawn, what it says above its marks.

A row has its words - the label, the number as printed - over its mark, so that there is no legend
of colours and mostly no axis. What is compared is compared from zero. Bounds are no confidence
intervals: a bar is solid as far as is certain and hollow as far as is possible, dashed where a
convention of ours decides, with an arrow where an end was not printed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from livelihood.display.messages import say
from livelihood.report.charts import claims
from livelihood.report.charts.figure import BLUE, DPI, GRID, INK, MUTED, Chart, look
from livelihood.report.charts.layout import (
    BAND,
    GAP,
    Text,
    begin,
    finish,
    hairs,
    row_words,
    value_axis,
)

RIGHT, LEFT = 9, 8  # matplotlib's carets that begin at their base
AMOUNT = ("label", "words", "value", "low", "high", "low_origin", "high_origin", "unit")


class Drawn(NamedTuple):
    """What a drawing came to: its height, the rows in their order, what must be said beside it."""

    height: float
    rows: pd.DataFrame
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of chart: the columns of its rows, its drawing, its claim, its fewest marks.

    Rows may have `reads` besides: what the printed words say, in small letters. Ends that are
    open are NaN; an origin is one of printed, implied, convention, natural.
    """

    columns: tuple[str, ...]
    draw: Callable[[Axes, pd.DataFrame, str, str], Drawn]
    claim: Callable[[pd.DataFrame, str], str]
    fewest: int = 2
    marks: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows  # those that count


def draw(
    kind: str,
    text: Text,
    data: pd.DataFrame,
    language: str,
    *,
    colour: str = BLUE,
    title: str = "",
    figsize: tuple[float, float] | None = None,
) -> Chart:
    """A chart of one of the :data:`KINDS` from its rows; see :func:`enough` for how many.

    `title` stands in place of what the data claim. With too few rows the chart has no axes and
    shows itself as a sentence.

    >>> rows = pd.DataFrame({"label": ["a", "b"], "words": ["5", "2"], "value": [5, 2],
    ...                      "low": [5, 2], "high": [5, 2], "low_origin": "printed",
    ...                      "high_origin": "printed", "unit": "个"})
    >>> draw("bars", Text("Places"), rows, "en").ax.get_title()
    'Places'
    """
    with look():
        chart = begin() if enough(kind, data) else Chart(dpi=DPI)
        chart.kind, chart.data = kind, data
        if not chart.axes:
            chart.alt = _sentence(text, data, language)
            return chart
        drawn = KINDS[kind].draw(chart.ax, data, colour, language)
        chart.language, chart.told = language, _told(drawn.rows, language)
        text = replace(text, claim=title or text.claim, note=drawn.note)
        finish(chart, text, drawn.height, figsize)
    return chart


def enough(kind: str, data: pd.DataFrame) -> bool:
    """Whether rows are enough for a chart; fewer are told in a sentence."""
    return len(data) > 0 and len(KINDS[kind].marks(data)) >= KINDS[kind].fewest


def claim(kind: str, data: pd.DataFrame, language: str) -> str:
    """What the rows of a chart show for certain; empty where nothing stands out."""
    return KINDS[kind].claim(data, language) if enough(kind, data) else ""


def warm_up() -> None:
    """Do once what the first chart of a process would do: fonts, settings, a canvas."""
    row = dict.fromkeys(AMOUNT, "") | {"value": 1.0, "low": 1.0, "high": 1.0}
    draw("bars", Text("1"), pd.DataFrame([row, row]), "zh").svg(outlines=False)


# ---- marks


def extent(ax: Axes, y: float, row: Any, colour: str, thick: float = BAND) -> None:
    """A bar from zero: solid to the end that is certain, hollow to the one that is possible."""
    low, high = row.low, row.high
    near = low if low >= 0 else high if high <= 0 else 0.0
    if near:
        _block(ax, 0, near, y, thick, color=colour, lw=0)
    far = [end for end in (low, high) if np.isfinite(end) and end != near]
    for end in far:
        soft = "convention" in (row.low_origin, row.high_origin)
        look = {"fc": (colour, 0.22), "ec": colour, "lw": 0.8, "ls": (0, (3, 2)) if soft else "-"}
        _block(ax, near, end, y, thick, **look)
    for end, other, caret in ((high, low, RIGHT), (low, high, LEFT)):
        if np.isnan(end):
            _marker(ax, other if np.isfinite(other) else 0.0, y + thick / 2, caret, 9, colour)


def _block(ax: Axes, start: float, end: float, y: float, thick: float, **style: Any) -> None:
    corner, wide = (min(start, end), y), abs(end - start)
    ax.add_artist(Rectangle(corner, wide, thick, zorder=2, clip_on=False, **style))


def _marker(ax: Axes, x: float, y: float, marker: Any, size: float, colour: str) -> None:
    ax.add_artist(
        Line2D(
            [x],
            [y],
            marker=marker,
            ms=size,
            color=colour,
            mec="white",
            mew=0.8,
            clip_on=False,
            zorder=4,
        )
    )


def _reach(*ends: Any) -> tuple[float, float]:
    """Limits of an axis that begins at zero, or reaches below it, with room for an arrow."""
    values = np.concatenate([np.asarray(e, float).ravel() for e in ends])
    low, high = min(0.0, np.nanmin(values)), max(0.0, np.nanmax(values))
    room = 0.03 * (high - low) if np.isnan(values).any() else 0.0
    return low - (room if low < 0 else 0), (high + room) or 1.0


def _largest_first(rows: pd.DataFrame) -> pd.DataFrame:
    size = rows["low"].where(np.isfinite(rows["low"]), rows["high"])
    return rows.loc[size.sort_values(ascending=False, kind="stable").index]


def _size(rows: pd.DataFrame) -> pd.Series:
    """One number a row, for a length that must be one: as printed, else the end that is known."""
    return rows["value"].fillna(rows["low"]).fillna(rows["high"])


def _signs(rows: pd.DataFrame, language: str) -> str:
    """What the hollow, the dashed and the arrows of these rows mean, those that can be seen."""
    ends = rows[["low", "high"]].to_numpy(float)
    open_end = np.isnan(ends).any(axis=1)
    widest = np.nanmax(np.abs(ends)) or 1.0
    seen = (ends[:, 1] - ends[:, 0]) / widest > 0.02
    soft = (rows[["low_origin", "high_origin"]] == "convention").any(axis=1).to_numpy()
    said = {"sign_range": seen & ~soft, "sign_convention": seen & soft, "sign_open": open_end}
    return say("sentences", language).join(
        say(code, language) for code, s in said.items() if s.any()
    )


# ---- the kinds


def _bars(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    alike = claims.of_one_unit(rows)
    drawn = _stack_of_bars(ax, _largest_first(alike), colour, language)
    return _with_note(drawn, "unit_apart", rows.drop(index=alike.index), language)


def _with_note(drawn: Drawn, code: str, apart: pd.DataFrame, language: str) -> Drawn:
    """What is not drawn, as lines of the note: each with its words and the reason."""
    lines = [
        say(code, language, label=r.label, words=r.words, reason=getattr(r, "reason", ""))
        for r in apart.itertuples()
    ]
    note = say("sentences", language).join(filter(None, [drawn.note, *lines]))
    return drawn._replace(note=note)


def _stack_of_bars(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    ax.set_xlim(_reach(rows["low"], rows["high"]))
    y = 0.0
    for row in rows.itertuples():
        y = row_words(ax, y, row.label, row.words, getattr(row, "reads", ""))
        extent(ax, y, row, colour)
        y += BAND + GAP
    return Drawn(y - GAP + 4, rows, _signs(rows, language))


def _progress(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    done = claims.parts_done(rows)
    rows = rows.assign(low=done["low"], high=done["high"])
    rows = _largest_first(rows)
    most = 2.0  # further than that a bar has an arrow, and its number tells
    ax.set_xlim(0, min(max(1.02, np.nanmax(rows[["low", "high"]].to_numpy(float))), most) * 1.03)
    write_target(ax, language)
    y = 20.0
    for row in rows.itertuples():
        y = row_words(ax, y, row.label, row.words, row.reads)
        high = np.nan if row.high > most else row.high
        _block(ax, 0, 1, y, BAND, fc="none", ec=MUTED, lw=0.6, ls=(0, (1, 2)))
        extent(ax, y, row._replace(low=min(row.low, most), high=high), colour)
        hairs(ax, [1], [y + BAND / 2], BAND / 2 + 4, INK, 2)
        y += BAND + GAP
    return Drawn(y - GAP + 4, rows, _signs(rows, language))


def write_target(ax: Axes, language: str) -> None:
    """What the upright lines of a chart of progress stand for, above the first of them."""
    ax.text(1, 14, say("target_line", language), ha="right", color=MUTED, size=9)


def _parts(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    whole, parts = rows[rows["whole"]], _largest_first(rows[~rows["whole"]])
    sizes = _size(parts)
    total = max([*_size(whole), sizes.sum()][0], sizes.sum())
    ax.set_xlim(0, total)
    ends = sizes.cumsum()
    shades = np.linspace(1, 0.35, len(parts)) if len(parts) > 1 else [1.0]
    y = 0.0
    for row in whole.itertuples():
        y = row_words(ax, y, row.label, row.words, getattr(row, "reads", ""))
    _block(ax, 0, total, y, 22, fc="none", ec=MUTED, lw=0.8)
    for size, end, shade in zip(sizes, ends, shades, strict=True):
        _block(ax, end - size, end, y, 22, fc=(colour, shade), ec="white", lw=0.8)
    y += 22 + GAP
    for row, size, end, shade in zip(parts.itertuples(), sizes, ends, shades, strict=True):
        y = row_words(ax, y, row.label, row.words, getattr(row, "reads", ""))
        _block(ax, 0, total, y + 4, 1, fc=GRID, lw=0)
        _block(ax, end - size, end, y, 9, fc=(colour, shade), ec=(colour, 1.0), lw=0.8)
        y += 9 + GAP
    left = say("sign_rest", language) if total > sizes.sum() * 1.005 else ""
    return Drawn(y - GAP + 4, pd.concat([whole, parts]), left)


def _change(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    ends = ("low", "high", "before_low", "before_high")
    ax.set_xlim(_reach(*(rows[e] for e in ends)))
    y = 0.0
    for row in rows.itertuples():
        y = row_words(ax, y, row.label, row.words, row.reads)
        extent(ax, y, row._replace(low=row.before_low, high=row.before_high), MUTED, 6)
        extent(ax, y + 8, row, colour)
        y += 8 + BAND + GAP
    notes = [say("sign_before", language), _signs(rows, language)]
    return Drawn(y - GAP + 4, rows, say("sentences", language).join(filter(None, notes)))


def _series(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    shown = claims.comparable(rows)
    drawn = _stack_of_bars(ax, shown, colour, language)
    return _with_note(drawn, "series_apart", rows.drop(index=shown.index), language)


def _peers(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    own = rows[rows["own"]]
    low, high = rows["share"].min(), rows["share"].max()
    ax.set_xlim(low - (high - low) * 0.02, high + (high - low) * 0.02)
    y = 0.0
    for row in own.itertuples():
        y = row_words(ax, y, row.label, row.words) + 9
        _block(ax, *ax.get_xlim(), y - 0.5, 1, fc=GRID, lw=0)
        hairs(ax, rows.loc[(rows["label"] == row.label) & ~rows["own"], "share"], [y], 7, MUTED)
        _marker(ax, row.share, y, "o", 11, colour)
        y += 9 + GAP
    value_axis(ax, rows["unit"].iloc[0], language)
    return Drawn(y - GAP, own, say("sign_peers", language))


def _wording(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    counts = rows[["exact", "rounded", "vague"]]
    ax.set_xlim(0, counts.sum(axis=1).max() or 1)
    y = 0.0
    for row, numbers in zip(rows.itertuples(), counts.to_numpy(), strict=True):
        y = row_words(ax, y, row.label, row.words)
        ends = np.cumsum(numbers)
        for number, end, shade in zip(numbers, ends, (1.0, 0.55, 0.2), strict=True):
            if number:
                _block(ax, end - number, end, y, BAND, fc=(colour, shade), ec=colour, lw=0.8)
        y += BAND + GAP
    return Drawn(y - GAP + 4, rows, say("sign_wording", language))


def _sentence(text: Text, data: pd.DataFrame, language: str) -> str:
    """Too little for a drawing, in words; nothing where there is nothing."""
    told = _told(data, language) if len(data) and "label" in data else ""
    return claims.alternative(told, (text.claim, text.title), language) if told else ""


def _told(rows: pd.DataFrame, language: str) -> str:
    """The rows of a chart in words, with their numbers."""
    said = (
        say("alt_row", language, label=r.label, words=_row_alt(r, language))
        for r in rows.itertuples()
    )
    return say("alt_between", language).join(said)


def _row_alt(row: Any, language: str) -> str:
    """A row's words, with what they say and why they stand apart in brackets."""
    more = say("clause", language).join(filter(None, (getattr(row, n, "") for n in _BESIDE)))
    return say("value_ends", language, value=row.words, ends=more) if more else row.words


_BESIDE = ("reads", "reason")


def _own(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["own"]]


KINDS = {
    # amounts of one unit, from zero, the largest first
    "bars": Kind(AMOUNT, _bars, claims.largest, marks=claims.of_one_unit),
    # results, each against its own target: the upright line
    "progress": Kind(
        (*AMOUNT, "reads", "rate", "target_low", "target_high"),
        _progress,
        claims.progress,
        fewest=1,
    ),
    # a whole (the row whose `whole` is true, or none: their sum) and its parts
    "parts": Kind((*AMOUNT, "whole"), _parts, claims.parts),
    # amounts and what they were before (`before`: the words)
    "change": Kind(
        (*AMOUNT, "reads", "before", "before_low", "before_high"), _change, claims.change, fewest=1
    ),
    # a measure through time; of rows with one `group` the lengths may be compared
    "series": Kind((*AMOUNT, "group", "reason"), _series, claims.series, marks=claims.comparable),
    # the same share of many places: `own` is this one, `label` the year
    "peers": Kind(
        ("label", "words", "name", "share", "own", "unit"),
        _peers,
        claims.peers,
        fewest=1,
        marks=_own,
    ),
    # how many figures are exact, rounded, vague
    "wording": Kind(("label", "words", "exact", "rounded", "vague"), _wording, claims.wording),
}
