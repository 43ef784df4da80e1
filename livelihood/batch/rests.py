"""What a page rests on: the measures whose figures can change it.

A sector's page shows its own measures and indicators, what these are computed from, the rows of
its charts, the sides of its checks, and what its notebook names. That holds for a notebook that
only asks its report for those; a notebook that does anything else, and the overview, rest on
every figure. ``tests/test_stale.py`` changes all figures that a page does not rest on and holds
its bytes against those of before.
"""

from __future__ import annotations

import ast
import json
import re
from hashlib import sha256
from pathlib import Path

from livelihood.display.messages import DataError
from livelihood.project.definitions import Definitions, read_definitions
from livelihood.project.editions import Job
from livelihood.project.paths import region_folder, years
from livelihood.release.observations import Folder, Observation, read_folder

EVERYTHING = "*"
ALWAYS = ("date", "years")  # what every page rests on
# What a plain notebook asks of its report: each shows nothing but what this module counts.
_ASKED = {"checks", "chart", "coverage", "heading", "missing", "note", "number", "say", "series",
          "sources", "table"}  # fmt: skip
_NAMES = {"int", "language", "open_report", "region", "report", "str", "year"}
_OWN_ROWS = (
    r"""report\.release\.(?:indicators|observations)"""
    r"""\.query\("sector == '{}'(?: and (?:(?! or )[^"|])*)?"\)"""
)


def changed_figures(project: Path, job: Job, before: dict[str, str]) -> list[str]:
    """The figures that a page rests on and that are not as they were: `2019 measure`."""
    try:
        now = figures(project, job, shown(project, job.edition.region))
    except DataError:
        return [EVERYTHING]  # the run will say what is wrong
    return [key for key in sorted(now.keys() | before.keys()) if now.get(key) != before.get(key)]


def figures(project: Path, job: Job, shown: dict[tuple[str, str], str]) -> dict[str, str]:
    """Of a region's figures those that a page rests on: checksums by release and measure."""
    wanted = measures(
        job.sector,
        project / "notebooks" / f"{job.sector}.ipynb",
        read_definitions(project, job.edition.region),
    )
    return {
        f"{release} {measure}": checksum
        for (release, measure), checksum in shown.items()
        if {EVERYTHING, measure} & wanted or measure in ALWAYS
    }


def shown(project: Path, region: str) -> dict[tuple[str, str], str]:
    """Checksums of all figures of a region, by release (or `reference`) and measure.

    With each release comes the date that its pages bear, and with all of them their years: the
    newest one is checked in another way.
    """
    releases = [str(year) for year in years(region, project)]
    found = {("", "years"): " ".join(releases)}
    for name in [*releases, "reference"]:
        folder = region_folder(region, project) / name
        held = (
            read_folder(folder, project, read_definitions(project, region))
            if folder.is_dir()
            else Folder()
        )
        observations, problems = held.figures, held.problems
        if problems:
            raise DataError(problems)
        rows: dict[str, list] = {}
        for figure in observations:
            rows.setdefault(figure.measure.id, []).append(_words(figure))
        found |= {(name, id): _checksum(words) for id, words in rows.items()}
        found[name, "date"] = max((f.source.date.isoformat() for f in observations), default="")
    return found


def _checksum(rows: list) -> str:
    return sha256(json.dumps(rows).encode()).hexdigest()[:32]


def _words(figure: Observation) -> list:
    return [
        figure.printed, figure.quantity.text, repr(figure.quantity.bounds), figure.period.text,
        figure.aggregation, repr(figure.source), figure.locator, figure.breakdown, figure.status,
        figure.role, sorted(figure.note.items()), repr(figure.correction),
    ]  # fmt: skip


def measures(sector: str, notebook: Path, meaning: Definitions) -> set[str]:
    """The measures that a page rests on, or :data:`EVERYTHING`."""
    text = "\n".join(_code(notebook))
    if sector == "overview" or not _is_plain(text, sector):
        return {EVERYTHING}
    sectors = {id: m.sector for id, m in meaning.measures.items()}
    sectors |= {id: i.sector for id, i in meaning.indicators.items()}
    wanted = {id for id, s in sectors.items() if meaning.page_of(s) in (sector, "population")}
    wanted |= set(re.findall(r"\w+", text)) & sectors.keys()
    for chart in meaning.charts.values():
        wanted |= {*chart.rows, chart.per} if chart.sector == sector else set()
    for check in meaning.checks.values():
        if not check.sector or meaning.page_of(check.sector) == sector:
            wanted |= set(_ids(check.roles))
    return _inputs(wanted & sectors.keys(), meaning)


def _inputs(wanted: set[str], meaning: Definitions) -> set[str]:
    """The measures among these ids, and those that the indicators among them are computed from."""
    found, left = set(), list(wanted)
    while left:
        id = left.pop().partition("@")[0]
        if id in found:
            continue
        found.add(id)
        if id in meaning.indicators:
            left += meaning.indicators[id].input_ids
        elif id in meaning.measures:
            left += meaning.measures[id].related
    return found & meaning.measures.keys()


def _ids(value: object) -> list[str]:
    if isinstance(value, dict):
        return [id for each in value.values() for id in _ids(each)]
    if isinstance(value, (list, tuple)):
        return [id for each in value for id in _ids(each)]
    return [value] if isinstance(value, str) else []


def _code(notebook: Path) -> list[str]:
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return ["unreadable notebook"]  # which is no Python, so it rests on everything


def _is_plain(text: str, sector: str) -> bool:
    """Whether a notebook's code does nothing but ask its report."""
    try:
        tree = ast.parse(re.sub(_OWN_ROWS.format(sector), "None", text))
    except SyntaxError:
        return False
    nodes = list(ast.walk(tree))
    names = [n for n in nodes if isinstance(n, ast.Name)]
    own = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    asked = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
    imports = [ast.unparse(n) for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom))]
    reports = re.findall(r'open_report\("(\w+)"', text)
    return (
        {n.id for n in names} <= _NAMES | own and asked <= _ASKED and reports == [sector]
        and imports == ["from livelihood import open_report"]
    )  # fmt: skip
