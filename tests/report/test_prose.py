"""Every sentence of every notebook, said of releases whose figures are of every kind."""

import ast
import csv
import re
from string import Formatter

import nbformat
import pytest
from conftest import NOTEBOOKS, RELEASES, ROOT

from livelihood import load, parse_quantity
from livelihood.report.report import Report

HEADER = ["measure", "printed", "period", "aggregation", "source", "locator"]
SOURCE = """[made-up]
title = "某区民生工程"
publisher = "某区人民政府"
date = "2022-01-05"
"""
# What is true of some figures only must come from the figure, not from the notebook.
OF_THE_FIGURE = re.compile("累计|年均|历年|区级|县级|市级|in all|a year on average|\bdistrict\b")
KINDS = {
    "total": ("2021", "total", ""),
    "running": ("../2021", "total", "累计|in all|up to|至|until|to 2021"),
    "average": ("2019/2021", "average_year", "年均|average"),
    "each": ("2019/2021", "each_year", ""),
    "stock": ("2021", "stock", ""),
}


def sentences(notebook):
    """The texts of a notebook's calls of report.say, by language."""
    cells = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4).cells
    code = "\n".join(c.source for c in cells if c.cell_type == "code")
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "say":
            yield {k.arg: ast.literal_eval(k.value) for k in call.keywords}


SENTENCES = [(notebook, text) for notebook in NOTEBOOKS for text in sentences(notebook)]


def ids(text):
    """The measures and indicators that a sentence is about."""
    names = {name.partition(".")[0] for _, name, *_ in Formatter().parse(text["zh"]) if name}
    return names - {"level"}


def printed():
    """The words of every measure that any release prints a result of."""
    found = {}
    for release in RELEASES:
        figures = load(*release).figures
        found |= {f.measure.id: f for f in figures if f.is_result and "_" in f.measure.id}
    return found


FIGURES = printed()


def made_up(project, period, aggregation, words=lambda f: f.printed, without=()):
    """A release in which every measure is printed, of one time and kind."""
    folder = project / "data/duji/2021"
    folder.mkdir(exist_ok=True)
    (folder / "sources.toml").write_text(SOURCE, "utf-8")
    with open(folder / "figures.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        rows.writerows(
            [id, words(f), period, aggregation, "made-up", "1"]
            for id, f in FIGURES.items()
            if id not in without
        )
    return {language: load("duji", 2021, language, project) for language in ("zh", "en")}


def said(releases):
    """Each sentence as each language says it of a release; empty where it does not."""
    for notebook, text in SENTENCES:
        for language, release in releases.items():
            shown = Report(notebook, release).say(**text)
            yield text, language, re.sub(r"\]\([^)]*\)", "]", shown.data) if shown else ""


def is_well_said(text):
    return not re.search(r"[{}]|None|\bnan\b|[（( ]-\d|\s[,.;]|，，|。。", text)


def test_what_is_true_of_some_figures_only_is_not_typed():
    assert len(SENTENCES) > 15
    for notebook, text in SENTENCES:
        for words in text.values():
            typed = re.sub(r"\{[^}]*\}", "", words)
            assert not OF_THE_FIGURE.search(typed), (notebook, typed)


@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_can_be_said_of_figures_of_every_kind(project, kind):
    period, aggregation, must = KINDS[kind]
    for text, language, words in said(made_up(project, period, aggregation)):
        assert words and is_well_said(words), (text, words)
        if kind in ("total", "stock", "each"):
            assert not re.search("累计|(?<!历)年均|in all|a year on average", words), words
        if must and ".said" in text[language]:
            assert re.search(must, words) or "%" in words, words


def over(figure):
    """The words of a figure of which one end is open, as far as they can be had."""
    words = f"超过{figure.printed.lstrip('近约超逾')}"
    try:
        return (
            words
            if parse_quantity(words, figure.measure.dimension).high is None
            else figure.printed
        )
    except ValueError:
        return figure.printed


def test_every_sentence_can_be_said_of_open_ends(project):
    for text, _, words in said(made_up(project, "2021", "total", over)):
        assert words and is_well_said(words), (text, words)


@pytest.mark.parametrize("part", range(3))
def test_a_sentence_is_said_only_with_all_its_numbers(project, part):
    gone = set(sorted(FIGURES)[part::3])
    for text, _, words in said(made_up(project, "2021", "total", without=gone)):
        assert is_well_said(words)
        if ids(text) & gone:
            assert words == "", (text, words)
