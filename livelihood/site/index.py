"""All that is published: its front, and one file with every page of some editions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from markupsafe import Markup

from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import Definitions
from livelihood.project.paths import INDEX, Edition, read_region
from livelihood.site.links import as_html, parts
from livelihood.site.page import (
    LANGUAGE_NAMES,
    LANGUAGE_TAGS,
    Body,
    Frame,
    Link,
    framed,
    render,
    sector_name,
)

FEW = 4  # regions that a front shows with what was done; more are folded by city
Published = Mapping[Edition, Collection[str]]  # editions with the names of their pages


def front_page(
    project: Path, published: Published, cards: Callable[[Edition], Sequence[dict[str, str]]]
) -> str:
    """The front of all that is published: the newest releases, each with what was done.

    Its `cards` are those of the release's own front, so that the two always agree. Of more than a
    few regions all are folded away by city besides.
    """
    by_region = groupby(sorted(published, key=newest_first), attrgetter("region"))
    newest = sorted((list(found) for _, found in by_region), key=lambda found: -found[0].year)
    regions = [_region(project, editions) for editions in newest]
    shown = [
        region | {"cards": cards(editions[0])}
        for region, editions in zip(regions[:FEW], newest, strict=False)
    ]
    cities = _by_city(regions) if len(regions) > FEW else []
    html = render("front.html.j2", "zh", title=say("site", "zh"), newest=shown, cities=cities)
    english = Markup('<span lang="en">{}</span>').format(say("site", "en"))
    strict = any(edition.strict for edition in published)
    notice = " ".join(say("strict_page", e) for e in LANGUAGES) if strict else ""
    return framed(Body(say("site", "zh"), english, "zh", (html,)), Frame(notice=notice))


def _by_city(regions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Regions by the part of their GB/T 2260 code that says the city, in order of the codes."""
    in_order = sorted(regions, key=itemgetter("code"))
    return [list(city) for _, city in groupby(in_order, lambda region: region["code"][:4])]


def newest_first(edition: Edition) -> tuple:
    """The order in which editions are shown: by region, the newest year first, Chinese first."""
    return edition.region, -edition.year, LANGUAGES.index(edition.language)


def _region(project: Path, editions: list[Edition]) -> dict[str, Any]:
    about, newest = read_region(editions[0].region, project), editions[0]
    return {
        "code": about.code,
        "city": [(LANGUAGE_TAGS[e], about.city[e]) for e in LANGUAGES if about.city.get(e)],
        "name": [(LANGUAGE_TAGS[e], about.place(e)) for e in LANGUAGES],
        "editions": [_link(e, INDEX, f"{e.year} · {LANGUAGE_NAMES[e.language]}") for e in editions],
        "lang": LANGUAGE_TAGS[newest.language],
        "folder": f"{newest.folder.as_posix()}/",
    }


def _link(edition: Edition, page: str, text: str) -> Link:
    href = f"{edition.folder.as_posix()}/{page}.html"
    return Link(href, text, lang=LANGUAGE_TAGS[edition.language])


def edition_links(edition: Edition, page: str, published: Published) -> tuple[Link, ...]:
    """From a page the ways to its like of other years, and of the same year in other languages."""
    own = [e for e in sorted(published) if e.region == edition.region and page in published[e]]
    years = [
        Link(f"../../{e.year}/{e.language}/{page}.html", str(e.year), e == edition)
        for e in reversed(own)
        if e.language == edition.language
    ]
    languages = [
        Link(f"../{tongue}/{page}.html", LANGUAGE_NAMES[tongue], lang=LANGUAGE_TAGS[tongue])
        for tongue in (e.language for e in own if e.year == edition.year and e != edition)
    ]
    return (*years, *languages)


Pages = Mapping[str, tuple[Body, str]]  # by name the bodies of an edition's pages and their notices


def single_file(project: Path, editions: Mapping[Edition, Pages], known: Definitions) -> str:
    """The pages of the editions in one page; links between them stay inside it."""
    language = next(iter(editions)).language
    each = [_part(project, edition, pages, known) for edition, pages in editions.items()]
    title = say("site", language)
    html = render("single.html.j2", language, title=title, parts=each)
    body = Body(title, say("single_lead", language), language, (html,), story=True)
    return framed(body, Frame())


def _part(project: Path, edition: Edition, pages: Pages, known: Definitions) -> dict[str, object]:
    language = edition.language
    place = read_region(edition.region, project).place(language)
    return {
        "lang": LANGUAGE_TAGS[language],
        "title": f"{place} · {edition.year} · {LANGUAGE_NAMES[language]}",
        "links": [Link(f"#{_id(edition, n)}", sector_name(n, language, known)) for n in pages],
        "pages": [
            (_id(edition, name), notice, as_html(parts(body.html(), partial(_own, edition, name))))
            for name, (body, notice) in pages.items()
        ],
    }


def _id(edition: Edition, page: str) -> str:
    return "-".join([*edition.folder.parts, page])


def _own(edition: Edition, page: str, name: str, value: str) -> str | None:
    """An attribute's value in the one file; ``None`` for a link that would lead nowhere."""
    own = _id(edition, page)
    if name in ("id", "aria-labelledby"):
        return f"{own}-{value}"
    if name != "href":
        return value.replace("url(#", f"url(#{own}-")
    other, _, place = value.partition("#")
    if value.startswith(("https:", "http:", "data:")):
        return value
    if not other:
        return f"#{own}-{place}"
    if "/" in other or not other.endswith(".html"):
        return None
    return "#" + "-".join(filter(None, [_id(edition, other[:-5]), place]))
