"""Did you mean …: the known name nearest to an unknown one."""

import difflib
from collections.abc import Iterable

_LONGEST_NAME = 60


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name an author most likely meant, '' when none is near.

    Case, hyphens and underscores do not count: `Content-Note` is near `content_note`.
    """
    if len(name) > _LONGEST_NAME:
        return ""
    folded = {_fold(candidate): candidate for candidate in sorted(known, reverse=True)}
    found = difflib.get_close_matches(_fold(name), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest name, or ''."""
    found = nearest(name, known)
    return f"Did you mean “{found}”?" if found else ""


def _fold(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
