"""One chart of every kind, for the documentation: ``python docs/gallery.py docs/charts``."""

from __future__ import annotations

import sys
from pathlib import Path

from livelihood.project.definitions import read_definitions
from livelihood.project.paths import find_project
from livelihood.report.report import CHART_KINDS, open_report


def gallery(language: str = "en") -> dict[str, str]:
    """An SVG drawing of the first chart of every kind, by kind.

    >>> sorted(gallery()) == sorted(CHART_KINDS)
    True
    """
    drawn, known = {}, read_definitions(find_project())
    for kind in CHART_KINDS:
        chart = next(c for c in known.charts.values() if c.kind == kind)
        report = open_report(chart.sector, language=language)
        drawn[kind] = report.chart(chart.id).svg(outlines=True)
    return drawn


def write_gallery(folder: Path) -> None:
    """Write the drawings into a folder, one file a kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, svg in gallery().items():
        (folder / f"{kind}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    write_gallery(Path(sys.argv[1]))
