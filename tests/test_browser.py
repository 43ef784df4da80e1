"""The published pages as a reader opens them: in Chromium, from a folder, offline."""

from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

PAGES = [
    "index.html",
    *(
        f"duji/2019/{language}/{name}.html"
        for language in ("zh", "en")
        for name in ["index", *sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))]
    ),
]


@pytest.fixture
def opened(browser, published):
    """Open a published page; gives the page and what it asked for or complained of."""
    contexts = []

    def open_page(name: str, width: int = 1100):
        context = browser.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        page, noise = context.new_page(), []
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: noise.append(request.url)
                if not request.url.startswith(("file:", "data:")) else None)  # fmt: skip
        page.goto((published / name).as_uri())
        page.evaluate("document.fonts.ready")
        return page, noise

    yield open_page
    for context in contexts:
        context.close()


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
    assert page.locator("main > .scroll > table").count() == tables


@pytest.mark.parametrize("name", PAGES)
def test_page_has_every_glyph_it_shows(opened, name):
    """Each character of the page is drawn by the page's own font: no tofu anywhere."""
    from base64 import b64decode
    from io import BytesIO

    from fontTools.ttLib import TTFont

    page, _ = opened(name)
    assert page.evaluate("document.fonts.check('16px \"Noto Sans CJK SC\"')")
    source = page.evaluate("document.querySelector('style').textContent")
    data = source.split("base64,")[1].split('"')[0]
    glyphs = TTFont(BytesIO(b64decode(data))).getBestCmap()
    text = page.evaluate("document.body.textContent")
    assert {c for c in text if ord(c) not in glyphs and not c.isspace()} == set()


@pytest.mark.parametrize("name", PAGES)
def test_page_does_not_scroll_sideways_on_a_phone(opened, name):
    page, _ = opened(name, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_links_lead_to_pages_that_are_there(opened, published):
    for name in PAGES:
        page, _ = opened(name)
        for link in page.locator("a").all():
            target = link.get_attribute("href")
            if not target.startswith(("#", "http")):
                assert ((published / name).parent / Path(target)).is_file(), (name, target)
