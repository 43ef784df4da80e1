"""What is on a page of any release: something in every section, nothing hollow."""

import ast
import re

import nbformat
import pytest
from conftest import NOTEBOOKS, RELEASES, ROOT, SHORT, whole
from nbformat.v4 import new_output

from livelihood.display import fonts
from livelihood.site.sections import Block, sections
from livelihood.site.sections import _blocks as blocks

SOURCE = """[made-up]
title = "某区二〇二一年民生实事"
publisher = "某区人民政府"
date = "2022-01-05"
"""
HEADER = "label,sector,role,printed,period,aggregation,source,locator"
SECTORS = [s for s in NOTEBOOKS if s != "overview"]
ONE = ["口袋公园,environment,,12个,2021,total"]
MANY = [f"新事{n}号,{SECTORS[n % 9]},,{100 + n}个,2021,total" for n in range(27)]
MANY += [f"新钱{n}号,{SECTORS[n]},,{n + 2}00万元,2021,total" for n in range(3)]


@pytest.fixture(autouse=True)
def on_a_page(monkeypatch):
    monkeypatch.setenv(fonts.ON_PAGE, "1")


def run(notebook, region, year, language):
    """The sections of a notebook's page; its cells are run here, without a kernel."""
    nb = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4)
    scope = {"region": region, "year": year, "language": language, "strict": False}
    cells = in_language(nb, language)
    for cell in cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            cell.outputs = [output(v) for v in values_of(cell.source, scope) if v is not None]
    return sections(cells, language)


def in_language(notebook, language):
    """The cells of a notebook but the prose of the other language."""
    other = {"zh": "en", "en": "zh"}[language]
    return [c for c in notebook.cells if other not in c.metadata.get("tags", [])]


def values_of(source, scope):
    """What a cell shows: what it displays, and the value of its last line."""
    found, tree = [], ast.parse(source)
    scope["display"] = lambda *values: found.extend(values)
    *first, last = tree.body
    exec(compile(ast.Module(first, []), "cell", "exec"), scope)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), scope)
    return [*found, value]


def output(value):
    """A value as a kernel sends it."""
    if hasattr(value, "_repr_markdown_"):
        return new_output("display_data", {"text/markdown": value._repr_markdown_()})
    bundle = value._repr_mimebundle_()
    data, about = bundle if isinstance(bundle, tuple) else (bundle, {})
    return new_output("display_data", data, metadata=about)


def is_full(page):
    """Assert that every section tells something; returns the page's HTML."""
    html = ""
    for number, section in enumerate(page):
        pieces = [piece for block in section for piece in (*block.words, *block.charts)]
        assert all(pieces)
        assert number == 0 or len(pieces) > 1, pieces  # a heading, and what it is over
        html += "".join(pieces)
    assert not re.search(r"<tbody></tbody>|<ul></ul>|<figure></figure>|None|此处从略", html)
    assert not re.search(r"(?<![\d.,])0(?:项|个数字)| 0 figures|: 0<", html)
    assert html.count('role="img"') == html.count("<figure>")
    return html


def made_up(project, rows):
    folder = project / "data/duji/2021"
    folder.mkdir()
    (folder / "sources.toml").write_text(SOURCE, "utf-8")
    lines = [f"measure,{HEADER}", *(f",{row},made-up,1" for row in rows), ""]
    (folder / "figures.csv").write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "release", [*sorted(SHORT), *whole(*(r for r in RELEASES if r not in SHORT))]
)
def test_no_section_of_any_release_is_hollow(published, release, language):
    """In the notebooks as they were executed for their pages."""
    region, year = release
    for notebook in NOTEBOOKS:
        path = published / region / str(year) / language / f"{notebook}.ipynb"
        is_full(sections(in_language(nbformat.read(path, as_version=4), language), language))


def test_of_one_figure_there_is_one_page_and_nothing_on_the_others(project):
    made_up(project, ONE)
    html = is_full(run("environment", "duji", 2021, "zh"))
    assert "口袋公园" in html and html.count("<tbody>") >= 2
    for notebook in set(SECTORS) - {"environment"}:
        first, *others = run(notebook, "duji", 2021, "zh")
        assert others == []
        assert "没有公布" in "".join(first[0].words)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_thirty_measures_that_nobody_knew_are_told_and_drawn(project, language):
    made_up(project, MANY)
    for notebook in SECTORS:
        html = is_full(run(notebook, "duji", 2021, language))
        assert "<figure>" in html and "<li>" in html


def test_words_after_the_last_chart_join_those_before_it():
    figure = "<figure>1</figure>"
    assert list(blocks(["a", figure, "b"])) == [Block(("a", "b"), (figure,))]
    assert list(blocks(["a", figure, "b", figure])) == [
        Block(("a",), (figure,)),
        Block(("b",), (figure,)),
    ]
    assert list(blocks(["a", "b"])) == [Block(("a", "b"), ())]
