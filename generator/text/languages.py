"""Language tags: which there are, how they are written, in which direction they are read."""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
_NO_LANGUAGE = frozenset({"mis", "mul", "root", "und", "zxx"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({
    "adlm", "arab", "aran", "armi", "avst", "chrs", "cprt", "elym", "gara", "hatr", "hebr", "hung", "khar", "lydi",
    "mand", "mani", "mend", "merc", "mero", "narb", "nbat", "nkoo", "orkh", "ougr", "palm", "phli", "phlp", "phnx",
    "prti", "rohg", "samr", "sarb", "sogd", "sogo", "syrc", "syre", "syrj", "syrn", "thaa", "todr", "yezi",
})  # fmt: skip
_RIGHT_TO_LEFT_LANGUAGES = frozenset({
    "aeb", "ajp", "apc", "apd", "ar", "arc", "arq", "ars", "ary", "arz", "azb", "bal", "bgn", "bqi", "ckb", "dv",
    "fa", "glk", "he", "iw", "ji", "khw", "ks", "lrc", "luz", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh",
    "skr", "syr", "ug", "ur", "yi",
})  # fmt: skip
_RIGHT_TO_LEFT_IN_A_REGION = frozenset({"az-ir", "ku-iq", "ku-ir", "pa-pk", "tk-af", "tk-ir", "uz-af"})
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_DIRECTIONAL_ISOLATE = "\u2069"
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_EMBEDDING_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def is_language(tag: str) -> bool:
    """Whether a tag has the shape of BCP 47 (RFC 5646, section 2.1) and names a language, script and region CLDR knows.

    Grandfathered tags, private ones (`x-…`) and those that name no language (`und`, `mul`) are refused.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        return False
    languages, scripts, regions = _known()
    language, script, region = match["language"].lower(), match["script"], match["region"]
    return (
        language in languages
        and language not in _NO_LANGUAGE
        and (script is None or script.title() in scripts)
        and (region is None or region.upper() in regions)
    )


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    from babel import Locale

    names = Locale("en")
    return frozenset(names.languages), frozenset(names.scripts), frozenset(names.territories)


@lru_cache(maxsize=256)
def base_language(tag: str) -> str:
    """The primary subtag: `sr` of `sr-Latn-RS`."""
    return tag.partition("-")[0].partition("_")[0].lower()


@lru_cache(maxsize=256)
def direction(tag: str) -> str:
    """`rtl` or `ltr`, by the script that a tag names or its language is usually written in."""
    subtags = tag.lower().replace("_", "-").split("-")
    script = next((subtag for subtag in subtags[1:] if len(subtag) == 4 and subtag.isalpha()), "")
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    if subtags[0] in _RIGHT_TO_LEFT_LANGUAGES or "-".join(subtags[:2]) in _RIGHT_TO_LEFT_IN_A_REGION:
        return "rtl"
    return "ltr"


@lru_cache(maxsize=256)
def babel_locale(tag: str) -> "Locale | None":
    """What CLDR knows of a language: of the whole tag, else of its primary subtag, else None."""
    from babel import Locale, UnknownLocaleError

    for candidate in (tag.replace("-", "_"), base_language(tag)):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return None


@lru_cache(maxsize=256)
def own_name(tag: str) -> str:
    """A language's name in itself (`español`); its English one, then the tag, where CLDR has no better."""
    locale = babel_locale(tag)
    own = locale.get_display_name(locale) if locale is not None else None
    if own:
        return str(own)
    from babel import Locale

    return str(Locale("en").languages.get(base_language(tag), tag))


def isolate(text: str, surrounding: str = "ltr") -> str:
    """Plain text to be put into text of direction `surrounding` (`ltr` or `rtl`), so that neither disturbs the other.

    Text that holds a letter of the other direction is wrapped in FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE
    (UAX #9); explicit marks inside it go, for an unbalanced one would reach beyond. Other text is returned as it is.
    """
    if text.isascii() and surrounding == "ltr":
        return text
    directions = {_STRONG.get(unicodedata.bidirectional(character)) for character in text} - {None}
    if directions <= {surrounding}:
        return text
    return _FIRST_STRONG_ISOLATE + _EMBEDDING_MARKS.sub("", text) + _POP_DIRECTIONAL_ISOLATE
