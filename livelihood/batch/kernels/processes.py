"""Many jobs over the cores: each in a process of its own, forked from this one.

A fork starts with everything that this process has imported and read, leaves nothing behind in
it, and a crash takes one job with it and no other. When this process goes, its jobs go too.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
LINUX = sys.platform.startswith("linux")
_STOPS = (signal.SIGINT, signal.SIGTERM)
_SET_PDEATHSIG, _SET_SUBREAPER = 1, 36  # of Linux' prctl


@dataclass(frozen=True, slots=True)
class Lost:
    """A job whose process ended without a result: its exit status, ``None`` if it was too slow."""

    seconds: float
    status: int | None


@dataclass(frozen=True, slots=True)
class _Running(Generic[Job]):
    job: Job
    process: BaseProcess
    pipe: Connection
    started: float


def run_all(
    jobs: Iterable[Job],
    task: Callable[[Job], Result],
    workers: int,
    limit: float,
    tell: Callable[[list[Job]], None],
) -> Iterator[tuple[Job, Result | Lost]]:
    """Call `task` with each job, `workers` at a time, in processes; results as they come.

    `limit` is the longest that one may take, in seconds. `tell` hears what is running.
    """
    waiting = iter(jobs)
    running: dict[object, _Running[Job]] = {}
    before = children()
    adopt_orphans(True)
    try:
        while True:
            for job in islice(waiting, workers - len(running)):
                start = _start(job, task)
                running[start.pipe] = start
            tell([each.job for each in running.values()])
            if not running:
                return
            for pipe in wait([each.pipe for each in running.values()], timeout=1):
                done = running.pop(pipe)
                yield done.job, _result(done)
            for late in [r for r in running.values() if time.monotonic() - r.started > limit]:
                yield late.job, _give_up(running.pop(late.pipe))
    finally:
        for each in running.values():
            each.process.kill()
        for each in running.values():
            each.process.join()
        sweep(before)
        adopt_orphans(False)


def _start(job: Job, task: Callable[[Job], Result]) -> _Running[Job]:
    context: Any = get_context("fork" if LINUX else "spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, task, job, os.getpid()))
    with _signals_later():
        process.start()
    theirs.close()
    return _Running(job, process, ours, time.monotonic())


@contextmanager
def _signals_later() -> Iterator[None]:
    """Have what stops us wait for the end: what is raised within a fork's own hooks is lost."""
    if LINUX:
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        if LINUX:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _work(pipe: Connection, task: Callable[[Job], Result], job: Job, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if LINUX:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    die_with(parent)
    pipe.send(task(job))


def _result(done: _Running) -> Any:
    with done.pipe, suppress(EOFError):
        result = done.pipe.recv()
        done.process.join()
        return result
    done.process.join()
    return Lost(time.monotonic() - done.started, done.process.exitcode)


def _give_up(late: _Running) -> Lost:
    late.process.kill()
    late.process.join()
    late.pipe.close()
    return Lost(time.monotonic() - late.started, None)


@contextmanager
def lasting() -> Iterator[None]:
    """Within it nothing is looked for to be thrown away: what is made stays, shared with forks."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # so that collections in forks do not copy it
        gc.enable()


@contextmanager
def absent(*modules: str) -> Iterator[None]:
    """Within it modules cannot be imported that libraries do without, and that take their time."""
    new = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(new))  # type: ignore[arg-type]  # None: it is not to be had
    try:
        yield
    finally:
        for name in new:
            del sys.modules[name]


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent goes, whatever holds the GIL (Linux)."""
    if LINUX:
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it went before we asked


def adopt_orphans(yes: bool) -> None:
    """Whether what our processes leave behind becomes our child (Linux)."""
    if LINUX:
        ctypes.CDLL(None).prctl(_SET_SUBREAPER, int(yes))


def sweep(ours: set[int]) -> None:
    """Kill every child but `ours`, and what those leave behind in turn."""
    while strays := children() - ours:
        for pid in strays:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def children() -> set[int]:
    """The processes whose parent is this one (Linux; elsewhere none are seen)."""
    if not LINUX:
        return set()
    return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
