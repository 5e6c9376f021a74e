"""How long a text is for those who limit it: X's weights, graphemes, characters."""

import unicodedata
from functools import lru_cache
from importlib.resources import files

import regex

WEIGHT_OF_A_URL = 23

# Characters outside these ranges weigh 2 (twitter-text, config v3.json; 100 and 200 there, with a scale of 100).
_HEAVY = regex.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

# Emoji of several code points, which weigh 2 as a whole. Those of one code point weigh 2 anyway.
_TEXT_STYLE = r"[\p{Emoji}--\p{Emoji_Presentation}--[0-9\#*]]"
_PART = rf"(?:{_TEXT_STYLE}\uFE0F|\p{{Emoji_Modifier_Base}}\p{{Emoji_Modifier}}|\p{{Emoji_Presentation}})"
_EMOJI = regex.compile(
    rf"[\#*0-9]\uFE0F?\u20E3"
    rf"|\p{{Regional_Indicator}}{{2}}"
    rf"|\U0001F3F4[\U000E0030-\U000E007A]+\U000E007F"
    rf"|{_PART}(?:\u200D{_PART})+"
    rf"|{_TEXT_STYLE}\uFE0F|\p{{Emoji_Modifier_Base}}\p{{Emoji_Modifier}}",
    regex.VERSION1,
)

_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_DIRECTION_MARKS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_NO_CHARACTERS = r"\uFFFE\uFEFF\uFFFF"
_PUNCTUATION = r"\-_!'#%&()*+,\\./:;<=>?@\[\]\^{|}~$"
_LATIN_ACCENTS = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB"
    r"\u0300-\u036F\u1E00-\u1EFF"
)
_MOST_CHARACTERS_OF_A_URL = 4096
_MOST_CHARACTERS_OF_A_LABEL = 63
_MOST_CHARACTERS_OF_A_SLUG = 40


def graphemes(text: str) -> int:
    """What a reader counts as characters: extended grapheme clusters (UAX #29), in NFC."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(regex.findall(r"\X", unicodedata.normalize("NFC", text)))


def characters(text: str) -> int:
    """Code points in NFC."""
    return len(unicodedata.normalize("NFC", text))


def weighted_length(text: str) -> int:
    """The length of a text on X, by the rules of twitter-text 3 (`v3.json`), as its `parseTweet` counts.

    In NFC, a URL weighs 23, with a scheme or as a bare domain of a known top level; an emoji 2, however many code
    points it has; Latin to Georgian letters, with Cyrillic, Hebrew, Arabic and the scripts of India, 1; all else 2.
    """
    text = unicodedata.normalize("NFC", text)
    pieces: list[str] = []
    end = total = 0
    for start, stop in url_spans(text):
        if start < end:
            continue
        pieces.append(text[end:start])
        end = stop
        total += WEIGHT_OF_A_URL
    pieces.append(text[end:])
    for piece in pieces:
        plain, emoji = (piece, 0) if piece.isascii() else _EMOJI.subn("", piece)
        total += 2 * emoji + len(plain)
        total += 0 if plain.isascii() else sum(1 for _ in _HEAVY.finditer(plain))
    return total


def url_spans(text: str) -> list[tuple[int, int]]:
    """Where X finds a URL in a text: start and end of each, in order (twitter-text's `extractUrlsWithIndices`)."""
    if "." not in text:
        return []
    spans: list[tuple[int, int]] = []
    finder, ascii_domain, short_link = _patterns()
    for match in finder.finditer(text):
        url, domain = match["url"], match["domain"]
        if not _may_be_registered(url, match["protocol"] or "https://", domain, ascii_domain):
            continue
        start, end = match.span("url")
        if match["protocol"]:
            short = short_link.match(url)
            if short is None:
                spans.append((start, end))
            elif len(short["slug"]) <= _MOST_CHARACTERS_OF_A_SLUG:
                spans.append((start, start + short.end()))
            continue
        if match["before"] in {"-", "_", ".", "/"}:
            continue
        found = [(start + part.start(), start + part.end()) for part in ascii_domain.finditer(domain)]
        if found and match["path"]:
            last_start, last_end = found[-1]
            found[-1] = (last_start, last_end + len(url) - len(domain))
        spans += found
    return spans


def _may_be_registered(url: str, protocol: str, domain: str, ascii_domain: "regex.Pattern[str]") -> bool:
    """Whether labels and URL have a length that DNS and X allow, in Punycode (RFC 3490, as far as X goes with it)."""
    if domain.startswith("xn--") and not ascii_domain.search(domain):
        return False
    labels = domain.split(".")
    if not all(1 <= _length_of_a_label(label) <= _MOST_CHARACTERS_OF_A_LABEL for label in labels):
        return False
    return len(protocol) + len(url) <= _MOST_CHARACTERS_OF_A_URL


def _length_of_a_label(label: str) -> int:
    if label.isascii():
        return len(label)
    # East Asian full stops part labels too (RFC 3490, section 3.1), but X measures what stands between two of ours.
    parts = regex.split("[\u3002\uff0e\uff61]", label)
    encoded = (len(part) if part.isascii() else len("xn--") + len(part.encode("punycode")) for part in parts)
    return sum(encoded) + len(parts) - 1


@lru_cache(maxsize=1)
def _patterns() -> tuple["regex.Pattern[str]", "regex.Pattern[str]", "regex.Pattern[str]"]:
    """A URL in a text; a domain of Latin letters in a domain; a link of X's own shortener."""
    names = (files(__package__) / "domains.txt").read_text(encoding="utf-8").split()
    names = sorted({*names, *(name.upper() for name in names if not name.isascii())}, key=len, reverse=True)
    top_level = rf"(?:(?:{'|'.join(names)})(?=[^0-9a-zA-Z@+-]|\Z)|xn--[-0-9a-z]+)"
    letter = rf"[^{_PUNCTUATION}{_SPACES}{_NO_CHARACTERS}{_DIRECTION_MARKS}]"
    domain = rf"(?:(?:{letter}(?:[_-]|{letter})*)?{letter}\.)*(?:{letter}(?:-|{letter})*)?{letter}\.{top_level}"
    general = rf"[a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN_ACCENTS}]"
    parentheses = rf"\((?:{general}+|{general}*\({general}+\){general}*)\)"
    ending = rf"[+\-a-z\u0400-\u04FF0-9=_#/{_LATIN_ACCENTS}]"
    path = rf"(?:{general}*(?:{parentheses}{general}*)*{ending}|{parentheses}|@{general}+/)"
    query = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
    # To X, which counts in UTF-16, the second half of an emoji is a letter and its first half may stand before a URL.
    before = rf"[^A-Za-z0-9@＠$#＃{_NO_CHARACTERS}]|[{_DIRECTION_MARKS}]|(?=[\U00010000-\U0010FFFF])|^"
    url = (
        rf"(?P<before>{before})(?P<url>(?P<protocol>https?://)?(?P<domain>{domain})"
        rf"(?::[0-9]+)?(?P<path>/{path}*)?(?:{query})?)"
    )
    latin_domain = rf"(?:[\-a-z0-9{_LATIN_ACCENTS}]+\.)+{top_level}"
    short_link = rf"https?://t\.co/(?P<slug>[a-z0-9]+)(?:{query})?"
    flags = regex.IGNORECASE | regex.ASCII | regex.VERSION0
    return regex.compile(url, flags), regex.compile(latin_domain, flags), regex.compile(short_link, flags)
