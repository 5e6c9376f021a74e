"""Parse everything found: which file is what, and each one alone, unless what was made of it is still kept."""

import posixpath
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from sys import intern
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct, structs
from msgspec.structs import force_setattr

from generator.config import Config, ContentSettings, FeedSettings, ImageSettings, ShareSettings, ThemeSettings
from generator.engine.cache import Cache, Kept, MemoryCache
from generator.engine.digest import digest_bytes, digest_value, encode, key_value
from generator.engine.executors import Executor, Serial
from generator.engine.parcels import Parcel, Sending, answer
from generator.engine.versions import versions
from generator.markup.redaction import DIRECTIVE, NOT_UNDERSTOOD, may_redact_bytes
from generator.media.files import file_problem
from generator.media.known import recall
from generator.media.pictures import PICTURE_SUFFIXES, probe
from generator.model.body import References
from generator.model.directive import Declaration
from generator.model.document import Entry, File, Matter, Media, Section, Spots, Text
from generator.model.library import Parsed
from generator.model.plugin import Plugins
from generator.model.problem import Problem
from generator.plugins import readers_of, versions_with
from generator.stages.parse import parse_data, parse_document, parse_section, suffix_of

_REFUSED_PICTURES = {".svgz", ".heic", ".heif", ".tif", ".tiff", ".psd", ".dng", ".cr2", ".nef", ".arw", ".jp2", ".jxl"}
_PICTURES = PICTURE_SUFFIXES | _REFUSED_PICTURES
_SECTION = "_section.toml"
_DATA = "content/data/"
_TEXTS = (".md", ".markdown", ".md.txt", ".mdown")
_HEAD = 4096
_A_PARCEL = 48
_entry = msgspec.msgpack.Decoder(Entry)
_NOTHING = Matter()


class Unit(Struct, frozen=True, array_like=True):
    """What parse made of one document: entry and text as bytes, both empty when it is none; its problems.

    `seconds` is how long that took, where it was asked for.
    """

    path: str
    outline: str
    entry: bytes
    text: bytes
    problems: tuple[Problem, ...]
    seconds: float = 0.0


_units = msgspec.msgpack.Decoder(tuple[Unit, ...])


class Parsing(Struct, frozen=True):
    """What parse needs besides the files: settings and declarations, where it keeps what it made, who does the work.

    `is_public` says of an entry whether it may be kept on a disk. `private` keeps what may not be. `took` is told how
    many seconds each document took, by its path; without it nothing is measured. `plugins` are those of the site;
    `known` gives what is known of pictures already.
    """

    root: Path
    config: Config
    declarations: Mapping[str, Declaration]
    cache: Cache
    private: Cache
    is_public: Callable[[Entry], bool]
    executor: Callable[[int], Executor]
    took: Callable[[str, float], None] | None = None
    plugins: Plugins = Plugins()
    known: Callable[[], Mapping[str, Media]] = dict


def parse_settings(config: Config) -> Config:
    """The settings that parsing a document reads; all others have their defaults, so it cannot depend on them."""
    return Config(
        site=structs.replace(
            config.site, title="-", base_url="-", tagline="", description="", licence="", contact="", repository="none"
        ),
        urls=structs.replace(config.urls, links="pretty"),
        content=ContentSettings(),
        taxonomies={
            name: structs.replace(taxonomy, title="", feed=True) for name, taxonomy in config.taxonomies.items()
        },
        markdown=config.markdown,
        theme=ThemeSettings(),
        feeds=FeedSettings(),
        share=ShareSettings(),
        images=ImageSettings(),
        languages={
            code: structs.replace(own, title="", tagline="", description="") for code, own in config.languages.items()
        },
        places={name: place for name, place in config.places.items() if name.startswith("markdown")},
    )


def parse_here(
    root: Path,
    files: Sequence[File],
    config: Config,
    declarations: Mapping[str, Declaration],
    plugins: Plugins = Plugins(),  # noqa: B008 (frozen)
) -> Parsed:
    """Every file of the site by what it is, read in this process, and nothing kept."""
    memory = MemoryCache()
    work = Parsing(
        root, config, declarations, memory, memory, lambda _entry: True, lambda _items: Serial(), plugins=plugins
    )
    return parse_all(files, work, lambda _stage, _done, _everything: None)


def parse_all(files: Sequence[File], work: Parsing, say: Callable[[str, int, int], None]) -> Parsed:
    """Every file of the site by what it is. A document is used as decoded from its bytes, also when it is fresh.

    What is wrong with a picture or another file is told only where a document names it.
    """
    problems: list[Problem] = []
    sections = _sections(work.root, files, work.config, problems)
    markdown: list[File] = []
    media: dict[str, Media] = {}
    refused: dict[str, Problem] = {}
    stems: dict[str, str] = {}
    others: dict[str, File] = {}
    data: dict[str, Any] = {}
    pictures: list[File] = []
    _, readers = readers_of(work.plugins)
    for file in files:
        name = posixpath.basename(file.path)
        if name == _SECTION:
            continue
        if file.path.startswith(_DATA):
            content = _read(work.root, file, problems)
            if content is None:
                continue
            value, found = parse_data(file, content, work.config)
            problems.extend(found)
            stem = name.rpartition(".")[0]
            first = stems.setdefault(stem, file.path)
            if first != file.path:
                message = f"this and {first} would both be data.{stem}"
                problems.append(Problem("error", "CL711", message, file.path, 1, 1, "Rename one of them."))
            data[stem] = value
        elif name.lower().endswith(_TEXTS) or suffix_of(name, readers):
            markdown.append(file)
        elif posixpath.splitext(name)[1].lower() in _PICTURES:
            pictures.append(file)
        else:
            others[file.path] = file
            head = _read(work.root, file, problems, _HEAD)
            if head is None:
                continue
            problem = file_problem(file.path, file.size, head)
            if problem is not None:
                refused[file.path] = problem
    documents = _documents(markdown, sections, work, problems, say)
    entries = tuple(entry for entry, _ in documents.values())
    outlines = {path: outline for path, (_, outline) in documents.items()}
    unnamed = _look_at(pictures, entries, work, media, refused)
    return Parsed(entries, outlines, media, refused, others, sections, data, tuple(problems), unnamed)


def _look_at(
    pictures: Sequence[File],
    entries: Iterable[Entry],
    work: Parsing,
    media: dict[str, Media],
    refused: dict[str, Problem],
) -> tuple[str, ...]:
    """Adds what pictures are, or what is wrong with them. The paths of those that no text names are given back.

    Those are not looked at: photographs are large, and most folders hold more of them than are shown.
    """
    known = work.known() if pictures else {}
    unknown = []
    for file in pictures:
        kept = recall(known, file)
        if kept is not None:
            media[file.path] = kept
        else:
            unknown.append(file)
    names = _names_in(entries) if unknown else frozenset()
    unnamed = []
    for file in unknown:
        if posixpath.basename(file.path) not in names:
            unnamed.append(file.path)
            continue
        picture = probe(work.root / file.path, file, work.config.images.max_pixels)
        if isinstance(picture, Media):
            media[file.path] = picture
        else:
            refused[file.path] = picture
    return tuple(unnamed)


def _names_in(entries: Iterable[Entry]) -> frozenset[str]:
    """The names of all files that texts name, wherever they lie."""
    named = {reference.target for entry in entries for reference in entry.references}
    named.update(entry.card.image.file for entry in entries if entry.card.image is not None)
    return frozenset(posixpath.basename(unquote(re.split("[?#]", target, maxsplit=1)[0])) for target in named)


def _documents(
    files: Sequence[File],
    sections: Mapping[str, Section],
    work: Parsing,
    problems: list[Problem],
    say: Callable[[str, int, int], None],
) -> dict[str, tuple[Entry, str]]:
    """The entries of all documents with their outlines, by path, in the order of their files."""
    shared = _rules_of(work.config, sections, work.declarations, work.plugins)
    rules = _digest_of(shared)
    keys = {file.path: _key(rules, file) for file in files}
    alike = _Alike()
    entries: dict[str, Entry] = {}
    outlines: dict[str, str] = {}
    for cache in (work.cache, work.private):
        for found in cache.find(keys):
            entries[found.path] = alike.read(found.entry)
            outlines[found.path] = found.outline
    wanted = [file for file in files if file.path not in entries]
    public: list[Kept] = []
    for done, unit in enumerate(_units_of(wanted, shared, rules, work, problems), 1):
        if done % _A_PARCEL == 0:
            say("parse", done, len(wanted))
            work.cache.keep(public)
            public.clear()
        if work.took:
            work.took(unit.path, unit.seconds)
        if not unit.entry:
            problems.extend(unit.problems)
            continue
        entry = entries[unit.path] = alike.read(unit.entry)
        outlines[unit.path] = unit.outline
        kept = Kept(unit.path, keys[unit.path], unit.outline, unit.entry, unit.text)
        if work.is_public(entry) and not _says_too_much(entry):
            public.append(kept)
        else:
            work.private.keep([kept])
    work.cache.keep(public)
    shown = {path for path, entry in entries.items() if work.is_public(entry) and not _says_too_much(entry)}
    work.cache.forget(shown.__contains__)
    # An older value may hold what is redacted now.
    redacted = {path for path, entry in entries.items() if DIRECTIVE in entry.directives or entry.card.unredacted}
    if redacted:
        work.cache.forget_older(redacted.__contains__)
    return {file.path: (entries[file.path], outlines[file.path]) for file in files if file.path in entries}


def _says_too_much(entry: Entry) -> bool:
    """Whether a document may say openly what it redacts: then no disk keeps it, as no build publishes it."""
    wrong = [problem.code for problem in entry.problems if problem.severity == "error"]
    return bool(wrong) and (bool(entry.card.unredacted) or NOT_UNDERSTOOD in wrong)


def with_sections(files: Iterable[File], is_wanted: Callable[[File], bool]) -> list[File]:
    """The files that are wanted, and those that describe sections, without which no article in one can be read."""
    return [file for file in files if is_wanted(file) or posixpath.basename(file.path) == _SECTION]


class _Alike:
    """Reads entries that hold what many of them say once: at a hundred thousand articles a seventh of their memory."""

    def __init__(self) -> None:
        self._labels: dict[tuple[tuple[str, tuple[str, ...]], ...], dict[str, tuple[str, ...]]] = {}
        self._directives: dict[tuple[str, ...], tuple[str, ...]] = {}

    def read(self, content: bytes) -> Entry:
        """The entry; nobody else has seen it yet, so that its values may still be exchanged for equal ones."""
        entry = _entry.decode(content)
        card, matter = entry.card, entry.matter
        force_setattr(card, "language", intern(card.language))
        force_setattr(card, "kind", intern(card.kind))
        labels = card.taxonomies
        force_setattr(card, "taxonomies", self._labels.setdefault(tuple(labels.items()), labels))
        force_setattr(entry, "directives", self._directives.setdefault(entry.directives, entry.directives))
        if matter.share == _NOTHING.share:
            force_setattr(matter, "share", _NOTHING.share)
        if not matter.ignore:
            force_setattr(matter, "ignore", _NOTHING.ignore)
        if not matter.extra:
            force_setattr(matter, "extra", _NOTHING.extra)
        return entry


class _Rules(Struct, frozen=True):
    """What is the same for all documents; of the plugins only those that read other formats."""

    config: Config
    sections: dict[str, Section]
    declarations: dict[str, Declaration]
    plugins: Plugins


def _rules_of(
    config: Config, sections: Mapping[str, Section], declarations: Mapping[str, Declaration], plugins: Plugins
) -> _Rules:
    reading, _ = readers_of(plugins)
    return _Rules(parse_settings(config), dict(sections), dict(declarations), reading)


def parse_again(
    read: Sequence[tuple[File, bytes]],
    config: Config,
    sections: Mapping[str, Section],
    declarations: Mapping[str, Declaration],
    plugins: Plugins,
) -> Iterator[tuple[Kept | None, Entry | None]]:
    """Documents whose bytes were just read, parsed in this process: what is kept of each, and its entry.

    Both are None for what is no document.
    """
    rules = _rules_of(config, sections, declarations, plugins)
    digest = _digest_of(rules)
    for unit, (file, _) in zip(_parsed(read, rules), read, strict=True):
        if unit.entry:
            yield Kept(file.path, _key(digest, file), unit.outline, unit.entry, unit.text), _entry.decode(unit.entry)
        else:
            yield None, None


def _outline(entry: Entry) -> str:
    """The digest of all that other stages read of a document, besides its text and the places of mistakes in it."""
    references = tuple((each.kind, each.target, each.cover, each.credit, each.licence) for each in entry.references)
    return key_value((structs.replace(entry, body_digest="", references=References(), places=Spots()), references))


def kept_entry(path: str, digest: str, sections: Mapping[str, Section], work: Parsing) -> Entry | None:
    """The entry of a document as it was when its file had that digest; None when it is not kept any more."""
    rules = _rules_of(work.config, sections, work.declarations, work.plugins)
    content = work.cache.entry(_key(_digest_of(rules), File(path, digest, 0)))
    return _entry.decode(content) if content is not None else None


def _digest_of(rules: _Rules) -> str:
    made_from = (rules.config, rules.sections, rules.declarations)
    return digest_value((versions_with(rules.plugins), made_from))


def _key(rules: str, file: File) -> str:
    """What a document is kept under: all that it is made from."""
    return key_value((rules, file.path, file.digest))


def _units_of(
    files: Sequence[File], shared: _Rules, rules: str, work: Parsing, problems: list[Problem]
) -> Iterator[Unit]:
    if not files:
        return
    sending = Sending(versions())
    sending.share(rules, shared)
    aside: list[tuple[File, bytes]] = []

    def parcels() -> Iterator[Parcel]:
        for start in range(0, len(files), _A_PARCEL):
            portion: list[tuple[File, bytes]] = []
            for file in files[start : start + _A_PARCEL]:
                content = _read(work.root, file, problems)
                if content is not None:
                    (aside if may_redact_bytes(content) else portion).append((file, content))
            values = {"files": tuple(portion), "rules": rules, "timed": work.took is not None}
            yield sending.parcel(values, (rules,))

    for content in sending.send(work.executor(len(files)), parse_parcel, parcels()):
        yield from _units.decode(content)
    # What is redacted in them stays in this process.
    units = _parsed(aside, shared)
    yield from _timed(units) if work.took else units


def parse_parcel(parcel: bytes) -> bytes:
    """A worker's part: what parse makes of the documents in a parcel, as bytes."""
    return answer(parcel, versions(), _parse)


def _parse(values: dict[str, Any]) -> bytes:
    units: Iterable[Unit] = _parsed(values["files"], values["shared"][values["rules"]])
    if values["timed"]:
        units = _timed(iter(units))
    return msgspec.msgpack.encode(list(units))


def _timed(units: Iterator[Unit]) -> Iterator[Unit]:
    """The units with the seconds that each of them took."""
    began = time.perf_counter()
    for unit in units:
        yield structs.replace(unit, seconds=time.perf_counter() - began)
        began = time.perf_counter()


def _parsed(read: Iterable[tuple[File, bytes]], rules: _Rules) -> Iterator[Unit]:
    _, readers = readers_of(rules.plugins)
    for file, content in read:
        if digest_bytes(content) != file.digest:
            message = f"{file.path} changed during the build"
            problem = Problem("error", "CL608", message, file.path, hint="Build again.")
            yield Unit(file.path, "", b"", b"", (problem,))
            continue
        document, problems = parse_document(
            file, content, rules.config, rules.sections, rules.declarations, readers=readers
        )
        if document is None:
            yield Unit(file.path, "", b"", b"", problems)
        else:
            text = encode(Text(document.body, document.headings))
            yield Unit(file.path, _outline(document.entry), encode(document.entry), text, ())


def _read(root: Path, file: File, problems: list[Problem], most: int = -1) -> bytes | None:
    """A file that was found a moment ago, at most `most` bytes of it; by now it may be gone."""
    try:
        with (root / file.path).open("rb") as stream:
            return stream.read(most)
    except OSError as error:
        hint = "Build again when nothing changes the folder."
        problems.append(Problem("error", "CL705", f"this file cannot be read: {error.strerror}", file.path, hint=hint))
        return None


def _sections(root: Path, files: Iterable[File], config: Config, problems: list[Problem]) -> dict[str, Section]:
    sections: dict[str, Section] = {}
    for file in files:
        if posixpath.basename(file.path) == _SECTION:
            content = _read(root, file, problems)
            if content is None:
                continue
            section, found = parse_section(file, content, config)
            problems.extend(found)
            if section is not None:
                sections[section.name] = section
    return sections
