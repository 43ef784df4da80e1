"""The kinds of charts: what each needs, how it is drawn, what it says above its marks.

A row has its words - the label, the number as printed - over its mark, so that there is no legend
of colours and mostly no axis. What is compared is compared from zero. Bounds are no confidence
intervals: a bar is solid as far as is certain and hollow as far as is possible, dashed where a
convention of ours decides, with an arrow where an end was not printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from livelihood.display.format import tick_words
from livelihood.display.messages import say
from livelihood.display.table import records
from livelihood.report.charts import claims
from livelihood.report.charts.figure import BLUE, DPI, GRID, INK, MUTED, Chart, look
from livelihood.report.charts.layout import BAND, GAP, Text, begin, finish, row_words
from livelihood.report.charts.rows import WORDINGS, by_size, sizes

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
        chart.kind, chart.data, chart.language = kind, data, language
        if chart.axes:
            drawn = KINDS[kind].draw(chart.ax, data, colour, language)
            chart.told = _told(drawn.rows, language)
            text = replace(text, claim=title or text.claim, note=drawn.note)
            finish(chart, text, drawn.height, figsize)
        elif len(data):
            told = _told(data, language)
            chart.alt = claims.alternative(told, (text.claim, text.title), language)
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


def _down(ax: Axes, rows: pd.DataFrame, mark: Callable[[Any, float], float], y: float = 0) -> float:
    """Each row's words and under them its mark, which says how tall it is; the height of all."""
    for row in records(rows):
        y = row_words(ax, y, row)
        y += mark(row, y) + GAP
    return y - GAP + 4


def _extent(ax: Axes, y: float, row: Any, colour: str, thick: float = BAND) -> float:
    """A bar from zero: solid to the end that is certain, hollow to the one that is possible."""
    low, high = row.low, row.high
    near = low if low >= 0 else high if high <= 0 else 0.0
    if near:
        _block(ax, 0, near, y, thick, color=colour, lw=0)
    soft = "convention" in (row.low_origin, row.high_origin)
    style = {"fc": (colour, 0.22), "ec": colour, "lw": 0.8, "ls": (0, (3, 2)) if soft else "-"}
    for end in (low, high):
        if np.isfinite(end) and end != near:
            _block(ax, near, end, y, thick, **style)
    for end, other, caret in ((high, low, RIGHT), (low, high, LEFT)):
        if np.isnan(end):
            _marker(ax, other if np.isfinite(other) else 0.0, y + thick / 2, caret, 9, colour)
    return thick


def _block(ax: Axes, start: float, end: float, y: float, thick: float, **style: Any) -> None:
    corner, wide = (min(start, end), y), abs(end - start)
    ax.add_artist(Rectangle(corner, wide, thick, zorder=2, clip_on=False, **style))


def _pieces(
    ax: Axes, y: float, thick: float, sizes: Any, shades: Any, colour: str, **ec: str
) -> None:
    """Blocks end to end, each in its shade."""
    for size, end, shade in zip(sizes, np.cumsum(sizes), shades, strict=True):
        if size:
            _block(ax, end - size, end, y, thick, fc=(colour, shade), lw=0.8, **ec)


def _marker(ax: Axes, x: float, y: float, marker: Any, size: float, colour: str) -> None:
    style: dict[str, Any] = {"mec": "white", "mew": 0.8, "clip_on": False, "zorder": 4}
    ax.add_artist(Line2D([x], [y], marker=marker, ms=size, color=colour, **style))


def _value_axis(ax: Axes, unit: str, language: str) -> None:
    """Ticks with their numbers under the marks."""
    low, high = ax.get_xlim()
    ticks = [t for t in MaxNLocator(4).tick_values(low, high) if low <= t <= high]
    ax.set_xticks(ticks, [tick_words(t, t or 1, unit, language) for t in ticks])
    ax.tick_params(length=0, pad=3)
    for label, tick in zip(ax.get_xticklabels(), ticks, strict=True):
        part = (tick - low) / (high - low)  # a number at an end stays inside
        side: Any = "left" if part < 0.05 else "right" if part > 0.95 else "center"
        label.set_horizontalalignment(side)


def _hairs(
    ax: Axes, xs: Iterable[float], y: float, half: float, colour: str, wide: float = 1.0
) -> None:
    """A short upright line at every x beside y, all of them one artist."""
    ends = [(x, y + d) for x in xs for d in (-half, half)]
    if ends:
        path = Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2))
        ax.add_artist(PathPatch(path, fill=False, ec=colour, lw=wide * 72 / DPI, zorder=0.5))


def _reach(ends: pd.DataFrame) -> tuple[float, float]:
    """Limits of an axis that begins at zero, or reaches below it, with room for an arrow."""
    values = ends.to_numpy(float)
    low, high = min(0.0, np.nanmin(values)), max(0.0, np.nanmax(values))
    room = 0.03 * (high - low) if np.isnan(values).any() else 0.0
    return low - (room if low < 0 else 0), (high + room) or 1.0


def _sentences(parts: Iterable[str], language: str) -> str:
    return say("sentences", language).join(filter(None, parts))


def _signs(rows: pd.DataFrame, language: str) -> str:
    """What the hollow, the dashed and the arrows of these rows mean, those that can be seen."""
    ends = rows[["low", "high"]].to_numpy(float)
    open_end = np.isnan(ends).any(axis=1)
    seen = (ends[:, 1] - ends[:, 0]) / (np.nanmax(np.abs(ends)) or 1.0) > 0.02
    soft = (rows[["low_origin", "high_origin"]] == "convention").any(axis=1).to_numpy()
    said = {"sign_range": seen & ~soft, "sign_convention": seen & soft, "sign_open": open_end}
    return _sentences((say(code, language) for code, s in said.items() if s.any()), language)


# ---- the kinds


def _bars(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    shown = by_size(claims.of_one_unit(rows))
    return _stack(ax, shown, rows, "unit_apart", colour, language)


def _series(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    return _stack(ax, claims.comparable(rows), rows, "series_apart", colour, language)


def _stack(
    ax: Axes, shown: pd.DataFrame, rows: pd.DataFrame, apart: str, colour: str, language: str
) -> Drawn:
    """Bars, one under the other; in the note each row that is not drawn, with the reason."""
    ax.set_xlim(_reach(shown[["low", "high"]]))
    height = _down(ax, shown, lambda row, y: _extent(ax, y, row, colour))
    words = rows.drop(index=shown.index).reindex(columns=["label", "words", "reason"])
    left = (say(apart, language, **row) for row in words.to_dict("records"))
    return Drawn(height, shown, _sentences([_signs(shown, language), *left], language))


def _progress(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    rows = by_size(rows.assign(**claims.parts_done(rows)))
    most = 2.0  # further than that a bar has an arrow, and its number tells
    ax.set_xlim(0, min(max(1.02, np.nanmax(rows[["low", "high"]].to_numpy(float))), most) * 1.03)
    ax.text(1, 14, say("target_line", language), ha="right", color=MUTED, size=9)

    def mark(row: Any, y: float) -> float:
        high = np.nan if row.high > most else row.high
        _block(ax, 0, 1, y, BAND, fc="none", ec=MUTED, lw=0.6, ls=(0, (1, 2)))
        _extent(ax, y, row._replace(low=min(row.low, most), high=high), colour)
        _hairs(ax, [1], y + BAND / 2, BAND / 2 + 4, INK, 2)
        return BAND

    return Drawn(_down(ax, rows, mark, 20), rows, _signs(rows, language))


def _parts(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    whole, parts = rows[rows["whole"]], by_size(rows[~rows["whole"]])
    each = sizes(parts).to_numpy()
    total = max([*sizes(whole)[:1], each.sum()])
    shades = np.linspace(1, 0.35, len(parts))
    ax.set_xlim(0, total)
    y = 0.0
    for row in records(whole):
        y = row_words(ax, y, row)
    _block(ax, 0, total, y, 22, fc="none", ec=MUTED, lw=0.8)
    _pieces(ax, y, 22, each, shades, colour, ec="white")

    def mark(row: Any, y: float) -> float:
        style = {"fc": (colour, row.shade), "ec": (colour, 1.0), "lw": 0.8}
        _block(ax, 0, total, y + 4, 1, fc=GRID, lw=0)
        _block(ax, row.end - row.size, row.end, y, 9, **style)
        return 9

    left = say("sign_rest", language) if total > each.sum() * 1.005 else ""
    placed = parts.assign(size=each, end=np.cumsum(each), shade=shades)
    return Drawn(_down(ax, placed, mark, y + 22 + GAP), pd.concat([whole, parts]), left)


def _change(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    ax.set_xlim(_reach(rows[["low", "high", "before_low", "before_high"]]))

    def mark(row: Any, y: float) -> float:
        _extent(ax, y, row._replace(low=row.before_low, high=row.before_high), MUTED, 6)
        return 8 + _extent(ax, y + 8, row, colour)

    notes = [say("sign_before", language), _signs(rows, language)]
    return Drawn(_down(ax, rows, mark), rows, _sentences(notes, language))


def _peers(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    low, high = rows["share"].min(), rows["share"].max()
    ax.set_xlim(low - (high - low) * 0.02, high + (high - low) * 0.02)

    def mark(row: Any, y: float) -> float:
        y += 9
        _block(ax, *ax.get_xlim(), y - 0.5, 1, fc=GRID, lw=0)
        others = rows.loc[(rows["label"] == row.label) & ~rows["own"], "share"]
        _hairs(ax, others, y, 7, MUTED)
        _marker(ax, row.share, y, "o", 11, colour)
        return 18

    height = _down(ax, _own(rows), mark) - 4
    _value_axis(ax, rows["unit"].iloc[0], language)
    return Drawn(height, _own(rows), say("sign_peers", language))


def _wording(ax: Axes, rows: pd.DataFrame, colour: str, language: str) -> Drawn:
    ax.set_xlim(0, rows[list(WORDINGS)].sum(axis=1).max() or 1)

    def mark(row: Any, y: float) -> float:
        counts = [getattr(row, word) for word in WORDINGS]
        _pieces(ax, y, BAND, counts, (1.0, 0.55, 0.2), colour, ec=colour)
        return BAND

    return Drawn(_down(ax, rows, mark), rows, say("sign_wording", language))


def _told(rows: pd.DataFrame, language: str) -> str:
    """The rows of a chart in words: the number, what it says and why it stands apart."""
    said = []
    for row in records(rows):
        beside = filter(None, (getattr(row, name, "") for name in ("reads", "reason")))
        more, words = say("clause", language).join(beside), row.words
        words = say("value_ends", language, value=words, ends=more) if more else words
        said.append(say("alt_row", language, label=row.label, words=words))
    return say("alt_between", language).join(said)


def _own(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["own"]]


KINDS = {
    # amounts of one unit, from zero, the largest first
    "bars": Kind(AMOUNT, _bars, claims.largest, marks=claims.of_one_unit),
    # results, each against its own target: the upright line
    "progress": Kind(
        (*AMOUNT, "reads", "rate", "target_low", "target_high"), _progress, claims.progress, 1
    ),
    # a whole (the row whose `whole` is true, or none: their sum) and its parts
    "parts": Kind((*AMOUNT, "whole"), _parts, claims.parts),
    # amounts and what they were before (`before`: the words)
    "change": Kind(
        (*AMOUNT, "reads", "before", "before_low", "before_high"), _change, claims.change, 1
    ),
    # a measure through time; of rows with one `group` the lengths may be compared
    "series": Kind((*AMOUNT, "group", "reason"), _series, claims.series, marks=claims.comparable),
    # the same share of many places: `own` is this one, `label` the year
    "peers": Kind(
        ("label", "words", "name", "share", "own", "unit"), _peers, claims.peers, 1, _own
    ),
    # how many figures are exact, rounded, vague
    "wording": Kind(("label", "words", *WORDINGS), _wording, claims.wording),
}
