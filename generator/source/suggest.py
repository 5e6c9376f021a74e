"""Did you mean …: the known name nearest to an unknown one."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_LONGEST_NAME = 120
_SHORT = 3
_NEAR = 0.6
# Five letters of which three agree are two words, not one word misspelt: names of files are many and alike.
_NEAR_STEM = 0.7
_NEAR_SHORT = 0.5
_FILE = re.compile(r"(?:(.*)/)?([^/]+)\.([a-z][a-z0-9]{0,4})\Z")


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name an author most likely meant, '' when none is near; of equally near ones the first by alphabet.

    Case, hyphens and underscores do not count: `Content-Note` is near `content_note`. Of two names of files the stems
    are compared, and where the endings differ they must be the same: `river.png` is near `river.jpg`, and `x.png` not
    near `b.md`. A name of one or two characters is near to what one slip makes of it.
    """
    if len(name) > _LONGEST_NAME:
        return ""
    wanted = _fold(name)
    best, most = "", 0.0
    for candidate in sorted(known):
        likeness = _likeness(wanted, _fold(candidate))
        if likeness > most:
            best, most = candidate, likeness
    return best


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest name, or ''."""
    found = nearest(name, known)
    return f"Did you mean “{found}”?" if found else ""


def _fold(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def _likeness(name: str, candidate: str) -> float:
    """How near two folded names are: 0 when one cannot be meant by the other, 2 when they are the same."""
    if name == candidate:
        return 2.0
    mine, other = _FILE.match(name), _FILE.match(candidate)
    if other is None:
        return _ratio(name, candidate, _NEAR)
    if mine is None:
        return max(_ratio(name, candidate, _NEAR), _ratio(name, candidate[: other.start(3) - 1], _NEAR))
    stem = _ratio(mine[2], other[2], _NEAR_STEM)
    if mine[3] != other[3] and mine[2] != other[2]:
        return 0.0
    # Of two files that are equally near by their name, the one in the nearer folder, with the same ending.
    folders = SequenceMatcher(None, mine[1] or "", other[1] or "").ratio()
    return stem and stem + 0.1 * (mine[3] == other[3]) + 0.1 * folders


def _ratio(name: str, candidate: str, least: float) -> float:
    if min(len(name), len(candidate)) < _SHORT:
        least = _NEAR_SHORT
        if not _is_one_slip(name, candidate):
            return 0.0
    matcher = SequenceMatcher(None, name, candidate)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= least else 0.0


def _is_one_slip(name: str, candidate: str) -> bool:
    """Whether one letter too many, too few or wrong, or two exchanged, lie between two names."""
    if len(name) == len(candidate):
        wrong = [at for at, pair in enumerate(zip(name, candidate, strict=True)) if pair[0] != pair[1]]
        if len(wrong) <= 1:
            return True
        first, *_, last = wrong
        return len(wrong) == last - first + 1 == 2 and name[first : last + 1] == candidate[first : last + 1][::-1]
    short, long = sorted((name, candidate), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
