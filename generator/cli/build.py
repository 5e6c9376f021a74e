"""`clarion build`."""

import time
from pathlib import Path

import click

from generator.cli.group import EXIT_ERROR, EXIT_WITHOUT
from generator.cli.options import Common, common, zone_of
from generator.cli.progress import Progress
from generator.cli.show import say_problems
from generator.cli.summary import Circumstances, echo_json, report_json, report_lines


@click.command("build")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write here instead of into output/ of the site.",
)
@click.option("--drafts/--no-drafts", default=False, help="Include drafts; needs --output.")
@click.option("--future/--no-future", default=False, help="Include scheduled texts; needs --output.")
@click.option("--without", multiple=True, metavar="PATH", help="Leave this text out, whatever is wrong with it.")
@common
def command(options: Common, output: Path | None, drafts: bool, future: bool, without: tuple[str, ...]) -> int:
    """Turn the site's texts into a folder that any web host can serve."""
    from generator.build import build

    _refuse_unpublished_in_default(options.site, output, drafts, future)
    target = output.resolve() if output else options.site / "output"
    first = not (target / ".clarion-output").exists()
    began = time.monotonic()
    with Progress(time.monotonic, wanted=not options.json) as progress:
        report = build(
            options.site,
            overrides=options.overrides,
            now=options.now,
            output=output.resolve() if output else None,
            drafts=drafts,
            future=future,
            without=tuple(_in_site(path, options.site) for path in without),
            strict=options.strict,
            clock=time.monotonic,
            progress=progress,
        )
    code = exit_code(report.ok, report.without)
    zone = zone_of(options.site, options.overrides)
    facts = Circumstances(options.site, zone, options.now, time.monotonic() - began, first)
    if options.json:
        echo_json(report_json(report, facts, code))
        return code
    say_problems(report.problems, options.site)
    for line in report_lines(report, facts):
        click.echo(line)
    return code


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


def _in_site(path: str, site: Path) -> str:
    """A text as the site calls it (`content/posts/a.md`), named from the site's folder or from where you are."""
    for candidate in (site / path, Path(path).resolve()):
        if candidate.exists() and candidate.is_relative_to(site):
            return candidate.relative_to(site).as_posix()
    raise click.BadParameter(f"There is no file {path!r} in this site.", param_hint="'--without'")
