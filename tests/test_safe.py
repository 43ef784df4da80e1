"""Text from data is text: a release whose every field is markup, and a notebook that is one."""

import csv
import json
import os
import tomllib
from pathlib import Path

import nbformat
import openpyxl
import pytest
from conftest import copy_project
from nbformat.v4 import new_output

from livelihood import open_report
from livelihood.safe import drawing, shown

EVIL = (
    '=1+1 <script>document.title="owned"</script><img src=x onerror=alert(1)>'
    "\"'[a](javascript:1) **b**"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """A project in which every field of free text is markup and a formula; run for real."""
    from click.testing import CliRunner

    from livelihood.cli import main

    project = copy_project(tmp_path_factory.mktemp("hostile") / "project")
    release = project / "data" / "duji" / "2019"
    with open(release / "figures.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(locator=EVIL + row["locator"], note=EVIL, note_en=EVIL)
    with open(release / "figures.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    source = {"title": EVIL, "publisher": EVIL, "date": "2020-04-06", "url": "javascript:alert(1)"}
    lines = (f"{key} = {json.dumps(value)}" for key, value in source.items())
    (release / "sources.toml").write_text("[duji-2019]\n" + "\n".join(lines), "utf-8")
    region = project / "data" / "duji" / "region.toml"
    about = tomllib.loads(region.read_text("utf-8"))
    text = region.read_text("utf-8")
    for name in about["name"].values():
        text = text.replace(json.dumps(name, ensure_ascii=False), json.dumps(EVIL))
    region.write_text(text, "utf-8")
    before = Path.cwd()
    os.chdir(project)
    try:
        words = ["run", "--sector", "education", "--sector", "overview", "--language", "both"]
        result = CliRunner().invoke(main, words)
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.output
    return project


PAGES = [f"duji/2019/{language}/{name}.html" for language in ("zh", "en")
         for name in ("index", "education", "overview")] + ["index.html"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_markup_in_the_data_is_shown_as_text(browser, hostile, name):
    page = browser.new_page()
    noise = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("dialog", lambda dialog: noise.append("dialog"))
    page.goto((hostile / "reports" / name).as_uri())
    body = page.locator("body").text_content()
    assert EVIL in body
    assert page.title() != "owned"
    assert page.locator("script, img, iframe, object, embed, form").count() == 0
    assert page.locator("a[href^='javascript' i]").count() == 0
    handlers = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
    assert page.evaluate(f"{handlers}.filter(a => a.name.startsWith('on')).length") == 0
    assert noise == []
    page.close()


def test_charts_of_hostile_data_hold_it_as_text(hostile):
    report = open_report("education", "duji", 2019, "en", hostile)
    svg = report.chart("education_money").svg()
    assert "<script" not in svg
    assert "&lt;script" in svg  # the publisher, in the source line
    assert "<script" not in drawing(svg)


def test_sentences_do_not_take_labels_for_markup(hostile):
    report = open_report("education", "duji", 2019, "en", hostile)
    said = report.say(zh="{student_aid_funds}", en="{student_aid_funds}").data
    assert said.count("](") == 1  # one link, to the row of the figure


def output(**data) -> nbformat.NotebookNode:
    return new_output("display_data", data=data)


OUTPUTS = [
    output(**{"text/html": "<h2>A</h2><table><tr><td onclick='x()'>1</td></tr></table>"
              "<script>x()</script><style>*{display:none}</style><iframe src='//e.org'></iframe>"}),
    output(**{"application/javascript": "alert(1)", "text/plain": "<Javascript object>"}),
    output(**{"image/svg+xml": "<svg onload='x()'><script>x()</script><a href='//e.org'>"
              "<text>1</text></a><foreignObject><p>no</p></foreignObject>"
              "<use href='//e.org/a#b'/><path style='fill:url(//e.org/c)' d='M0 0'/></svg>"}),
    output(**{"text/markdown": "[x](javascript:alert(1)) <b onmouseover='x()'>y</b>"
              "<script>z</script>"}),
    output(**{"image/png": "aGk=\" onerror=\"x()"}),
    new_output("stream", name="stdout", text="<script>x()</script>"),
]  # fmt: skip


@pytest.mark.parametrize("made", OUTPUTS, ids=lambda o: "/".join(o.get("data", {"stream": 1})))
def test_outputs_of_a_notebook_are_sanitised(made):
    html = shown(made, 1, "en")
    for word in ("<script", "onclick", "onload", "onmouseover", 'onerror="', "<iframe", "<style",
                 "//e.org", 'href="javascript', "<foreignObject", "<p>no"):  # fmt: skip
        assert word not in html


def test_tables_and_headings_stay():
    html = shown(OUTPUTS[0], 1, "en")
    assert "<h2>A</h2>" in html
    assert "<td>1</td>" in html
    assert "<text>1</text>" in shown(OUTPUTS[2], 1, "en")


def test_exports_hold_hostile_text_as_text(hostile):
    folder = hostile / "reports" / "duji" / "2019" / "en" / "data"
    book = openpyxl.load_workbook(folder / "duji-2019-en.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}  # no formula
    assert EVIL in [cell.value for cell in cells]
    text = (folder / "observations.csv").read_text("utf-8-sig")
    starts = [cell[:1] for row in csv.reader(text.splitlines()) for cell in row]
    assert not {"=", "@", "+"}.intersection(starts)
    assert "'=1+1" in text
