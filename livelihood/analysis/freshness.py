"""A running kernel sees what changed on disk: definitions are read again once a file differs.

Figures and the census are followed by their own readers. The words of units and qualifiers are
compiled when the package is imported: after a change there, the kernel has to be restarted.
"""

from __future__ import annotations

from livelihood.display import messages
from livelihood.project import definitions
from livelihood.release import observations

Stamp = tuple[tuple[str, int, int], ...]
_seen: list[Stamp] = []  # the one that what is in memory was read from


def follow_definitions() -> None:
    """Forget definitions, messages and the figures read by them, if a file has changed since."""
    stamp = _stamp()
    if _seen == [stamp]:
        return
    if _seen:
        for forget in (
            definitions.definitions, messages._messages, observations._known_words,
            observations._read_folder,
        ):  # fmt: skip
            forget.cache_clear()
    _seen[:] = [stamp]


def _stamp() -> Stamp:
    files = sorted(messages.DEFINITIONS.glob("*.toml"))
    return tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files)
