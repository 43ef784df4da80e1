"""Reference periods: the time that a number is about, in EDTF (ISO 8601-2:2019, level 1).

A cell may also have it in words (2025年1-9月); what is kept is EDTF.

``2019``            the year                 ``2014-01/2014-06``  a half year
``2007/2019``       both ends printed        ``2009/..``          since 2009, end not printed
``../2019``         up to 2019, start not printed

How long a period with an unprinted end is cannot be read off; :meth:`Period.years` gives bounds.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date
from fractions import Fraction

from livelihood.quantity.bounds import Bounds
from livelihood.quantity.dates import read_cell

_DATE = r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?"
_PERIOD = re.compile(rf"(?:(?P<one>{_DATE})|(?P<start>{_DATE}|\.\.)/(?P<end>{_DATE}|\.\.))")


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a reference period; ``None`` where the source does not print it."""

    text: str
    first: date | None
    last: date | None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period in EDTF or in words; ``ValueError`` if it is none or ends too early.

        >>> Period.parse("2007/2019").last
        datetime.date(2019, 12, 31)
        >>> Period.parse("2025年前三季度").text
        '2025-01/2025-09'
        >>> Period.parse("2009/..").last is None
        True
        """
        match = _PERIOD.fullmatch(text)
        if match is None:
            text = read_cell(text)
            match = _PERIOD.fullmatch(text)
        if match is None or text == "../..":
            raise ValueError(f"not a period: {text!r}")
        first = _first_day(match["one"] or match["start"])
        last = _last_day(match["one"] or match["end"])
        if first and last and first > last:
            raise ValueError(f"the period ends before it starts: {text!r}")
        if last and last.year == MAXYEAR:  # its length is that to a day in the next year
            raise ValueError(f"after this year calendars end: {text!r}")
        return cls(text, first, last)

    def years(self, *, programme_start: int, printed_on: date, release: int) -> Bounds:
        """Its length in years.

        Where an end is not printed the length rests on two conventions of this project: a figure
        reaches at least to the end of its release's year (or to the day it was printed, if
        earlier) and at most to the day it was printed; a total of unprinted start covers at
        least one year and does not begin before the livelihood programme itself.

        >>> p = Period.parse("2007/..")
        >>> b = p.years(programme_start=2007, printed_on=date(2020, 4, 6), release=2019)
        >>> b.low, float(round(b.high, 2)), b.low_origin
        (Fraction(13, 1), 13.27, 'convention')
        """
        if self.first and self.last:
            return Bounds.exact(_length(self.first, self.last))
        earliest_end = self.last or min(date(release, 12, 31), printed_on)
        latest_end = self.last or max(earliest_end, printed_on)
        if self.first:
            low, high = _length(self.first, earliest_end), _length(self.first, latest_end)
        else:
            high = _length(date(programme_start, 1, 1), latest_end)
            low = min(Fraction(1), high)
        return Bounds(low, high, "convention", "convention")


def _first_day(text: str) -> date | None:
    year, month, day = [*text.split("-"), "1", "1"][:3]
    return None if text == ".." else date(int(year), int(month), int(day))


def _last_day(text: str) -> date | None:
    if text == ".." or text.count("-") == 2:
        return _first_day(text)
    year, month = [*map(int, text.split("-")), 12][:2]
    return date(year, month, monthrange(year, month)[1])


def _length(first: date, last: date) -> Fraction:
    """Years from the first to the last day: whole calendar years count 1, the rest by days."""
    years = last.year - first.year
    anniversary = first.replace(year=last.year, day=min(first.day, 28))
    year_from_then = anniversary.replace(year=anniversary.year + 1) - anniversary
    return years + Fraction((last - anniversary).days + 1, year_from_then.days)
