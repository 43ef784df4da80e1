"""A source against the rows of a release."""

import pytest

from livelihood.release.audit import Row, audit, render

TEXT = "2019年新建4所学校，投入1.2亿元。全区约13万人受益，5个镇、5个中心，近百人左右参加。"


def row(printed, period="2019", measure="m"):
    return Row(measure, printed, period, "para 1")


ALL = [row("4所"), row("1.2亿元"), row("约13万人"), row("5个", measure="towns"), row("5个")]


def texts(items):
    return [item.text for item in items]


def test_everything_recorded():
    result = audit(TEXT.replace("，近百人左右参加", ""), ALL)
    assert len(result.matched) == 5 and result.complete
    assert [row.measure for row, _ in result.matched][-2:] == ["towns", "m"]


def test_what_either_side_holds_alone():
    result = audit(TEXT, [row("4所"), row("12000万元"), row("99户")])
    assert texts(result.unrecorded) == ["1.2亿元", "约13万人", "5个", "5个"]
    assert [row.printed for row in result.unsupported] == ["12000万元", "99户"]
    assert texts(result.unread) == ["近百人左右"]
    assert not result.complete


def test_one_figure_printed_in_two_ways_meets():
    result = audit("修建道路280千米，共１２项。", [row("280公里"), row("12项")])
    assert len(result.matched) == 2


def test_of_two_alike_the_one_of_the_period_goes_first():
    text = "2018年新建5所，2019年新建5所。"
    result = audit(text, [row("5所", "2019", "later"), row("5所", "2018", "earlier")])
    assert [row.measure for row, _ in result.matched] == ["earlier", "later"]
    assert result.other_periods == ()


def test_other_periods_are_said():
    result = audit("2019年新建5所。", [row("5所", "2018")])
    assert [(row.period, item.period) for row, item in result.other_periods] == [("2018", "2019")]


def test_a_row_that_cannot_be_read_is_unsupported():
    assert [row.printed for row in audit("新建5所。", [row("许多")]).unsupported] == ["许多"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rendered_in_both_languages(language):
    page = render(audit(TEXT, [row("4所", "2018"), row("99户")]), language)
    for shown in ("4所", "99户", "1.2亿元", "近百人左右"):
        assert shown in page
    assert "{" not in page
