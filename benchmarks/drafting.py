"""How well a draft reads bulletins that people have labelled.

    python benchmarks/drafting.py FOLDER

FOLDER has ``texts/NAME.txt`` and ``gold/NAME.csv``: every printed quantity in order with its
offsets (``start``, ``end``), ``period``, ``aggregation``, ``plan``, ``sector``, ``measure`` (a
short name) and ``unit``. The first year in NAME is the release. A label agrees with the gold's
measure if the characters that both have make an F1 of at least 0.6, remarks in brackets left out;
a match with the catalogue is right if one of the measure's names agrees. The gold has no roles but
``target``: a rate is a completion, or a change growth, where its short name says so.
"""

import csv
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from livelihood.project.definitions import read_definitions
from livelihood.project.paths import find_project
from livelihood.release.documents.document import Document
from livelihood.release.draft import Drafted, draft

ALIKE = 0.6
DEFINED = read_definitions(find_project())
COMPLETION = (
    "完成率|完工率|竣工率|开工率|动工率|建成率|拨付率|完成目标任务|占计划|占年任务|占总投资|进度$"
)
GROWTH = "增长|下降|超过去年同期"
MEASURES = ("rows", "labels", "roles", "periods", "aggregations", "sectors")


def f1(label: str, measure: str) -> float:
    """How much of two names is the same characters, remarks in brackets left out."""
    one, other = (Counter(re.sub(r"[（(].*?[）)]|[\W]", "", n)) for n in (label, measure))
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 0.0


def gold_role(row: dict[str, str]) -> str:
    """The role that the gold's short name of a figure says."""
    if row["plan"]:
        return "target"
    rate = row["unit"] in ("1", "percentage-point")
    if rate and re.search(COMPLETION, row["measure"]) and row["unit"] == "1":
        return "completion"
    return "growth" if rate and re.search(GROWTH, row["measure"]) else ""


@dataclass
class Pair:
    """A quantity of the gold and what the draft made of it, if anything."""

    name: str
    gold: dict[str, str]
    found: Drafted | None

    def scores(self) -> dict[str, bool | None]:
        """What is right; ``None`` where the gold does not say or there is nothing to judge."""
        gold, found = self.gold, self.found
        if found is None or not found.placed:
            return {"rows": False} | dict.fromkeys(MEASURES[1:], False if gold else None)
        role = "target" if found.role == "planned" else found.role
        names = [_said(name, found.role) for name in _names(found.measure)]
        match = (
            None if not names else any(f1(n, gold["measure"]) >= ALIKE for ns in names for n in ns)
        )
        return {
            "rows": True,
            "labels": any(f1(n, gold["measure"]) >= ALIKE for n in _said(found.label, found.role)),
            "roles": role == gold_role(gold),
            "periods": found.period == gold["period"] if gold["period"] else None,
            "aggregations": found.aggregation == gold["aggregation"],
            "sectors": found.sector == gold["sector"],
            "matches right": match or None,
            "matches wrong": None if match is None or match else True,
            "wrong and not marked": None if match is not False or found.doubts else True,
        }


def _said(name: str, role: str) -> list[str]:
    """A name, and the name with its role in words: the gold has both in one."""
    word = {"completion": "完成率", "growth": "增长"}.get(role, "")
    return [name, name + word]


def _names(measure: str) -> list[str]:
    known = DEFINED.measures.get(measure)
    return [known.label["zh"], *known.words] if known else []


def pairs(folder: Path) -> list[Pair]:
    """Every quantity of every text in `folder`, with the drafted row that has its place."""
    result = []
    for path in sorted((folder / "texts").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        year = int(re.search(r"(?:19|20)\d\d", path.stem)[0])
        rows = draft(Document(text), year, DEFINED).drafted
        with (folder / "gold" / f"{path.stem}.csv").open(encoding="utf-8") as file:
            for gold in csv.DictReader(file):
                start, end = int(gold["start"]), int(gold["end"])
                hit = (r for r in rows if r.start < end and r.end > start)
                result.append(Pair(path.stem, gold, next(hit, None)))
    return result


def main(folder: Path) -> None:
    """Print the shares, a line a text and one for all."""
    found = pairs(folder)
    if not found:
        sys.exit(f"{folder} has no texts/NAME.txt with a gold/NAME.csv")
    print(f"{'':20}{'figures':>8}" + "".join(f"{m:>13}" for m in MEASURES))
    for name in [*dict.fromkeys(p.name for p in found), ""]:
        own = [p.scores() for p in found if name in ("", p.name)]
        print(f"{name or 'all':20}{len(own):8}" + "".join(_share(own, m) for m in MEASURES))
    counts = Counter(key for p in found for key, right in p.scores().items() if right)
    for key in ("matches right", "matches wrong", "wrong and not marked"):
        print(f"catalogue {key}: {counts[key]} ({counts[key] / len(found):.1%})")


def _share(scores: list[dict[str, bool | None]], measure: str) -> str:
    known = [s[measure] for s in scores if s[measure] is not None]
    return f"{sum(known) / len(known):13.1%}" if known else f"{'-':>13}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
