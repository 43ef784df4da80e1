"""What an editor knows: the package is found with its types, and ids of closed lists complete."""

import subprocess
import sys
import venv
from typing import get_args

import pytest
from conftest import ROOT
from mypy.modulefinder import FindModuleCache, SearchPaths
from mypy.pyinfo import getsearchdirs

from livelihood.analysis.formulas import INDICATOR_KINDS, IndicatorKind
from livelihood.display.messages import LANGUAGES, Language
from livelihood.release.columns import codes
from livelihood.release.observations import Role

SCRIPT = """
import livelihood as lv

release = lv.load("duji", 2019, "zh")
reveal_type(release)
reveal_type(release.observations)
reveal_type(lv.parse_quantity("近7万人").low)
lv.load("duji", 2019, "fr")
lv.indicator("average")
"""
TOLD = [
    'Revealed type is "livelihood.analysis.release.Release"',
    'Revealed type is "livelihood.display.table.Table"',
    'Revealed type is "fractions.Fraction | None"',
    'Argument 3 to "load" has incompatible type "Literal[\'fr\']"',
    'Argument 1 to "indicator" has incompatible type "Literal[\'average\']"',
]


def test_mypy_finds_the_package_where_pip_put_it():
    places = [place for place in getsearchdirs()[0] if place not in ("", ".")]
    found = FindModuleCache(SearchPaths((), (), tuple(places), ()), None, None)
    assert found.find_module("livelihood") == str(ROOT / "livelihood" / "__init__.py")


@pytest.mark.whole
def test_mypy_reads_types_after_a_fresh_editable_install(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "-e", ROOT], check=True)
    command = [sys.executable, "-m", "mypy", "--python-executable", python, "script.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert [line for line in TOLD if line not in said] == []
    assert "import-not-found" not in said


@pytest.mark.parametrize(
    ("type", "ids"),
    [(Language, LANGUAGES), (Role, ["", *codes("role")]), (IndicatorKind, INDICATOR_KINDS)],
    ids=["languages", "roles", "kinds"],
)
def test_types_have_the_ids_of_their_lists(type, ids):
    assert set(get_args(type)) == set(ids)
