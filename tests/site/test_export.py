"""What a release becomes beside its pages: CSV, a data package, a workbook."""

import json

import frictionless
import openpyxl
import pandas as pd
import pytest
from conftest import RELEASES

from livelihood import load
from livelihood.site.export import export, fields

EDITIONS = [(*release, language) for release in RELEASES for language in ("zh", "en")]


@pytest.fixture(scope="module", params=EDITIONS, ids=lambda e: "-".join(map(str, e)))
def exported(request, tmp_path_factory):
    """A release in a language, and the folder it was exported to."""
    release = load(*request.param)
    folder = tmp_path_factory.mktemp("export")
    for name, content in export(release).items():
        (folder / name).write_bytes(content)
    return release, folder


def test_csv_opens_in_excel_and_holds_the_tidy_rows(exported):
    release, folder = exported
    for name in ("observations", "indicators"):
        path = folder / f"{name}.csv"
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        read = pd.read_csv(path, encoding="utf-8-sig", dtype={"period": str, "note": str})
        whole = getattr(release, name)
        assert len(read) == len(whole)
        assert set(whole.columns) == set(read.columns)
        for column in ("value", "low", "high"):
            assert read[column].isna().tolist() == whole[column].isna().tolist()
            pd.testing.assert_series_equal(read[column], whole[column], check_dtype=False)


def test_package_is_valid(exported):
    _, folder = exported
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["licenses"] and package["sources"]
    for resource in package["resources"]:
        described = [field["name"] for field in resource["schema"]["fields"]]
        header = (folder / resource["path"]).read_text("utf-8-sig").splitlines()[0]
        assert described == header.split(",")
        assert all(
            field["title"] and field["description"] for field in resource["schema"]["fields"]
        )


def test_workbook_is_one_plain_table_a_sheet(exported):
    release, folder = exported
    book = openpyxl.load_workbook(next(folder.glob("*.xlsx")))
    assert len(book.sheetnames) == 5
    for sheet in book:
        assert not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        assert table.ref.startswith("A1:")
        assert all(isinstance(cell.value, str) and cell.value for cell in sheet[1])
        assert sheet.freeze_panes == "A2"
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    observations = book.worksheets[1]
    assert observations.max_row == len(release.figures) + 1 or not release.figures
    labels = [fields()[c]["label"][release.language] for c in ("region", "release", "sector")]
    assert [cell.value for cell in observations[1]][:3] == labels


def test_same_release_same_bytes(exported):
    release, folder = exported
    again = export(load(release.region.id, release.year, release.language))
    assert again == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_command_writes_without_running_a_notebook(livelihood, project):
    result = livelihood("export", "--year", "2019", "--language", "both")
    assert result.exit_code == 0, result.output
    written = sorted(p.name for p in (project / "reports").rglob("*") if p.is_file())
    assert len(written) == 8
    assert "duji-2019-zh.xlsx" in written
    assert not list((project / "reports").rglob("*.html"))
