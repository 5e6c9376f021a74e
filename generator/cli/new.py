"""`clarion new site`, `clarion new post`, `clarion new page`."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from shlex import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

import click
import msgspec

from generator.cli.group import EXIT_ERROR
from generator.cli.options import Common, common
from generator.cli.show import say_problems, visible
from generator.cli.summary import echo_json, shown_path
from generator.config import load_config
from generator.model.problem import Problem
from generator.work.new.document import new_page, new_post
from generator.work.new.place import New
from generator.work.new.site import new_site, title_of


@click.group("new")
def command() -> None:
    """Begin a site, a post or a page. Nothing that exists is overwritten."""


@command.command("site")
@click.argument("name", metavar="NAME|DIR")
@click.option("--title", help="The title of the site (default: made from the name).")
@common
def site(options: Common, name: str, title: str | None) -> int:
    """Begin a site in a new folder."""
    folder = (options.site / name).resolve()
    day = datetime.fromtimestamp(options.now, UTC).date()
    made = new_site(folder, title=title or title_of(folder), day=day, identifiers=(str(uuid4()), str(uuid4())))
    if isinstance(made, Problem):
        return _refused((made,), options, "new site")
    if options.json:
        _json("new site", made.files, folder)
        return 0
    click.echo(f"A new site is in {shown_path(folder)}")
    click.echo("\nWhat to do next:")
    if folder != Path.cwd():
        click.echo(f"  cd {quote(shown_path(folder))}")
    click.echo("  clarion serve                  look at it in a browser while you write")
    click.echo('  clarion new post "The title"   begin an article')
    click.echo("  clarion build                  make output/, the folder for your web host")
    click.echo("\nBefore you publish, put your address into base_url in site.toml.")
    return 0


@command.command("post")
@click.argument("title", nargs=-1, required=True)
@click.option("--section", default="posts", show_default=True, metavar="NAME", help="The section it belongs to.")
@common
def post(options: Common, title: tuple[str, ...], section: str) -> int:
    """Begin an article, as a draft."""
    return _document(
        options,
        "new post",
        lambda day, language: new_post(
            options.site, " ".join(title), day=day, identifier=str(uuid4()), language=language, section=section
        ),
    )


@command.command("page")
@click.argument("title", nargs=-1, required=True)
@common
def page(options: Common, title: tuple[str, ...]) -> int:
    """Begin a static page, as a draft."""
    return _document(
        options,
        "new page",
        lambda day, language: new_page(
            options.site, " ".join(title), day=day, identifier=str(uuid4()), language=language
        ),
    )


def _document(options: Common, verb: str, make: Callable[[date, str], New | Problem]) -> int:
    config, problems = load_config(options.site, options.overrides)
    if config is None:
        return _refused(problems, options, verb)
    day = datetime.fromtimestamp(options.now, ZoneInfo(config.site.timezone)).date()
    made = make(day, config.site.language)
    if isinstance(made, Problem):
        return _refused((made,), options, verb)
    if options.json:
        _json(verb, made.files, options.site)
        return 0
    click.echo(f"Begun, as a draft: {visible(made.files[0])}")
    click.echo("\nWhat to do next:")
    click.echo("  write in it, and look at it with clarion serve")
    click.echo("  to publish it, change status: draft to status: published, then clarion build")
    return 0


def _refused(problems: Sequence[Problem], options: Common, verb: str) -> int:
    if options.json:
        echo_json({"command": verb, "exit": EXIT_ERROR, "problems": msgspec.to_builtins(list(problems))})
    else:
        say_problems(problems, options.site)
    return EXIT_ERROR


def _json(verb: str, files: tuple[str, ...], folder: Path) -> None:
    echo_json({"command": verb, "exit": 0, "folder": str(folder), "files": list(files)})
