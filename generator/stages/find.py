"""Find: the files of a site's content, with the digests of their bytes."""

import os
from pathlib import Path

from msgspec import Struct

from generator.engine.digest import digest_file
from generator.engine.index import Index, Seen, path_key
from generator.model.document import File
from generator.model.problem import Problem
from generator.source.folders import is_left_behind

CONTENT = "content"


class Found(Struct, frozen=True):
    """The files of `content/` in order of their paths; `seen` is what tells later whether one was touched.

    `read` is how many of them had to be read.
    """

    files: tuple[File, ...] = ()
    problems: tuple[Problem, ...] = ()
    seen: dict[str, Seen] = {}
    read: int = 0


def find(root: Path, index: Index | None = None) -> Found:
    """Everything in `content/`; what an editor or a desktop leaves behind is passed over.

    A file that `index` shows to be untouched is not read. A symlink that leads out of `content/` is refused: it could
    publish any file of the machine.
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
    if not top.resolve().is_relative_to(root.resolve()):
        message = "content/ is a link that leads out of the site"
        return Found(problems=(Problem("error", "CL702", message, CONTENT, hint="Copy the folder into the site."),))
    walk = _Walk(top.resolve(), index or Index())
    walk.folder(str(top), CONTENT)
    walk.files.sort(key=lambda file: file.path)
    return Found(tuple(walk.files), tuple(walk.problems), walk.seen, walk.read)


class _Walk:
    """One walk through the folders below `content/`."""

    def __init__(self, top: Path, index: Index) -> None:
        self.top = top
        self.index = index
        self.files: list[File] = []
        self.problems: list[Problem] = []
        self.seen: dict[str, Seen] = {}
        self.read = 0

    def folder(self, folder: str, shown: str) -> None:
        try:
            with os.scandir(folder) as items:
                entries = list(items)
        except OSError as error:
            self.unreadable(error, shown, "folder")
            return
        entries.sort(key=lambda found: found.name)
        for entry in entries:
            self.entry(entry, f"{shown}/{entry.name}", shown)

    def entry(self, item: "os.DirEntry[str]", path: str, shown: str) -> None:
        if item.name.startswith(".") or is_left_behind(item.name):
            return
        link = item.is_symlink()
        if link and not _is_inside(Path(item.path), self.top):
            message = "this link leads out of content/" if Path(item.path).exists() else "this link leads nowhere"
            hint = "Copy the file into content/ instead."
            self.problems.append(Problem("error", "CL702", message, path, hint=hint))
            return
        if not item.name.isascii() and not _is_text(item.name):
            safe = item.name.encode(errors="replace").decode()
            message = f"the name of {safe} is not UTF-8"
            self.problems.append(Problem("error", "CL703", message, shown, hint="Rename the file."))
            return
        if item.is_dir():
            if link:
                hint = "Copy the folder, or link its files."
                self.problems.append(Problem("error", "CL704", "a folder cannot be a link", path, hint=hint))
                return
            self.folder(item.path, path)
        elif item.is_file():
            try:
                self.file(item, path)
            except OSError as error:
                self.unreadable(error, path, "file")

    def file(self, item: "os.DirEntry[str]", path: str) -> None:
        status = item.stat()
        digest = self.index.digest(path, status)
        if not digest:
            digest = digest_file(Path(item.path))
            self.read += 1
        self.files.append(File(path, digest, status.st_size))
        self.seen[path_key(path)] = Seen(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, digest)

    def unreadable(self, error: OSError, path: str, what: str) -> None:
        message = f"this {what} cannot be read: {error.strerror}"
        self.problems.append(Problem("error", "CL705", message, path, hint="Mend its permissions."))


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_inside(link: Path, top: Path) -> bool:
    """Whether a link leads to something below `top`; not when it leads nowhere, or round in a circle."""
    try:
        return link.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):
        return False
