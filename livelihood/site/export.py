"""Beyond pages: a release as CSV, as a Frictionless Data Package and as a workbook.

>>> sorted(frames(load("duji", 2019, "en")))
['indicators', 'observations']
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pandas as pd

from livelihood import __version__
from livelihood.analysis.release import Release, load
from livelihood.display.characters import inert
from livelihood.display.messages import say
from livelihood.project.files import read_toml
from livelihood.site.spreadsheet import write_workbook

FOLDER = "data"  # beside the pages of a release


@cache
def fields() -> dict[str, dict]:
    """The exported columns: type, label and meaning, as fields.toml has them."""
    return read_toml(path := Path(__file__).with_name("fields.toml"), path.parent)


def export(release: Release, folder: Path) -> list[Path]:
    """Write a release into `folder`; returns the files: two CSV, a package, a workbook.

    The CSV are UTF-8 with a byte-order mark, which spreadsheet programs need. Text that such a
    program would take for a formula has an apostrophe before it. The same release gives the same
    bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = frames(release)
    files = [folder / f"{name}.csv" for name in tables]
    for path, table in zip(files, tables.values(), strict=True):
        _harmless(table).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    package = folder / "datapackage.json"
    package.write_text(
        json.dumps(_package(release, tables), ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    book = folder / workbook_name(release)
    write_workbook(book, release, tables, fields())
    return [*files, package, book]


def workbook_name(release: Release) -> str:
    """The file name of a release's workbook."""
    return f"{release.region.id}-{release.year}-{release.language}.xlsx"


def frames(release: Release) -> dict[str, pd.DataFrame]:
    """The exported tables: tidy observations and indicators, each with a readable name."""
    named = {"observations": (release.observations, "measure"),
             "indicators": (release.indicators, "indicator")}  # fmt: skip
    found = {}
    for name, (table, key) in named.items():
        labels = [release.definitions.label(id, release.language) for id in table[key]]
        columns = [c for c, about in fields().items() if about.get("only", name) == name]
        found[name] = table.assign(name=labels)[columns]
    return found


def _harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Text cells that a spreadsheet would compute become text for it, too."""
    texts = [c for c in table if fields()[c]["type"] == "string"]
    return table.assign(
        **{c: [inert(t) if isinstance(t, str) else t for t in table[c]] for c in texts}
    )


def _package(release: Release, tables: dict[str, pd.DataFrame]) -> dict[str, object]:
    """The package's description: https://specs.frictionlessdata.io/data-package/"""
    language, region = release.language, release.region
    place = say("place", language, city=region.city[language], name=region.name[language])
    return {
        "profile": "tabular-data-package",
        "name": f"livelihood-{region.id}-{release.year}",
        "title": f"{say('site', language)} · {place} · {release.year}",
        "description": say("package", language, checksum=release.checksum),
        "version": __version__,
        "created": f"{release.date.isoformat()}T00:00:00Z",
        "licenses": [{"name": "MIT", "path": "https://opensource.org/license/mit"}],
        "sources": [
            {"title": s.title, **({"path": s.url} if s.url.startswith("http") else {})}
            for s in release.documents.values()
        ],
        "resources": [_resource(name, table, language) for name, table in tables.items()],
    }


def _resource(name: str, table: pd.DataFrame, language: str) -> dict[str, object]:
    key = ["measure", "role", "breakdown", "period", "source", "locator"]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "schema": {
            "fields": [_field(column, language) for column in table],
            "primaryKey": key if name == "observations" else ["indicator"],
            "missingValues": [""],
        },
    }


def _field(column: str, language: str) -> dict[str, str]:
    about = fields()[column]
    return {
        "name": column,
        "type": about["type"],
        "title": about["label"][language],
        "description": about["means"][language],
    }


def export_all(project: Path, editions: list, reports: Path) -> list[Path]:
    """Export editions beside their pages, without running a notebook; returns the files."""
    files = []
    for edition in editions:
        release = load(edition.region, edition.year, edition.language, project)
        folder = reports / edition.folder / FOLDER
        shutil.rmtree(folder, ignore_errors=True)  # not changed in place: files may have two names
        files += export(release, folder)
    return files
