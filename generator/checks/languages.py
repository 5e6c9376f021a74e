"""Two documents in one language are not translations of each other."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL532", "A translation key is used once in each language.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Documents that share key and language."""
    for key, cards in sorted(site.library.translations.items()):
        seen: dict[str, str] = {}
        for card in sorted(cards, key=lambda found: found.path):
            first = seen.setdefault(card.language, card.path)
            if first == card.path:
                continue
            line, column = site.library.entries[card.path].places.get("translation_key", (1, 1))
            message = f"this and {first} both are the version in “{card.language}” of “{key}”"
            yield Problem(
                "error", "CL532", message, card.path, line, column, "Give one of them another language or key."
            )
