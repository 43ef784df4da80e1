"""The documents as a reader uses them: every block of code in them is run."""

import re
import shlex
import tomllib
from pathlib import Path

import dictionary
import matplotlib
import matplotlib.pyplot
import pytest
import yaml
from click.testing import CliRunner
from conftest import DEFINED, ROOT, whole
from papermill.cli import papermill

import livelihood as lv
from livelihood.project.definitions import define_indicator

GUIDES = [ROOT / "docs" / "guide.md", ROOT / "docs" / "guide.zh.md"]
ANSWERS = [ROOT / "docs" / "how-do-i.md", ROOT / "docs" / "how-do-i.zh.md"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def blocks(path: Path, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(path.read_text("utf-8")) if kind == language]


IN_ENGLISH = [GUIDES[0], ANSWERS[0], ROOT / "README.md"]


@pytest.mark.parametrize(
    "path", [*IN_ENGLISH, *whole(GUIDES[1], ANSWERS[1])], ids=lambda path: path.name
)
def test_python_runs_from_top_to_bottom(path, project):
    matplotlib.use("agg")
    namespace: dict = {}
    found = blocks(path, "python")
    assert found
    with matplotlib.rc_context():  # which a style changes
        for text in found:
            exec(compile(text, path.name, "exec"), namespace)
    matplotlib.pyplot.close("all")


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.name)
def test_the_slider_shows_another_year(path, capsys):
    namespace: dict = {"lv": lv}
    exec(next(text for text in blocks(path, "python") if "Slider" in text), namespace)
    slider = namespace["beside"].widget.children[0]
    for year in slider.options:
        capsys.readouterr()
        slider.value = year
        said = capsys.readouterr().out
        assert year == slider.options[0] or (str(year) in said and "2019" in said)


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.name)
def test_toml_is_an_indicator(path):
    found = blocks(path, "toml")
    assert found
    for text in found:
        for id, table in tomllib.loads(text)["indicators"].items():
            made = define_indicator(DEFINED, id, {**table, "sector": "culture"})
            assert id in made.indicators


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.name)
def test_csv_is_a_release(path, project):
    folder = project / "data/duji/2020"
    folder.mkdir()
    sources = (project / "data/duji/2019/sources.toml").read_text("utf-8")
    (folder / "sources.toml").write_text(sources, "utf-8")
    (text,) = blocks(path, "csv")
    (folder / "figures.csv").write_text(text, "utf-8")
    release = lv.load("duji", 2020)
    assert len(release.observations) == 3
    assert "rural_pension_per_person" in release.results


def test_shell_commands_succeed(project, livelihood):
    commands = [blocks(path, "sh") for path in GUIDES]
    assert commands[0] == commands[1]
    for line in "".join(commands[0]).splitlines():
        name, *words = shlex.split(line)
        assert name == "livelihood"
        result = livelihood(*words)
        assert result.exit_code == 0, result.output


def test_seventeen_questions_have_answers_and_these_are_the_same_in_both_languages():
    pages = [path.read_text("utf-8") for path in ANSWERS]
    for page in pages:
        assert re.findall(r"^## (\d+)\. ", page, re.M) == [str(n) for n in range(1, 18)]
        assert all("```" in answer for answer in page.split("\n## ")[1:])
    said = [[text for _, text in FENCE.findall(page)] for page in pages]
    calls = [[re.sub(r'"[^"]*"|language \w+', "…", text) for text in texts] for texts in said]
    assert calls[0] == calls[1]


def test_commands_of_answers_succeed(project, livelihood):
    for line in "".join(blocks(ANSWERS[0], "sh")).splitlines():
        name, *words = shlex.split(line)
        run = {"livelihood": livelihood, "papermill": lambda *w: CliRunner().invoke(papermill, w)}
        assert run[name](*words).exit_code == 0, line


def test_guides_have_no_other_blocks_and_the_same_ones():
    kinds = [[kind for kind, _ in FENCE.findall(p.read_text("utf-8"))] for p in GUIDES]
    assert kinds[0] == kinds[1]
    assert set(kinds[0]) == {"python", "toml", "csv", "sh"}


def test_dictionary_is_what_the_definitions_say():
    assert (ROOT / "docs/dictionary.md").read_text("utf-8") == dictionary.markdown()


def test_every_column_is_described_in_both_languages():
    meanings = dictionary.meanings()
    assert {"low_origin", "verdict", "formula"} <= set(meanings)
    assert all(words["zh"] and words["en"] for words in meanings.values())


PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def test_hooks_are_local():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    assert all(hook["language"] == "system" for hook in hooks[0]["hooks"])


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        assert target.startswith("http") or (path.parent / target).exists(), target
