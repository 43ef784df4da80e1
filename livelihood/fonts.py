"""The typeface of charts and pages: Noto Sans CJK in its Simplified Chinese face.

It comes as a font collection (OFL) in a package of its own, so Chinese shows on a machine that
has no Chinese fonts. A page carries only the glyphs that it uses; a chart that is on no page, as
in JupyterLab, carries its letters as shapes.
"""

from __future__ import annotations

import os
from base64 import b64encode
from functools import cache
from io import BytesIO

from noto_cjk_sans_otc import FONT_PATH

FAMILY = "Noto Sans CJK SC"
ON_PAGE = "LIVELIHOOD_ON_PAGE"  # set in the kernels of a run: what they draw goes on a page


def on_page() -> bool:
    """Whether charts go on a page, which brings the typeface itself."""
    return bool(os.environ.get(ON_PAGE))


@cache
def use_in_charts() -> None:
    """Make the family known to matplotlib in this process."""
    from matplotlib.font_manager import fontManager

    if not any(entry.name == FAMILY for entry in fontManager.ttflist):
        fontManager.addfont(FONT_PATH)


@cache
def _face_number() -> int:
    from fontTools.ttLib import TTCollection

    faces = TTCollection(FONT_PATH, lazy=True).fonts
    return next(i for i, face in enumerate(faces) if face["name"].getDebugName(4) == FAMILY)


def subset(text: str) -> str:
    """The face cut down to the characters of `text`, as a WOFF2 data URI.

    >>> subset("民生工程").startswith("data:font/woff2;base64,")
    True
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, desubroutinize=True, name_IDs=[], layout_features=["kern"])
    font = TTFont(FONT_PATH, fontNumber=_face_number(), lazy=True, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    font.flavor = "woff2"
    file = BytesIO()
    font.save(file)
    return "data:font/woff2;base64," + b64encode(file.getvalue()).decode("ascii")
