"""Publication: all or nothing, also when it is cut off; in part only when that is asked for."""

import errno
import json
import os
import shutil
import signal
import sys
import threading
from getpass import getuser
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest
from conftest import DEFINED

from livelihood.batch import swap
from livelihood.batch.plan import plan
from livelihood.batch.publish import published as found_in
from livelihood.batch.publish import put_frames
from livelihood.project.paths import Edition

CULTURE = Path("reports/duji/2019/en/culture.html")


def write(folder: Path, text: str) -> None:
    """Two files that belong together."""
    folder.mkdir(exist_ok=True)
    for name in ("a", "b"):
        swap.rewrite(folder / name, text)


def read(folder: Path) -> str:
    """What the two files say, which must be the same; both read in the folder opened once."""
    number = os.open(folder, os.O_RDONLY)
    try:
        files = [os.open(name, os.O_RDONLY, dir_fd=number) for name in ("a", "b")]
    finally:
        os.close(number)
    first, second = (os.fdopen(file).read() for file in files)
    assert first == second and first.endswith("end")
    return first


def test_a_reader_never_sees_a_mixture(tmp_path):
    folder, seen, over = tmp_path / "reports", [], threading.Event()
    write(folder, "0 end")

    def look() -> None:
        while not over.is_set():
            try:
                seen.append(read(folder))
            except FileNotFoundError:  # cleared away between opening the folder and its files
                continue
            except AssertionError as error:
                seen.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(1, 100):
        with swap.replacing(folder) as new:
            write(new, f"{turn} " + "x" * 5000 + "end")
    over.set()
    reader.join()
    assert not [each for each in seen if isinstance(each, AssertionError)]
    assert len(set(seen)) > 3 and read(folder).startswith("99")


@pytest.mark.parametrize("at_once", [True, False])
def test_killed_at_any_step_a_replacement_leaves_the_old_or_the_new(tmp_path, monkeypatch, at_once):
    if not at_once:  # as where the system has no such step
        monkeypatch.setattr(swap, "_exchange_at_once", lambda *_: False)
    folder, kills = tmp_path / "reports", 0
    write(folder, "old end")
    for step in range(1, 200):
        child = os.fork()
        if not child:
            _replace_until(folder, step)
        _, status = os.waitpid(child, 0)
        if status == 0:
            break
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        kills += 1
        swap.recover(folder)
        assert read(folder) in ("old end", "new end")
        shutil.rmtree(folder)
        write(folder, "old end")
    assert kills > 8 and read(folder) == "new end"
    assert list(swap.beside(folder).iterdir()) == []


def _replace_until(folder: Path, step: int) -> None:
    """In a fork: replace the folder, and be killed at the n-th change of a file."""
    changes = {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir"}
    left = [step]

    def count(event: str, args: tuple) -> None:
        if event in changes and str(folder.parent) in str(args[0]):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    try:
        with swap.replacing(folder) as new:
            write(new, "new end")
    finally:
        os._exit(0)


def test_what_fails_before_the_swap_leaves_the_old(tmp_path):
    folder = tmp_path / "reports"
    write(folder, "old end")
    with pytest.raises(OSError), swap.replacing(folder) as new:
        write(new, "new end")
        raise OSError
    assert read(folder) == "old end" and list(swap.beside(folder).iterdir()) == []


def break_culture(project: Path) -> bytes:
    """Have the notebook fail; returns how it was."""
    path = project / "notebooks/culture.ipynb"
    good = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[6].source = "raise RuntimeError('/home/somebody/secret')"
    nbformat.write(notebook, path)
    return good


def record(project: Path) -> dict:
    """The record of the edition."""
    return json.loads((project / CULTURE.with_name("run.json")).read_text("utf-8"))


RUN = ["run", "--region", "duji", "--language", "en"]
ARGUMENTS = [*RUN, "--sector", "culture", "--sector", "housing"]


def test_in_part_an_older_page_says_from_when_it_is(project, livelihood, published):
    shutil.copytree(published, project / "reports")
    good, before = break_culture(project), (project / CULTURE).read_text("utf-8")
    for _ in range(2):  # it may fail twice
        result = livelihood(*ARGUMENTS, "--force", "--allow-partial")
        assert result.exit_code == 1 and "the rest is published" in result.output
        page = (project / CULTURE).read_text("utf-8")
        since = record(project)["failed"]["culture"]["page_from"]
        assert page.count('class="notice"') == page.count("This page was made on") == 1
        assert f"This page was made on {since[:10]}" in page and "(RuntimeError)" in page
    assert "/home/somebody" not in page + json.dumps(record(project))
    assert record(project)["outcome"] == "partial"
    assert livelihood(*RUN, "--sector", "housing", "--force").exit_code == 0
    assert (project / CULTURE).read_text("utf-8") == page  # nobody tried it again
    (project / "notebooks/culture.ipynb").write_bytes(good)
    assert livelihood(*ARGUMENTS).exit_code == 0
    assert (project / CULTURE).read_text("utf-8") == before
    assert record(project)["outcome"] == "complete"


def test_in_part_a_page_that_never_was_says_what_failed(project, livelihood):
    break_culture(project)
    result = livelihood(*ARGUMENTS, "--allow-partial")
    assert result.exit_code == 1
    assert "This page could not be made: cell 7" in (project / CULTURE).read_text("utf-8")
    health = (project / CULTURE).with_name("health.html").read_text("utf-8")
    assert "livelihood run --sector health" in health
    assert (project / CULTURE).with_name("housing.ipynb").exists()


def test_a_damaged_page_that_is_carried_over_stays_known_as_damaged(project, livelihood, published):
    shutil.copytree(published, project / "reports")
    (project / CULTURE).with_name("health.html").write_text("cut off")
    (project / CULTURE.parent / ".bodies/safety_net.json").write_text("{}")
    assert livelihood(*ARGUMENTS, "--force").exit_code == 0
    todo = plan(project, project / "reports", [Edition("duji", 2019, "en")], DEFINED.pages)
    assert [stale.job.sector for stale in todo.stale] == ["health", "safety_net"]


@pytest.fixture
def put_together(project, published):
    """Frames put anew around the pages of duji/2019 where these should differ: which did."""
    reports = shutil.copytree(published, project / "reports")
    folder = reports / "duji/2019/zh"

    def put() -> set[str]:
        before = {path: path.read_bytes() for path in folder.glob("*.html")}
        for path in before:  # as in a publication: never in place
            path.unlink()
            path.write_bytes(before[path])
        put_frames(Edition("duji", 2019, "zh"), reports, found_in(reports), DEFINED)
        return {p.stem for p, was in before.items() if p.read_bytes() != was}

    return folder, put


def test_another_year_brings_new_frames_around_the_same_bodies(put_together):
    folder, put = put_together
    pages = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert put() == set()
    shutil.move(folder.parents[1] / "2015", folder.parents[2] / "2015")
    assert put() == {"index", *DEFINED.pages}
    for path in folder.glob("*.html"):
        before = pages[path.name].decode()
        link = f'<li><a href="../../2015/zh/{path.name}">2015</a></li>'
        assert link in before and path.read_text("utf-8") == before.replace(link, "")
    shutil.move(folder.parents[2] / "2015", folder.parents[1] / "2015")
    assert put() == {"index", *DEFINED.pages}
    assert pages == {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_nothing_is_put_around_a_body_that_is_not_what_was_published(put_together):
    folder, put = put_together
    (folder / ".bodies/health.json").write_text('{"title": "another"}')
    shutil.rmtree(folder.parents[1] / "2015")
    assert put() == {"index", *DEFINED.pages} - {"health"}
    reports = folder.parents[2]
    todo = plan(reports.parent, reports, [Edition("duji", 2019, "zh")], DEFINED.pages)
    assert [stale.job.sector for stale in todo.stale] == ["health"]


@pytest.mark.parametrize("kind", ["a file", "a link to nothing", "a mount", "a mount untold"])
def test_a_place_that_no_folder_can_take_is_refused_in_words(
    project, livelihood, monkeypatch, kind
):
    reports = project / "reports"
    if kind == "a file":
        reports.write_text("mine")
    elif kind == "a link to nothing":
        reports.symlink_to(project / "nowhere")
    else:
        reports.mkdir()
        monkeypatch.setattr(os.path, "ismount", lambda path: kind == "a mount" and path == reports)
    if kind == "a mount untold":
        busy = OSError(errno.EBUSY, "Device or resource busy")
        monkeypatch.setattr(swap, "_exchange_at_once", Mock(side_effect=busy))
    for words in (["export", "--year", "2010"], ["run", "--sector", "culture"]):
        result = livelihood(*words)
        assert result.exit_code == 2 and str(reports) in result.output
        assert "Errno" not in result.output and "Traceback" not in result.output
        assert ("this is a mount" if "mount" in kind else "it is a file") in result.output
        if kind == "a mount untold":
            break
    assert kind != "a file" or reports.read_text() == "mine"


def test_a_run_may_publish_elsewhere_than_in_its_project(project, livelihood, tmp_path):
    place = tmp_path / "shared" / "pages"
    place.parent.mkdir()
    words = ["run", "--year", "2010", "--sector", "culture", "--output", str(place)]
    before = sorted(project.rglob("*"))
    result = livelihood(*words)
    assert result.exit_code == 0 and f"ready: {place}/index.html" in result.output
    assert (place / "duji/2010/zh/culture.html").exists()
    assert sorted(project.rglob("*")) == before
    (place / ".nojekyll").touch()
    result = livelihood(*words)
    assert result.exit_code == 0 and "2 pages are up to date" in result.output
    (place / "thesis.docx").write_text("mine")
    result = livelihood(*words)
    assert result.exit_code == 2 and "other things (thesis.docx)" in result.output
    assert livelihood("run", "--output", str(project)).exit_code == 2


def test_the_front_has_the_cards_of_the_page_it_leads_to(published):
    front = (published / "index.html").read_text("utf-8")
    own = (published / "duji/2019/zh/index.html").read_text("utf-8")
    cards = own.partition('<ul class="cards">')[2].partition("</ul>")[0]
    assert cards.count("<h3>") == 8
    assert cards.replace('href="', 'href="duji/2019/zh/') in front


def test_the_record_has_what_a_publication_was_made_from_and_nobody_s_name(published):
    text = (published / "duji/2019/en/run.json").read_text("utf-8")
    found = json.loads(text)
    assert found["outcome"] == "complete" and found["failed"] == {}
    assert found["project"] == published.parent.name
    assert {"livelihood", "python", "pandas", "nbconvert"} <= found["versions"].keys()
    for page in found["pages"].values():
        assert page["seconds"] > 0 and page["made"].endswith("+00:00")
        assert "data/duji/2019/figures.csv" in page["inputs"]
    assert f"/{getuser()}" not in text and str(published.parent) not in text
