"""Beginning a site, a post, a page."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import frontmatter
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.cli.group import clarion
from generator.config import load_config
from generator.work.new.document import clean_title, document, file_name, new_post
from generator.work.new.place import New, write_new
from generator.work.new.site import new_site, site_files, title_of

DAY = date(2026, 11, 22)
NOW = "2026-11-22T12:00:00Z"
IDENTIFIER = "6f1de1f1-7c1a-4c56-9a5a-6b1f0c0d2b11"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(clarion, [*arguments, "--now", NOW])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    assert isinstance(
        new_site(tmp_path / "water", title="Water", day=DAY, identifiers=(IDENTIFIER, IDENTIFIER[::-1])), New
    )
    return tmp_path / "water"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_site_has_settings_two_texts_and_says_what_to_do_next(tmp_path: Path) -> None:
    result = run("new", "site", "water-is-a-right", "--site", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert set(contents(tmp_path / "water-is-a-right")) == {
        "site.toml",
        "content/posts/welcome.md",
        "content/pages/about.md",
        ".gitignore",
        "README.md",
    }
    settings = tomllib.loads((tmp_path / "water-is-a-right/site.toml").read_text())
    assert settings["site"] == {
        "title": "Water is a right",
        "base_url": "https://example.org/",
        "id": "example.org",
        "language": "en",
        "timezone": "UTC",
    }
    assert "clarion serve" in result.output
    assert "base_url" in result.output


def test_a_new_site_builds_without_any_problem(tmp_path: Path) -> None:
    assert run("new", "site", "water", "--site", str(tmp_path)).exit_code == 0
    result = run("build", "--site", str(tmp_path / "water"), "--strict", "--format", "json")
    report = json.loads(result.output)
    assert (result.exit_code, report["problems"], report["left_out"]) == (0, [], [])
    assert (tmp_path / "water/output/welcome/index.html").is_file()
    assert (tmp_path / "water/output/about/index.html").is_file()


def test_a_folder_that_holds_anything_but_git_is_no_place_for_a_new_site(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")
    (tmp_path / "fresh/.git").mkdir(parents=True)
    result = run("new", "site", "mine", "--site", str(tmp_path))
    assert (result.exit_code, contents(tmp_path / "mine")) == (1, {"letter.txt": b"dear"})
    assert "error CL910" in result.output
    assert run("new", "site", "fresh", "--site", str(tmp_path)).exit_code == 0


@given(title=st.text(min_size=1))
@settings(max_examples=200, deadline=None)
def test_any_title_makes_settings_and_a_post_that_read_back_as_it_was(title: str) -> None:
    shown = clean_title(title)
    if not shown:
        return
    assert tomllib.loads(site_files(shown, DAY, ("a", "b"))["site.toml"])["site"]["title"] == shown
    assert frontmatter.loads(document(shown, "Begin.", day=DAY, identifier=IDENTIFIER)).metadata == {
        "title": shown,
        "date": DAY,
        "status": "draft",
        "id": IDENTIFIER,
    }


def test_front_matter_stands_in_the_order_an_author_reads_it() -> None:
    assert document('A: "B"', "Text.", day=DAY, identifier=IDENTIFIER) == (
        f"---\ntitle: 'A: \"B\"'\ndate: 2026-11-22\nstatus: draft\nid: {IDENTIFIER}\n---\n\nText.\n"
    )


def test_a_long_title_stays_on_its_line() -> None:
    title = "water " * 60 + "end"
    assert f"title: {title}\n" in document(title, "", day=DAY, identifier=IDENTIFIER)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Water is a right", "water-is-a-right"),
        ("حقوق الإنسان", "حقوق-الإنسان"),
        ("मानव अधिकार", "मानव-अधिकार"),
        ("人权", "人权"),
        ("!!!", "2026-11-22"),
        ("🕊", "2026-11-22"),
        ("Search", "search-2026-11-22"),
        ("Con", "con-2026-11-22"),
    ],
)
def test_the_file_is_named_by_the_title_in_its_own_script(title: str, name: str) -> None:
    assert file_name(title, DAY, "en", "posts") == name


def test_a_page_may_be_the_text_above_what_clarion_makes() -> None:
    assert file_name("Search", DAY, "en", "pages") == "search"
    assert file_name("Assets", DAY, "en", "pages") == "assets-2026-11-22"


def test_a_new_post_is_a_draft_with_an_id_and_the_day_in_the_sites_zone(site: Path) -> None:
    (site / "site.toml").write_text((site / "site.toml").read_text().replace('"UTC"', '"Pacific/Auckland"'))
    result = run("new", "post", "Water", "is", "life", "--site", str(site))
    assert result.exit_code == 0, result.output
    post = frontmatter.load(str(site / "content/posts/water-is-life.md"))
    assert UUID(str(post["id"])).version == 4
    assert {**post.metadata, "id": ""} == {
        "title": "Water is life",
        "date": date(2026, 11, 23),
        "status": "draft",
        "id": "",
    }
    assert "content/posts/water-is-life.md" in result.output
    assert "status: published" in result.output


def test_nothing_is_ever_overwritten(site: Path) -> None:
    bundle = site / "content/posts/well/index.md"
    bundle.parent.mkdir()
    bundle.write_text("mine")
    before = contents(site)
    for title in ("Welcome", "Well"):
        result = run("new", "post", title, "--site", str(site))
        assert result.exit_code == 1
        assert "error CL912" in result.output
    assert contents(site) == before


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    """An exclusive creation must not follow a link: it would write outside of the site."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a.md").symlink_to(tmp_path / "outside.md")
    problem = write_new(tmp_path / "site", "a.md", "text")
    assert problem is not None
    assert problem.code == "CL912"
    assert not (tmp_path / "outside.md").exists()


def test_titles_that_say_nothing_to_a_slug_do_not_meet(site: Path) -> None:
    made = [new_post(site, title, day=DAY, identifier=IDENTIFIER, language="en") for title in ("!!!", "???", "…")]
    assert made == [
        New(("content/posts/2026-11-22.md",)),
        New(("content/posts/2026-11-22-2.md",)),
        New(("content/posts/2026-11-22-3.md",)),
    ]


def test_a_post_goes_into_a_section_that_exists(site: Path) -> None:
    (site / "content/press").mkdir()
    (site / "content/press/_section.toml").write_text('title = "Press"\n')
    assert run("new", "post", "Hello", "--section", "press", "--site", str(site)).exit_code == 0
    assert (site / "content/press/hello.md").is_file()
    result = run("new", "post", "Hello", "--section", "pres", "--site", str(site))
    assert result.exit_code == 1
    assert "error CL913" in result.output
    assert "Did you mean “press”?" in result.output


@pytest.mark.parametrize("section", ["../../outside", "drafts", "pages", "/tmp", ""])  # noqa: S108 - an attack, nothing is written
def test_a_section_cannot_lead_elsewhere(site: Path, section: str) -> None:
    before = contents(site.parent)
    result = run("new", "post", "Hello", "--section", section, "--site", str(site))
    assert (result.exit_code, contents(site.parent)) == (1, before)


@pytest.mark.parametrize("title", ["", "   ", "\n", "\x07"])
def test_an_empty_title_is_refused(site: Path, title: str) -> None:
    before = contents(site)
    result = run("new", "post", title, "--site", str(site))
    assert (result.exit_code, "error CL911" in result.output, contents(site)) == (1, True, before)


def test_a_title_cannot_add_front_matter(site: Path) -> None:
    result = run("new", "post", "Water\nstatus: published\n---\nrobots: all", "--site", str(site))
    assert result.exit_code == 0
    made = next(path for path in (site / "content/posts").iterdir() if path.name != "welcome.md")
    assert frontmatter.load(str(made))["status"] == "draft"
    assert frontmatter.load(str(made))["title"] == "Water status: published --- robots: all"


def test_a_new_page_is_a_draft_in_pages(site: Path) -> None:
    result = run("new", "page", "How to help", "--site", str(site), "--format", "json")
    told: dict[str, Any] = json.loads(result.output)
    assert told == {
        "command": "new page",
        "exit": 0,
        "folder": str(site.resolve()),
        "files": ["content/pages/how-to-help.md"],
    }
    assert frontmatter.load(str(site / "content/pages/how-to-help.md"))["status"] == "draft"


def test_outside_of_a_site_there_is_nothing_to_add_to(tmp_path: Path) -> None:
    result = run("new", "post", "Water", "--site", str(tmp_path))
    assert (result.exit_code, contents(tmp_path)) == (1, {})
    assert "site.toml" in result.output


def test_the_settings_of_a_new_site_are_read_without_a_problem(site: Path) -> None:
    config, problems = load_config(site, ())
    assert problems == ()
    assert config is not None
    assert config.menu[0].page == "pages/about.md"


@pytest.mark.parametrize(("name", "title"), [("water-is-life", "Water is life"), ("вода", "Вода"), ("水", "水")])
def test_a_site_is_titled_by_its_folder(name: str, title: str) -> None:
    assert title_of(Path(name)) == title
