"""Only what is stale is made again, and all that is: each kind of input is changed for real."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DEFINED

from livelihood.batch import plan
from livelihood.project.paths import Edition

EDITION = Edition("duji", 2019, "zh")
ALL = {*DEFINED.pages, "index"}


@pytest.fixture
def done(project, published) -> Path:
    """A project whose pages are all published and up to date."""
    shutil.copytree(published, project / "reports")
    assert why(project) == {}
    return project


def why(project: Path) -> dict[str, tuple[str, ...]]:
    """The stale pages of the edition with the reasons."""
    found = plan.plan(project, project / "reports", [EDITION], DEFINED.pages)
    assert found.inputs.keys() == set(found.jobs)
    return {s.job.sector: s.why for s in found.stale}


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def edit_figure(project: Path, measure: str, folder: str = "2019") -> None:
    """Give a figure of a measure another locator."""
    path = project / "data/duji" / folder / "figures.csv"
    lines = path.read_text("utf-8").splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith(f"{measure},"))
    lines[row] = lines[row].replace("¶", "¶¶")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def new_year(project: Path) -> None:
    """A later release."""
    shutil.copytree(project / "data/duji/2019", project / "data/duji/2021")


def fail(project: Path) -> None:
    """Note that a page could not be made again."""
    path = project / REPORTS / "run.json"
    record = json.loads(path.read_text("utf-8"))
    record["failed"] = {"health": {"cell": 1, "error": "x", "page_from": ""}}
    path.write_text(json.dumps(record), "utf-8")


REPORTS = "reports/duji/2019/zh"
SOURCES = "data/duji/2019/sources.toml"
CHANGES = {
    "a figure": (lambda p: edit_figure(p, "farm_libraries"), ALL),
    "a figure of another year": (lambda p: edit_figure(p, "rural_dibao_funds", "2014"), ALL),
    "a document": (lambda p: edit(p / SOURCES, 'title = "', 'title = "x'), ALL),
    "a correction": (lambda p: (p / "data/duji/2019/corrections.toml").write_text("[x]"), ALL),
    "the region": (lambda p: edit(p / "data/duji/region.toml", "2007", "2008"), ALL),
    "a later release": (new_year, ALL),
    "the census": (lambda p: edit(p / "data/census/anhui.csv", "239692", "239693"), ALL),
    "a file more": (lambda p: (p / "data/duji/notes.txt").write_text("x"), ALL),
    "a notebook": (lambda p: edit(p / "notebooks/culture.ipynb", "农家书屋", "书屋"), {"culture"}),
    "a page is gone": (lambda p: (p / REPORTS / "health.html").unlink(), {"health"}),
    "a page is cut short": (lambda p: (p / REPORTS / "health.html").write_text("<"), {"health"}),
    "a link is changed": (lambda p: edit(p / REPORTS / "health.html", ">2015<", ">x<"), {"health"}),
    "a notebook's result": (lambda p: edit(p / REPORTS / "health.ipynb", "1", "2"), {"health"}),
    "a body is gone": (lambda p: (p / REPORTS / ".bodies/health.json").unlink(), {"health"}),
    "a body": (lambda p: edit(p / REPORTS / ".bodies/health.json", "1", "2"), {"health"}),
    "a page failed": (fail, {"health"}),
    "an export is gone": (lambda p: (p / REPORTS / "data/observations.csv").unlink(), {"index"}),
    "no record": (lambda p: (p / REPORTS / "run.json").unlink(), ALL),
    "a broken record": (lambda p: (p / REPORTS / "run.json").write_text("{"), ALL),
    "an odd record": (lambda p: (p / REPORTS / "run.json").write_text("[]"), ALL),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_stale_what_depends_on_it(done, change):
    act, pages = CHANGES[change]
    act(done)
    assert set(why(done)) == pages


@pytest.mark.parametrize(
    "file", ["report/charts/drawing.py", "quantity/units.toml", "site/template/page.css"]
)
def test_a_change_of_the_package_makes_all_stale(done, tmp_path, monkeypatch, file):
    copy = tmp_path / "package"
    shutil.copytree(plan.PACKAGE, copy)
    monkeypatch.setattr(plan, "PACKAGE", copy)
    assert why(done) == {}
    (copy / file).write_bytes((copy / file).read_bytes() + b"\n")
    assert why(done) == dict.fromkeys(ALL, ("package",))


@pytest.mark.parametrize("library", ["matplotlib-99.0.dist-info", "nbconvert-0.1.egg-info"])
def test_another_version_of_a_library_makes_all_stale(done, tmp_path, monkeypatch, library):
    monkeypatch.syspath_prepend(tmp_path)
    assert why(done) == {}
    (tmp_path / library).mkdir()
    assert why(done) == dict.fromkeys(ALL, ("libraries",))


def test_every_library_that_can_change_a_page_is_found():
    for library in plan.LIBRARIES:
        assert f" {library}-" in plan.libraries()
    assert plan.libraries().startswith(sys.version.split()[0])


def test_parameters_have_pages_of_their_own(done):
    shutil.rmtree(done / "reports/duji/2019/en")
    english = Edition("duji", 2019, "en")
    found = plan.plan(done, done / "reports", [EDITION, english], DEFINED.pages)
    assert {job.edition for job in found.jobs} == {english} and len(found.jobs) == len(ALL)


def test_nothing_to_do_is_said_at_once_and_force_makes_all(done, livelihood):
    result = livelihood("run", "--region", "duji", "--why")
    assert result.exit_code == 0
    assert "no page is out of date" in result.output
    assert f"{len(ALL)} pages are up to date" in result.output
    found = plan.plan(done, done / "reports", [EDITION], ALL, force=True)
    assert {s.why for s in found.stale} == {("--force",)}


def test_nothing_to_do_imports_none_of_the_libraries(done):
    code = (
        "import sys; from livelihood.cli import main; "
        "main(['run', '--region', 'duji'], standalone_mode=False); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv[1].split())))"
    )
    heavy = (
        "pandas numpy matplotlib seaborn papermill nbconvert nbformat jupyter_client tqdm jinja2 "
        "multiprocessing"
    )
    done_ = subprocess.run([sys.executable, "-c", code, heavy], capture_output=True, text=True)
    assert done_.stdout.splitlines()[-1] == "[]", done_.stderr
