"""The text and the ruled tables of a PDF, read by PDFium in a process of its own.

A file from outside may be made to crash or to fill whoever reads it: the process that runs this
module as a script has little memory and time, gets the file's bytes and answers in JSON. A table is
what lines rule: a letter belongs to the cell whose rules are nearest on its four sides.
"""

from __future__ import annotations

import json
import subprocess
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_PAGES = 300
MOST_MEMORY, MOST_SECONDS = 2**30, 60
NEAR = 4.0  # points: rules no further apart are one
_LETTERS = 3_000_000  # of a document: a bulletin has some thousands

Box = tuple[float, float, float, float]  # left, bottom, right, top
Rules = dict[float, list[tuple[float, float]]]  # where a rule is -> from where to where it reaches


def read_pdf(data: bytes) -> dict[str, Any]:
    """The `lines`, `tables` and `title` of a PDF, or the `problem` with it: a message, a word."""
    try:
        answer = subprocess.run(
            [sys.executable, "-P", __file__],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
        return json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        return {"problem": "not_pdf", "found": type(error).__name__}


# ---- in the process of its own ------------------------------------------------------------------


def _main() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    except (ImportError, ValueError, OSError):
        pass  # a system without such limits; the time of the whole is limited anyway
    answer = _read(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _read(data: bytes) -> dict[str, Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        if len(document) > MOST_PAGES:
            return {"problem": "many_pages", "found": len(document), "expected": MOST_PAGES}
        pages = [_Page() for _ in range(len(document))]
        for number, page in enumerate(pages):
            page.read(document[number])
            if sum(each.letters for each in pages) > _LETTERS:
                return {"problem": "long_text", "found": _LETTERS, "expected": _LETTERS}
        title = document.get_metadata_value("Title")
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        return {"problem": "encrypted" if locked else "not_pdf", "found": str(error)}
    if not any(page.letters for page in pages):
        return {"problem": "only_pictures"}
    if any(page.lost for page in pages):  # digits alone mislead
        return {"problem": "lost_letters"}
    lines = [line for page in pages for line in page.lines]
    return {"lines": list(_paragraphs(lines)), "tables": _tables(pages), "title": title}


@dataclass
class _Line:
    """A line of text, where it begins and ends, and how large it is."""

    text: str = ""
    left: float = 0.0
    right: float = 0.0
    size: float = 0.0


@dataclass
class _Page:
    """What stands on a page: lines of text, and cells of ruled tables."""

    letters: int = 0
    lost: bool = False
    lines: list[_Line] = field(default_factory=list)
    grids: list[_Grid] = field(default_factory=list)

    def read(self, page: Any) -> None:
        """Take in a page of PDFium."""
        across, down = _rules(page)
        self.grids = [_Grid(across, down, band) for band in _bands(down)]
        line = _Line()
        for letter, box in _letters(page):
            if letter in "\r\n":
                self.lines += [line] if line.text.strip() else []
                line = _Line()
                continue
            self.letters += not letter.isspace()
            self.lost |= letter in "\0\ufffd"
            grid = next((g for g in self.grids if g.takes(letter, box)), None)
            if grid is None:
                size = box[3] - box[1]
                start = line.left if line.text else box[0]
                line = _Line(line.text + letter, start, box[2] or line.right, max(size, line.size))
        self.lines += [line] if line.text.strip() else []


def _letters(page: Any) -> Iterator[tuple[str, Box]]:
    """The letters of a page in order, and where they stand; a break has no place."""
    import ctypes

    from pypdfium2 import raw

    text = page.get_textpage()
    place = [ctypes.c_double() for _ in range(4)]
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        letter = "" if code in (2, 0xAD, 0xFFFE) else chr(code)  # hyphens at an end of line
        found = raw.FPDFText_GetCharBox(text, index, *place)
        left, right, bottom, top = (p.value if found else 0.0 for p in place)
        if letter:
            yield letter, (left, bottom, right, top)


# ---- tables -------------------------------------------------------------------------------------


def _rules(page: Any) -> tuple[Rules, Rules]:
    """The rules of a page that go across, by their height, and down, by their place."""
    from pypdfium2 import raw

    across, down = [], []
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = path.get_bounds()
        wide, high = right - left > NEAR, top - bottom > NEAR
        if wide or high:  # the edges of a box are rules, too
            across += [(y, left, right) for y in {bottom, top} if wide]
            down += [(x, bottom, top) for x in {left, right} if high]
    return _together(across), _together(down)


def _together(rules: Iterable[tuple[float, float, float]]) -> Rules:
    """Rules by their place, those that touch as one."""
    places: Rules = {}
    last = None
    for place, start, end in sorted(rules):
        last = place if last is None or place - last > NEAR else last
        places.setdefault(last, []).append((start, end))
    return {place: _merged(reaches) for place, reaches in places.items()}


def _merged(reaches: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted(reaches):
        if merged and start - merged[-1][1] <= NEAR:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _bands(down: Rules) -> list[tuple[float, float]]:
    """The heights between which there are rules that go down, the topmost first."""
    return _merged(reach for reaches in down.values() for reach in reaches)[::-1]


@dataclass
class _Grid:
    """A ruled table: the cells by the rules on their four sides, and what is written in them."""

    across: Rules
    down: Rules
    band: tuple[float, float]
    cells: dict[Box, str] = field(default_factory=lambda: defaultdict(str))

    def takes(self, letter: str, box: Box) -> bool:
        """Whether a letter is in a cell. One from side to side is a frame or a title: text."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not self.band[0] < y < self.band[1]:
            return False
        left, right = _beside(self.down, x, y)
        bottom, top = _beside(self.across, y, x)
        if None in (left, right, bottom, top) or {left, right} == {*self._sides()}:
            return False
        self.cells[left, bottom, right, top] += letter  # type: ignore[index]
        return True

    def _sides(self) -> tuple[float, float]:
        low, high = self.band
        ours = [
            x for x, reaches in self.down.items() if any(a < high and low < b for a, b in reaches)
        ]
        return min(ours), max(ours)

    @property
    def columns(self) -> list[float]:
        """Where the columns begin and end."""
        return sorted({x for left, _, right, _ in self.cells for x in (left, right)})

    def rows(self) -> list[list[str]]:
        """The cells; one that reaches over several has its text in each."""
        xs, ys = self.columns, sorted({y for _, low, _, high in self.cells for y in (low, high)})
        rows = [[""] * (len(xs) - 1) for _ in ys[1:]]
        for (left, bottom, right, top), text in self.cells.items():
            for row in range(bisect_left(ys, bottom), bisect_left(ys, top)):
                for column in range(bisect_left(xs, left), bisect_left(xs, right)):
                    rows[-1 - row][column] = " ".join(text.split())
        return rows


def _beside(rules: Rules, at: float, level: float) -> tuple[float | None, float | None]:
    """The nearest rules before and behind a point, of those that reach over its level."""
    near = [p for p, reaches in rules.items() if any(a - 1 <= level <= b + 1 for a, b in reaches)]
    before, behind = [p for p in near if p <= at], [p for p in near if p > at]
    return max(before, default=None), min(behind, default=None)


def _tables(pages: Iterable[_Page]) -> list[list[list[str]]]:
    """The tables of all pages; one with the columns of the last page's goes on from there."""
    tables: list[list[list[str]]] = []
    columns: Sequence[float] = ()
    for page in pages:
        for number, grid in enumerate(grid for grid in page.grids if len(grid.columns) > 2):
            rows, own = grid.rows(), grid.columns
            same = len(own) == len(columns) and all(
                abs(a - b) <= NEAR for a, b in zip(own, columns, strict=True)
            )
            if same and number == 0 and tables:
                tables[-1] += rows[rows[0] == tables[-1][0] :]
            else:
                tables.append(rows)
            columns = own
    return tables


# ---- text ---------------------------------------------------------------------------------------


def _paragraphs(lines: Sequence[_Line]) -> Iterator[str]:
    """Lines as paragraphs: one that ends at the margin goes on in the next that is not indented."""
    margin = sorted(line.right for line in lines)[int(len(lines) * 0.9)] if lines else 0.0
    start = sorted(line.left for line in lines)[len(lines) // 4] if lines else 0.0
    text, last = "", _Line()
    for line in lines:
        ends = last.right < margin - 2.5 * last.size or last.text.strip()[-1:] in "。！？；;："
        indented = line.left > start + 1.2 * line.size or line.text.startswith(("  ", "\u3000"))
        if text and (ends or indented):
            yield text
            text = ""
        text, last = text + line.text.strip(), line
    if text:
        yield text


if __name__ == "__main__":
    _main()
