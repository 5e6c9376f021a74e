"""Addresses leave the site without what counts those who follow them."""

import time
import tomllib
from importlib.resources import files
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import MarkdownSettings, load_text
from generator.markup import Converted, convert
from generator.model.directive import AttributeRule, Declaration
from generator.source.tracking import Cleaned, clean_address, may_track
from tests.conftest import TinySite

ENGINES = ("python-markdown", "commonmark")
HEAD = '[site]\ntitle = "Rivers"\nbase_url = "https://rivers.example/"\n'


def left(address: str, *keep: str) -> str:
    """What is left of an address."""
    return clean_address(address, keep).url


# -- one address


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://a.example/?utm_source=x", "https://a.example/"),
        ("https://a.example/p?utm_source=x&id=5&utm_medium=y", "https://a.example/p?id=5"),
        ("https://a.example/p?id=5&fbclid=z#part", "https://a.example/p?id=5#part"),
        ("https://a.example/p?fbclid", "https://a.example/p"),
        ("https://a.example/?%75tm_source=x&b=%2f%2F", "https://a.example/?b=%2f%2F"),
        ("https://a.example/?a=1&amp;utm_source=x&amp;b=2", "https://a.example/?a=1&amp;b=2"),
        ("https://a.example/?a=1;utm_source=x;y;b=2", "https://a.example/?a=1;b=2"),
        ("https://a.example/?a=1;2&gclid=3", "https://a.example/?a=1;2"),
        ("https://a.example/?&&a=&gclid=3&", "https://a.example/?&&a=&"),
        ("https://a.example/?gclid=3&&", "https://a.example/"),
        ("https://a.example/?q=ü ß&utm_id=1", "https://a.example/?q=ü ß"),
        ("https://a.example/?next=https://b.example/?x=1&utm_id=1", "https://a.example/?next=https://b.example/?x=1"),
        ("https://a.example/#xtor=RSS-1", "https://a.example/"),
        ("https://a.example/#/petition?akid=12.34&lang=en", "https://a.example/#/petition?lang=en"),
        ("https://a.example/#a=1&utm_source=x:~:text=dry%20river", "https://a.example/#a=1:~:text=dry%20river"),
        ("https://a.example/?utm_id=1#:~:text=a&utm_source=b", "https://a.example/#:~:text=a&utm_source=b"),
        ("HTTPS://A.Example:8443/?utm_id=1", "HTTPS://A.Example:8443/"),
        ("https://[2001:db8::1]:80/?utm_id=1", "https://[2001:db8::1]:80/"),
        ("https://name@a.example/?utm_id=1", "https://name@a.example/"),
    ],
)
def test_parameters_that_count_readers_go_and_the_rest_keeps_its_bytes(address: str, clean: str) -> None:
    assert left(address) == clean


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/?ref=home&source=letter&s=1&t=2&id=3&cuid=4",
        "https://a.example/search?q=utm_source",
        "https://a.example/#utm_source",
        "https://a.example/?",
        "https://a.example/p?#",
        "https://netflix.com/?s=1&t=2",
        "https://google.com.evil.example/url?q=https://b.example/",
        "https://a.example/utm_source=x&fbclid=y",
        "river.md?utm_source=x#part",
        "/water/?utm_source=x",
        "mailto:a@b.example?subject=utm_source&utm_source=x",
        "javascript:alert(1)?utm_source=x",
        "https://",
        "https://%",
        "",
    ],
)
def test_what_carries_nothing_of_the_kind_is_left_alone(address: str) -> None:
    assert clean_address(address) == Cleaned(address)


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://youtu.be/abc?si=1&t=42", "https://youtu.be/abc?t=42"),
        ("https://mailchi.mp/rivers/may?e=0a1b2c", "https://mailchi.mp/rivers/may"),
        (
            "https://open.substack.com/pub/a/p/b?r=1&token=2&showWelcome=3",
            "https://open.substack.com/pub/a/p/b?showWelcome=3",
        ),
        ("https://www.youtube.com/watch?v=abc&feature=share", "https://www.youtube.com/watch?v=abc"),
        ("https://x.com/a/status/1?s=20&t=b", "https://x.com/a/status/1"),
        ("https://www.change.org/p/river?source_location=x", "https://www.change.org/p/river"),
        ("https://actionnetwork.org/petitions/river?source=x&referrer=y", "https://actionnetwork.org/petitions/river"),
        ("https://www.amazon.co.uk/dp/1?tag=me&pf_rd_p=2&th=1", "https://www.amazon.co.uk/dp/1?th=1"),
        ("https://www.bbc.co.uk/news/1?at_bbc_team=editorial", "https://www.bbc.co.uk/news/1"),
    ],
)
def test_some_sites_count_with_names_of_their_own(address: str, clean: str) -> None:
    assert left(address) == clean


def test_named_parameters_stay() -> None:
    address = "https://actionnetwork.org/petitions/river?source=notes&referrer=me&utm_id=1"
    assert clean_address(address, ("source", "utm_id")) == Cleaned(
        "https://actionnetwork.org/petitions/river?source=notes&utm_id=1",
        removed=("referrer",),
        kept=("source", "utm_id"),
    )


@pytest.mark.parametrize(
    "name", ["mc_eid", "akid", "emci", "emdi", "ceid", "_hsenc", "mkt_tok", "ml_subscriber", "oly_enc_id",
             "email_referrer", "user_email_address", "bsft_uid", "igsh"]
)  # fmt: skip
def test_what_tells_whom_a_letter_was_sent_to_goes_also_where_it_is_named(name: str) -> None:
    address = f"https://a.example/?{name}=someone&b=1"
    assert clean_address(address, (name,)) == Cleaned("https://a.example/?b=1", identifying=(name,))


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F%3Ffbclid%3D1%26b%3D2", "https://a.example/?b=2"),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fa.example%2F%25C3%25A9", "https://a.example/%C3%A9"),
        ("https://www.google.co.uk/url?q=https://a.example/", "https://a.example/"),
        ("https://www.google.de/amp/s/a.example/river?x=1&usqp=2#p", "https://a.example/river?x=1#p"),
        ("https://www.google.de/amp/s/a.example/river?utm_id=two words", "https://a.example/river"),
        ("https://out.reddit.com/t3_1?url=https%3A%2F%2Fa.example%2F&token=x", "https://a.example/"),
        ("https://vk.com/away.php?to=https%3A%2F%2Fa.example%2F", "https://a.example/"),
        ("https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fa.example%2F", "https://a.example/"),
        ("https://a-example.cdn.ampproject.org/c/s/a.example/river", "https://a.example/river"),
        ("https://www.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F", "https://a.example/"),
        ("https://www.facebook.com/flx/warn/?u=https%3A%2F%2Fa.example%2F", "https://a.example/"),
    ],
)
def test_redirectors_are_unwrapped(address: str, clean: str) -> None:
    found = clean_address(address)
    assert (found.url, found.through) == (clean, (address.split("/")[2],))


@pytest.mark.parametrize(
    "outer",
    ["https://www.google.com/url?q={}", "https://l.facebook.com/l.php?h=x&u={}", "https://vk.com/away.php?to={}"],
)
def test_redirectors_of_different_kinds_inside_each_other_are_unwrapped(outer: str) -> None:
    """Each one decodes once, as it does for who follows it; what the last one holds is cleaned as well."""
    inner = f"https://out.reddit.com/t3_1?url={quote('https://a.example/?b=%2F&mc_eid=someone', safe='')}"
    found = clean_address(outer.format(quote(inner, safe="")))
    assert (found.url, found.identifying) == ("https://a.example/?b=%2F", ("mc_eid",))
    assert found.through == (outer.split("/")[2], "out.reddit.com")


def test_redirectors_inside_each_other_are_unwrapped_within_reason() -> None:
    address = "https://a.example/"
    for _ in range(3):
        address = f"https://l.facebook.com/l.php?u={address}"
    assert left(address) == "https://a.example/"
    for _ in range(3000):
        address = f"https://l.facebook.com/l.php?u={address}"
    assert left(address) == address


@pytest.mark.parametrize(
    "inner",
    ["javascript:alert(1)", "data:text/html,x", "//a.example/", "a.example", "https://me:pass@a.example/", "/away",
     "https%253A%252F%252Fa.example%252F", "javascript%3Aalert(1)//https://a.example/",
     "https%3A%2F%2Fa.example%2F%ff", "https%3A%2F%2Fa.example%2F%0d%0aX:%20y", "https://", ""],
)  # fmt: skip
def test_a_redirector_leads_nowhere_it_should_not(inner: str) -> None:
    address = f"https://l.facebook.com/l.php?u={inner}"
    assert clean_address(address) == Cleaned(address)


@pytest.mark.parametrize(
    ("address", "clean", "identifying"),
    [
        (
            "mailto:a@b.example?subject=Dry&body=Read%20https%3A%2F%2Fa.example%2F%3Fmc_eid%3Dsomeone%26p%3D1%0D%0AYours",
            "mailto:a@b.example?subject=Dry&body=Read%20https%3A%2F%2Fa.example%2F%3Fp%3D1%0D%0AYours",
            ("mc_eid",),
        ),
        (
            "sms:?&body=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fa.example%252F%253Figsh%253D1",
            "sms:?&body=https%3A%2F%2Fa.example%2F",
            ("igsh",),
        ),
        (
            "mailto:?body=%ff https://a.example/?b=1&cc=c@d.example",
            "mailto:?body=%ff https://a.example/?b=1&cc=c@d.example",
            (),
        ),
    ],
)
def test_addresses_in_the_words_of_a_letter_are_cleaned(address: str, clean: str, identifying: tuple[str, ...]) -> None:
    found = clean_address(address)
    assert (found.url, found.identifying) == (clean, identifying)


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        (
            "https://wa.me/?text=Read%20https%3A%2F%2Fa.example%2F%3Fmc_eid%3Dsomeone%26b%3D1",
            "https://wa.me/?text=Read%20https%3A%2F%2Fa.example%2F%3Fb%3D1",
        ),
        (
            "https://a.example/login?next=https%3a%2f%2fb.example%2f%3fakid%3d1%26utm_id%3d2&c=%2f",
            "https://a.example/login?next=https%3A%2F%2Fb.example%2F&c=%2f",
        ),
        (
            "https://a.example/login?next=https%3a%2f%2fb.example%2f%3futm_id%3d2",
            "https://a.example/login?next=https%3a%2f%2fb.example%2f%3futm_id%3d2",
        ),
        ("https://a.example/?MC_EID=someone", "https://a.example/"),
        ("https://a.example/?a=1&\nmc_eid=someone", "https://a.example/?a=1"),
    ],
)
def test_who_was_sent_an_address_is_not_told_in_another_way(address: str, clean: str) -> None:
    """An address inside another is changed only where it names somebody: it may be signed."""
    assert left(address) == clean


def test_the_address_of_an_archived_copy_keeps_what_it_is_found_by() -> None:
    copy = "https://web.archive.org/web/2026/https://a.example/p?utm_source=x&id=1"
    assert clean_address(copy) == Cleaned(copy)
    assert clean_address(f"{copy}&mc_eid=someone") == Cleaned(copy, identifying=("mc_eid",))


def test_a_short_address_says_that_it_hides_another() -> None:
    assert clean_address("https://bit.ly/river") == Cleaned("https://bit.ly/river", hidden="bit.ly")
    assert clean_address("https://bit.ly/") == Cleaned("https://bit.ly/")


NAMES = st.sampled_from(["utm_source", "fbclid", "mc_eid", "a", "", "si", "u", "q", "url", "%75tm_id", "xtor", "amp"])
PIECES = st.lists(
    st.one_of(
        st.tuples(NAMES, st.sampled_from(["=", "=1", "", "=%", "= ", "=https%3A%2F%2Fa.example%2F"])).map("".join),
        st.sampled_from([";", "&", "&amp;", "?", "#", ":~:", "/", "%00", "ü"]),
    ),
    max_size=12,
)
HEADS = (
    "https://a.example/",
    "http://youtu.be",
    "https://l.facebook.com/l.php",
    "//b.example/",
    "https://www.google.com/url",
    "https://google.com/amp/s/",
    "https://[::1]:x/",
    "mailto:a@b.c",
    "https://web.archive.org/web/https://youtu.be/",
)
ADDRESSES = st.one_of(
    st.text(),
    st.tuples(st.sampled_from(HEADS), st.sampled_from(["", "?", "#"]), PIECES.map("&".join) | PIECES.map("".join)).map(
        "".join
    ),
)


@given(ADDRESSES)
def test_cleaning_twice_is_cleaning_once(address: str) -> None:
    once = clean_address(address)
    assert clean_address(once.url) == Cleaned(once.url, hidden=once.hidden)


@given(ADDRESSES)
def test_an_address_from_which_nothing_goes_keeps_its_bytes(address: str) -> None:
    found = clean_address(address)
    if not (found.removed or found.identifying or found.through):
        assert found.url == address
    if found.url != address or found.hidden:
        assert may_track(address)


def test_an_enormous_address_takes_no_time() -> None:
    began = time.perf_counter()
    inner = "a=https%3A%2F%2Fb.example%2F%3Fmc_eid%3D1&"
    for text in (
        "utm_source=1&" * 20_000,
        "&;" * 60_000,
        "a;" * 60_000,
        "%" * 120_000,
        inner * 3000,
        "%3A%2F%2F" * 9000,
    ):
        clean_address(f"https://a.example/?{text}#{text}")
    assert time.perf_counter() - began < 5


def test_the_rules_name_nothing_twice() -> None:
    rules = tomllib.loads(files("generator.source").joinpath("tracking.toml").read_text(encoding="utf-8"))
    names = [*rules["names"], *rules["subscriber"]["names"]]
    assert sorted(set(names)) == sorted(names)
    prefixes = (*rules["prefixes"], *rules["subscriber"]["prefixes"])
    assert [name for name in names if name.lower().startswith(prefixes)] == []
    generic = {"ref", "source", "s", "t", "id", "cuid", "referrer"}
    assert generic.isdisjoint(names)


# -- in texts


def converted(text: str, engine: str = "python-markdown", *, unsafe_html: bool = True) -> Converted:
    declarations = {"box": Declaration("box", "none", (), {"url": AttributeRule("url"), "words": AttributeRule("str")})}
    return convert(
        text,
        path="water.md",
        first_line=1,
        slug="water",
        language="en",
        markdown=MarkdownSettings(engine, (), unsafe_html),
        declarations=declarations,
        take_title=False,
    )


def said(result: Converted) -> list[str]:
    return [f"{found.line}:{found.column} {found.severity} {found.code} {found.message}" for found in result.problems]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("unsafe_html", [True, False])
def test_every_way_to_write_a_link_is_cleaned(engine: str, unsafe_html: bool) -> None:
    """An address that is its own text is shown as it leads."""
    text = (
        "[a](https://a.example/?utm_id=1) <https://b.example/?utm_id=1> https://c.example/?utm_id=1 "
        "www.d.example/?gclid=1 "
        '[e] [https://f.example/?gclid=1](https://f.example/?utm_id=1) <a href="https://g.example/?utm_id=1">g</a>\n\n'
        "[e]: https://e.example/?utm_id=1\n"
    )
    result = converted(text, engine, unsafe_html=unsafe_html)
    assert {reference.target for reference in result.references} == {
        f"https://{host}.example/" for host in ("a", "b", "c", "e", "f", "g")
    } | {"https://www.d.example/"}
    assert "utm_id" not in str(result.body) + result.plain + result.summary
    assert {problem.code for problem in result.problems} == {"CL240"}


def test_what_was_removed_is_told_at_its_place() -> None:
    text = "Dry.\n\nThe [report](https://a.example/?utm_source=x&mc_eid=someone).\n"
    assert said(converted(text)) == [
        "3:14 warning CL241 mc_eid in the address tells who was sent it or passed it on; pages are without it",
        "3:14 note CL240 removed utm_source from the address",
    ]
    assert "someone" not in str(converted(text))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_keeps_what_it_names(engine: str) -> None:
    text = '[a](https://a.example/?utm_source=x&utm_medium=y&mc_eid=z){keep="utm_source mc_eid" .wide}\n'
    result = converted(text, engine)
    assert [reference.target for reference in result.references] == ["https://a.example/?utm_source=x"]
    assert "keep" not in str(result.body)
    assert 'class="wide"' in str(result.body)
    assert [problem.code for problem in result.problems] == ["CL241", "CL244", "CL240"]


def test_a_name_that_keeps_nothing_is_told() -> None:
    text = "[a](https://a.example/?utm_source=x){keep=utm_sorce}\n"
    (kept, removed) = sorted(converted(text).problems, key=lambda problem: problem.code, reverse=True)
    assert (kept.severity, kept.code, kept.hint) == ("note", "CL244", "Did you mean “utm_source”?")
    assert removed.code == "CL240"


@pytest.mark.parametrize("engine", ENGINES)
def test_addresses_of_directives_and_quotations_are_cleaned(engine: str) -> None:
    text = (
        "::box{url=https://a.example/?utm_id=1}\n\n::box{url=https://b.example/?utm_id=1 keep=utm_id}\n\n"
        "> Dry.\n>\n> — Ann, [The Daily](https://c.example/?utm_id=1)\n\n"
        '<blockquote cite="https://d.example/?utm_id=1"><p>Dry.</p></blockquote>\n\n'
        "> [!NOTE] See https://a.example/?mc_eid=someone\n> Dry.\n\n"
        '::box{url=https://a.example/ words="See https://a.example/?mc_eid=someone"}\n\n'
        "[a letter](mailto:a@b.example?body=https%3A%2F%2Fe.example%2F%3Fmc_eid%3Dsomeone)\n\n"
        '<svg><a xlink:href="https://f.example/?mc_eid=someone"><text>f</text></a></svg>\n'
    )
    shown = str(converted(text, engine).body) + str(converted(text, engine).references)
    assert "someone" not in shown
    for address in ("a.example/", "b.example/?utm_id=1", "c.example/", "d.example/"):
        assert f"'https://{address}'" in shown


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["Here: {}", "<p>{}</p>"])
@pytest.mark.parametrize("words", ["{}", "Read {} (in full)"])
def test_a_raw_link_shows_the_address_it_leads_to(words: str, text: str, engine: str) -> None:
    address = "https://a.example/?b=1&amp;mc_eid=someone"
    anchor = f'<a href="{address}">{words.format(address)}</a>'
    result = converted(text.format(anchor) + "\n", engine)
    assert "someone" not in str(result)
    assert [problem.code for problem in result.problems] == ["CL241"]


def test_code_and_pictures_are_as_they_are_written() -> None:
    text = "`https://a.example/?utm_id=1`\n\n    https://b.example/?utm_id=1\n"
    assert converted(text).problems == ()


# -- in front matter and settings


def test_every_address_of_front_matter_is_cleaned(site: TinySite) -> None:
    site.write(
        "content/posts/water.md",
        """---
title: Water
date: 2026-11-01
sources:
  - url: https://a.example/?utm_id=1
    archived: [{ url: "https://b.example/?utm_id=1" }]
actions:
  - url: https://actionnetwork.org/petitions/river?source=notes&email_referrer=me
    title: Keep it
    keep: [source]
    organiser: { name: Rivers First, url: "https://c.example/?utm_id=1" }
    alternatives: ["https://d.example/?utm_id=1"]
content_note: { topics: [thirst], support: ["https://e.example/?utm_id=1"] }
---
Words.
""",
    )
    told = [problem for problem in site.build().problems if problem.code in ("CL240", "CL241", "CL244")]
    assert [f"{problem.line} {problem.code}" for problem in told] == [
        "8 CL241", "5 CL240", "6 CL240", "11 CL240", "12 CL240", "13 CL240",
    ]  # fmt: skip
    pages = b"".join(site.outputs().values())
    assert b"utm_id" not in site.everything_written().replace(b"removed utm_id", b"")
    assert b"email_referrer=" not in pages
    assert b"petitions/river?source=notes" in pages


def test_addresses_in_texts_of_front_matter_are_cleaned(site: TinySite) -> None:
    """They are shown, and go out in letters and share texts."""
    site.post("water", summary="See https://a.example/?mc_eid=someone, or (https://b.example/?p=1&utm_id=2).")
    told = [f"{problem.place} {problem.code}" for problem in site.build().problems if problem.code != "CL320"]
    assert told == ["content/posts/water.md:4:10 CL241", "content/posts/water.md:4:10 CL240"]
    assert "See https://a.example/, or (https://b.example/?p=1)." in site.read("feed.xml")
    assert b"someone" not in site.everything_written()


def test_addresses_of_free_data_are_cleaned(site: TinySite) -> None:
    site.write(
        "content/data/links.toml",
        '[[more]]\nurl = "https://a.example/?utm_id=1"\n[[more]]\nurl = "https://b.example/?utm_id=1&mc_eid=1"\n'
        'keep = ["utm_id"]\ntext = "See https://c.example/?utm_source=1 (here)."\n',
    )
    site.write("templates/home.html", "{% for each in data.links.more %}{{ each.url }} {{ each.text }} {% endfor %}")
    site.post("water", extra="{ map: 'https://d.example/?utm_id=1' }")
    site.write("templates/article.html", "{{ matter.extra.map }}")
    told = {f"{problem.place} {problem.code}" for problem in site.build().problems if problem.code != "CL320"}
    assert told == {
        "content/data/links.toml:2:7 CL240",
        "content/data/links.toml:4:7 CL241",
        "content/data/links.toml:6:8 CL240",
        "content/posts/water.md:4:15 CL240",
    }
    assert site.read("index.html") == (
        "https://a.example/ None https://b.example/?utm_id=1 See https://c.example/ (here). "
    )
    assert site.read("water/index.html") == "https://d.example/"


def test_an_address_of_the_settings_is_cleaned() -> None:
    config, problems = load_text(f'{HEAD}[authors.ann]\nname = "Ann"\nurl = "https://ann.example/?fbclid=1"\n')
    assert config is not None
    assert config.authors["ann"].url == "https://ann.example/"
    assert [str(problem) for problem in problems] == ["site.toml:6:7: note CL240 removed fbclid from the address"]
