"""The front of a release: the year in a screen, its pages, what is missing, the sources."""

from __future__ import annotations

from collections import Counter

from livelihood.analysis.findings import VERDICTS
from livelihood.analysis.release import Release, load
from livelihood.display.format import period_words
from livelihood.display.messages import say
from livelihood.project.paths import years
from livelihood.report.key_points import key_points
from livelihood.report.report import Report
from livelihood.report.tables import changes_table
from livelihood.site.export import FOLDER, workbook_name
from livelihood.site.page import Body, Link, release_body, render, sector_name
from livelihood.site.sanitise import tables
from livelihood.site.sparkline import small_chart


def front_body(release: Release) -> Body:
    """The body of a release's front."""
    language, title, found = release.language, release.title, tuple(cards(release))
    reports = [Report(sector, release) for sector in release.definitions.pages]
    changes = changes_table(release)
    html = render(
        "release.html.j2",
        language,
        title=title,
        figures=len(release.figures),
        indicators=len(release.results),
        points=key_points(release),
        cards=found,
        sectors=[_sector(report) for report in reports],
        checks=checks_summary(release),
        files=files(release),
        changes="" if changes.empty else tables(changes._repr_html_(), language),
        sources=tables(reports[0].all_sources()._repr_html_(), language),
    )
    return release_body(release, title, html, cards=found)


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


def cards(release: Release) -> list[dict[str, str]]:
    """The headline indicators of a release, each with its number and its course so far."""
    language, meaning = release.language, release.definitions
    past = [load(release.region.id, y, language, release.project) for y in _years_to(release)]
    found = []
    for id in (i for i in meaning.headlines if i in release.results):
        amount, label = release.results[id].amount, meaning.label(id, language)
        course = [(r.year, r.results[id].amount) for r in [release, *past] if id in r.results]
        page = meaning.page_of(meaning.indicators[id].sector)
        found.append(
            {
                "name": label,
                "href": f"{page}.html#{id}",
                "number": Report(page, release).number(id),
                "small": period_words(amount.period, language),
                "chart": small_chart(label, course, language),
            }
        )
    return found


def _years_to(release: Release) -> list[int]:
    """The earlier releases of the same region, newest first."""
    return [y for y in reversed(years(release.region.id, release.project)) if y < release.year]


def _sector(report: Report) -> dict[str, object]:
    """A page of the release with what it has and what it lacks."""
    name = sector_name(report.sector, report.language, report.release.definitions)
    return {
        "link": Link(f"{report.sector}.html", name),
        "figures": len(report.figures),
        "indicators": len(report.results),
    }
