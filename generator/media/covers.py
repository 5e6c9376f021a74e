"""Regions of a picture that are covered for good, as authors write them."""

import math
import re

from msgspec import Struct

Region = tuple[int, int, int, int]
MOST = 100

_NUMBER = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)\s*(%?)")


class NoRegion(Struct, frozen=True):
    """Why what an author wrote names no region of a picture, and what to write instead."""

    reason: str
    hint: str


_FORM = "Write x,y,width,height from the upper left corner, in pixels or per cent: 120,80,200,160 or 40%,10%,12%,20%."


def regions(text: str, width: int, height: int) -> tuple[Region, ...] | NoRegion:
    """The regions that `cover` names in an upright picture of that size: x, y, width, height in pixels, in order.

    `text` has four numbers a region, regions separated by `;`; a number with % is a share of the width or the height.
    Parts of pixels are covered whole. A region ends at the edge of the picture, and must lie in it with some pixel.
    """
    found: list[Region] = []
    for piece in filter(str.strip, text.split(";")):
        numbers = [_NUMBER.fullmatch(number.strip()) for number in piece.split(",")]
        if len(numbers) != 4 or None in numbers:
            return NoRegion(f"“{piece.strip()}” names no region to cover", _FORM)
        left, top, wide, high = (
            float(number[1]) * (whole / 100 if number[2] else 1)
            for number, whole in zip(numbers, (width, height, width, height), strict=True)
            if number is not None
        )
        x, y = math.floor(left), math.floor(top)
        right, bottom = min(width, math.ceil(left + wide)), min(height, math.ceil(top + high))
        if not (wide and high) or x >= right or y >= bottom:
            hint = f"The picture is {width} pixels wide and {height} high, as one sees it upright."
            return NoRegion(f"“{piece.strip()}” covers nothing of this picture", hint)
        found.append((x, y, right - x, bottom - y))
    if not found:
        return NoRegion("this names no region to cover", _FORM)
    if len(found) > MOST:
        return NoRegion(f"these are more than {MOST} regions", "Cover larger ones.")
    return tuple(sorted(set(found)))
