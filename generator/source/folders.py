"""What a file of `content/` is, by its place."""

import posixpath
import re
from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from generator.source.suggest import did_you_mean

CONTENT = "content/"
SECTION_FILE = "_section.toml"
OWN_FOLDERS = ("posts", "pages", "drafts", "campaigns", "tags", "authors", "sections", "data")
"""Folders with a meaning of their own: no section can be named like them."""

GENERATED_PAGES = ("act", "corrections", "safety", "mirrors", "search", "authors", "tags", "archive")
"""Pages Clarion makes: a page of the author's named like one is the text above it."""

DATA_FORMATS = ("toml", "yaml", "yml", "json", "csv")
_OTHER_MARKDOWN = re.compile(r"\.(?:md\.txt|markdown|mdown|mkd|mkdn|mdx|mdwn|text\.md|md\.md)\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")

FileKind = Literal["article", "page", "campaign", "text", "draft", "section", "data", "other", "misplaced"]


class Whereabouts(Struct, frozen=True):
    """What a path says of its file.

    `stem` is the name without language and extension, for a bundle the folder's; `folder` is the path between
    `content/` and it. `section` is the folder's name for what is in a section, 'posts' for posts. `bundle` is the
    folder whose files belong to the document, or ''. `message` and `hint` tell why a misplaced file is so.
    """

    kind: FileKind
    stem: str = ""
    folder: str = ""
    language: str = ""
    section: str = ""
    bundle: str = ""
    message: str = ""
    hint: str = ""

    @property
    def key(self) -> str:
        """The path without `content/`, language and extension: what translations of a document share."""
        return f"{self.folder}/{self.stem}" if self.folder else self.stem


def whereabouts(
    path: str, *, languages: Collection[str], sections: Collection[str], taxonomies: Collection[str] = ("tags",)
) -> Whereabouts:
    """What the file at `path` (from the site root, with `/`) is; `languages` are those the site has."""
    inside = path.removeprefix(CONTENT)
    folder, name = posixpath.split(inside)
    top, _, below = folder.partition("/")
    if name == SECTION_FILE:
        return _section_file(top, below)
    if top == "data":
        return _data(name)
    if (not name.endswith(".md") or name.count(".") > 1) and _OTHER_MARKDOWN.search(name):
        right = _OTHER_MARKDOWN.sub(".md", name)
        return Whereabouts("misplaced", message=f"{name} is not taken for Markdown", hint=f"Rename it to {right}.")
    if not name.endswith(".md"):
        if name.lower().endswith(".md"):
            right = f"{name[:-3]}.md"
            return Whereabouts("misplaced", message=f"{name} is not taken for Markdown", hint=f"Rename it to {right}.")
        return Whereabouts("other")
    stem, language = _stem(name.removesuffix(".md"), languages)
    bundle = ""
    if stem == "index" and below:
        bundle = CONTENT + folder
        folder, stem = posixpath.split(folder)
        top, _, below = folder.partition("/")
    place = Whereabouts("article", stem, folder, language, bundle=bundle)
    return _document(place, top, below, sections, taxonomies)


def language_suffix(name: str) -> str:
    """The part of a file name that looks like a language: `ru` of `river.ru.md`; '' when none does."""
    stem = name.removesuffix(".md")
    _, dot, last = stem.rpartition(".")
    return last if dot and _LANGUAGE.match(last) else ""


def _stem(name: str, languages: Collection[str]) -> tuple[str, str]:
    stem, dot, last = name.rpartition(".")
    return (stem, last) if dot and stem and last in languages else (name, "")


def _document(
    place: Whereabouts, top: str, below: str, sections: Collection[str], taxonomies: Collection[str]
) -> Whereabouts:
    stem, folder = place.stem, place.folder

    def found(kind: FileKind, section: str = "") -> Whereabouts:
        return Whereabouts(kind, stem, folder, place.language, section, place.bundle)

    def misplaced(message: str, hint: str) -> Whereabouts:
        return Whereabouts("misplaced", stem, folder, place.language, message=message, hint=hint)

    if not top:
        if stem == "index" and not place.bundle:
            return found("text")
        return misplaced(
            "a Markdown file here is no article",
            f"Put it into content/posts/ or content/pages/ (or a section): {stem}.md.",
        )
    if top not in (*OWN_FOLDERS, *sections, *taxonomies):
        near = did_you_mean(top, [*OWN_FOLDERS, *sections, *taxonomies])
        return misplaced(
            f"content/{top}/ is no section",
            near or f'Make it one with a file content/{top}/_section.toml: title = "…".',
        )
    if stem == "index" and not place.bundle:
        if top in sections:
            return found("text")
        return misplaced(
            f"content/{top}/ has no text of its own",
            "The text above the home page is content/index.md, above a tag content/tags/NAME.md.",
        )
    if top == "posts":
        return found("article", "posts")
    if top == "drafts":
        return found("draft", "posts")
    if top == "pages":
        return found("text" if folder == "pages" and stem in GENERATED_PAGES else "page")
    if top in ("campaigns", "authors", "sections", *taxonomies):
        if below or place.bundle:
            return misplaced(f"content/{top}/ has no folders for texts", f"Put it into content/{top}/ itself.")
        return found("campaign" if top == "campaigns" else "text")
    return found("article", top)


def _section_file(top: str, below: str) -> Whereabouts:
    if top and not below:
        return Whereabouts("section", SECTION_FILE, top, section=top)
    return Whereabouts(
        "misplaced",
        message="a section is a folder directly in content/",
        hint="Move this file to content/NAME/_section.toml.",
    )


def _data(name: str) -> Whereabouts:
    stem, dot, extension = name.rpartition(".")
    if dot and extension in DATA_FORMATS:
        return Whereabouts("data", stem, "data")
    if name.lower().endswith((".md", ".markdown", ".txt")):
        return Whereabouts(
            "misplaced", message="content/data/ holds data, not texts", hint="Move it to content/posts/."
        )
    return Whereabouts("other")


_KEPT_DOT_NAMES = frozenset({".well-known", ".nojekyll", ".htaccess", ".domains"})
_LEFT_BEHIND = (".swp", ".swo", ".tmp", ".bak", "~")


def is_left_behind(path: str) -> bool:
    """Whether an editor, a desktop or git keeps this file for itself: it is no content and is never published.

    Of names with a dot only those are kept that web servers and hosts read.
    """
    parts = path.split("/")
    hidden = any(part.startswith(".") and part not in _KEPT_DOT_NAMES for part in parts)
    return hidden or path.endswith(_LEFT_BEHIND) or parts[-1] == "Thumbs.db"
