"""Fronts: of a release, and of all that is published; and the links between editions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from livelihood.analysis.findings import VERDICTS
from livelihood.analysis.release import Release, load
from livelihood.batch.swap import rewrite
from livelihood.display.format import period_words
from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import read_definitions
from livelihood.project.paths import read_region, years
from livelihood.report.key_points import key_points
from livelihood.report.report import Report
from livelihood.report.tables import changes_table
from livelihood.site.export import FOLDER, workbook_name
from livelihood.site.page import (
    LANGUAGE_NAMES,
    LANGUAGE_TAGS,
    Link,
    Page,
    link_html,
    place_name,
    provenance,
    release_links,
    render,
    sector_name,
)
from livelihood.site.sanitise import tables
from livelihood.site.sparkline import small_chart

FEW = 10  # regions whose headlines a front still has room for
Edition = tuple[str, int, str]  # region, year, language


def release_page(release: Release) -> str:
    """The front of a release: the year in a screen, its pages, what is missing, the sources."""
    language = release.language
    reports = [Report(sector, release) for sector in release.definitions.pages]
    page = Page(
        place_name(release), place_name(release), language, release_links(release, "index.html"),
        "../../../index.html", provenance(release),
    )  # fmt: skip
    changes = changes_table(release)
    return render(
        "release.html.j2", page, figures=len(release.figures), indicators=len(release.results),
        points=key_points(release), cards=cards(release),
        sectors=[_sector(report) for report in reports],
        checks=checks_summary(release), files=files(release),
        changes="" if changes.empty else tables(changes._repr_html_(), language),
        sources=tables(reports[0].all_sources()._repr_html_(), language),
    )  # fmt: skip


def checks_summary(release: Release) -> dict[str, object]:
    """How many checks came out how, and the doubts by name."""
    found, language = release.findings, release.language
    numbers = Counter(f.verdict for f in found)
    return {
        "counts": [
            say("verdict_count", language, verdict=say(v, language), count=numbers[v])
            for v in VERDICTS
        ],
        "doubts": [f.check.label[language] for f in found if f.verdict == "inconsistent"],
    }


def files(release: Release) -> list[Link]:
    """The release's data beside its pages, for downloading."""
    names = ("observations.csv", "indicators.csv", "datapackage.json", workbook_name(release))
    return [Link(f"{FOLDER}/{name}", name) for name in names]


def cards(release: Release) -> list[dict[str, object]]:
    """The headline indicators of a release, each with its number and its course so far."""
    language, meaning = release.language, release.definitions
    past = [load(release.region.id, y, language, release.project) for y in _years_to(release)]
    found: list[dict[str, object]] = []
    for id in (i for i in meaning.headlines if i in release.results):
        amount, label = release.results[id].amount, meaning.label(id, language)
        course = [(r.year, r.results[id].amount) for r in [release, *past] if id in r.results]
        page = meaning.page_of(meaning.indicators[id].sector)
        found.append({
            "name": label,
            "href": f"{page}.html#{id}",
            "number": Report(page, release).number(id),
            "small": period_words(amount.period, language),
            "chart": small_chart(label, course, language),
        })  # fmt: skip
    return found


def _years_to(release: Release) -> list[int]:
    """The earlier releases of the same region, newest first."""
    return [y for y in reversed(years(release.region.id, release.project)) if y < release.year]


def _sector(report: Report) -> dict[str, object]:
    """A page of the release with what it has and what it lacks."""
    return {
        "link": Link(
            f"{report.sector}.html",
            sector_name(report.sector, report.release.definitions, report.language),
        ),
        "figures": len(report.figures),
        "indicators": len(report.results),
    }


def front_page(project: Path, reports: Path, published: Iterable[Edition]) -> str:
    """The front of all that is published: each region with its editions and its newest year.

    Its headlines are those of the newest release's own front, so that the two always agree. More
    than a few regions are folded by city, and their headlines are left to their own fronts.
    """
    by_region: dict[str, list[Edition]] = {}
    for edition in sorted(published, key=newest_first):
        by_region.setdefault(edition[0], []).append(edition)
    regions = [_region(project, reports, editions) for _, editions in sorted(by_region.items())]
    cities: dict[str, list[dict]] = {}  # by the part of the GB/T 2260 code that says the city
    for region in sorted(regions, key=lambda r: r["code"]):
        cities.setdefault(region["code"][:4], []).append(region)
    english = Markup('<span lang="en">{}</span>').format(say("site", "en"))
    page = Page(say("site", "zh"), english, "zh")
    return render("front.html.j2", page, cities=cities.values(), folded=len(regions) > FEW)


def newest_first(edition: Edition) -> tuple:
    """The order in which editions are shown: by region, the newest year first, Chinese first."""
    region, year, language = edition
    return region, -year, LANGUAGES.index(language)


def _region(project: Path, reports: Path, editions: list[Edition]) -> dict[str, Any]:
    region, year, language = editions[0]
    names, meaning = read_region(region, project), read_definitions(project, region)
    return {
        "code": names.code,
        "city": [(LANGUAGE_TAGS[e], names.city[e]) for e in LANGUAGES],
        "name": [
            (LANGUAGE_TAGS[e], say("place", e, city=names.city[e], name=names.name[e]))
            for e in LANGUAGES
        ],
        "editions": [
            Link(f"{r}/{y}/{e}/index.html", f"{y} · {LANGUAGE_NAMES[e]}", lang=LANGUAGE_TAGS[e])
            for r, y, e in editions
        ],
        "sectors": [
            (LANGUAGE_TAGS[e], [
                Link(f"{region}/{year}/{e}/{s}.html", sector_name(s, meaning, e))
                for s in meaning.pages
                if (reports / region / f"{year}/{e}/{s}.html").is_file()
            ])
            for _, y, e in editions if y == year
        ],
        "lang": LANGUAGE_TAGS[language],
        "cards": _published_cards(reports, f"{region}/{year}/{language}/"),
    }  # fmt: skip


def _published_cards(reports: Path, folder: str) -> Markup:
    """The headlines as the front of a published release has them."""
    text = (reports / folder / "index.html").read_text("utf-8")
    _, tag, rest = text.partition('<ul class="cards">')
    cards = tag + rest.partition("</ul>")[0] + ("</ul>" if tag else "")
    return Markup(re.sub(r'href="(?=\w+\.html)', f'href="{folder}', cards))


def published_editions(reports: Path) -> list[Edition]:
    """What is published under a reports folder."""
    found = (p.relative_to(reports).parts[:3] for p in reports.glob("*/[0-9]*/*/index.html"))
    return sorted((region, int(year), language) for region, year, language in found)


def link_editions(reports: Path, published: list[Edition]) -> None:
    """Give every published page the links to the same page of other years and languages."""
    for region, year, language in published:
        for path in sorted(Path(reports, region, str(year), language).glob("*.html")):
            text = path.read_text("utf-8")
            others = [
                e for e in published
                if e[0] == region and Path(reports, *map(str, e), path.name).is_file()
            ]  # fmt: skip
            nav = _editions_nav((region, year, language), others, path.name)
            before, _, rest = text.partition('<nav class="editions"')
            linked = before + nav + rest.partition("</nav>")[2]
            if linked != text:
                rewrite(path, linked)


def _editions_nav(own: Edition, others: list[Edition], name: str) -> str:
    """The links as plain text: put into a page, markup would have the page escaped."""
    _, year, language = own
    links = [
        Link(f"../../{y}/{language}/{name}", str(y), y == year)
        for _, y, e in reversed(others) if e == language
    ]  # fmt: skip
    links += [
        Link(f"../{e}/{name}", LANGUAGE_NAMES[e], lang=LANGUAGE_TAGS[e])
        for _, y, e in others if y == year and e != language
    ]  # fmt: skip
    items = Markup("").join(Markup("<li>{}</li>").format(link_html(link)) for link in links)
    nav = Markup('<nav class="editions" aria-label="{}"><ul>{}</ul></nav>')
    return str(nav.format(say("editions", language), items))
