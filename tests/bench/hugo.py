"""Hugo's site for the bench."""

from collections.abc import Iterable
from pathlib import Path

from tests.bench.corpus import Post, name
from tests.bench.generator import Generator, copy_theme, file_or_bundle, write_posts, yaml_head

_RELATED = "site.RegularPages.Related . | first 3"
_LATEST = "first 3 site.RegularPages"


def hugo(program: str, version: str, *, related: bool = True) -> Generator:
    """Hugo with its like theme; `related` False shows the three latest posts in place of related ones."""
    return Generator(
        key="hugo" if related else "hugo-unrelated",
        name="Hugo" if related else "Hugo, without related posts",
        version=version,
        command=(program, "--logLevel", "warn"),
        write=write_site if related else _write_unrelated,
        output="public",
        left=("resources", "cache", ".hugo_build.lock"),
        environment=(("HUGO_CACHEDIR", "{site}/cache"),),
        feeds=("feed.xml", "rss.xml", "feed.json"),
        family="hugo",
    )


def write_site(site: Path, posts: Iterable[Post]) -> None:
    """Write settings, layouts, the style sheet, content/."""
    copy_theme("hugo", site, "assets/plain.css")
    (site / "content").mkdir()
    (site / "content/feeds.md").write_text("---\ntitle: Feeds\nlayout: feeds\n---\n", encoding="utf-8")
    write_posts(
        site,
        posts,
        lambda post: file_or_bundle(post, "content/posts"),
        lambda post: yaml_head(post, f'archive: ["{post.day.year}"]'),
        lambda post: f"/posts/{name(post.target)}",
    )


def _write_unrelated(site: Path, posts: Iterable[Post]) -> None:
    write_site(site, posts)
    page = site / "layouts/page.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(_RELATED, _LATEST), encoding="utf-8")
