"""One run at a time publishes: the others say who does, and wait.

The lock is the operating system's, so it goes when its process does, by whatever death: there is
no stale one. What the file says - process and since when - is only for people.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

from livelihood.batch.swap import beside


@contextmanager
def holding(folder: Path, tell: Callable[[str, str], None]) -> Iterator[None]:
    """Hold the lock of a folder to publish in.

    If another process has it, `tell(process, since)` is called once, and this one waits.
    """
    beside(folder).mkdir(parents=True, exist_ok=True)
    with (beside(folder) / "lock").open("a+", encoding="utf-8") as file:
        if not _take(file, wait=False):
            file.seek(0)
            process, _, since = file.read().partition(" ")
            tell(process or "?", since or "?")
            while not _take(file, wait=True):
                time.sleep(0.5)
        file.truncate(0)
        file.write(f"{os.getpid()} {datetime.now():%Y-%m-%d %H:%M:%S}")
        file.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 20  # which byte is locked: one that nobody reads

    def _take(file: TextIOWrapper, wait: bool) -> bool:
        os.lseek(file.fileno(), _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(file: TextIOWrapper, wait: bool) -> bool:
        """Take the lock of this process alone: its forks do not hold it (``lockf``)."""
        try:
            fcntl.lockf(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
