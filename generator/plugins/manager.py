"""All plugins together: Clarion's own modules, and those that a site names."""

import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pluggy
from msgspec import Struct

from generator import checks, kinds
from generator.config import SETTINGS_FILE, Config
from generator.engine.digest import digest_value
from generator.engine.refusal import Refused
from generator.engine.versions import versions
from generator.hooks import PROJECT, Executor, Hooks, Problem, Reader, hookimpl
from generator.model.plugin import Plugin, Plugins
from generator.plugins.finding import FOLDER, find_plugins, homes_of
from generator.plugins.guards import Guard
from generator.plugins.hooking import with_hooks
from generator.plugins.loading import Loaded, imported, wrong_settings
from generator.templates import environment
from generator.theme import Theme, ThemeFolder

_OURS = f"{__name__.partition('.')[0]}."
_BY_NAME = {
    "clarion_sources": "the reader of",
    "clarion_producers": "the producer",
    "clarion_views": "the view",
    "clarion_filters": "the filter",
    "clarion_facts": "the fact",
    "clarion_executors": "the executor of",
}
FILTERS = ("xml", "rfc822", "mailto", "tel", "passages", "anchors")
"""The filters that render has besides those of every environment."""


class Named(Struct, frozen=True):
    """The plugins of a site, and the folders that they bring, as the chain of themes reads them."""

    plugins: Plugins = Plugins()
    folders: tuple[ThemeFolder, ...] = ()


class _Assembled(Struct, frozen=True):
    manager: pluggy.PluginManager
    loaded: tuple[Loaded, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Clusters:
    """The executor that Clarion brings itself."""

    @hookimpl
    def clarion_executors(self) -> "Mapping[str, Any]":
        return {"dask": _dask}


def _dask(address: str) -> AbstractContextManager[Executor]:
    found: AbstractContextManager[Executor] = import_module("generator.engine.cluster").connected(address)
    return found


def plugin_manager(plugins: Plugins = Plugins()) -> pluggy.PluginManager:  # noqa: B008 (frozen)
    """Clarion's own plugins and these, in the order of their names: first Clarion's.

    Raises: Refused with what is wrong first in one of them.
    """
    assembled = _assembled(plugins)
    if assembled.problems:
        raise Refused(assembled.problems[0])
    return assembled.manager


@lru_cache(maxsize=4)
def _assembled(plugins: Plugins) -> _Assembled:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    # pluggy calls first what was registered last
    for plugin in reversed(plugins.each):
        try:
            found, hooks, wrong = with_hooks(imported(plugin))
        except Refused as refusal:
            problems.append(refusal.problem)
            continue
        problems.extend(wrong)
        loaded.append(found)
        manager.register(hooks, plugin.name)
    for package in (kinds, checks):
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name, reverse=True):
            name = f"{package.__name__}.{module.name}"
            manager.register(import_module(name), name)
    manager.register(_Clusters(), f"{_OURS}engine.cluster")
    manager.check_pending()
    return _Assembled(manager, tuple(loaded), tuple(problems))


def load_plugins(root: Path, config: Config) -> tuple[Named, tuple[Problem, ...]]:
    """The plugins that a site names, imported, and everything that is wrong with them and their settings.

    A site that names none pays nothing.
    """
    if not config.plugins.names and not config.plugins.settings:
        return Named(), ()
    found, problems = find_plugins(root, config)
    plugins = _together(found)
    if not plugins.each:
        return Named(), problems
    assembled = _assembled(plugins)
    wrong = [problem for each in assembled.loaded for problem in wrong_settings(each, config)]
    told = [*problems, *assembled.problems, *wrong]
    folders: tuple[ThemeFolder, ...] = ()
    if not assembled.problems and not wrong:
        told.extend(_idle(assembled, config))
        told.extend(_taken_names(assembled))
        folders = tuple(_folders(root, assembled, told))
    return Named(plugins, folders), tuple(told)


def _idle(assembled: _Assembled, config: Config) -> Iterator[Problem]:
    """What to tell of plugins that have no hook: nothing of them is ever called."""
    for loaded in assembled.loaded:
        name = loaded.plugin.name
        if loaded.kind is None and not vars(assembled.manager.get_plugin(name)):
            place = config.place(f"plugins.names.{config.plugins.names.index(name)}")
            hint = "Write @hookimpl above its functions, or take it out."
            yield Problem("warning", "CL349", f"the plugin “{name}” has no hook", SETTINGS_FILE, *place, hint)


def _together(found: tuple[Plugin, ...]) -> Plugins:
    digest = digest_value([(plugin.name, plugin.digest, plugin.settings) for plugin in found]) if found else ""
    return Plugins(found, digest)


def _taken_names(assembled: _Assembled) -> Iterator[Problem]:
    """What two plugins give under one name; a mistake that calling a hook brings to light is told here as well."""
    for hook, what in _BY_NAME.items():
        owners: dict[str, str] = {}
        if hook == "clarion_filters":
            owners = dict.fromkeys((*environment(Theme("none")).filters, *FILTERS), _OURS)
        for impl in reversed(getattr(assembled.manager.hook, hook).get_hookimpls()):
            try:
                names = list(impl.function())
            except Refused as refusal:
                yield refusal.problem
                continue
            for name in names:
                first = owners.setdefault(name, impl.plugin_name)
                if first != impl.plugin_name:
                    yield _taken(assembled, impl, hook, f"{what} “{name}”", first)


def _taken(assembled: _Assembled, impl: pluggy.HookImpl, hook: str, what: str, first: str) -> Problem:
    loaded = _loaded(assembled, impl.plugin_name)
    guard = Guard(loaded, hook, _own(loaded, hook))
    owner = "Clarion" if first.startswith(_OURS) else f"the plugin “{first}”"
    message = f"{what} of the plugin “{impl.plugin_name}” is {owner}’s already"
    return guard.problem("CL347", message)


def _loaded(assembled: _Assembled, name: str) -> Loaded:
    return next(each for each in assembled.loaded if each.plugin.name == name)


def _own(loaded: Loaded, hook: str) -> Any:
    """The function that a plugin has for a hook, under whatever name."""
    named = (getattr(loaded.target, name, None) for name in dir(loaded.target))
    marked = (each for each in named if isinstance(getattr(each, f"{PROJECT}_impl", None), dict))
    found = (each for each in marked if getattr(each, f"{PROJECT}_impl").get("specname") == hook)
    return next(found, getattr(loaded.target, hook, None))


def _folders(root: Path, assembled: _Assembled, told: list[Problem]) -> Iterator[ThemeFolder]:
    """The folders that plugins bring for the chain of themes."""
    for impl in reversed(assembled.manager.hook.clarion_theme.get_hookimpls()):
        loaded = _loaded(assembled, impl.plugin_name)
        try:
            name = str(impl.function())
        except Refused as refusal:
            told.append(refusal.problem)
            continue
        home, shown = _beside(root, loaded.plugin)
        if not (home / name).is_dir():
            guard = Guard(loaded, "clarion_theme", _own(loaded, "clarion_theme"))
            told.append(guard.problem("CL346", f"there is no folder {shown}/{name}"))
            continue
        yield ThemeFolder(f"plugin-{loaded.plugin.name}", home / name, f"{shown}/{name}/")


def _beside(root: Path, plugin: Plugin) -> tuple[Path, str]:
    """The folder that a plugin is in, and what messages call it."""
    if plugin.entry:
        home = homes_of(plugin.entry)[0]
        return (home, home.name) if home.is_dir() else (home.parent, home.parent.name)
    inside = f"{FOLDER}/{plugin.name}" if f"{plugin.name}.py" not in plugin.sources else FOLDER
    return root / inside, inside


def readers_of(plugins: Plugins) -> tuple[Plugins, Mapping[str, Reader]]:
    """The plugins that read other formats, and what they read these by: functions by the suffix of the file."""
    if not plugins.each:
        return plugins, {}
    readers: dict[str, Reader] = {}
    names = set()
    for impl in plugin_manager(plugins).hook.clarion_sources.get_hookimpls():
        readers.update(cast("Mapping[str, Reader]", impl.function()))
        names.add(impl.plugin_name)
    return _together(tuple(each for each in plugins.each if each.name in names)), readers


def connect_to(address: str, plugins: Plugins) -> AbstractContextManager[Executor] | None:
    """The executor at an address (`SCHEME://…`), as a context; None when nobody knows its scheme."""
    scheme = address.partition("://")[0]
    for found in plugin_manager(plugins).hook.clarion_executors():
        if scheme in found:
            connected: AbstractContextManager[Executor] = found[scheme](address)
            return connected
    return None


def commands_by_name(
    plugins: Plugins, taken: Collection[str]
) -> tuple[dict[str, tuple[Any, Callable[[BaseException], Problem]]], list[Problem]]:
    """The commands of plugins by name, each with what makes a Problem of a mistake in it; and what is wrong.

    `taken` are names that Clarion has itself.
    """
    found: dict[str, tuple[Any, Callable[[BaseException], Problem]]] = {}
    owners = dict.fromkeys(taken, _OURS)
    problems: list[Problem] = []
    assembled = _assembled(plugins)
    for impl in reversed(assembled.manager.hook.clarion_commands.get_hookimpls()):
        loaded = _loaded(assembled, impl.plugin_name)
        try:
            commands = cast("tuple[Any, ...]", impl.function())
        except Refused as refusal:
            problems.append(refusal.problem)
            continue
        for command in commands:
            name = command.name or ""
            first = owners.setdefault(name, impl.plugin_name)
            if first != impl.plugin_name:
                problems.append(_taken(assembled, impl, "clarion_commands", f"the command “{name}”", first))
                continue
            guard = Guard(loaded, "clarion_commands", _own(loaded, "clarion_commands"))
            found[name] = (command, guard.fault)
    return found, problems


def versions_with(plugins: Plugins) -> dict[str, str]:
    """The versions of all that shapes an output, plugins by their source and settings."""
    if not plugins.each:
        return versions()
    own = {f"plugin {each.name}": digest_value((each.digest, each.settings)) for each in plugins.each}
    return {**versions(), **own}
