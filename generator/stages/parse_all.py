"""Parse everything found: which file is what, and each one alone."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.config import Config
from generator.media.files import file_problem
from generator.media.pictures import PICTURE_SUFFIXES, probe
from generator.model.directive import Declaration
from generator.model.document import Document, File, Media, Section
from generator.model.library import Parsed
from generator.model.problem import Problem
from generator.stages.parse import decode_document, encode_document, parse_data, parse_document, parse_section

_REFUSED_PICTURES = {".svg", ".heic", ".heif", ".tif", ".tiff", ".psd", ".dng", ".cr2", ".nef", ".arw", ".jp2", ".jxl"}
_SECTION = "_section.toml"
_DATA = "content/data/"
_TEXTS = (".md", ".markdown", ".md.txt", ".mdown")
_TOLD_EVERY = 50
_HEAD = 4096


def parse_all(
    root: Path,
    files: Sequence[File],
    config: Config,
    declarations: Mapping[str, Declaration],
    say: Callable[[str, int, int], None],
) -> Parsed:
    """Every file of the site by what it is. A document is used as decoded from its bytes, also when it is fresh.

    What is wrong with a picture or another file is told only where a document names it.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    media: dict[str, Media] = {}
    refused: dict[str, Problem] = {}
    stems: dict[str, str] = {}
    others: dict[str, File] = {}
    data: dict[str, Any] = {}
    sections = _sections(root, files, config, problems)
    for number, file in enumerate(files, 1):
        if number % _TOLD_EVERY == 0:
            say("parse", number, len(files))
        name = posixpath.basename(file.path)
        if name == _SECTION:
            continue
        if file.path.startswith(_DATA):
            content = _read(root, file, problems)
            if content is None:
                continue
            value, found = parse_data(file, content, config)
            problems.extend(found)
            stem = name.rpartition(".")[0]
            first = stems.setdefault(stem, file.path)
            if first != file.path:
                message = f"this and {first} would both be data.{stem}"
                problems.append(Problem("error", "CL711", message, file.path, 1, 1, "Rename one of them."))
            data[stem] = value
        elif name.lower().endswith(_TEXTS):
            content = _read(root, file, problems)
            if content is None:
                continue
            document, found = parse_document(file, content, config, sections, declarations)
            if document is None:
                problems.extend(found)
            else:
                documents.append(decode_document(encode_document(document)))
        elif posixpath.splitext(name)[1].lower() in PICTURE_SUFFIXES | _REFUSED_PICTURES:
            picture = probe(root / file.path, file, config.images.max_pixels)
            if isinstance(picture, Media):
                media[file.path] = picture
            else:
                refused[file.path] = picture
        else:
            others[file.path] = file
            head = _read(root, file, problems, _HEAD)
            if head is None:
                continue
            problem = file_problem(file.path, file.size, head)
            if problem is not None:
                refused[file.path] = problem
    return Parsed(tuple(documents), media, refused, others, sections, data, tuple(problems))


def _read(root: Path, file: File, problems: list[Problem], most: int = -1) -> bytes | None:
    """A file that was found a moment ago, at most `most` bytes of it; by now it may be gone."""
    try:
        with (root / file.path).open("rb") as stream:
            return stream.read(most)
    except OSError as error:
        hint = "Build again when nothing changes the folder."
        problems.append(Problem("error", "CL705", f"this file cannot be read: {error.strerror}", file.path, hint=hint))
        return None


def _sections(root: Path, files: Sequence[File], config: Config, problems: list[Problem]) -> dict[str, Section]:
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
