"""The workbook that an office clerk fills in: Chinese headers, drop-downs, one sheet, no locks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from livelihood.display.messages import say
from livelihood.project.definitions import Definitions
from livelihood.release.observations import AGGREGATIONS
from livelihood.release.sheet import COLUMNS

LANGUAGE = "zh"
WIDTHS = {"measure": 40, "printed": 18, "previous": 18, "period": 18, "source": 16, "note": 30}
SPARE = 200  # blank rows that the drop-downs reach beyond the prefilled ones


def write_workbook(
    path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]], meaning: Definitions
) -> None:
    """Rows of figures as a workbook. Cells are text, so that no program makes a date of 1/2.

    The drop-downs allow other words too (an unknown measure is reported when the sheet is read).
    """
    labels = {
        "measure": {id: m.label[LANGUAGE] for id, m in meaning.measures.items()},
        "aggregation": {a: say(a, LANGUAGE) for a in AGGREGATIONS},
    }
    book = Workbook()
    sheet = book.active
    sheet.title = "数字"
    sheet.append([COLUMNS[c]["label"][LANGUAGE] for c in columns])
    for row in rows:
        sheet.append([labels.get(c, {}).get(row.get(c, ""), row.get(c)) or None for c in columns])
    last = len(rows) + 1 + SPARE
    _look(sheet, columns, last)
    for offset, (column, words) in enumerate(labels.items()):
        places = columns.index(column) + 1, len(columns) + 2 + offset
        _drop_down(sheet, *places, list(words.values()), last)
    book.save(path)


def _look(sheet: Worksheet, columns: Sequence[str], last: int) -> None:
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = WIDTHS.get(column, 14)
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet[f"{letter}1"].fill = PatternFill("solid", fgColor="DDEBF7")
        for row in range(2, last + 1):
            cell = sheet[f"{letter}{row}"]
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # text, not computed
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)


def _drop_down(sheet: Worksheet, column: int, behind: int, words: list[str], last: int) -> None:
    """A list of choices for a column, kept in a hidden column without a header behind the table."""
    letter, hidden = get_column_letter(column), get_column_letter(behind)
    for row, word in enumerate(words, start=2):
        sheet[f"{hidden}{row}"] = word
    sheet.column_dimensions[hidden].hidden = True
    choice = DataValidation("list", formula1=f"${hidden}$2:${hidden}${len(words) + 1}",
                            allow_blank=True, showErrorMessage=False)  # fmt: skip
    choice.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(choice)
