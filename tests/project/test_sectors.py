"""A tenth sector: one command, rows in a sheet, and its page is there."""

import csv
import io

from conftest import ROOT

from livelihood.project.definitions import read_definitions

COMMAND = "new --sector sport --label 体育 --label-en Sport"  # as in README
NEW = COMMAND.split()
ROWS = [
    ("标准足球场", "体育", "12处", ""),
    ("标准足球场", "体育", "15处", "target"),
    ("健步道", "sport", "3.6公里", ""),
]


def add_rows(project) -> None:
    """Figures of the new sector, below those that Duji's sheet has."""
    path = project / "data/duji/2019/figures.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    for label, sector, printed, role in ROWS:
        rows.append(
            {
                "label": label,
                "sector": sector,
                "printed": printed,
                "role": role,
                "period": "2019",
                "aggregation": "total",
                "source": "duji-2019",
                "locator": "¶51",
            }
        )
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "label", "sector", "role"], restval="")
        writer.writeheader()
        writer.writerows(rows)


def test_a_new_sector_has_its_page(project, livelihood):
    assert f"livelihood {COMMAND}\n" in (ROOT / "README.md").read_text("utf-8")
    made = livelihood(*NEW)
    assert made.exit_code == 0, made.output
    assert "sport" in read_definitions(project).pages
    add_rows(project)
    words = ["--region", "duji", "--year", "2019", "--language", "both", "--sector", "sport"]
    run = livelihood("run", *words)
    assert run.exit_code == 0, run.output
    page = (project / "reports/duji/2019/zh/sport.html").read_text("utf-8")
    assert ">体育</h1>" in page and "健步道" in page and "<svg" in page
    assert ">Sport</h1>" in (project / "reports/duji/2019/en/sport.html").read_text("utf-8")


def test_what_is_there_is_not_overwritten(project, livelihood):
    (project / "notebooks/sport.ipynb").write_text("{}", "utf-8")
    for words, says in {
        tuple(NEW): "notebooks/sport.ipynb",
        ("new", "--sector", "health"): "health",
        ("new", "--sector", "Sport!"): "Sport! cannot be an id",
    }.items():
        made = livelihood(*words)
        assert made.exit_code == 2 and says in made.output
    assert not (project / "data/definitions/sport.toml").exists()
    assert "sport" not in read_definitions(project).sectors
