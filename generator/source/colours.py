"""Colours as a theme's settings give them: how far two stand apart, and the nearest one that can be read.

Contrast is that of WCAG 2.2 (relative luminance, contrast ratio). Lightness is changed in OKLab (Björn Ottosson, 2020),
where equal steps look equal, so that a colour stays the colour it was.
"""

import math
import re
from collections.abc import Iterable, Sequence

READABLE = 4.5
"""The contrast that text needs (WCAG 2.2, 1.4.3, level AA)."""
_COMFORTABLE = 7.0
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")
_STEPS = 200

Channels = tuple[float, float, float]


def is_colour(text: str) -> bool:
    """Whether a text is a colour of three or six hexadecimal digits behind a `#`."""
    return _COLOUR.match(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, grounds: Iterable[str]) -> tuple[float, str]:
    """The smallest contrast a colour has with one of some grounds, and that ground."""
    return min((contrast(colour, ground), ground) for ground in grounds)


def nearest_readable(colour: str, grounds: Sequence[str], wanted: float = READABLE) -> str:
    """The colour of the same hue, nearest in lightness, that has the wanted contrast with all grounds.

    One that has it stays as it is. Where no lightness has it, black or white, whichever stands further apart from them.
    """
    if least_contrast(colour, grounds)[0] >= wanted:
        return colour
    lightness, green_red, blue_yellow = _oklab(colour)
    steps = sorted(range(_STEPS + 1), key=lambda step: abs(step / _STEPS - lightness))
    for step in steps:
        # Towards black and white there is less room for colour.
        found = _hex(_in_gamut(step / _STEPS, green_red, blue_yellow))
        if least_contrast(found, grounds)[0] >= wanted:
            return found
    return max(("#000000", "#ffffff"), key=lambda end: least_contrast(end, grounds)[0])


def counterpart(colour: str, own: Sequence[str], grounds: Sequence[str]) -> str:
    """The same colour for other grounds: it stands out there as it does on its `own`, and can be read in any case."""
    has = least_contrast(colour, own)[0] if own else READABLE
    wanted = min(max(has, READABLE), _COMFORTABLE)
    return nearest_readable(colour, grounds, wanted) if grounds else colour


def _channels(colour: str) -> Channels:
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encoded(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = map(_linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(colour: str) -> Channels:
    red, green, blue = map(_linear, _channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear_of(lightness: float, green_red: float, blue_yellow: float) -> Channels:
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _in_gamut(lightness: float, green_red: float, blue_yellow: float) -> Channels:
    """The linear channels of a lightness and a hue, with as much of its colour as a screen can show."""
    kept, lost = 0.0, 1.0
    made = _linear_of(lightness, green_red, blue_yellow)
    if _can_be_shown(made):
        return made
    made = _linear_of(lightness, 0.0, 0.0)
    for _ in range(8):
        middle = (kept + lost) / 2
        tried = _linear_of(lightness, green_red * middle, blue_yellow * middle)
        if _can_be_shown(tried):
            kept, made = middle, tried
        else:
            lost = middle
    return made


def _can_be_shown(channels: Channels) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in channels)


def _hex(channels: Channels) -> str:
    digits = (round(255 * min(1.0, max(0.0, _encoded(max(0.0, channel))))) for channel in channels)
    return "#" + "".join(f"{digit:02x}" for digit in digits)
