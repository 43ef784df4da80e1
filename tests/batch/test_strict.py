"""Read strictly: what words such as 近 and 约 leave unsaid is open on every page, which says so."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import GOLDEN, RELEASES
from papermill.cli import papermill

import livelihood as lv
from livelihood.batch.make import Made, make
from livelihood.batch.plan import Job
from livelihood.batch.publish import Work, publishable
from livelihood.display.messages import say
from livelihood.project.paths import Edition
from livelihood.site.page import PageExporter

REGION, YEAR = GOLDEN
WORDS = ["run", "--region", REGION, "--year", str(YEAR), "--sector", "health"]
PLACE = Path("reports", REGION, str(YEAR), "zh")
SAID = say("strict_page", "zh")


@pytest.mark.parametrize(("region", "year"), RELEASES)
def test_no_end_rests_on_a_convention(region, year):
    release = lv.load(region, year, strict=True)
    report = lv.open_report("overview", region, year, "zh", strict=True)
    assert (report.release.observations == release.observations).sum().sum() > 0
    bounds = [d.figure.quantity.bounds for d in release.timeline]
    bounds += [result.amount.bounds for result in release.computed.values()]
    assert not [b for b in bounds if "convention" in (b.low_origin, b.high_origin)]


def test_a_series_is_read_as_its_report_is():
    usual, strict = (
        lv.open_report("elderly_care", *GOLDEN, "zh", strict=s).series("resident_pension_insured")
        for s in (False, True)
    )
    assert "convention" in set(usual["low_origin"]) - set(strict["low_origin"])


def test_what_is_open_holds_all_that_was_there():
    usual, strict = (lv.load(*GOLDEN, strict=s).computed for s in (False, True))
    assert usual.keys() == strict.keys()
    opened = 0
    for id, result in usual.items():
        inner, outer = result.amount.bounds, strict[id].amount.bounds
        assert outer.low is None or (inner.low is not None and outer.low <= inner.low)
        assert outer.high is None or (inner.high is not None and outer.high >= inner.high)
        opened += inner != outer
        assert (inner == outer) != ("convention" in (inner.low_origin, inner.high_origin))
    assert opened


@pytest.mark.parametrize(
    ("printed", "ends"),
    [("近7万人", (0, 70_000)), ("约13万人", (0, None)), ("2000余万元", (2e7, 3e7))],
)
def test_words_are_read_as_far_as_they_go(printed, ends):
    figures = {f.printed: f for f in lv.load(*GOLDEN, strict=True).figures}
    assert (figures[printed].quantity.low, figures[printed].quantity.high) == ends


@pytest.mark.parametrize(
    ("printed", "dimension", "ends"),
    [
        ("增长约5%", "change", (0, None)),
        ("下降近5%", "change", (None, 0)),
        ("约80%", "share", (0, 1)),
    ],
)
def test_an_open_end_stops_where_its_measure_does(printed, dimension, ends):
    quantity = lv.parse_quantity(printed, dimension, strict=True)
    assert quantity.low == ends[0] or (ends[0] is None and quantity.low < 0)
    assert quantity.high == ends[1]


def test_a_strict_set_says_so_and_no_page_of_it_stands_in_for_an_ordinary_one(project, livelihood):
    done = livelihood(*WORDS, "--strict")
    assert done.exit_code == 0, done.output
    pages = [PLACE / "health.html", PLACE / "index.html", Path("reports/index.html")]
    assert all(SAID in page.read_text("utf-8") for page in pages)
    assert json.loads((PLACE / "run.json").read_text("utf-8"))["strict"] is True
    assert ",convention" not in (PLACE / "data/observations.csv").read_text("utf-8")
    assert livelihood("export", "--region", REGION, "--year", str(YEAR)).exit_code == 0
    assert ",convention" not in (PLACE / "data/observations.csv").read_text("utf-8")

    notebook = project / "notebooks/health.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("report.checks()", "1 / 0"), "utf-8")
    assert livelihood(*WORDS, "--allow-partial").exit_code == 1
    assert json.loads((PLACE / "run.json").read_text("utf-8"))["strict"] is False
    assert "这一页没有做成" in pages[0].read_text("utf-8")
    assert not any(SAID in page.read_text("utf-8") for page in pages)


def test_strict_and_ordinary_pages_do_not_stand_in_one_set(project, livelihood, published):
    shutil.copytree(published, project / "reports")
    before = (PLACE / "health.html").read_bytes()
    done = livelihood(*WORDS, "--strict")
    assert done.exit_code == 2
    assert "ordinary pages" in done.output and "--output" in done.output
    assert f"{REGION}/{YEAR}/en, {REGION}/{YEAR}/zh" in done.output
    assert (PLACE / "health.html").read_bytes() == before


def test_all_or_none_is_published_where_another_kind_would_stay(tmp_path):
    zh, en = (Edition(REGION, YEAR, language, strict=True) for language in ("zh", "en"))
    for edition in (zh, en):
        (tmp_path / edition.folder).mkdir(parents=True)
        (tmp_path / edition.folder / "index.html").touch()
    made = [Made(Job(zh, "health"), 1.0), Made(Job(en, "health"), 1.0, 3, "Error: no")]
    assert publishable(Work(tmp_path, tmp_path, tmp_path, {}, {}, made=made), tmp_path) == []
    shutil.rmtree(tmp_path / en.folder)
    assert publishable(Work(tmp_path, tmp_path, tmp_path, {}, {}, made=made), tmp_path) == [zh]


def test_a_notebook_that_knows_no_strict_is_refused_in_a_strict_run_alone(project, livelihood):
    notebook = project / "notebooks/health.ipynb"
    text = notebook.read_text("utf-8")
    notebook.write_text(text.replace("strict: bool", "loose: bool"), "utf-8")
    done = livelihood(*WORDS, "--strict")
    assert done.exit_code == 2 and "declares no parameter strict" in done.output
    assert not Path("reports/index.html").exists()


def test_a_notebook_that_knows_no_strict_is_given_none(project, livelihood, caplog):
    notebook = project / "notebooks/health.ipynb"
    text = notebook.read_text("utf-8").replace(", strict=strict", "")
    text = text.replace("strict: bool = False", "district: bool = False")
    notebook.write_text(text, "utf-8")
    given = Job(Edition(REGION, YEAR, "zh"), "health")
    release = lv.load(REGION, YEAR, "zh", project)
    made = make(given, project, project, release, 60)
    assert not made.error
    assert "unknown parameter" not in caplog.text


def test_papermill_s_parameter_is_what_nbconvert_says(project):
    words = ["-p", "region", REGION, "-p", "year", str(YEAR), "-p", "strict", "true"]
    out = str(project / "notebooks/out.ipynb")
    done = CliRunner().invoke(papermill, ["notebooks/health.ipynb", out, *words])
    assert done.exit_code == 0, done.output
    page, _ = PageExporter().from_filename(out)
    assert SAID in page and "范围依据：估读" not in page
