"""What keeps things quick, told by what is imported: seconds are for the benchmarks, as ratios."""

import subprocess
import sys

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
