"""Only what is stale is made again, and all that is: each kind of input is changed for real."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DEFINED, ROOT, copy_project

from livelihood.analysis.release import check_all, load
from livelihood.batch import plan, preload
from livelihood.batch.make import make
from livelihood.batch.rests import EVERYTHING, measures
from livelihood.project.editions import Edition, Job

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
    return {s.job.sector: s.why for s in plan.plan(project, [EDITION], DEFINED.pages).stale}


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


REPORTS = "reports/duji/2019/zh"
CULTURE = {"overview", "culture", "index"}
CHANGES = {
    "a figure": (lambda p: edit_figure(p, "farm_libraries"), CULTURE),
    "a figure of another year": (lambda p: edit_figure(p, "rural_dibao_funds", "2014"),
                                 {"overview", "safety_net", "index"}),
    "a document": (lambda p: edit(p / "data/duji/2019/sources.toml", 'title = "', 'title = "x'),
                   ALL),
    "a document's date": (lambda p: edit(p / "data/duji/2019/sources.toml", "2020-", "2021-"), ALL),
    "a correction": (lambda p: (p / "data/duji/2019/corrections.toml").write_text("[x]"), ALL),
    "standing figures": (lambda p: edit(p / "data/duji/reference/figures.csv", "towns,", "towns ,"),
                         {"index"}),  # read all the same
    "the region": (lambda p: edit(p / "data/duji/region.toml", "2007", "2008"), ALL),
    "a later release": (new_year, ALL),
    "the census": (lambda p: edit(p / "data/census/anhui.csv", "239692", "239693"), ALL),
    "a file more": (lambda p: (p / "data/duji/notes.txt").write_text("x"), ALL),
    "a notebook": (lambda p: edit(p / "notebooks/culture.ipynb", "农家书屋", "书屋"), {"culture"}),
    "a page is gone": (lambda p: (p / REPORTS / "health.html").unlink(), {"health"}),
    "a page is cut short": (lambda p: (p / REPORTS / "health.html").write_text("<"), {"health"}),
    "a notebook's result": (lambda p: edit(p / REPORTS / "health.ipynb", "1", "2"), {"health"}),
    "an export is gone": (lambda p: (p / REPORTS / "data/observations.csv").unlink(), {"index"}),
    "no record": (lambda p: (p / REPORTS / "run.json").unlink(), ALL),
    "a broken record": (lambda p: (p / REPORTS / "run.json").write_text("{"), ALL),
    "an odd record": (lambda p: (p / REPORTS / "run.json").write_text("[]"), ALL),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_stale_what_depends_on_it(done, change):
    act, pages = CHANGES[change]
    act(done)
    assert set(why(done)) == pages


@pytest.mark.parametrize(
    "file", ["report/charts.py", "quantity/units.toml", "site/template/page.css"]
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
    assert len(plan.plan(done, [EDITION, english], DEFINED.pages).stale) == len(ALL)


def test_nothing_to_do_is_said_at_once_and_force_makes_all(done, livelihood):
    result = livelihood("run", "--why")
    assert result.exit_code == 0
    assert "no page is out of date" in result.output and "10 pages are up to date" in result.output
    assert {s.why for s in plan.plan(done, [EDITION], ALL, force=True).stale} == {("--force",)}


def test_nothing_to_do_imports_none_of_the_libraries(done):
    code = (
        "import sys; from livelihood.cli import main; main(['run'], standalone_mode=False); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv[1].split())))"
    )
    heavy = "pandas numpy matplotlib seaborn papermill nbconvert nbformat jupyter_client tqdm"
    done_ = subprocess.run([sys.executable, "-c", code, heavy], capture_output=True, text=True)
    assert done_.stdout.splitlines()[-1] == "[]", done_.stderr


def test_one_figure_reruns_its_pages_and_the_rest_is_as_if_made_again(done, livelihood):
    edit_figure(done, "farm_libraries")
    result = livelihood("run", "--why")
    assert result.exit_code == 0, result.output
    assert "duji/2019/zh/culture: 2019 farm_libraries" in result.output
    assert "7 pages are up to date" in result.output and why(done) == {}
    checksum = load("duji", 2019, project=done).checksum
    page = (done / REPORTS / "health.html").read_text("utf-8")
    assert checksum in page and (done / REPORTS / "health.ipynb").read_text("utf-8").count(checksum)
    record = json.loads((done / REPORTS / "run.json").read_text("utf-8"))
    assert record["checksum"] == checksum and set(record["pages"]) == ALL


def without_links(html: str) -> str:
    """A page without the links to other editions."""
    before, _, rest = html.partition('<nav class="editions"')
    return before + rest.partition("</nav>")[2]


def _one_more(digit: re.Match) -> str:
    return str(int(digit[0]) + 1)


def disturb(data: Path, kept: set[str]) -> int:
    """Change every figure of a region but those of some measures; returns how many."""
    changed = 0
    for path in data.glob("*/figures.csv"):
        rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
        for row in rows:
            if row["measure"] not in kept:
                if "%" not in row["printed"]:  # which could come out above 100 %
                    row["printed"] = re.sub("[1-8]", _one_more, row["printed"], count=1)
                row["locator"] += "?"
                changed += 1
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return changed


NARROW = [s for s in DEFINED.pages if s != "overview"]


@pytest.fixture(scope="module")
def zygote():
    """Warm kernels for the pages made here."""
    with preload.kernels("warm"):
        yield


@pytest.mark.parametrize("sector", NARROW)
def test_a_page_keeps_its_bytes_when_all_it_does_not_rest_on_changes(
    sector, published, tmp_path, zygote
):
    kept = measures(sector, ROOT / "notebooks" / f"{sector}.ipynb")
    assert kept and EVERYTHING not in kept
    project = copy_project(tmp_path / "project")
    before = load("duji", 2019, project=project).checksum
    assert disturb(project / "data/duji", kept) > 30
    assert check_all(project)[1] == []
    made = make(Job(EDITION, sector), tmp_path, project, None, 60)
    assert not made.error
    after = load("duji", 2019, project=project).checksum
    page = (tmp_path / f"{sector}.html").read_text("utf-8")
    page = page.replace(after, before).replace(after[:16], before[:16])
    was = (published / "duji/2019/zh" / f"{sector}.html").read_text("utf-8")
    assert without_links(page) == without_links(was)


@pytest.mark.parametrize("code", [
    "import pandas", "report.release.observations", "open('x')", "report.revisions()",
    "report.release.indicators.query(\"sector == 'health'\")", "x = report.release", "(",
    "report.release.observations.query(\"sector == 'culture' or sector == 'health'\")",
])  # fmt: skip
def test_a_notebook_that_does_more_than_ask_rests_on_everything(tmp_path, code):
    notebook = json.loads((ROOT / "notebooks/culture.ipynb").read_text("utf-8"))
    notebook["cells"].append({"cell_type": "code", "source": [code]})
    path = tmp_path / "culture.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    assert measures("culture", path) == {EVERYTHING}


def test_a_page_rests_on_what_its_notebook_names(tmp_path):
    notebook = json.loads((ROOT / "notebooks/culture.ipynb").read_text("utf-8"))
    assert "cataract_operations" in DEFINED.measures
    source = ["report.say(zh='{cataract_operations}', en='')"]
    notebook["cells"].append({"cell_type": "code", "source": source})
    path = tmp_path / "culture.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    assert "cataract_operations" in measures("culture", path)
    assert "cataract_operations" not in measures("culture", ROOT / "notebooks/culture.ipynb")
