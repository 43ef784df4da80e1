"""A bulletin as rows: names, roles, sectors, periods, what to look at, and which measure it is.

``drafts.toml``: bulletins of our own in the shapes of real ones, with the rows of a reader.
"""

import time
import tomllib
from pathlib import Path

import pytest
from conftest import DEFINED

from livelihood.release.documents.document import Document, Table
from livelihood.release.draft import draft
from livelihood.release.matching import Catalogue, aggregation, likeness

CASES = tomllib.loads(Path(__file__).with_name("drafts.toml").read_text(encoding="utf-8"))
AT_EASE = {"alike"}  # a measure that a name is like is said beside it, not told here


def said(drafted):
    cells = [drafted.printed, drafted.label, drafted.role, drafted.sector, drafted.period]
    doubts = [code for code, _ in drafted.doubts if code not in AT_EASE]
    return [*cells, drafted.aggregation, *dict.fromkeys(doubts)]


def expected(rows):
    return [[cell.strip() for cell in row.split("|")] for row in rows.strip().split("\n")]


@pytest.mark.parametrize("name", CASES)
def test_a_bulletin_becomes_the_rows_that_a_reader_makes(name):
    case = CASES[name]
    found = draft(Document(case["text"].strip()), case["year"], DEFINED)
    assert [said(d) for d in found.placed] == expected(case["rows"])
    left = ", ".join(f"{d.printed}: {d.doubts[0][0]}" for d in found.unplaced)
    assert left == case.get("left", "")


def test_a_row_says_where_it_stands_and_in_which_words():
    text = "新区2020年民生工程\n\n教育事业\n\n2020年建成校舍12栋，面积3.4万平方米。"
    first, second = draft(Document(text), 2020, DEFINED).placed
    assert (first.locator, first.text) == ("教育事业 ¶3", "建成校舍12栋")
    assert (second.label, second.sector, second.text) == (
        "校舍面积",
        "education",
        "面积3.4万平方米",
    )


def test_the_period_of_the_title_holds_and_another_year_is_looked_at():
    document = Document("新建公厕30座。", title="云溪县6月份民生工程进展情况")
    (row,) = draft(document, 2025, DEFINED).placed
    assert (row.period, row.doubts) == ("2025-01/2025-06", ())
    found = draft(Document("2018年启动治理。\n新建公厕30座。"), 2025, DEFINED)
    assert [(d.period, d.doubts) for d in found.placed] == [("2025", (("period", ""),))]
    assert draft(document, 2025, DEFINED).until == "2025-06"


def test_a_figure_that_no_sheet_can_hold_is_not_placed():
    found = draft(Document("2020年近百人左右参加了培训，建成公厕30座。"), 2020, DEFINED)
    assert [d.printed for d in found.placed] == ["30座"]
    assert [d.doubts[0][0] for d in found.unplaced] == ["unread"]
    found = draft(Document("托位增长10.1 7亿个。\n托位增长3.5万人。"), 2020, DEFINED)
    assert [(d.printed, d.placed) for d in found.drafted] == [
        ("10.1 7亿个", False),
        ("3.5万人", True),
    ]


@pytest.mark.parametrize("printed", ["5-37座", "23,941座"])
def test_a_figure_of_several_numbers_is_placed(printed):
    (row,) = draft(Document(f"2020年新建公厕{printed}。"), 2020, DEFINED).placed
    assert (row.printed, row.label, row.doubts) == (printed, "新建公厕", ())


def test_a_figure_of_a_table_has_its_items_name_and_the_period_of_its_column():
    cells = [
        ["项目", "目标任务", "截至9月底完成情况", "完成率"],
        ["黑臭水体治理", "126条", "120条", "95%"],
    ]
    found = draft(Document("", (Table("表1", cells),)), 2025, DEFINED).placed
    assert [said(d) for d in found] == [
        ["126条", "黑臭水体治理", "target", "environment", "2025", "total"],
        ["120条", "黑臭水体治理", "", "environment", "2025-01/2025-09", "total"],
        ["95%", "黑臭水体治理", "completion", "environment", "2025", "total"],
    ]
    assert {d.locator for d in found} == {"表1 第2行"}


# ---- which measure ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "printed", "measure", "sure", "alike"),
    [
        ("农家书屋", "30个", "farm_libraries", True, "farm_libraries"),
        ("城镇新增就业", "4200人", "urban_jobs_added", True, "urban_jobs_added"),
        ("农村低保资金", "310万元", "rural_dibao_funds", True, "rural_dibao_funds"),
        ("农村居民最低生活保障资金", "310万元", "rural_dibao_funds", True, "rural_dibao_funds"),
        ("农村低保资金", "310人", "", False, "rural_dibao_persons"),  # people are no money
        ("农村公路", "12公里", "", False, "village_roads"),  # like several, none of them
        ("无人机航拍点", "12个", "", True, ""),
    ],
)
def test_a_name_is_a_measure_only_where_it_clearly_is(label, printed, measure, sure, alike):
    match = Catalogue(DEFINED).match(label, printed)
    assert (match.measure, match.sure) == (measure, sure)
    assert any(id.startswith(alike) for id in match.alike) or alike == ""


@pytest.mark.parametrize(
    ("places", "sector"),
    [
        (("学生资助",), "education"),
        (("资金", "老旧小区改造"), "housing"),  # the name says nothing, the heading does
        (("退役军人技能培训",), "employment"),  # the longest word decides
        (("无人机航拍点", ""), ""),
    ],
)
def test_the_longest_word_of_the_nearest_place_says_the_sector(places, sector):
    assert Catalogue(DEFINED).sector(*places) == sector


@pytest.mark.parametrize(
    ("label", "clause", "role", "kind"),
    [
        ("农村低保标准", "", "", "stock"),
        ("农村低保资金", "", "", "total"),
        ("村卫生室", "新建村卫生室", "", "total"),
        ("幼儿园", "全县310所幼儿园", "", "stock"),
        ("参加失业保险人数", "", "completion", "total"),
    ],
)
def test_how_a_figure_is_summed(label, clause, role, kind):
    assert aggregation(label, clause, role) == kind


def test_names_are_alike_by_their_pairs_of_characters():
    assert likeness("城镇新增就业", "新增城镇就业") > likeness("城镇新增就业", "城镇登记失业率")


def test_drafting_takes_time_in_proportion_to_length():
    words = "\n".join(case["text"] for case in CASES.values())

    def seconds(size: int) -> float:
        text = words * (size // len(words.encode()) + 1)
        start = time.process_time()
        assert draft(Document(text), 2025, DEFINED).drafted
        return time.process_time() - start

    seconds(50_000)  # patterns are compiled
    assert seconds(200_000) < 10 * seconds(50_000)


@pytest.mark.parametrize("words", [" ", "“", "全部完成", "提高到", "省级", "超额"])
def test_the_same_words_again_and_again_are_read_at_once(words):
    """Blanks that line up a table, and words that can be split in two ways, once took for ever."""
    text = f"改造{words * 60}桥，建成5座。{words * 60}路6座。"
    assert [d.printed for d in draft(Document(text), 2025, DEFINED).drafted] == ["5座", "6座"]
