"""What pages say and how: both languages whole, every link alive, same data same bytes."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import DEFINED, PAGES, copy_project, visit, whole

from livelihood import load, open_report
from livelihood.batch.plan import SINGLE
from livelihood.batch.publish import published as found_in
from livelihood.batch.publish import write_front, write_single
from livelihood.project.paths import Edition
from livelihood.site import index
from livelihood.site.front import cards

CHINESE = re.compile("[\u3400-\u9fff]")
# Words of Latin letters that a Chinese page may hold: names, codes, formats.
LATIN = re.compile(
    r"livelihood|HPV|SHA-256|[0-9a-f]{16,}|leiii/census|MIT|[a-z_]+\.(?:csv|json|xlsx|ipynb|toml)"
    r"|duji-\d{4}(?:h1|m\d)?(?:-zh)?(?:\.xlsx)?|https?://\S+|checks\.toml|[a-z]+(?:-[a-z0-9]+)+"
)


class Words(HTMLParser):
    """Texts, alternatives and labels with the language they stand in; code is left out."""

    VOID = ("meta", "link", "br", "img", "path", "rect", "circle", "use")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        outer = self.stack[-1][1] if self.stack else ""
        language = attributes.get("lang", outer)
        if attributes.get("translate") == "no" or tag in ("style", "script"):
            language = "none"
        for name in ("aria-label", "alt", "title", "content"):
            if attributes.get(name) and tag != "meta":
                self.found.append((language, attributes[name]))
        if tag not in self.VOID:
            self.stack.append((tag, language))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and self.stack:
            self.found.append((self.stack[-1][1], data.strip()))


@pytest.mark.parametrize("name", PAGES)
def test_no_text_is_left_untranslated(published, name):
    words = Words((published / name).read_text("utf-8")).found
    assert len(words) > 20
    assert [text for language, text in words if language == "en" and CHINESE.search(text)] == []
    chinese = [LATIN.sub("", text) for language, text in words if language == "zh-CN"]
    assert [text for text in chinese if re.search(r"[A-Za-z]{3,}", text)] == []


@pytest.mark.parametrize("name", PAGES)
def test_policy_allows_nothing_from_outside_and_no_script(published, name):
    text = (published / name).read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    allowed = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert allowed == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "font-src": "data:",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    loads = re.findall(r'<(?:link|img|use|image)[^>]+(?:href|src)="([^"#]+)"', text)
    assert [target for target in loads if not target.startswith("data:")] == []


@pytest.mark.parametrize("sector", DEFINED.pages)
def test_every_number_leads_to_its_words_and_source(sector):
    report = open_report(sector, "duji", 2019, "en")
    html = report.coverage()._repr_html_()
    for figure in report.figures:
        assert f'id="{figure.measure.id}"' in html
        assert f'href="#source-{figure.source.id}"' in html
        assert figure.printed in html
    table = report.table()._repr_html_()
    for id, result in report.results.items():
        row = table.partition(f'<tr id="{id}">')[2].partition("</tr>")[0]
        assert row.count("<li>") == len(set(result.indicator.input_ids))
        for source in re.findall(r'href="#source-([^"]+)"', row):
            assert f'id="source-{source}"' in report.sources()._repr_html_()


def test_sources_name_version_checksum_and_date_on_the_front_alone():
    report = open_report("education", "duji", 2019, "en")
    shown = report.all_sources()._repr_html_()
    assert report.release.checksum in shown
    assert report.release.checksum not in report.sources()._repr_html_()
    assert "2020-04-06" in shown
    assert "livelihood 0." in shown


def test_checksum_changes_with_any_byte_of_the_data(project):
    before = load("duji", 2019, project=project).checksum
    assert load("duji", 2019, project=project).checksum == before
    with open(project / "data" / "duji" / "2019" / "sources.toml", "a", encoding="utf-8") as file:
        file.write("\n")
    assert load("duji", 2019, project=project).checksum != before


def test_front_of_a_release_says_what_was_done_in_each_sector(opened):
    page, _ = opened("duji/2019/en/index.html")
    release = load("duji", 2019, "en")
    page_of = DEFINED.page_of
    printed = {page_of(f.measure.sector) for f in release.figures} - {"overview"}
    assert page.locator(".cards > li").count() == len(printed)
    assert page.locator(".cards > li strong").count() >= len(printed)
    headings = page.locator("main h2").all_text_contents()
    assert headings[0] == "What was done, sector by sector"
    assert "What does not fit" in headings


def test_cards_draw_every_target_on_one_scale():
    found = {card["name"]: card["chart"] for card in cards(load("xiaoxian", 2025, "en"))}
    drawn = "".join(found.values())
    bars = [float(width) for width in re.findall(r'width="([\d.]+)%" height="8"', drawn)]
    assert len(bars) > 9 and max(bars) == 100  # twice a target, or more
    assert all('<rect x="50%" width="2"' in chart for chart in found.values() if chart)
    assert "260% of the target" in found["Education"]
    assert not any(card["chart"] for card in cards(load("duji", 2019)))


DEAD_LINKS = """[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href')).filter(
    h => h[0] == '#' ? !document.getElementById(decodeURI(h.slice(1))) : !/^https?:/.test(h))"""
IDS = "[...document.querySelectorAll('[id]')].map(e => e.id)"


def test_one_file_holds_every_page(published, tmp_path, tab):
    asked = [Edition("duji", 2019, "zh"), Edition("duji", 2019, "en")]
    reports = shutil.copytree(published, tmp_path / "reports")
    write_single(published.parent, reports, asked)
    page, noise = visit(tab, reports / SINGLE, width=360)
    assert noise == []
    assert page.locator("article").count() == 2 * (len(DEFINED.pages) + 1)
    assert page.evaluate(DEAD_LINKS) == []
    ids = page.evaluate(IDS)
    assert len(ids) == len(set(ids))
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


RUN = "from livelihood.cli import main; main()"
WORLDS = [
    {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "3"},
    {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"},
]


@pytest.mark.parametrize("world", [WORLDS[0], *whole(*WORLDS[1:])], ids=lambda w: w["TZ"])
def test_same_input_gives_the_same_bytes(published, tmp_path, world):
    """In another folder, home, time zone, locale, hash seed, and with settings of matplotlib.

    But for the record of the run, which says when and in what time each page was made.
    """
    project = copy_project(tmp_path / "elsewhere" / "project")
    reports = shutil.copytree(published, project / "reports")
    before = files_of(reports)
    config = tmp_path / "home" / ".config" / "matplotlib"
    config.mkdir(parents=True)
    (config / "matplotlibrc").write_text("font.size: 30\naxes.grid: True\n")
    environment = {**os.environ, **world, "HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": ""}
    words = ["run", "--region", "duji", "--year", "2019", "--sector", "overview", "--force"]
    command = [sys.executable, "-c", RUN, *words]
    run = subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)
    assert all(
        b"duji/2019/zh/" + page in run.stdout + run.stderr for page in (b"index", b"overview")
    )
    after = files_of(reports)
    assert after.keys() == before.keys()
    assert [name for name in before if before[name] != after[name]] == []


def files_of(reports: Path) -> dict[str, bytes]:
    """All that is published, but records."""
    found = (p for p in reports.rglob("*.*") if p.is_file() and p.name != "run.json")
    return {str(path.relative_to(reports)): path.read_bytes() for path in found}


def test_pages_hold_no_path_of_this_machine(published):
    for path in [*published.rglob("*.html"), *published.rglob("*.ipynb")]:
        text = path.read_text("utf-8")
        assert str(Path.home()) + "/" not in text
        assert str(published.parent) not in text
        assert "/tmp/" not in text


def test_front_leads_with_the_newest_and_folds_many_regions_by_city(
    published, tmp_path, monkeypatch
):
    reports = shutil.copytree(published, tmp_path / "reports")

    def shown() -> str:
        write_front(published.parent, reports, found_in(reports), DEFINED)
        return (reports / "index.html").read_text("utf-8")

    few = shown()
    assert few == (published / "index.html").read_text("utf-8")
    monkeypatch.setattr(index, "FEW", 0)
    many = shown()
    assert "<details>" not in few and 'class="cards"' in few
    assert 'class="cards"' not in many
    assert re.search("<details><summary>.*安徽省淮北市.*Huaibei, Anhui.*1", many)
    links = [set(re.findall(r'href="(duji/[^"]+/index.html)"', html)) for html in (few, many)]
    assert links[0] == links[1] != set()
