"""A bulletin -> rows of figures drafted for a person to look over.

Every quantity of the text that :func:`livelihood.quantity.text.scan.scan` finds becomes a row:
its name and role are those of :mod:`livelihood.quantity.text.names`, its measure and sector those
of :mod:`livelihood.release.matching`. What is not certain is said beside the row, and nothing is
decided silently: a row is ``sure``, or ``look`` and why.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from livelihood.project.definitions import Definitions
from livelihood.quantity.text.names import Named, name_figures
from livelihood.quantity.text.roles import is_plan
from livelihood.quantity.text.scan import Item, scan, title_period
from livelihood.release.documents.document import Document
from livelihood.release.documents.programme_table import Entry, entries
from livelihood.release.matching import WORDS, Catalogue, Match, aggregation, fits, measured
from livelihood.release.observations import RATES

_SO_FAR = re.compile("(?:现|已|目前)?累计")
_TO_DATE = re.compile(r"(\d{4})-01/\1-\d\d(?:-\d\d)?")


class Drafted(NamedTuple):
    """A figure as a row: what it is called, what it is to that, of which time, and what to look at.

    `doubts` are codes of messages (``look_…``) with their words; `placed` is false for what is no
    figure of the programme or cannot be read.
    """

    printed: str
    label: str
    role: str
    sector: str
    period: str
    aggregation: str
    locator: str
    text: str
    measure: str = ""
    doubts: tuple[tuple[str, str], ...] = ()
    placed: bool = True
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Draft:
    """A drafted release: its figures in the order of the document."""

    drafted: tuple[Drafted, ...]
    until: str = ""  # the day or month that it reports up to, in EDTF

    @property
    def placed(self) -> list[Drafted]:
        """The rows of figures."""
        return [d for d in self.drafted if d.placed]

    @property
    def unplaced(self) -> list[Drafted]:
        """What is no figure of the programme, or cannot be read."""
        return [d for d in self.drafted if not d.placed]


def draft(document: Document, year: int, meaning: Definitions) -> Draft:
    """Draft a release of `year` from a document.

    >>> from livelihood.project.definitions import read_definitions
    >>> from livelihood.project.paths import find_project
    >>> found = draft(Document("2020年建成农家书屋81个。"), 2020, read_definitions(find_project()))
    >>> [(d.measure, d.label, d.period) for d in found.drafted]
    [('farm_libraries', '农家书屋', '2020')]
    """
    tables = [(table, entries(table, year)) for table in document.tables]
    loose = [
        "，".join(filter(None, row)) for table, found in tables if not found for row in table.cells
    ]
    text = "\n".join([document.text, *loose]) if loose else document.text
    items = list(scan(text, year, document.title))
    catalogue = Catalogue(meaning)
    maker = _Rows(replace(document, text=text), items, year, catalogue)
    rows = [maker.row(named) for named in name_figures(text, items, maker.planned)]
    unread = [maker.unread(item) for item in items if item.kind == "unread"]
    rows = sorted([*rows, *unread], key=lambda d: d.start)
    rows += [maker.table_row(entry) for _, found in tables for entry in found]
    rows = list(_readable(_one_dimension(rows, catalogue), meaning))
    return Draft(tuple(_each_once(rows)), maker.as_of.partition("/")[2])


class _Rows:
    """Makes rows of named figures; knows what holds for the whole document."""

    def __init__(
        self, document: Document, items: Sequence[Item], year: int, catalogue: Catalogue
    ) -> None:
        self.text, self.year, self.catalogue = document.text, year, catalogue
        self.planned = is_plan(document.title, document.text)
        self.sector = self.summed = ""  # of the figure before
        title = document.title or document.text.lstrip().partition("\n")[0][:40]
        office = catalogue.sector(title)  # of the department that it is about: 教育局, 民政局
        self.office = office if office != "programme" else ""
        self.lines = _Lines(document.text)
        self.other_years = any(
            i.kind == "period" and not i.why and i.period and i.period[:4] != str(year)
            for i in items
        )
        so_far = title_period(document.title, year) or ""
        self.as_of = so_far if _TO_DATE.fullmatch(so_far) else _to_date(items)

    def row(self, named: Named) -> Drafted:
        """A named figure of the text as a row; what is of a year to come is a target."""
        period = named.item.period or ""
        if named.role == "" and period.isdigit() and int(period) > self.year:
            named = named._replace(role="target")
        return self._row(named, *self.lines.place(named.item.start))

    def table_row(self, entry: Entry) -> Drafted:
        """A named figure of a table as a row."""
        named = entry.named
        items = list(scan(entry.reported, self.year))  # the header of its column
        own = (i.period for i in items if i.kind == "period")
        period = named.item.period or _to_date(items) or next(own, None)
        item = named.item._replace(start=-1, end=-1, period=period)
        return self._row(named._replace(item=item), entry.heading, entry.locator)

    def _row(self, named: Named, heading: str, locator: str) -> Drafted:
        item = named.item
        printed = "" if named.role in RATES else item.text
        known = self.catalogue.match(named.label, printed)
        sector, told = self._sector(named, known, heading)
        period, guessed = self._period(named)
        doubts = [(code, "") for code in named.doubts]
        doubts += [("mended", item.text)] if item.mended else []
        doubts += [("unit", "")] if item.why == "unit" else []
        doubts += [("period", "")] if guessed else []
        doubts += [("sector", "")] if not told else []
        doubts += [("alike", ", ".join(known.alike))] if not known.sure else []
        return Drafted(
            printed=_printed(named),
            label=named.label,
            role=named.role,
            sector=sector,
            period=period,
            aggregation=self._aggregation(named),
            locator=locator,
            text=named.clause,
            measure=known.measure,
            doubts=tuple(doubts),
            placed=bool(named.label),
            start=item.start,
            end=item.end,
        )

    def _sector(self, named: Named, known: Match, heading: str) -> tuple[str, bool]:
        """The sector of a figure, and whether its own words say it."""
        measure = self.catalogue.meaning.measures.get(known.measure)
        own = measure.sector if measure else self.catalogue.sector(named.label)
        near = own or self.catalogue.sector(*named.topics[:1], named.clause, *named.topics[1:])
        found = near or self.catalogue.heading_sector(heading, self.sector)
        found = found or self.office or self.sector
        money = named.item.quantity is not None and named.item.quantity.unit == "CNY"
        money = money or named.label.endswith(("资金", "投资"))  # of whose rate it speaks
        self.sector = found = "finance" if found == "programme" and money else found
        return found or "programme", bool(near)

    def _aggregation(self, named: Named) -> str:
        """As the text says; but 截至 before what was done in a period makes no stock of it."""
        own = named.item.aggregation if "标准" not in named.label else None
        if not own or own == "stock":
            likely = aggregation(named.label, named.clause, named.role, self.summed)
            own = likely if not own or likely == "total" else own
        self.summed = "" if named.role in RATES else own
        return own

    def _period(self, named: Named) -> tuple[str, bool]:
        """The period of a figure, and whether nothing in the text says it."""
        own = named.item.period
        if "earlier" in named.doubts:
            return str(self.year - 1), True
        if named.role in ("target", "planned"):
            return (own[:4] if own and own[:4].isdigit() else str(self.year)), False
        if own == f"{self.year}/.." and self.as_of:  # 今年以来
            return self.as_of, False
        if own and named.item.period_source != "document":
            return own, False
        return self.as_of or own or str(self.year), not self.as_of and self.other_years

    def unread(self, item: Item) -> Drafted:
        """A figure whose words contradict each other."""
        _, locator = self.lines.place(item.start)
        near = self.text[max(0, item.start - 15) : item.end + 15].replace("\n", " ")
        doubt = (item.why, "") if item.why == "broken" else ("unread", item.why)
        words = (item.text, "", "", "", "", "", locator, near, "", (doubt,))
        return Drafted(*words, placed=False, start=item.start, end=item.end)


def _printed(named: Named) -> str:
    """The figure as a cell has it: mended, with its unit, a growth with its sign."""
    quantity = named.item.quantity
    if quantity is None or (quantity.change and named.role != "growth"):
        return named.item.text
    return quantity.text


def _to_date(items: Iterable[Item]) -> str:
    """The first year so far that a text reports on; empty if it names none."""
    named = (i.period for i in items if i.kind == "period" and i.period and not i.why)
    return next(filter(_TO_DATE.fullmatch, named), "")


class _Lines:
    """The lines of a text that are not blank: the headings above them, and their locators."""

    def __init__(self, text: str) -> None:
        self.starts: list[int] = []
        self.places: list[tuple[str, str]] = []
        heading = ""
        for line in re.finditer(r"(?m)^[^\S\n]*+\S.*", text):
            if len(line[0].strip()) <= 12 and not re.search(r"[。；，,;：:\d]", line[0]):
                heading = line[0].strip(" \u3000★●■◆▲")
            self.starts.append(line.start())
            self.places.append((heading, f"{heading} ¶{len(self.starts)}".strip()))

    def place(self, offset: int) -> tuple[str, str]:
        """The heading of the line at an offset, and its locator: ``教育事业 ¶3``."""
        return self.places[bisect_right(self.starts, offset) - 1]


def _one_dimension(rows: Iterable[Drafted], catalogue: Catalogue) -> Iterator[Drafted]:
    """A name is of one dimension: the second one that it is printed in becomes part of it."""
    first: dict[str, str] = {}
    for row in rows:
        own_name = row.role not in RATES and not row.measure and row.placed
        if dimension := own_name and measured(row.printed):
            if row.label not in first:
                known = catalogue.named(row.label)
                first[row.label] = known.dimension if known else dimension
            own = first[row.label]
            if own != dimension and not fits(row.printed, own):
                suffix = WORDS["suffix"].get(dimension, f"（{dimension}）")
                if dimension == "money" and row.label[-1] in "金费款贴助资入出":
                    suffix = "额"
                label = row.label + suffix
                row = row._replace(label=label, doubts=(*row.doubts, ("label", "")))
        yield row


def _readable(rows: Iterable[Drafted], meaning: Definitions) -> Iterator[Drafted]:
    """Rows whose figure a sheet can hold; what cannot be read is not placed."""
    for row in rows:
        known = meaning.measures.get(row.measure)
        bare, per, base = row.printed.partition("/")
        if row.placed and per and not known and not fits(row.printed, measured(row.printed)):
            row = row._replace(printed=bare, doubts=(*row.doubts, ("per", base)))
        own = known.dimension if known else measured(row.printed)
        if row.placed and not any(fits(row.printed, d) for d in RATES.get(row.role, (own,))):
            doubts = (*row.doubts, ("unreadable", row.printed))
            row = row._replace(placed=False, doubts=doubts)
        yield row


def _each_once(rows: Iterable[Drafted]) -> Iterator[Drafted]:
    """Figures that would be one row get places of their own; what differs is to be looked at."""
    seen: dict[tuple, list[Drafted]] = defaultdict(list)
    for row in rows:
        key = (row.measure or row.label, row.role, row.period, row.locator)
        if seen[key] and _SO_FAR.match(row.text) and not _SO_FAR.match(seen[key][0].text):
            row = row._replace(period=f"../{row.period.rpartition('/')[2]}")  # 3户，累计9户
            key = (*key[:2], row.period, row.locator)
        if row.placed and seen[key]:
            same = any(other.printed == row.printed for other in seen[key])
            doubt = ("repeated" if same else "contradicts", seen[key][0].printed)
            locator = f"{row.locator}-{len(seen[key]) + 1}"
            row = row._replace(locator=locator, doubts=(*row.doubts, doubt))
        seen[key].append(row)
        yield row
