"""Every author an article names is described in the settings."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem
from generator.source.suggest import did_you_mean


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL530", "An author is described under [authors.ID].", run),)


def run(site: Site) -> Iterable[Problem]:
    """Names that are in no `[authors.ID]`."""
    known = site.config.authors
    for entry in site.library.entries.values():
        for number, author in enumerate(entry.card.authors):
            if author in known:
                continue
            line, column = entry.places.get(f"authors.{number}", entry.places.get("authors", (1, 1)))
            hint = did_you_mean(author, known) or f"Describe this author in site.toml under [authors.{author}]."
            yield Problem("error", "CL530", f"there is no author “{author}”", entry.path, line, column, hint)
