"""The front of a release: what it says, what was done sector by sector, what does not fit."""

from __future__ import annotations

from markupsafe import Markup

from livelihood.analysis.release import Release
from livelihood.display.format import bounds_words, html_table, original, period_words, small
from livelihood.display.messages import say
from livelihood.project.paths import OVERVIEW
from livelihood.quantity.bounds import Bounds
from livelihood.release.observations import Observation
from livelihood.report.key_points import doubt_words, doubts_of, key_points
from livelihood.report.prose import Story, change_words
from livelihood.report.selection import (
    Reached,
    all_documents,
    columns,
    compared,
    documents_words,
    first_of,
    provenance,
    reached,
    sector_colour,
)
from livelihood.site.export import workbook_name
from livelihood.site.links import Anchor, parts
from livelihood.site.page import FOLDER, Body, Link, release_body, render, sector_name
from livelihood.site.sanitise import tables

STEP, MOST = 14, 2  # pixels from bar to bar; further than twice a target they are cut off


def front_body(release: Release) -> Body:
    """The body of a release's front."""
    language, title, found = release.language, release.title, tuple(cards(release))
    story = Story("", release)
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
        changes=_changes(release),
        sources=_sources(release),
    )
    return release_body(release, title, html, cards=found)


def _changes(release: Release) -> Markup:
    """Each figure against the last earlier one that it may be compared with; empty if none may."""
    language = release.language
    once = {(f.measure.id, f.breakdown, f.printed): f for f in release.figures if not f.role}
    rows = [_change(new, old, language) for new, old in compared(once.values(), release)]
    heads = columns(language, "measure", "changed_now", "changed_then", "change")
    html = html_table(say("changed", language), heads, rows)
    return tables(html, language) if rows else Markup()


def _change(new: Observation, old: Observation, language: str) -> tuple:
    then, now = (
        (original(f.printed, language), small(period_words(f.period, language))) for f in (old, new)
    )
    words = change_words(new, old, language) or say("unsure", language)
    return new.measure.label[language], now, then, words


def _sources(release: Release) -> Markup:
    """The documents behind the release, with the data's checksum."""
    language, found = release.language, all_documents(release)
    words = documents_words(found, language, release.figures, provenance(release))
    return tables(html_table(**words), language)


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
