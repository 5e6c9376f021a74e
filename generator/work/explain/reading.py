"""Which output reads what, as its plan says."""

from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import meta

from generator.model.document import Card
from generator.model.job import Listed, Output, TextOf
from generator.pipeline.outlooks import Outlook
from generator.stages.jobs import ALWAYS
from generator.stages.reasons import documents_in
from generator.templates import Reading, environment
from generator.theme import Theme
from generator.work.explain.stories import Drawing, Input, Reader

_NOTHING = Reading((), frozenset(), {})


def outputs_of(site: Outlook) -> Iterator[Output]:
    """All outputs of a site, round by round."""
    return (output for outputs in site.plan.rounds for output in outputs)


def place_of(site: Outlook, output: Output) -> str:
    """Where an output stands in the output folder: what is planned, with the digest in its name where it has one."""
    if output.kind != "asset":
        return output.path
    asset = site.maker.assets.get(output.values()["name"])
    return asset.url.lstrip("/") if asset else output.path


def reading_of(site: Outlook, output: Output) -> Reading:
    """What the templates of an output read; nothing where none draws it."""
    return site.plan.readings.get(site.plan.keys.get(output.path, ""), _NOTHING)


def inputs_of(site: Outlook, output: Output) -> dict[str, Any]:
    """The inputs that an output reads, by name."""
    values = output.values()
    if not output.template:
        return values
    read = reading_of(site, output).loaded.union(ALWAYS)
    return {name: value for name, value in values.items() if name in read}


def documents_of(site: Outlook, output: Output) -> Iterator[Input]:
    """The inputs that an output reads, with the documents in each."""
    for name, value in inputs_of(site, output).items():
        inside = tuple(documents_in(value))
        cards = dict.fromkeys(each.path for each in inside if type(each) is Card)
        texts = dict.fromkeys(each.path for each in inside if type(each) is TextOf)
        yield Input(name, tuple(cards), tuple(texts))


def readers_of(site: Outlook, path: str, url: str) -> tuple[tuple[Reader, ...], tuple[Reader, ...]]:
    """The outputs that read the card of a document, and those that read its text. The sitemap reads its `url`."""
    cards: list[Reader] = []
    texts: list[Reader] = []
    for output in outputs_of(site):
        of_card: dict[str, None] = {}
        of_text: dict[str, None] = {}
        for name, value in inputs_of(site, output).items():
            for each in documents_in(value):
                if type(each) is TextOf and each.path == path:
                    of_text[name] = None
                if (type(each) is Card and each.path == path) or (type(each) is Listed and each.url == url):
                    of_card[name] = None
        if of_card:
            cards.append(Reader(place_of(site, output), output.kind, tuple(of_card)))
        if of_text:
            texts.append(Reader(place_of(site, output), output.kind, tuple(of_text)))
    return tuple(cards), tuple(texts)


def readers_of_facts(site: Outlook, facts: Iterable[str]) -> tuple[Reader, ...]:
    """The outputs whose templates name one of some facts."""
    wanted = frozenset(facts)
    found = ((output, sorted(wanted & reading_of(site, output).facts)) for output in outputs_of(site))
    return tuple(Reader(place_of(site, output), output.kind, tuple(named)) for output, named in found if named)


def drawings(site: Outlook, readers: Iterable[Reader]) -> tuple[Drawing, ...]:
    """The templates that draw some outputs, those of most outputs first."""
    wanted = {reader.path for reader in readers}
    counts: dict[str, int] = {}
    for output in outputs_of(site):
        template = site.site.theme.templates.get(output.template)
        if template is not None and output.path in wanted:
            counts[template.path] = counts.get(template.path, 0) + 1
    return tuple(Drawing(path, number) for path, number in sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def chain_of(theme: Theme, names: Iterable[str]) -> tuple[str, ...]:
    """The names of templates and of all that they extend, include or import, each once, in the order of reading."""
    found: dict[str, None] = {}

    def follow(name: str) -> None:
        if name in found or name not in theme.templates:
            return
        found[name] = None
        tree = environment(theme).parse(theme.templates[name].text)
        for inner in meta.find_referenced_templates(tree):
            follow(inner or "")

    for name in names:
        follow(name)
    return tuple(found)
