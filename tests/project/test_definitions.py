"""Definitions are data, checked when read: one spoiled file a rule."""

import re
import tomllib
from string import Formatter

import pytest
from bad_inputs import bad_inputs, is_refused, put
from conftest import DEFINED, ROOT

from livelihood import open_report
from livelihood.analysis.formulas import INDICATOR_KINDS
from livelihood.report.charts.drawing import KINDS as CHART_FORMS
from livelihood.report.charts.rows import ROWS

MESSAGES = {
    code: texts
    for file in sorted((ROOT / "livelihood" / "display").glob("messages-*.toml"))
    for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items()
}
BAD = bad_inputs("project/bad-definitions.toml")


@pytest.mark.parametrize("case", BAD)
def test_bad_definition(project, case):
    put(project, BAD[case])
    is_refused(BAD[case], open_report, "health", "duji", 2019, project=project)


def test_kinds_are_closed_sets():
    assert set(CHART_FORMS) == set(ROWS)
    assert {i.kind for i in DEFINED.indicators.values()} <= set(INDICATOR_KINDS)


def test_no_page_has_more_than_five_charts_of_its_own():
    counts = dict.fromkeys(DEFINED.pages, 0)
    for chart in DEFINED.charts.values():
        counts[chart.sector] += 1
    assert all(count <= 5 for count in counts.values()), counts


def test_every_measure_of_a_release_or_the_census_is_defined_once_with_both_labels():
    for measure in DEFINED.measures.values():
        assert measure.label["zh"] and measure.label["en"]


def test_a_message_is_defined_once():
    files = (ROOT / "livelihood" / "display").glob("messages-*.toml")
    codes = [code for file in files for code in tomllib.loads(file.read_text("utf-8"))]
    assert len(codes) == len(set(codes)) > 400


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
