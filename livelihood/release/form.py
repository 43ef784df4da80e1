"""A sheet of figures written: as CSV, as a workbook for an office, or added to one that is there.

The workbook has Chinese headers, drop-downs, one sheet, no locks. Rows are added behind a sheet's
own, in its columns, as it is written: what a person has filled in stays byte for byte (CSV) or
cell for cell (workbook). A row is there already if the sheet has its words at its place, or the
same figure of the same name, or its name at its place with a figure that was mended.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from livelihood.display.messages import MOST, DataError, Problem, say
from livelihood.project.definitions import Definitions
from livelihood.project.files import read_bytes
from livelihood.release.columns import COLUMNS, code_of, codes, columns_of, plain
from livelihood.release.documents import decode, library

Row = dict[str, str]
LANGUAGE = "zh"
WIDTHS = {"label": 40, "printed": 24, "previous": 18, "period": 18, "source": 16, "note": 30}
SPARE = 200  # blank rows that the drop-downs reach beyond the prefilled ones
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
HELPS = {"printed": "type_as_printed", "period": "type_a_period"}  # said when a cell is entered
_TEXT = {"num_format": "@", "valign": "top", "text_wrap": True}  # so that 1/2 becomes no date
_HEADER = {"bold": True, "bg_color": "#DDEBF7"}


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    """Rows as CSV that a spreadsheet program opens as UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_workbook(
    path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]], meaning: Definitions
) -> None:
    """Rows of figures as a workbook, its cells text, with words for ids.

    The drop-downs allow other words too (an unknown measure is reported when the sheet is read).
    """
    words = {
        "label": {m.label[LANGUAGE]: m.label[LANGUAGE] for m in meaning.measures.values()},
        "sector": {id: sector.label[LANGUAGE] for id, sector in meaning.sectors.items()},
        "aggregation": {code: say(code, LANGUAGE) for code in codes("aggregation")},
        "role": {code: say(code, LANGUAGE) for code in codes("role")},
    }
    whole = io.BytesIO()  # so that a full disk is met at one place, and there is an error
    with Workbook(whole, OPTIONS) as book:
        sheet, choices = book.add_worksheet("数字"), book.add_worksheet("选项")
        choices.hide()
        sheet.freeze_panes(1, 0)
        text, header = book.add_format(_TEXT), book.add_format(_HEADER)
        for n, column in enumerate(columns):
            known = words.get(column, {})
            cells = [known.get(value, value) for value in (row.get(column, "") for row in rows)]
            sheet.set_column(n, n, WIDTHS.get(column, 14), text)
            sheet.write_string(0, n, COLUMNS[column]["label"][LANGUAGE], header)
            for number, cell in enumerate(cells, start=1):
                sheet.write(number, n, cell or None, text)
            choices.write_column(0, n, list(known.values()))
            _help(sheet, choices.name, n, column, len(known), len(rows) + SPARE)
    path.write_bytes(whole.getvalue())


def _help(sheet: Worksheet, choices: str, n: int, column: str, known: int, last: int) -> None:
    """What may be chosen in the cells of a column, or is to be typed there."""
    letter = chr(ord("A") + n)
    if known:
        source = f"={choices}!${letter}$1:${letter}${known}"
        rule = {"validate": "list", "source": source, "show_error": False}
    elif column in HELPS:
        rule = {"validate": "any", "input_message": say(HELPS[column], LANGUAGE)}
    else:
        return
    sheet.data_validation(1, n, last, n, rule)


# ---- rows added to a sheet that is there -------------------------------------------------------


def add_rows(path: Path, project: Path, columns: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Add those of `rows` that a sheet lacks; returns them. ``DataError`` if it cannot be read.

    `columns` are those of a sheet that is not there yet.
    """
    name = path.relative_to(project).as_posix()
    table = _Workbook(path, name) if path.suffix == ".xlsx" else _Text(path, project, name, columns)
    there = set().union(*map(_keys, table.rows)) if table.rows else set()
    lacking = [row for row in rows if not there & _wanted(row)]
    if lacking:
        table.add(lacking)
    return lacking


def added_words(rows: Sequence[Row]) -> str:
    """Which rows were added, one a line."""
    lines = [
        f"  {row.get('label') or row.get('measure')} {row.get('printed', '')}".rstrip()
        for row in rows
    ]
    more = [f"  … {len(rows) - MOST}"] if len(rows) > MOST else []
    return "\n".join([say("added", count=len(rows)), *lines[:MOST], *more])


def _keys(row: Row) -> set[tuple[str, ...]]:
    """What a row is known by: its place, its figure's name, and its name alone."""
    role = code_of("role", row.get("role", ""))
    place = ("place", row.get("source", ""), row.get("locator", ""), row.get("printed", ""))
    names = [plain(name) for c in ("measure", "label") if (name := row.get(c, ""))]
    when = row.get("source", ""), row.get("period", "")
    return {place}.union(
        *(
            {
                ("figure", name, role, *when, row.get("printed", "")),
                ("row", name, role, *when, row.get("locator", "")),  # its figure was mended
                ("name", name, role, row.get("breakdown", "")),
            }
            for name in names
        )
    )


def _wanted(row: Row) -> set[tuple[str, ...]]:
    """What says that a row is there: of one to fill in its name, of a figure anything but that."""
    named = not row.get("printed")
    return {key for key in _keys(row) if (key[0] == "name") == named}


class _Text:
    """A CSV file."""

    def __init__(self, path: Path, project: Path, name: str, columns: Sequence[str]) -> None:
        self.path = path
        if not path.exists():
            path.write_text(",".join(columns) + "\n", encoding="utf-8-sig")
        self.data = read_bytes(path, project, name)
        text = decode(self.data, name)
        first = next((line for line in text.split("\n") if line.strip()), "")
        self.delimiter = max(",\t;", key=first.count)
        lines = list(csv.reader(io.StringIO(text), delimiter=self.delimiter))
        self.header, self.rows = _table(lines, name)

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows behind the last one, in the file's own encoding."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\n")
        writer.writerows([row.get(column, "") for column in self.header] for row in rows)
        encoding = "utf-16-le" if self.data[:2] == b"\xff\xfe" else self._encoding()
        end = "" if self.data.endswith((b"\n", b"\n\0")) else "\n"
        self.path.write_bytes(self.data + (end + out.getvalue()).encode(encoding))

    def _encoding(self) -> str:
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            return "gb18030"
        return "utf-8"


class _Workbook:
    """An XLSX file with one sheet."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.book = library("openpyxl", name).load_workbook(path)
        self.sheet = self.book.active
        lines = [["" if v is None else str(v) for v in line] for line in self.sheet.values]
        self.header, self.rows = _table(lines, name)
        last = (n for n, line in enumerate(lines, 1) if any(line[: len(self.header)]))
        self.last = max(last, default=1)

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows behind the last one, as text."""
        for number, row in enumerate(rows, start=self.last + 1):
            for index, column in enumerate(self.header, start=1):
                if column:
                    cell = self.sheet.cell(number, index, row.get(column) or None)
                    cell.number_format, cell.data_type = "@", "s"
        self.book.save(self.path)


def _table(lines: Sequence[Sequence[str]], name: str) -> tuple[list[str], list[Row]]:
    """The columns of a sheet by their ids, and its rows by column."""
    headers = [columns_of(line) for line in lines]
    fits = ("printed" in h and ("label" in h or "measure" in h) for h in headers)
    top = next((index for index, found in enumerate(fits) if found), None)
    if top is None:
        words = {"found": ", ".join(lines[0]) if lines else "", "expected": "label, printed"}
        raise DataError([Problem("no_header", name, 1, words=words)])
    cells = [[cell.strip() for cell in line] for line in lines[top + 1 :]]
    rows = [dict(zip(headers[top], line, strict=False)) for line in cells if any(line)]
    return headers[top], rows
