"""What an analyst waits for, in CPU seconds, so that a busy machine does not decide it."""

import ast
import subprocess
import sys
import time
from resource import RUSAGE_CHILDREN, getrusage

import nbformat
from conftest import ROOT

import livelihood as lv
from livelihood.release import observations
from livelihood.report import charts

IMPORT = """
import sys, time
import pandas
start = time.process_time()
import livelihood as lv
for name in lv.__all__:
    getattr(lv, name)
print(time.process_time() - start)
lv.load("duji", 2019).indicators
print(*{"matplotlib", "seaborn", "papermill", "nbconvert", "IPython"} & set(sys.modules))
"""


def test_import_takes_a_quarter_of_a_second_beyond_pandas():
    answers = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    assert min(float(answer.stdout.split("\n")[0]) for answer in answers) < 0.25
    assert answers[0].stdout.split("\n")[1] == ""  # imported only where used


def test_load_takes_less_than_50_ms():
    times = []
    for _ in range(5):
        observations._read_folder.cache_clear()
        start = time.process_time()
        lv.load("duji", 2019)
        times.append(time.process_time() - start)
    assert min(times) < 0.05


def test_a_run_with_nothing_to_do_is_little_more_than_the_import_of_click(project, livelihood):
    words = ["run", "--region", "duji", "--year", "2019"]
    assert livelihood(*words).exit_code == 0
    run = ["-c", "from livelihood.cli import main; main()", *words]
    times = [(cpu_seconds("-c", "import click"), cpu_seconds(*run)) for _ in range(10)]
    click, ours = map(min, zip(*times, strict=True))
    assert ours < 1.5 * click + 0.05


def cpu_seconds(*words: str) -> float:
    """What a process of this interpreter takes."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], capture_output=True, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_run_all_is_mostly_drawing(monkeypatch):
    drawing = Stopwatch()
    monkeypatch.setattr(charts, "draw", drawing.around(charts.draw))
    show = drawing.around(charts.Chart._repr_mimebundle_)
    monkeypatch.setattr(charts.Chart, "_repr_mimebundle_", show)
    ratios = []
    for _ in range(4):
        drawing.seconds, start = 0.0, time.process_time()
        run_all("education")
        ratios.append((time.process_time() - start) / drawing.seconds)
    assert min(ratios) < 1.5


class Stopwatch:
    """Adds up the CPU seconds spent in some functions."""

    def __init__(self):
        self.seconds, self.running = 0.0, False

    def around(self, function):
        def timed(*args, **kwargs):
            if self.running:
                return function(*args, **kwargs)
            self.running, start = True, time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - start
                self.running = False

        return timed


def run_all(name: str) -> None:
    """Every code cell of a notebook, its last value shown as a kernel shows it."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    namespace: dict = {}
    for cell in (c for c in notebook.cells if c.cell_type == "code"):
        *body, last = ast.parse(cell.source).body
        exec(compile(ast.Module(body, []), name, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
            for way in ("_repr_mimebundle_", "_repr_html_", "_repr_markdown_"):
                if hasattr(value, way):
                    getattr(value, way)()
                    break
        else:
            exec(compile(ast.Module([last], []), name, "exec"), namespace)
