"""Pelican's site for the bench."""

from collections.abc import Iterable
from pathlib import Path

from tests.bench.corpus import Post, is_bundle, name
from tests.bench.generator import Generator, copy_theme, file_or_bundle, write_posts


def pelican(program: str, version: str) -> Generator:
    """Pelican with its like theme, and the plugins of its makers for neighbours and related posts."""
    return Generator(
        key="pelican",
        name="Pelican",
        version=version,
        command=(program, "--settings", "pelicanconf.py"),
        write=write_site,
        output="output",
        left=("cache",),
        feeds=("feed.xml", "rss.xml"),
        family="pelican",
    )


def write_site(site: Path, posts: Iterable[Post]) -> None:
    """Write settings, templates, the style sheet, content/."""
    copy_theme("pelican", site, "theme/static/plain.css")
    write_posts(site, posts, lambda post: file_or_bundle(post, "content/posts"), _head, _link)


def _head(post: Post) -> str:
    tags = ", ".join(post.tags)
    # the marker is how its Markdown reader is asked for a table of contents
    return f"Title: {post.title}\nDate: {post.day.isoformat()}\nTags: {tags}\n\n[TOC]\n\n"


def _link(post: Post) -> str:
    target = name(post.target)
    return f"{{filename}}/posts/{target}/index.md" if is_bundle(post.target) else f"{{filename}}/posts/{target}.md"
