"""What a theme lets a site choose: typed, checked all at once, read by templates and stylesheets."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from generator.source.colours import contrast, counterpart, nearest_readable
from generator.source.theme_settings import TYPES
from generator.theme import bundled_themes
from tests.conftest import SETTINGS, TinySite

CLARION = SETTINGS.replace('name = "plain"', 'name = "clarion"')
FIRST = f"{CLARION}\n[theme.settings]\n".count("\n") + 1
"""The line on which the first setting stands that a test chooses."""
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h9v9"/></svg>'


@pytest.fixture
def clarion(tmp_path: Path) -> TinySite:
    """A tiny site with the theme `clarion`."""
    site = TinySite(tmp_path, CLARION)
    site.post("water")
    return site


def chosen(site: TinySite, *lines: str) -> None:
    """Gives the settings of the theme, a line each."""
    site.write("site.toml", "\n".join((CLARION, "[theme.settings]", *lines, "")))


def style(site: TinySite) -> str:
    (path,) = (path for path in site.outputs() if re.match(r"assets/style\.\w+\.css", path))
    return site.read(path)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000", "#fff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
        ("#0000ff", "#FFF", 8.592),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.001)


@pytest.mark.parametrize("colour", ["#fc0", "#ffffff", "#808080", "#00ff00", "#ff00ff", "#fffdf7", "#1a1a1a"])
def test_the_nearest_colour_passes_and_one_that_passes_stays(colour: str) -> None:
    for grounds in (("#fffdf7",), ("#151a20", "#1a1a1a")):
        found = nearest_readable(colour, grounds)
        assert min(contrast(found, ground) for ground in grounds) >= 4.5
        assert nearest_readable(found, grounds) == found


def test_between_two_grounds_that_leave_no_room_stands_the_better_of_black_and_white() -> None:
    assert nearest_readable("#ff0000", ("#707070", "#8a8a8a")) == "#000000"


def test_a_counterpart_keeps_the_hue_and_stands_out_as_much() -> None:
    dark = counterpart("#00508a", ("#fffdf7",), ("#151a20",))
    assert 6.9 < contrast(dark, "#151a20") < 7.6
    red, green, blue = (int(dark[at : at + 2], 16) for at in (1, 3, 5))
    assert red < green < blue


def test_one_accent_gives_both_grounds_theirs(clarion: TinySite) -> None:
    chosen(clarion, 'accent = "#00508a"')
    assert clarion.problems() == []
    light, dark = re.findall(r"--signal:(#\w+);", style(clarion))[:2]
    assert light == "#00508a"
    assert contrast(dark, "#151a20") >= 4.5
    assert contrast(dark, "#1a1a1a") >= 4.5


def test_an_accent_for_the_dark_gives_one_for_the_light(clarion: TinySite) -> None:
    chosen(clarion, 'accent_dark = "#8ec5ff"')
    assert clarion.problems() == []
    light, dark = re.findall(r"--signal:(#\w+);", style(clarion))[:2]
    assert dark == "#8ec5ff"
    assert contrast(light, "#fffdf7") >= 4.5


def test_an_accent_that_is_hard_to_read_is_told_with_its_measure_and_the_nearest_that_is_not(clarion: TinySite) -> None:
    chosen(clarion, 'accent = "#ffcc00"', 'accent_dark = "#444"')
    report = clarion.build()
    assert [(str(each), each.hint) for each in report.problems] == [
        (
            (
                f"site.toml:{FIRST}:10: error CL321 theme.settings.accent: #ffcc00 on #ece5d8 has a contrast of 1.2:1; "
                "text needs 4.5:1"
            ),
            "The nearest colour that has it is #7f6400.",
        ),
        (
            (
                f"site.toml:{FIRST + 1}:15: error CL321 theme.settings.accent_dark: #444 on #20272f has a contrast of "
                "1.54:1; text needs 4.5:1"
            ),
            "The nearest colour that has it is #8d8d8d.",
        ),
    ]


def test_the_grounds_a_theme_names_are_those_of_its_stylesheet(clarion: TinySite) -> None:
    """Else an accent would be checked against colours that readers never see."""
    description = (bundled_themes() / "clarion" / "theme.toml").read_text(encoding="utf-8")
    named = set(re.findall(r"#[0-9a-f]{6}", " ".join(re.findall(r"^on = (.*)", description, re.MULTILINE))))
    clarion.build()
    assert {re.search(rf"--(?:paper|ink|tint):{ground}", style(clarion)) is None for ground in named} == {False}


def test_all_mistakes_in_the_settings_of_a_theme_are_told_at_once(clarion: TinySite) -> None:
    chosen(
        clarion,
        'acent = "#036"',
        "measure = 200",
        'front_leads = "everything"',
        "closes = 1",
        'logo = "../secret.png"',
        'footer = "one\\ntwo"',
        'footer_links = [{ title = "Run", page = "javascript:alert(1)" }]',
    )
    report = clarion.build()
    assert [(str(each), each.hint) for each in report.problems] == [
        (f"site.toml:{FIRST}:9: error CL311 the theme has no setting “acent”", "Did you mean “accent”?"),
        (
            f"site.toml:{FIRST + 1}:11: error CL312 theme.settings.measure takes a whole number from 45 to 80",
            "How many characters a line of text holds, about.",
        ),
        (
            f"site.toml:{FIRST + 2}:15: error CL312 theme.settings.front_leads takes article or action or none",
            "What the front page leads with: an article, the most urgent action, or nothing but the list.",
        ),
        (
            f"site.toml:{FIRST + 3}:10: error CL312 theme.settings.closes takes true or false",
            "Whether a small script shows an action as closed when its deadline has passed since the last build.",
        ),
        (
            (
                f"site.toml:{FIRST + 4}:8: error CL312 theme.settings.logo takes the name of a picture in static/ "
                "(.svg, .png, .jpg, .jpeg, .webp, .gif, .avif)"
            ),
            "A picture before the name of the site, at the height of two lines.",
        ),
        (
            f"site.toml:{FIRST + 5}:10: error CL312 theme.settings.footer takes a text in one line",
            "A line at the foot of each page.",
        ),
        (
            (
                f"site.toml:{FIRST + 6}:16: error CL312 theme.settings.footer_links takes links, groups with "
                "`title` and `page`"
            ),
            "Links at the foot of each page, before all others.",
        ),
    ]


def test_the_measure_reaches_the_stylesheet(clarion: TinySite) -> None:
    chosen(clarion, "measure = 48")
    clarion.build()
    assert "--measure:25.5rem;" in style(clarion)


def test_a_logo_is_an_asset_with_its_size(clarion: TinySite) -> None:
    clarion.write("static/marks/logo.svg", LOGO)
    chosen(clarion, 'logo = "marks/logo.svg"')
    assert clarion.problems() == []
    page = clarion.read("water/index.html")
    found = re.search(
        r'<img class="logo" src="\.\./(assets/marks/logo\.\w+\.svg)" width="120" height="40" alt="">', page
    )
    assert found is not None
    assert clarion.outputs()[found[1]] == LOGO


def test_a_new_logo_draws_the_pages_anew(clarion: TinySite) -> None:
    clarion.write("static/logo.svg", LOGO)
    chosen(clarion, 'logo = "logo.svg"')
    clarion.build()
    clarion.write("static/logo.svg", LOGO.replace(b"120", b"240"))
    clarion.build()
    assert 'width="240"' in clarion.read("water/index.html")


@pytest.mark.parametrize("content", [b"<svg/>", b"<svg viewBox='0 0 0 40'/>", b"no picture", b""])
def test_a_logo_whose_size_is_not_known_is_told(clarion: TinySite, content: bytes) -> None:
    name = "logo.svg" if content.startswith(b"<") else "logo.png"
    clarion.write(f"static/{name}", content)
    chosen(clarion, f'logo = "{name}"')
    assert clarion.problems() == [
        f"site.toml:{FIRST}:8: error CL322 theme.settings.logo: the size of “{name}” cannot be read"
    ]


def test_a_logo_that_is_not_there_is_told(clarion: TinySite) -> None:
    clarion.write("static/logo.svg", LOGO)
    chosen(clarion, 'logo = "lgo.svg"')
    report = clarion.build()
    assert [(str(each), each.hint) for each in report.problems] == [
        (
            f"site.toml:{FIRST}:8: error CL322 theme.settings.logo: there is no “lgo.svg” in static/",
            "Did you mean “logo.svg”?",
        )
    ]


def test_the_foot_of_each_page_has_the_links_of_the_site(clarion: TinySite) -> None:
    clarion.write("content/pages/about.md", "---\ntitle: About\n---\nUs.\n")
    chosen(
        clarion,
        'footer = "Made <by> hand"',
        'footer_links = [{ title = "Who", page = "pages/about.md" }, { title = "Code", page = "https://c.example/" }]',
    )
    assert clarion.problems() == []
    page = clarion.read("water/index.html")
    assert "<p>Made &lt;by&gt; hand</p>" in page
    assert '<a href="../about/">Who</a>' in page
    assert '<a href="https://c.example/">Code</a>' in page


def test_a_link_of_the_theme_to_what_is_not_there_is_told_like_one_of_the_menu(clarion: TinySite) -> None:
    chosen(
        clarion,
        'footer_links = [{ title = "Who", page = "pages/abot.md" }, { title = "Far", page = "/nowhere/" }]',
    )
    assert clarion.problems() == [
        f"site.toml:{FIRST}:41: error CL430 theme.settings.footer_links names “pages/abot.md”, which is not there",
        f"site.toml:{FIRST}:84: error CL259 this site has no “/nowhere/”",
    ]


def test_the_front_page_leads_with_what_the_site_chose(clarion: TinySite) -> None:
    clarion.post("river", actions="[{ id: keep, url: 'https://rivers.example/', closes: 2026-12-01, title: Keep it }]")
    clarion.build()
    assert clarion.read("index.html").index('class="lead') < clarion.read("index.html").index(
        'class="action loud urgent"'
    )
    chosen(clarion, 'front_leads = "action"')
    clarion.build()
    home = clarion.read("index.html")
    assert home.index('class="action loud urgent"') < home.index('class="lead')
    assert home.count('class="action loud urgent"') == 1
    chosen(clarion, 'front_leads = "none"')
    clarion.build()
    assert 'class="lead' not in clarion.read("index.html")


@pytest.mark.parametrize(
    ("declared", "told", "hint"),
    [
        (
            '[settings.mood]\ntype = "color"',
            "3:8 CL310 `settings.mood` does not say its type",
            "Did you mean “colour”?",
        ),
        ("[settings.mood]\nsort = 3", "3:1 CL310 `settings.mood` has no “sort”", ""),
        (
            '[settings.mood]\ntype = "bool"\nleast = 3',
            "4:9 CL310 `settings.mood` has `least`, which a setting of type bool does not",
            "It is for int and number.",
        ),
        (
            '[settings.mood]\ntype = "int"\nleast = 3\ndefault = 2',
            "5:11 CL310 the default of `settings.mood` is not a whole number, at least 3",
            "Mend the default.",
        ),
        ('[settings.mood]\ntype = "enum"', "2:11 CL310 `settings.mood` does not say its values", ""),
        ('[settings.mood]\ntype = "colour"\non = ["paper"]', "4:6 CL310 `settings.mood` has a wrong `on`", ""),
        (
            '[settings.mood]\ntype = "colour"\non = ["#fff"]\ndefault = "#777"',
            "5:11 CL321 the default of `settings.mood`: #777 on #fff has a contrast of 4.47:1; text needs 4.5:1",
            "#767676",
        ),
        (
            '[settings.mood]\ntype = "colour"\npair = "other"',
            "4:8 CL310 `settings.mood` has no pair “other”",
            "Name another setting of type colour.",
        ),
        ("[settings.Mood-y]\n", "2:11 CL310 a template could not name the setting “Mood-y”", ""),
        ('settings = { mood = "calm" }', "2:14 CL310 `settings.mood` does not say its type", ""),
    ],
)
def test_a_declaration_that_says_nothing_is_told_where_it_stands(
    site: TinySite, declared: str, told: str, hint: str
) -> None:
    site.write("site.toml", SETTINGS.replace('"plain"', '"own"'))
    site.write("themes/own/theme.toml", f'name = "own"\n{declared}\n')
    place, _, message = told.partition(" ")
    found = [problem for problem in site.build().problems if problem.path == "themes/own/theme.toml"]
    assert [(f"{each.line}:{each.column} {each.code} {each.message}") for each in found] == [f"{place} {message}"]
    assert hint in found[0].hint


def test_a_length_is_one_and_never_more_of_a_stylesheet(site: TinySite) -> None:
    site.write(
        "themes/own/theme.toml", 'name = "own"\nparent = "plain"\n[settings.gap]\ntype = "length"\ndefault = "2rem"\n'
    )
    for value, codes in (('"1.5rem"', []), ('"0"', []), ('"1rem;}body{color:red"', ["CL312"]), ("3", ["CL312"])):
        site.write("site.toml", f"{SETTINGS.replace('plain', 'own')}[theme.settings]\ngap = {value}\n")
        assert [problem.code for problem in site.build().problems] == codes, value


def test_a_stylesheet_cannot_ask_for_what_only_templates_know(clarion: TinySite) -> None:
    clarion.write("static/logo.svg", LOGO)
    clarion.write("static/own.css.jinja", "a{background:url({{ theme.logo.url }})}")
    clarion.write(
        "templates/feeds.html",
        "{% extends 'clarion:feeds.html' %}{% block head %}{{ asset('own.css').url }}{% endblock %}",
    )
    chosen(clarion, 'logo = "logo.svg"')
    assert clarion.problems() == ["static/own.css.jinja:1:1: error CL303 theme has no “logo”"]


def test_the_docs_tell_of_each_setting_of_the_themes_that_come_with_clarion() -> None:
    text = (bundled_themes().parent / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, head in (("base", "in `[theme.settings]`"), ("clarion", "in `[theme.settings]` of `clarion`")):
        table = text.partition(f"| {head} |")[2].partition("\n\n")[0]
        told = [[cell.strip(" `") for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]
        description = tomllib.loads((bundled_themes() / name / "theme.toml").read_text(encoding="utf-8"))
        assert told == [
            [each, rule["type"], json.dumps(rule["default"]) if "default" in rule else "—", rule["sentence"]]
            for each, rule in description["settings"].items()
        ]


def test_the_docs_tell_of_each_type_of_setting() -> None:
    text = (bundled_themes().parent / "docs" / "themes.md").read_text(encoding="utf-8")
    table = text.partition("| type | what a site may write |")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == TYPES


def test_a_link_to_a_page_that_is_not_published_yet_waits_for_it(clarion: TinySite) -> None:
    clarion.post("later", date="2026-12-01")
    chosen(clarion, 'footer_links = [{ title = "Later", page = "posts/later.md" }]')
    (problem,) = clarion.build().problems
    assert (problem.code, problem.severity, problem.place) == ("CL430", "warning", f"site.toml:{FIRST}:43")
    assert ">Later</a>" not in clarion.read("water/index.html")
    assert clarion.build(now="2026-12-02T12:00:00Z").problems == ()
    assert '<a href="../later/">Later</a>' in clarion.read("water/index.html")


def test_a_line_more_above_the_settings_draws_nothing(clarion: TinySite) -> None:
    clarion.write("static/logo.svg", LOGO)
    chosen(clarion, 'logo = "logo.svg"', 'footer_links = [{ title = "Water", page = "posts/water.md" }]')
    clarion.build()
    clarion.edit("site.toml", "[theme.settings]", "# What we chose\n\n[theme.settings]")
    report = clarion.build(explain=True)
    assert (report.written, dict(report.reasons)) == ((), {})


def test_templates_read_a_page_and_a_number_as_the_docs_say(site: TinySite) -> None:
    site.write("content/pages/about.md", "---\ntitle: About us\n---\nUs.\n")
    site.write(
        "themes/own/theme.toml",
        'name = "own"\nparent = "plain"\n[settings.more]\ntype = "page"\n'
        '[settings.ratio]\ntype = "number"\nleast = 0.5\ndefault = 1\n',
    )
    site.write(
        "templates/feeds.html",
        "{% extends 'plain:feeds.html' %}{% block title %}{{ theme.ratio }}"
        "{% if theme.more %} {{ theme.more.text }} {{ url(theme.more) }}{% endif %}{% endblock %}",
    )
    settings = SETTINGS.replace('"plain"', '"own"') + "[theme.settings]\nratio = 1.5\n"
    for page, title in (
        ("pages/about.md", "1.5 About us ../about/"),
        ("", "1.5"),
        ("https://a.example/", "1.5  https://a.example/"),
    ):
        site.write("site.toml", settings + (f'more = "{page}"\n' if page else ""))
        assert site.problems() == []
        assert f"<title>{title}</title>" in site.read("feeds/index.html")
    site.write("site.toml", settings.replace("1.5", "0.1"))
    line = SETTINGS.count("\n") + 2
    assert site.problems() == [f"site.toml:{line}:9: error CL312 theme.settings.ratio takes a number, at least 0.5"]
