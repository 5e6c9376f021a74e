"""The list of files that a site has copied from a theme to change them, as `clarion theme copy` keeps it."""

import json
from collections.abc import Mapping

from msgspec import Struct

from generator.model.problem import Problem
from generator.source.toml import read_toml

COPIED_FILE = "themes/copied.toml"
_HEAD = """\
# Which file of which theme these were copied from, and the digest it had then: clarion theme copy writes it, and by it
# a build, and clarion theme diff, can tell when the theme has another version of what you changed.
"""


class Copied(Struct, frozen=True):
    """Where a file came from: the theme, and the digest of what it was copied from."""

    theme: str
    digest: str


def read_copied(text: str) -> tuple[dict[str, Copied], tuple[Problem, ...]]:
    """The copied files by their path from the site's folder; entries that say nothing are passed over."""
    reading = read_toml(text, COPIED_FILE)
    found: dict[str, Copied] = {}
    for path, entry in reading.value.items() if isinstance(reading.value, dict) else ():
        if isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("theme", "digest")):
            found[path] = Copied(entry["theme"], entry["digest"])
    return found, reading.problems


def written_copied(copied: Mapping[str, Copied]) -> str:
    """The text of the list."""
    entries = (
        f"\n[{_quoted(path)}]\ntheme = {_quoted(entry.theme)}\ndigest = {_quoted(entry.digest)}\n"
        for path, entry in sorted(copied.items())
    )
    return _HEAD + "".join(entries)


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
