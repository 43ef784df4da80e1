"""Definitions are data, checked when read: one spoiled file a rule."""

import re
import shutil
import tomllib
from pathlib import Path
from string import Formatter

import pytest
from conftest import ROOT

from livelihood import DataError
from livelihood.analysis.formulas import FORMULAS
from livelihood.display.messages import DEFINITIONS
from livelihood.project.definitions import definitions
from livelihood.project.schema import CHART_KINDS
from livelihood.report.charts import KINDS as CHART_FORMS

MESSAGES = tomllib.loads(
    (ROOT / "livelihood" / "display" / "messages.toml").read_text(encoding="utf-8")
)
BAD = tomllib.loads(Path(__file__).with_name("bad-definitions.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", BAD)
def test_bad_definition(tmp_path, case):
    rule = BAD[case]
    folder = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, folder)
    path = folder / rule["file"]
    text = path.read_text(encoding="utf-8")
    path.write_text(rule["with"] if rule.get("append") is None else text + rule["append"], "utf-8")
    with pytest.raises(DataError) as caught:
        definitions(folder)
    for words in rule["says"]:
        assert words in caught.value.text("en")
    assert caught.value.text("zh") != caught.value.text("en")


def test_kinds_are_closed_sets():
    assert set(CHART_KINDS) == set(CHART_FORMS) - {"empty"}
    assert {i.kind for i in definitions().indicators.values()} <= set(FORMULAS)


def test_every_page_has_three_to_five_charts():
    counts = dict.fromkeys(definitions().pages, 0)
    for chart in definitions().charts.values():
        counts[chart.sector] += 1
    assert all(3 <= count <= 5 for count in counts.values()), counts


def test_every_measure_of_a_release_or_the_census_is_defined_once_with_both_labels():
    for measure in definitions().measures.values():
        assert measure.label["zh"] and measure.label["en"]


def test_messages_are_in_both_languages_with_the_same_words():
    for code, texts in MESSAGES.items():
        words = [
            {name for _, name, _, _ in Formatter().parse(texts[language]) if name}
            for language in ("zh", "en")
        ]
        assert words[0] == words[1], code


def test_every_message_in_the_code_exists():
    source = "".join(p.read_text("utf-8") for p in (ROOT / "livelihood").rglob("*.py"))
    codes = set(re.findall(r'\b(?:Problem|Note|_note|say|_say)\(\s*"(\w+)"', source))
    assert len(codes) > 30
    assert codes <= set(MESSAGES)
