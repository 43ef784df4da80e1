"""Every published page as a reader opens it: in Chromium, from a folder, offline."""

import re
from base64 import b64decode
from functools import cache
from io import BytesIO
from pathlib import Path

import nbformat
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import GOLDEN, NOTEBOOKS, SHORT, SPARSEST, few, pages_of
from fontTools.ttLib import TTFont

TEXTS = """[...document.querySelectorAll('main svg')].flatMap(svg => {
    const all = svg.getBoundingClientRect(), box = svg.viewBox.baseVal;
    const scale = box && box.width ? all.width / box.width : 1;
    return [...svg.querySelectorAll('text')].map(t => {
        const box = t.getBoundingClientRect();
        return {text: t.textContent, size: parseFloat(getComputedStyle(t).fontSize) * scale,
                inside: box.left >= all.left - 1 && box.right <= all.right + 1};
    })})"""

CLIPPED = """[...document.querySelectorAll('.scroll')].filter(
    box => box.scrollWidth > box.clientWidth + 1).map(box => box.getAttribute('aria-label'))"""
FIRST_CHART = """(chart => chart ? chart.getBoundingClientRect().top + scrollY : 0)(
    document.querySelector('main figure'))"""
SCREEN = 900  # pixels of a desktop's: the first chart begins on it

LAYOUT_SHIFT = """() => new Promise(done => {
    new PerformanceObserver(list => done(list.getEntries().reduce((sum, e) => sum + e.value, 0))
    ).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(0), 300); })"""
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]


# By default every page of a release, and of the sparsest those whose words are longer.
LONGER = [name for name in pages_of(SPARSEST) if "/en/" in name]
OPENED = ["index.html", *pages_of(GOLDEN), *LONGER]

TAG = re.compile(r"<(\w+)((?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r'\s([\w-]+)="([^"]*)"')


def kinds_of_elements(path: Path) -> set[tuple]:
    """The tags of a page, each with its class, its role and the names of its attributes."""
    found = set()
    for tag, text in TAG.findall(path.read_text("utf-8")):
        attributes = dict(ATTRIBUTE.findall(text))
        found.add((tag, attributes.get("class"), attributes.get("role"), *sorted(attributes)))
    return found


@pytest.fixture(scope="session")
def looked_through(published, pytestconfig) -> set[Path]:
    """The pages that axe looks through: all with `--whole`, which takes seconds for each of them;
    else the fewest that have between them every kind of element that any page has."""
    if pytestconfig.getoption("--whole"):
        return set(published.rglob("*.html"))
    kinds = {published / name: kinds_of_elements(published / name) for name in sorted(OPENED)}
    chosen, left = set(), set().union(*kinds.values())
    while left:
        best = max(kinds, key=lambda path: len(kinds[path] & left))
        chosen.add(best)
        left -= kinds[best]
    return chosen


@pytest.mark.parametrize("name", few(OPENED))
def test_a_page_is_whole_for_every_reader(opened, published, looked_through, name, tmp_path):
    """On a desktop, by night, on a phone, on paper: opened once, since that is what takes time."""
    page, noise = opened(name, width=1280)
    assert noise == []
    it_is_of_one_piece(page, "zh-CN" if "/en/" not in name else "en")
    if not name.endswith("index.html"):
        it_holds_every_output(page, published / name)
    assert page.evaluate(FIRST_CHART) <= SCREEN
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    if published / name in looked_through:
        it_is_for_everyone(page)
    it_fits_on_every_screen(page)
    it_prints_whole(page, tmp_path / "page.pdf")
    assert noise == []


def it_is_of_one_piece(page, language: str) -> None:
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("script").count() == 0
    assert page.evaluate("document.fonts.check('16px \"Livelihood CJK\"')")
    assert _without_glyph(page) == set()


def _without_glyph(page) -> set[str]:
    """Characters of the page that its own font does not draw: a reader may see tofu there."""
    source = page.evaluate("document.querySelector('style').textContent")
    data = source.split("base64,")[1].split('"')[0]
    glyphs = TTFont(BytesIO(b64decode(data))).getBestCmap()
    text = page.evaluate("document.body.textContent")
    return {c for c in text if ord(c) not in glyphs and not c.isspace()}


def it_is_for_everyone(page) -> None:
    """axe-core (as bundled by the PyPI package axe-playwright-python) finds nothing, day or night.

    Night changes colours alone, so that then the rules of colours are enough.
    """
    for scheme, rules in {"light": {}, "dark": {"runOnly": RULES_OF_COLOURS}}.items():
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=ONLY_VIOLATIONS | rules).response["violations"]
        assert [(r["id"], scheme, [n["html"] for n in r["nodes"]]) for r in found] == []


def it_fits_on_every_screen(page) -> None:
    """Nothing scrolls sideways; the text of charts is 11 px or more on a phone, and not cut off."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CLIPPED) == []
    texts = page.evaluate(TEXTS)
    assert [t for t in texts if t["size"] < 11 or not t["inside"]] == []


def it_prints_whole(page, file: Path) -> None:
    """A4 with numbered pages, none of them blank, and every trace of a number unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    page.pdf(path=file, prefer_css_page_size=True)
    with pypdfium2.PdfDocument(file) as pages:
        assert 1 <= len(pages) <= 6
        for number, sheet in enumerate(pages, start=1):
            text = " ".join(sheet.get_textpage().get_text_bounded().split())
            assert round(sheet.get_width()) == 595
            assert f"{number} / {len(pages)}" in text
            assert len(text) > 60
    page.emulate_media(media="print")
    hidden = """[...document.querySelectorAll('td details ul')].filter(
        list => list.getBoundingClientRect().height < 5).length"""
    assert page.evaluate(hidden) == 0


def it_holds_every_output(page, path: Path) -> None:
    """What axe does not see: a chart, a table or a heading that got lost."""
    executed = nbformat.read(path.with_suffix(".ipynb"), as_version=4)
    outputs = [o.get("data", {}) for c in executed.cells for o in c.get("outputs", [])]
    charts = sum("image/svg+xml" in data for data in outputs)
    tables = sum(data.get("text/html", "").count("<tbody><tr") for data in outputs)
    drawn = page.locator("main figure div > svg")
    assert drawn.count() == charts
    boxes = [drawn.nth(i).bounding_box() for i in range(charts)]
    assert all(box["width"] > 200 and box["height"] > 40 for box in boxes)
    assert page.locator("main table:not(figure table)").count() == tables
    assert page.locator("main table:not(:has(tbody tr))").count() == 0
    metadata = [o.get("metadata", {}) for c in executed.cells for o in c.get("outputs", [])]
    behind = [about["image/svg+xml"] for about in metadata if "image/svg+xml" in about]
    told = sum("table" in about for about in behind)
    assert page.locator("main figure details table").count() == told
    language = path.parent.name
    prose = [c.source for c in executed.cells if language in c.metadata.get("tags", [])]
    headings = sum(line.startswith("#") for text in prose for line in text.splitlines())
    # a section that shows nothing is left out with its heading
    assert 1 <= page.locator("main h1, main h2, main h3").count() <= headings


def test_a_page_of_five_charts_stays_small(published):
    sizes = {p: p.stat().st_size for p in published.glob("*/*/*/*.html")}
    assert len(sizes) >= 2 * len(SHORT) * (len(NOTEBOOKS) + 1)
    assert {p.name: size for p, size in sizes.items() if size > 250_000} == {}


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def test_links_lead_to_places_that_are_there(published):
    for page in published.rglob("*.html"):
        for target in re.findall(r'<a href="([^"]*)"', text_of(page)):
            if not target.startswith("http"):
                file, _, anchor = target.partition("#")
                path = page.parent / Path(file) if file else page
                assert path.is_file(), (page, target)
                assert not anchor or f' id="{anchor}"' in text_of(path.resolve()), (page, target)


def test_pages_link_to_other_years_and_languages(opened, published):
    region, year = GOLDEN
    page, _ = opened(f"{region}/{year}/en/education.html")
    links = page.locator("nav.editions a").all()
    assert len(links) == len(list((published / region).iterdir())) + 1  # the years, the language
    page.get_by_role("link", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.url.endswith("/zh/education.html")


@pytest.mark.parametrize("name", ["index.html", "duji/2019/zh/index.html"])
def test_a_front_does_not_shift_while_it_loads(browser, published, name):
    page = browser.new_page(viewport={"width": 412, "height": 823})
    page.goto((published / name).as_uri())
    assert page.evaluate(LAYOUT_SHIFT) < 0.05
    page.close()
