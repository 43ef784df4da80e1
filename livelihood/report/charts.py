"""One look for every chart: few figures, their bounds drawn, their words beside them.

A chart is a :class:`Chart`, a matplotlib figure that shows itself as SVG, tells its content as
text (`alt`) and keeps the numbers that it draws (`data`). Bounds are no confidence intervals and
are not drawn as such: a flat bar without whiskers runs from end to end, an open end is an arrow,
a bar with an end that rests on a convention of ours is light and dashed, and a dot stands only
where a number was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import StringIO
from math import sqrt
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from livelihood.display import fonts
from livelihood.display.messages import say
from livelihood.report.layout import (
    FONT,
    GRID,
    INK,
    LEFT,
    MARK,
    MUTED,
    WIDTH,
    Text,
    stacked,
    value_axis,
    wrap,
)

# One hue a sector. Each stands out by 3 to 1 from light and from dark paper, and none means
# anything beside another: rows carry their words.
COLOURS = {
    "overview": "#0072b2", "education": "#0072b2", "health": "#009e73", "employment": "#a6611a",
    "elderly_care": "#aa3377", "housing": "#d55e00", "infrastructure": "#4477aa",
    "safety_net": "#8a63c7", "culture": "#117733",
}  # fmt: skip
SOFT, FULL = 0.3, 0.62  # opacity of a bar with an end by convention, and of any other

_RC: Any = {
    "font.family": [fonts.FAMILY, "DejaVu Sans"], "font.size": FONT, "axes.titlesize": FONT,
    "axes.edgecolor": GRID, "axes.labelcolor": MUTED, "xtick.color": MUTED, "text.color": INK,
    "axes.unicode_minus": False, "svg.hashsalt": "livelihood",
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
}  # fmt: skip


@contextmanager
def _look() -> Iterator[None]:
    """Our settings on matplotlib's own defaults: no matplotlibrc of a machine changes a chart."""
    with mpl.rc_context():
        parameters: Any = mpl.rcParams
        dict.update(parameters, _settings())  # they have been validated once
        yield


@cache
def _settings() -> dict[str, object]:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        parameters: Any = mpl.rcParams
        return {name: parameters[name] for name in parameters if name != "backend"}


class Chart(Figure):
    """A figure that shows itself as SVG with `alt` text, and keeps the `data` it draws."""

    kind: str = ""
    alt: str = ""
    data: pd.DataFrame = pd.DataFrame()
    table: str = ""  # the data in readers' words, as HTML

    def svg(self, outlines: bool = False) -> str:
        """The drawing as SVG, the same bytes for the same figures.

        Its text is text, for a page that brings the typeface and the ground; `outlines` draws the
        letters instead, on white, for a document that does not.
        """
        file, nothing = StringIO(), dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with _look():
            mpl.rcParams["svg.fonttype"] = "path" if outlines else "none"
            self.savefig(file, format="svg", transparent=not outlines, metadata=nothing)
        text = file.getvalue()
        return text[text.index("<svg") :]

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict]]:
        svg = self.svg(outlines=not fonts.on_page())
        data = {"image/svg+xml": svg, "text/plain": self.alt}
        extra = {"kind": self.kind, "table": self.table} if self.table else {}
        return data, {"image/svg+xml": extra}


def draw(
    kind: str, text: Text, sector: str, data: pd.DataFrame, language: str, **how: Any
) -> Chart:
    """A chart of one kind (see charts.toml) from its rows.

    `data` has a row a mark with the columns `label, words, value, low, high, low_origin,
    high_origin, unit` (bars, ranges), `label, words, first, last` (periods), `sector, wording,
    number` (wording), `name, year, share, own` (peers) or `group, reason` and those of ranges
    (series). Returns a :class:`Chart`.
    """
    fonts.use_in_charts()
    with _look():
        chart = Chart(figsize=(WIDTH, 1.0))
        if data.empty:
            _empty(chart, text, language)
        else:
            rows = KINDS[kind](chart, text, COLOURS[sector], data, language, **how)
            chart.alt = _alt(text, rows, language)
    chart.kind, chart.data = kind, data
    return chart


def warm_up() -> None:
    """Do once what the first chart of a process would do: fonts, definitions, a canvas."""
    draw("empty", Text(""), "overview", pd.DataFrame(), "zh").svg()


def _ranges(chart: Chart, text: Text, colour: str, data: pd.DataFrame, language: str,
            log: bool = False) -> pd.DataFrame:  # fmt: skip
    ax, ys = stacked(chart, text, data)
    ends = data[["low", "high", "value"]].to_numpy(float)
    low, high = np.nanmin(ends), np.nanmax(ends)
    if log and low > 0:
        ax.set_xscale("log")
        ax.set_xlim(low / 1.6, high * 1.6)
    else:
        start = 0 if low >= 0 and low < high / 2 else low - (high - low or high) * 0.25
        ax.set_xlim(start, high + (high - start) * 0.06)
    for row, y in zip(data.itertuples(), ys, strict=True):
        bar(ax, row, y, colour)
    dots(ax, data["value"], ys, 60, colour)
    value_axis(ax, data["unit"].iloc[0], language)
    return data


def bar(ax: Axes, row: Any, y: float, colour: str) -> None:
    """Bounds as a flat bar from end to end; arrows where open, light and dashed by convention."""
    left, right = ax.get_xlim()
    low = left if np.isnan(row.low) else row.low
    high = right if np.isnan(row.high) else row.high
    soft = "convention" in (row.low_origin, row.high_origin)
    ax.barh(y, high - low, 0.13, low, color=colour, alpha=SOFT if soft else FULL, zorder=2)
    if soft:
        ax.barh(y, high - low, 0.13, low, fill=False, edgecolor=colour, linestyle="--", zorder=3)
    for at, origin, marker in ((low, row.low_origin, 4), (high, row.high_origin, 5)):
        if not origin:  # a caret to the left or right
            ax.plot([at], [y], marker=marker, color=colour, ms=12, clip_on=False, zorder=3)


def dots(ax: Axes, xs: Sequence[float], ys: Sequence[float], size: float, colour: str) -> None:
    """A dot where a number was printed (not at NaN), ringed so that it shows on its bar."""
    ax.scatter(xs, ys, size, color=colour, edgecolor="white", linewidth=0.08 * sqrt(size), zorder=4)


def _bars(chart: Chart, text: Text, colour: str, data: pd.DataFrame, language: str) -> pd.DataFrame:
    ax, ys = stacked(chart, text, data)
    frame = data.assign(y=ys, length=data["value"].fillna(data["low"]))
    sns.barplot(frame, x="length", y="y", ax=ax, color=colour, orient="y", native_scale=True,
                width=0.3, errorbar=None, saturation=1)  # fmt: skip
    ax.set_ylim(max(ys) + MARK * 0.6, 0)
    ax.set_xlim(0, float(data[["value", "high"]].max().max()) * 1.06)
    value_axis(ax, data["unit"].iloc[0], language)
    return data


def _periods(
    chart: Chart, text: Text, colour: str, data: pd.DataFrame, language: str
) -> pd.DataFrame:
    ax, ys = stacked(chart, text, data)
    start, end = data["first"].min() - 0.6, data["last"].max() + 0.6
    ax.set_xlim(start if np.isfinite(start) else end - 4, end if np.isfinite(end) else start + 4)
    left, right = ax.get_xlim()
    for row, y in zip(data.itertuples(), ys, strict=True):
        first = left if np.isnan(row.first) else row.first
        last = right if np.isnan(row.last) else row.last
        ax.barh(y, last - first, 0.13, first, color=colour, alpha=FULL)
        for at, known, marker in ((first, row.first, 4), (last, row.last, 5)):
            if np.isnan(known):
                ax.plot([at], [y], marker=marker, color=colour, ms=12, clip_on=False)
    value_axis(ax, "1", language)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))
    return data


def _wording(
    chart: Chart, text: Text, colour: str, data: pd.DataFrame, language: str
) -> pd.DataFrame:
    order = list(dict.fromkeys(data["wording"]))
    sectors = list(dict.fromkeys(data["sector"]))
    words = [_counts(data[data["sector"] == s]) for s in sectors]
    rows = pd.DataFrame({"label": sectors, "words": words})
    ax, ys = stacked(chart, text, rows)
    frame = data.assign(y=data["sector"].map(dict(zip(sectors, ys, strict=True))))
    shades = dict(zip(order, (1.0, 0.62, 0.3), strict=True))
    left = dict.fromkeys(sectors, 0)
    for row in frame[frame["number"] > 0].itertuples():
        ax.barh(row.y, row.number, 0.15, left[row.sector], color=colour, alpha=shades[row.wording])
        left[row.sector] += row.number
    ax.set_xlim(0, max(left.values()) * 1.04)
    value_axis(ax, "1 ", language)
    return rows


def _counts(rows: pd.DataFrame) -> str:
    return " · ".join(f"{r.wording} {r.number}" for r in rows.itertuples() if r.number)


def _peers(chart: Chart, text: Text, colour: str, data: pd.DataFrame, language: str,
           unit: str = "1") -> pd.DataFrame:  # fmt: skip
    rows = data[data["own"]].rename(columns={"year": "label"}).reset_index(drop=True)
    ax, ys = stacked(chart, text, rows)
    for year, y in zip(rows["label"], ys, strict=True):
        others = data.loc[(data["year"] == year) & ~data["own"], "share"]
        ax.plot(*_strokes(others, y), color=MUTED, lw=1, alpha=0.7)
    dots(ax, rows["share"], ys, 110, colour)
    ax.set_ylim(max(ys) + MARK * 0.6, 0)
    value_axis(ax, unit, language)
    return rows


def _strokes(values: pd.Series, y: float) -> tuple[np.ndarray, np.ndarray]:
    """A short upright stroke at each value, all of them one line with gaps: one small path."""
    xs = np.column_stack([values, values, np.full(len(values), np.nan)])
    ys = np.tile([y - 0.07, y + 0.07, np.nan], len(values))
    return xs.ravel(), ys


def _series(
    chart: Chart, text: Text, colour: str, data: pd.DataFrame, language: str
) -> pd.DataFrame:
    from livelihood.report.panels import draw_panels  # it builds on this module

    return draw_panels(chart, text, colour, data, language)


def _empty(chart: Chart, text: Text, language: str) -> None:
    """No rows: the release printed none of the figures that the chart would draw."""
    words = say("empty_chart", language)
    chart.set_size_inches(WIDTH, 1.1)
    chart.text(LEFT, 0.9, "\n".join(wrap(text.title, 24)), va="top", size=FONT + 1)
    chart.text(LEFT, 0.12, words, color=MUTED)
    chart.alt = f"{text.title}: {words}"


def _alt(text: Text, rows: pd.DataFrame, language: str) -> str:
    """What a chart shows, as text with its numbers, what they decide first."""
    between = say("alt_between", language)
    said = (say("alt_row", language, label=r.label, words=r.words) for r in rows.itertuples())
    title = between.join(t for t in (text.claim, text.title) if t)
    return say("alt", language, title=title, rows=between.join(said))


KINDS: dict[str, Callable[..., pd.DataFrame]] = {
    "ranges": _ranges,
    "bars": _bars,
    "periods": _periods,
    "wording": _wording,
    "peers": _peers,
    "series": _series,
}
