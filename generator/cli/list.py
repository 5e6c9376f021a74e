"""`clarion list`."""

import click
import msgspec

from generator.cli.group import EXIT_ERROR
from generator.cli.options import Common, common, zone_of
from generator.cli.show import padded, say_problems, visible
from generator.cli.summary import echo_json
from generator.cli.words import count, moment, stamp, until
from generator.model.problem import in_order

STATES = ("published", "unlisted", "scheduled", "draft", "expired", "retracted")


@click.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only texts in this state.")
@common
def command(options: Common, state: str | None) -> int:
    """Show every text with its state and date."""
    from generator.pipeline.surveys import survey

    found = survey(options.site, overrides=options.overrides, now=options.now)
    zone = zone_of(options.site, options.overrides)
    rows = [row for row in found.rows if state in (None, row.state)]
    blocking = ("error", "warning") if options.strict else ("error",)
    code = EXIT_ERROR if any(problem.severity in blocking for problem in found.problems) else 0
    if options.json:
        documents = [
            {
                "state": row.state,
                "date": row.card.date.day.isoformat() if row.card.date else None,
                "path": row.path,
                "title": row.card.title,
                "url": row.card.url,
                "until": stamp(row.until, zone),
            }
            for row in rows
        ]
        problems = [msgspec.to_builtins(problem) for problem in in_order(found.problems)]
        echo_json({"command": "list", "exit": code, "documents": documents, "problems": problems})
        return code
    say_problems(found.problems, options.site)
    width = max((len(row.path) for row in rows), default=0)
    for row in rows:
        day = row.card.date.day.isoformat() if row.card.date else ""
        change = ""
        if row.until is not None:
            change = f"  changes on {moment(row.until, zone)}, {until(row.until - options.now)}"
        click.echo(f"{row.state:<10} {day:<10} {padded(row.path, width)}  {visible(row.card.title)}{change}".rstrip())
    click.echo(f"{count(len(rows), 'text')}{f' in the state {state}' if state else ''}")
    return code
