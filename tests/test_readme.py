"""Add a year, a district, an indicator: the README's own commands and blocks, followed in order."""

import csv
import re

import pytest
from conftest import DEFINED, ROOT

from livelihood import load

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title):
    """The fenced blocks of a section in order: (kind, text)."""
    text = re.search(rf"^## {title}\n(.*?)(?=^## )", README, re.M | re.S)[1]
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)


def follow(title, project, command):
    """Do what a section says: save its bulletin, run its commands, mend the row that it shows."""
    folder = None
    for kind, block in section(title):
        if kind == "":
            for line in block.splitlines():
                words = line.split("#")[0].split()
                command(words[1:])
                if words[1:3] == ["new", "2020"]:
                    folder = project / "data" / words[words.index("--region") + 1] / "2020"
        elif kind == "text":
            (project / "bulletin.txt").write_text(block, encoding="utf-8")
        elif kind == "csv":
            put_row(folder / "figures.csv", block)


def put_row(path, row):
    label = row.split(",")[0]
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (place,) = [i for i, line in enumerate(lines) if line.startswith(f"{label},")]
    before, after = csv.reader([lines[place], row])
    changed = [n for n, cells in enumerate(zip(before, after, strict=True)) if len({*cells}) > 1]
    assert changed == [3, 12]  # the columns look and measure
    lines[place] = row
    path.write_text("".join(lines), encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("title", "region", "printed", "new"),
    [
        (
            "Add a year",
            "duji",
            ["9个", "112.5%", "21.6万元", "增长8.5%", "12间", "81个", "96场"],
            3,
        ),
        ("Add a district", "xiangshan", ["14处", "40个", "2300户", "近70万元"], 3),
    ],
)
def test_section_makes_pages(project, livelihood, title, region, printed, new):
    done, said = [], []

    def command(words):
        done.append(words[0])
        only = ["--sector", "culture"] if words[0] == "run" else []  # one page shows it works
        result = livelihood(*words, *only)
        assert result.exit_code == 0, result.output
        said.append(result.output)

    follow(title, project, command)
    assert done[-2:] == ["check", "run"] and "new" in done
    figures = load(region, 2020).figures
    assert [f.printed for f in figures] == printed
    assert len({f.measure.id for f in figures} - DEFINED.measures.keys()) == new
    assert ("village_shows" in said[1]) == (title == "Add a year")  # to look at, and then
    assert "village_shows" not in said[-2]  # looked at
    page = (project / f"reports/{region}/2020/zh/culture.html").read_text(encoding="utf-8")
    assert ("81个" if region == "duji" else "40个") in page


def test_add_an_indicator(project, livelihood):
    (_, block), (_, command) = section("Add an indicator")
    with (project / "data/definitions/culture.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + block)
    result = livelihood(*command.split()[1:])
    assert result.exit_code == 0, result.output
    page = (project / "reports/duji/2019/zh/culture.html").read_text(encoding="utf-8")
    assert "每万常住人口公共电子阅览室数" in page
    assert "每万常住人口公共电子阅览室数" not in README.partition("## Add an indicator")[0]
