"""One way to write a bad input: a block of TOML beside the test of whoever reads the file.

Where: `file`, in a project (FIGURES if not said). How it is spoiled, one of: `replace` and `with`
(in `encoding`), `append`, `whole` (its whole text), `bytes` (hexadecimal), `delete`, `made` (a
function of faults/spoil.py). `says`: what the problem must name, in English. The test beside it
calls the reader; faults/test_bad_inputs.py tries every block of the project through the command.
"""

import re
import tomllib

import pytest
import spoil
from conftest import ROOT

from livelihood import DataError

FIGURES = "data/duji/2019/figures.csv"


def bad_inputs(table):
    """The cases of a table in tests/, by name."""
    return tomllib.loads((ROOT / "tests" / table).read_text("utf-8"))


def put(project, case):
    """Spoil the file of a project that the case is about."""
    path = project / case.get("file", FIGURES)
    if "made" in case:
        path.touch()  # it may be a new one
        getattr(spoil, case["made"])(path)
    elif case.get("delete"):
        path.unlink()
    elif "bytes" in case:
        path.write_bytes(bytes.fromhex(case["bytes"]))
    elif "whole" in case:
        path.write_text(case["whole"], "utf-8")
    elif "append" in case:
        path.write_text(path.read_text("utf-8") + case["append"], "utf-8")
    elif "replace" in case:
        text = path.read_text("utf-8")
        assert case["replace"] in text
        text = text.replace(case["replace"], case["with"], 1)
        path.write_bytes(text.encode(case.get("encoding", "utf-8")))


def is_refused(case, read, *words, **named):
    """Assert that a reader says what the case must say, and says it in both languages."""
    with pytest.raises(DataError) as caught:
        read(*words, **named)
    text = caught.value.text("en")
    for said in case["says"]:
        assert said in text
    in_chinese = caught.value.text("zh")
    assert in_chinese != text
    assert not re.search(
        "[:：](thereare|nearit|现有|相近的有)[:：]", in_chinese + text.replace(" ", "")
    )
