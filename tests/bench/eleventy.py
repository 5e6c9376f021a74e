"""Eleventy's site for the bench."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tests.bench.corpus import Post, is_bundle, name
from tests.bench.generator import Generator, copy_theme, file_or_bundle, write_posts, yaml_head


def eleventy(node: str, modules: Path, version: str) -> Generator:
    """Eleventy with its like theme, run by `node` from the packages in `modules`."""
    return Generator(
        key="eleventy",
        name="Eleventy",
        version=version,
        command=(node, str(modules / "@11ty/eleventy/cmd.cjs"), "--quiet"),
        write=partial(_write_site, modules=modules),
        output="output",
        left=(".cache",),
        feeds=("feed.xml", "rss.xml", "feed.json"),
        family="eleventy",
    )


def _write_site(site: Path, posts: Iterable[Post], *, modules: Path) -> None:
    copy_theme("eleventy", site, "plain.css")
    (site / "node_modules").symlink_to(modules, target_is_directory=True)
    write_posts(site, posts, lambda post: file_or_bundle(post, "content/posts"), yaml_head, _link)


def _link(post: Post) -> str:
    target = name(post.target)
    path = f"posts/{target}/index.md" if is_bundle(post.target) else f"posts/{target}.md"
    return f'{{{{ "{path}" | inputPathToUrl }}}}'
