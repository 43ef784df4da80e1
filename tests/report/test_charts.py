"""What a chart draws, says and refuses; the rows that it is made of, for figures of any kind."""

import re
import warnings
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from conftest import ROOT
from gallery import gallery
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell
from PIL import Image
from pypdf import PdfReader

import livelihood as lv
from livelihood import open_report, parse_quantity
from livelihood.display.fonts import width
from livelihood.project.definitions import read_definitions
from livelihood.quantity.period import Period
from livelihood.report.charts.automatic import MOST, automatic
from livelihood.report.charts.drawing import KINDS, claim, draw, enough
from livelihood.report.charts.layout import NARROW, Text, wrap
from livelihood.report.charts.rows import amount_row, as_parts, figure_rows, with_targets
from livelihood.report.selection import PALETTE, sector_colour

COLOURS = sorted(
    {*PALETTE, *(s.colour for s in read_definitions(ROOT).sectors.values() if s.colour)}
)
TEXT = Text("Subject", source="Source: somebody")


DIMENSIONS = {"%": "share", "户": "household", "元": "money", "次": "person_time", "人": "person"}


def read(printed):
    """A figure as printed, of the dimension that its unit shows."""
    found = (d for sign, d in DIMENSIONS.items() if sign in printed)
    return parse_quantity(printed, next(found, None))


def row(label, printed, language="zh", **more):
    q = read(printed)
    return {"label": label, **amount_row(q.value, q.bounds, q.unit, language, printed), **more}


def rows(*pairs, **more):
    return [row(*pair, **more) for pair in pairs]


def figure(measure, printed, **more):
    """A figure as the tables of a release hold it, of a measure that nobody knew before."""
    q = read(printed)
    dimension = next((d for sign, d in DIMENSIONS.items() if sign in printed), "count")
    measure = SimpleNamespace(id=measure, label={"zh": measure, "en": measure}, dimension=dimension)
    known = {"role": "", "breakdown": "", "period": Period.parse("2020"), "aggregation": "total"}
    return SimpleNamespace(measure=measure, quantity=q, printed=printed, **(known | more))


def charts_of(*figures, language="zh"):
    return automatic(figure_rows(figures, language), language)


@pytest.fixture(scope="module")
def drawn():
    return gallery()


def bars(chart):
    """Start and end of every rectangle, and whether it is filled in full."""
    return [
        (p.get_x(), p.get_x() + p.get_width(), p.get_facecolor()[3] == 1)
        for p in chart.ax.patches
        if hasattr(p, "get_width")
    ]


# ---- marks


@pytest.mark.parametrize(
    ("printed", "solid", "hollow", "dashed", "arrows"),
    [
        ("27个", [27], [], False, 0),
        ("万余人", [10_000], [20_000], False, 0),
        ("近7万人", [65_000], [70_000], True, 0),
        ("1.5亿元", [1.45e8], [1.55e8], False, 0),
        ("80%以上", [0.8], [1], False, 0),  # a share ends at 1: no arrow
        ("100户以上", [100], [], False, 1),
        ("不足100户", [], [100], False, 0),
    ],
)
def test_a_bar_is_solid_as_far_as_is_certain(printed, solid, hollow, dashed, arrows):
    chart = draw("bars", TEXT, rows(("a", printed), ("b", printed)), "zh")
    ends = bars(chart)[: len(bars(chart)) // 2]
    assert [end for _, end, full in ends if full] == solid
    assert [end for _, end, full in ends if not full] == hollow
    styles = [p.get_linestyle() for p in chart.ax.patches]
    assert any(s != "solid" and s != "-" for s in styles) == dashed
    assert len(chart.ax.lines) == 2 * arrows
    assert ("虚线" in chart.around.get("note", "")) == dashed
    assert ("箭头" in chart.around.get("note", "")) == bool(arrows)


def test_bars_begin_at_zero_and_the_largest_is_first():
    chart = draw("bars", TEXT, rows(("small", "3个"), ("large", "54个"), ("middle", "27个")), "zh")
    assert chart.ax.get_xlim()[0] == 0
    assert [end for _, end, _ in bars(chart)] == [54, 27, 3]
    assert chart.alt.index("large") < chart.alt.index("middle") < chart.alt.index("small")


def test_a_fall_goes_to_the_left_of_zero():
    data = rows(("a", "4.2%"), ("b", "2%"))
    data[0] |= {"low": -data[0]["high"], "high": -data[0]["low"]}
    chart = draw("bars", TEXT, data, "zh")
    assert chart.ax.get_xlim()[0] < 0
    assert min(start for start, _, _ in bars(chart)) == pytest.approx(-0.0425)


def test_unlike_units_are_not_on_one_axis():
    data = rows(("trained", "4.6万人次"), ("found work", "万余人"), ("farmers", "千余人"))
    chart = draw("bars", TEXT, data, "en")
    assert max(end for _, end, _ in bars(chart)) == 20_000
    assert "trained" in chart.around["note"] and "unit" in chart.around["note"]


def test_things_are_things_whatever_counts_them():
    assert len(bars(draw("bars", TEXT, rows(("a", "5所"), ("b", "3个"), ("c", "2座")), "zh"))) == 3


def test_progress_is_a_part_of_the_target_beyond_it_too():
    data = with_targets(
        [
            row("roads", "126千米", measure="roads", role="", breakdown=""),
            row("roads", "120千米", measure="roads", role="target", breakdown=""),
            row("trained", "900人次", measure="trained", role="", breakdown=""),
            row("trained", "100人次", measure="trained", role="target", breakdown=""),
            row("homes", "98%", measure="homes", role="completion", breakdown=""),
        ],
        "zh",
    )
    assert {row["label"]: row["rate"] for row in data} == {
        "roads": "105%",
        "trained": "900%",
        "homes": "98%",
    }
    chart = draw("progress", TEXT, data, "zh")
    assert chart.ax.get_xlim()[1] < 2.1  # 900 % is an arrow, and said
    assert "900%" in chart.alt and len(chart.ax.lines) == 1
    assert [t.get_text() for t in chart.ax.texts].count("目标") == 1


def test_parts_stand_end_to_end_within_their_whole():
    whole, parts = rows(("all", "20亿元")), rows(("district", "3亿元"), ("city", "5亿元"))
    chart = draw("parts", TEXT, as_parts(parts, whole, "zh"), "zh")
    assert chart.ax.get_xlim() == (0, 2e9)
    pieces = [(start, end) for start, end, _ in bars(chart)]
    assert pieces.count((0, 5e8)) == 2 and pieces.count((5e8, 8e8)) == 2
    assert "占25%" in chart.alt and "其余" in chart.around["note"]


def test_a_series_draws_what_is_comparable_and_says_why_the_rest_is_not(drawn):
    chart = drawn["series"]
    assert len(chart.axes) == 1
    assert [label for label in ("2012", "2014", "2019") if label in chart.alt] == [
        "2012",
        "2014",
        "2019",
    ]
    assert "January–June 2014 (less than a year)" in chart.around["note"]
    assert "January" not in chart.alt


# ---- any kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_draws(drawn, kind):
    chart = drawn[kind]
    assert set(KINDS[kind].columns) <= set(chart.data.columns)
    assert chart.ax.get_title() and chart.alt
    shown = KINDS[kind].marks(chart.rows)
    for mark in shown:
        assert mark["label"] in chart.alt and mark["words"] in chart.alt
    written = "".join(t.get_text() for t in chart.ax.texts)
    assert all("".join(wrap(mark["words"], NARROW, 14)) in written for mark in shown)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_drawing_fits_a_phone_and_a_desktop(drawn, kind):
    svg = drawn[kind].svg(outlines=False)
    assert svg.startswith('<svg width="100%"') and "viewBox" not in svg.split(">")[0]
    places = [float(x) for x in re.findall(r' x="(-?[\d.]+)%"', svg)]
    assert places and min(places) >= -1 and max(places) <= 101
    for moved, size, words in re.findall(
        r'translate\(([\d.]+) 0\)" style="font-size:(\d+)px[^>]*>([^<]*)<', svg
    ):
        assert float(moved) + width(words) * float(size) <= NARROW + 1
    assert all(size in ("12", "14") for size in re.findall(r"font-size:(\d+)px", svg))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", [[], None], ids=["nothing", "one mark"])
def test_too_few_marks_are_a_sentence(drawn, kind, data):
    few = KINDS[kind].fewest - 1
    data = drawn[kind].rows[:few] if data is None else data
    chart = draw(kind, TEXT, data, "en")
    shown, _ = chart._repr_mimebundle_()
    assert not enough(kind, data) and not chart.axes
    assert claim(kind, data, "en") == ""
    assert set(shown) == {"text/markdown", "text/plain"}
    assert not data or data[0]["label"] in shown["text/markdown"]


# ---- changing a chart


def chart():
    return draw(
        "bars",
        Text("Places", "A claim of ours", "Source: x"),
        rows(("a", "54个"), ("b", "27个")),
        "en",
        colour="#aa3377",
    )


def test_a_title_replaces_the_old_one(monkeypatch):
    drawn = chart()
    drawn.ax.set_title("Homes for children")
    assert drawn.ax.get_title() == "Homes for children"
    assert drawn.ax.title.get_position()[0] == 0 and drawn.ax.title.get_ha() == "left"
    texts = [t.get_text() for t in drawn.findobj(mpl.text.Text)]
    assert "A claim of ours" not in texts and texts.count("Homes for children") == 1
    monkeypatch.setenv("LIVELIHOOD_ON_PAGE", "1")
    data, about = drawn._repr_mimebundle_()
    about = about["image/svg+xml"]
    assert about["title"] == "Homes for children" and about["source"] == "Source: x"
    assert "Homes for children" not in data["image/svg+xml"]  # the page says it in HTML


def test_title_colour_and_size_can_be_given():
    data = rows(("a", "54个"), ("b", "27个"))
    drawn = draw("bars", TEXT, data, "en", title="Mine", colour="#123456", figsize=(9, 4))
    assert drawn.ax.get_title() == "Mine"
    assert drawn.around["subtitle"] == "Subject"
    assert drawn.get_size_inches().tolist() == [9, 4]
    assert drawn.ax.patches[0].get_facecolor() == to_rgba("#123456")


def test_a_long_title_is_whole_again_outside_the_figure():
    long = "A title that is so long that it stands in more lines than one over the marks of a chart"
    drawn = draw("bars", Text(long), rows(("a", "54个"), ("b", "27个")), "en")
    assert "\n" in drawn.ax.get_title() and drawn.around["title"] == long


def test_what_an_analyst_adds_is_on_the_page():
    drawn = chart()
    drawn.ax.scatter([10, 40], [20, 60])
    drawn.ax.plot(np.linspace(0, 54, 30), np.linspace(0, 90, 30) ** 1.01)
    svg = drawn.svg(outlines=False)
    assert svg.count("<use ") == 2 and "<defs>" in svg  # dots keep their shape
    assert 'preserveAspectRatio="none"' in svg and "non-scaling-stroke" in svg


def test_any_way_to_a_title_replaces_it_and_makes_room():
    drawn = chart()
    before = drawn.get_figheight()
    assert drawn.suptitle("A title of ours that needs more lines than one, " * 3).axes is drawn.ax
    assert "A claim of ours" not in [t.get_text() for t in drawn.findobj(mpl.text.Text)]
    assert drawn.get_figheight() > before and "needs more lines than one, A" in drawn.alt
    assert not overlapping(drawn)


def overlapping(drawn):
    """Texts that stand over one another, or reach out of the figure."""
    drawn.draw_without_rendering()
    shown = [t for t in drawn.findobj(mpl.text.Text) if t.get_text() and t.get_visible()]
    boxes = [(t.get_text(), t.get_window_extent().padded(-2)) for t in shown]
    inside = drawn.bbox
    return [
        *((a, b) for n, (a, x) in enumerate(boxes) for b, y in boxes[n + 1 :] if x.overlaps(y)),
        *(a for a, x in boxes if x.y0 < inside.y0 or x.y1 > inside.y1),
    ]


@pytest.mark.parametrize("figsize", [None, (9, 4), (4, 7)])
def test_an_axis_and_its_label_have_room(figsize, monkeypatch):
    data, text = rows(("a", "54个"), ("b", "27个")), Text("Places", "Ours", "Source: x", "Note.")
    drawn = draw("bars", text, data, "zh", figsize=figsize)
    drawn.ax.set_xlabel("件数")
    drawn.ax.set_xticks([5, 25, 50])
    assert not overlapping(drawn)
    if figsize:
        assert tuple(drawn.get_size_inches()) == figsize
    monkeypatch.setenv("LIVELIHOOD_ON_PAGE", "1")
    svg = drawn._repr_mimebundle_()[0]["image/svg+xml"]
    tall = float(re.search(r'height="([\d.]+)"', svg)[1])
    assert max(float(y) for y in re.findall(r'<text [^>]*y="([\d.]+)"', svg)) < tall


def test_a_chart_of_a_report_takes_a_title_a_colour_and_a_size():
    report = open_report("elderly_care", "duji", 2019, "zh")
    drawn = report.chart(
        report.charts.elderly_places, title="养老院有多少", colour="seagreen", figsize=(9, 4)
    )
    assert drawn.ax.get_title() == "养老院有多少" and drawn.alt.startswith("养老院有多少；养老机构")
    assert drawn.ax.patches[0].get_facecolor() == to_rgba("seagreen")
    assert tuple(drawn.get_size_inches()) == (9, 4) and "words" in drawn.data
    assert drawn.around["source"] == report.chart("elderly_places").around["source"]


@pytest.mark.filterwarnings("ignore:`Completer.complete")
def test_what_there_is_to_draw_is_listed_and_completed():
    report, shell = open_report("elderly_care", "duji", 2019, "zh"), InteractiveShell.instance()
    assert "elderly_places  " in repr(report.charts) and "养老机构" in repr(report.charts)
    assert all(report.chart(id) for id in report.charts)
    assert set(report.indicators) == set(report.table()["indicator"])
    assert set(report.measures) == set(report.coverage()["measure"])
    shell.push({"report": report})
    typed = "report.charts['elderly_pl"
    assert typed[:-10] + "elderly_places" in shell.complete(typed)[1]
    assert "elderly_places" in dir(report.charts)
    with pytest.raises(AttributeError, match="elderly_places"):
        _ = report.charts.elderly_place


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_chart_saves_in_any_format(suffix, tmp_path):
    file = tmp_path / f"chart.{suffix}"
    drawn = draw("bars", TEXT, rows(("村卫生室", "54个"), ("书屋", "27个")), "zh")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that no font has is a warning
        drawn.savefig(file, dpi=300)
    if suffix == "png":
        assert Image.open(file).width == 2000
    elif suffix == "pdf":
        assert "村卫生室54个" in re.sub(r"\s", "", PdfReader(file).pages[0].extract_text())
    else:
        assert file.read_text("utf-8").count("<use ") > 10  # letters as shapes


TUTORIAL = {"font.sans-serif": ["SimHei"], "axes.unicode_minus": False}


@pytest.mark.parametrize("theme", [{}, {"style": "whitegrid"}, TUTORIAL], ids=str)
def test_chinese_is_drawn_after_a_theme_of_seaborn(theme, tmp_path, caplog):
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that no font has is a warning
        lv.style()
        sns.set_theme(**(theme if theme is not TUTORIAL else {"rc": TUTORIAL}))
        assert mpl.rcParams["font.family"] == ["sans-serif"]
        own = Figure()
        own.subplots().set(title="近7万人", xlabel="年度")
        own.savefig(tmp_path / "own.png")
        chart().savefig(tmp_path / "chart.png")
    assert not caplog.records  # nor is a family that the machine has not


# ---- what an analyst's own figures say

PAID = pd.DataFrame({"年度": [2014, 2019], "低保": [348, 1000], "孤儿": [10.5, 90]})
EACH = "低保：2014 348、2019 1000；孤儿：2014 10.5、2019 90"
OWN = {
    "stacked": (lambda: PAID.plot.bar(x="年度", stacked=True, title="支出"), f"支出。{EACH}。"),
    "lines": (lambda: PAID.plot(x="年度"), EACH),
    "across": (
        lambda: PAID.plot.barh(x="年度"),
        "低保：348 2014、1000 2019；孤儿：10.5 2014、90 2019",
    ),
    "seaborn": (
        lambda: sns.catplot(PAID, x="年度", y="低保", kind="bar"),
        "横轴年度，纵轴低保；2014 348、2019 1000",
    ),
    "dots": (lambda: Figure().subplots().scatter([0.25], [1.27e8]).axes, "0.25 127000000"),
    "many": (
        lambda: Figure().subplots().plot(range(14), label="x")[0].axes,
        "x：" + "、".join(f"{n} {n}" for n in range(12)) + "……另有2个",
    ),
    "dates": (
        lambda: (
            Figure().subplots().plot(pd.to_datetime(["2019-02-01", "2019-02-09"]), [5, 6])[0].axes
        ),
        "2019-02-01 5、2019-02-09 6",
    ),
    "pie": (lambda: Figure().subplots().pie([1, 2], labels=["甲", "乙"])[0][0].axes, "甲；乙"),
    "empty": (Figure, ""),
}


@pytest.mark.parametrize("own", OWN)
def test_a_figure_is_told_by_its_titles_and_data(own, monkeypatch):
    monkeypatch.setattr(Figure, "language", "zh", raising=False)  # of the report opened last
    with plt.rc_context():
        lv.style()
        plt.figure()
        assert lv.describe(OWN[own][0]()) == OWN[own][1]
        plt.close("all")


def test_bounds_are_error_bars_and_open_ends_are_arrows():
    q = [
        parse_quantity(words) for words in ("近7万人", "3—5万元", "100户以上", "不足100户", "27所")
    ]
    ends = {name: [getattr(x, name) for x in q] for name in ("value", "low", "high")}
    data = pd.DataFrame(ends).astype(float).assign(low=lambda d: d["low"].where(d["low"] > 0))
    bars = lv.error_bars(data)
    assert bars["y"].tolist() == [70_000, 30_000, 100, 100, 27]
    assert bars["yerr"].tolist() == [[5000, 0, 0, 0, 0], [0, 20_000, 0, 0, 0]]
    assert bars["lolims"].tolist() == [False, False, True, False, False]
    assert bars["uplims"].tolist() == [False, False, False, True, False]
    ax = Figure().subplots()
    for along, other in (("y", "x"), ("x", "y")):
        ax.errorbar(**{other: range(5)}, fmt="none", **lv.error_bars(data, along))
    ax.figure.draw_without_rendering()
    arrows = [line for line in ax.lines if line.get_marker() in range(4, 12)]
    assert len(arrows) == 4


def test_a_figure_can_be_given_its_words():
    own, ours = Figure(), chart()
    lv.style()
    for figure in (own, ours):
        assert lv.describe(figure, "Twice as many.") == "Twice as many." == lv.describe(figure)
    assert own._repr_mimebundle_()[1] == {"image/png": {"alt": "Twice as many."}}
    assert ours._repr_mimebundle_()[0]["text/plain"] == "Twice as many."


STACKED = """
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
sns.set_theme()
plt.rcParams["font.sans-serif"] = ["SimHei"]
paid = pd.DataFrame({"年度": [2014, 2019], "低保": [348, 1000], "孤儿": [10.5, 90]})
paid.plot.bar(x="年度", stacked=True, title="支出")
"""
GIVEN = """
import livelihood as lv
ax = sns.scatterplot(paid, x="年度", y="低保")
lv.describe(ax, "低保支出2019年是2014年的近3倍");
"""


MISSING = """
import matplotlib.pyplot as plt
plt.title("民\U0001fac8生\U0001fadd");
"""


def add_cells(path, *sources):
    """Cells of an analyst's own at the end of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += map(new_code_cell, sources)
    nbformat.write(notebook, path)


def test_own_figures_are_told_on_the_page_or_it_is_said_why_not(project, livelihood):
    add_cells(project / "notebooks/culture.ipynb", STACKED, GIVEN)
    add_cells(project / "notebooks/employment.ipynb", MISSING)
    sectors = ["--sector", "culture", "--sector", "employment"]
    said = livelihood("run", "--region", "duji", "--year", "2019", "--allow-partial", *sectors)
    page = (project / "reports/duji/2019/zh/culture.html").read_text("utf-8")
    told = re.findall(r'<img alt="([^"]*)"', page)
    assert told == [f"支出。{EACH}。", "低保支出2019年是2014年的近3倍"]
    assert "&lt;Axes" not in page  # what the cell gives besides
    assert "✓ duji/2019/zh/culture" in said.output and "print_figure" not in said.output
    for words in ("\U0001fac8, \U0001fadd", "DejaVu Sans", "lv.style()"):
        assert words in said.output


def test_a_sector_without_a_colour_gets_one():
    own = {"a": "", "b": "#117733", "c": ""}
    sectors = {id: SimpleNamespace(colour=colour) for id, colour in own.items()}
    meaning = SimpleNamespace(sectors=sectors, pages=("a", "b", "c"))
    given = [sector_colour(id, meaning) for id in own]
    assert given == [PALETTE[0], "#117733", PALETTE[2]]


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_out_from_light_and_from_dark_paper(colour):
    for paper in ("#ffffff", "#0d1117"):
        light, dark = sorted((_luminance(colour), _luminance(paper)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


def _luminance(colour):
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgba(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


# ---- claims


def targets(*triples):
    figures = []
    for measure, done, target in triples:
        figures += [figure(measure, done), figure(measure, target, role="target")]
    return charts_of(*figures)[0].rows


def changes(*triples):
    return [
        row(
            label,
            now,
            before=then,
            before_low=parse_quantity(then).low,
            before_high=parse_quantity(then).high,
        )
        for label, now, then in triples
    ]


DIBAO = [("低保", "1000万元"), ("残疾", "404万元"), ("孤儿", "90万元"), ("特困", "8万元")]


@pytest.mark.parametrize(
    ("kind", "data", "zh"),
    [
        ("bars", rows(("书屋", "79个"), ("文化站", "5个")), "书屋79个，是文化站的15倍以上"),
        ("bars", rows(("甲", "30个"), ("乙", "26个")), ""),  # nothing stands out
        ("bars", rows(("甲", "9000个"), ("乙", "5个")), ""),  # nothing to hold against each other
        ("bars", rows(("甲", "30个以上"), ("乙", "10个")), "甲30个以上，是乙的3倍以上"),
        ("bars", rows(("甲", "30个"), ("乙", "10个以上")), ""),  # who knows
        ("bars", rows(("甲", "96%以上"), ("乙", "95%以上")), "2项均不低于95%"),
        ("bars", rows(("甲", "96%以上"), ("乙", "20%")), ""),
        ("parts", as_parts(rows(*DIBAO), rows(), "zh"), "低保占4项合计的三分之二（66.6%）"),
        (
            "parts",
            as_parts(rows(("区级", "3.3亿元")), rows(("各级投入", "21.78亿元")), "zh"),
            "各级投入21.78亿元，其中区级占15.2%",
        ),
        ("parts", as_parts(rows(("甲", "50万元"), ("乙", "50余万元")), rows(), "zh"), ""),
        ("parts", as_parts(rows(("甲", "0元"), ("乙", "0元")), rows(), "zh"), ""),  # of nothing
        ("progress", targets(("路", "126千米", "120千米")), "路达到目标的105%"),
        (
            "progress",
            targets(("甲", "12个", "10个"), ("乙", "5个", "5个")),
            "2项任务全部完成，其中1项超额",
        ),
        ("progress", targets(("甲", "10个", "10个"), ("乙", "5个", "5个")), "2项任务全部完成"),
        (
            "progress",
            targets(("甲", "10个", "10个"), ("乙", "4个", "5个")),
            "2项任务已完成1项，乙最慢（80%）",
        ),
        (
            "progress",
            targets(("甲", "1个", "10个"), ("乙", "4个", "5个")),
            "2项任务中，乙进度最快（80%）",
        ),
        (
            "progress",
            targets(("甲", "10个", "10个"), ("乙", "近100个", "100个")),
            "2项任务中至少1项已完成",
        ),
        ("change", changes(("甲", "12人", "10人")), "甲由10人增至12人"),
        ("change", changes(("甲", "8人", "10人")), "甲由10人降至8人"),
        ("change", changes(("甲", "1.0万人", "1.02万人")), ""),  # within the rounding
        ("change", changes(("甲", "12人", "10人"), ("乙", "3人", "1人")), "2项均有增加"),
        ("change", changes(("甲", "12人", "10人"), ("乙", "1人", "3人")), "2项中1项增加，1项减少"),
    ],
)
def test_a_title_is_claimed_only_where_something_stands_out(kind, data, zh):
    assert claim(kind, data, "zh") == zh
    assert bool(claim(kind, data, "en")) == bool(zh)


def test_rows_of_different_times_are_not_held_against_each_other():
    old, new = rows(("书屋", "79个"), ("文化站", "5个"))
    assert claim("bars", [old | {"period": "2019"}, new | {"period": "2020"}], "en") == ""


def test_english_is_english():
    figures = [figure("roads", "126千米"), figure("roads", "120千米", role="target")]
    data = with_targets(figure_rows(figures, "en"), "en")
    chart = draw("progress", TEXT, data, "en")
    assert not re.search(r"[\u4e00-\u9fff]", chart.alt)
    assert "105% of 120 km" in chart.alt


# ---- figures that nobody wrote a chart for


def labels(plan):
    return [row["label"] for row in plan.rows]


def test_thirty_unknown_measures_are_charts_of_what_may_be_compared():
    figures = [
        *(figure(f"资金{n}", f"{n + 1}00万元") for n in range(9)),
        *(figure(f"人数{n}", f"{n + 1}万人") for n in range(7)),
        *(figure(f"人次{n}", f"{n + 1}万人次") for n in range(3)),
        *(figure(f"场所{n}", f"{n + 2}{c}") for n, c in enumerate("个所座个个所座")),
        *(figure(f"比率{n}", f"9{n}%") for n in range(4)),
    ]
    assert len(figures) == 30
    found = charts_of(*figures)
    assert [c.kind for c in found] == ["bars"] * 8
    assert [c.title for c in found] == [
        "资金（元），2020年",
        "资金（元），2020年",
        "人数与户数（人），2020年",
        "人数与户数（人次），2020年",
        *(f"建成和办成的事（{c}），2020年" for c in "个所座"),
        "比率，2020年",
    ]
    assert [len(c.rows) for c in found] == [5, 4, 7, 3, 3, 2, 2, 4]
    drawn = [row["label"] for c in found for row in c.rows]
    assert sorted(drawn) == sorted(f.measure.id for f in figures)
    assert all(len(c.rows) <= MOST for c in found)
    first, second = ([row["low"] for row in found[n].rows] for n in (0, 1))
    assert min(first) >= max(second)
    for c in found:
        assert draw(c.kind, Text(c.title), c.rows, "zh").axes


def test_one_figure_is_a_sentence():
    (only,) = charts_of(figure("村卫生室", "30个"))
    assert not enough(only.kind, only.rows)
    chart = draw(only.kind, Text(only.title), only.rows, "zh")
    assert "村卫生室：30个" in chart._repr_mimebundle_()[0]["text/markdown"]


def test_no_figure_is_no_chart():
    assert charts_of() == []


def test_open_ends_only():
    (found,) = charts_of(*(figure(f"资金{n}", f"{n + 1}万元以上") for n in range(3)))
    chart = draw(found.kind, Text(found.title), found.rows, "zh")
    assert len(chart.ax.lines) == 3 and "箭头" in chart.around["note"]


def test_results_stand_beside_their_targets_and_nowhere_else():
    found = charts_of(
        figure("公路", "126千米"),
        figure("公路", "120千米", role="target"),
        figure("小区", "12个"),
        figure("小区", "15个", role="target"),
        figure("改厕", "95%", role="completion"),
        figure("书屋", "79个"),
        figure("食堂", "20个", role="target"),
    )
    assert [(c.kind, labels(c)) for c in found] == [
        ("progress", ["公路", "改厕", "小区"]),
        ("bars", ["书屋"]),
        ("bars", ["食堂"]),
    ]
    assert found[0].rows[0]["reads"] == "目标120千米，完成105%"
    assert found[2].title == "目标数（个），2020年"


def test_a_part_is_drawn_within_its_whole_and_not_beside_it():
    found = charts_of(
        figure("投入", "21.78亿元"),
        figure("投入", "3.3亿元", breakdown="区级"),
        figure("低保", "1000万元"),
        figure("孤儿", "90万元"),
    )
    assert [(c.kind, c.title) for c in found] == [("parts", "投入"), ("bars", "资金（元），2020年")]
    assert [labels(c) for c in found] == [["投入", "区级"], ["低保", "孤儿"]]


@pytest.mark.parametrize(
    "other",
    [
        {"period": Period.parse("2007/2020")},
        {"aggregation": "average_year"},
        {"role": "planned"},
    ],
)
def test_figures_of_another_time_or_role_stand_apart(other):
    found = charts_of(figure("甲", "5万元"), figure("乙", "3万元", **other))
    assert [labels(c) for c in found] == [["甲"], ["乙"]]
