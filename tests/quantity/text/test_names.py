"""What figures of running text are called, and what they are to that.

``names.csv``: our own sentences, each with its quantities (text=name role).
"""

from pathlib import Path

import pytest
from tables import rows

from livelihood.quantity.text.names import name_figures
from livelihood.quantity.text.phrases import clean, heading, is_generic, joined, shortened
from livelihood.quantity.text.roles import is_plan
from livelihood.quantity.text.scan import scan

CASES = rows(Path(__file__).with_name("names.csv"))


def said(text, planned=False):
    found = name_figures(text, list(scan(text, 2024)), planned)
    return "|".join(f"{n.item.text}={n.label} {n.role}".rstrip() for n in found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_a_figure_is_called_what_a_reader_calls_it(case):
    assert said(case["sentence"]) == case["names"]


def test_a_rate_on_a_line_of_its_own_is_that_of_the_line_before():
    assert said("建设公路55公里。\n95%\n县交通局") == "55公里=建设公路|95%=建设公路 completion"


def test_in_a_plan_what_is_listed_is_a_target():
    assert said("新建公厕30座，覆盖率达到95%。", planned=True) == (
        "30座=新建公厕 target|95%=新建公厕覆盖率 target"
    )


def test_what_a_report_plans_below_its_heading_is_a_target():
    text = "一、今年成效\n建有公厕9座。\n二、下一步打算\n新建公厕6座。\n三、经费\n投入50万元。"
    assert said(text) == "9座=建有公厕|6座=新建公厕 target|50万元=经费投入"


@pytest.mark.parametrize(
    ("title", "text", "plan"),
    [
        ("2024年民生实事实施方案", "", True),
        ("2024年民生实事项目清单", "", True),
        ("2024年民生实事目标任务完成情况", "", False),
        ("", "新建公厕30座。（牵头单位：城管局）", True),
        ("", "已建公厕30座。（牵头单位：城管局）已完成。", False),
        ("", "新建公厕30座。", False),
        ("", "今年将办好民生实事。新建公厕30座。", True),
        ("", "今年将新建公厕30座。截至9月底已完成20座。", False),
    ],
)
def test_a_plan_is_told_by_its_title_or_by_who_is_to_do_it(title, text, plan):
    assert is_plan(title, text) is plan


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("其中，全市已累计新建", "新建"),
        ("（二）截至目前，", ""),
        ("为民办实事", "为民办实事"),
        ("公共厕所达到", "公共厕所"),
        ("现代农业产业园共", "现代农业产业园"),
        ("惠及", "惠及"),
        ("资金下达", "资金下达"),
        ("“小饭桌”整治工作", "小饭桌整治"),
    ],
)
def test_a_name_has_nothing_around_it_and_loses_none_of_its_own(words, name):
    assert clean(words) == name


@pytest.mark.parametrize(
    ("work", "name", "whole"),
    [
        ("农村危房改造", "竣工", "农村危房改造竣工"),
        ("农村危房改造开工", "竣工", "农村危房改造竣工"),
        ("校舍维修改造", "改造面积", "校舍维修改造面积"),
        ("农村低保", "发放资金", "农村低保资金"),
        ("民生工程到位资金", "拨付资金", "民生工程拨付资金"),
        ("养老服务工程", "省级补助资金", "省级补助资金（养老服务工程）"),
        ("", "完成投资", "完成投资"),
        ("送戏下乡", "", "送戏下乡"),
    ],
)
def test_a_name_that_says_too_little_takes_its_work(work, name, whole):
    assert joined(work, name) == whole
    assert not name or is_generic(name)


def test_a_heading_names_a_work_and_a_long_name_keeps_its_last_words():
    assert heading("（四）加强基层医疗卫生服务") == "基层医疗卫生服务"
    assert heading("农村饮水安全巩固提升工程") == "农村饮水安全巩固提升工程"
    assert shortened("就业年龄段智力、精神和重度肢体残疾人日间照料托养服务") == (
        "精神和重度肢体残疾人日间照料托养服务"
    )
