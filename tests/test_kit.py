"""The share kit: which articles have one, what stands in it, the QR code, the flyer."""

import re
from xml.etree import ElementTree

import pytest

from generator.config import ShareSettings
from generator.model.document import Action, Card, Share
from generator.share.counts import graphemes, weighted_length
from generator.share.flyer import SUMMARIES, TITLES, flyer_words
from generator.share.kit import has_kit, kit_of, short_address
from generator.share.qr import qr_svg
from generator.share.targets import own_targets
from tests.conftest import TinySite

ADDRESS = "https://tiny.example/river/"
CARD = Card("content/posts/river.md", "/river/", "id", "The river is dry", "en")
PETITION = (
    "[{kind: petition, title: Keep it free, url: 'https://rivers.example/petition', closes: 2026-12-01, "
    "organiser: {name: Rivers First}, recipients: [{name: A. Minister, organisation: Ministry}]}]"
)


@pytest.fixture
def kits(site: TinySite) -> TinySite:
    """A tiny site with kits, whose pictures are not drawn."""
    site.edit("site.toml", 'kit = "none"\n', "")
    return site


def pages_of(site: TinySite) -> list[str]:
    return [path for path in site.outputs() if path.startswith("river/share")]


@pytest.mark.parametrize(
    ("setting", "own", "card", "has"),
    [
        ("actions", None, {"kind": "appeal"}, True),
        ("actions", None, {"actions": (Action("petition", "petition"),)}, True),
        ("actions", None, {"actions": (Action("petition", "petition", state="closed"),)}, True),
        ("actions", None, {"actions": (Action("petition", "petition", status="closed", state="closed"),)}, False),
        ("actions", None, {}, False),
        ("actions", True, {}, True),
        ("actions", False, {"kind": "appeal"}, False),
        ("all", None, {}, True),
        ("all", False, {}, False),
        ("none", None, {"kind": "appeal"}, False),
        ("none", True, {}, True),
        ("all", True, {"status": "retracted"}, False),
    ],
)
def test_who_has_a_kit(setting: str, own: bool | None, card: dict[str, object], has: bool) -> None:
    given = Card("content/posts/river.md", "/river/", "id", "River", "en", **card)
    assert has_kit(given, Share(kit=own), ShareSettings(kit=setting)) is has


def test_an_appeal_has_a_kit_a_flyer_and_a_code(kits: TinySite) -> None:
    kits.post("river", kind="appeal")
    kits.post("lake")
    assert kits.build().problems == ()
    code, kit, flyer = sorted(pages_of(kits))
    assert re.fullmatch(r"river/share-qr\.[0-9a-f]{10}\.svg", code)
    assert (kit, flyer) == ("river/share/flyer/index.html", "river/share/index.html")
    assert '<li><a href="../river/share/">' in kits.read("river/index.html")
    assert "lake/share/" not in kits.read("lake/index.html")


def test_search_engines_leave_kits_alone(kits: TinySite) -> None:
    kits.post("river", actions=PETITION)
    kits.build()
    for path in ("river/share/index.html", "river/share/flyer/index.html"):
        assert '<meta name="robots" content="noindex">' in kits.read(path)
        assert 'rel="canonical"' not in kits.read(path)
    assert "/share" not in kits.read("sitemap.xml")


def test_a_deadline_takes_no_kit_away(kits: TinySite) -> None:
    kits.post("river", "See [the kit](/river/share/).", actions=PETITION)
    assert kits.build().problems == ()
    assert "open until" in kits.read("river/share/flyer/index.html").lower()
    assert kits.build(now="2027-01-01T12:00:00Z").ok
    assert "poster-ask" not in kits.read("river/share/flyer/index.html")


def test_who_is_asked_to_come_reads_on_the_flyer_when_and_where(kits: TinySite) -> None:
    event = "[{kind: event, title: Come, starts: 2027-01-14T18:30, location: 'Old boathouse', organiser: {name: R}}]"
    kits.post("river", kind="appeal", actions=event)
    kits.build(now="2026-11-22T12:00:00Z")
    ask = kits.read("river/share/flyer/index.html").partition('class="poster-ask"')[2].partition("</div>")[0]
    assert "14 January 2027" in ask
    assert "<bdi>Old boathouse</bdi>" in ask


def test_the_places_of_a_text_are_named_in_the_language_of_the_page_and_none_turns_the_next(kits: TinySite) -> None:
    kits.edit("site.toml", "timezone", 'language = "ar"\ntimezone')
    kits.post("river", title="النهر", kind="appeal")
    kits.build()
    kit = kits.read("river/share/index.html")
    assert '<h3 id="kit_text_1"><bdi>واتساب</bdi>، <bdi>تيليغرام</bdi>، ' in kit
    assert "WhatsApp" not in kit


def test_an_edit_of_a_paragraph_draws_no_kit(kits: TinySite) -> None:
    kits.post("river", "One.\n\nTwo.", kind="appeal")
    kits.build()
    kits.edit("content/posts/river.md", "Two.", "Three.")
    assert [path for path in kits.build().written if "/share" in path] == []


def test_ready_texts_have_the_counts_of_their_networks() -> None:
    share = Share(text="The river is dry 🔥 and nobody says why.", hashtags=("Water", "Lower bank"))
    kit = kit_of(CARD, share, ADDRESS, ShareSettings(via={"x": "@rivers"}), own_targets(), image="https://i.example/")
    ready = {post.name: each for each in kit.texts for post in each.posts}
    posts = {post.name: post for each in kit.texts for post in each.posts}
    said = "The river is dry 🔥 and nobody says why. #Water #LowerBank https://tiny.example/river/"
    assert ready["Bluesky"].text == ready["X"].text == said
    assert (posts["Bluesky"].count, posts["Bluesky"].limit) == (graphemes(said), 300)
    # X adds who is named by its own parameter.
    words = said.removesuffix(f" {ADDRESS}")
    assert posts["X"].count == weighted_length(f"{words} via @rivers") + 1 + 23
    assert ready["WhatsApp"] is ready["SMS"]
    assert posts["WhatsApp"].limit == 0
    assert "Facebook" not in ready
    assert ready["E-mail"].subject == "The river is dry"
    assert ready["E-mail"].text.endswith("\n\nhttps://tiny.example/river/")
    assert kit.hashtags == ("#Water", "#LowerBank")


def test_every_text_is_within_its_limit() -> None:
    card = Card("content/posts/river.md", "/river/", "id", "Wörter und 字 " * 200, "de")
    kit = kit_of(card, Share(), ADDRESS, ShareSettings(), own_targets(), image="https://i.example/")
    assert [post.name for ready in kit.texts for post in ready.posts if 0 < post.limit < post.count] == []


def test_words_of_an_author_are_text_and_nothing_else(kits: TinySite) -> None:
    kits.write(
        "content/posts/river.md",
        '---\ntitle: "</title></textarea></desc><script>alert(1)</script>"\ndate: 2026-11-01\nkind: appeal\n'
        'summary: "</p><script>alert(2)</script>"\n'
        'share: {text: "</textarea><script>alert(3)</script>"}\n---\nWords.\n',
    )
    kits.build()
    kit = next(path for path in pages_of(kits) if path.endswith("share/index.html"))
    for path in (kit, kit.replace("index.html", "flyer/index.html")):
        assert "<script>alert" not in kits.read(path)
    code = next(path for path in pages_of(kits) if path.endswith(".svg"))
    assert "<script>alert" not in kits.read(code)
    assert ElementTree.fromstring(kits.read(code)).tag.endswith("svg")  # noqa: S314 (what we made ourselves)


def test_a_code_is_read_as_the_address_and_says_so() -> None:
    svg = qr_svg(ADDRESS, "QR code with the address of “River & bank”", "code")
    root = ElementTree.fromstring(svg)  # noqa: S314
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "code")
    title, description, ground, dark = list(root)
    assert title.text == "QR code with the address of “River & bank”"
    assert description.text == ADDRESS
    size = int(root.get("viewBox", "").split()[2])
    assert ground.get("d") == f"M0 0h{size}v{size}H0z"
    modules = [[0] * size for _ in range(size)]
    for left, top, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", dark.get("d", "")):
        for column in range(int(left), int(left) + int(wide)):
            modules[int(top)][column] = 1
    import segno

    expected = [list(row) for row in segno.make(ADDRESS, error="m", boost_error=False).matrix_iter(border=4)]
    assert modules == expected


def test_a_short_address_is_what_people_type() -> None:
    assert short_address("https://tiny.example/river/") == "tiny.example/river"
    assert short_address("https://tiny.example/%D1%80%D0%B5%D0%BA%D0%B0/") == "tiny.example/река"
    assert short_address("https://tiny.example/?a=1") == "tiny.example/?a=1"


def test_the_longer_the_words_of_a_flyer_the_smaller() -> None:
    assert flyer_words("The river is dry", "A summary.") == (0, 0, "A summary.")
    large, _, _ = flyer_words("The river is dry, " * 8, "A summary. " * 20)
    assert 4 <= large <= 7
    large, small, said = flyer_words("The river is dry, " * 150, "A summary. " * 200)
    assert (large, small) == (len(TITLES) - 1, len(SUMMARIES) - 1)
    assert said == ""


def test_passages_of_the_text_become_pictures(kits: TinySite) -> None:
    kits.edit("site.toml", 'images = "none"', 'images = "kit"')
    kits.post(
        "river",
        "A. Nobody says why.[^1]\n\n:::pull-quote\nNobody *says*[^1] why.\n:::\n\n"
        ":::excerpt{source=paper}\nThe pump ran.\n:::\n\n"
        ":::excerpt{source=paper words=ours}\nA retelling.\n:::\n\n[^1]: A note.\n",
        kind="appeal",
        sources="[{id: paper, title: A paper, publisher: The Paper, url: 'https://paper.example/'}]",
    )
    assert kits.build().problems == ()
    page = kits.read("river/share/index.html")
    assert re.findall(r"/(quote-\d)-1080\.\w+\.png\" width=\"1080\" height=\"1080\" alt=\"(.*?)\"", page) == []
    assert re.findall(r"quote-(\d)-1080\.\w+\.png\" download", page) == ["1", "2"]
    assert "Nobody says why." in page
    assert "A retelling." not in page
    shapes = sorted(path.partition(".")[0] for path in kits.outputs() if path.endswith(".png"))
    assert shapes == [
        "river/quote-1-1080",
        "river/quote-2-1080",
        "river/share-portrait-1080",
        "river/share-square-1080",
        "river/share-story-1080",
        "river/share-wide-1200",
        "share-wide-1200",
    ]


def test_an_edit_of_a_passage_draws_its_picture_anew(kits: TinySite) -> None:
    kits.edit("site.toml", 'images = "none"', 'images = "kit"')
    kits.post("river", "Water.\n\n:::pull-quote\nNobody says why.\n:::\n\nNobody says why.", kind="appeal")
    kits.build()
    before = {path for path in kits.outputs() if "quote-1" in path}
    kits.edit("content/posts/river.md", "quote\nNobody says why.", "quote\nNobody tells why.")
    kits.build()
    after = {path for path in kits.outputs() if "quote-1" in path}
    assert (len(before), len(after), before & after) == (1, 1, set())


def test_where_there_is_a_content_note_no_passage_is_a_picture(kits: TinySite) -> None:
    kits.edit("site.toml", 'images = "none"', 'images = "kit"')
    kits.post(
        "river",
        ":::pull-quote\nBlood.\n:::\n\nBlood.",
        kind="appeal",
        content_note="{topics: [violence], level: described}",
    )
    kits.build()
    assert [path for path in kits.outputs() if "quote" in path] == []


def test_what_is_redacted_is_on_no_picture(kits: TinySite) -> None:
    kits.edit("site.toml", 'images = "none"', 'images = "kit"')
    kits.post("river", ":::pull-quote\nSigned by :redact[Anna K.] here.\n:::\n\nSigned by us here.", kind="appeal")
    kits.build()
    assert b"Anna" not in kits.everything_written()
    assert "Signed by [redacted] here." in kits.read("river/share/index.html")
