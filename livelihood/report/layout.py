"""How a chart is set: each row's words over its mark, a title above, a note and the source below.

All is in pixels; down the axes they are the unit of y, from the top. Words in the rows are broken
for a column of :data:`NARROW` pixels, so that a drawing may be as narrow as a phone's or as wide
as a desktop's; see :mod:`livelihood.report.figure`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from livelihood.display.fonts import width
from livelihood.display.format import tick_words
from livelihood.report.figure import AXIS, DPI, INK, LABEL, MUTED, SMALL, TITLE, Chart

WIDTH, NARROW = 640, 328  # pixels of a figure of its own, and of the narrowest column
LINE, BAND, GAP = 20, 14, 12  # pixels of a line of a row, of the mark under it, and to the next row
EDGE = 8  # pixels at the sides, for what stands at the very end of the axes


@dataclass(frozen=True, slots=True)
class Text:
    """The words around a chart: its subject, what the data decide about it, where they are from."""

    title: str
    claim: str = ""
    source: str = ""
    note: str = ""


class ChartAxes(Axes):
    """Axes whose title begins at their left edge and stays clear of the subject under it."""

    name = "livelihood"
    pad = 8.0  # pixels between the title and the marks

    def set_title(
        self, label: str, fontdict: Any = None, loc: Any = None, pad: Any = None, **how: Any
    ) -> Any:
        """Replace the title; as matplotlib's own, but broken into lines and at the left."""
        if loc not in (None, "left"):
            return super().set_title(label, fontdict, loc, pad, **how)
        lines = "\n".join(wrap(label, WIDTH - 2 * EDGE, TITLE))
        pad = self.pad * 72 / DPI if pad is None else pad
        title = super().set_title(lines, fontdict, "center", pad, **how)
        title.set(x=0, ha="left")
        return title


def begin(chart: Chart) -> ChartAxes:
    """Empty axes, y in pixels from the top; :func:`finish` gives them their place and size."""
    ax = ChartAxes(chart, (0, 0, 1, 1))
    chart.add_axes(ax)
    ax.set(xticks=[], yticks=[], ylim=(100, 0))
    ax.spines[:].set_visible(False)
    ax.patch.set_visible(False)
    return ax


def finish(chart: Chart, text: Text, height: float) -> None:
    """The figure around axes of this height: title and subject above, note and source below."""
    ax: Any = chart.ax
    room = WIDTH - 2 * EDGE
    subject = wrap(text.title, room, LABEL) if text.claim else []
    ax.pad = 10.0 + len(subject) * LINE + 2 * bool(subject)
    title = ax.set_title(text.claim or text.title, color=INK)
    above = 8 + len(title.get_text().split("\n")) * TITLE * 1.4 + ax.pad
    axis = AXIS if len(ax.get_xticks()) else 0
    foot = {n: wrap(getattr(text, n), room, SMALL) for n in ("note", "source")}
    below = sum(len(lines) for lines in foot.values()) * SMALL * 1.5 + 12
    whole = above + height + axis + below
    chart.set_size_inches(WIDTH / DPI, whole / DPI)
    ax.set_position((EDGE / WIDTH, (below + axis) / whole, room / WIDTH, height / whole))
    ax.set_ylim(height, 0)
    chart.words = {"subtitle": _lines(ax, subject, -8.0, LABEL, "bottom")} if subject else {}
    y = height + axis + 8
    for name, lines in foot.items():
        if lines:
            chart.words[name] = _lines(ax, lines, y, SMALL, "top")
            y += len(lines) * SMALL * 1.5
    whole_words = {title.get_text(): text.claim or text.title, "\n".join(subject): text.title}
    whole_words |= {"\n".join(foot[name]): getattr(text, name) for name in foot}
    chart.wrapped = whole_words


def _lines(ax: Axes, lines: list[str], y: float, size: float, va: Any) -> Any:
    return ax.text(
        0,
        y,
        "\n".join(lines),
        transform=ax.get_yaxis_transform(),
        va=va,
        color=MUTED,
        size=size * 72 / DPI,
        linespacing=1.2,
    )


def row_words(ax: Axes, y: float, label: str, words: str, reads: str = "") -> float:
    """Write a row's words from y down; returns where the mark under them begins.

    The label, then the number as it was printed, then in small letters what it says; each on a
    line of its own where a phone has no room beside the one before.
    """
    lines = wrap(label, NARROW, LABEL)
    end = 0.0
    for line in lines:
        y, end = y + LINE, width(line) * LABEL
        write(ax, line, 0, y, MUTED, LABEL)
    for text, size, colour in ((words, LABEL, INK), (reads, SMALL, MUTED)):
        for line in wrap(text, NARROW, size):
            if end and end + 10 + width(line) * size > NARROW:
                y, end = y + LINE, 0.0
            at = end + 10 if end else 0.0
            write(ax, line, at, y, colour, size)
            end = at + width(line) * size
    return y + 7


def write(ax: Axes, text: str, right: float, y: float, colour: str, size: float) -> None:
    """Text that begins so many pixels from the left edge, on a base line."""
    ax.annotate(
        text,
        (0, y),
        (right * 72 / DPI, 0),
        ax.get_yaxis_transform(),
        "offset points",
        color=colour,
        size=size * 72 / DPI,
        annotation_clip=False,
    )


def value_axis(ax: Axes, unit: str, language: str) -> None:
    """Ticks with their numbers under the marks."""
    low, high = ax.get_xlim()
    ticks = [t for t in MaxNLocator(4).tick_values(low, high) if low <= t <= high]
    ax.set_xticks(ticks, [tick_words(t, t or 1, unit, language) for t in ticks])
    ax.tick_params(length=0, pad=3)
    for label, tick in zip(ax.get_xticklabels(), ticks, strict=True):
        part = (tick - low) / (high - low)  # a number at an end stays inside
        side: Any = "left" if part < 0.05 else "right" if part > 0.95 else "center"
        label.set_horizontalalignment(side)


def hairs(
    ax: Axes, xs: Iterable[float], ys: Iterable[float], half: float, colour: str, wide: float = 1.0
) -> None:
    """A short upright line at every x beside every y, all of them one artist."""
    ends = [(x, y + d) for y in ys for x in xs for d in (-half, half)]
    if ends:
        path = Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2))
        ax.add_patch(PathPatch(path, fill=False, ec=colour, lw=wide * 72 / DPI, zorder=0.5))


def wrap(text: str, pixels: float, size: float) -> list[str]:
    """Lines of at most so many pixels; English breaks at spaces, Chinese anywhere but at a stop.

    >>> wrap("各地区、各年度", 64, 16)
    ['各地区、', '各年度']
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) * size > pixels:
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
