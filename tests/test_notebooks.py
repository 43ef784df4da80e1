"""The model form of a notebook: every page of notebooks/ is held to it, the tutorial to its own."""

import ast
import re

import nbformat
import pytest
from conftest import DEFINED, ROOT

ALL = sorted((ROOT / "notebooks").glob("*.ipynb"))
TUTORIAL = ROOT / "notebooks" / "start_here.ipynb"
PATHS = [path for path in ALL if path != TUTORIAL]
# What a page shows after its charts, in this order.
TOLD = (
    "display(*report.other_charts())",
    "report.checks()",
    "report.questions()",
    "report.coverage()",
    "report.table()",
    "report.missing()",
    "report.sources()",
)


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell) -> list[str]:
    return cell.metadata.get("tags", [])


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_a_notebook_for_each_page_and_no_other():
    assert [path.stem for path in PATHS] == sorted(DEFINED.pages)
    assert len(PATHS) == len(DEFINED.pages)


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
class TestEveryNotebook:
    def test_is_valid_and_holds_no_outputs(self, path):
        notebook = read(path)
        nbformat.validate(notebook)
        for cell in code_cells(notebook):
            assert not cell.outputs and cell.execution_count is None

    def test_prose_is_in_both_languages_side_by_side(self, path):
        prose = [cell for cell in read(path).cells if cell.cell_type == "markdown"]
        assert [tags(cell) for cell in prose] == [["zh"], ["en"]] * (len(prose) // 2)
        for zh, en in zip(prose[::2], prose[1::2], strict=True):
            assert re.search(r"[\u4e00-\u9fff]", zh.source)
            assert re.match(r"#*", zh.source)[0] == re.match(r"#*", en.source)[0]

    def test_parameters_have_defaults_that_make_it_run(self, path):
        cells = [cell for cell in code_cells(read(path)) if "parameters" in tags(cell)]
        assert len(cells) == 1
        names = [node.target.id for node in ast.parse(cells[0].source).body]
        assert names == ["region", "year", "language", "strict"]


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
class TestPage:
    def test_opens_its_own_report_right_after_the_parameters(self, path):
        cells = code_cells(read(path))
        assert (
            f'open_report("{path.stem}", region, year, language, strict=strict)' in cells[1].source
        )

    def test_tells_key_points_charts_doubts_figures_and_sources_in_this_order(self, path):
        sources = [cell.source for cell in code_cells(read(path))]
        charts = [n for n, s in enumerate(sources) if "report.chart(" in s]
        peers = [n for n in charts if DEFINED.charts[sources[n].split('"')[1]].kind == "peers"]
        others, *rest = (sources.index(s) for s in TOLD)
        own = [n for n in charts if n not in peers]
        order = [1, sources.index("display(*report.targets())"), *own, others, *peers, *rest]
        assert sources[1].endswith("report.key_points()")
        assert order == sorted(order) and order[-1] == len(sources) - 1

    def test_draws_each_chart_of_its_sector_once(self, path):
        text = "\n".join(cell.source for cell in code_cells(read(path)))
        drawn = re.findall(r'report\.chart\("(\w+)"\)', text)
        assert sorted(drawn) == sorted(
            id for id, chart in DEFINED.charts.items() if chart.sector == path.stem
        )

    def test_cells_are_small_and_hold_no_functions_and_no_file_reading(self, path):
        for cell in code_cells(read(path)):
            assert len(cell.source.splitlines()) <= 9
            assert not re.search(r"^\s*def |read_csv|open\(", cell.source, re.M)

    def test_no_number_is_typed_in_prose(self, path):
        notebook = read(path)
        sentences = [c.source for c in code_cells(notebook) if c.source.startswith("report.say")]
        said = re.findall(r'"([^"]*)"', "\n".join(sentences))
        prose = [c.source for c in notebook.cells if c.cell_type == "markdown"] + said
        allowed = r"\{[^}]*\}|5[—-]14|15[—-]59|60(岁)?|10,000|100 residents|五保"
        for text in prose:
            assert not re.search(r"\d", re.sub(allowed, "", text)), text
