"""The published pages as a reader opens them: in Chromium, from a folder, offline."""

from functools import cache
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from pypdf import PdfReader

PAGES = [
    "index.html",
    *(
        f"duji/2019/{language}/{name}.html"
        for language in ("zh", "en")
        for name in ["index", *sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))]
    ),
]


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_offline_without_a_complaint(opened, name):
    page, noise = opened(name)
    assert noise == []
    assert page.locator("h1").count() == 1
    language = "zh-CN" if "/en/" not in name else "en"
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("name", [name for name in PAGES if "index" not in name])
def test_every_chart_and_table_of_the_notebook_is_on_the_page(opened, published, name):
    executed = nbformat.read((published / name).with_suffix(".ipynb"), as_version=4)
    outputs = [o.get("data", {}) for c in executed.cells for o in c.get("outputs", [])]
    charts = sum("image/svg+xml" in data for data in outputs)
    tables = sum("text/html" in data for data in outputs)
    page, _ = opened(name)
    assert 3 <= charts <= 5
    drawn = page.locator("main figure svg")
    assert drawn.count() == charts
    assert all(box["width"] > 200 and box["height"] > 80 for box in
               (drawn.nth(i).bounding_box() for i in range(charts)))  # fmt: skip
    shown = page.locator("main > .scroll > table, main > details.data table")
    assert shown.count() == tables
    own = "table:not(:has(caption))"  # an analyst's own DataFrame
    assert shown.locator("caption").count() + page.locator(f"main {own}").count() == tables
    behind = page.locator("main figure details table tbody tr")
    assert page.locator("main figure details").count() == charts
    assert behind.count() >= charts
    prose = [c.source for c in executed.cells if c.cell_type == "markdown" and
             name.split("/")[2] in c.metadata.get("tags", [])]  # fmt: skip
    headings = sum(line.startswith("#") for text in prose for line in text.splitlines())
    assert page.locator("main h1, main h2, main h3").count() == headings


@pytest.mark.parametrize("name", PAGES)
def test_page_has_every_glyph_it_shows(opened, name):
    """Each character of the page is drawn by the page's own font: no tofu anywhere."""
    from base64 import b64decode
    from io import BytesIO

    from fontTools.ttLib import TTFont

    page, _ = opened(name)
    assert page.evaluate("document.fonts.check('16px \"Livelihood CJK\"')")
    source = page.evaluate("document.querySelector('style').textContent")
    data = source.split("base64,")[1].split('"')[0]
    glyphs = TTFont(BytesIO(b64decode(data))).getBestCmap()
    text = page.evaluate("document.body.textContent")
    assert {c for c in text if ord(c) not in glyphs and not c.isspace()} == set()


def open_details(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(opened, name, scheme):
    """axe-core as bundled by the PyPI package axe-playwright-python, all of its rules."""
    page, _ = opened(name, scheme=scheme)
    open_details(page)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page_does_not_scroll_sideways(opened, name, width):
    page, _ = opened(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    open_details(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
def test_chart_text_is_read_on_a_phone(opened, name):
    """On a screen of 360 px no text of a chart is under 11 px, and none runs out of it."""
    page, _ = opened(name, 360)
    sizes = page.evaluate("""[...document.querySelectorAll('main svg')].map(svg => {
        const all = svg.getBoundingClientRect(), scale = all.width / svg.viewBox.baseVal.width;
        return [...svg.querySelectorAll('text')].map(t => {
            const box = t.getBoundingClientRect();
            return [parseFloat(getComputedStyle(t).fontSize) * scale,
                    box.left >= all.left - 1 && box.right <= all.right + 1, t.textContent];
        })}).flat()""")
    assert [text for text in sizes if text[0] < 11 or not text[1]] == []
    assert "/" not in name or len(sizes) >= 10


@pytest.mark.parametrize("name", PAGES)
def test_page_prints_whole(opened, name, tmp_path):
    """A4 with numbered pages, none of them blank, and every trace of a number unfolded."""
    page, _ = opened(name)
    file = tmp_path / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    pages = PdfReader(file).pages
    texts = [page.extract_text() for page in pages]
    assert 1 <= len(pages) <= 14
    assert all(round(float(p.mediabox.width)) == 595 for p in pages)
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {len(pages)}" in " ".join(text.split())
        assert len(text) > 60
    page.emulate_media(media="print")
    hidden = page.evaluate("""[...document.querySelectorAll('td details ul')].filter(
        list => list.getBoundingClientRect().height < 5).length""")
    assert hidden == 0


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def test_links_lead_to_pages_that_are_there(opened, published):
    for name in PAGES:
        page, _ = opened(name)
        for link in page.locator("a").all():
            target = link.get_attribute("href")
            if not target.startswith("http"):
                file, _, anchor = target.partition("#")
                path = (published / name).parent / Path(file) if file else published / name
                assert path.is_file(), (name, target)
                assert not anchor or f' id="{anchor}"' in text_of(path), (name, target)
