"""One page: a notebook executed by papermill and exported, all in one process."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from jupyter_client.provisioning import KernelProvisionerFactory
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from livelihood.analysis.release import Release, read_edition
from livelihood.batch import engine, preload
from livelihood.batch.kernels import launch
from livelihood.batch.kernels.processes import lasting
from livelihood.batch.plan import BODIES, FONT, Job, body_file
from livelihood.display import fonts
from livelihood.display.messages import say
from livelihood.project.definitions import Definitions
from livelihood.project.paths import INDEX, OVERVIEW
from livelihood.site.export import write
from livelihood.site.front import front_body
from livelihood.site.page import FOLDER, Body, compiled, font_of, notebook_body, release_frame

_EXPORTING = Lock()  # nbconvert's exporter serves one thread at a time
ALLOW = "allow-stderr"  # the tag of a cell whose warnings may be published


@dataclass(frozen=True, slots=True)
class Made:
    """How a job went: seconds, and what went wrong in which cell, if anything.

    `taken_over` says that an earlier run had made it.
    """

    job: Job
    seconds: float
    cell: int | None = None
    error: str = ""
    taken_over: bool = False


def make(job: Job, folder: Path, project: Path, release: Release | None, limit: float) -> Made:
    """Make one page into `folder`; what goes wrong with it is in the result.

    `limit` is in seconds. `release` is the job's, if it has been read already.
    """
    started = time.perf_counter()
    cell, error = None, ""
    try:
        release = release or read_edition(job.edition, project)
        if job.sector == INDEX:
            body = front_body(release)
            write(release, folder / FOLDER)
        else:
            notebook = without_traces(execute(job, folder, project, limit))
            refuse(notebook)
            text = nbformat.v4.writes(notebook)  # papermill has checked it
            (folder / f"{job.sector}.ipynb").write_text(text + "\n", "utf-8")
            with _EXPORTING:
                body = notebook_body(notebook, release, job.sector)
        leave(job, folder, body, release.definitions)
    except Unwanted as failed:
        cell, error = failed.cell, str(failed)
    except PapermillExecutionError as failed:
        cell, error = failed.cell_index, f"{failed.ename}: {failed.evalue}"
    except Exception as failed:  # a full disk, no kernel: this page fails, the others go on
        error = f"{type(failed).__name__}: {failed}"
    return Made(job, time.perf_counter() - started, cell, error)


def leave(job: Job, folder: Path, body: Body, known: Definitions) -> None:
    """Write what a page is published from: its body, and the font that it will need."""
    (folder / BODIES).mkdir(exist_ok=True)
    (folder / body_file(job.sector)).write_text(body.text(), "utf-8")
    frame = release_frame(job.sector, body.language, known)
    (folder / FONT).write_text(font_of(body, frame), "utf-8")


def execute(job: Job, folder: Path, project: Path, limit: float) -> NotebookNode:
    """The notebook of a job, executed; it is left in `folder`, also if it fails."""
    name = f"{job.sector}.ipynb"
    env = {fonts.ON_PAGE: "1", launch.AHEAD: preload.ahead(project, job.edition)}
    source = project / "notebooks" / name
    declared = engine.declared(source)  # papermill warns of what is not
    given = {key: value for key, value in job.parameters.items() if key in declared}
    return engine.execute(source, folder / name, given, project, limit, env)


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """The executed notebook without times, durations and random ids; cells are named by place.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> book = new_notebook(cells=[new_code_cell("1", metadata={"execution": {"started": "now"}})])
    >>> without_traces(book).cells[0].id, book.cells[0].metadata
    ('cell-00', {})
    """
    if "papermill" in notebook.metadata:  # of the run, what was asked stays: the parameters
        about = notebook.metadata.papermill
        notebook.metadata["papermill"] = {"parameters": about.get("parameters", {})}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
    return notebook


class Unwanted(Exception):
    """A cell put out what is not to be published."""

    def __init__(self, cell: int, text: str) -> None:
        self.cell = cell
        super().__init__(text)


def refuse(notebook: NotebookNode) -> None:
    """Raise :class:`Unwanted` for what papermill lets pass: warnings, and ``sys.exit(0)``.

    What a cell writes to its standard error - warnings, the errors of threads - may be published
    if it has the tag ``allow-stderr``.
    """
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", ())
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and "raises-exception" not in tags:
                raise Unwanted(number, f"{output.ename}: {output.evalue}")
            if output.get("name") == "stderr" and output.text.strip() and ALLOW not in tags:
                raise Unwanted(number, _reason(output.text))


# As matplotlib warns of it: the number of the character, and the fonts of the text.
_GLYPH = re.compile(r"Glyph (\d+) .*? missing from (?:current font|font\(s\) (.*?))\.?$", re.M)


def _reason(said: str) -> str:
    """Why a cell's warnings are refused: which characters have no glyph, or its last words."""
    if missing := _GLYPH.findall(said):
        characters = dict.fromkeys(chr(int(code)) for code, _ in missing)
        named = dict.fromkeys(name for _, name in missing if name)
        listed = {"characters": say("between").join(characters), "fonts": ", ".join(named)}
        return say("cell_glyphs", **listed)
    return say("cell_warned", tag=ALLOW, text=_last(said))


def _last(text: str) -> str:
    """What standard error ends in: the words of a warning, not the line of code below them."""
    said = [line for line in text.splitlines() if line.strip() and not line[0].isspace()]
    return re.sub(r"^\S.*?:\d+: (?=\w+: )", "", (said or [text.strip()])[-1])


@lasting()
def prepare(releases: Iterable[Release] = ()) -> None:
    """Do in the parent of many jobs what each would do first: find its kernel, check, export.

    A page is made of nothing in each language of `releases`.
    """
    engine.specs().get_kernel_spec(NATIVE_KERNEL_NAME)
    KernelProvisionerFactory.instance().provisioners[launch.NAME].load()  # of all entry points
    first = new_notebook(cells=[new_markdown_cell("- [1](1)"), new_code_cell("1")])
    nbformat.validate(first)  # compiles what notebooks are checked with
    for release in {release.language: release for release in releases}.values():
        body = notebook_body(first, release, OVERVIEW)
        font_of(body, release_frame(OVERVIEW, release.language, release.definitions))
    for template in ("cards.html.j2", "release.html.j2", "front.html.j2"):
        compiled(template)  # kernels are not there yet, and whoever publishes would wait for it
