"""What any file that goes out as it is carries besides what one sees and hears."""

from pathlib import PurePosixPath

from generator.media.containers import sniff
from generator.media.drawings import Drawing, redraw
from generator.media.metadata import removed
from generator.media.recordings import RECORDING_SUFFIXES, carried

_HEAD = 4096


def carried_by(content: bytes, path: str) -> tuple[str, ...]:
    """Words for what a picture or a recording carries (see `metadata.personal`); nothing of any other file.

    What a file is, its bytes say; only recordings, which begin in many ways, are told by their suffix.
    """
    kind = sniff(content[:_HEAD])
    if kind == "SVG":
        drawn = redraw(content)
        return tuple(word for word in drawn.removed if word in _OF_SOMEBODY) if isinstance(drawn, Drawing) else ()
    if kind:
        return removed(content)
    if content[:4] == b"\0\0\1\0":
        return _in_icons(content)
    suffix = PurePosixPath(path).suffix.lower()
    told = carried(content, suffix) if suffix in RECORDING_SUFFIXES else ()
    return tuple(word for word in told if word not in _OF_NOBODY)


_OF_SOMEBODY = frozenset({"metadata", "notes of its editor", "scripts"})
_OF_NOBODY = frozenset({"hidden data", "unknown content"})


def _in_icons(content: bytes) -> tuple[str, ...]:
    """An ICO holds whole pictures, each with its length and place."""
    found: list[str] = []
    for number in range(min(int.from_bytes(content[4:6], "little"), 64)):
        entry = content[6 + 16 * number : 22 + 16 * number]
        size, start = int.from_bytes(entry[8:12], "little"), int.from_bytes(entry[12:16], "little")
        found += removed(content[start : start + size])
    return tuple(dict.fromkeys(found))
