"""A process that has imported everything once and forks Jupyter kernels from itself.

It is started by :mod:`.launch`, which says what to import and to call beforehand. Whoever connects
to its socket asks for one kernel (a message in JSON, with stdout and stderr as descriptors) and
is told its process id, later how it ended; signals go the same way. The connection is the
kernel's life line: when the client goes, by whatever death, its kernel goes too, with everything
that the kernel has started. When the process that started the zygote goes, all of it goes.

A process with threads must not fork, so it serves only while it has one thread; otherwise it
says so and its clients start stock kernels. Linux only.
"""

from __future__ import annotations

import builtins
import inspect
import json
import os
import resource
import selectors
import shutil
import signal
import socket
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from livelihood.batch.kernels.processes import absent, adopt_orphans, die_with, lasting, sweep

KERNEL = (  # what a kernel imports for itself, some of it only when the first cell is run
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "sqlite3",
    "faulthandler",
    "tornado.platform.asyncio",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.utf_8_sig",
)
INLINE = "module://matplotlib_inline.backend_inline"
SET_BY_IMPORTS: dict[str, str] = {}  # environment
MESSAGE = 1 << 20  # bytes: an environment is at most a part of this


def main(listener: str, given: str, without: str, warm_up: str, first: str, *modules: str) -> None:
    """Import, warm up, then serve the listening socket until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the starter's to handle
    sys.path[:] = [place for place in sys.path if place]
    try:
        with Connection(int(given), writable=False) as pipe:
            read = preload(modules, without, warm_up, first, pipe)
    except Exception:  # a stock kernel will meet the same, and say it where it is seen
        sys.exit(2)
    adopt_orphans(True)
    Zygote(socket.socket(fileno=int(listener)), threads(), read).serve()


@lasting()
def preload(
    modules: Iterable[str],
    without: str = "",
    warm_up: str = "",
    first: str = "",
    given: Connection | None = None,
) -> Callable[[str], object]:
    """Import as a kernel would: pandas, for one, looks whether it is in a kernel or a terminal.

    Returns what reads ahead for a kernel; for the first one it has done so.
    """
    read: Callable[[str], object] = str
    before = dict(os.environ)
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=None)
    with absent(*without.split()), docs_cleaned_once():
        for module in (*KERNEL, *modules):
            import_module(module)
    del vars(builtins)["get_ipython"]
    SET_BY_IMPORTS.update(os.environ.items() - before.items())
    use_inline_pictures()  # matplotlib reads the entry points of all packages for it, once
    if warm_up:
        module, _, function = warm_up.partition(":")
        warm = getattr(import_module(module), function)
        read = lru_cache(1)(warm)
        read("")
        if given and given.poll():
            with suppress(EOFError):  # what did not fit was not sent
                warm(given.recv())
        read(first)
    return read


@contextmanager
def docs_cleaned_once() -> Iterator[None]:
    """Within it each text of documentation is indented once.

    matplotlib writes what each of its 105 artists can be set to, for which it asks 7,600 times for
    the same 1,000 texts: a sixth of its import.
    """
    real = inspect.cleandoc
    inspect.cleandoc = cache(real)
    try:
        yield
    finally:
        inspect.cleandoc = real


def threads() -> int:
    """How many threads this process has, those of libraries included."""
    return len(os.listdir("/proc/self/task"))


class Zygote:
    """The loop that forks, passes signals on, and reports and cleans up after the dead."""

    def __init__(
        self, listener: socket.socket, threads: int, read: Callable[[str], object]
    ) -> None:
        self.listener, self.threads, self.read, self.pid = listener, threads, read, os.getpid()
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.wake, self.wakes = socket.socketpair()
        for end in (self.wake, self.wakes):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakes.fileno(), warn_on_full_buffer=False)
        self.watch(self.wake, self.bury)
        self.watch(self.listener, self.accept)
        self.watch(sys.stdin, self.stop)

    def watch(self, file: Any, act: Callable[[], None]) -> None:
        """Call `act` whenever `file` can be read."""
        self.selector.register(file, selectors.EVENT_READ, act)

    def serve(self) -> None:
        """Until the starter goes."""
        while True:
            for key, _ in self.selector.select():
                key.data()

    def accept(self) -> None:
        """One more client: fork its kernel and tell it the process id."""
        client, _ = self.listener.accept()
        client.settimeout(5)
        try:
            order, files = receive(client)
        except (OSError, ValueError):
            client.close()
            return
        with suppress(Exception):  # the kernel will meet the same, and say it where it is seen
            self.read(order["ahead"])
        if self.threads > 1:
            tell(client, threads=self.threads)
            client.close()
        elif pid := os.fork():
            os.setpgid(pid, pid)  # as the child does: whoever is first
            self.kernels[pid] = client
            tell(client, pid=pid)
            self.watch(client, lambda: self.obey(pid, client))
        else:
            self.become_kernel(order, files, client)
        for file in files:
            os.close(file)

    def obey(self, pid: int, client: socket.socket) -> None:
        """A byte from a client is a signal for its kernel; its end is the kernel's end."""
        try:
            number = client.recv(1)
        except OSError:
            number = b""
        if not number:
            self.selector.unregister(client)
        send_signal(pid, number[0] if number else signal.SIGKILL)

    def bury(self) -> None:
        """Report each kernel that ended and kill what it left behind."""
        self.wake.recv(4096)
        for pid in list(self.kernels):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                send_signal(pid, signal.SIGKILL)  # the rest of its process group
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                client = self.kernels.pop(pid)
                tell(client, exit=code)
                with suppress(KeyError):  # gone before its kernel
                    self.selector.unregister(client)
                client.close()
        sweep(set(self.kernels))  # what had left its kernel's group became our child

    def stop(self) -> None:
        """The starter is gone, or says that it is done."""
        for pid in self.kernels:
            send_signal(pid, signal.SIGKILL)
        for pid in list(self.kernels):
            os.waitpid(pid, 0)
        self.kernels.clear()
        sweep(set())
        shutil.rmtree(Path(self.listener.getsockname()).parent, ignore_errors=True)
        os._exit(0)

    def become_kernel(self, order: dict, files: list[int], client: socket.socket) -> NoReturn:
        """In the child: leave everything of the zygote behind and be a kernel."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.selector.close()
            for kept in (self.listener, self.wake, self.wakes, client, *self.kernels.values()):
                kept.close()
            settle(order, files, self.pid)
            code = run_kernel(order["argv"])
        finally:
            os._exit(code)


def receive(client: socket.socket) -> tuple[dict, list[int]]:
    """An order, and the descriptors sent with it."""
    text, ancillary, *_ = client.recvmsg(MESSAGE, socket.CMSG_SPACE(2 * array("i").itemsize))
    files = array("i")
    for *_, data in ancillary:
        files.frombytes(data)
    return json.loads(text), list(files)


def tell(client: socket.socket, **what: int) -> None:
    """Send a message to a client that may have gone."""
    with suppress(OSError):
        client.sendall(json.dumps(what).encode())


def send_signal(group: int, number: int) -> None:
    """Signal a process group, which may have ended."""
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def settle(order: dict, files: list[int], zygote: int) -> None:
    """Make the fork a process of its own: session, streams, folder, environment, chance."""
    os.setpgid(0, 0)
    die_with(zygote)
    adopt_orphans(True)  # what it starts stays below it
    Path("/proc/self/oom_score_adj").write_text("1000")  # first to go when memory runs out
    everything = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    resource.setrlimit(resource.RLIMIT_AS, (everything, resource.RLIM_INFINITY))
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in zip((nothing, *files), (0, 1, 2), strict=True):
        os.dup2(here, there)
        os.close(here)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"] | SET_BY_IMPORTS)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # the fork itself reseeds `random`


def run_kernel(argv: list[str]) -> int:
    """IPython's kernel, as `python -m ipykernel_launcher` would run it; its exit status."""
    import atexit
    import threading

    from ipykernel.kernelapp import IPKernelApp

    spec = find_spec(argv[0])
    sys.argv = [(spec and spec.origin) or argv[0], *argv[1:]]
    use_inline_pictures()
    try:
        app = IPKernelApp.instance(parent_handle=1)  # no poller: the zygote watches over it
        app.initialize(argv[1:])
        app.start()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    vars(threading)["_shutdown"]()
    atexit._run_exitfuncs()
    return code


def use_inline_pictures() -> None:
    """What matplotlib reads from the environment when imported: without it no picture shows."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    if matplotlib := sys.modules.get("matplotlib"):
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
