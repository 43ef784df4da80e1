"""A folder replaced as a whole: a reader, or a crash at any instant, finds the old or the new one.

The new folder is built beside the old one, in a hidden folder on the same file system, and is on
the disk before the two change places. On Linux that is one step of the kernel (``renameat2``).
Elsewhere, and on file systems that know no such step, the old one is renamed and then the new
one: between these a reader finds no folder, and a crash leaves the old one aside, which the next
start puts back.

One run at a time publishes: the others say who does, and wait. The lock is the operating
system's, so it goes when its process does, by whatever death: there is no stale one. What its
file says - process and since when - is only for people.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

from livelihood.display.messages import DataError, Problem

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)  # this file system has no such step


def refuse(folder: Path) -> None:
    """``DataError`` for a place to publish in that no folder can take: a file, a mount."""
    real = folder.resolve()
    if os.path.lexists(folder) and not real.is_dir():
        raise DataError([Problem("reports_file", str(folder))])
    if os.path.ismount(real):
        raise DataError([_mounted(real)])


def _mounted(folder: Path) -> Problem:
    return Problem("reports_mount", str(folder), words={"found": folder / "pages"})


def beside(folder: Path) -> Path:
    """The hidden folder of what is not published (yet), on the same file system."""
    real = folder.resolve()
    return real.with_name(f".{real.name}")


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A copy of a folder to change; it takes the folder's place at the end, unless that fails.

    Files are shared with the original until they are replaced: change them with :func:`rewrite`,
    never in place. ``OSError`` where the disk is full or may not be written.
    """
    new = beside(folder) / "next"
    recover(folder)
    try:
        if folder.is_dir():
            shutil.copytree(folder, new, symlinks=True, copy_function=link)
        else:
            new.mkdir(parents=True)
        yield new
        sync(new)
        _exchange(new, folder.resolve())
        _sync_names(folder.resolve().parent, new.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def recover(folder: Path) -> None:
    """Put back or clear away what a replacement left that was cut off."""
    aside, place = beside(folder) / "before", folder.resolve()
    if aside.is_dir() and not place.exists():
        aside.rename(place)
    for left in (aside, beside(folder) / "next"):
        if left.exists():
            shutil.rmtree(left)


def link(source: str | Path, target: str | Path) -> None:
    """Give a file a second name, or copy it where the file system has no such thing."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def rewrite(path: Path, text: str) -> None:
    """Replace the text of a file, whose other names keep the old one."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def sync(folder: Path) -> None:
    """Have everything below a folder on the disk.

    A file with two names was there before, or was synced where it was made.
    """
    for place, _, names in os.walk(folder):
        for path in (Path(place, name) for name in names):
            if not path.is_symlink() and path.stat().st_nlink == 1:
                with path.open("rb+") as file:
                    os.fsync(file.fileno())
        _sync_names(Path(place))


def _sync_names(*folders: Path) -> None:
    """Have the names in folders on the disk; Windows knows no such thing."""
    for folder in folders if os.name == "posix" else ():
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _exchange(new: Path, old: Path) -> None:
    """Put `new` in the place of `old`, which then is where `new` was, or is gone.

    ``DataError`` if it is a mount that could not be told before.
    """
    try:
        _put(new, old)
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.EXDEV):
            raise DataError([_mounted(old)]) from None
        raise


def _put(new: Path, old: Path) -> None:
    if not old.exists():
        new.rename(old)
    elif not _exchange_at_once(new, old):
        aside = new.with_name("before")
        old.rename(aside)
        try:
            new.rename(old)
        except OSError:
            aside.rename(old)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange_at_once(new: Path, old: Path) -> bool:
    """Whether one step of the kernel did it."""
    step = None
    if sys.platform.startswith("linux"):
        with suppress(AttributeError):  # a C library without it
            step = ctypes.CDLL(None, use_errno=True).renameat2
    if step is None:
        return False
    if step(_HERE, os.fsencode(new), _HERE, os.fsencode(old), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), str(old))


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
