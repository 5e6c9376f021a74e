"""The link by which a reader answers an article: a letter to the author, without an account."""

import re
from functools import lru_cache
from urllib.parse import quote

from generator.share.encode import encode, one_line
from generator.text.languages import direction, isolate

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+@[^\s@<>()\[\],;:\\\"/?#&%\x00-\x1f\x7f]+\.[^\s@<>()\[\],;:\\\"/?#&%.]+"
)


def reply_link(contact: str, title: str, language: str = "") -> str:
    """A `mailto:` address (RFC 6068) with `Re: ` and the title as its subject; '' when `contact` is no e-mail address.

    Neither the address nor the title can bring a header, a second recipient or a body of its own.
    """
    address = _address(contact)
    if not address:
        return ""
    named = one_line(title)
    if direction(language) == "rtl":
        named = isolate(named)
    return f"{address}?subject={encode(f'Re: {named}')}"


@lru_cache(maxsize=64)
def _address(contact: str) -> str:
    address = contact.strip()
    return f"mailto:{quote(address, safe='@')}" if _ADDRESS.fullmatch(address) else ""
