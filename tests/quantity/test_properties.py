"""Properties of reading: generate, print, parse, compare; and bad input never gets through.

``HYPOTHESIS_PROFILE=ci`` runs 10,000 examples of each.
"""

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from livelihood.quantity.bounds import Bounds
from livelihood.quantity.numeral import read_chinese
from livelihood.quantity.parse import QuantityError, parse_quantity

DIGITS = "零一二三四五六七八九"
MULTIPLIERS = {"": 0, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
UNITS = {  # word: code, factor, counted one by one
    "元": ("CNY", Fraction(1), False),
    "人": ("person", Fraction(1), True),
    "人次": ("person-time", Fraction(1), True),
    "户": ("household", Fraction(1), True),
    "所": ("所", Fraction(1), True),
    "平方米": ("m2", Fraction(1), False),
    "公里": ("m", Fraction(1000), False),
    "亩": ("m2", Fraction(2000, 3), False),
    "吨": ("kg", Fraction(1000), False),
    "%": ("1", Fraction(1, 100), False),
}


def chinese(number):
    """`number` in Chinese numerals, as it is read aloud."""
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        return (
            chinese(high) + "亿" + ("零" if 0 < low < 10**7 else "") + (chinese(low) if low else "")
        )
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return (
            chinese(high) + "万" + ("零" if 0 < low < 10**3 else "") + (chinese(low) if low else "")
        )
    printed, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            printed += ("零" if gap and printed else "") + DIGITS[digit] + unit
        gap = not digit
    return printed or DIGITS[0]


printed_numbers = st.tuples(st.integers(0, 10**6), st.integers(0, 3)).map(
    lambda pair: f"{Decimal(pair[0]).scaleb(-pair[1]):f}"
)
printed = st.tuples(
    printed_numbers, st.sampled_from(list(MULTIPLIERS)), st.sampled_from(list(UNITS))
)


def value(number, multiplier, unit):
    return Fraction(number) * 10 ** MULTIPLIERS[multiplier] * UNITS[unit][1]


@given(printed)
def test_what_is_printed_is_read(parts):
    number, multiplier, unit = parts
    quantity = parse_quantity(number + multiplier + unit)
    code, factor, counted = UNITS[unit]
    assert (quantity.unit, quantity.value) == (code, value(*parts))
    exact = counted and "." not in number and multiplier in ("", "百", "千")
    assert quantity.qualifier == ("exact" if exact else "rounded")
    if exact:
        assert quantity.bounds == Bounds.exact(quantity.value)
    else:
        decimals = len(number.partition(".")[2])
        step = Fraction(10) ** (MULTIPLIERS[multiplier] - decimals) * factor
        half = step / 2
        assert (quantity.low, quantity.high) == (quantity.value - half, quantity.value + half)
        assert quantity.step == step


AROUND = {  # before, after: whether the number is the low end, the high end
    ("约", ""): (False, False),
    ("近", ""): (False, True),
    ("超过", ""): (True, False),
    ("", "以上"): (True, False),
    ("不足", ""): (False, True),
    ("", "以内"): (False, True),
    ("不低于", ""): (True, False),
    ("不超过", ""): (False, True),
    ("", "左右"): (False, False),
}


@given(printed, st.sampled_from(list(AROUND)), st.booleans())
def test_the_number_lies_within_its_bounds(parts, around, strict):
    assume(Fraction(parts[0]))  # fewer than 0 is refused
    quantity = parse_quantity(around[0] + "".join(parts) + around[1], strict=strict)
    box, (is_low, is_high) = quantity.bounds, AROUND[around]
    assert quantity.value == value(*parts)
    assert box.low is None or box.low <= quantity.value
    assert box.high is None or box.high >= quantity.value
    assert (box.low == quantity.value) == is_low and (box.high == quantity.value) == is_high
    if strict:
        assert "convention" not in (box.low_origin, box.high_origin)


@given(st.integers(1, 9999), st.sampled_from(["余", "多"]), st.sampled_from(["", "万", "亿"]))
def test_place_rule_of_and_more(number, more, multiplier):
    """余 behind 万 or 亿 is less than one of these; before it, less than one of the last place."""
    size, last = (
        10 ** MULTIPLIERS[multiplier],
        10 ** (len(str(number)) - len(str(number).rstrip("0"))),
    )
    before = parse_quantity(f"{number}{more}{multiplier}人")
    assert before.bounds == Bounds(
        Fraction(number * size), Fraction((number + last) * size), "printed", "implied", True, False
    )
    if multiplier:
        behind = parse_quantity(f"{number}{multiplier}{more}人")
        assert (behind.low, behind.high) == (number * size, (number + 1) * size)


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_round_trip(number):
    numeral = read_chinese(chinese(number))
    assert numeral.digits * 10**numeral.place == number


@given(st.integers(10, 10**8), st.integers(1, 10**6))
def test_ranges_are_their_ends(low, more):
    quantity = parse_quantity(f"{low}—{low + more}元")
    assert (quantity.low, quantity.high, quantity.value) == (low, low + more, None)


@given(st.decimals(0, 10**9, places=3), st.sampled_from([float, str]))
def test_spreadsheet_numbers_are_their_digits(number, kind):
    quantity = parse_quantity(kind(number))
    assert quantity.value == Fraction(number)


HOSTILE = st.text(
    "0123456789.,，．%‰余多近约几数半十百千万亿一二两〇元人户（）/-—至以上左右 \u3000\n\0",
    max_size=60,
)


@given(HOSTILE | st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        quantity = parse_quantity(text)
    except QuantityError as error:
        assert 0 <= error.position <= len(error.text)
        assert error.message("zh") and error.message("en")
    else:
        low, high = quantity.low, quantity.high
        assert quantity.value is None or (low is None or low <= quantity.value)
        assert quantity.value is None or (high is None or quantity.value <= high)
