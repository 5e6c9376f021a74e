"""Directives with files: figures, galleries, recordings, content notes; and what attributes of type `file` can name."""

import io
import os
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.config import MarkdownSettings
from generator.markup import Converted, convert
from generator.model.body import Body, Call, PictureTarget, Reference, Slot
from generator.model.directive import AttributeRule, Declaration
from generator.stages.gather import bind
from tests.conftest import SETTINGS, TinySite, folded

ENGINES = ("python-markdown", "commonmark")
GOLDEN = Path(__file__).parent / "golden" / "directives"
FORMS = ("page", "feed", "plain")
FEATURED = SETTINGS.replace('"plain"', '"clarion"')
PICTURES = AttributeRule("file", required=True, values=("picture",))
DECLARATIONS = {
    "figure": Declaration(
        "figure", "blocks", (), {"file": PICTURES, "alt": AttributeRule(), "decorative": AttributeRule("bool")}
    ),
    "gallery": Declaration("gallery", "blocks", pictures=True),
    "note": Declaration("note", "blocks", closed=True),
    "comment": Declaration("comment", "blocks"),
    "video": Declaration(
        "video",
        "blocks",
        (),
        {
            "file": AttributeRule("file", required=True, values=("video",)),
            "url": AttributeRule("url"),
            "captions": AttributeRule("file", values=(".vtt",)),
            "transcript": AttributeRule("file"),
        },
    ),
}


def photograph(colour: str = "teal", **more: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(stream, "JPEG", **more)
    return stream.getvalue()


def with_files(site: TinySite, folder: str = "content/posts") -> TinySite:
    """Two pictures, captions and a transcript beside the articles, two recordings in `static/`."""
    site.write(f"{folder}/bank.jpg", photograph())
    site.write(f"{folder}/boat.jpg", photograph("navy"))
    site.write(f"{folder}/pump.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nA pump.\n")
    site.write(f"{folder}/pump.txt", "A pump.\n")
    site.write("static/films/pump.mp4", b"\0\0\0\x18ftypisom")
    site.write("static/films/mara.mp3", b"\xff\xfb\x90\0")
    return site


@pytest.fixture
def shown(tmp_path: Path) -> TinySite:
    """A site with the theme that shows pictures, and with files."""
    root = tmp_path / "shown"
    root.mkdir()
    return with_files(TinySite(root, FEATURED))


def converted(text: str, engine: str = "python-markdown") -> Converted:
    options: dict[str, Any] = {"path": "a.md", "first_line": 1, "slug": "a", "language": "en", "take_title": False}
    return convert(text, markdown=MarkdownSettings(engine), declarations=DECLARATIONS, **options)


def said(text: str) -> list[str]:
    """What is said of a text, the same with both engines."""
    first, second = (
        [f"{found.line}:{found.column} {found.code} {found.message}" for found in converted(text, engine).problems]
        for engine in ENGINES
    )
    assert first == second
    return first


# -- one golden case each


def between(html: str) -> str:
    """What stands between the first and the last paragraph of a case, without digits that name an encoder."""
    inner = html.partition("<p>Before.</p>")[2].partition("<p>After.</p>")[0]
    lines = (line.strip() for line in re.sub(r"\.[0-9a-f]{10}\.", ".HASH.", inner).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def drawn(root: Path, text: str, engine: str) -> dict[str, str]:
    """A text on a page, in a feed, and on a page of the plain theme."""
    pieces: dict[str, str] = {}
    for form, settings in (("page", FEATURED), ("plain", SETTINGS)):
        folder = root / f"{form}-{engine}"
        folder.mkdir()
        site = with_files(TinySite(folder, settings), "content/posts/water")
        front = "---\ntitle: Water\ndate: 2026-11-01\n---\n"
        site.write("content/posts/water/index.md", f"{front}Before.\n\n{text}\nAfter.\n")
        report = site.build(overrides=(f'markdown.engine="{engine}"',))
        assert [str(problem) for problem in report.problems if problem.severity == "error"] == []
        pieces[form] = between(site.read("water/index.html"))
        if form == "page":
            found = re.search(r"<content [^>]*>(.*?)</content>", site.read("feed.xml"), re.DOTALL)
            assert found
            pieces["feed"] = between(unescape(found[1]))
    return pieces


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.txt")))
def test_a_directive_is_drawn_on_pages_in_feeds_and_as_plain_text_alike_with_both_engines(
    name: str, tmp_path: Path
) -> None:
    path = GOLDEN / f"{name}.txt"
    head, _, rest = path.read_text(encoding="utf-8").partition("=== input\n")
    text = rest.partition("=== page\n")[0]
    for number, engine in enumerate(ENGINES):
        pieces = drawn(tmp_path, text, engine)
        whole = f"{head}=== input\n{text}" + "".join(f"=== {form}\n{pieces[form]}" for form in FORMS)
        if os.environ.get("UPDATE_GOLDEN") and not number:
            path.write_text(whole, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == whole, engine


# -- attributes that name files


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_of_a_directive_is_a_reference_with_the_place_of_its_name(engine: str) -> None:
    result = converted('A [link](b.md).\n\n::figure[Words]{alt=x file="c d.jpg"}\n', engine)
    assert result.references == (Reference("link", "b.md", 1, 10), Reference("picture", "c d.jpg", 3, 28))
    (call,) = [part for part in result.body.parts if isinstance(part, Call)]
    assert (call.name, call.text, call.files) == ("figure", "", {"file": 1})


def test_a_body_that_travels_alone_has_the_files_of_its_calls() -> None:
    body = Body((Call("figure", {}, (Slot(7, "picture"),), files={"file": 4}),))
    targets = tuple(PictureTarget(f"/{number}.jpg", 8, 6) for number in range(8))
    (call,) = (bound := bind(body, targets)).parts
    assert isinstance(call, Call)
    assert isinstance(call.inner[0], Slot)
    assert bound.targets[call.files["file"]] == targets[4]
    assert bound.targets[call.inner[0].number] == targets[7]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bnak.jpg", "CL250"),
        ("../../../secret.jpg", "CL253"),
        ("..%2F..%2F..%2Fsecret.jpg", "CL253"),
        ("/etc/river.jpg", "CL258"),
        ("a\\\\b.jpg", "CL251"),
        ("javascript:alert(1).jpg", "CL212"),
        ("JavaScript:alert(1).jpg", "CL212"),
        ("data:image/png;base64,AA.jpg", "CL212"),
        ("file:///etc/river.jpg", "CL212"),
        ("https://pictures.example/river.jpg", "CL212"),
        ("//pictures.example/river.jpg", "CL212"),
        ("\\\\\\\\pictures.example\\\\river.jpg", "CL212"),
        ("#river.jpg", "CL212"),
        ("pump.txt", "CL212"),
        ("", "CL212"),
    ],
)
def test_what_is_no_picture_of_this_site_is_told_where_it_is_named(site: TinySite, name: str, code: str) -> None:
    with_files(site)
    site.post("river", f'::figure{{alt=x file="{name}"}}')
    (problem,) = site.build().problems
    assert (problem.path, problem.line, problem.column, problem.code) == ("content/posts/river.md", 5, 21, code)
    assert not site.output.exists()


def test_a_missing_file_comes_with_the_nearest_one(site: TinySite) -> None:
    with_files(site)
    site.post("river", "::figure{file=bnak.jpg alt=x}")
    assert [(each.code, each.hint) for each in site.build().problems] == [("CL250", "Did you mean “bank.jpg”?")]


def test_a_symlink_out_of_the_site_is_not_followed(site: TinySite, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(photograph("red"))
    (site.root / "content/posts").mkdir()
    (site.root / "content/posts/bank.jpg").symlink_to(tmp_path / "secret.jpg")
    site.post("river", "::figure{file=bank.jpg alt=x}")
    assert "CL702" in {problem.code for problem in site.build().problems}
    assert not site.output.exists()


def test_only_what_a_published_text_names_is_published(shown: TinySite) -> None:
    shown.post("river", "::figure{file=bank.jpg alt=x}\n\n::audio{file=/films/mara.mp3 transcript=pump.txt}")
    hidden = "::figure{file=boat.jpg alt=x}\n\n::audio{file=/films/mara.mp3 transcript=pump.vtt}"
    shown.post("secret", hidden, status="draft")
    assert shown.build().ok
    paths = " ".join(shown.outputs())
    assert ("river/bank-8" in paths, "river/pump.txt" in paths) == (True, True)
    assert ("boat" in paths, "vtt" in paths) == (False, False)


def test_a_picture_of_a_directive_is_rebuilt(shown: TinySite) -> None:
    told = Image.Exif()
    told[0x010F] = "Telling Camera"
    shown.write("content/posts/bank.jpg", photograph(exif=told))
    shown.post("river", "::figure{file=bank.jpg alt=x}")
    report = shown.build()
    assert [problem.code for problem in report.problems] == ["CL610"]
    assert b"Telling Camera" not in shown.everything_written()


def test_a_recording_that_cannot_be_packed_anew_is_refused_where_it_is_named(shown: TinySite) -> None:
    shown.write("content/posts/pump.mov", b"\0\0\0\x18ftypqt  ")
    shown.post("river", "[The pump](pump.mov)")
    assert "CL620" in {problem.code for problem in shown.build().problems}


def test_a_recording_without_the_extra_is_refused_where_it_is_named(
    shown: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.media.files.packer_version", lambda: "")
    shown.write("content/posts/pump.mp4", b"\0\0\0\x18ftypisom")
    shown.post("river", "::video{file=pump.mp4 captions=pump.vtt transcript=pump.txt}")
    (problem,) = shown.build().problems
    assert (problem.code, problem.line, problem.column) == ("CL616", 5, 14)
    assert "clarion[video]" in problem.hint


def test_a_recording_that_static_does_not_have_is_told(shown: TinySite) -> None:
    shown.post("river", "::video{file=/films/pmup.mp4 captions=pump.vtt transcript=pump.txt}")
    (problem,) = shown.build().problems
    assert (problem.code, problem.line, problem.column) == ("CL259", 5, 14)
    assert problem.hint == "Did you mean “/films/pump.mp4”?"


def test_a_directive_of_the_site_names_files_too(shown: TinySite) -> None:
    declaration = '{# attributes.file = { type = "file" }\nattributes.more = { type = "file", values = [".txt"] } #}\n'
    shown.write(
        "directives/badge.html",
        f"{declaration}[{{{{ attributes.file.url }}}} {{{{ attributes.file.width }}}}×{{{{ attributes.file.height }}}}"
        "{% if attributes.more %} {{ attributes.more.url }} {{ attributes.more.width }}{% endif %}]",
    )
    shown.post("river", "::badge{file=bank.jpg}\n\n::badge{file=pump.vtt more=pump.txt}")
    assert shown.problems() == []
    found = re.findall(r"\[([^\]]* [0-9]×[0-9][^\]]*)\]", shown.read("river/index.html"))
    assert re.sub(r"[0-9a-f]{10}", "HASH", found[0]) == "../river/bank-8.HASH.jpg 8×6"
    assert found[1] == "../river/pump.vtt 0×0 ../river/pump.txt 0"


def test_a_figure_in_the_beginning_of_a_text_is_whole_in_a_feed_of_beginnings(shown: TinySite) -> None:
    shown.post("river", "Dry.\n\n::figure[Words]{file=bank.jpg alt=x}\n\n<!--more-->\n\nMore.")
    assert shown.build(overrides=('feeds.content="summary"',)).ok
    feed = shown.read("feed.xml")
    assert re.search(r"https://tiny\.example/river/bank-8\.[0-9a-f]{10}\.jpg", feed)


# -- words for those who do not see or hear


def test_a_picture_without_words_is_told_as_one_of_markdown_is() -> None:
    text = "::figure{file=a.jpg}\n\n::figure{file=b.jpg decorative}\n\n::figure{file=c.jpg decorative=false}\n"
    assert said(text) == [
        "1:1 CL221 the picture “a.jpg” has no text for those who do not see it",
        "5:1 CL221 the picture “c.jpg” has no text for those who do not see it",
    ]


def test_captions_and_a_transcript_are_asked_for() -> None:
    assert said("::video{file=/a.mp4}\n\n::video{file=/b.mp4 captions=b.vtt transcript=b.txt}\n") == [
        "1:1 CL632 the video “/a.mp4” has no captions",
        "1:1 CL633 the recording “/a.mp4” has no transcript",
    ]


def test_a_video_elsewhere_is_an_address_and_never_a_file() -> None:
    for text in ("::video{file=https://films.example/a}\n", "::video{url=https://films.example/a}\n"):
        result = converted(text)
        (call,) = result.body.parts
        assert isinstance(call, Call)
        assert (call.attributes, call.files) == ({"url": "https://films.example/a"}, {})
        assert (result.references, result.problems) == ((), ())


def test_a_video_names_its_file_or_its_address() -> None:
    text = "::video\n\n::video{file=https://a.example/ url=https://b.example/}\n\n::video{url=javascript:a}\n"
    assert said(text) == [
        "1:1 CL211 “video” needs the attribute “file”",
        "3:33 CL210 “url” is given twice",
        "5:13 CL212 “url” is an address that begins with javascript:, which is refused",
    ]


def test_captions_are_webvtt() -> None:
    assert said("::video{file=/a.mp4 captions=a.srt transcript=a.txt}\n") == [
        "1:30 CL212 “captions” is a .vtt file, not “a.srt”",
        "1:1 CL632 the video “/a.mp4” has no captions",
    ]


def test_html_in_the_words_of_a_picture_is_text(shown: TinySite) -> None:
    attack = "</figcaption><script>alert(1)</script>"
    words = f'alt="\'><img src=x onerror=alert(1)>" caption="{attack}" credit="{attack}" licence="{attack}"'
    gallery = f":::gallery[{attack}]\n![a](bank.jpg '{attack}')\n:::"
    shown.post("river", f"::figure{{file=bank.jpg {words}}}\n\n{gallery}")
    shown.build()
    page = shown.read("river/index.html")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


# -- galleries


def test_words_between_the_pictures_of_a_gallery_are_told() -> None:
    text = ":::gallery\n![a](a.jpg)\nNot a picture.\n:::\n\n:::gallery\n:::\n\n:::gallery\n```\ncode\n```\n:::\n"
    assert said(text) == [
        "1:1 CL631 “gallery” holds pictures only, and “Not a picture.” is none",
        "6:1 CL631 there is no picture in this “gallery”",
        "9:1 CL631 “gallery” holds pictures only, and “code” is none",
    ]


def test_a_picture_in_a_gallery_is_checked_like_any_other() -> None:
    assert said(":::gallery\n![](a.jpg)\n![b](https://b.example/b.jpg)\n:::\n") == [
        "3:6 CL222 the picture “https://b.example/b.jpg” lies elsewhere, which would be told of each reader",
        "2:5 CL221 the picture “a.jpg” has no text for those who do not see it",
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_galleries_stand_in_lists_quotations_and_directives(engine: str) -> None:
    text = (
        "- a\n\n  :::gallery\n  ![a](a.jpg)\n  :::\n\n> :::gallery\n> ![b](b.jpg)\n> :::\n\n"
        "::::comment\n:::gallery\n![c](c.jpg)\n:::\n::::\n"
    )
    result = converted(text, engine)
    assert result.problems == ()
    assert [reference.target for reference in result.references] == ["a.jpg", "b.jpg", "c.jpg"]
    assert result.directives == ("comment", "gallery", "quotation")


def test_a_directive_that_encloses_paragraphs_cannot_stand_in_a_cell() -> None:
    (line,) = said("| a | b |\n| --- | --- |\n| :figure{file=a.jpg alt=a} | c |\n")
    assert line == "3:3 CL213 “figure” encloses paragraphs and cannot stand in a line"


@pytest.mark.parametrize("engine", ENGINES)
def test_ten_thousand_nested_galleries_are_a_problem_and_no_crash(engine: str) -> None:
    depth = 10_000
    text = "\n".join([":" * 3 + "gallery"] * depth + [":::"] * depth)
    assert "CL215" in {problem.code for problem in converted(text, engine).problems}


# -- content notes


def test_nothing_behind_a_content_note_is_loaded_before_it_is_opened(shown: TinySite) -> None:
    """The first picture of a page is loaded at once, unless it is behind a note; then the next one is."""
    shown.post(
        "river",
        ':::content-note{topics=injuries}\n<img src="bank.jpg" alt="a" loading="eager">\n\n'
        "::figure{file=boat.jpg alt=b}\n:::\n\n![c](bank.jpg)\n\n![d](boat.jpg)",
    )
    assert shown.problems() == []
    tags = re.findall(r"<img [^>]*>", shown.read("river/index.html"))
    waits = {re.findall(r'alt="(\w)"', tag)[0]: re.findall(r'loading="(\w+)"', tag) for tag in tags}
    assert waits == {"a": ["lazy"], "b": ["lazy"], "c": [], "d": ["lazy"]}


def test_raw_html_that_would_be_loaded_before_a_note_is_opened_is_told() -> None:
    assert said(':::note\n<video src="/a.mp4"></video>\n\n:::\n\n<video src="/b.mp4"></video>\n') == [
        "1:1 CL634 <video> inside “note” is loaded before a reader opens it"
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_passage_behind_a_note_is_in_no_lead_no_summary_and_no_plain_text(engine: str) -> None:
    text = ":::note[The *ward*]\nBurns.\n\n![a](a.jpg)\n\n<!--more-->\n:::\n\nThe river.\n\nMore.\n"
    result = folded(converted(text, engine))
    assert (result.summary, result.plain) == ("The river.", "The river.\nMore.")
    assert [type(part) for part in result.lead.parts] == [type(part) for part in converted("The river.\n").lead.parts]
    assert result.closed_pictures == ("a.jpg",)


def test_a_passage_behind_a_note_is_on_its_page_and_nowhere_else(shown: TinySite) -> None:
    shown.post("river", ":::content-note{topics=hospital}\nBurnt words.\n\n![Flagged](bank.jpg)\n:::\n\nThe river.")
    shown.post("water", "Clear.", tags="[a]")
    assert shown.problems() == []
    holding = {path for path, content in shown.outputs().items() if b"Burnt words" in content or b"Flagged" in content}
    assert holding == {"river/index.html"}
    assert 'content="The river."' in shown.read("river/index.html")
    feed = shown.read("feed.xml")
    assert ("bank-8" in feed, "hospital" in feed) == (False, True)


@pytest.mark.parametrize("name", ["bank.jpg", "./bank.jpg", "../posts/bank.jpg", "b%61nk.jpg"])
@pytest.mark.parametrize(
    "inside", ["![a](bank.jpg)", "::figure{file=./bank.jpg alt=a}", '<img src="bank.jpg" alt="a">']
)
def test_a_picture_behind_a_note_cannot_stand_for_the_article(shown: TinySite, name: str, inside: str) -> None:
    note = f":::content-note{{topics=injuries}}\n{inside}\n:::"
    shown.post("river", f"Words.\n\n{note}", image=f"{{ file: {name}, alt: a }}")
    found = [(problem.code, problem.line, problem.column) for problem in shown.build().problems]
    assert found[0] == ("CL630", 4, 16)
    shown.post("river", f"![a](bank.jpg)\n\n{note.replace('bank', 'boat')}", image=f"{{ file: {name}, alt: a }}")
    assert [problem.code for problem in shown.build().problems if problem.severity == "error"] == []


# -- however the pages are drawn


def test_templates_for_many_pages_draw_these_directives_the_same(
    shown: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = (path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.txt")))
    texts = (case.partition("=== input\n")[2].partition("=== page\n")[0] for case in cases)
    shown.post("river", "\n\n".join(texts))
    assert shown.build().ok
    plain = shown.outputs()
    shown.remove("output/river/index.html")
    monkeypatch.setattr("generator.pipeline.making._ENOUGH_FOR_SWIFT", 0)
    assert shown.build().written == ("river/index.html",)
    assert shown.outputs() == plain
