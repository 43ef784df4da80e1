"""One chart of every kind, for the documentation: ``python docs/gallery.py docs/charts``."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from livelihood.project.definitions import read_definitions
from livelihood.project.paths import find_project
from livelihood.quantity.parse import parse_quantity
from livelihood.report.charts.drawing import KINDS, Chart, claim, draw
from livelihood.report.charts.layout import Text
from livelihood.report.charts.rows import Row, amount_row, as_parts, with_targets
from livelihood.report.report import open_report

# Of kinds that Duji's figures do not fill: the figures of a made-up district, as printed.
TARGETS = {
    "Roads renewed": ("126千米", "120千米"),
    "Old estates renewed": ("12个", "15个"),
    "Jobs found": ("2519人", "0.5万人"),
    "Housekeepers trained": ("近3700人次", "3000人次"),
}
SHARES = {"Rural dibao": "1000万元", "Disability allowances": "404万元", "Orphans": "90万元"}
BEFORE = {"Insured": ("约13万人", "10.96万人"), "Contracted": ("10.29万人", "8.1万人")}
YEARS = {"2012": "400万元", "2014": "700余万元", "2019": "1000万元"}


@cache
def gallery() -> dict[str, Chart]:
    """A chart of every kind: Duji's first in 2019, or where there is none a made-up one.

    >>> set(gallery()) == set(KINDS)
    True
    """
    return {kind: _made_up(kind) or _of_duji(kind) for kind in KINDS}


def _of_duji(kind: str) -> Chart:
    chart = next(c for c in read_definitions(find_project()).charts.values() if c.kind == kind)
    return open_report(chart.sector, "duji", 2019, "en").chart(chart.id)


def _made_up(kind: str) -> Chart | None:
    if kind not in ROWS:
        return None
    title, rows = ROWS[kind]
    data = rows()
    return draw(kind, Text(title, claim(kind, data, "en"), "Source: made up"), data, "en")


def _row(label: str, printed: str) -> Row:
    q = parse_quantity(printed)
    return {"label": label, **amount_row(q.value, q.bounds, q.unit, "en", printed)}


def _progress() -> list[Row]:
    rows = [
        {**_row(label, printed), "role": role, "measure": label, "breakdown": ""}
        for label, pair in TARGETS.items()
        for role, printed in zip(("", "target"), pair, strict=True)
    ]
    return with_targets(rows, "en")


def _parts() -> list[Row]:
    return as_parts([_row(*pair) for pair in SHARES.items()], [], "en")


def _change() -> list[Row]:
    rows = []
    for label, (printed, earlier) in BEFORE.items():
        old = _row(label, earlier)
        before = {"reads": f"2010: {old['words']}", "before": old["words"]}
        before |= {"before_low": old["low"], "before_high": old["high"]}
        rows.append({**_row(label, printed), **before})
    return rows


def _series() -> list[Row]:
    first, *others = (_row(*pair) | {"group": 1, "reason": ""} for pair in YEARS.items())
    half = _row("January–June 2014", "348万元") | {"group": 2, "reason": "less than a year"}
    return [first, half, *others]


ROWS = {
    "progress": ("Projects of the year", _progress),
    "parts": ("Spending on three programmes", _parts),
    "change": ("Members", _change),
    "series": ("Rural dibao, paid in the year", _series),
}


def write_gallery(folder: Path) -> None:
    """Write the drawings into a folder, one file a kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, chart in gallery().items():
        (folder / f"{kind}.svg").write_text(chart.svg(), "utf-8")


if __name__ == "__main__":
    write_gallery(Path(sys.argv[1]))
