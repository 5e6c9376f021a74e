"""`clarion explain`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import msgspec

from generator.cli.group import EXIT_ERROR
from generator.cli.options import Common, common, zone_of
from generator.cli.show import say_problems, visible
from generator.cli.summary import echo_json
from generator.cli.words import count, moment, stamp, until

if TYPE_CHECKING:
    from generator.work.explain.stories import Input, OutputStory, Reader, SourceStory

_SHOWN = 20
_TEXT = "t."
_WAIT = 60.0
"""Seconds to wait for a build that is running."""


@click.command("explain")
@click.argument("path", metavar="PATH")
@common
def command(options: Common, path: str) -> int:
    """Say what an output was made from, or what becomes of a source.

    PATH is a file of the site (content/posts/river.md, a picture, a template), a setting (site.title), a file in
    output/ or an address (/river/).
    """
    from generator.pipeline.outlooks import outlook
    from generator.work.explain.asked import Unknown, story_of
    from generator.work.explain.stories import SourceStory

    site, problems = outlook(options.site, now=options.now, overrides=options.overrides, wait=_WAIT)
    errors = tuple(problem for problem in problems if problem.severity == "error")
    if not options.json:
        say_problems(errors, options.site)
    if site is None:
        if options.json:
            told = [msgspec.to_builtins(problem) for problem in problems]
            echo_json({"command": "explain", "exit": EXIT_ERROR, "problems": told})
        return EXIT_ERROR
    try:
        story = story_of(site, _as_the_site_calls_it(path, options.site), problems)
    except Unknown as unknown:
        if options.json:
            echo_json({"command": "explain", "exit": EXIT_ERROR, "error": str(unknown)})
        else:
            click.echo(visible(str(unknown)), err=True)
        return EXIT_ERROR
    zone = zone_of(options.site, options.overrides)
    if options.json:
        value = {"command": "explain", "exit": 0, **msgspec.to_builtins(story)}
        echo_json({**value, "until": stamp(story.until, zone)} if isinstance(story, SourceStory) else value)
        return 0
    lines = source_lines(story, zone, options.now) if isinstance(story, SourceStory) else output_lines(story)
    for line in lines:
        click.echo(line)
    return 0


def _as_the_site_calls_it(path: str, site: Path) -> str:
    """A file named from where you are, as the site calls it; anything else as it is."""
    if path.startswith("/") and not path.startswith(f"{site}/"):
        return path
    for candidate in (site / path, Path(path).resolve()):
        if candidate.is_file() and candidate.is_relative_to(site):
            return candidate.relative_to(site).as_posix()
    return path


def source_lines(story: "SourceStory", zone: ZoneInfo, now: int) -> Iterator[str]:
    """The story of a source as sentences."""
    yield visible(f"{story.path} ({story.what})")
    change = f", until {moment(story.until, zone)}, {until(story.until - now)}" if story.until is not None else ""
    yield f"  State: {visible(story.state)}{change}"
    yield from _readers("Made from it", story.made)
    yield from _readers("Its card is read by", story.card_readers)
    yield from _readers("Its text is read by", story.text_readers)
    yield from _readers("Read by", story.readers)
    if story.templates:
        yield "  Those are drawn by:"
        drawn = [f"{each.path} ({count(each.outputs, 'output')})" for each in story.templates]
        yield from _some(drawn)


def output_lines(story: "OutputStory") -> Iterator[str]:
    """The story of an output as sentences."""
    yield visible(f"{story.path} ({story.kind}, in “{story.language}”, at {story.address})")
    yield f"  State: {visible(story.state)}"
    for reason in story.reasons:
        yield f"    {visible(reason)}"
    yield f"  Source: {visible(story.source) or 'none of its own, Clarion makes it of the whole site'}"
    if story.templates:
        yield "  Templates, in the order of reading:"
        for path in story.templates:
            yield f"    {visible(path)}"
    if story.directives:
        yield f"  Directives in its texts: {visible(', '.join(story.directives))}"
    if story.inputs:
        yield "  Inputs:"
        for each in story.inputs:
            yield visible(f"    {each.name}{_documents(each)}")
    texts = [fact.removeprefix(_TEXT) for fact in story.facts if fact.startswith(_TEXT)]
    facts = [fact for fact in story.facts if not fact.startswith(_TEXT)]
    if facts:
        yield f"  Facts: {visible(', '.join(facts))}"
    if texts:
        yield f"  Texts of the catalogue: {visible(_listed(texts))}"
    yield f"  Settings: {visible(_values(story.settings))}"
    yield f"  Versions: {visible(_values(story.versions))}"


def _documents(each: "Input") -> str:
    both = (("the cards of", each.cards), ("the texts of", each.texts))
    parts = [f"{what} {_listed(paths)}" for what, paths in both if paths]
    return f": {'; '.join(parts)}" if parts else ""


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def _values(named: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in named.items())


def _readers(title: str, readers: "tuple[Reader, ...]") -> Iterator[str]:
    if readers:
        yield f"  {title} ({count(len(readers), 'output')}):"
        yield from _some([f"{each.path} ({', '.join(each.inputs) or each.kind})" for each in readers])


def _some(items: Sequence[str]) -> Iterator[str]:
    for item in items[:_SHOWN]:
        yield f"    {visible(item)}"
    if len(items) > _SHOWN:
        yield f"    and {len(items) - _SHOWN} more (--format json names all)"
