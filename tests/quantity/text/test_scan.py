"""Running text: which numerals count, what they are about, and that none is left out.

``sentences.csv``: our own sentences, each with the quantities (text=value unit period
source aggregation; the text as a cell has it), periods (text=EDTF), non-quantities, and what
cannot be read, as a reader finds them in it.
"""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import rows

from livelihood.quantity.parse import parse_quantity
from livelihood.quantity.text.scan import scan

NUMERAL = re.compile("[0-9０-９一二三四五六七八九十百千万亿]")


def said(item):
    quantity = item.quantity
    parts = [quantity.value, quantity.unit, item.period, item.period_source, item.aggregation]
    return f"{quantity.text}={' '.join(str(part) for part in parts if part is not None)}"


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
    unread = [item.text for item in items if item.kind == "unread"]
    assert quantities == cells(case["quantities"])
    assert periods == cells(case["periods"])
    assert traps == cells(case["traps"])
    assert unread == cells(case["unread"])


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
    sources = [item.period_source for item in scan(text) if item.kind == "quantity"]
    assert (periods, sources) == (["2019", "2019"], ["explicit", "document"])


def test_the_year_of_the_text_dates_what_names_none():
    (period, quantity) = scan("全年新增就业2万人。", 2019)
    assert (period.period, quantity.period) == ("2019", "2019")


MARKED = [  # text, why, mended: of its first quantity or trap
    ("解决饮水2。4万人。", "", True),
    ("投资10.3 6亿元。", "", True),
    ("投资10.36亿元。", "", False),
    ("这5项全部完成。", "reference", False),
    ("标准为860/月。", "unit", False),
    ("5-10万方的2口。", "size", False),
    ("（50户以上）自然村。", "size", False),
    ("33项民生工程。", "programme", False),
    ("建设15分钟健身圈。", "programme", False),
    ("两项指标。", "reference", False),
    ("近百人左右参加。", "one_vague", False),
    ("补助5,3万人。", "broken", False),
]


@pytest.mark.parametrize(("text", "why", "mended"), MARKED)
def test_what_is_no_plain_figure_is_declared(text, why, mended):
    item = next(iter(scan(text)))
    assert (item.why, item.mended) == (why, mended)


PERIODS = [  # text, year, title, the period of its last figure, who says it
    ("培训3万人。", None, "", None, "none"),
    ("培训3万人。", 2025, "", "2025", "document"),
    ("培训3万人。", 2025, "9月份民生工程进展", "2025-01/2025-09", "document"),
    ("培训3万人。", None, "2019年统计公报", "2019", "document"),
    ("2019年工作总结\n培训3万人。", None, "", "2019", "document"),
    ("2019年投入5亿元。\n2020年打算\n培训3万人。", None, "", "2020", "document"),
    ("2016年开始实施。\n培训3万人。", 2019, "", "2019", "document"),
    ("截至9月底，拨付5亿元。\n培训3万人。", 2019, "", "2019-01/2019-09", "document"),
    ("截至9月底，拨付5亿元。\n今年，培训3万人。", 2019, "", "2019-01/2019-09", "explicit"),
    ("截至三季度末，培训3万人。", 2019, "", "2019-01/2019-09", "explicit"),
    ("2016年启动工程，共建成3所。", 2019, "", "2016/2019", "explicit"),
    ("2016年启动建设3所。", 2019, "", "2016", "explicit"),
    ("去年培训3万人。", 2019, "", "2019", "explicit"),
    ("去年建成2所，今年培训3万人。", 2019, "", "2019", "explicit"),
    ("预计11月底完成，培训3万人。", 2019, "", "2019", "document"),
    ("年均培训3万人。", 2019, "", None, "none"),
]


@pytest.mark.parametrize(("text", "year", "title", "period", "source"), PERIODS)
def test_the_text_dates_what_its_sentences_do_not(text, year, title, period, source):
    *_, last = (item for item in scan(text, year, title) if item.kind == "quantity")
    assert (last.period, last.period_source) == (period, source)


def test_the_figure_of_a_cell_is_read_as_that_of_the_text():
    for case in rows(Path(__file__).with_name("sentences.csv")):
        for item in scan(case["sentence"]):
            if item.kind == "quantity" and item.quantity.change:
                cell = parse_quantity(item.quantity.text)
                assert (cell.bounds, cell.unit) == (item.quantity.bounds, item.quantity.unit)


@given(
    st.text(
        "0123456789.,，。 比增长下降提高%‰余多近约几数半十百千万亿一二两"
        "年月日人户次元（）/-—至第每“”以上\n ",
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
    "1 ",
    "1 1.",
    "1。",
    "2 0",
    "增长",
    "比上年多",
    "1户以上的",
    "1-2户的人",
    "5元提高到",
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
    short, long = seconds(2_000), seconds(8_000)
    assert long < 10 * short + 0.05
