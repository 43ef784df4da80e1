"""How a chart is set: words above their marks, sizes that stay readable on a phone.

Everything is in inches of a figure that is :data:`WIDTH` wide; at 12 pt its text is still 11 px on
a phone of 360 px. A title that states a finding stands first, then what is shown and in which
unit, then the rows, each under its own words, and the source at the bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from livelihood.display.format import tick_words

WIDTH = 4.8
FONT = 12  # points
LINE = 0.23  # inches of one line of text
MARK = 0.32  # inches of the mark under it
AXIS = 0.36  # inches of an axis with its ticks
LEFT, SPAN = 0.03, 0.92  # the axes' place, as parts of the width
EMS = 26  # ems of a line that runs from edge to edge
INK, MUTED, GRID = "#1f2328", "#57606a", "#d0d7de"


@dataclass(frozen=True, slots=True)
class Text:
    """The words around a chart: what it shows, what the data decide about it, where from."""

    title: str
    claim: str = ""
    source: str = ""


def stacked(chart: Figure, text: Text, rows: pd.DataFrame) -> tuple[Axes, list[float]]:
    """Lay out a figure whose rows (`label, words`) stand under their own words.

    Returns the axes, whose y is in inches from the top, and the y of each row's mark.
    """
    return panels(chart, text, [("", rows)])[0]


def panels(
    chart: Figure, text: Text, groups: Sequence[tuple[str, pd.DataFrame]]
) -> list[tuple[Axes, list[float]]]:
    """As :func:`stacked`, with axes of their own for each group under its heading."""
    headings = [wrap(heading, EMS) for heading, _ in groups]
    bodies = [[_row_lines(r.label, r.words) for r in rows.itertuples()] for _, rows in groups]
    heights = [sum(len(lines) * LINE + MARK for lines in body) for body in bodies]
    top, foot = _head_height(text), wrap(text.source, EMS)
    above = sum(len(lines) for lines in headings) * LINE
    high = top + above + sum(heights) + len(groups) * AXIS + len(foot) * LINE
    chart.set_size_inches(WIDTH, high)
    _head(chart, text, high)
    for number, line in enumerate(reversed(foot)):
        chart.text(LEFT, (0.06 + number * LINE) / high, line, color=MUTED)
    made = []
    for heading, body, height in zip(headings, bodies, heights, strict=True):
        for line in heading:
            chart.text(LEFT, 1 - top / high, line, va="top", color=MUTED)
            top += LINE
        ax = chart.add_axes((LEFT, 1 - (top + height) / high, SPAN, height / high))
        made.append((ax, _rows(ax, body, height)))
        top += height + AXIS
    return made


def _rows(ax: Axes, body: list[list[tuple[str, str]]], height: float) -> list[float]:
    """Write the words of rows into axes as high as they need; returns the y of their marks."""
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    end, marks = 0.0, []
    for lines in body:
        _row(ax, lines, end)
        end += len(lines) * LINE + MARK
        marks.append(end - MARK * 0.6)
    return marks


def _head_lines(text: Text) -> tuple[list[str], list[str]]:
    claim = wrap(text.claim, EMS - 2)
    return claim, wrap(text.title, EMS if claim else EMS - 2)


def _head_height(text: Text) -> float:
    return sum(len(lines) for lines in _head_lines(text)) * 0.25 + 0.14


def _head(chart: Figure, text: Text, high: float) -> None:
    """The finding in ink with the title muted under it, or the title alone."""
    claim, title = _head_lines(text)
    y = 0.05
    for line in claim or title:
        chart.text(LEFT, 1 - y / high, line, va="top", size=FONT + 1)
        y += 0.25
    for line in title if claim else ():
        chart.text(LEFT, 1 - y / high, line, va="top", color=MUTED)
        y += 0.25


def _row(ax: Axes, lines: list[tuple[str, str]], start: float) -> None:
    for number, (left, right) in enumerate(lines):
        y, across = start + number * LINE, ax.get_yaxis_transform()
        if left:
            ax.text(0, y, left, va="top", transform=across)
        if right:
            ax.text(1, y, right, va="top", ha="right", transform=across, color=MUTED)


def _row_lines(label: str, words: str) -> list[tuple[str, str]]:
    """Lines of a row's text: its label, and the figure at the right where there is room."""
    lines = wrap(label, EMS)
    if width(lines[-1]) + width(words) + 1 <= EMS:
        return [*((line, "") for line in lines[:-1]), (lines[-1], words)]
    return [*((line, "") for line in lines), *(("", line) for line in wrap(words, EMS))]


def width(text: str) -> float:
    """Width in ems: a Chinese character 1, others about 0.53."""
    return sum(1 if _is_wide(c) else 0.53 for c in text)


def wrap(text: str, ems: float) -> list[str]:
    """Lines of at most `ems`; English breaks at spaces, Chinese anywhere but before a stop.

    >>> wrap("各地区、各年度", 4)
    ['各地区、', '各年度']
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > ems:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if text else []


def _pieces(text: str) -> list[str]:
    """What must not be broken: words, a character with its stop, a bracket with what it opens."""
    pieces: list[str] = []
    for c in text:
        last = pieces[-1][-1] if pieces else " "
        inside = not _is_wide(c) and not _is_wide(last) and last != " "
        if pieces and (inside or c in "，、。；：）》”％%" or last in "（《“"):
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _is_wide(c: str) -> bool:
    return east_asian_width(c) in "WF"


def value_axis(ax: Axes, unit: str, language: str) -> None:
    """An axis of values at the bottom: few ticks, none that would run out of the figure."""
    ax.set(xlabel=None, ylabel=None)
    ax.set_yticks([])
    ax.grid(axis="x", color=GRID, lw=0.6, zorder=0)
    ax.set_axisbelow(True)
    low, high = ax.get_xlim()
    logarithmic = ax.get_xscale() == "log"
    ticks = log_ticks(low, high) if logarithmic else MaxNLocator(4).tick_values(low, high)

    def words(x: float, _: object = None) -> str:
        return tick_words(x, high, unit, language)

    ax.xaxis.set_major_locator(FixedLocator(_fitting(ax, ticks, words)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(words))
    ax.tick_params(length=0)


def _fitting(ax: Axes, ticks: Iterable[float], words: Callable[[float], str]) -> list[float]:
    """The ticks whose labels fit in the figure and keep clear of the one before."""
    scale = np.log10 if ax.get_xscale() == "log" else float
    low, high = (scale(end) for end in ax.get_xlim())
    fitting, last = [], -1.0
    for tick in ticks:
        if not low <= scale(tick) <= high:
            continue
        centre = (LEFT + (scale(tick) - low) / (high - low) * SPAN) * WIDTH
        half = width(words(tick)) * FONT / 72 / 2
        if centre - half > last and centre - half >= 0 and centre + half <= WIDTH:
            fitting.append(tick)
            last = centre + half + 0.1
    return fitting


def log_ticks(left: float, right: float) -> list[float]:
    """Round numbers of a log axis, at most four: 1, 2, 5 or 1, 3 or 1 of each power of ten."""
    powers = range(floor(log10(left)), ceil(log10(right)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [s * 10.0**p for p in powers for s in steps if left <= s * 10.0**p <= right]
        if len(ticks) <= 4:
            break
    return ticks
