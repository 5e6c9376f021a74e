"""Where the plugins that a site names are: in its `plugins/`, or installed. None of them is run by being found."""

import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from generator.config import SETTINGS_FILE, Config
from generator.engine.digest import digest_file, digest_value
from generator.engine.versions import source_digest
from generator.hooks import PROJECT
from generator.model.plugin import Plugin
from generator.model.problem import Problem
from generator.source.suggest import did_you_mean

FOLDER = "plugins"
_NAME = re.compile(r"[^\W\d][\w-]*")
_HINT = f"Write {FOLDER}/{{0}}.py, or install the package that brings it."


def find_plugins(root: Path, config: Config) -> tuple[tuple[Plugin, ...], tuple[Problem, ...]]:
    """The plugins that `[plugins] names` lists, in the order of their names, and what is wrong with the list.

    What lies in `plugins/` or is installed without being named there is not touched.
    """
    found: dict[str, Plugin] = {}
    problems: list[Problem] = []
    for number, name in enumerate(config.plugins.names):
        place = config.place(f"plugins.names.{number}")
        if name in found:
            message = f"the plugin “{name}” is named twice"
            problems.append(Problem("error", "CL341", message, SETTINGS_FILE, *place, "Keep one of them."))
            continue
        homes = list(_homes(root, name))
        if not homes:
            hint = did_you_mean(name, {*_in_folder(root), *installed()}) or _HINT.format(name)
            problems.append(Problem("error", "CL340", f"there is no plugin “{name}”", SETTINGS_FILE, *place, hint))
            continue
        if len(homes) > 1:
            places = " and ".join(home if isinstance(home, str) else f"the package {home.value}" for home in homes)
            message = f"there are two plugins “{name}”: {places}"
            hint = "Rename yours, or remove one."
            problems.append(Problem("error", "CL341", message, SETTINGS_FILE, *place, hint))
            continue
        settings = config.plugins.settings.get(name, {})
        home = homes[0]
        if isinstance(home, str):
            try:
                sources = _sources(root / FOLDER, home.removeprefix(f"{FOLDER}/"))
            except OSError as error:
                message = f"this file cannot be read: {error.strerror}"
                problems.append(Problem("error", "CL705", message, home, hint="Mend its permissions."))
                continue
            found[name] = Plugin(name, digest_value(sources), sources, settings=settings)
        else:
            found[name] = Plugin(name, digest_of(home.value), entry=home.value, settings=settings)
    for name in config.plugins.settings:
        if name not in config.plugins.names:
            place = config.place(f"plugins.{name}")
            hint = did_you_mean(name, config.plugins.names) or f'Add it to [plugins] names = ["{name}"].'
            message = f"[plugins.{name}] is of no plugin of this site"
            problems.append(Problem("warning", "CL344", message, SETTINGS_FILE, *place, hint))
    return tuple(plugin for _, plugin in sorted(found.items())), tuple(problems)


@lru_cache(maxsize=1)
def installed() -> Mapping[str, tuple[EntryPoint, ...]]:
    """The plugins that installed packages bring (entry points of the group `clarion`), by name."""
    found: dict[str, dict[str, EntryPoint]] = {}
    for entry in entry_points(group=PROJECT):
        found.setdefault(entry.name, {}).setdefault(entry.value, entry)
    return {name: tuple(by_value.values()) for name, by_value in found.items()}


def homes_of(entry: str) -> tuple[Path, ...]:
    """The folders of the package an entry point is in, or the file of its module; none when it is not there."""
    top = entry.partition(":")[0].strip().partition(".")[0]
    spec = importlib.util.find_spec(top) if top else None
    if spec is None:
        return ()
    if spec.submodule_search_locations is not None:
        return tuple(map(Path, spec.submodule_search_locations))
    return (Path(spec.origin),) if spec.origin and Path(spec.origin).is_file() else ()


@lru_cache(maxsize=64)
def digest_of(entry: str) -> str:
    """The digest of the source of an installed plugin, as this process found it first; '' when it is not there."""
    digests = [source_digest(home) if home.is_dir() else digest_file(home) for home in homes_of(entry)]
    return digest_value(digests) if digests else ""


def _homes(root: Path, name: str) -> Iterator[str | EntryPoint]:
    """Each place where a plugin of that name is: a file of the site, or an entry point."""
    if not _NAME.fullmatch(name):
        return
    for home in (f"{FOLDER}/{name}.py", f"{FOLDER}/{name}/__init__.py"):
        if (root / home).is_file():
            yield home
    yield from installed().get(name, ())


def _in_folder(root: Path) -> set[str]:
    """The names that plugins in the site's folder could have."""
    files = (root / FOLDER).glob("*.py")
    packages = (root / FOLDER).glob("*/__init__.py")
    return {*(file.stem for file in files), *(file.parent.name for file in packages)}


def _sources(folder: Path, home: str) -> dict[str, bytes]:
    """The Python files of a plugin by their names below `plugins/`: one, or all of its package."""
    if "/" not in home:
        return {home: (folder / home).read_bytes()}
    files = sorted((folder / home).parent.rglob("*.py"))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
