"""Pictures that are as large and as varied as a photograph, made from a number."""

import random
from functools import cache
from io import BytesIO

from PIL import Image

SIZE = (1200, 800)
_COARSE = (60, 40)
_FINE = (600, 400)


def photograph(number: int) -> bytes:
    """A JPEG of 1200 × 800 pixels: soft colours, another one for each number, with grain as a camera gives."""
    chance = random.Random(number)  # noqa: S311 (a picture to scale, nothing to protect)
    colours = Image.frombytes("RGB", _COARSE, chance.randbytes(3 * _COARSE[0] * _COARSE[1]))
    picture = Image.blend(colours.resize(SIZE, Image.Resampling.BICUBIC), _grain(), 0.15)
    file = BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


@cache
def _grain() -> Image.Image:
    chance = random.Random("grain")  # noqa: S311 (as above)
    return Image.frombytes("RGB", _FINE, chance.randbytes(3 * _FINE[0] * _FINE[1])).resize(SIZE)
