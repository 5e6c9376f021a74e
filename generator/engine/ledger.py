"""The ledger of an output folder, kept in the state folder from build to build."""

import os
from pathlib import Path

from generator.engine.digest import digest_bytes
from generator.engine.sealed import Unusable, load_sealed, save_sealed
from generator.model.job import Ledger

_MAGIC = b"clarion ledger 2\n"


def load_ledger(state: Path, output: Path) -> Ledger:
    """What is known of an output folder; empty when nothing is.

    A ledger that is damaged, cut short, of another layout or of another folder is never believed: the ledger is then
    empty, and its `fault` says why.
    """
    path = _ledger_path(state, output)
    try:
        name, ledger = load_sealed(path, tuple[str, Ledger], _MAGIC)
    except Unusable as reason:
        return Ledger(fault=str(reason))
    return ledger if name == path.name else Ledger(fault="it belongs to another folder")


def save_ledger(state: Path, output: Path, ledger: Ledger) -> None:
    """Keep what is known of an output folder, whole or not at all.

    Raises: OSError.
    """
    path = _ledger_path(state, output)
    save_sealed(path, (path.name, ledger), _MAGIC)


def _ledger_path(state: Path, output: Path) -> Path:
    """One ledger for each output folder, named by the way from the one to the other: a moved site keeps it."""
    try:
        way = os.path.relpath(output.resolve(), state.resolve())
    except ValueError:
        # On Windows there is no way from one drive to another.
        way = str(output.resolve())
    return state / f"ledger-{digest_bytes(way.encode(errors='surrogateescape'))[:12]}"
