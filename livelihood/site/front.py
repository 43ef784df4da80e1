"""The front of a release: what it says, what was done sector by sector, what does not fit."""

from __future__ import annotations

from markupsafe import Markup

from livelihood.analysis.release import Release
from livelihood.display.format import bounds_words
from livelihood.display.messages import say
from livelihood.project.paths import OVERVIEW
from livelihood.quantity.bounds import Bounds
from livelihood.report.key_points import doubt_words, doubts_of, key_points
from livelihood.report.prose import Story
from livelihood.report.selection import Page, Reached, first_of, reached, sector_colour
from livelihood.report.tables import all_sources, changes_table
from livelihood.site.export import workbook_name
from livelihood.site.links import Anchor, parts
from livelihood.site.page import FOLDER, Body, Link, release_body, render, sector_name
from livelihood.site.sanitise import tables

STEP, MOST = 14, 2  # pixels from bar to bar; further than twice a target they are cut off


def front_body(release: Release) -> Body:
    """The body of a release's front."""
    language, title, found = release.language, release.title, tuple(cards(release))
    changes, story = changes_table(release), Story("", release)
    html = render(
        "release.html.j2",
        language,
        title=title,
        figures=len(release.figures),
        indicators=len(release.results),
        points=key_points(release),
        cards=found,
        doubts=[doubt_words(finding, story, first=True) for finding in doubts_of(story)],
        files=files(release),
        changes="" if changes.empty else tables(changes._repr_html_(), language),
        sources=tables(all_sources(Page(OVERVIEW, release))._repr_html_(), language),
    )
    return release_body(release, title, html, cards=found)


def files(release: Release) -> list[Link]:
    """The release's data beside its pages, for downloading."""
    names = ("observations.csv", "indicators.csv", "datapackage.json", workbook_name(release))
    return [Link(f"{FOLDER}/{name}", name) for name in names]


def cards(release: Release) -> list[dict[str, str]]:
    """What was done in each sector on which the release prints something, and how it goes."""
    meaning = release.definitions
    stories = {s: Story(s, release) for s in meaning.pages if s != OVERVIEW}
    return [
        {
            "name": sector_name(sector, release.language, meaning),
            "href": f"{sector}.html",
            "colour": sector_colour(sector, meaning),
            "said": _said(release, sector),
            "chart": _progress(story),
        }
        for sector, story in stories.items()
        if story.figures
    ]


def _said(release: Release, sector: str) -> str:
    """The first two key points of a page, as a card of another page shows them."""
    points = key_points(release, sector)[:2]
    texts = Markup("").join(Markup("<p>{}</p>").format(p.html) for p in points)
    return "".join(
        f"<strong>{part.words}</strong>" if isinstance(part, Anchor) else part
        for part in parts(texts)
    )


def _progress(story: Story) -> Markup:
    """A bar for each target of a page; all cards draw them on one scale, up to twice a target."""
    found = reached(story.figures, story.rates_of)
    if not found:
        return Markup()
    parts = [min(float(first_of(r.value, r.rate)), MOST) / MOST for r in found]
    bars = Markup("").join(
        _BAR.format(2 + n * STEP, round(part * 100, 1)) for n, part in enumerate(parts)
    )
    words = say("alt_between", story.language).join(_rate(r, story) for r in found)
    return _DRAWING.format(words, STEP * len(found) + 2, bars)


_BAR = Markup('<rect y="{}" width="{}%" height="8" fill="var(--data)"/>')
_DRAWING = Markup(
    '<svg role="img" aria-label="{0}" width="100%" height="{1}"><rect width="50%" height="{1}" '
    'fill="var(--soft)"/>{2}<rect x="50%" width="2" height="{1}" fill="var(--ink)"/></svg>'
)


def _rate(r: Reached, story: Story) -> str:
    figure = next(f for f in (r.done, r.target, r.printed) if f)
    rate = Bounds.exact(r.value) if r.value is not None else r.rate
    words = bounds_words(rate, "1", story.language)
    label = figure.measure.label[story.language]
    return say("claim_one_target", story.language, label=label, rate=words)
