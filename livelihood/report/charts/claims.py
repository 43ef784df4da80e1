"""What a chart says: in its title, what its rows show for certain; in words, all of it.

A claim is made only where something stands out, whatever the bounds hide; else the chart is titled
with its subject. Who does not see a figure is told its titles and its data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import inf, isfinite, isnan
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, ScalarFormatter

from livelihood.display.fonts import width
from livelihood.display.format import bounds_words
from livelihood.display.messages import say
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.vocabulary import UNIT_LABELS
from livelihood.report.charts.rows import WORDINGS, Row
from livelihood.report.prose import exact_words

_FRACTIONS = {
    Fraction(1, 4): "quarter",
    Fraction(1, 3): "third",
    Fraction(1, 2): "half",
    Fraction(2, 3): "two_thirds",
    Fraction(3, 4): "three_quarters",
}
# How many times the next one the largest must be to be worth a title; far more, and the two are
# not worth holding against each other. Names longer than this many ems make no title.
TIMES, NAMES = range(2, 21), 28
HIGH = Fraction(9, 10)  # above which shares that all lie there are worth one


def largest(rows: Sequence[Row], language: str) -> str:
    """The row that is a few times every other one, or shares that are all high.

    >>> a = {"label": "a", "words": "5", "low": 5, "high": 5, "unit": "", "period": "2019"}
    >>> largest([a, a | {"label": "b", "words": "2", "low": 2, "high": 2}], "en")
    'a: 5, at least 2 times the next (b)'
    """
    rows = of_one_unit(rows)
    meant = any(row.get("role") in ("target", "planned") for row in rows)
    apart = any(len({row.get(name) for row in rows}) > 1 for name in ("period", "aggregation"))
    if meant or apart:  # what is meant to be is no finding, nor what was at another time
        return ""
    if rows[0]["unit"] == "1":
        return _all_high(rows, language)
    top = max(rows, key=_least)
    second = max((row for row in rows if row is not top), key=_most)
    times = _least(top) // _most(second) if 0 < _most(second) < inf else 0
    words = {"label": top["label"], "second": second["label"]}
    if times not in TIMES or width("".join(words.values())) > NAMES:
        return ""
    return say("claim_times", language, **words, words=top["words"], times=int(times))


def _all_high(rows: Sequence[Row], language: str) -> str:
    least = min(map(_least, rows))
    if least < HIGH:
        return ""
    words = exact_words(Fraction(least).limit_denominator(1000), "1", language)
    return say("claim_all", language, count=len(rows), least=words)


def _least(row: Row, unknown: float = -inf) -> float:
    return unknown if isnan(row["low"]) else row["low"]


def _most(row: Row) -> float:
    return inf if isnan(row["high"]) else row["high"]


def of_one_unit(rows: Sequence[Row]) -> list[Row]:
    """The rows of the unit that most of them have; things are things, whatever counts them."""
    units = [u if u in UNIT_LABELS or "/" in u else "" for u in (row["unit"] for row in rows)]
    most = Counter(units).most_common(1)
    return [row for row, unit in zip(rows, units, strict=True) if unit == most[0][0]]


def parts_done(rows: Iterable[Row]) -> list[Row]:
    """The rows with how much of its target each result is, as bounds; 1 is all of it."""
    return [
        r | {"low": r["low"] / r["target_high"], "high": r["high"] / r["target_low"]} for r in rows
    ]


def progress(rows: Sequence[Row], language: str) -> str:
    """How many targets are reached and exceeded; of one, or of none reached, how far it is."""
    done = parts_done(rows)
    count, reached = len(done), sum(row["low"] >= 1 for row in done)
    over, behind = sum(row["low"] > 1 for row in done), any(row["high"] < 1 for row in done)
    if count == 1 or not reached:
        code, told = "claim_one_target" if count == 1 else "claim_fastest", max(done, key=_least)
    else:
        code = "claim_some" if behind else "claim_some_unsure"
        told = min(done, key=lambda row: _least(row, inf))
        if reached == count:
            code = "claim_all_over" if over else "claim_all_reached"
    words = {"label": told["label"], "rate": told["rate"]}
    return say(code, language, count=count, reached=reached, over=over, **words)


def parts(rows: Sequence[Row], language: str) -> str:
    """The largest part, if it is certain which one that is, as a share of the whole."""
    pieces = [row for row in rows if not row["whole"]]
    whole = next((row for row in rows if row["whole"]), None)
    top = max(pieces, key=lambda row: _least(row, 0))
    others, low = [row for row in pieces if row is not top], _least(top, 0)
    if any(_most(row) >= low for row in others):
        return ""
    if whole:
        least, most = _of(low, whole["high"]), _of(_most(top), whole["low"])
    else:
        least = _of(low, low + sum(map(_most, others)))
        most = _of(_most(top), _most(top) + sum(_least(row, 0) for row in others))
    if not (isfinite(least) and isfinite(most)) or most > 1.0 or most - least > 0.1:
        return ""
    words = {"label": top["label"], "count": len(pieces), "share": _share(least, most, language)}
    if whole:
        return say("claim_of_whole", language, **words, whole=whole["label"], words=whole["words"])
    return say("claim_part", language, **words)


def _of(part: float, whole: float) -> float:
    return part / whole if whole else inf


def _share(least: float, most: float, language: str) -> str:
    """A share in words: two thirds (66.6%), where it is nearly that, else its percentage."""
    low, high = (Fraction(end).limit_denominator(1000) for end in (least, most))
    narrow = most - least <= 0.01  # said as one number: a title is no place for a hundredth
    bounds = Bounds.exact((low + high) / 2) if narrow else Bounds(low, high)
    percent = bounds_words(bounds, "1", language)
    for simple, code in _FRACTIONS.items():
        if max(abs(least - simple), abs(most - simple)) <= Fraction(1, 50):
            near = abs((least + most) / 2 - simple) > Fraction(1, 400)
            name = say(code, language)
            name = say("about_share", language, share=name) if near else name
            return say("share_percent", language, share=name, percent=percent)
    return percent


def change(rows: Sequence[Row], language: str) -> str:
    """What rose and what fell for certain."""
    count, first = len(rows), rows[0]
    up = sum(row["low"] > row["before_high"] for row in rows)
    down = sum(row["high"] < row["before_low"] for row in rows)
    if count == 1:
        words = {name: first[name] for name in ("label", "before", "words")}
        return say("claim_rose" if up else "claim_fell", language, **words) if up or down else ""
    if count in (up, down):
        return say("claim_all_rose" if up else "claim_all_fell", language, count=count)
    if up + down < count:
        return ""
    return say("claim_mixed", language, count=count, up=up, down=down)


def comparable(rows: Sequence[Row]) -> list[Row]:
    """Of a series the rows that may be compared with its newest one, that one included."""
    return [row for row in rows if row["group"] == rows[-1]["group"]]


def series(rows: Sequence[Row], language: str) -> str:
    """How the newest figure stands to the one before it that it may be compared with."""
    old, new = comparable(rows)[-2:]
    rise, fall = new["low"] > old["high"], new["high"] < old["low"]
    words = {"new": new["words"], "then": new["label"], "old": old["words"], "before": old["label"]}
    return say("claim_rise" if rise else "claim_fall", language, **words) if rise or fall else ""


def own(rows: Iterable[Row]) -> list[Row]:
    """Those of this place."""
    return [row for row in rows if row["own"]]


def peers(rows: Iterable[Row], language: str) -> str:
    """Where this place stands, by the newest count."""
    newest = max(own(rows), key=lambda row: row["label"])
    return say("claim_peers", language, year=newest["label"], words=newest["words"])


def wording(rows: Iterable[Row], language: str) -> str:
    """How many figures are printed to the last digit."""
    counts = {kind: sum(row[kind] for row in rows) for kind in WORDINGS}
    words = {"count": sum(counts.values()), "exact": counts["exact"]}
    return say("claim_wording", language, **words) if counts["exact"] else ""


# ---- what a figure shows, in words


def alternative(told: str, titles: Iterable[str], language: str) -> str:
    """A text alternative: titles, then what is drawn; empty where there is neither."""
    title = say("alt_between", language).join(filter(None, titles))
    if not (title and told):
        return title or told
    return say("alt", language, title=title, rows=told)


def told_by(figure: Figure, language: str) -> str:
    """What an analyst's own figure shows: its titles, then its axes and series."""
    titles = [figure.get_suptitle()]
    titles += [ax.get_title(side) for ax in figure.axes for side in ("left", "center", "right")]
    told = [words for ax in figure.axes for words in _marks(ax, language)]
    return alternative(say("alt_between", language).join(told), titles, language)


def _marks(ax: Axes, language: str) -> Iterator[str]:
    """The names of the axes, then every series of bars, lines and dots; else what is written."""
    names = (ax.get_xlabel(), ax.get_ylabel())
    if all(names):
        yield say("alt_axes", language, x=names[0], y=names[1])
    drawn = [(label, said) for label, points in _series(ax) if (said := _points(ax, points))]
    for label, said in drawn:
        words = say("alt_point", language).join(said[:MOST])
        words += say("alt_more", language, count=len(said) - MOST) if len(said) > MOST else ""
        named = label and not label.startswith("_")
        yield say("alt_row", language, label=label, words=words) if named else words
    if not drawn:
        yield from filter(None, (text.get_text() for text in ax.texts))


MOST = 12  # points of a series that are told; of more the number


def _series(ax: Axes) -> Iterator[tuple[str, Any]]:
    for bars in (c for c in ax.containers if isinstance(c, BarContainer)):
        points = [(b.get_x() + b.get_width() / 2, b.get_height()) for b in bars]
        if bars.orientation == "horizontal":
            points = [(b.get_width(), b.get_y() + b.get_height() / 2) for b in bars]
        yield str(bars.get_label()), points
    caps = {cap for c in ax.containers if isinstance(c, ErrorbarContainer) for cap in c[1]}
    for line in (line for line in ax.lines if line not in caps):
        yield str(line.get_label()), line.get_xydata()
    for dots in (c for c in ax.collections if isinstance(c, PathCollection)):
        yield str(dots.get_label()), dots.get_offsets()


def _points(ax: Axes, points: Any) -> list[str]:
    across, down = _words_of(ax.xaxis), _words_of(ax.yaxis)
    finite = ((x, y) for x, y in np.ma.filled(points, np.nan) if np.isfinite(x + y))
    return [f"{across(x)} {down(y)}" for x, y in finite]


def _words_of(axis: Any) -> Callable[[float], str]:
    """How an axis says a number: as it formats it, by a named tick beside it, or plainly."""
    formatter = axis.get_major_formatter()
    if isinstance(formatter, ScalarFormatter | LogFormatter):
        return _plainly
    names = [label.get_text() for label in axis.get_ticklabels()]
    ticks = {tick: name for tick, name in zip(axis.get_ticklocs(), names, strict=False) if name}

    def words(number: float) -> str:
        near = min(ticks, key=lambda tick: abs(tick - number), default=np.nan)
        beside = ticks[near] if abs(near - number) < 0.5 else _plainly(number)  # bars of a group
        return str(formatter.format_data_short(number)).strip() or beside

    return words


def _plainly(number: float) -> str:
    return f"{number:.0f}" if abs(number) >= 1e5 else f"{number:.6g}"
