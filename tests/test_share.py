"""Share links, their texts and limits, the reply link, structured data."""

import json
from datetime import date
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from generator.config import Config, ShareSettings, SiteSettings, load_text
from generator.model.body import Body, Call, Html
from generator.model.document import (
    Action,
    ArchivedCopy,
    Card,
    Change,
    Matter,
    Moment,
    Named,
    Recipient,
    Share,
    Source,
    Text,
)
from generator.model.page import AuthorView, Link, ShareRow, SocialImage
from generator.model.problem import Problem
from generator.share import texts
from generator.share.counts import graphemes, url_spans, weighted_length
from generator.share.encode import encode, encode_mail
from generator.share.links import clean_address, share_row
from generator.share.reply import reply_link
from generator.share.structured import (
    licence_address,
    structured,
    structured_article,
    structured_list,
    structured_page,
    structured_site,
)
from generator.share.targets import ShareTarget, check_settings, load_targets, own_targets
from generator.share.texts import hashtag

ADDRESS = "https://example.org/water/"
NASTY = "Bread & roses: 50% + \"more\"? #1 'é' <b> 水 🔥"
CARD = Card("posts/water.md", "/water/", "id", NASTY, "en", date=Moment(date(2026, 5, 3)))
EVERYTHING = ShareSettings(targets=tuple(own_targets()))


def row_of(
    share: Share | None = None,
    card: Card = CARD,
    image: str = "",
    address: str = ADDRESS,
    settings: ShareSettings | None = None,
) -> tuple[ShareRow, tuple[Problem, ...]]:
    return share_row(
        card,
        share or Share(),
        address=address,
        settings=settings or ShareSettings(),
        targets=own_targets(),
        image=image,
    )


def hrefs(row: ShareRow) -> dict[str, str]:
    return {link.id: link.href for link in (*row.row, *row.more)}


def values(href: str) -> dict[str, str]:
    parts = urlsplit(href)
    return {name: texts[0] for name, texts in parse_qs(parts.query or parts.fragment, keep_blank_values=True).items()}


# Encoding


def test_one_function_encodes_every_value() -> None:
    assert (
        encode("a b+c & é ? # ' ( ) ! * ~") == "a%20b%2Bc%20%26%20%C3%A9%20%3F%20%23%20%27%20%28%20%29%20%21%20%2A%20~"
    )
    assert encode("https://a.b/c") == "https%3A%2F%2Fa.b%2Fc"
    assert encode("e\u0301\r\nx\ty\x00\ud800") == "%C3%A9%0Ax%20y"
    assert encode_mail("a\nb\r\nc") == "a%0D%0Ab%0D%0Ac"


@given(st.text(max_size=80))
def test_an_encoded_value_has_no_plus_and_no_blank(text: str) -> None:
    for made in (encode(text), encode_mail(text)):
        assert made.isascii()
        assert not set(made) & set(" +&?#/=<>\"'\r\n\t")


# Counts


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Read", 4),
        ("你好世界", 8),
        ("👨‍👩‍👧‍👦 family", 9),
        ("سلام دنیا", 9),
        ("Read https://example.org/a/very/long/path?with=query", 28),
        ("see example.org now", 31),
        ("see example.notadomain now", 26),
        ("e\u0301", 1),
        ("“quoted” … — x", 15),
        ("1️⃣ 🇩🇪 👍🏽 ©️ ©", 13),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("Привет", 6),
        ("user@example.org", 16),
        ("https://münchen.example.org/ä", 23),
        ("пример.рф", 9),
        ("https://пример.рф", 23),
        ("(https://example.org/a_(b))", 25),
        ("https://t.co/abc123/more", 28),
        ("한국어", 6),
        ("HTTPS://EXAMPLE.ORG/PATH", 23),
    ],
)
def test_x_weighs_texts_as_twitter_text_does(text: str, weight: int) -> None:
    assert weighted_length(text) == weight


def test_urls_are_found_where_they_stand() -> None:
    text = "Go to https://example.org/a, or example.com."
    assert [text[start:end] for start, end in url_spans(text)] == ["https://example.org/a", "example.com"]


def test_graphemes_are_what_readers_count() -> None:
    assert [graphemes(text) for text in ("abc", "👨‍👩‍👧‍👦", "e\u0301", "हिन्दी", "a\r\nb")] == [3, 1, 1, 2, 3]


# Targets


def test_the_row_has_the_least_revealing_first() -> None:
    row, problems = row_of()
    assert problems == ()
    assert row.address == ADDRESS
    assert [link.id for link in row.row] == ["whatsapp", "telegram", "email", "mastodon", "bluesky"]
    assert [link.id for link in row.more] == [
        "x", "facebook", "linkedin", "reddit", "threads", "sms", "hackernews", "tumblr", "line"
    ]  # fmt: skip


def test_pinterest_comes_only_with_a_picture() -> None:
    row, _ = row_of(image="https://example.org/water/a.jpg")
    assert row.more[-1].id == "pinterest"
    assert values(row.more[-1].href)["media"] == "https://example.org/water/a.jpg"


def test_risky_targets_are_off_with_a_reason() -> None:
    off = {name for name, target in own_targets().items() if target.off}
    assert off == {"diaspora", "vk", "ok", "viber", "threema", "signal", "wechat", "weibo"}
    assert all(target.risk or target.off for target in own_targets().values())
    assert not off & set(hrefs(row_of()[0]))


def test_every_address_read_back_gives_the_exact_text() -> None:
    row, _ = row_of(settings=EVERYTHING, image="https://example.org/a b.jpg")
    both = f"{NASTY} {ADDRESS}"
    expected = {
        "whatsapp": {"text": both},
        "telegram": {"url": ADDRESS, "text": NASTY},
        "email": {"subject": NASTY, "body": f"{NASTY}\r\n\r\n{ADDRESS}"},
        "mastodon": {"text": both},
        "bluesky": {"text": both},
        "x": {"text": NASTY, "url": ADDRESS},
        "facebook": {"u": ADDRESS},
        "linkedin": {"url": ADDRESS},
        "reddit": {"url": ADDRESS, "title": NASTY},
        "threads": {"text": NASTY, "url": ADDRESS},
        "sms": {"body": both},
        "hackernews": {"u": ADDRESS, "t": NASTY},
        "tumblr": {"posttype": "link", "canonicalUrl": ADDRESS, "title": NASTY, "caption": NASTY},
        "line": {"url": ADDRESS, "text": NASTY},
        "pinterest": {"url": ADDRESS, "media": "https://example.org/a b.jpg", "description": NASTY},
        "diaspora": {"url": ADDRESS, "title": NASTY},
        "vk": {"url": ADDRESS, "title": NASTY},
        "ok": {"url": ADDRESS, "title": NASTY},
        "viber": {"text": both},
        "threema": {"text": both},
    }
    found = hrefs(row)
    assert {name: values(href) for name, href in found.items()} == expected
    for href in found.values():
        assert not set(href) & set("+ <>\"'{}\n")
        assert unquote(href).isprintable() or "\r\n" in unquote(href)
    assert found["mastodon"].startswith("https://share.joinmastodon.org/#text=")
    assert found["sms"].startswith("sms:?&body=")


def test_the_shared_address_has_no_fragment_and_no_tracking() -> None:
    tracked = "https://example.org/water/?utm_source=x&lang=ru&fbclid=1&a=#act"
    assert clean_address(tracked) == "https://example.org/water/?lang=ru&a="
    row, _ = row_of(address=f"{ADDRESS}?utm_campaign=may#top")
    assert row.address == ADDRESS
    assert not any("utm" in href or "top" in href for href in hrefs(row).values())


def test_settings_choose_targets_and_their_order() -> None:
    row, _ = row_of(settings=ShareSettings(targets=("email", "x"), more=("vk", "email", "whatsapp")))
    assert [link.id for link in row.row] == ["email", "x"]
    assert [link.id for link in row.more] == ["vk", "whatsapp"]
    row, _ = row_of(settings=ShareSettings(targets=("email",)))
    assert [link.id for link in row.more][:5] == ["whatsapp", "telegram", "mastodon", "bluesky", "x"]
    row, _ = row_of(settings=ShareSettings(targets=(), more=()))
    assert (row.row, row.more) == ((), ())


def test_settings_that_name_no_target_are_told() -> None:
    site = '[site]\ntitle = "A"\nbase_url = "https://example.org/"\n'
    share = '[share]\ntargets = ["whatsap",\n  "signal"]\nmore = ["vk"]\nvia = { twitter = "me", x = "me" }\n'
    config, _ = load_text(site + share)
    assert config is not None
    found = check_settings(config, own_targets())
    assert [(each.severity, each.code, each.place) for each in found] == [
        ("error", "CL523", "site.toml:5:12"),
        ("error", "CL524", "site.toml:6:3"),
        ("warning", "CL524", "site.toml:7:9"),
        ("error", "CL523", "site.toml:8:19"),
    ]
    assert found[0].hint == "Did you mean “whatsapp”?"
    assert "police" in found[2].message
    assert [each.hint for each in found if not (each.hint[0].isupper() and each.hint[-1] in ".?")] == []
    assert check_settings(CONFIG, own_targets()) == ()


def test_a_site_adds_and_changes_targets() -> None:
    data: dict[str, Any] = {
        "friendica": {"name": "Friendica", "template": "https://example.net/compose?body={ut}", "more": 1},
        "threads": {"text_limit": 600},
        "x": {"off": "we left"},
    }
    targets, problems = load_targets(data)
    assert problems == ()
    assert targets["friendica"] == ShareTarget(
        "friendica", "Friendica", "https://example.net/compose?body={ut}", more=1
    )
    assert (targets["threads"].text_limit, targets["threads"].url_cost) == (600, -1)
    row, _ = share_row(CARD, Share(), address=ADDRESS, settings=ShareSettings(), targets=targets)
    assert "friendica" in hrefs(row)
    assert "x" not in hrefs(row)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ({"template": "javascript:alert({u})"}, "https://"),
        ({"template": "data:text/html,{u}"}, "https://"),
        ({"template": "http://example.net/{u}"}, "https://"),
        ({"template": "//example.net/{u}"}, "https://"),
        ({"template": 'https://example.net/?u={u}" onclick="x'}, "character"),
        ({"template": "https://example.net/?u={u} b"}, "character"),
        ({"template": "https://example.net/?t={t}"}, "missing"),
        ({"template": "https://example.net/?t={ut}&x={txt}"}, "{txt}"),
        ({"templat": "https://example.net/?u={u}"}, "Did you mean “template”"),
        ({"name": "A"}, "template"),
        ({"template": "https://example.net/?u={u}", "text_limit": "many"}, "int"),
        ({"template": "https://example.net/?u={u}", "text_limit": 5}, "limit_kind"),
        ({"template": "https://example.net/?u={u}", "url_cost": -1}, "full"),
        ({"template": "https://example.net/?u={u}", "url_cost": "all"}, "int"),
        (["https://example.net"], "table"),
    ],
)
def test_a_bad_target_is_a_problem_and_never_a_link(table: object, word: str) -> None:
    targets, problems = load_targets({"mine": table})
    assert "mine" not in targets
    assert [(each.code, each.path) for each in problems] == [("CL525", "content/data/share_targets.toml")]
    assert word in problems[0].message


def test_a_target_with_a_bad_id_is_a_problem() -> None:
    _, problems = load_targets({"My Site": {"template": "https://example.net/?u={u}"}})
    assert [each.code for each in problems] == ["CL525"]


# Texts


def test_the_authors_text_takes_the_place_of_the_title() -> None:
    share = Share(
        text="Look at this", hashtags=("human rights", "women's day"), texts={"x": "For X", "reddit": "Title?"}
    )
    found = {name: values(href) for name, href in hrefs(row_of(share)[0]).items()}
    assert found["whatsapp"] == {"text": f"Look at this {ADDRESS}"}
    assert found["mastodon"] == {"text": f"Look at this #HumanRights #WomensDay {ADDRESS}"}
    assert found["x"] == {"text": "For X", "url": ADDRESS, "hashtags": "HumanRights,WomensDay"}
    assert found["threads"] == {"text": "Look at this", "url": ADDRESS, "tag": "HumanRights"}
    assert found["reddit"]["title"] == "Title?"
    assert found["hackernews"]["t"] == NASTY
    assert found["email"] == {"subject": NASTY, "body": f"Look at this\r\n\r\n{ADDRESS}"}


def test_the_author_may_place_the_address() -> None:
    share = Share(text="Read {url} now", email_subject="To\r\nBcc: x@example.org", email_body="Dear,\n{url}\nbye")
    found = {name: values(href) for name, href in hrefs(row_of(share)[0]).items()}
    assert found["whatsapp"] == {"text": f"Read {ADDRESS} now"}
    assert found["x"] == {"text": "Read now", "url": ADDRESS}
    assert found["email"] == {"subject": "To Bcc: x@example.org", "body": f"Dear,\r\n{ADDRESS}\r\nbye"}


def test_text_from_right_to_left_has_the_address_on_its_own_line() -> None:
    card = Card("posts/a.ar.md", "/ar/a/", "id", "ماء", "ar")
    assert values(hrefs(row_of(card=card)[0])["whatsapp"]) == {"text": f"ماء\n{ADDRESS}"}


def test_a_blank_text_is_no_text() -> None:
    assert values(hrefs(row_of(Share(text=" \n", texts={"x": " "}))[0])["x"])["text"] == NASTY


def test_handles_go_where_settings_say() -> None:
    row, _ = row_of(settings=ShareSettings(via={"x": "@me & you"}))
    assert values(hrefs(row)["x"])["via"] == "me & you"


def test_a_text_over_a_limit_is_a_problem_naming_both_numbers() -> None:
    share = Share(text="a" * 290, places={"share.text": (7, 3)})
    _, problems = row_of(share)
    assert problems == (
        Problem(
            "error",
            "CL520",
            "the share text for Bluesky is 317/300 characters, the address included",
            "posts/water.md",
            7,
            3,
            "Shorten it by 17, or write `share.bluesky` for Bluesky.",
        ),
        Problem(
            "error",
            "CL520",
            "the share text for X is 314/280 by X's weights, the address included",
            "posts/water.md",
            7,
            3,
            "Shorten it by 34, or write `share.x` for X.",
        ),
    )


def test_a_text_for_one_target_is_measured_by_that_target_alone() -> None:
    share = Share(hashtags=("One",), texts={"x": "字" * 130}, places={"x": (9, 1)})
    _, problems = row_of(share)
    assert [(each.code, each.line, each.message) for each in problems] == [
        ("CL520", 9, "the share text for X is 289/280 by X's weights, the address and hashtags included")
    ]
    assert row_of(Share(texts={"x": "字" * 128}))[1] == ()


def test_a_long_address_costs_as_much_as_the_target_says() -> None:
    long = f"{ADDRESS}{'a' * 200}/"
    share = Share(text="b" * 120)
    assert [each.message for each in row_of(share, address=long)[1]] == [
        "the share text for Bluesky is 348/300 characters, the address included"
    ]


def test_a_text_from_a_long_title_is_cut_well_and_no_problem() -> None:
    title = "An article with a title that goes on and on " * 12
    row, problems = row_of(card=Card("posts/a.md", "/a/", "id", title, "en"), share=Share(hashtags=("Water",)))
    assert problems == ()
    found = {name: values(href) for name, href in hrefs(row).items()}
    assert graphemes(found["bluesky"]["text"]) <= 300
    assert found["bluesky"]["text"].endswith(f"… #Water {ADDRESS}")
    assert weighted_length(f"{found['x']['text']} {ADDRESS} #Water") <= 280
    assert found["x"]["text"].removesuffix("…") in title
    assert len(found["hackernews"]["t"]) <= 80
    assert found["whatsapp"]["text"] == f"{title.strip()} {ADDRESS}"


def test_hashtags_give_way_to_the_title() -> None:
    tags = tuple(f"Tag{'x' * 40}{number}" for number in range(8))
    row, problems = row_of(
        card=Card("posts/a.md", "/a/", "id", "Clean water for the valley", "en"), share=Share(hashtags=tags)
    )
    assert problems == ()
    text = values(hrefs(row)["bluesky"])["text"]
    assert text.startswith("Clean water for the valley #Tag")
    assert graphemes(text) <= 300


@pytest.mark.parametrize(
    ("written", "language", "expected"),
    [
        ("human rights", "en", "HumanRights"),
        ("LGBTQ", "en", "LGBTQ"),
        ("#Chechnya", "en", "Chechnya"),
        ("don’t look away", "en", "DontLookAway"),
        ("права человека", "ru", "ПраваЧеловека"),
        ("insan hakları", "tr", "İnsanHakları"),
        ("حقوق", "ar", "حقوق"),
        ("2026", "en", ""),
        ("anti-war", "en", ""),
        ("", "en", ""),
        ("a&b", "en", ""),
    ],
)
def test_hashtags_are_words_with_capitals(written: str, language: str, expected: str) -> None:
    assert hashtag(written, language) == expected


def test_what_cannot_be_a_hashtag_is_told_at_its_place() -> None:
    share = Share(hashtags=("Water", "anti-war", "water"), places={"hashtags.1": (5, 20), "share.hashtags": (5, 3)})
    row, problems = row_of(share)
    assert [(each.code, each.place) for each in problems] == [("CL521", "posts/water.md:5:20")]
    assert values(hrefs(row)["x"])["hashtags"] == "Water"


def test_a_text_for_no_target_is_told_with_a_suggestion() -> None:
    _, problems = row_of(Share(texts={"whatsup": "Hi"}, places={"share": (4, 1)}))
    assert [(each.code, each.place, each.hint) for each in problems] == [
        ("CL522", "posts/water.md:4:1", "Did you mean “whatsapp”?")
    ]


WRITTEN = st.one_of(
    st.text(max_size=200),
    st.text(st.sampled_from("ab .é字🔥\u0958\u0301\u200d{}"), max_size=300),
    st.sampled_from(["a.co b.co", "{url} a", "x" * 270, "字" * 120, "वि" * 90]),
)


@given(WRITTEN, WRITTEN, st.lists(st.sampled_from(["Water", "Права человека", "水", "a" * 90]), max_size=3))
def test_what_surely_fits_would_fit_if_it_were_measured(title: str, text: str, tags: list[str]) -> None:
    card, share = Card("posts/a.md", "/a/", "id", title, "en"), Share(text=text, hashtags=tuple(tags))
    settings = ShareSettings(targets=tuple(own_targets()), via={"x": "river"})
    quick = row_of(share, card, settings=settings), row_of(Share(hashtags=tuple(tags)), card, settings=settings)
    with patch.object(texts, "_surely_fits", return_value=False):
        assert quick == (
            row_of(share, card, settings=settings),
            row_of(Share(hashtags=tuple(tags)), card, settings=settings),
        )


@given(st.text(max_size=400), st.text(max_size=60))
def test_no_title_or_text_breaks_a_link_or_a_limit(title: str, text: str) -> None:
    row, problems = row_of(
        card=Card("posts/a.md", "/a/", "id", title, "en"), share=Share(text=text), settings=EVERYTHING
    )
    assert problems == ()
    for href in hrefs(row).values():
        assert href.isascii()
        assert not set(href) & set("+ <>\"'{}\r\n")


# Replying


def test_a_reply_is_a_letter_with_the_title_as_its_subject() -> None:
    assert (
        reply_link("me@example.org", "Water & bread + 1")
        == "mailto:me@example.org?subject=Re%3A%20Water%20%26%20bread%20%2B%201"
    )
    assert unquote(reply_link("me@example.org", "ماء", "ar")) == "mailto:me@example.org?subject=Re: \u2068ماء\u2069"
    assert reply_link("a+b@example.org", "x").startswith("mailto:a%2Bb@example.org?")


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "https://example.org/contact",
        "me@example",
        "me@example.org?bcc=you@example.org",
        "me@example.org,you@example.org",
        "me@example.org\r\nBcc: you@example.org",
        "me@example.org&body=x",
        "Me <me@example.org>",
        "me@example.org%0ABcc",
    ],
)
def test_a_contact_cannot_bring_a_second_recipient(contact: str) -> None:
    assert reply_link(contact, "x") == ""


def test_a_title_cannot_bring_a_header() -> None:
    made = reply_link("me@example.org", "Hi\r\nBcc: you@example.org\n\nbody&body=x?cc=y")
    assert values(made) == {"subject": "Re: Hi Bcc: you@example.org body&body=x?cc=y"}
    assert "%0D" not in made
    assert "%0A" not in made


# Structured data


CONFIG = Config(SiteSettings("Small voice", "https://example.org/blog/", description="About", licence="CC BY-SA 4.0"))
AUTHOR = AuthorView("me", "The author", url="/authors/me/", website="https://me.example/")
SOURCE = Source(
    "s1", "based-on", "The news", "https://news.example/1", "The Paper", "A. Writer", "2017-05", None, "en",
    (ArchivedCopy("https://archive.example/1"),)
)  # fmt: skip


def test_an_article_says_who_wrote_it_and_on_what_it_rests() -> None:
    card = Card(
        "posts/a.md", "/a/", "id", "Water", "en", summary="Short", date=Moment(date(2026, 5, 3), 1777777777),
        taxonomies={"tags": ("Water", "Rights")}, history=(Change(date(2026, 5, 8), "correction", "It is 14."),)
    )  # fmt: skip
    matter = Matter(sources=(SOURCE, Source("s2", "cited", url="https://other.example/")))
    site = {
        "@type": "WebSite", "name": "Small voice", "url": "https://example.org/blog/", "description": "About",
        "inLanguage": "en",
    }  # fmt: skip
    text = structured_article(
        card, matter, CONFIG, [AUTHOR], SocialImage("https://example.org/i.jpg", 10, 10, "A well")
    )
    assert json.loads(text) == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": "Water",
        "description": "Short",
        "url": "https://example.org/blog/a/",
        "inLanguage": "en",
        "datePublished": "2026-05-03T00:00:00Z",
        "dateModified": "2026-05-08T00:00:00Z",
        "publisher": {
            "@type": "Organization",
            "@id": "https://example.org/blog/#publisher",
            "name": "Small voice",
            "url": "https://example.org/blog/",
        },
        "isPartOf": site,
        "mainEntityOfPage": "https://example.org/blog/a/",
        "image": {"@type": "ImageObject", "url": "https://example.org/i.jpg", "caption": "A well"},
        "keywords": ["Water", "Rights"],
        "author": {
            "@type": "Person", "name": "The author", "url": "https://example.org/blog/authors/me/",
            "sameAs": "https://me.example/",
        },
        "license": "https://creativecommons.org/licenses/by-sa/4.0/",
        "isBasedOn": {
            "@type": "CreativeWork", "name": "The news", "url": "https://news.example/1",
            "author": {"@type": "Person", "name": "A. Writer"},
            "publisher": {"@type": "Organization", "name": "The Paper"},
            "datePublished": "2017-05", "inLanguage": "en", "archivedAt": "https://archive.example/1",
        },
        "citation": {"@type": "CreativeWork", "url": "https://other.example/"},
        "correction": {"@type": "CorrectionComment", "text": "It is 14.", "datePublished": "2026-05-08"},
    }  # fmt: skip


def test_a_full_repost_claims_neither_authorship_nor_licence() -> None:
    card = Card("posts/a.md", "/a/", "id", "Water", "en", kind="shared", repost=True)
    repost = Source("s1", "repost-of", "The news", "https://news.example/1", author="A. Writer")
    data = json.loads(structured_article(card, Matter(sources=(repost,)), CONFIG, [AUTHOR]))
    assert data["author"] == {"@type": "Person", "name": "A. Writer"}
    assert "license" not in data
    assert data["isBasedOn"]["name"] == "The news"


def test_a_retracted_article_says_no_more_than_its_name() -> None:
    card = Card("posts/a.md", "/a/", "id", "Water", "en", status="retracted")
    assert "isBasedOn" not in structured_article(card, Matter(sources=(SOURCE,)), CONFIG, [AUTHOR])


def test_a_retraction_is_told_with_its_reason() -> None:
    card = Card(
        "a", "/a/", "id", "A", "en", status="retracted", history=(Change(date(2026, 5, 8), "retraction", "No."),)
    )
    data = json.loads(structured_article(card, Matter(), CONFIG, [AUTHOR]))
    assert data["creativeWorkStatus"] == "Retracted"
    assert data["correction"] == {"@type": "CorrectionComment", "text": "No.", "datePublished": "2026-05-08"}
    assert "author" not in data


def acting(*actions: Action, kind: str = "article") -> dict[str, Any]:
    """The structured data of an article with these actions."""
    card = Card("posts/a.md", "/a/", "id", "Water", "en", kind=kind, actions=actions)
    data: dict[str, Any] = json.loads(structured_article(card, Matter(), CONFIG, []))
    return data


def test_what_a_reader_can_do_is_told_with_who_runs_it_and_who_receives_it() -> None:
    petition = Action(
        "sign", "petition", "Keep it free", "It goes to the ministry.", "https://rivers.example/p?a={b}",
        organiser=Named("Rivers First"), closes=Moment(date(2026, 6, 30), 1782863999),
        recipients=(
            Recipient("A. M.", "Minister", "Ministry", "m@w.example"), Recipient("Council", organisation="Council"),
            Recipient("x@w.example", email="x@w.example"),
        ),
    )  # fmt: skip
    assert acting(petition)["potentialAction"] == {
        "@type": "CommunicateAction",
        "name": "Keep it free",
        "description": "It goes to the ministry.",
        "target": {"@type": "EntryPoint", "urlTemplate": "https://rivers.example/p?a=%7Bb%7D"},
        "recipient": [
            {
                "@type": "Person",
                "name": "A. M.",
                "jobTitle": "Minister",
                "worksFor": {"@type": "Organization", "name": "Ministry"},
            },
            {"@type": "Organization", "name": "Council"},
        ],
        "provider": {"@type": "Organization", "name": "Rivers First"},
        "endTime": "2026-06-30T23:59:00Z",
    }


def test_each_kind_of_action_has_its_type_and_a_recipient_only_where_the_vocabulary_has_one() -> None:
    kinds = ("petition", "write", "call", "donate", "pledge", "volunteer", "share")
    found = acting(
        *(Action(kind, kind, recipients=(Recipient("A"),), organiser=Named("R")) for kind in kinds),
        Action("give", "donate", organiser=Named("R")),
    )["potentialAction"]
    assert [(each["@type"], each.get("recipient", {}).get("name", "")) for each in found] == [
        ("CommunicateAction", "A"),
        ("CommunicateAction", "A"),
        ("CommunicateAction", "A"),
        ("DonateAction", "A"),
        ("AgreeAction", ""),
        ("JoinAction", ""),
        ("ShareAction", ""),
        ("DonateAction", "R"),
    ]
    assert found[1]["target"]["urlTemplate"] == "https://example.org/blog/a/#act-write"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("open", True),
        ("upcoming", True),
        ("paused", False),
        ("closed", False),
        ("delivered", False),
        ("won", False),
        ("lost", False),
    ],
)
def test_only_what_can_be_done_now_or_soon_is_a_potential_action(state: Any, told: bool) -> None:
    assert ("potentialAction" in acting(Action("sign", "petition", "Sign", state=state))) == told


def test_an_event_is_what_the_article_is_about_or_mentions() -> None:
    event = Action(
        "meet", "event", "Meet", location="Hall", organiser=Named("R"), starts=Moment(date(2026, 5, 1), 1777651200),
        ends=Moment(date(2026, 5, 2)),
    )  # fmt: skip
    assert acting(event, kind="event")["about"] == {
        "@type": "Event",
        "name": "Meet",
        "url": "https://example.org/blog/a/#act-meet",
        "startDate": "2026-05-01T16:00:00Z",
        "endDate": "2026-05-02",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {"@type": "Place", "name": "Hall"},
        "organizer": {"@type": "Organization", "name": "R"},
    }
    assert acting(structs.replace(event, state="paused"))["mentions"]["eventStatus"].endswith("/EventPostponed")
    for without in (structs.replace(event, state="closed"), structs.replace(event, starts=None)):
        assert acting(without).keys().isdisjoint({"about", "mentions", "potentialAction"})


def test_a_translation_rests_on_what_it_translates() -> None:
    original = structs.replace(SOURCE, role="translation-of")
    data = json.loads(structured_article(CARD, Matter(sources=(original,)), CONFIG, []))
    assert data["isBasedOn"] == data["translationOfWork"]
    assert data["isBasedOn"]["url"] == "https://news.example/1"


def test_the_words_of_others_are_told_by_whose_they_are_and_not_said_again() -> None:
    letter = Call(
        "appeal", {"from": "The Assembly", "signed": "M. Q.", "role": "clerk", "date": "2026-05-01", "words": "theirs"},
        inner=(Html("<p>Dear all</p>"),)
    )  # fmt: skip
    excerpt = Call("excerpt", {"source": "s1", "source_name": "The Paper"}, inner=(Html("<p>It rained.</p>"),))
    nameless = Call("excerpt", {}, inner=(Html("<p>It snowed.</p>"),))
    retold = Call("appeal", {"from": "Somebody", "words": "ours"}, inner=(excerpt,))
    text = Text(Body((Html("<p>Mine.</p>"), letter, Call("callout", {"kind": "note"}, inner=(retold,)), nameless)))
    made = structured_article(CARD, Matter(sources=(SOURCE,)), CONFIG, [], None, (), text)
    assert json.loads(made)["hasPart"] == [
        {
            "@type": "Quotation",
            "creditText": "The Assembly",
            "author": {"@type": "Person", "name": "M. Q.", "description": "clerk"},
            "dateCreated": "2026-05-01",
        },
        {
            "@type": "Quotation",
            "creditText": "The Paper",
            "inLanguage": "en",
            "isBasedOn": "https://news.example/1",
        },
    ]
    assert "Dear all" not in made


def test_no_action_and_no_quotation_can_end_the_script() -> None:
    nasty = "</script><script>alert(1)</script>"
    action = Action(nasty, "write", nasty, nasty, organiser=Named(nasty), recipients=(Recipient(nasty, nasty, nasty),))
    event = Action(nasty, "event", nasty, location=nasty, starts=Moment(date(2026, 5, 1)))
    card = Card("a", "/a/", "id", "A", "en", actions=(action, event))
    text = Text(Body((Call("appeal", {"from": nasty, "signed": nasty}),)))
    made = structured_article(card, Matter(), CONFIG, [], None, (), text)
    assert not set(made) & set("<>&")
    assert json.loads(made)["potentialAction"]["name"] == nasty


def test_no_kind_of_article_is_a_fact_check_or_the_news() -> None:
    kinds = ("article", "shared", "appeal", "statement", "report", "press", "event", "tribute", "page")
    made = [
        json.loads(structured_article(Card("a", "/a/", "id", "A", "en", kind=kind), Matter(), CONFIG, []))["@type"]
        for kind in kinds
    ]
    assert set(made) == {"BlogPosting", "Article", "Report", "WebPage"}


def test_structured_data_cannot_end_its_script() -> None:
    text = structured({"name": "</script><!-- & \u2028\u2029"})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text)["name"] == "</script><!-- & \u2028\u2029"


def test_equal_data_gives_equal_text_and_several_nodes_a_graph() -> None:
    assert structured({"a": 1, "b": []}) == '{"@context":"https://schema.org","a":1}'
    assert structured({"a": "x"}, {"b": "y"}) == '{"@context":"https://schema.org","@graph":[{"a":"x"},{"b":"y"}]}'


def test_pages_lists_and_the_site_have_their_types() -> None:
    assert json.loads(structured_page(CARD, CONFIG))["@type"] == "WebPage"
    assert json.loads(structured_site(CONFIG, "ru"))["url"] == "https://example.org/blog/ru/"
    made = json.loads(structured_list("Water", "/tags/water/", CONFIG, "en", [CARD]))
    assert made["mainEntity"]["itemListElement"]["url"] == "https://example.org/blog/water/"
    trail = json.loads(
        structured_article(CARD, Matter(), CONFIG, [], None, [Link("Home", "/"), Link("Reports", "/reports/")])
    )
    assert [each["position"] for each in trail["@graph"][1]["itemListElement"]] == [1, 2, 3]


def test_licences_are_known_by_their_short_names() -> None:
    names = ["CC BY 4.0", "cc-by-nc-sa-3.0", "CC0", "CC BY-SA", "https://example.org/l", "all-rights-reserved", ""]
    assert [licence_address(name) for name in names] == [
        "https://creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org/licenses/by-nc-sa/3.0/",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "https://example.org/l",
        "",
        "",
    ]
