"""`clarion redact`."""

import sys

import click
import msgspec

from generator.cli.group import EXIT_ERROR
from generator.cli.options import Common, common
from generator.cli.show import say_problems, visible
from generator.cli.summary import echo_json
from generator.cli.words import count
from generator.model.problem import Problem
from generator.work.redact.apply import apply
from generator.work.redact.look import Elsewhere, Found, Pending, look

_SHOWN = 12
_AFTERWARDS = (
    "From now on no build can look for them: see to the places named above. What was published before stays in the "
    "copies of readers and archives. If the site is kept in git, the old texts are in its history: whoever gets the "
    "repository gets them too. Backups and your editor may have them as well."
)


@click.command("redact")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--yes/--no", "answer", default=None, help="Take them out without asking, or only look.")
@common
def command(options: Common, paths: tuple[str, ...], answer: bool | None) -> int:
    """Show which redactions still have their text in the source, and where else it stands; then take it out there.

    No text that is redacted is ever printed.
    """
    found = look(options.site, paths)
    if found.problems and any(problem.severity == "error" for problem in found.problems):
        return _told(options, found, found.problems, (), EXIT_ERROR)
    if not options.json:
        _show(found)
    if not found.pending or not _confirmed(options, found, answer):
        return _told(options, found, (), (), 0)
    changed: list[str] = []
    problems: list[Problem] = []
    shown = {each.path: each.shown for each in found.pending}
    told = {each.path: _still_open(each) for each in reversed(found.pending) if each.openly}
    for source in found.sources:
        problem = told.get(source.path) or apply(options.site, source)
        if problem is None:
            changed.append(shown[source.path])
            if not options.json:
                # At once: whoever is interrupted knows what was done.
                click.echo(f"Taken out of {visible(shown[source.path])}.")
        else:
            problems.append(problem)
    return _told(options, found, tuple(problems), tuple(changed), EXIT_ERROR if problems else 0)


def _still_open(each: Pending) -> Problem:
    """Why a file stays as it is: without the redacted text no build would know what to look for."""
    message = "the same text stands in this file openly, and so this redaction is left as it is"
    hint = "Redact it wherever it stands, then run the command again."
    return Problem("error", "CL568", message, each.shown, each.line, each.column, hint)


def _show(found: Found) -> None:
    for each in found.pending:
        click.echo(f"{visible(each.shown)}:{each.line}:{each.column}{_reason(each)}")
        if not each.sought:
            click.echo("  too short or too common to be looked for: look yourself where else it stands")
        for place in each.elsewhere[:_SHOWN]:
            click.echo(f"  also {_words(place)}")
        if len(each.elsewhere) > _SHOWN:
            click.echo(f"  and at {len(each.elsewhere) - _SHOWN} more places (--format json names all)")
    texts = count(len(found.pending), "redaction")
    click.echo(
        f"{texts} with the text still in the source" if found.pending else "No redaction has its text in the source."
    )


def _reason(each: Pending) -> str:
    return "" if each.attributes == "{}" else f" {visible(each.attributes)}"


def _words(place: Elsewhere) -> str:
    shown = visible(place.path)
    return f"at {shown}:{place.line}:{place.column}" if place.line else f"in the name of {shown}"


def _confirmed(options: Common, found: Found, answer: bool | None) -> bool:
    """Whether the texts may go: said by an option, or by somebody at a terminal; else nobody was asked."""
    if answer is not None or options.json or not sys.stdin.isatty():
        return bool(answer)
    files = count(len(found.sources), "file")
    return click.confirm(f"Take these texts out of {files}? Clarion keeps no copy.", default=False)


def _told(options: Common, found: Found, problems: tuple[Problem, ...], changed: tuple[str, ...], code: int) -> int:
    if options.json:
        echo_json(
            {
                "command": "redact",
                "exit": code,
                "redactions": [
                    {
                        "path": each.shown,
                        "line": each.line,
                        "column": each.column,
                        "sought": each.sought,
                        "elsewhere": msgspec.to_builtins(each.elsewhere),
                    }
                    for each in found.pending
                ],
                "changed": list(changed),
                "problems": msgspec.to_builtins(list(problems)),
            }
        )
        return code
    say_problems(problems, options.site)
    if changed:
        click.echo(_AFTERWARDS)
    elif found.pending and not problems:
        click.echo("Nothing was changed. With --yes the texts are taken out.")
    return code
