"""A value kept in a file of the state folder: believed only when it is whole and of this version."""

from pathlib import Path
from typing import TypeVar

import msgspec

from generator.engine.digest import digest_bytes, encode
from generator.engine.staging import make_private, write_whole

Value = TypeVar("Value")
_DIGEST_LENGTH = 32


class Unusable(Exception):  # noqa: N818 - it is no error of the program
    """A kept value cannot be believed; the text says why, and is '' when there is none."""


def load_sealed(path: Path, kind: type[Value], magic: bytes) -> Value:
    """The value kept in a file. Raises: Unusable when there is none, or it is damaged, cut short, of another layout."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Unusable("") from None
    except OSError as error:
        raise Unusable(str(error.strerror)) from error
    payload = content[len(magic) + _DIGEST_LENGTH :]
    if not content.startswith(magic):
        raise Unusable("it is not of this version")
    if content[len(magic) : len(magic) + _DIGEST_LENGTH] != digest_bytes(payload).encode():
        raise Unusable("it is damaged")
    try:
        return msgspec.msgpack.decode(payload, type=kind)
    except msgspec.DecodeError as error:
        raise Unusable("it is not of this version") from error


def save_sealed(path: Path, value: object, magic: bytes) -> None:
    """Keep a value, whole or not at all, for its owner only. Raises: OSError."""
    open_state(path.parent)
    payload = encode(value)
    write_whole(path, magic + digest_bytes(payload).encode() + payload)


def open_state(state: Path) -> None:
    """The state folder exists, is private (0700) and is passed over by git.

    Raises: OSError when it cannot be made or written.
    """
    make_private(state)
    ignore = state / ".gitignore"
    if ignore.is_symlink():
        ignore.unlink()
    if not ignore.is_file() or ignore.read_bytes() != b"*\n":
        ignore.write_bytes(b"*\n")
