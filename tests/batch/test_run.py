"""A run for real: papermill, kernels, nbconvert, files; what is published and what is not."""

import json
import shutil

import nbformat
import pytest
from conftest import DEFINED

from livelihood import DataError, regions
from livelihood.batch.execute import check_parameters
from livelihood.batch.publish import published as found_in
from livelihood.batch.publish import write_front
from livelihood.project.paths import Edition, editions


def snapshot(folder):
    """Every file below a folder with its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_run_publishes_nine_pages_their_notebooks_and_indexes(published):
    pages = DEFINED.pages
    for language in ("zh", "en"):
        found = {path.name for path in (published / "duji/2019" / language).iterdir()}
        files = {f"{page}{ending}" for page in pages for ending in (".html", ".ipynb")}
        assert found == {"index.html", "data", "run.json", ".bodies"} | files
    assert {"index.html", "duji"} <= {p.name for p in published.iterdir()}


def test_executed_notebooks_ran_whole_with_the_parameters_given(published):
    for path in (published / "duji/2019/en").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(cell.execution_count for cell in code)
        injected = next(c for c in code if "injected-parameters" in c.metadata.tags)
        assert 'language = "en"' in injected.source
        assert not any(o.output_type in ("error", "stream") for c in code for o in c.outputs)


def test_pages_keep_the_prose_of_one_language(published):
    zh = (published / "duji/2019/zh/health.html").read_text(encoding="utf-8")
    en = (published / "duji/2019/en/health.html").read_text(encoding="utf-8")
    assert "全部数字" in zh and "Every figure" not in zh
    assert "Every figure" in en and "全部数字" not in en


def test_one_page_again_leaves_the_others_as_they_were(project, livelihood, published):
    shutil.copytree(published, project / "reports")
    before = snapshot(project / "reports/duji/2019/zh")
    notebook = project / "notebooks/culture.ipynb"
    notebook.write_text(
        notebook.read_text("utf-8").replace("文化站、农家书屋与", "书屋与"), "utf-8"
    )
    result = livelihood("run", "--region", "duji", "--sector", "culture")
    assert result.exit_code == 0, result.output
    after = snapshot(project / "reports/duji/2019/zh")
    changed = {name for name in after if after[name] != before[name]}
    assert after.keys() == before.keys()
    own = {"culture.html", "culture.ipynb", ".bodies/culture.json", "run.json"}
    assert own <= changed <= own | {"index.html", ".bodies/index.json"}


def test_a_failing_notebook_names_itself_and_the_others_still_run(project, livelihood, published):
    shutil.copytree(published, project / "reports")
    before = snapshot(project / "reports/duji")
    path = project / "notebooks/culture.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[6].source = "report.chart('no_such_chart')"
    nbformat.write(notebook, path)
    result = livelihood("run", "--region", "duji", *SECTORS, "--force")
    assert result.exit_code == 1
    assert "duji/2019/zh/culture failed in cell" in result.output
    assert "no_such_chart" in result.output and "✓ duji/2019/zh/housing" in result.output
    kept = project / "reports/failed/duji/2019/zh/culture.ipynb"
    assert "no_such_chart" in kept.read_text("utf-8")
    assert snapshot(project / "reports/duji") == before


SECTORS = ["--sector", "culture", "--sector", "housing"]
BAD = {
    "region": (["--region", "dujj"], "there are: duji"),
    "year": (["--region", "duji", "--year", "1999"], "2015, 2019"),
    "sector": (["--sector", "sport"], "education"),
}


@pytest.mark.parametrize("case", BAD)
def test_unknown_names_end_with_2_and_publish_nothing(project, livelihood, case):
    arguments, says = BAD[case]
    result = livelihood("run", *arguments)
    assert result.exit_code == 2
    assert says in result.output and "Traceback" not in result.output
    assert not (project / "reports").exists()


def test_bad_data_ends_with_2_before_anything_runs(project, livelihood, published):
    shutil.copytree(published, project / "reports")
    before = snapshot(project / "reports")
    path = project / "data/duji/2019/figures.csv"
    path.write_text(
        path.read_text("utf-8").replace("71亿元", "许多").replace("26个", "26户"), "utf-8"
    )
    result = livelihood("run", "--region", "duji")
    assert result.exit_code == 2
    assert "figures.csv row 2 column printed" in result.output
    assert "figures.csv row 16 column printed" in result.output
    assert snapshot(project / "reports") == before


def test_messages_come_in_chinese_too(project, livelihood):
    result = livelihood("run", "--language", "zh", "--region", "dujj")
    assert "没有地区“dujj”" in result.output


def test_parameters_are_checked_against_those_the_notebook_declares(project):
    path = project / "notebooks/culture.ipynb"
    text = path.read_text(encoding="utf-8")
    assert check_parameters(project, "culture") == []
    path.write_text(text.replace("year: int = 0", "jahr: int = 0"), "utf-8")
    (problem,) = check_parameters(project, "culture")
    assert "declares no parameter year" in problem.text("en") and "jahr" in problem.text("en")
    path.write_text(text.replace("year: int = 0", 'year: str = \\"2019\\"'), "utf-8")
    (problem,) = check_parameters(project, "culture")
    assert "parameter year is str; expected int" in problem.text("en")
    path.write_text("{", encoding="utf-8")
    assert "not a valid notebook" in check_parameters(project, "culture")[0].text("en")
    path.unlink()
    assert "does not exist" in check_parameters(project, "culture")[0].text("en")


def test_a_run_is_about_the_newest_release_of_every_region_by_default(project):
    other = project / "data/elsewhere"
    shutil.copytree(project / "data/duji", other)
    shutil.copytree(other / "2019", other / "2021")
    shutil.rmtree(project / "data/xiaoxian")
    assert editions(project) == [Edition("duji", 2019, "zh"), Edition("elsewhere", 2021, "zh")]
    both = [Edition("elsewhere", 2019, language) for language in ("zh", "en")]
    assert editions(project, "elsewhere", 2019, "both") == both
    with pytest.raises(DataError):
        editions(project, "nowhere")


def test_a_copy_of_a_region_is_named_and_passed_over(project, livelihood):
    shutil.copytree(project / "data/duji", project / "data/duji - 副本")
    assert "duji - 副本" not in regions(project)
    result = livelihood("run", "--year", "2010", "--sector", "culture")
    assert result.exit_code == 0, result.output
    assert "data/duji - 副本/ is passed over" in result.output


def test_an_unfinished_year_stops_no_run_of_another(project, livelihood):
    shutil.copytree(project / "data/duji/2010", project / "data/duji/2020")
    (project / "data/duji/2020/figures.csv").write_text("measure,printed\n,\n")
    result = livelihood("run", "--year", "2019", "--sector", "culture")
    assert result.exit_code == 0, result.output


def test_the_front_lists_what_is_published(project):
    for year in (2018, 2019):
        folder = project / f"reports/duji/{year}/zh"
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("x", encoding="utf-8")
    reports = project / "reports"
    write_front(project, reports, found_in(reports), DEFINED)
    html = (project / "reports/index.html").read_text(encoding="utf-8")
    assert html.index("duji/2019/zh/index.html") < html.index("duji/2018/zh/index.html")


def test_hostile_text_in_the_data_stays_text(project, livelihood):
    path = project / "data/duji/2019/figures.csv"
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("为人次，不是人数", hostile), encoding="utf-8")
    assert livelihood("run", "--region", "duji", "--sector", "education").exit_code == 0
    html = (project / "reports/duji/2019/zh/education.html").read_text(encoding="utf-8")
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_papermill_alone_runs_a_notebook_too(project):
    from papermill import execute_notebook

    out = project / "out.ipynb"
    path = str(project / "notebooks/culture.ipynb")
    execute_notebook(path, str(out), {"language": "en"}, progress_bar=False)
    assert "Farm libraries" in json.dumps(nbformat.read(out, as_version=4))
