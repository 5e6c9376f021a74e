"""Nikola's site for the bench."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from tests.bench.corpus import Post, name
from tests.bench.generator import Generator, copy_theme, write_posts


def nikola(program: str, version: str) -> Generator:
    """Nikola with its like theme; its feeds are RSS, and it knows no bundles.

    In one process: with `-n 2` a cold build is about a fifth faster, and writes an empty sitemap.
    """
    return Generator(
        key="nikola",
        name="Nikola",
        version=version,
        command=(program, "build"),
        write=write_site,
        output="output",
        left=("cache", ".doit.db*", "__pycache__"),
        feeds=("rss.xml",),
        tag_feed="tags/{tag}.xml",
        family="nikola",
    )


def write_site(site: Path, posts: Iterable[Post]) -> None:
    """Write settings, templates, the style sheet, posts/."""
    copy_theme("nikola", site, "themes/bench/assets/css/plain.css")
    write_posts(site, map(_with_marks, posts), lambda post: f"posts/{post.name}.md", _head, _link)


def _head(post: Post) -> str:
    fields = (
        ("title", post.title),
        ("slug", post.name),
        ("date", f"{post.day.isoformat()} 00:00:00 UTC"),
        ("tags", ", ".join(post.tags)),
    )
    return "\n".join(("<!--", *(f".. {field}: {value}" for field, value in fields), "-->", "", ""))


def _with_marks(post: Post) -> Post:
    """The post with Nikola's marks behind the first paragraph: the end of the teaser, the place of the contents."""
    first, rest = post.body.split("\n\n", 1)
    return structs.replace(post, body=f"{first}\n\n<!-- TEASER_END -->\n\n[TOC]\n\n{rest}")


def _link(post: Post) -> str:
    return f"link://slug/{name(post.target)}"
