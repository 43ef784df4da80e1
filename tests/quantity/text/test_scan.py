"""Running text: which numerals count, what they are about, and that none is left out.

``sentences.csv``: our own sentences, each with the quantities (text=value unit period
source aggregation), periods (text=EDTF) and non-quantities that a reader finds in it.
"""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import rows

from livelihood.quantity.text.scan import scan

NUMERAL = re.compile("[0-9０-９一二三四五六七八九十百千万亿]")


def said(item):
    quantity = item.quantity
    parts = [quantity.value, quantity.unit, item.period, item.period_source, item.aggregation]
    return f"{item.text}={' '.join(str(part) for part in parts if part is not None)}"


def cells(text):
    return text.split("|") if text else []


@pytest.mark.parametrize(
    "case", rows(Path(__file__).with_name("sentences.csv")), ids=lambda case: case["sentence"][:12]
)
def test_a_sentence_is_read_as_a_reader_reads_it(case):
    items = list(scan(case["sentence"]))
    quantities = [said(item) for item in items if item.kind == "quantity"]
    periods = [f"{item.text}={item.period or ''}" for item in items if item.kind == "period"]
    traps = [item.text for item in items if item.kind == "trap"]
    assert quantities == cells(case["quantities"])
    assert periods == cells(case["periods"])
    assert traps == cells(case["traps"])


def test_offsets_point_into_the_text_and_every_numeral_is_accounted_for():
    for case in rows(Path(__file__).with_name("sentences.csv")):
        text, covered = case["sentence"], set()
        for item in scan(text):
            assert text[item.start : item.end] == item.text
            assert covered.isdisjoint(range(item.start, item.end))
            covered.update(range(item.start, item.end))
        assert {match.start() for match in NUMERAL.finditer(text)} <= covered


def test_words_that_contradict_each_other_are_reported_not_dropped():
    (item,) = scan("共有近百人左右参加。")
    assert (item.kind, item.text, item.why) == ("unread", "近百人左右", "one_vague")


def test_a_broken_line_does_not_end_a_sentence_and_a_heading_does():
    text = (
        "2019年签约服务实行，使医生与家庭建立起\n\n长期关系，签约2万人。\n\n就业创业\n\n培训3万人。"
    )
    periods = [item.period for item in scan(text) if item.kind == "quantity"]
    assert periods == ["2019", None]


def test_the_year_of_the_text_dates_what_names_none():
    (period, quantity) = scan("全年新增就业2万人。", 2019)
    assert (period.period, quantity.period) == ("2019", "2019")


@given(
    st.text(
        "0123456789.,，。%‰余多近约几数半十百千万亿一二两年月日人户次元（）/-—至第每“”以上\n ",
        max_size=80,
    )
)
def test_any_text_is_scanned(text):
    covered = 0
    for item in scan(text):
        assert covered <= item.start < item.end
        assert text[item.start : item.end] == item.text
        covered = item.end


HOSTILE = [
    "1余",
    "1",
    "余",
    "1万",
    "一",
    "1,",
    "1-",
    "1:",
    "“",
    "2019年",
    "1元/",
    "其中1个",
    "第",
    "1\n",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_in_length(unit):
    """Four times the text takes about four times the time, not sixteen."""

    def seconds(size):
        text = (unit * size)[:size]
        start = time.process_time()
        for _ in scan(text):
            pass
        return time.process_time() - start

    seconds(100)  # the pattern is compiled on first use
    short, long = seconds(4_000), seconds(16_000)
    assert long < 10 * short + 0.05
