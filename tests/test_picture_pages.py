"""Pictures of a whole site: what pages name, what is made once, what is covered everywhere, what may not go out."""

import re
import shutil
import struct
from pathlib import Path

import pytest
from PIL import Image

from generator.engine.digest import digest_file
from generator.media import encoding, pictures
from tests.conftest import SETTINGS, TinySite
from tests.test_picture_sets import photograph
from tests.test_pictures import animation, exif, quarters, saved

CLARION = SETTINGS.replace('name = "plain"', 'name = "clarion"')
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def shown(tmp_path: Path) -> TinySite:
    site = TinySite(tmp_path, CLARION)
    site.write("content/posts/hall.jpg", saved(photograph((1000, 750)), "JPEG", exif=exif()))
    site.write("content/posts/well.jpg", saved(photograph((500, 300)), "JPEG"))
    return site


def told(site: TinySite) -> list[tuple[str, str]]:
    return sorted((problem.code, problem.path) for problem in site.build().problems if problem.code != "CL610")


def files(site: TinySite) -> list[str]:
    """The pictures of an article by their names, without their digests."""
    found = (path.name for path in site.output.glob("river/*") if path.suffix != ".html")
    return sorted(re.sub(r"\.[0-9a-f]{10}\.", ".", name) for name in found)


def test_a_page_lets_the_browser_choose_and_every_file_it_names_is_there(shown: TinySite) -> None:
    shown.post("river", "![A hall](hall.jpg)")
    assert shown.build().ok
    page = shown.read("river/index.html")
    picture = re.search(r"<picture>.*</picture>", page)
    assert picture
    assert re.sub(r"\.[0-9a-f]{10}\.", ".", picture[0]) == (
        '<picture><source type="image/avif" srcset="../river/hall-480.avif 480w, ../river/hall-800.avif 800w, '
        '../river/hall-1000.avif 1000w" sizes="(min-width: 46rem) 42rem, 100vw">'
        '<source type="image/webp" srcset="../river/hall-480.webp 480w, ../river/hall-800.webp 800w, '
        '../river/hall-1000.webp 1000w" sizes="(min-width: 46rem) 42rem, 100vw">'
        '<img src="../river/hall-1000.jpg" srcset="../river/hall-480.jpg 480w, ../river/hall-800.jpg 800w, '
        '../river/hall-1000.jpg 1000w" sizes="(min-width: 46rem) 42rem, 100vw" alt="A hall" width="1000" height="750">'
        "</picture>"
    )
    for name in re.findall(r"hall-\d+\.[0-9a-f]{10}\.\w+", picture[0]):
        assert (shown.output / "river" / name).is_file()
    assert len(list(shown.output.glob("river/hall-*"))) == 9
    feed = shown.read("feed.xml")
    assert feed.count("hall-") == 1
    assert "https://tiny.example/river/hall-1000." in feed


def test_the_picture_of_an_article_is_fetched_first_and_those_of_its_text_wait(shown: TinySite) -> None:
    shown.post("river", "![A well](well.jpg)", image="{ file: hall.jpg, alt: A hall }")
    assert shown.build().ok
    page = shown.read("river/index.html")
    assert re.findall(r'alt="([^"]*)"[^>]*(?:fetchpriority="(\w+)"|loading="(\w+)" decoding="(\w+)")', page) == [
        ("A hall", "high", "", ""),
        ("A well", "", "lazy", "async"),
    ]


def test_what_a_content_note_is_about_waits_until_it_is_opened(shown: TinySite) -> None:
    note = "content_note: { topics: [injuries], level: images }\n"
    shown.write(
        "content/posts/river.md",
        f"---\ntitle: River\ndate: 2026-05-01\n{note}image: {{ file: hall.jpg, alt: A hall }}\n---\nWords.\n",
    )
    assert shown.build().ok
    page = shown.read("river/index.html")
    details = re.search(r"<details>\s*<summary>.*?</details>", page, re.DOTALL)
    assert details
    assert 'alt="A hall"' in details[0]
    assert 'loading="lazy"' in details[0]
    assert page.count("<img") == 1
    assert "og:image" not in page


def test_a_theme_without_pictures_names_none(site: TinySite) -> None:
    site.write("content/posts/hall.jpg", saved(quarters(), "JPEG"))
    site.post("river", "![A hall](hall.jpg)")
    site.build()
    page = site.read("river/index.html")
    assert "[A hall]" in page
    assert "<img" not in page
    assert "<picture" not in page


def test_a_second_build_and_an_edited_text_make_no_picture_and_look_at_none(
    shown: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.post("river", "![A hall](hall.jpg)\n\nold words")
    shown.post("lake", "Words.")
    assert shown.build().ok

    def never(*_: object) -> None:
        raise AssertionError("a picture was looked at or made again")

    monkeypatch.setattr(encoding, "_decoded", never)
    monkeypatch.setattr("generator.stages.parse_all.probe", never)
    assert shown.build().written == ()
    shown.edit("content/posts/river.md", "old words", "new words")
    assert "river/index.html" in shown.build().written
    shown.edit("content/posts/lake.md", "Words.", "Words.\n\n## A heading\n\n[Link](river.md)")
    assert shown.build().ok


def test_the_same_picture_in_two_articles_is_made_once(shown: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    encode = encoding._encode

    def counted(frames: object, order: pictures.PictureOrder, declared: bytes) -> bytes:
        made.append(f"{order.width}.{order.form}")
        return encode(frames, order, declared)

    monkeypatch.setattr(encoding, "_encode", counted)
    shown.post("river", "![A hall](well.jpg)")
    shown.post("lake", "![A hall](well.jpg)")
    assert shown.build(jobs=1).ok
    assert sorted(made) == ["500.avif", "500.jpg", "500.webp"]
    assert len(list(shown.output.rglob("well-*"))) == 2 * len(made)


def test_a_picture_is_decoded_once_for_all_its_sizes(shown: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []
    decode = encoding._decoded

    def counted(content: bytes, source: pictures.Media, *rest: object, **more: object) -> object:
        decoded.append(source.path)
        return decode(content, source, *rest, **more)

    monkeypatch.setattr(encoding, "_decoded", counted)
    shown.post("river", "![A hall](hall.jpg)\n![A well](well.jpg)")
    assert shown.build(jobs=1).ok
    assert sorted(decoded) == ["content/posts/hall.jpg", "content/posts/well.jpg"]


COVER = 'cover="10%,10%,20%,20%"'


@pytest.mark.parametrize(
    "other",
    [
        "![A hall](hall.jpg)",
        "[The hall](hall.jpg)",
        ":::gallery\n![A hall](hall.jpg)\n:::",
        "::figure{file=hall.jpg alt=x}",
        '![A hall](hall.jpg){cover="0,0,5,5"}',
        '<img src="hall.jpg" alt="x">',
        "![A copy](copy.jpg)",
    ],
)
def test_what_is_covered_in_one_place_is_shown_in_no_other(shown: TinySite, other: str) -> None:
    shown.write("content/posts/copy.jpg", (shown.root / "content/posts/hall.jpg").read_bytes())
    shown.post("lake", f"![A hall](hall.jpg){{{COVER}}}")
    shown.post("river", other)
    assert ("CL613", "content/posts/river.md") in told(shown)


def test_what_is_covered_is_not_in_static_nor_stands_for_another_article(shown: TinySite) -> None:
    shown.post("lake", f"![A well](well.jpg){{{COVER}}}")
    shown.write("static/well.jpg", (shown.root / "content/posts/well.jpg").read_bytes())
    assert told(shown) == [("CL613", "static/well.jpg")]
    shown.remove("static/well.jpg")
    shown.post("river", "Words.", image="{ file: well.jpg, alt: A well }")
    assert told(shown) == [("CL613", "content/posts/river.md")]


def test_the_same_cover_may_be_written_in_several_ways(shown: TinySite) -> None:
    shown.post("lake", f"![A hall](hall.jpg){{{COVER}}}")
    image = "{ file: hall.jpg, alt: x, cover: '10%,10%,200,20%' }"
    shown.post("river", '::figure{file=hall.jpg alt=x cover="100,75,200,150;"}', image=image)
    assert told(shown) == []
    pixels = Image.open(next(shown.output.glob("lake/hall-1000.*.jpg"))).convert("RGB")
    assert max(most for _, most in pixels.crop((116, 91, 284, 209)).getextrema()) < 10
    assert max(most for _, most in pixels.crop((320, 250, 999, 749)).getextrema()) > 100


def test_a_cover_that_covers_nothing_is_told_where_it_stands(shown: TinySite) -> None:
    shown.post("river", '![A hall](hall.jpg){cover="faces"}')
    (problem,) = (problem for problem in shown.build().problems if problem.severity == "error")
    assert (problem.code, problem.path, problem.line) == ("CL612", "content/posts/river.md", 5)


def test_a_cover_of_a_later_day_counts_today(shown: TinySite) -> None:
    """Time never turns a green build red."""
    shown.post("lake", f"![A hall](hall.jpg){{{COVER}}}", date="2031-01-01")
    shown.post("river", "![A hall](hall.jpg)")
    assert ("CL613", "content/posts/river.md") in told(shown)


def test_of_a_cover_put_on_later_nothing_older_stays(shown: TinySite) -> None:
    shown.post("river", "![A hall](hall.jpg)")
    assert shown.build().ok
    before = {path.read_bytes() for path in shown.output.glob("river/hall-*")}
    shown.edit("content/posts/river.md", "(hall.jpg)", f"(hall.jpg){{{COVER}}}")
    assert shown.build().ok
    kept = [path.read_bytes() for path in shown.root.rglob("*") if path.is_file() and "content" not in path.parts]
    assert before.isdisjoint(kept)


def test_a_drawing_is_shown_as_it_was_written_anew(shown: TinySite) -> None:
    shown.write("content/posts/map.svg", SVG.replace("<path", "<script>alert(1)</script><path onclick='x' "))
    shown.post("river", "![The map](map.svg)\n\n[Large](map.svg)", image="{ file: map.svg, alt: The map }")
    assert told(shown) == []
    assert files(shown) == ["map-400.svg"]
    drawing = next(shown.output.glob("river/map-400.*.svg")).read_text()
    assert drawing == SVG.replace("<svg ", '<svg xmlns:xlink="http://www.w3.org/1999/xlink" ').replace(
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg"',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"',
    ).replace('height="300"', 'height="300" viewBox="0 0 400 300"')
    page = shown.read("river/index.html")
    assert 'width="400" height="300"' in page
    assert "og:image" not in page


def icon(content: bytes) -> bytes:
    head = struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 64, 32, 0, 0, 1, 32, len(content), 22)
    return head + content


def avif(**told_of: object) -> bytes:
    return saved(quarters(), "AVIF", **told_of)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("static/a.jpg", saved(quarters(), "JPEG", exif=exif())),
        ("static/a.jpg", saved(quarters(), "JPEG", comment=b"Anna")),
        ("static/a.jpg", saved(quarters(), "JPEG") + b"Anna was here"),
        ("static/a.png", saved(quarters(), "PNG", exif=exif())),
        ("static/a.webp", saved(quarters(), "WEBP", xmp=b"<x:xmpmeta>Anna")),
        ("static/a.avif", avif(exif=exif())),
        ("static/a.gif", saved(quarters(), "GIF", comment=b"Anna")),
        ("static/under/another.name", saved(quarters(), "JPEG", exif=exif())),
        ("static/favicon.ico", icon(saved(quarters(), "PNG", exif=exif()))),
        ("static/a.svg", SVG.replace("<path", "<metadata>Anna</metadata><path").encode()),
        ("static/a.svg", SVG.replace("<path", "<path onclick='x'").encode()),
    ],
)
def test_every_picture_that_goes_out_as_it_is_is_looked_through(shown: TinySite, path: str, content: bytes) -> None:
    shown.post("river")
    shown.write(path, content)
    assert told(shown) == [("CL611", path)]
    assert b"Anna" not in shown.everything_written()


def test_a_picture_of_a_theme_is_looked_through_too(shown: TinySite) -> None:
    shown.post("river")
    shown.write("themes/mine/theme.toml", 'name = "mine"\nparent = "clarion"\napi = 1\n')
    shown.write("themes/mine/static/a.png", saved(quarters(), "PNG", exif=exif()))
    shown.write("themes/mine/templates/partials/picture.html", '<img src="{{ asset("a.png").url }}" alt="">')
    shown.write("site.toml", CLARION.replace('name = "clarion"', 'name = "mine"'))
    assert told(shown) == [("CL611", "themes/mine/static/a.png")]


@pytest.mark.parametrize(
    "content", [saved(quarters(), form) for form in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")] + [SVG.encode()]
)
def test_a_clean_picture_in_static_goes_out_as_it_is(shown: TinySite, content: bytes) -> None:
    shown.post("river")
    shown.write("static/a.bin", content)
    assert told(shown) == []
    assert (shown.output / "a.bin").read_bytes() == content


def test_credit_and_licence_go_into_the_files_and_onto_the_page(shown: TinySite) -> None:
    shown.post("river", '::figure{file=well.jpg alt=x credit="Mara Quill" licence="CC-BY-4.0"}\n\n![y](hall.jpg)')
    assert told(shown) == []
    for path in shown.output.glob("river/*.*"):
        if path.suffix in (".avif", ".webp", ".jpg"):
            assert (b"Mara Quill" in path.read_bytes()) == path.name.startswith("well")


def test_what_a_plugin_writes_into_a_picture_is_found(shown: TinySite) -> None:
    shown.write("site.toml", f'{CLARION}\n[plugins]\nnames = ["noting"]\n')
    shown.write(
        "plugins/noting.py",
        """
from msgspec.structs import replace
from generator import hookimpl

@hookimpl
def clarion_finish(artifact, job):
    if not artifact.path.endswith(".jpg"):
        return artifact
    return replace(artifact, content=artifact.content[:2] + b"\\xff\\xfe\\x00\\x06Anna" + artifact.content[2:])
""",
    )
    shown.post("river", "![A well](well.jpg)")
    assert set(told(shown)) == {("CL611", "content/posts/well.jpg")}
    assert b"Anna" not in shown.everything_written()


def test_one_process_and_several_make_the_same_site(shown: TinySite) -> None:
    shown.write("content/posts/move.gif", animation("GIF", duration=70))
    shown.post("river", "![A hall](hall.jpg)\n\n![A well](well.jpg)\n\n![It moves](move.gif)")
    shown.post("lake", f"![A chart](chart.png)\n\n![A clear one](clear.webp){{{COVER}}}")
    shown.write("content/posts/chart.png", saved(quarters(), "PNG"))
    shown.write("content/posts/clear.webp", saved(quarters("RGBA"), "WEBP"))
    assert shown.build(jobs=1).ok
    alone = {path: path.read_bytes() for path in shown.output.rglob("*") if path.is_file()}
    shutil.rmtree(shown.output)
    shutil.rmtree(shown.root / ".clarion")
    assert shown.build(jobs=3).ok
    assert {path: path.read_bytes() for path in shown.output.rglob("*") if path.is_file()} == alone


def test_of_a_picture_that_is_shown_no_more_nothing_is_kept(shown: TinySite) -> None:
    digest = digest_file(shown.root / "content/posts/hall.jpg").encode()
    shown.post("river", "![A hall](hall.jpg)")
    shown.post("lake", "![A well](well.jpg)")
    assert shown.build().ok
    known = shown.root / ".clarion/pictures"
    assert digest in known.read_bytes()
    kept = len(list((shown.root / ".clarion/artifacts").iterdir()))
    shown.edit("content/posts/river.md", "title: River", "title: River\nstatus: draft")
    assert shown.build().ok
    assert digest not in known.read_bytes()
    assert 0 < len(list((shown.root / ".clarion/artifacts").iterdir())) < kept
    shown.remove("content/posts/lake.md")
    assert shown.build().ok
    assert not known.exists()
