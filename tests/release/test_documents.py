"""A bulletin's file of any kind: the right rows, or a message that says what is wrong with it."""

import io
import time
import zipfile
import zlib
from importlib import import_module

import openpyxl
import pytest
from conftest import DEFINED
from pypdf import PdfReader, PdfWriter

from livelihood.display.messages import DataError
from livelihood.release.documents.document import read_document
from livelihood.release.draft import draft

TITLE = "云溪县2025年民生实事完成情况"
SAID = "来源：云溪县民生办 发布时间：2026-01-11"
TEXT = "全年建成农家书屋30个，培训“云上绣娘”近450人次，公厕改造支出160余万元。"
HEADER = ["项目", "目标任务", "完成情况", "完成率", "责任单位"]
CELLS = [
    HEADER,
    ["黑臭水体治理", "126条", "120条", "95%", "县生态环境分局"],
    ["河堤夜灯改造", "12处", "", "", "县住建局"],
    ["屋顶菜园", "", "已建成9个", "75%", "县农业农村局"],
]
IN_TEXT = ["30个 农家书屋", "近450人次 培训云上绣娘", "160余万元 公厕改造支出"]
IN_TABLE = [
    "126条 黑臭水体治理 target",
    "120条 黑臭水体治理",
    "95% 黑臭水体治理 completion",
    "12处 河堤夜灯改造 target",
    "9个 屋顶菜园",
    "75% 屋顶菜园 completion",
]
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(lines, table, header=None):
    """A Word file; a row of `header` holds words, columns that they reach over, and going on."""

    def cell(text, across=1, down=""):
        props = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
        props += f'<w:vMerge w:val="{down}"/>' if down else ""
        return f"<w:tc><w:tcPr>{props}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    rows = [*(header or []), *([(c,) for c in row] for row in table)]
    made = "".join(f"<w:tr>{''.join(cell(*c) for c in row)}</w:tr>" for row in rows)
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    text = (
        f'<w:document xmlns:w="{_WORD}"><w:body>{body}<w:tbl>{made}</w:tbl></w:body></w:document>'
    )
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr("word/document.xml", text)
    return whole.getvalue()


def pdf(lines, table=(), per_line=24, filtered=b""):
    """A PDF whose letters name themselves (UniGB-UCS2); cells wrap after eight letters."""
    drawn, y = [], 780

    def put(x, height, text):
        code = text.encode("utf-16-be").hex()
        drawn.append(f"BT /F 12 Tf {x} {height} Td <{code}> Tj ET")

    for line in lines:
        for start in range(0, len(line), per_line):
            put(40, y, line[start : start + per_line])
            y -= 18
    for row in table:
        high = 18 * max(1, *(-(-len(cell) // 8) for cell in row))
        for column, cell in enumerate(row):
            drawn.append(f"{40 + 105 * column} {y - high + 10} 105 {high} re S")
            for number in range(0, len(cell), 8):
                put(44 + 105 * column, y - 4 - 18 * (number // 8), cell[number : number + 8])
        y -= high
    stream = filtered or "\n".join(drawn).encode()
    kind = b"/Filter /FlateDecode " if filtered else b""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<<" + kind + b"/Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        b"/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>",
    ]
    made = b"%PDF-1.4\n" + b"".join(
        b"%d 0 obj%s endobj\n" % (n, part) for n, part in enumerate(parts, start=1)
    )
    return made + b"trailer<</Root 1 0 R/Size 7>>\nstartxref\n0\n%%EOF"


def page(lines, table):
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in table)
    menu = "<ul>" + "".join(f"<li><a href=x>栏目{n}</a></li>" for n in range(80)) + "</ul>"
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html>{menu}<div>{text}<table>{rows}</table></div>{menu}</html>".encode("gb18030")


def workbook(_, table):
    book, whole = openpyxl.Workbook(), io.BytesIO()
    for row in table:
        book.active.append(row)
    book.save(whole)
    return whole.getvalue()


def text(encoding, mark=b""):
    return lambda lines, _: mark + "\n".join(lines).encode(encoding)


def csv(_, table):
    return "\n".join(map(",".join, table)).encode("gb18030")


def read(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return read_document(path)


def rows(document):
    found = draft(document, 2025, DEFINED).placed
    return [f"{d.printed} {d.label} {d.role}".strip() for d in found]


KINDS = {
    "a.docx": (word, IN_TEXT + IN_TABLE),
    "a.pdf": (pdf, IN_TEXT + IN_TABLE),
    "a.html": (page, IN_TEXT + IN_TABLE),
    "a.xlsx": (workbook, IN_TABLE),
    "a.csv": (csv, IN_TABLE),
    "a.txt": (text("utf-8"), IN_TEXT),
    "gbk.txt": (text("gbk"), IN_TEXT),
    "utf16.txt": (text("utf-16"), IN_TEXT),
    "mark.txt": (text("utf-8", b"\xef\xbb\xbf"), IN_TEXT),
}


@pytest.mark.parametrize("name", KINDS)
def test_one_bulletin_in_any_kind_of_file_gives_the_same_rows(tmp_path, name):
    make, expected = KINDS[name]
    document = read(tmp_path, name, make([TITLE, SAID, TEXT], CELLS))
    assert rows(document) == expected
    if expected != IN_TABLE:
        about = document.title, document.publisher, document.date
        assert about == (TITLE, "云溪县民生办", "2026-01-11")


def test_a_line_of_many_blanks_is_read_at_once(tmp_path):
    """A byline is looked for in short lines: in a long one of blanks it once took for ever."""
    text = f"云溪县民生实事\n（{' ' * 9000}注\n时间{' ' * 9000}\n建成农家书屋30个。"
    assert rows(read(tmp_path, "a.txt", text.encode())) == ["30个 农家书屋"]


def test_a_text_in_big5_is_read_and_its_figures_found(tmp_path):
    lines = [
        "雲溪縣2025年民生實事完成情況",
        "全年建成農家書屋30個，新增就業近450人，支出160餘萬元。",
    ]
    document = read(tmp_path, "a.txt", "\n".join(lines).encode("big5hkscs"))
    assert document.text.split("\n") == lines
    assert [r.split()[0] for r in rows(document)] == ["30個", "近450人", "160餘萬元"]


@pytest.mark.parametrize(
    ("lines", "publisher", "date"),
    [
        (
            [TITLE, "云溪县人民政府办公室  2026年1月12日", TEXT],
            "云溪县人民政府办公室",
            "2026-01-12",
        ),
        ([TITLE, "（2026年1月12日）", TEXT], "", "2026-01-12"),
        ([TITLE, "云溪县民生工程领导小组办公室", TEXT], "云溪县民生工程领导小组办公室", ""),
        ([TITLE, TEXT, "云溪县教育局", "2026年1月12日"], "云溪县教育局", "2026-01-12"),
        ([TITLE, TEXT, "云溪县财政局 2026-1-12"], "云溪县财政局", "2026-01-12"),
        (
            [TITLE, "发布时间：2026-01-12 14:30 来源：云溪日报 浏览次数：30次", TEXT],
            "云溪日报",
            "2026-01-12",
        ),
        ([TITLE, "云溪日报讯 记者从县民生办获悉，" + TEXT], "云溪日报", ""),
        ([TITLE, TEXT, "2026年建成公厕30座。"], "", ""),
    ],
)
def test_who_printed_a_bulletin_and_when_is_read_from_its_head_or_foot(
    tmp_path, lines, publisher, date
):
    document = read(tmp_path, "a.txt", "\n".join(lines).encode())
    assert (document.title, document.publisher, document.date) == (TITLE, publisher, date)
    assert TEXT in document.text and "2026年1月12日" not in document.text


TWO_ROWS = [
    ["项目", "数量", "数量", "责任单位"],
    ["项目", "目标任务", "完成情况", "责任单位"],
    ["黑臭水体治理", "126条", "120条", "县生态环境分局"],
]
SPANS = [
    [("项目", 1, "restart"), ("数量", 2), ("责任单位", 1, "restart")],
    [("", 1, "continue"), ("目标任务",), ("完成情况",), ("", 1, "continue")],
]


@pytest.mark.parametrize(
    "data",
    [
        word([], TWO_ROWS[2:], SPANS),
        page([], TWO_ROWS),
        csv([], [["项目", "数量", "", "责任单位"], ["", *TWO_ROWS[1][1:3], ""], TWO_ROWS[2]]),
    ],
    ids=["a.docx", "a.html", "a.csv"],
)
def test_a_header_of_two_rows_names_its_columns(tmp_path, request, data):
    document = read(tmp_path, request.node.callspec.id, data)
    assert rows(document) == ["126条 黑臭水体治理 target", "120条 黑臭水体治理"]


def test_a_table_of_a_pdf_goes_on_overleaf_and_a_blank_cell_stays_blank(tmp_path):
    both, whole = PdfWriter(), io.BytesIO()
    for part in (CELLS[:2], [HEADER, *CELLS[2:]]):
        both.append(PdfReader(io.BytesIO(pdf([], part))))
    both.write(whole)
    document = read(tmp_path, "a.pdf", whole.getvalue())
    assert [table.cells for table in document.tables] == [CELLS]


# ---- what cannot be read ------------------------------------------------------------------------


def locked():
    writer, whole = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(pdf([TEXT]))))
    writer.encrypt("secret")
    writer.write(whole)
    return whole.getvalue()


def bomb():
    """A page that unpacks to 120 MB of drawing, far more once it is read."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m " * 1_000_000) for _ in range(20))
    return pdf([], filtered=packed + packer.flush())


_MENU = "".join(f"<li><a href=x>栏目名称{n}</a></li>" for n in range(99)).encode()
BAD = {
    "pictures.pdf": (lambda: pdf([]), "holds pictures and no text"),
    "locked.pdf": (locked, "password"),
    "torn.pdf": (lambda: pdf([TEXT])[:300], "PDF"),
    "garbage.pdf": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 99, "PDF"),
    "locked.docx": (lambda: b"\xd0\xcf\x11\xe0" + b"EncryptedPackage" * 99, "password"),
    "torn.docx": (lambda: word([TEXT], CELLS)[:-40], "not"),
    "menu.html": (lambda: b"<html><ul>" + _MENU + b"</ul></html>", "links"),
    "scan.jpg": (lambda: b"\xff\xd8\xff\xe0", "holds pictures and no text"),
    "blank.txt": (lambda: b" \n ", "no text"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said(tmp_path, name):
    make, says = BAD[name]
    with pytest.raises(DataError) as caught:
        read(tmp_path, name, make())
    said = caught.value.text("en")
    assert said.startswith(name) and says in said


def test_a_page_that_unpacks_to_a_thousand_times_its_size_ends_within_limits(tmp_path):
    start = time.monotonic()
    with pytest.raises(DataError):
        read(tmp_path, "bomb.pdf", bomb())
    assert time.monotonic() - start < 70


@pytest.mark.parametrize("name", ["a.pdf", "a.html"])
def test_without_the_extra_a_file_says_how_to_get_it(tmp_path, monkeypatch, name):
    def none(wanted, *rest):
        if wanted.partition(".")[0] in ("pypdfium2", "lxml"):
            raise ImportError(wanted)
        return import_module(wanted, *rest)

    monkeypatch.setattr("importlib.import_module", none)
    with pytest.raises(DataError) as caught:
        read(tmp_path, name, KINDS[name][0]([TITLE, TEXT], CELLS))
    assert "pip install" in caught.value.text("en") and "documents" in caught.value.text("en")
