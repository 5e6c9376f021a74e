"""Pictures are rebuilt from pixels, so nothing else of an original can reach a reader."""

import io
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from generator.config import ImageSettings
from generator.engine.digest import digest_bytes
from generator.media.containers import read_container, sniff
from generator.media.encoding import encode_picture
from generator.media.files import file_problem
from generator.media.metadata import find_metadata, removed
from generator.media.names import picture_name
from generator.media.pictures import orders_of, probe, width_for
from generator.model.document import File, Media
from generator.model.library import PictureOrder
from generator.model.problem import Problem

TOLD = "Anna K. 43.3 45.7"
LIMIT = 50_000_000


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def quarters(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Red, green, blue, white: each way of turning it looks different."""
    image = Image.new("RGB", size, "white")
    width, height = size[0] // 2, size[1] // 2
    image.paste("red", (0, 0, width, height))
    image.paste("green", (width, 0, size[0], height))
    image.paste("blue", (0, height, width, size[1]))
    return image.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = TOLD
    block[0x0110] = TOLD
    block[0x013B] = TOLD
    block[0x0132] = "2026:05:03 14:22:33"
    block.get_ifd(0x8769).update({0xA431: TOLD, 0x927C: TOLD.encode(), 0x9003: "2026:05:03 14:22:33"})
    block.get_ifd(0x8825).update({1: "N", 2: (43.0, 18.0, 0.0), 3: "E", 4: (45.0, 42.0, 0.0)})
    return block


def measured(tmp_path: Path, content: bytes, name: str = "photo.jpg", limit: int = LIMIT) -> Media | Problem:
    (tmp_path / name).write_bytes(content)
    return probe(tmp_path / name, File(f"content/{name}", digest_bytes(content), len(content)), limit)


def media(tmp_path: Path, content: bytes, name: str = "photo.jpg") -> Media:
    found = measured(tmp_path, content, name)
    assert isinstance(found, Media), found
    return found


def problem(tmp_path: Path, content: bytes, name: str = "photo.jpg", limit: int = LIMIT) -> Problem:
    found = measured(tmp_path, content, name, limit)
    assert isinstance(found, Problem), found
    assert found.path == f"content/{name}"
    assert found.hint
    return found


def orders(source: Media, *widths: int, **asked: object) -> tuple[PictureOrder, ...]:
    return orders_of("/water/", source, ImageSettings(widths=widths or (1200,)), **asked)


def order(source: Media, widest: int = 1200) -> PictureOrder:
    """What is made of a picture in any case; of an animation what moves."""
    return orders(source, widest)[1 if source.animated else 0]


def made(tmp_path: Path, content: bytes, name: str = "photo.jpg", widest: int = 1200) -> bytes:
    encoded = encode_picture(content, order(media(tmp_path, content, name), widest))
    assert isinstance(encoded, bytes), encoded
    return encoded


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def jpeg_segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def telling_jpeg() -> bytes:
    """Everything a JPEG can carry besides pixels."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = saved(quarters(), "JPEG", exif=exif(6), comment=TOLD.encode(), icc_profile=profile, dpi=(300, 300))
    thumbnail = saved(quarters(size=(16, 8)), "JPEG")
    segments = (
        jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + TOLD.encode()),
        jpeg_segment(0xED, b"Photoshop 3.0\08BIM\x04\x04" + TOLD.encode()),
        jpeg_segment(0xEB, b"JP\0\0jumdc2pa" + TOLD.encode()),
        jpeg_segment(0xE0, b"JFXX\0\x10" + thumbnail),
        jpeg_segment(0xE9, TOLD.encode()),
    )
    return content[:2] + b"".join(segments) + content[2:] + TOLD.encode()


def telling_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", TOLD)
    info.add_text("Comment", TOLD, zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{TOLD}", "", "")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = saved(quarters(), "PNG", exif=exif(6), pnginfo=info, icc_profile=profile)
    extra = png_chunk(b"tIME", b"\x07\xea\5\3\x0e\x16\x21") + png_chunk(b"caBX", TOLD.encode())
    extra += png_chunk(b"prVt", TOLD.encode())
    return content[:33] + extra + content[33:] + TOLD.encode()


def telling_webp() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = f"<x:xmpmeta>{TOLD}".encode()
    return saved(quarters(), "WEBP", exif=exif(6), xmp=xmp, icc_profile=profile) + TOLD.encode()


def telling_gif() -> bytes:
    frames = [quarters(), quarters().rotate(180)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=TOLD.encode(), duration=70)
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(TOLD)]) + TOLD.encode() + b"\0"
    return content[:-1] + xmp + content[-1:] + TOLD.encode()


TELLING = {"a.jpg": telling_jpeg, "a.png": telling_png, "a.webp": telling_webp, "a.gif": telling_gif}


@pytest.mark.parametrize("name", TELLING)
def test_nothing_but_pixels_is_left_of_an_original_that_tells_everything(tmp_path: Path, name: str) -> None:
    content = TELLING[name]()
    assert TOLD.encode() in content
    encoded = made(tmp_path, content, name)
    assert find_metadata(encoded) == ()
    assert TOLD.encode() not in encoded
    assert opened(encoded).getexif() == {}


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_what_is_left_would_be_found(name: str) -> None:
    content = TELLING[name]()
    found = " ".join(find_metadata(content)).lower()
    assert "exif" in found
    assert "xmp" in found
    assert "icc" in found
    assert "bytes behind the end" in found


def test_a_block_that_pixels_do_not_need_is_found_whatever_its_name() -> None:
    assert {"block APP9", "block APP11", "thumbnail"} <= set(find_metadata(telling_jpeg()))
    assert {"block prVt", "block caBX", "block tIME", "block zTXt"} <= set(find_metadata(telling_png()))


def test_a_comment_that_pillow_would_keep_is_found() -> None:
    assert "comment" in find_metadata(saved(quarters(), "JPEG", comment=b"hello"))


def test_the_author_is_told_what_was_in_the_original_but_no_value_of_it() -> None:
    words = (
        "GPS position",
        "camera model",
        "serial number of the camera",
        "author's name",
        "time of the picture",
        "notes of the camera's maker",
        "XMP",
        "IPTC",
        "content credentials (C2PA)",
        "thumbnail, perhaps of an uncropped picture",
        "hidden data",
        "comment",
        "colour profile",
        f"{len(TOLD)} bytes hidden behind the end of the picture",
    )
    assert set(removed(telling_jpeg())) == set(words)
    assert set(removed(telling_gif())) == {"comment", "XMP", words[-1]}
    assert {"GPS position", "XMP", "colour profile", words[-1]} <= set(removed(telling_webp()))
    assert {"text (Author)", "text (Comment)", "hidden data", "time of the picture"} <= set(removed(telling_png()))
    assert removed(saved(quarters(), "PNG")) == ()
    assert removed(saved(quarters(), "JPEG")) == ()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_in_every_orientation(tmp_path: Path, kind: str, orientation: int) -> None:
    content = saved(quarters(), kind, exif=exif(orientation), quality=95)
    upright = ImageOps.exif_transpose(opened(content)).convert("RGB")
    encoded = made(tmp_path, content)
    image = opened(encoded).convert("RGB")
    assert image.size == upright.size
    corners = [(8, 8), (image.width - 8, 8), (8, image.height - 8), (image.width - 8, image.height - 8)]
    for corner in corners:
        pairs = zip(image.getpixel(corner), upright.getpixel(corner), strict=True)
        assert all(abs(one - other) < 40 for one, other in pairs)


def test_size_and_format_are_known_before_a_pixel_is_decoded(tmp_path: Path) -> None:
    content = saved(quarters(), "JPEG", exif=exif(6))
    assert media(tmp_path, content) == Media(
        "content/photo.jpg", digest_bytes(content), 32, 64, "jpg", removed=removed(content)
    )


def animation(kind: str, **options: object) -> bytes:
    frames = [Image.new("RGB", (32, 16), colour) for colour in ("red", "green", "blue", "white")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (saved(quarters(), "JPEG"), "jpg"),
        (saved(quarters("L"), "JPEG"), "jpg"),
        (saved(quarters("CMYK"), "JPEG"), "jpg"),
        (saved(quarters(), "PNG"), "png"),
        (saved(quarters("1"), "PNG"), "png"),
        (saved(quarters("L"), "PNG"), "png"),
        (saved(quarters("LA"), "PNG"), "png"),
        (saved(quarters("P"), "PNG"), "png"),
        (saved(quarters("P"), "PNG", transparency=0), "png"),
        (saved(quarters("RGB"), "PNG", transparency=(255, 0, 0)), "png"),
        (saved(quarters("RGBA"), "PNG"), "png"),
        (saved(Image.new("I;16", (64, 32), 40_000), "PNG"), "png"),
        (saved(quarters(), "GIF"), "png"),
        (saved(quarters(), "BMP"), "png"),
        (saved(quarters(), "WEBP"), "jpg"),
        (saved(Image.new("RGBA", (64, 32), (9, 9, 9, 9)), "WEBP"), "png"),
        (saved(quarters(), "AVIF"), "jpg"),
        (saved(Image.new("RGBA", (64, 32), (9, 9, 9, 9)), "AVIF"), "png"),
    ],
)
def test_each_kind_of_picture_becomes_one_that_browsers_show(tmp_path: Path, content: bytes, form: str) -> None:
    source = media(tmp_path, content)
    assert (source.width, source.height, source.format, source.animated) == (64, 32, form, False)
    encoded = opened(made(tmp_path, content))
    encoded.load()
    assert (encoded.size, encoded.format) == ((64, 32), {"jpg": "JPEG", "png": "PNG"}[form])
    assert encoded.mode in ("L", "P", "RGB", "RGBA")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_keeps_its_frames_durations_and_loop(tmp_path: Path, kind: str) -> None:
    # GIF counts how often it is repeated, the others how often it plays.
    loop = 2 if kind == "GIF" else 3
    content = animation(kind, duration=[70, 120, 300, 50], loop=loop)
    source = media(tmp_path, content, "a.gif")
    assert (source.format, source.animated) == ("jpg" if kind == "WEBP" else "png", True)
    image = opened(made(tmp_path, content, "a.gif"))
    assert (image.format, image.n_frames, image.info["loop"]) == ("WEBP", 4, 3)
    shown = []
    for number in range(4):
        image.seek(number)
        image.load()
        shown.append((image.info["duration"], image.convert("RGB").getpixel((3, 3))))
    assert [duration for duration, _ in shown] == [70, 120, 300, 50]
    assert [max(range(3), key=colour.__getitem__) for _, colour in shown[:3]] == [0, 1, 2]


def test_a_gif_without_a_loop_plays_once_and_one_without_durations_is_seen(tmp_path: Path) -> None:
    image = opened(made(tmp_path, animation("GIF"), "a.gif"))
    assert (image.info["loop"], image.n_frames) == (1, 4)
    image.load()
    assert image.info["duration"] == 100


def test_the_fallback_of_an_animated_png_is_no_frame(tmp_path: Path) -> None:
    content = animation("PNG", duration=[70, 120, 300], default_image=True)
    image = opened(made(tmp_path, content, "a.png"))
    assert image.n_frames == 3
    image.load()
    assert image.convert("RGB").getpixel((3, 3))[1] > 90


def test_several_pictures_in_one_jpeg_are_no_animation(tmp_path: Path) -> None:
    content = saved(quarters(), "MPO", save_all=True, append_images=[quarters(size=(16, 8))])
    source = media(tmp_path, content)
    assert (source.format, source.animated, source.width) == ("jpg", False, 64)
    assert opened(made(tmp_path, content)).format == "JPEG"
    assert "further pictures" in removed(content)


def test_what_an_editor_made_transparent_is_gone(tmp_path: Path) -> None:
    """A face erased to transparency keeps its colours in the file, where anyone can make them visible again."""
    image = quarters("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    encoded = opened(made(tmp_path, saved(image, "PNG"), "a.png"))
    assert encoded.getcolors() == [(64 * 32, (0, 0, 0, 0))]


def test_colours_of_a_profile_are_kept_and_the_profile_is_not(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The same profile with red and blue exchanged: what it calls red looks blue.
    swapped = bytearray(srgb)
    red, blue = swapped.find(b"rXYZ"), swapped.find(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    red_picture = Image.new("RGB", (32, 32), (255, 0, 0))
    for profile, expected in ((bytes(swapped), 2), (srgb, 0), (lab, 0), (b"damaged", 0)):
        content = saved(red_picture, "PNG", icc_profile=profile)
        colour = opened(made(tmp_path, content, "a.png")).convert("RGB").getpixel((9, 9))
        assert max(range(3), key=colour.__getitem__) == expected


def test_sixteen_bits_are_scaled_and_not_cut_off(tmp_path: Path) -> None:
    content = saved(Image.new("I;16", (8, 8), 0x8000), "PNG")
    assert opened(made(tmp_path, content, "a.png")).getpixel((0, 0)) == 128


def test_a_large_picture_is_made_smaller_and_a_small_one_never_larger(tmp_path: Path) -> None:
    assert opened(made(tmp_path, saved(quarters(size=(400, 200)), "JPEG"), widest=100)).size == (100, 50)
    assert opened(made(tmp_path, saved(quarters(size=(40, 20)), "JPEG"), widest=100)).size == (40, 20)


@pytest.mark.parametrize(
    ("source", "widths", "size"),
    [
        (Media("a", "", 4000, 3000, "jpg"), (400, 1200, 800), (1200, 900)),
        (Media("a", "", 300, 200, "jpg"), (1200,), (300, 200)),
        (Media("a", "", 300, 200, "jpg"), (), (300, 200)),
        (Media("a", "", 10_000, 1, "png"), (1200,), (1200, 1)),
        (Media("a", "", 1, 40_000, "png"), (1200,), (1, 40_000)),
        (Media("a", "", 800, 32_766, "png", animated=True), (1200,), (400, 16_383)),
    ],
)
def test_width_and_height_are_whole_and_possible(source: Media, widths: tuple[int, ...], size: tuple[int, int]) -> None:
    assert width_for(source, widths) == size


def test_the_same_picture_is_made_of_the_same_bytes_everywhere(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (300, 200), random.Random(1).randbytes(300 * 200 * 3))  # noqa: S311 - not a secret
    content = saved(noise, "PNG")
    assert made(tmp_path, content, widest=77) == made(tmp_path, content, widest=77)


def test_the_name_is_known_before_the_picture_and_changes_with_what_it_is_made_of() -> None:
    source = Media("content/posts/water/River at dawn.PNG", digest_bytes(b"one"), 4000, 3000, "jpg")
    first = orders(source)[0]
    folder, _, file = first.path.rpartition("/")
    stem, digest, suffix = file.split(".")
    assert (folder, stem, suffix) == ("water", "river-at-dawn-1200", "jpg")
    assert len(digest) == 10
    assert int(digest, 16) >= 0
    others = (
        orders(structs.replace(source, digest=digest_bytes(b"two"))),
        orders(source, cover=((0, 0, 9, 9),)),
        orders(source, credit="A. Photographer"),
        orders(source, licence="CC-BY-4.0"),
    )
    assert orders(source)[0].path == first.path == orders(source, 600, 1200)[0].path
    assert len({first.path, *(each[0].path for each in others)}) == 5
    assert orders_of("/", source, ImageSettings(widths=(5,)))[0].path.startswith("river-at-dawn-5.")


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20260503_142233.jpg",
        "IMG-20260503-WA0007.jpg",
        "IMG_1234.HEIC.jpg",
        "img 12.jpg",
        "DSC01234.JPG",
        "DSCF0001.jpg",
        "P1040202.JPG",
        "PXL_20260503_142233123.MP.jpg",
        "Screenshot_20260503-142233_Signal.jpg",
        "Screenshot 2026-05-03 at 14.22.33.png",
        "Screen Shot 2026-05-03 at 2.22.33 PM.png",
        "Bildschirmfoto 2026-05-03 um 14.22.33.png",
        "Снимок экрана 2026-05-03.png",
        "WhatsApp Image 2026-05-03 at 14.22.33.jpeg",
        "signal-2026-05-03-142233.jpg",
        "photo_2026-05-03_14-22-33.jpg",
        "march 3-5-2026.jpg",
        "FB_IMG_1777818153123.jpg",
        "image.png",
        "image (3).png",
        "received_1234567890.jpeg",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301.jpg",
        "+436601234567.jpg",
        "....png",
        "???.png",
    ],
)
def test_the_name_a_camera_or_messenger_gave_is_not_published(name: str) -> None:
    assert picture_name(name) == "picture"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("River at dawn.PNG", "river-at-dawn"),
        ("река_на рассвете.jpg", "река-на-рассвете"),
        ("हिन्दी.jpg", "हिन्दी"),
        ("cafe\u0301.jpg", "café"),
        ("rally-2024.jpg", "rally-2024"),
        ("budget 2010-2015.png", "budget-2010-2015"),
        ("a/b\\c/../d <script>.png", "d-script"),
        ("x" * 300 + ".png", "x" * 80),
        ("水" * 100 + ".png", "水" * 66),
    ],
)
def test_the_name_an_author_gave_stays(name: str, shown: str) -> None:
    assert picture_name(name) == shown


def test_a_picture_is_what_it_is_and_not_what_its_suffix_says(tmp_path: Path) -> None:
    assert media(tmp_path, saved(quarters(), "PNG"), "lie.jpg").format == "png"


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.jpg", b"", "CL606"),
        ("text.jpg", b"hello, I am no picture", "CL601"),
        ("noise.png", bytes(range(256)), "CL601"),
        ("IMG_1.heic", HEIC, "CL602"),
        ("really-heic.jpg", HEIC, "CL602"),
        ("a.tif", saved(quarters(), "TIFF"), "CL602"),
        ("a.nef", b"MM\0*" + bytes(99), "CL602"),
        ("a.raf", b"FUJIFILMCCD-RAW " + bytes(99), "CL602"),
        ("a.psd", b"8BPS" + bytes(99), "CL602"),
        ("a.jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99), "CL602"),
        ("a.pdf.jpg", b"%PDF-1.7\n", "CL602"),
        ("page.png", b"<!DOCTYPE html><html>", "CL602"),
        ("a.svg", b"<?xml version='1.0'?>\n<!-- by Anna --><svg xmlns='x'><script/></svg>", "CL603"),
        ("b.svg", b"no drawing", "CL603"),
        ("a.png", b"\xef\xbb\xbf  <svg onload='x'>", "CL603"),
        ("a.svgz", b"\x1f\x8b\x08" + bytes(20), "CL603"),
        ("a.bmp", saved(quarters(), "BMP")[:60], "CL604"),
    ],
)
def test_what_cannot_be_rebuilt_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    assert problem(tmp_path, content, name).code == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.99])
def test_a_picture_cut_short_is_refused(tmp_path: Path, kind: str, part: float) -> None:
    noise = Image.frombytes("RGB", (60, 60), random.Random(1).randbytes(10_800))  # noqa: S311 - not a secret
    content = saved(noise, kind)
    assert problem(tmp_path, content[: int(len(content) * part)]).code == "CL604"


def test_damage_behind_the_header_is_told_when_the_picture_is_made(tmp_path: Path) -> None:
    content = bytearray(saved(quarters(size=(200, 200)), "PNG"))
    content[content.find(b"IDAT") + 10] ^= 0xFF
    encoded = encode_picture(bytes(content), order(media(tmp_path, bytes(content))))
    assert isinstance(encoded, Problem)
    assert (encoded.code, encoded.path) == ("CL604", "content/photo.jpg")


def test_a_picture_that_changes_during_the_build_is_told(tmp_path: Path) -> None:
    asked = order(media(tmp_path, saved(quarters(), "PNG")))
    (tmp_path / "photo.jpg").write_bytes(saved(quarters(size=(8, 8)), "PNG"))
    told = encode_picture(tmp_path / "photo.jpg", asked)
    assert isinstance(told, Problem)
    assert told.code == "CL608"
    (tmp_path / "photo.jpg").unlink()
    gone = encode_picture(tmp_path / "photo.jpg", asked)
    assert isinstance(gone, Problem)
    assert gone.code == "CL607"


def png_of_size(width: int, height: int) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(b"")) + png_chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    told = problem(tmp_path, png_of_size(9_000, 9_000), "a.png")
    assert (told.code, "81,000,000" in told.message) == ("CL605", True)
    assert problem(tmp_path, png_of_size(60_000, 60_000), "a.png").code == "CL605"
    told = problem(tmp_path, png_of_size(60_000, 60_000), "a.png", limit=1 << 40)
    assert (told.code, "178,956,970" in told.message) == ("CL605", True)
    assert problem(tmp_path, png_of_size(0, 5), "a.png").code == "CL604"


def test_the_frames_of_an_animation_count_together(tmp_path: Path) -> None:
    assert problem(tmp_path, animation("GIF"), "a.gif", limit=32 * 16 * 4 - 1).code == "CL605"
    assert isinstance(measured(tmp_path, animation("GIF"), "a.gif", limit=32 * 16 * 4), Media)


NOISY = """
import sys
from pathlib import Path
from generator.config import ImageSettings
from generator.engine.digest import digest_file
from generator.media.encoding import encode_picture
from generator.media.metadata import removed
from generator.media.pictures import orders_of, probe
from generator.model.document import File, Media
path = Path(sys.argv[1])
found = probe(path, File("a", digest_file(path), 1), 200_000_000)
removed(path.read_bytes())
if isinstance(found, Media):
    for order in orders_of("/", found, ImageSettings(widths=(8,))):
        encode_picture(path, order)
"""


def test_pillow_says_nothing_on_the_terminal(tmp_path: Path) -> None:
    damaged_exif = saved(quarters("P"), "PNG", transparency=bytes(range(256)), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    for number, content in enumerate((png_of_size(10_000, 10_000), damaged_exif)):
        path = tmp_path / str(number)
        path.write_bytes(content)
        command = [sys.executable, "-W", "always", "-c", NOISY, str(path)]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        assert (result.stdout, result.stderr) == ("", "")


SMALL = Image.frombytes("RGB", (9, 7), bytes(range(189)))
ORIGINALS = (
    saved(SMALL, "JPEG", exif=exif(6), comment=b"x"),
    saved(SMALL, "JPEG", progressive=True),
    saved(SMALL, "PNG", exif=exif(6)),
    saved(SMALL.convert("P"), "PNG", transparency=3),
    saved(SMALL, "WEBP", exif=exif(6)),
    saved(SMALL, "BMP"),
    saved(SMALL, "AVIF"),
    telling_gif(),
    animation("PNG", duration=10),
    animation("WEBP", duration=10),
)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(ORIGINALS), st.data())
def test_no_damage_leads_to_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    broken = bytes(damaged[: data.draw(st.integers(0, len(damaged)))] if data.draw(st.booleans()) else damaged)
    removed(broken)
    read_container(broken, sniff(broken))
    found = measured(tmp_path_factory.getbasetemp(), broken, limit=1_000_000)
    if isinstance(found, Media):
        for each in orders(found, 100):
            encoded = encode_picture(broken, each)
            assert isinstance(encoded, Problem) or find_metadata(encoded) == ()


@pytest.mark.parametrize(
    "name", ["data.csv", "notes.txt", "letter.md", "dates.ics", "key.asc", "data.json", "words.vtt", "UPPER.TXT"]
)
def test_files_that_carry_only_what_one_sees_are_published(name: str) -> None:
    assert file_problem(f"content/posts/water/{name}", 10) is None


@pytest.mark.parametrize(
    ("name", "code", "severity"),
    [
        ("letter.docx", "CL620", "error"),
        ("letter.ODT", "CL620", "error"),
        ("table.xlsx", "CL620", "error"),
        ("voice.wav", "CL620", "error"),
        ("march.mov", "CL620", "error"),
        ("page.html", "CL620", "error"),
        ("code.js", "CL620", "error"),
        ("chart.svgz", "CL620", "error"),
        ("chart.svg", "CL622", "error"),
        ("photo.heic", "CL620", "error"),
        ("photo.tiff", "CL620", "error"),
        ("photo.dng", "CL620", "error"),
        ("way.gpx", "CL620", "error"),
        ("secret.pem", "CL620", "error"),
        ("program.exe", "CL620", "error"),
        ("thing.xyz", "CL621", "error"),
        ("no-suffix", "CL621", "error"),
        ("photo.jpg", "CL622", "error"),
        ("report.pdf", "CL624", "warning"),
        ("all.zip", "CL624", "warning"),
    ],
)
def test_files_that_may_carry_more_than_one_sees_are_refused_or_warned_of(name: str, code: str, severity: str) -> None:
    told = file_problem(f"content/posts/water/{name}", 10)
    assert told is not None
    assert (told.code, told.severity, told.path) == (code, severity, f"content/posts/water/{name}")
    assert name in told.message
    assert told.hint


def test_a_picture_under_the_name_of_a_text_is_refused() -> None:
    told = file_problem("content/notes.txt", 10, saved(quarters(), "JPEG")[:64])
    assert told is not None
    assert told.code == "CL623"
    assert file_problem("content/notes.txt", 10, b"plain words") is None


def test_an_empty_and_a_very_large_file_are_warned_of() -> None:
    told = [file_problem("content/data.csv", size) for size in (0, 1, 26_000_000)]
    assert [each and (each.code, each.severity) for each in told] == [("CL625", "warning"), None, ("CL626", "warning")]
