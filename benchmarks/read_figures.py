"""How fast printed figures are read, and how many of a text are found and read right.

    python benchmarks/read_figures.py [FOLDER]

prints cells a second and seconds for a bulletin of 1 MB, in processor time of one core; with a
FOLDER of labelled texts (see benchmarks/drafting.py), how many of their quantities the scanner
finds, and how many have the right value, bounds, unit, period and aggregation.

Every cell is printed once only, so that nothing is gained from having met it; the words around the
numbers are those of real columns and do repeat. The bulletins are made of our own sentences with
numbers drawn at random: one as dense as a yearbook's, one as dense as a newspaper's report.
"""

from __future__ import annotations

import csv
import random
import re
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

from livelihood import parse_quantity
from livelihood.quantity.text.scan import Item, scan

WORDS = [  # before, after, decimals
    ("", "亿元", 2),
    ("", "所", 0),
    ("", "%以上", 0),
    ("", "%", 1),
    ("", "余万元", 0),
    ("", "名", 0),
    ("", "万多平方米", 0),
    ("近", "万人", 0),
    ("", "万元", 2),
    ("约", "万人", 0),
    ("", "户", 0),
    ("", "千米", 0),
    ("", "余人次", 0),
    ("", "个", 0),
    ("超过", "万人次", 1),
    ("", "个百分点", 1),
]
DENSE = (
    "年末全市常住人口{}万人，比上年末增加{}人，城镇化率{}.5%，提高{}.2个百分点。",
    "全年粮食产量{}万吨，增长{}.3%；完成造林{}公顷，发电量{}亿千瓦时。",
    "2019年新建学校{}所、卫生室{}个，改造危房{}户，发放补助{}余万元，惠及近{}0人。",
)
PLAIN = (
    "全区坚持以人民为中心的发展思想，统筹推进教育、医疗、养老等各项事业，群众生活不断改善。",
    "深入实施民生工程，进一步完善城乡基础设施，改造农村道路{}公里，方便了群众出行。",
    "各部门通力协作，困难群众得到及时救助，累计发放资金{}万元，资助学生{}余人次。",
)


def cells(count: int, seed: int = 0) -> list[str]:
    """`count` printed figures, no two alike."""
    draw, made = random.Random(seed), {}
    while len(made) < count:
        before, after, decimals = draw.choice(WORDS)
        number = draw.randint(1, 999_999)
        made[f"{before}{number / 10**decimals:.{decimals}f}{after}"] = None
    return list(made)


def bulletin(sentences: tuple[str, ...], size: int, seed: int = 0) -> str:
    """A text of `size` bytes in UTF-8, or a little more."""
    draw, made, length = random.Random(seed), [], 0
    while length < size:
        sentence = draw.choice(sentences)
        numbers = [draw.randint(1, 9999) for _ in range(sentence.count("{}"))]
        made.append(sentence.format(*numbers) + "\n" * draw.randint(0, 1))
        length += len(made[-1].encode())
    return "".join(made)


def seconds(work) -> float:
    """The least processor time of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def near(number: Fraction | None, printed: str) -> bool:
    """Whether an end or a value is that of the labels, which are decimal and have no sign."""
    if number is None or not printed:
        return number is None and not printed
    return abs(abs(float(number)) - abs(float(printed))) <= 1e-9 * max(1, abs(float(printed)))


def right(item: Item, gold: dict[str, str]) -> dict[str, bool]:
    """What of a found quantity is as labelled; a natural limit stands for an open end."""
    quantity = item.quantity
    falls = quantity.value is not None and quantity.value < 0
    bounds = -quantity.bounds if falls else quantity.bounds
    low = None if bounds.low_origin == "natural" else bounds.low
    high = None if bounds.high_origin == "natural" else bounds.high
    found = {
        "value": quantity.value is None or near(quantity.value, gold["value"]),
        "bounds": near(low, gold["low"]) and near(high, gold["high"]),
        "unit": quantity.unit == gold["unit"],
    }
    return found | {
        "all three": all(found.values()),
        "period": item.period == gold["period"] or not gold["period"],
        "aggregation": item.aggregation in (gold["aggregation"], None),
    }


def count(folder: Path) -> Counter:
    """How many quantities of labelled texts are found, what of them is right, and false ones."""
    counts: Counter = Counter()
    for path in sorted((folder / "texts").glob("*.txt")):
        year = re.search(r"(?:19|20)\d\d", path.stem)
        items = scan(path.read_text(encoding="utf-8"), int(year[0]) if year else None)
        free = [item for item in items if item.kind == "quantity"]
        with (folder / "gold" / f"{path.stem}.csv").open(encoding="utf-8") as file:
            for gold in csv.DictReader(file):
                counts["labelled"] += 1
                start, end = int(gold["start"]), int(gold["end"])
                hit = next((i for i in free if i.start < end and start < i.end), None)
                if hit:
                    free.remove(hit)
                    counts["found"] += 1
                    counts.update(key for key, good in right(hit, gold).items() if good)
        counts["found, not labelled"] += len(free)
    return counts


def main() -> None:
    for folder in sys.argv[1:]:
        for what, number in count(Path(folder)).items():
            print(f"{what:20} {number}")
    column = cells(100_000)
    taken = seconds(lambda: [parse_quantity(cell) for cell in column])
    print(f"cells: {len(column) / taken:,.0f} a second")
    for name, sentences in (("yearbook", DENSE), ("report", PLAIN)):
        text = bulletin(sentences, 1_000_000)
        items = sum(1 for _ in scan(text))
        taken = seconds(lambda text=text: sum(1 for _ in scan(text)))
        print(f"1 MB, dense as a {name} ({items:,} items): {taken:.2f} s")


if __name__ == "__main__":
    main()
