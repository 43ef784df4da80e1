"""The drawings in docs/ are those that the package draws today."""

import pytest
from conftest import ROOT
from gallery import gallery

from livelihood.report.report import CHART_KINDS


@pytest.fixture(scope="module")
def drawn():
    return gallery()


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_gallery_shows_every_kind_as_it_is_drawn(drawn, kind):
    assert (ROOT / "docs" / "charts" / f"{kind}.svg").read_text("utf-8") == drawn[kind]
    page = (ROOT / "docs" / "charts.md").read_text("utf-8")
    assert f"## {kind}" in page
    assert f"](charts/{kind}.svg)" in page
