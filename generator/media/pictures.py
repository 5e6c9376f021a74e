"""Pictures: measured by their header, and named in every width and format before they are made."""

import io
import os
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from generator.config import ImageSettings
from generator.engine.digest import digest_value
from generator.media.containers import SNIFF_SIZE, read_container, sniff
from generator.media.covers import Region
from generator.media.drawings import LARGEST, Drawing, redraw
from generator.media.metadata import orientation, removed
from generator.media.names import picture_name
from generator.model.body import PictureSet, PictureTarget
from generator.model.document import File, Media
from generator.model.library import PictureOrder
from generator.model.problem import Problem
from generator.text.addresses import address

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".webp", ".avif", ".bmp", ".svg"}
)
MOST_FRAMES = 1_500

_RECIPE = 2
_HASH_DIGITS = 10
_SWAPPED = frozenset({5, 6, 7, 8})
_LONGEST_SIDE = {"jpg": 65_500, "webp": 16_383, "avif": 16_383}
_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
_STILL = "(prefers-reduced-motion: reduce)"
_NEARLY_AS_WIDE = 0.9
_BYTES_PER_PIXEL = 8
# A PNG of more bytes a pixel is a photograph: screenshots and charts need a tenth of it.
_DRAWN = 0.8
_OF_ANY_SIZE = 4_000
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
    "SVG": ("it is packed, and what is in it is not looked at", ""),
    "JPEG2000": ("JPEG 2000, which browsers do not show", _EXPORT),
    "JPEGXL": ("JPEG XL, which few browsers show", _EXPORT),
    "HTML": ("a web page, not a picture", "Save the picture itself, not the page that shows it."),
    "PDF": ("PDF, not a picture", f"Link to it, or export the page: {_EXPORT[0].lower()}{_EXPORT[1:]}"),
}


def probe(path: Path, file: File, max_pixels: int) -> Media | Problem:
    """What is known of a picture before it is made, from the header of the file at `path`; pixels are not decoded.

    What counts is what the file is, not its suffix. Width and height are those of the upright picture. The format that
    every browser shows is `jpg` for photographs without transparency, `svg` for SVG, `png` for all others.
    `max_pixels` bounds width times height, over all frames of an animation; Pillow's own bound (about 179 million)
    holds as well. Anything that cannot be rebuilt is a Problem of the file as a whole: CL601 to CL607.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(SNIFF_SIZE)
            kind = sniff(head)
            if kind == "SVG" or (not kind and file.path.lower().endswith(".svg") and head):
                return _drawing(head + stream.read(LARGEST + 1 - len(head)), file)
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


def orders_of(
    folder: str,
    media: Media,
    images: ImageSettings,
    *,
    cover: tuple[Region, ...] = (),
    credit: str = "",
    licence: str = "",
    linked: bool = False,
) -> tuple[PictureOrder, ...]:
    """All that is made of one original for one document; the first is what every browser shows.

    A photograph is made in JPEG and in each of `images.formats`, in each of `images.widths`, never wider than it is;
    where it has transparency, PNG stands for JPEG, and in one width, for it is large. A drawing of pixels keeps every
    line: WebP and PNG without loss, in one width. An animation is an animated WebP, with its first picture for whoever
    wants no movement. What is only `linked` is made once.
    """
    width, height = width_for(media, images.widths)
    # A file that goes out as drawn, and one that moves, has no width to choose from.
    forms = _forms(media, images.formats)
    single = media.format == "svg" or media.animated or media.drawing
    widths = [width] if single else [*_narrower(width, images.widths), width]

    def ordered(form: str, wide: int) -> PictureOrder:
        size = _sized(media, wide, form) if media.format != "svg" else (width, height)
        order = PictureOrder(media, "", *size, form, (width, height), cover, credit, licence)
        name = f"{picture_name(media.path)}-{size[0]}.{picture_key(order)[:_HASH_DIGITS]}.{form}"
        path = f"{folder.strip('/')}/{name}".lstrip("/")
        return PictureOrder(media, path, *size, form, (width, height), cover, credit, licence)

    shown = ordered(media.format, width)
    if linked:
        return (ordered("webp", width),) if media.animated else (shown,)
    narrow = [ordered("jpg", wide) for wide in widths[:-1]] if media.format == "jpg" else []
    return (shown, *(ordered(form, wide) for form in forms for wide in widths), *narrow)


def target_of(orders: Sequence[PictureOrder]) -> PictureTarget:
    """How pages name what is made of one original: what every browser shows, and the sets it may choose from."""
    shown = orders[0]
    sets: dict[str, list[tuple[str, int]]] = {}
    for order in orders[1:]:
        sets.setdefault(order.form, []).append((address(order.path), order.width))
    if shown.form in sets:
        sets[shown.form].append((address(shown.path), shown.width))
    found = [PictureSet(_TYPES[form], tuple(dict.fromkeys(files))) for form, files in sets.items()]
    if shown.source.animated:
        found.insert(0, PictureSet(_TYPES[shown.form], ((address(shown.path), shown.width),), _STILL))
    return PictureTarget(address(shown.path), shown.width, shown.height, tuple(found))


def _forms(media: Media, formats: Sequence[str]) -> tuple[str, ...]:
    """The formats beside the one that every browser shows, best first."""
    if media.format == "svg":
        return ()
    if media.animated:
        return ("webp",)
    # A Pillow that was built without an encoder makes what it can.
    made = encoder_versions()
    fitting = ("webp",) if media.drawing else ("avif", "webp")
    return tuple(form for form in fitting if form in formats and made[form])


def _narrower(width: int, widths: Sequence[int]) -> list[int]:
    """The widths that are worth a file beside the greatest one."""
    return sorted({each for each in widths if each <= width * _NEARLY_AS_WIDE})


def width_for(media: Media, widths: Sequence[int]) -> tuple[int, int]:
    """Width and height in pixels of the largest picture made of an original: never wider than it or all of `widths`.

    A drawing in SVG is as large as one wants: it has the width it gives, or the greatest of `widths`.
    """
    return _sized(media, min(media.width, max(widths, default=media.width)), media.format)


def _sized(media: Media, width: int, form: str) -> tuple[int, int]:
    longest = min(_LONGEST_SIDE.get(form, 65_500), 16_383 if media.animated else 65_500)
    if media.height * width > longest * media.width:
        width = longest * media.width // media.height
    width = max(1, width)
    return width, min(max(1, round(media.height * width / media.width)), longest)


def picture_key(order: PictureOrder) -> str:
    """The key of an encoded picture: all that its bytes depend on, and nothing of where it will stand."""
    source = order.source
    made_from = (source.digest, source.format, source.animated, source.drawing)
    recipe = (order.width, order.height, order.form, order.widest, order.cover, order.credit, order.licence)
    return digest_value((made_from, recipe, _RECIPE, encoder_versions()))


@lru_cache(maxsize=1)
def encoder_versions() -> dict[str, str]:
    """The versions of everything that shapes the bytes of a picture; what is missing is ''."""
    import PIL
    from PIL import features

    libraries = ("avif", "jpg", "libjpeg_turbo", "littlecms2", "webp", "zlib", "zlib_ng")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {"Pillow": PIL.__version__} | {name: str(features.version(name) or "") for name in libraries}


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
        return _no_drawing(path, reason[0])
    return Problem("error", "CL602", f"this is {reason[0]}", path, hint=reason[1])


def _too_large(path: str, max_pixels: int, pixels: int = 0) -> Problem:
    has = f"has {pixels:,} pixels, more than {max_pixels:,}" if pixels else f"is larger than {max_pixels:,} pixels"
    hint = "Make it smaller, an animation shorter, or raise max_pixels under [images] in site.toml (at most 178956970)."
    return Problem("error", "CL605", f"this picture {has}", path, hint=hint)


def _no_drawing(path: str, reason: str) -> Problem:
    hint = "Save it as plain SVG, or export it as PNG."
    return Problem("error", "CL603", f"this drawing is not published: {reason}", path, hint=hint)


def _drawing(content: bytes, file: File) -> Media | Problem:
    drawn = redraw(content)
    if not isinstance(drawn, Drawing):
        return _no_drawing(file.path, drawn)
    return Media(
        path=file.path,
        digest=file.digest,
        width=drawn.width,
        height=drawn.height,
        format="svg",
        drawing=True,
        removed=drawn.removed,
        lost=drawn.lost,
    )


def _damaged(path: str, how: str) -> Problem:
    return Problem("error", "CL604", f"this picture is damaged: {how}", path, hint="Copy or export it once more.")


def opened(content: bytes, kind: str) -> "ImageFile":
    """A picture as Pillow reads it, by the reader of that kind alone."""
    from PIL import Image

    return Image.open(io.BytesIO(content), formats=(kind,))


def _measure(content: bytes, kind: str, file: File, max_pixels: int) -> Media | Problem:
    from PIL import Image

    limit = min(max_pixels, _PILLOW_LIMIT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with opened(content, kind) as image:
                width, height = image.size
                pixels = width * height
                if pixels > limit:
                    return _too_large(file.path, limit, pixels)
                frames = frame_numbers(image)
                turned = turn_of(image, content, kind) in _SWAPPED
                transparent = image.has_transparency_data
        except Image.DecompressionBombError:
            return _too_large(file.path, limit)
        except Exception:  # noqa: BLE001 - Pillow's readers raise many kinds on damaged bytes, which are an author's
            return _damaged(file.path, "it cannot be decoded")
    if not pixels:
        return _damaged(file.path, "it has no pixels")
    if pixels * len(frames) > limit:
        return _too_large(file.path, limit, pixels * len(frames))
    if len(frames) > MOST_FRAMES:
        message = f"this animation has {len(frames):,} pictures, more than {MOST_FRAMES:,}"
        return Problem("error", "CL605", message, file.path, hint="Make it shorter, or publish it as a video.")
    if kind == "BMP" and len(content) < width * height // 8:
        return _damaged(file.path, "its end is missing")
    drawing = _is_drawing(content, kind, pixels * len(frames))
    return Media(
        path=file.path,
        digest=file.digest,
        width=height if turned else width,
        height=width if turned else height,
        format="png" if drawing or transparent else "jpg",
        animated=len(frames) > 1,
        drawing=drawing,
        removed=removed(content),
    )


def _is_drawing(content: bytes, kind: str, pixels: int) -> bool:
    """Whether the picture has flat colours and sharp lines: without loss it would not be so small otherwise."""
    if kind in ("GIF", "BMP"):
        return True
    keeps_all = kind == "PNG" or (kind == "WEBP" and read_container(content, kind).has("VP8L"))
    return keeps_all and len(content) < _DRAWN * pixels + _OF_ANY_SIZE


def frame_numbers(image: "ImageFile") -> range:
    """The frames that are shown: the first of a JPEG that holds several, not the fallback of an animated PNG."""
    count = getattr(image, "n_frames", 1)
    if image.format not in ("GIF", "PNG", "WEBP", "AVIF") or count == 1:
        return range(1)
    return range(1, count) if getattr(image, "default_image", False) else range(count)


def turn_of(image: "ImageFile", content: bytes, kind: str) -> int:
    """AVIF turns by its own boxes, which Pillow reports as Exif; the other formats by the Exif block itself."""
    if kind != "AVIF":
        return orientation(content)
    value = image.getexif().get(0x0112, 1)
    return value if value in range(1, 9) else 1
