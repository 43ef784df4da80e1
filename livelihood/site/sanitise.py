"""Outputs of a notebook as safe HTML: whatever a cell puts out, a page shows it as content.

Scripts, styles, event handlers, forms and everything that would load something are dropped;
tables, headings, lists and drawings stay.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape

import nh3
from markupsafe import Markup, escape
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from livelihood.display.format import original
from livelihood.display.messages import say

_TAGS = """
table caption thead tbody tr th td p br strong em code pre ul ol li a h1 h2 h3 h4 details summary
dl dt dd span small sub sup time blockquote"""
_SHAPES = "svg g defs clipPath path rect circle line polygon text tspan use"
_PLACES = """
id style d x y x1 y1 x2 y2 cx cy r width height viewBox points transform clip-path
preserveAspectRatio vector-effect"""
_LOOKS = """
fill fill-opacity fill-rule stroke stroke-width stroke-opacity opacity stroke-linejoin
stroke-linecap stroke-dasharray stroke-dashoffset font-size font-weight text-anchor"""
SPANS = {"colspan", "rowspan"}
TAGS, DRAWING, STYLES = (set(names.split()) for names in (_TAGS, _SHAPES, _LOOKS))
ATTRIBUTES = {"*": {"lang", "translate"}, "a": {"href"}, "tr": {"id"}}
ATTRIBUTES |= {"th": {"scope", *SPANS}, "td": SPANS}
DRAWN = {"*": set(_PLACES.split()), "use": {"href"}}
# Ink, paper and lines of a chart follow the page's, light or dark.
THEME = {"#1f2328": "--ink", "#57606a": "--muted", "#d0d7de": "--line", "#ffffff": "--paper"}


def prose(markdown: str) -> Markup:
    """Markdown as HTML, sanitised.

    >>> prose("# A <script>alert(1)</script>")
    Markup('<h1>A </h1>')
    """
    html = _markdown().render(markdown)
    return Markup(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES).strip())


@cache
def _markdown() -> MarkdownWithMath:
    return MarkdownWithMath(IPythonRenderer(escape=False, exclude_anchor_links=True))


def shown(output: NotebookNode, number: int, language: str) -> Markup:
    """One output of a cell as HTML; `number` is its place on the page.

    What a notebook writes to stderr is for who runs it and is left out.
    """
    data = output.get("data", {})
    if output.output_type == "stream":
        text = strip_ansi(output.text) if output.name == "stdout" else ""
        return Markup("<pre>{}</pre>").format(text) if text.strip() else Markup()
    if "image/svg+xml" in data:
        extra = output.metadata.get("image/svg+xml", {})
        return figure(data["image/svg+xml"], _in_words(output, language), extra, number, language)
    if "image/png" in data:
        return Markup('<figure><img alt="{}" src="data:image/png;base64,{}"></figure>').format(
            _in_words(output, language), re.sub("[^A-Za-z0-9+/=]", "", data["image/png"])
        )
    if "text/html" in data:
        return tables(data["text/html"], language)
    if "text/markdown" in data:
        return prose(data["text/markdown"])
    plain = re.sub(_BARE, "", strip_ansi(data.get("text/plain", "")))
    return Markup("<pre>{}</pre>").format(plain) if plain.strip() else Markup()


# What `plt.title(...)` or `frame.plot()` gives besides its picture: an object, and where it lies.
_BARE = re.compile(r"\A(?:\[?<[^\n]*>\]?|Text\([^\n]*\))\Z")


def _in_words(picture: NotebookNode, language: str) -> str:
    """The text alternative of a picture, as the notebook has it; a `<Figure ...>` is none."""
    given = picture.metadata.get("image/png", {}).get("alt", "")
    plain = picture.data.get("text/plain", "")
    return given or ("" if plain.startswith("<") else plain) or say("picture", language)


def figure(svg: str, alt: str, extra: dict, number: int, language: str) -> Markup:
    """A chart with its text alternative, and the numbers behind it folded under it."""
    drawn = _marked(drawing(svg, number), language)
    name, words = _named(alt, number, language)
    picture = Markup('<div role="img" {}>{}{}</div>').format(name, words, drawn)
    picture = _around(extra, language, "title", "subtitle") + picture
    picture += _around(extra, language, "note", "source")
    if "table" in extra:
        picture += Markup('<details class="data"><summary>{}</summary>{}</details>').format(
            say("chart_data", language), tables(extra["table"], language)
        )
    return Markup("<figure>{}</figure>").format(picture)


def _named(alt: str, number: int, language: str) -> tuple[Markup, Markup]:
    """What names a picture: an attribute, or where Chinese in English is to be marked, an element.

    Returns the attribute and the element, if there is one.
    """
    words = original(alt, language)
    if words == escape(alt):
        return Markup('aria-label="{}"').format(alt), Markup()
    element = Markup('<p id="alt-{}" hidden>{}</p>').format(number, words)
    return Markup('aria-labelledby="alt-{}"').format(number), element


def _around(words: dict, language: str, *names: str) -> Markup:
    """The words above or below a chart: a paragraph each, of a class of its name."""
    line = Markup('<p class="chart-{}">{}</p>')
    said = (line.format(n, original(words[n], language)) for n in names if n in words)
    return Markup("").join(said)


def _marked(svg: Markup, language: str) -> Markup:
    """Chinese names in a chart of a page in another language, marked as Chinese."""
    return Markup(
        re.sub(
            r"(?<=>)[^<>]+(?=</text>)", lambda m: original(unescape(m[0]), language, "tspan"), svg
        )
    )


def drawing(svg: str, number: int = 0) -> Markup:
    """SVG with nothing in it but shapes and text, in the page's colours and typeface.

    Ids get the drawing's number, so that those of two drawings on a page differ.

    >>> drawing('<svg><text onclick="x()">5</text><script>x()</script></svg>')
    Markup('<svg><text>5</text></svg>')
    """
    text = re.sub(r"\s+", " ", svg).replace("xlink:href", "href").replace("> <", "><")
    text = nh3.clean(
        text,
        tags=DRAWING,
        attributes=DRAWN,
        filter_style_properties=STYLES,
        attribute_filter=_inside,
        clean_content_tags={"script", "style", "metadata"},
    )
    used = set(re.findall(r'(?:url\(|href=")#([\w-]+)', text))
    text = re.sub(
        r' id="([^"]*)"', lambda m: f' id="c{number}-{m[1]}"' if m[1] in used else "", text
    )
    text = re.sub(r'(url\(|href=")#', rf"\g<1>#c{number}-", text)
    text = re.sub("<g></g>", "", text)
    for colour, name in THEME.items():
        text = text.replace(colour, f"var({name})")
    return Markup(text)


def _inside(tag: str, attribute: str, value: str) -> str | None:
    """References only to parts of the same drawing."""
    outside = attribute == "href" and not value.startswith("#")
    return None if outside or re.search(r"url\((?!#)", value) else value


def tables(html: str, language: str) -> Markup:
    """HTML of a cell, sanitised; each table scrolls inside itself, reachable by keyboard.

    The page itself then never scrolls sideways. Tables without a caption are an analyst's own
    (a DataFrame): they are data, not prose, and stay folded away.
    """
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags={"script", "style"},
        allowed_classes={"span": {"line"}},
    )
    clean = re.sub(_NO_ROWS, "", clean)
    parts = re.split(r"(<table.*?</table>)", clean, flags=re.S)
    return Markup("").join(
        _scroll(part, language) if part.startswith("<table") else Markup(part) for part in parts
    )


# A table without rows, folded away or not, is nothing to look at.
_NO_ROWS = re.compile(
    r"(?:<details><summary>[^<]*</summary>)?<table>(?:(?!</table>).)*<tbody></tbody></table>"
    r"(?:</details>)?",
    re.S,
)


def _scroll(html: str, language: str) -> Markup:
    name = re.search(r"<caption>(.*?)</caption>", html, flags=re.S)
    label = unescape(nh3.clean(name[1], tags=set())) if name else say("table", language)
    wide = " wide" if html.count('<th scope="col">') > 2 else ""
    box = Markup('<div class="scroll{}" role="group" tabindex="0" aria-label="{}">{}</div>')
    if name:
        return box.format(wide, label, Markup(_labelled(html)))
    return Markup('<details class="data" translate="no"><summary>{}</summary>{}</details>').format(
        say("raw_table", language), box.format("", label, Markup(_scoped(html)))
    )


def _labelled(html: str) -> str:
    """A table's cells with the name of their column, for a phone that stacks them."""
    _, *names = re.findall(r'<th scope="col">(.*?)</th>', html, flags=re.S) or [""]
    head, split, body = html.partition("</thead>")
    labels = (unescape(nh3.clean(name, tags=set())) for name in names)
    cells = [str(Markup('<td data-label="{}">').format(label)) for label in labels]
    rows = []
    for row in body.split("</tr>"):
        first, *others = row.split("<td>")
        rows.append(first + "".join(map("".join, zip(cells, others, strict=False))))
    return head + split + "</tr>".join(rows)


def _scoped(html: str) -> str:
    """A DataFrame's own HTML with scopes on its headers, and no header that is empty."""
    head, split, body = html.partition("</thead>")
    head = head.replace("<th>", '<th scope="col">')
    body = body.replace("<th>", '<th scope="row">')
    return re.sub(r"<th[^>]*></th>", "<td></td>", head + split + body)
