"""Workbooks whose XML is of an unusual but lawful form, made by hand."""

import io
import zipfile

import pytest
from spoil import MAIN, parts

from livelihood import DataError
from livelihood.release.workbook import read_workbook


def grid(made):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    (found,) = read_workbook(file.getvalue(), "figures.xlsx")
    return found


def sheet(cells, strings="", **other):
    """The grid of a sheet of one row of cells."""
    made = parts(f"<sheetData><row>{cells}</row></sheetData>", strings)
    return grid({**made, **other})


@pytest.mark.parametrize(
    ("cells", "shows"),
    [
        ("<c><v>30</v></c><c><v>1.5</v></c>", ["30", "1.5"]),
        ('<c r="C1"><v>30</v></c><c><v>1</v></c>', ["", "", "30", "1"]),
        ('<c t="str"><f>A1</f><v>近7万</v></c>', ["近7万"]),
        ('<c t="b"><v>1</v></c><c t="b"><v>0</v></c>', ["TRUE", "FALSE"]),
        ('<c t="inlineStr"><is><t>近7</t></is></c>', ["近7"]),
        ('<c t="inlineStr"><is><r><t>近</t></r><r><t>7万</t></r></is></c>', ["近7万"]),
        ('<c t="inlineStr"><is><t>合肥</t><rPh sb="0" eb="2"><t>1</t></rPh></is></c>', ["合肥"]),
        ('<c t="inlineStr"><is><t>近7_x000D_万_x0041_</t></is></c>', ["近7\r万A"]),
        ('<c t="inlineStr"><is><t xml:space="preserve"> 7 万 </t></is></c>', ["7 万"]),
        ('<c t="n"><v>3.0000000000000004</v></c>', ["3"]),
        ('<c t="n"><v>1E2</v></c>', ["100"]),
        ("<c/><c><v>30</v></c><c/>", ["", "30"]),
        ('<c s="0"><v/></c><c><v>30</v></c>', ["", "30"]),
    ],
)
def test_what_cells_show(cells, shows):
    assert sheet(cells).cells == [shows]


def test_elements_may_have_a_prefix():
    made = parts("<sheetData><row><c><v>30</v></c></row></sheetData>")
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        text = made[name].replace("<", "<x:").replace("<x:/", "</x:")
        made[name] = text.replace("xmlns=", "xmlns:x=")
    assert grid(made).cells == [["30"]]


def test_elements_of_another_vocabulary_are_passed_over():
    other = '<x:v xmlns:x="urn:other">1</x:v>'
    assert sheet(f"<c>{other}<v>30</v></c>").cells == [["30"]]


def test_a_part_may_be_named_from_the_root_and_lie_anywhere():
    made = parts("<sheetData><row><c><v>30</v></c></row></sheetData>")
    made["other/one.xml"] = made.pop("xl/worksheets/sheet1.xml")
    links = "xl/_rels/workbook.xml.rels"
    made[links] = made[links].replace("worksheets/sheet1.xml", "/other/one.xml")
    assert grid(made).cells == [["30"]]


STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="0.0%"/></numFmts>'
    "<fonts><font/><font><strike/></font><font><strike val='0'/></font></fonts>"
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="200"/><xf numFmtId="14"/><xf fontId="1"/><xf fontId="2"/><xf numFmtId="77"/>'
    '</cellXfs><dxfs><dxf><font><strike/></font><numFmt numFmtId="200" formatCode="0"/></dxf>'
    "</dxfs></styleSheet>"
)
STYLED = {
    "xl/styles.xml": STYLES,
    "xl/_rels/workbook.xml.rels": parts("")["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        '<Relationship Id="u" Type="x/styles" Target="styles.xml"/></Relationships>',
    ),
}


@pytest.mark.parametrize(
    ("style", "shows", "fault"),
    [
        (0, "0.828", ""),
        (1, "82.8%", ""),
        (2, "1899-12-30 19:52:19.200000", "date_cell"),
        (3, "0.828", "struck_cell"),
        (4, "0.828", ""),
        (5, "0.828", "number_format"),
    ],
)
def test_the_look_of_a_cell_is_its_own(style, shows, fault):
    found = sheet(f'<c s="{style}"><v>0.828</v></c>', **STYLED)
    assert found.cells == [[shows]]
    assert [problem.code for problem in found.faults.values()] == [fault] * bool(fault)


@pytest.mark.parametrize(("setting", "day"), [("", "2019-03-05"), ('date1904="1"', "2023-03-06")])
def test_a_date_is_told_by_the_calendar_of_its_workbook(setting, day):
    made = {**parts('<sheetData><row><c s="2"><v>43529</v></c></row></sheetData>'), **STYLED}
    book = made["xl/workbook.xml"]
    made["xl/workbook.xml"] = book.replace("<sheets>", f"<workbookPr {setting}/><sheets>")
    (problem,) = grid(made).faults.values()
    assert str(problem.words["found"]) == day


@pytest.mark.parametrize(
    "cells",
    [
        '<c t="s"><v>0</v></c>',
        '<c t="s"><v>-1</v></c>',
        "<c><v>many</v></c>",
        '<c s="9"><v>1</v></c>',
    ],
)
def test_what_leads_nowhere_is_no_workbook(cells):
    with pytest.raises(DataError, match="XLSX"):
        sheet(cells)
