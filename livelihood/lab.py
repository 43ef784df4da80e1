"""JupyterLab on the notebooks, in the reader's language, asking nobody outside for anything.

A notebook holds its prose in both languages; on the screen it has one, and its `language` is that.
There is one file all the same: what is saved there is what the analyst changed, with the cells that
were not shown in their places and the file's own `language`. A copy is what was on the screen.

And the door by which papermill finds our engine.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from livelihood.display.messages import LANGUAGES, DataError, Problem, message_language

FIRST = "notebooks/start_here.ipynb"
_LOCALES = {"zh": "zh_CN", "en": "en"}
_QUIET = (  # what JupyterLab would otherwise ask of other hosts
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def open_lab(project: Path, language: str, words: Sequence[str] = ()) -> None:
    """Run JupyterLab on a project until it is stopped; `words` are its own options.

    Notebooks and menus are in `language` (zh or en), the menus unless the user's own settings say
    otherwise. ``DataError`` if JupyterLab is not installed, or may not write where it keeps files.
    """
    try:
        from jupyter_core.paths import jupyter_runtime_dir
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise DataError([Problem("no_lab", "livelihood lab")]) from None
    try:  # a home in which nobody may write would end in pages of tracebacks
        Path(jupyter_runtime_dir()).mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="livelihood-lab-") as folder:
            _write_settings(Path(folder), language)
            above = os.environ.get("JUPYTER_CONFIG_PATH")
            os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (folder, above)))
            os.environ["LIVELIHOOD_LANGUAGE"] = language  # of the messages in its kernels
            LabApp.launch_instance([*_options(project), *words])
    except OSError as error:
        raise DataError([Problem("lab_home", "livelihood lab", words={"found": error})]) from None


def _options(project: Path) -> list[str]:
    first = FIRST if (project / FIRST).is_file() else FIRST.rpartition("/")[0]
    here = Path(sys.executable).parent  # so that a notebook's `!livelihood` is this one
    os.environ["PATH"] = os.pathsep.join((str(here), os.environ.get("PATH", "")))
    return [
        f"--ServerApp.root_dir={project}",
        f"--ServerApp.contents_manager_class={__name__}.Notebooks",
        f"--LabApp.default_url=/lab/tree/{first}",
        *_QUIET,
    ]


def _write_settings(folder: Path, language: str) -> None:
    """Defaults for JupyterLab; what a user has chosen in its menus goes before them."""
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    defaults = {
        "@jupyterlab/translation-extension:plugin": {"locale": _LOCALES[language]},
        "@jupyterlab/apputils-extension:notification": quiet,
    }
    place = folder / "labconfig" / "default_setting_overrides.json"
    place.parent.mkdir()
    place.write_text(json.dumps(defaults), "utf-8")


# ---- one language on the screen, both in the file ------------------------------------------------

_PARAMETER = re.compile(r"""^(language\b[^=\n]*=\s*)["'](zh|en)["']""", re.M)


def in_language(notebook: dict, language: str) -> dict:
    """A notebook as it is shown: without the prose of the other language, `language` set to this.

    One whose cells have no ids (of an old format) stays whole: they could not be put back.
    """
    if not _has_ids(notebook):
        return notebook
    cells = [_with_parameter(c, language) for c in notebook["cells"] if not _hidden(c, language)]
    return {**notebook, "cells": cells}


def in_both(shown: dict, whole: dict, language: str) -> dict:
    """What is saved of a notebook that was `shown` in a language and is `whole` in its file.

    A cell that was not shown stays beside its like: Chinese stands before English.
    """
    if not (_has_ids(whole) and _has_ids(shown)):
        return shown
    own = {cell["id"]: cell for cell in whole["cells"]}
    order = -1 if language == LANGUAGES[-1] else 1
    cells = [_with_own_parameter(c, own.get(c["id"], c), language) for c in shown["cells"]]
    ids, after, place = {cell["id"] for cell in cells}, defaultdict(list), ""
    for cell in whole["cells"][::order]:
        if cell["id"] in ids:
            place = cell["id"]
        elif _hidden(cell, language):
            after[place].append(cell)
    found = [*after[""], *(c for cell in cells[::order] for c in (cell, *after[cell["id"]]))]
    return {**shown, "cells": found[::order]}


def _has_ids(notebook: dict) -> bool:
    return all("id" in cell for cell in notebook["cells"])


def _tags(cell: dict) -> Sequence[str]:
    return cell["metadata"].get("tags", ())


def _hidden(cell: dict, language: str) -> bool:
    """Whether a cell is of another language alone."""
    tags = set(_tags(cell)) & set(LANGUAGES)
    return bool(tags) and language not in tags


def _with_parameter(cell: dict, language: str) -> dict:
    if "parameters" not in _tags(cell):
        return cell
    return {**cell, "source": _PARAMETER.sub(rf'\1"{language}"', "".join(cell["source"]))}


def _with_own_parameter(cell: dict, own: dict, language: str) -> dict:
    """The cell with the language that its file says, unless the analyst has chosen another."""
    said = _PARAMETER.search("".join(cell["source"]))
    was = _PARAMETER.search("".join(own["source"]))
    if "parameters" in _tags(own) and said and was and said[2] == language:
        return _with_parameter(cell, was[2])
    return cell


@cache
def _notebooks() -> type:
    """JupyterLab's own keeper of files, with notebooks in one language.

    It is made when JupyterLab asks for it: papermill loads this module without it.
    """
    import nbformat
    from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

    class Notebooks(AsyncLargeFileManager):
        async def get(self, path: str, content: bool = True, *how: Any, **more: Any) -> dict:
            model = await super().get(path, content, *how, **more)
            if model["type"] == "notebook" and model["content"]:
                shown = in_language(model["content"], message_language())
                model["content"] = nbformat.from_dict(shown)
            return model

        async def save(self, model: dict, path: str = "") -> dict:
            if model.get("type") == "notebook" and model.get("content") and self._there(path):
                whole = (await super().get(path, type="notebook"))["content"]
                model["content"] = in_both(model["content"], whole, message_language())
            return await super().save(model, path)

        def _there(self, path: str) -> bool:
            return Path(self._get_os_path(path.strip("/"))).is_file()

    return Notebooks


def __getattr__(name: str) -> object:
    if name == "Notebooks":
        return _notebooks()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class _PapermillEngine:
    """``papermill --engine livelihood``, imported when used: papermill loads this in its import."""

    def __getattr__(self, name: str) -> Any:
        from livelihood.batch.engine import Engine

        return getattr(Engine, name)


papermill_engine = _PapermillEngine()
