"""The order of names in a list, as readers of a language expect it."""

import unicodedata
from functools import lru_cache

from generator.text.languages import base_language

# "nñ": ñ stands behind n. Each group is a letter of the plain alphabet and those that follow it as letters of their
# own, as in the tailorings of CLDR's collation; what no group names is sorted as its letter without marks.
_LETTERS_OF_THEIR_OWN = {
    "az": ("cç", "eə", "gğ", "hı", "oö", "sş", "uü"),
    "be": ("её", "іў"),
    "cs": ("cč", "rř", "sš", "zž"),
    "da": ("zæøå",),
    "eo": ("cĉ", "gĝ", "hĥ", "jĵ", "sŝ", "uŭ"),
    "es": ("nñ",),
    "et": ("sšzž", "wõäöü"),
    "fi": ("zåäö",),
    "hr": ("cčć", "dđ", "sš", "zž"),
    "hu": ("oöő", "uüű"),
    "is": ("aá", "dð", "eé", "ií", "oó", "uú", "yý", "zþæö"),
    "lt": ("cč", "sš", "zž"),
    "lv": ("cč", "gģ", "kķ", "lļ", "nņ", "sš", "zž"),
    "nb": ("zæøå",),
    "nn": ("zæøå",),
    "no": ("zæøå",),
    "pl": ("aą", "cć", "eę", "lł", "nń", "oó", "sś", "zźż"),
    "ro": ("aăâ", "iî", "sș", "tț"),
    "sk": ("aä", "cč", "oô", "sš", "zž"),
    "sl": ("cč", "sš", "zž"),
    "sq": ("cç", "eë"),
    "sv": ("zåäö",),
    "tr": ("cç", "gğ", "hı", "oö", "sş", "uü"),
    "uk": ("гґ", "еє", "иіїй"),
}
_SPELLED_OUT = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ə": "e"}
_TURKISH_CASE = str.maketrans({"I": "ı", "İ": "i"})
# Higher than any letter, so that what stands behind a letter stands behind all words that begin with it.
_BEHIND = "\U0010fffd"


@lru_cache(maxsize=128)
def _places(language: str) -> dict[str, str]:
    places = dict(_SPELLED_OUT)
    for group in _LETTERS_OF_THEIR_OWN.get(language, ()):
        for number, letter in enumerate(group[1:], start=1):
            places[letter] = group[0] + _BEHIND * number
    return places


def sort_key(text: str, language: str = "") -> tuple[str, str, str]:
    """A key that puts texts in alphabetical order, the same on every machine: accents count only between equals.

    Letters that a language has of its own stand in their place (Swedish `ö` after `z`, Spanish `ñ` after `n`).
    """
    if text.isascii() and base_language(language) not in {"tr", "az"}:
        folded = text.lower()
        return folded, folded, text
    base = base_language(language)
    lowered = text.translate(_TURKISH_CASE) if base in {"tr", "az"} else text
    folded = unicodedata.normalize("NFC", lowered).lower()
    places = _places(base)
    primary = "".join(places.get(character) or _without_marks(character) for character in folded)
    return primary, folded, text


def _without_marks(character: str) -> str:
    if character.isascii():
        return character
    parts = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    return "".join(_SPELLED_OUT.get(part, part) for part in bare)
