"""Made-up districts by the hundred: rate and memory of a run, first and last, and what it costs.

    python benchmarks/many_districts.py [COUNT] [--scheduler ADDRESS] [--jobs N]

The districts are Duji's release of 2019 under other names and codes: they are made up, and say so
in their names. All their pages are made by one `livelihood run`, on this machine or on a Dask
cluster. Printed are, for each tenth of the pages, the rate and the memory of the run and of its
zygote, then the size of the front of all districts, and hours for a country of 2,850 districts
on 2, 16 and 128 cores at the rate of a core here.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from livelihood.project.paths import find_project

COUNTRY = 2850  # districts and counties, about


def made_up(project: Path, count: int) -> None:
    """A project of `count` districts, ten to a city, with Duji's figures."""
    real = find_project()
    shutil.copytree(real / "notebooks", project / "notebooks")
    for shared in ("census", "definitions"):
        shutil.copytree(real / "data" / shared, project / "data" / shared)
    for number in range(count):
        district = project / "data" / f"made_up_{number:04d}"
        shutil.copytree(real / "data/duji/reference", district / "reference")
        shutil.copytree(real / "data/duji/2019", district / "2019")
        about = (real / "data/duji/region.toml").read_text("utf-8")
        about = re.sub('code = ".*"', f'code = "99{number // 10:02d}{number % 10:02d}"', about)
        about = about.replace("杜集区", f"虚构区{number}").replace("Duji", f"Made-up {number}")
        about = about.replace("安徽省淮北市", f"虚构市{number // 10}")
        about = about.replace("Huaibei, Anhui", f"Made-up City {number // 10}")
        (district / "region.toml").write_text(about, "utf-8")


def memory(pid: int) -> float:
    """MB of a process in memory."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def zygote_of(pid: int) -> int:
    """The zygote of a run: its child that is another program; the run itself without one."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [c for c in children if b"zygote" in Path(f"/proc/{c}/cmdline").read_bytes()]
    return int(found[0]) if found else pid


def follow(process: subprocess.Popen, tenth: int) -> int:
    """Print rate and memory after every tenth of the pages; returns how many were made."""
    done, last = 0, time.monotonic()
    for line in process.stderr:
        done += line.startswith("✓")
        if line.startswith("✗"):
            print(line, end="")
        if line.startswith("✓") and done % tenth == 0:
            now = time.monotonic()
            sizes = f"{memory(process.pid):5.0f} MB, zygote {memory(zygote_of(process.pid)):5.0f}"
            print(
                f"{done:5d} pages  {tenth / (now - last):5.2f} a second  run {sizes} MB", flush=True
            )
            last = now
    return done


def main() -> None:
    """Make the districts' pages and print how it went."""
    options = argparse.ArgumentParser()
    options.add_argument("count", type=int, nargs="?", default=100)
    options.add_argument("--scheduler", default="")
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = options.parse_args()
    words = ["--scheduler", asked.scheduler] if asked.scheduler else ["--jobs", str(asked.jobs)]
    with tempfile.TemporaryDirectory() as folder:
        made_up(Path(folder), asked.count)
        before, started = os.times(), time.monotonic()
        command = [sys.executable, "-m", "livelihood", "run", *words]
        process = subprocess.Popen(
            command, cwd=folder, stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL
        )
        pages = follow(process, max(1, asked.count))
        process.wait()
        wall, after = time.monotonic() - started, os.times()
        cpu = sum(after[2:4]) - sum(before[2:4])
        front = (Path(folder) / "reports/index.html").stat().st_size
    print(f"{pages} pages in {wall:.0f} s, {pages / wall:.2f} a second; front {front / 1e3:.0f} kB")
    print(f"here {cpu / pages:.2f} CPU s a page, publishing included")
    if not asked.scheduler:
        estimate(wall / pages * asked.jobs)


def estimate(seconds: float) -> None:
    """Hours for the country, if every core makes a page in so many seconds."""
    for cores in (2, 16, 128):
        hours = COUNTRY * 10 * seconds / cores / 3600
        print(f"{COUNTRY} districts, {cores:3d} cores: {hours:.1f} h")


if __name__ == "__main__":
    main()
