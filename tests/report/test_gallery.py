"""The drawings in docs/ are those that the package draws today."""

import pytest
from conftest import ROOT
from gallery import gallery

from livelihood.report.charts.drawing import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_gallery_shows_every_kind_as_it_is_drawn(kind):
    assert (ROOT / "docs" / "charts" / f"{kind}.svg").read_text("utf-8") == gallery()[kind].svg()
    page = (ROOT / "docs" / "charts.md").read_text("utf-8")
    assert f"## {kind}" in page
    assert f"](charts/{kind}.svg)" in page
