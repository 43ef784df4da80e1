"""Names: what finds a measure, an indicator, a district; what is said where there is none."""

import pytest

import livelihood as lv


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("养老", "public_nursing_homes"),
        ("PENSION", "rural_pension_per_person"),
        ("五保 资金", "wubao_funds"),
        ("wubao_funds", "wubao_funds"),
        ("3343万元", "rural_basic_pension_funds"),
        ("交卷", "wubao_persons"),
    ],
)
def test_finds_by_label_id_and_source_words(words, id):
    assert id in set(lv.find(words)["id"])


def test_finds_nothing_and_says_what_is_near():
    found = lv.find("wubao_fonds", "en")
    assert found.empty and "wubao_funds" in repr(found)
    assert lv.find(" ").empty


def test_a_district_is_found_by_its_name_and_its_census_read():
    found = lv.find("相山")
    assert found[["id", "what"]].values.tolist() == [["340603", "division"]]
    assert lv.find("杜集").query("what == 'region'")["releases"].tolist() == [
        "2010, 2014, 2015, 2019"
    ]
    for place in ("340603", "相山区"):
        counts = lv.census(place, "en").set_index(["measure", "year"])["value"]
        assert counts["resident_population", 2020] == 548934
    renamed = lv.census("义安区")  # 铜陵县 in the census of 2010, whose row stands behind it
    assert list(dict.fromkeys(renamed["place"])) == ["铜陵县", "义安区"]
    both = lv.census(["duji", "340603"]).query("year == 2020")
    assert both.pivot(index="label", columns="place", values="value").loc["常住人口"].tolist() == [
        239692,
        548934,
    ]
    assert "239,692" in repr(lv.census("duji")) and len(lv.census()) > 1000
    with pytest.raises(lv.DataError, match="340603"):
        lv.census("相山")


WRONG = {
    "find": (lambda: lv.find("x", "fr"), "zh, en"),
    "load": (lambda: lv.load("duji", 2019, "fr"), "zh, en"),
    "explain": (lambda: lv.explain("wubao_funds", language="fr"), "zh, en"),
    "series": (lambda: lv.series("wubao_funds", "duji", language="fr"), "zh, en"),
    "census": (lambda: lv.census("duji", "fr"), "zh, en"),
    "observations": (lambda: lv.observations(language="fr"), "zh, en"),
    "indicators": (lambda: lv.indicators(language="fr"), "zh, en"),
    "compare": (lambda: lv.compare(["duji@2019"], "schools"), "education"),
    "series of a region": (lambda: lv.series("wubao_funds", "nowhere"), "duji"),
    "series of a year": (lambda: lv.series("wubao_funds", "duji", 1999), "2010, 2014"),
    "all of a region": (lambda: lv.observations(region=["duji", "nowhere"]), "duji"),
    "all of a year": (lambda: lv.indicators(year="1999"), "2010"),
    "all of a name": (lambda: lv.indicators("wubao_funds_per_persn"), "wubao_funds_per_person"),
    "a measure is no indicator": (lambda: lv.indicators("wubao_persons"), "wubao"),
    "a region's name": (lambda: lv.load("杜集"), "duji (杜集区)"),
    "a sector's name": (lambda: lv.open_report("养老", "duji"), "elderly_care (养老)"),
    "an indicator's name": (
        lambda: lv.open_report("elderly_care", "duji", 2019).table("农村基础养老"),
        "农村基础养老金人均（年）（rural_pension_per_person）",
    ),
    "a place": (lambda: lv.census("340699"), "340"),
}


@pytest.mark.parametrize("call", WRONG)
def test_what_is_not_there_is_one_kind_of_error_with_what_there_is(call):
    wrong, expected = WRONG[call]
    with pytest.raises(lv.DataError) as error:
        wrong()
    assert expected in error.value.text("en")


@pytest.mark.parametrize(
    ("name", "near", "not_said"),
    [
        ("五保供养员资金", "五保供养资金（wubao_funds）", "没有相近"),
        ("养老金", "农村基础养老金", "没有相近"),
        ("wubao_fonds", "相近的有：wubao_funds", "没有相近"),
        ("xqzzw", "没有相近的", "相近的有"),
        ("量子计算", "没有相近的", "相近的有"),
    ],
)
def test_what_is_near_is_called_so_and_nothing_else(name, near, not_said):
    asked = [lv.explain, lv.series, lv.observations, lv.indicators][: 2 if "wubao" in near else 1]
    for ask in asked:
        with pytest.raises(lv.DataError) as error:
            ask(name)
        said = error.value.text("zh")
        assert near in said and not_said not in said
    said = lv.find(name, "zh").caption
    assert near in said or not lv.find(name).empty
