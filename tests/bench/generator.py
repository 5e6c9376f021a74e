"""What the bench knows of a site generator: how its site is written, how it is run, and where its pages lie."""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from tests.bench.corpus import LINK, Post

PEERS = Path(__file__).with_name("peers")
STYLE = Path(__file__).parents[2] / "themes/base/static/plain.css"


class Generator(Struct, frozen=True):
    """A generator with its settings: one row of the table.

    `write` makes a whole site of posts in an empty folder. `command` is run in that folder with `environment` added, in
    which `{site}` stands for it. `output` is where the pages come to lie; `left` are patterns of what a build leaves
    besides, caches and resources: all of it is removed before a cold build. `feeds` are the feeds of the site,
    `tag_feed` that of a tag. `family` is what `--only` names, `version` what the report names.
    """

    key: str
    name: str
    version: str
    command: tuple[str, ...]
    write: Callable[[Path, Iterable[Post]], None]
    output: str
    left: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    feeds: tuple[str, ...] = ("feed.xml",)
    tag_feed: str = "tags/{tag}/feed.xml"
    family: str = ""

    def surroundings(self, site: Path) -> dict[str, str]:
        """The environment for a build of the site in this folder."""
        return {name: value.format(site=site) for name, value in self.environment}

    def clean(self, site: Path) -> None:
        """Remove all that an earlier build left, so that the next one is cold."""
        for path in [path for name in (self.output, *self.left) for path in site.glob(name)]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def copy_theme(peer: str, site: Path, style: str) -> None:
    """Copy the settings and the theme of a peer into its site, with the same style sheet for each at `style`."""
    shutil.copytree(PEERS / peer, site, dirs_exist_ok=True)
    (site / style).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(STYLE, site / style)


def write_posts(
    site: Path,
    posts: Iterable[Post],
    place: Callable[[Post], str],
    front_matter: Callable[[Post], str],
    link: Callable[[Post], str],
) -> None:
    """Write each post where `place` says; `link` is how this generator names a post's target."""
    for post in posts:
        path = site / place(post)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = front_matter(post) + post.body.replace(LINK, link(post))
        path.write_text(text, encoding="utf-8", newline="\n")


def file_or_bundle(post: Post, folder: str) -> str:
    """`FOLDER/NAME.md`, or `FOLDER/NAME/index.md` for a bundle."""
    return f"{folder}/{post.name}/index.md" if post.bundle else f"{folder}/{post.name}.md"


def yaml_head(post: Post, *further: str) -> str:
    """Front matter in YAML with title, date and tags; the quotes of JSON are valid in YAML."""
    tags = json.dumps(post.tags)
    lines = (f"title: {json.dumps(post.title)}", f"date: {post.day.isoformat()}", f"tags: {tags}", *further)
    return "\n".join(("---", *lines, "---", "", ""))
