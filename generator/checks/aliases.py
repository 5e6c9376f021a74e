"""An old address leads to one place."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem
from generator.text.addresses import old_address, output_path
from generator.text.slugs import collision_key


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL709", "An alias belongs to one document.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Aliases that two documents have; of those that are pages, the plan tells too, for any output in their place."""
    seen: dict[str, str] = {}
    for entry in site.library.entries.values():
        for number, alias in enumerate(entry.matter.aliases):
            path = output_path(old_address(alias))
            first = seen.setdefault(collision_key(path), entry.path)
            if first == entry.path or path.endswith(".html"):
                continue
            line, column = entry.places.get(f"aliases.{number}", entry.places.get("aliases", (1, 1)))
            message = f"this and {first} both have the alias “{alias}”"
            yield Problem("error", "CL709", message, entry.path, line, column, "Take it out of one of them.")
