"""The kinds of charts: what each needs, how it is drawn, what it says above its marks.

A row has its words - the label, the number as printed - over its mark, so that there is no legend
of colours and mostly no axis. What is compared is compared from zero. Bounds are no confidence
intervals: a bar is solid as far as is certain and hollow as far as is possible, dashed where a
convention of ours decides, with an arrow where an end was not printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import isfinite, isnan, nan
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from livelihood.display.format import tick_words
from livelihood.display.messages import say
from livelihood.report.charts import claims
from livelihood.report.charts.figure import BLUE, DPI, GRID, INK, MUTED, Chart, look
from livelihood.report.charts.layout import BAND, GAP, Text, begin, finish, make_ahead, row_words
from livelihood.report.charts.rows import WORDINGS, Row, by_size, size

RIGHT, LEFT = 9, 8  # matplotlib's carets that begin at their base
AMOUNT = ("label", "words", "value", "low", "high", "low_origin", "high_origin", "unit")


class Drawn(NamedTuple):
    """What a drawing came to: its height, the rows in their order, what must be said beside it."""

    height: float
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of chart: what its rows have, its drawing, its claim, its fewest marks.

    Rows may have `reads` besides: what the printed words say, in small letters. Ends that are
    open are NaN; an origin is one of printed, implied, convention, natural.
    """

    columns: tuple[str, ...]
    draw: Callable[[Axes, Sequence[Row], str, str], Drawn]
    claim: Callable[[Sequence[Row], str], str]
    fewest: int = 2
    marks: Callable[[Sequence[Row]], Sequence[Row]] = lambda rows: rows  # those that count


def draw(
    kind: str,
    text: Text,
    rows: Sequence[Row],
    language: str,
    *,
    colour: str = BLUE,
    title: str = "",
    figsize: tuple[float, float] | None = None,
) -> Chart:
    """A chart of one of the :data:`KINDS` from its rows; see :func:`enough` for how many.

    `title` stands in place of what the data claim. With too few rows the chart has no axes and
    shows itself as a sentence.

    >>> five = {"label": "a", "words": "5", "value": 5, "low": 5, "high": 5, "unit": "个",
    ...         "low_origin": "printed", "high_origin": "printed"}
    >>> chart = draw("bars", Text("Places"), [five, five | {"label": "b"}], "en")
    >>> chart.ax.get_title(), chart.data["label"].tolist()
    ('Places', ['a', 'b'])
    """
    with look():
        chart = begin() if enough(kind, rows) else Chart(dpi=DPI)
        chart.kind, chart.rows, chart.language = kind, rows, language
        if chart.axes:
            drawn = KINDS[kind].draw(chart.ax, rows, colour, language)
            chart.told = _told(drawn.rows, language)
            text = replace(text, claim=title or text.claim, note=drawn.note)
            finish(chart, text, drawn.height, figsize)
        elif rows:
            told = _told(rows, language)
            chart.alt = claims.alternative(told, (text.claim, text.title), language)
    return chart


def enough(kind: str, rows: Sequence[Row]) -> bool:
    """Whether rows are enough for a chart; fewer are told in a sentence."""
    return len(rows) > 0 and len(KINDS[kind].marks(rows)) >= KINDS[kind].fewest


def claim(kind: str, rows: Sequence[Row], language: str) -> str:
    """What the rows of a chart show for certain; empty where nothing stands out."""
    return KINDS[kind].claim(rows, language) if enough(kind, rows) else ""


def warm_up() -> None:
    """Do once what the first chart of a process would do - fonts, settings, a canvas - and begin
    as many as a page usually has."""
    row = dict.fromkeys(AMOUNT, "") | {"value": 1.0, "low": 1.0, "high": 1.0}
    draw("bars", Text("1"), [row, row], "zh").svg(outlines=False)
    with look():
        make_ahead(6)


# ---- marks


def _down(
    ax: Axes, rows: Iterable[Row], mark: Callable[[Row, float], float], y: float = 0
) -> float:
    """Each row's words and under them its mark, which says how tall it is; the height of all."""
    for row in rows:
        y = row_words(ax, y, row)
        y += mark(row, y) + GAP
    return y - GAP + 4


def _extent(ax: Axes, y: float, row: Row, colour: str, thick: float = BAND) -> float:
    """A bar from zero: solid to the end that is certain, hollow to the one that is possible."""
    low, high = row["low"], row["high"]
    near = low if low >= 0 else high if high <= 0 else 0.0
    if near:
        _block(ax, 0, near, y, thick, color=colour, lw=0)
    soft = "convention" in (row["low_origin"], row["high_origin"])
    style = {"fc": (colour, 0.22), "ec": colour, "lw": 0.8, "ls": (0, (3, 2)) if soft else "-"}
    for end in (low, high):
        if isfinite(end) and end != near:
            _block(ax, near, end, y, thick, **style)
    for end, other, caret in ((high, low, RIGHT), (low, high, LEFT)):
        if isnan(end):
            _marker(ax, other if isfinite(other) else 0.0, y + thick / 2, caret, 9, colour)
    return thick


def _block(ax: Axes, start: float, end: float, y: float, thick: float, **style: Any) -> None:
    corner, wide = (min(start, end), y), abs(end - start)
    ax.add_artist(Rectangle(corner, wide, thick, zorder=2, clip_on=False, **style))


def _pieces(
    ax: Axes, y: float, thick: float, sizes: list[float], shades: Any, colour: str, **ec: str
) -> None:
    """Blocks end to end, each in its shade."""
    for own, end, shade in zip(sizes, accumulate(sizes), shades, strict=True):
        if own:
            _block(ax, end - own, end, y, thick, fc=(colour, shade), lw=0.8, **ec)


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


def _reach(rows: Iterable[Row], *names: str) -> tuple[float, float]:
    """Limits of an axis that begins at zero, or reaches below it, with room for an arrow."""
    values = [row[name] for row in rows for name in names]
    ends = [end for end in values if not isnan(end)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = 0.03 * (high - low) if len(ends) < len(values) else 0.0
    return low - (room if low < 0 else 0), (high + room) or 1.0


def _sentences(parts: Iterable[str], language: str) -> str:
    return say("sentences", language).join(filter(None, parts))


def _signs(rows: Sequence[Row], language: str) -> str:
    """What the hollow, the dashed and the arrows of these rows mean, those that can be seen."""
    ends = [(row["low"], row["high"]) for row in rows]
    largest = max((abs(end) for both in ends for end in both if not isnan(end)), default=0) or 1.0
    seen = set()
    for row, (low, high) in zip(rows, ends, strict=True):
        if isnan(low) or isnan(high):
            seen.add("sign_open")
        elif (high - low) / largest > 0.02:
            soft = "convention" in (row["low_origin"], row["high_origin"])
            seen.add("sign_convention" if soft else "sign_range")
    said = ("sign_range", "sign_convention", "sign_open")
    return _sentences((say(code, language) for code in said if code in seen), language)


# ---- the kinds


def _bars(ax: Axes, rows: Sequence[Row], colour: str, language: str) -> Drawn:
    shown = by_size(claims.of_one_unit(rows))
    return _stack(ax, shown, rows, "unit_apart", colour, language)


def _series(ax: Axes, rows: Sequence[Row], colour: str, language: str) -> Drawn:
    return _stack(ax, claims.comparable(rows), rows, "series_apart", colour, language)


def _stack(
    ax: Axes, shown: list[Row], rows: Sequence[Row], apart: str, colour: str, language: str
) -> Drawn:
    """Bars, one under the other; in the note each row that is not drawn, with the reason."""
    ax.set_xlim(_reach(shown, "low", "high"))
    height = _down(ax, shown, lambda row, y: _extent(ax, y, row, colour))
    left = [{"reason": ""} | row for row in rows if not any(row is drawn for drawn in shown)]
    names = ("label", "words", "reason")
    said = (say(apart, language, **{name: row[name] for name in names}) for row in left)
    return Drawn(height, shown, _sentences([_signs(shown, language), *said], language))


def _progress(ax: Axes, rows: Sequence[Row], colour: str, language: str) -> Drawn:
    rows = by_size(claims.parts_done(rows))
    most = 2.0  # further than that a bar has an arrow, and its number tells
    far = max(row[end] for row in rows for end in ("low", "high") if not isnan(row[end]))
    ax.set_xlim(0, min(max(1.02, far), most) * 1.03)
    ax.text(1, 14, say("target_line", language), ha="right", color=MUTED, size=9)

    def mark(row: Row, y: float) -> float:
        high = nan if row["high"] > most else row["high"]
        _block(ax, 0, 1, y, BAND, fc="none", ec=MUTED, lw=0.6, ls=(0, (1, 2)))
        _extent(ax, y, row | {"low": min(row["low"], most), "high": high}, colour)
        _hairs(ax, [1], y + BAND / 2, BAND / 2 + 4, INK, 2)
        return BAND

    return Drawn(_down(ax, rows, mark, 20), rows, _signs(rows, language))


def _parts(ax: Axes, rows: Sequence[Row], colour: str, language: str) -> Drawn:
    whole = [row for row in rows if row["whole"]]
    parts = by_size(row for row in rows if not row["whole"])
    each = [size(row) for row in parts]
    total = max([*map(size, whole[:1]), sum(each)])
    shades = np.linspace(1, 0.35, len(parts))
    ax.set_xlim(0, total)
    y = 0.0
    for row in whole:
        y = row_words(ax, y, row)
    _block(ax, 0, total, y, 22, fc="none", ec=MUTED, lw=0.8)
    _pieces(ax, y, 22, each, shades, colour, ec="white")

    def mark(row: Row, y: float) -> float:
        style = {"fc": (colour, row["shade"]), "ec": (colour, 1.0), "lw": 0.8}
        _block(ax, 0, total, y + 4, 1, fc=GRID, lw=0)
        _block(ax, row["end"] - row["size"], row["end"], y, 9, **style)
        return 9

    left = say("sign_rest", language) if total > sum(each) * 1.005 else ""
    placed = [
        row | {"size": own, "end": end, "shade": shade}
        for row, own, end, shade in zip(parts, each, accumulate(each), shades, strict=True)
    ]
    return Drawn(_down(ax, placed, mark, y + 22 + GAP), [*whole, *parts], left)


def _change(ax: Axes, rows: Sequence[Row], colour: str, language: str) -> Drawn:
    ax.set_xlim(_reach(rows, "low", "high", "before_low", "before_high"))

    def mark(row: Row, y: float) -> float:
        before = {"low": row["before_low"], "high": row["before_high"]}
        _extent(ax, y, row | before, MUTED, 6)
        return 8 + _extent(ax, y + 8, row, colour)

    notes = [say("sign_before", language), _signs(rows, language)]
    return Drawn(_down(ax, rows, mark), rows, _sentences(notes, language))


def _peers(ax: Axes, rows: Sequence[Row], colour: str, language: str) -> Drawn:
    shares, shown = [row["share"] for row in rows], claims.own(rows)
    room = (max(shares) - min(shares)) * 0.02
    ax.set_xlim(min(shares) - room, max(shares) + room)

    def mark(row: Row, y: float) -> float:
        y += 9
        _block(ax, *ax.get_xlim(), y - 0.5, 1, fc=GRID, lw=0)
        same = [other for other in rows if other["label"] == row["label"] and not other["own"]]
        _hairs(ax, [other["share"] for other in same], y, 7, MUTED)
        _marker(ax, row["share"], y, "o", 11, colour)
        return 18

    height = _down(ax, shown, mark) - 4
    _value_axis(ax, rows[0]["unit"], language)
    return Drawn(height, shown, say("sign_peers", language))


def _wording(ax: Axes, rows: Sequence[Row], colour: str, language: str) -> Drawn:
    counts = [[row[word] for word in WORDINGS] for row in rows]
    ax.set_xlim(0, max(map(sum, counts)) or 1)

    def mark(row: Row, y: float) -> float:
        each = [row[word] for word in WORDINGS]
        _pieces(ax, y, BAND, each, (1.0, 0.55, 0.2), colour, ec=colour)
        return BAND

    return Drawn(_down(ax, rows, mark), rows, say("sign_wording", language))


def _told(rows: Iterable[Row], language: str) -> str:
    """The rows of a chart in words: the number, what it says and why it stands apart."""
    said = []
    for row in rows:
        beside = filter(None, (row.get(name, "") for name in ("reads", "reason")))
        more, words = say("clause", language).join(beside), row["words"]
        words = say("value_ends", language, value=words, ends=more) if more else words
        said.append(say("alt_row", language, label=row["label"], words=words))
    return say("alt_between", language).join(said)


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
        ("label", "words", "name", "share", "own", "unit"), _peers, claims.peers, 1, claims.own
    ),
    # how many figures are exact, rounded, vague
    "wording": Kind(("label", "words", *WORDINGS), _wording, claims.wording),
}
