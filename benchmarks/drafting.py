"""How many figures of a release a draft places right, without that release's own rows.

    python benchmarks/drafting.py REGION YEAR TEXT

TEXT is the document that the release was taken from. A figure counts as right if its measure is
one that the release has for the same printed words.
"""

import sys
from collections import Counter
from pathlib import Path

from livelihood import load
from livelihood.project.definitions import read_definitions
from livelihood.project.paths import find_project
from livelihood.release.draft import draft
from livelihood.release.observations import timeline


def count(region: str, year: int, text: str) -> Counter:
    """Figures in the text by how the draft did: placed right or wrong, or left for a person."""
    known: dict[str, set[str]] = {}
    for figure in load(region, year).figures:
        known.setdefault(figure.printed, set()).add(figure.measure.id)
    others = [dated for dated in timeline(region) if dated.release != year]
    counts: Counter = Counter()
    for found in draft(text, year, others, read_definitions(find_project())).drafted:
        right = found.best is not None and found.best.measure in known.get(found.item.text, ())
        counts["figures"] += 1
        counts["best guess right"] += right
        counts[("placed right" if right else "placed wrong") if found.placed else "left"] += 1
    return counts


if __name__ == "__main__":
    region, year, path = sys.argv[1:]
    for what, number in count(region, int(year), Path(path).read_text(encoding="utf-8")).items():
        print(f"{what:18} {number}")
