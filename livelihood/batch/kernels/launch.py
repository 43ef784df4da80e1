"""Kernels in a tenth of a second: a zygote that has imported what they need, and who may ask it.

:mod:`.zygote` forks kernels; :mod:`.provisioner` asks it for them on behalf of jupyter_client.
This module starts it and tells it what to import and what to call once, so that every kernel has
that behind it. It needs none of the libraries itself.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

from livelihood.batch.kernels.processes import LINUX

NAME = "livelihood-warm"  # the entry point
ADDRESS = "LIVELIHOOD_ZYGOTE"  # environment: the socket of a zygote; empty: use none
AHEAD = "LIVELIHOOD_AHEAD"  # environment of a kernel: words for what its zygote reads beforehand
PRELOAD = "LIVELIHOOD_PRELOAD"  # environment: modules for a zygote that nobody has started
_QUIET = {  # what would start threads, or talk, when imported
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
Started = tuple[str, Callable[[object], object], Callable[[], object]]
NO_ZYGOTE: Started = "", bool, int  # no address, nobody to give to, nothing to stop
ROOM = 1 << 20  # bytes of the pipe to a zygote
PRIVATE = {"JUPYTER_DEFAULT_PROVISIONER_NAME", ADDRESS, AHEAD, PRELOAD}
# The world of a kernel, whatever machine it runs on: no random hashes, no thread-dependent sums,
# and no file names with process numbers in warnings.
KERNEL_WORLD = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "IPYKERNEL_CELL_NAME": "cell.py",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger's word about frozen modules
    "PYDEVD_USE_FRAME_EVAL": "NO",  # which ipykernel says to a debugger that it finds
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}


@contextmanager
def kernels(
    engine: str, modules: Iterable[str] = (), without: str = "", warm_up: str = "", first: str = ""
) -> Iterator[Callable[[object], object]]:
    """Within it our provisioner starts kernels of the engine `warm` or `standard`.

    For the rest see :func:`start_zygote`. It can be asked at once: what comes before it is ready
    waits in its socket.
    """
    with _environment(KERNEL_WORLD):
        warm, words = engine == "warm" and LINUX, (modules, without, warm_up, first)
        address, give, stop = start_zygote(*words) if warm else NO_ZYGOTE
        settings = settings_folder(address)
        try:
            with _environment({ADDRESS: address, "IPYTHONDIR": settings}):
                yield give
        finally:
            stop()
            shutil.rmtree(settings, ignore_errors=True)


def settings_folder(address: str) -> str:
    """The folder of IPython's settings for those who start kernels: nobody's own, no HOME needed.

    It is that of a zygote, who clears it away, or else a new one.
    """
    return os.path.dirname(address) or str(private_folder())


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({} if value is None else {name: value})


def start_zygote(
    modules: Iterable[str] = (), without: str = "", warm_up: str = "", first: str = ""
) -> Started:
    """Start a zygote that lives as long as this process: its address, how to give it something, and
    how to stop it (Linux).

    Before it forks a kernel it imports `modules` besides those of a kernel itself, which must do
    `without` one, and calls `warm_up`, written as ``module:function``, if there is one: with "",
    with what it has been given by then, with the words `first`, and later with those of the kernels
    (AHEAD), whenever they are others.
    """
    import fcntl

    folder, words = private_folder(), (without, warm_up, first)
    takes, gives = Pipe(duplex=False)
    with suppress(OSError):  # who has many pipes gets small ones
        fcntl.fcntl(gives, fcntl.F_SETPIPE_SZ, ROOM)
    address = str(folder / "zygote")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen(64)
        fds = listener.fileno(), takes.fileno()
        start = "import sys; from livelihood.batch.kernels.zygote import main; main(*sys.argv[1:])"
        process = subprocess.Popen(
            [sys.executable, "-c", start, *map(str, fds), *words, *modules],
            stdin=subprocess.PIPE,
            env=os.environ | _QUIET,
            pass_fds=fds,
            start_new_session=True,
        )
    takes.close()
    return address, partial(_give, gives), partial(_stop, process, folder, os.getpid())


def _give(gives: Connection, what: object) -> None:
    """Leave something in the pipe to a zygote that may be busy, or gone: what fits, once."""
    import fcntl

    message = ForkingPickler.dumps(what)
    with suppress(OSError), gives:
        if len(message) + 64 < fcntl.fcntl(gives, fcntl.F_GETPIPE_SZ):
            gives.send_bytes(message)


def private_folder() -> Path:
    """A new folder that only this user can enter, short enough for the name of a socket.

    Within :func:`kernels` it is in the folder of the zygote, who clears that away at its end.
    """
    zygote = os.environ.get(ADDRESS)
    place = os.path.dirname(zygote) if zygote else tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="kernels-", dir=place if len(place) < 50 else "/tmp"))


def _stop(process: subprocess.Popen, folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a fork of the owner
        if process.stdin:
            process.stdin.close()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
