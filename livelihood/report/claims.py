"""The sentence above a chart: stated only where the data decide it, whatever the bounds hide."""

from __future__ import annotations

import numpy as np
import pandas as pd

from livelihood.display.messages import say


def claim(kind: str, rows: pd.DataFrame, language: str) -> str:
    """What the rows of a chart show for certain; empty where nothing is certain.

    >>> rows = pd.DataFrame({"label": ["a", "b"], "words": ["5", "2"], "low": [5, 2],
    ...                      "high": [5, 2], "unit": ["", ""], "period": ["2019", "2019"]})
    >>> claim("bars", rows, "en")
    'Most: a, 5'
    """
    return _CLAIMS[kind](rows, language) if len(rows) else ""


def _most(rows: pd.DataFrame, language: str) -> str:
    """The row that is above every other one of the same unit and time, wherever both may lie."""
    if len(rows) < 2 or rows["unit"].nunique() > 1 or rows["period"].nunique() > 1:
        return ""
    low = rows["low"].fillna(-np.inf)
    top = low.idxmax()
    others = rows.drop(index=top)["high"].fillna(np.inf)
    if not low[top] > others.max():
        return ""
    return say("claim_most", language, label=rows["label"][top], words=rows["words"][top])


def _periods(rows: pd.DataFrame, language: str) -> str:
    open_ends = int(rows[["first", "last"]].isna().any(axis=1).sum())
    return say("claim_periods", language, count=len(rows), open=open_ends)


def _wording(rows: pd.DataFrame, language: str) -> str:
    numbers = rows.groupby("wording", sort=False)["number"].sum()
    return say("claim_wording", language, count=numbers.sum(), exact=numbers.iloc[0])


def _peers(rows: pd.DataFrame, language: str) -> str:
    newest = rows[rows["own"]].sort_values("year").iloc[-1:]
    return "".join(
        say("claim_peers", language, year=r.year, words=r.words) for r in newest.itertuples()
    )


def _series(rows: pd.DataFrame, language: str) -> str:
    """How the newest figure stands to the one before it that it may be compared with."""
    new = rows.iloc[-1]
    same = rows[rows["group"] == new["group"]]
    if len(same) < 2:
        return ""
    old = same.iloc[-2]
    words = {"new": new["words"], "then": new["label"], "old": old["words"], "before": old["label"]}
    if new["low"] > old["high"]:
        return say("claim_rise", language, **words)
    return say("claim_fall", language, **words) if new["high"] < old["low"] else ""


_CLAIMS = {
    "series": _series,
    "ranges": _most,
    "bars": _most,
    "periods": _periods,
    "wording": _wording,
    "peers": _peers,
}
