"""A measure through time: what may be compared and what stands apart; revisions, corrections."""

import re

import pytest

import livelihood
from livelihood import DataError, compare, indicators, load, observations, open_report, series
from livelihood.analysis.series import LONG_COLUMNS, revisions
from livelihood.report.charts.drawing import Chart


def groups(measure, **how):
    table = series(measure, "duji", "en", **how)
    return dict(zip(table["printed"], table["group"], strict=True))


def reasons(measure):
    table = series(measure, "duji", "en")
    return dict(zip(table["printed"], table["reason"], strict=True))


def test_columns_and_order():
    table = livelihood.series("people_safe_water", region="duji")
    assert list(table.columns) == LONG_COLUMNS
    assert table["release"].tolist() == [2010, 2014, 2019]
    assert table["last"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("measure", "printed", "words"),
    [
        ("people_safe_water", "1.35万人", "less than a year"),
        ("people_safe_water", "1.844万人", "planned"),
        ("people_safe_water", "13万人", "running total: to 2019 (start not stated)"),
        ("compulsory_education_funds", "1.2亿元", "total of 13 years"),
        ("rural_dibao_funds", "348万元", "2014-01–2014-06, less than a year"),
        ("rural_dibao_funds", "1000万元", "yearly average"),
        ("farmers_trained", "4030人次", "another measure: New-type farmers trained (person-times)"),
        ("rural_coop_medical_enrolled", "约13万人", "each year; before the merger"),
    ],
)
def test_what_stands_apart_says_why(measure, printed, words):
    assert words in reasons(measure)[printed]
    assert list(groups(measure).values()).count(groups(measure)[printed]) == 1


def test_what_may_be_compared_is_one_group_without_a_reason():
    assert groups("wubao_persons") == {"958名": 1, "333人": 1}
    assert groups("district_projects") == {"26项": 1, "29项": 1}
    assert set(reasons("wubao_persons").values()) == {""}


def write_release(project, year, *rows):
    """A made-up release of Duji."""
    folder = project / f"data/duji/{year}"
    folder.mkdir()
    header = "measure,printed,period,aggregation,source,locator\n"
    (folder / "figures.csv").write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    source = f'[made-up]\ntitle = "made up"\npublisher = "nobody"\ndate = "{year + 1}-04-01"\n'
    (folder / "sources.toml").write_text(source, encoding="utf-8")


def test_years_of_one_kind_are_comparable_and_a_change_of_scheme_is_not(project):
    write_release(
        project,
        2012,
        "rural_dibao_funds,400万元,2012,total,made-up,1",
        "rural_coop_medical_enrolled,11万人,2012,stock,made-up,2",
    )
    write_release(
        project,
        2021,
        "rural_dibao_funds,900万元,2021,total,made-up,1",
        "rural_coop_medical_enrolled,15万人,2021,stock,made-up,2",
    )
    dibao = groups("rural_dibao_funds", project=project)
    assert dibao["400万元"] == dibao["900万元"]
    assert len({dibao[p] for p in ("400万元", "328.6万元", "348万元", "1000万元")}) == 4
    scheme = groups("rural_coop_medical_enrolled", project=project)
    assert scheme["11万人"] == scheme["10.96万人"] != scheme["15万人"]
    table = series("rural_coop_medical_enrolled", "duji", "zh", project)
    assert "合并之后" in table.set_index("printed").loc["15万人", "reason"]


def test_no_number_is_annualised():
    half = load("duji", 2014)
    assert "rent_subsidy_per_year" not in half.results
    assert "programme_funds_per_year" not in half.results


def test_figures_that_may_not_be_compared_are_a_sentence_with_their_reasons():
    chart = open_report("infrastructure", "duji", 2019, "en").chart("infrastructure_series")
    assert isinstance(chart, Chart) and not chart.axes  # none may be drawn beside another
    for words in ("13,500 people", "planned", "start not stated"):
        assert words in chart.alt


def test_table_of_a_report():
    table = open_report("safety_net", "duji", 2010, "en").series("rural_dibao_funds")
    assert table["group"].tolist() == [1, 2, 3]
    assert "duji-2014h1 ¶4" in table._repr_html_()


def test_a_series_is_in_words_and_takes_indicators_and_names():
    table = series("rural_dibao_funds", "duji", language="en")
    assert "3.29" in repr(table) or "3.28" in repr(table)
    assert "less than a year" in repr(table) and "less than a year" in table._repr_html_()
    assert not re.search(r"\d+e[+-]\d", repr(table.head(2)))
    by_name = series("农村低保资金", "duji", language="en")
    assert by_name["measure"].tolist() == table["measure"].tolist()
    share = series("programme_district_share", "duji", language="en")
    assert share["indicator"].unique().tolist() == ["programme_district_share"]
    assert share["release"].tolist() == [2019] and "15.2%" in repr(share)
    grown = series("wubao_persons@growth", "duji")
    assert grown["release"].tolist() == [2014]
    page = open_report("safety_net", "duji", 2019, "en").series("rural_dibao_spending")
    assert page["group"].tolist() == [1, 2, 3] and "yearly average" in page._repr_html_()


# ---- all releases at once -----------------------------------------------------------------------


@pytest.mark.parametrize("read", [observations, indicators])
def test_a_pivot_of_all_releases_puts_side_by_side_only_what_may_be_compared(read):
    found = read(language="en")
    assert set(found["region"]) == set(livelihood.regions())
    assert set(found.query("region == 'duji'")["release"]) == set(livelihood.years("duji"))
    id = "measure" if read is observations else "indicator"
    apart = found.groupby(id)["group"].transform("nunique") > 1
    assert apart.any() and ((found["reason"] != "") == apart).all()
    assert (found.groupby("group")[[id, "reason", "label"]].nunique() == 1).all(axis=None)
    wide = found.pivot_table(
        index=["label", "reason"], columns=["region", "release"], values="low", aggfunc="count"
    )
    months, years = "2010-01–2010-11, less than a year", "total of 13 years"
    if read is observations:
        funds = wide.loc["Compulsory-education funds"]
        assert set(funds.index) == {months, years}
        assert funds.notna().sum(axis=1).tolist() == [1, 1]  # never in one row


def test_long_frames_are_the_releases_put_together():
    for read, name in ((observations, "observations"), (indicators, "indicators")):
        one = getattr(load("duji", 2019, "zh"), name)
        long = read(region="duji", year="2019", language="zh")
        assert list(long.columns[: len(one.columns)]) == list(one.columns)
        keys = ["label", "period", "low", "high", "note"]
        assert sorted(map(repr, long[keys].values)) == sorted(map(repr, one[keys].values))


def test_figures_of_one_kind_are_one_group_over_regions(two_regions):
    found = observations(["农家书屋", "口袋书房"], year=2026, language="zh", project=two_regions)
    assert found.groupby("label")["region"].apply(list).to_dict() == {
        "农家书屋": ["duji", "xiaoxian"],
        "口袋书房": ["duji", "xiaoxian"],
    }
    assert found.groupby("label")["group"].nunique().tolist() == [1, 1]
    each = indicators("farm_libraries_per_10000", year=2026, project=two_regions)
    assert each["group"].nunique() == 1 and len(each) == 2


def test_growth_over_one_year_is_not_beside_growth_over_nine(project):
    write_release(project, 2012, "wubao_persons,900名,2012,stock,made-up,1")
    write_release(project, 2021, "wubao_persons,300名,2021,stock,made-up,1")
    found = indicators("wubao_persons@growth", "duji", language="en", project=project)
    assert found["release"].tolist() == [2012, 2014, 2021] and found["group"].nunique() == 2
    assert found["reason"].str.extract(r"(\d) years apart")[0].tolist() == ["2", "2", "7"]


def test_a_draft_is_left_out_of_all_releases(project):
    write_release(project, 2021, "wubao_persons,很多,2021,stock,made-up,1")
    assert 2021 not in set(indicators(region="duji")["release"])
    assert 2021 not in set(observations(region="duji")["release"])


def test_more_rows_than_anybody_reads_are_shown_as_pandas_does(project):
    rows = [f"village_shows,{n}场,2021,total,made-up,¶{n}" for n in range(1, 520)]
    write_release(project, 2021, *rows)
    found = observations("village_shows", "duji", project=project)
    assert len(found) > 500 and len(repr(found).splitlines()) < 80


def test_unknown_measure_names_near_ones():
    with pytest.raises(DataError, match="rural_dibao_funds"):
        series("rural_dibao_fund", "duji", "en")


# ---- revisions and corrections ------------------------------------------------------------------


def test_duji_has_no_revisions():
    assert revisions(load("duji", 2019).timeline) == []
    report = open_report("overview", "duji", 2019, "en")
    assert "No figure was revised" in report.revisions()._repr_html_()


def test_a_figure_printed_differently_later_is_a_revision(project):
    write_release(project, 2021, "rural_dibao_funds,330万元,2010-01/2010-11,total,made-up,表1")
    table = open_report("overview", "duji", 2021, "en", project).revisions()
    (row,) = table.to_dict("records")
    assert (row["old"], row["new"]) == ("328.6万元", "330万元")
    assert (row["old_release"], row["new_release"]) == (2010, 2021)
    assert (row["old_source"], row["new_source"]) == ("duji-2010 ¶2", "made-up 表1")
    assert row["difference_low"] == pytest.approx(8500)
    assert row["difference_high"] == pytest.approx(19500)
    (found,) = [
        f
        for f in load("duji", 2021, project=project).findings
        if f.check.id == "printed_twice" and f.sector == "safety_net"
    ]
    assert found.verdict == "inconsistent"


CORRECTION = """
[wubao_persons]
source = "duji-2014h1"
locator = "¶3"
was = "333人"
becomes = "933人"
why = { zh = "漏印一位", en = "a digit is missing" }
by = "made up for this test"
"""


def test_a_correction_counts_and_is_shown_as_such(project):
    (project / "data/duji/2014/corrections.toml").write_text(CORRECTION, "utf-8")
    release = load("duji", 2014, "en")
    row = release.observations.set_index("measure").loc["wubao_persons"]
    assert (row["printed"], row["value"]) == ("333人", 933)
    assert row["note"].startswith("Corrected: printed 333人, read as 933人: a digit is missing")
    page = open_report("elderly_care", "duji", 2014, "zh").coverage()._repr_html_()
    assert "更正：原印“333人”，改为“933人”" in page
    (change,) = [f for f in release.findings if f.check.id == "wubao_change"]
    assert change.verdict == "consistent"


@pytest.mark.parametrize(
    ("replace", "by", "says"),
    [
        ("333人", "334人", ["figures.csv row 8 column printed", "333人", "334人"]),
        ('locator = "¶3"', 'locator = "¶4"', ["corrections.toml [wubao_persons]", "¶4"]),
        ('by = "made up for this test"', "", ["corrections.toml [wubao_persons]", "by is missing"]),
        ("en = ", "fr = ", ["[wubao_persons] column why", "why.en"]),
        ("933人", "很多人", ["figures.csv row 8 column printed", "很多人"]),
    ],
)
def test_a_correction_that_no_longer_fits_stops_the_reading(project, replace, by, says):
    (project / "data/duji/2014/corrections.toml").write_text(
        CORRECTION.replace(replace, by, 1), "utf-8"
    )
    with pytest.raises(DataError) as caught:
        load("duji", 2014)
    for words in says:
        assert words in caught.value.text("en")


# ---- across regions -----------------------------------------------------------------------------


@pytest.fixture
def two_regions(project):
    """A made-up year of Duji and of Xiao county, which name things as they like."""
    printed = {
        "duji": [("农家书屋", "81个"), ("口袋书房", "12间"), ("城镇新增就业", "800人")],
        "xiaoxian": [("农家书屋", "近300个"), ("口袋书房", "9间"), ("新增城镇就业", "2500人")],
    }
    for region, rows in printed.items():
        folder = project / "data" / region / "2026"
        folder.mkdir()
        source = '[s]\ntitle = "t"\npublisher = "p"\ndate = "2027"\n'
        (folder / "sources.toml").write_text(source, encoding="utf-8")
        lines = ["label,sector,printed,period,aggregation,source,locator"]
        lines += [f"{n},culture,{words},2026,total,s,¶{n}" for n, words in rows]
        (folder / "figures.csv").write_text("\n".join(lines), encoding="utf-8")
    return project


@pytest.mark.parametrize(
    ("measure", "printed"),
    [
        ("urban_jobs_added", ["800人", "2500人"]),  # two names, one measure of the catalogue
        ("口袋书房", ["12间", "9间"]),  # both sheets define it
    ],
)
def test_figures_of_two_regions_that_are_of_one_measure_stand_in_one_group(
    two_regions, measure, printed
):
    table = series(measure, ["duji", "xiaoxian"], "en", two_regions).query("release == 2026")
    assert table["region"].tolist() == ["duji", "xiaoxian"]
    assert table["printed"].tolist() == printed and table["group"].nunique() == 1


def test_two_regions_are_compared_where_their_measures_are_one(two_regions):
    table = compare(["duji@2026", "xiaoxian@2026"], project=two_regions)
    found = table.query("region == 'xiaoxian' and what == 'measure'").set_index("id")["verdict"]
    assert found.to_dict() == {
        "farm_libraries": "higher",
        "urban_jobs_added": "higher",
        "口袋书房": "lower",
    }
