"""Which letters a font has, read from its table of letters: no font is opened for it."""

import struct
import sys
from functools import lru_cache


class NoFontError(ValueError):
    """The bytes are not those of a TrueType or OpenType font, or damaged."""


@lru_cache(maxsize=8)
def letters(content: bytes) -> frozenset[int]:
    """The code points that a TrueType or OpenType font has a glyph for (ISO/IEC 14496-22, `cmap` formats 4 and 12).

    Raises: NoFontError.
    """
    try:
        return frozenset(_read(content))
    except (struct.error, IndexError, ValueError) as error:
        raise NoFontError(str(error)) from error


def _read(content: bytes) -> set[int]:
    if content[:4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        raise ValueError("no TrueType or OpenType font")
    (tables,) = struct.unpack_from(">H", content, 4)
    start = next(
        (
            offset
            for tag, _, offset, _ in (struct.unpack_from(">4sIII", content, 12 + 16 * each) for each in range(tables))
            if tag == b"cmap"
        ),
        0,
    )
    if not start:
        raise ValueError("no table of letters")
    (encodings,) = struct.unpack_from(">H", content, start + 2)
    found: set[int] = set()
    for each in range(encodings):
        platform, _, offset = struct.unpack_from(">HHI", content, start + 4 + 8 * each)
        (form,) = struct.unpack_from(">H", content, start + offset)
        # Other platforms number their letters otherwise; those of Windows 3.0 symbols are in a range of their own.
        if platform in (0, 3) and form == 4:
            found |= _segments(content, start + offset)
        elif platform in (0, 3) and form == 12:
            found |= _groups(content, start + offset)
    if not found:
        raise ValueError("no Unicode table of letters")
    return found


def _segments(content: bytes, start: int) -> set[int]:
    """Format 4: segments of the basic plane, each with a difference or with glyph numbers of its own."""
    (doubled,) = struct.unpack_from(">H", content, start + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", content, start + 14)
    starts = struct.unpack_from(f">{count}H", content, start + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", content, start + 16 + 2 * doubled)
    place = start + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", content, place)
    found: set[int] = set()
    before = -1
    for number, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        if not before < first <= last:
            raise ValueError("its segments are not in order")
        before = last
        if not offset:
            found.update(code for code in range(first, min(last, 0xFFFE) + 1) if (code + delta) & 0xFFFF)
            continue
        glyphs = struct.unpack_from(f">{last - first + 1}H", content, place + 2 * number + offset)
        found.update(first + index for index, glyph in enumerate(glyphs) if glyph)
    return found


def _groups(content: bytes, start: int) -> set[int]:
    """Format 12: groups over all planes."""
    (count,) = struct.unpack_from(">I", content, start + 12)
    found: set[int] = set()
    before = -1
    for each in range(count):
        first, last, glyph = struct.unpack_from(">III", content, start + 16 + 12 * each)
        if not before < first <= last <= sys.maxunicode:
            raise ValueError("its groups are not in order")
        before = last
        found.update(range(first, last + 1) if glyph else range(first + 1, last + 1))
    return found
