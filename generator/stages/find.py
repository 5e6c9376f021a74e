"""Find: the files of a site's content, with the digests of their bytes."""

import os
from pathlib import Path

from msgspec import Struct

from generator.engine.digest import digest_file
from generator.model.document import File
from generator.model.problem import Problem
from generator.source.folders import is_left_behind

CONTENT = "content"


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
    if not top.resolve().is_relative_to(root.resolve()):
        message = "content/ is a link that leads out of the site"
        return Found(problems=(Problem("error", "CL702", message, CONTENT, hint="Copy the folder into the site."),))
    _walk(top, CONTENT, top.resolve(), files, problems)
    return Found(tuple(sorted(files, key=lambda file: file.path)), tuple(problems))


def _walk(folder: Path, shown: str, top: Path, files: list[File], problems: list[Problem]) -> None:
    try:
        items = sorted(os.scandir(folder), key=lambda found: found.name)
    except OSError as error:
        message = f"this folder cannot be read: {error.strerror}"
        problems.append(Problem("error", "CL705", message, shown, hint="Mend its permissions."))
        return
    for item in items:
        path = f"{shown}/{item.name}"
        if item.name.startswith(".") or is_left_behind(item.name):
            continue
        if item.is_symlink() and not _is_inside(Path(item.path), top):
            message = "this link leads out of content/" if Path(item.path).exists() else "this link leads nowhere"
            hint = "Copy the file into content/ instead."
            problems.append(Problem("error", "CL702", message, path, hint=hint))
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


def _is_inside(link: Path, top: Path) -> bool:
    """Whether a link leads to something below `top`; not when it leads nowhere, or round in a circle."""
    try:
        return link.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):
        return False
