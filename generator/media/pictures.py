"""Pictures: measured by their header, named before they are made, rebuilt from pixels."""

import io
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.engine.digest import digest_bytes, digest_value
from generator.media.containers import SNIFF_SIZE, read_container, sniff
from generator.media.metadata import find_metadata, orientation, removed
from generator.media.names import picture_name
from generator.model.document import File, Media
from generator.model.library import PictureOrder
from generator.model.problem import Problem

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFile import ImageFile

__all__ = ["encode_picture", "encoder_versions", "find_metadata", "picture_path", "probe", "removed", "width_for"]

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".webp", ".avif", ".bmp"})

_RECIPE = 1
_HASH_DIGITS = 10
_JPEG_QUALITY = 80
_WEBP_QUALITY = 80
_SWAPPED = frozenset({5, 6, 7, 8})
_LONGEST_SIDE = {"jpg": 65_500, "webp": 16_383}
_BYTES_PER_PIXEL = 8
_PILLOW_LIMIT = 178_956_970
_ROOM_FOR_METADATA = 64_000_000
_REBUILT = frozenset({"JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP"})
_RAW_SUFFIXES = (
    ".3fr .arw .cr2 .cr3 .crw .dng .erf .iiq .kdc .mef .mos .mrw .nef .nrw .orf .pef .raf .raw .rw2 .rwl .sr2 .srf "
    ".srw .x3f"
)
_KIND_OF_SUFFIX = {
    ".heic": "HEIF",
    ".heif": "HEIF",
    ".hif": "HEIF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".psd": "PSD",
    ".psb": "PSD",
    ".svg": "SVG",
    ".svgz": "SVG",
    ".jp2": "JPEG2000",
    ".j2k": "JPEG2000",
    ".jxl": "JPEGXL",
}
_EXPORT = "Export it as JPEG or PNG."
_REFUSED_KINDS = {
    "HEIF": (
        "HEIC, which browsers do not show",
        f"{_EXPORT} On a telephone choose “Most compatible” in the settings of the camera.",
    ),
    "TIFF": ("TIFF, which browsers do not show", _EXPORT),
    "RAW": ("the raw data of a camera", _EXPORT),
    "PSD": ("a Photoshop file, which keeps hidden layers", _EXPORT),
    "SVG": ("SVG, which may carry scripts and the names of people and folders", "Export it as PNG."),
    "JPEG2000": ("JPEG 2000, which browsers do not show", _EXPORT),
    "JPEGXL": ("JPEG XL, which few browsers show", _EXPORT),
    "HTML": ("a web page, not a picture", "Save the picture itself, not the page that shows it."),
    "PDF": ("PDF, not a picture", f"Link to it, or export the page: {_EXPORT[0].lower()}{_EXPORT[1:]}"),
}


def probe(path: Path, file: File, max_pixels: int) -> Media | Problem:
    """What is known of a picture before it is made, from the header of the file at `path`; pixels are not decoded.

    What counts is what the file is, not its suffix. Width and height are those of the upright picture. The output is
    `jpg` for JPEG and for WebP and AVIF without transparency, `png` for the other stills, `webp` for animations.
    `max_pixels` bounds width times height, over all frames of an animation; Pillow's own bound (about 179 million)
    holds as well. Anything that cannot be rebuilt is a Problem of the file as a whole: CL601 to CL607.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(SNIFF_SIZE)
            kind = sniff(head)
            if kind not in _REBUILT:
                return _not_rebuilt(file.path, kind, empty=not head)
            if os.fstat(stream.fileno()).st_size > max_pixels * _BYTES_PER_PIXEL + _ROOM_FOR_METADATA:
                return _too_large(file.path, max_pixels)
            content = head + stream.read()
    except OSError as error:
        return Problem(
            "error", "CL607", f"this picture cannot be read: {error.strerror}", file.path, hint="Mend its permissions."
        )
    if not read_container(content, kind).complete:
        return _damaged(file.path, "its end is missing")
    return _measure(content, kind, file, max_pixels)


def width_for(media: Media, widths: Sequence[int]) -> tuple[int, int]:
    """Width and height in pixels of the one picture made of an original: never wider than it or the greatest width."""
    width = min(media.width, max(widths, default=media.width))
    longest = _LONGEST_SIDE.get(media.format)
    if longest and media.height * width > longest * media.width:
        width = longest * media.width // media.height
    width = max(1, width)
    height = max(1, round(media.height * width / media.width))
    return width, min(height, longest) if longest else height


def picture_path(folder: str, name: str, media: Media, width: int) -> str:
    """Where a picture lies in the output, without leading slash: `FOLDER/NAME-WIDTH.HASH.ext`.

    `folder` is the address of its document (`/water/`), `name` the file name of the original. HASH is ten hexadecimal
    digits of the digest of the original's bytes, the recipe and the encoders' versions: known before it is made.
    """
    recipe = digest_value((media.digest, media.format, width, _RECIPE, encoder_versions()))
    file = f"{picture_name(name)}-{width}.{recipe[:_HASH_DIGITS]}.{media.format}"
    return f"{folder.strip('/')}/{file}".lstrip("/")


def picture_key(order: PictureOrder) -> str:
    """The key of an encoded picture: all that its bytes depend on, and nothing of where it will stand."""
    source = order.source
    recipe = (source.digest, source.format, source.animated, order.width, order.height)
    return digest_value((recipe, encoder_versions()))


def encoder_versions() -> dict[str, str]:
    """The versions of everything that shapes the bytes of a picture; what is missing is ''."""
    import PIL
    from PIL import features

    libraries = ("avif", "jpg", "libjpeg_turbo", "littlecms2", "webp", "zlib", "zlib_ng")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {"Pillow": PIL.__version__} | {name: str(features.version(name) or "") for name in libraries}


def encode_picture(original: bytes | Path, order: PictureOrder) -> bytes | Problem:
    """The picture that was ordered: upright, sRGB, in the ordered size, with nothing in it but pixels.

    Colours under full transparency are erased. Damage that the header does not show, and a file that changed since it
    was probed, are Problems of the original (CL604, CL608).

    Raises: RuntimeError when the result is not clean, which only a defect of this module can cause.
    """
    try:
        content = original if isinstance(original, bytes) else original.read_bytes()
    except OSError as error:
        return Problem(
            "error",
            "CL607",
            f"this picture cannot be read: {error.strerror}",
            order.source.path,
            hint="Mend its permissions.",
        )
    if digest_bytes(content) != order.source.digest:
        return Problem(
            "error", "CL608", "this picture changed during the build", order.source.path, hint="Build once more."
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            frames, durations, loop = _decode(content, order)
        except MemoryError:
            return Problem(
                "error",
                "CL605",
                "this picture is too large for the memory of this machine",
                order.source.path,
                hint="Make it smaller.",
            )
        except Exception:  # noqa: BLE001 - Pillow's decoders raise many kinds on damaged bytes, which are an author's
            return _damaged(order.source.path, "it cannot be decoded")
        encoded = _encode(frames, durations, loop, order.source.format)
    left = find_metadata(encoded)
    if left:
        raise RuntimeError(f"{order.path} is not only pixels: {', '.join(left)}")
    return encoded


def _not_rebuilt(path: str, kind: str, *, empty: bool) -> Problem:
    if empty:
        return Problem("error", "CL606", "this picture is an empty file", path, hint="Save it again, or take it out.")
    suffix = Path(path).suffix.lower()
    if suffix in _RAW_SUFFIXES.split() and kind in ("", "TIFF"):
        kind = "RAW"
    kind = kind or _KIND_OF_SUFFIX.get(suffix, "")
    reason = _REFUSED_KINDS.get(kind)
    if reason is None:
        hint = "Pictures are JPEG, PNG, WebP, AVIF, GIF or BMP; open it and export it as one of them."
        return Problem("error", "CL601", "this is not a picture that can be read", path, hint=hint)
    if kind == "SVG":
        return Problem("error", "CL603", f"this is {reason[0]}", path, hint=reason[1])
    return Problem("error", "CL602", f"this is {reason[0]}", path, hint=reason[1])


def _too_large(path: str, max_pixels: int, pixels: int = 0) -> Problem:
    has = f"has {pixels:,} pixels, more than {max_pixels:,}" if pixels else f"is larger than {max_pixels:,} pixels"
    hint = "Make it smaller, an animation shorter, or raise max_pixels under [images] in site.toml (at most 178956970)."
    return Problem("error", "CL605", f"this picture {has}", path, hint=hint)


def _damaged(path: str, how: str) -> Problem:
    return Problem("error", "CL604", f"this picture is damaged: {how}", path, hint="Copy or export it once more.")


def _open(content: bytes, kind: str) -> "ImageFile":
    from PIL import Image

    return Image.open(io.BytesIO(content), formats=(kind,))


def _measure(content: bytes, kind: str, file: File, max_pixels: int) -> Media | Problem:
    from PIL import Image

    limit = min(max_pixels, _PILLOW_LIMIT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with _open(content, kind) as image:
                width, height = image.size
                pixels = width * height
                if pixels > limit:
                    return _too_large(file.path, limit, pixels)
                frames = _frame_numbers(image)
                turned = _orientation(image, content, kind) in _SWAPPED
                transparent = image.has_transparency_data
        except Image.DecompressionBombError:
            return _too_large(file.path, limit)
        except Exception:  # noqa: BLE001 - Pillow's readers raise many kinds on damaged bytes, which are an author's
            return _damaged(file.path, "it cannot be decoded")
    if not pixels:
        return _damaged(file.path, "it has no pixels")
    if pixels * len(frames) > limit:
        return _too_large(file.path, limit, pixels * len(frames))
    if kind == "BMP" and len(content) < width * height // 8:
        return _damaged(file.path, "its end is missing")
    animated = len(frames) > 1
    photograph = kind == "JPEG" or (kind in ("WEBP", "AVIF") and not transparent)
    return Media(
        path=file.path,
        digest=file.digest,
        width=height if turned else width,
        height=width if turned else height,
        format="webp" if animated else "jpg" if photograph else "png",
        animated=animated,
        removed=removed(content),
    )


def _frame_numbers(image: "ImageFile") -> range:
    """The frames that are shown: the first of a JPEG that holds several, not the fallback of an animated PNG."""
    count = getattr(image, "n_frames", 1)
    if image.format not in ("GIF", "PNG", "WEBP", "AVIF") or count == 1:
        return range(1)
    return range(1, count) if getattr(image, "default_image", False) else range(count)


def _orientation(image: "ImageFile", content: bytes, kind: str) -> int:
    """AVIF turns by its own boxes, which Pillow reports as Exif; the other formats by the Exif block itself."""
    if kind != "AVIF":
        return orientation(content)
    value = image.getexif().get(0x0112, 1)
    return value if value in range(1, 9) else 1


def _decode(content: bytes, order: PictureOrder) -> tuple[list["Image.Image"], list[int], int]:
    """The frames that are shown, finished; their durations in milliseconds; how often they play (0: for ever)."""
    kind = sniff(content[:SNIFF_SIZE])
    with _open(content, kind) as image:
        turn = _orientation(image, content, kind)
        numbers = _frame_numbers(image) if order.source.animated else _frame_numbers(image)[:1]
        frames: list[Image.Image] = []
        durations: list[int] = []
        for number in numbers:
            if number or order.source.animated:
                image.seek(number)
            image.load()
            frames.append(_finish(image, turn, (order.width, order.height), order.source.format))
            # Browsers show a frame without duration for a tenth of a second.
            durations.append(round(image.info.get("duration") or 0) or 100)
        return frames, durations, _plays(image, kind)


def _plays(image: "ImageFile", kind: str) -> int:
    """GIF counts repetitions and plays once without a count; the other formats count plays."""
    loop = image.info.get("loop")
    if kind != "GIF":
        return int(loop or 0)
    if loop is None:
        return 1
    return int(loop) + 1 if loop else 0


def _finish(image: "Image.Image", turn: int, size: tuple[int, int], output: str) -> "Image.Image":
    """One frame as it is published: colours in sRGB, upright, in its size, made anew from its pixels alone."""
    from PIL import Image

    pixels = _in_srgb(image)
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
    if pixels.mode == "RGBA" and (output == "jpg" or pixels.getchannel("A").getextrema() == (255, 255)):
        pixels = pixels.convert("RGB")
    if pixels.mode == "RGBA":
        # With colours multiplied by their opacity nothing is left of what an editor has made transparent.
        pixels = pixels.convert("RGBa")
    rebuilt = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    if rebuilt.size != size:
        rebuilt = rebuilt.resize(size, Image.Resampling.LANCZOS)
    return rebuilt.convert("RGBA") if rebuilt.mode == "RGBa" else rebuilt


def _in_srgb(image: "Image.Image") -> "Image.Image":
    """The picture in mode L, RGB or RGBA and the sRGB colour space, by its own profile where that can be read."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):
        # Sixteen bits a sample: Pillow cuts values off when it converts them, so they are scaled before.
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        colours = _by_profile(whole.convert("RGB"), profile)
        colours.putalpha(whole.getchannel("A"))
        return colours
    if image.mode in ("1", "L"):
        return _by_profile(image.convert("L"), profile).convert("L")
    if image.mode not in ("RGB", "CMYK"):
        image = image.convert("RGB")
    return _by_profile(image, profile).convert("RGB")


def _by_profile(image: "Image.Image", profile: bytes | None) -> "Image.Image":
    from PIL import ImageCms

    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that is damaged, or of another kind of picture, is passed over as browsers do.
        return image
    return converted or image


def _encode(frames: list["Image.Image"], durations: list[int], loop: int, output: str) -> bytes:
    stream = io.BytesIO()
    if output == "jpg":
        frames[0].save(stream, "JPEG", quality=_JPEG_QUALITY, progressive=True, optimize=True)
    elif output == "png":
        frames[0].save(stream, "PNG", optimize=True)
    else:
        frames[0].save(
            stream,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=loop,
            quality=_WEBP_QUALITY,
            method=4,
            allow_mixed=True,
        )
    return stream.getvalue()
