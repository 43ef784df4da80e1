"""Pages: the body that a job makes, and the frame that is put around it when it is published.

A body is what a page shows: an executed notebook, sanitised, or a front. The frame is everything
around it: links, navigation, notices. So a page can be put together anew -
another year has come, its notebook has failed since - without being made again.

A page makes no request: style, charts and the glyphs that it uses are inside it, scripts are
not allowed (Content-Security-Policy), and what a notebook puts out is sanitised.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from html import unescape
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from nbconvert.exporters import Exporter, TemplateExporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode

from livelihood.analysis.release import Release, load
from livelihood.display import fonts
from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import Definitions
from livelihood.project.paths import INDEX, OVERVIEW, find_project
from livelihood.report.selection import PALETTE, provenance, sector_colour
from livelihood.site.links import Anchor, Parts, as_html, settled
from livelihood.site.sections import sections

TEMPLATE = Path(__file__).parent / "template"
FOLDER = "data"  # beside the pages of a release: its figures, for downloading
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; `lang` where its text is in another language."""

    href: str
    text: str
    current: bool = False
    lang: str = ""

    def __html__(self) -> Markup:
        lang = Markup(' lang="{0}" hreflang="{0}"').format(self.lang) if self.lang else ""
        current = Markup(' aria-current="page"') if self.current else ""
        return Markup('<a href="{}"{}{}>{}</a>').format(self.href, lang, current, self.text)


@dataclass(frozen=True, slots=True)
class Body:
    """What a page shows, and what its frame has to say of it.

    `place` stands over the links. `cards` are a release's headlines, for other fronts. A `story`
    is what a notebook tells.
    """

    title: str
    place: str
    language: str
    parts: Parts
    cards: tuple[dict[str, str], ...] = ()
    story: bool = False

    def html(self, published: Collection[str] = ()) -> Markup:
        """What it shows; a link to another year is plain text where that is not `published`."""
        return as_html(self.parts, published.__contains__)

    def text(self) -> str:
        """The body as JSON, as it is kept until it is published, and after."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_body(text: str) -> Body:
    """The body that :meth:`Body.text` wrote; ``ValueError`` if it is none of this version's."""
    try:
        about = json.loads(text)
        parts = (p if isinstance(p, str) else Anchor(**p) for p in about.pop("parts"))
        return Body(**about, parts=tuple(parts))
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a body: the ways from it, and a notice over it.

    `front` leads to the front of all that is published, `pages` to those of the same release,
    `editions` to the same page of other years and in other languages.
    """

    front: str = ""
    pages: tuple[Link, ...] = ()
    editions: tuple[Link, ...] = ()
    notice: str = ""


_NOTICE = Markup('<p class="notice" role="note">{}</p>\n')


def release_body(release: Release, title: str, html: str, **more: Any) -> Body:
    """A body of a release's page."""
    if release.strict:
        html = _NOTICE.format(say("strict_page", release.language)) + Markup(html)
    return Body(title, release.title, release.language, settled(html), **more)


def notebook_body(notebook: NotebookNode, release: Release, name: str) -> Body:
    """An executed notebook as a body, with the prose of the release's language alone."""
    language, meaning = release.language, release.definitions
    colour = sector_colour(name, meaning) if name in meaning.pages else PALETTE[0]
    words = {"colour": colour, "provenance": provenance(release)}
    html = _notebook_html(notebook, name, language, words)
    title = _title(name, release.title, language, meaning)
    return release_body(release, title, html, story=True)


def _notebook_html(notebook: NotebookNode, name: str, language: str, words: dict) -> str:
    hidden = {*LANGUAGES} - {language} | {"parameters", "injected-parameters"}
    cells = [c for c in notebook.cells if hidden.isdisjoint(c.metadata.get("tags", ()))]
    more = {"say": partial(_say, language), "sector": name, "sections": sections(cells, language)}
    code = [NotebookNode(c, outputs=[]) for c in cells if c.cell_type == "code"]
    shown = NotebookNode(notebook, cells=code)  # without what nbconvert would copy twice
    return exporter().from_notebook_node(shown, {**more, **words})[0]


def missing_body(front: Body, sector: str, known: Definitions) -> Body:
    """A body that stands for one that is not there, beside that of its release's front."""
    title = _title(sector, front.place, front.language, known)
    return replace(front, title=title, parts=(Markup("<h1>{}</h1>").format(title),), cards=())


def _title(sector: str, place: str, language: str, known: Definitions) -> str:
    return f"{sector_name(sector, language, known)} · {place}"


def sector_name(sector: str, language: str, known: Definitions) -> str:
    """The name of a page: its sector's, the overview's or the front's, or a notebook's own."""
    names = {OVERVIEW: "overview", INDEX: "front"}
    if sector in names:
        return say(names[sector], language)
    return known.sectors[sector].label[language] if sector in known.sectors else sector


def release_frame(name: str, language: str, known: Definitions) -> Frame:
    """The frame of a release's page: the ways to the release's others."""
    pages = [
        Link(f"{page}.html", sector_name(page, language, known), page == name)
        for page in (INDEX, *known.pages)
    ]
    return Frame("../../../index.html", tuple(pages))


def framed(body: Body, frame: Frame, font: str = "") -> str:
    """A page: a body in its frame, with its `font`, or a new one.

    >>> framed(Body("A & B", "here", "en", ("<h1>A</h1>",)), Frame(notice="Old"))[:15]
    '<!DOCTYPE html>'
    """
    return _page(body, frame, font or font_of(body, frame))


def font_of(body: Body, frame: Frame) -> str:
    """The glyphs of everything on a page, code and hidden text included, as a font.

    It has those that links to other editions need, so that it is the same whichever these are.
    """
    page = _page(body, replace(frame, editions=()), "data:font/woff2;base64,")
    return fonts.subset(unescape(page) + "0123456789" + "".join(LANGUAGE_NAMES.values()))


def _page(body: Body, frame: Frame, font: str) -> str:
    tag = LANGUAGE_TAGS[body.language]
    html = body.html({link.href for link in frame.editions})
    words = {"body": body, "html": html, "frame": frame, "font": font, "tag": tag}
    return render("frame.html.j2", body.language, **words)


def _say(language: str, code: str, **words: object) -> str:
    return say(code, language, **words)


@cache
def exporter() -> TemplateExporter:
    """nbconvert's exporter of our template."""
    return TemplateExporter(
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        file_extension=".html",
        template_extension=".html.j2",
        default_preprocessors=[],  # nbconvert's own do nothing here but validate, each once more
    )


class PageExporter(Exporter):
    """``jupyter nbconvert --to livelihood``: a notebook as the page that a run would publish.

    Only what a run knows is not there: other years, other pages. A notebook that is no sector's
    has the same look. ``DataError`` if its parameters name a release that there is not.
    """

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "Livelihood"  # its name in JupyterLab's menu
    default_preprocessors: ClassVar = [ExecutePreprocessor]  # for --execute; else it rests

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **kw: Any
    ) -> tuple[str, dict]:
        """The page, and nbconvert's resources."""
        with fonts.on_a_page():
            nb, found = super().from_notebook_node(nb, resources, **kw)
        about = found.get("metadata", {})
        return framed(_own_body(nb, about.get("name", ""), about.get("path", "")), Frame()), found


def _own_body(notebook: NotebookNode, name: str, path: str) -> Body:
    given = _parameters(notebook)
    if not {"region", "year"} <= given.keys():
        language = given.get("language", "zh")
        html = _notebook_html(notebook, name, language, {"colour": PALETTE[0]})
        return Body(name, "", language, settled(html), story=True)
    where = find_project(Path(path))
    named = (given["region"] or None, given["year"] or None, given.get("language"))
    release = load(*named, where, strict=given.get("strict", False))
    return notebook_body(notebook, release, name)


def _parameters(notebook: NotebookNode) -> dict[str, Any]:
    """What a notebook was run with: its own parameters, and those that papermill put after them."""
    found: dict[str, Any] = {}
    for tag in ("parameters", "injected-parameters"):
        for cell in notebook.cells:
            if tag in cell.metadata.get("tags", ()):
                found |= dict(_constants(cell.source))
    return found


def _constants(source: str) -> Iterator[tuple[str, Any]]:
    for line in ast.parse(source).body:
        target = getattr(line, "target", None) or next(iter(getattr(line, "targets", ())), None)
        value = getattr(line, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            yield target.id, value.value


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True)


def render(template: str, language: str, **words: object) -> str:
    """The text of a template of the package."""
    own, english = partial(_say, language), partial(_say, "en")
    return compiled(template).render(say=own, english=english, **words)


def compiled(template: str) -> Template:
    """A template of the package; it is compiled once."""
    return _environment().get_template(template)
