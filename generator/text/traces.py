"""Whether a text stands in another, however it is written there."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

_MOST_LAYERS = 5
_FEWEST_SIGNS = 3
_FEWEST_DIGITS = 6
_MOST_JOINED = 5
_FEWEST_JOINED = 6
_FEWEST_IN_BYTES = 6
_DIGITS_OF_A_SUBSCRIBER = 9
# Marks on letters of Latin, Greek, Cyrillic, Hebrew and Arabic, which many leave out, and what stretches Arabic.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# Letters that are no other letter with a mark, and are still written as one another; letters that are apostrophes.
_ALIKE = {
    **dict(zip("łøđıħŧð", "lodihtd", strict=True)),
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    # Yeh, heh, kaf and alef have forms for Arabic, Persian and Urdu; writers take the one that their keyboard has.
    **dict.fromkeys(("\u0649", "\u06cc"), "\u064a"),
    **dict.fromkeys(("\u0629", "\u06c1", "\u06be"), "\u0647"),
    "\u06a9": "\u0643",
    "\u0671": "\u0627",
    **dict.fromkeys("ʹʻʼʽʾʿˈꞌ", "'"),
}
_ONE_ALIKE = re.compile(f"[{''.join(_ALIKE)}]")
_IN_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_SHORT_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]{1,6})\}")
_BREAK = re.compile(r"\\[bfnrt]")
_FOLD = re.compile(r"\r?\n[ \t]")
_CALENDAR = "BEGIN:VCALENDAR"
_ASCII_DOMAIN = re.compile(r"xn--([a-z0-9-]{1,59})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ASIDE = re.compile(r"<(del|rp|rt|s|sup)\b[^<>]*>[^<]*+(?:<(?!/?\1\b)[^<]*+)*+</\1\s*>", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s()./\u2010-\u2015-]{1,4}(?=\d)")
_NO_DIGIT = re.compile(r"\D+")
# Names in Korean have their particles on them.
_SCRIPTS_OF_SIGNS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"


def words(text: str) -> str:
    """The words of a text in small letters (Unicode case folding, NFKC), a space before, between and behind them.

    Letters, marks and digits make words; whatever else stands between them makes no difference, and neither do the
    marks that many leave out (ё, é, vowels of Arabic). In scripts that are written without spaces, and in Korean, each
    letter counts as a word.
    """
    found: list[str] = _tools().word.findall(_folded(text))
    return f" {' '.join(found)} "


def forms(text: str) -> tuple[str, ...]:
    """The `words` of a text, of it written in one (a hashtag), and with two letters for ä, ö, ü, å and ø.

    A long number is also that at the end of another: `tel:` links begin with the code of a country.
    """
    text = _decoded(text)
    found: list[str] = []
    for written in (text, unicodedata.normalize("NFKC", text).casefold().translate(_IN_TWO_LETTERS)):
        own = words(written)
        joined = own.replace(" ", "")
        found.append(own)
        if own.count(" ") - 1 <= _MOST_JOINED and len(joined) >= _FEWEST_JOINED and not _tools().sign.search(own):
            found.append(f" {joined} ")
        if joined.isdigit() and len(joined) >= _DIGITS_OF_A_SUBSCRIBER:
            found.append(f"{joined} ")
    return tuple(dict.fromkeys(found))


def readings(text: str) -> Iterator[str]:
    """The `words` of a text as its readers and programs may read it.

    Entities, percent-encoding, the escapes of JSON and the names of domains (RFC 3492) are decoded, in layers too, and
    folded lines of a calendar made whole. Tags count as text, as nothing and as a space; marks of notes, words above
    others and struck words are passed over; a capital begins a word (`FreeMaria`), and digits in groups are one number.
    """
    decoded = _decoded(text)
    yield words(decoded)
    if "<" in decoded:
        yield words(_TAG.sub("", decoded))
        yield words(_TAG.sub(" ", decoded))
        if _ASIDE.search(decoded):
            yield words(_TAG.sub("", _ASIDE.sub("", decoded)))
    if "\\" in decoded:
        yield words(_BREAK.sub(" ", decoded))
    for apart, by in ((_tools().hump, " "), (_BETWEEN_DIGITS, "")):
        if apart.search(decoded):
            yield words(apart.sub(by, decoded))


def stands_in(sought: str, read: Iterable[str]) -> bool:
    """Whether a text, given by its `words`, stands in one of the readings: whole words, in the same order."""
    return any(sought in each for each in read)


class Glance:
    """A quick look at a text: what it says not to hold, none of the readings of the text has."""

    def __init__(self, text: str) -> None:
        decoded = _decoded(text)
        self._whole = _folded(decoded)
        self._bare = _folded(_TAG.sub("", decoded)) if "<" in decoded else self._whole
        self._digits = _NO_DIGIT.sub("", self._whole)

    def may_hold(self, sought: Iterable[str]) -> bool:
        """Whether it is worth while to look for one of some texts, given by their `words`."""
        return any(all(map(self._has, form.split())) for form in sought)

    def _has(self, word: str) -> bool:
        return word in self._whole or word in self._bare or word in self._digits


def stands_in_bytes(sought: str, content: bytes) -> bool:
    """Whether all words of a text stand in a file that is none, such as a picture, in UTF-8 or UTF-16.

    By chance short words stand in any such file: they are not looked for.
    """
    if len(sought.replace(" ", "")) < _FEWEST_IN_BYTES:
        return False
    lower = content.lower()
    return any(
        all(word.encode(coding) in lower or word.capitalize().encode(coding) in content for word in sought.split())
        for coding in ("utf-8", "utf-16-le", "utf-16-be")
    )


def masked(path: str, sought: Sequence[str]) -> str:
    """A path in which `*` stands for each name that holds one of the texts; the end that tells the kind of file stays.

    One that holds none is as it was.
    """
    if not _holds(path, sought):
        return path
    names = path.split("/")
    suffix = PurePosixPath(path).suffix
    end = "" if not suffix or _holds(suffix, sought) else suffix
    held = [_holds(name, sought) for name in names]
    if not any(held):
        return f"*{end}"
    shown = ["*" if hidden else name for name, hidden in zip(names, held, strict=True)]
    return "/".join(shown) + (end if held[-1] else "")


def _holds(text: str, sought: Iterable[str]) -> bool:
    read = list(readings(text))
    return any(stands_in(form, read) for form in sought)


def can_be_sought(sought: str) -> bool:
    """Whether a text, given by its `words`, is telling enough that finding it means something.

    It has three letters and digits or more, one of them a letter (two in scripts of which each sign counts), or six
    digits.
    """
    letters = sum(map(str.isalpha, sought))
    digits = sum(map(str.isdigit, sought))
    if not letters:
        return digits >= _FEWEST_DIGITS
    return letters + digits >= (2 if _tools().sign.search(sought) else _FEWEST_SIGNS)


def is_common_word(text: str) -> bool:
    """Whether a text is one word of small letters, such as `she`: names have a capital, where a script has any."""
    inside = text.strip()
    return inside.isalpha() and inside.islower()


def _folded(text: str) -> str:
    """A text without what makes no difference: case, marks that many leave out, signs that nobody sees."""
    if text.isascii():
        plain: str = _tools().unseen.sub("", text).lower()
        return plain
    seen = unicodedata.normalize("NFKC", _tools().unseen.sub("", unicodedata.normalize("NFKC", text)))
    apart = _MARKS.sub("", unicodedata.normalize("NFKD", seen.casefold()))
    bare = unicodedata.normalize("NFC", _ONE_ALIKE.sub(lambda letter: _ALIKE[letter[0]], apart))
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), bare)


def _decoded(text: str) -> str:
    if text.startswith(_CALENDAR):
        text = _FOLD.sub("", text)
    for _ in range(_MOST_LAYERS):
        before = text
        if "&" in text:
            text = unescape(text)
        if "%" in text:
            text = unquote(text, errors="replace")
        if "\\u" in text or "\\x" in text:
            text = _SHORT_ESCAPE.sub(_character, _ESCAPES.sub(_unescaped, text))
        if text == before:
            break
    return _ASCII_DOMAIN.sub(_domain, text) if "--" in text else text


def _unescaped(match: re.Match[str]) -> str:
    """The characters of escapes of JSON, which are units of UTF-16 (RFC 8259 §7)."""
    units = bytes.fromhex(match[0].replace("\\u", ""))
    return units.decode("utf-16-be", "replace")


def _character(match: re.Match[str]) -> str:
    """The character of a shorter escape of JavaScript (ECMA-262, EscapeSequence); none beyond the last of Unicode."""
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else " "


def _domain(match: re.Match[str]) -> str:
    """A label of a domain in its own letters; as it was where it is none."""
    try:
        return match[1].encode().decode("punycode")
    except (UnicodeError, ValueError):
        return match[0]


class _Tools:
    """Patterns that know the properties of Unicode."""

    def __init__(self) -> None:
        # Imported where something is redacted: most sites need none of it.
        import regex

        self.word: Any = regex.compile(
            rf"[{_SCRIPTS_OF_SIGNS}]\p{{M}}*|(?:(?![{_SCRIPTS_OF_SIGNS}])[\p{{L}}\p{{N}}])"
            rf"(?:(?![{_SCRIPTS_OF_SIGNS}])[\p{{L}}\p{{N}}\p{{M}}])*"
        )
        self.sign: Any = regex.compile(f"[{_SCRIPTS_OF_SIGNS}]")
        # Soft hyphens, joiners, marks of direction, variants of a sign, controls: they stand inside words.
        unseen = r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}--[\t\n\r\f\v\x85]]"
        self.unseen: Any = regex.compile(unseen, regex.V1)
        self.hump: Any = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")


@lru_cache(maxsize=1)
def _tools() -> _Tools:
    return _Tools()
