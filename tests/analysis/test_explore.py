"""What an analyst asks of the package by hand: explain, find, compare, try, and edit the data."""

import os
import pickle
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from importlib import import_module
from pkgutil import iter_modules

import pandas as pd
import pytest

import livelihood as lv
from livelihood.analysis.release import read_edition
from livelihood.project.paths import Edition

RELEASES = [(year, language) for year in lv.years("duji") for language in ("zh", "en")]
END = re.compile(r"^([-\d.,…()÷+×− ]+) = (-?[\d,.]+…?)$")


def number(text: str) -> float:
    return float(text.replace(",", "").rstrip("…"))


def worked(text: str) -> float:
    """The left side of a line of arithmetic, computed by Python."""
    for sign, python in (("÷", "/"), ("×", "*"), ("−", "-"), (",", ""), ("…", "")):
        text = text.replace(sign, python)
    assert set(text) <= set("0123456789.()+-*/ ")
    return eval(text)


@pytest.mark.parametrize(("year", "language"), RELEASES)
def test_every_indicator_is_explained_and_its_arithmetic_adds_up(year, language):
    release = lv.load("duji", year, language)
    checked = 0
    for id in release.results:
        steps = lv.explain(id, "duji", year, language)
        assert steps["id"].iloc[-1] == id and steps["step"].tolist() == [*range(1, len(steps) + 1)]
        low, high = steps.lines[-1][2:4]
        for line, end in ((low, steps["low"].iloc[-1]), (high, steps["high"].iloc[-1])):
            match = END.match(line)
            if match:
                assert worked(match[1]) == pytest.approx(number(match[2]), rel=1e-4)
                assert number(match[2]) == pytest.approx(end, rel=1e-4)
                checked += 1
            else:
                assert pd.isna(end) or not re.search("[÷+]", line)
    assert checked >= len(release.results)


def test_explanation_leads_from_the_printed_words_to_both_ends():
    steps = lv.explain("rural_pension_per_person", "duji", 2019, "en")
    assert steps["printed"].tolist() == ["3343万元", "3.3万", ""]
    for text in (repr(steps), steps._repr_html_()):
        for words in (
            "33,425,000 ÷ 33,500 = 997.761…",
            "33,435,000 ÷ 32,500 = 1,028.76…",
            "医养结合 ¶29",
            "implied by place value or rounding",
        ):
            assert words in text


def test_explains_by_label_and_says_what_a_release_lacks():
    assert lv.explain("农村基础养老金人均（年）")["id"].iloc[-1] == "rural_pension_per_person"
    with pytest.raises(lv.DataError, match="rural_pension_per_person"):
        lv.explain("rural_pensions_per_person")
    with pytest.raises(lv.DataError) as error:
        lv.explain("rural_pension_per_person", "duji", 2010)
    assert "Rural basic pension paid" in error.value.text("en")


def test_compares_only_what_may_be_compared():
    table = lv.compare(["duji@2010", "duji@2014"], language="en").set_index(["id", "release"])
    assert table.loc[("wubao_persons", 2014), "verdict"] == "lower"
    # eleven months beside six
    assert table.loc[("rural_dibao_funds", 2014), "verdict"] == "not_comparable"
    assert "not comparable" in lv.compare(["duji@2010", "duji@2014"], language="en")._repr_html_()


OTHER_TIME = "wubao_persons,400人,2013,stock,duji-2014h1,¶3"


@pytest.mark.parametrize("first", [True, False])
def test_a_measure_printed_for_two_times_has_words_and_number_of_one_row(project, first):
    path = project / "data/duji/2014/figures.csv"
    lines = path.read_text("utf-8").splitlines()
    place = 1 if first else len(lines)
    lines.insert(place, OTHER_TIME + "," * (lines[0].count(",") - OTHER_TIME.count(",")))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    release, of_one_row = lv.load("duji", 2014, "en"), ("333人", 333, "2014-01/2014-06")
    figure, amount = release.figure("wubao_persons"), release.known["wubao_persons"]
    assert (figure.printed, amount.value, amount.period.text) == of_one_row
    for rows in (
        lv.compare(["duji@2010", "duji@2014"]).query("release == 2014"),
        lv.explain("wubao_persons", "duji", 2014),
    ):
        row = rows.set_index("id").loc["wubao_persons"]
        assert (row["printed"], row["value"], row["period"]) == of_one_row
    page = lv.open_report("elderly_care", "duji", 2014, "en")
    said = page.say("", "{wubao_persons.printed} is {wubao_persons}").data
    assert "333人" in said and "333 people" in said
    indicator = page.table("wubao_funds_per_person")._repr_html_()
    assert "333人" in indicator and "400人" not in indicator


@pytest.mark.parametrize(
    ("release", "indicator", "printed", "says"),
    [
        (("xiaoxian", 2025), "village_shows@completion", ["230场", "263场", ""], "(target)"),
        (("duji", 2014), "wubao_persons@growth", ["333人", "958名", ""], "earlier release"),
    ],
)
def test_a_target_and_an_earlier_figure_have_their_own_words(release, indicator, printed, says):
    steps = lv.explain(indicator, *release, "en")
    assert steps["printed"].tolist() == printed and says in repr(steps)
    assert (steps["source"].iloc[:-1] != "").all()


@pytest.mark.parametrize(("time", "counts"), [("2025", True), ("2026", False), ("2024", False)])
def test_a_target_of_another_time_is_no_target(project, time, counts):
    path = project / "data/xiaoxian/2025/figures.csv"
    text = path.read_text("utf-8")
    assert "target,263场,2025," in text
    path.write_text(text.replace("target,263场,2025,", f"target,263场,{time},"), "utf-8")
    assert ("village_shows@completion" in lv.load("xiaoxian", 2025).results) == counts


def test_districts_of_unlike_size_are_compared_for_each_resident(project):
    rows = {"duji": "village_shows,100场", "xiaoxian": "village_shows,200场"}
    for region, row in rows.items():
        folder = project / "data" / region / "2026"
        folder.mkdir()
        source = '[s]\ntitle = "t"\npublisher = "p"\ndate = "2027"\n'
        (folder / "sources.toml").write_text(source, "utf-8")
        text = "measure,printed,period,aggregation,source,locator\n" + row + ",2026,total,s,1\n"
        (folder / "figures.csv").write_text(text, "utf-8")
    heads = lv.compare(["duji@2026", "xiaoxian@2026"]).query("id == 'village_shows'")
    assert heads["verdict"].tolist() == ["", "higher"]
    each = lv.compare(["duji@2026", "xiaoxian@2026"], language="en", per_head=True)
    assert "village_shows" not in set(each["id"])
    (first, second) = each.query("id == 'village_shows@per_head'").to_dict("records")
    assert (first["unit"], second["verdict"]) == ("场/10000 person", "lower")
    assert "per 10,000 residents" in first["label"] and "by residents" in each.caption


@pytest.mark.parametrize("wrong", ["duji", "duji@19", "duji@1999", "nowhere@2019"])
def test_compare_says_which_releases_exist(wrong):
    with pytest.raises(lv.DataError):
        lv.compare([wrong])


def test_indicator_of_ones_own_is_what_the_pasted_block_gives(capsys, project):
    tried = lv.indicator(
        "per_head",
        "funds_each",
        "duji",
        2019,
        per=100,
        measure="student_aid_funds",
        population="resident_population",
    )
    block = capsys.readouterr().out
    with (project / "data/definitions/education.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + block)
    amount = lv.load("duji", 2019).results["funds_each"].amount
    assert float(amount.bounds.low) == tried["low"].iloc[-1]
    assert amount.bounds.high is None or float(amount.bounds.high) == tried["high"].iloc[-1]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"kind": "ratoi"}, "ratio"),
        ({"kind": "ratio", "numerator": "student_aid_funds"}, "denominator"),
        ({"kind": "sum", "terms": ["student_aid_funds", "kindergartens_taken_over"]}, "(money)"),
        ({"kind": "level", "measure": "wubao_fund"}, "wubao_funds"),
        ({"kind": "level", "measure": "wubao_funds"}, "wubao_funds"),
    ],
)
def test_indicator_says_what_is_wrong(parts, expected):
    with pytest.raises(lv.DataError) as error:
        lv.indicator(**parts)
    assert expected in error.value.text("en")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (("education", "nowhere", 2019, "zh"), "duji"),
        (("education", "duji", 1999, "zh"), "2019"),
        (("education", "duji", 2019, "fr"), "zh, en"),
        (("schools", "duji", 2019, "zh"), "education"),
    ],
)
def test_wrong_parameters_say_which_exist(parameters, expected):
    with pytest.raises(lv.DataError, match=expected):
        lv.open_report(*parameters)


def test_an_edited_data_file_shows_when_the_cell_runs_again(project):
    before = lv.load("duji", 2019)
    path = project / "data/duji/2019/figures.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("3343万元", "3344万元"), encoding="utf-8")
    after = lv.load("duji", 2019)
    value = [r.results["rural_pension_per_person"].amount.value for r in (before, after)]
    assert value == [Fraction(33430000, 33000), Fraction(33440000, 33000)]
    sources = project / "data/duji/2019/sources.toml"
    sources.write_text(sources.read_text("utf-8").replace("淮北日报", "淮北晚报"), "utf-8")
    assert "淮北晚报" in set(lv.load("duji", 2019).sources["publisher"])
    stray = project / "data/duji/2014/notes.csv"
    stray.symlink_to("/etc/passwd")  # in another year's folder than the one that is read
    with pytest.raises(lv.DataError, match=r"notes\.csv"):
        lv.load("duji", 2019)
    stray.unlink()
    assert {dated.release for dated in lv.load("duji", 2019).timeline} == {2010, 2014, 2015, 2019}
    (project / "data/duji/2015/figures.csv").unlink()
    assert {dated.release for dated in lv.load("duji", 2019).timeline} == {2010, 2014, 2019}


def test_what_somebody_makes_of_a_releases_frames_is_in_no_other_load(project):
    kept = read_edition(Edition("duji", 2019, "en"), project)
    before = kept.observations.copy()
    mine = lv.load("duji", 2019, "en")
    mine.observations["rank"] = 1
    mine.observations.loc[0, "value"] = -1.0
    assert mine.observations.loc[0, "value"] == -1.0
    assert kept.observations.equals(before)
    assert lv.load("duji", 2019, "en").observations.equals(before)


EDIT = """
import livelihood as lv
from pathlib import Path
path = Path("data/definitions/elderly_care.toml")
lv.find("pension")
before = repr(lv.explain("rural_pension_per_person"))
path.write_text(path.read_text("utf-8").replace("农村基础养老金人均", "改过的名称"), "utf-8")
after = repr(lv.explain("rural_pension_per_person"))
print("改过的名称" in before, "改过的名称" in after)
"""


def test_an_edited_definition_shows_when_the_cell_runs_again(project):
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    answer = subprocess.run([sys.executable, "-c", EDIT], env=environment, capture_output=True)
    assert answer.stdout.decode().split() == ["False", "True"], answer.stderr.decode()


def test_tables_show_their_words_and_remain_dataframes():
    release = lv.load("duji", 2019, "en")
    assert "≥80%" in release.observations._repr_html_() and "≥80%" in repr(release.observations)
    assert "1,013 yuan per person (997–1,029)" in repr(release.indicators)
    shown = release._repr_mimebundle_()["text/html"]
    assert "Elderly care" in repr(release) and "Elderly care" in shown
    checks = release.checks
    assert checks["verdict"].isin(["inconsistent", "not_determinable", "consistent"]).all()
    assert "duji-2019" in set(release.sources["source"])
    mine = release.observations
    mine["rank"] = 1
    assert "rank" in mine._repr_html_()  # a column of one's own is not hidden


PLAIN = {
    "head": lambda table: table.head(2),
    "query": lambda table: table.query("measure == 'old_age_allowance_funds'"),
    "sort_values": lambda table: table.sort_values("value", ascending=False),
    "[[...]]": lambda table: table[["measure", "printed", "value", "low", "high", "unit"]],
    "assign": lambda table: table.assign(half=table["value"] / 2),
    "merge": lambda table: table.merge(pd.DataFrame({"sector": ["health"], "rank": [1]})),
    "pickle": lambda table: pickle.loads(pickle.dumps(table)),
    "pivot": lambda table: table.pivot_table("value", "measure", "sector"),
}


@pytest.mark.parametrize("step", PLAIN)
def test_a_table_stays_readable_after_a_step_of_pandas(step):
    found = PLAIN[step](lv.load("duji", 2019, "en").observations)
    for shown in (repr(found), found._repr_html_()):
        assert not re.search(r"\d+e[+-]\d", shown)
        assert step in ("pivot", "merge") or "yuan" in shown


LABELLED = {
    "observations": lambda: lv.load("duji", 2019).observations,
    "indicators": lambda: lv.load("duji", 2019).indicators,
    "series": lambda: lv.series("people_safe_water", "duji"),
    "compare": lambda: lv.compare(["duji@2010", "duji@2014"]),
    "all observations": lambda: lv.observations(language="zh"),
    "all indicators": lambda: lv.indicators(language="zh"),
}


@pytest.mark.parametrize("name", LABELLED)
def test_tables_have_names_beside_ids_and_a_reader_sees_them_once(name):
    found = LABELLED[name]()
    id = next(column for column in ("measure", "indicator", "id") if column in found)
    assert (found["label"] != "").all()
    assert found["label"].str.contains("[\u4e00-\u9fff]").all()
    first = found.iloc[0]
    chosen = found.head(1)[[id, "label", "value", "low", "high", "unit"]]
    for shown in (repr(chosen), chosen._repr_html_()):
        assert shown.count(first["label"]) == shown.count(first[id]) == 1
    assert chosen._repr_html_().count("<th ") == 3  # label, value; the name of the row
    assert found.groupby("label")[id].nunique().max() == 1


def test_an_end_is_not_shown_as_a_number():
    table = lv.load("duji", 2019, "en").observations.query("printed == '近7万人'")
    shown = table[["label", "value", "low", "high", "unit"]]
    assert "65,000–70,000 people" in repr(shown) and "70,000 people (" not in repr(shown)
    sides = lv.compare(["duji@2019"], language="en").query("id == 'vaccination_rate'")
    assert "≥95%" in repr(sides[["label", "value", "low", "high", "unit"]])


def test_a_table_shows_its_data_and_not_what_they_were():
    mine = lv.load("duji", 2019, "en").observations.head(2).copy()
    assert "changed" not in repr(mine)
    mine.loc[mine.index[0], "printed"] = "changed"
    assert "changed" in repr(mine) and "changed" in mine._repr_html_()


def test_tab_after_a_release_offers_its_tables_and_little_else():
    release = lv.load("duji", 2019)
    assert {"observations", "indicators", "checks", "sources"} <= set(dir(release))
    assert len(dir(release)) <= 10 and all(hasattr(release, name) for name in dir(release))


def test_arguments_have_one_order_and_a_year_may_be_text():
    """What, then region, year, language."""
    where = ("duji", "2019", "en")
    tables = [
        lv.load(*where).observations,
        lv.open_report("elderly_care", *where).coverage(),
        lv.series("rural_basic_pension_funds", *where),
        lv.observations("rural_basic_pension_funds", *where),
        lv.indicators("rural_pension_per_person", *where),
    ]
    for table in tables:
        assert set(table["release"]) == {2019} and table["label"].str.contains("[a-z]").all()
    steps = lv.explain("rural_pension_per_person", *where)
    assert steps["source"].iloc[0] == "duji-2019" and "implied" in repr(steps)
    assert set(lv.series("wubao_funds", "duji", "en")["label"]) == {  # as it was called before
        lv.load("duji", 2014, "en").definitions.label("wubao_funds", "en")
    }
    assert lv.load("", 0).year == 2019  # a notebook's parameters that name none


def test_no_place_is_built_in(project, capsys):
    """Without a region or a year it is the region that a run begins with, its newest release."""
    (project / "data/duji").rename(project / "data/elsewhere")
    shutil.copytree(project / "data/elsewhere", project / "data/before")
    for folder in (project / "data/before").glob("[12]*"):
        shutil.rmtree(folder)  # a region that has printed nothing yet
    release = lv.load()
    assert (release.region.id, release.year) == ("elsewhere", 2019)
    assert set(lv.series("wubao_persons")["region"]) == {"elsewhere"}
    assert lv.open_report("education").release.year == 2019
    for year in (None, 2019, "2019", 2019.0):
        steps = lv.explain("rural_pension_per_person", year=year)
        assert steps["source"].iloc[0] == "duji-2019"
    tried = lv.indicator("level", measure="student_aid_funds")
    assert tried["printed"].iloc[0] == "2000余万元" and "[indicators." in capsys.readouterr().out


@pytest.mark.parametrize("year", ["x", "19", 1999, ""])
def test_no_such_year_names_those_there_are(year):
    with pytest.raises(lv.DataError, match="2010, 2014, 2015, 2019"):
        lv.load("duji", year)


def test_public_api_is_half_a_page():
    assert len(lv.__all__) <= 16 and all(getattr(lv, name).__doc__ for name in lv.__all__)
    assert set(lv.__all__) <= set(dir(lv))
    for module in iter_modules(lv.__path__):
        if module.name != "__main__":
            import_module(f"livelihood.{module.name}")  # and no module takes a function's place
    for name in ("explain", "find", "compare", "indicator", "series", "load"):
        assert callable(getattr(lv, name)) and ">>>" in getattr(lv, name).__doc__
