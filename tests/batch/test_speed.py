"""What keeps things quick, told by what is imported: seconds are for the benchmarks, as ratios."""

import subprocess
import sys
from collections import OrderedDict
from fcntl import F_SETPIPE_SZ, fcntl
from multiprocessing import Pipe

from livelihood.analysis.release import read_edition
from livelihood.batch import preload
from livelihood.batch.kernels import launch
from livelihood.project import files
from livelihood.project.paths import Edition

IMPORTS = """
import sys
import livelihood as lv
before = {"pandas", "matplotlib", "papermill", "nbconvert", "IPython"} & set(sys.modules)
lv.load("duji", 2019).indicators
after = {"matplotlib", "seaborn", "papermill", "nbconvert", "IPython"} & set(sys.modules)
print(sorted(before), sorted(after))
"""


def test_importing_the_package_reads_no_library_and_loading_a_release_draws_nothing():
    command = [sys.executable, "-c", IMPORTS]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[] []"


RUN = """
import sys
from livelihood.analysis.release import load
from livelihood.batch import execute, publish
from livelihood.site.export import export
from livelihood.site.front import front_body
release = load("duji", 2019)
front_body(release), export(release)
print("pandas" in sys.modules)
"""


def test_a_run_and_its_fronts_do_without_pandas():
    answer = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


ZYGOTE = """
import sys
from pathlib import Path
from livelihood.analysis import release
from livelihood.batch import preload
from livelihood.batch.kernels.zygote import Connection, preload as start
from livelihood.project.paths import Edition
read, real = [], release._read
release._read = lambda *words: (read.append(words), real(*words))[1]
start((), "", preload.WARM_UP, sys.argv[2], Connection(int(sys.argv[1]), writable=False))
found = release.read_edition(Edition("duji", 2019, "zh"), Path.cwd())
print(len(read), found.figure("town_culture_stations").printed)
"""


def test_a_zygote_takes_what_its_run_has_read_and_reads_what_has_changed_since(
    project, monkeypatch
):
    monkeypatch.setattr(files, "_kept", OrderedDict())  # nothing of the tests before
    edition, figures = Edition("duji", 2019, "zh"), project / "data/duji/2019/figures.csv"
    read = preload.read_for(read_edition(edition, project))

    def said(*given: object) -> str:
        takes, gives = Pipe(duplex=False)
        with takes, gives:
            fcntl(gives, F_SETPIPE_SZ, launch.ROOM)
            for each in given:
                launch._give(gives, each)
            fd = takes.fileno()
            command = [sys.executable, "-c", ZYGOTE, str(fd), preload.ahead(project, edition)]
            how = {"capture_output": True, "text": True, "check": True, "pass_fds": [fd]}
            return subprocess.run(command, **how).stdout

    old = read_edition(edition, project).figure("town_culture_stations").printed
    assert said() == f"1 {old}\n"  # nothing was left for it
    assert said(read) == f"0 {old}\n"
    assert said("x" * launch.ROOM) == f"1 {old}\n"  # what does not fit is not sent
    figures.write_text(figures.read_text("utf-8").replace(f",{old},", f",1{old},", 1), "utf-8")
    assert said(read) == f"1 1{old}\n"
