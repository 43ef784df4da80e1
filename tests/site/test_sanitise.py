"""Text from data is text: a release whose every field is markup, and a notebook that is one."""

import ast
import csv
import json
import shutil
import tomllib
from pathlib import Path

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import copy_project, one_tab, visit, whole
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_output
from papermill.translators import PythonTranslator

from livelihood import open_report
from livelihood.batch.kernels import launch
from livelihood.batch.make import Made
from livelihood.batch.plan import Job
from livelihood.batch.run import line
from livelihood.cli import main
from livelihood.project.paths import Edition
from livelihood.site.sanitise import drawing, shown

EVIL = (
    '=1+1 <script>document.title="owned"</script><img src=x onerror=alert(1)>'
    "\"'[a](javascript:1) **b**"
)
PAYLOADS = tomllib.loads(Path(__file__).with_name("payloads.toml").read_text("utf-8"))["payloads"]
CORRECTION = """[school_safety_area]
source = "duji-2019"
locator = {locator}
was = {was}
becomes = "11万多平方米"
why = {{ zh = {evil}, en = {evil} }}
by = {evil}
"""


@pytest.fixture(scope="module")
def hostile(made_once, shared_zygote) -> Path:
    """A project in which every field of free text is markup and a formula; run for real."""

    def make(project: Path) -> None:
        copy_project(project)
        spoil_figures(project / "data/duji/2019")
        spoil_sources(project / "data/duji/2019/sources.toml")
        spoil_names(project / "data/duji/region.toml")
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(project)
            patch.setattr(launch, "start_zygote", shared_zygote)
            words = ["run", "--region", "duji", "--language", "both"]
            words += ["--sector", "education", "--sector", "overview"]
            result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output

    return made_once("hostile", make)


def spoil_figures(release: Path) -> None:
    with open(release / "figures.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        payload = PAYLOADS[number % len(PAYLOADS)]
        row.update(locator=EVIL + payload + row["locator"], note=payload + EVIL, note_en=EVIL)
    wrong = next(row for row in rows if row["measure"] == "school_safety_area")
    words = {"locator": wrong["locator"], "was": wrong["printed"], "evil": EVIL + PAYLOADS[0]}
    quoted = {key: json.dumps(word, ensure_ascii=False) for key, word in words.items()}
    (release / "corrections.toml").write_text(CORRECTION.format(**quoted), "utf-8")
    part = next(row for row in rows if row["measure"] == "student_aid_funds")
    rows += [{**part, "breakdown": payload} for payload in PAYLOADS]
    with open(release / "figures.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "breakdown"], restval="")
        writer.writeheader()
        writer.writerows(rows)


def spoil_sources(path: Path) -> None:
    source = {"title": EVIL, "publisher": EVIL, "date": "2020-04-06", "url": "javascript:alert(1)"}
    documents = {"duji-2019": source}
    for number, payload in enumerate(PAYLOADS):
        documents[f"p{number}"] = {**source, "title": payload, "publisher": payload, "url": payload}
    lines = [
        line
        for id, document in documents.items()
        for line in (f"[{id}]", *(f"{k} = {json.dumps(v)}" for k, v in document.items()))
    ]
    path.write_text("\n".join(lines), "utf-8")


def spoil_names(path: Path) -> None:
    text = path.read_text("utf-8")
    for name in tomllib.loads(text)["name"].values():
        text = text.replace(json.dumps(name, ensure_ascii=False), json.dumps(EVIL))
    path.write_text(text, "utf-8")


PAGES = [
    f"duji/2019/{language}/{name}.html"
    for language in ("zh", "en")
    for name in ("index", "education", "overview")
] + ["index.html"]


@pytest.fixture(scope="module", params=[False, *whole(True)], ids=["no policy", "policy"])
def reader(browser, request):
    """A tab that obeys the Content-Security-Policy, or not: escaping holds by itself, and the
    policy is there for what nobody thought of."""
    with one_tab(browser, bypass_csp=not request.param) as tab:
        tab[0].context.add_init_script("window.owned = () => console.log('owned')")
        yield tab


@pytest.mark.parametrize("name", PAGES)
def test_markup_in_the_data_is_shown_as_text_and_no_payload_runs(reader, hostile, name):
    page, noise = visit(reader, hostile / "reports" / name)
    own = page.url
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.mouse.move(300, 300)
    assert page.url == own == (hostile / "reports" / name).as_uri()
    assert EVIL in page.locator("body").text_content()
    assert page.title() != "owned"
    assert page.locator(FORBIDDEN).count() == 0
    handlers = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
    assert page.evaluate(f"{handlers}.filter(a => a.name.startsWith('on')).length") == 0
    assert noise == []


FORBIDDEN = (
    "script, img, iframe, object, embed, form, a[href^='javascript' i], "
    "meta[http-equiv=refresh], base, [srcdoc], link:not([href^='data:'])"
)


def test_every_payload_is_shown_as_it_stands(hostile):
    shown = (hostile / "reports/duji/2019/en/index.html").read_text("utf-8")
    texts = " ".join(BeautifulSoup(shown, "html.parser").get_text().split())
    assert len(PAYLOADS) >= 30
    for payload in PAYLOADS:
        assert " ".join(payload.split()) in texts


@pytest.mark.parametrize("name", PAGES)
def test_pages_carry_the_strict_policy_first(hostile, name):
    html = (hostile / "reports" / name).read_text("utf-8")
    head, found, _ = html.partition('<meta http-equiv="Content-Security-Policy" content="')
    assert found and "<style" not in head and "<title" not in head
    assert "default-src 'none'" in html and "script-src" not in html


def test_nothing_in_the_data_was_run(hostile):
    assert not list(hostile.rglob("owned"))


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
    output(
        **{
            "text/html": "<h2>A</h2><table><tr><td onclick='x()'>1</td></tr></table>"
            "<script>x()</script><style>*{display:none}</style><iframe src='//e.org'></iframe>"
        }
    ),
    output(**{"application/javascript": "alert(1)", "text/plain": "<Javascript object>"}),
    output(
        **{
            "image/svg+xml": "<svg onload='x()'><script>x()</script><a href='//e.org'>"
            "<text>1</text></a><foreignObject><p>no</p></foreignObject>"
            "<use href='//e.org/a#b'/><path style='fill:url(//e.org/c)' d='M0 0'/></svg>"
        }
    ),
    output(
        **{"text/markdown": "[x](javascript:alert(1)) <b onmouseover='x()'>y</b><script>z</script>"}
    ),
    output(**{"image/png": 'aGk=" onerror="x()'}),
    new_output("stream", name="stdout", text="<script>x()</script>"),
]


@pytest.mark.parametrize("made", OUTPUTS, ids=lambda o: "/".join(o.get("data", {"stream": 1})))
def test_outputs_of_a_notebook_are_sanitised(made):
    html = shown(made, 1, "en")
    for word in (
        "<script",
        "onclick",
        "onload",
        "onmouseover",
        'onerror="',
        "<iframe",
        "<style",
        "//e.org",
        'href="javascript',
        "<foreignObject",
        "<p>no",
    ):
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
    starts = [cell.lstrip()[:1] for row in csv.reader(text.splitlines()) for cell in row]
    assert not {"=", "@", "+", "-", "＝"}.intersection(starts)
    assert "'=1+1" in text


def test_json_holds_hostile_text_as_text(hostile):
    folder = hostile / "reports/duji/2019/en"
    package = json.loads((folder / "data/datapackage.json").read_text("utf-8"))
    assert set(PAYLOADS) < {source["title"] for source in package["sources"]}
    paths = [source.get("path", "https://") for source in package["sources"]]
    assert all(path.startswith(("http://", "https://")) for path in paths)
    for path in folder.glob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


def test_new_sheets_hold_hostile_text_as_text(hostile, tmp_path, monkeypatch, livelihood):
    project = shutil.copytree(hostile, tmp_path / "project")
    monkeypatch.chdir(project)
    assert livelihood("new", "2030", "--region", "duji", "--xlsx").exit_code == 0
    book = openpyxl.load_workbook(project / "data/duji/2030/figures.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    bulletin = project / "bulletin.txt"
    bulletin.write_text("\n".join(f"{payload} 建成卫生室30个。" for payload in PAYLOADS), "utf-8")
    assert livelihood("new", "2031", "--region", "duji", "--from", str(bulletin)).exit_code == 0
    for path in (project / "data/duji/2031").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not [c for row in csv.reader(file) for c in row if c[:1] in tuple("=+@-＝")]


def test_a_terminal_is_told_nothing_that_it_would_obey(hostile, monkeypatch, livelihood):
    made = Made(Job(Edition("duji", 2019, "en"), "health"), 1.0, 3, "Error: \x1b]0;owned\x07\x9b2J")
    assert "Error: <U+001B>]0;owned<U+0007><U+009B>2J" in line(made, "reports")
    monkeypatch.chdir(hostile)
    result = livelihood("check", "--year", "2019")
    assert result.exit_code == 0
    assert all(c.isprintable() or c in "\n\u3000" for c in result.output)


@given(st.text() | st.sampled_from(PAYLOADS), st.integers(), st.text(), st.booleans())
def test_parameters_arrive_as_the_values_that_they_are(region, year, language, strict):
    """What papermill writes into the notebook is literals, whatever the text says."""
    job = Job(Edition(region, year, language, strict), "health")
    lines = ast.parse(PythonTranslator.codify(job.parameters)).body
    assert all(isinstance(line, ast.Assign) for line in lines)
    found = {line.targets[0].id: ast.literal_eval(line.value) for line in lines}
    assert found == {"region": region, "year": year, "language": language, "strict": strict}
