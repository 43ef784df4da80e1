"""What is wrong with the input, said to the person who must act.

A :class:`Problem` names the file, the row and the column, and a message of
a ``messages-….toml`` that says what was found, what was expected and what to do, in
Chinese or English. Readers collect problems and raise one :class:`DataError` with all of them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from livelihood.display.characters import visible

Language = Literal["zh", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)
_SUBJECTS = ("run", "input", "pages")
MOST = 100  # problems that are said at once: nobody works through more, and a file can have 100,000
_LISTED = 12  # rows, or words, that a line lists
_LONGEST = 300  # characters of a word in a message


@cache
def _messages(subject: str) -> dict[str, dict[str, str]]:
    file = Path(__file__).with_name(f"messages-{subject}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _message(code: str) -> dict[str, str]:
    """In both languages; a run that has nothing to do reads its own few only."""
    for subject in _SUBJECTS:
        if code in _messages(subject):
            return _messages(subject)[code]
    raise KeyError(code)


def message_language() -> str:
    """The language of messages: ``LIVELIHOOD_LANGUAGE`` (zh or en), Chinese by default."""
    setting = os.environ.get("LIVELIHOOD_LANGUAGE", "zh")
    return setting if setting in LANGUAGES else "zh"


def say(code: str, language: str | None = None, /, **words: object) -> str:
    """A message of a ``messages-….toml`` with its words filled in.

    >>> say("no_release", "en", found=2031, expected="2019", region="duji")
    'no release 2031 for region duji; there are: 2019'
    """
    return _message(code)[language or message_language()].format(**words)


def suggestion(
    found: str, known: Iterable[str], shown: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The `expected` of a message in both languages: the known names if they are few, else those
    that are near, else a few of them.

    What is not near is not called so. Names are written as `shown`, if that is given.

    >>> suggestion("halth", ["health", *map(str, range(12))])["en"], suggestion("x", "ab")["en"]
    ('near it: health', 'there are: a, b')
    """
    names, found = sorted(known), found[:60]
    inside = [n for n in names if len(found.encode()) > 5 and found in n]  # two Chinese signs
    near = (sorted(inside, key=len) or get_close_matches(found, names, n=3))[:3]
    code = "names_all" if len(names) <= 12 else "names_near" if near else "names_such_as"
    listed = {"names_all": names, "names_near": near}.get(code, names[:3])
    written = ", ".join(dict.fromkeys((shown or {}).get(name, name) for name in listed))
    return {lang: say(code, lang, names=written) for lang in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where (file, row, column; empty where it has none), which, with what.

    A word that differs by language is a ``{zh, en}`` dictionary. Several rows, or words found in
    them, are a tuple.
    """

    code: str
    file: str
    row: int | str | tuple = ""
    column: str = ""
    words: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str | None = None) -> str:
        """The problem in one line of the given language."""
        place = [self.file]
        if self.row != "":
            place.append(_place(self.row, language))
        if self.column:
            place.append(say("at_column", language, column=self.column))
        chosen = language or message_language()
        words = {k: w[chosen] if isinstance(w, dict) else w for k, w in self.words.items()}
        words = {k: _several(w, chosen) if isinstance(w, tuple) else w for k, w in words.items()}
        short = {k: w if isinstance(w, (int, float)) else _short(str(w)) for k, w in words.items()}
        return visible(f"{' '.join(map(_short, place))}: {say(self.code, chosen, **short)}")


def _place(row: int | str | tuple, language: str | None) -> str:
    """Rows by their numbers; cells by their addresses, the sheet's name said once."""
    rows = row if isinstance(row, tuple) else (row,)
    if isinstance(rows[0], int):
        return say("at_rows" if len(rows) > 1 else "at_row", language, row=_several(rows))
    sheet = rows[0].rpartition("!")[0]
    cells = (rows[0], *(each.removeprefix(f"{sheet}!") for each in rows[1:]))
    return say("at_table", language, row=_several(cells))


def _several(words: tuple, language: str = "en") -> str:
    more = f" … ({len(words)})" if len(words) > _LISTED else ""
    return ("、" if language == "zh" else ", ").join(map(str, words[:_LISTED])) + more


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class DataError(ValueError):
    """Input that cannot be used; ``problems`` holds every one found, or the first :data:`MOST`.

    Told, a kind of slip in a column is one line for the file, with all its rows:

    >>> slips = [Problem("empty_cell", "figures.csv", row, "period") for row in (3, 5, 9)]
    >>> print(DataError(slips).text("en"))
    figures.csv rows 3, 5, 9 column period: is empty; fill it in
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = _first(tuple(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str | None = None) -> str:
        """All problems, a line for each kind, in the given language."""
        return "\n".join(p.text(language) for p in _by_kind(self.problems))


@contextmanager
def noting(problems: list[Problem]) -> Iterator[None]:
    """Have the problems of what is read inside noted, so that the rest is read, too."""
    try:
        yield
    except DataError as error:
        problems += error.problems


def known_language(language: str) -> Language:
    """The language, if it is one that we write; else ``DataError`` naming those there are."""
    if language not in LANGUAGES:
        words = {"found": language, "expected": ", ".join(LANGUAGES)}
        raise DataError([Problem("no_language", "livelihood", words=words)])
    return cast(Language, language)


def _by_kind(problems: Iterable[Problem]) -> list[Problem]:
    """Problems that differ in nothing but their row and what was found there, as one."""
    kinds: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        others = {k: w for k, w in problem.words.items() if k != "found" or isinstance(w, dict)}
        place = (problem.file, problem.column, type(problem.row))
        kind = number if problem.row == "" else (problem.code, *place, repr(others))
        kinds.setdefault(kind, []).append(problem)
    return [_together(kind) for kind in kinds.values()]


def _together(kind: list[Problem]) -> Problem:
    rows = tuple(dict.fromkeys(problem.row for problem in kind))
    found = tuple(dict.fromkeys(str(p.words["found"]) for p in kind if "found" in p.words))
    words = dict(kind[0].words) | ({"found": found} if len(found) > 1 else {})
    return replace(kind[0], row=rows if len(rows) > 1 else rows[0], words=words)


def _first(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Of very many problems the first ones, and how many there are more."""
    if len(problems) <= MOST + 1:
        return problems
    words = {"count": len(problems) - MOST}
    return (*problems[:MOST], Problem("more_problems", problems[MOST].file, words=words))
