"""Clarion's own site for the bench: nothing set but what it must be told."""

import sys
from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from tests.bench.corpus import BASE_URL, SITE_TITLE, Post, is_bundle, name
from tests.bench.generator import Generator, file_or_bundle, write_posts, yaml_head
from tests.bench.photographs import photograph

PHOTOGRAPH_EACH = 10


def clarion(engine: str, theme: str = "plain", *, photographs: bool = False) -> Generator:
    """Clarion with a Markdown engine and a theme; with a photograph in each tenth article if that is wanted."""
    further = ("photographs",) if photographs else ()
    return Generator(
        key="-".join(("clarion", engine, theme, *further)),
        name=f"Clarion, {', '.join((engine, *((f'themes/{theme}',) if theme != 'plain' else ()), *further))}",
        version=version("clarion"),
        command=(sys.executable, "-m", "generator", "build"),
        write=partial(write_site, engine=engine, theme=theme, photographs=photographs),
        output="output",
        left=(".clarion",),
        feeds=("feed.xml", "rss.xml", "feed.json"),
        family="clarion",
    )


def write_site(site: Path, posts: Iterable[Post], *, engine: str, theme: str, photographs: bool) -> None:
    """Write site.toml and content/; the photographs lie in bundles."""
    settings = (
        "[site]",
        f'title = "{SITE_TITLE}"',
        f'base_url = "{BASE_URL}"',
        'language = "en"',
        "[theme]",
        f'name = "{theme}"',
        "[markdown]",
        f'engine = "{engine}"',
    )
    site.mkdir(parents=True, exist_ok=True)
    (site / "site.toml").write_text("\n".join(settings) + "\n", encoding="utf-8")
    write_posts(site, posts, place, partial(_head, photographs=photographs, site=site), _link)


def place(post: Post) -> str:
    """Where a post's text lies in the site."""
    return file_or_bundle(post, "content/posts")


def _head(post: Post, *, photographs: bool, site: Path) -> str:
    if not photographs or post.number % PHOTOGRAPH_EACH != 1:
        return yaml_head(post)
    folder = (site / place(post)).parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "photograph.jpg").write_bytes(photograph(post.number))
    return yaml_head(post, "image: { file: photograph.jpg, alt: Light on water }")


def _link(post: Post) -> str:
    target = f"{name(post.target)}/index.md" if is_bundle(post.target) else f"{name(post.target)}.md"
    return f"../{target}" if post.bundle else target
