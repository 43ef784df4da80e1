"""A release as a workbook that people can use: one table a sheet, a cover, and notes.

Every table starts at A1 with one header row, nothing is merged or coloured to mean something,
and text is written as text, so that nothing in it is computed or opened.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from livelihood.analysis.release import Release
from livelihood.display.messages import say


def write_workbook(
    path: Path, release: Release, tables: dict[str, pd.DataFrame], fields: dict[str, dict]
) -> None:
    """Write the workbook in the release's language; the same release gives the same bytes.

    Sheets: cover, one for each table, sources, notes (what each column means).
    """
    language = release.language
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    whole = BytesIO()  # so that a full disk is met at one place, and there is an error
    with Workbook(whole, options) as book:
        book.set_properties({
            "title": _title(release), "author": "livelihood",
            "created": datetime.combine(release.date, datetime.min.time()),
        })  # fmt: skip
        _sheet(book, say("cover", language), _cover(release, tables))
        for name, table in tables.items():
            labels = {column: fields[column]["label"][language] for column in table}
            _sheet(book, say(name, language), table.rename(columns=labels))
        _sheet(book, say("sources", language), _sources(release))
        _sheet(book, say("notes_sheet", language), _notes(fields, language))
    path.write_bytes(whole.getvalue())


def _title(release: Release) -> str:
    language, region = release.language, release.region
    place = say("place", language, city=region.city[language], name=region.name[language])
    return f"{say('site', language)} · {place} · {release.year}"


def _cover(release: Release, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    language = release.language
    rows = [(say("cover", language), _title(release))]
    rows += [(say(name, language), str(len(table))) for name, table in tables.items()]
    rows.append((say("about_bounds", language), say("footer", language)))
    rows.append((say("checksum", language), release.checksum))
    return pd.DataFrame(rows, columns=[say("item", language), say("content", language)])


def _sources(release: Release) -> pd.DataFrame:
    columns = ["source", "title", "publisher", "date", "address"]
    rows = [
        (s.id, s.title, s.publisher, s.date.isoformat(), s.url) for s in release.documents.values()
    ]
    return pd.DataFrame(rows, columns=[say(c, release.language) for c in columns])


def _notes(fields: dict[str, dict], language: str) -> pd.DataFrame:
    columns = [say(c, language) for c in ("column", "code_name", "meaning")]
    rows = [
        (about["label"][language], id, about["means"][language]) for id, about in fields.items()
    ]
    return pd.DataFrame(rows, columns=columns)


def _sheet(book: Workbook, name: str, table: pd.DataFrame) -> None:
    """A sheet with one named table from A1, its header kept in view."""
    sheet = book.add_worksheet(name)
    rows, columns = table.shape
    sheet.add_table(0, 0, max(rows, 1), columns - 1, {
        "name": f"table_{len(book.worksheets())}", "style": "Table Style Light 1",
        "columns": [{"header": column} for column in table],
    })  # fmt: skip
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(table):
        longest = max([len(str(column)) * 2, *(len(str(v)) for v in table[column])])
        sheet.set_column(n, n, min(max(10, longest + 2), 60))
        for row, value in enumerate(table[column], start=1):
            _cell(sheet, row, n, value)


def _cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value[:32767])  # a cell holds no more
    elif pd.notna(value):
        sheet.write_number(row, column, float(value))
