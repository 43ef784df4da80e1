"""Where a source errs: what it printed, what is read instead, why, and who says so.

A correction in ``corrections.toml`` names its figure by measure, source and locator::

    [wubao_persons]
    source = "duji-2014h1"
    locator = "¶3"
    was = "333人"        # the guard: reading stops once the figure is printed otherwise
    becomes = "933人"
    why = { zh = "漏印一位数字", en = "a digit is missing in print" }
    by = "杜集区民政局 2014-09-01 更正启事"

The table's name is the measure; ``[measure.two]`` style subtables are not needed, a second
correction of a measure takes ``measure = "..."`` and any other name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from reprlib import repr as short

from livelihood.display.messages import LANGUAGES, DataError, Problem, say
from livelihood.project.files import read_toml
from livelihood.project.paths import check_label, check_table

_KEYS = {"source": str, "locator": str, "was": str, "becomes": str, "why": dict, "by": str,
         "measure": str}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """One corrected figure: `was` is printed, `becomes` is read."""

    measure: str
    source: str
    locator: str
    was: str
    becomes: str
    why: dict[str, str]
    by: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the figure."""
        return self.measure, self.source, self.locator

    def beside(self, note: dict[str, str]) -> dict[str, str]:
        """A figure's note with the correction before it, in each language."""
        return {
            language: " ".join(filter(None, (self.words(language), note.get(language, ""))))
            for language in LANGUAGES
        }

    def words(self, language: str) -> str:
        """The correction as one sentence."""
        return say("corrected", language, was=self.was, becomes=self.becomes,
                   why=self.why[language], by=self.by)  # fmt: skip


def read_corrections(path: Path, project: Path) -> dict[tuple, Correction]:
    """The corrections of a folder by figure; empty without a file, ``DataError`` if it is wrong."""
    if not os.path.lexists(path):
        return {}
    name = path.relative_to(project).as_posix()
    problems: list[Problem] = []
    corrections = {}
    for id, table in read_toml(path, project).items():
        if not isinstance(table, dict):
            words = {"found": short(table), "expected": f"[{id}]"}
            problems.append(Problem("wrong_type", name, id, words=words))
            continue
        found = check_table(table, _KEYS, name, id, ("measure",))
        found += check_label(table, "why", name, id)
        problems += found
        if not found:
            correction = Correction(**{"measure": id, **table})
            if correction.key in corrections:
                words = {"found": " ".join(correction.key)}
                problems.append(Problem("twice", name, id, words=words))
            corrections[correction.key] = correction
    if problems:
        raise DataError(problems)
    return corrections


def unused(
    corrections: dict[tuple, Correction], rows: Iterable[tuple], path: Path, project: Path
) -> list[Problem]:
    """Corrections whose figure is not among the rows (keys with measure first, locator last)."""
    there = {(key[0], *key[-2:]) for key in rows}
    name = path.relative_to(project).as_posix()
    return [
        Problem("no_figure", name, c.measure, words={"found": f"{c.source} {c.locator}"})
        for c in corrections.values()
        if c.key not in there
    ]
