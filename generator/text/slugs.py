"""Slugs: the piece of an address that is made from a title, in any script."""

import re
import unicodedata

from generator.text.languages import base_language

MOST_CHARACTERS = 80
MOST_BYTES = 200

RESERVED = frozenset({
    "404.html", "_headers", "_redirects", "act", "archive", "assets", "authors", "campaigns", "corrections",
    "feed.json", "feed.xml", "feeds", "index.html", "manifest.json", "manifest.json.minisig", "mirrors",
    "mirrors.json", "page", "robots.txt", "rss.xml", "safety", "search", "series", "site.webmanifest",
    "sitemap.xml", "tags",
})  # fmt: skip
"""Names at the root of a site, and of each of its languages, that generated outputs have (compare `collision_key`)."""

_ASCII_REST = re.compile(r"[^a-z0-9]+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAY_BE_WRITTEN = re.compile(r"[a-z0-9_-]{1,80}")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"]
)
_ZERO_WIDTH_NON_JOINER = "\u200c"
# Soft hyphen, combining grapheme joiner, zero width joiner and word joiner show nothing and part no words.
_INVISIBLE = frozenset("\u00ad\u034f\u200d\u2060\ufeff")
_TURKISH_CASE = str.maketrans({"I": "ı", "İ": "i"})


def slug(text: str, language: str = "") -> str:
    """Letters, marks and digits of any script in lower case, all else as single hyphens; '' when nothing is left.

    NFC, at most 80 characters and 200 bytes of UTF-8, cut between words where there are any. `language` matters for
    Turkish and Azerbaijani, whose `I` is `ı`. Numbers in another form (`²`, `①`) become plain digits.
    """
    if len(text) <= MOST_CHARACTERS and _SLUG.fullmatch(text):
        return text
    if text.isascii():
        lowered = text.translate(_TURKISH_CASE) if base_language(language) in {"tr", "az"} else text
        if lowered.isascii():
            return _cut(_ASCII_REST.sub("-", lowered.lower()).strip("-"))
        text = lowered
    return _cut(_joined(_lower(unicodedata.normalize("NFC", text), base_language(language))))


def _lower(text: str, language: str) -> str:
    if language in {"tr", "az"}:
        text = text.translate(_TURKISH_CASE)
    # Elsewhere `İ` would become an i with a loose dot.
    return unicodedata.normalize("NFC", text.replace("İ", "i").lower())


def _joined(text: str) -> str:
    kept: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "L" or category == "Nd":
            kept.append(character)
        elif category[0] == "N":
            plain = unicodedata.normalize("NFKC", character)
            kept.append(plain if plain.isalnum() else "-")
        elif category in {"Mn", "Mc"} and not _is_variation_selector(character):
            if kept and kept[-1] != "-":
                kept.append(character)
        elif (
            category == "Me"
            or _is_variation_selector(character)
            or character in _INVISIBLE
            or (character == _ZERO_WIDTH_NON_JOINER and not (kept and _is_arabic(kept[-1])))
        ):
            continue
        elif kept and kept[-1] != "-":
            kept.append("-")
    composed = unicodedata.normalize("NFC", "".join(kept)).lower()
    return unicodedata.normalize("NFC", re.sub("-+", "-", composed)).strip("-")


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_arabic(character: str) -> bool:
    # Persian and Urdu part a word's pieces by it, Indic scripts only shape letters with it.
    return "\u0600" <= character <= "\u08ff"


def _fits(text: str) -> bool:
    return len(text) <= MOST_CHARACTERS and len(text.encode()) <= MOST_BYTES


def _cut(text: str) -> str:
    if _fits(text):
        return text
    shortest = text[: MOST_CHARACTERS + 1]
    while len(shortest) > MOST_CHARACTERS or len(shortest.encode()) > MOST_BYTES:
        words, hyphen, _rest = shortest.rpartition("-")
        if not hyphen:
            return _cut_inside_a_word(shortest)
        shortest = words
    return shortest.rstrip("-")


def _cut_inside_a_word(word: str) -> str:
    from regex import findall

    kept = ""
    for grapheme in findall(r"\X", word):
        if not _fits(kept + grapheme):
            break
        kept += grapheme
    return kept or word[:MOST_CHARACTERS].encode()[:MOST_BYTES].decode(errors="ignore")


def slug_problem(slug: str) -> str:
    """What is wrong with a slug that an author wrote (in NFC), as a sentence.

    '' when it may stand in an address and on any disk.
    """
    if _MAY_BE_WRITTEN.fullmatch(slug) and slug not in _DEVICES:
        return ""
    if not slug:
        return "the slug is empty"
    if slug in {".", ".."}:
        return f"`{slug}` names a folder, not a page"
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in slug):
        return "the slug contains a control character"
    if "/" in slug or "\\" in slug:
        return "a slug is one piece of an address and cannot contain a slash"
    if slug.partition(".")[0].strip().lower() in _DEVICES:
        return f"`{slug}` is the name of a device on Windows, where the site could not be stored"
    if slug.startswith("."):
        return "a slug that begins with a dot would be a hidden file"
    if slug.endswith("."):
        return "Windows drops a dot at the end of a name"
    strange = sorted({character for character in slug if not _may_stand(character)})
    if strange:
        return f"a slug has letters, marks, digits, hyphens, underscores and dots, not {_listed(strange)}"
    if len(slug) > MOST_CHARACTERS:
        return f"the slug has {len(slug)} characters, the limit is {MOST_CHARACTERS}"
    size = len(slug.encode())
    if size > MOST_BYTES:
        return f"the slug takes {size} bytes, the limit is {MOST_BYTES}"
    return ""


def _may_stand(character: str) -> bool:
    return character in "-_.\u200c\u200d" or unicodedata.category(character)[0] in "LMN"


def _listed(characters: list[str]) -> str:
    return ", ".join(f"`{shown}`" if shown.isprintable() and shown != " " else _named(shown) for shown in characters)


def _named(character: str) -> str:
    return "a space" if character == " " else f"U+{ord(character):04X}"


def collision_key(path: str) -> str:
    """What two paths have in common when a disk that ignores case, or normalises names, takes them for one."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
