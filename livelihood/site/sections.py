"""Sections of an executed notebook that came to nothing, left out before it becomes a page.

A section is a heading of the second level with what follows until the next. One whose code shows
nothing a reader could see - no chart, no row of a table, no sentence - is not on the page, its
heading and its prose neither; one that has no code at all is prose and stays.

>>> from nbformat.v4 import new_code_cell, new_markdown_cell
>>> cells = [new_markdown_cell("## Money"), new_code_cell("report.chart('money')")]
>>> full(cells, "en")
[]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from livelihood.site.sanitise import shown

HEADING = re.compile("## ")
DRAWN = {"image/svg+xml", "image/png"}


class FullSections(Preprocessor):
    """nbconvert's hook for :func:`full`; the page's language is in its resources."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook without its hollow sections."""
        nb.cells = full(nb.cells, resources.get("language", "zh"))
        return nb, resources


def full(cells: Sequence[NotebookNode], language: str) -> list[NotebookNode]:
    """The cells of those sections that show something."""
    return [cell for part in _sections(cells) if _tells(part, language) for cell in part]


def _sections(cells: Sequence[NotebookNode]) -> Iterator[list[NotebookNode]]:
    part: list[NotebookNode] = []
    for cell in cells:
        if cell.cell_type == "markdown" and HEADING.match(cell.source) and part:
            yield part
            part = []
        part.append(cell)
    yield part


def _tells(part: Sequence[NotebookNode], language: str) -> bool:
    code = [cell for cell in part if cell.cell_type == "code"]
    headed = bool(part) and HEADING.match(part[0].source)
    return not (headed and code) or any(
        _visible(output, language) for cell in code for output in cell.get("outputs", ())
    )


def _visible(output: NotebookNode, language: str) -> bool:
    """Whether a reader would see anything of an output."""
    if output.output_type == "error" or DRAWN & output.get("data", {}).keys():
        return True
    return bool(shown(output, 0, language).strip())
