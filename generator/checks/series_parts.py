"""Each part of a series is one article."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL534", "A part of a series is there once in each language.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Articles of one series and language that have the same part; parts may be missing."""
    for _, shelf in sorted(site.library.shelves.items()):
        for series in shelf.series:
            seen: dict[int, str] = {}
            for card in sorted(series.cards, key=lambda found: found.path):
                part = card.series.part if card.series is not None else 0
                first = seen.setdefault(part, card.path) if part else card.path
                if first == card.path:
                    continue
                message = f"this and {first} are both part {part} of “{series.name}”"
                place = site.library.entries[card.path].places.get("series.part", (1, 1))
                yield Problem("error", "CL534", message, card.path, *place, "Give one of them another part.")
