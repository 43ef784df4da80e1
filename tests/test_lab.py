"""An analyst's JupyterLab, for real: in one language, changed, run, looked at, saved whole."""

import os
import re
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import suppress
from socket import socket
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import ProxyHandler, build_opener

import nbformat
import pytest
from conftest import whole
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import TimeoutError as NotSeen

from livelihood.lab import in_both, in_language

TOKEN = "a-token-of-the-test"


def free_port() -> int:
    with socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture
def lab(project, tmp_path, request):
    """The address of a JupyterLab started by `livelihood lab`, with settings of its own."""
    language = getattr(request, "param", "zh")
    address = f"http://127.0.0.1:{free_port()}"
    own = {f"JUPYTER_{n}_DIR": str(tmp_path / n) for n in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{n}_DIR": str(tmp_path / n) for n in ("SETTINGS", "WORKSPACES")}
    environment = {k: v for k, v in os.environ.items() if k != "LIVELIHOOD_LANGUAGE"} | own
    words = f"lab --language {language} --no-browser --allow-root --port={urlsplit(address).port}"
    own_token = f"--IdentityProvider.token={TOKEN}"
    command = [sys.executable, "-m", "livelihood", *words.split(), own_token]
    log = (tmp_path / "lab.log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"{address}/api?token={TOKEN}", process)
        yield address
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def wait_for(address: str, process: subprocess.Popen) -> None:
    direct = build_opener(ProxyHandler({}))
    for _ in range(40):
        assert process.poll() is None, "JupyterLab ended"
        try:
            direct.open(address, timeout=2).close()
            return
        except (URLError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError("JupyterLab does not answer")


def test_change_the_year_run_all_and_see_the_chart(lab, browser, project, tmp_path):
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    page, hosts, errors = context.new_page(), set(), []
    page.on("request", lambda r: hosts.add(urlsplit(r.url).hostname))
    page.on("websocket", lambda s: hosts.add(urlsplit(s.url).hostname))
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(f"{lab}/lab/tree/notebooks/education.ipynb?token={TOKEN}", timeout=60_000)
    before = nbformat.read(project / "notebooks/education.ipynb", as_version=4)

    line = page.locator(".cm-line", has_text="year: int = 0")
    line.click(timeout=60_000)
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.type("year: int = 2010")
    run_all(page)

    chart = page.locator('.jp-RenderedSVG img[src^="data:image/svg"]').first
    outputs = saved_outputs(project / "notebooks" / "education.ipynb", page)
    look_for(chart, page)
    bring_into_view(chart, page)
    page.screenshot(path=tmp_path / "lab.png")
    assert chart.evaluate("image => image.complete && image.naturalWidth > 300")
    assert "<text" not in svg_of(chart.get_attribute("src"))  # letters are shapes: no font needed

    after = nbformat.read(project / "notebooks/education.ipynb", as_version=4)
    changed = [
        b.source for b, a in zip(before.cells, after.cells, strict=True) if a.source != b.source
    ]
    assert len(changed) == 1 and "year: int = 0" in changed[0]  # both languages are still there
    assert [c.id for c in after.cells] == [c.id for c in before.cells]
    assert not [o for o in outputs if o.output_type in ("error", "stream")]
    assert any("2010" in o.get("data", {}).get("text/plain", "") for o in outputs)
    assert hosts == {"127.0.0.1"} | (hosts & {None})  # None: data: and blob: addresses
    assert errors == []
    context.close()


@pytest.mark.parametrize("lab", whole("en"), indirect=True)
def test_in_english_there_is_english_alone_and_the_file_keeps_both(lab, browser, project):
    path = project / "notebooks/health.ipynb"
    before = path.read_bytes()
    context = browser.new_context(viewport={"width": 1200, "height": 2000})
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/notebooks/health.ipynb?token={TOKEN}", timeout=60_000)
    line = page.locator(".cm-line", has_text='language: str = "en"')
    line.click(timeout=60_000)
    rendered = page.locator(".jp-MarkdownCell .jp-RenderedMarkdown")
    rendered.filter(has_text="Health").first.wait_for()  # text is rendered after code
    prose = rendered.all_inner_texts()
    assert "Health" in prose[0] and not [t for t in prose if re.search("[\u4e00-\u9fff]", t)]
    assert path.read_bytes() == before  # to look is not to write

    page.keyboard.press("End")
    page.keyboard.type("  # mine")
    page.keyboard.press("Control+s")
    for _ in range(60):
        page.wait_for_timeout(250)
        if b"# mine" in path.read_bytes():
            break
    was = nbformat.reads(before.decode(), as_version=4).cells
    cells = nbformat.read(path, as_version=4).cells
    assert [(c.id, c.metadata.get("tags")) for c in cells] == [
        (c.id, c.metadata.get("tags")) for c in was
    ]
    changed = [
        (b.source, a.source) for b, a in zip(was, cells, strict=True) if a.source != b.source
    ]
    assert changed == [(old, old.replace("# zh or en", "# zh or en  # mine")) for old, _ in changed]
    assert len(changed) == 1 and 'language: str = "zh"' in changed[0][1]
    wait_for_kernel(page)
    context.close()


def wait_for_kernel(page) -> None:
    """A server that is stopped while a kernel is being connected hangs: jupyter_server's own."""
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)


def run_all(page) -> None:
    """Until it is heard: JupyterLab shows a kernel as idle and still drops what it is asked."""
    wait_for_kernel(page)
    heard = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[[*0-9]+\]")).first
    for _ in range(6):
        page.locator(".lm-MenuBar-item", has_text="运行").click()
        page.locator('[data-command="runmenu:run-all"]').click()
        with suppress(NotSeen):
            heard.wait_for(timeout=10_000)
            return
    raise AssertionError("Run All is not heard")


def look_for(chart, page) -> None:
    """Scroll until the chart is there: what is far from the screen is not drawn."""
    page.mouse.move(700, 500)
    for way in (400, -400):
        for _ in range(30):
            if chart.count():
                return
            page.mouse.wheel(0, way)
            page.wait_for_timeout(250)
    raise AssertionError("there is no chart")


def bring_into_view(chart, page) -> None:
    """Scroll until the whole chart stands still on the screen; JupyterLab draws cells late."""
    place = None
    for _ in range(80):
        chart.scroll_into_view_if_needed()
        page.wait_for_timeout(250)
        box = chart.bounding_box()
        if box and box == place and box["y"] > 0 and box["y"] + box["height"] < 1000:
            return
        place = box
    raise AssertionError(f"the chart is at {place}")


def svg_of(source: str) -> str:
    kind, _, data = source.partition(",")
    return b64decode(data).decode() if kind.endswith("base64") else unquote(data)


def saved_outputs(path, page) -> list:
    """The outputs in the file, once every code cell has been run and saved."""
    for _ in range(40):
        page.keyboard.press("Control+s")
        cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        if all(cell.execution_count for cell in cells):
            return [output for cell in cells for output in cell.outputs]
        page.wait_for_timeout(2000)
    raise AssertionError("not every cell was run and saved")


def test_a_home_in_which_nobody_may_write_is_named(livelihood, monkeypatch):
    """Not even the superuser may make a folder in ``/proc/1``."""
    monkeypatch.setenv("HOME", "/proc/1")
    done = livelihood("lab", "--no-browser")
    assert done.exit_code == 2
    assert done.output.startswith("livelihood lab: JupyterLab cannot write its own files")


CELLS = ["zh 1", "en 1", "zh 2", "en 2", "code", "zh 3", "en 3"]


def book(names, language: str = "zh"):
    """A notebook of cells named by their texts; the first has the parameters."""
    first = new_code_cell(f'language: str = "{language}"', id="first")
    first.metadata.tags = ["parameters"]
    prose = [new_markdown_cell(n, id=n.replace(" ", "-")) for n in names]
    for cell in prose:
        cell.metadata.tags = [cell.source[:2]] if cell.source[:2] in ("zh", "en") else []
    return new_notebook(cells=[first, *prose])


def told(notebook) -> list[str]:
    return [cell["source"] for cell in notebook["cells"]]


EDITS = {
    "nothing": (["en 1", "en 2", "code", "en 3"], CELLS),
    "a cell between two headings": (
        ["en 1", "new", "en 2", "code", "en 3"],
        ["zh 1", "en 1", "new", "zh 2", "en 2", "code", "zh 3", "en 3"],
    ),
    "a cell before prose": (
        ["en 1", "en 2", "code", "new", "en 3"],
        ["zh 1", "en 1", "zh 2", "en 2", "code", "new", "zh 3", "en 3"],
    ),
    "a heading is gone": (
        ["en 1", "code", "en 3"],
        ["zh 1", "en 1", "zh 2", "code", "zh 3", "en 3"],
    ),
    "moved": (
        ["en 3", "en 1", "en 2", "code"],
        ["zh 3", "en 3", "zh 1", "en 1", "zh 2", "en 2", "code"],
    ),
    "all is gone": ([], ["zh 1", "zh 2", "zh 3"]),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_not_shown_stays_beside_its_like(edit, language):
    left, whole = EDITS[edit]
    if language == "zh":  # the same the other way round
        swap = {"zh": "en", "en": "zh"}
        left = [swap.get(n[:2], n[:2]) + n[2:] for n in left]
        if edit == "a heading is gone":
            whole = ["zh 1", "en 1", "en 2", "code", "zh 3", "en 3"]
        elif edit == "all is gone":
            whole = ["en 1", "en 2", "en 3"]
    file = book(CELLS)
    shown = in_language(file, language)
    assert told(shown)[0] == f'language: str = "{language}"'
    assert [c["source"][:2] for c in shown["cells"][1:]].count(language) == 3 and len(
        shown["cells"]
    ) == 5
    saved = in_both(book(left, language), file, language)
    assert told(saved) == ['language: str = "zh"', *whole]


def test_a_language_of_one_s_own_choice_is_saved():
    file = book(CELLS)
    assert told(in_both(book(CELLS, "en"), file, "zh"))[0] == 'language: str = "en"'


def test_cells_without_ids_stay_as_they_are():
    file = book(CELLS)
    for cell in file.cells:
        del cell["id"]
    assert in_language(file, "en") == file and in_both(book(["en 1"]), file, "en") == book(["en 1"])
