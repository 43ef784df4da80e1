"""A sheet of figures: what its columns are called and may hold, and how it is written or added to.

The words of headers and cells are in ``columns.toml``. A workbook for an office has Chinese
headers, drop-downs, one sheet, no locks. Rows are added behind a sheet's own, in its columns, as
it is written: what a person has filled in stays byte for byte (CSV) or cell for cell (workbook).
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.display.messages import MOST, DataError, Problem, say
from livelihood.project.definitions import Definitions
from livelihood.project.files import read_bytes
from livelihood.quantity.parse import QuantityError, parse_quantity
from livelihood.quantity.period import Period
from livelihood.quantity.vocabulary import UNITS, alternation
from livelihood.release.documents.document import decode, library

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


COLUMNS: dict[str, dict] = tomllib.loads(
    Path(__file__).with_name("columns.toml").read_text(encoding="utf-8")
)
MISSING = {"", "-", "--", "---", "—", "——", "…", "……", "...", "/", "\\"}
_YES, _NO = {"是", "√", "✓", "有", "对", "y", "yes"}, {"否", "×", "x", "无", "没有", "n", "no"}
_PLACES_AND_TIMES = set("村镇乡县站组队分年日期天周届批点面门") | {"街道"}  # 农家书屋（村）
_IN_BRACKETS = re.compile(r"(.*?)\s*[(（]\s*(?:单位[:：]?)?\s*(.+)[)）]")
_NO_UNIT = re.compile(r".*(\d|年|月|季|累计|期|必填|选填|原文|照抄).*")  # of a header's brackets
_MARKS = re.compile(r"(?<![mM米])(?<!10)[⁰¹²³⁴-⁹①-⑳]+|[*＊※†‡]+$|[(（\[]注\d{0,2}[)）\]]$")
_UNIT = re.compile(f"[十百千万亿]*(?:{alternation(UNITS)})(?:/.+)?")
_MULTIPLE = "十百千万亿余多几"


def plain(text: str) -> str:
    """A word for comparison: full-width forms folded, no space, lower case.

    >>> plain(" 指 标（Ａ）")
    '指标(a)'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


@cache
def _columns() -> dict[str, str]:
    return {
        plain(word): id
        for id, column in COLUMNS.items()
        for word in (id, *column["label"].values(), *column["words"], *column.get("asks", ()))
    }


@cache
def _values() -> dict[str, dict[str, str]]:
    return {
        id: {plain(w): code for code, words in column["values"].items() for w in (code, *words)}
        for id, column in COLUMNS.items()
        if "values" in column
    }


def column_of(header: str) -> tuple[str, str]:
    """The column that a header names, or its own words, and the unit that its brackets give.

    >>> column_of("数值（万元）"), column_of("数值（2021）"), column_of("负责人")
    (('printed', '万元'), ('printed', ''), ('负责人', ''))
    """
    word, unit = (header, "") if plain(header) in _columns() else _without_brackets(header)
    return _columns().get(plain(word), word), "" if _NO_UNIT.fullmatch(unit) else unit


def columns_of(header: Iterable[str]) -> list[str]:
    """The columns that header words name; empty for a word that names none.

    >>> columns_of(["指标", "数值（万元）", "负责人"])
    ['label', 'printed', '']
    """
    return [column if column in COLUMNS else "" for column, _ in map(column_of, header)]


def codes(column: str) -> tuple[str, ...]:
    """The codes of a closed column.

    >>> codes("role")
    ('target', 'planned', 'completion', 'growth')
    """
    return tuple(filter(None, COLUMNS[column]["values"]))


def code_of(column: str, cell: str, header: str = "") -> str:
    """The code that a cell of a closed column means; the cell itself of any other, or if none.

    >>> code_of("aggregation", "累 计"), code_of("aggregation", "x"), code_of("note", "累计")
    ('total', 'x', '累计')
    >>> code_of("role", "是", "是否目标"), code_of("role", "否", "是否目标")
    ('target', '')
    """
    if yes := COLUMNS.get(column, {}).get("asks", {}).get(header):
        return yes if plain(cell) in _YES else "" if plain(cell) in _NO else cell
    return _values().get(column, {}).get(plain(cell), cell)


def is_missing(printed: str) -> bool:
    """Whether a cell says that there is no figure.

    >>> is_missing(" —— "), is_missing("0")
    (True, False)
    """
    return plain(printed) in map(plain, MISSING)


def says_something(cell: str) -> bool:
    """Whether a cell is a header, a word of a closed column or a figure with its unit."""
    word = plain(cell)
    if word in _columns() or any(word in values for values in _values().values()):
        return True
    return any(map(str.isdigit, cell)) and has_unit(cell) is True


# ---- names and footnote marks -------------------------------------------------------------------


def without_marks(text: str) -> str:
    """A cell without the marks of footnotes; an exponent stays.

    >>> without_marks("30①"), without_marks("280m²"), without_marks("农村低保*")
    ('30', '280m²', '农村低保')
    """
    return _MARKS.sub("", text)


def name_and_unit(cell: str) -> tuple[str, str]:
    """The name of a measure, and the unit that stands in brackets behind it.

    >>> name_and_unit("民生领域支出（万元）"), name_and_unit("村卫生室（村）")
    (('民生领域支出', '万元'), ('村卫生室（村）', ''))
    """
    name, unit = _without_brackets(cell)
    return (name, unit) if is_unit(unit) and unit not in _PLACES_AND_TIMES else (cell, "")


def _without_brackets(cell: str) -> tuple[str, str]:
    match = _IN_BRACKETS.fullmatch(cell)
    return (match[1], match[2].strip()) if match else (cell, "")


# ---- units --------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def is_unit(text: str) -> bool:
    """Whether a text is a unit of units.toml, with a multiplier or not, and nothing else.

    >>> [is_unit(text) for text in ("万元", "人（次）", "元/人", "2021", "万元、个", "某局", "万")]
    [True, True, True, False, False, False, False]
    """
    if not _UNIT.fullmatch(text):
        return False
    try:
        return parse_quantity(f"2{text}").qualifier in ("exact", "rounded")
    except QuantityError:
        return False


def has_unit(printed: str) -> bool | None:
    """Whether a figure brings its own unit; ``None`` if it cannot be read.

    >>> has_unit("近7万人"), has_unit("近7万"), has_unit("很多")
    (True, False, None)
    """
    try:
        return parse_quantity(printed).unit != ""
    except QuantityError:
        return None


def with_unit(printed: str, unit: str) -> str | None:
    """A figure with the unit that stands beside it, unless it brings its own.

    ``None`` if what stands beside it is no unit, or both have a multiplier, so that it is not
    clear what the figure is.

    >>> with_unit("328.6", "万元"), with_unit("1.2亿元", "万元"), with_unit("近7万", "人")
    ('328.6万元', '1.2亿元', '近7万人')
    >>> with_unit("30", "2021"), with_unit("30万", "万元")
    (None, None)
    """
    if not unit or has_unit(printed) is not False:
        return printed
    twice = unit[0] in _MULTIPLE and any(sign in printed for sign in _MULTIPLE)
    return None if twice or not is_unit(unit) else printed + unit


# ---- periods ------------------------------------------------------------------------------------


def period_of(cell: str) -> str:
    """A period as EDTF, so that two ways to write it are one; the cell itself if it is none.

    >>> period_of("２０１９"), period_of("2025年1-9月"), period_of("上月")
    ('2019', '2025-01/2025-09', '上月')
    """
    try:
        return Period.parse(cell).text
    except ValueError:
        return unicodedata.normalize("NFKC", cell)


# ---- a sheet written ---------------------------------------------------------------------------

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
    from xlsxwriter import Workbook  # which reading a sheet does without

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
