"""Recordings are packed anew: sound and pictures stay packet by packet, and nothing else of the file does."""

import io
from collections.abc import Iterator
from typing import Any

import av
import pytest

from generator.media.carried import carried_by
from generator.media.containers import boxes
from generator.media.recordings import Unreadable, carried, repack
from tests.conftest import TinySite

TOLD = "Anna K. 43.3"
TAGS = {"title": TOLD, "artist": TOLD, "comment": TOLD, "creation_time": "2026-05-03T14:22:33Z", "location": TOLD}


def pictures(codec: str, stream: Any) -> Iterator[Any]:
    stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
    for number in range(20):
        frame = av.VideoFrame(64, 48, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([number * 12]) * plane.buffer_size)
        frame.pts = number
        yield from stream.encode(frame)
    yield from stream.encode()


def sound(codec: str, stream: Any) -> Iterator[Any]:
    size = stream.codec_context.frame_size or 960
    for number in range(40):
        frame = av.AudioFrame(format=stream.codec_context.format.name, layout="mono", samples=size)
        frame.sample_rate, frame.pts = 48_000, number * size
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        yield from stream.encode(frame)
    yield from stream.encode()


def recording(form: str, video: str = "", audio: str = "") -> bytes:
    """A recording with words of all kinds in it."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as made:
        made.metadata.update(TAGS)
        shown = made.add_stream(video, rate=10) if video else None
        heard = made.add_stream(audio, rate=48_000, layout="mono") if audio else None
        for stream in (shown, heard):
            if stream is not None:
                stream.metadata.update(handler_name=TOLD, title=TOLD)
        if form == "mp4":
            made.set_chapters([{"id": 1, "start": 0, "end": 1, "time_base": 1, "metadata": {"title": TOLD}}])
        packets = [packet for stream in (shown,) if stream for packet in pictures(video, stream)]
        packets += [packet for stream in (heard,) if stream for packet in sound(audio, stream)]
        for packet in packets:
            made.mux(packet)
    return file.getvalue()


RECORDINGS = {
    ".mp4": lambda: recording("mp4", "libx264", "aac"),
    ".webm": lambda: recording("webm", "libvpx", "libopus"),
    ".m4a": lambda: recording("mp4", audio="aac"),
    ".mp3": lambda: recording("mp3", audio="libmp3lame"),
    ".opus": lambda: recording("ogg", audio="libopus"),
}


def played(content: bytes) -> list[bytes]:
    with av.open(io.BytesIO(content)) as file:
        streams = [stream for stream in file.streams if stream.type in ("video", "audio")]
        return [bytes(plane) for frame in file.decode(streams) for plane in frame.planes]


@pytest.mark.parametrize("suffix", RECORDINGS)
def test_what_is_seen_and_heard_stays_and_nothing_else(suffix: str) -> None:
    told = RECORDINGS[suffix]()
    assert TOLD.encode() in told
    assert carried(told, suffix)
    packed = repack(told, suffix)
    assert carried(packed, suffix) == ()
    for word in (b"Anna", b"2026", b"x264", b"Lavc58"):
        assert word not in packed
    assert played(packed) == played(told)
    assert repack(told, suffix) == packed


def test_how_a_video_is_turned_stays_and_so_does_playing_before_all_is_there() -> None:
    told = bytearray(RECORDINGS[".mp4"]())
    straight = (0x10000).to_bytes(4, "big") + bytes(12) + (0x10000).to_bytes(4, "big")
    turned = bytes(4) + (0x10000).to_bytes(4, "big") + bytes(4) + (0xFFFF0000).to_bytes(4, "big") + bytes(4)
    place = told.find(straight, told.find(b"tkhd"))
    told[place : place + 20] = turned
    packed = repack(bytes(told), ".mp4")
    assert packed.find(turned) > packed.find(b"tkhd")
    assert [name for name, _, _ in boxes(packed, 0, len(packed))] == ["ftyp", "moov", "mdat"]


@pytest.mark.parametrize("suffix", RECORDINGS)
@pytest.mark.parametrize("content", [b"", b"no recording", b"\0" * 4000, b"\x1aE\xdf\xa3" + bytes(99)])
def test_what_is_no_recording_is_refused(suffix: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        repack(content, suffix)


@pytest.mark.parametrize("suffix", RECORDINGS)
def test_damage_is_refused_or_leads_to_something_clean(suffix: str) -> None:
    told = RECORDINGS[suffix]()
    for number in range(0, len(told), len(told) // 60):
        damaged = bytearray(told)
        damaged[number] ^= 0xFF
        carried(bytes(damaged), suffix)
        try:
            packed = repack(bytes(damaged), suffix)
        except Unreadable:
            continue
        assert carried(packed, suffix) == ()
        assert b"Anna" not in packed


def test_a_recording_of_another_kind_than_its_suffix_is_packed_as_that_kind_or_refused() -> None:
    packed = repack(RECORDINGS[".mp4"](), ".m4a")
    assert carried(packed, ".m4a") == ()
    with pytest.raises(Unreadable):
        repack(RECORDINGS[".mp4"](), ".mp3")


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (b"\0\0\0\x18udta\0\0\0\x10\xa9xyz+43.3+45", "place of the recording"),
        (b"\0\0\0\x10uuidAnna K. ", "hidden data"),
        (b"\0\0\0\x10freeAnna K. ", "hidden data"),
        (b"Anna was here", "hidden data"),
    ],
)
def test_what_is_left_in_an_mp4_would_be_found(extra: bytes, said: str) -> None:
    assert carried(repack(RECORDINGS[".mp4"](), ".mp4") + extra, ".mp4") == (said,)


def test_what_is_left_in_other_recordings_would_be_found() -> None:
    webm, mp3, opus = (repack(RECORDINGS[suffix](), suffix) for suffix in (".webm", ".mp3", ".opus"))
    assert carried(webm + b"\xec\x88Anna K. ", ".webm") == ("hidden data",)
    assert carried(b"ID3" + mp3, ".mp3") == ("tags",)
    assert carried(mp3 + b"TAG" + bytes(125), ".mp3") == ("tags",)
    assert carried(opus + b"Anna", ".opus") == ("hidden data",)


def test_a_video_beside_an_article_is_published_without_its_words(site: TinySite) -> None:
    site.write("content/posts/VID_20260503_142233.mp4", RECORDINGS[".mp4"]())
    site.write("content/posts/words.vtt", "WEBVTT\n")
    site.write("content/posts/words.txt", "It rains.")
    site.post("river", "::video{file=VID_20260503_142233.mp4 captions=words.vtt transcript=words.txt}")
    assert site.build().problems == ()
    (path,) = (path for path in site.output.rglob("*.mp4"))
    assert path.name.startswith("picture.")
    assert carried(path.read_bytes(), ".mp4") == ()
    assert path.name in site.read("river/index.html")
    assert TOLD.encode() not in site.everything_written()
    assert site.build().written == ()


def test_a_recording_in_static_with_words_in_it_is_refused(site: TinySite) -> None:
    site.write("static/a.mp3", RECORDINGS[".mp3"]())
    site.write("static/b.mp3", repack(RECORDINGS[".mp3"](), ".mp3"))
    (problem,) = site.build().problems
    assert (problem.code, problem.path) == ("CL611", "static/a.mp3")
    assert carried_by(b"", "a.txt") == ()
