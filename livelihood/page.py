"""Pages: an executed notebook or an index as one self-contained HTML file.

A page makes no request: style, charts and the glyphs that it uses are inside it, scripts are
not allowed (Content-Security-Policy), and what a notebook puts out as HTML is sanitised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from html import unescape
from pathlib import Path

import nh3
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode

from livelihood import __version__, fonts
from livelihood.definitions import definitions
from livelihood.problems import say
from livelihood.release import Release

TEMPLATE = Path(__file__).parent / "template"
FONT_MARK = "data:font/woff2;base64,"  # stands where the page's own font subset goes
_LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; `lang` where its text is in another language."""

    href: str
    text: str
    current: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What every page's frame needs."""

    title: str
    place: str
    language: str
    links: tuple[Link, ...]
    font_mark: str = FONT_MARK
    version: str = __version__


def notebook_page(notebook: NotebookNode, release: Release, sector: str) -> str:
    """An executed notebook as HTML, with the prose of the release's language alone."""
    other = {"zh": "en", "en": "zh"}[release.language]
    page = Page(
        f"{sector_name(sector, release.language)} · {_place(release)}",
        _place(release),
        release.language,
        _links(release, f"{sector}.html"),
    )
    body, _ = _exporter(other).from_notebook_node(
        notebook, {"page": page, "say": partial(_say, release.language)}
    )
    return _with_font(body)


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
    page = Page(_place(release), say("site", release.language), release.language,
                _links(release, "index.html"))  # fmt: skip
    return _render(
        "release.html.j2", page, cards=cards, figures=len(release.figures),
        indicators=len(release.results), sources=_scroll(reports[0].all_sources()._repr_html_()),
    )  # fmt: skip


def front_page(published: dict[str, list[tuple[int, str]]], names: dict[str, dict]) -> str:
    """The index of all that is published: `published` has (year, language) by region."""
    regions = [
        {
            "name": " · ".join(names[region].values()),
            "links": [
                Link(f"{region}/{year}/{language}/index.html",
                     f"{year} · {_LANGUAGE_NAMES[language]}", lang=_lang(language))
                for year, language in sorted(editions, key=lambda e: (-e[0], e[1] != "zh"))
            ],
        }
        for region, editions in sorted(published.items())
    ]  # fmt: skip
    page = Page(say("site", "zh"), "Livelihood projects in printed figures", "zh", ())
    return _render("front.html.j2", page, regions=regions)


def sector_name(sector: str, language: str) -> str:
    """The name of a page: its sector's, or the overview's."""
    if sector == "overview":
        return say("overview", language)
    return definitions().sectors[sector][language]


def _place(release: Release) -> str:
    region, language = release.region, release.language
    words = {"city": region.city[language], "name": region.name[language]}
    return f"{say('place', language, **words)} · {release.year}"


def _links(release: Release, current: str) -> tuple[Link, ...]:
    language = release.language
    own = [("index.html", say("front", language))]
    own += [(f"{s}.html", sector_name(s, language)) for s in definitions().pages]
    return tuple(Link(href, text, href == current) for href, text in own)


def _lang(language: str) -> str:
    return {"zh": "zh-CN", "en": "en"}[language]


def _say(language: str, code: str, **words: object) -> str:
    return say(code, language, **words)


@cache
def _exporter(other_language: str) -> TemplateExporter:
    exporter = TemplateExporter(
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        file_extension=".html",
        template_extension=".html.j2",
    )
    hidden = {other_language, "parameters", "injected-parameters"}
    exporter.register_preprocessor(
        TagRemovePreprocessor(remove_cell_tags=hidden, enabled=True), enabled=True
    )
    exporter.environment.globals["shown"] = shown
    exporter.environment.filters["prose"] = prose
    return exporter


def prose(markdown: str) -> Markup:
    """Markdown as HTML, sanitised."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(markdown)
    return Markup(nh3.clean(html, tags=_TAGS | {"h1"}))


def shown(output: NotebookNode) -> Markup:
    """One output of a cell as safe HTML: charts as SVG, tables and prose sanitised."""
    data = output.get("data", {})
    if output.output_type == "stream":
        return Markup("<pre>{}</pre>").format(output.text)
    if "image/svg+xml" in data:
        alt = data.get("text/plain", "")
        return Markup('<figure><div role="img" aria-label="{}">{}</div></figure>').format(
            alt, Markup(data["image/svg+xml"])
        )
    if "image/png" in data:
        return Markup('<figure><img alt="{}" src="data:image/png;base64,{}"></figure>').format(
            data.get("text/plain", ""), data["image/png"].strip()
        )
    if "text/html" in data:
        return _scroll(nh3.clean(data["text/html"], tags=_TAGS, attributes=_ATTRIBUTES))
    if "text/markdown" in data:
        return prose(data["text/markdown"])
    return Markup("<pre>{}</pre>").format(data.get("text/plain", ""))


_TAGS = {
    "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "br", "strong", "em", "code",
    "pre", "ul", "ol", "li", "a", "h2", "h3", "h4", "details", "summary", "dl", "dt", "dd", "span",
}  # fmt: skip
_ATTRIBUTES = {"th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}, "a": {"href"}}


def _scroll(html: str) -> Markup:
    """A wide table scrolls inside itself, reachable by keyboard, and not the page."""
    name = re.search(r"<caption>(.*?)</caption>", html)
    label = unescape(name[1]) if name else "table"
    return Markup('<div class="scroll" role="region" tabindex="0" aria-label="{}">{}</div>').format(
        label, Markup(html)
    )


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True)


def _render(template: str, page: Page, **words: object) -> str:
    text = (
        _environment()
        .get_template(template)
        .render(page=page, say=partial(_say, page.language), **words)
    )
    return _with_font(text)


def _with_font(html: str) -> str:
    """The page with the glyphs it uses: of everything in it, code and hidden text included."""
    return html.replace(FONT_MARK, fonts.subset(unescape(html)), 1)
