"""3,000 made-up releases read, checked and turned into indicators: rate, growth and memory.

    python benchmarks/many_releases.py [COUNT]

The releases are Duji's figures of 2019 under other names, ten years to a district, so that each
is also held against those before it. CPU seconds and peak memory are printed after every sixth; the
time grows linearly if the seconds of each sixth are about the same. First comes one real release,
read and checked in a process that has just started, and again with the definitions read.
"""

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from livelihood import load
from livelihood.project.paths import find_project
from livelihood.release import observations

YEARS = 10


def made_up(project: Path, count: int) -> list[tuple[str, int]]:
    """A project of made-up districts with ten releases each; their names and years."""
    real = find_project()
    shutil.copytree(real / "data" / "census", project / "data" / "census")
    (project / "notebooks").mkdir()
    releases = []
    for number in range(-(-count // YEARS)):
        district = project / "data" / f"made_up_{number:04d}"
        shutil.copytree(real / "data/duji/reference", district / "reference")
        shutil.copy(real / "data/duji/region.toml", district)
        for year in range(2010, 2010 + YEARS):
            shutil.copytree(real / "data/duji/2019", district / str(year))
            figures = district / str(year) / "figures.csv"
            text = figures.read_text(encoding="utf-8").replace(",2019,", f",{year},")
            figures.write_text(text, encoding="utf-8")
            releases.append((district.name, year))
    return releases[:count]


def main(count: int = 3000) -> None:
    """Read, check and compute `count` releases, and print how it went."""
    with tempfile.TemporaryDirectory() as folder:
        releases = made_up(Path(folder), count)
        one_release()
        started = last = time.process_time()
        for done, (region, year) in enumerate(releases, start=1):
            release = load(region, year, project=Path(folder))
            release.findings  # noqa: B018 - computed when first asked for
            release.indicators  # noqa: B018 - computed when first asked for
            if done % max(count // 6, 1) == 0:
                now = time.process_time()
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"{done:5d} releases  {now - last:6.1f} s  peak {peak:5.0f} MB", flush=True)
                last = now
        seconds = time.process_time() - started
        print(f"{count / seconds:.0f} releases a second of one core")


def one_release() -> None:
    """How long reading and checking Duji's newest release takes, first and again."""
    for time_of in ("first", "again"):
        read_folder_now()
        started = time.process_time()
        load("duji", 2019).findings  # noqa: B018
        print(f"one release, {time_of}: {(time.process_time() - started) * 1000:.0f} ms")


def read_folder_now() -> None:
    """Forget the folders read, so that the files are read again."""
    observations._read_folder.cache_clear()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
