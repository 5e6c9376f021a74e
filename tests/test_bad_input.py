"""Whatever an author gets wrong is told at its exact line and column, all at once, and nothing is written."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import SETTINGS, TinySite

HEAD = "---\ntitle: Water\ndate: 2026-11-01\n---\n"
POST = "content/posts/water.md"

CASES = {
    "utf-16": (HEAD.encode("utf-16"), "1:1: error"),
    "invalid utf-8": (HEAD.encode() + b"good\nbad \xff byte\n", "6:5: error"),
    "curly quotes as yaml quotes": ("---\ntitle: “Water”\ndate: 2026-11-01\n---\n", "2:8: error"),
    "an unclosed block": ("---\ntitle: Water\ndate: 2026-11-01\n\nText.\n", "1:1: error"),
    "a list as front matter": ("---\n- Water\n- Rivers\n---\nText.\n", "2:1: error"),
    "prose between two rules": ("---\nIt rained.\n---\nText.\n", "2:1: error"),
    "a key twice": ("---\ntitle: Water\ndate: 2026-11-01\ntitle: Rain\n---\n", "4:1: error"),
    "an unknown key": ("---\ntitle: Water\ndate: 2026-11-01\nsumary: Rain\n---\n", "4:1: error"),
    "a wrong type": ("---\ntitle: Water\ndate: 2026-11-01\npinned: maybe\n---\n", "4:9: error"),
    "an impossible date": ("---\ntitle: Water\ndate: 2026-02-30\n---\n", "3:7: error"),
    "a yaml tag": ("---\ntitle: !!python/object:os.system x\ndate: 2026-11-01\n---\n", "2:8: error"),
    "a yaml anchor": ("---\ntitle: &a Water\ndate: 2026-11-01\n---\n", "2:8: error"),
    "a second colon": ("---\ntitle: Water: a story\ndate: 2026-11-01\n---\n", "2:13: error"),
    "a slug that climbs": ("---\ntitle: Water\ndate: 2026-11-01\nslug: ../etc\n---\n", "4:7: error"),
    "an alias with a control character": (
        '---\ntitle: Water\ndate: 2026-11-01\naliases: ["/a\\u0007b/"]\n---\n',
        "4:11: error",
    ),
    "draft: true": ("---\ntitle: Water\ndate: 2026-11-01\ndraft: true\n---\n", "4:1: error"),
    "an unclosed code fence": (HEAD + "Text.\n\n```python\nprint()\n", "7:1: error"),
    "an undefined link reference": (HEAD + "See [this][nope].\n", "5:12: error"),
    "an undefined footnote": (HEAD + "See.[^1]\n", "5:5: error"),
    "a missing link target": (HEAD + "\nSee [it](rain.md).\n", "6:10: error CL250"),
    "a missing anchor": (HEAD + "## Rain\n\n[there](#rian)\n", "7:9: error CL254"),
    "a missing picture": (HEAD + "![A lake](lake.jpg)\n", "5:11: error CL250"),
    "a link out of content": (HEAD + "[secret](../../site.toml)\n", "5:10: error CL253"),
    "an address that is not there": (HEAD + "[tags](/tgas/)\n", "5:8: error CL259"),
    "a link without a scheme": (HEAD + "[x](//elsewhere.example/)\n", "5:5: error CL252"),
    "an unknown directive": (HEAD + ":::apeal{from=x}\nDear.\n:::\n", "5:1: error"),
    "a script link": (HEAD + "[x](javascript:alert(1))\n", "5:5: error"),
    "an inline handler": (HEAD + '<p onclick="x()">Hi</p>\n', "5:4: error"),
    "a picture of elsewhere": (HEAD + "![x](https://elsewhere.example/x.png)\n", "5:6: error"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_at_its_place_and_nothing_is_written(site: TinySite, name: str) -> None:
    source, place = CASES[name]
    site.write(POST, source)
    report = site.build()
    told = [str(problem) for problem in report.problems if problem.severity == "error"]
    assert not report.ok
    assert [line[: len(POST) + 1 + len(place)] for line in told] == [f"{POST}:{place}"]
    assert all(problem.hint for problem in report.problems)
    assert site.outputs() == {}


@pytest.mark.parametrize("source", [b"\xef\xbb\xbf" + HEAD.encode(), HEAD.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_windows_line_ends_are_read(site: TinySite, source: bytes) -> None:
    site.write(POST, source + b"See [it](rain.md).\n")
    (problem,) = [problem for problem in site.build().problems if problem.severity == "error"]
    assert str(problem).startswith(f"{POST}:5:10: error CL250")


def test_a_byte_order_mark_never_publishes_a_draft(site: TinySite) -> None:
    site.write(POST, b"\xef\xbb\xbf---\ntitle: Water\ndate: 2026-11-01\nstatus: draft\n---\nText.\n")
    assert site.build().ok
    assert "water/index.html" not in site.outputs()


def test_a_file_named_md_txt_is_told(site: TinySite) -> None:
    site.write("content/posts/water.md.txt", HEAD)
    (told,) = site.problems()
    assert told.startswith("content/posts/water.md.txt: error")


def test_norwegian_is_a_language_and_not_a_refusal(tmp_path: Path) -> None:
    """In YAML 1.1 `no` is false; here `language: no` names a language."""
    site = TinySite(tmp_path, SETTINGS + "\n[languages.no]\n")
    site.post("water", language="no")
    assert site.build().ok
    assert '<html lang="no" dir="ltr">' in site.read("no/water/index.html")


def test_suggestions_name_what_was_meant(site: TinySite) -> None:
    site.post("rivers", "## Upper bank")
    site.post("water", "[a](rivrs.md) [b](rivers.md#uper-bank) [c](/feds/)")
    hints = [problem.hint for problem in site.build().problems]
    assert hints == ["Did you mean “rivers.md”?", "Did you mean “#upper-bank”?", "Did you mean “/feeds/”?"]


def test_a_link_to_a_draft_is_an_error_and_one_to_a_scheduled_article_becomes_its_text(site: TinySite) -> None:
    site.post("later", date="2030-01-01")
    site.post("draft", status="draft")
    site.post("water", "See [soon](later.md).")
    report = site.build()
    assert report.ok
    assert [str(problem) for problem in report.problems] == [
        "content/posts/water.md:5:12: warning CL257 “later.md” is scheduled: the link is shown as its text"
    ]
    assert "<p>See soon.</p>" in site.read("water/index.html")
    site.edit("content/posts/water.md", "later.md", "draft.md")
    assert [str(problem) for problem in site.build().problems] == [
        "content/posts/water.md:5:12: error CL256 “draft.md” is a draft"
    ]


def test_mistakes_in_drafts_and_expired_articles_are_notes_and_in_scheduled_ones_errors(site: TinySite) -> None:
    site.post("draft", "[x](nowhere.md)", status="draft", sumary="x")
    site.post("gone", expires="2026-11-05", sumary="x")
    report = site.build()
    assert report.ok
    assert {problem.severity for problem in report.problems} == {"note"}
    assert {problem.path for problem in report.problems} == {"content/posts/draft.md", "content/posts/gone.md"}
    site.post("later", date="2030-01-01", sumary="x")
    assert not site.build().ok


def test_two_articles_that_will_ever_share_an_address_are_told_naming_both(site: TinySite) -> None:
    site.post("water")
    site.post("later", date="2030-01-01", slug="Water")
    problems = site.build().problems
    assert [problem.code for problem in problems] == ["CL706"]
    assert "content/posts/" in problems[0].message


@pytest.mark.parametrize("alias", ["/feed.xml/", "/rivers/", "/RIVERS/", "/archive/"])
def test_an_alias_that_another_output_has_is_told_naming_both(site: TinySite, alias: str) -> None:
    site.post("rivers")
    site.post("water", aliases=f'["{alias}"]')
    report = site.build()
    assert not report.ok
    assert any("water.md" in str(problem) for problem in report.problems)


def test_a_link_in_the_file_system_that_leads_out_of_content_is_refused(site: TinySite, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("---\ntitle: Secret\ndate: 2026-01-01\n---\nZanzibar\n", encoding="utf-8")
    site.post("water")
    (site.root / "content/posts/secret.md").symlink_to(tmp_path / "secret.md")
    (site.root / "content/posts/folder").symlink_to(tmp_path)
    assert site.problems() == [
        "content/posts/folder: error CL702 this link leads out of content/",
        "content/posts/secret.md: error CL702 this link leads out of content/",
    ]


def test_unknown_settings_are_told_at_their_place_with_a_suggestion(tmp_path: Path) -> None:
    site = TinySite(tmp_path, SETTINGS.replace("timezone", "timzone") + "\n[feeeds]\nlimit = 3\n")
    site.post("water")
    report = site.build()
    assert [problem.place for problem in report.problems] == ["site.toml:5:1", "site.toml:10:2"]
    assert ["timezone" in report.problems[0].hint, "feeds" in report.problems[1].hint] == [True, True]


def test_all_mistakes_are_told_at_once_in_order(site: TinySite) -> None:
    site.post("b", "[x](nowhere.md)\n\n[y](nothing.md)")
    site.post("a", sumary="x")
    assert [problem.place for problem in site.build().problems] == [
        "content/posts/a.md:4:1",
        "content/posts/b.md:5:5",
        "content/posts/b.md:7:5",
    ]


def test_hostile_titles_are_text_everywhere(site: TinySite) -> None:
    title = '</script><script>alert(1)</script> & "quotes" ]]> <b>'
    site.post("water", title=f"'{title}'", tags="['<i>&tag</i>']", summary="'<b>x</b> ]]>'")
    assert site.build().ok
    for path, content in site.outputs().items():
        if path == "feed.json":
            assert json.loads(content)["items"][0]["title"] == title
            continue
        text = content.decode()
        assert "<script>alert" not in text, path
        assert "<b>" not in text, path
        assert "<i>&" not in text, path


def test_ten_thousand_nested_brackets_quotes_and_directives_do_not_hang_or_crash(site: TinySite) -> None:
    site.post("a", "[" * 10_000)
    site.post("b", ">" * 10_000 + " deep")
    site.post("c", ":::comment\n" * 2_000)
    report = site.build()
    assert not report.ok
    assert {problem.path for problem in report.problems} <= {f"content/posts/{name}.md" for name in "abc"}


def test_where_there_is_support_an_address_is_a_link_and_words_are_words(site: TinySite) -> None:
    support = '["https://help.example/x", "mailto:help@help.example", "Read http://[", "See https://help.example/"]'
    site.post("water", content_note=f"{{topics: [thirst], support: {support}}}", summary="Short.")
    assert site.build().ok
    note = site.read("water/index.html").partition("</ul>")[0]
    assert '<a href="https://help.example/x" rel="noopener noreferrer">Support: help.example</a>' in note
    assert '<a href="mailto:help@help.example" rel="noopener noreferrer">Support: help@help.example</a>' in note
    assert "<li>Read http://[</li>" in note
    assert "<li>See https://help.example/</li>" in note


def test_a_picture_in_static_that_tells_where_it_was_taken_is_refused(site: TinySite) -> None:
    """Files of `static/` go out as they are, so the build looks into them."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (43.0, 19.0, 0.0)
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, "JPEG", exif=exif)
    site.post("water")
    site.write("static/photo.jpg", made.getvalue())
    assert site.problems() == [
        "static/photo.jpg: error CL611 static/photo.jpg would go out as it is, with its GPS position"
    ]


def test_two_articles_of_one_id_are_told_at_its_place(site: TinySite) -> None:
    """Copying a file is how most people begin a post; feed readers would take the two for one."""
    for name in ("a", "b"):
        site.post(name, id="3f382ea8-e92d-403c-a4ff-37340c43088e")
    assert site.problems() == ["content/posts/b.md:4:5: error CL710 this and content/posts/a.md have the same id"]


def test_a_draft_is_told_what_is_wrong_with_its_links_as_notes(site: TinySite) -> None:
    site.post("draft", "[x](nowhere.md) ![y](no.png) [z](#no)", status="draft")
    report = site.build()
    assert report.ok
    assert [(problem.severity, problem.code, problem.column) for problem in report.problems] == [
        ("note", "CL250", 5),
        ("note", "CL250", 22),
        ("note", "CL254", 34),
    ]


def test_a_template_that_extends_itself_is_told_whose_version_to_name(site: TinySite) -> None:
    site.post("water")
    site.write("templates/article.html", '\n{% extends "article.html" %}\n')
    (problem,) = site.build().problems
    assert str(problem) == "templates/article.html:2:1: error CL319 “article.html” cannot extend itself"
    site.write("templates/article.html", '\n{% extends "plain:article.html" %}\n')
    assert site.problems() == []


def test_what_is_to_be_left_out_must_be_there(site: TinySite) -> None:
    site.post("water")
    report = site.build(without=("content/posts/watr.md",))
    assert [(str(problem), problem.hint) for problem in report.problems] == [
        ("error CL712 there is no text content/posts/watr.md to leave out", "Did you mean “content/posts/water.md”?")
    ]


def test_what_editors_and_git_leave_in_static_is_not_published(site: TinySite) -> None:
    site.post("water")
    for name in ("notes.txt~", ".notes.swp", ".env", ".git/config", "Thumbs.db", ".well-known/security.txt", "CNAME"):
        site.write(f"static/{name}", "x")
    site.build()
    names = {name for name, content in site.outputs().items() if content == b"x"}
    assert names == {".well-known/security.txt", "CNAME"}


def test_a_theme_setting_of_a_wrong_kind_is_told_and_never_reaches_a_stylesheet(tmp_path: Path) -> None:
    site = TinySite(tmp_path, SETTINGS.replace('name = "plain"', 'name = "clarion"'))
    site.post("water")
    for value in ('"notacolour"', '"red;}body{display:none"', "3"):
        report = site.build(overrides=(f"theme.settings.accent={value}",))
        assert [problem.code for problem in report.problems] == ["CL312"], value
    assert site.build(overrides=('theme.settings.accent="#123456"',)).ok
