"""What a figure of running text is to its measure: result, target, plan, rate or change.

Told by the words before it (完成率, 增长, 任务), by what stands beside it (126条…已完成120条(95%)
is a target, its result and the completion), and by a text that lists what is yet to be done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from livelihood.quantity.text.phrases import NUMBERING, WORDS, without_end
from livelihood.quantity.text.places import CELL, Place

_ROLE = WORDS["role"]
_COMPLETION, _GROWTH = re.compile(_ROLE["completion"]), re.compile(_ROLE["growth"])
_TARGET, _LASTING = re.compile(_ROLE["target"]), re.compile(_ROLE["target_lasting"])
_REACHED, _DONE = re.compile(_ROLE["reached"]), re.compile(_ROLE["done"])
_PLANNED, _GOING = re.compile(_ROLE["planned"]), re.compile(_ROLE["going"])
_HINT = re.compile("[标务划计争保拟要取届]|将")  # of any word for a target
_AHEAD = re.compile("[^，。；,;]{0,16}")
_TASK_AHEAD = re.compile("(?!、?占)[^，。；,;已（(]{0,8}(?:任务|目标)")
# A task beside its result, and the rate behind it: 80套（目标100套），完成80%;
# 60人，完成任务50人的120%.
_TASK = re.compile(
    "[，,（(](?:已?完成|占|为|达到?)?(?:全年|年度|年|省|市|县|区|定|既定|上级|下达)*"
    "(?:目标|任务|计划)(?:任务|目标|总?数|量)*(?:的|为|是)?"
)
_RATE_OF_TASK = re.compile("的|[）)][，,]?(?:已?完成|完成率|占)(?:率|比)?(?:为|达到?)?")
_OF_TASK = re.compile("完成(?:全年|年度|省定|市定|既定)?\x00*$")
_PROGRAMME = re.compile(WORDS["items"]["programme"])
_STATED = re.compile(
    "[^，,：:；;（(已]*[，,](?:现|目前|截至目前|至今)*已(?:经|提前|超额|全部|累计)*(?:完成|建成|新增|新建|完工|竣工)(?:了|投放)?"
    "|[^，,：:；;（(已]{2,}[，,](?:现|目前|截至目前|至今)*已(?:经|提前|超额|全部|累计)*[^，,：:；;（(已]{2}"
)
_TASK_LIST = re.compile("(?:目标|任务|计划)[:：][^。；;：:]*$")  # 目标任务：开工5个，完工3个
_TO_COME = re.compile(
    "((?:力争|确保|预计|拟|争取|(?<!年度)计划)[^，。；已]{0,6})(?:完成|建成|竣工|完工|新?开工|动工)"
)
_FROM_OTHERS = re.compile("序时|平均|[高低]于(?![上去]年|\x00)|超(?!过)")
_PAUSE = re.compile("[，,：:；;]")
_THAN = re.compile("[，,]?(?:比|较|同比|环比).{0,8}$")
_PLAN_PART = re.compile(
    rf"^[ \u3000]*((?:{NUMBERING.pattern})?)(?![^，。：:\n]*(?:情况|完成|进展|总结|回顾|成效))"
    rf"(?:{_ROLE['plan_part']})[^，。；;：:\n]{{0,12}}(?:$|([：:，,。]|(?<=[，,])))",
    re.MULTILINE,
)
_SAME_LEVEL = {
    "、": "^[ \u3000]*[一二三四五六七八九十]+、",
    "）": "^[ \u3000]*[（(]",
    ")": "^[ \u3000]*[（(]",
}
_LEVEL = re.compile("[，,]?(?:总[数量额]|累计|总共)?(?:达到?|增加?[至到]|升[至到])了?")
_RISE = re.compile("新增|净增|增加(?:了|人数)?$")
_OPENING = 200  # characters in which a text says what it is
NO_NOUN = re.compile(_ROLE["no_noun"])


def is_plan(title: str, text: str) -> bool:
    """Whether a text lists what is yet to be done.

    >>> is_plan("2024年民生实事实施方案", ""), is_plan("2024年民生实事完成情况", "")
    (True, False)
    """
    if re.search(_ROLE["plan_title"], title) and not re.search("完成|进展|落实情况", title):
        return True
    reported = len(re.findall(_ROLE["report_text"], text))
    if not reported and re.search(_ROLE["plan_opening"], text[:_OPENING]):
        return True
    return len(re.findall(_ROLE["plan_text"], text)) >= max(1, reported)


def planned_parts(text: str) -> list[range]:
    """Where a report says what is yet to be done: below such a heading, or in such a paragraph.

    >>> planned_parts("二、下一步打算\\n新建公厕3座。\\n三、经费\\n5万元。")
    [range(0, 16)]
    """
    parts = []
    for match in _PLAN_PART.finditer(text):
        numbered, whole_line = match[1], match[2] is None
        ends = _SAME_LEVEL.get(numbered[-1:], "$(?!\n)") if whole_line else "$"
        end = re.compile(ends, re.MULTILINE).search(text, match.end())
        parts.append(range(match.start(), end.start() if end else len(text)))
    return parts


def role(place: Place, after: Place | None, planned: bool) -> str:
    """``target``, ``planned``, ``completion``, ``growth``, or empty for a result.

    `after` is the next figure of the sentence; `planned` of a text that lists what is to be done.
    """
    if place.rate:
        return _role_of_rate(place, without_end(place.own), planned)
    if after and is_reported(place, after) and not _DONE.search(place.own):
        return "target"
    if place.unit == "CNY" and _PLANNED.search(without_end(place.own)):
        return "planned"
    return "target" if planned or _is_target(place) else ""


def _role_of_rate(place: Place, own: str, planned: bool) -> str:
    if place.unit == "percentage-point":  # a difference: from before, if not from another thing
        return "" if _FROM_OTHERS.search(own) else "growth"
    if _COMPLETION.search(own) or _COMPLETION.search(place.own):
        return "completion"
    if place.change or _GROWTH.search(own):
        return "growth"
    if place.alone:
        return "completion"
    if place.bracketed:
        return "completion"
    return "target" if planned or _is_target(place) else ""


def _is_target(place: Place) -> bool:
    if not _HINT.search(place.before) and not _HINT.search(place.behind):
        return False
    if _TASK_LIST.search(place.before):
        return True
    own = _TO_COME.sub(r"\1", _REACHED.sub("", place.own))
    behind = _REACHED.sub("", place.behind)
    if _TASK_AHEAD.match(behind) and (not _DONE.search(own) or is_set(place)):
        return True
    ahead = match[0] if (match := _AHEAD.match(behind)) else ""
    if "预计" in ahead or "力争" in ahead:
        return True
    if "全部" in ahead or "已" in ahead:
        return False
    if _DONE.search(own) or _TARGET.search(own):
        return _last(_TARGET, own) > _last(_DONE, own)
    before = _REACHED.sub("", place.before)
    return _last(_LASTING, before) > _last(_DONE, before)


def is_task(place: Place, before: Place) -> bool:
    """Whether a number is the task of the result that stands just before it."""
    same = place.unit == before.unit and not before.rate
    return same and bool(_TASK.fullmatch(place.left))


def is_rate_of_task(place: Place) -> bool:
    """Whether a share behind a task is how far it was done."""
    return place.rate and bool(_RATE_OF_TASK.fullmatch(place.left))


def is_set(place: Place) -> bool:
    """Whether a number is the task that a rate is of: 完成全年23万人目标任务的95.17%."""
    return bool(_OF_TASK.search(place.own) and _TASK_AHEAD.match(place.behind))


def risen_to(place: Place, before: Place, name: str) -> str:
    """What the level is called that a rise named `name` led to: 新增3万人，达到56万人."""
    if place.unit != before.unit or not _LEVEL.fullmatch(place.left):
        return ""
    return _RISE.sub("", name) if before.change or _RISE.search(name) else ""


def _last(pattern: re.Pattern[str], words: str) -> int:
    return max((match.end() for match in pattern.finditer(words)), default=-1)


def is_reported(place: Place, after: Place) -> bool:
    """Whether a number and the next are target and state of one thing: 6个…已完成5个, …(90%)."""
    behind = place.behind
    if not behind or NO_NOUN.match(behind):
        return False
    if _STATED.fullmatch(behind):  # 80个便利店，现已完成93个
        return place.unit == after.unit and not place.inside
    if _PAUSE.search(behind):
        return False
    if _PROGRAMME.match(behind):  # 30项民生实事已完成18项: what is done is counted, no amount of it
        return False
    same = place.unit == after.unit and not place.inside
    state = _GOING.search(behind, 2)
    if state is None or "、" in behind[state.end() :]:  # 2条已完工、1条在建
        return False
    return same or (after.rate and after.inside)


def is_task_of(row: Sequence[Place]) -> bool:
    """Whether three figures are a task, what was done, and that as a rate of the task."""
    if len(row) < 3 or row[0].rate or row[0].unit != row[1].unit or _DONE.search(row[0].own):
        return False
    rated = row[2].alone and not row[1].left.strip(CELL)
    if not rated and role(row[2], None, False) != "completion":
        return False
    task, done, rate = (p.item.quantity for p in row)
    if not (task and done and rate and task.value and done.value and rate.value):
        return False
    return abs(done.value / task.value - rate.value) <= Fraction(1, 100)


def going(words: str) -> str:
    """Words up to those that say that work is under way or done (正在, 已)."""
    return _GOING.split(words, maxsplit=1)[0]


def before_rate(words: str, kind: str) -> str:
    """What the words before a rate name, without those that make it one (完成率, 同比增长)."""
    if kind == "completion":
        match = _COMPLETION.search(words)
        return words[: match.start()] if match else words
    words = without_end(words)
    match = _GROWTH.search(words)
    words = words[: match.start()] if match else words
    return _THAN.sub("", words)
