"""Sheets as offices send them: one odd or bad sheet a rule, read or refused with the cell named."""

import datetime
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import DEFINED

from livelihood import DataError
from livelihood.release.observations import read_figures
from livelihood.release.sheet import COLUMNS, MISSING, plain, read_sheet
from livelihood.release.sources import Source

SHEETS = tomllib.loads(Path(__file__).with_name("sheets.toml").read_text(encoding="utf-8"))
HEADER = "measure,printed,period,aggregation,source,locator"
GOOD = "village_clinics,30个,2019,total,s,p1"
SOURCES = {"s": Source("s", "t", "p", datetime.date(2020, 1, 1), "2020-01-01")}


def make(folder, case):
    """The file that a case describes."""
    if "csv" in case:
        text = case["csv"].replace("{H}", HEADER).replace("{R}", GOOD)
        path = folder / "figures.csv"
        path.write_bytes(text.encode(case.get("encoding", "utf-8")))
    elif "raw" in case:
        path = folder / case.get("name", "figures.csv")
        path.write_bytes(bytes.fromhex(case["raw"]))
    elif "archive" in case:
        path = folder / "figures.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, size in case["archive"].items():
                archive.writestr(name, b"0" * size)
    else:
        path = make_workbook(folder / "figures.xlsx", case)
    return path


def make_workbook(path, case):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in case["rows"]:
        named = {"{H}": HEADER, "{R}": GOOD}
        sheet.append(named[row].split(",") if isinstance(row, str) else row)
    for cell, formula in case.get("formulas", {}).items():
        sheet[cell] = formula
    for cell in case.get("dates", ()):
        sheet[cell] = datetime.date(2019, 3, 5)
    for cells in case.get("merge", ()):
        sheet.merge_cells(cells)
    for name in case.get("sheets", ()):
        book.create_sheet(name).append(["x"])
    for name in case.get("blank_sheets", ()):
        book.create_sheet(name)
    book.save(path)
    return path


def test_the_table_has_at_least_forty_sheets():
    assert len(SHEETS) >= 40


@pytest.mark.parametrize("name", [n for n, case in SHEETS.items() if "reads" in case])
def test_odd_sheet_is_read(tmp_path, name):
    path = make(tmp_path, SHEETS[name])
    figures = read_figures(path, SOURCES, tmp_path, DEFINED)
    assert [f"{f.measure.id} {f.quantity.text}" for f in figures] == SHEETS[name]["reads"]
    assert all(f.period.text.isascii() for f in figures)


@pytest.mark.parametrize("name", [n for n, case in SHEETS.items() if "says" in case])
def test_bad_sheet_is_refused_with_the_cell_named(tmp_path, name):
    path = make(tmp_path, SHEETS[name])
    with pytest.raises(DataError) as caught:
        read_figures(path, SOURCES, tmp_path, DEFINED)
    text = caught.value.text("en")
    for words in SHEETS[name]["says"]:
        assert words in text
    assert caught.value.text("zh") != text


def test_no_header_word_names_two_columns():
    words = [
        (plain(word), id)
        for id, column in COLUMNS.items()
        for word in {id, *column["label"].values(), *column["words"]}
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
