"""A kernel provisioner that forks kernels from a process already warm.

``livelihood-warm`` is registered with jupyter_client, so papermill, nbclient and Jupyter use it
with any Python kernelspec:

    JUPYTER_DEFAULT_PROVISIONER_NAME=livelihood-warm papermill in.ipynb out.ipynb

``LIVELIHOOD_PRELOAD`` may name modules that the notebooks import, with blanks between them. The
kernels are ordinary ipykernels, each a process of its own; only their imports are already done.
Where that cannot be - Windows, macOS, another interpreter, a zygote that died or has
threads - the stock kernel is started instead.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import sys
from array import array
from asyncio import sleep
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from livelihood.batch.kernels.launch import ADDRESS, AHEAD, PRELOAD, PRIVATE, start_zygote
from livelihood.batch.kernels.processes import LINUX

_LAUNCHER = ["-m", "ipykernel_launcher"]


class Kernel:
    """A forked kernel, with the parts of :class:`subprocess.Popen` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection, self.pid = connection, pid
        self.connection.setblocking(False)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, minus the signal's number if one ended it; ``None`` while it runs."""
        if self.returncode is None:
            try:
                line = self.connection.recv(256)
            except BlockingIOError:
                return None
            except ConnectionError:
                line = b""
            self.connection.close()
            self.returncode = json.loads(line)["exit"] if line else -9  # it died with its zygote
        return self.returncode

    wait = poll  # the provisioner waits for `poll` first

    def send_signal(self, number: int) -> None:
        """Ask the zygote to signal the kernel and its process group."""
        if self.poll() is None:
            with suppress(OSError):  # it has just ended: the next poll says so
                self.connection.sendall(bytes([number]))


class WarmProvisioner(LocalProvisioner):
    """Starts a Python kernel as a fork of a zygote, any other as a process as usual."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Fork the kernel; start the stock one where it cannot be forked."""
        ahead = kwargs["env"].get(AHEAD, "")
        kwargs["env"] = {k: v for k, v in kwargs["env"].items() if k not in PRIVATE}
        where = str(kwargs.get("cwd") or Path.cwd())
        self.process = fork_kernel(cmd, {"env": kwargs["env"], "cwd": where, "ahead": ahead})
        if self.process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.pid, self.cwd = self.process.pid, kwargs.get("cwd")
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill, and wait for it here: jupyter_client looks only every tenth of a second."""
        await super().kill(restart)
        for _ in range(100):
            if await self.poll() is not None:
                return
            await sleep(0.005)


def fork_kernel(cmd: list[str], order: dict[str, object]) -> Kernel | None:
    """A kernel forked from the zygote; ``None`` if this command cannot be forked from it."""
    words = [word for word in cmd if not word.startswith("-X")]
    address = os.environ.get(ADDRESS)
    if not LINUX or address == "" or words[:3] != [sys.executable, *_LAUNCHER]:
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.connect(address or _own_zygote(os.getpid()))
        files = socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [1, 2])
        connection.sendmsg([json.dumps(order | {"argv": words[2:]}).encode()], [files])
        answer = json.loads(connection.recv(256) or b"{}")
    except OSError:
        answer = {}
    if "pid" not in answer:
        connection.close()
        return None
    return Kernel(connection, answer["pid"])


@cache
def _own_zygote(_owner: int) -> str:
    address, _, stop = start_zygote(os.environ.get(PRELOAD, "").split())
    atexit.register(stop)
    return address
