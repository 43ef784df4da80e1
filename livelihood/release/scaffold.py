"""A new year and a new district: folders that a person looks over and fills in.

``livelihood new 2020 --region duji`` starts a release with the measures of the one before, their
figures left blank and last time's words beside them. A row that stays blank was not printed this
year and is read as missing. With ``--from FILE`` its rows are drafted from a bulletin. Nothing
that is filled in is overwritten: a release that is there is added to, with ``--update``, or
refused. :func:`to_look_at` says what is left to look over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livelihood.display.characters import inert
from livelihood.display.messages import MOST, DataError, Problem, say
from livelihood.project.definitions import Definitions, read_definitions
from livelihood.project.files import read_toml, toml_block
from livelihood.project.paths import Region, read_region, region_folder, release_folder, years
from livelihood.release.census import check_census, province
from livelihood.release.columns import write_csv, write_workbook
from livelihood.release.documents.document import Document, read_document
from livelihood.release.matching import nearest
from livelihood.release.observations import Observation, figures_file, read_folder, timeline
from livelihood.release.sheet import Row, add_rows, read_sheet

if TYPE_CHECKING:
    from livelihood.release.draft import Draft, Drafted

Rows = Sequence[Mapping[str, str]]
_COLUMNS = "label role printed previous period aggregation source locator sector breakdown measure"
COLUMNS = (*_COLUMNS.split(), "note", "note_en")
DRAFT_COLUMNS = (*COLUMNS[:3], "look", "text", *COLUMNS[3:])
LOOK = "look: "  # a cell of the column look that says what to look at
_ABOUT = ("title", "publisher", "date")

SOURCES = """\
# The documents of this release. id: what the source column of the figures says. date: the day it
# appeared (2021-04-06), or the month or year if no more is known. url may be left out.
"""
REGION = """\
# code: GB/T 2260. programme_start: the year the livelihood programme began, the earliest start
# that a total of unprinted start can have. name.en, city.en: as readers of English know them
# ("Huaibei, Anhui").
code = "{code}"
language = "zh"
programme_start = {start}
name = {{ zh = "{name}", en = "{name_en}" }}
city = {{ zh = "{city}", en = "" }}
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
    folder = _folder(project, region, year, update)
    there = (folder / "sources.toml").exists()
    sources = [] if there else _source(folder, f"{region}-{year}", Document(""))[1]
    rows = _rows(project, region, year)
    figures, words = _put(project, folder, COLUMNS, rows, workbook)
    return Started((*sources, *figures), tuple(words))


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
    folder = _folder(project, region, year, update)
    id, sources = _source(folder, f"{region}-{result.until or year}", document)
    rows, left = (
        [_drafted_row(d, id, before, known) for d in ds] for ds in (result.placed, result.unplaced)
    )
    figures, added = _put(project, folder, DRAFT_COLUMNS, rows, workbook)
    unplaced = [folder / "unplaced.csv"] if left and figures else []
    for file in unplaced:
        write_csv(file, DRAFT_COLUMNS, left)
    words = filter(None, (_drafted_words(result), assumed, *added))
    return Started((*sources, *figures, *unplaced), tuple(words))


# ---- the folder ---------------------------------------------------------------------------------


def _folder(project: Path, region: str, year: int, update: bool) -> Path:
    """The folder of a release, made if it is not there; ``DataError`` if it may not be."""
    folder = region_folder(region, project) / str(year)
    if not re.fullmatch(r"(19|20)\d\d", str(year)):
        words = {"found": year, "expected": "2020"}
        raise DataError([Problem("wrong_type", "livelihood new", words=words)])
    if folder.exists() and not update:
        raise DataError([Problem("exists_update", folder.relative_to(project).as_posix())])
    folder.mkdir(exist_ok=True)
    return folder


def _put(
    project: Path, folder: Path, columns: Sequence[str], rows: Rows, workbook: bool
) -> tuple[list[Path], list[str]]:
    """Rows into the figures of a release: the file if it is new, else which rows were added."""
    figures = figures_file(folder, project)
    if figures.exists():
        return [], [_added_words(add_rows(figures, project, rows))]
    if workbook:
        figures = figures.with_suffix(".xlsx")
        write_workbook(figures, columns, rows, read_definitions(project, folder.parent.name))
    else:
        write_csv(figures, columns, rows)
    return [figures], []


def _added_words(rows: Rows) -> str:
    """Which rows were added, one a line."""
    names = (f"{row['label'] or row['measure']} {row.get('printed', '')}" for row in rows[:MOST])
    more = [f"  … {len(rows) - MOST}"] if len(rows) > MOST else []
    return "\n".join([say("added", count=len(rows)), *(f"  {n.rstrip()}" for n in names), *more])


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
    blank = {"period": str(year), "source": f"{region}-{year}"}
    return [
        {"measure": m.id, "label": m.label["zh"], "sector": m.sector} | blank
        for m in known.measures.values()
        if m.sector != "population"
    ]


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


def _printed_before(last: Sequence[Observation]) -> dict[tuple[str, str], str]:
    """The words of an earlier release's figures by role and name: a measure's label, or its id."""
    named = [(f, (f.measure.label["zh"], f.measure.id)) for f in reversed(last)]
    return {(figure.role, name): figure.printed for figure, names in named for name in names}


def _drafted_row(
    drafted: Drafted, source: str, before: dict[tuple[str, str], str], known: Definitions
) -> dict[str, str]:
    previous = (before.get((drafted.role, name)) for name in (drafted.label, drafted.measure))
    own = drafted._asdict()
    return {c: own[c] if c == "printed" else inert(own[c]) for c in DRAFT_COLUMNS if c in own} | {
        "previous": next(filter(None, previous), ""),
        "source": source,
        "look": _look(drafted, known),
    }


def _look(drafted: Drafted, known: Definitions) -> str:
    """The cell that says whether a row is sure, or what to look at."""
    reasons = [say(f"look_{code}", found=_found(code, w, known)) for code, w in drafted.doubts]
    return f"{LOOK}{say('between').join(dict.fromkeys(reasons))}" if reasons else "sure"


def _found(code: str, words: str, known: Definitions) -> str:
    """The words of a doubt; measures as a clerk knows them, with their ids."""
    if code != "alike":
        return words
    named = (f"{known.measures[id].label['zh']} = {id}" for id in words.split(", "))
    return say("between").join(named)


def _drafted_words(result: Draft) -> str:
    placed, left = result.placed, result.unplaced
    look = sum(bool(d.doubts) for d in placed)
    words = say("drafted", count=len(placed) + len(left), placed=len(placed), look=look)
    return words + (say("drafted_left", left=len(left)) if left else "")


# ---- what to look over --------------------------------------------------------------------------


def to_look_at(project: Path, region: str, year: int) -> list[Problem]:
    """What a draft says to look at, new labels like known ones, a city without English name.

    A row is looked at once its cell in the column `look` is empty.
    """
    path = figures_file(release_folder(region, year, project), project)
    name = path.relative_to(project).as_posix()
    rows = [row for row in read_sheet(path, name, project) if row.cells["look"].startswith(LOOK)]
    told = {row.cells["label"] for row in rows}
    found = _resembling(project, region, year, name)
    about = read_region(region, project)
    unnamed = [] if about.city.get("en") else [Problem("no_city", f"data/{region}/region.toml")]
    return [*unnamed, *map(_doubt, rows), *(p for p in found if p.words["found"] not in told)]


def _doubt(row: Row) -> Problem:
    found = f"{row.cells['label']} {row.cells['printed']}"
    why = row.cells["look"].removeprefix(LOOK)
    return Problem("look", *row.place("look"), {"found": found, "why": why})


def _resembling(project: Path, region: str, year: int, file: str) -> Iterator[Problem]:
    """The measures that a release defines though one of nearly their name is known."""
    known = dict(read_definitions(project, region).measures)
    printed = timeline(region, project)
    known |= {d.figure.measure.id: d.figure.measure for d in printed if d.release < year}
    new = {d.figure.measure.id: d.figure.measure for d in printed if d.release == year}
    for id in (id for id in new if id not in known):
        if other := nearest(new[id], known.values()):
            key = other.id if re.fullmatch("[a-z0-9_]+", other.id) else f'"{other.id}"'
            line = f'measures.{key}.words = ["{id}"]'
            own = f"data/{region}/definitions.toml"
            words = {"found": id, "other": other.label["zh"], "file": own, "line": line}
            yield Problem("resembles", file, "", "label", words)


# ---- the documents ------------------------------------------------------------------------------


def _source(folder: Path, id: str, document: Document) -> tuple[str, list[Path]]:
    """The id of a document in sources.toml, and the file if it was not there and is added."""
    path = folder / "sources.toml"
    known = read_toml(path, folder) if path.exists() else {}
    titles = {str(table.get("title")): id for id, table in known.items() if isinstance(table, dict)}
    if document.title and document.title in titles:
        return titles[document.title], []
    ids = (id, *(f"{id}-{n}" for n in range(2, len(known) + 2)))
    id = next(each for each in ids if each not in known)
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.exists() else SOURCES
    about = {key: getattr(document, key) for key in _ABOUT} | {"url": ""}
    path.write_text(f"{before}{toml_block(id, about)}\n", encoding="utf-8")
    return id, [path]


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
    """Start a district, a county or a city: its region.toml, with names by its code.

    ``DataError`` if the name is no folder name or taken, or the census has no such division.
    """
    path = project / "data" / name / "region.toml"
    problems = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == "census":
        problems.append(Problem("bad_name", "livelihood new", words={"found": name}))
    elif path.parent.exists():
        problems.append(Problem("exists", f"data/{name}/"))
    newest = {code: rows[-1] for code, rows in check_census(project).items()}
    own = newest.get(province(project).now.get(code, code))
    if own is None or own["level"] not in ("county", "city"):
        cities = sorted(c for c, row in newest.items() if row["level"] == "city")
        words = {"found": code, "expected": ", ".join(cities)}
        problems.append(Problem("no_code", "livelihood new", words=words))
    if problems or own is None:
        raise DataError(problems)
    path.parent.mkdir()
    path.write_text(_region(project, own, newest, name), encoding="utf-8")
    read_region(name, project)
    return path


def _region(
    project: Path, own: Mapping[str, str], divisions: Mapping[str, Mapping[str, str]], name: str
) -> str:
    city = next(row["name"] for row in divisions.values() if row["level"] == "province")
    if own["level"] == "county" and own["city_code"] in divisions:
        city += divisions[own["city_code"]]["name"]
    return REGION.format(
        code=own["code"],
        start=province(project).programme_start,
        name=own["name"],
        name_en=name.replace("_", " ").title(),
        city=city,
    )
