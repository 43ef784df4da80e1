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
    read_table,
)

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("word", UNITS)
def test_every_unit_word_is_read_as_its_unit(word):
    unit = UNITS[word]
    quantity = parse_quantity(f"12.5{word}")
    assert (quantity.unit, quantity.value) == (unit.code, Fraction("12.5") * unit.factor)


def labels(table, place=""):
    """Every label of a table, with its place."""
    for key, entry in table.items():
        if isinstance(entry, dict):
            if "label" in entry:
                yield f"{place}{key}", entry["label"]
            yield from labels(entry, f"{place}{key}.")


@pytest.mark.parametrize("name", ["units.toml", "qualifiers.toml"])
def test_labels_are_in_both_languages(name):
    found = dict(labels(read_table(name)))
    assert found
    for place, words in found.items():
        assert set(words) == set(LANGUAGES), place
        assert all(isinstance(word, str) and word for word in words.values()), place


@pytest.mark.parametrize("name", ["errors.toml", "traps.toml", "units.toml"])
def test_words_without_a_place_are_in_both_languages(name):
    tables = read_table(name)
    tables = {
        "errors.toml": tables,
        "traps.toml": {"labels": tables.get("labels")},
        "units.toml": {"denominators": tables.get("denominators")},
    }[name]
    for words in (entry for table in tables.values() for entry in table.values()):
        assert set(words) == set(LANGUAGES)
        assert all(words.values())


KEYS = {  # what an entry may hold, and what it must
    "units": ({"dimension", "label", "words"}, {"dimension", "label", "words"}),
    "dimensions": ({"unit", "units", "low", "high", "discrete"}, {"unit"}),
    "qualifiers": ({"label", "before", "within", "after", "bare"}, {"label"}),
    "origins": ({"label"}, {"label"}),
}


@pytest.mark.parametrize("name", KEYS)
def test_entries_hold_what_is_read_and_nothing_else(name):
    may, must = KEYS[name]
    entries = (read_table("units.toml") | read_table("qualifiers.toml"))[name]
    assert entries
    for id, entry in entries.items():
        assert must <= set(entry) <= may, id


def test_factors_are_exact_and_above_zero():
    for code, unit in read_table("units.toml")["units"].items():
        for word, factor in unit["words"].items():
            assert not isinstance(factor, float), (code, word)
            assert Fraction(factor) > 0, (code, word)


def test_no_word_is_of_two_units():
    tables = read_table("units.toml")
    words = [word for unit in tables["units"].values() for word in unit["words"]]
    words += tables["classifiers"]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("place", ["before", "within", "after", "bare"])
def test_no_word_has_two_qualifiers(place):
    entries = read_table("qualifiers.toml")["qualifiers"].values()
    words = [word for entry in entries for word in entry.get(place, ())]
    assert all(isinstance(word, str) and word for word in words)
    assert len(words) == len(set(words))


def test_every_code_has_a_label_in_both_languages():
    codes = {unit.code for unit in UNITS.values()}
    for code in codes | set(read_table("qualifiers.toml")["qualifiers"]):
        for language in LANGUAGES:
            assert label(code, language)


def test_every_kind_of_trap_has_a_label():
    kinds = read_table("traps.toml")
    assert set(kinds["patterns"]) | set(kinds["words"]) == set(kinds["labels"]) - {
        "numeral",
        "size",
    }


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
