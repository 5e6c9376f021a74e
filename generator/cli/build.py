"""`clarion build`."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.group import EXIT_ERROR, EXIT_WITHOUT
from generator.cli.options import Common, common, jobs_option, without_option, zone_of
from generator.cli.progress import Progress
from generator.cli.show import say_problems
from generator.cli.summary import (
    Circumstances,
    echo_json,
    reason_lines,
    report_json,
    report_lines,
    spending_json,
    spending_lines,
    weight_lines,
)
from generator.model.report import Report

if TYPE_CHECKING:
    from generator.engine.executors import Executor
    from generator.work.explain.spending import Spending

_IN_SILENCE = 1.0
_IN_ALL = 60.0
"""Seconds to wait for another build, first without a word."""
_BUSY = "CL903"
_EXAMPLE = "dask://127.0.0.1:8786"
_CLUSTER = re.compile(r"dask://[^/\s:@]+:\d{1,5}|dask://\[[0-9A-Fa-f:.]+\]:\d{1,5}")
_OTHER = re.compile(r"(?!dask:)[a-z][a-z0-9+.-]*://\S*")


def _address(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is None or _CLUSTER.fullmatch(value) or _OTHER.fullmatch(value):
        return value
    raise _no_cluster(value)


def _no_cluster(address: str) -> click.BadParameter:
    message = f"{address!r} is no address of a cluster; write dask://HOST:PORT, such as {_EXAMPLE}."
    return click.BadParameter(message, param_hint="'--executor'")


@click.command("build")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write here instead of into output/ of the site.",
)
@click.option("--drafts/--no-drafts", default=False, help="Include drafts; needs --output.")
@click.option("--future/--no-future", default=False, help="Include scheduled texts; needs --output.")
@without_option
@click.option("--explain/--no-explain", default=False, help="Say of each output that was drawn which input changed.")
@click.option("--timings/--no-timings", default=False, help="Say where the time went, and what makes it less.")
@jobs_option
@click.option(
    "--executor",
    callback=_address,
    metavar="ADDRESS",
    help=f"Work on a Dask cluster, such as {_EXAMPLE}, or where a plugin knows its way.",
)
@common
def command(
    options: Common,
    output: Path | None,
    drafts: bool,
    future: bool,
    without: tuple[str, ...],
    explain: bool,
    timings: bool,
    jobs: int,
    executor: str | None,
) -> int:
    """Turn the site's texts into a folder that any web host can serve."""
    from generator.build import build
    from generator.engine.refusal import Refused

    _refuse_unpublished_in_default(options.site, output, drafts, future)
    target = output.resolve() if output else options.site / "output"
    first = not (target / ".clarion-output").exists()
    began = time.monotonic()
    left_out = tuple(in_site(path, options.site) for path in without)
    try:
        with Progress(time.monotonic, wanted=not options.json) as progress, _cluster(executor, options) as cluster:
            report = patiently(
                partial(
                    build,
                    options.site,
                    overrides=options.overrides,
                    now=options.now,
                    output=output.resolve() if output else None,
                    drafts=drafts,
                    future=future,
                    without=left_out,
                    strict=options.strict,
                    jobs=jobs,
                    executor=cluster,
                    explain=explain,
                    timed=timings,
                    clock=time.monotonic,
                    progress=progress,
                )
            )
    except Refused as refusal:
        report = Report(ok=False, problems=(refusal.problem,), output=str(target))
    code = exit_code(report.ok, report.without)
    zone = zone_of(options.site, options.overrides)
    facts = Circumstances(options.site, zone, options.now, time.monotonic() - began, first)
    spent = _spending(report, options) if timings else None
    if options.json:
        told = report_json(report, facts, code, explained=explain)
        echo_json({**told, **spending_json(spent)} if spent else told)
        return code
    say_problems(report.problems, options.site)
    for line in report_lines(report, facts):
        click.echo(line)
    for line in reason_lines(report) if explain else ():
        click.echo(line)
    for line in (*spending_lines(spent), *weight_lines(report)) if spent else ():
        click.echo(line)
    return code


@contextmanager
def _cluster(address: str | None, options: Common) -> "Iterator[Executor | None]":
    if address is None:
        yield None
        return
    from generator.config import load_config
    from generator.plugins import connect_to, load_plugins

    config, _ = load_config(options.site, options.overrides)
    plugins, problems = load_plugins(options.site, config) if config else (None, ())
    if plugins is None or any(problem.severity == "error" for problem in problems):
        # the build tells what is wrong with them
        yield None
        return
    connected = connect_to(address, plugins.plugins)
    if connected is None:
        raise _no_cluster(address)
    with connected as executor:
        yield executor


def patiently(build: Callable[..., Report]) -> Report:
    """The report of a build that waits for another one to end, and says so when that takes longer than a moment."""
    report = build(wait=_IN_SILENCE)
    busy = [problem.message for problem in report.problems if problem.code == _BUSY]
    if not busy:
        return report
    click.echo(f"{busy[0]}: waiting", err=True)
    return build(wait=_IN_ALL - _IN_SILENCE)


def _spending(report: Report, options: Common) -> "Spending | None":
    """Where the time went; None when the settings cannot be read, which the report tells."""
    from generator.config import load_config
    from generator.work.explain.costs import extension_costs
    from generator.work.explain.spending import spending

    config, _ = load_config(options.site, options.overrides)
    if config is None:
        return None
    texts = [each.name for each in report.profile.texts] if report.profile else []
    extensions, sample = extension_costs(options.site, config, texts, time.perf_counter)
    return spending(report, config, extensions, sample)


def exit_code(ok: bool, without: tuple[str, ...]) -> int:
    """1 while an error stands, 3 when something was left out by `--without`, else 0."""
    if not ok:
        return EXIT_ERROR
    return EXIT_WITHOUT if without else 0


def _refuse_unpublished_in_default(site: Path, output: Path | None, drafts: bool, future: bool) -> None:
    """What lies in the default folder gets published, so a draft must never get there."""
    if not drafts and not future:
        return
    default = (site / "output").resolve()
    if output is None or output.resolve() == default or default in output.resolve().parents:
        flag = "--drafts" if drafts else "--future"
        raise click.UsageError(
            f"{flag} shows what is not published, and {default.name}/ is what gets published. "
            "Give another folder with --output, or look at drafts with clarion serve."
        )


def in_site(path: str, site: Path) -> str:
    """A text as the site calls it (`content/posts/a.md`), named from the site's folder or from where you are."""
    for candidate in (site / path, Path(path).resolve()):
        if candidate.exists() and candidate.is_relative_to(site):
            return candidate.relative_to(site).as_posix()
    raise click.BadParameter(f"There is no file {path!r} in this site.", param_hint="'--without'")
