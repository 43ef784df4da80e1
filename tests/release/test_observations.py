"""Reading a release: the gold quantities, the columns, and one bad input a rule."""

import csv
from fractions import Fraction

import pandas as pd
import pytest
from bad_inputs import FIGURES, bad_inputs, is_refused, put
from conftest import ROOT

from livelihood import DataError, load
from livelihood.analysis.frames import INDICATOR_COLUMNS, OBSERVATION_COLUMNS

GOLD = list(csv.DictReader((ROOT / "tests" / "duji-2019.csv").open(encoding="utf-8")))
BAD = bad_inputs("release/bad-releases.toml")


def test_the_gold_has_every_quantity_of_the_source():
    assert len(GOLD) == 65


@pytest.mark.parametrize(
    ("figure", "gold"),
    list(zip(load("duji", 2019).figures, GOLD, strict=True)),
    ids=lambda x: x["printed"] if isinstance(x, dict) else x.measure.id,
)
def test_figure_reads_as_the_gold(figure, gold):
    quantity = figure.quantity
    assert quantity.text == gold["printed"]
    assert quantity.value == Fraction(gold["value"])
    assert quantity.low == Fraction(gold["low"])
    if gold["high"]:
        assert quantity.high == Fraction(gold["high"])
    else:  # the gold is of the words alone; the measure, a share, closes the open end at 1
        assert (quantity.high, quantity.high_origin) == (1, "natural")
    assert (quantity.unit, quantity.qualifier) == (gold["unit"], gold["qualifier"])


def test_frames_have_the_promised_columns():
    release = load("duji", 2019)
    assert list(release.observations.columns) == OBSERVATION_COLUMNS
    assert list(release.indicators.columns) == INDICATOR_COLUMNS
    assert len(release.observations) == 65
    assert release.observations["value"].dtype == float


def test_ends_without_a_number_are_open_and_have_no_origin():
    rows = load("duji", 2019).observations
    assert ((rows["low_origin"] == "") == rows["low"].isna()).all()
    assert ((rows["high_origin"] == "") == rows["high"].isna()).all()


def test_notes_and_names_follow_the_language():
    row = {
        language: load("duji", 2019, language).observations.set_index("measure").loc["centenarians"]
        for language in ("zh", "en")
    }
    words = ["label", "note"]
    assert row["zh"].drop(words).equals(row["en"].drop(words))
    notes = load("duji", 2019, "en").observations["note"].str.cat()
    assert notes and not any(
        "\u4e00" <= c <= "\u9fff"
        for c in notes.replace("年", "").replace("人", "").replace("万", "")
    )


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_file_row_and_column(project, case):
    put(project, BAD[case])
    is_refused(BAD[case], load, "duji", 2019)


def test_all_problems_at_once(project):
    path = project / FIGURES
    text = path.read_text(encoding="utf-8")
    text = text.replace("71亿元", "很多").replace("village_clinics", "village_clinic")
    path.write_text(text.replace("12,2012/2019", "x"), encoding="utf-8")
    (project / "data/duji/2019/sources.toml").write_text("[duji-2019]\ntitle = 1\n", "utf-8")
    with pytest.raises(DataError) as caught:
        load("duji", 2019)
    files = {problem.file for problem in caught.value.problems}
    assert files == {FIGURES, "data/duji/2019/sources.toml"}
    assert {"unreadable_figure", "unknown_measure"} <= {p.code for p in caught.value.problems}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("dujj", 2019), "duji"), (("duji", 1999), "2019"), (("duji", 2019, "fr"), "zh, en")],
)
def test_asking_for_what_is_not_there_says_what_is(arguments, says):
    with pytest.raises(DataError, match=says):
        load(*arguments)


def test_analysts_can_carry_on_from_the_frames():
    rows = load("duji", 2019).indicators
    assert isinstance(rows.groupby("sector")["low"].min(), pd.Series)
