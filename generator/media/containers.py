"""The blocks a picture file is made of, read without decoding a pixel."""

import re
from collections.abc import Iterator

from msgspec import Struct

SNIFF_SIZE = 4096

_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"}
)
_SVG = re.compile(rb"\s*(<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<(svg:)?svg[\s>]", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|script)[\s>]", re.DOTALL | re.IGNORECASE)


class Block(Struct, frozen=True):
    """One named part of a picture file; `content` is empty for parts that hold nothing but pixels."""

    name: str
    content: bytes = b""


class Container(Struct, frozen=True):
    """A picture file by its blocks: whether its end is there, and how many bytes follow that end."""

    blocks: tuple[Block, ...] = ()
    complete: bool = True
    trailing: int = 0

    def first(self, name: str) -> bytes:
        """The content of the first block of that name, b'' when there is none."""
        return next((block.content for block in self.blocks if block.name == name), b"")


def sniff(head: bytes) -> str:
    """What the first bytes of a file say it is, whatever its name says.

    `JPEG PNG GIF WEBP AVIF BMP` (formats that can be rebuilt), `HEIF TIFF PSD SVG HTML PDF ZIP JPEG2000 JPEGXL` or ''.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _sniff_brands(head)
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if head.startswith(b"8BPS"):
        return "PSD"
    if head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "JPEG2000"
    if head.startswith((b"\0\0\0\x0cJXL \r\n\x87\n", b"\xff\x0a")):
        return "JPEGXL"
    if head.startswith(b"%PDF-"):
        return "PDF"
    if head.startswith(b"PK\x03\x04"):
        return "ZIP"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "BMP"
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _SVG.match(text):
        return "SVG"
    return "HTML" if _HTML.match(text) else ""


def _sniff_brands(head: bytes) -> str:
    """ISO/IEC 14496-12: the `ftyp` box names a major brand and compatible ones. AVIF may call itself mif1 first."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[start : start + 4] for start in range(16, size - 3, 4)}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else ""


def read_container(content: bytes, kind: str) -> Container:
    """The blocks of a JPEG, PNG, GIF or WebP; of another kind (see `sniff`) an empty container."""
    if kind == "JPEG":
        return _jpeg(content)
    if kind == "PNG":
        return _png(content)
    if kind == "GIF":
        return _gif(content)
    if kind == "WEBP":
        return _webp(content)
    return Container()


def _jpeg(content: bytes) -> Container:
    """ITU-T T.81, annex B. Inside scans a 0xFF is stuffed, so the next true marker ends them."""
    blocks: list[Block] = []
    position = 2
    while match := _JPEG_MARKER.search(content, position):
        marker = match[1][0]
        position = match.end()
        if marker == 0xD9:
            return Container(tuple(blocks), complete=True, trailing=len(content) - position)
        if marker in (0x01, 0xD8):
            continue
        length = int.from_bytes(content[position : position + 2], "big")
        if length < 2 or position + length > len(content):
            break
        blocks.append(Block(_jpeg_name(marker), content[position + 2 : position + length]))
        position += length
    return Container(tuple(blocks), complete=False)


def _jpeg_name(marker: int) -> str:
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
        return "SOF"
    return {0xC4: "DHT", 0xDA: "SOS", 0xDB: "DQT", 0xDD: "DRI", 0xFE: "COM"}.get(marker, f"0xFF{marker:02X}")


def _png(content: bytes) -> Container:
    """W3C PNG, third edition, 5.3: length, type, data, checksum."""
    blocks: list[Block] = []
    position = 8
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        name = content[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(content):
            break
        pixels = name in (b"IDAT", b"fdAT")
        blocks.append(Block(name.decode("latin-1"), b"" if pixels else content[position + 8 : end - 4]))
        if name == b"IEND":
            return Container(tuple(blocks), complete=True, trailing=len(content) - end)
        position = end
    return Container(tuple(blocks), complete=False)


def _webp(content: bytes) -> Container:
    """RFC 9649, 2.3 and 2.4: RIFF chunks padded to an even size."""
    blocks: list[Block] = []
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        return Container(complete=False)
    position = 12
    while position + 8 <= end:
        name = content[position : position + 4]
        length = int.from_bytes(content[position + 4 : position + 8], "little")
        if position + 8 + length > end:
            return Container(tuple(blocks), complete=False)
        pixels = name in (b"VP8 ", b"VP8L", b"ALPH", b"ANMF")
        block = b"" if pixels else content[position + 8 : position + 8 + length]
        blocks.append(Block(name.decode("latin-1"), block))
        position += 8 + length + length % 2
    return Container(tuple(blocks), complete=True, trailing=max(0, len(content) - end - end % 2))


def _gif(content: bytes) -> Container:
    """GIF89a specification: header, colour table, then extensions and images until the trailer 0x3B."""
    if len(content) < 13:
        return Container(complete=False)
    blocks: list[Block] = []
    position = 13 + _colour_table(content[10])
    while position < len(content):
        introducer = content[position]
        if introducer == 0x3B:
            return Container(tuple(blocks), complete=True, trailing=len(content) - position - 1)
        if introducer == 0x21 and position + 2 <= len(content):
            label = content[position + 1 : position + 2]
            parts = list(_sub_blocks(content, position + 2))
            if not parts:
                break
            blocks.append(Block(_gif_name(label, parts[0][0]), b"".join(part for part, _ in parts[1:] or parts)))
            position = parts[-1][1]
            continue
        if introducer != 0x2C or position + 11 > len(content):
            break
        parts = list(_sub_blocks(content, position + 11 + _colour_table(content[position + 9])))
        if not parts:
            break
        blocks.append(Block("image"))
        position = parts[-1][1]
    return Container(tuple(blocks), complete=False)


def _colour_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_name(label: bytes, first: bytes) -> str:
    if label == b"\xff":
        return f"application {first.decode('latin-1')}"
    return {b"\xfe": "comment", b"\xf9": "control", b"\x01": "text"}.get(label, "extension")


def _sub_blocks(content: bytes, position: int) -> Iterator[tuple[bytes, int]]:
    """Each sub-block with the position behind it; the empty one that ends them too. Nothing when the file ends."""
    found: list[tuple[bytes, int]] = []
    while position < len(content):
        size = content[position]
        position += 1 + size
        found.append((content[position - size : position], position))
        if not size:
            yield from found
            return
