"""Write docs/dependencies.md: what the package installs, with versions and licences.

Read from the metadata of what is installed here, without any network: `python docs/dependencies.py`.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path

from packaging.requirements import Requirement

HEAD = """# What the package is built on

The libraries that `pip install livelihood` brings, directly and through others, as installed when this
page was made (`python docs/dependencies.py`); licences as each states its own.

| library | version | licence | asked for by us |
|---|---|---|---|
"""


def name_of(text: str) -> str:
    """A library's name in its normal form."""
    return re.sub(r"[-_.]+", "-", text).lower()


def asked(library: str) -> list[str]:
    """The libraries that one asks for here, its extras left out."""
    found = map(Requirement, requires(library) or ())
    return [name_of(r.name) for r in found if not r.marker or r.marker.evaluate({"extra": ""})]


def all_below(library: str) -> list[str]:
    """A library's dependencies, theirs and so on."""
    found, left = set(), asked(library)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            try:
                left += asked(name)
            except PackageNotFoundError:
                found.discard(name)
    return sorted(found)


def licence(library: str) -> str:
    """A library's licence: its SPDX expression, else its classifiers, else its words."""
    about = metadata(library)
    classifiers = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or ()
                   if c.startswith("License ::")]  # fmt: skip
    words = (about.get("License") or "").strip().splitlines()
    chosen = (
        about.get("License-Expression") or ", ".join(classifiers) or (words or ["not stated"])[0]
    )
    return chosen.replace("|", "/")


def page() -> str:
    """The whole page."""
    direct = asked("livelihood")
    rows = [
        f"| {name} | {metadata(name)['Version']} | {licence(name)} | {'yes' * (name in direct)} |"
        for name in all_below("livelihood")
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(__file__).with_suffix(".md").write_text(page(), "utf-8")
