"""What a release says in a few sentences: computed from whatever it holds, the weightiest first.

What was reached against its target; the largest money, and whom it reached; what changed since the
last comparable figure; people, things and rates; where the region stands among its counties; what
does not fit. A sentence is made of labels and printed words alone, so that a measure which nobody
knew before can stand in it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from livelihood.analysis.checks import Finding, Side
from livelihood.analysis.frames import side_name
from livelihood.analysis.release import Release
from livelihood.display.messages import say
from livelihood.project.editions import OVERVIEW
from livelihood.release.observations import Observation
from livelihood.report import prose
from livelihood.report.prose import COUNTED, FINISHED, PEOPLE, Story, exact_words, number_words
from livelihood.report.selection import Reached, first_of, largest, reached, row_id, size

MOST = 6  # sentences; more is no longer a summary
THINGS = ("count", "home", "area", "length")
RATES = ("share", "index", "percentage_point", "change")


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence and what it is about (`target`, `money`, `change`, `people`, …, `doubt`)."""

    kind: str
    html: Markup


Told = list[tuple[Markup, Sequence[Observation]]]  # sentences, each with the figures it tells


def key_points(release: Release, sector: str = "") -> tuple[Point, ...]:
    """The key points of a sector's page; of the whole release for its overview and its front.

    `sector` is empty on the front, whose links lead to the pages. A figure is told once.

    >>> from livelihood import load
    >>> points = key_points(load("duji", 2015, "en"))
    >>> points[0].html.striptags()
    'Livelihood projects run in the district: 29, up 11.5% from 26 (in 2010).'
    """
    story = Story.of(release, sector)
    if not story.figures:
        return (Point("nothing", story.nothing()),)
    points: list[Point] = []
    for kind, tell in _TELLERS.items():
        for html, figures in tell(story) if kind != "rest" or len(points) < 3 else ():
            points.append(Point(kind, html))
            story = story.without(figures)
    last = [p for p in points if p.kind in ("peers", "doubt")]
    first = [p for p in points if p not in last]
    return (*first[: MOST - len(last)], *last)


# ---- shares and targets ---------------------------------------------------------------------


def _shares(story: Story) -> Told:
    """Of a whole release what a part is of its whole: projects finished, money of the district."""
    page_of, own = story.release.definitions.page_of, {f.measure.id: f for f in story.results}
    said: Told = []
    told: set[str] = set()
    for result in story.release.results.values() if story.whole else ():
        ids = result.indicator.input_ids
        overview = page_of(result.indicator.sector) == OVERVIEW
        new = own.keys() >= set(ids) and not told & set(ids)
        if result.indicator.kind == "share" and overview and new:
            told |= set(ids)
            part, whole = (own[result.indicator.inputs[role][0]] for role in ("part", "total"))
            rate = number_words(result.amount.value, result.amount.bounds, "1", story.language)
            words = {"whole": _item(whole, story), "part": _item(part, story, first=False)}
            share = story.link(rate, part, result.indicator.id)
            body = story.say("point_share", share=share, **words)
            said.append((_dated(body, story.when(part), story), (part, whole)))
    return sorted(said, key=lambda told: told[1][0].measure.dimension == "money")[:2]


def _targets(story: Story) -> Told:
    """How many targets were reached, then the one furthest behind or ahead; of one, itself."""
    found = sorted(reached(story.figures, story.rates_of), key=lambda r: first_of(r.value, r.rate))
    over = sum(r.rate.low is not None and r.rate.low >= 1 for r in found)
    words = {"count": len(found), "reached": over}
    if len(found) < 2:
        return [_reached(r, story, "target_alone") for r in found]
    codes = {0: "point_none_reached", 1: "point_one_reached", len(found): "point_all_reached"}
    code = "point_both_reached" if over == len(found) == 2 else codes.get(over, "point_targets")
    one, which = (found[-1], "best") if over == len(found) else (found[0], "behind")
    printed = story.whole and FINISHED in story.release.printed_measures  # by the release itself
    counted: Told = [] if printed else [(story.say(code, **words), ())]
    return [*counted, _reached(one, story, f"target_{which}")]


def _reached(r: Reached, story: Story, which: str) -> tuple[Markup, Sequence[Observation]]:
    told = [f for f in (r.done, r.target, r.printed) if f]
    rate = number_words(r.value, r.rate, "1", story.language)
    words: dict[str, object] = {"label": story.label(told[0], which == "target_alone")}
    words["rate"] = story.link(rate, r.printed) if r.printed else rate
    if r.done:
        words["words"] = story.number(r.done, plain=True)
    if r.target:
        words["target"] = story.number(r.target, plain=True)
    code = "point_target" if r.target else "point_rate" if r.done else "point_rate_alone"
    body = story.say(which, body=story.say(code, **words))
    return _dated(body, story.when(told[0]), story), told


# ---- money, people, things, rates ---------------------------------------------------------------


def _money(story: Story) -> Told:
    """The largest amounts of money, and the largest of which is said whom it reached."""
    reach = _reach(story)
    rest = story.without(reach[0][1] if reach else ())
    money = largest(f for f in rest.results if f.measure.dimension == "money")
    listed = _listed(money[:1] if story.whole else money, story, 3)
    behind = reach and not (money and size(money[0]) > size(reach[0][1][0]))
    return [*reach, *listed] if behind else [*listed, *reach]


def _reach(story: Story) -> Told:
    """The largest money beside the people it went to, as an indicator names the two."""
    own = {f.measure.id: f for f in story.results}
    pairs = [
        (own[ids[0]], own[ids[1]], result)
        for result in story.release.results.values()
        if result.indicator.kind == "ratio"
        and own.keys() >= set(ids := result.indicator.input_ids)
        and own[ids[0]].measure.dimension == "money"
        and own[ids[1]].quantity.unit in PEOPLE
        and own[ids[0]].period == own[ids[1]].period
    ]
    if not pairs:
        return []
    money, people, result = max(pairs, key=lambda pair: size(pair[0]))
    amount = result.amount
    each = number_words(amount.value, amount.bounds, amount.unit, story.language)
    html = story.say(
        "point_reach",
        money=_item(money, story),
        people=_item(people, story, first=False),
        each=story.link(each, money, result.indicator.id),
    )
    return [(_dated(html, story.when(money), story), (money, people))]


def _people(story: Story) -> Told:
    """The largest numbers of people, households or person-times."""
    return _listed(largest(f for f in story.results if f.quantity.unit in PEOPLE), story, 3)


def _things(story: Story) -> Told:
    """What was built or done, the most numerous first."""
    things = [f for f in story.results if f.measure.dimension in THINGS]
    counts = largest(f for f in things if f.measure.dimension in ("count", "home"))
    return _listed([*counts, *(f for f in things if f not in counts)], story, 3)


def _rates(story: Story) -> Told:
    """Shares and other rates in the order in which they were printed."""
    return _listed([f for f in story.results if f.measure.dimension in RATES], story, 2)


def _rest(story: Story) -> Told:
    """Whatever else there is: figures of other kinds, plans, parts."""
    return _listed(story.figures, story, 3)


def _item(figure: Observation, story: Story, first: bool = True, plain: bool = False) -> Markup:
    words = story.number(figure, plain)
    return story.say("point_item", label=story.label(figure, first), words=words)


def _dated(body: Markup, when: str, story: Story) -> Markup:
    """A sentence of what it says and when that was."""
    return story.say("point_dated" if when else "point_plain", body=body, when=when)


def _listed(figures: Sequence[Observation], story: Story, most: int) -> Told:
    """One sentence of figures that are of one time and kind; of a whole release, one a sector."""
    groups: dict[tuple[str, str], dict[str, Observation]] = {}
    for f in figures:
        key = f.measure.sector if story.whole else row_id(f)
        groups.setdefault((story.when(f), prose.kind(f)), {}).setdefault(key, f)
    if not groups:
        return []
    (when, kind), found = max(groups.items(), key=lambda item: min(len(item[1]), most))
    taken = list(found.values())[:most]
    if len(taken) == 1 and not taken[0].role:
        return [(_dated(_item(taken[0], story), when, story), taken)]
    items = Markup(say("point_between", story.language)).join(
        _item(f, story, n == 0, plain=True) for n, f in enumerate(taken)
    )
    how = say(f"all_{kind}", story.language)
    lead = say("point_lead", story.language, when=when, how=how) if when and how else when or how
    return [(story.say("point_list" if lead else "point_plain", body=items, lead=lead), taken)]


# ---- changes, peers, doubts ---------------------------------------------------------------------


def _changes(story: Story) -> Told:
    """What rose or fell for certain, and the growth that the source itself prints."""
    said: Told = []
    for figure in story.figures:
        old = None if figure.role else story.release.comparable(figure)
        change = prose.change_words(figure, old.figure, story.language) if old else ""
        words: dict[str, object] = {"label": story.label(figure)}
        if old and change:
            words["words"] = story.number(figure, plain=True)
            words["when"] = prose.when(old.figure, 0, story.language)
            words["old"] = story.words(old.figure)
            said.append((story.say("point_change", change=change, **words), (figure,)))
        elif figure.role == "growth":
            said += _growth(figure, story)
    return said[: 1 if story.whole else 2]


def _growth(figure: Observation, story: Story) -> Told:
    """A printed growth behind the amount that grew; on the front none without one."""
    change = story.link(prose.growth_words(figure, story.language), figure)
    same = (f for f in story.results if row_id(f) == row_id(replace(figure, role="")))
    words: dict[str, object] = {"label": story.label(figure)}
    if grown := next(same, None):
        words |= {"words": story.number(grown, plain=True), "change": change}
        body, told = story.say("point_growth", **words), (grown, figure)
        return [(_dated(body, story.when(grown), story), told)]
    if story.whole:
        return []
    return [(_dated(story.say("point_item", **words, words=change), "", story), (figure,))]


def _peers(story: Story) -> Told:
    """Where the region stands among the counties, on what it is most unlike them."""
    from livelihood.analysis.comparison import peers  # and the census, which most pages do without

    data = peers(story.release.region.code, story.release.project)
    own = data[(data["group"] == "own") & data["comparison"].isin(_compared(story))]
    if own.empty:
        return []
    away = (own["year"] - story.release.year).abs()
    newest = own[away == away.min()]
    row = newest.loc[((newest["rank"] - 0.5) / newest["count"] - 0.5).abs().idxmax()]
    comparison = story.release.definitions.comparisons[row["comparison"]]
    words = {name: int(row[name]) for name in ("year", "rank", "count")}
    value = exact_words(row["value"], comparison.unit, story.language)
    label = comparison.label[story.language]
    return [(story.say("point_peers", label=label, value=value, **words), ())]


def _compared(story: Story) -> list[str]:
    """The comparisons that a page draws; for a whole release, all."""
    meaning = story.release.definitions
    columns = {
        (meaning.measures[c.rows[0]].census, meaning.measures[c.per].census)
        for c in meaning.charts.values()
        if c.kind == "peers" and c.sector == story.sector
    }
    found = meaning.comparisons.values()
    return [c.id for c in found if story.whole or (c.top, c.under) in columns]


def _doubts(story: Story) -> Told:
    """What does not fit, with the numbers on both of its sides; of several, how many there are."""
    found = doubts_of(story)
    if not found:
        return []
    code = "point_doubt" if len(found) == 1 else "point_doubts"
    return [(story.say(code, doubt=doubt_words(found[0], story), count=len(found)), ())]


def doubts_of(story: Story) -> list[Finding]:
    """The findings of a page that do not fit, those between two numbers first."""
    page_of = story.release.definitions.page_of
    here = [
        f
        for f in story.release.findings
        if f.verdict == "inconsistent" and (story.whole or page_of(f.sector) == story.sector)
    ]
    return sorted(here, key=lambda f: not (f.right.id or f.right.figure or f.right.parts))


def doubt_words(finding: Finding, story: Story, first: bool = False) -> Markup:
    """Both sides of a finding in words, with the way to its row; `first` in its sentence or not."""
    page = story.release.definitions.page_of(finding.sector)
    page = OVERVIEW if story.sector == OVERVIEW else page  # which has the checks of all
    words: dict[str, object] = {}
    for place, side in (("left", finding.left), ("right", finding.right)):
        name = side_name(side, story.language, story.release.definitions)
        words[place] = story.named(name, first and place == "left")
        said = _side_words(side, story)
        words[f"{place}_words"] = story.lead(said, page, f"check-{finding.check.id}")
    return story.say("doubt", **words)


def _side_words(side: Side, story: Story) -> str:
    if side.figure is not None:
        return story.words(side.figure)
    unit = "" if side.unit in COUNTED and story.language == "en" else side.unit
    return number_words(side.value, side.bounds, unit, story.language)


_TELLERS: dict[str, Callable[[Story], Told]] = {  # in the order in which they tell
    "share": _shares,
    "target": _targets,
    "money": _money,
    "change": _changes,
    "people": _people,
    "things": _things,
    "rates": _rates,
    "rest": _rest,
    "peers": _peers,
    "doubt": _doubts,
}
