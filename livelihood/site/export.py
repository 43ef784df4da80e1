"""Beyond pages: a release as CSV, as a Frictionless Data Package and as a workbook.

The workbook is one that people can use: one table a sheet, a cover, and notes. Every table starts
at A1 with one header row, nothing is merged or coloured to mean something, and text is written as
text, so that nothing in it is computed or opened.

>>> from livelihood import load
>>> {name: len(table.rows) for name, table in tables(load("duji", 2019, "en")).items()}
{'observations': 65, 'indicators': 71}
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from livelihood.analysis.frames import figure_line, result_line
from livelihood.analysis.release import Release
from livelihood.display.characters import inert
from livelihood.display.messages import say
from livelihood.project.files import read_toml


@cache
def fields() -> dict[str, dict]:
    """The exported columns: type, label and meaning, as fields.toml has them."""
    return read_toml(path := Path(__file__).with_name("fields.toml"), path.parent)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table to write: its columns, and the cells of each row; NaN is none."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def export(release: Release) -> dict[str, bytes]:
    """The files of a release's data by name: two CSV, a package, a workbook.

    The CSV are UTF-8 with a byte-order mark, which spreadsheet programs need. Text that such a
    program would take for a formula has an apostrophe before it. The same release gives the same
    bytes.
    """
    found = tables(release)
    package = json.dumps(_package(release, found), ensure_ascii=False, indent=1) + "\n"
    return {
        **{f"{name}.csv": _csv(table) for name, table in found.items()},
        "datapackage.json": package.encode(),
        workbook_name(release): workbook(release, found),
    }


def write(release: Release, folder: Path) -> list[Path]:
    """Write the files into a new folder; returns them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {folder / name: content for name, content in export(release).items()}
    for path, content in written.items():
        path.write_bytes(content)
    return list(written)


def workbook_name(release: Release) -> str:
    """The file name of a release's workbook."""
    return f"{release.region.id}-{release.year}-{release.language}.xlsx"


def tables(release: Release) -> dict[str, Rows]:
    """The exported tables: tidy observations and indicators, as in the release's frames."""
    language, meaning = release.language, release.definitions
    lines = {
        "observations": [figure_line(f, language) for f in release.figures],
        "indicators": [result_line(r, language, meaning) for r in release.results.values()],
    }
    place = {"region": release.region.id, "release": release.year}
    return {name: _table(name, [{**place, **row} for row, _ in lines[name]]) for name in lines}


def _table(name: str, rows: Iterable[dict[str, object]]) -> Rows:
    columns = [c for c, about in fields().items() if about.get("only", name) == name]
    return Rows(columns, [[row[c] for c in columns] for row in rows])


def _csv(table: Rows) -> bytes:
    """A table as CSV; text cells that a spreadsheet would compute become text for it, too."""
    whole = StringIO()
    writer = csv.writer(whole, lineterminator="\n")
    writer.writerows([table.columns, *(map(_csv_cell, row) for row in table.rows)])
    return whole.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, str):
        return inert(cell)
    return "" if cell != cell else cell


def _package(release: Release, tables: dict[str, Rows]) -> dict[str, object]:
    """The package's description: https://specs.frictionlessdata.io/data-package/"""
    language = release.language
    return {
        "profile": "tabular-data-package",
        "name": f"livelihood-{release.region.id}-{release.year}",
        "title": _title(release),
        "description": _description(release),
        "version": version("livelihood"),
        "created": f"{release.date.isoformat()}T00:00:00Z",
        "licenses": [{"name": "MIT", "path": "https://opensource.org/license/mit"}],
        "sources": [
            {"title": s.title, **({"path": s.url} if s.url.startswith("http") else {})}
            for s in release.documents.values()
        ],
        "resources": [_resource(name, table, language) for name, table in tables.items()],
    }


def _description(release: Release) -> str:
    said = say("package", release.language, checksum=release.checksum)
    return f"{said} {say('strict_page', release.language)}" if release.strict else said


def _resource(name: str, table: Rows, language: str) -> dict[str, object]:
    key = ["measure", "role", "breakdown", "period", "source", "locator"]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "schema": {
            "fields": [_field(column, language) for column in table.columns],
            "primaryKey": key if name == "observations" else ["indicator"],
            "missingValues": [""],
        },
    }


def _field(column: str, language: str) -> dict[str, str]:
    about = fields()[column]
    return {
        "name": column,
        "type": about["type"],
        "title": about["label"][language],
        "description": about["means"][language],
    }


def workbook(release: Release, tables: dict[str, Rows]) -> bytes:
    """The workbook in the release's language.

    Sheets: cover, one for each table, sources, notes (what each column means).
    """
    language, whole = release.language, BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    about = {
        "title": _title(release),
        "author": "livelihood",
        "created": datetime.combine(release.date, datetime.min.time()),
    }
    with Workbook(whole, options) as book:
        book.set_properties(about)
        _sheet(book, say("cover", language), _cover(release, tables))
        for name, table in tables.items():
            labels = [fields()[column]["label"][language] for column in table.columns]
            _sheet(book, say(name, language), Rows(labels, table.rows))
        _sheet(book, say("sources", language), _sources(release))
        _sheet(book, say("notes_sheet", language), _notes(language))
    return whole.getvalue()


def _title(release: Release) -> str:
    return f"{say('site', release.language)} · {release.title}"


def _cover(release: Release, tables: dict[str, Rows]) -> Rows:
    language = release.language
    rows = [(say("cover", language), _title(release))]
    rows += [(say(name, language), str(len(table.rows))) for name, table in tables.items()]
    rows.append((say("about_bounds", language), say("footer", language)))
    rows.append((say("checksum", language), release.checksum))
    return Rows([say("item", language), say("content", language)], rows)


def _sources(release: Release) -> Rows:
    columns = ["source", "title", "publisher", "date", "address"]
    rows = [
        (s.id, s.title, s.publisher, s.day.isoformat(), s.url) for s in release.documents.values()
    ]
    return Rows([say(c, release.language) for c in columns], rows)


def _notes(language: str) -> Rows:
    columns = [say(c, language) for c in ("column", "code_name", "meaning")]
    rows = [
        (about["label"][language], id, about["means"][language]) for id, about in fields().items()
    ]
    return Rows(columns, rows)


def _sheet(book: Workbook, name: str, table: Rows) -> None:
    """A sheet with one named table from A1, its header kept in view."""
    sheet = book.add_worksheet(name)
    about = {
        "name": f"table_{len(book.worksheets())}",
        "style": "Table Style Light 1",
        "columns": [{"header": column} for column in table.columns],
    }
    sheet.add_table(0, 0, max(len(table.rows), 1), len(table.columns) - 1, about)
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(table.columns):
        cells = [row[n] for row in table.rows]
        longest = max([len(column) * 2, *(len(str(cell)) for cell in cells)])
        sheet.set_column(n, n, min(max(10, longest + 2), 60))
        for row, value in enumerate(cells, start=1):
            _cell(sheet, row, n, value)


def _cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value[:32767])  # a cell holds no more
    elif value == value:  # not NaN
        sheet.write_number(row, column, float(value))
