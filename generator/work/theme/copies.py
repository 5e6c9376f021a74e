"""Files of a theme that a site changes: copied with a note of what they were, compared with what they are now."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from generator.config import Config
from generator.engine.digest import digest_bytes
from generator.engine.staging import write_whole
from generator.model.problem import Problem
from generator.source.copied import COPIED_FILE, Copied, written_copied
from generator.source.folders import is_left_behind
from generator.source.suggest import did_you_mean
from generator.theme import DESCRIPTION, LINKS, ThemeLink, bundled_themes, copied_files, original_of, theme_chain
from generator.work.new.place import New, taken

OVERRIDING = tuple(name for name in LINKS if name != "locales")
"""Folders in which one file stands in the place of another; catalogues are read together."""
State = Literal["copied", "drifted", "same", "unknown", "gone"]


class Override(Struct, frozen=True):
    """A file of the site that stands in the place of one of a theme.

    `state`: `copied` (and the theme's is what it was then), `drifted` (the theme's is another now), `same` (both are
    alike), `unknown` (nobody knows what it was copied from), `gone` (the theme has it no longer).
    """

    path: str
    theme: str
    shadowed: str
    state: State
    difference: tuple[str, ...] = ()


def copy_files(root: Path, config: Config, names: Sequence[str], into: str = "") -> New | Problem:
    """Copy files of the theme in use, such as `templates/list.html`, to where they count before it.

    That is the site's own folder, or with `into` the folder of a theme of the site. What was copied is noted in
    `themes/copied.toml`. Nothing is overwritten, and nothing is copied when one of the names is wrong.
    Raises: OSError when a folder cannot be written.
    """
    chain = theme_chain(root, config, [])
    home = f"themes/{into}/" if into else ""
    if into and not (root / home / DESCRIPTION).is_file():
        own = [path.parent.name for path in (root / "themes").glob(f"*/{DESCRIPTION}")]
        hint = did_you_mean(into, own) or "Begin one: clarion theme new NAME."
        return Problem("error", "CL309", f"there is no theme “{into}” of this site", hint=hint)
    behind = _behind(chain, into)
    wanted: dict[str, tuple[str, bytes]] = {}
    for name in names:
        found = _find(behind, name)
        if found is None:
            known = [path for link in behind for path in _files(link.folder)]
            hint = did_you_mean(name, known) or "Name a file of a theme, such as templates/list.html."
            return Problem("error", "CL304", f"no theme in use has “{name}”", hint=hint)
        link, inner = found
        if (root / home / inner).exists() or (root / home / inner).is_symlink():
            return taken(f"{home}{inner}")
        wanted[f"{home}{inner}"] = (link.name, (link.folder / inner).read_bytes())
    for path, (_, content) in wanted.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(content)
    _note(root, {path: Copied(theme, digest_bytes(content)) for path, (theme, content) in wanted.items()})
    return New(tuple(wanted))


def overrides(root: Path, config: Config) -> Iterator[Override]:
    """Every file of the site, and of its own themes, that stands in the place of a file of a theme behind it.

    A template that extends or includes the one in whose place it stands is made of the present one, and not told of.
    """
    chain = theme_chain(root, config, [])
    copied = copied_files(root, [])
    homes = [("", ""), *((link.name, link.label) for link in chain if link.folder.parent != bundled_themes())]
    for name, home in homes:
        behind = _behind(chain, name)
        for inner in _files(root / home):
            path = f"{home}{inner}"
            link = next((each for each in behind if (each.folder / inner).is_file()), None)
            known = copied.get(path)
            if link is None:
                if known is not None:
                    yield Override(path, known.theme, inner, "gone")
                continue
            mine, theirs = (root / path).read_bytes(), (link.folder / inner).read_bytes()
            if f"{link.name}:{inner.removeprefix('templates/')}".encode() in mine:
                continue
            if mine == theirs:
                yield Override(path, link.name, inner, "same")
            elif known is None:
                yield Override(
                    path, link.name, inner, "unknown", _difference(mine, theirs, path, f"{link.label}{inner}")
                )
            elif original_of(path, known.theme, chain) == link.folder / inner and digest_bytes(theirs) == known.digest:
                yield Override(path, link.name, inner, "copied")
            else:
                yield Override(
                    path, link.name, inner, "drifted", _difference(mine, theirs, path, f"{link.label}{inner}")
                )


def seen(root: Path, config: Config, paths: Sequence[str]) -> New | Problem:
    """Note of some files that what the theme has now was looked at; of all that have drifted when none is named.

    What the theme has no longer is forgotten: it is the site's own from then on.
    """
    found = {each.path: each for each in overrides(root, config)}
    wanted = paths or tuple(path for path, each in found.items() if each.state in ("drifted", "gone"))
    chain = theme_chain(root, config, [])
    fresh: dict[str, Copied] = {}
    gone: list[str] = []
    for path in wanted:
        if path not in found:
            hint = did_you_mean(path, found) or "clarion theme diff tells which there are."
            return Problem("error", "CL304", f"“{path}” stands in the place of no file of a theme", hint=hint)
        each = found[path]
        original = original_of(path, each.theme, chain)
        if original is not None and original.is_file():
            fresh[path] = Copied(each.theme, digest_bytes(original.read_bytes()))
        else:
            gone.append(path)
    _note(root, fresh, gone)
    return New((*fresh, *gone))


def _behind(chain: Sequence[ThemeLink], name: str) -> tuple[ThemeLink, ...]:
    """The themes whose files those of a theme (or, with '', of the site) stand in the place of."""
    names = [link.name for link in chain]
    return tuple(chain[names.index(name) + 1 :]) if name in names else tuple(chain)


def _find(behind: Sequence[ThemeLink], name: str) -> tuple[ThemeLink, str] | None:
    """The theme that has a file, which may be named without `templates/`; and its path in the theme."""
    for inner in (name, f"templates/{name}"):
        if not inner.startswith(tuple(f"{folder}/" for folder in OVERRIDING)) or ".." in inner.split("/"):
            continue
        for link in behind:
            if (link.folder / inner).is_file():
                return link, inner
    return None


def _files(home: Path) -> list[str]:
    """The files of a theme, or of a site, that may stand in the place of others."""
    found = []
    for folder in OVERRIDING:
        for path in sorted((home / folder).rglob("*")):
            inner = path.relative_to(home).as_posix()
            if path.is_file() and not path.is_symlink() and not is_left_behind(inner):
                found.append(inner)
    return found


def _difference(mine: bytes, theirs: bytes, path: str, other: str) -> tuple[str, ...]:
    """What makes the theme's file out of the site's own, as a unified difference; of what is no text, a sentence."""
    try:
        old, new = mine.decode(), theirs.decode()
    except UnicodeDecodeError:
        return ("the two are no texts, and differ",)
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), path, other, lineterm="")
    return tuple(lines)


def _note(root: Path, fresh: dict[str, Copied], gone: Sequence[str] = ()) -> None:
    """Note where files came from, in the list of them; those that are `gone` came from nowhere any more."""
    if not fresh and not gone:
        return
    known = copied_files(root, [])
    kept = {path: entry for path, entry in known.items() if (root / path).exists() and path not in gone}
    (root / "themes").mkdir(exist_ok=True)
    write_whole(root / COPIED_FILE, written_copied({**kept, **fresh}).encode())
    (root / COPIED_FILE).chmod(0o644)
