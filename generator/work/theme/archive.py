"""A ZIP from a stranger: looked through whole, and refused whole, before a byte of it is written."""

import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from generator.engine.owned import is_inside, name_fault
from generator.model.problem import Problem
from generator.text.slugs import collision_key

MOST_FILES = 2_000
MOST_BYTES = 50_000_000
_MOST_OF_ONE = 20_000_000
_PIECE = 65_536
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DRIVE = re.compile(r"[a-zA-Z]:")


class Hostile(Exception):  # noqa: N818 - it is no error of the program
    """An archive that must not be unpacked; the text says why."""


def read_archive(path: Path, shown: str) -> Mapping[str, bytes] | Problem:
    """The files of a ZIP by their path in it, or why it is refused: then nothing of it is to be used.

    Refused are links and devices, names that lead out of a folder or cannot be on some system, two names that are one
    where case does not count, what is encrypted, and more than anybody needs: whatever the archive says of sizes, what
    comes out of it is counted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _files(archive)
    except Hostile as why:
        hint = "Do not use it. Ask those who made the theme for another."
        return Problem("error", "CL361", f"this archive is refused: {why}", shown, hint=hint)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        message = f"this archive cannot be read: {str(error) or type(error).__name__}"
        return Problem("error", "CL361", message, shown, hint="Fetch it again: it may be damaged.")
    except OSError as error:
        message = f"this archive cannot be read: {error.strerror or error}"
        return Problem("error", "CL361", message, shown, hint="Mend its permissions, or name another file.")


def check_name(name: str) -> None:
    """A name that can stand in a folder, on every system. Raises: Hostile."""
    if "\\" in name or name.startswith("/") or _DRIVE.match(name) or not is_inside(name):
        raise Hostile(f"“{_shown(name)}” leads out of the folder")
    fault = name_fault(name)
    if fault:
        raise Hostile(f"“{_shown(name)}” cannot be a file: {fault}")


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()[:80]


def check_names(names: list[str]) -> None:
    """Names of files that can all stand in one folder, on every system. Raises: Hostile."""
    if len(names) > MOST_FILES:
        raise Hostile(f"it has more than {MOST_FILES:,} files")
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        check_name(name)
        shown = _shown(name)
        key = collision_key(name)
        if key in seen:
            raise Hostile(f"“{seen[key]}” and “{shown}” are one file where case does not count")
        seen[key] = shown
        parts = key.split("/")
        folders.update({"/".join(parts[:depth]): shown for depth in range(1, len(parts))})
    for key, shown in seen.items():
        if key in folders:
            raise Hostile(f"“{shown}” is a file, and a folder for “{folders[key]}”")


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > 2 * MOST_FILES:
        raise Hostile(f"it has more than {MOST_FILES:,} files")
    for entry in entries:
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Hostile(f"“{entry.filename[:80]}” is a link or a device")
        if entry.flag_bits & _ENCRYPTED:
            raise Hostile("it is encrypted")
        if entry.compress_type not in _METHODS:
            raise Hostile(f"“{entry.filename[:80]}” is packed in an unusual way")
        if entry.orig_filename != entry.filename:
            # zipfile cuts a name at a null byte, and turns what parts folders on Windows.
            raise Hostile(f"“{entry.filename[:80]}” has a name that is written in two ways")
    kept = [entry for entry in entries if not entry.is_dir()]
    for entry in entries:
        if entry.is_dir():
            check_name(entry.filename.rstrip("/"))
    check_names([entry.filename for entry in kept])
    if sum(entry.file_size for entry in kept) > MOST_BYTES:
        raise Hostile(f"it holds more than {MOST_BYTES // 1_000_000} MB")
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in kept:
        found[entry.filename] = _content(archive, entry, min(left, _MOST_OF_ONE))
        left -= len(found[entry.filename])
    return found


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of an entry, counted as they come: what it says of its size is not believed."""
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > most:
                raise Hostile(f"“{entry.filename[:80]}” is larger than a file of a theme may be")
            pieces.append(piece)
    return b"".join(pieces)
