"""Pictures made anew from their pixels: upright, in sRGB, covered where their author says so, and nothing else."""

import io
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.engine.digest import digest_bytes
from generator.media.containers import SNIFF_SIZE, sniff
from generator.media.covers import Region
from generator.media.drawings import Drawing, redraw
from generator.media.metadata import find_metadata
from generator.media.notices import notice
from generator.media.pictures import frame_numbers, opened, turn_of
from generator.model.document import Media
from generator.model.library import PictureOrder
from generator.model.problem import Problem

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFile import ImageFile

_JPEG_QUALITY = 78
_WEBP_QUALITY = 76
_AVIF_QUALITY = 55
_AVIF_SPEED = 9
_WEBP_METHOD = 2
# Measured on photographs of 1200 × 900 pixels: AVIF at speed 9 takes a third of the time of speed 8 for the same bytes
# and the same likeness, WebP by method 2 half the time of method 4 for 6 % more bytes.
_COVER: dict[str, float | tuple[int, ...]] = {"L": 0, "RGB": (0, 0, 0), "CMYK": (0, 0, 0, 255), "RGBA": (0, 0, 0, 255)}
_SWAPPED = frozenset({5, 6, 7, 8})


class _Frames:
    """The frames of a picture in one size, their durations in milliseconds, how often they play (0: for ever)."""

    def __init__(self, frames: "list[Image.Image]", durations: list[int], loop: int) -> None:
        self.frames = frames
        self.durations = durations
        self.loop = loop


def encode_picture(original: bytes | Path, order: PictureOrder) -> bytes | Problem:
    """The picture that was ordered: upright, sRGB, in the ordered size, with nothing in it but pixels and its notice.

    What is covered is gone before anything is made smaller or encoded, and so are colours under full transparency.
    Damage that the header does not show, and a file that changed since it was probed, are Problems of the original
    (CL604, CL605, CL607, CL608). Equal orders of equal bytes give equal bytes, on any number of processors.

    Raises: RuntimeError when the result is not clean, which only a defect of this module can cause.
    """
    source = order.source
    try:
        content = original if isinstance(original, bytes) else original.read_bytes()
    except OSError as error:
        message, hint = f"this picture cannot be read: {error.strerror}", "Mend its permissions."
        return Problem("error", "CL607", message, source.path, hint=hint)
    if digest_bytes(content) != source.digest:
        message, hint = "this picture changed during the build", "Build once more."
        return Problem("error", "CL608", message, source.path, hint=hint)
    if order.form == "svg":
        drawn = redraw(content)
        return drawn.content if isinstance(drawn, Drawing) else _damaged(source.path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = _pixels(content, order)
        except MemoryError:
            message, hint = "this picture is too large for the memory of this machine", "Make it smaller."
            return Problem("error", "CL605", message, source.path, hint=hint)
        except Exception:  # noqa: BLE001 - Pillow's decoders raise many kinds on damaged bytes, which are an author's
            return _damaged(source.path)
        declared = notice(order.credit, order.licence)
        encoded = _encode(made, order, declared)
    left = find_metadata(encoded, declared)
    if left:
        raise RuntimeError(f"{order.path} is not only pixels: {', '.join(left)}")
    return encoded


def _damaged(path: str) -> Problem:
    message, hint = "this picture is damaged: it cannot be decoded", "Copy or export it once more."
    return Problem("error", "CL604", message, path, hint=hint)


def _pixels(content: bytes, order: PictureOrder) -> _Frames:
    """The frames in the ordered size. What one picture is made in several sizes from is decoded once."""
    moves = order.source.animated and order.form == "webp"
    size = (order.width, order.height)
    if moves:
        return _decoded(content, order.source, size, order.cover, moves=True)
    widest = _decoded_once(content, order.source, order.widest, order.cover)
    frame = widest.frames[0]
    if frame.size != size:
        frame = _resized(frame, size)
    return _Frames([frame], widest.durations, widest.loop)


@lru_cache(maxsize=1)
def _decoded_once(content: bytes, source: Media, size: tuple[int, int], cover: tuple[Region, ...]) -> _Frames:
    return _decoded(content, source, size, cover, moves=False)


def _decoded(
    content: bytes, source: Media, size: tuple[int, int], cover: tuple[Region, ...], *, moves: bool
) -> _Frames:
    kind = sniff(content[:SNIFF_SIZE])
    with opened(content, kind) as image:
        turn = turn_of(image, content, kind)
        numbers = frame_numbers(image) if moves else frame_numbers(image)[:1]
        if kind == "JPEG" and not cover:
            # A JPEG can be decoded at a half, a quarter or an eighth of its size, which spares most of the work.
            image.draft(None, size[::-1] if turn in _SWAPPED else size)
        frames: list[Image.Image] = []
        durations: list[int] = []
        for number in numbers:
            if number or source.animated:
                image.seek(number)
            image.load()
            frames.append(_finish(image, turn, size, cover, opaque=source.format == "jpg"))
            # Browsers show a frame without duration for a tenth of a second.
            durations.append(round(image.info.get("duration") or 0) or 100)
        return _Frames(frames, durations, _plays(image, kind))


def _plays(image: "ImageFile", kind: str) -> int:
    """GIF counts repetitions and plays once without a count; the other formats count plays."""
    loop = image.info.get("loop")
    if kind != "GIF":
        return int(loop or 0)
    if loop is None:
        return 1
    return int(loop) + 1 if loop else 0


def _finish(
    image: "Image.Image", turn: int, size: tuple[int, int], cover: Sequence[Region], *, opaque: bool
) -> "Image.Image":
    """One frame as it is published: upright, covered, in its size, colours in sRGB, made anew from its pixels alone."""
    from PIL import Image

    profile = image.info.get("icc_profile")
    pixels = _plain(image, keeps_inks=bool(profile))
    transpose = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    if turn in transpose:
        pixels = pixels.transpose(transpose[turn])
    if cover:
        pixels = pixels.copy()
    for x, y, width, height in cover:
        pixels.paste(_COVER[pixels.mode], (x, y, x + width, y + height))
    if pixels.mode == "RGBA" and (opaque or pixels.getchannel("A").getextrema() == (255, 255)):
        pixels = pixels.convert("RGB")
    if pixels.size != size or pixels.mode == "RGBA":
        pixels = _resized(pixels, size)
    if profile:
        pixels = _in_srgb(pixels, profile)
    return Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())


def _plain(image: "Image.Image", *, keeps_inks: bool) -> "Image.Image":
    """The pixels in mode L, RGB or RGBA, or in CMYK where a profile says what its inks look like."""
    if image.mode.startswith(("I", "F")):
        # Sixteen bits a sample: Pillow cuts values off when it converts them, so they are scaled before.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image if image.mode == "RGB" or (image.mode == "CMYK" and keeps_inks) else image.convert("RGB")


def _resized(pixels: "Image.Image", size: tuple[int, int]) -> "Image.Image":
    """With colours multiplied by their opacity: nothing is left of what an editor has made transparent."""
    from PIL import Image

    if pixels.mode == "RGBA":
        pixels = pixels.convert("RGBa")
    if pixels.size != size:
        pixels = pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return pixels.convert("RGBA") if pixels.mode == "RGBa" else pixels


def _in_srgb(pixels: "Image.Image", profile: bytes) -> "Image.Image":
    """The picture in the sRGB colour space, by its own profile where that can be read."""
    if pixels.mode == "RGBA":
        colours = _by_profile(pixels.convert("RGB"), profile).convert("RGB")
        colours.putalpha(pixels.getchannel("A"))
        return _resized(colours, colours.size)
    converted = _by_profile(pixels, profile)
    return converted.convert("L" if pixels.mode == "L" else "RGB")


def _by_profile(image: "Image.Image", profile: bytes) -> "Image.Image":
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that is damaged, or of another kind of picture, is passed over as browsers do.
        return image
    return converted or image


def _encode(made: _Frames, order: PictureOrder, declared: bytes) -> bytes:
    """The bytes of a picture. AVIF differs with the number of threads, so it has one wherever it is made."""
    stream = io.BytesIO()
    first = made.frames[0]
    packet: dict[str, Any] = {"xmp": declared} if declared else {}
    if order.form == "jpg":
        first.save(stream, "JPEG", quality=_JPEG_QUALITY, progressive=True, optimize=True, **packet)
    elif order.form == "png":
        _with_palette(first).save(stream, "PNG", optimize=True, **_as_text(declared))
    elif order.form == "avif":
        first.save(stream, "AVIF", quality=_AVIF_QUALITY, speed=_AVIF_SPEED, max_threads=1, **packet)
    elif order.source.animated:
        first.save(
            stream,
            "WEBP",
            save_all=True,
            append_images=made.frames[1:],
            duration=made.durations,
            loop=made.loop,
            quality=_WEBP_QUALITY,
            method=_WEBP_METHOD,
            allow_mixed=True,
            **packet,
        )
    else:
        lossless = order.source.drawing
        first.save(
            stream, "WEBP", quality=_WEBP_QUALITY, method=4 if lossless else _WEBP_METHOD, lossless=lossless, **packet
        )
    return stream.getvalue()


def _with_palette(image: "Image.Image") -> "Image.Image":
    """A picture of few colours by their numbers, which takes half the room; any other as it is."""
    from PIL import Image

    if image.mode != "RGB" or image.getcolors(256) is None:
        return image
    by_number = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return by_number if by_number.convert("RGB").tobytes() == image.tobytes() else image


def _as_text(declared: bytes) -> dict[str, Any]:
    """XMP in a PNG is a text of its own kind."""
    from PIL import PngImagePlugin

    if not declared:
        return {}
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", declared.decode())
    return {"pnginfo": texts}
