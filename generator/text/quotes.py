"""Typographic quotes, apostrophes, dashes and ellipses for plain text of a language."""

import re
from functools import lru_cache

from msgspec import Struct

from generator.text.languages import base_language


class Marks(Struct, frozen=True):
    """The quotation marks of a language: opening and closing, outer and inner, with the spaces that belong to them."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


_ENGLISH = Marks("“", "”", "‘", "’")
_GERMAN = Marks("„", "“", "‚", "‘")
_SWEDISH = Marks("”", "”", "’", "’")
_GUILLEMETS = Marks("«", "»", "‹", "›")
_GUILLEMETS_THEN_ENGLISH = Marks("«", "»", "“", "”")
_GUILLEMETS_THEN_GERMAN = Marks("«", "»", "„", "“")
_LOW_THEN_GUILLEMETS = Marks("„", "”", "«", "»")
_CORNERS = Marks("「", "」", "『", "』")

# From CLDR's delimiters, and the practice of newspapers where CLDR gives the rarer form (Arabic).
_MARKS = {
    "ar": _GUILLEMETS,
    "be": _GUILLEMETS_THEN_GERMAN,
    "bg": Marks("„", "“", "’", "’"),
    "bs": Marks("„", "”", "’", "’"),
    "ca": _GUILLEMETS_THEN_ENGLISH,
    "ckb": _GUILLEMETS,
    "cs": _GERMAN,
    "da": Marks("”", "”", "’", "’"),
    "de": _GERMAN,
    "de-ch": _GUILLEMETS,
    "de-li": _GUILLEMETS,
    "el": _GUILLEMETS_THEN_ENGLISH,
    "en": _ENGLISH,
    "es": _GUILLEMETS_THEN_ENGLISH,
    "es-mx": _ENGLISH,
    "es-us": _ENGLISH,
    "et": Marks("„", "“", "‚", "‘"),
    "eu": _GUILLEMETS_THEN_ENGLISH,
    "fa": _GUILLEMETS,
    "fi": _SWEDISH,
    "fr": Marks("«\u202f", "\u202f»", "“", "”"),
    "fr-ch": _GUILLEMETS,
    "he": Marks("”", "”", "’", "’"),
    "hr": Marks("„", "”", "‚", "’"),
    "hu": Marks("„", "”", "»", "«"),
    "hy": _GUILLEMETS,
    "is": _GERMAN,
    "it": _GUILLEMETS_THEN_ENGLISH,
    "ja": _CORNERS,
    "ka": Marks("„", "“", "‚", "‘"),
    "kk": _GUILLEMETS_THEN_ENGLISH,
    "lt": _GERMAN,
    "lv": Marks("«", "»", "„", "“"),
    "mk": _GERMAN,
    "nb": Marks("«", "»", "‘", "’"),
    "nn": Marks("«", "»", "‘", "’"),
    "no": Marks("«", "»", "‘", "’"),
    "pl": _LOW_THEN_GUILLEMETS,
    "ps": _GUILLEMETS,
    "pt": _GUILLEMETS_THEN_ENGLISH,
    "pt-br": _ENGLISH,
    "ro": _LOW_THEN_GUILLEMETS,
    "ru": _GUILLEMETS_THEN_GERMAN,
    "sk": _GERMAN,
    "sl": _GERMAN,
    "sq": Marks("«", "»", "“", "”"),
    "sr": Marks("„", "”", "’", "’"),
    "sv": _SWEDISH,
    "uk": _GUILLEMETS_THEN_GERMAN,
    "zh-hant": _CORNERS,
    "zh-hk": _CORNERS,
    "zh-tw": _CORNERS,
}
_WITHOUT_SPACES = frozenset({"ja", "zh", "yue", "th", "lo", "km", "my", "bo"})

# What needs no look at the whole text, in any language: an apostrophe inside a word of Latin letters, a quotation mark
# that opens behind a space, one that closes behind a Latin letter or the end of a sentence.
# (The mark stands first in each pattern, so that the rest of the text is skipped quickly.)
_APOSTROPHE = re.compile(r"'(?<=[A-Za-z]')(?=[A-Za-z])")
_PLAINLY_OPENING = re.compile(r"\"(?<=\s\")")
_PLAINLY_CLOSING = re.compile(r"\"(?<=[A-Za-z.,;:!?]\")")
# Four or more dots or hyphens are somebody's drawing, and `<!--`, `-->` somebody's arrow.
_TOKEN = re.compile(r"(?<!\.)\.\.\.(?!\.)|(?<![-<!])-{2,3}(?![->])|[\"']")
_OPENERS = frozenset("([{<«„“‘‚‹「『¿¡/\u2014\u2013-\u2026=|")
_CLIPPED = re.compile(
    r"(?:n\b|\d\ds?\b|(?:tis|twas|twere|twill|em|til|cause|bout|round|cos|cuz|nuff|kay)\b)",
    re.IGNORECASE,
)
_ROCK_N_ROLL = re.compile(r"'n'(?=\s)", re.IGNORECASE)
_HEBREW = re.compile("[\u05d0-\u05ea]")


@lru_cache(maxsize=256)
def marks(language: str) -> Marks:
    """The quotation marks of a tag: its own, those of its first two subtags, of its language; else English ones."""
    tag = language.lower().replace("_", "-")
    two = "-".join(tag.split("-")[:2])
    return _MARKS.get(tag) or _MARKS.get(two) or _MARKS.get(base_language(tag)) or _ENGLISH


def curl(text: str, before: str, language: str) -> str:
    """Plain text (no code, no markup) with the quotation marks of a language in the place of `"` and `'`.

    `before` ends in the character that precedes the text in its block ('' at the start). An apostrophe is always `’`,
    also in `rock 'n' roll` and `'90s`; `'` quotes only where its partner is found in the same text. Inches and feet
    (`5'10"`) stay as they are. `...` becomes `…`, `--` an en dash, `---` an em dash; an option of a program (` --help`)
    stays. The time it takes grows with the length of the text and no faster.
    """
    if not is_curlable(text):
        return text
    quick = _APOSTROPHE.sub("’", text)
    if '"' in quick:
        own = marks(language)
        quick = _PLAINLY_CLOSING.sub(own.closing, _PLAINLY_OPENING.sub(own.opening, quick))
    return curl_mark_by_mark(text, before, language) if is_curlable(quick) else quick


def curl_mark_by_mark(text: str, before: str, language: str) -> str:
    """What `curl` gives, without its shortcut for the plainest marks."""
    return _Curler(text, before[-1:], language).curled()


def is_curlable(text: str) -> bool:
    """Whether a text holds a sign that `curl` could change."""
    return "'" in text or '"' in text or "..." in text or "--" in text


class _Curler:
    """One pass over the marks of a text, left to right, which remembers whether a quotation is open."""

    def __init__(self, text: str, before: str, language: str) -> None:
        self.text = text
        self.before = before
        self.marks = marks(language)
        self.hebrew = base_language(language) in {"he", "yi"}
        self.unspaced = base_language(language) in _WITHOUT_SPACES
        self.open = False
        self.tokens = list(_TOKEN.finditer(text))
        self.singles = self._single_quotations()

    def curled(self) -> str:
        pieces: list[str] = []
        end = 0
        for token in self.tokens:
            if token.start() < end:
                continue
            pieces += (self.text[end : token.start()], self._replacement(token))
            end = token.end()
        pieces.append(self.text[end:])
        return "".join(pieces)

    def _around(self, start: int, end: int) -> tuple[str, str]:
        previous = self.text[start - 1] if start else self.before
        return previous, self.text[end : end + 1]

    def _replacement(self, token: re.Match[str]) -> str:
        mark = token[0]
        previous, following = self._around(token.start(), token.end())
        if mark == "...":
            return "…"
        if mark[0] == "-":
            is_option = mark == "--" and (not previous or previous.isspace()) and following.isalpha()
            return mark if is_option else "–" if mark == "--" else "—"
        return self._double(token, previous, following) if mark == '"' else self._single(token, previous, following)

    def _double(self, token: re.Match[str], previous: str, following: str) -> str:
        if self.hebrew and _HEBREW.match(previous) and _HEBREW.match(following):
            return "״"
        if previous.isdigit() and (not self.open or self._is_inches(token.start())):
            return '"'
        if self._opens(previous, following):
            self.open = True
            return self.marks.opening
        self.open = False
        return self.marks.closing

    def _opens(self, previous: str, following: str) -> bool:
        if not previous or previous.isspace():
            return True
        if previous in "-\u2013\u2014\u2026/=|":
            return bool(following) and (following.isalnum() or following in "'¿¡")
        if previous in _OPENERS:
            return True
        if previous == "'":
            return not self.open and following.isalnum()
        return self.unspaced and not self.open and not previous.isascii() and bool(following)

    def _is_inches(self, start: int) -> bool:
        digits = start
        while digits and self.text[digits - 1].isdigit() and start - digits < 3:
            digits -= 1
        return digits > 0 and self.text[digits - 1] in "'’′"

    def _single(self, token: re.Match[str], previous: str, following: str) -> str:
        if token.start() in self.singles:
            return self.singles[token.start()]
        if previous.isdigit() and not following.isalpha():
            return "'"
        return "׳" if self.hebrew and _HEBREW.match(previous) else "’"

    def _single_quotations(self) -> dict[int, str]:
        """Where `'` quotes: an opening one and the next that may close it, with no other opening one between."""
        found: dict[int, str] = {}
        opening = -1
        for token in self.tokens:
            if token[0] != "'":
                continue
            previous, following = self._around(token.start(), token.end())
            before_a_word = following.isalnum() or following in {"¿", "¡", '"'} or following == "…"
            after_a_space = not previous or previous.isspace() or previous in _OPENERS or previous == '"'
            after_a_word = bool(previous) and not previous.isspace()
            before_a_space = not following or not following.isalnum()
            if after_a_space and before_a_word and not self._is_clipped(token.end()):
                opening = token.start()
            elif opening >= 0 and after_a_word and before_a_space and not self._is_clipped_end(token.start()):
                found[opening] = self.marks.inner_opening
                found[token.start()] = self.marks.inner_closing
                opening = -1
        return found

    def _is_clipped(self, start: int) -> bool:
        return bool(_CLIPPED.match(self.text, start))

    def _is_clipped_end(self, start: int) -> bool:
        return bool(_ROCK_N_ROLL.match(self.text, max(start - 2, 0)))
