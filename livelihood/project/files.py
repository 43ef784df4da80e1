"""The one way in for files: inside the project, regular, of a size that a person could look over.

A link that leads out of the project, a pipe, a device and a file beyond :data:`LIMITS` are
refused before a byte of them is read.
"""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar, cast

from livelihood.display.characters import is_mojibake, unseen
from livelihood.display.messages import DataError, Problem

T = TypeVar("T")
MB = 1_000_000
_MEGABYTES = {"csv": 10, "xlsx": 5, "toml": 1, "ipynb": 20, "txt": 5}
_MEGABYTES |= {"docx": 20, "pdf": 20, "html": 10, "htm": 10}
LIMITS = {f".{ending}": size * MB for ending, size in _MEGABYTES.items()}
_SIGNS = {
    b"PK\x03\x04": "XLSX / ZIP",
    b"\xd0\xcf\x11\xe0": "XLS",  # as Word's before 2007, and what has a password
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"\x1f\x8b": "GZIP",
    b"SQLite format": "SQLite",
    b"PAR1": "Parquet",
    b"<": "HTML / XML",
    b"{": "JSON",
}
LONGEST_LINE = 3000  # characters of TOML: a longer line is no text of ours, and slow to read
LONGEST_TEXT = 10_000  # characters of a cell or a text


def read_bytes(path: Path, root: Path | None, name: str) -> bytes:
    """The bytes of a file under `root` (``None``: wherever it is); ``DataError`` if it is unfit.

    `name` is what problems call it.
    """
    if problem := unfit(path, root, name):
        raise DataError([problem])
    return path.read_bytes()


def readings(data: bytes, name: str, others: Iterable[str] = ("gb18030",)) -> dict[str, str]:
    """The text of bytes by the encodings that it can be of: UTF-8, UTF-16, else `others`.

    ``DataError`` if it is of none. There is a second reading of UTF-8 where a few bytes are
    letters in it and Chinese in another.

    >>> readings("30元".encode("gb18030"), "figures.csv")
    {'utf-8': '30Ԫ', 'gb18030': '30元'}
    """
    found: dict[str, str] = {}
    wrong: list[Exception] = []
    for encoding in _wide(data) or ("utf-8", *others):
        try:
            found[encoding] = data.decode(encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError) as error:
            wrong.append(error)
        clear = found.get("utf-8", "")
        if clear and (clear.isascii() or max(clear) >= "\u0800"):  # not letters of two bytes alone
            break
    if not found:
        raise DataError([Problem("unreadable", name, words={"found": wrong[0]})])
    return found


def _wide(data: bytes) -> tuple[str, ...]:
    """UTF-16, by its mark or since ASCII signs such as the comma are half zero in it."""
    if data.startswith(b"\xff\xfe") or (data[:200].count(0) > 4 and data[1:2] == b"\0"):
        return ("utf-16-le",)
    return ("utf-16-be",) if data.startswith(b"\xfe\xff") or data[:200].count(0) > 4 else ()


def kind_of(data: bytes) -> str:
    """What kind of file bytes are by the signs that they begin with; empty for text.

    >>> kind_of(b" %PDF-1.7"), kind_of("指标,数值".encode())
    ('PDF', '')
    """
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((kind for sign, kind in _SIGNS.items() if start.startswith(sign)), "")


def unfit(path: Path, root: Path | None, name: str) -> Problem | None:
    """Why a file may not be read: missing, outside, no regular file, too large."""
    try:
        real = path.resolve(strict=True)
        about = real.stat()
    except (OSError, RuntimeError):  # dangling, forbidden, or links in a circle
        return Problem("no_file", name)
    if root is not None and not real.is_relative_to(root.resolve()):
        return Problem("outside", name)
    if not stat.S_ISREG(about.st_mode):
        return Problem("no_regular_file", name)
    limit = LIMITS.get(path.suffix.lower(), LIMITS[".txt"])
    if about.st_size > limit:
        words = {"found": f"{about.st_size / MB:,.1f}", "expected": limit // MB}
        return Problem("too_large", name, words=words)
    return None


def strays(folder: Path, project: Path) -> list[Problem]:
    """What is in a data folder and must not be: links that lead out, pipes, devices."""
    found = []
    for place, folders, names in os.walk(folder):
        for path in (Path(place, entry) for entry in (*folders, *names)):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                inside = path.is_dir() and path.resolve().is_relative_to(project.resolve())
                problem = unfit(path, project, path.relative_to(project).as_posix())
                if problem and problem.code != "too_large" and not inside:
                    found.append(problem)
    return found


def read_toml(path: Path, root: Path) -> dict:
    """A TOML file; ``DataError`` if it is missing, unfit, not UTF-8, not TOML or garbled."""
    name = path.relative_to(root).as_posix()
    try:
        text = read_bytes(path, root, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError([Problem("not_utf8", name, words={"found": error})]) from None
    if (longest := max(map(len, text.split("\n")))) > LONGEST_LINE:
        words = {"found": longest, "expected": LONGEST_LINE}
        raise DataError([Problem("long_line", name, words=words)])
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise DataError([Problem("not_toml", name, words={"found": "[[[[…"})]) from None
    except ValueError as error:  # also of numbers with thousands of digits
        raise DataError([Problem("not_toml", name, words={"found": error})]) from None
    problems = [
        problem
        for key, value in table.items()
        for each in (key, *_texts(value))
        if (problem := odd_text(each, name, key if isinstance(value, dict) else ""))
    ]
    if problems:
        raise DataError(problems)
    return table


def toml_block(name: str, pairs: Mapping[str, object]) -> str:
    """A table as it is written in TOML.

    >>> print(toml_block("sectors.sport", {"label.zh": "体育", "words": ["体育"]}))
    [sectors.sport]
    label.zh = "体育"
    words = ["体育"]
    """
    lines = [f"{key} = {json.dumps(each, ensure_ascii=False)}" for key, each in pairs.items()]
    return "\n".join([f"[{name}]", *lines])


_kept: OrderedDict[Hashable, tuple[object, object]] = OrderedDict()
_MOST_KEPT = 256


def while_unchanged(key: Hashable, paths: Iterable[Path], read: Callable[[], T]) -> T:
    """What `read` gives; the last answer for `key` for as long as no file at `paths` changes.

    This is the one cache of what is read from files: a running kernel sees an edit at once.
    """
    stamp = tuple(_stamp(path) for path in paths)
    if key not in _kept or _kept[key][0] != stamp:
        _kept[key] = stamp, read()
    _kept.move_to_end(key)
    if len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return cast(T, _kept[key][1])


def kept() -> Mapping:
    """All that is kept, for another process of ours to :func:`keep`."""
    return _kept


def keep(others: Mapping) -> None:
    """Keep what another process of ours has read: for as long as no file changes, as ever."""
    _kept.update(others)


def _stamp(path: Path) -> tuple[str, int, int]:
    """What changes with a file; zeros if it is not there, or is a link that leads nowhere."""
    try:
        about = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), about.st_mtime_ns, about.st_size


def _texts(value: object) -> Iterator[str]:
    """Every text in a value of TOML, keys included; however deep, since the stack is our own."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            left += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            left += each


def odd_text(text: str, file: str, row: int | str = "", column: str = "") -> Problem | None:
    """What is wrong with a text as text: too long, signs that are not seen, a wrong encoding."""
    if len(text) > LONGEST_TEXT:
        words = {"found": len(text), "expected": LONGEST_TEXT}
        return Problem("long_text", file, row, column, words)
    if sign := unseen(text):
        return Problem("odd_sign", file, row, column, {"found": sign})
    if is_mojibake(text):
        return Problem("mojibake", file, row, column, {"found": text})
    return None
