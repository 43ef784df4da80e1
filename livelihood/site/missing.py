"""Pages that stand for one that is not there: not made yet, or failed; so that no link dangles."""

from __future__ import annotations

import re

from markupsafe import Markup

from livelihood.analysis.release import Release
from livelihood.display.messages import say
from livelihood.site.page import Page, place_name, provenance, release_links, render, sector_name

_NOTICE = Markup('<p class="notice" role="note">{}</p>')
_MAIN = '<main id="main">'


def missing_page(sector: str, release: Release, **failure: object) -> str:
    """A page that says how to have the sector's, or which cell of its notebook failed how."""
    language = release.language
    why = say("page_failed", language, **failure) if failure else say(
        "page_missing", language, sector=sector)  # fmt: skip
    page = Page(
        f"{sector_name(sector, release.definitions, language)} · {place_name(release)}",
        place_name(release), language,
        release_links(release, f"{sector}.html"), "../../../index.html", provenance(release),
    )  # fmt: skip
    return render("missing.html.j2", page, notice=_NOTICE.format(why))


def with_notice(html: str, language: str, **words: object) -> str:
    """A page of before that says from when it is, and which cell failed how when made again."""
    plain = re.sub(r'<p class="notice".*?</p>', "", html)  # it may have failed twice
    notice = _NOTICE.format(say("page_old", language, **words))
    return plain.replace(_MAIN, f"{_MAIN}\n{notice}", 1)
