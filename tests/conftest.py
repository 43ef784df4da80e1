"""Shared by all tests: hypothesis profiles, a project of one's own, a published one, a browser."""

import fcntl
import os
import shutil
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from livelihood.batch import run
from livelihood.batch.kernels import launch
from livelihood.batch.plan import How
from livelihood.cli import main
from livelihood.project.definitions import read_definitions
from livelihood.project.paths import Edition, regions, years

# As in a user's shell: some hundred processes need not compile the package anew each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# As a run does (`batch.run`): JupyterLab's checker of addresses takes seconds of import, and
# nothing that nbformat validates has one. Set before a test imports nbformat.
sys.modules["rfc3987_syntax"] = None

ROOT = Path(__file__).parent.parent
DEFINED = read_definitions(ROOT)
NOTEBOOKS = sorted(DEFINED.pages)


def figure_count(release: tuple[str, int]) -> int:
    """How many rows the sheet of a release has."""
    region, year = release
    return len((ROOT / "data" / region / str(year) / "figures.csv").read_text("utf-8").splitlines())


RELEASES = [(region, year) for region in regions(ROOT) for year in years(region, ROOT)]
GOLDEN = ("duji", 2019)  # whose every number the tests know
SPARSEST = min(RELEASES, key=figure_count)
SHORT = {GOLDEN, SPARSEST}  # looked at each time; all with --whole


def pages_of(release: tuple[str, int]) -> list[str]:
    """The pages of a release in both languages, its fronts among them."""
    region, year = release
    names = ["index", *NOTEBOOKS]
    return [f"{region}/{year}/{e}/{name}.html" for e in ("zh", "en") for name in names]


def whole(*values):
    """Parameters that only `--whole` has."""
    return [pytest.param(value, marks=pytest.mark.whole) for value in values]


def few(names):
    """Every page that is published, as parameters; others than these only with `--whole`."""
    every = ["index.html", *(page for release in RELEASES for page in pages_of(release))]
    return [*names, *whole(*(page for page in every if page not in names))]


PAGES = few(["index.html", *(page for r in RELEASES if r in SHORT for page in pages_of(r))])

_SLOW = [HealthCheck.too_slow]  # a busy machine is no defect of the data
settings.register_profile("ci", max_examples=10_000, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("quick", max_examples=200, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_configure():
    """What a test starts can be interrupted, also if our own caller (nohup, `&`) ignores that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    """`--whole`: every fault, every release's pages in a browser."""
    parser.addoption("--whole", action="store_true", help="every fault, every release, not a few")


def pytest_collection_modifyitems(config, items):
    """Leave out what only `--whole` has."""
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


@pytest.fixture(scope="session")
def shared_zygote():
    """What starts a zygote, but for the first time: the runs within a worker have one in common.

    Each gets an address of its own, which it clears away. Runs in processes of their own, of which
    there are many in batch/ and faults/, start theirs.
    """
    started, real = [], launch.start_zygote

    def start(*words):
        if not started:
            started.append(real(*words))
        folder = launch.private_folder()
        (folder / "zygote").symlink_to(started[0][0])
        clear = partial(shutil.rmtree, folder, ignore_errors=True)
        return str(folder / "zygote"), bool, clear

    yield start
    for *_, stop in started:
        stop()


@pytest.fixture
def livelihood(monkeypatch, shared_zygote):
    """The command line; returns click's result."""
    monkeypatch.setenv("LIVELIHOOD_LANGUAGE", "en")
    monkeypatch.setattr(launch, "start_zygote", shared_zygote)
    return lambda *words: CliRunner().invoke(main, words)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id):
    """A folder that takes long to make, by its name: the first worker that wants it makes it, the
    others wait and find it, as pytest-xdist's documentation has it."""
    own = tmp_path_factory.getbasetemp()
    root = own if worker_id == "master" else own.parent

    def once(name: str, make) -> Path:
        folder, done = root / name, root / f"{name}.done"
        with open(root / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def published(made_once, pytestconfig, shared_zygote) -> Path:
    """A project whose releases were run for real, in both languages; the reports folder.

    All releases with `--whole`.
    """
    wanted = RELEASES if pytestconfig.getoption("--whole") else sorted(SHORT)

    def publish(project: Path) -> None:
        copy_project(project)
        editions = [Edition(*release, language) for release in wanted for language in ("zh", "en")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(launch, "start_zygote", shared_zygote)
            reports = project / "reports"
            _, made = run.run(project, reports, editions, NOTEBOOKS, How(), print, lambda _: None)
        assert not [page.error for page in made if page.error]

    return made_once("published", publish) / "reports"


@pytest.fixture(scope="session")
def browser():
    """The machine's Chromium or Playwright's own, headless; a new profile, and it calls nobody."""
    playwright = pytest.importorskip("playwright.sync_api")
    known = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, known)), None)  # none: Playwright's
    left_out = ("gpu", "background-networking", "component-update", "sync")
    quiet = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in left_out)]
    with playwright.sync_playwright() as p:
        if not Path(chromium or p.chromium.executable_path).exists():
            pytest.skip("left out: no Chromium, which the browser tests need (see README)")
        browser = p.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


@contextmanager
def one_tab(browser, **how):
    """A tab for many pages, since a new one is a new process, and what the page in it asked for
    (but data) or complained of."""
    context = browser.new_context(offline=True, reduced_motion="reduce", **how)
    page, noise = context.new_page(), []

    def dismiss(dialog) -> None:
        noise.append("dialog")
        dialog.dismiss()

    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("dialog", dismiss)
    page.on("request", lambda r: None if r.url.startswith("data:") else noise.append(r.url))
    yield page, noise
    context.close()


def visit(tab, path: Path, width: int = 1100):
    """Open a file in a tab as a reader does, by day; what was noted before is forgotten."""
    page, noise = tab
    page.emulate_media(color_scheme="light", media="null")  # and print on paper
    page.set_viewport_size({"width": width, "height": 800})
    noise.clear()
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    noise.remove(path.as_uri())
    return page, noise


@pytest.fixture(scope="session")
def tab(browser):
    """The tab of a worker."""
    with one_tab(browser) as tab:
        yield tab


@pytest.fixture
def opened(tab, published):
    """Open a published page; gives the page and what it asked for or complained of."""
    return lambda name, width=1100: visit(tab, published / name, width)
