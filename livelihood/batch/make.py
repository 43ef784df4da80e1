"""One page: a notebook executed by papermill and exported, all in one process.

papermill executes through an engine of ours, which is its own with four things added: the kernel
may be a warm one, a whole notebook has a deadline, an endless output is stopped, and what ended
a kernel is said in the cell where it happened, so that papermill keeps the notebook as far as it
ran.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from threading import Lock
from typing import Any

import nbformat
from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill import execute_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from livelihood.analysis.release import Release, load
from livelihood.batch.kernels import launch
from livelihood.batch.plan import BODIES, FONT, Job, body_file
from livelihood.batch.stable import without_traces
from livelihood.display import fonts
from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import Definitions
from livelihood.project.editions import INDEX, Edition
from livelihood.site.export import FOLDER, export
from livelihood.site.front import front_body
from livelihood.site.page import Body, exporter, font_of, notebook_body, release_frame

FLOOD = 16 * 2**20  # bytes of output: a page of more is of no use to a reader
_EXPORTING = Lock()  # nbconvert's exporter serves one thread at a time
ALLOW = "allow-stderr"  # the tag of a cell whose warnings may be published
STRICT = "--InteractiveShell.system_raise_on_error=True"  # a failing !command fails its cell
START = 60  # seconds for a kernel to answer


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
        release = release or load_for(job.edition, project)
        if job.sector == INDEX:
            body = front_body(release)
            (folder / FOLDER).mkdir(exist_ok=True)
            for name, content in export(release).items():
                (folder / FOLDER / name).write_bytes(content)
        else:
            notebook = without_traces(execute(job, folder, project, limit))
            refuse(notebook)
            nbformat.write(notebook, folder / f"{job.sector}.ipynb")
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


def load_for(edition: Edition, project: Path) -> Release:
    """The release of an edition."""
    return load(edition.region, edition.year, edition.language, project)


def execute(job: Job, folder: Path, project: Path, limit: float) -> NotebookNode:
    """The notebook of a job, executed; it is left in `folder`, also if it fails."""
    sockets = launch.private_folder()  # the kernel is spoken to there, not through open ports
    KernelProvisionerFactory.instance().default_provisioner_name = launch.NAME
    # Nobody's own settings of IPython, and the page brings the typeface.
    env = os.environ | {"IPYTHONDIR": str(sockets), fonts.ON_PAGE: "1"}
    ipc = {"transport": "ipc", "ip": str(sockets / "kernel"), "connection_file": str(sockets / "k")}
    try:
        return execute_notebook(
            plain(project / "notebooks" / f"{job.sector}.ipynb"),
            plain(folder / f"{job.sector}.ipynb"),
            parameters=job.parameters, engine_name=_Engine.name, progress_bar=False,
            request_save_on_cell_execute=False, config=Config(KernelManager=ipc),
            resources={"metadata": {"path": str(project)}}, deadline=time.monotonic() + limit,
            env=env,
        )  # fmt: skip
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def plain(path: Path) -> str:
    """A path for papermill, which would fill in what stands in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


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
                text = output.text.strip().splitlines()[-1]
                raise Unwanted(number, say("cell_warned", tag=ALLOW, text=text))


def prepare() -> None:
    """Do in the parent of many jobs what each would do: the exporter with its templates."""
    for language in LANGUAGES:
        exporter(language)
    gc.collect()
    gc.freeze()  # so that collections in the jobs do not copy what they share with this process


class _Client(PapermillNotebookClient):
    """papermill's client with a deadline for all cells together and a limit of output."""

    def __init__(self, nb_man: Any, deadline: float, env: dict[str, str], **how: Any) -> None:
        super().__init__(
            nb_man, timeout_func=lambda _: max(1, deadline - time.monotonic()),
            shutdown_kernel="immediate", extra_arguments=[STRICT], on_cell_start=self._begin, **how,
        )  # fmt: skip
        self.at, self.size, self.env = 0, 0, env

    async def _begin(self, cell_index: int, **_: object) -> None:
        self.at = cell_index

    async def async_start_new_kernel_client(self) -> Any:
        """Wait until the kernel answers on both channels, without nbclient's 0.2 s for stragglers.

        Messages that belong to no cell are passed over anyway.
        """
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.allow_stdin = False
        for _ in range(START):
            self.kc.kernel_info()
            with suppress(Empty):
                await self.kc.get_shell_msg(timeout=1)
                await self.kc.get_iopub_msg(timeout=1)
                return self.kc
            try:
                await self._async_check_alive()
            except DeadKernelError as error:
                raise DeadKernelError(self._reason(error)) from None
        raise DeadKernelError(say("kernel_mute", seconds=START))

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    def papermill_execute_cells(self) -> None:
        """Say in the cell what stopped the kernel."""
        try:
            super().papermill_execute_cells()
        except (CellTimeoutError, DeadKernelError) as error:
            cell = self.nb.cells[self.at]
            ename, evalue = type(error).__name__, self._reason(error)
            cell.outputs.append(new_output("error", ename=ename, evalue=evalue))
            raise _Stopped from error

    def _reason(self, error: Exception) -> str:
        if isinstance(error, CellTimeoutError):
            return say("kernel_timeout")
        if self.size > FLOOD:
            return say("kernel_flood", limit=FLOOD // 2**20)
        code = self.km.provisioner.process.poll()
        if code < 0:
            return say("kernel_killed", signal=signal.Signals(-code).name)
        return say("kernel_exited", status=code)

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> Any:
        """One message of the kernel; too much output ends it."""
        self.size += len(str(msg["content"])) if msg["msg_type"] in _OUTPUTS else 0
        if self.size > FLOOD:
            self.km.provisioner.process.send_signal(signal.SIGKILL)
            return None
        return super().process_message(msg, cell, cell_index)

    def execute(self, **how: object) -> NotebookNode:
        """All cells, or as many as ran."""
        with suppress(_Stopped):
            super().execute(env=self.env, **how)
        return self.nb


_OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data", "error")


class _Stopped(Exception):
    """A kernel was stopped; its notebook says why."""


class _Engine(Engine):
    """papermill's engine with our client."""

    name = "livelihood"

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, deadline: float, env: dict[str, str],
        resources: dict, config: Config, **_: object,
    ) -> NotebookNode:  # fmt: skip
        """Called by papermill."""
        how = {"kernel_name": kernel_name, "resources": resources, "config": config}
        return _Client(nb_man, deadline, env, **how).execute()


papermill_engines.register(_Engine.name, _Engine)
