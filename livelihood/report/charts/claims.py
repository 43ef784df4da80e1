"""What a chart says: in its title, what its rows show for certain; in words, all of it.

A claim is made only where something stands out, whatever the bounds hide; else the chart is titled
with its subject. Who does not see a figure is told its titles and its data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, ScalarFormatter

from livelihood.display.fonts import width
from livelihood.display.format import bounds_words
from livelihood.display.messages import say
from livelihood.display.table import records
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.vocabulary import UNIT_LABELS
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


def largest(rows: pd.DataFrame, language: str) -> str:
    """The row that is a few times every other one, or shares that are all high.

    >>> rows = pd.DataFrame({"label": ["a", "b"], "words": ["5", "2"], "low": [5, 2],
    ...                      "high": [5, 2], "unit": "", "period": "2019"})
    >>> largest(rows, "en")
    'a: 5, at least 2 times the next (b)'
    """
    rows = of_one_unit(rows)
    meant = "role" in rows and rows["role"].isin(["target", "planned"]).any()
    apart = any(rows[c].nunique() > 1 for c in ("period", "aggregation") if c in rows)
    if meant or apart:  # what is meant to be is no finding, nor what was at another time
        return ""
    low, high = rows["low"].fillna(-np.inf), rows["high"].fillna(np.inf)
    if rows["unit"].iloc[0] == "1":
        least = exact_words(Fraction(low.min()).limit_denominator(1000), "1", language)
        return say("claim_all", language, count=len(rows), least=least) if low.min() >= HIGH else ""
    top = low.idxmax()
    second = high.drop(index=top).idxmax()
    times = int(low[top] // high[second]) if 0 < high[second] < np.inf else 0
    words = {"label": rows["label"][top], "second": rows["label"][second]}
    if times not in TIMES or width("".join(words.values())) > NAMES:
        return ""
    return say("claim_times", language, **words, words=rows["words"][top], times=times)


def of_one_unit(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the unit that most of them have; things are things, whatever counts them."""
    units = [unit if unit in UNIT_LABELS or "/" in unit else "" for unit in rows["unit"]]
    if len(set(units)) < 2:
        return rows
    most = Counter(units).most_common(1)[0][0]
    return rows[[unit == most for unit in units]]


def parts_done(rows: pd.DataFrame) -> pd.DataFrame:
    """How much of its target each result is, as bounds (low, high); 1 is all of it."""
    low, high = rows["low"] / rows["target_high"], rows["high"] / rows["target_low"]
    return pd.DataFrame({"low": low, "high": high})


def progress(rows: pd.DataFrame, language: str) -> str:
    """How many targets are reached and exceeded; of one, or of none reached, how far it is."""
    done = parts_done(rows)
    count, reached = len(rows), int((done["low"] >= 1).sum())
    over, behind = int((done["low"] > 1).sum()), (done["high"] < 1).any()
    if count == 1 or not reached:
        code, told = "claim_one_target" if count == 1 else "claim_fastest", done["low"].idxmax()
    else:
        code, told = "claim_some" if behind else "claim_some_unsure", done["low"].idxmin()
        if reached == count:
            code = "claim_all_over" if over else "claim_all_reached"
    words = {"label": rows["label"][told], "rate": rows["rate"][told]}
    return say(code, language, count=count, reached=reached, over=over, **words)


def parts(rows: pd.DataFrame, language: str) -> str:
    """The largest part, if it is certain which one that is, as a share of the whole."""
    whole, pieces = rows[rows["whole"]], rows[~rows["whole"]]
    low, high = pieces["low"].fillna(0), pieces["high"].fillna(np.inf)
    top = low.idxmax()
    if (high.drop(index=top) >= low[top]).any():
        return ""
    over, under = (low.drop(index=top).sum(), high.drop(index=top).sum())
    if len(whole):
        least, most = low[top] / whole["high"].iloc[0], high[top] / whole["low"].iloc[0]
    else:
        least, most = low[top] / (low[top] + under), high[top] / (high[top] + over)
    if not np.isfinite([least, most]).all() or most > 1.0 or most - least > 0.1:
        return ""
    words: dict[str, Any] = {"label": pieces["label"][top], "count": len(pieces)}
    words["share"] = _share(least, most, language)
    for row in records(whole):
        return say("claim_of_whole", language, **words, whole=row.label, words=row.words)
    return say("claim_part", language, **words)


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


def change(rows: pd.DataFrame, language: str) -> str:
    """What rose and what fell for certain."""
    up = rows["low"] > rows["before_high"]
    down = rows["high"] < rows["before_low"]
    if len(rows) == 1:
        words = rows.iloc[0][["label", "before", "words"]].to_dict()
        code = "claim_rose" if up.iloc[0] else "claim_fell" if down.iloc[0] else ""
        return say(code, language, **words) if code else ""
    if up.all() or down.all():
        return say("claim_all_rose" if up.all() else "claim_all_fell", language, count=len(rows))
    if not (up | down).all():
        return ""
    return say("claim_mixed", language, count=len(rows), up=int(up.sum()), down=int(down.sum()))


def comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Of a series the rows that may be compared with its newest one, that one included."""
    return rows[rows["group"] == rows["group"].iloc[-1]]


def series(rows: pd.DataFrame, language: str) -> str:
    """How the newest figure stands to the one before it that it may be compared with."""
    old, new = (comparable(rows).iloc[i] for i in (-2, -1))
    rise, fall = new["low"] > old["high"], new["high"] < old["low"]
    words = {"new": new["words"], "then": new["label"], "old": old["words"], "before": old["label"]}
    return say("claim_rise" if rise else "claim_fall", language, **words) if rise or fall else ""


def peers(rows: pd.DataFrame, language: str) -> str:
    """Where this place stands, by the newest count."""
    newest = rows[rows["own"]].sort_values("label").iloc[-1]
    return say("claim_peers", language, year=newest["label"], words=newest["words"])


def wording(rows: pd.DataFrame, language: str) -> str:
    """How many figures are printed to the last digit."""
    exact, count = int(rows["exact"].sum()), int(rows[["exact", "rounded", "vague"]].sum().sum())
    return say("claim_wording", language, count=count, exact=exact) if exact else ""


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
