"""A chart as a figure: matplotlib's own, that also shows itself as a page wants it.

On a page the drawing is as wide as its column and its letters stay as they are: positions across
are parts of the width, sizes and heights are pixels, and the words above and below are HTML. In
JupyterLab, in a document or in a file of one's own it is matplotlib's drawing with the letters as
shapes, so that no font is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from html import escape
from io import StringIO
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.transforms import IdentityTransform, Transform

from livelihood.display import fonts
from livelihood.display.messages import message_language
from livelihood.report.charts.claims import alternative, told_by

DPI = 96  # so that a pixel of a page is a pixel of the figure
INK, MUTED, GRID = "#1f2328", "#57606a", "#d0d7de"
BLUE = "#0072b2"  # of a chart that belongs to no sector
TITLE, LABEL, SMALL = 17, 14, 12  # pixels of letters
AXIS = 24  # pixels of ticks under the marks, and of a label

_RC: Any = {
    "font.family": [fonts.FAMILY, "DejaVu Sans"],
    "font.size": LABEL * 72 / DPI,
    "axes.titlesize": TITLE * 72 / DPI,
    "axes.titlelocation": "left",
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.prop_cycle": cycler(color=[BLUE, "#d55e00", "#009e73", "#aa3377", "#a6611a"]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.limits": (-4, 12),  # no 1e7 under an axis of yuan
    "axes.unicode_minus": False,
    "grid.color": GRID,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "svg.hashsalt": "livelihood",
}


def prepare(language: str = "") -> None:
    """Have every figure drawn from now on show Chinese, and say what it shows in a language."""
    fonts.use_in_charts()
    known: Any = Figure
    known._repr_mimebundle_ = _said_beside  # which IPython asks for beside the picture
    if language:
        known.language = language


def _said_beside(figure: Figure, **_: object) -> tuple[dict[str, str], dict[str, dict]]:
    """A figure's text alternative where nbconvert and pages look for it."""
    text = describe(figure)
    return ({"text/plain": text}, {"image/png": {"alt": text}}) if text else ({}, {})


def style() -> None:
    """Give an analyst's own matplotlib and seaborn figures the look and the typeface of ours.

    Chinese is drawn from then on whatever theme is set after it, and without a font on the machine.

    >>> style()
    >>> mpl.rcParams["font.family"][0]
    'Noto Sans CJK SC'
    """
    prepare()
    mpl.rcParams.update(_RC)


@contextmanager
def look() -> Iterator[None]:
    """Our settings on matplotlib's own defaults: no matplotlibrc of a machine changes a chart."""
    prepare()
    parameters: Any = mpl.rcParams  # as a dict: they have been validated, and no warning is due
    before = {name: dict.__getitem__(parameters, name) for name in _settings()}
    dict.update(parameters, _settings())
    try:
        yield
    finally:
        dict.update(parameters, before)


@cache
def _settings() -> dict[str, object]:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        parameters: Any = mpl.rcParams
        return {name: parameters[name] for name in parameters if name != "backend"}


class Chart(Figure):
    """A figure that shows itself as SVG with `alt` text, and keeps the `data` that it draws.

    `ax` are its axes, an ordinary matplotlib object: `ax.set_title` replaces the title, and
    `alt = "..."` the text. A chart without axes had too little to draw; it shows its `alt`.
    """

    kind: str = ""
    told: str = ""  # its rows in words
    language: str = ""
    given: str = ""  # the alternative text, if it is not made of title and rows
    rows: Sequence[dict[str, Any]] = ()  # the data
    table: str = ""  # the data in readers' words, as HTML
    wrapped: Mapping[str, str] = MappingProxyType({})  # what stands in lines, in one piece
    words: Mapping[str, Text] = MappingProxyType({})  # above and below: subtitle, note, source

    @cached_property
    def data(self) -> pd.DataFrame:
        """The rows that it draws, to carry on from."""
        return pd.DataFrame(self.rows)

    @property
    def ax(self) -> Axes:
        """The axes that hold the marks."""
        return self.axes[0]

    @property
    def below_marks(self) -> int:
        """Pixels of ticks, and of a label, under the marks."""
        return AXIS * (bool(len(self.ax.get_xticks())) + bool(self.ax.get_xlabel()))

    @property
    def alt(self) -> str:
        """What it shows, in words: the title as it is now and the rows, or what was set here."""
        around = self.around if self.axes and not self.given else {}
        titles = (around.get("title", ""), around.get("subtitle", ""))
        return self.given or alternative(self.told, titles, self.language)

    @alt.setter
    def alt(self, text: str) -> None:
        self.given = text

    def suptitle(self, t: str, **how: Any) -> Any:
        """Replace the title: a chart has one."""
        return self.ax.set_title(t, **how)

    def svg(self, outlines: bool = True) -> str:
        """The drawing as SVG, the same bytes for the same figures.

        Its letters are shapes on white; without `outlines` it is the drawing of a page, which
        brings the typeface, the ground, and the words above and below (:attr:`around`).
        """
        with look():
            if not outlines:
                return self._page_svg()
            file, nothing = StringIO(), dict.fromkeys(("Date", "Creator", "Format", "Type"))
            self.savefig(file, format="svg", metadata=nothing)
            text = file.getvalue()
            return text[text.index("<svg") :]

    @property
    def around(self) -> dict[str, str]:
        """The words above and below the marks: title, subtitle, note, source; empty ones left out.

        What an analyst has set in their place since is what counts.
        """
        said = {"title": self.ax.get_title()}
        said |= {name: artist.get_text() for name, artist in self.words.items()}
        return {name: self.wrapped.get(text, text) for name, text in said.items() if text}

    def _page_svg(self) -> str:
        sides = (self.ax.xaxis, self.ax.yaxis)
        empty = [a for a in sides if not (len(a.get_ticklocs()) or a.get_label_text())]
        apart = (self.patch, self.ax.title, *self.words.values(), *empty)
        hidden = [artist for artist in apart if artist.get_visible()]
        for artist in hidden:
            artist.set_visible(False)
        try:
            renderer = PageRenderer(self)
            self.draw(renderer)
        finally:
            for artist in hidden:
                artist.set_visible(True)
        return renderer.svg()

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict]]:
        if not self.axes:
            return {"text/markdown": self.alt, "text/plain": self.alt}, {}
        page = fonts.on_page()
        data = {"image/svg+xml": self.svg(outlines=not page), "text/plain": self.alt}
        extra = {"kind": self.kind, "table": self.table} | (self.around if page else {})
        return data, {"image/svg+xml": {key: text for key, text in extra.items() if text}}


def describe(figure: Any, text: str = "") -> str:
    """The text alternative of a figure: `text` from now on, else its titles and its data in words.

    Of a matplotlib figure or axes, or of what seaborn gives; on a page and in an exported notebook
    it stands for the picture.

    >>> ax = Figure().subplots()
    >>> _ = ax.bar(["2014", "2019"], [348, 1000], label="dibao"), ax.set_title("Paid")
    >>> [word in describe(ax) for word in ("Paid", "dibao", "2014 348")]
    [True, True, True]
    >>> describe(ax, "Nearly three times as much.")
    'Nearly three times as much.'
    """
    whole = getattr(figure, "figure", figure)
    if text:
        whole.alt = text
    language = getattr(whole, "language", "") or message_language()
    return getattr(whole, "alt", "") or told_by(whole, language)


_Renderer: Any = RendererBase  # whose types leave out what a renderer calls


class PageRenderer(_Renderer):
    """Draws a chart's axes as SVG that is as wide as the column it stands in.

    Across, a position is a part of the width; down, and in every size, it is pixels. So a
    straight mark is stretched, while a letter, a dot and an arrow keep their shape.
    """

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        box = chart.ax.bbox  # at the dots per inch of a page
        self.left, self.top, self.across = box.x0, box.y1, box.width
        self.height = round(box.height + chart.below_marks)
        self.parts: list[str] = []
        self.markers: dict[str, str] = {}

    def svg(self) -> str:
        shapes = "".join(f'<path id="{id}" d="{d}"/>' for d, id in self.markers.items())
        defined = f"<defs>{shapes}</defs>" if shapes else ""
        body = "".join(self.parts)
        return f'<svg width="100%" height="{self.height}">{defined}{body}</svg>'

    def points_to_pixels(self, points: Any) -> Any:
        return points * DPI / 72

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        """By the page's typeface, each letter measured once; a line is as tall as that makes it."""
        return fonts.width(s) * self.points_to_pixels(prop.get_size_in_points()), 0, 0

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.across, self.height

    def flipy(self) -> bool:  # y is given as matplotlib's own, from the bottom of the figure
        return False

    def _x(self, x: float) -> str:
        return _short((x - self.left) / self.across * 100) + "%"

    def _y(self, y: float) -> str:
        return _short(self.top - y)

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        """A rectangle; any other path in a drawing of its own that is stretched with the column."""
        style, shape = self._style(gc, rgbFace), path.transformed(transform)
        corners = shape.vertices
        sides = np.abs(np.diff(corners[:4], axis=0)) < 1e-6
        if len(corners) == 5 and sides.any(axis=1).all():  # a rectangle
            (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
            wide = _short((x1 - x0) / self.across * 100) + "%"
            self.parts.append(
                f'<rect x="{self._x(x0)}" y="{self._y(y1)}" width="{wide}" '
                f'height="{_short(y1 - y0)}" style="{style}"/>'
            )
        elif len(corners):
            moved = Path((corners - (self.left, self.top)) * (1, -1), shape.codes)
            self.parts.append(
                f'<svg width="100%" height="{self.height}" preserveAspectRatio="none" '
                f'viewBox="0 0 {_short(self.across)} {self.height}">'
                f'<path d="{_outline(moved)}" vector-effect="non-scaling-stroke" style="{style}"/>'
                "</svg>"
            )

    def draw_markers(
        self, gc: Any, marker: Any, sized: Any, path: Any, placed: Any, rgbFace: Any = None
    ) -> None:
        """One shape, as it is, at every place of a path."""
        shape = marker.transformed(sized)
        outline = _outline(Path(shape.vertices * (1, -1), shape.codes))
        id = self.markers.setdefault(outline, f"m{len(self.markers)}")
        places = [
            f'<use href="#{id}" x="{self._x(x)}" y="{self._y(y)}"/>'
            for x, y in path.transformed(placed).vertices
            if np.isfinite(x + y)
        ]
        self.parts.append(f'<g style="{self._style(gc, rgbFace)}">{"".join(places)}</g>')

    def draw_path_collection(
        self, gc: Any, whole: Any, paths: Any, sized: Any, *others: Any, **how: Any
    ) -> None:
        """Dots of a scatter plot are shapes at places; lines are where they are."""
        shapes = list(self._iter_collection_raw_paths(whole, paths, sized))
        for x, y, (path, transform), drawn_gc, face in self._iter_collection(
            gc, shapes, *others, **how
        ):
            if x or y:
                spot = Path([(x, y)])
                self.draw_markers(drawn_gc, path, transform, spot, IdentityTransform(), face)
            else:
                self.draw_path(drawn_gc, path, transform, face)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any, mtext: Any
    ) -> None:
        """Letters: tied to a part of the width, or so many pixels from it (an annotation)."""
        place, moved, style = x, 0.0, {}
        if mtext is not None and angle == 0:
            place = mtext.get_transform().transform(mtext.get_unitless_position())[0]
            style["text-anchor"] = {"left": "", "right": "end", "center": "middle"}[mtext.get_ha()]
        if isinstance(mtext, Annotation) and isinstance(mtext.xycoords, Transform):
            moved = place - mtext.xycoords.transform(mtext.xy)[0]
            place -= moved
        style |= {
            "font-size": _short(self.points_to_pixels(prop.get_size_in_points())) + "px",
            "font-weight": "bold" if prop.get_weight() in ("bold", 700) else "",
            "fill": to_hex(gc.get_rgb()),
        }
        css = ";".join(f"{key}:{value}" for key, value in style.items() if value)
        turned = f"rotate({_short(-angle)} {_short(x - self.left)} {self._y(y)})" if angle else ""
        shift = turned or (f"translate({_short(moved)} 0)" if moved else "")
        at = f' transform="{shift}"' if shift else ""
        self.parts.append(
            f'<text x="{self._x(place)}" y="{self._y(y)}"{at} style="{css}">{escape(s)}</text>'
        )

    def _style(self, gc: Any, face: Any) -> str:
        style = {"fill": "none" if face is None else to_hex(face)}
        if face is not None and len(face) == 4 and face[3] < 1:
            style["fill-opacity"] = _short(face[3])
        wide = self.points_to_pixels(gc.get_linewidth())
        if wide:
            rgb = gc.get_rgb()
            style |= {"stroke": to_hex(rgb), "stroke-width": _short(wide)}
            if rgb[3] < 1:
                style["stroke-opacity"] = _short(rgb[3])
            if (dashes := gc.get_dashes()[1]) is not None:
                long = (_short(self.points_to_pixels(d)) for d in dashes)
                style["stroke-dasharray"] = ",".join(long)
        return ";".join(f"{key}:{value}" for key, value in style.items())


def _short(number: float) -> str:
    """Two decimals at most, and no zeros at the end.

    >>> _short(12.50), _short(-0.001)
    ('12.5', '0')
    """
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _outline(path: Any) -> str:
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
    return "".join(
        "Z" if code == Path.CLOSEPOLY else letters[code] + " ".join(map(_short, points))
        for points, code in path.iter_segments(simplify=False)
    )
