"""A mark in the state folder: the last build came to its end, and nothing is left here that it should have removed.

A build that is ended from outside, or refused, may leave values of a text that is not published any more. Only where
the mark stands can the next build believe that there is nothing to do.
"""

from contextlib import suppress
from pathlib import Path

from generator.engine.staging import write_whole

_NAME = "settled"


def settled_for(state: Path) -> str:
    """The digest of all that the state folder was settled for; '' when it is not."""
    try:
        return (state / _NAME).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def unsettle(state: Path) -> None:
    """Take the mark away. Raises: OSError."""
    mark = state / _NAME
    # A folder there marks nothing.
    if mark.is_symlink() or not mark.is_dir():
        mark.unlink(missing_ok=True)


def settle(state: Path, digest: str) -> None:
    """Set the mark; where that is not possible the next build looks again."""
    with suppress(OSError):
        write_whole(state / _NAME, digest.encode("ascii"))
