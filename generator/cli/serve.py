"""`clarion serve`."""

import json
import sys
import time
import webbrowser
from contextlib import suppress

import click
import msgspec

from generator.cli.group import EXIT_ERROR
from generator.cli.options import Common, common, zone_of
from generator.cli.show import counted, say_problems, visible
from generator.cli.summary import Circumstances, report_json
from generator.cli.words import count, span
from generator.config import load_config
from generator.serve.events import Built, Crashed, Event, Listening, Noted
from generator.text.addresses import base_path


@click.command("serve")
@click.option("--built/--no-built", default=False, help="Show output/ as it is, without building.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Or the next free one.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open the page in your browser.")
@common
def command(options: Common, built: bool, port: int, open_browser: bool) -> int:
    """Look at the site in a browser while you write: drafts and scheduled texts included.

    Only this machine can see it, and it never touches output/. Pages reload by themselves when you save.
    """
    from generator.serve.server import preview, show_built

    teller = Teller(options, open_browser)
    config, problems = load_config(options.site, options.overrides)
    if built and config is None:
        say_problems(problems, options.site)
        return EXIT_ERROR
    base = base_path(config.site.base_url) if config else "/"
    if built:
        stopped = show_built(options.site / "output", base, port, teller)
    else:
        stopped = preview(
            options.site,
            overrides=options.overrides,
            strict=options.strict,
            base_path=base,
            port=port,
            now=options.instant,
            clock=time.monotonic,
            tell=teller,
        )
    if stopped is not None:
        say_problems([stopped], options.site)
        return EXIT_ERROR
    if not options.json:
        click.echo("\nStopped." if sys.stdout.isatty() else "Stopped.")
    return 0


class Teller:
    """Tells the author what the server does, and opens the browser once there is something to see."""

    def __init__(self, options: Common, open_browser: bool) -> None:
        self._options = options
        self._open = open_browser
        self._url = ""

    def __call__(self, event: Event) -> None:
        """Show one event: as sentences, or as one JSON object on a line."""
        if isinstance(event, Listening):
            self._url = event.url
        # whoever reads the other end of a pipe may be gone; the preview goes on
        with suppress(BrokenPipeError):
            if self._options.json:
                click.echo(json.dumps(self._plain(event)))
            else:
                self._say(event)
        # what is built already can be seen at once
        seen = (isinstance(event, Listening) and event.watched is None) or (isinstance(event, Built) and event.first)
        if self._open and seen:
            webbrowser.open(self._url)

    def _say(self, event: Event) -> None:
        match event:
            case Listening(url, None):
                click.echo(f"The built site is at {url}\nCtrl-C ends it.")
            case Listening(url, int(watched), polling):
                way = " (looking three times a second, for this folder reports no changes)" if polling else ""
                click.echo(f"The preview is at {url}")
                click.echo(f"Watching {count(watched, 'file')}{way}, reload on. Drafts are shown. Ctrl-C ends it.")
            case Built(report, browsers):
                say_problems(report.problems, self._options.site)
                reloaded = f"; {count(browsers, 'page')} reloaded" if browsers else ""
                if report.ok:
                    seconds = span(sum(report.timings.values()))
                    changes = f"{len(report.written)} written, {len(report.removed)} removed"
                    click.echo(f"Built in {seconds}: {changes}{reloaded}.")
                else:
                    click.echo(f"Not built: {counted(report.problems)}. The last good pages stay{reloaded}.")
            case Noted(problem):
                say_problems([problem], self._options.site)
            case Crashed(sentence):
                click.echo(f"error CL916 This is a mistake in Clarion, not in your site: {visible(sentence)}", err=True)
                click.echo("  The next change builds again. Please report the line above.", err=True)

    def _plain(self, event: Event) -> dict[str, object]:
        name = type(event).__name__.lower()
        if not isinstance(event, Built):
            return {"event": name, **msgspec.to_builtins(event)}
        zone = zone_of(self._options.site, self._options.overrides)
        seconds = sum(event.report.timings.values())
        facts = Circumstances(self._options.site, zone, self._options.instant(), seconds)
        report = report_json(event.report, facts, 0 if event.report.ok else EXIT_ERROR)
        return {"event": name, "browsers": event.browsers, **report, "command": "serve"}
