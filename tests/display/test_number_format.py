"""What a spreadsheet shows for a stored number or text: a table of formats."""

import tomllib
from pathlib import Path

import pytest

from livelihood.display.number_format import BUILT_IN, is_date, shown, shown_text

TABLE = tomllib.loads(Path(__file__).with_name("number_formats.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("number", "code", "words"), TABLE["shown"])
def test_a_number_is_what_is_seen(number, code, words):
    assert shown(number, code) == words


@pytest.mark.parametrize(("number", "code"), TABLE["refused"])
def test_what_shows_no_plain_number_is_refused(number, code):
    with pytest.raises(ValueError):
        shown(number, code)


@pytest.mark.parametrize("code", TABLE["dates"])
def test_formats_of_dates_and_times(code):
    assert is_date(code)


@pytest.mark.parametrize("code", TABLE["numbers"])
def test_formats_that_are_of_no_date(code):
    assert not is_date(code)


@pytest.mark.parametrize(("text", "code", "words"), TABLE["texts"])
def test_a_text_is_what_is_seen(text, code, words):
    assert shown_text(text, code) == words


def test_every_built_in_format_shows_a_number_or_is_refused():
    for code in BUILT_IN.values():
        if not is_date(code) and "E" not in code and "/" not in code:
            assert shown(1234.5, code)
