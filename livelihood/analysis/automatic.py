"""Indicators that every measure has without a definition, so that a new year needs none.

Of each measure that a release prints and that no written indicator uses: the result against its
target, its growth since the latest release that it may be compared with, and its amount a resident
(money) or per 10,000 residents. They are computed where their inputs are there, like all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from livelihood.display.messages import LANGUAGES, say
from livelihood.project.definitions import Definitions, Indicator, Measure

TARGET = "@target"  # marks the target of the same measure
COMPARABLE = "@comparable"  # marks the latest earlier figure of it that may be compared
RESIDENTS = "resident_population"
PER = 10_000  # residents
_ALREADY = re.compile("每|人均|户均|千人|万人")  # the printed name says that it is per head
_COUNTED = {"person", "person_time", "household", "couple", "home", "count"}
_NOT_PER_HEAD = {"programme", "population"}


def automatic_indicators(printed: Iterable[Measure], known: Definitions) -> dict[str, Indicator]:
    """The automatic indicators of the printed measures, by id."""
    used = {id for i in known.indicators.values() for id in i.input_ids}
    grown = {i.inputs["measure"][0] for i in known.indicators.values() if i.kind == "growth"}
    completed = {i.inputs["actual"][0] for i in known.indicators.values() if i.kind == "completion"}
    found: dict[str, Indicator] = {}
    for measure in printed:
        if measure.id not in completed:
            inputs = {"actual": (measure.id,), "target": (measure.id + TARGET,)}
            found |= _made(measure, "completion", inputs)
        if measure.id not in grown and measure.dimension not in ("change", "percentage_point"):
            inputs = {"measure": (measure.id,), "earlier": (measure.id + COMPARABLE,)}
            found |= _made(measure, "growth", inputs)
        if measure.id not in used and RESIDENTS in known.measures:
            found |= dict(_per_head(measure))
    return found


def _made(
    measure: Measure, kind: str, inputs: Mapping[str, tuple[str, ...]], per: int = 1
) -> dict[str, Indicator]:
    id = f"{measure.id}@{kind}"
    code = f"automatic_{kind}" if per == 1 else "automatic_per_10000"
    label = {lang: say(code, lang, name=measure.label[lang]) for lang in LANGUAGES}
    made = Indicator(id, measure.sector, kind, label, per, inputs=inputs, automatic=True)
    return {id: made}


def _per_head(measure: Measure) -> Iterator[tuple[str, Indicator]]:
    if measure.sector in _NOT_PER_HEAD or _ALREADY.search(measure.label["zh"]):
        return
    inputs = {"measure": (measure.id,), "population": (RESIDENTS,)}
    if measure.dimension == "money":
        yield from _made(measure, "per_head", inputs).items()
    elif measure.dimension in _COUNTED:
        yield from _made(measure, "per_head", inputs, PER).items()
