"""A new sector: its block in sectors.toml, a file for its definitions, and its notebook.

The notebook is the shortest there is, without what that one says of its own measures: key points,
targets, other figures, checks, every figure, sources. So its page tells whatever is printed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from livelihood.display.messages import DataError, Problem
from livelihood.project.definitions import FOLDER, OVERVIEW, read_definitions
from livelihood.project.files import toml_block

# What a notebook says of measures by their ids.
_OWN = re.compile(r"report\.(say|note|chart|number|series|table)\([^)]*[\"']")


def new_sector(project: Path, id: str, label: dict[str, str]) -> list[Path]:
    """Start a sector; returns the files that were written or added to.

    ``DataError`` if the id is none or taken, or one of the files is there already.
    """
    known = read_definitions(project)
    own = [project / FOLDER / f"{id}.toml", project / "notebooks" / f"{id}.ipynb"]
    problems = []
    if not re.fullmatch("[a-z][a-z0-9_]*", id):
        problems.append(Problem("bad_id", "livelihood new", words={"found": id}))
    elif id in (*known.sectors, OVERVIEW):
        problems.append(Problem("id_twice", "livelihood new", words={"found": id}))
    problems += [Problem("exists", p.relative_to(project).as_posix()) for p in own if p.exists()]
    if problems:
        raise DataError(problems)
    shared = project / FOLDER / "sectors.toml"
    about = {f"label.{language}": text for language, text in label.items()}
    block = toml_block(f"sectors.{id}", {**about, "words": [label["zh"]]})
    shared.write_text(f"{shared.read_text('utf-8')}\n{block}\n", "utf-8")
    own[0].write_text(
        f"# {label['zh']} · {label['en']}: README.md says what may stand here.\n", "utf-8"
    )
    own[1].write_text(_notebook(project, known.pages, id, label), "utf-8")
    return [shared, *own]


def _notebook(project: Path, pages: list[str], id: str, label: dict[str, str]) -> str:
    models = [project / "notebooks" / f"{page}.ipynb" for page in pages if page != OVERVIEW]
    model = min((path for path in models if path.exists()), key=lambda path: path.stat().st_size)
    notebook = json.loads(model.read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if not _OWN.search("".join(cell["source"]))]
    for cell in cells:
        if "".join(cell["source"]).startswith("# "):
            cell["source"] = [f"# {label[cell['metadata']['tags'][0]]}"]
        cell["source"] = [line.replace(f'"{model.stem}"', f'"{id}"') for line in cell["source"]]
    return json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1) + "\n"
