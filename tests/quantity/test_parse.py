"""Printed quantities read from tables: one row of a CSV beside this file is one case."""

from pathlib import Path

import pytest
from conftest import ROOT
from tables import number, rows

from livelihood.quantity.parse import QuantityError, parse_quantity


@pytest.mark.parametrize("case", rows(ROOT / "tests" / "duji-2019.csv"), ids=lambda c: c["printed"])
def test_gold(case):
    quantity = parse_quantity(case["printed"], case["dimension"] or None)
    assert quantity.value == number(case["value"])
    assert quantity.step == number(case["step"])
    assert (quantity.low, quantity.high) == (number(case["low"]), number(case["high"]))
    assert (quantity.unit, quantity.qualifier) == (case["unit"], case["qualifier"])


@pytest.mark.parametrize(
    "case", rows(Path(__file__).with_name("quantities.csv")), ids=lambda c: c["printed"]
)
def test_every_form(case):
    quantity = parse_quantity(case["printed"], case["dimension"] or None)
    origins = f"{quantity.low_origin} {quantity.high_origin}"
    assert (quantity.value, quantity.step) == (number(case["value"]), number(case["step"]))
    assert (str(quantity.bounds), origins) == (case["bounds"], case["origins"])
    assert (quantity.unit, quantity.qualifier) == (case["unit"], case["qualifier"])
    assert quantity.change == bool(case["change"])


@pytest.mark.parametrize(
    "case", rows(Path(__file__).with_name("refused.csv")), ids=lambda c: c["printed"]
)
def test_refused_with_the_place_and_the_reason(case):
    printed = case["printed"].replace("\\u0000", "\0")
    with pytest.raises(QuantityError) as caught:
        parse_quantity(printed, case["dimension"] or None)
    assert (caught.value.code, caught.value.position) == (case["code"], int(case["position"]))
    for language in ("zh", "en"):
        message = caught.value.message(language)
        assert "{" not in message


@pytest.mark.parametrize(
    ("printed", "keep"),
    [
        ("约占城镇人口的4.6%", "约4.6%"),
        ("近半数居民中的300人", ""),  # two numbers: which one is the figure?
        ("城镇登记失业率为3.7%", "3.7%"),
        ("增加值30亿元", "30亿元"),
        ("共建成16所", "16所"),
    ],
)
def test_words_between_are_named_with_what_to_keep(printed, keep):
    with pytest.raises(QuantityError) as caught:
        parse_quantity(printed)
    assert caught.value.details.get("keep", "") == keep
