"""Help lines by country and language: `content/data/resources.toml`."""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from msgspec import Struct, structs

from generator.model.fields import RESOURCE
from generator.model.problem import Problem
from generator.source.check import Rules, check
from generator.source.places import Places

SITE_FILE = "content/data/resources.toml"
DIRECTIVE = "resource"
"""The name of the directive that shows them."""
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
# Numbers that everybody in a country can dial, such as 116 123, are no numbers of ITU-T E.164.
_SHORT = re.compile(r"[0-9*#](?:[ -]?[0-9*#]){1,6}\Z")
_NOWHERE = Places(start=(0, 0))
_RULES = Rules(UTC)


class HelpLine(Struct, frozen=True):
    """For whom a help line is: its country (ISO 3166-1 alpha-2) and its languages, none of which means any."""

    country: str
    languages: tuple[str, ...] = ()

    def serves(self, country: str, language: str) -> bool:
        """Whether it is for a country and, unless that is '', for a language."""
        return self.country == country and (not language or not self.languages or language in self.languages)


def read_resources(
    value: Any, rules: Rules = _RULES, path: str = SITE_FILE, places: Places = _NOWHERE
) -> tuple[dict[str, HelpLine], tuple[Problem, ...]]:
    """The help lines by the names of their tables, and what is wrong with them."""
    found: dict[str, HelpLine] = {}
    problems: list[Problem] = []
    callable_numbers = structs.replace(rules, is_phone=lambda text: bool(_SHORT.match(text)) or rules.is_phone(text))
    if isinstance(value, list):
        hint = 'Write [night-line] and below it name = "…", with a key of your choice for each line.'
        problems.append(Problem("error", "CL556", "help lines have no keys here", path, *places.start, hint))
    for name, table in value.items() if isinstance(value, Mapping) else ():
        if not isinstance(table, Mapping):
            hint = f'Write [{name}] and below it name = "…" and country = "GB".'
            message = f"the help line “{name}” must be a group of keys"
            problems.append(Problem("error", "CL556", message, path, *places.value((name,)), hint))
            continue
        clean, wrong = check(dict(table), RESOURCE, places, path=path, rules=callable_numbers, at=(name,))
        problems.extend(wrong)
        country = clean.get("country", "")
        if country and not _COUNTRY.match(country):
            hint = "Write the two capital letters of the country in ISO 3166, such as GB."
            message = f"“{country}” is not the code of a country"
            problems.append(Problem("error", "CL556", message, path, *places.value((name, "country")), hint))
        if not wrong and not clean.get("phone") and not clean.get("url"):
            message = f"the help line “{name}” cannot be reached"
            problems.append(
                Problem("error", "CL556", message, path, *places.key((name,)), "Add its `phone` or its `url`.")
            )
        found[name] = HelpLine(country, clean.get("languages", ()))
    return found, tuple(problems)
