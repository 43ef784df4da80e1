"""What the kernels of a run import, and what they do first: done once, before they are forked.

Read by those that start a zygote, while it does the work: imports nothing heavy itself.
"""

from __future__ import annotations

import json
import os
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


def kernels(engine: str, first: str = "") -> AbstractContextManager[None]:
    """Within it there are kernels of an engine; warm ones have `first` read when they begin."""
    return launch.kernels(engine, MODULES, DEBUGGER, WARM_UP, first)


start_zygote = partial(launch.start_zygote, MODULES, DEBUGGER, WARM_UP)


def ahead(project: Path, edition: Edition) -> str:
    """What a zygote is to read for an edition, in the words that :func:`warm_up` takes."""
    return json.dumps([str(project), *astuple(edition)])


def hand_over(release: Release) -> None:
    """Leave for the zygote what this process has read, while the zygote still imports.

    It takes that in a tenth of the time in which it would read it. On a full disk it must read.
    """
    if place := _handed():
        release.results, release.findings  # noqa: B018  # which every page tells of
        new = place.with_name("new")
        with suppress(OSError):
            new.write_bytes(kept())
            new.replace(place)


def _handed() -> Path | None:
    """Where it is left: in the folder of the zygote, which only this user can enter."""
    address = os.environ.get(launch.ADDRESS)
    return Path(address).with_name("kept") if address else None


def warm_up(words: str) -> None:
    """In the zygote: what every chart, or what every page of an edition, does first.

    What is read from files is kept only for as long as they do not change, so that a kernel sees
    what it would have read for itself.
    """
    from livelihood.analysis.comparison import peers
    from livelihood.analysis.release import read_edition
    from livelihood.report.charts import drawing

    if not words:
        drawing.warm_up()
        return
    if (place := _handed()) and place.is_file():
        keep(place.read_bytes())
        place.unlink()
    project, *edition = json.loads(words)
    with suppress(DataError):  # the run itself says so
        release = read_edition(Edition(*edition), Path(project))
        peers(release.region.code, release.project)
        release.observations, release.indicators, release.checks  # noqa: B018
