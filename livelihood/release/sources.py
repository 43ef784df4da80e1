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

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from livelihood.display.messages import LANGUAGES, DataError, Problem, say
from livelihood.project.files import read_toml, while_unchanged
from livelihood.project.schema import Label, bad_ids, structure_all
from livelihood.quantity.period import Period

Key = tuple[str, str, str]  # measure, source, locator of a figure


@dataclass(frozen=True, slots=True)
class _Document:
    """A document as sources.toml has it."""

    id: str
    title: str
    publisher: str
    date: str
    url: str = ""
    title_en: str = ""
    publisher_en: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that figures were printed in.

    `date` is the day it appeared, the last possible one where only the year or month is known.
    """

    id: str
    title: str
    publisher: str
    date: date
    date_printed: str
    url: str = ""
    title_en: str = ""
    publisher_en: str = ""


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
        return self.measure, self.source, self.locator

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
    sources = {}
    try:
        for id, document in structure_all(_Document, tables, name).items():
            problems += _blank(document, name)
            try:
                sources[id] = _source(document)
            except ValueError:
                words = {"found": document.date, "expected": "2020-04-06, 2020-04, 2020"}
                problems.append(Problem("wrong_type", name, id, "date", words))
    except DataError as error:
        problems += error.problems
    if problems:
        raise DataError(problems)
    return sources


def _blank(document: _Document, file: str) -> list[Problem]:
    return [
        Problem("blank_key", file, document.id, key)
        for key in ("title", "publisher")
        if not getattr(document, key).strip()
    ]


def _source(document: _Document) -> Source:
    """A document with the last day that its date can mean; ``ValueError`` if it is none."""
    day = Period.parse(document.date)
    if day.last is None or "/" in day.text:
        raise ValueError(document.date)
    return Source(
        document.id,
        document.title,
        document.publisher,
        date=day.last,
        date_printed=day.text,
        url=document.url,
        title_en=document.title_en,
        publisher_en=document.publisher_en,
    )


def read_census_sources(project: Path) -> dict[str, Source]:
    """The censuses by id, kept for as long as their file does not change; ``DataError``."""
    path = project / "data" / "census" / "sources.toml"
    return while_unchanged(("sources", path), [path], lambda: read_sources(path, project))


def read_corrections(path: Path, project: Path) -> dict[Key, Correction]:
    """The corrections of a folder by figure; empty without a file, ``DataError`` if it is wrong."""
    if not os.path.lexists(path):
        return {}
    name = path.relative_to(project).as_posix()
    problems = []
    corrections: dict[Key, Correction] = {}
    for id, found in structure_all(Correction, read_toml(path, project), name).items():
        correction = replace(found, measure=found.measure or id)
        if correction.key in corrections:
            words = {"found": " ".join(correction.key)}
            problems.append(Problem("twice", name, id, words=words))
        corrections[correction.key] = correction
    if problems:
        raise DataError(problems)
    return corrections


def unused(
    corrections: Mapping[Key, Correction], rows: Iterable[Key], path: Path, project: Path
) -> list[Problem]:
    """Corrections whose figure is not among the rows."""
    there, name = set(rows), path.relative_to(project).as_posix()
    return [
        Problem("no_figure", name, c.measure, words={"found": f"{c.source} {c.locator}"})
        for c in corrections.values()
        if c.key not in there
    ]
