"""Each picture in several formats and widths, with what its author declared and without what they covered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from generator.config import ImageSettings
from generator.media.covers import NoRegion, regions
from generator.media.encoding import encode_picture
from generator.media.metadata import find_metadata, removed
from generator.media.notices import notice
from generator.media.pictures import orders_of, target_of
from generator.model.library import PictureOrder
from tests.test_pictures import TELLING, TOLD, animation, exif, made, media, opened, orders, quarters, saved


def photograph(size: tuple[int, int] = (2000, 1500)) -> Image.Image:
    """A picture without flat colours."""
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 40).resize(size)
    return Image.merge("RGB", (noise, noise.transpose(Image.Transpose.ROTATE_180), noise))


def encoded(content: bytes | Path, order: PictureOrder) -> bytes:
    found = encode_picture(content, order)
    assert isinstance(found, bytes), found
    return found


def test_a_photograph_is_made_in_two_formats_and_several_widths_besides_jpeg(tmp_path: Path) -> None:
    found = orders(media(tmp_path, saved(photograph(), "JPEG")), 480, 800, 1200)
    sizes = ((480, 360), (800, 600), (1200, 900))
    assert [(each.form, each.width, each.height) for each in found] == [
        ("jpg", 1200, 900),
        *(("avif", *size) for size in sizes),
        *(("webp", *size) for size in sizes),
        *(("jpg", *size) for size in sizes[:2]),
    ]
    for each in found:
        image = opened(encoded(tmp_path / "photo.jpg", each))
        form = {"jpg": "JPEG"}.get(each.form, each.form.upper())
        assert (image.format, image.size) == (form, (each.width, each.height))


def test_no_width_is_made_that_the_original_does_not_have_nor_two_that_are_nearly_one(tmp_path: Path) -> None:
    def widths(size: tuple[int, int]) -> list[int]:
        found = orders(media(tmp_path, saved(photograph(size), "JPEG")), 480, 800, 1200)
        return [each.width for each in found if each.form == "webp"]

    assert widths((300, 200)) == [300]
    assert widths((820, 200)) == [480, 820]
    assert widths((1000, 200)) == [480, 800, 1000]


def test_a_page_names_the_best_format_first_and_what_every_browser_shows_last(tmp_path: Path) -> None:
    found = orders(media(tmp_path, saved(photograph(), "JPEG")), 480, 1200)
    target = target_of(found)
    assert (target.url, target.width, target.height) == (f"/{found[0].path}", 1200, 900)
    assert [(each.type, [width for _, width in each.files]) for each in target.sets] == [
        ("image/avif", [480, 1200]),
        ("image/webp", [480, 1200]),
        ("image/jpeg", [480, 1200]),
    ]


def test_a_drawing_of_pixels_keeps_every_line(tmp_path: Path) -> None:
    content = saved(quarters(size=(900, 600)), "PNG")
    found = orders(media(tmp_path, content, "chart.png"), 480, 800, 1200)
    assert [(each.form, each.width) for each in found] == [("png", 900), ("webp", 900)]
    for each in found:
        shown = opened(encoded(content, each))
        assert shown.convert("RGB").tobytes() == opened(content).convert("RGB").tobytes()


def test_a_photograph_saved_as_png_is_published_as_a_photograph(tmp_path: Path) -> None:
    noise = Image.effect_noise((200, 200), 40)
    image = Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180)))
    assert media(tmp_path, saved(image, "PNG"), "photo.png").format == "jpg"
    clear = image.convert("RGBA")
    clear.putpixel((0, 0), (9, 9, 9, 0))
    found = orders(media(tmp_path, saved(clear, "PNG"), "photo.png"))
    assert [each.form for each in found] == ["png", "avif", "webp"]


def test_an_animation_has_a_still_picture_for_whoever_wants_no_movement(tmp_path: Path) -> None:
    content = animation("GIF", duration=70, loop=0)
    found = orders(media(tmp_path, content, "a.gif"), 480, 1200)
    assert [each.form for each in found] == ["png", "webp"]
    assert opened(encoded(content, found[0])).convert("RGB").getpixel((3, 3)) == (255, 0, 0)
    target = target_of(found)
    assert [(each.type, each.media) for each in target.sets] == [
        ("image/png", "(prefers-reduced-motion: reduce)"),
        ("image/webp", ""),
    ]
    assert target.sets[0].files == ((target.url, 32),)


def test_what_is_only_linked_is_made_once(tmp_path: Path) -> None:
    assert [each.form for each in orders(media(tmp_path, saved(photograph(), "JPEG")), linked=True)] == ["jpg"]
    assert [each.form for each in orders(media(tmp_path, animation("GIF"), "a.gif"), linked=True)] == ["webp"]


def test_formats_can_be_left_out(tmp_path: Path) -> None:
    source = media(tmp_path, saved(photograph(), "JPEG"))
    assert [each.form for each in orders_of("/", source, ImageSettings(widths=(500,), formats=()))] == ["jpg"]


@pytest.mark.parametrize("name", TELLING)
def test_nothing_but_pixels_is_left_in_any_format_and_width(tmp_path: Path, name: str) -> None:
    content = TELLING[name]()
    for each in orders(media(tmp_path, content, name), 20, 40, 1200):
        shown = encoded(content, each)
        assert (each.form, find_metadata(shown)) == (each.form, ())
        assert b"Anna" not in shown


def test_what_an_avif_tells_is_found_and_removed(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = saved(quarters(), "AVIF", exif=exif(), xmp=f"<x:xmpmeta>{TOLD}".encode(), icc_profile=profile)
    assert {"block item Exif", "block item mime", "block colr prof"} <= set(find_metadata(content))
    assert {"Exif", "XMP", "colour profile"} <= set(removed(content))
    assert find_metadata(made(tmp_path, content, "a.avif")) == ()
    clean = saved(quarters(), "AVIF")
    assert find_metadata(clean) == ()
    assert find_metadata(clean + b"\0\0\0\x10freeAnna K. ") == ("block free",)
    assert find_metadata(clean + b"\0\0\0\x10mdatAnna K. ") == ("bytes behind the end",)
    assert find_metadata(clean + b"Anna K. was here") == ("block ?", "bytes behind the end")


@pytest.mark.parametrize("form", ["jpg", "png", "avif", "webp"])
def test_what_an_author_declared_is_written_into_the_picture_and_nothing_else(tmp_path: Path, form: str) -> None:
    image = quarters("RGBA") if form == "png" else photograph((200, 200))
    content = saved(image, "PNG" if form == "png" else "JPEG", exif=exif())
    asked = {"credit": 'Анна <A & "B">', "licence": "CC-BY-4.0"}
    (wanted,) = (each for each in orders(media(tmp_path, content), **asked) if each.form == form)
    shown = encoded(content, wanted)
    declared = notice(**asked)
    assert shown.count(declared) == 1
    assert find_metadata(shown, declared) == ()
    assert find_metadata(shown) != ()
    assert find_metadata(shown, notice("Somebody else", "")) != ()
    info = opened(shown).info
    assert "Анна &lt;A &amp; &quot;B&quot;&gt;" in (info.get("XML:com.adobe.xmp") or info["xmp"].decode())
    assert dict(opened(shown).getexif()) == {}
    assert find_metadata(made(tmp_path, content), declared) == ("another notice than was declared",)


def test_an_animation_carries_its_notice_too(tmp_path: Path) -> None:
    for each in orders(media(tmp_path, animation("GIF"), "a.gif"), credit="A. Photographer"):
        assert notice("A. Photographer", "") in encoded(animation("GIF"), each)


PROCESSORS = """
import os, sys
from pathlib import Path
os.sched_setaffinity(0, set(list(os.sched_getaffinity(0))[:int(sys.argv[2])]))
from generator.config import ImageSettings
from generator.engine.digest import digest_bytes, digest_file
from generator.media.encoding import encode_picture
from generator.media.pictures import orders_of, probe
from generator.model.document import File
path = Path(sys.argv[1])
found = probe(path, File("a.jpg", digest_file(path), 1), 200_000_000)
for order in orders_of("/", found, ImageSettings(widths=(300, 600))):
    print(order.path, digest_bytes(encode_picture(path, order)))
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the number of processors cannot be set here")
def test_the_bytes_are_the_same_on_one_processor_and_on_many(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(saved(photograph((900, 700)), "JPEG"))
    command = [sys.executable, "-c", PROCESSORS, str(tmp_path / "a.jpg")]
    told = [subprocess.run([*command, count], capture_output=True, text=True, check=True).stdout for count in "12"]
    assert told[0] == told[1]
    assert told[0].count("\n") == 6


def test_a_covered_region_is_gone_before_anything_is_encoded(tmp_path: Path) -> None:
    """In each size the region is black, and what was in it is nowhere, however the original is turned."""
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (110, 60, 190, 140))
    turned = saved(image.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif(6), quality=95)
    for content in (saved(image, "JPEG", quality=95), saved(image, "PNG"), turned):
        source = media(tmp_path, content)
        region = regions("100,50,100,100", source.width, source.height)
        assert isinstance(region, tuple)
        for each in orders(source, 100, 400, cover=region):
            shown = opened(encoded(content, each)).convert("RGB")
            scale = each.width / 400
            assert max(shown.getpixel((int(150 * scale), int(100 * scale)))) < 12
            colours = shown.getcolors(1 << 20)
            assert colours
            assert not any(red - green > 60 for _, (red, green, _) in colours)


def test_a_cover_hides_in_every_frame_and_lets_nothing_shine_through(tmp_path: Path) -> None:
    frames = [Image.new("RGBA", (40, 40), (255, number, 0, 90)) for number in (0, 100, 200)]
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100, lossless=True)
    for each in orders(media(tmp_path, content, "a.webp"), cover=((0, 0, 40, 40),)):
        image = opened(encoded(content, each))
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            assert image.convert("RGBA").getcolors() == [(1600, (0, 0, 0, 255))]


def test_a_region_is_told_in_pixels_or_per_cent_and_covers_parts_of_pixels_whole() -> None:
    assert regions("10,20,30,40", 100, 100) == ((10, 20, 30, 40),)
    assert regions(" 25% , 50%,25%,10.5% ", 200, 100) == ((50, 50, 50, 11),)
    assert regions("0.5,0.5,1,1", 100, 100) == ((0, 0, 2, 2),)
    assert regions("90,90,50%,999", 100, 100) == ((90, 90, 10, 10),)
    assert regions("5,5,5,5; 1,1,1,1 ;", 100, 100) == ((1, 1, 1, 1), (5, 5, 5, 5))


@pytest.mark.parametrize("text", ["faces", "1,2,3", "1,2,3,4,5", "-1,2,3,4", "1,2,0,4", "100,0,5,5", ";", "1e9,1,1,1"])
def test_what_names_no_region_is_told(text: str) -> None:
    found = regions(text, 100, 100)
    assert isinstance(found, NoRegion)
    assert found.reason
    assert found.hint


def test_a_machine_without_an_encoder_makes_the_formats_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = media(tmp_path, saved(photograph(), "JPEG"))
    monkeypatch.setattr("generator.media.pictures.encoder_versions", lambda: {"avif": "", "webp": "1"})
    assert {each.form for each in orders(source)} == {"jpg", "webp"}
