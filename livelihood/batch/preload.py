"""What the kernels of a run import, and what they do first: done once, before they are forked.

Read by those that start a zygote, while it does the work: imports nothing heavy itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from livelihood.batch.kernels import launch
from livelihood.display.messages import DataError
from livelihood.project.files import keep, kept
from livelihood.project.paths import Edition

if TYPE_CHECKING:
    from livelihood.analysis.release import Release

# Not polars: used before a fork, it hangs the child.
MODULES = (
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "matplotlib.pyplot",
    "livelihood.report.report",
    "livelihood.report.charts.drawing",
)


# What libraries do without. With JupyterLab come FORMATS, of which jsonschema, under nbformat,
# makes checkers of the formats `iri`, `iri-reference` and `duration`, which no schema of notebooks
# has: a grammar is compiled for more than a second, arrow imported. bs4, under nbconvert, selects
# by CSS with soupsieve, which nbconvert does in exporters that no run has. And nobody debugs the
# kernels of a run.
FORMATS = ("rfc3987_syntax", "isoduration")
CSS = "soupsieve"
DEBUGGER = "debugpy"
WARM_UP = f"{__name__}:warm_up"


def kernels(engine: str, first: str = "") -> AbstractContextManager[Callable[[object], object]]:
    """Within it there are kernels of an engine; warm ones have `first` read when they begin."""
    return launch.kernels(engine, MODULES, DEBUGGER, WARM_UP, first)


start_zygote = partial(launch.start_zygote, MODULES, DEBUGGER, WARM_UP)


def ahead(project: Path, edition: Edition) -> str:
    """What a zygote is to read for an edition, in the words that :func:`warm_up` takes."""
    return json.dumps([str(project), *astuple(edition)])


def read_for(release: Release) -> Mapping:
    """What this process has read, with what every page tells of a release, for a zygote.

    It takes that in a tenth of the time in which it would read it.
    """
    release.results, release.findings  # noqa: B018
    return kept()


def warm_up(words: str | Mapping) -> None:
    """In the zygote: what every chart, or what every page of an edition, does first.

    For the latter it takes what the run has read, if that comes before.

    What is read from files is kept only for as long as they do not change, so that a kernel sees
    what it would have read for itself.
    """
    from livelihood.analysis.comparison import peers
    from livelihood.analysis.release import read_edition
    from livelihood.report.charts import drawing

    if not words:
        drawing.warm_up()
        return
    if not isinstance(words, str):
        keep(words)
        return
    project, *edition = json.loads(words)
    with suppress(DataError):  # the run itself says so
        release = read_edition(Edition(*edition), Path(project))
        peers(release.region.code, release.project)
        release.observations, release.indicators, release.checks  # noqa: B018
