"""A new post or page: a draft with an id, so that feeds know it by more than its address."""

import unicodedata
from datetime import date
from itertools import chain, count
from pathlib import Path

from generator.model.problem import Problem
from generator.source.suggest import did_you_mean
from generator.text.slugs import RESERVED, slug, slug_problem
from generator.work.new.place import New, taken, write_new

POSTS = "posts"
PAGES = "pages"
# Folders of content/ with a meaning of their own, which hold no articles of a section.
_NOT_SECTIONS = frozenset({"pages", "drafts", "campaigns", "tags", "authors", "data"})
# A page of such a name is the text above what Clarion makes there.
_TEXT_ABOVE = frozenset({"act", "corrections", "safety", "mirrors", "search", "authors", "tags", "archive"})


def new_post(
    root: Path, title: str, *, day: date, identifier: str, language: str, section: str = POSTS
) -> New | Problem:
    """Write a draft into `content/SECTION/`.

    `day` is today in the site's zone, `identifier` a fresh UUID, `language` the site's (it shapes the file's name).
    Raises: OSError when the folder cannot be written.
    """
    wrong = _section_problem(root, section)
    if wrong is not None:
        return wrong
    return _written(root, section, title, day, identifier, language)


def new_page(root: Path, title: str, *, day: date, identifier: str, language: str) -> New | Problem:
    """Write a draft into `content/pages/`; see `new_post`."""
    return _written(root, PAGES, title, day, identifier, language)


def clean_title(title: str) -> str:
    """The title on one line, single spaces, NFC; empty when nothing can be read in it."""
    line = " ".join(unicodedata.normalize("NFC", title).split())
    return "".join(character for character in line if unicodedata.category(character) not in ("Cc", "Cs"))


def document(title: str, body: str, *, day: date, identifier: str, status: str = "draft", summary: str = "") -> str:
    """The text of a new file: front matter in the order an author reads it, then the body."""
    import frontmatter

    matter: dict[str, object] = {"title": title, "date": day, "status": status}
    if summary:
        matter["summary"] = summary
    matter["id"] = identifier
    post = frontmatter.Post(body)
    post.metadata = matter
    return f"{frontmatter.dumps(post, sort_keys=False, width=10_000)}\n"


def file_name(title: str, day: date, language: str, folder: str) -> str:
    """The file's name without its ending: the title's slug, with the day where that is empty or taken by Clarion."""
    name = slug(title, language)
    if not name:
        return day.isoformat()
    refused = name in RESERVED and not (folder == PAGES and name in _TEXT_ABOVE)
    if refused or slug_problem(name):
        return f"{name}-{day.isoformat()}"
    return name


def _written(root: Path, folder: str, title: str, day: date, identifier: str, language: str) -> New | Problem:
    shown = clean_title(title)
    if not shown:
        return Problem(
            "error", "CL911", "the title is empty", hint='Give one, such as clarion new post "Water is a right".'
        )
    name = file_name(shown, day, language, folder)
    if name == day.isoformat():
        name = _first_free(root / "content" / folder, name)
    path = f"content/{folder}/{name}.md"
    for same_address in (f"content/{folder}/{name}/index.md", path):
        if (root / same_address).exists():
            return taken(same_address)
    begin = "Begin here." if folder == PAGES else "Begin here: the first paragraph stands in lists and feeds."
    problem = write_new(root, path, document(shown, begin, day=day, identifier=identifier))
    return problem or New((path,))


def _first_free(folder: Path, name: str) -> str:
    """The name, with a number where titles that say nothing to a slug were begun on the same day."""
    free = (each for each in chain([name], (f"{name}-{number}" for number in count(2))))
    return next(each for each in free if not (folder / f"{each}.md").exists() and not (folder / each).exists())


def _section_problem(root: Path, section: str) -> Problem | None:
    if section == POSTS:
        return None
    content = root / "content"
    sections = {file.parent.name for file in content.glob("*/_section.toml")} | {POSTS}
    if section in sections and section not in _NOT_SECTIONS:
        return None
    hint = (
        did_you_mean(section, sections)
        or f"A section is a folder of content/ with a _section.toml; there are: {', '.join(sorted(sections))}."
    )
    return Problem("error", "CL913", f"there is no section “{section}”", "content", hint=hint)
