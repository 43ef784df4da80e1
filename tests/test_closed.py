"""The package evaluates no data: no eval, no pickle, no shell; reading goes in by one door."""

import ast

import pytest
from conftest import DEFINED, ROOT

from livelihood.analysis.checks import CHECK_KINDS
from livelihood.analysis.formulas import INDICATOR_KINDS
from livelihood.project import archive, files
from livelihood.release import workbook

MODULES = sorted((ROOT / "livelihood").rglob("*.py"))
BUILT_IN = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
MODULES_THAT_RUN = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "joblib",
    "yaml",
    "code",
    "codeop",
    "runpy",
    "pty",
}
METHODS = {
    "read_pickle",
    "to_pickle",
    "read_hdf",
    "read_clipboard",
    "eval",
    "query",
    "system",
    "popen",
    "literal_eval",
    "load_module",
    "exec_module",
    "unsafe_load",
}


def found(path):
    """What a module uses that could run what it reads."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ({a.name.split(".")[0] for a in node.names} & MODULES_THAT_RUN)
        elif isinstance(node, ast.ImportFrom):
            yield from ({(node.module or "").split(".")[0]} & MODULES_THAT_RUN)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield from ({node.func.id} & BUILT_IN)
            elif isinstance(node.func, ast.Attribute):
                yield from ({node.func.attr} & METHODS)
            yield from ("shell" for k in node.keywords if k.arg in ("shell", "allow_pickle"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_no_module_runs_what_it_reads(path):
    assert list(found(path)) == []


def test_the_search_finds_what_it_looks_for(tmp_path):
    path = tmp_path / "bad.py"
    path.write_text("import pickle\nfrom yaml import x\neval('1')\nos.system('x')\nf(shell=True)\n")
    assert sorted(found(path)) == ["eval", "pickle", "shell", "system", "yaml"]


def test_formulas_are_a_closed_set_of_kinds():
    assert {i.kind for i in DEFINED.indicators.values()} <= set(INDICATOR_KINDS)
    assert {c.kind for c in DEFINED.checks.values()} <= set(CHECK_KINDS)


def test_toml_and_tables_are_read_by_one_door():
    """But for the package's own words: messages, and the tables that lie beside modules."""
    doors = {
        path.stem
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("tomllib.loads", "pd.read_csv")
    }
    assert doors == {"files", "messages", "vocabulary"}


def test_the_limits_are_those_that_are_written_down():
    text = (ROOT / "data" / "README.md").read_text("utf-8")
    sizes = [files.LIMITS[e] // files.MB for e in (".csv", ".xlsx", ".toml", ".ipynb", ".txt")]
    assert f"{', '.join(map(str, sizes))} MB" in text
    sheet = (workbook.MAX_ROWS, workbook.MAX_COLUMNS, workbook.MAX_CELLS)
    assert "{:,} rows, {:,} columns, {:,} cells".format(*sheet) in text
    assert f"{archive.MAX_UNPACKED // files.MB} MB, and {archive.MAX_RATIO} times" in text
    assert f"{files.LONGEST_TEXT:,} characters" in text
    assert f"{files.LONGEST_LINE:,}" in text
