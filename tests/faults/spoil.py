"""Bad files that no table can hold: too large, no regular file, or an archive gone wrong.

Each function puts one in place of a good file of a project.
"""

import io
import json
import os
import zipfile
from pathlib import Path

import nbformat
import openpyxl

HEADER = "measure,printed,period,aggregation,source,locator"
ROW = "village_clinics,30个,2019,total,duji-2019,p1"


# ---------- files that are none
def fifo(path):
    path.unlink()
    os.mkfifo(path)


def device(path):
    path.unlink()
    path.symlink_to("/dev/zero")


def dangling(path):
    path.unlink()
    path.symlink_to("nowhere")


def circle(path):
    path.unlink()
    path.symlink_to(path.name)


def folder(path):
    path.unlink()
    path.mkdir()


def outside(path):
    """A link to a good file that is not in the project."""
    elsewhere = path.resolve().parents[len(path.relative_to(Path.cwd()).parts)] / path.name
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def folder_outside(path):
    """The folder of the file is a link that leads out of the project."""
    elsewhere = Path.cwd().parent / "elsewhere"
    path.parent.rename(elsewhere)
    path.parent.symlink_to(elsewhere)


def fifo_beside(path):
    os.mkfifo(path.with_name("scan.pdf"))


def link_beside(path):
    path.with_name("hosts").symlink_to("/etc/hosts")


# ---------- large text
def million_rows(path):
    path.write_text(f"{HEADER}\n" + f"{ROW}\n" * 1_000_000, "utf-8")


def million_short_rows(path):
    path.write_text(f"{HEADER}\n" + ",,,,,\n" * 1_000_000, "utf-8")


def thousands_of_bad_rows(path):
    rows = (f"measure_{n},x,y,z,w,p\n" for n in range(19_000))
    path.write_text(f"{HEADER}\n" + "".join(rows), "utf-8")


def thousands_of_short_rows(path):
    path.write_text(f"{HEADER}\n" + "a,b\n" * 19_000, "utf-8")


def large_cell(path):
    path.write_text(f"{HEADER},note\n{ROW},{'长' * 3_300_000}\n", "utf-8")


def large_cell_within_the_size(path):
    path.write_text(f"{HEADER},note\n{ROW},{'长' * 30_000}\n", "utf-8")


def a_million_columns(path):
    path.write_text(",".join(map(str, range(1_000_000))) + "\n", "utf-8")


def large_locator_of_the_census(path):
    text = path.read_text("utf-8")
    path.write_text(text + text.partition("\n")[2] * 400, "utf-8")


# ---------- TOML
def toml_deep_lists(path):
    path.write_text("a = " + "[\n" * 100_000, "utf-8")


def toml_deep_tables(path):
    path.write_text("a = " + "{a = " * 500 + "1" + "}" * 500, "utf-8")


def toml_long_key(path):
    path.write_text("a" + ".a" * 400_000 + " = 1\n", "utf-8")


def toml_deep_keys(path):
    path.write_text("a" + ".a" * 1_400 + " = 1\n", "utf-8")


def toml_large(path):
    path.write_text("a = 1\n" + "# nothing\n" * 1_000_000, "utf-8")


def toml_many_tables(path):
    path.write_text("".join(f"[t{n}]\nx = 1\n" for n in range(50_000)), "utf-8")


def toml_large_number(path):
    path.write_text("a = " + "9" * 2_900 + "\n", "utf-8")


def toml_large_hexadecimal(path):
    path.write_text("code = 0x" + "f" * 2_900 + "\n", "utf-8")


# ---------- workbooks
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/'
    'vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def parts(sheet, strings="", start=""):
    """The parts of a workbook of one sheet, the content of which is given as XML."""
    made = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r" Type='
        f'"{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">'
        f'<Relationship Id="s" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'{start}<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }
    return {**made, "xl/sharedStrings.xml": strings} if strings else made


def rows(*lines):
    """Rows of text as the XML of a sheet."""
    cells = (
        "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in line.split(","))
        for line in lines
    )
    return "<sheetData>" + "".join(f"<row>{line}</row>" for line in cells) + "</sheetData>"


def workbook(path, made, **how):
    """Put a workbook of these parts in place of the CSV."""
    path.unlink()
    with zipfile.ZipFile(path.with_suffix(".xlsx"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content, **how)


def xlsx_far_cell(path):
    sheet = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
        '<c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    workbook(path, parts(sheet))


def xlsx_far_row_without_an_address(path):
    workbook(path, parts('<sheetData><row r="1048576"><c><v>1</v></c></row></sheetData>'))


def xlsx_far_cell_in_a_second_sheet(path):
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.create_sheet("far")["XFD1048576"] = 1
    path.unlink()
    book.save(path.with_suffix(".xlsx"))


def xlsx_wide_and_long(path):
    sheet = (
        '<sheetData><row r="1"><c r="GR1"><v>1</v></c></row><row r="19999">'
        '<c r="A19999"><v>1</v></c><c r="GR19999"><v>1</v></c></row>'
        "</sheetData>"
    )
    workbook(path, parts(sheet))


def xlsx_million_rows(path):
    cells = "<row><c><v>1</v></c></row>" * 1_000_000
    workbook(path, parts(f"<sheetData>{cells}</sheetData>"))


def xlsx_wrong_dimension(path):
    """A header alone in a sheet that says to reach to the last cell there can be."""
    workbook(path, parts('<dimension ref="A1:XFD1048576"/>' + rows(HEADER)))


def _entities(depth):
    lines = (f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, depth))
    return '<!DOCTYPE x [<!ENTITY e0 "ha">' + "".join(lines) + "]>"


def xlsx_entities(path):
    workbook(path, parts(rows("&e8;"), start=_entities(9)))


def xlsx_entities_in_the_strings(path):
    strings = f'{_entities(9)}<sst xmlns="{MAIN}"><si><t>&e8;</t></si></sst>'
    cell = '<c r="A1" t="s"><v>0</v></c>'
    workbook(path, parts(f'<sheetData><row r="1">{cell}</row></sheetData>', strings))


def xlsx_external_entity(path):
    start = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    workbook(path, parts(rows("&e;"), start=start))


def xlsx_zip_bomb(path):
    workbook(path, {**parts(rows(HEADER, ROW)), "xl/media/a.bin": b"0" * 60_000_000})


def xlsx_large_cell(path):
    noise = os.urandom(2_300_000).hex()
    workbook(path, parts(rows(HEADER, ROW.replace("p1", noise))))


def xlsx_deep(path):
    workbook(path, parts("<a>" * 600_000 + "</a>" * 600_000 + rows(HEADER)))


def xlsx_many_parts(path):
    workbook(path, {f"xl/{n}.xml": "<a/>" for n in range(5_000)})


def xlsx_lying_sizes(path):
    """An archive whose directory says that a large part is small."""
    made = {**parts(rows(HEADER, ROW)), "xl/sharedStrings.xml": b" " * 90_000_000}
    workbook(path, made)
    path = path.with_suffix(".xlsx")
    size = (90_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))


def xlsx_lzma(path):
    workbook(path, parts(rows(HEADER, ROW)), compress_type=zipfile.ZIP_LZMA)


def xlsx_encrypted(path):
    workbook(path, parts(rows(HEADER, ROW)))
    path = path.with_suffix(".xlsx")
    data = bytearray(path.read_bytes())
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.find(sign)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(sign, place + 4)
    path.write_bytes(data)


def xlsx_cut_short(path):
    workbook(path, parts(rows(HEADER, ROW)))
    path = path.with_suffix(".xlsx")
    path.write_bytes(path.read_bytes()[:-100])


def xlsx_broken_part(path):
    workbook(path, parts("<sheetData><row>"))


def xlsx_part_missing(path):
    made = parts(rows(HEADER, ROW))
    del made["xl/worksheets/sheet1.xml"]
    workbook(path, made)


def xlsx_overlapping_merges(path):
    merges = '<mergeCell ref="A1:A5000"/>' * 100_000
    lines = [HEADER, *[ROW] * 5_000]
    workbook(path, parts(rows(*lines) + f"<mergeCells>{merges}</mergeCells>"))


def xlsx_many_strings_promised(path):
    strings = f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="4000000000"></sst>'
    cell = '<c r="A1" t="s"><v>4000000</v></c>'
    workbook(path, parts(f'<sheetData><row r="1">{cell}</row></sheetData>', strings))


def xlsx_with_unseen_signs(path):
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(ROW.replace("p1", "p\u202e1").split(","))
    path.unlink()
    book.save(path.with_suffix(".xlsx"))


def csv_as_workbook(path):
    path.rename(path.with_suffix(".xlsx"))


def workbook_as_csv(path):
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    path.write_bytes(file.getvalue())


def both(path):
    openpyxl.Workbook().save(path.with_suffix(".xlsx"))


# ---------- notebooks
def _notebook(path, change):
    notebook = nbformat.read(path, as_version=4)
    change(next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", ())))
    nbformat.write(notebook, path)


def notebook_without_year(path):
    def change(cell):
        lines = cell.source.splitlines()
        cell.source = "\n".join(line for line in lines if not line.startswith("year"))

    _notebook(path, change)


def notebook_with_a_year_of_text(path):
    def change(cell):
        cell.source = 'region = "duji"\nyear: str = "2019"\nlanguage = "zh"'

    _notebook(path, change)


def notebook_without_parameters(path):
    def change(cell):
        cell.metadata.tags = []

    _notebook(path, change)


def notebook_deep(path):
    path.write_text("[" * 100_000, "utf-8")


def notebook_large(path):
    path.write_text(json.dumps({"cells": "x" * 21_000_000}), "utf-8")


def notebook_of_another_shape(path):
    path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 5}', "utf-8")
