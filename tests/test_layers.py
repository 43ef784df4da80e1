"""The plan of the house: which wing may import which, how many modules it has, and how large."""

import ast
import subprocess
import sys
from itertools import groupby

import pytest
from conftest import ROOT

PACKAGE = ROOT / "livelihood"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not p.name.startswith("__"))
MOST_MODULES, MOST_LINES = 10, 430


def test_contracts_of_pyproject_hold():
    """import-linter reads the imports inside functions and under TYPE_CHECKING, too."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout[-3000:]
    assert "0 broken" in answer.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_below_the_root_imports_it(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert "livelihood" not in names, f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "__import__", f"line {node.lineno}"


def test_wings_and_modules_are_of_a_size_that_a_person_can_carry():
    sizes = {p: len(p.read_text("utf-8").splitlines()) for p in MODULES}
    assert {p.name: n for p, n in sizes.items() if n > MOST_LINES} == {}
    for wing, paths in groupby(MODULES, key=lambda p: p.parent):
        names = [p.stem for p in paths]
        assert len(names) <= MOST_MODULES, f"{wing.name}: {names}"
