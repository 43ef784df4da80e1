"""Bad input, tried through the command: exit status 2, place, what was found; nothing published.

Each case runs in a fork of its own that may take 100 MB more memory and 5 s of processor time.
"""

import io
import json
import os
import resource
import signal
from contextlib import redirect_stderr
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import spoil
from bad_inputs import FIGURES, bad_inputs, put
from click.testing import CliRunner
from conftest import whole
from test_sheet import make

import livelihood
from livelihood.batch.kernels import launch
from livelihood.cli import main

for each in walk_packages(livelihood.__path__, "livelihood."):
    if not each.name.endswith("__main__"):
        import_module(each.name)  # here, as a fork has little memory for it

MEMORY, SECONDS, WALL = 100_000_000, 5, 60
SOURCE = '[s]\ntitle = "t"\npublisher = "p"\ndate = "2020-01-01"\n'


def beside_their_readers():
    """The cases that stand beside the tests of those who read them; here, through the command."""
    for name, case in bad_inputs("release/bad-releases.toml").items():
        yield f"release_{name}", case
    for name, case in bad_inputs("project/bad-definitions.toml").items():
        yield f"definition_{name}", case
    for name, case in bad_inputs("release/sheets.toml").items():
        if "says" in case:
            yield f"sheet_{name}", {**case, "sheet": True}


OWN = bad_inputs("faults/bad-inputs.toml")
CAMPAIGN = OWN | dict(beside_their_readers())
SHORT = [*[*OWN][::4], *[name for name in CAMPAIGN if name not in OWN][::20]]
NAMES = [*SHORT, *whole(*(name for name in CAMPAIGN if name not in SHORT))]


def test_the_campaign_is_wide():
    files = {case.get("file", FIGURES) for case in CAMPAIGN.values()}
    assert len(CAMPAIGN) >= 110
    assert {
        "data/definitions/health.toml",
        "data/census/anhui.csv",
        "data/duji/region.toml",
        "notebooks/culture.ipynb",
        "data/duji/2019/corrections.toml",
    } <= files
    used = {case["made"] for case in CAMPAIGN.values() if "made" in case}
    there = {n for n, f in vars(spoil).items() if callable(f) and f.__module__ == "spoil"}
    assert used == there - {"parts", "rows", "workbook", "_notebook", "_entities", "Path"}


@pytest.mark.parametrize("name", NAMES)
def test_bad_input_is_refused_with_its_place(project, monkeypatch, name):
    case = CAMPAIGN[name]
    prepare(project, case)
    monkeypatch.setenv("LIVELIHOOD_LANGUAGE", "en")
    words = case.get("command", ["run", "--year", "2019"])
    status, text = attempt(words)
    assert status == case.get("status", 2), text
    for said in case["says"]:
        assert said in text
    assert "Traceback" not in text and str(project) not in text and "object at 0x" not in text
    assert not {c for c in text if not c.isprintable() and c not in "\r\n\u3000"}  # the bar's
    assert len(text) < 100_000
    assert not list(project.glob("reports/*"))


def prepare(project, case):
    """Spoil the project in the way that the case says: a sheet, or any file."""
    if case.get("sheet"):
        path = project / FIGURES
        path.unlink()
        make(path.parent, case)
        path.with_name("sources.toml").write_text(SOURCE, "utf-8")
    else:
        put(project, case)


def attempt(words):
    """The exit status of a command and what it said, from a fork with limits."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            limit()
            os.write(writer, run(words))
        finally:
            os._exit(9)
    os.close(writer)
    with open(reader, "rb") as file:
        answer = file.read()
    _, status = os.waitpid(pid, 0)
    assert answer, f"ended by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "died"
    return json.loads(answer)


def run(words):
    stray = io.StringIO()
    with redirect_stderr(stray):
        result = CliRunner().invoke(main, words)
    text = result.output + stray.getvalue()
    if result.exception and not isinstance(result.exception, SystemExit):
        text += f"Traceback: {result.exception!r}"
    return json.dumps([result.exit_code, text]).encode()


def limit():
    """At most so much more memory than now, and so much processor time."""
    signal.alarm(WALL)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    launch.start_zygote = lambda *_: launch.NO_ZYGOTE  # a process beside, with no data in it
