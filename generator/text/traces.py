"""Whether a text stands in another, however it is written there."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import unquote

_MOST_LAYERS = 5
_FEWEST_SIGNS = 3
_FEWEST_DIGITS = 6
# Soft hyphens, joiners and marks of direction stand inside words and are not seen.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_TAG = re.compile(r"<[^<>]*>")
_SCRIPTS_WITHOUT_SPACES = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"


def words(text: str) -> str:
    """The words of a text in small letters (Unicode case folding, NFKC), a space before, between and behind them.

    Letters, marks and digits make words; whatever else stands between them makes no difference. In scripts that are
    written without spaces each letter counts as a word.
    """
    seen = _UNSEEN.sub("", text)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    found: list[str] = _word_pattern().findall(folded)
    return f" {' '.join(found)} "


def readings(text: str) -> Iterator[str]:
    """The `words` of a text as its readers and programs may read it.

    Entities, percent-encoding and the escapes of JSON are decoded, in layers too; tags count as text, as nothing and as
    a space.
    """
    decoded = _decoded(text)
    yield words(decoded)
    if "<" in decoded:
        yield words(_TAG.sub("", decoded))
        yield words(_TAG.sub(" ", decoded))


def stands_in(sought: str, read: Iterable[str]) -> bool:
    """Whether a text, given by its `words`, stands in one of the readings: whole words, in the same order."""
    return any(sought in each for each in read)


def can_be_sought(sought: str) -> bool:
    """Whether a text, given by its `words`, is telling enough that finding it means something.

    It has three letters and digits or more, one of them a letter (two in scripts without spaces), or six digits.
    """
    letters = sum(map(str.isalpha, sought))
    digits = sum(map(str.isdigit, sought))
    if not letters:
        return digits >= _FEWEST_DIGITS
    return letters + digits >= (2 if _without_spaces().search(sought) else _FEWEST_SIGNS)


def is_common_word(text: str) -> bool:
    """Whether a text is one word of small letters, such as `she`: names have a capital, where a script has any."""
    inside = text.strip()
    return inside.isalpha() and inside.islower()


def _decoded(text: str) -> str:
    for _ in range(_MOST_LAYERS):
        before = text
        if "&" in text:
            text = unescape(text)
        if "%" in text:
            text = unquote(text, errors="replace")
        if "\\u" in text:
            text = _ESCAPES.sub(_unescaped, text)
        if text == before:
            break
    return text


def _unescaped(match: re.Match[str]) -> str:
    """The characters of escapes of JSON, which are units of UTF-16 (RFC 8259 §7)."""
    units = bytes.fromhex(match[0].replace("\\u", ""))
    return units.decode("utf-16-be", "replace")


@lru_cache(maxsize=1)
def _word_pattern() -> Any:
    # Imported where something is redacted: most sites need none of it.
    import regex

    return regex.compile(
        rf"[{_SCRIPTS_WITHOUT_SPACES}]\p{{M}}*|(?:(?![{_SCRIPTS_WITHOUT_SPACES}])[\p{{L}}\p{{N}}])"
        rf"(?:(?![{_SCRIPTS_WITHOUT_SPACES}])[\p{{L}}\p{{N}}\p{{M}}])*"
    )


@lru_cache(maxsize=1)
def _without_spaces() -> Any:
    import regex

    return regex.compile(f"[{_SCRIPTS_WITHOUT_SPACES}]")
