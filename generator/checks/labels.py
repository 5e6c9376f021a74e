"""Two labels do not become one term unseen."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from generator.hooks import Check, Site, hookimpl
from generator.model.document import Entry
from generator.model.problem import Problem
from generator.text.slugs import slug

_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL533", "Labels of one address mean the same.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Labels that share an address and differ by more than case, spaces and hyphens: C++ and C# are both `c`.

    What `content/data/tags.toml` joins is meant to be one.
    """
    for language, shelf in sorted(site.library.shelves.items()):
        for taxonomy in site.config.taxonomies:
            joined = _Joined(taxonomy, site.library.data.get(taxonomy), language)
            entries = sorted((site.library.entries[card.path] for card in shelf.articles), key=lambda entry: entry.path)
            yield from _merged(taxonomy, language, entries, joined)


class _Joined:
    """What a data file says of the terms of a taxonomy: which spellings are one, and under which label."""

    def __init__(self, taxonomy: str, labels: Any, language: str) -> None:
        self.path = f"content/data/{taxonomy}.toml"
        self.folded: set[str] = set()
        self.slugs: dict[str, str] = {}
        self.labels: dict[str, tuple[str, str]] = {}
        for key, value in labels.items() if isinstance(labels, dict) else ():
            if not isinstance(value, dict):
                continue
            main, label = slug(str(key), language), str(value.get("label", key))
            self.labels[main] = label, self.path
            for spelling in (str(key), label, *map(str, value.get("synonyms", ()))):
                self.folded.add(_folded(spelling))
                self.slugs[slug(spelling, language)] = main


def _merged(taxonomy: str, language: str, entries: Iterable[Entry], joined: _Joined) -> Iterator[Problem]:
    first = dict(joined.labels)
    told: set[tuple[str, str]] = set()
    forms: dict[str, tuple[str, str]] = {}
    for entry in entries:
        for number, label in enumerate(entry.card.taxonomies.get(taxonomy, ())):
            if label not in forms:
                forms[label] = slug(label, language), _folded(label)
            made, same = forms[label]
            name = joined.slugs.get(made, made)
            if same in joined.folded:
                continue
            known, path = first.setdefault(name, (label, entry.path))
            if _folded(known) == same or (name, same) in told:
                continue
            told.add((name, same))
            message = f"“{label}” and “{known}” (in {path}) are taken for one: both are “{name}” in addresses"
            hint = f"Write one of them with other letters; or, if they mean the same, join them in {joined.path}."
            place = entry.places.get(f"{taxonomy}.{number}", (1, 1))
            yield Problem("warning", "CL533", message, entry.path, *place, hint)


def _folded(label: str) -> str:
    """What two spellings have in common that nobody would take for two things."""
    plain = unicodedata.normalize("NFKC", label).casefold().translate(_APOSTROPHES)
    return " ".join(plain.replace("-", " ").replace("_", " ").split())
