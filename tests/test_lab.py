"""An analyst's JupyterLab, for real: in Chinese, changed, run, looked at, asking nobody outside."""

import os
import subprocess
import sys
import time
from base64 import b64decode
from socket import socket
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import ProxyHandler, build_opener

import nbformat
import pytest

TOKEN = "a-token-of-the-test"


def free_port() -> int:
    with socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture
def lab(project, tmp_path):
    """The address of a JupyterLab started by `livelihood lab`, with settings of its own."""
    address = f"http://127.0.0.1:{free_port()}"
    own = {f"JUPYTER_{n}_DIR": str(tmp_path / n) for n in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{n}_DIR": str(tmp_path / n) for n in ("SETTINGS", "WORKSPACES")}
    environment = {k: v for k, v in os.environ.items() if k != "LIVELIHOOD_LANGUAGE"} | own
    command = [sys.executable, "-m", "livelihood", "lab", "--no-browser", "--allow-root",
               f"--port={urlsplit(address).port}", f"--IdentityProvider.token={TOKEN}"]  # fmt: skip
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
    for _ in range(120):
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

    line = page.locator(".cm-line", has_text="year: int = 0")
    line.click(timeout=60_000)
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.type("year: int = 2010")
    page.locator(".lm-MenuBar-item", has_text="运行").click()
    page.locator('[data-command="runmenu:run-all"]').click()

    chart = page.locator('.jp-RenderedSVG img[src^="data:image/svg"]').first
    chart.wait_for(timeout=60_000)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
    bring_into_view(chart, page)
    page.screenshot(path=tmp_path / "lab.png")
    assert chart.evaluate("image => image.complete && image.naturalWidth > 300")
    assert "<text" not in svg_of(chart.get_attribute("src"))  # letters are shapes: no font needed

    page.keyboard.press("Control+s")
    outputs = saved_outputs(project / "notebooks" / "education.ipynb", page)
    assert not [o for o in outputs if o.output_type in ("error", "stream")]
    assert any("2010" in o.get("data", {}).get("text/plain", "") for o in outputs)
    assert hosts == {"127.0.0.1"} | (hosts & {None})  # None: data: and blob: addresses
    assert errors == []
    context.close()


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
    for _ in range(60):
        cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        if all(cell.execution_count for cell in cells):
            return [output for cell in cells for output in cell.outputs]
        page.wait_for_timeout(250)
    raise AssertionError("not every cell was run and saved")


def test_a_home_in_which_nobody_may_write_is_named(livelihood, monkeypatch):
    """Not even the superuser may make a folder in ``/proc/1``."""
    monkeypatch.setenv("HOME", "/proc/1")
    done = livelihood("lab", "--no-browser")
    assert done.exit_code == 2
    assert done.output.startswith("livelihood lab: JupyterLab cannot write its own files")
