"""Which source or output somebody means, however they call it."""

from collections.abc import Iterable

from generator.model.problem import Problem
from generator.pipeline.outlooks import Outlook
from generator.source.suggest import did_you_mean
from generator.text.addresses import address, base_path, output_path
from generator.work.explain.outputs import output_story
from generator.work.explain.reading import outputs_of, place_of
from generator.work.explain.sources import known_sources, source_story
from generator.work.explain.stories import Story


class Unknown(Exception):  # noqa: N818 - it is no error of the program
    """There is neither a source nor an output of that name; the text says so, with the nearest name."""


def story_of(site: Outlook, name: str, problems: Iterable[Problem]) -> Story:
    """What there is to tell of a source by its path, or of an output by its path or address. Raises: Unknown."""
    told = tuple(problems)
    outputs = {place_of(site, output): output for output in outputs_of(site)}
    planned = {output.path: output for output in outputs.values()}
    for path in _places(site, name):
        found = outputs.get(path) or planned.get(path)
        if found is not None:
            return output_story(site, found, stands=any(problem.severity == "error" for problem in told))
    source = source_story(site, name.removeprefix("./"), told)
    if source is not None:
        return source
    known = [*known_sources(site), *outputs, *map(address, outputs)]
    hint = did_you_mean(name, known) or "Name a file of the site, such as content/posts/river.md, or an address."
    raise Unknown(f"There is neither a source nor an output “{name}”. {hint}")


def _places(site: Outlook, name: str) -> Iterable[str]:
    """The outputs that may be meant: by a path in the output folder, with or without it, or by an address."""
    yield name
    yield name.removeprefix(f"{site.target.name}/")
    base = site.site.config.site.base_url
    if name.startswith(("http://", "https://")):
        if not f"{name}/".startswith(f"{base.rstrip('/')}/"):
            return
        name = "/" + name.removeprefix(base.rstrip("/")).lstrip("/")
    elif name.startswith(base_path(base)):
        name = "/" + name.removeprefix(base_path(base))
    if name.startswith("/"):
        yield output_path(name)
    if name.startswith("/") or name.endswith("/"):
        yield output_path(f"{name.rstrip('/')}/")
