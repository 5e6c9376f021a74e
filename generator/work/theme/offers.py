"""The themes that a site can have: its own, those that come with Clarion, those that installed packages bring."""

import importlib.util
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from generator.config import Config, MenuItem
from generator.model.problem import Problem
from generator.source.theme_settings import Setting, allowed
from generator.theme import DESCRIPTION, Picture, bundled_themes, form_of_chain, load_theme, theme_chain, theme_names

GROUP = "clarion.themes"


class Choice(Struct, frozen=True):
    """A setting as a site sees it: what it may be, its default, what the site has chosen (of the theme in use)."""

    name: str
    type: str
    allowed: str
    default: Any
    sentence: str
    value: Any = None


class Offer(Struct, frozen=True):
    """A theme: where it is (`site`, `clarion`, or the package that brings it), and what it says of itself.

    `use` is `theme` for the one that `site.toml` names, `parent` for those behind it, '' for others. `settings` are
    those it adds to its parents'.
    """

    name: str
    place: str
    api: int
    form: str
    parents: tuple[str, ...]
    use: str
    settings: tuple[Choice, ...] = ()
    usable: bool = True


def offers(root: Path, config: Config) -> tuple[Offer, ...]:
    """All themes by name; one that a package brings and the site has added already is the site's."""
    used = [link.name for link in theme_chain(root, config, [])]
    problems: list[Problem] = []
    chosen = load_theme(root, config)[0].settings
    found = []
    for name in sorted(theme_names(root)):
        problems.clear()
        chain = theme_chain(root, structs.replace(config, theme=structs.replace(config.theme, name=name)), problems)
        if not chain:
            continue
        own = chain[0]
        values = chosen if name in used else {}
        found.append(
            Offer(
                name=name,
                place="clarion" if own.folder.parent == bundled_themes() else "site",
                api=own.api,
                form=form_of_chain(chain),
                parents=tuple(link.name for link in chain[1:]),
                use="theme" if name == config.theme.name else "parent" if name in used else "",
                settings=tuple(_choice(setting, values) for setting in own.settings.values()),
                usable=not problems,
            )
        )
    for name, entry in sorted(installed_themes().items()):
        if name not in theme_names(root):
            package = entry.dist.name if entry.dist else entry.value
            found.append(Offer(name, f"package {package}", 0, "", (), "", usable=folder_of(entry) is not None))
    return tuple(found)


def _choice(setting: Setting, values: Mapping[str, Any]) -> Choice:
    value = values.get(setting.name)
    if isinstance(value, Picture):
        value = value.name
    elif isinstance(value, MenuItem):
        value = value.page
    elif isinstance(value, tuple):
        value = [{"title": item.title, "page": item.page} for item in value]
    return Choice(setting.name, setting.type, allowed(setting), setting.default, setting.sentence, value)


@lru_cache(maxsize=1)
def installed_themes() -> Mapping[str, EntryPoint]:
    """The themes that installed packages bring (entry points of the group `clarion.themes`), by name."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def folder_of(entry: EntryPoint) -> Path | None:
    """The folder that an entry point names as a package, `package.folder`; nothing of the package is run for it."""
    top, *folders = entry.value.partition(":")[0].strip().split(".")
    spec = importlib.util.find_spec(top) if top else None
    for home in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(home, *folders)
        if (folder / DESCRIPTION).is_file():
            return folder
    return None
