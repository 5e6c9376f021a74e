"""Find: the files of a site's content, with the digests of their bytes."""

import os
from pathlib import Path

from msgspec import Struct

from generator.engine.digest import digest_file
from generator.model.document import File
from generator.model.problem import Problem

CONTENT = "content"
_EDITORS = (".swp", ".swo", ".tmp", ".bak", "~")


class Found(Struct, frozen=True):
    """The files of `content/` in order of their paths."""

    files: tuple[File, ...] = ()
    problems: tuple[Problem, ...] = ()


def find(root: Path) -> Found:
    """Everything in `content/`; what an editor or a desktop leaves behind is passed over.

    A symlink that leads out of `content/` is refused: it could publish any file of the machine.
    """
    top = root / CONTENT
    if not top.is_dir():
        problem = Problem(
            "error",
            "CL701",
            "there is no folder content/ here",
            CONTENT,
            hint="Make it, or go to the folder of a site.",
        )
        return Found(problems=(problem,))
    files: list[File] = []
    problems: list[Problem] = []
    _walk(top, CONTENT, top.resolve(), files, problems)
    return Found(tuple(sorted(files, key=lambda file: file.path)), tuple(problems))


def _walk(folder: Path, shown: str, top: Path, files: list[File], problems: list[Problem]) -> None:
    for item in sorted(os.scandir(folder), key=lambda found: found.name):
        path = f"{shown}/{item.name}"
        if item.name.startswith(".") or item.name.endswith(_EDITORS) or item.name == "Thumbs.db":
            continue
        if item.is_symlink() and not Path(item.path).resolve().is_relative_to(top):
            problems.append(
                Problem(
                    "error",
                    "CL702",
                    "this link leads out of content/",
                    path,
                    hint="Copy the file into content/ instead.",
                )
            )
            continue
        try:
            item.name.encode()
        except UnicodeEncodeError:
            safe = item.name.encode(errors="replace").decode()
            problems.append(
                Problem("error", "CL703", f"the name of {safe} is not UTF-8", shown, hint="Rename the file.")
            )
            continue
        if item.is_dir():
            if item.is_symlink():
                problems.append(
                    Problem(
                        "error", "CL704", "a folder cannot be a link", path, hint="Copy the folder, or link its files."
                    )
                )
                continue
            _walk(Path(item.path), path, top, files, problems)
        elif item.is_file():
            try:
                files.append(File(path, digest_file(Path(item.path)), item.stat().st_size))
            except OSError as error:
                problems.append(
                    Problem(
                        "error",
                        "CL705",
                        f"this file cannot be read: {error.strerror}",
                        path,
                        hint="Mend its permissions.",
                    )
                )
