"""The blocks a picture file is made of, read without decoding a pixel."""

import re
from collections.abc import Iterator

from msgspec import Struct

SNIFF_SIZE = 4096

_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"}
)
_AVIF_NAMES = (b"", b"Color", b"Alpha")
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

    def has(self, name: str) -> bool:
        """Whether there is a block of that name."""
        return any(block.name == name for block in self.blocks)

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
    """The blocks of a JPEG, PNG, GIF, WebP or AVIF; of another kind (see `sniff`) an empty container."""
    if kind == "JPEG":
        return _jpeg(content)
    if kind == "PNG":
        return _png(content)
    if kind == "GIF":
        return _gif(content)
    if kind == "WEBP":
        return _webp(content)
    if kind == "AVIF":
        return _avif(content)
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


def boxes(content: bytes, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """ISO/IEC 14496-12, 4.2: each box by its name, and where its content begins and ends; `?` for what is none."""
    while start < end:
        size = int.from_bytes(content[start : start + 4], "big")
        name, head = content[start + 4 : start + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[start + 8 : start + 16], "big"), 16
        size = size or end - start
        if size < head or start + size > end:
            yield "?", start, end
            return
        yield name.decode("latin-1"), start + head, start + size
        start += size


def _avif(content: bytes) -> Container:
    """AV1 Image File Format 1.1: boxes, of which `meta` says what each item is and where its bytes lie."""
    blocks: list[Block] = []
    complete, room = True, 0
    told = 0
    for name, start, end in boxes(content, 0, len(content)):
        if name == "?":
            complete = False
        elif name == "mdat":
            room += end - start
        elif name == "meta":
            found, told = _avif_items(content, start + 4, end)
            blocks += found
        blocks.append(Block(name, b"" if name in ("mdat", "meta", "?") else content[start:end]))
    # Bytes that no item claims may be anything. A sequence claims its frames elsewhere, in `moov`.
    hidden = 0 if any(block.name == "moov" for block in blocks) else max(0, room - told)
    return Container(tuple(blocks), complete, hidden)


def _avif_items(content: bytes, start: int, end: int) -> tuple[list[Block], int]:
    """The items of a `meta` box by type, its properties, and how many bytes of `mdat` they claim."""
    blocks: list[Block] = []
    kinds: dict[int, str] = {}
    places: dict[int, list[tuple[int, int]]] = {}
    for name, first, last in boxes(content, start, end):
        if name == "iinf":
            begin = first + (6 if content[first : first + 1] == b"\0" else 8)
            for inner, at, until in boxes(content, begin, last):
                wide = 2 if content[at : at + 1] == b"\2" else 4
                number = int.from_bytes(content[at + 4 : at + 4 + wide], "big")
                kinds[number] = content[at + 6 + wide : at + 10 + wide].decode("latin-1") if inner == "infe" else "?"
                # Behind the type of pixels stands a name: what an encoder calls each, or what somebody does.
                called = content[at + 10 + wide : until].strip(b"\0")
                if kinds[number] in ("av01", "grid") and called not in _AVIF_NAMES:
                    blocks.append(Block("name", called))
        elif name == "iloc":
            places = _avif_places(content[first:last])
        elif name == "iprp":
            for inner, at, until in boxes(content, first, last):
                if inner == "ipco":
                    blocks += [
                        Block(f"colr {content[low : low + 4].decode('latin-1')}" if kind == "colr" else kind)
                        for kind, low, _ in boxes(content, at, until)
                    ]
                elif inner != "ipma":
                    blocks.append(Block(inner))
        else:
            blocks.append(Block(f"meta/{name}"))
    for number, kind in kinds.items():
        spans = places.get(number, [])
        blocks.append(Block(f"item {kind}", b"".join(content[low : low + size] for low, size in spans)))
    return blocks, sum(size for spans in places.values() for _, size in spans)


def _avif_places(content: bytes) -> dict[int, list[tuple[int, int]]]:
    """ISO/IEC 14496-12, 8.11.3: offset and length of each part of each item; nothing of what cannot be followed."""
    version = content[0] if content else 9
    if version > 2 or len(content) < 8:
        return {}
    offset_size, length_size = content[4] >> 4, content[4] & 15
    base_size, index_size = content[5] >> 4, content[5] & 15 if version else 0
    wide = 4 if version == 2 else 2
    position = 6 + wide
    places: dict[int, list[tuple[int, int]]] = {}

    def take(size: int) -> int:
        nonlocal position
        position += size
        return int.from_bytes(content[position - size : position], "big")

    for _ in range(int.from_bytes(content[6 : 6 + wide], "big")):
        if position >= len(content):
            break
        number = take(wide)
        method = take(2) & 15 if version else 0
        take(2)
        base = take(base_size)
        spans = []
        for _ in range(min(take(2), len(content))):
            take(index_size)
            spans.append((base + take(offset_size), take(length_size)))
        places[number] = spans if method == 0 else []
    return places


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
