"""Jekyll's site for the bench."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from tests.bench.corpus import Post, day, is_bundle, name
from tests.bench.generator import Generator, copy_theme, write_posts, yaml_head


def jekyll(program: str, version: str) -> Generator:
    """Jekyll with its like theme and a plugin of its theme's own for lists; its related posts are the latest ones."""
    return Generator(
        key="jekyll",
        name="Jekyll",
        version=version,
        command=(program, "build", "--quiet"),
        write=write_site,
        output="_site",
        left=(".jekyll-cache", ".jekyll-metadata", ".sass-cache"),
        feeds=("feed.xml", "rss.xml", "feed.json"),
        family="jekyll",
    )


def write_site(site: Path, posts: Iterable[Post]) -> None:
    """Write settings, layouts, the style sheet, _posts/; a bundle is a folder in it."""
    copy_theme("jekyll", site, "plain.css")
    write_posts(site, map(_with_contents, posts), lambda post: f"_posts/{_place(post.number)}.md", yaml_head, _link)


def _place(number: int) -> str:
    dated = f"{day(number).isoformat()}-{name(number)}"
    return f"{name(number)}/{dated}" if is_bundle(number) else dated


def _with_contents(post: Post) -> Post:
    """The post with the mark by which kramdown puts a table of contents, behind the first paragraph (its excerpt)."""
    first, rest = post.body.split("\n\n", 1)
    return structs.replace(post, body=f"{first}\n\n- contents\n{{:toc}}\n\n{rest}")


def _link(post: Post) -> str:
    return f"{{% post_url {_place(post.target)} %}}"
