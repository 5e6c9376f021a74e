"""The list in an output folder of the files there that are ours, and may be replaced and removed."""

import os
import re
from collections.abc import Collection
from pathlib import Path

from generator.engine.staging import STAGING_NAME, sync_folder

LIST_NAME = ".clarion-output"
_HEADER = "# Files Clarion made. It removes what stands here and is no longer made. Delete a file, not this list."
_RESERVED = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in "123456789¹²³"
}
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\ud800-\udfff]')
# Folders and a file of small letters and digits, of which none can be the name of a device: most paths by far.
_PLAIN = re.compile(r"(?:(?!con|prn|aux|nul|com|lpt)[a-z0-9][a-z0-9_-]{0,99}(?:\.[a-z]{2,5})?(?:/|\Z))+")
_LONGEST_NAME = 255


class ForeignList(Exception):  # noqa: N818 - it is no error of the program
    """The list is not one of ours: another program's file, a folder, a link, or damaged."""


def is_inside(path: str) -> bool:
    """Whether a path relative to the output folder names a place in it: no `..`, no root, no empty part."""
    return bool(path) and all(part not in ("", ".", "..") for part in path.split("/")) and "\0" not in path


def name_fault(path: str) -> str:
    """Why a path cannot be a file on every system (Windows, macOS, Linux), in words; '' when it can."""
    if _PLAIN.fullmatch(path):
        return ""
    if path.split("/")[0].casefold() in (LIST_NAME, STAGING_NAME):
        return f"“{path.split('/')[0]}” is where Clarion keeps account of the folder"
    for part in path.split("/"):
        if len(part.encode(errors="surrogatepass")) > _LONGEST_NAME:
            return "a name in it is longer than 255 bytes"
        if _FORBIDDEN.search(part):
            return 'a name in it holds a control character or one of < > : " | ? * \\'
        if part.endswith((".", " ")):
            return "a name in it ends in a dot or a space"
        if part.split(".")[0].rstrip().casefold() in _RESERVED:
            return f"“{part}” is the name of a device on Windows"
    return ""


def read_list(output: Path) -> frozenset[str] | None:
    """The files of the output folder that are ours; None where there is no list. An empty list owns nothing.

    Lines that name a place outside the folder are passed over: the list may come with a folder from elsewhere.
    Raises: ForeignList, OSError.
    """
    path = output / LIST_NAME
    if not path.is_symlink() and not path.exists():
        return None
    if path.is_symlink() or not path.is_file():
        raise ForeignList
    try:
        lines = path.read_bytes().decode().split("\n")
    except UnicodeDecodeError as error:
        raise ForeignList from error
    if lines == [""]:
        return frozenset()
    if not lines[0].startswith("# Files Clarion made."):
        raise ForeignList
    return frozenset(line for line in (line.removesuffix("\r") for line in lines[1:]) if is_inside(line))


def write_list(output: Path, paths: Collection[str], staged: Path) -> None:
    """Replace the list by one of these paths; it is on the disk on return. `staged` is a free place on the same disk.

    Raises: OSError.
    """
    with staged.open("wb") as stream:
        stream.write("\n".join([_HEADER, *sorted(paths), ""]).encode())
        stream.flush()
        os.fsync(stream.fileno())
    staged.replace(output / LIST_NAME)
    sync_folder(output)
