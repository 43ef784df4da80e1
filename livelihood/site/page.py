"""Pages: an executed notebook as one self-contained HTML file, and the frame of every page.

A page makes no request: style, charts and the glyphs that it uses are inside it, scripts are
not allowed (Content-Security-Policy), and what a notebook puts out is sanitised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from html import unescape
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode

from livelihood import __version__
from livelihood.analysis.release import Release
from livelihood.display import fonts
from livelihood.display.messages import say
from livelihood.project.definitions import Definitions
from livelihood.site import sanitise
from livelihood.site.sections import FullSections
from livelihood.site.sparkline import key

TEMPLATE = Path(__file__).parent / "template"
FONT_MARK = "data:font/woff2;base64,"  # stands where the page's own font subset goes
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; `lang` where its text is in another language."""

    href: str
    text: str
    current: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What every page's frame needs; `front` is the way to the front of all that is published."""

    title: str
    place: str
    language: str
    links: tuple[Link, ...] = ()
    front: str = ""
    note: str = ""
    css_class: str = ""
    font_mark: str = FONT_MARK
    version: str = __version__

    @property
    def lang(self) -> str:
        """The language tag of the page."""
        return LANGUAGE_TAGS[self.language]


def notebook_page(notebook: NotebookNode, release: Release, sector: str) -> str:
    """An executed notebook as HTML, with the prose of the release's language alone."""
    language = release.language
    page = Page(
        f"{sector_name(sector, release.definitions, language)} · {place_name(release)}",
        place_name(release), language,
        release_links(release, f"{sector}.html"), "../../../index.html", provenance(release),
    )  # fmt: skip
    other = {"zh": "en", "en": "zh"}[language]
    words = {"page": page, "say": partial(_say, language), "next": count(1).__next__,
             "sector": sector, "language": language}  # fmt: skip
    body, _ = exporter(other).from_notebook_node(notebook, words)
    bounded = '<figure class="bounded">'  # the first such chart says how to read it, once
    return finish(body.replace(bounded, bounded + str(key(language)), 1))


def sector_name(sector: str, meaning: Definitions, language: str) -> str:
    """The name of a page: its sector's, or the overview's."""
    if sector == "overview":
        return say("overview", language)
    return meaning.sectors[sector].label[language]


def place_name(release: Release) -> str:
    """City, district and year of a release."""
    region, language = release.region, release.language
    words = {"city": region.city[language], "name": region.name[language]}
    return f"{say('place', language, **words)} · {release.year}"


def provenance(release: Release) -> str:
    """Date and checksum of the data, and the version that computed from them."""
    return say(
        "provenance", release.language, date=release.date.isoformat(),
        checksum=release.checksum[:16], version=__version__,
    )  # fmt: skip


def release_links(release: Release, current: str) -> tuple[Link, ...]:
    """The pages of a release, as links from one of them."""
    language = release.language
    own = [("index.html", say("front", language))]
    own += [
        (f"{s}.html", sector_name(s, release.definitions, language))
        for s in release.definitions.pages
    ]
    return tuple(Link(href, text, href == current) for href, text in own)


def _say(language: str, code: str, **words: object) -> str:
    return say(code, language, **words)


@cache
def exporter(other_language: str) -> TemplateExporter:
    """nbconvert's exporter of our template, without the prose of the other language."""
    exporter = TemplateExporter(
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        file_extension=".html",
        template_extension=".html.j2",
        default_preprocessors=[],  # nbconvert's own do nothing here but validate, each once more
    )
    hidden = {other_language, "parameters", "injected-parameters"}
    exporter.register_preprocessor(
        TagRemovePreprocessor(remove_cell_tags=hidden, enabled=True), enabled=True
    )
    exporter.register_preprocessor(FullSections(enabled=True), enabled=True)
    exporter.environment.globals |= {"shown": sanitise.shown, "link_html": link_html}
    exporter.environment.filters["prose"] = sanitise.prose
    return exporter


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True)
    environment.globals["link_html"] = link_html
    return environment


def render(template: str, page: Page, **words: object) -> str:
    """A page from a template of the package."""
    text = (
        _environment()
        .get_template(template)
        .render(page=page, say=partial(_say, page.language), english=partial(_say, "en"), **words)
    )
    return finish(text)


def finish(html: str) -> str:
    """The page with ids that are unique, links that lead somewhere, and its own glyphs."""
    return with_font(_whole_links(_unique_ids(html)))


def _unique_ids(html: str) -> str:
    """Where a page shows the same row twice, the first keeps the name that links lead to.

    Only tags are looked at: a text may say `` id="x"``, too.
    """
    seen: set[str] = set()

    def once(match: re.Match) -> str:
        if match[2] in seen:
            return match[1]
        seen.add(match[2])
        return match[0]

    return re.sub(r'(<[^<>]*?) id="([^"]+)"', once, html)


def _whole_links(html: str) -> str:
    """Links to a place that this page does not have become plain text."""
    ids = set(re.findall(r' id="([^"]+)"', html))
    return re.sub(
        r'<a href="#([^"]*)"[^>]*>(.*?)</a>',
        lambda m: m[0] if m[1] in ids else m[2], html, flags=re.S,
    )  # fmt: skip


def with_font(html: str) -> str:
    """The page with the glyphs it uses: of everything in it, code and hidden text included."""
    years = "0123456789" + "".join(LANGUAGE_NAMES.values())  # what links to other editions need
    return html.replace(FONT_MARK, fonts.subset(unescape(html) + years), 1)


def link_html(link: Link) -> Markup:
    """A link as HTML."""
    lang = Markup(' lang="{}" hreflang="{}"').format(link.lang, link.lang) if link.lang else ""
    current = Markup(' aria-current="{}"').format("page") if link.current else ""
    return Markup('<a href="{}"{}{}>{}</a>').format(link.href, lang, current, link.text)
