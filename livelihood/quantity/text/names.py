"""What a figure of running text is called.

A name is the noun phrase beside the number: before it (农家书屋建成81个) or, where the number with
its classifier stands in front of what it counts, behind it (建成81个农家书屋). A name that says too
little alone (资金, 开工) takes the work that it belongs to, from the words that the sentence or the
paragraph starts with. A rate (完成率95%) has the name of the result before it; a target that is
printed beside its result (126条…已完成120条) has the same name as that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from livelihood.quantity.text.phrases import (
    WHERE,
    WORDS,
    clean,
    either,
    heading,
    is_generic,
    joined,
    names_work,
    shortened,
    without_stage,
)
from livelihood.quantity.text.places import ALSO, CELL, Place, places, rates_in_a_list
from livelihood.quantity.text.roles import (
    NO_NOUN,
    before_rate,
    going,
    is_rate_of_task,
    is_reported,
    is_set,
    is_task,
    is_task_of,
    planned_parts,
    risen_to,
    role,
)
from livelihood.quantity.text.scan import Item

_BESIDE, _ITEMS = WORDS["beside"], WORDS["items"]
_BETWEEN = re.compile(_BESIDE["between"])
_NOUN_START = re.compile('[\u4e00-\u9fff“"《]|[0-9]+[-—~～至][0-9]+周?岁')
_BEHIND_FRONT = re.compile(either(_BESIDE["behind_front"]))
_BEHIND_END = re.compile(either([*_BESIDE["behind_end"], "\x00"]))
_STATE = re.compile("已?(完成任务|完成|开工|竣工)")
_TAKES = re.compile(f"{either(_BESIDE['takes'])}了?$")
_SMALL = re.compile("[（(][一二三四五]{1,2}[)）](?=[\u4e00-\u9fff])")  # 小（二）型水库
_VERB_FIRST = re.compile(f"[，,]{either([*_BESIDE['takes'], '加强', '推进', '购置', '采购'])}")
_AREA = "(?:县|市|区|乡|镇|村|行政村|自然村|街道|社区|乡镇|县市|县区|市县|省市)"
_AREAS = re.compile(f"{_AREA}(?:[（(]{_AREA}[)）])?{_AREA}?")
_SCHOOL = re.compile("(?:学校?|院校|[高初职]中|幼儿园|中专|教学点)$")
_PUPILS = re.compile("(?:招生|在校学?生?|毕业生?|在园幼?儿?|专任教师|教职工)人?数?")
_DOWN = re.compile("[降减跌缩回]")
_KEEPS = re.compile(f"{either(_BESIDE['keeps'])}$")
_DOING = re.compile(f"^{either(_BESIDE['keeps'])}(?=.{{2}})")
_DID = re.compile(_BESIDE["did"])
_STAGE = re.compile(f"(?:{_BESIDE['stages']})$")
_MONEY = re.compile("[资投金款额费贴助入出价准收值税债]")
_SPENT = re.compile("(?<=资金|经费|补助|补贴)(?:下达|到位|拨付|发放|支付)$")
_MEANT = re.compile(f"(?:计划|实际)(?=(?:{_BESIDE['stages']})$)")
_PER_HEAD = re.compile("人均.*")
_PEOPLE = re.compile("(?:城镇|农村|城乡|全体)?(?:常住)?(?:居民|农民|职工)")
_CHANGED = re.compile(
    "[^，,；;]{0,4}(?:提高|调整|增加|提升|上调|提标|下降|降低|降|减少|缩小|扩大)(?:到|至|为)"
)
_SIZED = re.compile("的[^，,：:；;（()）、]*$")
_FROM, _FROM_VALUE = re.compile("[由从][^，,；;]*$"), re.compile("(?<=.{4})(?:由|从)(?=.)")
_PAID_FOR = re.compile("(?:完成|建成|建设|实施|用于|新建|改造)(?=.{3})")
_DONE = re.compile("已?完成$")
_FINISHED, _BUILT = re.compile("[，,、]?(?:已|共)?完成"), re.compile("(?:项目|工程|建设)+$")
_PIECES, _LISTED = re.compile("[，,：:（()）“”]"), re.compile("[，,：:、]")
_STOP, _AND = re.compile("[，,。；;：:（()）]"), re.compile("、|和|与|及")
_INCOME = re.compile("(?!.*[城农乡])(?:人均|恩格尔|.*支出$)")
_PROGRAMME = re.compile(f"(?:{_ITEMS['programme']})(?:项目)?")
_ITEM = re.compile("(?:..类)?(?:项目|[小分事]?项)(?!资金|投资)")
_COUNTED = {kind: re.compile(pattern) for kind, pattern in _ITEMS["kinds"].items()}
_NO_NAME = re.compile(
    f"{either([*_ITEMS['kinds'].values(), _ITEMS['programme']])}|[中开展的有]|[0-9]+项"
)


class Named(NamedTuple):
    """A figure with its name, its role, the works that it may belong to, its clause, and doubts.

    `doubts` are codes: ``label`` (the name is put together), ``again`` (这5项: named before),
    ``class`` (a size, such as 5万方 of 5万方的2口, no figure; it has no name), ``one_of_several``
    (a rate behind several results), ``earlier`` (what a value was before it changed).
    """

    item: Item
    label: str
    role: str = ""
    topics: tuple[str, ...] = ()
    clause: str = ""
    doubts: tuple[str, ...] = ()


def name_figures(text: str, items: Sequence[Item], planned: bool = False) -> Iterator[Named]:
    """Each quantity of a text, as :func:`scan` found it, with its name and role.

    `planned`: the text lists what is yet to be done, so that its figures are targets.

    >>> from livelihood.quantity.text.scan import scan
    >>> text = "126条黑臭水体治理已完成120条(95%)。"
    >>> [(n.label, n.role) for n in name_figures(text, list(scan(text)))]
    [('黑臭水体治理', 'target'), ('黑臭水体治理', ''), ('黑臭水体治理', 'completion')]
    """
    said, parts = _Said({}), planned_parts(text)
    for sentence in places(text, items):
        first = sentence[0].item.start - len(sentence[0].before)
        stage = _STAGE.fullmatch(_own_noun(sentence[0].own).removesuffix("率"))
        goes_on = stage and text[first - 1 : first] in ("；", ";")  # 开工5户；竣工3户
        last, subject = said.last or said.before, said.subject if goes_on else ""
        said = _Said(said.names, subject, last if sentence[0].alone else "", before=last)
        to_do = planned or any(sentence[0].item.start in part for part in parts)
        yield from _sentence(sentence, to_do, said)


@dataclass
class _Said:
    """What the figures so far were called: in the text, and in this sentence."""

    names: dict[str, str]
    subject: str = ""  # the work that the figures of the sentence belong to
    last: str = ""
    before: str = ""  # the last name of the sentence before
    school: str = ""  # the last one that was counted
    role: str = ""
    parts: bool = False  # what follows is part of the subject (其中)
    named: list[str] = field(default_factory=list)  # the results since the last rate
    given: dict[int, str] = field(default_factory=dict)  # names that others have given

    def add(self, place: Place, label: str, kind: str, doubts: tuple[str, ...]) -> None:
        """Note a figure's name."""
        self.parts = self.parts or "其中" in place.left
        if place.change and not self.last:
            self.last = label.removesuffix(_way(place))
        if place.change or (place.rate and "占" in label and not kind):
            return
        self.names[place.item.text] = label
        if kind in ("completion", "growth"):
            self.named = []
            if label == self.last or kind == "growth":
                return
        if not place.inside:
            self.last, self.role = label, kind
            self.named += [label] if kind == "" else []
            self.school = label if _SCHOOL.search(label) else self.school
            known = self.subject and ("label" in doubts or self.parts)
            if not known and not is_generic(label):
                self.subject = label.partition("（")[0]


def _sentence(places: list[Place], planned: bool, said: _Said) -> Iterator[Named]:
    said.given |= _in_a_list(places)
    rates, task = rates_in_a_list(places), -2
    for n, place in enumerate(places):
        after = places[n + 1] if n + 1 < len(places) else None
        if place.item.kind != "quantity":
            if after and _SIZED.match(after.left) and not after.rate:  # 5-10万方的2口
                name = clean(after.left) or said.subject
                said.given[n + 1] = f"{name}（{place.item.text}）"
            yield Named(place.item, "", "", place.topics, place.clause, ("class",))
            continue
        kind = role(places[rates[n][0]] if n in rates else place, after, planned)
        if is_task_of(places[n : n + 3]):
            kind = "target"
        if n and said.last and is_task(place, places[n - 1]):
            kind, task, said.given[n] = "target", n, said.last
        elif n == task + 1 and n and is_rate_of_task(place):
            kind, said.given[n] = "completion", said.last
        if n and (risen := risen_to(place, places[n - 1], said.last)):
            said.given[n] = risen
        if n in rates and n == rates[n][0]:
            said.given |= _of_results(rates[n], kind, place.own, said)
        label, doubts = _called(place, after, kind, said, said.given.get(n, ""))
        if kind == "target" and after and is_reported(place, after):
            said.given[n + 1] = label
        several = len(said.named) > 1 and not place.bracketed and n not in said.given
        if kind == "completion" and several and label == said.last:
            doubts += ("one_of_several",)
        if after and _CHANGED.match(after.left) and _FROM.search(place.left):  # 由2元提高到3元
            kind, doubts = "", (*doubts, "earlier")
            said.given[n + 1] = label
        said.add(place, label, kind, doubts)
        if not label:
            words = place.clause.replace(place.item.text, "")
            label, doubts = said.before or shortened(clean(words) or words), ("label",)
        yield Named(place.item, label, kind, place.topics, place.clause, doubts)


def _called(
    place: Place, after: Place | None, kind: str, said: _Said, given: str
) -> tuple[str, tuple[str, ...]]:
    """The name of a figure, and doubts about it."""
    if given:
        return given + _way(place), ()
    if items := _programme_items(place):
        return items, ()
    if place.own.endswith(("这", "该", "上述")) and place.item.text in said.names:
        return said.names[place.item.text], ("again",)
    if place.rate:
        return _rate_name(place, kind, said)
    if place.change:
        name = clean(before_rate(place.own, "growth"))
        return (name if len(name) > 2 else said.last or name) + _way(place), ()
    if is_set(place) and said.last:
        return said.last, ()
    if place.cell and said.last and not place.left.strip(CELL):  # 男性 285227 51.7
        share = "占比" if "." in place.item.text else ""
        return said.last + share, ("label",) if share else ()
    if place.own.endswith(("其余", "剩余", "另有")) and said.last:
        return said.last, ("label",)
    listed = place.before and place.left.strip(CELL) in ("", "、")
    if listed and said.last and not place.behind[:1].strip("，,。；;、：:"):
        return said.last, ()
    if said.last and said.role != "target" and _FINISHED.fullmatch(place.left):
        return f"{without_stage(said.last)}完成", ("label",)
    if _PUPILS.fullmatch(own := clean(place.own)):
        return said.school + own, ()
    income = _PER_HEAD.search(said.last or said.before)
    if income and place.unit == "CNY" and _PEOPLE.fullmatch(own):
        return own + income.string[income.start() :], ()  # 人均收入3万元。其中，农民2万元
    label, doubts = _name(place, after, said.subject)
    if label and _AREAS.fullmatch(place.unit) and not label.endswith(place.unit):
        label += place.unit  # 4乡镇集中连片整村推进
    return (label, doubts) if label else (_work(place, said.subject, "")[0], ("label",))


def _way(place: Place) -> str:
    """What the name of an amount that something rose or fell by ends in."""
    if place.rate or not place.change:
        return ""
    return "减少" if _DOWN.search(place.change) else "增加"


# ---- the words beside a number ------------------------------------------------------------------


def _until_state(words: str) -> str:
    """Words behind a number up to those that say what became of what it counts."""
    stop = _BEHIND_END.search(words, 1)
    return words[: stop.start()] if stop else words


def _behind_noun(place: Place) -> str:
    """What the words behind a number name, if they name what it counts."""
    words = _SMALL.sub("", place.behind)
    front = _BEHIND_FRONT.match(words) or (_PAID_FOR.match(words) if place.unit == "CNY" else None)
    words = words[front.end() :] if front else words
    if not _NOUN_START.match(words) or (NO_NOUN.match(words) and not front):
        return ""
    noun = _until_state(words)
    name, state = clean(noun), _STATE.match(words, len(noun))
    return f"{state[1]}的{name}" if state and len(name) == 1 else name


def _own_noun(words: str) -> str:
    """What the words before a number name: behind the last adverb, if that says enough."""
    words = _FROM_VALUE.split(words[-60:], maxsplit=1)[0]
    pieces = [name for w in _BETWEEN.split(words) if (name := clean(w))]
    if pieces and (len(pieces) == 1 or len(pieces[-1]) > 2):
        return pieces[-1]
    stage = _STAGE.search(_DONE.sub("", words))
    return clean(_BETWEEN.sub("", words)) or (stage[0] if stage else "")


def _name(place: Place, after: Place | None, subject: str) -> tuple[str, tuple[str, ...]]:
    """The name of a figure that is no rate, and whether it is put together."""
    own, behind = _own_noun(place.own), "" if place.cell else _behind_noun(place)
    takes = _TAKES.search(place.own)
    did = _DID.match(place.behind) or (place.measured and not is_generic(own))
    if after and _AREAS.fullmatch(after.left):  # 8个县（市）区176个村的改造
        behind = _behind_noun(after) + re.sub(r"[（()）]", "", after.left)
    if not behind or (own and did and not takes):
        return _complete(place, _scoped(place, own), subject)
    verb = _KEEPS.search(place.own)
    if verb and not behind.startswith(verb[0]):
        behind = verb[0].removesuffix("了") + behind
    elif (is_generic(behind) or len(behind) < 3) and not is_generic(own) and place.own[-1] != "、":
        behind = joined(own, behind)
    return _complete(place, behind, subject)


def _complete(place: Place, name: str, subject: str) -> tuple[str, tuple[str, ...]]:
    """A name with the work it belongs to, where it says too little alone."""
    name = _MEANT.sub("", _SPENT.sub("", name))
    if place.unit == "CNY" and name and not _MONEY.search(name):
        name += "资金"
    core = _BUILT.sub("", name)
    if len(core) > 2 and core in place.head and len(name) < len(place.head):
        name = place.head
    enough = not is_generic(name) and name not in WHERE
    if enough and (len(name) > 2 or name not in place.topic):
        return shortened(name), ()
    work, near = _work(place, subject, name)
    return shortened(joined(work, name)), () if near else ("label",)


def _work(place: Place, subject: str, name: str) -> tuple[str, bool]:
    """The work that a figure belongs to, and whether its own sentence says so.

    It is named just before the figure or where the sentence starts, else elsewhere.
    """
    quoted = _PIECES.split(place.left)[:-1]
    for words in reversed([*quoted, *_BETWEEN.split(place.clauses[-1])[:-1]]):
        work = heading(words.partition("是")[0]) if names_work(words) else ""
        if len(work) > 2 and not is_generic(work):
            return work, True
    if subject and _STAGE.fullmatch(name):
        return subject, True
    if place.unit == "CNY" and place.before == place.left and (ahead := _ahead(place)):
        return ahead, True
    return place.head or subject or place.announced or place.topic, bool(place.head)


def _ahead(place: Place) -> str:
    """The work that money is spent on, where it is named behind it: 投资3亿元，新建学校."""
    words = _VERB_FIRST.match(place.right)
    name = clean(_until_state(place.right[1:])) if words else ""
    return "" if is_generic(name) else name


def _scoped(place: Place, name: str) -> str:
    """A name with 城镇 or 农村 where only the paragraph says whose income or spending it is."""
    if place.scope and _INCOME.match(name):
        return place.scope + name
    return name


# ---- rates, lists, and the items of a programme -------------------------------------------------


def _rate_name(place: Place, kind: str, said: _Said) -> tuple[str, tuple[str, ...]]:
    own = place.own
    if kind == "completion" and place.bracketed:
        own = going(_LISTED.split(place.left[:-1])[-1])
    if kind in ("completion", "growth"):
        name = clean(before_rate(own, kind))
        if is_generic(name):
            return (said.last, ()) if said.last else _complete(place, name, said.subject)
    else:
        name = clean(own)
        if name.startswith(("占", "高于", "低于")) and said.last and not place.inside:
            name = said.last + name  # of the men: 占总人口52.1%
    if not name and not place.inside:
        name = clean(_STOP.split(place.behind)[0])
    return _complete(place, _scoped(place, name), said.subject)


def _in_a_list(places: list[Place]) -> dict[int, str]:
    """Names for figures that one list gives them in its order: A、B分别为5万人和4万人."""
    found: dict[int, str] = {}
    for n, place in enumerate(places):
        if not ("分别" in place.own or (place.change and place.rate and "、" in place.own)):
            continue
        names = _AND.split(clean(before_rate(place.own.partition("分别")[0], "growth")))
        last = n + 1
        while last < len(places) and ALSO.fullmatch(places[last].left):
            last += 1
        if len(names) == last - n > 1:
            found |= dict(zip(range(n, last), _with_head(names), strict=True))
    return found


def _of_results(run: list[int], kind: str, own: str, said: _Said) -> dict[int, str]:
    """Names for a list of rates: those of as many results just before it."""
    names, rate = said.named[-len(run) :], clean(own.partition("分别")[0])
    if len(names) < len(run) or (kind == "" and not is_generic(rate.removesuffix("率"))):
        return {}
    rate = "" if kind else rate
    names = [_DOING.sub("", name) for name in names] if rate else names
    return {n: name + rate for n, name in zip(run, names, strict=True)}


def _with_head(names: list[str]) -> list[str]:
    """The names of a list, each with the head that only the last prints (工伤、生育保险人数)."""
    kinds = "保险|工程|项目|补助|补贴|资金|标准|培训|救助"
    head = re.search(f"(?:{kinds})?(?:参保)?(?:人数|资金|标准|..率)?$", names[-1])
    end = head[0] if head else ""
    return [name if name.endswith(end) else name + end for name in names]


def _programme_items(place: Place) -> str:
    """The name of a count of a programme's items (已完成19项), which names no thing."""
    behind = _STOP.split(place.behind)[0]
    if place.unit not in _ITEMS["units"] and not (place.unit == "个" and _ITEM.match(behind)):
        return ""
    listed = place.own.endswith("等") or "、" in place.own
    counted = _behind_noun(place), "" if listed else _NO_NAME.sub("", _own_noun(place.own))
    kinds = [kind for kind, said in _COUNTED.items() if said.search(place.own + behind)]
    if kinds and all(map(is_generic, counted)):
        return f"{max(kinds, key=len)}项目"
    named = _PROGRAMME.search(place.own + behind)
    return named[0] if named else ""
