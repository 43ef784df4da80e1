"""How a chart is set: each row's words over its mark, a title above, a note and the source below.

All is in pixels; down the axes they are the unit of y, from the top. Words in the rows are broken
for a column of :data:`NARROW` pixels, so that a drawing may be as narrow as a phone's or as wide
as a desktop's; see :mod:`livelihood.report.charts.figure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from matplotlib.axes import Axes

from livelihood.display.fonts import width
from livelihood.report.charts.figure import DPI, INK, LABEL, MUTED, SMALL, TITLE, Chart

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
    """Axes between a title and subject above, a note and a source below, all from the left edge.

    Titles and labels are matplotlib's own: what is set anew takes the place of the old, and the
    words around make room for it.
    """

    name = "livelihood"
    height = 100.0  # of the marks, in units of y; pixels, unless the figure's size is given
    fixed = False  # whether it is
    chart: Any = property(Axes.get_figure)

    def set_title(
        self, label: str, fontdict: Any = None, loc: Any = None, pad: Any = None, **how: Any
    ) -> Any:
        """Replace the title; as matplotlib's own, but broken into lines and at the left."""
        lines = "\n".join(wrap(label, self.room, TITLE))
        self.chart.wrapped = {**self.chart.wrapped, lines: label}
        pad = self.over_marks * 72 / DPI if pad is None else pad
        title = super().set_title(lines, fontdict, "center", pad, **how)
        title.set(x=0, ha="left")
        self.settle()
        return title

    def set_xlabel(self, xlabel: str, *others: Any, **how: Any) -> Any:
        label = super().set_xlabel(xlabel, *others, **how)
        self.settle()
        return label

    def set_xticks(self, ticks: Any, *others: Any, **how: Any) -> Any:
        made = super().set_xticks(ticks, *others, **how)
        self.settle()
        return made

    @property
    def room(self) -> float:
        """Pixels from edge to edge."""
        return self.chart.get_figwidth() * DPI - 2 * EDGE

    @property
    def over_marks(self) -> float:
        """Pixels between the title and the marks."""
        subject = self.chart.words.get("subtitle")
        return 12 + _count(subject) * LINE if subject else 10

    def settle(self) -> None:
        """Place the marks, and the words above and below them, each clear of the other."""
        chart, under = self.chart, self.chart.below_marks
        foot = [words for name, words in chart.words.items() if name != "subtitle"]
        above = 8 + _count(self.title) * TITLE * 1.4 + self.over_marks
        below = under + sum(map(_count, foot)) * SMALL * 1.5 + 12
        whole = chart.get_figheight() * DPI if self.fixed else above + self.height + below
        marks = max(whole - above - below, 1)
        wide = self.room + 2 * EDGE
        chart.set_figheight(whole / DPI)
        self.set_position((EDGE / wide, below / whole, self.room / wide, marks / whole))
        y, pixel = marks + under + 8, self.height / marks
        for words in foot:
            words.set_y(y * pixel)
            y += _count(words) * SMALL * 1.5
        if "subtitle" in chart.words:
            chart.words["subtitle"].set_y(-8 * pixel)


def begin() -> Chart:
    """A chart with empty axes, y in pixels from the top, which :func:`finish` gives their place."""
    return _AHEAD.pop() if _AHEAD else _empty()


_AHEAD: list[Chart] = []  # empty charts that this process, or the one it is forked from, has made


def make_ahead(count: int) -> None:
    """Make so many empty charts at once: what kernels forked from here need not do each."""
    _AHEAD.extend(_empty() for _ in range(count))


def _empty() -> Chart:
    chart = Chart(dpi=DPI)
    ax = ChartAxes(chart, (0, 0, 1, 1))
    chart.add_axes(ax)
    ax.set(xticks=[], yticks=[], ylim=(100, 0))
    ax.spines[:].set_visible(False)
    ax.patch.set_visible(False)
    return chart


def finish(
    chart: Chart, text: Text, height: float, figsize: tuple[float, float] | None = None
) -> None:
    """The figure around axes of this height: title and subject above, note and source below."""
    ax: Any = chart.ax
    chart.set_size_inches(figsize or (WIDTH / DPI, 1))
    ax.height, ax.fixed = height, figsize is not None
    ax.set_ylim(height, 0)
    said = {"subtitle": text.title if text.claim else "", "note": text.note, "source": text.source}
    chart.words = {name: _words(ax, name, words) for name, words in said.items() if words}
    chart.wrapped = {artist.get_text(): said[name] for name, artist in chart.words.items()}
    ax.set_title(text.claim or text.title, color=INK)


def _words(ax: ChartAxes, name: str, words: str) -> Any:
    """Lines from the left edge; :meth:`ChartAxes.settle` gives them their height."""
    size, va = (LABEL, "bottom") if name == "subtitle" else (SMALL, "top")
    lines, across = "\n".join(wrap(words, ax.room, size)), ax.get_yaxis_transform()
    style: Any = {"va": va, "color": MUTED, "size": size * 72 / DPI, "linespacing": 1.2}
    return ax.text(0, 0, lines, transform=across, **style)


def _count(words: Any) -> int:
    """Lines of a text."""
    return words.get_text().count("\n") + 1


def row_words(ax: Axes, y: float, row: Mapping[str, Any]) -> float:
    """Write a row's words from y down; returns where the mark under them begins.

    The label, then the number as it was printed, then in small letters what it says; each on a
    line of its own where a phone has no room beside the one before.
    """
    end: float = NARROW  # of the line before
    parts = (("label", LABEL, MUTED), ("words", LABEL, INK), ("reads", SMALL, MUTED))
    for name, size, colour in parts:
        text = row.get(name, "")
        for line in wrap(text, NARROW, size):
            start, wide = end + 10, width(line) * size
            if start + wide > NARROW:
                start, y = 0.0, y + LINE
            end, place = start + wide, (start * 72 / DPI, 0)  # from the left edge, on a base line
            style: Any = {"color": colour, "size": size * 72 / DPI, "annotation_clip": False}
            ax.annotate(line, (0, y), place, ax.get_yaxis_transform(), "offset points", **style)
    return y + 7


def wrap(text: str, pixels: float, size: float) -> list[str]:
    """Lines of at most so many pixels; English breaks at spaces, Chinese anywhere but at a stop.

    >>> wrap("各地区、各年度", 64, 16)
    ['各地区、', '各年度']
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width(lines[-1] + piece.rstrip()) * size > pixels:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines] if text else []


def _pieces(text: str) -> list[str]:
    """What must not be broken: words, a character with its stop, a bracket with what it opens."""
    pieces: list[str] = []
    for c in text:
        last = pieces[-1][-1] if pieces else " "
        inside = last != " " and not {east_asian_width(c), east_asian_width(last)} & {"W", "F"}
        if pieces and (inside or c in "，、。；：）》”％%" or last in "（《“"):
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces
