"""The command line: ``livelihood run``, ``check``, ``new``, ``parse``, ``audit``, ``lab``."""

from __future__ import annotations

import os
import signal
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click import Choice, IntRange, argument, option

from livelihood.batch import run as batch
from livelihood.batch.plan import REPORTS, SINGLE, How, Plan
from livelihood.display.characters import visible
from livelihood.display.messages import LANGUAGES, DataError, Problem, message_language, say
from livelihood.project.paths import INDEX, editions, find_project, passed_over, read_pages, regions

if TYPE_CHECKING:
    from livelihood.batch.make import Made
    from livelihood.quantity.parse import Quantity

_BOTH = Choice([*LANGUAGES, "both"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def tell(text: str, err: bool = False) -> None:
    """Print for a person; what a terminal would obey is shown by its number instead."""
    click.echo("\n".join(map(visible, text.split("\n"))), err=err)


class _Main(click.Group):
    """The commands; bad input ends any of them with its problems and exit status 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except DataError as error:
            tell(error.text(), err=True)
        except tomllib.TOMLDecodeError as error:  # all others are told by messages of this file
            tell(f"display/messages-….toml: {error}", err=True)
        ctx.exit(2)


@click.group(cls=_Main)
@click.version_option(package_name="livelihood")
def main() -> None:
    """民生工程数字：清理、算指标、成页。 Livelihood-project figures: clean, compute, share."""


@main.command()
@option("--region", help="地区文件夹名 / a folder of data/ (default: all)")
@option("--year", type=int, help="年度 / a release (default: the newest)")
@option("--sector", "sectors", multiple=True, help="只做这些页 / only these pages")
@option(
    "--language", type=_BOTH, help="页面语言 / language of the pages (default: the region's own)"
)
@option(
    "--output",
    type=click.Path(path_type=Path),
    help="发布到别的文件夹 / publish in another folder (default: reports/ of the project)",
)
@option("--single-file", is_flag=True, help="另存为一个文件 / one more file with all pages in it")
@option("--jobs", type=IntRange(1, 256), help="同时做几页 / pages at a time (default: cores)")
@option(
    "--engine",
    type=Choice(["warm", "standard"]),
    default="warm",
    help="内核：预热分叉或标准 / kernels: forked warm, or stock",
)
@option(
    "--timeout",
    type=IntRange(1, 86_400),
    default=600,
    help="每个笔记本的秒数上限 / seconds a notebook may take (default: 600)",
)
@option("--scheduler", help="在 Dask 集群上执行 / run on a Dask cluster, as tcp://host:8786")
@option(
    "--strict",
    is_flag=True,
    help="不估读“近”“约”等词 / leave open what nearly, about and the like do not say",
)
@option("--force", is_flag=True, help="不论新旧全部重做 / make every page again")
@option(
    "--allow-partial",
    "partial",
    is_flag=True,
    help="有页面失败也发布其余 / publish the rest where pages fail",
)
@option("--why", is_flag=True, help="说明为何重做 / say why pages are made again")
def run(
    region: str | None,
    year: int | None,
    sectors: tuple[str, ...],
    language: str | None,
    output: Path | None,
    strict: bool,
    why: bool,
    **how: Any,
) -> None:
    """执行笔记本并发布页面。 Execute the notebooks and publish their pages."""
    if language in LANGUAGES:
        os.environ["LIVELIHOOD_LANGUAGE"] = language
    if INDEX in sectors:  # it is made with any page
        words = {"found": INDEX, "expected": ", ".join(read_pages(find_project()))}
        raise DataError([Problem("no_sector", "livelihood run", words=words)])
    with _ending():
        project, asked = find_project(), How(**how)
        reports = output.absolute() if output else project / REPORTS
        for folder in passed_over(project):
            tell(say("passed_over", found=folder), err=True)
        wanted = editions(project, region, year, language, strict)
        pages = dict.fromkeys(sectors) or read_pages(project)
        tell_plan = _say_why if why else lambda todo: None
        todo, made = batch.run(project, reports, wanted, pages, asked, _say_who_runs, tell_plan)
        _say_end(todo, made, asked, batch.shown(reports, project))


@contextmanager
def _ending() -> Iterator[None]:
    """Within it what stops a run gets its message and its exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clear up as after Ctrl-C
    try:
        yield
    except OSError as error:  # a full disk, a folder that may not be written
        tell(say("run_broken", error=error), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        tell(say("run_stopped"), err=True)
        sys.exit(130)


def _say_who_runs(process: str, since: str) -> None:
    tell(say("run_waits", process=process, since=since), err=True)


def _say_why(todo: Plan) -> None:
    """Why each page is made again."""
    lines = [
        say("why", name=each.job.name, reasons=say("between").join(each.why) or say("why_new"))
        for each in todo.stale
    ]
    tell("\n".join(lines) or say("nothing_stale"))


def _say_end(todo: Plan, made: list[Made], how: How, reports: str) -> None:
    """What became of the pages; exit status 1 if some failed."""
    if taken := sum(page.taken_over for page in made):
        tell(say("run_taken_over", count=taken))
    if failed := sum(bool(page.error) for page in made):
        tell(say("run_partial" if how.partial else "run_kept", count=failed), err=True)
        sys.exit(1)
    if todo.fresh:
        tell(say("run_fresh", count=len(todo.fresh)))
    tell(say("run_ready", path=f"{reports}/index.html"))
    if how.single_file:
        tell(say("run_ready", path=f"{reports}/{SINGLE}"))


@main.command()
@option("--region", help="地区文件夹名 / a folder of data/ (default: all)")
@option("--year", type=int, help="年度 / a release (default: the newest)")
@option("--language", type=_BOTH, help="语言 / language")
def export(region: str | None, year: int | None, language: str | None) -> None:
    """写出 CSV、数据包和工作簿。 Write CSV, a data package and a workbook; runs no notebook."""
    with _ending():
        project = find_project()
        wanted = editions(project, region, year, language)
        for path in batch.export(project, project / REPORTS, wanted, _say_who_runs):
            tell(say("exported", path=f"{REPORTS}/{path.as_posix()}"))


@main.command()
@option("--region", help="地区文件夹名 / a folder of data/ (default: all)")
@option("--year", type=int, help="年度 / a release (default: all)")
def check(region: str | None, year: int | None) -> None:
    """把数字互相核对。 Hold the figures against each other; exit 1 on bad data, else 0."""
    from livelihood.display.plaintext import text_table

    project, language = find_project(), message_language()
    try:
        from livelihood.analysis.frames import finding_words
        from livelihood.analysis.release import check_all  # it reads the words of units
        from livelihood.release.scaffold import to_look_at

        found, problems = check_all(project, region, year)
    except DataError as error:
        found, problems = {}, list(error.problems)
    for name, (release, findings) in found.items():
        tell(say("checked", name=name, count=len(findings)))
        if findings:
            columns = [say(c) for c in ("verdict", "check", "left", "right")]
            each = (finding_words(f, language, release.definitions) for f in findings)
            rows = [(verdict, *map("\n".join, cells)) for verdict, *cells in each]
            tell(text_table(columns, rows))
        if looks := to_look_at(project, release.region.id, release.year):
            tell(say("to_look_at", name=name) + "\n" + DataError(looks).text())
    if problems:
        tell(DataError(problems).text(), err=True)
        sys.exit(1)


@main.command()
@argument("year", type=int, required=False)
@option("--region", help="地区文件夹名 / a folder of data/")
@option("--code", help="新地区的 GB/T 2260 代码 / code of a new district")
@option("--sector", help="新领域的代号 / the id of a new sector")
@option("--label", help="新领域的名称 / its name in Chinese")
@option("--label-en", help="英文名称 / its name in English")
@option("--xlsx", is_flag=True, help="写成工作簿 / write a workbook")
@option("--update", is_flag=True, help="只补缺少的行 / add only the rows that are not there")
@option(
    "--from",
    "bulletin",
    type=_FILE,
    help="从公报起草：txt、html、docx、pdf、xlsx、csv / draft from a bulletin",
)
def new(
    year: int | None,
    region: str | None,
    code: str | None,
    sector: str | None,
    label: str | None,
    label_en: str | None,
    xlsx: bool,
    update: bool,
    bulletin: Path | None,
) -> None:
    """新建年度、地区或领域。 Start a year, a district with --code, or a sector with --sector."""
    project = find_project()
    if sector is not None:
        from livelihood.project.sectors import new_sector

        names = {"zh": label or sector, "en": label_en or sector.replace("_", " ").capitalize()}
        files = new_sector(project, sector, names)
        _say_written(project, files, say("next_sector", sector=sector))
        return
    region = _only_region(project) if region is None else region
    if code is not None:
        from livelihood.release.scaffold import new_region

        path = new_region(project, region, code)
        _say_written(project, [path], say("next_region", region=region))
    if year is not None:
        _start_year(project, region, year, bulletin, xlsx, update)
    elif code is None:
        raise DataError([Problem("need_year", "livelihood new")])


def _only_region(project: Path) -> str:
    known = regions(project)
    if len(known) != 1:
        words = {"expected": ", ".join(known)}
        raise DataError([Problem("need_region", "livelihood new", words=words)])
    return known[0]


def _start_year(
    project: Path, region: str, year: int, bulletin: Path | None, xlsx: bool, update: bool
) -> None:
    from livelihood.release.scaffold import new_draft, new_release

    how = {"workbook": xlsx, "update": update}
    if bulletin is None:
        started = new_release(project, region, year, **how)
    else:
        started = new_draft(project, region, year, bulletin, **how)
    for words in started.words:
        tell(words)
    following = say("next_draft" if bulletin else "next_year", region=region, year=year)
    _say_written(project, started.files, following)


def _say_written(project: Path, files: Iterable[Path], following: str) -> None:
    """Which files were written, and what comes next."""
    for path in files:
        tell(say("wrote", path=path.relative_to(project).as_posix()))
    tell(following)


@main.command()
@argument("texts", nargs=-1, required=True)
@option("--dimension", help="量纲，如 person / what it measures, such as share")
@option("--strict", is_flag=True, help="不用约定的界限 / open the ends that are conventions")
def parse(texts: tuple[str, ...], dimension: str | None, strict: bool) -> None:
    """读出印出的数量。 Read printed quantities: "10万多平方米"."""
    from livelihood.display.plaintext import text_table
    from livelihood.quantity.parse import QuantityError, parse_quantity
    from livelihood.quantity.vocabulary import DIMENSIONS

    if dimension and dimension not in DIMENSIONS:
        known = {lang: say("names_all", lang, names=", ".join(DIMENSIONS)) for lang in LANGUAGES}
        words = {"found": dimension, "expected": known}
        raise DataError([Problem("unknown_word", "--dimension", words=words)])
    rows, problems = [], []
    for text in texts:
        try:
            rows.append(_quantity_row(parse_quantity(text, dimension, strict=strict)))
        except QuantityError as error:
            problems.append(error.message(message_language()))
    if rows:
        columns = ("printed", "value_alone", "reads", "ends", "unit", "qualifier")
        tell(text_table([say(c) for c in columns], rows))
    if problems:
        tell("\n".join(problems), err=True)
        sys.exit(2)


def _quantity_row(quantity: Quantity) -> list[str]:
    from livelihood.display.format import bounds_words
    from livelihood.quantity.vocabulary import label

    language = message_language()
    value = "" if quantity.value is None else f"{float(quantity.value):,.12g}"
    ends = (o and label(o, language) for o in (quantity.low_origin, quantity.high_origin))
    return [
        quantity.text,
        value,
        bounds_words(quantity.bounds, quantity.unit, language),
        " / ".join(end or "—" for end in ends),
        quantity.unit,
        label(quantity.qualifier, language),
    ]


@main.command()
@argument("file", type=_FILE)
@option("--region", required=True, help="地区文件夹名 / a folder of data/")
@option("--year", type=int, required=True, help="年度 / a release")
def audit(file: Path, region: str, year: int) -> None:
    """拿原文核对一年的数字。 Hold a source's text against a release; exit 1 if they differ."""
    from livelihood.analysis.release import load
    from livelihood.release.audit import Row, render
    from livelihood.release.audit import audit as hold
    from livelihood.release.documents.document import read_document

    figures = load(region, year).figures
    rows = [Row(f.measure.id, f.printed, f.period.text, f.locator) for f in figures]
    result = hold(read_document(file).text, rows, year)
    tell(render(result, message_language()))
    sys.exit(0 if result.complete else 1)


@main.command(context_settings={"ignore_unknown_options": True})
@option("--language", type=Choice(LANGUAGES), help="菜单语言 / language of the menus")
@argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(language: str | None, options: tuple[str, ...]) -> None:
    """打开 JupyterLab。 Open JupyterLab on the notebooks; OPTIONS are handed on to it."""
    from livelihood.lab import open_lab

    open_lab(find_project(), language or message_language(), options)
