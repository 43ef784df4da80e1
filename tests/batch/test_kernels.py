"""Warm kernels: as fast as a fork, and otherwise what a stock kernel is."""

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient.exceptions import DeadKernelError
from nbformat import read as read_notebook
from nbformat import write as write_notebook
from nbformat.v4 import new_code_cell, new_notebook
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError

from livelihood.batch import engine, preload
from livelihood.batch.kernels import launch
from livelihood.batch.kernels.processes import children, sweep


def run_cells(*sources: str) -> list:
    """The code cells of a notebook of these sources, executed by plain papermill, errors or not."""
    notebook = new_notebook(cells=[new_code_cell(s) for s in sources])
    notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "-"}
    for cell in notebook.cells:
        cell.metadata.tags = ["raises-exception"]
    with TemporaryDirectory() as folder:
        out = f"{folder}/out.ipynb"
        with suppress(PapermillExecutionError):
            execute_notebook(notebook, out, progress_bar=False)
        executed = read_notebook(out, as_version=4)
    return [cell for cell in executed.cells if cell.cell_type == "code"]


def texts(*sources: str) -> list[str]:
    """What each cell prints."""
    return ["".join(o.get("text", "") for o in cell.outputs) for cell in run_cells(*sources)]


@pytest.fixture(scope="module", autouse=True)
def provisioner():
    """Our provisioner for whoever names none, as JUPYTER_DEFAULT_PROVISIONER_NAME sets it."""
    factory = KernelProvisionerFactory.instance()
    before, factory.default_provisioner_name = factory.default_provisioner_name, launch.NAME
    yield
    factory.default_provisioner_name = before


@pytest.fixture(scope="module")
def zygote():
    """One zygote for the tests of this module; nothing of it may be left afterwards."""
    before = children()
    with preload.kernels("warm"):
        (process,) = children() - before
        yield process
        assert children() >= {process}, "the zygote did not survive its kernels"
    assert children() == before


LOOK = """
import builtins, decimal, gc, locale, logging, os, random, signal, sys, threading, warnings
import matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd, seaborn as sns
import livelihood, livelihood.report.charts.drawing, livelihood.quantity.vocabulary
def state():
    return [
        os.getcwd(), sorted(os.environ.items()), sys.path, os.umask(os.umask(0)),
        sorted(matplotlib.rcParams.items(), key=str), plt.get_fignums(), pd.options.display.width,
        hasattr(builtins, "stain"), hasattr(livelihood, "stain"), sns.color_palette()[0],
        livelihood.quantity.vocabulary.UNITS.get("stain"), decimal.getcontext().prec,
        sys.getrecursionlimit(), signal.getsignal(signal.SIGTERM), logging.getLogger().level,
        len(warnings.filters), locale.setlocale(locale.LC_ALL), gc.isenabled(),
        threading.active_count(), sorted(k for k in globals() if k[0] != "_"),
        os.path.exists("/proc/self/fd/99"), livelihood.report.charts.drawing.WIDTH,
    ]
print(state())
"""
POLLUTE = """
os.chdir("/"); os.environ["STAIN"] = "1"; sys.path.insert(0, "/stain"); os.umask(0o77)
sns.set_theme(); plt.rcParams["figure.dpi"] = 7; plt.figure(); pd.options.display.width = 7
builtins.stain = livelihood.stain = stain = 1; livelihood.report.charts.drawing.WIDTH = 1
livelihood.quantity.vocabulary.UNITS["stain"] = 1
decimal.getcontext().prec = 3; sys.setrecursionlimit(5000); gc.disable(); os.dup2(1, 99)
signal.signal(signal.SIGTERM, signal.SIG_IGN); logging.getLogger().setLevel(10)
warnings.simplefilter("ignore"); random.seed(1); np.random.seed(1)
threading.Thread(target=__import__("time").sleep, args=(60,)).start()
"""


def test_a_kernel_killed_after_its_last_cell_says_by_what(zygote, tmp_path):
    ask = "get_ipython().kernel.shell_handlers['kernel_info_request']"
    dies = f"import os\n{ask} = lambda *_: os.kill(os.getpid(), 9)"
    notebook = new_notebook(cells=[new_code_cell(dies)])
    how = {"kernel_name": "python3", "engine_name": engine.Engine.name, "progress_bar": False}
    with pytest.raises(DeadKernelError, match="SIGKILL"):
        execute_notebook(notebook, str(tmp_path / "out.ipynb"), **how)


def test_a_warm_kernel_is_a_child_of_the_zygote_and_a_stock_one_is_not(zygote):
    parent = "import os\nprint(os.getppid())"
    assert texts(parent) == [f"{zygote}\n"]
    with launch.kernels("standard"):
        assert texts(parent) == [f"{os.getpid()}\n"]


def test_nothing_leaks_from_a_notebook_into_the_next(zygote):
    (before,) = texts(LOOK)
    assert "stain" not in before
    *_, polluted = texts(LOOK, POLLUTE, "print(state())")
    assert polluted != before
    assert texts(LOOK) == [before]


def test_each_kernel_has_its_own_chance(zygote):
    roll = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    first, second = (texts(roll)[0].split() for _ in range(2))
    assert not set(first) & set(second)


def plain(cell) -> list[str]:
    """Outputs without what differs between any two kernels: process ids, addresses, ids."""
    kept = [{k: v for k, v in o.items() if k != "execution_count"} for o in cell.outputs]
    text = re.sub(r"ipykernel_\d+|0x[0-9a-f]+|/tmp/\S+", "…", repr(kept))
    return re.sub(r'id="\w+|#\w+|<dc:date>[^<]*|xlink:href="#\w+', "…", text)


def test_outputs_are_those_of_a_stock_kernel(zygote):
    features = tomllib.loads(Path(__file__).with_name("fidelity.toml").read_text("utf-8"))
    warmed = run_cells(*features.values())
    with launch.kernels("standard"):
        stock = run_cells(*features.values())
    differ = {
        name: (plain(ours), plain(theirs))
        for name, ours, theirs in zip(features, warmed, stock, strict=True)
        if plain(ours) != plain(theirs)
    }
    assert differ == {}
    shown = dict(zip(features, warmed, strict=True))
    assert "image/png" in shown["picture"].outputs[0].data
    assert shown["error"].outputs[0].ename == "KeyError"


BUSY = """
import time
send = get_ipython().kernel.session.send
def slowly(stream, kind, *rest, **more):
    sent = send(stream, kind, *rest, **more)
    if kind == "execute_reply":
        time.sleep(60)
    return sent
get_ipython().kernel.session.send = slowly
"""


def test_a_kernel_that_is_ended_is_not_heard(zygote, tmp_path, capfd):
    """Not even one that has answered its last cell and is not at the end of it."""
    write_notebook(new_notebook(cells=[new_code_cell(BUSY)]), tmp_path / "busy.ipynb")
    with pytest.raises(PapermillExecutionError):
        engine.execute(tmp_path / "busy.ipynb", tmp_path / "done.ipynb", {}, tmp_path, 1, {})
    assert "Interrupt" not in capfd.readouterr().err


def test_a_process_that_forks_daemonises_and_threads_leaves_nothing(zygote):
    marker = f"livelihood-stray-{os.getpid()}"
    stray = f"exec -a {marker} sleep 300"
    texts(
        f"!setsid bash -c '({stray} & {stray} & wait) &' </dev/null >/dev/null 2>&1",
        "import os, time\nif not os.fork(): time.sleep(300)",
        "import threading; threading.Thread(target=time.sleep, args=(300,)).start()",
        f"import subprocess; subprocess.Popen(['bash', '-c', {stray!r}], start_new_session=True)",
    )
    deadline = time.monotonic() + 5
    while running(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running(marker) == []


def running(marker: str) -> list[str]:
    """The processes that have this in their command line."""
    return [
        p.parent.name
        for p in Path("/proc").glob("[0-9]*/cmdline")
        if marker.encode() in read(p) and p.parent.name != str(os.getpid())
    ]


def read(path: Path) -> bytes:
    """The bytes of a file that may go at any moment."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_dead_zygote_does_not_hang_its_client_and_stock_kernels_take_over():
    with preload.kernels("warm"):
        with pytest.raises(DeadKernelError):
            texts("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(60)")
        assert texts("import os\nprint(os.getppid())") == [f"{os.getpid()}\n"]


def test_kernels_go_when_their_owner_is_killed():
    marker = f"livelihood-orphan-{os.getpid()}"
    script = f"""
import os, sys
from livelihood.batch import preload
from livelihood.batch.kernels import launch
os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = launch.NAME
sys.path.insert(0, sys.argv[1])
from test_kernels import texts
with preload.kernels("warm"):
    texts("import subprocess\\nsubprocess.Popen(['sleep', '300'], start_new_session=True)\\n"
          "open({marker!r}, 'w').write(str(__import__('os').getpid()))\\nwhile True: pass")
"""
    process = subprocess.Popen([sys.executable, "-c", script, str(Path(__file__).parent)])
    flag = Path(marker)
    try:
        deadline = time.monotonic() + 30
        while not (flag.exists() and flag.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        kernel = int(flag.read_text())
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        flag.unlink(missing_ok=True)
    deadline = time.monotonic() + 5
    while Path(f"/proc/{kernel}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{kernel}").exists()


def test_sweep_kills_strays_and_spares_ours():
    ours, stray = (subprocess.Popen(["sleep", "60"]) for _ in range(2))
    spared = children() - {stray.pid}
    sweep(spared)
    assert children() == spared and ours.pid in spared
    ours.kill()
    ours.wait()
    stray.returncode = 0  # swept behind its back
