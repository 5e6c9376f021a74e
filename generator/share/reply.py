"""The link by which a reader answers an article: a letter to the author, without an account."""

import re
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
    address = contact.strip()
    if not _ADDRESS.fullmatch(address):
        return ""
    named = one_line(title)
    if direction(language) == "rtl":
        named = isolate(named)
    return f"mailto:{quote(address, safe='@')}?subject={encode(f'Re: {named}')}"
