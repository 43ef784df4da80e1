"""papermill's engine, with four things added.

The kernel may be a warm one, a whole notebook has a deadline, an endless output is stopped, and
what ended a kernel is said in the cell where it happened, so that papermill keeps the notebook as
far as it ran.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill import engines, execute_notebook, inspect_notebook
from papermill.clientwrap import PapermillNotebookClient
from traitlets.config import Config

from livelihood.batch.kernels import launch
from livelihood.display.messages import say
from livelihood.project.files import while_unchanged

FLOOD = 16 * 2**20  # bytes of output: a page of more is of no use to a reader
STRICT = "--InteractiveShell.system_raise_on_error=True"  # a failing !command fails its cell
START = 60  # seconds for a kernel to answer


def execute(
    source: Path, target: Path, parameters: dict[str, Any], cwd: Path, limit: float, env: dict
) -> NotebookNode:
    """A notebook executed in `cwd` for `limit` seconds at most, also left at `target`.

    `env` is added to the environment of its kernel. What papermill makes of a cell that fails,
    ``PapermillExecutionError``, is raised when `target` holds the notebook as far as it ran.
    """
    sockets = launch.private_folder()  # the kernel is spoken to there, not through open ports
    KernelProvisionerFactory.instance().default_provisioner_name = launch.NAME
    ipc = {"transport": "ipc", "ip": str(sockets / "kernel"), "connection_file": str(sockets / "k")}
    try:
        return execute_notebook(
            plain(source),
            plain(target),
            parameters=parameters,
            engine_name=Engine.name,
            kernel_name="python3",  # this Python, whatever an editor's kernel was called
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            config=Config(KernelManager=ipc),
            resources={"metadata": {"path": str(cwd)}},
            deadline=time.monotonic() + limit,
            env=os.environ | {"IPYTHONDIR": str(sockets)} | env,  # nobody's own settings of IPython
        )
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def plain(path: Path) -> str:
    """A path for papermill, which would fill in what stands in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def declared(source: Path) -> dict[str, dict[str, Any]]:
    """The parameters that a notebook declares, by name; what papermill raises if it is broken."""
    return while_unchanged(("declared", source), [source], lambda: inspect_notebook(plain(source)))


def specs() -> KernelSpecManager:
    """The kernels there are: that of this Python."""
    return KernelSpecManager(kernel_dirs=[])


class _Manager(AsyncKernelManager):
    """One that kills a kernel at its end and does not interrupt it just before.

    A kernel still busy with the end of its last cell would say so to the person at the terminal.
    """

    async def _async_interrupt_kernel(self) -> None:
        """Only shutting down calls this; ``interrupt_kernel`` is the base's own."""


class _Client(PapermillNotebookClient):
    """papermill's client with a deadline for all cells together and a limit of output."""

    def __init__(self, nb_man: Any, deadline: float, env: dict[str, str], **how: Any) -> None:
        super().__init__(
            nb_man,
            timeout_func=lambda _: deadline and max(1, deadline - time.monotonic()),
            kernel_manager_class=_Manager,
            shutdown_kernel="immediate",
            extra_arguments=[STRICT],
            record_timing=False,
            **how,
        )
        self.size, self.env = 0, env

    def create_kernel_manager(self) -> KernelManager:
        """One that knows the kernel of this very Python alone, whatever else is installed."""
        manager = super().create_kernel_manager()
        manager.kernel_spec_manager = specs()
        return manager

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
            await self._async_check_alive()
        raise DeadKernelError(say("kernel_mute", seconds=START))

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _async_check_alive(self) -> None:
        """Say what stopped the kernel, at whatever it was asked: before, in or after its cells."""
        try:
            await super()._async_check_alive()
        except DeadKernelError as error:
            raise DeadKernelError(self._reason(error)) from None

    def papermill_execute_cells(self) -> None:
        """Every cell until one fails; what stopped the kernel is said in its cell.

        papermill's own notes times before and after each, which no page has.
        """
        for index, cell in enumerate(self.nb.cells):
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                return
            except (CellTimeoutError, DeadKernelError) as error:
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


class Engine(engines.Engine):
    """papermill's engine with our client."""

    name = "livelihood"

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        deadline: float = 0,
        env: dict[str, str] | None = None,
        resources: dict | None = None,
        config: Config | None = None,
        **_: object,
    ) -> NotebookNode:
        """Called by papermill; without a deadline where a person calls it."""
        how = {"kernel_name": kernel_name, "resources": resources or {}, "config": config}
        return _Client(nb_man, deadline, env or dict(os.environ), **how).execute()


engines.papermill_engines.register(Engine.name, Engine)
