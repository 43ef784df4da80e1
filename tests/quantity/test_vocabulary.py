"""The tables of the vocabulary hold together, and every word in them can be read."""

from fractions import Fraction

import pytest

from livelihood.quantity.parse import parse_quantity
from livelihood.quantity.vocabulary import (
    AFTER,
    BARE,
    BEFORE,
    DIMENSIONS,
    NOT_AFTER,
    NOT_BEFORE,
    UNITS,
    WITHIN,
    label,
    table,
)

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("word", UNITS)
def test_every_unit_word_is_read_as_its_unit(word):
    unit = UNITS[word]
    quantity = parse_quantity(f"12.5{word}")
    assert (quantity.unit, quantity.value) == (unit.code, Fraction("12.5") * unit.factor)


def test_every_code_has_a_label_in_both_languages():
    tables = table("qualifiers.toml")
    codes = (
        {unit.code for unit in UNITS.values()} | set(tables["qualifiers"]) | set(tables["origins"])
    )
    for code in codes:
        for language in LANGUAGES:
            assert label(code, language)
    kinds = table("traps.toml")
    assert set(kinds["patterns"]) | set(kinds["words"]) == set(kinds["labels"]) - {"numeral"}


def test_every_dimension_has_a_unit_of_its_own():
    codes = {unit.code for unit in UNITS.values()}
    for name, dimension in DIMENSIONS.items():
        assert dimension["unit"] in codes, name
        assert set(dimension.get("units", ())) <= codes, name
    assert {unit.dimension for unit in UNITS.values()} <= set(DIMENSIONS)


def test_guards_are_of_known_words():
    assert set(NOT_BEFORE) <= set(UNITS)
    assert set(NOT_AFTER) <= {*BEFORE, *BARE, "数"}


@pytest.mark.parametrize("word", [*BEFORE, *WITHIN, *AFTER])
def test_every_qualifier_word_qualifies(word):
    words = (
        (word, "", "") if word in BEFORE else ("", word, "") if word in WITHIN else ("", "", word)
    )
    before, within, after = words
    code = {**BEFORE, **WITHIN, **AFTER}[word]
    assert parse_quantity(f"{before}20{within}万人{after}").qualifier == code
