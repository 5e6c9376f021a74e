"""What a preview does at a save: draw what shows the changed words from memory, or leave it to a whole build."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from generator.build import build
from generator.model.report import Report
from generator.pipeline.session import Session
from generator.rebuild import rebuild, warm
from tests.conftest import NOW, TinySite, instant


class Preview:
    """A site with the session of a preview, and a clean build of it to compare with."""

    def __init__(self, site: TinySite, place: Path) -> None:
        self.site = site
        self.place = place
        self.pages = place / "pages"
        self.session = Session()
        self.clean = 0

    def build(self) -> Report:
        """The whole site, as a preview builds it."""
        return self._built(self.pages, self.place / "state", self.session)

    def save(self, *paths: str, now: str = NOW) -> Report | None:
        """What becomes of saving these files."""
        return rebuild(self.session, frozenset(paths), now=instant(now), clock=_ticks())

    def shown(self) -> dict[str, bytes]:
        """What visitors see."""
        return _files(self.pages)

    def wanted(self) -> dict[str, bytes]:
        """What a clean build shows."""
        self.clean += 1
        folder = self.place / f"clean-{self.clean}"
        assert self._built(folder / "pages", folder / "state", None).ok
        return _files(folder / "pages")

    def _built(self, output: Path, state: Path, session: Session | None) -> Report:
        return build(
            self.site.root,
            now=instant(NOW),
            clock=_ticks(),
            output=output,
            state=state,
            drafts=True,
            future=True,
            session=session,
        )


def _ticks() -> Callable[[], float]:
    ticks = count()
    return lambda: float(next(ticks))


def _files(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".clarion-output")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def preview(site: TinySite, tmp_path: Path) -> Preview:
    """Three articles, one of them a draft, built once."""
    site.post("river", "First words.\n\nSecond words with a [link](stone.md).", tags="[water]")
    site.post("stone", "Stone words.\n\nMore of them.", date="2026-11-02")
    site.post("draft", "Hidden words.\n\nMore of those.", status="draft")
    made = Preview(site, tmp_path / "preview")
    assert made.build().ok
    return made


def test_a_saved_text_is_drawn_on_its_page_and_in_the_feeds_that_carry_it(preview: Preview) -> None:
    preview.site.edit("content/posts/river.md", "Second words", "Other words")
    report = preview.save("content/posts/river.md")
    assert report is not None
    assert set(report.written) == {"river/index.html", "feed.xml", "rss.xml", "feed.json", "tags/water/feed.xml"}
    assert preview.shown() == preview.wanted()


def test_one_save_after_another_gives_what_a_clean_build_gives(preview: Preview) -> None:
    for old, new in (("Second", "Third"), ("Third", "Fourth"), ("Fourth", "Second")):
        preview.site.edit("content/posts/river.md", old, new)
        assert preview.save("content/posts/river.md") is not None
        assert preview.shown() == preview.wanted()
    preview.site.edit("content/posts/stone.md", "More of", "None of")
    preview.site.edit("content/posts/river.md", "Second", "Last")
    assert preview.save("content/posts/stone.md", "content/posts/river.md") is not None
    assert preview.shown() == preview.wanted()
    assert preview.build().written == ()


def test_a_draft_is_drawn_too(preview: Preview) -> None:
    preview.site.edit("content/posts/draft.md", "More of those", "Less of those")
    report = preview.save("content/posts/draft.md")
    assert report is not None
    assert "draft/index.html" in report.written
    assert preview.shown() == preview.wanted()


def test_saving_the_same_bytes_draws_nothing(preview: Preview) -> None:
    report = preview.save("content/posts/river.md")
    assert report is not None
    assert report.written == ()


def test_drawing_once_for_nothing_changes_nothing(preview: Preview) -> None:
    before = preview.shown()
    warm(preview.session)
    assert preview.shown() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: River", "title: Brook"),
        ("First words", "Other first words"),
        ("tags: [water]", "tags: [water, stone]"),
        ("[link](stone.md)", "[link](draft.md)"),
        ("[link](stone.md)", "[link](nowhere.md)"),
        ("Second words", "## A heading\n\nSecond words"),
        ("Second words", ":::comment\nMine.\n:::\n\nSecond words"),
        ("title: River", "title: River\nstatus: unlisted"),
        ("Second words", "Second words [broken](\n"),
    ],
)
def test_whatever_else_may_read_is_left_to_a_whole_build(preview: Preview, old: str, new: str) -> None:
    before = preview.shown()
    preview.site.edit("content/posts/river.md", old, new)
    assert preview.save("content/posts/river.md") is None
    assert preview.shown() == before


@pytest.mark.parametrize("path", ["site.toml", "templates/article.html", "content/posts/new.md", "content/posts"])
def test_a_file_that_is_no_known_text_is_left_to_a_whole_build(preview: Preview, path: str) -> None:
    assert preview.save(path) is None
    assert preview.save("content/posts/river.md", path) is None


def test_a_text_that_became_a_link_or_is_gone_is_left_to_a_whole_build(preview: Preview, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.md").write_text("secret")
    preview.site.remove("content/posts/river.md")
    assert preview.save("content/posts/river.md") is None
    (preview.site.root / "content/posts/river.md").symlink_to(tmp_path / "elsewhere.md")
    assert preview.save("content/posts/river.md") is None


def test_once_time_has_changed_the_site_a_whole_build_is_needed(site: TinySite, tmp_path: Path) -> None:
    site.post("river", "First.\n\nSecond.", expires="2026-12-01")
    preview = Preview(site, tmp_path / "preview")
    assert preview.build().ok
    assert preview.save("content/posts/river.md", now="2026-11-30T00:00:00Z") is not None
    assert preview.save("content/posts/river.md", now="2026-12-02T00:00:00Z") is None
    assert preview.save("content/posts/river.md", now="2026-11-01T00:00:00Z") is None


def test_a_text_about_which_something_is_said_is_left_to_a_whole_build(site: TinySite, tmp_path: Path) -> None:
    site.post("river", "First.\n\nNobody refers to this.\n\n[^1]: A note.")
    preview = Preview(site, tmp_path / "preview")
    assert [problem.code for problem in preview.build().problems] == ["CL204"]
    site.edit("content/posts/river.md", "Nobody", "Somebody")
    assert preview.save("content/posts/river.md") is None


def test_without_a_build_before_nothing_can_be_drawn_again() -> None:
    assert rebuild(Session(), {"content/posts/river.md"}, now=0, clock=_ticks()) is None
