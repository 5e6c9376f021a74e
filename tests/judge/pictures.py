"""Every picture in the output, opened again: no metadata of any kind, and not a byte after its end."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from tests.judge.site import BuiltSite, Finding

RASTER = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".ico")
HARMLESS = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform", "dpi", "progressive"),
    *("progression", "gamma", "srgb", "chromaticity", "transparency", "interlace", "aspect", "default_image"),
    *("version", "background", "duration", "loop", "extension", "timestamp", "sizes", "bbox"),
}
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"acTL", b"fcTL", b"fdAT"}
WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
AVIF_BOXES = {b"ftyp", b"meta", b"mdat", b"moov"}
AVIF_REFUSED = (b"Exif", b"mime", b"prof", b"rICC", b"uuid", b"free", b"skip")
# The one thing an author may have written into a picture: a credit and a licence, as XMP names them.
DECLARED = re.compile(
    rb'<\?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"\?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    rb'xmlns:rdf="http://www\.w3\.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    rb'xmlns:photoshop="http://ns\.adobe\.com/photoshop/1\.0/" '
    rb'xmlns:xmpRights="http://ns\.adobe\.com/xap/1\.0/rights/"(?: photoshop:Credit="[^"<>]*")?>'
    rb'(?:<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">[^<>]*</rdf:li></rdf:Alt>'
    rb"</xmpRights:UsageTerms>)?"
    rb'</rdf:Description></rdf:RDF></x:xmpmeta><\?xpacket end="r"\?>'
)
SVG_REFUSED = {
    "a script": re.compile(r"<script|\son\w+\s*=", re.IGNORECASE),
    "metadata": re.compile(r"<metadata|<rdf:|xmlns:(?:inkscape|sodipodi|dc|cc|rdf|sketch|serif)\s*=", re.IGNORECASE),
    "a comment": re.compile(r"<!--"),
    "an address outside the file": re.compile(r"(?:href|src)\s*=\s*[\"'](?!#|data:)|url\(\s*[\"']?(?!#|data:)|@import"),
    "a document type": re.compile(r"<!DOCTYPE|<!ENTITY", re.IGNORECASE),
}


def judge(site: BuiltSite) -> list[Finding]:
    """What the pictures of a site carry besides their pixels."""
    found = []
    for path in site.with_suffix(*RASTER):
        found += [Finding(path, 0, said) for said in judge_raster(site.folder / path)]
    for path in site.with_suffix(".svg"):
        found += [Finding(path, 0, said) for said in judge_drawing(site.read(path))]
    return sorted(found)


def judge_raster(file: Path) -> list[str]:
    """What one picture of pixels carries: as Pillow sees it, and by its own segments, chunks or boxes."""
    data = file.read_bytes()
    try:
        with Image.open(file) as picture:
            picture.load()
            found = list(_judge_seen(picture))
            form = picture.format or ""
    except (OSError, UnidentifiedImageError) as problem:
        return [f"cannot be opened: {problem}"]
    try:
        found += STRUCTURES[form](data) if form in STRUCTURES else []
    except (struct.error, IndexError):
        found.append("ends in the middle of a part")
    return found


def judge_drawing(text: str) -> list[str]:
    """What one SVG carries besides shapes."""
    return [f"carries {what}" for what, pattern in SVG_REFUSED.items() if pattern.search(text)]


def _judge_seen(picture: Image.Image) -> Iterator[str]:
    carried = sorted(str(key) for key in picture.info if key not in HARMLESS and not _is_declared(picture.info[key]))
    if carried:
        yield f"carries {', '.join(carried)}"
    if dict(picture.getexif()):
        yield "carries EXIF"
    if not all(map(_is_declared, getattr(picture, "text", {}).values())):
        yield "carries text"


def _is_declared(value: object) -> bool:
    content = value.encode() if isinstance(value, str) else value
    return isinstance(content, bytes) and DECLARED.fullmatch(content) is not None


def _judge_jpeg(data: bytes) -> Iterator[str]:
    """ISO/IEC 10918-1 annex B: markers, each with its length, until the entropy-coded scan."""
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        (size,) = struct.unpack(">H", data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + size]
        if marker == 0xFE:
            yield "has a comment segment"
        if (
            0xE0 <= marker <= 0xEF
            and not body.startswith((b"JFIF\0", b"Adobe"))
            and not _is_declared(body.removeprefix(b"http://ns.adobe.com/xap/1.0/\0"))
        ):
            yield f"has a segment APP{marker - 0xE0}"
        at += 2 + size
        if marker == 0xDA:
            end = _end_of_scans(data, at)
            if end != len(data):
                yield f"has {len(data) - end} bytes after its end"
            return
    yield "has no scan"


def _end_of_scans(data: bytes, at: int) -> int:
    """Past the end-of-image marker: between scans stand tables with their length, within them stuffed bytes."""
    while True:
        at = data.index(b"\xff", at)
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def _judge_png(data: bytes) -> Iterator[str]:
    at = 8
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if name not in PNG_CHUNKS and not _is_declared(body.removeprefix(b"XML:com.adobe.xmp\0\0\0\0\0")):
            yield f"has a chunk {name.decode('latin-1')}"
        at += 12 + size
        if name == b"IEND":
            break
    if at != len(data):
        yield f"has {len(data) - at} bytes after its end"


def _judge_gif(data: bytes) -> Iterator[str]:
    flags = data[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    while data[at] != 0x3B:
        if data[at] == 0x21:
            label, body = data[at + 1], data[at + 3 : at + 14]
            if label == 0xFE or (label == 0xFF and body != b"NETSCAPE2.0"):
                yield "has a comment" if label == 0xFE else f"has an application block {body!r}"
            at = _past_blocks(data, at + 2)
        else:
            flags = data[at + 9]
            at = _past_blocks(data, at + 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0))
    if at + 1 != len(data):
        yield f"has {len(data) - at - 1} bytes after its end"


def _past_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _judge_webp(data: bytes) -> Iterator[str]:
    (size,) = struct.unpack("<I", data[4:8])
    if size + 8 != len(data):
        yield f"has {len(data) - size - 8} bytes after its end"
    at = 12
    while at < size + 8:
        name, length = struct.unpack("<4sI", data[at : at + 8])
        if name not in WEBP_CHUNKS and not _is_declared(data[at + 8 : at + 8 + length]):
            yield f"has a chunk {name.decode('latin-1')}"
        at += 8 + length + length % 2


def _judge_avif(data: bytes) -> Iterator[str]:
    at = 0
    refused = [word for word in AVIF_REFUSED if word != b"mime" or not DECLARED.search(data)]
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if name not in AVIF_BOXES or size < 8:
            yield f"has a part {name.decode('latin-1')!r} at its end or between its boxes"
            return
        if name == b"meta":
            yield from (f"has {word.decode()}" for word in refused if word in data[at : at + size])
        at += size
    if at != len(data):
        yield "ends in the middle of a box"


STRUCTURES = {"JPEG": _judge_jpeg, "PNG": _judge_png, "GIF": _judge_gif, "WEBP": _judge_webp, "AVIF": _judge_avif}
