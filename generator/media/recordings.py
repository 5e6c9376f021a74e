"""Sound recordings and videos, packed anew: what is seen and heard stays, and nothing else of the file does."""

import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from generator.engine.digest import digest_value
from generator.media.containers import boxes
from generator.media.names import picture_name
from generator.model.document import File

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

LARGEST = 500_000_000
_RECIPE = 1
_HASH_DIGITS = 10
_FORMATS = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".m4a": "mp4",
    ".webm": "webm",
    ".mp3": "mp3",
    ".ogg": "ogg",
    ".oga": "ogg",
    ".opus": "ogg",
}
RECORDING_SUFFIXES = frozenset(_FORMATS)
_OPTIONS = {
    "mp4": {"fflags": "+bitexact"},
    "webm": {"fflags": "+bitexact"},
    "mp3": {"id3v2_version": "0", "write_id3v1": "0", "fflags": "+bitexact"},
    "ogg": {"fflags": "+bitexact"},
}
# Messages of an encoder within the stream: its settings, its name, words of a camera, times.
_WITHOUT_MESSAGES = {
    "h264": "filter_units=remove_types=6",
    "hevc": "filter_units=remove_types=39-40",
    "av1": "filter_units=remove_types=5",
}


class Unreadable(Exception):  # noqa: N818 (it is a recording's fault, not the program's)
    """Why a recording cannot be packed anew, in words for its author."""


@lru_cache(maxsize=1)
def packer_version() -> str:
    """The version of the library that packs recordings (PyAV, with FFmpeg in it); '' when it is not installed."""
    try:
        return version("av")
    except PackageNotFoundError:
        return ""


def recording_path(folder: str, file: File) -> str:
    """Where a recording lies in the output, without leading slash: `FOLDER/NAME.HASH.ext`, known before it is made."""
    recipe = digest_value((file.digest, _RECIPE, packer_version()))
    suffix = PurePosixPath(file.path).suffix.lower()
    return f"{folder.strip('/')}/{picture_name(file.path)}.{recipe[:_HASH_DIGITS]}{suffix}".lstrip("/")


def repack(content: bytes, suffix: str) -> bytes:
    """The packets of sound and picture of a recording in a new file of the same kind, and nothing else.

    Left out are tags, chapters, attachments, cover pictures, tracks of data (a place, the movement of a camera),
    subtitles, times, and messages of the encoder. How a video is turned stays. Nothing is decoded, so nothing gets
    worse. Equal bytes give equal bytes. Raises: Unreadable.
    """
    import av

    form = _FORMATS[suffix]
    made = io.BytesIO()
    try:
        with (
            av.open(io.BytesIO(content), "r", metadata_errors="ignore") as source,
            av.open(made, "w", format=form, options=_OPTIONS[form]) as target,
        ):
            _copy(source, target, _data(content) if form == "mp4" else [(0, len(content))])
    except (av.error.FFmpegError, ValueError, EOFError) as error:
        raise Unreadable(f"it cannot be read as {suffix[1:].upper()}: {_reason(error)}") from error
    packed = _index_first(made.getvalue()) if form == "mp4" else made.getvalue()
    left = carried(packed, suffix)
    if left:
        raise Unreadable(f"it would keep its {', '.join(left)}")
    return packed


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error or type(error).__name__)


def _data(content: bytes) -> list[tuple[int, int]]:
    """Where the data of an MP4 lies. A damaged index could take its tags for sound."""
    return [(first, last) for name, first, last in boxes(content, 0, len(content)) if name == "mdat"]


def _copy(source: "InputContainer", target: "OutputContainer", data: list[tuple[int, int]]) -> None:
    from av.bitstream import BitStreamFilterContext
    from av.stream import Disposition

    kept: dict[int, tuple[Any, Any]] = {}
    for stream in source.streams:
        if stream.type not in ("video", "audio") or stream.disposition & Disposition.attached_pic:
            continue
        copy = target.add_stream_from_template(stream, opaque=True)
        copy.metadata.clear()
        rule = _WITHOUT_MESSAGES.get(stream.codec_context.name if stream.codec_context else "")
        kept[stream.index] = (copy, BitStreamFilterContext(rule, stream, copy) if rule else None)
    if not kept:
        raise ValueError("no sound and no picture in it")
    target.metadata.clear()
    for packet in source.demux([source.streams[index] for index in kept]):
        copy, rule = kept[packet.stream.index]
        if packet.dts is None:
            continue
        place = packet.pos or 0
        if not any(first <= place and place + packet.size <= last for first, last in data):
            raise ValueError("its index is damaged")
        for bare in rule.filter(packet) if rule else (packet,):
            bare.stream = copy
            target.mux(bare)


_TABLES = {"moov", "trak", "mdia", "minf", "stbl"}


def _index_first(content: bytes) -> bytes:
    """An MP4 with its index before its data, so that it plays before all is there, and without an empty `udta`."""
    parts = [(name, content[first - 8 : last]) for name, first, last in boxes(content, 0, len(content))]
    if [name for name, _ in parts] != ["ftyp", "free", "mdat", "moov"]:
        return content
    head, empty, data, index = (part for _, part in parts)
    kept = [index[first - 8 : last] for name, first, last in boxes(index, 8, len(index)) if name != "udta"]
    size = 8 + sum(map(len, kept))
    moved = bytearray(b"".join((size.to_bytes(4, "big"), b"moov", *kept)))
    _move(moved, 0, size, size - len(empty))
    return head + bytes(moved) + data


def _move(index: bytearray, start: int, end: int, by: int) -> None:
    """Where the data begins, moved by so many bytes, in every table of places (`stco`, `co64`)."""
    for name, first, last in boxes(bytes(index), start, end):
        if name in _TABLES:
            _move(index, first, last, by)
        wide = {"stco": 4, "co64": 8}.get(name, 0)
        for at in range(first + 8, last, wide) if wide else ():
            place = int.from_bytes(index[at : at + wide], "big") + by
            index[at : at + wide] = place.to_bytes(wide, "big")


def carried(content: bytes, suffix: str) -> tuple[str, ...]:
    """What a recording carries besides sound and pictures, in words for its author, each once; empty is best.

    It is read by its own structure, of which only known parts are allowed: the boxes of MP4 (ISO/IEC 14496-12), the
    elements of WebM (RFC 8794, RFC 9559), the pages of Ogg (RFC 3533), the frames of MP3.
    """
    found = _READERS[_FORMATS[suffix]](content)
    return tuple(dict.fromkeys(found))


# -- MP4

_HOLDERS = {
    "": {"ftyp", "moov", "mdat", "free"},
    "moov": {"mvhd", "trak", "mvex"},
    "moov/trak": {"tkhd", "edts", "mdia"},
    "moov/trak/edts": {"elst"},
    "moov/mvex": {"trex", "mehd"},
    "moov/trak/mdia": {"mdhd", "hdlr", "minf"},
    "moov/trak/mdia/minf": {"vmhd", "smhd", "nmhd", "dinf", "stbl"},
    "moov/trak/mdia/minf/stbl": (
        {"stsd", "stts", "stss", "ctts", "cslg", "stsc", "stsz", "stz2", "stco", "co64", "sgpd", "sbgp", "sdtp"}
    ),
}
_CODEC_BOXES = (
    "avcC hvcC av1C vpcC esds dOps dfLa dac3 dec3 btrt pasp colr fiel clli mdcv SmDm CoLL chan chnl wave lhvC dvcC "
    "dvvC clap"
)
_OF_A_CODEC = frozenset(_CODEC_BOXES.split())
_WORDS = {
    "udta": "tags",
    "meta": "tags",
    "uuid": "hidden data",
    "free": "hidden data",
    "skip": "hidden data",
    "chap": "chapters",
}
_HANDLERS = (b"", b"VideoHandler", b"SoundHandler")


def _mp4(content: bytes) -> Iterator[str]:
    if content[4:8] != b"ftyp":
        yield "unknown content"
        return
    yield from _mp4_boxes(content, 0, len(content), "")


def _mp4_boxes(content: bytes, start: int, end: int, holder: str) -> Iterator[str]:
    for name, first, last in boxes(content, start, end):
        place = f"{holder}/{name}".lstrip("/")
        if name == "free":
            if content[first:last].strip(b"\0"):
                yield "hidden data"
        elif name not in _HOLDERS[holder]:
            yield _tags_of(content, first, last) if name in ("udta", "meta") else _WORDS.get(name, "hidden data")
        elif place in _HOLDERS:
            yield from _mp4_boxes(content, first, last, place)
        elif name in ("mvhd", "tkhd", "mdhd"):
            wide = 16 if content[first] else 8
            if content[first + 4 : first + 4 + wide].strip(b"\0"):
                yield "time of the recording"
        elif name == "hdlr":
            if content[first + 24 : last].strip(b"\0") not in _HANDLERS:
                yield "name of a device or program"
            if content[first + 8 : first + 12] not in (b"vide", b"soun"):
                yield "track of data"
        elif name == "stsd":
            yield from _mp4_samples(content, first + 8, last)


def _mp4_samples(content: bytes, start: int, end: int) -> Iterator[str]:
    """Sample entries (12.1.3, 12.2.3): after the fixed fields of a picture (78 bytes) or of sound (28) come boxes."""
    for _, first, last in boxes(content, start, end):
        pictures = any(kind in content[first:last] for kind in (b"avcC", b"hvcC", b"av1C", b"vpcC", b"pasp"))
        if pictures and content[first + 43 : first + 74].strip(b"\0"):
            yield "software"
        for name, low, high in boxes(content, first + (78 if pictures else 28), last):
            if name not in _OF_A_CODEC and content[low:high].strip(b"\0"):
                yield "hidden data"


def _tags_of(content: bytes, start: int, end: int) -> str:
    """What user data (`udta`) tells: only the name of the program that made it, or more."""
    names = set(re.findall(rb"(?<=.{4})(\xa9[a-z]{3}|[a-zA-Z]{4})(?=.{4}data)", content[start:end], re.DOTALL))
    place = b"\xa9xyz" in content[start:end] or b"loci" in content[start:end] or b"location" in content[start:end]
    if place:
        return "place of the recording"
    return "software" if names == {b"\xa9too"} else "tags"


# -- WebM

_MASTERS = {0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0xE1, 0x1F43B675, 0xA0, 0x1254C367, 0x7373, 0x67C8, 0x55B0}
_IN_WEBM = _MASTERS | {
    # EBML header; SeekHead, Cues, Void; TimestampScale, Duration, MuxingApp, WritingApp
    *(0x1A45DFA3, 0x114D9B74, 0x1C53BB6B, 0xEC, 0xBF, 0x2AD7B1, 0x4489, 0x4D80, 0x5741),
    # TrackNumber, TrackUID, TrackType, FlagLacing, Language, CodecID, CodecPrivate, DefaultDuration, CodecDelay …
    *(0xD7, 0x73C5, 0x83, 0x9C, 0x22B59C, 0x86, 0x63A2, 0x23E383, 0x56AA, 0x56BB, 0xB9, 0x88, 0x55AA, 0x55EE, 0x41E4),
    # PixelWidth, PixelHeight, Display…, AlphaMode, StereoMode, FlagInterlaced, SamplingFrequency, Channels, BitDepth
    *(0xB0, 0xBA, 0x54B0, 0x54BA, 0x54B2, 0x53C0, 0x53B8, 0x9A, 0x9D, 0xB5, 0x78B5, 0x9F, 0x6264),
    # Colour: its values are below 0x55B0
    *range(0x55B1, 0x55BE),
    # Cluster: Timestamp, SimpleBlock, Block, BlockDuration, ReferenceBlock, DiscardPadding, PrevSize, Position
    *(0xE7, 0xA3, 0xA1, 0x9B, 0xFB, 0x75A2, 0xAB, 0xA7),
    # Tags: Targets, TagName, TagString, TagLanguage, TagDefault
    *(0x63C0, 0x45A3, 0x4487, 0x447A, 0x4484),
}
_WEBM_WORDS = {
    0x4461: "time of the recording",
    0x7BA9: "title",
    0x536E: "name of a track",
    0x1043A770: "chapters",
    0x1941A469: "attachments",
    0x258688: "name of a device or program",
}


def _webm(content: bytes) -> Iterator[str]:
    if content[:4] != b"\x1aE\xdf\xa3":
        yield "unknown content"
        return
    yield from _webm_elements(content, 0, len(content))


def _webm_elements(content: bytes, start: int, end: int) -> Iterator[str]:
    named = b""
    while start < end:
        name, after = _webm_number(content, start, keeps_mark=True)
        size, first = _webm_number(content, after, keeps_mark=False)
        last = end if size < 0 else first + size
        if name < 0 or last > end or first <= start:
            yield "hidden data"
            return
        if name not in _IN_WEBM:
            yield _WEBM_WORDS.get(name, "hidden data")
        elif name in _MASTERS:
            yield from _webm_elements(content, first, last)
        elif name == 0xEC and content[first:last].strip(b"\0"):
            yield "hidden data"
        elif name in (0x4D80, 0x5741) and not content[first:last].startswith(b"Lavf"):
            yield "software"
        elif name == 0x45A3:
            named = content[first:last]
            if named not in (b"DURATION", b"ENCODER"):
                yield "tags"
        elif name == 0x63A2 and content[first : first + 1] == b"\x02":
            yield from _comments(content[first:last], b"\x03vorbis")
        start = last


def _webm_number(content: bytes, at: int, *, keeps_mark: bool) -> tuple[int, int]:
    """RFC 8794, 4: a number of one to eight bytes, and where it ends; -1 for an unknown size, and for what is none."""
    first = content[at] if at < len(content) else 0
    if not first:
        return -1, at
    length = 9 - first.bit_length()
    value = int.from_bytes(content[at : at + length], "big")
    if keeps_mark:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (-1 if value == (1 << 7 * length) - 1 else value), at + length


# -- Ogg and MP3


def _ogg(content: bytes) -> Iterator[str]:
    if content[:4] != b"OggS":
        yield "unknown content"
        return
    head = content[: 1 << 20]
    if b"OpusTags" not in head and b"\x03vorbis" not in head and b"\x7fFLAC" not in head:
        yield "unknown content"
    yield from _comments(head, b"OpusTags")
    yield from _comments(head, b"\x03vorbis")
    at = 0
    while at < len(content):
        if content[at : at + 4] != b"OggS" or at + 27 > len(content):
            yield "hidden data"
            return
        at += 27 + content[at + 26] + sum(content[at + 27 : at + 27 + content[at + 26]])


def _comments(content: bytes, mark: bytes) -> Iterator[str]:
    """Vorbis comments: a name of the encoder, and how many comments there are."""
    at = content.find(mark)
    if at < 0:
        return
    at += len(mark)
    at += 4 + int.from_bytes(content[at : at + 4], "little")
    if int.from_bytes(content[at : at + 4], "little"):
        words = content[at + 4 : at + 400].lower()
        only_encoder = content[at : at + 4] == b"\1\0\0\0" and words[4:12] == b"encoder="
        yield "software" if only_encoder else "tags"


def _mp3(content: bytes) -> Iterator[str]:
    if content[:3] == b"ID3" or content[-128:-125] == b"TAG" or b"APETAGEX" in content[-65_536:]:
        yield "tags"
    elif content[:1] != b"\xff" or len(content) < 4 or content[1] & 0xE0 != 0xE0:
        yield "unknown content"
    if b"LYRICSBEGIN" in content[-65_536:]:
        yield "tags"


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {"mp4": _mp4, "webm": _webm, "ogg": _ogg, "mp3": _mp3}
