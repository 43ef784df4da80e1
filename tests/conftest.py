"""Shared by all tests: hypothesis profiles, a project of one's own, a published one, a browser."""

import os
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from livelihood.cli import main
from livelihood.project.definitions import read_definitions

ROOT = Path(__file__).parent.parent
YEARS = sorted(int(f.name) for f in (ROOT / "data" / "duji").glob("[12][0-9][0-9][0-9]"))
DEFINED = read_definitions(ROOT)
NOTEBOOKS = sorted(DEFINED.pages)
EDITIONS = [f"duji/{year}/{language}" for year in YEARS for language in ("zh", "en")]
PAGES = ["index.html", *(f"{e}/{name}.html" for e in EDITIONS for name in ["index", *NOTEBOOKS])]

_SLOW = [HealthCheck.too_slow]  # a busy machine is no defect of the data
settings.register_profile("ci", max_examples=10_000, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("quick", max_examples=200, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser):
    """`--whole`: the fault campaign with all its faults."""
    parser.addoption("--whole", action="store_true", help="inject every fault, not a few")


def pytest_collection_modifyitems(config, items):
    """Leave out what only the whole campaign has."""
    if not config.getoption("--whole"):
        left_out = [item for item in items if item.get_closest_marker("whole")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter):
    """Print how many faults of each kind were injected, and how many survived."""
    injected, survived = Counter(), Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == "fault" and report.when == "call":
                    injected[value[0]] += value[1]
                    survived[value[0]] += value[1] * (outcome == "passed")
    if injected:
        terminalreporter.section("faults: injected, survived")
        for fault in sorted(injected):
            terminalreporter.write_line(f"{fault:40} {injected[fault]:4} {survived[fault]:4}")
        totals = f"{sum(injected.values()):4} {sum(survived.values()):4}"
        terminalreporter.write_line(f"{'all':40} {totals}")


def copy_project(folder: Path) -> Path:
    """The project's data and notebooks in a folder of their own."""
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_*"))
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project to spoil; the working directory is in it."""
    monkeypatch.chdir(copy_project(tmp_path / "project"))
    return Path.cwd()


@pytest.fixture
def livelihood(monkeypatch):
    """The command line; returns click's result."""
    monkeypatch.setenv("LIVELIHOOD_LANGUAGE", "en")
    return lambda *words: CliRunner().invoke(main, words)


@pytest.fixture(scope="session")
def published(tmp_path_factory, worker_id) -> Path:
    """A project whose every release was run for real, in both languages; the reports folder.

    The workers of pytest-xdist share one: the first to come makes it, the others wait.
    """
    if worker_id == "master":
        return publish(tmp_path_factory.mktemp("published") / "project")
    shared = tmp_path_factory.getbasetemp().parent / "published"
    try:
        shared.mkdir()
    except FileExistsError:
        while not (shared / "done").exists():
            time.sleep(0.5)
        return shared / "project" / "reports"
    try:
        return publish(shared / "project")
    finally:
        (shared / "done").touch()


def publish(folder: Path) -> Path:
    """Run every release of a copy of the project; returns its reports folder."""
    project, before = copy_project(folder), Path.cwd()
    os.chdir(project)
    try:
        for year in YEARS:
            words = ["run", "--language", "both", "--year", str(year)]
            result = CliRunner().invoke(main, words)
            assert result.exit_code == 0, result.output
    finally:
        os.chdir(before)
    return project / "reports"


@pytest.fixture(scope="session")
def browser():
    """The machine's Chromium, headless; its profile is new and it calls nobody."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: the browser tests need one")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, published):
    """Open a published page; gives the page and what it asked for or complained of."""
    contexts = []

    def open_page(name: str, width: int = 1100, scheme: str = "light"):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        page, noise = context.new_page(), []
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: noise.append(request.url)
                if not request.url.startswith(("file:", "data:")) else None)  # fmt: skip
        page.goto((published / name).as_uri())
        page.evaluate("document.fonts.ready")
        return page, noise

    yield open_page
    for context in contexts:
        context.close()
