"""A new year and a new district: folders that a person looks over and fills in.

``livelihood new 2020 --region duji`` starts a release with the measures of the one before, their
figures left blank and last time's words beside them. A row that stays blank was not printed this
year and is read as missing. With ``--from FILE`` its rows are drafted from a bulletin. Nothing
that is filled in is overwritten: a release that is there is added to, with ``--update``, or
refused. :func:`to_look_at` says what is left to look over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livelihood.display.characters import inert
from livelihood.display.messages import MOST, DataError, Problem, say
from livelihood.project.definitions import Definitions, Measure, read_definitions
from livelihood.project.files import read_toml
from livelihood.project.paths import Region, read_region, region_folder, release_folder, years
from livelihood.release.census import census, neighbours, province
from livelihood.release.columns import write_csv, write_workbook
from livelihood.release.documents.document import Document, read_document
from livelihood.release.matching import nearest
from livelihood.release.observations import Observation, figures_file, read_folder, timeline
from livelihood.release.sheet import add_rows, read_sheet

if TYPE_CHECKING:
    import pandas as pd

    from livelihood.release.draft import Draft, Drafted

_COLUMNS = """
    label role printed previous period aggregation source locator sector breakdown measure note
    note_en"""
COLUMNS = tuple(_COLUMNS.split())
DRAFT_COLUMNS = (*COLUMNS[:3], "look", "text", *COLUMNS[3:])
LOOK = "look: "  # a cell of the column look that says what to look at
_ABOUT = ("title", "publisher", "date")

SOURCES = """\
# The documents of this release. id: what the source column of the figures says. date: the day it
# appeared (2021-04-06), or the month or year if no more is known. url may be left out.
"""
SOURCE = """\
[{id}]
title = {title}
publisher = {publisher}
date = {date}
url = ""
"""

REGION = """\
# code: GB/T 2260. programme_start: the year the livelihood programme began, the earliest start
# that a total of unprinted start can have. name.en, city.en: as readers of English know them.
code = "{code}"
language = "zh"
programme_start = {start}
name = {{ zh = "{name}", en = "{name_en}" }}
city = {{ zh = "{city}", en = "{city_en}" }}
# Others of its kind: the counties of the same city, or the cities of the province.
neighbours = [{neighbours}]
"""


@dataclass(frozen=True)
class Started:
    """What a command wrote: the files, and what there is to say of them."""

    files: tuple[Path, ...]
    words: tuple[str, ...] = ()


def new_release(
    project: Path, region: str, year: int, *, workbook: bool = False, update: bool = False
) -> Started:
    """Start a release from the measures of the one before.

    With `workbook` the figures are an XLSX workbook for an office, else CSV; with `update` a
    release that is there gets the rows that it lacks. ``DataError`` if it is there and is not to
    be added to, or the region is unknown.
    """
    folder, there = _folder(project, region, year, update)
    rows, id = _rows(project, region, year), f"{region}-{year}"
    if there:
        added = add_rows(figures_file(folder, project), project, COLUMNS, rows)
        return Started((), (_added_words(added),))
    figures = _write_figures(project, folder, region, COLUMNS, rows, workbook)
    return Started((_write_source(folder, id, Document("")), figures))


def new_draft(
    project: Path,
    region: str,
    year: int,
    path: Path,
    *,
    workbook: bool = False,
    update: bool = False,
) -> Started:
    """Draft a release from a bulletin; what is no figure of the programme is in unplaced.csv.

    `workbook`, `update` as of :func:`new_release`. ``DataError`` if the bulletin cannot be read.
    """
    from livelihood.release.draft import draft  # it reads the words of running text

    about = read_region(region, project)
    document, assumed = _assumed(read_document(path), path, about, year)
    before = _printed_before(_last(project, region, year))
    known = read_definitions(project, region)
    result = draft(document, year, known)
    folder, there = _folder(project, region, year, update)
    id, listed = _source_id(folder, f"{region}-{result.until or year}", document)
    files = [] if listed else [_write_source(folder, id, document)]
    rows, left = (
        [_drafted_row(d, id, before, known) for d in ds] for ds in (result.placed, result.unplaced)
    )
    if there:
        added = add_rows(figures_file(folder, project), project, DRAFT_COLUMNS, rows)
    else:
        files.append(_write_figures(project, folder, region, DRAFT_COLUMNS, rows, workbook))
    if left and not there:
        files.append(folder / "unplaced.csv")
        write_csv(files[-1], DRAFT_COLUMNS, left)
    words = [_drafted_words(result), assumed]
    words += [_added_words(added)] if there else []
    return Started(tuple(files), tuple(filter(None, words)))


# ---- the folder ---------------------------------------------------------------------------------


def _folder(project: Path, region: str, year: int, update: bool) -> tuple[Path, bool]:
    """The folder of a release, and whether it was there; ``DataError`` if it may not be."""
    folder = region_folder(region, project) / str(year)
    if not re.fullmatch(r"(19|20)\d\d", str(year)):
        words = {"found": year, "expected": "2020"}
        raise DataError([Problem("wrong_type", "livelihood new", words=words)])
    if folder.exists():
        if not update:
            raise DataError([Problem("exists_update", folder.relative_to(project).as_posix())])
        return folder, True
    folder.mkdir()
    return folder, False


def _write_figures(
    project: Path,
    folder: Path,
    region: str,
    columns: Sequence[str],
    rows: Sequence[dict[str, str]],
    workbook: bool,
) -> Path:
    figures = folder / ("figures.xlsx" if workbook else "figures.csv")
    if workbook:
        write_workbook(figures, columns, rows, read_definitions(project, region))
    else:
        write_csv(figures, columns, rows)
    return figures


def _added_words(rows: Sequence[dict[str, str]]) -> str:
    """Which rows were added, one a line."""
    lines = [
        f"  {row.get('label') or row.get('measure')} {row.get('printed', '')}".rstrip()
        for row in rows
    ]
    more = [f"  … {len(rows) - MOST}"] if len(rows) > MOST else []
    return "\n".join([say("added", count=len(rows)), *lines[:MOST], *more])


# ---- the rows of a new year ---------------------------------------------------------------------


def _last(project: Path, region: str, year: int) -> list[Observation]:
    """The figures of the latest earlier release that has any."""
    meaning = read_definitions(project, region)
    for before in sorted(years(region, project), reverse=True):
        if before < year:
            folder = release_folder(region, before, project)
            if figures := read_folder(folder, project, meaning).figures:
                return list(figures)
    return []


def _rows(project: Path, region: str, year: int) -> list[dict[str, str]]:
    """The rows to fill in: the latest earlier release's, or one a measure for a new district."""
    known = read_definitions(project, region)
    if last := _last(project, region, year):
        return [_row(figure, known, region, year) for figure in last]
    return [
        _measure_row(id, known) | {"period": str(year), "source": f"{region}-{year}"}
        for id, measure in known.measures.items()
        if measure.sector != "population"
    ]


def _measure_row(id: str, known: Definitions) -> dict[str, str]:
    measure = known.measures[id]
    return {"measure": id, "label": measure.label["zh"], "sector": measure.sector}


def _row(figure: Observation, known: Definitions, region: str, year: int) -> dict[str, str]:
    measure = figure.measure
    return {
        "measure": measure.id if measure.id in known.measures else "",
        "label": inert(measure.label["zh"]),
        "sector": measure.sector,
        "previous": figure.printed,
        "period": _later(figure.period.text, year),
        "aggregation": figure.aggregation,
        "source": f"{region}-{year}",
        "breakdown": inert(figure.breakdown),
        "role": figure.role,
    }


def _later(period: str, year: int) -> str:
    """A period of an earlier release, moved so that its last year is `year`."""
    found = [int(y) for y in re.findall(r"\d{4}", period)]
    last = str(max(found, default=year))
    return period.replace(last, str(year)) if period[-2:] != ".." else period


# ---- the rows of a draft ------------------------------------------------------------------------


def _printed_before(last: Iterable[Observation]) -> dict[tuple[str, str], str]:
    """The words of an earlier release's figures by role and name: a measure's label, or its id."""
    found: dict[tuple[str, str], str] = {}
    for figure in last:
        for name in (figure.measure.label["zh"], figure.measure.id):
            found.setdefault((figure.role, name), figure.printed)
    return found


def _drafted_row(
    drafted: Drafted, source: str, before: dict[tuple[str, str], str], known: Definitions
) -> dict[str, str]:
    names = (drafted.label, drafted.measure)
    previous = (before.get((drafted.role, name)) for name in names if name)
    return {
        "measure": drafted.measure,
        "label": inert(drafted.label),
        "sector": drafted.sector,
        "role": drafted.role,
        "printed": drafted.printed,
        "previous": next(filter(None, previous), ""),
        "period": drafted.period,
        "aggregation": drafted.aggregation,
        "source": source,
        "locator": inert(drafted.locator),
        "look": _look(drafted, known),
        "text": inert(drafted.text),
    }


def _look(drafted: Drafted, known: Definitions) -> str:
    """The cell that says whether a row is sure, or what to look at."""
    doubts = [
        (code, _labels(found, known) if code == "alike" else found)
        for code, found in drafted.doubts
    ]
    reasons = [say(f"look_{code}", found=found) for code, found in doubts]
    return f"{LOOK}{say('between').join(dict.fromkeys(reasons))}" if reasons else "sure"


def _labels(ids: str, known: Definitions) -> str:
    """Measures as a clerk knows them, with their ids."""
    named = (f"{known.measures[id].label['zh']} = {id}" for id in ids.split(", "))
    return say("between").join(named)


def _drafted_words(result: Draft) -> str:
    placed, left = result.placed, result.unplaced
    look = sum(bool(d.doubts) for d in placed)
    words = say("drafted", count=len(placed) + len(left), placed=len(placed), look=look)
    return words + (say("drafted_left", left=len(left)) if left else "")


# ---- what to look over --------------------------------------------------------------------------


def to_look_at(project: Path, region: str, year: int) -> list[Problem]:
    """The rows of a release that its draft says to look at, and new labels like known ones.

    A row is looked at once its cell in the column `look` is empty.
    """
    path = figures_file(release_folder(region, year, project), project)
    name = path.relative_to(project).as_posix()
    rows = [row for row in read_sheet(path, name, project) if row.cells["look"].startswith(LOOK)]
    looks = [Problem("look", *row.place("look"), _doubt(row.cells)) for row in rows]
    told = {row.cells["label"] for row in rows}
    found = _resembling(project, region, year, name)
    return [*looks, *(problem for problem in found if problem.words["found"] not in told)]


def _doubt(cells: dict[str, str]) -> dict[str, str]:
    found = f"{cells['label']} {cells['printed']}"
    return {"found": found, "why": cells["look"].removeprefix(LOOK)}


def _resembling(project: Path, region: str, year: int, file: str) -> Iterator[Problem]:
    """The measures that a release defines though one of nearly their name is known."""
    shared = read_definitions(project, region).measures
    before: dict[str, Measure] = dict(shared)
    new: dict[str, Measure] = {}
    for dated in timeline(region, project):
        if dated.release <= year:
            which = new if dated.release == year else before
            which[dated.figure.measure.id] = dated.figure.measure
    own = f"data/{region}/definitions.toml"
    for id, measure in new.items():
        if id not in before and (other := nearest(measure, before.values())):
            line = f'measures.{_key(other.id)}.words = ["{id}"]'
            words = {"found": id, "other": other.label["zh"], "file": own, "line": line}
            yield Problem("resembles", file, "", "label", words)


def _key(id: str) -> str:
    """An id as a key of TOML."""
    return id if re.fullmatch("[a-z0-9_]+", id) else f'"{id}"'


# ---- the documents ------------------------------------------------------------------------------


def _source_id(folder: Path, id: str, document: Document) -> tuple[str, bool]:
    """The id of a document among those of a folder, and whether it is one of them already."""
    path = folder / "sources.toml"
    known = read_toml(path, folder) if path.exists() else {}
    for other, table in known.items():
        if document.title and isinstance(table, dict) and table.get("title") == document.title:
            return other, True
    others = (f"{id}-{n}" for n in range(2, len(known) + 3))
    return (id if id not in known else next(o for o in others if o not in known)), False


def _write_source(folder: Path, id: str, document: Document) -> Path:
    """A document in sources.toml, behind those that are there."""
    path = folder / "sources.toml"
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.exists() else SOURCES
    about = {k: json.dumps(getattr(document, k), ensure_ascii=False) for k in _ABOUT}
    path.write_text(before + SOURCE.format(id=id, **about), encoding="utf-8")
    return path


def _assumed(document: Document, path: Path, region: Region, year: int) -> tuple[Document, str]:
    """A document with what it does not say of itself assumed, and the words that say so."""
    instead = {"title": path.stem, "publisher": region.name["zh"], "date": str(year)}
    lacking: dict[str, Any] = {
        key: value for key, value in instead.items() if not getattr(document, key)
    }
    found = ", ".join(f'{key} = "{value}"' for key, value in lacking.items())
    return replace(document, **lacking), say("source_assumed", found=found) if found else ""


# ---- a district ---------------------------------------------------------------------------------


def new_region(project: Path, name: str, code: str) -> Path:
    """Start a district, a county or a city: its region.toml, names and neighbours by its code.

    ``DataError`` if the name is no folder name or taken, or the census has no such division.
    """
    path = project / "data" / name / "region.toml"
    problems = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == "census":
        problems.append(Problem("bad_name", "livelihood new", words={"found": name}))
    elif path.parent.exists():
        problems.append(Problem("exists", f"data/{name}/"))
    table = census(project)
    today = province(project).now.get(code, code)
    own = table[(table["code"] == today) & table["level"].isin(("county", "city"))]
    own = own.sort_values("year")
    if own.empty:
        cities = table.loc[table["level"] == "city", "code"]
        words = {"found": code, "expected": ", ".join(sorted(set(cities)))}
        problems.append(Problem("no_code", "livelihood new", words=words))
    if problems:
        raise DataError(problems)
    path.parent.mkdir()
    text = _region(table, own.iloc[-1], name, province(project).programme_start)
    path.write_text(text, encoding="utf-8")
    read_region(name, project)
    return path


def _region(table: pd.DataFrame, own: pd.Series, name: str, start: int) -> str:
    above = [table.loc[table["level"] == "province", "name"].iloc[0]]
    if own["level"] == "county":
        above += list(table.loc[table["code"] == own["city_code"], "name"].iloc[-1:])
    city = "".join(above)
    others = ", ".join(f'"{code}"' for code in neighbours(table, own["code"]))
    english = name.replace("_", " ").title()
    return REGION.format(
        code=own["code"],
        start=start,
        name=own["name"],
        name_en=english,
        city=city,
        city_en=city,
        neighbours=others,
    )
