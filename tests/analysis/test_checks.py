"""Checks: the verdicts on Duji's own figures, the three answers, and what `check` prints."""

from collections import Counter
from fractions import Fraction

import pytest
from conftest import DEFINED

from livelihood import load, open_report
from livelihood.analysis.checks import CHECK_KINDS, VERDICTS, at_most, find, inside, same
from livelihood.analysis.frames import FINDING_COLUMNS, finding_words
from livelihood.quantity.bounds import Bounds

RELEASES = (2010, 2014, 2015, 2019)


def findings(year, check):
    return [f for f in load("duji", year).findings if f.check.id == check]


def words(finding, language="en"):
    """Its reason, and name, words and source of both sides."""
    _, (_, reason), left, right = finding_words(finding, language, DEFINED)
    return reason, left, right


# What DESIGN names, and the other doubts: release, check, verdict, words on the two sides.
EXPECTED = [
    (2019, "people_per_rehoused_home_plausible", "consistent", "2.99", "2–4"),
    (2019, "people_per_home_with_affordable_plausible", "inconsistent", "1.67", "2–4"),
    (2019, "student_aid_plausible", "inconsistent", "11,764–18,750 yuan", "500–5,000 yuan"),
    (2019, "rural_scheme_within_rural_residents", "inconsistent", "约13万人", "51,199 people"),
    (2014, "rural_scheme_within_rural_residents", "inconsistent", "13万人", "70,731 people"),
    (2014, "wubao_change", "inconsistent", "333人", "958名"),
    (2014, "rural_dibao_change", "not_determinable", "348万元", "328.6万元"),
    (2019, "safe_water_within_rural_residents", "inconsistent", "13万人", "51,199"),
    (2019, "pension_above_minimum", "inconsistent", "1,013", "1,056"),
    (2010, "projects_add_up", "consistent", "26项", "26"),
    (2010, "insurable_within_registered", "consistent", "110,151", "343,069"),
    (2010, "migrant_workers_completion", "not_determinable", "110%", "1,990–2,010"),
    (2014, "farmers_completion", "not_determinable", "82.5%", "1,992–1,996"),
    (2014, "records_within_residents", "consistent", "27.4万份", "324,398"),
    (2019, "district_funds_within_all", "consistent", "3.3亿元", "21.78亿元"),
    (2019, "one_station_per_town", "consistent", "5个", "5"),
]


@pytest.mark.parametrize(("year", "check", "verdict", "left", "right"), EXPECTED)
def test_verdict_on_duji(year, check, verdict, left, right):
    (finding,) = findings(year, check)
    assert finding.verdict == verdict
    _, first, second = words(finding)
    assert left in first[1] and right in second[1]
    assert first[2] and second[2]


def test_dibao_stands_beside_both_earlier_figures_and_says_why_it_cannot_be_compared():
    found = findings(2019, "rural_dibao_change")
    assert [f.right.figure.printed for f in found] == ["328.6万元", "348万元"]
    assert all(f.verdict == "not_determinable" for f in found)
    reason, _, _ = words(found[1], "zh")
    assert "年均" in reason and "不满一年" in reason


def test_the_scheme_and_the_census_count_different_people_and_the_finding_says_so():
    (finding,) = findings(2019, "rural_scheme_within_rural_residents")
    assert "registered rural population" in words(finding)[0]


def test_a_shorter_time_is_within_a_longer_one():
    found = findings(2019, "shorter_within_longer")
    sides = {f.left.figure.printed: f.right.figure.printed for f in found}
    assert sides == {
        "1.5亿元": "21.78亿元",
        "1153.53万元": "1.2亿元",
        "15个": "54个",
        "198.5万元": "4940万元",
        "1.35万人": "13万人",
    }
    assert {f.verdict for f in found} == {"consistent"}


def test_the_bulletin_agrees_with_itself_and_with_the_census_table():
    found = find(load("duji", 2019).reference_evidence)
    assert {f.sector for f in found} == {"population"}
    assert {f.verdict for f in found} == {"consistent"}
    kinds = Counter(f.check.kind for f in found)
    assert kinds == {"repeat": 9, "equal": 3, "rate": 8}


@pytest.mark.parametrize("year", RELEASES)
def test_findings_come_with_sides_sources_and_reasons_doubts_first(year):
    release = load("duji", year, "en")
    frame = release.checks
    assert list(frame.columns) == FINDING_COLUMNS
    assert list(frame["verdict"]) == sorted(frame["verdict"], key=VERDICTS.index)
    assert (frame["reason"] != "").all() and (frame["left_source"] != "").all()


def test_each_page_shows_its_sector_and_the_overview_all():
    overview = open_report("overview", "duji", 2019, "en").checks()
    housing = open_report("housing", "duji", 2019, "en").checks()
    assert len(overview) == len(load("duji", 2019).findings)
    assert set(housing["sector"]) == {"housing"} and len(housing) == 3
    assert "inconsistent" in housing._repr_html_()


def test_kinds_are_a_closed_set_in_use():
    assert {c.kind for c in DEFINED.checks.values()} == set(CHECK_KINDS)


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (Bounds.exact(26), Bounds.exact(26), "consistent"),
        (Bounds.exact(26), Bounds.exact(27), "inconsistent"),
        (Bounds(Fraction(20), Fraction(30)), Bounds.exact(27), "consistent"),
        (Bounds(Fraction(20), None), Bounds.exact(27), "not_determinable"),
        (Bounds(Fraction(30), None), Bounds.exact(27), "inconsistent"),
        (Bounds(Fraction(1), Fraction(2), high_included=False), Bounds.exact(2), "inconsistent"),
    ],
)
def test_same(a, b, answer):
    assert same(a, b) == same(b, a) == answer


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (Bounds.exact(2), Bounds.exact(2), "consistent"),
        (Bounds.exact(3), Bounds.exact(2), "inconsistent"),
        (Bounds(Fraction(1), Fraction(3)), Bounds.exact(2), "not_determinable"),
        (Bounds(Fraction(1), None), Bounds.exact(2), "not_determinable"),
        (Bounds(Fraction(3), None), Bounds.exact(2), "inconsistent"),
        (Bounds(None, Fraction(2)), Bounds(Fraction(2), None), "consistent"),
    ],
)
def test_at_most(a, b, answer):
    assert at_most(a, b) == answer


@pytest.mark.parametrize(
    ("bounds", "answer"),
    [
        (Bounds.exact(3), "consistent"),
        (Bounds.exact(5), "inconsistent"),
        (Bounds(Fraction(3), Fraction(5)), "not_determinable"),
        (Bounds(Fraction(3), None), "not_determinable"),
        (Bounds(Fraction(5), None), "inconsistent"),
    ],
)
def test_inside(bounds, answer):
    assert inside(bounds, Fraction(2), Fraction(4)) == answer


def add(project, year, *rows):
    """Add rows to a release of the project."""
    path = project / f"data/duji/{year}/figures.csv"
    columns = len(path.read_text(encoding="utf-8").splitlines()[0].split(","))
    lines = [row + "," * (columns - 1 - row.count(",")) for row in rows]
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")


def test_completion_is_reconciled_where_the_target_is_printed(project):
    row = "migrant_workers_trained,{},2010-01/2010-11,total,duji-2010,¶9,target"
    add(project, 2010, row.format("2000人"))
    (finding,) = findings(2010, "migrant_workers_completion")
    assert finding.verdict == "consistent"
    rows = load("duji", 2010).observations.query("measure == 'migrant_workers_trained'")
    assert sorted(rows["role"]) == ["", "target"]  # a target is told from a result
    path = project / "data/duji/2010/figures.csv"
    path.write_text(path.read_text("utf-8").replace("2000人", "3000人"), "utf-8")
    (finding,) = findings(2010, "migrant_workers_completion")
    assert finding.verdict == "inconsistent"


def test_a_figure_in_two_sources_is_reconciled(project):
    sources = project / "data/duji/2014/sources.toml"
    other = '\n[other]\ntitle = "t"\npublisher = "p"\ndate = "2014-08"\n'
    sources.write_text(sources.read_text("utf-8") + other, "utf-8")
    add(project, 2014, "wubao_persons,335人,2014-01/2014-06,stock,other,¶1")
    (finding,) = findings(2014, "printed_twice")
    assert finding.verdict == "inconsistent"
    assert {side[2] for side in words(finding)[1:]} == {"duji-2014h1 ¶3", "other ¶1"}


class TestCommand:
    def test_findings_are_no_error(self, project, livelihood):
        result = livelihood("check", "--region", "duji")
        assert result.exit_code == 0
        for words in (
            "duji reference: 20 checks",
            "duji 2010",
            "duji 2019: 21 checks",
            "inconsistent",
            "not determinable",
        ):
            assert words in result.output

    def test_one_year(self, project, livelihood):
        result = livelihood("check", "--region", "duji", "--year", "2014")
        assert "2014" in result.output
        assert "duji 2019" not in result.output and "reference" not in result.output

    def test_bad_data_is_an_error_and_the_rest_is_still_checked(self, project, livelihood):
        add(project, 2014, "towns,很多,2014,stock,duji-2014h1,¶9")
        result = livelihood("check")
        assert result.exit_code == 1
        assert "2014/figures.csv row 22 column printed" in result.stderr
        assert "duji 2019: " in result.output

    def test_unknown_region(self, project, livelihood):
        result = livelihood("check", "--region", "dujj")
        assert result.exit_code == 1 and "duji" in result.stderr
