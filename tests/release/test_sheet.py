"""Sheets as offices send them: one odd or bad sheet a rule, read or refused with the cell named."""

import datetime
import zipfile

import openpyxl
import pytest
import xlsxwriter
from bad_inputs import bad_inputs, is_refused
from conftest import DEFINED
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from livelihood import DataError
from livelihood.release.columns import COLUMNS, MISSING, plain
from livelihood.release.observations import read_figures
from livelihood.release.sheet import read_sheet
from livelihood.release.sources import Source

SHEETS = bad_inputs("release/sheets.toml")
HEADER = "measure,printed,period,aggregation,source,locator"
CHINESE = "指标,数值,统计期,合计方式,来源,位置"
GOOD = "village_clinics,30个,2019,total,s,p1"
SOURCES = {"s": Source("s", "t", "p", "2020-01-01")}


def make(folder, case):
    """The file that a case describes."""
    if "csv" in case:
        text = case["csv"].replace("{H}", HEADER).replace("{R}", GOOD).replace("{C}", CHINESE)
        path = folder / "figures.csv"
        path.write_bytes(text.encode(case.get("encoding", "utf-8")))
    elif "bytes" in case:
        path = folder / case.get("name", "figures.csv")
        path.write_bytes(bytes.fromhex(case["bytes"]))
    elif "archive" in case:
        path = folder / "figures.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, size in case["archive"].items():
                archive.writestr(name, b"0" * size)
    else:
        path = make_workbook(folder / "figures.xlsx", case)
    return path.rename(folder / case["renamed"]) and path if "renamed" in case else path


def make_workbook(path, case):
    """A workbook of an office; `strict` has it in the other form of Open XML."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in case["rows"]:
        sheet.append(cells_of(row))
    for cell, formula in case.get("formulas", {}).items():
        sheet[cell] = formula
    for cell in case.get("dates", ()):
        sheet[cell] = datetime.date(2019, 3, 5)
    look(sheet, case)
    for name in case.get("sheets", ()):
        book.create_sheet(name).append(["x"])
    for name in case.get("blank_sheets", ()):
        book.create_sheet(name)
    for name, rows in case.get("hidden_sheets", {}).items():
        hidden = book.create_sheet(name)
        hidden.sheet_state = case.get("state", "hidden")
        for row in rows:
            hidden.append(cells_of(row))
    book.save(path)
    if case.get("strict"):
        rewrite(path, STRICT)
    return path


def cells_of(row):
    named = {"{H}": HEADER, "{R}": GOOD, "{C}": CHINESE}
    return named[row].split(",") if isinstance(row, str) else row


def look(sheet, case):
    """How cells look: formats, runs of text raised or struck out, what is merged or hidden."""
    for cell, code in case.get("formats", {}).items():
        sheet[cell].number_format = code
    for cell, runs in case.get("runs", {}).items():
        sheet[cell] = CellRichText(*(TextBlock(LOOKS[look], text) for text, look in runs))
    for cell in case.get("struck", ()):
        sheet[cell].font = Font(strike=True)
    for cells in case.get("merge", ()):
        sheet.merge_cells(cells)
    for row in case.get("hidden_rows", ()):
        sheet.row_dimensions[row].hidden = True
    for column in case.get("hidden_columns", ()):
        sheet.column_dimensions[column].hidden = True


LOOKS = {
    "": InlineFont(),
    "raised": InlineFont(vertAlign="superscript"),
    "lowered": InlineFont(vertAlign="subscript"),
    "struck": InlineFont(strike=True),
}
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def rewrite(path, words):
    """Replace words in every part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            for word, other in words.items():
                content = content.replace(word, other)
            archive.writestr(name, content)


def test_the_table_has_is_wide():
    assert len(SHEETS) >= 240


@pytest.mark.parametrize("name", [n for n, case in SHEETS.items() if "reads" in case])
def test_odd_sheet_is_read(tmp_path, name):
    path = make(tmp_path, SHEETS[name])
    figures = read_figures(path, SOURCES, tmp_path, DEFINED)
    found = [
        f"{f.measure.id} {f.quantity.text} {f.period.text} {f.aggregation} {f.role}"
        for f in figures
    ]
    asked = [words.split(" ") for words in SHEETS[name]["reads"]]
    assert [words.split(" ")[: len(a)] for words, a in zip(found, asked, strict=True)] == asked


@pytest.mark.parametrize(
    ("formula", "value", "printed"),
    [
        ("=10+20", 30, ["30"]),
        ("=0.4*2", 0.8, ["0.8"]),
        ('=""', "", []),
        ('="近"&7', "近7", ["近7"]),
    ],
)
def test_the_result_of_a_formula_counts_once_it_was_computed(tmp_path, formula, value, printed):
    path = tmp_path / "figures.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADER, GOOD, GOOD.replace("p1", "p2"))):
            sheet.write_row(number, 0, row.split(","))
        sheet.write_formula("B2", formula, None, value)
    with pytest.raises(DataError, match="B2"):  # it is to be computed when it is opened
        read_sheet(path, "figures.xlsx")
    rewrite(path, {b' fullCalcOnLoad="1"': b"", b'<c r="B2"><f>""': b'<c r="B2" t="str"><f>""'})
    found = [row.cells["printed"] for row in read_sheet(path, "figures.xlsx")]
    assert found == [*printed, "30个"]


@pytest.mark.parametrize("name", [n for n, case in SHEETS.items() if "says" in case])
def test_bad_sheet_is_refused_with_the_cell_named(tmp_path, name):
    path = make(tmp_path, SHEETS[name])
    is_refused(SHEETS[name], read_figures, path, SOURCES, tmp_path, DEFINED)


def test_no_header_word_names_two_columns():
    words = [
        (plain(word), id)
        for id, column in COLUMNS.items()
        for word in {id, *column["label"].values(), *column["words"], *column.get("asks", ())}
    ]
    named = dict(words)
    assert all(named[word] == id for word, id in words)


def test_no_label_names_two_measures():
    for language in ("zh", "en"):
        labels = [plain(m.label[language]) for m in DEFINED.measures.values()]
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize("mark", sorted(MISSING))
def test_every_mark_of_a_missing_figure_is_left_out(tmp_path, mark):
    path = tmp_path / "figures.csv"
    path.write_text(f"{HEADER}\ntowns,{mark},2019,stock,s,p2\n{GOOD}\n", encoding="utf-8")
    assert [row.cells["measure"] for row in read_sheet(path, "figures.csv")] == ["village_clinics"]


def test_csv_and_workbook_side_by_side_are_refused(project):
    folder = project / "data/duji/2019"
    make_workbook(folder / "figures.xlsx", {"rows": ["{H}", "{R}"]})
    from livelihood import load

    with pytest.raises(DataError) as caught:
        load("duji", 2019)
    assert "not both" in caught.value.text("en")
