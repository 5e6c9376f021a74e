"""What a picture file tells besides its pixels."""

import io
import warnings
from typing import Any

from generator.media.containers import Block, Container, read_container, sniff

_ORIENTATION = 0x0112
_FIRST_PICTURE = 0
_THUMBNAIL_PICTURE = 1
_CAMERA = 0x8769
_POSITION = 0x8825

_EXIF_TAGS = {
    (_FIRST_PICTURE, 0x010F): "camera model",
    (_FIRST_PICTURE, 0x0110): "camera model",
    (_CAMERA, 0xA433): "camera model",
    (_CAMERA, 0xA434): "camera model",
    (_CAMERA, 0xA431): "serial number of the camera",
    (_CAMERA, 0xA435): "serial number of the camera",
    (_CAMERA, 0xA430): "owner's name",
    (_FIRST_PICTURE, 0x013B): "author's name",
    (_FIRST_PICTURE, 0x8298): "author's name",
    (_FIRST_PICTURE, 0x9C9D): "author's name",
    (_FIRST_PICTURE, 0x0132): "time of the picture",
    (_CAMERA, 0x9003): "time of the picture",
    (_CAMERA, 0x9004): "time of the picture",
    (_FIRST_PICTURE, 0x0131): "software",
    (_FIRST_PICTURE, 0x013C): "name of the computer",
    (_FIRST_PICTURE, 0x010E): "description",
    (_FIRST_PICTURE, 0x9C9B): "description",
    (_FIRST_PICTURE, 0x9C9C): "description",
    (_CAMERA, 0x9286): "description",
    (_CAMERA, 0x927C): "notes of the camera's maker",
    (_THUMBNAIL_PICTURE, 0x0201): "thumbnail, perhaps of an uncropped picture",
    (_THUMBNAIL_PICTURE, 0x0111): "thumbnail, perhaps of an uncropped picture",
}

_OF_AVIF = (
    "ftyp,mdat,meta,meta/hdlr,meta/pitm,meta/iref,meta/idat,item av01,item grid,ispe,pixi,av1C,auxC,pasp,colr nclx"
)
_WITHOUT_METADATA = {
    "JPEG": frozenset({"APP0", "DQT", "SOF", "DHT", "SOS", "DRI"}),
    "PNG": frozenset({"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}),
    "WEBP": frozenset({"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"}),
    "AVIF": frozenset(_OF_AVIF.split(",")),
}
_XMP_IN = {
    "JPEG": ("APP1", b"http://ns.adobe.com/xap/1.0/\0"),
    "PNG": ("iTXt", b"XML:com.adobe.xmp\0\0\0\0\0"),
    "WEBP": ("XMP ", b""),
    "AVIF": ("item mime", b""),
}
"""The block that holds XMP in each format, and what stands before the packet in it (XMP specification, part 3)."""
_XMP_INFO = frozenset({"xmp", "XML:com.adobe.xmp"})
_HARMLESS_INFO = frozenset(
    {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
        "transparency",
        "loop",
        "duration",
        "timestamp",
        "background",
    }
)
# Four-letter chunk names are looked for as chunks only: in a megabyte of pixels they turn up by chance.
_SIGNATURES = {
    b"Exif\0\0": "exif",
    b"http://ns.adobe.com": "xmp",
    b"<x:xmpmeta": "xmp",
    b"<?xpacket": "xmp",
    b"Photoshop 3.0": "iptc",
    b"jumdc2pa": "c2pa",
    b"ICC_PROFILE\0": "icc",
}


def personal(words: tuple[str, ...]) -> tuple[str, ...]:
    """Of the words of `removed` those that may tell of somebody: a colour profile and a program's name do not."""
    return tuple(word for word in words if word not in ("colour profile", "software"))


def orientation(content: bytes) -> int:
    """The Exif orientation of a JPEG, PNG or WebP as browsers read it, 1 (upright) to 8; 1 when there is none."""
    kind = sniff(content[:64])
    value = _tags(_exif_block(read_container(content, kind), kind)).get((_FIRST_PICTURE, _ORIENTATION), 1)
    return value if value in range(1, 9) else 1


def removed(content: bytes) -> tuple[str, ...]:
    """What an original carries that its rebuilt picture does not, in words for the author, each once.

    It names kinds (`GPS position`, `camera model`), never values: a report may be kept. Damaged metadata is named as
    far as it can be read.
    """
    kind = sniff(content[:64])
    container = read_container(content, kind)
    found: list[str] = []
    exif = _exif_block(container, kind)
    if exif:
        found += _exif_words(exif)
    for block in container.blocks:
        found += _block_words(kind, block.name, block.content)
    if kind == "AVIF":
        found += [{"exif": "Exif", "xmp": "XMP", "icc_profile": "colour profile"}[key] for key in _avif_info(content)]
    if container.trailing:
        found.append(f"{container.trailing} bytes hidden behind the end of the picture")
    return tuple(dict.fromkeys(found))


def find_metadata(content: bytes, declared: bytes = b"") -> tuple[str, ...]:
    """Names of whatever a finished picture (JPEG, PNG, WebP, AVIF) holds besides pixels; empty is the only good answer.

    Three looks: at its blocks, of which only those that pixels need are allowed; at what Pillow reports when it is
    opened again; at its bytes, for the signatures of Exif, XMP, IPTC, C2PA and ICC. `declared` is the one XMP packet
    that it may and must hold (see `notices`).
    """
    from PIL import Image

    kind = sniff(content[:64])
    if kind not in _WITHOUT_METADATA:
        return ("not a picture of the output",)
    container = read_container(content, kind)
    holder, head = _XMP_IN[kind]
    ours = Block(holder, head + declared) if declared else None
    found = [
        f"block {block.name}"
        for block in container.blocks
        if block.name not in _WITHOUT_METADATA[kind] and block != ours
    ]
    found += ["thumbnail" for block in container.blocks if block.name == "APP0" and len(block.content) > 14]
    if container.trailing or not container.complete:
        found.append("bytes behind the end")
    if ours is not None and container.blocks.count(ours) != 1:
        found.append("another notice than was declared")
    rest = content.replace(head + declared, b"") if declared else content
    found += [name for signature, name in _SIGNATURES.items() if signature in rest]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(content), formats=(kind,)) as image:
            known = _HARMLESS_INFO | _XMP_INFO if declared else _HARMLESS_INFO
            found += [str(key) for key in image.info if key not in known]
    return tuple(dict.fromkeys(found))


def _exif_block(container: Container, kind: str) -> bytes:
    if kind == "PNG":
        return container.first("eXIf")
    if kind == "WEBP":
        return container.first("EXIF")
    blocks = (block.content for block in container.blocks if block.name == "APP1")
    return next((block for block in blocks if block.startswith(b"Exif\0")), b"")


def _tags(exif: bytes) -> dict[tuple[int, int], Any]:
    """Exif tags by directory and number; what is damaged is left out."""
    from PIL import Image

    tags: dict[tuple[int, int], Any] = {}
    if not exif:
        return tags
    directory = Image.Exif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            directory.load(exif if exif.startswith(b"Exif\0") else b"Exif\0\0" + exif)
            tags.update(((_FIRST_PICTURE, tag), value) for tag, value in directory.items())
            for number in (_CAMERA, _POSITION, _THUMBNAIL_PICTURE):
                tags.update(((number, tag), value) for tag, value in directory.get_ifd(number).items())
        except Exception:  # noqa: BLE001 - Pillow's parser raises many kinds on damaged bytes, which are an author's
            return tags
    return tags


def _exif_words(exif: bytes) -> list[str]:
    tags = _tags(exif)
    words = ["GPS position"] if any(directory == _POSITION and tag for directory, tag in tags) else []
    words += [word for place, word in _EXIF_TAGS.items() if tags.get(place)]
    return words or ["Exif"]


def _block_words(kind: str, name: str, content: bytes) -> list[str]:
    if kind == "JPEG":
        return _jpeg_words(name, content)
    if kind == "PNG":
        return _png_words(name, content)
    if kind == "WEBP":
        words = {"XMP ": "XMP", "ICCP": "colour profile", "EXIF": "", "C2PA": "content credentials (C2PA)"}
        return [] if name in _WITHOUT_METADATA["WEBP"] else [word for word in [words.get(name, "hidden data")] if word]
    if name.startswith("application ") and not name.endswith(("NETSCAPE2.0", "ANIMEXTS1.0")):
        return ["XMP" if "XMP" in name else "colour profile" if "ICCRGBG1" in name else "hidden data"]
    return [{"comment": "comment", "text": "text", "extension": "hidden data"}[name]] if name in _GIF_TEXT else []


_GIF_TEXT = frozenset({"comment", "text", "extension"})


def _jpeg_words(name: str, content: bytes) -> list[str]:
    if name == "COM":
        return ["comment"]
    if name == "APP0":
        return ["thumbnail, perhaps of an uncropped picture"] if len(content) > 14 else []
    if not name.startswith("APP") or (name == "APP14" and content.startswith(b"Adobe")):
        return []
    if name == "APP1":
        return [] if content.startswith(b"Exif\0") else ["XMP"]
    if name == "APP2":
        return ["colour profile" if content.startswith(b"ICC_PROFILE") else "further pictures"]
    if name == "APP11":
        return ["content credentials (C2PA)"]
    return ["IPTC"] if name == "APP13" else ["hidden data"]


def _png_words(name: str, content: bytes) -> list[str]:
    if name in ("tEXt", "zTXt", "iTXt"):
        keyword = content.split(b"\0", 1)[0].decode("latin-1")
        if keyword == "XML:com.adobe.xmp":
            return ["XMP"]
        return [f"text ({keyword})" if keyword.isascii() and keyword.isprintable() else "text"]
    words = {"tIME": "time of the picture", "iCCP": "colour profile", "caBX": "content credentials (C2PA)"}
    if name in words:
        return [words[name]]
    known = {
        "cHRM",
        "gAMA",
        "sBIT",
        "sRGB",
        "bKGD",
        "hIST",
        "pHYs",
        "sPLT",
        "acTL",
        "fcTL",
        "fdAT",
        "eXIf",
        "cICP",
        "mDCV",
        "cLLI",
    }
    return [] if name in known or name in _WITHOUT_METADATA["PNG"] else ["hidden data"]


def _avif_info(content: bytes) -> list[str]:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=("AVIF",)) as image:
                return [key for key in ("exif", "xmp", "icc_profile") if image.info.get(key)]
        except Exception:  # noqa: BLE001 - as above: a damaged file is an author's, not ours
            return []
