"""Share images: six scripts set by measure, nothing cut, nothing drawn twice, nothing shown that should not be."""

import io
import shutil
import struct
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from generator.media.metadata import find_metadata
from generator.share.coverage import NoFontError, letters
from generator.share.images import (
    MOST,
    SHAPES,
    Bar,
    Placed,
    ShareImage,
    compose,
    draw,
    face_of,
    image_key,
    image_path,
    own_faces,
    pieces,
    words_for,
)
from generator.share.typesetting import Face, Setting, drawable, fit, font, missing, runs
from tests.conftest import TinySite

TITLES = {
    "en": "The river is dry, and those who counted its days have been told to stop counting",
    "de": "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle geschlossen",
    "ru": "Реки больше нет: достопримечательности, превысокомногорассмотрительствующие и люди",
    "el": "Ο ποταμός στέρεψε και όσοι μετρούσαν τις μέρες του δεν μετρούν πια",
    "ar": "جفّ النهر، ومن كانوا يَعُدّون أيّامه قيل لهم أن يكفّوا عن العدّ منذ 22 نوفمبر 2026",
    "he": "הנהר יבש, ומי שספרו את ימיו התבקשו להפסיק לספור (Clarion)",
    "hi": "नदी सूख गई है, और जो लोग उसके दिन गिन रहे थे, उन्हें गिनना बंद करने को कहा गया",
}
LONG_WORDS = {
    "de": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2,
    "ru": "метилпропенилендигидроксициннаменилакрилическийтетрагидропиранилциклопентил" * 2,
    "el": "λοπαδοτεμαχοσελαχογαλεοκρανιολειψανοδριμυποτριμματοσιλφιοκαραβομελιτοκατα",
    "ar": "أفاستسقيناكموها" * 8,
    "he": "ולכשתיכבשנה" * 9,
    "hi": "अन्तर्राष्ट्रीयस्वतन्त्रतासंग्रामसेनानी" * 3,
    "en": "https://example.org/a/very/long/address/without/any/blank/in/it/that/somebody/put/into/a/title",
}
FACES = tuple(own_faces().values())


def image(words: str, language: str = "en", shape: str = "wide", **more: object) -> ShareImage:
    given = {
        "site": "Clarion",
        "kicker": "Appeal",
        "ask": "Petition: open until 30 November 2026",
        "byline": "By The author · 22 November 2026",
        "address": "" if shape == "wide" else "clarion.example/river",
    }
    return ShareImage(**{**given, "shape": shape, "words": words, "language": language, "page": language, **more})


def inked(placed: Placed, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The box of all ink of a block, as the fonts give it, however far beyond the image it would be."""
    pen = ImageDraw.Draw(Image.new("L", size))
    boxes = [
        pen.textbbox(
            (start, base),
            run,
            font=font(face, placed.block.size),
            anchor="ls",
            direction=placed.block.setting.direction,
            language=placed.block.setting.language,
        )
        for start, base, face, run in pieces(placed)
    ]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def assert_well_set(made: ShareImage) -> None:
    """No ink beyond the frame, no line beyond its measure, no block on another, every letter there."""
    shape = SHAPES[made.shape]
    marks = compose(made)
    placed = [mark for mark in marks if isinstance(mark, Placed)]
    boxes = []
    for mark in placed:
        left, top, right, bottom = inked(mark, (shape.width, shape.height))
        assert left >= shape.side * 0.8
        assert right <= shape.width - shape.side * 0.8
        assert top >= 0
        assert bottom <= shape.height
        assert mark.block.width <= shape.width - 2 * shape.side
        boxes.append((left, top, right, bottom))
    assert [pair for pair in combinations(boxes, 2) if overlap(*pair)] == []
    (words,) = [mark for mark in placed if "titles" in faces_named(mark)]
    said = "".join(words.block.lines).replace(" ", "").replace("\u2010", "-")
    assert said == made.words.replace(" ", "")


def overlap(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def faces_named(mark: Placed) -> set[str]:
    return {name for name, face in own_faces().items() if face in mark.block.setting.faces}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", TITLES)
def test_a_title_is_set_within_the_frame(language: str, shape: str) -> None:
    assert_well_set(image(TITLES[language], language, shape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", LONG_WORDS)
def test_a_word_longer_than_a_line_is_broken_and_not_cut(language: str, shape: str) -> None:
    assert_well_set(image(LONG_WORDS[language], language, shape))


@pytest.mark.parametrize("language", TITLES)
def test_three_hundred_characters_have_room(language: str) -> None:
    words = (TITLES[language] + " ") * 6
    assert_well_set(image(words[:300].strip(), language, note="Content note: detention, torture"))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_longest_title_has_room_beside_the_longest_labels(shape: str) -> None:
    label = "Wörter " * 28
    made = image("W" * MOST, "en", shape, site=label, kicker=label, ask=label, byline=label, note=label, address="")
    assert_well_set(made)


@given(st.text(max_size=MOST), st.sampled_from([*TITLES]), st.sampled_from([*SHAPES]))
@settings(max_examples=40, deadline=None)
def test_any_text_is_drawn_or_its_letters_are_named(text: str, language: str, shape: str) -> None:
    words, lacking = words_for(text, FACES)
    if words and not lacking:
        assert Image.open(io.BytesIO(draw(image(words, language, shape)))).size == (
            SHAPES[shape].width,
            SHAPES[shape].height,
        )


@pytest.mark.parametrize("language", TITLES)
def test_every_letter_of_six_scripts_has_a_glyph(language: str) -> None:
    assert words_for(TITLES[language], FACES) == (TITLES[language], ())
    assert missing(TITLES[language], FACES[1:]) == ()


def test_emoji_without_a_glyph_are_left_out_and_never_drawn_as_boxes() -> None:
    said = (
        "Fire \U0001f525 at 1\ufe0f\u20e3 \U0001f468\u200d\U0001f469\u200d\U0001f467 of "
        "\U0001f3f3\ufe0f\u200d\U0001f308 \u2764\ufe0f now \U0001f1fa\U0001f1e6"
    )
    assert words_for(said, FACES) == ("Fire at 1 of now", ())
    assert drawable("\U0001f525", FACES) == ""


def test_letters_without_a_glyph_are_named() -> None:
    assert words_for("நதி வறண்டது", FACES)[1][:2] == ("ந", "த")


def test_lines_are_even() -> None:
    setting = Setting((FACES[0],), "en", "ltr")
    block = fit("one two three four five six seven eight nine ten", setting, 900, 900, largest=66)
    assert block is not None
    assert len(block.lines) == 2
    assert max(map(len, block.lines)) - min(map(len, block.lines)) <= 6


def test_a_soft_hyphen_is_seen_only_where_a_line_ends() -> None:
    setting = Setting((FACES[0],), "en", "ltr")
    block = fit("un\u00adbreak\u00adable un\u00adbreak\u00adable", setting, 200, 900, largest=44, smallest=44)
    assert block is not None
    assert "".join(block.lines).replace("\u2010", "").replace(" ", "") == "unbreakableunbreakable"
    assert "\u00ad" not in "".join(block.lines)
    assert any(line.endswith("\u2010") for line in block.lines)


def test_an_arabic_line_begins_at_the_right() -> None:
    words = next(mark for mark in compose(image(TITLES["ar"], "ar")) if isinstance(mark, Placed))
    assert words.start == SHAPES["wide"].width - SHAPES["wide"].side


def test_the_same_words_give_the_same_bytes_and_nothing_but_pixels() -> None:
    made = image(TITLES["ar"], "ar", "square")
    content = draw(made)
    assert content == draw(made)
    assert find_metadata(content) == ()
    assert Image.open(io.BytesIO(content)).size == (1080, 1080)
    assert len(content) < 60_000


def test_whatever_is_on_an_image_is_in_its_name() -> None:
    made = image("The river")
    assert image_path("/river/", "share-wide", made) == f"river/share-wide-1200.{image_key(made)[:10]}.png"
    others = [image("The rivers"), image("The river", accent="#123456"), image("The river", "de")]
    assert len({image_key(each) for each in (made, *others)}) == 4


def only(first: int, last: int) -> Face:
    """A font that says it has some letters, and has nothing else."""
    groups = struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, first, last, 1)
    table = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + groups
    return face_of(b"\0\1\0\0" + struct.pack(">HHHH4sIII", 1, 0, 0, 0, b"cmap", 0, 28, len(table)) + table)


def test_letters_that_our_fonts_lack_are_taken_from_that_of_the_site() -> None:
    tamil = only(0x0B80, 0x0BFF)
    assert letters(tamil.content) == frozenset(range(0x0B80, 0x0C00))
    words = "River நதி 7 and நீர்"
    assert missing(words, (FACES[0], tamil)) == ()
    assert list(runs(words, (FACES[0], tamil))) == [
        (FACES[0], "River "),
        (tamil, "நதி"),
        (FACES[0], " 7 and "),
        (tamil, "நீர்"),
    ]


def damaged_fonts() -> Iterator[bytes]:
    whole = FACES[0].content
    yield b""
    yield b"wOF2" + whole[4:]
    yield b"ttcf" + whole[4:]
    yield whole[:100]
    yield whole[:12]
    place = whole.index(b"cmap")
    (offset,) = struct.unpack_from(">I", whole, place + 8)
    yield whole[: offset + 2] + b"\xff\xff" + whole[offset + 4 :]
    yield (
        whole[:offset]
        + b"\0\0\0\1\0\3\0\12\0\0\0\x0c"
        + b"\0\x0c\0\0"
        + struct.pack(">IIIIIIIIII", 100, 0, 9, 0, 0x10FFFF, 1, 0, 0x10FFFF, 1, 0)
    )


def test_a_damaged_font_is_told_and_costs_nothing() -> None:
    for content in damaged_fonts():
        with pytest.raises(NoFontError):
            letters(content)


def drawing(site: TinySite) -> TinySite:
    site.edit("site.toml", 'images = "none"', 'images = "all"')
    return site


def images_of(site: TinySite) -> list[str]:
    return sorted(path for path in site.outputs() if path.endswith(".png"))


def test_an_article_without_a_picture_has_a_share_image_and_the_site_another(site: TinySite) -> None:
    drawing(site).post("river")
    assert site.build().problems == ()
    own, of_site = images_of(site)
    assert own.startswith("river/share-wide-1200.")
    assert of_site.startswith("share-wide-1200.")
    page = site.read("river/index.html")
    assert f'<meta property="og:image" content="https://tiny.example/{own}">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:alt" content="River">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert f'content="https://tiny.example/{of_site}"' in site.read("index.html")


def words_on(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> ShareImage:
    """What stands on the one share image of the article that is drawn."""
    drawn: list[ShareImage] = []

    def kept(image: ShareImage, fonts: Sequence[Face]) -> bytes:
        drawn.append(image)
        return draw(image, fonts)

    monkeypatch.setattr("generator.kinds.share_images.draw", kept)
    assert drawing(site).build(now="2026-11-22T12:00:00Z").ok
    (found,) = [image for image in drawn if image.site]
    return found


def test_a_name_in_other_letters_leaves_the_day_behind_it_whole(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.edit("site.toml", "timezone", 'language = "ar"\nauthors = ["mara"]\ntimezone')
    site.edit("site.toml", "[share]", '[authors.mara]\nname = "Mara Quill"\n\n[share]')
    site.post("river", title="النهر", date="2026-11-18")
    assert words_on(site, monkeypatch).byline == "\u2068بقلم Mara Quill\u2069 · 18 نوفمبر 2026"


def test_who_is_asked_to_come_is_told_when(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    site.post("river", actions="[{kind: event, title: Come, starts: 2027-01-14, organiser: {name: R}, location: Hall}]")
    assert words_on(site, monkeypatch).ask == "Event · 14 January 2027"


def test_a_second_build_and_an_edit_of_the_text_draw_nothing(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing(site).post("river", "One.\n\nTwo.")
    site.build()
    monkeypatch.setattr("generator.kinds.share_images.draw", lambda *_: pytest.fail("an image was drawn"))
    assert site.build().written == ()
    site.edit("content/posts/river.md", "Two.", "Three.")
    assert "river/index.html" in site.build().written


def test_an_image_that_was_drawn_once_is_kept(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing(site).post("river")
    site.build()
    for path in images_of(site):
        site.remove(f"output/{path}")
    monkeypatch.setattr("generator.kinds.share_images.draw", lambda *_: pytest.fail("an image was drawn"))
    assert len(site.build().written) == 2


def test_an_edit_of_the_title_takes_the_old_image_away(site: TinySite) -> None:
    drawing(site).post("river")
    site.build()
    before = images_of(site)
    site.edit("content/posts/river.md", "River", "Rivers")
    site.build()
    after = images_of(site)
    assert len(after) == 2
    assert before[0] not in after
    assert len(list((site.root / ".clarion" / "artifacts").iterdir())) == 2


def test_what_a_content_note_warns_of_is_not_on_the_image(site: TinySite) -> None:
    site.write("content/posts/river/wound.jpg", jpeg())
    site.write(
        "content/posts/river/index.md",
        "---\ntitle: River\ndate: 2026-11-01\nimage: {file: wound.jpg, alt: A wound}\n"
        "content_note: {topics: [violence], level: images}\n---\nWords.\n",
    )
    drawing(site).build()
    assert "river/share-wide-1200." in site.read("river/index.html")
    assert 'property="og:image" content="https://tiny.example/river/wound' not in site.read("river/index.html")


def test_an_article_with_a_picture_of_its_own_keeps_it(site: TinySite) -> None:
    site.write("content/posts/river/dry.jpg", jpeg())
    site.write(
        "content/posts/river/index.md",
        "---\ntitle: River\ndate: 2026-11-01\nimage: {file: dry.jpg, alt: A dry river}\n---\nWords.\n",
    )
    drawing(site).build()
    assert [path for path in images_of(site) if "share" in path and "river/" in path] == []


def jpeg() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "JPEG")
    return stream.getvalue()


def test_a_title_in_a_script_without_a_font_is_told_and_the_site_stands_for_it(site: TinySite) -> None:
    drawing(site).post("river", title="நதி வறண்டது")
    assert site.problems() == [
        "content/posts/river.md:1:1: warning CL650 no font here has “ந” (Tamil): no share image is drawn with it"
    ]
    (of_site,) = images_of(site)
    assert f'content="https://tiny.example/{of_site}"' in site.read("river/index.html")


def test_fonts_of_the_site_are_drawn_with_and_not_published(site: TinySite) -> None:
    site.write("static/Own.ttf", FACES[0].content)
    site.write("static/note.txt", "hello")
    drawing(site).edit("site.toml", "[theme]", 'fonts = ["Own.ttf"]\n[theme]')
    site.post("river")
    assert site.problems() == []
    assert "Own.ttf" not in site.outputs()
    assert "note.txt" in site.outputs()


def test_fonts_that_are_none_are_told(site: TinySite) -> None:
    site.write("static/own.ttf", b"no font")
    drawing(site).edit("site.toml", "[theme]", 'fonts = ["own.ttf", "../site.toml"]\n[theme]')
    assert [line.partition(" error ")[2].partition("\n")[0] for line in site.problems()] == [
        "CL652 static/own.ttf is no font that can be drawn with",
        "CL651 there is no font static/../site.toml",
    ]


def test_without_raqm_it_is_said_what_to_do(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.kinds.share_images._shapes", lambda: False)
    drawing(site).post("river")
    (problem,) = site.build(jobs=1).problems
    assert problem.code == "CL653"


def test_of_a_large_site_only_kits_have_images(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.kinds.share_images.ENOUGH", 1)
    monkeypatch.setattr("generator.checks.share_images.ENOUGH", 1)
    site.edit("site.toml", 'kit = "none"\nimages = "none"\n', "")
    site.post("river")
    site.post("lake", kind="appeal")
    assert [problem.code for problem in site.build().problems] == ["CL654"]
    assert [path for path in images_of(site) if path.startswith("river/")] == []
    site.edit("site.toml", "[share]\n", '[share]\nimages = "kit"\n')
    assert site.problems() == []


def test_a_change_of_settings_leaves_what_a_clean_build_makes(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    site = drawing(TinySite(tmp_path / "site"))
    site.post("river", ":::pull-quote\nNobody says why.\n:::\n\nNobody says why.", kind="appeal")
    site.post("lake")
    site.build()
    before = '"all"'
    for number, now in enumerate(('"kit"', '"none"', '"all" # again')):
        site.edit("site.toml", f"images = {before}", f"images = {now}")
        before = now
        assert site.build().ok
        fresh = tmp_path / str(number)
        shutil.copytree(site.root, fresh, ignore=shutil.ignore_patterns("output", ".clarion"))
        clean = TinySite(fresh, (site.root / "site.toml").read_text(encoding="utf-8"))
        clean.build()
        assert site.outputs() == clean.outputs()


def test_the_same_images_here_and_there(tmp_path: Path) -> None:
    made = []
    for name in ("here", "there"):
        root = tmp_path / name
        root.mkdir()
        site = drawing(TinySite(root))
        site.post("river", title=TITLES["hi"])
        site.build(jobs=1 if name == "here" else 2)
        made.append({path: site.outputs()[path] for path in images_of(site)})
    assert made[0] == made[1]


def test_a_bar_is_never_over_the_words() -> None:
    marks = compose(image(TITLES["en"], shape="square"))
    assert [type(mark) for mark in marks].count(Bar) == 4
