"""What is fuzzed: each function takes bytes, reads them as one kind of file, and must not crash.

``test_fuzz.py`` beside it runs them with hypothesis. For a longer run, guided by coverage, install
atheris (it is not among the requirements of the tests) and say for how long::

    python tests/faults/fuzz.py -max_total_time=600
"""

import io
import shutil
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType

import spoil
from conftest import DEFINED, ROOT

from livelihood import DataError, QuantityError, parse_quantity
from livelihood.project.definitions import read_definitions
from livelihood.project.paths import read_region
from livelihood.quantity.text.scan import scan
from livelihood.release.observations import read_figures
from livelihood.release.sources import Source, read_corrections, read_sources

SOURCES = {"s": Source("s", "t", "p", "2020-01-01")}
GOOD = f"{spoil.HEADER}\n{spoil.ROW.replace('duji-2019', 's')}\n"
FOLDER = TemporaryDirectory()
PROJECT = Path(FOLDER.name)


def put(name, data):
    """A file of the project of the fuzz."""
    path = PROJECT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def told(read):
    """What is wrong may be said by problems alone, in both languages."""
    try:
        read()
    except DataError as error:
        assert error.text("zh") and error.text("en")


def csv_file(data):
    told(lambda: read_figures(put("figures.csv", data), SOURCES, PROJECT, DEFINED))


def xlsx_file(data):
    told(lambda: read_figures(put("figures.xlsx", data), SOURCES, PROJECT, DEFINED))


def xlsx_sheet(data):
    """The bytes are the XML of the sheet in a good archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in spoil.parts("").items():
            archive.writestr(name, data if name.endswith("sheet1.xml") else content)
    xlsx_file(file.getvalue())


def sources_file(data):
    told(lambda: read_sources(put("sources.toml", data), PROJECT))


def corrections_file(data):
    told(lambda: read_corrections(put("corrections.toml", data), PROJECT))


def region_file(data):
    put("data/duji/region.toml", data)
    told(lambda: read_region("duji", PROJECT))


def definition_file(data):
    """The bytes are a sector's definitions: they are read, or refused in words."""
    folder = PROJECT / "data" / "definitions"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "data" / "definitions" / "sectors.toml", folder)
    (folder / "health.toml").write_bytes(data)
    told(lambda: read_definitions(PROJECT))


def figure(data):
    text = data.decode("utf-8", "replace")
    try:
        parse_quantity(text)
    except QuantityError as error:
        assert error.message("zh") and error.message("en")


def running_text(data):
    list(scan(data.decode("utf-8", "replace"), 2019))


TARGETS = (
    csv_file,
    xlsx_file,
    xlsx_sheet,
    sources_file,
    corrections_file,
    region_file,
    definition_file,
    figure,
    running_text,
)


def one(data):
    """The first byte chooses what the others are."""
    if data:
        TARGETS[data[0] % len(TARGETS)](data[1:])


if __name__ == "__main__":
    import atheris

    for name, module in list(sys.modules.items()):
        for each in vars(module).values() if name.startswith("livelihood") else ():
            if isinstance(each, FunctionType) and each.__module__ == name:
                atheris.instrument_func(each)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
