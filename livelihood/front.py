"""Fronts: of a release, and of all that is published; and the links between editions."""

from __future__ import annotations

from livelihood.definitions import definitions
from livelihood.page import (
    LANGUAGE_NAMES,
    LANGUAGE_TAGS,
    Link,
    Page,
    place_name,
    provenance,
    release_links,
    render,
    sector_name,
)
from livelihood.problems import say
from livelihood.release import Release
from livelihood.safe import tables


def release_page(release: Release) -> str:
    """The index of a release: each sector's first indicators, and the sources."""
    from livelihood.report import Report

    reports = [Report(sector, release) for sector in definitions().pages]
    cards = [
        {
            "href": f"{report.sector}.html",
            "name": sector_name(report.sector, release.language),
            "numbers": [
                (definitions().label(id, release.language), report.number(id))
                for id in list(report.results)[:3]
            ],
        }
        for report in reports
    ]
    page = Page(place_name(release), place_name(release), release.language,
                release_links(release, "index.html"), "../../../index.html", provenance(release))  # fmt: skip
    return render(
        "release.html.j2", page, cards=cards, figures=len(release.figures),
        indicators=len(release.results),
        sources=tables(reports[0].all_sources()._repr_html_(), release.language),
    )  # fmt: skip


def front_page(published: dict[str, list[tuple[int, str]]], names: dict[str, dict]) -> str:
    """The index of all that is published: `published` has (year, language) by region."""
    regions = [
        {
            "name": " · ".join(names[region].values()),
            "links": [
                Link(f"{region}/{year}/{language}/index.html",
                     f"{year} · {LANGUAGE_NAMES[language]}", lang=LANGUAGE_TAGS[language])
                for year, language in sorted(editions, key=lambda e: (-e[0], e[1] != "zh"))
            ],
        }
        for region, editions in sorted(published.items())
    ]  # fmt: skip
    page = Page(say("site", "zh"), "Livelihood projects in printed figures", "zh")
    return render("front.html.j2", page, regions=regions)
