"""Where the texts of redactions still stand, in their sources and elsewhere in a site."""

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from generator.markup.redaction import Cleared, Redaction, lines_with, may_redact_bytes
from generator.model.problem import Problem
from generator.source.front_matter import read_front_matter
from generator.source.places import Place
from generator.stages.find import find
from generator.stages.parse import redacted_in
from generator.text.traces import readings, stands_in

_TEXTS = (".md", ".markdown", ".md.txt", ".mdown")
# What is made from the site, and what other programs keep.
_NOT_LOOKED_INTO = frozenset({"output", "node_modules", "__pycache__"})
_LARGEST = 5_000_000


class Elsewhere(Struct, frozen=True):
    """A place where the same text stands besides; line and column are 0 when it is in the name of the file.

    In such a path `*` stands for each name that holds the text.
    """

    path: str
    line: int = 0
    column: int = 0


class Pending(Struct, frozen=True):
    """A redaction whose text is in its source: its place, its attributes in braces, where else that text stands.

    `sought` says whether it could be looked for: what is too short or too common is not. `openly` says that its own
    file has the text besides, or its name.
    """

    path: str
    line: int
    column: int
    attributes: str
    sought: bool
    openly: bool = False
    elsewhere: tuple[Elsewhere, ...] = ()


class Source(Struct, frozen=True):
    """A file with redactions to take out: its bytes as they were read, and what stands in it."""

    path: str
    content: bytes
    cleared: Cleared


class Found(Struct, frozen=True):
    """All redactions that are asked for, the files they stand in, and what is wrong."""

    pending: tuple[Pending, ...] = ()
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()


def look(root: Path, names: tuple[str, ...] = ()) -> Found:
    """The redactions in the files `names` (paths from the folder of the site or from here; all when there are none)."""
    files = find(root)
    paths = [file.path for file in files.files if file.path.lower().endswith(_TEXTS)]
    wanted, problems = _wanted(root, names, paths)
    problems += files.problems
    sources: list[Source] = []
    for path in paths:
        content = (root / path).read_bytes()
        if may_redact_bytes(content):
            sources.append(Source(path, content, redacted_in(content, path)))
    problems += [problem for source in sources if source.path in wanted for problem in source.cleared.problems]
    chosen = [source for source in sources if source.path in wanted and _texts(source)]
    by_path = {source.path: source for source in sources}
    redactions = [(source.path, each) for source in chosen for each in _texts(source)]
    where: dict[tuple[str, ...], list[Elsewhere]] = {each.sought(): [] for _, each in redactions if each.sought()}
    openly: set[tuple[tuple[str, ...], str]] = set()
    for path in sorted(_files(root)) if where else ():
        for forms, place in _standing(root, path, by_path.get(path), tuple(where)):
            where[forms].append(place)
            openly.add((forms, path))
    for source in sources:
        if source.path not in wanted:
            for each in _texts(source):
                where.get(each.sought(), []).append(Elsewhere(source.path, *each.place))
    pending = []
    for path, each in redactions:
        forms = each.sought()
        found = tuple(where.get(forms, ()))
        pending.append(Pending(path, *each.place, each.attributes, bool(forms), (forms, path) in openly, found))
    return Found(tuple(pending), tuple(chosen), tuple(problems))


def _texts(source: Source) -> list[Redaction]:
    return [each for each in source.cleared.redactions if each.text]


def _wanted(root: Path, names: tuple[str, ...], paths: list[str]) -> tuple[set[str], list[Problem]]:
    if not names:
        return set(paths), []
    wanted: set[str] = set()
    problems = []
    for name in names:
        here = Path(name).resolve()
        places = {name.rstrip("/")} | ({here.relative_to(root).as_posix()} if here.is_relative_to(root) else set())
        found = {path for path in paths if any(path == place or path.startswith(f"{place}/") for place in places)}
        wanted |= found
        if not found:
            hint = "Name a text or a folder in content/, such as content/posts/river.md."
            problems.append(
                Problem("error", "CL566", "there is no text here to take something out of", name, hint=hint)
            )
    return wanted, problems


def _files(root: Path) -> Iterator[str]:
    """Every file of the site that an author or a theme wrote, by its path; nothing that Clarion or git keeps."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NOT_LOOKED_INTO)
        for name in sorted(names):
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(root).as_posix()


def _standing(
    root: Path, path: str, source: Source | None, wanted: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[tuple[str, ...], Elsewhere]]:
    """Which of the texts stand in a file, outside of its redactions, or in its name; and where."""
    named = list(readings(path))
    text = _text_of(root / path, source)
    read = list(readings(text))
    for forms in wanted:
        shown = path
        if any(stands_in(form, named) for form in forms):
            shown = _masked(path, forms)
            yield forms, Elsewhere(shown)
        if any(stands_in(form, read) for form in forms):
            places: list[Place] = list(lines_with(forms, text)) or [(1, 1)]
            for line, column in places:
                yield forms, Elsewhere(shown, line, column)


def _masked(path: str, forms: tuple[str, ...]) -> str:
    """A path without the names in it that hold one of the texts; the end that tells the kind of file stays."""
    names = path.split("/")
    held = [any(stands_in(form, list(readings(name))) for form in forms) for name in names]
    suffix = Path(path).suffix
    if suffix and any(stands_in(form, readings(suffix)) for form in forms):
        suffix = ""
    if not any(held):
        return f"*{suffix}"
    shown = ["*" if hidden else name for name, hidden in zip(names, held, strict=True)]
    return "/".join(shown) + (suffix if held[-1] else "")


def _text_of(file: Path, source: Source | None) -> str:
    """The text of a file, '' where it has none; of one with redactions what is left when they are taken out."""
    if source is not None:
        text = source.content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        front = read_front_matter(text, source.path)
        return text[: len(text) - len(front.body)] + source.cleared.body
    try:
        if file.is_symlink() or file.stat().st_size > _LARGEST:
            return ""
        content = file.read_bytes()
    except OSError:
        return ""
    return "" if b"\x00" in content else content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
