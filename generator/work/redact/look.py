"""Where the texts of redactions still stand, in their sources and elsewhere in a site."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from generator.config import load_config
from generator.markup.redaction import Cleared, Redaction, all_sought, lines_with, may_redact_bytes, unsaid
from generator.model.problem import Problem
from generator.plugins import load_plugins, readers_of
from generator.source.places import Place
from generator.stages.find import find
from generator.stages.parse import besides_redactions, redacted_in
from generator.text.traces import masked, readings, stands_in, stands_in_bytes

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

    `shown` is its path with `*` for each name that says what is redacted anywhere, and so are the attributes. `sought`
    says whether it could be looked for: what is too short or too common is not. `openly` says that its own file has the
    text besides, or its name.
    """

    path: str
    shown: str
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
    texts = (*_TEXTS, *_formats(root))
    paths = [file.path for file in files.files if file.path.lower().endswith(texts)]
    wanted, problems = _wanted(root, names, paths)
    problems += files.problems
    sources: list[Source] = []
    for path in paths:
        content = (root / path).read_bytes()
        if may_redact_bytes(content):
            sources.append(Source(path, content, redacted_in(content, path)))
    secret = all_sought(each for source in sources for each in source.cleared.redactions)
    problems += [problem for source in sources if source.path in wanted for problem in source.cleared.problems]
    chosen = [source for source in sources if source.path in wanted and _texts(source)]
    by_path = {source.path: source for source in sources}
    redactions = [(source.path, each) for source in chosen for each in _texts(source)]
    where: dict[tuple[str, ...], list[Elsewhere]] = {each.sought(): [] for _, each in redactions if each.sought()}
    openly: set[tuple[tuple[str, ...], str]] = set()
    for path in sorted(_files(root)) if where else ():
        for forms, place in _standing(root, path, by_path.get(path), tuple(where), secret):
            where[forms].append(place)
            openly.add((forms, path))
    for source in sources:
        if source.path not in wanted:
            for each in _texts(source):
                where.get(each.sought(), []).append(Elsewhere(masked(source.path, secret), *each.place))
    pending = []
    for path, each in redactions:
        forms = each.sought()
        found = tuple(where.get(forms, ()))
        said = each.attributes if masked(each.attributes, secret) == each.attributes else "{reason=*}"
        shown = masked(path, secret)
        pending.append(Pending(path, shown, *each.place, said, bool(forms), (forms, path) in openly, found))
    return Found(tuple(pending), tuple(chosen), tuple(unsaid(problem, secret) for problem in problems))


def _formats(root: Path) -> Iterable[str]:
    """The suffixes of texts that plugins of the site read."""
    config, _ = load_config(root)
    return readers_of(load_plugins(root, config)[0].plugins)[1] if config is not None else ()


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
    """Every file of the site that an author, an editor or a theme wrote, by its path; not what Clarion or git keeps.

    What an editor keeps in case it fails has a name that begins with a dot.
    """
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NOT_LOOKED_INTO)
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root).as_posix()


def _standing(
    root: Path, path: str, source: Source | None, wanted: tuple[tuple[str, ...], ...], secret: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Elsewhere]]:
    """Which of the texts stand in a file, outside of its redactions, or in its name; and where."""
    named = list(readings(path))
    content = _content(root / path)
    is_text = source is not None or b"\x00" not in content
    text = _text_of(content, source) if is_text else ""
    read = list(readings(text))
    shown = masked(path, secret)
    for forms in wanted:
        if any(stands_in(form, named) for form in forms):
            yield forms, Elsewhere(shown)
        if any(stands_in(form, read) for form in forms):
            places: list[Place] = list(lines_with(forms, text)) or [(1, 1)]
            for line, column in places:
                yield forms, Elsewhere(shown, line, column)
        elif not is_text and any(stands_in_bytes(form, content) for form in forms):
            yield forms, Elsewhere(shown, 1, 1)


def _content(file: Path) -> bytes:
    """The bytes of a file; none of a link, of what cannot be read, and of what is larger than any text."""
    try:
        return b"" if file.is_symlink() or file.stat().st_size > _LARGEST else file.read_bytes()
    except OSError:
        return b""


def _text_of(content: bytes, source: Source | None) -> str:
    """The text of a file; of one with redactions what is left when they are taken out."""
    if source is not None:
        return besides_redactions(source.content, source.path)
    return content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
