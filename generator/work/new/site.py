"""A new site: settings, two texts to replace, and what git should leave alone."""

import json
from datetime import date
from pathlib import Path

from generator.model.problem import Problem
from generator.work.new.document import clean_title, document
from generator.work.new.place import New, write_new

_SETTINGS = """\
# The settings of this site. What is left out has a sensible default.

[site]
title = {title}
base_url = "https://example.org/"   # the address the site will have; put yours here before you publish
id = "example.org"                  # a domain that is yours: feed readers know the site by it, so keep it from then on
language = "en"                     # of the texts: en, de, ru, ar, pt-BR ...
timezone = "UTC"                    # where your days begin and end: Europe/Berlin, America/Sao_Paulo ...

[[menu]]
title = "About"
page = "pages/about.md"
"""

_WELCOME = """\
This is the first article of your site. Replace it with your own.

An article is a text file in `content/posts/`. Between the two lines of dashes at its top stands what Clarion should
know of it: its title, its date, its status. Below them you write in Markdown.

## From draft to published

`clarion new post "The title"` begins a draft. A draft is in the preview of `clarion serve` and nowhere else. To publish
it, change `status: draft` to `status: published` and run `clarion build`.

## Passing it on

At the end of each article are plain links for sharing it. They load nothing and follow nobody.
"""

_ABOUT = """\
Say here who writes this site, why, and how to reach you.
"""

_IGNORED = """\
# made by clarion build
/output/
# the cache, and the preview with its drafts
/.clarion/
"""

_README = """\
# {title}

The texts of this site are in `content/`, its settings in `site.toml`.

    clarion serve                  look at it while you write, drafts included
    clarion new post "The title"   begin an article
    clarion build                  make output/, the folder for your web host
"""


def new_site(folder: Path, *, title: str, day: date, identifiers: tuple[str, str]) -> New | Problem:
    """Write the files of a new site into a folder that is missing or empty (`.git` may be there).

    `day` is today in UTC, which is the new site's zone; `identifiers` are two fresh UUIDs.
    Raises: OSError when the folder cannot be written.
    """
    title = clean_title(title)
    if not title:
        return Problem("error", "CL911", "the name is empty", hint="Give one, such as clarion new site water.")
    if folder.exists() and (not folder.is_dir() or any(item.name != ".git" for item in folder.iterdir())):
        hint = "Give the name of a new folder."
        return Problem("error", "CL910", "this folder is not empty, so no site was begun in it", str(folder), hint=hint)
    files = site_files(title, day, identifiers)
    for path, text in files.items():
        problem = write_new(folder, path, text)
        if problem is not None:
            return problem
    return New(tuple(files))


def site_files(title: str, day: date, identifiers: tuple[str, str]) -> dict[str, str]:
    """The files of a new site: path to text."""
    welcome, about = identifiers
    return {
        # a JSON string without control characters is a basic string of TOML
        "site.toml": _SETTINGS.format(title=json.dumps(title, ensure_ascii=False)),
        "content/posts/welcome.md": document(
            "Welcome",
            _WELCOME,
            day=day,
            identifier=welcome,
            status="published",
            summary="The first article of a new site, and how to write the second.",
        ),
        "content/pages/about.md": document("About", _ABOUT, day=day, identifier=about, status="published"),
        ".gitignore": _IGNORED,
        "README.md": _README.format(title=title),
    }


def title_of(folder: Path) -> str:
    """A title from a folder's name: `water-is-a-right` becomes `Water is a right`."""
    words = folder.name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
