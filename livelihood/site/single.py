"""One HTML file with every page of some editions: for a mail or a chat, where folders get lost."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

from livelihood.batch.swap import rewrite
from livelihood.display.messages import say
from livelihood.project.definitions import Definitions, read_definitions, read_pages
from livelihood.project.editions import SINGLE
from livelihood.project.paths import read_region
from livelihood.site.front import Edition, newest_first, published_editions
from livelihood.site.page import LANGUAGE_NAMES, LANGUAGE_TAGS, Link, Page, render, sector_name


def write_single(project: Path, reports: Path, asked: set[Edition]) -> Path:
    """Write all pages of the asked editions into one file under `reports`; returns its path."""
    found = sorted(asked.intersection(published_editions(reports)), key=newest_first)
    path = reports / SINGLE
    rewrite(path, single_file(project, reports, found))
    return path


def single_file(project: Path, reports: Path, editions: list[Edition]) -> str:
    """The published pages of the editions in one page; links between them stay inside it."""
    language = editions[0][2]
    parts = [_part(project, reports, edition) for edition in editions]
    page = Page(say("site", language), say("single_lead", language), language)
    return render("single.html.j2", page, parts=parts)


def _part(project: Path, reports: Path, edition: Edition) -> dict[str, object]:
    region, year, language = edition
    about, meaning = read_region(region, project), read_definitions(project, region)
    place = say("place", language, city=about.city[language], name=about.name[language])
    folder = reports.joinpath(*map(str, edition))
    names = [n for n in ("index", *read_pages(project)) if (folder / f"{n}.html").is_file()]
    return {
        "lang": LANGUAGE_TAGS[language],
        "title": f"{place} · {year} · {LANGUAGE_NAMES[language]}",
        "links": [Link(f"#{_name(edition, n)}", _title(n, meaning, language)) for n in names],
        "pages": [(_name(edition, n), _inside(folder, n, edition)) for n in names],
    }


def _title(name: str, meaning: Definitions, language: str) -> str:
    return say("front", language) if name == "index" else sector_name(name, meaning, language)


def _name(edition: Edition, page: str) -> str:
    return "-".join(map(str, (*edition, page)))


def _inside(folder: Path, page: str, edition: Edition) -> Markup:
    """The main part of a published page, its ids and links made those of the one file."""
    text = (folder / f"{page}.html").read_text("utf-8")
    body = text.partition('<main id="main">')[2].partition("</main>")[0]
    own = _name(edition, page)
    body = re.sub(r'(<[^<>]*?) id="([^"]+)"', rf'\1 id="{own}-\2"', body)
    body = re.sub(r'(href="|url\()#', rf"\1#{own}-", body)
    body = re.sub(
        r'href="(\w+)\.html(?:#([^"]*))?"',
        lambda m: f'href="#{_name(edition, m[1])}{"-" + m[2] if m[2] else ""}"', body,
    )  # fmt: skip
    body = re.sub(r'<a href="(?!#|https?:)[^"]*"[^>]*>(.*?)</a>', r"\1", body)
    return Markup(body)
