"""A plugin as code: its module, where a mistake in it is, and its settings as a value."""

import os
import traceback
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from generator.config import SETTINGS_FILE, Config
from generator.engine.modules import made_module
from generator.engine.refusal import Refused
from generator.hooks import PROJECT
from generator.model.plugin import Plugin
from generator.model.problem import Problem
from generator.plugins.finding import FOLDER, digest_of, homes_of
from generator.source.suggest import did_you_mean

_PREFIX = "clarion_plugin_"
_PACKAGE = "/__init__.py"
_LONGEST_MESSAGE = 300
Place = tuple[str, int, int]


class Loaded(Struct, frozen=True):
    """A plugin that was imported: `target` has its hooks, `shown` says what messages call a file of it ('' if none).

    `kind` is the struct of its settings, None where it declares none; `given` is what its hooks get as `settings`.
    """

    plugin: Plugin
    target: Any
    shown: Callable[[str], str]
    kind: type[Struct] | None = None
    given: Any = None


def imported(plugin: Plugin) -> Loaded:
    """The plugin, imported. Raises: Refused (CL342, or CL921 when this machine has another state of it)."""
    if plugin.entry and digest_of(plugin.entry) != plugin.digest:
        hint = "Install the same versions on every machine of the cluster."
        raise Refused(Problem("error", "CL921", f"a worker has another state of the plugin “{plugin.name}”", hint=hint))
    shown = _of_package(plugin.entry) if plugin.entry else _of_site(plugin)
    unique = f"{_PREFIX}{plugin.digest}"
    try:
        if plugin.entry:
            target = EntryPoint(plugin.name, plugin.entry, PROJECT).load()
        else:
            target = made_module(unique, plugin.sources, FOLDER)
    except (Exception, SystemExit) as error:
        place = place_in(error, shown) or _home(plugin)
        message = f"the plugin “{plugin.name}” cannot be imported: {in_words(error)}".replace(unique, plugin.name)
        hint = "Mend this line, or take the plugin out of [plugins] names."
        raise Refused(Problem("error", "CL342", message, *place, hint)) from error
    return Loaded(plugin, target, shown)


def _of_site(plugin: Plugin) -> Callable[[str], str]:
    paths = {f"{FOLDER}/{path}" for path in plugin.sources}
    return lambda file: file if file in paths else ""


def _of_package(entry: str) -> Callable[[str], str]:
    homes = homes_of(entry)

    def shown(file: str) -> str:
        for home in homes:
            if Path(file).is_relative_to(home):
                return Path(file).relative_to(home.parent).as_posix()
        return ""

    return shown


def _home(plugin: Plugin) -> Place:
    """Where a plugin begins; of an installed one, where it is named."""
    if plugin.entry:
        return SETTINGS_FILE, 0, 0
    return f"{FOLDER}/{min(plugin.sources, key=lambda path: (path.count('/'), not path.endswith(_PACKAGE)))}", 1, 1


def place_in(error: BaseException, shown: Callable[[str], str]) -> Place | None:
    """Where in the files of a plugin something went wrong: the deepest line of them; None when it was elsewhere."""
    if isinstance(error, SyntaxError) and error.filename and shown(error.filename):
        return shown(error.filename), error.lineno or 1, error.offset or 1
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if shown(frame.filename)]
    if not frames:
        return None
    return shown(frames[-1].filename), frames[-1].lineno or 1, (frames[-1].colno or 0) + 1


def place_of(function: Any, loaded: Loaded) -> Place:
    """Where a function of a plugin begins."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    path = loaded.shown(code.co_filename) if code else ""
    return (path, code.co_firstlineno, 1) if path and code else _home(loaded.plugin)


def in_words(error: BaseException) -> str:
    """What an exception says, on one line, without the places of this machine."""
    if isinstance(error, SyntaxError):
        return error.msg
    if isinstance(error, OSError) and error.errno:
        return f"{type(error).__name__}: {os.strerror(error.errno)}"
    try:
        said = " ".join(str(error).split())[:_LONGEST_MESSAGE]
    except Exception:  # noqa: BLE001 (an exception of a plugin may fail even at saying what it is)
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def wrong_settings(loaded: Loaded, config: Config) -> list[Problem]:
    """What is wrong in `[plugins.NAME]`: unknown keys, missing ones, values of another type."""
    name = loaded.plugin.name
    problems: list[Problem] = []

    def say(key: str, message: str, hint: str) -> None:
        place = config.place(f"plugins.{name}.{key}" if key else f"plugins.{name}")
        problems.append(Problem("error", "CL344", message, SETTINGS_FILE, *place, hint))

    fields = {field.encode_name: field for field in msgspec.structs.fields(loaded.kind)} if loaded.kind else {}
    for key, value in loaded.plugin.settings.items():
        if key not in fields:
            known = f"It has: {', '.join(fields)}." if fields else "It has none."
            message = f"the plugin “{name}” has no setting “{key}”"
            say(key, message, did_you_mean(key, fields) or known)
            continue
        wrong = _wrong(value, fields[key].type)
        if wrong:
            say(key, f"`plugins.{name}.{key}` is wrong: {wrong}", "Write a value of that type.")
    for key, field in fields.items():
        if field.required and key not in loaded.plugin.settings:
            say("", f"`plugins.{name}.{key}` is missing", f"Write [plugins.{name}] with {key} = ….")
    if loaded.kind is not None and not problems:
        wrong = _wrong(loaded.plugin.settings, loaded.kind)
        if wrong:
            say("", f"[plugins.{name}] is wrong: {wrong}", "Mend these settings.")
    return problems


def _wrong(value: Any, kind: Any) -> str:
    try:
        msgspec.convert(value, kind)
    except Exception as error:  # noqa: BLE001 (a struct may check its values itself, and fail in its own way)
        said = " ".join(str(error).split()) or type(error).__name__
        return said[:1].lower() + said[1:]
    return ""


def settings_of(loaded: Loaded) -> Any:
    """The settings of a plugin as its hooks get them; None where it declares none, or they are wrong."""
    if loaded.kind is None or _wrong(loaded.plugin.settings, loaded.kind):
        return None
    return msgspec.convert(loaded.plugin.settings, loaded.kind)
