"""`clarion check`."""

import time
from functools import partial

import click

from generator.cli.build import exit_code, in_site, patiently
from generator.cli.options import Common, common, jobs_option, without_option, zone_of
from generator.cli.progress import Progress
from generator.cli.show import say_problems
from generator.cli.summary import Circumstances, check_json, check_lines, echo_json


@click.command("check")
@click.option("--drafts/--no-drafts", default=False, help="Look at drafts as if they were published.")
@click.option("--future/--no-future", default=False, help="Look at scheduled texts as if they were out.")
@without_option
@jobs_option
@common
def command(options: Common, drafts: bool, future: bool, without: tuple[str, ...], jobs: int) -> int:
    """Say what is wrong with the site, redacted texts that leak included; write nothing.

    It says what a build would say. A build looks for a redacted text in what it makes of the article itself; this looks
    in every page, feed and file.
    """
    from generator.pipeline.checking import check

    began = time.monotonic()
    left_out = tuple(in_site(path, options.site) for path in without)
    with Progress(time.monotonic, wanted=not options.json) as progress:
        report = patiently(
            partial(
                check,
                options.site,
                overrides=options.overrides,
                now=options.now,
                drafts=drafts,
                future=future,
                without=left_out,
                strict=options.strict,
                jobs=jobs,
                clock=time.monotonic,
                progress=progress,
            )
        )
    code = exit_code(report.ok, report.without)
    facts = Circumstances(options.site, zone_of(options.site, options.overrides), options.now, time.monotonic() - began)
    if options.json:
        echo_json(check_json(report, facts, code))
        return code
    say_problems(report.problems, options.site)
    for line in check_lines(report, facts):
        click.echo(line)
    return code
