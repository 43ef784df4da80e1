"""Jupyter's own doors to what a run does: nbconvert's exporter and papermill's engine."""

import subprocess
import sys

import nbformat
import pytest
from conftest import GOLDEN
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill import execute_notebook


def run(project, *words) -> str:
    command = [sys.executable, "-m", *map(str, words)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown(path) -> str:
    """What a page shows, without what stands around it."""
    text = path.read_text("utf-8")
    return text[text.index("<main") : text.index("</main>")]


def test_nbconvert_alone_gives_the_page_that_a_run_publishes(project, published, tmp_path):
    region, year = GOLDEN
    notebook, parameters = project / "notebooks/culture.ipynb", {"region": region, "year": year}
    execute_notebook(notebook, notebook, parameters, prepare_only=True)
    words = ["--to", "livelihood", "--execute", "--output-dir", tmp_path]
    run(project, "nbconvert", notebook, *words)
    assert shown(tmp_path / "culture.html") == shown(
        published / region / str(year) / "zh/culture.html"
    )


@pytest.mark.whole
def test_a_notebook_of_one_s_own_has_the_same_look(project):
    notebook, code = project / "notebooks/mine.ipynb", "livelihood.load('duji', 2019).indicators"
    cells = [new_markdown_cell("# 自己的笔记"), new_code_cell(f"import livelihood\n{code}")]
    nbformat.write(new_notebook(cells=cells), notebook)
    run(project, "nbconvert", notebook, "--to", "livelihood", "--execute")
    page = notebook.with_suffix(".html").read_text("utf-8")
    assert "Content-Security-Policy" in page and "Livelihood CJK" in page
    assert "自己的笔记</h1>" in page and "rural_pension_per_person" in page


def test_papermill_knows_the_engine_by_its_name(project, tmp_path):
    out, parameters = tmp_path / "out.ipynb", {"year": 2010, "region": "duji"}
    how = {"engine_name": "livelihood", "progress_bar": False}
    execute_notebook("notebooks/culture.ipynb", out, parameters, **how)
    executed = nbformat.read(out, as_version=4)
    assert executed.metadata.papermill.exception is None
    assert any(cell.get("outputs") for cell in executed.cells)
