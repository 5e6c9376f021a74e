"""`clarion theme`: themes are found, begun, copied from, compared, checked, and added, whatever they bring."""

import io
import json
import os
import stat
import struct
import time
import zipfile
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli.group import clarion
from generator.config import load_config
from generator.theme import bundled_themes
from generator.work.theme import add as adding
from generator.work.theme import archive as archives
from generator.work.theme import offers as offering
from generator.work.theme.check import check_theme
from generator.work.theme.given import GIVEN
from generator.work.theme.sources import problems_in, without_jinja
from tests.conftest import NOW, SETTINGS, TinySite
from tests.test_theme_names import rows, words

CLARION = SETTINGS.replace('name = "plain"', 'name = "clarion"')
BROADSHEET: Mapping[str, str] = {
    "theme.toml": 'name = "broadsheet"\nparent = "plain"\napi = 1\n',
    "templates/feeds.html": '{% extends "plain:feeds.html" %}',
    "static/broadsheet.css": "a{color:inherit}",
    "README.md": "A theme.",
}


@pytest.fixture
def clarion_site(tmp_path: Path) -> TinySite:
    root = tmp_path / "site"
    root.mkdir()
    site = TinySite(root, CLARION)
    site.post("water")
    return site


def run(site: TinySite, *arguments: str) -> Result:
    return CliRunner().invoke(clarion, ["theme", *arguments, "--site", str(site.root), "--now", NOW])


def told(site: TinySite, *arguments: str) -> dict[str, Any]:
    result = run(site, *arguments, "--format", "json")
    value: dict[str, Any] = json.loads(result.stdout)
    assert value["exit"] == result.exit_code
    return value


def codes(value: Mapping[str, Any]) -> list[str]:
    return [problem["code"] for problem in value["problems"]]


def files_of(site: TinySite) -> dict[str, bytes]:
    return {
        path.relative_to(site.root).as_posix(): path.read_bytes() for path in site.root.rglob("*") if path.is_file()
    }


# list


def test_the_list_has_every_theme_with_what_it_lets_one_choose(clarion_site: TinySite) -> None:
    clarion_site.write("site.toml", CLARION + "[theme.settings]\nmeasure = 70\n")
    clarion_site.write("themes/own/theme.toml", 'name = "own"\nparent = "plain"\n[settings.gap]\ntype = "length"\n')
    found = {theme["name"]: theme for theme in told(clarion_site, "list")["themes"]}
    assert {name: (each["place"], each["use"], each["parents"], each["form"]) for name, each in found.items()} == {
        "base": ("clarion", "parent", [], "page"),
        "clarion": ("clarion", "theme", ["base"], "page"),
        "own": ("site", "", ["plain", "base"], "plain"),
        "plain": ("clarion", "", ["base"], "plain"),
    }
    measure = next(each for each in found["clarion"]["settings"] if each["name"] == "measure")
    assert measure == {
        "name": "measure",
        "type": "int",
        "allowed": "a whole number from 45 to 80",
        "default": 64,
        "sentence": "How many characters a line of text holds, about.",
        "value": 70,
    }


def test_the_list_reads_as_sentences(clarion_site: TinySite) -> None:
    clarion_site.write("site.toml", CLARION + "[theme.settings]\nmeasure = 70\n")
    assert run(clarion_site, "list", "base", "clarion").stdout.splitlines()[:8] == [
        "base  in use, as a parent · comes with Clarion · API 1",
        "  footer        A line at the foot of each page.",
        "                a text in one line; default none",
        "  footer_links  Links at the foot of each page, before all others.",
        "                links, groups with `title` and `page`; default none",
        "",
        "clarion  in use · comes with Clarion · API 1 · parents: base",
        "  accent        The one signal colour, on light ground.",
    ]
    assert "a whole number from 45 to 80; default 64; here 70" in run(clarion_site, "list", "clarion").stdout


def test_a_theme_that_is_not_there_is_no_list(clarion_site: TinySite) -> None:
    result = run(clarion_site, "list", "clarino")
    assert (result.exit_code, "Did you mean “clarion”?" in result.stderr) == (1, True)


# new


@pytest.mark.parametrize("parent", ["clarion", "plain"])
def test_a_new_theme_builds_at_once_and_has_nothing_wrong(clarion_site: TinySite, parent: str) -> None:
    files = told(clarion_site, "new", "mine", "--parent", parent)["files"]
    assert files == ["themes/mine/theme.toml", "themes/mine/templates/layout.html", "themes/mine/static/mine.css"]
    clarion_site.write("site.toml", CLARION.replace('"clarion"', '"mine"'))
    assert clarion_site.problems() == []
    page = clarion_site.read("water/index.html")
    assert page.index("assets/mine.") > page.index(".css")
    assert page.count('rel="stylesheet"') >= 2
    assert told(clarion_site, "check")["problems"] == []


def test_a_theme_of_base_stands_on_its_own_and_shows_pictures(clarion_site: TinySite) -> None:
    files = told(clarion_site, "new", "mine", "--parent", "base")["files"]
    assert {"themes/mine/templates/article.html", "themes/mine/static/mine.css"} <= set(files)
    clarion_site.write("site.toml", CLARION.replace('"clarion"', '"mine"'))
    assert clarion_site.problems() == []
    assert told(clarion_site, "check")["problems"] == []
    (mine,) = told(clarion_site, "list", "mine")["themes"]
    assert (mine["parents"], mine["form"]) == (["base"], "page")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("My theme", "CL363"),
        ("../mine", "CL363"),
        ("con", "CL363"),
        ("", "CL363"),
        ("x" * 80, "CL363"),
        ("clarion", "CL362"),
        ("taken", "CL362"),
    ],
)
def test_a_name_no_theme_can_have_writes_nothing(clarion_site: TinySite, name: str, code: str) -> None:
    clarion_site.write("themes/TAKEN/notes.txt", "mine")
    before = files_of(clarion_site)
    assert codes(told(clarion_site, "new", name)) == [code]
    assert files_of(clarion_site) == before


def test_an_unknown_parent_writes_nothing(clarion_site: TinySite) -> None:
    value = told(clarion_site, "new", "mine", "--parent", "clarino")
    assert [(each["code"], each["hint"]) for each in value["problems"]] == [("CL309", "Did you mean “clarion”?")]
    assert not (clarion_site.root / "themes").exists()


# copy and diff


def test_a_copy_is_the_site_s_own_and_counts(clarion_site: TinySite) -> None:
    assert told(clarion_site, "copy", "partials/footer.html", "static/favicon.svg")["files"] == [
        "templates/partials/footer.html",
        "static/favicon.svg",
    ]
    original = (bundled_themes() / "base/templates/partials/footer.html").read_bytes()
    assert (clarion_site.root / "templates/partials/footer.html").read_bytes() == original
    assert clarion_site.problems() == []
    overrides = told(clarion_site, "diff")["overrides"]
    assert {(each["path"], each["state"]) for each in overrides} == {
        ("static/favicon.svg", "same"),
        ("templates/partials/footer.html", "same"),
    }
    clarion_site.edit("templates/partials/footer.html", '<footer class="foot">', '<footer class="foot mine">')
    overrides = told(clarion_site, "diff")["overrides"]
    assert [each["state"] for each in overrides if each["path"].endswith("footer.html")] == ["copied"]
    assert clarion_site.problems() == []


def test_nothing_is_copied_over_what_is_there_or_when_one_name_is_wrong(clarion_site: TinySite) -> None:
    clarion_site.write("templates/list.html", '{% extends "clarion:list.html" %}')
    before = files_of(clarion_site)
    assert codes(told(clarion_site, "copy", "home.html", "list.html")) == ["CL912"]
    value = told(clarion_site, "copy", "home.html", "lsit.html")
    assert [(each["code"], each["hint"]) for each in value["problems"]] == [
        ("CL304", "Did you mean “templates/list.html”?")
    ]
    for name in ("../clarion/theme.toml", "templates/../theme.toml", "/etc/passwd", "locales/en.toml"):
        assert codes(told(clarion_site, "copy", name)) == ["CL304"], name
    assert files_of(clarion_site) == before


def with_a_parent(site: TinySite) -> None:
    """A theme of the site with a child, so that a test can change what is copied."""
    site.write("themes/parent/theme.toml", 'name = "parent"\nparent = "plain"\n')
    site.write(
        "themes/parent/templates/feeds.html", '{% extends "plain:feeds.html" %}\n{% block title %}One{% endblock %}\n'
    )
    site.write("site.toml", SETTINGS.replace('"plain"', '"parent"'))


def test_a_copy_that_the_theme_has_left_behind_is_told_by_every_build_until_it_is_seen(site: TinySite) -> None:
    site.post("water")
    with_a_parent(site)
    run(site, "copy", "feeds.html")
    site.edit("templates/feeds.html", "One", "Mine")
    assert site.problems() == []
    site.edit("themes/parent/templates/feeds.html", "One", "Two")
    (problem,) = site.build().problems
    assert str(problem) == (
        "templates/feeds.html: warning CL328 this was copied from the theme “parent”, which has another version now"
    )
    result = run(site, "diff")
    assert (result.exit_code, run(site, "diff", "--strict").exit_code) == (0, 1)
    lines = result.stdout.splitlines()
    assert lines[0] == "templates/feeds.html: the theme “parent” has another version than the one it was copied from"
    assert "    -{% block title %}Mine{% endblock %}" in lines
    assert "    +{% block title %}Two{% endblock %}" in lines
    assert lines[-2:] == [
        "1 file in the place of a theme's: 1 drifted.",
        "Take over what you want of it, then: clarion theme diff --seen",
    ]
    assert told(site, "diff", "--seen")["seen"] == ["templates/feeds.html"]
    assert site.problems() == []
    assert run(site, "diff").stdout == "1 file in the place of a theme's: none has drifted.\n"


def test_an_override_nobody_noted_is_compared_with_what_the_theme_has_now(clarion_site: TinySite) -> None:
    clarion_site.write("templates/partials/part_of.html", "<p>mine</p>\n")
    clarion_site.write("templates/list.html", '{% extends "clarion:list.html" %}')
    (found,) = told(clarion_site, "diff")["overrides"]
    assert (found["path"], found["theme"], found["state"]) == ("templates/partials/part_of.html", "base", "unknown")
    assert "-<p>mine</p>" in found["difference"]


def test_what_the_theme_has_no_longer_is_told(site: TinySite) -> None:
    with_a_parent(site)
    site.write("themes/parent/templates/partials/gone.html", "x")
    run(site, "copy", "partials/gone.html")
    (site.root / "themes/parent/templates/partials/gone.html").unlink()
    assert [each["state"] for each in told(site, "diff")["overrides"]] == ["gone"]
    assert [problem.code for problem in site.build().problems] == ["CL328"]
    assert told(site, "diff", "--seen")["seen"] == ["templates/partials/gone.html"]
    assert (told(site, "diff")["overrides"], site.problems()) == ([], [])


def test_a_copy_can_go_into_a_theme_of_the_site(clarion_site: TinySite) -> None:
    run(clarion_site, "new", "mine")
    clarion_site.write("site.toml", CLARION.replace('"clarion"', '"mine"'))
    assert told(clarion_site, "copy", "list.html", "--into", "mine")["files"] == ["themes/mine/templates/list.html"]
    assert codes(told(clarion_site, "copy", "list.html", "--into", "../..")) == ["CL309"]
    assert "themes/mine/templates/list.html" in (clarion_site.root / "themes/copied.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "damaged", ["x", '["../../etc/passwd"]\ntheme = "base"\ndigest = "0"', "a = 3", '"templates/x" = {}']
)
def test_a_damaged_list_of_copies_never_leads_anywhere(clarion_site: TinySite, damaged: str) -> None:
    clarion_site.write("themes/copied.toml", damaged)
    assert {problem.code for problem in clarion_site.build().problems} <= {"CL107"}


# check


def test_the_themes_that_come_with_clarion_have_nothing_wrong(clarion_site: TinySite) -> None:
    for name in ("base", "clarion", "plain"):
        config, _ = load_config(clarion_site.root)
        assert config is not None
        found = check_theme(clarion_site.root, config, name)
        assert [str(problem) for problem in found.problems] == []
        assert len(found.files) > 10


def test_every_template_of_the_docs_is_one_the_check_knows_with_its_names() -> None:
    listed: dict[str, frozenset[str]] = {}
    for cells in rows("Templates and what each is given"):
        for template in words(cells[0]):
            listed[template] = frozenset() if cells[2].startswith("nothing more") else frozenset(words(cells[2]))
    assert listed == GIVEN


WRONG = """\
{# A comment, with words #}
{% extends "clarion:feeds.html" %}
{% block main %}
{% include "partials/nothing.html" %}
<h1 style="color: red" title="{{ page.title }}">{{ t("feeds") }} Read <b>more</b></h1>
<p onclick="go()">{{ listing.cards }} {{ site.tilte }}{{ theme.acent }} {{ t("no_such") }}</p>{{ asset("nix.css").url }}
<script>alert("words here are code")</script><style>p{color:red}</style>
<script type="application/ld+json">{"a": "words"}</script>
<img src="//tracker.example/x.gif" alt="A river {{ page.title }}">
<link rel="stylesheet" href="https://cdn.example/a.css"><link rel="canonical" href="https://river.example/">
<a href="https://river.example/">{{ page.title }}</a><a href="javascript:go()">·</a>
<a href="/" ping="https://count.example/">·</a><img src="{{ url(page.url) }}" srcset="a.jpg 1x, //cdn.example/b.jpg 2x">
<p translate="no">Clarion</p><code>words</code>&nbsp;&middot;
{% endblock %}
"""


def test_the_check_tells_all_that_is_wrong_with_its_place(clarion_site: TinySite) -> None:
    clarion_site.write("themes/mine/theme.toml", 'name = "mine"\nparent = "clarion"\napi = 1\n')
    clarion_site.write("themes/mine/templates/feeds.html", WRONG)
    clarion_site.write(
        "themes/mine/static/mine.js",
        '// see https://docs.example/\nfetch("https://api.example/x");\nconst ns = "http://www.w3.org/2000/svg";\n',
    )
    clarion_site.write(
        "themes/mine/static/mine.css",
        "p{margin-left:1rem;text-align: right}\n/* left: 1 */q{left:0;inset-inline-start:0}\n@import 'https://fonts.example/a.css';\n",
    )
    result = run(clarion_site, "check", "mine", "--format", "json")
    found = [
        f"{each['path'].removeprefix('themes/mine/')}:{each['line']}:{each['column']} {each['code']}"
        for each in json.loads(result.stdout)["problems"]
    ]
    assert result.exit_code == 1
    page = "templates/feeds.html"
    assert sorted(found) == sorted(
        [
            "static/mine.css:3:10 CL318",
            "static/mine.js:2:8 CL324",
            f"{page}:4:1 CL304",
            f"{page}:5:5 CL323",
            f"{page}:5:66 CL325",
            f"{page}:5:74 CL325",
            f"{page}:6:4 CL323",
            f"{page}:6:22 CL302",
            f"{page}:6:42 CL302",
            f"{page}:6:58 CL302",
            f"{page}:6:76 CL307",
            f"{page}:6:98 CL306",
            f"{page}:7:1 CL323",
            f"{page}:7:46 CL323",
            f"{page}:9:6 CL324",
            f"{page}:9:41 CL325",
            f"{page}:10:24 CL324",
            f"{page}:11:57 CL323",
            f"{page}:12:13 CL324",
            f"{page}:12:79 CL324",
            "static/mine.css:1:3 CL326",
            "static/mine.css:1:20 CL326",
            "static/mine.css:2:16 CL326",
        ]
    )


def test_a_theme_without_pages_is_told_which_templates_it_lacks(clarion_site: TinySite) -> None:
    clarion_site.write("themes/bare/theme.toml", 'name = "bare"\napi = 1\n')
    value = told(clarion_site, "check", "bare")
    assert codes(value) == ["CL304"]
    assert value["problems"][0]["message"].startswith(
        "neither this theme nor its parents have article.html, page.html,"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ page.title | shout }}", "CL301"),
        ("{{ page.title is shouted }}", "CL301"),
        ("{% if %}", "CL301"),
        ("{{ page.title | xml }}", ""),
    ],
)
def test_a_template_that_cannot_be_made_ready_is_told(clarion_site: TinySite, text: str, code: str) -> None:
    clarion_site.write("templates/partials/part_of.html", text)
    assert codes(told(clarion_site, "check")) == [code] * bool(code)


def test_the_check_of_the_theme_in_use_looks_at_the_files_of_the_site_too(clarion_site: TinySite) -> None:
    clarion_site.write("templates/partials/page_end.html", "<p>Words</p>\n")
    assert codes(told(clarion_site, "check")) == ["CL325"]
    assert run(clarion_site, "check", "--strict").exit_code == 1
    assert codes(told(clarion_site, "check", "plain")) == []
    answered = '\n[[ignore]]\ncode = "CL325"\npath = "templates/**/*.html"\nreason = "A site of one language."\n'
    clarion_site.write("site.toml", CLARION + answered)
    assert codes(told(clarion_site, "check")) == []


def test_a_theme_that_is_not_there_is_told(clarion_site: TinySite) -> None:
    assert codes(told(clarion_site, "check", "clarino")) == ["CL309"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a{# b #}c", "a       c"),
        ("{% if a == '%}' %}b", "                  b"),
        ('{{ "}}" }}b', "\ue000" * 10 + "b"),
        ("{% raw %}<b>{{ x }}</b>{% endraw %}", " " * 9 + "<b>{{ x }}</b>" + " " * 12),
        ("{{ a\n}}b", "\ue000" * 4 + "\n" + "\ue000" * 2 + "b"),
        ("{% never", "{% never"),
    ],
)
def test_jinja_is_taken_out_in_place(text: str, left: str) -> None:
    assert without_jinja(text) == left
    assert len(left) == len(text)


MANY = 20_000


@pytest.mark.parametrize(
    "text",
    [
        *(
            each * MANY
            for each in ("<", "{{", "<a ", "{%'", "<!--", '<a b="', "<a '", "/*", "{#", "{{ a }}", "left", "&", "//")
        ),
        "<a " + "b " * MANY,
        "{{ " + "'a' " * MANY,
        "text-align" + " " * MANY,
        "<a b" + " " * MANY + "c",
        "<![CDATA[" * MANY,
        "<?" * MANY,
        "{% raw %}" * MANY,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_file_that_is_made_to_take_long_does_not(text: str) -> None:
    began = time.monotonic()
    for name in ("a.html", "a.css", "a.js"):
        list(problems_in(name, text))
    assert time.monotonic() - began < 5


# add


def zipped(
    target: Path, files: Mapping[str, str | bytes], change: Callable[[zipfile.ZipInfo], None] | None = None
) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            if change is not None:
                change(info)
            archive.writestr(info, content)
    return target


@pytest.mark.parametrize("inside", ["", "broadsheet-main/"])
def test_a_theme_from_a_zip_is_added_whole(clarion_site: TinySite, tmp_path: Path, inside: str) -> None:
    files = {**BROADSHEET, "setup.py": "import os", ".github/ci.yml": "x", "static/tool.py": "x", "static/.env": "x"}
    folders = dict.fromkeys((f"{inside}static/", f"{inside}templates/", inside or "static/"), "")
    source = zipped(tmp_path / "b.zip", {**folders, **{f"{inside}{name}": text for name, text in files.items()}})
    value = told(clarion_site, "add", str(source))
    assert (value["theme"], value["files"]) == ("broadsheet", sorted(BROADSHEET))
    assert value["left_out"] == [".github/ci.yml", "setup.py", "static/.env", "static/tool.py"]
    assert value["problems"] == []
    clarion_site.write("site.toml", CLARION.replace('"clarion"', '"broadsheet"'))
    assert clarion_site.problems() == []
    assert sorted(path.name for path in (clarion_site.root / "themes").iterdir()) == ["broadsheet"]


def test_a_theme_from_a_folder_is_added_without_what_git_and_editors_keep(
    clarion_site: TinySite, tmp_path: Path
) -> None:
    for name, text in {**BROADSHEET, ".git/config": "x", "templates/feeds.html~": "x"}.items():
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_text(text, encoding="utf-8")
    value = told(clarion_site, "add", str(tmp_path / "source"))
    assert (value["files"], value["left_out"]) == (sorted(BROADSHEET), [])


def test_a_theme_from_a_package_is_added_and_nothing_of_the_package_is_run(
    clarion_site: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "packages" / "broadsheet_theme"
    for name, text in BROADSHEET.items():
        (home / "theme" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "theme" / name).write_text(text, encoding="utf-8")
    for module in ("__init__.py", "theme/__init__.py"):
        (home / module).write_text("raise SystemExit('it was run')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    entry = EntryPoint("broadsheet", "broadsheet_theme.theme", offering.GROUP)
    for module in (offering, adding):
        monkeypatch.setattr(module, "installed_themes", lambda: {"broadsheet": entry})
    offered = {each["name"]: each["place"] for each in told(clarion_site, "list")["themes"]}
    assert offered["broadsheet"] == "package broadsheet_theme.theme"
    assert told(clarion_site, "add", "broadsheet")["files"] == sorted(BROADSHEET)


def test_a_theme_is_replaced_only_when_that_is_asked_for(clarion_site: TinySite, tmp_path: Path) -> None:
    source = zipped(tmp_path / "b.zip", BROADSHEET)
    told(clarion_site, "add", str(source))
    clarion_site.write("themes/broadsheet/templates/mine.html", "mine")
    assert codes(told(clarion_site, "add", str(source))) == ["CL362"]
    assert (clarion_site.root / "themes/broadsheet/templates/mine.html").exists()
    assert told(clarion_site, "add", str(source), "--replace")["files"] == sorted(BROADSHEET)
    assert not (clarion_site.root / "themes/broadsheet/templates/mine.html").exists()
    assert sorted(path.name for path in (clarion_site.root / "themes").iterdir()) == ["broadsheet"]


@pytest.mark.parametrize("name", ["clarion", "base", "plain"])
def test_no_theme_takes_the_place_of_one_that_comes_with_clarion(
    clarion_site: TinySite, tmp_path: Path, name: str
) -> None:
    source = zipped(tmp_path / "b.zip", {"theme.toml": f'name = "{name}"\napi = 1\n'})
    for arguments in ((), ("--replace",)):
        assert codes(told(clarion_site, "add", str(source), *arguments)) == ["CL362"]
    assert not (clarion_site.root / "themes").exists()


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ('name = "broadsheet"\n', "CL313"),
        ('name = "broadsheet"\napi = 99\n', "CL313"),
        ('name = "../../evil"\napi = 1\n', "CL363"),
        ('name = "nul"\napi = 1\n', "CL363"),
        ("name = 3\napi = 1\n", "CL360"),
        ("api = 1\n", "CL360"),
        ("x", "CL360"),
        ("\xff", "CL360"),
    ],
)
def test_what_does_not_say_what_it_is_is_not_added(
    clarion_site: TinySite, tmp_path: Path, description: str, code: str
) -> None:
    source = zipped(tmp_path / "b.zip", {"theme.toml": description.encode("latin-1"), "templates/a.html": "x"})
    assert codes(told(clarion_site, "add", str(source))) == [code]
    assert not (clarion_site.root / "themes").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.html",
        "templates/../../evil.html",
        "/etc/evil",
        "C:/evil.html",
        "c:evil.html",
        "templates\\..\\..\\evil.html",
        "templates/con.html",
        "templates/aux",
        "templates/a:b.html",
        "templates/trailing.",
        "templates/bell\x07.html",
        "templates//a.html",
        "./templates/a.html",
        "templates/" + "x" * 300,
        "Theme.toml",
        "THEME.TOML",
        "theme.toml/a.html",
        "templates/e\u0301.html",
        "../",
        "/etc/",
        "templates/con/",
    ],
)
def test_names_that_harm_are_refused_before_anything_is_written(
    clarion_site: TinySite, tmp_path: Path, name: str
) -> None:
    source = zipped(tmp_path / "b.zip", {**BROADSHEET, "templates/\u00e9.html": "x", name: "evil"})
    before = files_of(clarion_site)
    assert codes(told(clarion_site, "add", str(source))) == ["CL361"]
    assert files_of(clarion_site) == before
    assert not (tmp_path / "evil.html").exists()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_are_refused(clarion_site: TinySite, tmp_path: Path, kind: int) -> None:
    def change(info: zipfile.ZipInfo) -> None:
        if info.filename == "static/link":
            info.external_attr = (kind | 0o777) << 16

    source = zipped(tmp_path / "b.zip", {**BROADSHEET, "static/link": "/etc/passwd"}, change)
    assert codes(told(clarion_site, "add", str(source))) == ["CL361"]
    assert not (clarion_site.root / "themes").exists()


def test_a_link_in_a_folder_is_refused(clarion_site: TinySite, tmp_path: Path) -> None:
    for name, text in BROADSHEET.items():
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_text(text, encoding="utf-8")
    (tmp_path / "source/static/me").symlink_to("/etc")
    assert codes(told(clarion_site, "add", str(tmp_path / "source"))) == ["CL361"]


def test_a_bomb_is_refused_by_what_comes_out_of_it(
    clarion_site: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_MOST_OF_ONE", 100_000)
    source = zipped(tmp_path / "b.zip", {**BROADSHEET, "static/zeros.css": b"0" * 1_000_000})
    assert codes(told(clarion_site, "add", str(source))) == ["CL361"]
    monkeypatch.setattr(archives, "MOST_BYTES", 300_000)
    many = {f"static/{number}.css": b"0" * 90_000 for number in range(5)}
    assert codes(told(clarion_site, "add", str(zipped(tmp_path / "c.zip", {**BROADSHEET, **many})))) == ["CL361"]
    assert not (clarion_site.root / "themes").exists()


def test_a_bomb_that_lies_about_its_size_is_refused(
    clarion_site: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_MOST_OF_ONE", 100_000)
    source = zipped(tmp_path / "b.zip", {**BROADSHEET, "static/zeros.css": b"0" * 1_000_000})
    content = source.read_bytes().replace(struct.pack("<L", 1_000_000), struct.pack("<L", 10))
    source.write_bytes(content)
    assert codes(told(clarion_site, "add", str(source))) == ["CL361"]
    assert not (clarion_site.root / "themes").exists()


def test_too_many_files_are_refused(clarion_site: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 5)
    source = zipped(tmp_path / "b.zip", {**BROADSHEET, **{f"static/{number}.css": "" for number in range(3)}})
    assert codes(told(clarion_site, "add", str(source))) == ["CL361"]


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_told(clarion_site: TinySite, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    assert set(codes(told(clarion_site, "add", str(tmp_path / "b.zip")))) <= {"CL360", "CL361"}


def test_a_damaged_archive_is_told(clarion_site: TinySite, tmp_path: Path) -> None:
    stream = io.BytesIO(zipped(tmp_path / "b.zip", {**BROADSHEET, "static/a.css": os.urandom(5000)}).read_bytes())
    whole = stream.getvalue()
    for at in range(40, len(whole), 401):
        (tmp_path / "c.zip").write_bytes(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :])
        value = told(clarion_site, "add", str(tmp_path / "c.zip"), "--replace")
        assert value["exit"] == 0 or set(codes(value)) <= {"CL313", "CL360", "CL361", "CL362", "CL363"}


def test_a_theme_that_is_not_there_has_a_suggestion(clarion_site: TinySite, tmp_path: Path) -> None:
    zipped(tmp_path / "broadsheet.zip", BROADSHEET)
    (problem,) = told(clarion_site, "add", str(tmp_path / "brodsheet.zip"))["problems"]
    assert problem["code"] == "CL360"


def test_a_theme_that_lacks_its_parent_says_so(clarion_site: TinySite, tmp_path: Path) -> None:
    source = zipped(tmp_path / "b.zip", {"theme.toml": 'name = "child"\nparent = "far"\napi = 1\n'})
    result = run(clarion_site, "add", str(source))
    assert (result.exit_code, "its parent “far” is not here yet: add it too" in result.stdout) == (0, True)
