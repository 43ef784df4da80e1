"""A file as a bulletin comes in -> a document: its title, publisher, date, text and tables.

Text (.txt), a saved web page (.html), a Word document (.docx), a PDF with text, and tables (.xlsx,
.csv). What kind a file is, is read from its bytes. A Word document is read here, from parts that
were unpacked within limits, since its reader must see inserted text and text boxes too; PDFium, of
the extra ``documents``, reads PDF (:mod:`livelihood.release.documents.pdf`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element

from livelihood.display.characters import unseen
from livelihood.display.messages import DataError, Problem
from livelihood.project.archive import elements, reading, unpack
from livelihood.project.files import kind_of, read_bytes, readings
from livelihood.release.documents.pdf import read_pdf
from livelihood.release.sheet import split_lines
from livelihood.release.workbook import library, read_workbook

Rows = Sequence[Sequence[str]]
_PAGE_NUMBER = re.compile(r"[\s—–-]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*/\s*\d+)?[\s—–-]*")
LONGEST = 3_000_000  # characters of a document: a bulletin has some thousands
_COMMON = frozenset(
    "的一是在了和有人年月日工程项目完成全县区市资金万元中国民生建设学校村农老为会保障发展服务与时間個為國會這來對萬縣區資項實學業產與務開設計醫農區鎮鄉貧戶補貼數據達"
)


@dataclass(frozen=True)
class Table:
    """A table of a document: what messages call it, and its cells; and whether it has addresses."""

    name: str
    cells: Rows
    sheet: bool = False


@dataclass(frozen=True)
class Document:
    """What a bulletin says: its running text and its tables, and who printed it when."""

    text: str
    tables: tuple[Table, ...] = ()
    title: str = ""
    publisher: str = ""
    date: str = ""


def read_document(path: Path) -> Document:
    """The document in a file, wherever it is; ``DataError`` if it is none that can be read."""
    name = path.name
    data = read_bytes(path, None, name)
    kind, suffix = kind_of(data), path.suffix.lower()
    if kind in _REFUSED:
        raise DataError([Problem(_REFUSED[kind], name)])
    otherwise = _page if _is_html(data, suffix) else _csv if suffix == ".csv" else _text
    document = _READERS.get(kind, otherwise)(data, name)
    if len(document.text) > LONGEST:
        words = {"found": len(document.text), "expected": LONGEST}
        raise DataError([Problem("long_text", name, words=words)])
    if not document.text.strip() and not any(any(map(any, t.cells)) for t in document.tables):
        raise DataError([Problem("no_text", name)])
    return _described(document)


def _document(lines: Iterable[str], tables: Iterable[Rows], **about: str) -> Document:
    named = tuple(Table(f"表{n}", cells) for n, cells in enumerate(tables, start=1))
    return Document("\n".join(lines), named, **about)


# ---- text ---------------------------------------------------------------------------------------


def decode(data: bytes, name: str, declared: str = "") -> str:
    """Text of the encoding that is declared or that its bytes show; ``DataError`` if none fits.

    Where both a mainland and a Taiwan encoding fit, the one with more common characters is right.

    >>> decode("萬縣民生工程".encode("big5"), "a.txt")
    '萬縣民生工程'
    """
    found = readings(data, name, (declared, "gb18030", "big5hkscs"))
    return max(found.values(), key=_common)


def _common(text: str) -> int:
    return sum(char in _COMMON for char in text[:20_000])


def _text(data: bytes, name: str) -> Document:
    text = re.sub("[\ufeff\u200b-\u200d\u2060\xad]", "", decode(data, name))
    text = re.sub("\r\n?|[\f\v\u2028\u2029\x85]", "\n", text)
    if sign := unseen(text):
        raise DataError([Problem("odd_sign", name, words={"found": sign})])
    return Document(text)


# ---- Word documents -----------------------------------------------------------------------------


def _word(data: bytes, name: str) -> Document:
    lines: list[str] = []
    tables: list[list[list[str]]] = []
    with reading(name, "not_document"):
        parts = unpack(data)
        for body in elements(parts["word/document.xml"], "body"):
            for block in _blocks(body):
                rows = _word_rows(block) if block.tag == "tbl" else []
                if len(rows) > 1 and max(map(len, rows)) > 1:
                    tables.append(rows)
                else:
                    lines += filter(None, (_word_text(p).strip() for p in block.iter("p")))
        titles = (t.text for t in elements(parts.get("docProps/core.xml", b"<core/>"), "title"))
        title = next(filter(None, titles), "")
    return _document(lines, tables, title=title.strip())


def _blocks(body: Element) -> Iterator[Element]:
    """The paragraphs and tables of a body, those in content controls among them."""
    for block in body:
        if block.tag in ("p", "tbl"):
            yield block
        else:
            yield from _blocks(block)


def _word_text(element: Element) -> str:
    """The text of a paragraph as it shows; what was deleted (w:delText) is not in it."""
    signs = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    return "".join((e.text or "") if e.tag == "t" else signs.get(e.tag, "") for e in element.iter())


def _word_rows(table: Element) -> list[list[str]]:
    """The cells of a table; one that goes on from above or reaches across has its text in each."""
    rows: list[list[str]] = []
    for row in table.iter("tr"):
        line: list[str] = []
        for cell in row.iter("tc"):
            text = "\n".join(map(_word_text, cell.iter("p"))).strip()
            merged, across = cell.find("tcPr/vMerge"), cell.find("tcPr/gridSpan")
            if merged is not None and merged.get("val") != "restart" and rows:
                text = rows[-1][len(line)] if len(line) < len(rows[-1]) else text
            width = across.get("val", "1") if across is not None else "1"
            line += [text] * (min(int(width), 100) if width.isdecimal() else 1)
        rows.append(line)
    return rows


# ---- other kinds --------------------------------------------------------------------------------


def _pdf(data: bytes, name: str) -> Document:
    library("pypdfium2", name)
    read = read_pdf(data)
    if "problem" in read:
        raise DataError([Problem(read.pop("problem"), name, words=read)])
    lines = [line for line in read["lines"] if not _PAGE_NUMBER.fullmatch(line)]
    title = read["title"] if re.search("[\u4e00-\u9fff]", read["title"]) else ""
    return _document(lines, read["tables"], title=title)


def _workbook(data: bytes, name: str) -> Document:
    grids = [grid for grid in read_workbook(data, name) if not grid.hidden]
    return Document("", tuple(Table(grid.sheet, grid.seen(), sheet=True) for grid in grids))


def _csv(data: bytes, name: str) -> Document:
    return Document("", (Table("", split_lines(decode(data, name), name), sheet=True),))


def _page(data: bytes, name: str) -> Document:
    library("lxml.html", name)
    from livelihood.release.documents.webpage import read_page

    declared = re.search(rb"<meta[^>]*charset=[\"']?([\w-]+)", data[:4096], re.I)
    text = decode(data, name, declared[1].decode() if declared else "")
    lines, tables, about = read_page(text)
    if not lines and not tables:
        raise DataError([Problem("only_links", name)])
    return _document(lines, tables, **{**about, "date": _day(about["date"])})


def _is_html(data: bytes, suffix: str) -> bool:
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return suffix in (".html", ".htm") or start.startswith((b"<!doctype html", b"<html", b"<head"))


def _office(data: bytes, name: str) -> Document:
    return (_workbook if b"xl/workbook.xml" in data else _word)(data, name)


_READERS = {"PDF": _pdf, "XLSX / ZIP": _office}
_REFUSED = {"XLS": "old_or_encrypted", "RTF": "old_or_encrypted"} | dict.fromkeys(
    ("PNG", "JPEG", "GIF", "TIFF"), "only_pictures"
)


# ---- title, publisher, date ---------------------------------------------------------------------

_TOP = 5_000  # characters in which a text says what it is
_SHORT = 120  # characters of a line that is about the page; patterns are slow on very long ones
_DATE = r"((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?"
_DATED = re.compile(rf"(?:发布|发文|成文|更新|生成|印发)?(?:时间|日期)\s*[:：]?\s*{_DATE}")
_FROM = re.compile(
    r"(?:信息来源|文章来源|来源|发布机构|发布单位|发文机关|供稿|作者)\s*[:：]\s*([^\s|｜\d:：]{2,30})"
)
_NEWS = re.compile(
    r"^[【\s]*([\u4e00-\u9fff]{2,12}(?:网|报|传媒|在线|新闻|客户端))\s*(?:讯|消息|记者)"
)
_SIGNED = re.compile(
    r"[\u4e00-\u9fff（）()]{4,30}(?:办公室|委员会|局|政府|领导小组|民生办|中心|厅|部)"
)
_BYLINE = re.compile(rf"({_SIGNED.pattern})?\s*[（(]?\s*(?:{_DATE})?\s*[）)]?")
_SERVICE = re.compile(
    "浏览(?:次数|量)|阅读(?:次数|量)|点击(?:次数|数|量)|字号|字体|打印本页|分享到|责任编辑|【.{0,6}大.{0,6}小】|扫一扫|索引号"
)


def _day(text: str) -> str:
    match = re.search(_DATE, text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def _described(document: Document) -> Document:
    """A document with title, publisher and date from its text where it has no others.

    Lines that only serve the page (来源, 浏览次数) are taken out of the text.
    """
    lines = document.text.split("\n")
    filled = [line.strip() for line in lines if line.strip()]
    top, end = "\n".join(filled[:12])[:_TOP], filled[-4:]
    dated, source = _DATED.search(top), _FROM.search(top)
    news = next(filter(None, map(_NEWS.match, filled[:6])), None)
    short = [line for line in (*filled[1:4], *reversed(end)) if len(line) <= _SHORT]
    bylines = [match for line in short if (match := _BYLINE.fullmatch(line))]
    signed = next((m[1] for m in bylines if m[1]), "")
    day = next(filter(None, (_day(m[0]) for m in bylines)), "")
    return replace(
        document,
        text="\n".join(line for line in lines if not _serves(line)),
        title=document.title or _title(filled),
        publisher=document.publisher
        or (source[1] if source else signed or (news[1] if news else "")),
        date=document.date or (_day(dated[0]) if dated else day),
    )


def _serves(line: str) -> bool:
    """Whether a line is about the page and not of the bulletin."""
    if len(line) > _SHORT:
        return False
    line = line.strip()
    byline = _day(line) and _BYLINE.fullmatch(line)
    return bool(byline or _SERVICE.search(line) or _FROM.match(line) or _DATED.match(line))


def _title(filled: Sequence[str]) -> str:
    """The first line, if it stands as a title does."""
    first = re.sub("^【[^】]*】|[《》]", "", filled[0]) if len(filled) > 1 else ""
    plain = len(first) <= 50 and not re.search("[。；;]|^[一二三四五六七八九十]、|^[（(]", first)
    return first if plain and not _serves(first) else ""
