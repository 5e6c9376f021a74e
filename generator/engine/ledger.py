"""The ledger of an output folder, kept in the state folder from build to build."""

import os
from pathlib import Path

import msgspec

from generator.engine.digest import digest_bytes, encode
from generator.engine.staging import make_private, write_whole
from generator.model.job import Ledger

_MAGIC = b"clarion ledger 1\n"
_DIGEST_LENGTH = 32


def open_state(state: Path) -> None:
    """The state folder exists, is private (0700) and is passed over by git.

    Raises: OSError when it cannot be made or written.
    """
    make_private(state)
    ignore = state / ".gitignore"
    if not ignore.is_file() or ignore.read_bytes() != b"*\n":
        ignore.write_bytes(b"*\n")


def load_ledger(state: Path, output: Path) -> Ledger:
    """What is known of an output folder; empty when nothing is.

    A ledger that is damaged, cut short, of another layout or of another folder is never believed: the ledger is then
    empty, and its `fault` says why.
    """
    path = _ledger_path(state, output)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        return Ledger(fault=str(error.strerror))
    payload = content[len(_MAGIC) + _DIGEST_LENGTH :]
    if not content.startswith(_MAGIC):
        return Ledger(fault="it is not of this version")
    if content[len(_MAGIC) : len(_MAGIC) + _DIGEST_LENGTH] != digest_bytes(payload).encode():
        return Ledger(fault="it is damaged")
    try:
        name, ledger = msgspec.msgpack.decode(payload, type=tuple[str, Ledger])
    except msgspec.DecodeError:
        return Ledger(fault="it is not of this version")
    if name != path.name:
        return Ledger(fault="it belongs to another folder")
    return ledger


def save_ledger(state: Path, output: Path, ledger: Ledger) -> None:
    """Keep what is known of an output folder, whole or not at all.

    Raises: OSError.
    """
    path = _ledger_path(state, output)
    payload = encode((path.name, msgspec.structs.replace(ledger, fault="")))
    open_state(state)
    write_whole(path, _MAGIC + digest_bytes(payload).encode() + payload)


def _ledger_path(state: Path, output: Path) -> Path:
    """One ledger for each output folder, named by the way from the one to the other: a moved site keeps it."""
    try:
        way = os.path.relpath(output.resolve(), state.resolve())
    except ValueError:
        # On Windows there is no way from one drive to another.
        way = str(output.resolve())
    return state / f"ledger-{digest_bytes(way.encode(errors='surrogateescape'))[:12]}"
