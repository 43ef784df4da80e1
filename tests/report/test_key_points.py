"""Key points: what they say of Duji, and of releases that nobody has seen before."""

import re

import pytest
from conftest import DEFINED, RELEASES

from livelihood import load, open_report
from livelihood.project.paths import years
from livelihood.report.key_points import MOST, key_points

FIGURES = "label,sector,role,printed,period,aggregation,source,locator"
SOURCE = """
[made-up]
title = "某区二〇二一年民生实事"
publisher = "某区人民政府"
date = "2022-01-05"
url = "https://example.org/2021"
"""
SECTORS = [s for s in DEFINED.pages if s != "overview"]


def release(project, rows, language="zh"):
    """A made-up release of these rows (of the columns of FIGURES)."""
    folder = project / "data/duji/2021"
    folder.mkdir()
    (folder / "sources.toml").write_text(SOURCE, "utf-8")
    lines = [f"measure,{FIGURES}", *(f",{row},made-up,1" for row in rows), ""]
    (folder / "figures.csv").write_text("\n".join(lines), "utf-8")
    return load("duji", 2021, language, project)


def said(points):
    return [str(point.html.striptags()) for point in points]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("region", "year"), RELEASES)
def test_every_page_and_front_says_something_and_not_too_much(region, year, language):
    found = load(region, year, language)
    for sector in ("", *DEFINED.pages):
        points = said(key_points(found, sector))
        assert 1 <= len(points) <= MOST
        for text in points:
            assert not re.search(r"[{}]|None(?! of)|nan|-\d", text), text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_measures_that_nobody_knew_before_are_told_and_charted(project, language):
    rows = [f"新事{n}号,{SECTORS[n % 9]},,{100 + n}个,2021,total" for n in range(27)]
    rows += [f"新钱{n}号,{SECTORS[n]},,{n + 2}00万元,2021,total" for n in range(3)]
    found = release(project, rows, language)
    assert len(found.figures) == 30
    for sector in {f.measure.sector for f in found.figures}:
        (point, *_) = key_points(found, sector)
        assert point.kind in ("money", "things")
        assert ('lang="zh-CN"' in point.html) == (language == "en")
        assert open_report(sector, "duji", 2021, language, project).other_charts()


def test_one_figure_makes_one_point_and_no_empty_page(project):
    found = release(project, ["口袋公园,environment,,12个,2021,total"])
    assert said(key_points(found, "environment")) == ["口袋公园12个。"]
    (nothing,) = key_points(found, "health")
    assert nothing.kind == "nothing" and "没有公布医疗卫生" in nothing.html.striptags()


CASES = [
    (
        ["口袋公园,environment,,12个,2021,total", "口袋公园,environment,target,10个,2021,total"],
        "口袋公园12个，完成目标（10个）的120%。",
    ),
    (
        ["口袋公园,environment,,12个,2021,total", "口袋公园,environment,completion,80%,2021,total"],
        "口袋公园12个，完成任务的80%。",
    ),
    (["口袋公园,environment,completion,80%,2021,total"], "口袋公园完成任务的80%。"),
    (["口袋公园,environment,,12个,2016/2021,total"], "2016—2021年，口袋公园累计12个。"),
    (["口袋公园,environment,,12个,2021,average_year"], "口袋公园年均12个。"),
    (["口袋公园,environment,,12个,2021,stock"], "口袋公园12个。"),
    (["绿化率,environment,,80%以上,2016/2021,each_year"], "2016—2021年，绿化率历年均为80%以上。"),
    (["口袋公园,environment,planned,12个,2021,total"], "计划：口袋公园12个。"),
]


@pytest.mark.parametrize(("rows", "sentence"), CASES)
def test_what_a_figure_is_comes_from_the_figure(project, rows, sentence):
    assert said(key_points(release(project, rows), "environment"))[0] == sentence


def test_a_fall_is_said_as_a_fall_and_a_share_changes_by_points(project):
    rows = ["农村饮水安全自来水普及率,infrastructure,,81%,2021,stock"]
    (text, *_) = said(key_points(release(project, rows), "infrastructure"))
    assert "下降" in text and "个百分点" in text and "-" not in text


def test_every_link_leads_to_a_row_of_its_page():
    for year in years("duji"):
        for sector in DEFINED.pages:
            report = open_report(sector, "duji", year, "en")
            html = "".join(point.html for point in key_points(report.release, sector))
            rows = "".join(
                table._repr_html_()
                for table in (report.coverage(), report.table(), report.checks())
            )
            for anchor in re.findall('href="#([^"]+)"', html):
                assert f'id="{anchor}"' in rows, anchor
