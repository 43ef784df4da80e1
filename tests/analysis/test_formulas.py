"""Indicators: the 2019 release against a table worked out by hand, and every kind on its own."""

import csv
import math
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import DEFINED

from livelihood import load
from livelihood.analysis.amounts import Amount
from livelihood.analysis.formulas import (
    INDICATOR_KINDS,
    compute,
    formula_text,
    operand_ids,
)
from livelihood.analysis.frames import note_words
from livelihood.project.definitions import Indicator
from livelihood.quantity.bounds import Bounds
from livelihood.quantity.period import Period

BY_HAND = list(
    csv.DictReader(Path(__file__).with_name("indicators-2019.csv").open(encoding="utf-8"))
)
KIND_CASES = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))


def worked(text: str) -> Fraction | None:
    """A number worked out by hand: an arithmetic expression of whole numbers."""
    if not text:
        return None
    exact = "".join(f"Fraction({part})" if part.isdigit() else part for part in tokens(text))
    return eval(exact, {"Fraction": Fraction})


def tokens(text: str) -> list[str]:
    for sign in "()*/+":
        text = text.replace(sign, f" {sign} ")
    return text.split()


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case["indicator"])
def test_indicator_of_2019_is_as_worked_by_hand(case):
    amount = load("duji", 2019).results[case["indicator"]].amount
    assert amount.bounds.low == worked(case["low"])
    assert amount.bounds.high == worked(case["high"])
    assert amount.value == worked(case["value"])
    assert (amount.unit, amount.status) == (case["unit"], case["status"])


def test_the_frame_holds_the_same_numbers():
    release = load("duji", 2019)
    rows = release.indicators.set_index("indicator")
    for id, result in release.results.items():
        value = result.amount.value
        assert rows.loc[id, "low"] == float(result.amount.bounds.low)
        assert (
            math.isnan(rows.loc[id, "value"])
            if value is None
            else (rows.loc[id, "value"] == float(value))
        )


def test_a_mismatch_says_so_in_both_languages():
    amount = load("duji", 2019).results["rural_coop_per_100_rural_residents"].amount
    assert amount.status == "D"
    assert "registered rural population; rural residents" in note_words(amount, "en", DEFINED)
    assert "农村户籍人口；乡村常住人口" in note_words(amount, "zh", DEFINED)


def test_notes_travel_on_to_what_is_computed_from_them():
    results = load("duji", 2019).results
    inner = results["rent_subsidy_per_year"].amount
    assert inner.status == "E" and set(inner.notes) <= set(
        results["rent_subsidy_per_household_year"].amount.notes
    )


def amount(words: dict) -> Amount:
    low, high = (None if e == "open" else Fraction(e) for e in words["bounds"])
    value = Fraction(words["value"]) if "value" in words else None
    period = Period.parse(words.get("period", "2019"))
    years = period.years(programme_start=2007, printed_on=date(2020, 4, 6), release=2019)
    return Amount(
        value,
        Bounds(low, high),
        words.get("unit", "CNY"),
        period,
        words.get("aggregation", "total"),
        words.get("population", ""),
        years,
    )


@pytest.mark.parametrize("name", KIND_CASES)
def test_kind(name):
    case = KIND_CASES[name]
    inputs = {role: tuple(ids) for role, ids in case["inputs"].items()}
    indicator = Indicator(
        "made_up",
        "finance",
        case["kind"],
        {"zh": "", "en": ""},
        case.get("per", 1),
        case.get("unit", ""),
        inputs,
    )
    result = compute(
        indicator, {id: amount(a) for id, a in case["amounts"].items()}, DEFINED
    ).amount
    expected = amount(case["expect"])
    assert (result.bounds.low, result.bounds.high) == (expected.bounds.low, expected.bounds.high)
    assert (result.value, result.unit) == (expected.value, case["expect"]["unit"])
    assert result.status == case["expect"].get("status", "A")
    for words in case["expect"].get("says", []):
        assert words in note_words(result, "en", DEFINED)


def test_every_kind_has_a_case():
    assert set(INDICATOR_KINDS) == {case["kind"] for case in KIND_CASES.values()}


def test_a_formula_goes_by_roles_and_not_by_their_order():
    case = KIND_CASES["ratio"]
    turned = {role: tuple(ids) for role, ids in reversed(case["inputs"].items())}
    label = {"zh": "", "en": ""}
    indicator = Indicator("made_up", "finance", "ratio", label, inputs=turned)
    amounts = {id: amount(a) for id, a in case["amounts"].items()}
    assert compute(indicator, amounts, DEFINED).amount.value == Fraction(case["expect"]["value"])
    assert formula_text(indicator, operand_ids(indicator)) == "a ÷ b"


def test_what_follows_from_denominators_alone_belongs_to_no_release():
    release = load("duji", 2019)
    assert "household_size" in release.computed and "household_size" not in release.results


def test_indicators_lack_nothing_but_their_inputs(project):
    path = project / "data/duji/2019/figures.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    before = set(load("duji", 2019, project=project).results)
    path.write_text("".join(line for line in lines if "centenarian" not in line), "utf-8")
    lost = before - set(load("duji", 2019, project=project).results)
    assert lost == {"centenarian_allowance_per_person"}
