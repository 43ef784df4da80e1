"""How fast printed figures are read: cells a second, and seconds for a bulletin of 1 MB.

``python benchmarks/read_figures.py`` prints both, in processor time of one core. Every cell is
printed once only, so that nothing is gained from having met it; the words around the numbers are
those of real columns and do repeat. The bulletins are made of our own sentences with numbers drawn
at random: one as dense as a yearbook's, one as dense as a newspaper's report.
"""

from __future__ import annotations

import random
import time

from livelihood import parse_quantity
from livelihood.quantity.text.scan import scan

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


def main() -> None:
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
