"""Sources that all articles of a site may cite: `content/data/sources.toml`."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from generator.model.document import Source
from generator.model.fields import SOURCE
from generator.model.problem import Problem, Severity
from generator.source.actions import sources_of
from generator.source.check import Rules, check
from generator.source.places import KeyPath, Places

SITE_FILE = "content/data/sources.toml"
_ROLES = ("cited", "quoted", "via")
_NOWHERE = Places(start=(0, 0))
_RULES = Rules(UTC)


def read_shared_sources(
    value: Any, rules: Rules = _RULES, path: str = SITE_FILE, places: Places = _NOWHERE
) -> tuple[dict[str, Source], tuple[Problem, ...]]:
    """The shared sources by their ids, the names of their tables, and what is wrong with them, which is left out.

    Their fields are those of `sources` in front matter. What an article is made from is a matter of that article, so
    a shared source is cited, quoted or where something was found (else CL555).
    """
    found: dict[str, Source] = {}
    problems: list[Problem] = []
    if isinstance(value, list):
        hint = 'Write [daily] and below it title = "…", with a name of your choice for each source.'
        problems.append(Problem("error", "CL555", "shared sources have no names here", path, *places.start, hint))
    for name, table in value.items() if isinstance(value, Mapping) else ():
        at: KeyPath = (name,)

        def say(severity: Severity, number: str, message: str, inside: KeyPath, hint: str, at: KeyPath = at) -> None:
            place = places.value((*at, *inside[2:]))
            problems.append(Problem(severity, number, message, path, *place, hint))

        if not isinstance(table, Mapping):
            hint = f'Write [{name}] and below it title = "…" or url = "https://…".'
            say("error", "CL555", f"the shared source “{name}” must be a group of keys", (), hint)
            continue
        if table.get("id", name) != name:
            hint = f"Take it out: the source is named by its table, [{name}]."
            say("error", "CL555", f"the shared source “{name}” says that its id is another", ("", 0, "id"), hint)
        clean, wrong = check({**table, "id": name}, SOURCE, places, path=path, rules=rules, at=at)
        problems.extend(wrong)
        if "id" not in clean:
            continue
        if clean.get("role", "cited") not in _ROLES:
            hint = "Take it out, and name the source under `sources` of the article that is made from it."
            say("error", "CL555", f"a shared source cannot be “{clean['role']}”", ("", 0, "role"), hint)
            del clean["role"]
        for source in sources_of((clean,), say):
            found[name] = source
    return found, tuple(problems)
