"""What a release says in a few sentences: computed from whatever it holds, the weightiest first.

What was reached against its target; the largest money, and whom it reached; what changed since the
last comparable figure; people, things and rates; where the region stands among its counties; what
does not fit. A sentence is made of labels and printed words alone, so that a measure which nobody
knew before can stand in it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from livelihood.analysis.checks import Finding
from livelihood.analysis.formulas import Result
from livelihood.analysis.frames import side_name
from livelihood.analysis.release import Release
from livelihood.display.messages import say
from livelihood.project.paths import OVERVIEW
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
    story = Story(sector, release)
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
    page_of = story.release.definitions.page_of
    said: Told = []
    told: set[str] = set()
    for result, part, whole in _of_own(story, "share", "part", "total") if story.whole else ():
        ids = {part.measure.id, whole.measure.id}
        if page_of(result.indicator.sector) == OVERVIEW and not told & ids:
            told |= ids
            words = {"whole": _item(whole, story), "part": _item(part, story, first=False)}
            body = story.say("point_share", share=_computed(result, part, story), **words)
            said.append((_dated(body, story.when(part), story), (part, whole)))
    return sorted(said, key=lambda told: told[1][0].measure.dimension == "money")[:2]


def _of_own(
    story: Story, kind: str, *roles: str
) -> Iterator[tuple[Result, Observation, Observation]]:
    """The indicators of a kind of which the story has both inputs, beside these."""
    own = {f.measure.id: f for f in story.own}
    for result in story.release.results.values():
        inputs = [id for role in roles for id in result.indicator.inputs.get(role, ())]
        if result.indicator.kind == kind and len(inputs) == 2 and own.keys() >= set(inputs):
            yield result, own[inputs[0]], own[inputs[1]]


def _computed(result: Result, figure: Observation, story: Story) -> Markup:
    """An indicator's number, linked to its row on the page of a figure."""
    amount = result.amount
    words = number_words(amount.value, amount.bounds, amount.unit, story.language)
    return story.link(words, figure, result.indicator.id)


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
    words: dict[str, object] = {"label": story.name(told[0], which == "target_alone")}
    words["rate"] = story.link(rate, r.printed) if r.printed else rate
    beside = {"words": r.done, "target": r.target}
    words |= {name: story.printed(f, plain=True) for name, f in beside.items() if f}
    code = "point_target" if r.target else "point_rate" if r.done else "point_rate_alone"
    body = story.say(which, body=story.say(code, **words))
    return _dated(body, story.when(told[0]), story), told


# ---- money, people, things, rates ---------------------------------------------------------------


def _money(story: Story) -> Told:
    """The largest amounts of money, and the largest of which is said whom it reached."""
    reach = _reach(story)
    rest = story.without(reach[0][1] if reach else ())
    money = largest(f for f in rest.own if f.measure.dimension == "money")
    listed = _listed(money[:1] if story.whole else money, story, 3)
    behind = reach and not (money and size(money[0]) > size(reach[0][1][0]))
    return [*reach, *listed] if behind else [*listed, *reach]


def _reach(story: Story) -> Told:
    """The largest money beside the people it went to, as an indicator names the two."""
    found = [
        (result, money, people)
        for result, money, people in _of_own(story, "ratio", "numerator", "denominator")
        if (money.measure.dimension, money.period) == ("money", people.period)
        and people.quantity.unit in PEOPLE
    ]
    if not found:
        return []
    result, money, people = max(found, key=lambda one: size(one[1]))
    words = {"money": _item(money, story), "people": _item(people, story, first=False)}
    html = story.say("point_reach", each=_computed(result, money, story), **words)
    return [(_dated(html, story.when(money), story), (money, people))]


def _things(story: Story) -> Told:
    """What was built or done, the most numerous first."""
    things = [f for f in story.own if f.measure.dimension in THINGS]
    counts = largest(f for f in things if f.measure.dimension in ("count", "home"))
    return _listed([*counts, *(f for f in things if f not in counts)], story, 3)


def _item(figure: Observation, story: Story, first: bool = True, plain: bool = False) -> Markup:
    words = story.printed(figure, plain)
    return story.say("point_item", label=story.name(figure, first), words=words)


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
        if old and change:
            words = {"words": story.printed(figure, plain=True), "old": story.words(old.figure)}
            words |= {"when": prose.when(old.figure, 0, story.language), "change": change}
            html = story.say("point_change", label=story.name(figure), **words)
            said.append((html, (figure,)))
        elif figure.role == "growth":
            said += _growth(figure, story)
    return said[: 1 if story.whole else 2]


def _growth(figure: Observation, story: Story) -> Told:
    """A printed growth behind the amount that grew; on the front none without one."""
    change = story.link(prose.growth_words(figure, story.language), figure)
    same = (f for f in story.own if row_id(f) == row_id(replace(figure, role="")))
    label = story.name(figure)
    if grown := next(same, None):
        words = story.printed(grown, plain=True)
        body = story.say("point_growth", label=label, words=words, change=change)
        return [(_dated(body, story.when(grown), story), (grown, figure))]
    body = story.say("point_item", label=label, words=change)
    return [] if story.whole else [(_dated(body, "", story), (figure,))]


def _peers(story: Story) -> Told:
    """Where the region stands among the counties, on what it is most unlike them."""
    from livelihood.analysis.comparison import peers  # and the census, which most pages do without

    meaning = story.release.definitions
    drawn = {
        (meaning.measures[c.rows[0]].census, meaning.measures[c.per].census)
        for c in meaning.charts.values()
        if c.kind == "peers" and c.sector == story.sector
    }
    told = {c.id for c in meaning.comparisons.values() if story.whole or (c.top, c.under) in drawn}
    found = peers(story.release.region.code, story.release.project)
    own = [peer for peer in found if peer.group == "own" and peer.comparison in told]
    if not own:
        return []
    nearest = min(abs(peer.year - story.release.year) for peer in own)
    newest = [peer for peer in own if abs(peer.year - story.release.year) == nearest]
    unlike = max(newest, key=lambda peer: abs((peer.rank - 0.5) / peer.count - 0.5))
    comparison = meaning.comparisons[unlike.comparison]
    words = {name: getattr(unlike, name) for name in ("year", "rank", "count")}
    value = exact_words(unlike.value, comparison.unit, story.language)
    label = comparison.label[story.language]
    return [(story.say("point_peers", label=label, value=value, **words), ())]


def _doubts(story: Story) -> Told:
    """What does not fit, with the numbers on both of its sides; of several, how many there are."""
    found = doubts_of(story)
    if not found:
        return []
    code = "point_doubt" if len(found) == 1 else "point_doubts"
    return [(story.say(code, doubt=doubt_words(found[0], story), count=len(found)), ())]


def doubts_of(story: Story) -> list[Finding]:
    """The findings of a page that do not fit, those between two numbers first."""
    here = [f for f in story.findings if f.verdict == "inconsistent"]
    return sorted(here, key=lambda f: not (f.right.id or f.right.figure or f.right.parts))


def doubt_words(finding: Finding, story: Story, first: bool = False) -> Markup:
    """Both sides of a finding in words, with the way to its row; `first` in its sentence or not."""
    page = story.release.definitions.page_of(finding.sector)
    page = OVERVIEW if story.sector == OVERVIEW else page  # which has the checks of all
    words: dict[str, object] = {}
    for place, side in (("left", finding.left), ("right", finding.right)):
        name = side_name(side, story.language, story.release.definitions)
        words[place] = story.named(name, first and place == "left")
        unit = "" if side.unit in COUNTED and story.language == "en" else side.unit
        number = number_words(side.value, side.bounds, unit, story.language)
        said = story.words(side.figure) if side.figure else number
        words[f"{place}_words"] = story.lead(said, page, f"check-{finding.check.id}")
    return story.say("doubt", **words)


_TELLERS: dict[str, Callable[[Story], Told]] = {  # in the order in which they tell
    "share": _shares,
    "target": _targets,
    "money": _money,
    "change": _changes,
    "people": lambda s: _listed(largest(f for f in s.own if f.quantity.unit in PEOPLE), s, 3),
    "things": _things,
    "rates": lambda s: _listed([f for f in s.own if f.measure.dimension in RATES], s, 2),
    "rest": lambda s: _listed(s.figures, s, 3),  # of other kinds, plans, parts
    "peers": _peers,
    "doubt": _doubts,
}
