"""`site.toml`: what it means, and every slip told with its place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from generator.config import (
    Author,
    Budget,
    Config,
    ContentSettings,
    EditionSettings,
    FeedSettings,
    Ignore,
    ImageSettings,
    Language,
    MarkdownSettings,
    MenuItem,
    PluginSettings,
    ShareSettings,
    SiteSettings,
    Taxonomy,
    ThemeSettings,
    UrlSettings,
    load_config,
    load_text,
)
from generator.model.fields import SETTINGS, Field, Table
from generator.model.problem import Problem
from generator.model.query import Query

SITE = '[site]\ntitle = "River notes"\nbase_url = "https://rivers.example"\n'
WHOLE = """\
[site]
id = "rivers.example"
title = "River notes"
tagline = "From source to sea"
description = "Notes on rivers."
base_url = "https://rivers.example/blog"
language = "pt-BR"
timezone = "Europe/Berlin"
authors = ["ann"]
licence = "CC-BY-4.0"
contact = "post@rivers.example"
repository = "private"
[urls]
posts = "/{year}/{month}/{slug}/"
links = "file"
[content]
page_size = 5
date_precision = "minute"
[taxonomies.regions]
title = "Regions"
feed = false
[markdown]
engine = "commonmark"
extensions = ["admonition"]
unsafe_html = false
[theme]
name = "plain"
[theme.settings]
accent = "#036"
[[menu]]
title = "About"
page = "pages/about.md"
[feeds]
content = "summary"
limit = 5
[share]
targets = ["email"]
more = []
address = "own"
kit = "all"
via = { x = "rivers" }
[images]
widths = [640, 1200]
formats = ["webp"]
max_pixels = 1000
[editions]
text = "all"
[safety]
quick_exit = true
exit_url = "https://weather.example/"
[search]
page = true
[replies]
way = "off"
[network]
mode = "never"
[languages.ru]
title = "Речные заметки"
[authors.ann]
pen_name = "Alex"
fediverse = "@alex@social.example"
[variants.onion.site]
base_url = "http://abcdef.onion/"
[[mirrors]]
url = "https://mirror.example/"
[deploy.home]
way = "rsync"
[gate]
words = 3
[budget]
total = 400000
[[ignore]]
code = "CL127"
path = "content/posts/*"
reason = "Patterns only."
[facts.latest_appeals]
where = "kind == 'appeal'"
limit = 3
[plugins]
names = ["maps"]
[plugins.maps]
zoom = 3
"""


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.place} {problem.code} {problem.message}" for problem in problems]


def without_places(config: Config | None) -> Config:
    assert config is not None
    return structs.replace(config, places={})


IDLE = """\
39:1 share.address
40:1 share.kit
44:1 images.formats
49:1 safety.quick_exit
50:1 safety.exit_url
51:2 search
62:2 variants
64:3 mirrors
66:2 deploy
68:2 gate
"""


def test_every_setting_has_its_place_in_the_value() -> None:
    config, problems = load_text(WHOLE)
    idle = [line.split(" ") for line in IDLE.splitlines()]
    assert sorted(told(problems)) == sorted(
        f"site.toml:{place} CL418 `{name}` is known, and without effect in this version" for place, name in idle
    )
    assert {problem.severity for problem in problems} == {"warning"}
    assert without_places(config) == (
        Config(
            site=SiteSettings(
                title="River notes",
                base_url="https://rivers.example/blog/",
                id="rivers.example",
                tagline="From source to sea",
                description="Notes on rivers.",
                language="pt-BR",
                timezone="Europe/Berlin",
                authors=("ann",),
                licence="CC-BY-4.0",
                contact="post@rivers.example",
                repository="private",
            ),
            urls=UrlSettings(posts="/{year}/{month}/{slug}/", links="file"),
            content=ContentSettings(5, "minute"),
            taxonomies={"tags": Taxonomy("tags"), "regions": Taxonomy("regions", "Regions", feed=False)},
            markdown=MarkdownSettings("commonmark", ("admonition",), unsafe_html=False),
            theme=ThemeSettings("plain", {"accent": "#036"}),
            menu=(MenuItem("About", "pages/about.md", 32, 8),),
            feeds=FeedSettings("summary", 5),
            share=ShareSettings(("email",), (), "own", "all", {"x": "rivers"}),
            images=ImageSettings((640, 1200), ("webp",), 1000),
            editions=EditionSettings("all"),
            replies="off",
            languages={"ru": Language("ru", "Речные заметки")},
            authors={"ann": Author("ann", "Alex", pen_name="Alex", fediverse="@alex@social.example")},
            variants={"onion": {"site": {"base_url": "http://abcdef.onion/"}}},
            ignore=(Ignore("CL127", "content/posts/*", "Patterns only."),),
            plugins=PluginSettings(("maps",), {"maps": {"zoom": 3}}),
            facts={"latest_appeals": Query("kind == 'appeal'", limit=3)},
            later={
                "safety": {"quick_exit": True, "exit_url": "https://weather.example/"},
                "search": {"page": True},
                "network": {"mode": "never"},
                "mirrors": ({"url": "https://mirror.example/"},),
                "deploy": {"home": {"way": "rsync"}},
                "gate": {"words": 3},
            },
            budget=Budget(total=400_000),
        )
    )


def test_a_title_and_an_address_are_a_site() -> None:
    config, problems = load_text(SITE)
    assert (without_places(config), problems) == (
        Config(SiteSettings("River notes", "https://rivers.example/", id="rivers.example")),
        (),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('lisence = "x"', ["site.toml:4:1 CL401 unknown setting `site.lisence`"]),
        ("[sitte]", ["site.toml:4:2 CL401 unknown setting `sitte`"]),
        ("language = 3", ["site.toml:4:12 CL403 `site.language` must be text, not a number"]),
        ('language = "english"', ["site.toml:4:12 CL407 `site.language`: “english” is no language"]),
        ('timezone = "Europe/Berln"', ["site.toml:4:12 CL413 there is no time zone “Europe/Berln”"]),
        ('timezone = "../../etc/passwd"', ["site.toml:4:12 CL413 there is no time zone “../../etc/passwd”"]),
        ('timezone = "Europe"', ["site.toml:4:12 CL413 there is no time zone “Europe”"]),
        ('authors = ["ann"]', ["site.toml:4:12 CL414 there is no author “ann”"]),
        ('authors = "ann"', ["site.toml:4:11 CL403 `site.authors` must be a list of text, not the text “ann”"]),
        (
            'contact = "nobody"',
            ["site.toml:4:11 CL407 `site.contact`: “nobody” is neither an e-mail nor a web address"],
        ),
        (
            'contact = "a@b.example\\nBcc: c"',
            ["site.toml:4:11 CL408 `site.contact` holds a line break or a control character"],
        ),
        ('repository = "open"', ["site.toml:4:14 CL404 “open” is no `site.repository`"]),
        ('[markdown]\nengine = "python"', ["site.toml:5:10 CL404 “python” is no `markdown.engine`"]),
        ("[markdown]\nextensions = [1]", ["site.toml:5:15 CL403 `markdown.extensions[1]` must be text, not a number"]),
        ('[theme]\nname = ["plain"]', ["site.toml:5:8 CL403 `theme.name` must be text, not a list"]),
        ('[theme]\nsettings = "dark"', ["site.toml:5:12 CL403 `theme.settings` must be a group of keys"]),
        (
            'theme = "plain"\n[theme2]',
            ["site.toml:4:1 CL401 unknown setting `site.theme`", "site.toml:5:2 CL401 unknown setting `theme2`"],
        ),
        ('[[menu]]\ntitle = "About"', ["site.toml:4:3 CL402 `menu[1].page` is missing"]),
        (
            '[[menu]]\ntitle = "About"\nurl = "/x/"\npage = "javascript:x"',
            [
                "site.toml:6:1 CL401 unknown setting `menu[1].url`",
                "site.toml:7:8 CL406 `menu[1].page`: “javascript:x” begins with javascript:, which is refused",
            ],
        ),
        ('[urls]\nposts = "/{Slug}/"', ["site.toml:5:9 CL407 there is no {Slug} in addresses. Did you mean “slug”?"]),
        ('[urls]\nposts = "/all/"', ["site.toml:5:9 CL407 “/all/” has no {slug}: all would share one address"]),
        ('[urls]\npages = "/{year}/{slug}/"', ["site.toml:5:9 CL416 pages have no date: {year} cannot be"]),
        ("[content]\npage_size = 0", ["site.toml:5:13 CL409 `content.page_size` is 0, less than 1"]),
        (
            "[content]\npage_size = true",
            ["site.toml:5:13 CL403 `content.page_size` must be a whole number, not true or false"],
        ),
        ("[taxonomies.title]", ["site.toml:4:13 CL415 “title” has a meaning of its own"]),
        ("[taxonomies.act]", ["site.toml:4:13 CL415 “act” has a meaning of its own"]),
        ("[images]\nwidths = [640, 0]", ["site.toml:5:16 CL409 `images.widths[2]` is 0, less than 16"]),
        ('[budget]\nhtml = "30kB"', ["site.toml:5:8 CL403 `budget.html` must be a whole number, not the text “30kB”"]),
        (
            '[share]\nvia = { x = "a\\nb" }',
            ["site.toml:5:13 CL408 `share.via.x` holds a line break or a control character"],
        ),
        ("[languages.klingonisch]", ["site.toml:4:12 CL407 “klingonisch” is no language"]),
        ('[authors.ann]\nbio = "x"', ["site.toml:4:10 CL402 `authors.ann` has neither `name` nor `pen_name`"]),
        (
            "[authors]\nann = 3",
            [
                "site.toml:5:7 CL403 `authors.ann` must be a group of keys, not a number",
            ],
        ),
        (
            '[variants.onion.site]\ntitel = "x"',
            [
                "site.toml:5:1 CL401 unknown setting `variants.onion.site.titel`",
                "site.toml:4:2 CL418 `variants` is known, and without effect in this version",
            ],
        ),
        (
            '[plugins]\nname = ["x"]',
            ["site.toml:5:8 CL403 `plugins.name` must be a group of keys"],
        ),
        ('id = "River notes"', ["site.toml:4:6 CL407 `site.id`: “River notes” is no domain"]),
        ('id = "<b>"', ["site.toml:4:6 CL407 `site.id`: “<b>” is no domain"]),
        ('id = "https://rivers.example/"', ["site.toml:4:6 CL407 `site.id`: “https://rivers.example/” is no domain"]),
        ("[taxonomies.posts]", ["site.toml:4:13 CL415 “posts” has a meaning of its own"]),
        ("[taxonomies.Data]", ["site.toml:4:13 CL415 “Data” has a meaning of its own"]),
        ("[languages.ru]\n[taxonomies.ru]", ["site.toml:5:13 CL415 “ru” has a meaning of its own"]),
        ('tagline = "  "\ntitel = ""', ["site.toml:5:1 CL401 unknown setting `site.titel`"]),
        ("x =", ["site.toml:4:4 CL107 a value is missing here"]),
        ("deploy = 3", ["site.toml:4:1 CL401 unknown setting `site.deploy`"]),
        (
            '[[ignore]]\ncode = "127"\npath = "*"\nreason = "x"',
            ["site.toml:5:8 CL407 `ignore[1].code`: “127” is no problem code"],
        ),
        (
            '[safety]\nexit_url = "mailto:a@b.example"',
            ["site.toml:5:12 CL406 `safety.exit_url`: “mailto:a@b.example” begins with mailto:, which is refused"],
        ),
        ('[network]\nmode = "always"', ["site.toml:5:8 CL404 “always” is no `network.mode`"]),
        ("title = 1", ["site.toml:4:1 CL108 “site.title” is written twice, on lines 2 and 4"]),
        ("tagline = “x”", ["site.toml:4:11 CL107 curly quotes are not quotes in TOML"]),
    ],
)
def test_a_slip_in_the_settings_is_told_with_its_place(text: str, expected: list[str]) -> None:
    assert told(load_text(SITE + text)[1]) == expected


@pytest.mark.parametrize("name", ["rivers.example", "реки.example", "river-notes", "ann@rivers.example"])
def test_an_id_is_a_domain_or_an_address_at_one(name: str) -> None:
    config, problems = load_text(f'{SITE}id = "{name}"')
    assert config is not None
    assert (config.site.id, problems) == (name, ())


@pytest.mark.parametrize(
    "text",
    [
        "[safety]\nquick_exit = false",
        '[share]\nkit = "none"\naddress = "primary"',
        '[network]\nmode = "never"',
        'repository = "none"',
    ],
)
def test_what_is_so_anyway_is_not_told_to_be_without_effect(text: str) -> None:
    assert load_text(f"{SITE}{text}")[1] == ()


def test_what_protects_nobody_yet_is_told_also_for_one_run() -> None:
    assert told(load_text(SITE, ["safety.quick_exit=true"])[1]) == [
        "--set CL418 `safety.quick_exit` is known, and without effect in this version"
    ]


def test_the_place_of_every_value_is_known() -> None:
    text = f"""{SITE}[theme]
name = "plain"
settings = {{ accent = "#036" }}
[markdown]
extensions = ["admonition",
  "toc"]
[[menu]]
title = "About"
page = "pages/about.md"
"""
    config, _ = load_text(text)
    assert config is not None
    names = ["site.title", "theme.name", "theme.settings.accent", "markdown.extensions.1", "menu.0.page", "share.more"]
    assert [config.place(name) for name in names] == [(2, 9), (5, 8), (6, 23), (9, 3), (12, 8), (0, 0)]
    assert config.place("theme.settings.accent_dark") == (6, 12)


def test_what_is_given_for_one_run_has_no_place_in_the_file() -> None:
    text = f'{SITE}[theme.settings]\naccent = "#036"\ndark = 1\n[[menu]]\ntitle = "About"\npage = "/about/"\n'
    config, problems = load_text(text, ["theme.settings={accent = '#063'}", "menu=[{title = 'A', page = '/a/'}]"])
    assert config is not None
    assert problems == ()
    assert [config.place(name) for name in ("theme.settings.accent", "menu.0.page", "site.title")] == [
        (0, 0),
        (0, 0),
        (2, 9),
    ]
    assert config.menu == (MenuItem("A", "/a/", 0, 0),)


def test_a_wrong_value_for_one_run_is_not_told_of_the_file() -> None:
    wrong = '[feeds]\nlimit = "x"\n'
    assert told(load_text(SITE + wrong, ["feeds.limit='x'"])[1]) == [
        "--set CL403 `feeds.limit` must be a whole number, not the text “x”"
    ]


def test_all_slips_are_told_at_once() -> None:
    _, problems = load_text('[site]\nlanguage = 3\ntitel = "x"\n[urls]\nlinks = "nice"\n')
    assert told(problems) == [
        "site.toml:2:12 CL403 `site.language` must be text, not a number",
        "site.toml:3:1 CL401 unknown setting `site.titel`",
        "site.toml:1:2 CL402 `site.title` is missing",
        "site.toml:1:2 CL402 `site.base_url` is missing",
        "site.toml:5:9 CL404 “nice” is no `urls.links`",
    ]


def test_a_slip_leaves_the_rest_usable() -> None:
    config, problems = load_text(SITE + '[content]\npage_size = "x"\n')
    assert (without_places(config), len(problems)) == (without_places(load_text(SITE)[0]), 1)


@pytest.mark.parametrize(
    ("base_url", "number"),
    [
        ("rivers.example", "CL406"),
        ("/blog/", "CL406"),
        ("ftp://rivers.example/", "CL406"),
        ("mailto:a@rivers.example", "CL406"),
        ("https://", "CL406"),
        ("https://user:secret@rivers.example/", "CL406"),
        ("https://rivers.example/?a=b", "CL412"),
        ("https://rivers.example/#a", "CL412"),
    ],
)
def test_the_address_of_a_site_is_absolute(base_url: str, number: str) -> None:
    config, problems = load_text(f'[site]\ntitle = "A"\nbase_url = "{base_url}"\n')
    assert (config, [(p.code, p.line, p.column) for p in problems]) == (None, [(number, 3, 12)])


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("license", "Write `licence`."),
        ("url", "Write `base_url`."),
        ("lang", "Write `language`."),
        ("titel", "Did you mean “title”?"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(name: str, hint: str) -> None:
    assert [problem.hint for problem in load_text(f'{SITE}{name} = "x"\n')[1]] == [hint]


def test_an_override_replaces_a_setting() -> None:
    config, problems = load_text(SITE, ["content.page_size=3", 'site.title = "Other"', "theme.settings.accent='red'"])
    plain = load_text(SITE)[0]
    assert config is not None
    assert plain is not None
    expected = structs.replace(
        plain,
        site=structs.replace(plain.site, title="Other"),
        content=ContentSettings(3),
        theme=ThemeSettings(settings={"accent": "red"}),
        places={**plain.places, "content.page_size": (0, 0), "site.title": (0, 0), "theme.settings.accent": (0, 0)},
    )
    assert (config, problems) == (expected, ())


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("site.title=Hello", ["--set CL411 “Hello” is no TOML value for site.title"]),
        ("site.title", ["--set CL411 “site.title” is not name=value"]),
        ("site.titel='x'", ["--set CL401 unknown setting `site.titel`"]),
        ("content.page_size='x'", ["--set CL403 `content.page_size` must be a whole number, not the text “x”"]),
        ("site.title='x'\nurls=3", ["--set CL411 “'x'\nurls=3” is no TOML value for site.title"]),
        ("site='x'", ["--set CL403 `site` must be a group of keys, not the text “x”"]),
        ("a." * 5000 + "a=1", None),
    ],
)
def test_an_override_that_is_wrong_is_told_as_one(override: str, expected: list[str] | None) -> None:
    found = told(load_text(SITE, [override])[1])
    assert found if expected is None else found[: len(expected)] == expected


def test_an_override_mends_what_the_file_has_wrong() -> None:
    config, problems = load_text(SITE + '[feeds]\nlimit = "x"\n', ["feeds.limit=3"])
    assert config is not None
    assert (config.feeds.limit, problems) == (3, ())


def test_settings_are_read_from_the_root_of_a_site(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"\xef\xbb\xbf" + SITE.replace("\n", "\r\n").encode())
    config, problems = load_config(tmp_path)
    assert (config, told(problems)) == (
        load_text(SITE)[0],
        ["site.toml:1:1 CL101 the file begins with a byte order mark"],
    )


def test_a_folder_without_settings_is_no_site(tmp_path: Path) -> None:
    config, problems = load_config(tmp_path)
    assert (config, told(problems)) == (None, ["site.toml CL410 there is no site.toml here"])


def test_settings_that_are_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "site.toml").mkdir()
    assert [problem.code for problem in load_config(tmp_path)[1]] == ["CL410"]


def test_settings_in_another_encoding_are_told(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(SITE.encode("utf-16"))
    assert told(load_config(tmp_path)[1]) == ["site.toml:1:1 CL102 the file is UTF-16, not UTF-8"]


def fields_of(table: Table) -> list[Field]:
    inner = [each for field in table.fields if field.table is not None for each in fields_of(field.table)]
    return [*table.fields, *inner]


def test_each_setting_has_a_sentence() -> None:
    assert [field.name for field in fields_of(SETTINGS) if not field.sentence.endswith(".")] == []


VALUES: st.SearchStrategy[Any] = st.sampled_from(
    ["3", '"x"', "true", "[]", "{}", '["x"]', "[3]", "2026-01-01", "[[1]]", "{a = 1}", '""', "-1", "1.5"]
)
NAMES = st.sampled_from(
    [
        *SETTINGS.names,
        *(f"{field.name}.{inner}" for field in SETTINGS.fields if field.table for inner in field.table.names),
        "authors.a",
        "variants.v.site",
        "plugins.p",
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=6))
def test_no_settings_raise(lines: list[tuple[str, str]]) -> None:
    load_text("\n".join(f"{name} = {value}" for name, value in lines))
    load_text(SITE, [f"{name}={value}" for name, value in lines])
