"""A new year as a sheet, a workbook or a draft; a new district that is only data."""

import csv
import re
import shutil
from fractions import Fraction
from pathlib import Path

import nbformat
import openpyxl
import pytest
from conftest import DEFINED, NOTEBOOKS, ROOT, whole

from livelihood import DataError, load, open_report, regions
from livelihood.analysis.comparison import peers
from livelihood.project.paths import read_region
from livelihood.release.scaffold import new_region, new_release, to_look_at
from livelihood.report.key_points import key_points

TEXTS = Path(__file__).parent / "texts"


def rows(path):
    return list(csv.DictReader(path.open(encoding="utf-8-sig")))


def fill(path, **words):
    text = path.read_text(encoding="utf-8")
    for key, value in words.items():
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    path.write_text(text, encoding="utf-8")


def edit(path, change):
    """Change the rows of a CSV, as a person with a spreadsheet program would."""
    table = rows(path)
    change({row["measure"]: row for row in table})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


# ---- a year -------------------------------------------------------------------------------------


class TestYear:
    def test_has_the_measures_of_the_one_before_and_their_words(self, project, livelihood):
        result = livelihood("new", "2020", "--region", "duji")
        assert result.exit_code == 0 and "data/duji/2020/figures.csv" in result.output
        new, old = (rows(project / f"data/duji/{y}/figures.csv") for y in (2020, 2019))
        assert [r["measure"] for r in new] == [r["measure"] for r in old]
        assert [r["previous"] for r in new] == [r["printed"] for r in old]
        assert {r["printed"] for r in new} == {""} and {r["source"] for r in new} == {"duji-2020"}
        periods = {r["measure"]: r["period"] for r in new}
        assert periods["centenarians"] == "2020" and periods["village_clinics"] == "../2020"
        assert periods["programme_funds_all_levels"] == "2007/.."

    def test_needs_its_source_before_it_can_be_read(self, project, livelihood):
        livelihood("new", "2020", "--region", "duji")
        with pytest.raises(DataError) as caught:
            load("duji", 2020)
        assert "sources.toml [duji-2020] column date" in caught.value.text("en")

    def test_what_is_filled_in_counts_and_what_is_blank_was_not_printed(self, project, livelihood):
        livelihood("new", "2020", "--region", "duji")
        folder = project / "data/duji/2020"
        fill(folder / "sources.toml", title="t", publisher="p", date="2021-04")

        def change(by_measure):
            by_measure["centenarians"].update(printed="30名", locator="养老 ¶3")

        edit(folder / "figures.csv", change)
        release = load("duji", 2020)
        assert [f.quantity.text for f in release.figures] == ["30名"]
        assert livelihood("check", "--year", "2020").exit_code == 0

    def test_a_release_after_an_empty_one_starts_from_the_last_with_figures(self, project):
        new_release(project, "duji", 2020)
        assert len(rows(new_release(project, "duji", 2021).files[1])) == 65

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["2019", "--region", "duji"], "data/duji/2019: is there already"),
            (["2020", "--region", "dujj"], "duji"),
            (["20", "--region", "duji"], "2020"),
            (["--region", "duji"], "give a year"),
        ],
    )
    def test_what_cannot_be_started_says_why(self, project, livelihood, words, says):
        result = livelihood("new", *words)
        assert result.exit_code == 2 and says in result.stderr

    def test_region_may_be_left_out_only_where_there_is_one(self, project, livelihood):
        assert livelihood("new", "2020", "--region", "duji").exit_code == 0
        new_region(project, "xiangshan", "340603")
        result = livelihood("new", "2021")
        assert result.exit_code == 2 and "duji, xiangshan" in result.stderr


class TestWorkbook:
    @pytest.fixture
    def path(self, project, livelihood):
        assert livelihood("new", "2020", "--region", "duji", "--xlsx").exit_code == 0
        fill(project / "data/duji/2020/sources.toml", title="t", publisher="p", date="2021-04")
        return project / "data/duji/2020/figures.xlsx"

    def test_is_one_open_sheet_with_chinese_headers_drop_downs_and_a_frozen_header(self, path):
        book = openpyxl.load_workbook(path)
        sheet, choices = book.worksheets
        assert (sheet.sheet_state, choices.sheet_state) == ("visible", "hidden")
        assert [cell.value for cell in sheet[1]][:3] == [
            "指标",
            "性质",
            "原文（连同单位照抄）",
        ]
        assert sheet.freeze_panes == "A2" and not sheet.protection.sheet
        rules = {str(v.sqref).partition(":")[0]: v for v in sheet.data_validations.dataValidation}
        assert {place: rule.type for place, rule in rules.items()} == {
            "A2": "list",
            "B2": "list",
            "C2": None,
            "E2": None,
            "F2": "list",
            "I2": "list",
        }
        assert "连同单位" in rules["C2"].prompt and "2019年" in rules["E2"].prompt
        first, last = re.fullmatch(r"选项!\$(A)\$1:\$A\$(\d+)", rules["A2"].formula1).groups()
        chosen = [choices[f"{first}{n}"].value for n in range(1, int(last) + 1)]
        assert chosen == [m.label["zh"] for m in DEFINED.measures.values()]
        assert sheet["A2"].value == "民生领域支出" and sheet["C2"].number_format == "@"

    def test_filled_in_by_a_clerk_it_is_a_release(self, path):
        book = openpyxl.load_workbook(path)
        sheet = book.active
        labels = {sheet[f"A{n}"].value: n for n in range(2, 70)}
        sheet[f"C{labels['百岁老人']}"] = "30名"
        sheet[f"H{labels['百岁老人']}"] = "养老 ¶3"
        sheet[f"C{labels['百岁老人津贴发放额']}"] = "１８.５ 万元"
        sheet[f"H{labels['百岁老人津贴发放额']}"] = "养老 ¶3"
        book.save(path)
        release = load("duji", 2020)
        assert [f.measure.id for f in release.figures] == [
            "centenarians",
            "centenarian_allowance_funds",
        ]
        assert release.results["centenarian_allowance_per_person"].amount.value == Fraction(
            185000, 30
        )

    def test_a_slip_is_named_by_its_cell(self, path):
        book = openpyxl.load_workbook(path)
        book.active["C2"] = "很多"
        book.save(path)
        with pytest.raises(DataError) as caught:
            load("duji", 2020)
        assert "figures.xlsx [数字!C2] column printed" in caught.value.text("en")
        assert "[数字!H2] column locator" in caught.value.text("en")


# ---- what is left to look over ------------------------------------------------------------------


def new_year(project, *rows):
    """A release of Duji of one's own: label, sector, printed, and what the draft says of it."""
    folder = project / "data/duji/2020"
    folder.mkdir()
    source = '[s]\ntitle = "t"\npublisher = "p"\ndate = "2021"\n'
    (folder / "sources.toml").write_text(source, encoding="utf-8")
    lines = ["label,sector,printed,look,period,aggregation,source,locator"]
    lines += [f"{row},2020,total,s,¶{number}" for number, row in enumerate(rows)]
    (folder / "figures.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("label", "printed", "other"),
    [
        ("城镇就业新增", "800人", "urban_jobs_added"),
        ("城镇就业新增", "800万元", ""),  # money is no people
        ("城镇新增就业", "800人", ""),  # the measure itself
        ("口袋书房", "12间", ""),
    ],
)
def test_a_new_label_like_a_known_one_is_named_with_the_line_that_joins_them(
    project, livelihood, label, printed, other
):
    new_year(project, f"{label},employment,{printed},")
    said = livelihood("check", "--region", "duji", "--year", "2020")
    assert said.exit_code == 0 and ("is like" in said.output) == bool(other)
    if other:
        path, line = re.search(r"add a line to (\S+): (.*)", said.output).groups()
        (project / path).write_text(line, encoding="utf-8")
        assert [f.measure.id for f in load("duji", 2020).figures] == [other]
        assert "is like" not in livelihood("check", "--region", "duji", "--year", "2020").output


def test_a_label_like_one_that_a_sheet_defined_is_joined_by_its_line_too(project, livelihood):
    new_year(project, "口袋书房新建数,culture,12间,")
    shutil.move(project / "data/duji/2020", project / "data/duji/2018")
    new_year(project, "新建口袋书房数,culture,15间,")
    said = livelihood("check", "--region", "duji", "--year", "2020").output
    path, line = re.search(r"add a line to (\S+): (.*)", said).groups()
    (project / path).write_text(line, encoding="utf-8")
    assert {f.measure.id for y in (2018, 2020) for f in load("duji", y).figures} == {
        "口袋书房新建数"
    }


def test_what_a_draft_says_to_look_at_is_listed_until_its_cell_is_empty(project, livelihood):
    new_year(
        project, "口袋书房,culture,12间,look: why", "阅读角,culture,3处,", "站,culture,2个,sure"
    )
    said = livelihood("check", "--region", "duji", "--year", "2020")
    assert said.exit_code == 0
    assert "figures.csv row 2 column look: look at: 口袋书房 12间 (why)" in said.output
    assert "阅读角" not in said.output and "站" not in said.output


# ---- a draft ------------------------------------------------------------------------------------


BULLETIN = "云溪县2020年民生实事\n全年建成农家书屋30个，新建口袋书房12间，修缮古井5口。"


def started(project, livelihood, *how, text=BULLETIN):
    (project / "b.txt").write_text(text, encoding="utf-8")
    result = livelihood("new", "2020", "--region", "duji", "--from", "b.txt", *how)
    assert result.exit_code == 0, result.stderr
    return result.output


def said_of(project):
    found = load("duji", 2020, project=project).figures
    return {f.measure.label["zh"]: (f.printed, f.period.text, f.locator) for f in found}


@pytest.mark.parametrize("kind", [(), ("--xlsx",)], ids=["csv", "xlsx"])
def test_a_draft_is_a_release_in_either_kind_of_sheet(project, livelihood, kind):
    started(project, livelihood, *kind)
    assert said_of(project) == {
        "农家书屋": ("30个", "2020", "¶2"),
        "新建口袋书房": ("12间", "2020", "¶2"),
        "修缮古井": ("5口", "2020", "¶2"),
    }
    assert livelihood("check", "--region", "duji", "--year", "2020").exit_code == 0


@pytest.mark.parametrize("kind", [(), ("--xlsx",)], ids=["csv", "xlsx"])
def test_update_adds_what_is_not_there_says_which_and_changes_nothing(project, livelihood, kind):
    started(project, livelihood, *kind)
    (path,) = (project / "data/duji/2020").glob("figures.*")
    if kind:  # a clerk mends a figure and drops another
        book = openpyxl.load_workbook(path)
        book.active["C2"] = "31个"
        book.active.delete_rows(4)
        book.save(path)
        before = [[c.value for c in row] for row in openpyxl.load_workbook(path).active]
    else:
        lines = path.read_text("utf-8-sig").splitlines(keepends=True)
        path.write_text("".join(lines[:3]).replace("30个,", "31个,", 1), "utf-8-sig")
        before = path.read_bytes()
    more = BULLETIN + "\n新增公厕导览牌70块。"
    output = started(project, livelihood, "--update", *kind, text=more)
    assert (
        "修缮古井 5口" in output and "公厕导览牌 70块" in output and "口袋书房 12间" not in output
    )
    after = path.read_bytes()
    if kind:
        after = [[c.value for c in row] for row in openpyxl.load_workbook(path).active]
    assert after[: len(before)] == before
    found = said_of(project)
    assert {"新建口袋书房", "修缮古井", "新增公厕导览牌"} <= found.keys()
    sources = (project / "data/duji/2020/sources.toml").read_text("utf-8")
    assert sources.count("title = ") == 1  # it is the same bulletin


def test_update_twice_adds_nothing_the_second_time(project, livelihood):
    started(project, livelihood)
    path = project / "data/duji/2020/figures.csv"
    before = path.read_bytes()
    assert "0 rows added" in started(project, livelihood, "--update")
    assert path.read_bytes() == before


def test_a_year_that_is_there_is_left_alone_without_update(project, livelihood):
    started(project, livelihood)
    before = {p: p.read_bytes() for p in (project / "data/duji/2020").iterdir()}
    result = livelihood("new", "2020", "--region", "duji", "--from", "b.txt")
    assert result.exit_code == 2 and "--update" in result.stderr
    assert {p: p.read_bytes() for p in (project / "data/duji/2020").iterdir()} == before


def test_a_text_in_no_known_encoding_is_refused(project, livelihood):
    path = project / "bulletin.txt"
    path.write_bytes(b"\x80\xff\x80")
    result = livelihood("new", "2020", "--region", "duji", "--from", str(path))
    assert result.exit_code == 2 and "bulletin.txt" in result.stderr
    assert not (project / "data/duji/2020").exists()


# ---- a district ---------------------------------------------------------------------------------


@pytest.fixture
def district(project, livelihood):
    """A made-up release of Xiangshan; the figures are nobody's."""
    assert livelihood("new", "--region", "xiangshan", "--code", "340603").exit_code == 0
    assert livelihood("new", "2020", "--region", "xiangshan").exit_code == 0
    folder = project / "data/xiangshan/2020"
    fill(folder / "sources.toml", title="made up for a test", publisher="nobody", date="2021")
    made_up = {
        "farm_libraries": "12个",
        "village_clinics": "8个",
        "people_safe_water": "近1万人",
        "old_age_allowance_persons": "1200名",
        "old_age_allowance_funds": "60.5万元",
        "rent_subsidy_funds": "300余万元",
        "rural_dibao_funds": "200万元",
        "jobs_realised": "3000余人",
        "compulsory_education_funds": "1.1亿元",
        "programme_funds_all_levels": "2亿元",
    }

    def change(by_measure):
        for measure, printed in made_up.items():
            by_measure[measure].update(printed=printed, aggregation="total", locator="made up")

    edit(folder / "figures.csv", change)
    return project


def of_its_city(code):
    """The codes of the counties that a county is compared with, as those of its city."""
    return list(dict.fromkeys(peer.code for peer in peers(code) if peer.group == "city"))


def test_a_district_is_only_data(district):
    assert regions() == ["duji", "xiangshan", "xiaoxian"]
    release = load("xiangshan", 2020, "en")
    assert of_its_city(release.region.code) == ["340602", "340604", "340621"]
    residents = release.known["resident_population"]
    assert residents.period.text == "2020-11-01" and residents.value > 0
    assert "farm_libraries_per_10000" in release.results


@pytest.mark.parametrize(
    ("id", "code", "name", "city", "residents", "others"),
    [
        ("huaibei", "340600", "淮北市", "安徽省", 2114276, 0),  # a whole city
        ("dangtu", "340521", "当涂县", "安徽省马鞍山市", None, 5),
        ("yian", "340706", "义安区", "安徽省铜陵市", 249595, 3),  # 铜陵县 in the census of 2010
        ("tongling", "340721", "义安区", "安徽省铜陵市", 249595, 3),  # by its older code
    ],
)
def test_names_level_and_census_of_a_region_follow_from_its_code(
    project, livelihood, id, code, name, city, residents, others
):
    assert livelihood("new", "--region", id, "--code", code).exit_code == 0
    region = read_region(id, project)
    assert (region.name["zh"], region.city["zh"]) == (name, city)
    assert len(of_its_city(region.code)) == others
    assert region.programme_start == 2007
    if residents:
        (project / "b.txt").write_text("2011年新建公厕30座。", encoding="utf-8")
        assert livelihood("new", "2011", "--region", id, "--from", "b.txt").exit_code == 0
        assert load(id, 2011).known["resident_population"].value == residents
        (unnamed, *_) = to_look_at(project, id, 2011)  # no table has a city's English name
        assert unnamed.code == "no_city" and region.place("en") == region.name["en"]


@pytest.mark.parametrize("sectors", [["overview", "education"], *whole(DEFINED.pages)])
def test_the_notebooks_run_on_it(district, livelihood, sectors):
    words = [word for sector in sectors for word in ("--sector", sector)]
    made = livelihood("run", "--region", "xiangshan", "--year", "2020", "--language", "zh", *words)
    assert made.exit_code == 0, made.output
    for sector in sectors:
        page = district / f"reports/xiangshan/2020/zh/{sector}.html"
        assert "相山区" in page.read_text(encoding="utf-8")
    overview = (district / "reports/xiangshan/2020/zh/overview.html").read_text(encoding="utf-8")
    assert "杜集区" in overview and "个县区中第" in overview


def test_overview_compares_with_the_citys_others_and_the_province():
    table = open_report("overview", "duji", 2019, "en").peers()
    tap = table.query("comparison == 'tap_water_share'")
    own = tap.query("group == 'own'").set_index("year")["value"]
    assert own.round(3).to_dict() == {2010: 0.662, 2020: 0.851}
    assert set(table["count"].dropna()) == {105}
    assert tap.query("group == 'city' and year == 2020")["name"].tolist() == [
        "相山区",
        "烈山区",
        "濉溪县",
    ]
    html = table._repr_html_()
    for words in ("66.2%", "85.1%", "94 of 105", "21.9%", "42 of 105", "93.8%"):
        assert words in html


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("Xiangshan", "340603", "small Latin letters"),
        ("duji", "340602", "is there already"),
        ("xiangshan", "999999", "no county or city of code “999999”"),
        ("xiangshan", "340000", "no county or city of code “340000”"),
    ],
)
def test_a_district_that_cannot_be_started_says_why(project, livelihood, name, code, says):
    result = livelihood("new", "--region", name, "--code", code)
    assert result.exit_code == 2 and says in result.stderr


# ---- every release ------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2010, 2014, 2015])
def test_a_sector_without_figures_is_an_honest_page(year):
    for sector in DEFINED.pages[1:]:
        report = open_report(sector, "duji", year, "en")
        if not report.figures:
            said = report.key_points().data
            assert re.search(f"No figure on .+ was printed for {year}", said)
            link = f'<a href="../../2019/en/{sector}.html">2019</a>'
            assert link in said or sector == "environment"
            assert report.missing().empty
    missing = open_report("education", "duji", 2010, "en").missing()._repr_html_()
    assert "2019: 27所" in re.sub("<[^>]*>", "", missing)


def test_releases_hold_what_was_printed():
    counts = {year: len(load("duji", year).figures) for year in (2010, 2014, 2015, 2019)}
    assert counts == {2010: 38, 2014: 20, 2015: 1, 2019: 65}
    reference = [f for f in load("duji", 2019).reference if f.source.id == "duji-census-2020"]
    assert len(reference) == 26


def test_notebooks_show_checks_and_series():
    for name in NOTEBOOKS:
        path = ROOT / "notebooks" / f"{name}.ipynb"
        source = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
        assert "report.checks()" in source and "report.key_points()" in source


def test_a_district_outside_the_census_has_pages_without_comparison(project):
    about = project / "data/duji/region.toml"
    about.write_text(about.read_text("utf-8").replace("340602", "990001"), "utf-8")
    report = open_report("culture", "duji", 2019, "en", project)
    assert report.chart("rural_share_culture") is None
    assert "peers" not in {point.kind for point in key_points(report.release, "culture")}
