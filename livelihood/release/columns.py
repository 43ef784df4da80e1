"""A sheet of figures: what its columns are called and may hold, and how a new one is written.

The words of headers and cells are in ``columns.toml``. A workbook for an office has Chinese
headers, drop-downs, one sheet, no locks.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.display.messages import say
from livelihood.project.definitions import Definitions
from livelihood.quantity.parse import has_unit, is_unit
from livelihood.quantity.period import Period
from livelihood.quantity.vocabulary import read_table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


_WORDS = read_table("columns.toml", __file__)
COLUMNS: dict[str, dict] = _WORDS["columns"]
_PATTERNS = {name: re.compile(pattern) for name, pattern in _WORDS["patterns"].items()}
MISSING = {"", "-", "--", "---", "—", "——", "…", "……", "...", "/", "\\"}
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
    return _columns().get(plain(word), word), "" if _fits("no_unit", unit) else unit


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
        return yes if _fits("yes", plain(cell)) else "" if _fits("no", plain(cell)) else cell
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


# ---- cells -------------------------------------------------------------------------------------


def is_numbering(filled: list[str]) -> bool:
    """Whether cells are 甲, 乙, 1, 2, 3: numbers of columns, as printed forms have them."""
    matches = [_fits("numbering", cell) for cell in filled]
    numbers = [int(match[1]) for match in matches if match and match[1]]
    rising = numbers == list(range(1, len(numbers) + 1))
    return len(filled) > 2 and all(matches) and len(numbers) > 1 and rising


def is_aside(filled: list[str], short: bool) -> bool:
    """Whether a row is a note, a signature or a date, whichever cells it stands in."""
    words = [plain(cell) for cell in filled]
    if _fits("signed", words[0]) or (short and _fits("note", words[0])):
        return True
    if len(words) == 1:
        return bool(_fits("footnote", words[0]) or _fits("day", words[0]))
    return all(_fits("signed", word) or _fits("day", word) for word in words)


def _fits(pattern: str, text: str) -> re.Match[str] | None:
    return _PATTERNS[pattern].fullmatch(text)


def without_marks(text: str) -> str:
    """A cell without the marks of footnotes; an exponent stays.

    >>> without_marks("30①"), without_marks("280m²"), without_marks("农村低保*")
    ('30', '280m²', '农村低保')
    """
    return _PATTERNS["marks"].sub("", text)


def name_and_unit(cell: str) -> tuple[str, str]:
    """The name of a measure, and the unit that stands in brackets behind it.

    >>> name_and_unit("民生领域支出（万元）"), name_and_unit("村卫生室（村）")
    (('民生领域支出', '万元'), ('村卫生室（村）', ''))
    """
    name, unit = _without_brackets(cell)
    named = is_unit(unit) and not _fits("no_unit_of_a_name", unit)
    return (name, unit) if named else (cell, "")


def _without_brackets(cell: str) -> tuple[str, str]:
    match = _fits("in_brackets", cell)
    return (match[1], match[2].strip()) if match else (cell, "")


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

LANGUAGE = "zh"
WIDTHS = {"label": 40, "printed": 24, "previous": 18, "period": 18, "source": 16, "note": 30}
SPARE = 200  # blank rows that the drop-downs reach beyond the prefilled ones
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
HELPS = {"printed": "type_as_printed", "period": "type_a_period"}  # said when a cell is entered
_TEXT = {"num_format": "@", "valign": "top", "text_wrap": True}  # so that 1/2 becomes no date
_HEADER = {"bold": True, "bg_color": "#DDEBF7"}


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, str]], sign: str = ",") -> str:
    """Rows as lines of CSV, with a sign between cells."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=sign, lineterminator="\n").writerows(
        [row.get(column, "") for column in columns] for row in rows
    )
    return lines.getvalue()


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Rows as CSV that a spreadsheet program opens as UTF-8."""
    header = dict(zip(columns, columns, strict=True))
    path.write_text(csv_lines(columns, [header, *rows]), encoding="utf-8-sig", newline="")


def write_workbook(
    path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]], meaning: Definitions
) -> None:
    """Rows of figures as a workbook, its cells text, with words for ids.

    The drop-downs allow other words too (an unknown measure is reported when the sheet is read).
    """
    words = {
        "label": {m.label[LANGUAGE]: m.label[LANGUAGE] for m in meaning.measures.values()},
        "sector": {id: sector.label[LANGUAGE] for id, sector in meaning.sectors.items()},
        **{c: {code: say(code, LANGUAGE) for code in codes(c)} for c in ("aggregation", "role")},
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
