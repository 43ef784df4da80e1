"""A measure through time, drawn apart where it may not be compared.

Each group of comparable figures has a panel and an axis of its own, under the reason why it
stands apart; so no two lengths invite a comparison that the figures do not allow.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from livelihood.report.charts import Chart, bar
from livelihood.report.layout import Text, panels, value_axis


def draw_panels(
    chart: Chart, text: Text, colour: str, data: pd.DataFrame, language: str
) -> pd.DataFrame:
    """Draw a series (columns of :func:`livelihood.analysis.series.series`, `label` and `words`).

    Returns the rows with the reasons in their words, as the text alternative gives them.
    """
    groups = [(rows["reason"].iloc[0], rows) for _, rows in data.groupby("group", sort=False)]
    for (ax, ys), (_, rows) in zip(panels(chart, text, groups), groups, strict=True):
        _panel(ax, ys, rows, colour)
        value_axis(ax, rows["unit"].iloc[0], language)
    said = [f"{r.words} ({r.reason})" if r.reason else r.words for r in data.itertuples()]
    return data.assign(words=said)


def _panel(ax: Axes, ys: list[float], rows: pd.DataFrame, colour: str) -> None:
    ax.set_xlim(0, np.nanmax(rows[["low", "high", "value"]].to_numpy(float)) * 1.06 or 1)
    for row, y in zip(rows.itertuples(), ys, strict=True):
        bar(ax, row, y, colour)
        if not np.isnan(row.value):
            ax.plot([row.value], [y], "o", color=colour, ms=8, mec="white", zorder=4)
