"""Which project is meant: the one that a notebook or a command stands in, and never another."""

import shutil

import pytest
from conftest import ROOT, copy_project

from livelihood.analysis.release import load
from livelihood.display.messages import DataError
from livelihood.project.paths import find_project
from livelihood.report.report import open_report

COMMANDS = {
    "run": ["run"],
    "check": ["check"],
    "export": ["export"],
    "lab": ["lab"],
    "new": ["new", "2026", "--region", "elsewhere", "--code", "340603"],
    "audit": ["audit", "--region", "duji", "--year", "2019", str(ROOT / "README.md")],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_where_no_project_is_every_command_says_so(livelihood, tmp_path, monkeypatch, name):
    (tmp_path / "data").mkdir()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    found = livelihood(*COMMANDS[name])
    assert found.exit_code == 2
    assert "no project" in found.output and str(tmp_path) in found.output
    assert {p.name for p in tmp_path.rglob("*")} == {"data", "notebooks"}


@pytest.mark.parametrize("name", ["run", "check", "export"])
def test_a_project_without_a_region_says_how_to_start_one(livelihood, tmp_path, monkeypatch, name):
    shutil.copytree(ROOT / "data/definitions", tmp_path / "data/definitions")
    monkeypatch.chdir(tmp_path)
    found = livelihood(*COMMANDS[name])
    assert found.exit_code == (1 if name == "check" else 2)
    assert "livelihood new YEAR" in found.output


def test_a_notebook_shows_the_project_that_it_stands_in(project, tmp_path, monkeypatch):
    """Not that of the checkout which the package is installed from."""
    figures = project / "data/duji/2019/figures.csv"
    figures.write_text(figures.read_text("utf-8").replace("79个", "97个"), "utf-8")
    monkeypatch.chdir(project / "notebooks")
    assert find_project() == project
    assert open_report("culture", "duji", 2019).release.figure("farm_libraries").printed == "97个"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="project="):
        load("duji", 2019)


def test_a_notebook_s_heading_says_which_project_its_figures_are_of(project, monkeypatch):
    report = open_report("culture", "duji", 2019, "en")
    assert report.key_points().data.startswith(f"Data: {project}/data/duji/2019\n")
    monkeypatch.setenv("LIVELIHOOD_ON_PAGE", "1")
    assert str(project) not in report.key_points().data  # a page is passed on


def test_a_copy_within_a_project_is_the_nearer_one(project):
    copy = copy_project(project / "copy")
    assert find_project(copy / "notebooks") == copy
