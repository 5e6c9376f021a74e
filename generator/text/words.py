"""How long a text is for a reader: its words, the minutes it takes, and a shorter form of it."""

import math
import re
from collections.abc import Callable
from functools import lru_cache

from generator.text.languages import base_language

# Words and characters a minute, from K. Trauzettel-Klosinski and K. Dietz, "Standardized Assessment of Reading
# Performance: The New International Reading Speed Texts IReST", Investigative Ophthalmology & Visual Science 53 (2012).
# The texts were read aloud, which is the pace of somebody who reads a hard subject with care.
_WORDS_A_MINUTE = {
    "ar": 138, "de": 179, "en": 228, "es": 218, "fi": 161, "fr": 195, "he": 187, "it": 188, "nl": 202, "pl": 166,
    "pt": 181, "ru": 184, "sl": 180, "sv": 199, "tr": 166,
}  # fmt: skip
_MEAN_WORDS_A_MINUTE = 184
_HAN_A_MINUTE = 255
_JAPANESE_A_MINUTE = 357
# 68 ms a character is the mean of the alphabets in the same study; scripts of letters without spaces are read by it.
_LETTERS_A_MINUTE = 60_000 / 68
# 863 characters and 184 words a minute are the means of that study.
_LETTERS_A_WORD = 5

_HAN_OR_KANA = re.compile(
    "[\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]"
)
# Thai, Lao, Tibetan, Burmese, Khmer, and the scripts of their neighbours.
_LETTERS_WITHOUT_SPACES = re.compile(
    "[\u0e01-\u0e4e\u0e81-\u0ece\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3\u1950-\u19df\u1a20-\u1aad\ua9e0-\ua9fe\uaa60-\uaadf]"
)
_UNSPACED = re.compile(f"{_HAN_OR_KANA.pattern[:-1]}{_LETTERS_WITHOUT_SPACES.pattern[1:]}")
# In Latin-1 each character is one byte, so that a table can say of all of them at once: letter, blank, or neither.
_LATIN_1 = [chr(byte) for byte in range(256)]
_LETTER_OR_BLANK = bytes(ord(" ") if sign.isspace() else ord("a") for sign in _LATIN_1)
_NEITHER = bytes(byte for byte, sign in enumerate(_LATIN_1) if not sign.isalnum() and not sign.isspace())
# The signs that our own typography puts into Latin text.
_SIGNS_BEYOND_LATIN_1 = "’“”‘„–—…"
_LOOSE_ENDS = " \t\n\r\u00a0,;:.–—-([{«„“‘‚¿¡、，；：。…/|&+"


# The minutes of a text are told, and then its words may be weighed against those that it quotes.
@lru_cache(maxsize=2)
def _counts(plain: str) -> tuple[int, int, int]:
    """Words between spaces, characters of Han and kana, letters of other scripts without spaces."""
    words = _words_in_latin_1(plain)
    if words is not None:
        return words, 0, 0
    han = letters = 0
    if not plain.isascii() and _UNSPACED.search(plain):
        plain, han = _HAN_OR_KANA.subn(" ", plain)
        plain, letters = _LETTERS_WITHOUT_SPACES.subn(" ", plain)
    pieces = plain.split()
    # Few pieces have no letter, and most words occur again: so each is looked at once.
    wordless = {piece for piece in set(pieces) if not piece[0].isalnum() and not any(map(str.isalnum, piece))}
    return len(pieces) - (sum(map(wordless.__contains__, pieces)) if wordless else 0), han, letters


def _words_in_latin_1(plain: str) -> int | None:
    """Words between spaces, None where a letter is beyond Latin-1.

    Most texts are of such letters, and a few calls for all of a text take an eighth of the time that a look at each
    word takes.
    """
    if not plain.isascii():
        for sign in _SIGNS_BEYOND_LATIN_1:
            plain = plain.replace(sign, "")
    try:
        content = plain.encode("latin-1")
    except UnicodeEncodeError:
        return None
    # What is neither letter nor blank goes: a piece that had nothing else is gone, and each other one begins once.
    return (b" " + content.translate(_LETTER_OR_BLANK, _NEITHER)).count(b" a")


def count_words(plain: str) -> int:
    """Words of a plain text of any script.

    Each Han character and kana counts as one, as word processors count them; five letters of a script without spaces
    (Thai, Khmer, Lao, Burmese, Tibetan) count as one.
    """
    words, han, letters = _counts(plain)
    return words + han + math.ceil(letters / _LETTERS_A_WORD)


def reading_minutes(plain: str, language: str) -> int:
    """Minutes that a plain text takes, rounded up; 0 only for a text without words.

    Words of scripts with spaces are read at the pace of the text's language, other scripts by their characters.
    """
    words, han, letters = _counts(plain)
    base = base_language(language)
    minutes = (
        words / _WORDS_A_MINUTE.get(base, _MEAN_WORDS_A_MINUTE)
        + han / (_JAPANESE_A_MINUTE if base == "ja" else _HAN_A_MINUTE)
        + letters / _LETTERS_A_MINUTE
    )
    return math.ceil(minutes)


def cut(text: str, limit: int, measure: Callable[[str], int] = len) -> str:
    """The text when `measure` finds it within `limit`, else its beginning, cut at a word, with `…` and within it too.

    A grapheme is never divided. A script without spaces, and a single word that is too long, are cut between two
    graphemes. '' when nothing but the `…` would be left.
    """
    if measure(text) <= limit:
        return text
    from regex import findall

    graphemes: list[str] = findall(r"\X", text)
    low, high = 0, len(graphemes) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if measure("".join(graphemes[:middle]) + "…") <= limit:
            low = middle
        else:
            high = middle - 1
    while low > 0:
        shorter = _at_a_word(graphemes, low)
        if shorter and measure(shorter + "…") <= limit:
            return shorter + "…"
        low -= 1
    return ""


def _at_a_word(graphemes: list[str], end: int) -> str:
    kept = "".join(graphemes[:end])
    inside_a_word = not graphemes[end].isspace() and not kept[-1:].isspace()
    if inside_a_word and not _UNSPACED.match(graphemes[end]) and not _UNSPACED.match(graphemes[end - 1]):
        start_of_word = max(kept.rfind(blank) for blank in " \t\n\u3000")
        # Half a text is worth more than a whole word: a long word after a short one is divided.
        if start_of_word * 2 >= len(kept):
            kept = kept[:start_of_word]
    return kept.rstrip().rstrip(_LOOSE_ENDS)
