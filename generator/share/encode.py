"""Text as a value in an address."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

_LINE_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
# Control characters and halves of surrogate pairs mean nothing to a reader and much to a badly written mail program.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Each byte as `quote` writes it, which is made for paths and takes twice as long over texts with blanks.
_WRITTEN = tuple(quote(bytes([byte]), safe="") for byte in range(256))


@lru_cache(maxsize=64)
def encode(value: str) -> str:
    """Any text as a query or fragment value: NFC, UTF-8, all but unreserved characters percent-encoded (RFC 3986).

    A space is `%20` and never `+`, which some programs show as it is; a line break is `%0A`.
    """
    return _percent_encoded(normal(value))


@lru_cache(maxsize=64)
def encode_mail(value: str) -> str:
    """A text as the body of a `mailto:` address, whose line breaks are `%0D%0A` (RFC 6068, section 5)."""
    return _percent_encoded(normal(value).replace("\n", "\r\n"))


def _percent_encoded(value: str) -> str:
    # Nearly all words of many languages stand as they are.
    words = [word if word.isascii() and word.isalnum() else _each_byte(word) for word in value.split(" ")]
    return "%20".join(words)


@lru_cache(maxsize=64)
def _each_byte(word: str) -> str:
    return "".join(map(_WRITTEN.__getitem__, word.encode()))


@lru_cache(maxsize=64)
def normal(value: str) -> str:
    """The text as it arrives: NFC, line breaks as `\\n`, tabs as spaces, no other control characters."""
    if value.isascii() and value.isprintable():
        return value
    one_kind = _LINE_BREAK.sub("\n", value).replace("\t", " ")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", one_kind))


@lru_cache(maxsize=64)
def one_line(value: str) -> str:
    """The text on one line, with single blanks: for subjects, where a line break would begin a new header."""
    return " ".join(normal(value).split())
