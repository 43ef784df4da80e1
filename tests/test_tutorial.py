"""start_here.ipynb: a stranger's first quarter of an hour, run as it stands."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

STEPS = [
    "lv.load",
    "observations",
    "lv.find",
    "lv.explain",
    "checks",
    "lv.compare",
    "lv.series",
    "chart",
    "lv.indicator",
    "!livelihood run",
    "reports",
]


@pytest.fixture
def ran(project, monkeypatch):
    """The tutorial, run in a project of its own, as JupyterLab does: in notebooks/."""
    here = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", os.pathsep.join((here, os.environ["PATH"])))
    path = project / "notebooks" / "start_here.ipynb"
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.parent}})
    return client.execute(), project


def test_runs_from_the_first_figure_to_a_page(ran):
    notebook, project = ran
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = [next(i for i, cell in enumerate(code) if step in cell.source) for step in STEPS]
    assert found == sorted(found)
    shown = [output.get("data", {}) for cell in code for output in cell.outputs]
    assert sum("text/html" in data for data in shown) >= 6
    assert any("<svg" in data.get("image/svg+xml", "") for data in shown)
    said = "".join(o.text for cell in code for o in cell.outputs if o.output_type == "stream")
    assert "[indicators.old_age_allowance_each]" in said  # the block to paste
    assert (project / "reports/duji/2019/zh/elderly_care.html").is_file()


def test_is_a_quarter_of_an_hour(project):
    notebook = nbformat.read(project / "notebooks/start_here.ipynb", as_version=4)
    prose = [c.source for c in notebook.cells if c.metadata.get("tags") == ["zh"]]
    assert sum(map(len, prose)) < 800  # a slow reader's 200 signs a minute: four minutes
    assert len([c for c in notebook.cells if c.cell_type == "code"]) <= 20
