"""Spoiled files of every kind are read or refused with their problems; nothing else happens.

``HYPOTHESIS_PROFILE=ci`` gives 300 examples of each: every one writes a file and reads it.
"""

import io

import fuzz
import openpyxl
import pytest
import spoil
from conftest import DEFINED, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

FEW = settings(max_examples=300 if settings.default.max_examples > 200 else 60)
REGION = (ROOT / "data/duji/region.toml").read_bytes()
SOURCES = (ROOT / "data/duji/2019/sources.toml").read_bytes()
CORRECTION = (
    b'[rural_dibao_funds]\nsource = "s"\nlocator = "p1"\nwas = "1"\nbecomes = "2"\n'
    b'why = { zh = "x", en = "x" }\nby = "x"\n'
)
DEFINITION = (
    b'[made_up]\nsector = "health"\nkind = "share"\npart = "village_clinics"\nrest = ["made_up"]\n'
    b'dimension = "count"\nlabel = { zh = "x", en = "A" }\nper = 100\nrows = ["made_up"]\n'
)
SHEET = spoil.parts(spoil.rows(*fuzz.GOOD.split()))["xl/worksheets/sheet1.xml"].encode()
SHORT = b"""\0 \xff\xfe \xef\xbb\xbf , " ' [ ] { } = [] {} "" [[1]] < </c> <c> &x; ../..
1 -1 0 nan true 1e999 2020-01-01 r="XFD1048576" count="9999999999" """.split()
SIGNS = [*(sign.encode() for sign in "万近\u202e２"), "。".encode("gbk")]
BITS = st.sampled_from([b"", b"\n", b"\r", b"\t", b"9" * 100, *SHORT, *SIGNS])


def workbook():
    file, book = io.BytesIO(), openpyxl.Workbook()
    for line in fuzz.GOOD.split():
        book.active.append(line.split(","))
    book.save(file)
    return file.getvalue()


@st.composite
def spoiled(draw, good):
    """A good file with up to five slices of it replaced."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.integers(0, 12))
        data[start:end] = draw(BITS | st.binary(max_size=8))
    return bytes(data)


def test_good_files_are_read():
    assert fuzz.read_figures(
        fuzz.put("figures.csv", fuzz.GOOD.encode()), fuzz.SOURCES, fuzz.PROJECT, DEFINED
    )
    assert fuzz.read_figures(
        fuzz.put("figures.xlsx", workbook()), fuzz.SOURCES, fuzz.PROJECT, DEFINED
    )


@pytest.mark.parametrize(
    ("target", "good"),
    [
        (fuzz.csv_file, fuzz.GOOD.encode()),
        (fuzz.csv_file, fuzz.GOOD.encode("utf-16")),
        (fuzz.xlsx_file, workbook()),
        (fuzz.xlsx_sheet, SHEET),
        (fuzz.sources_file, SOURCES),
        (fuzz.corrections_file, CORRECTION),
        (fuzz.region_file, REGION),
        (fuzz.definition_file, DEFINITION),
        (fuzz.running_text, "近7万人，21.78亿元。".encode()),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_spoiled_files_are_read_or_refused(target, good):
    FEW(given(spoiled(good) | st.binary(max_size=80))(target))()
