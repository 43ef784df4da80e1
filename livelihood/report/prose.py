"""Sentences of a report, in both languages: their numbers are computed and linked, not typed."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from livelihood.display.messages import say
from livelihood.display.table import original
from livelihood.report import trace

if TYPE_CHECKING:
    from livelihood.report.report import Report


def sentence(text: str, report: Report) -> str:
    """A sentence with its numbers filled in, as Markdown.

    `{id}` is a number in words, `{id.printed}` the source's own words; each is a link to the row
    that says where it is from. Where the release lacks a number, the sentence says so instead.
    ``DataError`` for a name that is no measure or indicator.
    """
    parts = [(before, name) for before, name, _, _ in Formatter().parse(text)]
    ids = sorted({name.partition(".")[0] for _, name in parts if name})
    lacking = [id for id in ids if id not in report.release.known]
    if not lacking:
        return "".join(before + (_word(name, report) if name else "") for before, name in parts)
    meaning, language = report.release.definitions, report.language
    for id in lacking:
        if id not in meaning.measures and id not in meaning.indicators:
            report.number(id)  # raises: not a missing number but a misspelt name
    names = say("between", language).join(meaning.label(id, language) for id in lacking)
    return say("sentence_lacks", language, year=report.release.year, names=plain(names))


def _word(name: str, report: Report) -> str:
    id, _, which = name.partition(".")
    if which == "printed":
        figure = report.release.figure(id)
        words = str(original(figure.printed if figure else "", report.language))
    else:
        words = plain(report.number(id))
    href = trace.place(id, report)
    return f"[{words}]({href})" if href else words


def plain(text: str) -> str:
    """Text that Markdown and HTML take as nothing but text.

    >>> plain("a*b <c>")
    'a&#42;b &#60;c&#62;'
    """
    return re.sub(r"([\\`*_{}\[\]<>()#!|&~$])", lambda c: f"&#{ord(c[0])};", text)
