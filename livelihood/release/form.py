"""The workbook that an office clerk fills in: Chinese headers, drop-downs, one sheet, no locks."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from livelihood.display.messages import say
from livelihood.project.definitions import Definitions
from livelihood.release.columns import COLUMNS
from livelihood.release.observations import AGGREGATIONS, ROLES

LANGUAGE = "zh"
WIDTHS = {"label": 40, "printed": 24, "previous": 18, "period": 18, "source": 16, "note": 30}
SPARE = 200  # blank rows that the drop-downs reach beyond the prefilled ones
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
HELPS = {"printed": "type_as_printed", "period": "type_a_period"}  # said when a cell is entered
_TEXT = {"num_format": "@", "valign": "top", "text_wrap": True}  # so that 1/2 becomes no date
_HEADER = {"bold": True, "bg_color": "#DDEBF7"}


def write_workbook(
    path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]], meaning: Definitions
) -> None:
    """Rows of figures as a workbook, its cells text, with words for ids.

    The drop-downs allow other words too (an unknown measure is reported when the sheet is read).
    """
    words = {
        "label": {m.label[LANGUAGE]: m.label[LANGUAGE] for m in meaning.measures.values()},
        "sector": {id: sector.label[LANGUAGE] for id, sector in meaning.sectors.items()},
        "aggregation": {code: say(code, LANGUAGE) for code in AGGREGATIONS},
        "role": {code: say(code, LANGUAGE) for code in ROLES},
    }
    whole = BytesIO()  # so that a full disk is met at one place, and there is an error
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
