"""A measure through time, drawn apart where it may not be compared.

Each group of comparable figures has a panel and an axis of its own, under the reason why it
stands apart; so no two lengths invite a comparison that the figures do not allow.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns

from livelihood import charts
from livelihood.charts import FONT, LINE, MARK, MUTED, WIDTH, Chart

TITLE = 0.27  # inches of a line of the title
AXIS = 0.42  # inches of a panel's axis


def series_chart(title: str, colour: str, data: pd.DataFrame, language: str) -> Chart:
    """The chart of a series (columns of :func:`livelihood.timeline.series`, `label` and `words`)."""
    panels = [_Panel(rows) for _, rows in data.groupby("group", sort=False)]
    titles = charts._wrap(title, 24)
    high = TITLE * len(titles) + 0.12 + sum(panel.height for panel in panels)
    chart = Chart(figsize=(WIDTH, high))
    chart.text(0.03, 1 - 0.05 / high, "\n".join(titles), va="top", size=FONT + 1, linespacing=1.25)
    top = TITLE * len(titles) + 0.12
    for panel in panels:
        panel.draw(chart, top, high, colour, language)
        top += panel.height
    chart.alt = charts._alt(title, data.assign(words=_with_reason(data)), language)
    return chart


def _with_reason(data: pd.DataFrame) -> list[str]:
    return [f"{r.words} ({r.reason})" if r.reason else r.words for r in data.itertuples()]


class _Panel:
    """One group: its heading, its rows, and how high it is in inches."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.heading = charts._wrap(rows["reason"].iloc[0], 27) if rows["reason"].iloc[0] else []
        self.lines = [charts._row_lines(r.label, r.words) for r in rows.itertuples()]
        self.texts = sum(len(lines) * LINE + MARK for lines in self.lines)
        self.height = len(self.heading) * LINE + self.texts + AXIS

    def draw(self, chart: Chart, top: float, high: float, colour: str, language: str) -> None:
        """Draw the panel `top` inches below the upper edge of a chart `high` inches high."""
        if self.heading:
            chart.text(0.03, 1 - top / high, "\n".join(self.heading), va="top", color=MUTED,
                       linespacing=1.25, style="normal")  # fmt: skip
        start = top + len(self.heading) * LINE
        bottom = 1 - (start + self.texts) / high
        ax = chart.add_axes((0.03, bottom, 0.92, self.texts / high))
        ax.set_ylim(self.texts, 0)
        ends = self.rows[["low", "high", "value"]].to_numpy(float)
        ax.set_xlim(0, np.nanmax(ends) * 1.06 or 1)
        self._rows(ax, colour)
        charts._finish(ax, self.rows["unit"], language)

    def _rows(self, ax, colour: str) -> None:
        light = sns.light_palette(colour, 4)[1]
        y = 0.0
        for row, lines in zip(self.rows.itertuples(), self.lines, strict=True):
            for left, right in lines:
                across = ax.get_yaxis_transform()
                ax.text(0, y, left, va="top", transform=across)
                ax.text(1, y, right, va="top", ha="right", transform=across, color=MUTED)
                y += LINE
            y += MARK
            charts._bar(ax, row, y - MARK * 0.6, colour, light)
            if not np.isnan(row.value):
                ax.plot([row.value], [y - MARK * 0.6], "o", color=colour, ms=8, mec="white",
                        zorder=4)  # fmt: skip
