"""JupyterLab on the notebooks, in the reader's language, asking nobody outside for anything.

And the door by which papermill finds our engine.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from livelihood.display.messages import DataError, Problem

FIRST = "notebooks/start_here.ipynb"
_LOCALES = {"zh": "zh_CN", "en": "en"}
_QUIET = (  # what JupyterLab would otherwise ask of other hosts
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def open_lab(project: Path, language: str, words: Sequence[str] = ()) -> None:
    """Run JupyterLab on a project until it is stopped; `words` are its own options.

    Menus are in `language` (zh or en) unless the user's own settings say otherwise.
    ``DataError`` if JupyterLab is not installed, or may not write where it keeps its own files.
    """
    try:
        from jupyter_core.paths import jupyter_runtime_dir
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise DataError([Problem("no_lab", "livelihood lab")]) from None
    try:  # a home in which nobody may write would end in pages of tracebacks
        Path(jupyter_runtime_dir()).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError([Problem("lab_home", "livelihood lab", words={"found": error})]) from None
    with TemporaryDirectory(prefix="livelihood-lab-") as folder:
        _write_settings(Path(folder), language)
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
            filter(None, (folder, os.environ.get("JUPYTER_CONFIG_PATH")))
        )
        os.environ["LIVELIHOOD_LANGUAGE"] = language  # of the messages in its kernels
        try:
            LabApp.launch_instance([*_options(project), *words])
        except OSError as error:  # a home folder in which nobody may write
            raise DataError(
                [Problem("lab_home", "livelihood lab", words={"found": error})]
            ) from None


def _options(project: Path) -> list[str]:
    first = FIRST if (project / FIRST).is_file() else FIRST.rpartition("/")[0]
    here = Path(sys.executable).parent  # so that a notebook's `!livelihood` is this one
    os.environ["PATH"] = os.pathsep.join((str(here), os.environ.get("PATH", "")))
    return [f"--ServerApp.root_dir={project}", f"--LabApp.default_url=/lab/tree/{first}", *_QUIET]


def _write_settings(folder: Path, language: str) -> None:
    """Defaults for JupyterLab; what a user has chosen in its menus goes before them."""
    defaults = {
        "@jupyterlab/translation-extension:plugin": {"locale": _LOCALES[language]},
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false", "checkForUpdates": False,
        },
    }  # fmt: skip
    place = folder / "labconfig" / "default_setting_overrides.json"
    place.parent.mkdir()
    place.write_text(json.dumps(defaults), encoding="utf-8")


class _PapermillEngine:
    """``papermill --engine livelihood``: its engine with ours in it, imported when it is used.

    papermill loads this while it is being imported itself.
    """

    def __getattr__(self, name: str) -> Any:
        from livelihood.batch.engine import Engine

        return getattr(Engine, name)


papermill_engine = _PapermillEngine()
