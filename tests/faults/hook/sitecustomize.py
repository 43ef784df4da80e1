"""Loaded by every Python process of a run under test: hurts it as the environment says.

``FAULT`` is `kill 7` or `fail 7`: at the seventh change of a file of reports/ or .reports/ this
process is killed, or that change fails for lack of space; `read-only`: every change there fails.
``CLOCK`` makes the clock jump an hour back and forth with every look at it.
"""

import errno
import os
import signal
import sys
import time

CHANGES = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"}
count = 0


def is_change(event: str, args: tuple) -> bool:
    """Whether an operation changes a file of what is published or will be."""
    if event == "open":
        changes = isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    else:
        changes = event in CHANGES
    return bool(changes) and "reports/" in f"{args[0]!s}/"


def hurt(event: str, args: tuple) -> None:
    """The audit hook of a process."""
    global count
    if not is_change(event, args):
        return
    count += 1
    kind, _, number = os.environ["FAULT"].partition(" ")
    if kind == "read-only":
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(args[0]))
    if count == int(number) and kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if count == int(number):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(args[0]))


if os.environ.get("FAULT"):
    sys.addaudithook(hurt)
if os.environ.get("CLOCK"):
    real, jump = time.time, [3600.0]

    def jumping() -> float:
        """The time, an hour off in turns."""
        jump[0] = -jump[0]
        return real() + jump[0]

    time.time = jumping
