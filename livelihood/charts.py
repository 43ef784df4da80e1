"""One look for every chart: few figures, their bounds drawn, their words beside them.

A chart is a :class:`Chart`, a matplotlib figure that shows itself as SVG, tells its content as
text (`alt`) and keeps the numbers that it draws (`data`). Bounds are no confidence intervals and
are not drawn as such: a bar runs from end to end, an open end is an arrow, an end that rests on a
convention of ours is lighter, and a dot stands only where a number was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO
from math import ceil, floor, log10
from unicodedata import east_asian_width

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from livelihood import fonts
from livelihood.display import tick_words
from livelihood.problems import say

WIDTH = 4.8  # inches: at 12 pt still 11 px of text on a phone of 360 px
FONT = 12
LINE = 0.23  # inches of one line of text
MARK = 0.32  # inches of the mark under it
INK, MUTED, GRID = "#1f2328", "#57606a", "#d0d7de"

# Okabe and Ito's palette, which colour-blind readers can tell apart, one hue a sector.
COLOURS = {
    "overview": "#0072b2", "education": "#0072b2", "health": "#009e73", "employment": "#a6611a",
    "elderly_care": "#aa3377", "housing": "#d55e00", "infrastructure": "#4477aa",
    "safety_net": "#882255", "culture": "#117733",
}  # fmt: skip

_RC = {
    "font.family": [fonts.FAMILY, "DejaVu Sans"], "font.size": FONT, "axes.titlesize": FONT,
    "axes.edgecolor": GRID, "axes.labelcolor": MUTED, "xtick.color": MUTED, "text.color": INK,
    "axes.unicode_minus": False, "svg.fonttype": "none", "svg.hashsalt": "livelihood",
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
}  # fmt: skip


class Chart(Figure):
    """A figure that shows itself as SVG with `alt` text, and keeps the `data` it draws."""

    alt: str = ""
    data: pd.DataFrame = pd.DataFrame()
    table: str = ""  # the data in readers' words, as HTML

    def svg(self) -> str:
        """The drawing as SVG, the same bytes for the same figures."""
        file = StringIO()
        with mpl.rc_context(_RC):
            self.savefig(
                file,
                format="svg",
                transparent=True,
                metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")),
            )
        text = file.getvalue()
        return text[text.index("<svg") :]

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict]]:
        data = {"image/svg+xml": self.svg(), "text/plain": self.alt}
        return data, {"image/svg+xml": {"table": self.table}} if self.table else {}


def draw(kind: str, title: str, sector: str, data: pd.DataFrame, language: str, **how) -> Chart:
    """A chart of one kind (see charts.toml) from its rows.

    `data` has a row a mark with the columns `label, words, value, low, high, low_origin,
    high_origin, unit` (bars, ranges), `label, words, first, last` (periods), `sector, wording,
    number` (wording) or `name, year, share, own` (peers). Returns a :class:`Chart`.
    """
    fonts.use_in_charts()
    with mpl.rc_context(_RC):
        chart = KINDS[kind](title, COLOURS[sector], data, language, **how)
    chart.data = data
    return chart


def _stacked(title: str, data: pd.DataFrame, extra: float = 0.0) -> tuple[Chart, Axes, list]:
    """A figure whose rows stand under their own words: axes and the y of each row's mark."""
    texts = [_row_lines(row.label, row.words) for row in data.itertuples()]
    heights = [len(lines) * LINE + MARK for lines in texts]
    titles = _wrap(title, 24)
    top, bottom = len(titles) * 0.25 + 0.12, 0.36 + extra
    total = sum(heights)
    chart = Chart(figsize=(WIDTH, top + total + bottom))
    high = top + total + bottom
    ax = chart.add_axes((0.03, bottom / high, 0.92, total / high))
    ax.set_ylim(total, 0)
    ax.set_yticks([])
    chart.text(0.03, 1 - 0.05 / high, "\n".join(titles), va="top", size=FONT + 1, linespacing=1.25)
    ends = np.cumsum(heights)
    for lines, end in zip(texts, ends, strict=True):
        start = end - len(lines) * LINE - MARK
        for number, (left, right) in enumerate(lines):
            y = start + number * LINE
            ax.text(0, y, left, va="top", transform=ax.get_yaxis_transform())
            ax.text(1, y, right, va="top", ha="right", transform=ax.get_yaxis_transform(),
                    color=MUTED)  # fmt: skip
    return chart, ax, [end - MARK * 0.6 for end in ends]


def _row_lines(label: str, words: str) -> list[tuple[str, str]]:
    """Lines of a row's text: its label, and the figure at the right where there is room."""
    lines = _wrap(label, 27)
    if _width(lines[-1]) + _width(words) + 1 <= 27:
        return [*((line, "") for line in lines[:-1]), (lines[-1], words)]
    return [*((line, "") for line in lines), ("", words)]


def _width(text: str) -> float:
    """Width in ems: a Chinese character 1, others about 0.55."""
    return sum(1 if east_asian_width(c) in "WF" else 0.55 for c in text)


def _wrap(text: str, width: float) -> list[str]:
    """Lines of at most `width` ems; English breaks at spaces, Chinese anywhere."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for c in text:
        pieces[-1] += c
        if c == " " or east_asian_width(c) in "WF":
            pieces.append("")
    return [p for p in pieces if p]


def _ranges(title: str, colour: str, data: pd.DataFrame, language: str, log: bool = False) -> Chart:
    chart, ax, ys = _stacked(title, data)
    ends = data[["low", "high", "value"]].to_numpy(float)
    low, high = np.nanmin(ends), np.nanmax(ends)
    if log:
        ax.set_xscale("log")
        ax.set_xlim(low / 1.6, high * 1.6)
    else:
        start = 0 if low >= 0 and low < high / 2 else low - (high - low or high) * 0.25
        ax.set_xlim(start, high + (high - start) * 0.06)
    light = sns.light_palette(colour, 4)[1]
    for row, y in zip(data.itertuples(), ys, strict=True):
        _bar(ax, row, y, colour, light)
    points = pd.DataFrame({"x": data["value"], "y": ys}).dropna()
    sns.scatterplot(points, x="x", y="y", ax=ax, color=colour, s=60, edgecolor="white", zorder=4)
    _finish(ax, data["unit"], language)
    chart.alt = _alt(title, data, language)
    return chart


def _bar(ax: Axes, row, y: float, colour: str, light) -> None:
    """Bounds as a bar from end to end; arrows where open, lighter where by convention."""
    left, right = ax.get_xlim()
    low = left if np.isnan(row.low) else row.low
    high = right if np.isnan(row.high) else row.high
    soft = "convention" in (row.low_origin, row.high_origin)
    ax.plot([low, high], [y, y], color=light if soft else colour, lw=7, solid_capstyle="butt",
            alpha=1 if soft else 0.55, zorder=2)  # fmt: skip
    for at, origin, marker in ((low, row.low_origin, 4), (high, row.high_origin, 5)):
        if not origin:  # a caret to the left or right
            ax.plot([at], [y], marker=marker, color=colour, ms=12, clip_on=False, zorder=3)
        else:
            shade = light if origin == "convention" else colour
            ax.plot([at, at], [y - 0.07, y + 0.07], color=shade, lw=2, zorder=3)


def _bars(title: str, colour: str, data: pd.DataFrame, language: str) -> Chart:
    chart, ax, ys = _stacked(title, data)
    frame = data.assign(y=ys, length=data["value"].fillna(data["low"]))
    sns.barplot(frame, x="length", y="y", ax=ax, color=colour, orient="y", native_scale=True,
                width=0.3, errorbar=None, saturation=1)  # fmt: skip
    ax.set_ylim(max(ys) + MARK * 0.6, 0)
    ax.set_xlim(0, float(data[["value", "high"]].max().max()) * 1.06)
    _finish(ax, data["unit"], language)
    chart.alt = _alt(title, data, language)
    return chart


def _finish(ax: Axes, units: Sequence[str], language: str) -> None:
    unit = next(iter(units))
    ax.set(xlabel=None, ylabel=None)
    ax.set_yticks([])
    ax.grid(axis="x", color=GRID, lw=0.6, zorder=0)
    ax.set_axisbelow(True)
    if ax.get_xscale() == "log":
        ax.xaxis.set_major_locator(FixedLocator(_log_ticks(*ax.get_xlim())))
        ax.xaxis.set_minor_locator(NullLocator())
    else:
        ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: tick_words(x, ax.get_xlim()[1], unit, language))
    )
    ax.tick_params(length=0)


def _log_ticks(left: float, right: float) -> list[float]:
    """Round numbers of a log axis, at most four: 1, 2, 5 or 1, 3 or 1 of each power of ten."""
    powers = range(floor(log10(left)), ceil(log10(right)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [s * 10.0**p for p in powers for s in steps if left <= s * 10.0**p <= right]
        if len(ticks) <= 4:
            break
    return ticks


def _periods(title: str, colour: str, data: pd.DataFrame, language: str) -> Chart:
    chart, ax, ys = _stacked(title, data)
    start, end = data["first"].min() - 0.6, data["last"].max() + 0.6
    ax.set_xlim(start if np.isfinite(start) else end - 4, end)
    left, right = ax.get_xlim()
    for row, y in zip(data.itertuples(), ys, strict=True):
        first = left if np.isnan(row.first) else row.first
        last = right if np.isnan(row.last) else row.last
        ax.plot([first, last], [y, y], color=colour, lw=7, alpha=0.55, solid_capstyle="butt")
        for at, known, marker in ((first, row.first, 4), (last, row.last, 5)):
            if np.isnan(known):
                ax.plot([at], [y], marker=marker, color=colour, ms=12, clip_on=False)
    ax.grid(axis="x", color=GRID, lw=0.6)
    ax.set_axisbelow(True)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))
    ax.tick_params(length=0)
    chart.alt = _alt(title, data, language)
    return chart


def _wording(title: str, colour: str, data: pd.DataFrame, language: str) -> Chart:
    order = list(dict.fromkeys(data["wording"]))
    sectors = list(dict.fromkeys(data["sector"]))
    rows = pd.DataFrame({
        "label": sectors,
        "words": [_counts(data[data["sector"] == s]) for s in sectors],
    })  # fmt: skip
    chart, ax, ys = _stacked(title, rows)
    frame = data.assign(y=data["sector"].map(dict(zip(sectors, ys, strict=True))))
    shades = sns.light_palette(colour, len(order) + 2, reverse=True)[: len(order)]
    left = dict.fromkeys(sectors, 0)
    for row in frame.itertuples():
        ax.barh(row.y, row.number, 0.15, left[row.sector], color=shades[order.index(row.wording)])
        left[row.sector] += row.number
    ax.set_xlim(0, max(left.values()) * 1.04)
    _finish(ax, ["1 "], language)
    chart.alt = _alt(title, rows, language)
    return chart


def _counts(rows: pd.DataFrame) -> str:
    return " · ".join(f"{r.wording} {r.number}" for r in rows.itertuples() if r.number)


def _peers(title: str, colour: str, data: pd.DataFrame, language: str, unit: str = "1") -> Chart:
    own = data[data["own"]]
    rows = own.rename(columns={"year": "label"}).reset_index(drop=True)
    chart, ax, ys = _stacked(title, rows)
    place = dict(zip(rows["label"], ys, strict=True))
    frame = data.assign(y=data["year"].map(place))
    others = {"color": GRID, "size": 6, "alpha": 0.8, "edgecolor": MUTED, "linewidth": 0.3}
    sns.stripplot(frame[~frame["own"]], x="share", y="y", ax=ax, orient="y", native_scale=True,
                  jitter=False, **others)  # fmt: skip
    sns.scatterplot(frame[frame["own"]], x="share", y="y", ax=ax, color=colour, s=110, zorder=5,
                    edgecolor="white")  # fmt: skip
    ax.set_ylim(max(ys) + MARK * 0.6, 0)
    _finish(ax, [unit], language)
    chart.alt = _alt(title, rows, language)
    return chart


def _series(title: str, colour: str, data: pd.DataFrame, language: str) -> Chart:
    from livelihood.panels import series_chart  # it builds on this module

    return series_chart(title, colour, data, language)


def _empty(title: str, colour: str, data: pd.DataFrame, language: str) -> Chart:
    """No rows: the release printed none of the figures that the chart would draw."""
    words = say("empty_chart", language)
    chart = Chart(figsize=(WIDTH, 1.1))
    chart.text(0.03, 0.9, "\n".join(_wrap(title, 24)), va="top", size=FONT + 1)
    chart.text(0.03, 0.12, words, color=MUTED)
    chart.alt = f"{title}: {words}"
    return chart


def _alt(title: str, data: pd.DataFrame, language: str) -> str:
    """What a chart shows, as text with its numbers."""
    rows = (say("alt_row", language, label=r.label, words=r.words) for r in data.itertuples())
    return say("alt", language, title=title, rows=say("alt_between", language).join(rows))


KINDS: dict[str, Callable[..., Chart]] = {
    "ranges": _ranges,
    "bars": _bars,
    "periods": _periods,
    "wording": _wording,
    "peers": _peers,
    "series": _series,
    "empty": _empty,
}
