"""Write docs/dependencies.md: what the package is built on, with versions and licences.

Read from pyproject.toml and from the metadata of what is installed here, without any network:
`python docs/dependencies.py`.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
HEAD = """# What the package is built on

The libraries that the package asks for, and those that these ask for, as installed when this page
was made (`python docs/dependencies.py`); licences as each states its own.

| library | version | licence | asked for by us |
|---|---|---|---|
"""


def needed(requirements: Iterable[str]) -> list[str]:
    """The libraries in requirements that hold here, extras left out; names in normal form."""
    found = (
        r
        for r in map(Requirement, requirements)
        if not r.marker or r.marker.evaluate({"extra": ""})
    )
    return [re.sub(r"[-_.]+", "-", r.name).lower() for r in found]


def all_below(direct: list[str]) -> list[str]:
    """Libraries, those that they ask for, and so on, as far as they are installed."""
    found, left = set(), list(direct)
    while left:
        if (name := left.pop()) not in found:
            try:
                left += needed(requires(name) or ())
                found.add(name)
            except PackageNotFoundError:
                continue
    return sorted(found)


def licence(library: str) -> str:
    """A library's licence: its SPDX expression, else its classifiers, else its words."""
    about = metadata(library)
    classifiers = [
        c.split(" :: ")[-1] for c in about.get_all("Classifier") or () if c.startswith("License ::")
    ]
    words = (about.get("License") or "not stated").strip().splitlines()[0]
    return about.get("License-Expression") or ", ".join(classifiers) or words


def page() -> str:
    """The whole page."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    direct = needed(about["project"]["dependencies"])
    rows = [
        f"| {name} | {metadata(name)['Version']} | {licence(name)} | {'yes' * (name in direct)} |"
        for name in all_below(direct)
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(__file__).with_suffix(".md").write_text(page(), "utf-8")
