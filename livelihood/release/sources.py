"""The documents that figures were printed in, and where one of them errs.

``sources.toml`` names the documents of a folder. ``corrections.toml`` says what is read in place
of what a document printed wrongly, why, and who says so::

    [wubao_persons]       # the measure; any other name, with `measure = "..."`, for a second one
    source = "duji-2014h1"
    locator = "¶3"
    was = "333人"         # the guard: reading stops once the figure is printed otherwise
    becomes = "933人"
    why = { zh = "漏印一位数字", en = "a digit is missing in print" }
    by = "杜集区民政局 2014-09-01 更正启事"
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from livelihood.display.messages import LANGUAGES, DataError, Problem, noting, say
from livelihood.project.files import read_toml, while_unchanged
from livelihood.project.schema import Label, bad_ids, structure_all
from livelihood.quantity.period import Period

Key = tuple[str, str, str]  # measure, source, locator of a figure


@dataclass(frozen=True)
class Source:
    """A document that figures were printed in; `date` is as known: a day, a month or a year."""

    id: str
    title: str
    publisher: str
    date: str
    url: str = ""
    title_en: str = ""
    publisher_en: str = ""

    @cached_property
    def day(self) -> datetime.date:
        """The last day that its date can mean; ``ValueError`` if it is no date."""
        period = Period.parse(self.date)
        if period.last is None or "/" in period.text:
            raise ValueError(self.date)
        return period.last


@dataclass(frozen=True, slots=True)
class Correction:
    """One corrected figure: `was` is printed, `becomes` is read."""

    id: str
    source: str
    locator: str
    was: str
    becomes: str
    why: Label
    by: str
    measure: str = ""

    @property
    def key(self) -> Key:
        """What names the figure."""
        return self.measure or self.id, self.source, self.locator

    def beside(self, note: Mapping[str, str]) -> dict[str, str]:
        """A figure's note with the correction before it, in each language."""
        return {
            language: " ".join(filter(None, (self.words(language), note.get(language, ""))))
            for language in LANGUAGES
        }

    def words(self, language: str) -> str:
        """The correction as one sentence."""
        words = {"was": self.was, "becomes": self.becomes, "by": self.by}
        return say("corrected", language, why=self.why[language], **words)


def read_sources(path: Path, project: Path) -> dict[str, Source]:
    """The documents of a ``sources.toml`` by id; ``DataError`` with every problem in it."""
    name = path.relative_to(project).as_posix()
    tables = read_toml(path, project)
    problems = bad_ids(tables, r"[\w.-]+", name, "bad_source_id")
    sources: dict[str, Source] = {}
    with noting(problems):
        sources = structure_all(Source, tables, name)
    for source in sources.values():
        problems += _slips(source, name)
    if problems:
        raise DataError(problems)
    return {id: replace(s, date=Period.parse(s.date).text) for id, s in sources.items()}


def _slips(source: Source, file: str) -> Iterator[Problem]:
    for key in ("title", "publisher"):
        if not getattr(source, key).strip():
            yield Problem("blank_key", file, source.id, key)
    try:
        _ = source.day
    except ValueError:
        words = {"found": source.date, "expected": "2020-04-06, 2020-04, 2020"}
        yield Problem("wrong_type", file, source.id, "date", words)


def read_census_sources(project: Path) -> dict[str, Source]:
    """The censuses by id, kept for as long as their file does not change; ``DataError``."""
    path = project / "data" / "census" / "sources.toml"
    return while_unchanged(("sources", path), [path], lambda: read_sources(path, project))


def read_corrections(path: Path, project: Path) -> dict[Key, Correction]:
    """The corrections of a folder by figure; empty without a file, ``DataError`` if it is wrong."""
    if not os.path.lexists(path):
        return {}
    name = path.relative_to(project).as_posix()
    corrections: dict[Key, Correction] = {}
    problems = [
        Problem("twice", name, id, words={"found": " ".join(found.key)})
        for id, found in structure_all(Correction, read_toml(path, project), name).items()
        if corrections.setdefault(found.key, found) is not found
    ]
    if problems:
        raise DataError(problems)
    return corrections
