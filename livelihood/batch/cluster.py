"""The same jobs on other machines: a running Dask cluster (extra ``cluster``).

Each job is sent with the files that its page is made from, so workers need this package and no
folder in common with us; what they make comes back as bytes and is published here. A lost worker
loses nothing: Dask gives its jobs to others. Addresses, TLS and its certificates are Dask's own
settings. A worker starts a zygote with its first job; every notebook runs in a kernel forked from
it, so what a notebook does to its process it does not do to the worker.
"""

from __future__ import annotations

import atexit
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from distributed import Client, Future, as_completed
from distributed.comm.addressing import parse_address
from distributed.comm.registry import get_backend

from livelihood.batch import plan, preload
from livelihood.batch.kernels import launch
from livelihood.batch.kernels.processes import LINUX, absent
from livelihood.batch.plan import Job
from livelihood.display.messages import DataError, Problem, say

with absent(*preload.FORMATS):  # on a worker nobody else has seen to it
    from livelihood.batch.make import Made, make, prepare
    from livelihood.batch.stage import folder_of

PATIENCE = 30  # seconds to wait for the scheduler, and for the first worker
AHEAD = 2  # jobs a thread that wait at the workers, so that none is idle


def run_on(
    address: str,
    jobs: list[Job],
    project: Path,
    stage: Path,
    limit: float,
    engine: str,
    tell: Callable[[list[Job]], None],
) -> Iterator[tuple[Job, Made]]:
    """Have the jobs done by the cluster at `address`; their files are put into the stage.

    `tell` hears what is under way. ``DataError`` if there is no scheduler or no worker.
    """
    with _connected(address) as client:
        window = AHEAD * max(1, sum(client.nthreads().values()))
        waiting, done = iter(jobs), as_completed(loop=client.loop)
        under_way: dict[Future, Job] = {}

        def submit() -> None:
            for job in islice(waiting, window - len(under_way)):
                future = client.submit(
                    _task,
                    job,
                    pack(project, job.edition.region),
                    plan.package(),
                    limit,
                    engine,
                    key=f"livelihood/{job.name}",
                    pure=False,
                )
                under_way[future] = job
                done.add(future)
            tell(list(under_way.values()))

        submit()
        for future in done:
            job = under_way.pop(future)
            made, files = _result(future, job)
            for name, content in files.items():
                path = folder_of(job, stage) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            submit()
            yield job, made


def _connected(address: str) -> Client:
    try:
        # A client that is given no address only says so when it is thrown away, a minute later.
        get_backend(parse_address(address, strict=True)[0])
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        words = {"address": address, "found": error}
        raise DataError([Problem("no_scheduler", "livelihood run", words=words)]) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        problem = Problem("no_workers", "livelihood run", words={"address": address})
        raise DataError([problem]) from None
    return client


def _result(future: Future, job: Job) -> tuple[Made, dict[str, bytes]]:
    """What came back; a job that kills every worker it is given to has failed.

    Asking waits: a result that was lost with its worker before we had it is made again.
    """
    try:
        return future.result()
    except Exception as error:
        return Made(job, 0.0, None, f"{type(error).__name__}: {error}"), {}


@lru_cache(maxsize=8)
def pack(project: Path, region: str) -> bytes:
    """The files that the pages of a region are made from, as a ZIP archive."""
    file = io.BytesIO()
    folders = ["notebooks", f"data/{region}", "data/census", "data/definitions"]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (p for f in folders for p in plan.files(project / f)):
            archive.write(path, path.relative_to(project).as_posix())
    return file.getvalue()


def _task(
    job: Job, files: bytes, package: str, limit: float, engine: str
) -> tuple[Made, dict[str, bytes]]:
    """On a worker: make one page; returns how it went and the files it consists of."""
    if plan.package() != package:
        return Made(job, 0.0, None, say("other_package")), {}
    with _SETTLING:
        _settle(engine)
        project = _unpacked(files)
    with TemporaryDirectory(prefix="livelihood-") as folder:
        made = make(job, Path(folder), Path(project.name), None, limit)
        return made, {n: path.read_bytes() for n, path in plan.edition_files(Path(folder)).items()}


@lru_cache(maxsize=2)
def _unpacked(files: bytes) -> TemporaryDirectory[str]:
    """A project on this worker: there while its pages are made, so that it is read once."""
    place = TemporaryDirectory(prefix="livelihood-")
    with zipfile.ZipFile(io.BytesIO(files)) as archive:
        archive.extractall(place.name)
    return place


_SETTLING = Lock()  # a worker may have several threads


@cache
def _settle(engine: str) -> None:
    """Once a worker: the world of its kernels, their zygote, and the exporter."""
    warm = engine == "warm" and LINUX
    address, _, stop = preload.start_zygote() if warm else launch.NO_ZYGOTE
    atexit.register(stop)
    here = {launch.ADDRESS: address, "IPYTHONDIR": launch.settings_folder(address)}
    os.environ.update(launch.KERNEL_WORLD | here)
    prepare()
