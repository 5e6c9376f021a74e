"""`clarion theme list`, `new`, `copy`, `check`, `diff`, `add`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from generator.cli.group import EXIT_ERROR
from generator.cli.options import Common, common
from generator.cli.show import Styled, counted, is_coloured, padded, plain, say_problems, visible
from generator.cli.summary import echo_json
from generator.cli.words import count
from generator.config import Config, load_config
from generator.model.problem import Problem, errors_of

if TYPE_CHECKING:
    from generator.work.theme.copies import Override
    from generator.work.theme.offers import Choice, Offer

_PLACES = {"site": "of this site", "clarion": "comes with Clarion"}
_USES = {"theme": "in use", "parent": "in use, as a parent", "": ""}
_DIFFERENCE = {"+": "green", "-": "red", "@": "cyan"}


@click.group("theme")
def command() -> None:
    """Find, begin, change, check and add themes."""


@command.command("list")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@common
def list_themes(options: Common, names: tuple[str, ...]) -> int:
    """Show the themes there are, and what each lets a site choose."""
    from generator.source.suggest import did_you_mean
    from generator.work.theme.offers import offers

    config = _config(options, "theme list")
    if config is None:
        return EXIT_ERROR
    found = {offer.name: offer for offer in offers(options.site, config)}
    for name in names:
        if name not in found:
            hint = did_you_mean(name, found) or f"The themes here: {', '.join(sorted(found))}."
            unknown = Problem("error", "CL309", f"there is no theme “{name}”", hint=hint)
            return _refused((unknown,), options, "theme list")
    wanted = [found[name] for name in names] or list(found.values())
    if options.json:
        echo_json({"command": "theme list", "exit": 0, "themes": msgspec.to_builtins(wanted)})
        return 0
    style: Styled = click.style if is_coloured(sys.stdout) else plain
    for number, offer in enumerate(wanted):
        for line in ([""] if number else []) + list(_offer_lines(offer, style)):
            click.echo(line, color=True)
    return 0


def _offer_lines(offer: "Offer", style: Styled) -> Iterator[str]:
    facts = [_USES[offer.use], _PLACES.get(offer.place, f"in the {offer.place}")]
    if offer.place.startswith("package "):
        facts.append(f"add it with clarion theme add {offer.name}")
    else:
        facts.append(f"API {offer.api}")
        if offer.parents:
            facts.append(f"parents: {', '.join(offer.parents)}")
        if offer.form == "plain":
            facts.append("text only")
    if not offer.usable:
        facts.append("cannot be used as it is: clarion theme check tells why")
    yield f"{style(visible(offer.name), bold=True)}  {visible(' · '.join(fact for fact in facts if fact))}"
    width = max((len(choice.name) for choice in offer.settings), default=0)
    for choice in offer.settings:
        yield f"  {padded(choice.name, width)}  {visible(choice.sentence)}"
        yield f"  {' ' * width}  {visible(_said(choice, offer.use))}"


def _said(choice: "Choice", use: str) -> str:
    """What a setting may be, its default, and what it is here."""
    default = "none" if choice.default is None else _toml(choice.default)
    parts = [f"{choice.allowed}; default {default}"]
    if use and choice.value not in (choice.default, None, []):
        parts.append(f"here {_toml(choice.value)}")
    return "; ".join(parts)


def _toml(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


@command.command("new")
@click.argument("name")
@click.option(
    "--parent",
    default="clarion",
    show_default=True,
    metavar="NAME",
    help="The theme it changes; base: it stands alone.",
)
@common
def new(options: Common, name: str, parent: str) -> int:
    """Begin a theme in themes/NAME/."""
    from generator.work.theme.begin import new_theme

    config = _config(options, "theme new")
    if config is None:
        return EXIT_ERROR
    made = new_theme(options.site, config, name, parent)
    if isinstance(made, Problem):
        return _refused((made,), options, "theme new")
    if options.json:
        echo_json({"command": "theme new", "exit": 0, "files": list(made.files)})
        return 0
    click.echo(f"A new theme is in themes/{name}/: {count(len(made.files), 'file')}")
    click.echo("\nWhat to do next:")
    click.echo(f'  write name = "{name}" under [theme] in site.toml')
    click.echo("  clarion serve         look at it while you change it")
    click.echo("  clarion theme copy    take a template of its parent over, such as partials/footer.html")
    click.echo(f"  clarion theme check {name}")
    return 0


@command.command("copy")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--into", default="", metavar="THEME", help="Into a theme of the site instead of its own folder.")
@common
def copy(options: Common, files: tuple[str, ...], into: str) -> int:
    """Copy files of the theme in use, to change them.

    FILE is such as partials/footer.html: it goes into templates/ of the site, where it counts before the theme's.

    What they were copied from is noted, so that clarion theme diff can tell when the theme has another version.
    """
    from generator.work.theme.copies import copy_files

    config = _config(options, "theme copy")
    if config is None:
        return EXIT_ERROR
    made = copy_files(options.site, config, files, into)
    if isinstance(made, Problem):
        return _refused((made,), options, "theme copy")
    if options.json:
        echo_json({"command": "theme copy", "exit": 0, "files": list(made.files)})
        return 0
    for path in made.files:
        click.echo(f"Copied, and yours now: {visible(path)}")
    return 0


@command.command("check")
@click.argument("name", required=False)
@common
def check(options: Common, name: str | None) -> int:
    """Look through a theme, the one in use or another.

    Told are names, templates and texts that are not there, words that nobody can translate, scripts and styles inside a
    page, and requests to elsewhere.
    """
    from generator.work.theme.check import check_theme

    config = _config(options, "theme check")
    if config is None:
        return EXIT_ERROR
    found = check_theme(options.site, config, name or config.theme.name)
    code = EXIT_ERROR if errors_of(found.problems, options.strict) else 0
    if options.json:
        told = {"theme": found.name, "files": len(found.files), "problems": msgspec.to_builtins(list(found.problems))}
        echo_json({"command": "theme check", "exit": code, **told})
        return code
    say_problems(found.problems, options.site)
    what = (
        f"The theme “{found.name}”, {count(len(found.files), 'file')}: {counted(found.problems) or 'nothing is wrong'}."
    )
    click.echo(visible(what))
    return code


@command.command("diff")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--seen/--no-seen", default=False, help="Note that yours is right beside what the theme has now.")
@common
def diff(options: Common, paths: tuple[str, ...], seen: bool) -> int:
    """Show what the theme has changed since you did.

    Looked at are the files of the site that stand in the place of a theme's.

    A line with - is yours, one with + the theme's.
    """
    from generator.work.theme import copies

    config = _config(options, "theme diff")
    if config is None:
        return EXIT_ERROR
    names = tuple(_from_site(path, options.site) for path in paths)
    if seen:
        noted = copies.seen(options.site, config, names)
        if isinstance(noted, Problem):
            return _refused((noted,), options, "theme diff")
        if options.json:
            echo_json({"command": "theme diff", "exit": 0, "seen": list(noted.files)})
            return 0
        click.echo(f"Noted as seen: {visible(', '.join(noted.files)) or 'nothing, for nothing has drifted'}")
        return 0
    found = [each for each in copies.overrides(options.site, config) if not names or each.path in names]
    code = EXIT_ERROR if options.strict and any(each.state in ("drifted", "gone") for each in found) else 0
    if options.json:
        echo_json({"command": "theme diff", "exit": code, "overrides": msgspec.to_builtins(found)})
        return code
    style: Styled = click.style if is_coloured(sys.stdout) else plain
    for line in _difference_lines(found, style):
        click.echo(line, color=True)
    return code


_STATES = {
    "drifted": "{path}: the theme “{theme}” has another version than the one it was copied from",
    "unknown": "{path} stands in the place of a file of the theme “{theme}”; made from which version, nobody knows",
    "same": "{path} is just what the theme “{theme}” has: without it, you get what the theme will have",
    "gone": "{path}: the theme “{theme}” has no such file any more",
}


def _difference_lines(found: Sequence["Override"], style: Styled) -> Iterator[str]:
    for each in found:
        if each.state == "copied":
            continue
        yield style(visible(_STATES[each.state].format(path=each.path, theme=each.theme)), bold=True)
        for line in each.difference:
            yield f"    {style(visible(line), fg=_DIFFERENCE.get(line[:1]))}"
    numbers = {state: sum(each.state == state for each in found) for state in (*_STATES, "copied")}
    if not found:
        yield "No file of this site stands in the place of one of a theme."
        return
    told = [f"{numbers['drifted']} drifted" if numbers["drifted"] else "none has drifted"]
    told += [
        f"{number} {state}" for state, number in numbers.items() if number and state in ("unknown", "same", "gone")
    ]
    yield f"{count(len(found), 'file')} in the place of a theme's: {', '.join(told)}."
    if numbers["drifted"]:
        yield "Take over what you want of it, then: clarion theme diff --seen"


@command.command("add")
@click.argument("source", metavar="PACKAGE|FOLDER|ZIP")
@click.option(
    "--replace/--no-replace", default=False, help="Put it in the place of a theme of the site of the same name."
)
@common
def add(options: Common, source: str, replace: bool) -> int:
    """Add a theme from a folder, a ZIP or a package."""
    from generator.work.theme.add import add_theme
    from generator.work.theme.check import check_theme

    config = _config(options, "theme add")
    if config is None:
        return EXIT_ERROR
    made = add_theme(options.site, source, replace=replace)
    if isinstance(made, Problem):
        return _refused((made,), options, "theme add")
    checked = check_theme(options.site, config, made.name).problems if not made.lacks else ()
    if options.json:
        told = {"theme": made.name, "files": list(made.files), "left_out": list(made.left_out), "lacks": made.lacks}
        echo_json({"command": "theme add", "exit": 0, **told, "problems": msgspec.to_builtins(list(checked))})
        return 0
    click.echo(f"Added: themes/{made.name}/, {count(len(made.files), 'file')}")
    if made.left_out:
        click.echo(
            f"  left out, for no theme needs it: {visible(', '.join(made.left_out[:8]))}{_more(made.left_out[8:])}"
        )
    if made.lacks:
        click.echo(f"  its parent “{visible(made.lacks)}” is not here yet: add it too")
    if checked:
        click.echo(f"  to look at: {counted(checked)} (clarion theme check {made.name})")
    click.echo(f'\nTo use it, write name = "{made.name}" under [theme] in site.toml.')
    return 0


def _more(rest: Sequence[str]) -> str:
    return f" and {len(rest)} more" if rest else ""


def _config(options: Common, verb: str) -> Config | None:
    """The settings of the site; None when they cannot be read, which was then told."""
    config, problems = load_config(options.site, options.overrides)
    if config is None:
        _refused(problems, options, verb)
    return config


def _from_site(path: str, site: Path) -> str:
    """A file as the site calls it (`templates/list.html`), named from the site's folder or from where you are."""
    for candidate in (site / path, Path(path).absolute()):
        if candidate.exists() and candidate.is_relative_to(site):
            return candidate.relative_to(site).as_posix()
    return path


def _refused(problems: Sequence[Problem], options: Common, verb: str) -> int:
    if options.json:
        echo_json({"command": verb, "exit": EXIT_ERROR, "problems": msgspec.to_builtins(list(problems))})
    else:
        say_problems(problems, options.site)
    return EXIT_ERROR
