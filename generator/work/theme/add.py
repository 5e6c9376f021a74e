"""A theme from elsewhere put among those of a site: from a folder, a ZIP, or an installed package."""

import os
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from msgspec import Struct

from generator.model.problem import Problem
from generator.source.folders import is_left_behind
from generator.source.suggest import did_you_mean
from generator.theme import API, BASE, DESCRIPTION, LINKS, bundled_themes, theme_names
from generator.work.theme.archive import MOST_BYTES, Hostile, check_names, read_archive
from generator.work.theme.begin import unusable_name
from generator.work.theme.offers import folder_of, installed_themes

_BESIDE = ("readme", "licence", "license", "changelog", "copying", "notice")
_EXAMPLE = "Name a folder, a ZIP, or an installed theme."


class Added(Struct, frozen=True):
    """What was put into `themes/NAME/`, what of the source was left out, and the name of a parent it still needs."""

    name: str
    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    lacks: str = ""


def add_theme(root: Path, source: str, *, replace: bool = False) -> Added | Problem:
    """Put the theme that `source` names into the site: a folder, a `.zip`, or the name of an installed theme.

    Only what a theme is made of is taken: its description, templates, directives, static files, catalogues, and what
    tells of it and its licence. Everything is looked through before anything is written, and the folder stands whole or
    not at all. A theme of the site is replaced only when that is asked for; one that comes with Clarion never is.
    Raises: OSError when the folder cannot be written.
    """
    found = _read(source)
    if isinstance(found, Problem):
        return found
    inner = _theme_in(found)
    if inner is None:
        message = f"there is no {DESCRIPTION} in it, nor in one folder that holds all of it"
        return Problem("error", "CL360", message, source, hint="Name the folder of the theme itself.")
    files = {path.removeprefix(inner): content for path, content in found.items() if path.startswith(inner)}
    described = _described(files[DESCRIPTION], source)
    if isinstance(described, Problem):
        return described
    name, parent = described
    taken = {path: content for path, content in files.items() if _is_of_theme(path)}
    wrong = _cannot_stand(root, name, replace=replace)
    if wrong is not None:
        return wrong
    _put(root / "themes", name, taken)
    lacks = parent if parent and parent != BASE and parent not in theme_names(root) else ""
    return Added(name, tuple(sorted(taken)), tuple(sorted(files.keys() - taken.keys())), lacks)


def _read(source: str) -> Mapping[str, bytes] | Problem:
    """The files of a source by their path in it."""
    path = Path(source)
    if path.is_dir():
        return _folder(path, source)
    if path.is_file():
        return read_archive(path, source)
    entry = installed_themes().get(source)
    if entry is None:
        known = [*installed_themes(), *(each.name for each in path.parent.glob("*") if path.parent != Path("/"))]
        hint = did_you_mean(path.name, known) or _EXAMPLE
        return Problem("error", "CL360", f"there is no theme at “{source}”", hint=hint)
    folder = folder_of(entry)
    if folder is None:
        message = f"the package {entry.value} has no {DESCRIPTION}"
        return Problem("error", "CL360", message, hint="Install the package anew, or ask those who made it.")
    return _folder(folder, source)


def _folder(folder: Path, shown: str) -> Mapping[str, bytes] | Problem:
    """The files of a folder; what is a link is refused, for it may lead to any file of this machine."""
    names: dict[str, Path] = {}
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each != "__pycache__")
        for each in (*folders, *sorted(files)):
            path = Path(place, each)
            inner = path.relative_to(folder).as_posix()
            if path.is_symlink():
                message = f"“{inner}” is a link"
                hint = "Put the file itself there."
                return Problem("error", "CL361", f"this folder is refused: {message}", shown, hint=hint)
            if path.is_file() and not is_left_behind(inner):
                names[inner] = path
    try:
        check_names(sorted(names))
        if sum(path.stat().st_size for path in names.values()) > MOST_BYTES:
            raise Hostile(f"it holds more than {MOST_BYTES // 1_000_000} MB")
    except Hostile as why:
        hint = "Name the folder of the theme itself."
        return Problem("error", "CL361", f"this folder is refused: {why}", shown, hint=hint)
    return {inner: path.read_bytes() for inner, path in names.items()}


def _theme_in(files: Mapping[str, bytes]) -> str | None:
    """The folder of the theme among some files, with a slash behind it: '' or the one that holds all of them."""
    if DESCRIPTION in files:
        return ""
    tops = {path.partition("/")[0] for path in files}
    homes = [f"{top}/" for top in tops if f"{top}/{DESCRIPTION}" in files]
    return homes[0] if len(homes) == 1 else None


def _described(content: bytes, source: str) -> tuple[str, str] | Problem:
    """Name and parent as a `theme.toml` says them, when it was made for this version of Clarion."""
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        message = f"its {DESCRIPTION} cannot be read: {error}"
        return Problem("error", "CL360", message, source, hint="Ask those who made the theme.")
    name, parent, api = values.get("name"), values.get("parent", ""), values.get("api")
    if not isinstance(name, str) or not isinstance(parent, str):
        message = f"its {DESCRIPTION} does not say its name"
        return Problem("error", "CL360", message, source, hint='It needs name = "…", and may have parent = "…".')
    if api != API:
        said = "does not say for which" if api is None else f"was made for {api}, and this is {API}"
        message = f"a theme names the version of the names it uses; this one {said}"
        return Problem("error", "CL313", message, source, hint=f"Take one made for this Clarion: api = {API}.")
    return name, parent


def _is_of_theme(path: str) -> bool:
    """Whether a theme is made of such a file. Themes hold no code but scripts for readers."""
    top, slash, _ = path.partition("/")
    if slash:
        return top in LINKS and not is_left_behind(path) and not path.endswith((".py", ".pyc", ".so", ".pth"))
    return path == DESCRIPTION or path.lower().startswith(_BESIDE)


def _cannot_stand(root: Path, name: str, *, replace: bool) -> Problem | None:
    own = root / "themes" / name
    if replace and (own / DESCRIPTION).is_file() and not own.is_symlink() and not (bundled_themes() / name).exists():
        return None
    wrong = unusable_name(root, name)
    if wrong is None or wrong.code != "CL362":
        return wrong
    hint = "With --replace it takes the place of the one that is there."
    if (bundled_themes() / name).exists():
        hint = "It has the name of a theme that comes with Clarion: ask for one of another name."
    return Problem(wrong.severity, wrong.code, wrong.message, wrong.path, hint=hint)


def _put(themes: Path, name: str, files: Mapping[str, bytes]) -> None:
    """The folder of the theme holds these files and no others: made beside its place, then moved there."""
    themes.mkdir(exist_ok=True)
    aside = Path(mkdtemp(prefix=".adding-", dir=themes))
    try:
        fresh, old = aside / "new", aside / "old"
        for path, content in files.items():
            target = fresh / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        place = themes / name
        if place.exists():
            place.rename(old)
        try:
            fresh.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
