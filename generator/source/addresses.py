"""Which addresses may be given for others to follow: web, e-mail, fediverse."""

import re
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])\Z")
_FEDIVERSE = re.compile(r"@?[\w.-]+@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]\Z")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_REFUSED_CHARACTER = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"^`{|}\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
# What some program or other takes for the end of a line, or of a text.
_BREAK = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_LINES = str.maketrans("", "", "\t\r\n")
_OF_THE_READER = ("attach", "attachment")
_OWN_NETWORK = (".localhost", ".local", ".localdomain", ".home.arpa", ".internal", ".lan")
_LONGEST_EMAIL = 254


def is_email(text: str) -> bool:
    """Whether a text is one e-mail address (RFC 5321 without quoted local parts, RFC 6531 letters allowed)."""
    return len(text) <= _LONGEST_EMAIL and ".." not in text and _EMAIL.match(text) is not None


def is_fediverse(text: str) -> bool:
    """Whether a text is a handle, `@name@host`."""
    return _FEDIVERSE.match(text) is not None


def has_scheme(text: str) -> bool:
    """Whether a text begins as an absolute address does (RFC 3986 §3.1)."""
    return _SCHEME.match(text) is not None


def refusal(text: str, *, mail: bool = True) -> str:
    """Why a text is no address that a page may link to, in words that follow "the address"; '' when it is one.

    Only http, https and, with `mail`, mailto: everything else (`javascript:`, `data:`) can run in a reader's browser.
    """
    match = _SCHEME.match(text)
    if match is None:
        return "does not begin with https://"
    scheme = match[1].lower()
    if scheme == "mailto" and mail:
        return _mail_refusal(text[len("mailto:") :])
    if scheme not in ("http", "https"):
        return f"begins with {match[1]}:, which is refused"
    if _REFUSED_CHARACTER.search(text):
        return "holds a space or another character that addresses cannot have"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "is not well-formed"
    if not text[len(scheme) + 1 :].startswith("//") or not parts.hostname or port == 0:
        return "names no host"
    if parts.username is not None or parts.password is not None:
        return "hides its host behind a name and @"
    return ""


def only_here(text: str) -> bool:
    """Whether an address leads to the author's own machine or network: no reader gets there, and it tells of it.

    That is localhost and its like (RFC 6761, RFC 6762, RFC 8375), a name without a dot, and an address that the
    registries of special ones (RFC 6890) keep from the public.
    """
    try:
        host = (urlsplit(text).hostname or "").rstrip(".")
    except ValueError:
        return False
    if not host:
        return False
    # Numbers end with a digit or hold colons; names, which nearly all are, need not be tried as one.
    if ":" not in host and not host[-1].isdigit():
        return "." not in host or host.endswith(_OWN_NETWORK)
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_OWN_NETWORK)


def message_refusal(rest: str) -> str:
    """Why what follows `mailto:` could send more than its reader sees, in words that follow "the address"; else ''.

    Only the body of a message has lines (RFC 6068, section 5): anywhere else a line break could begin a header. And
    there are programs that take the name of a file for one to send along.
    """
    to, _, fields = rest.partition("?")
    for field in (f"to={to}", *fields.split("&")):
        name, _, value = (unquote(part, errors="replace") for part in field.partition("="))
        if _BREAK.search(name) or _BREAK.search(value.translate(_LINES) if name.lower() == "body" else value):
            return "holds a line break, which could add a header to the message"
        if name.lower() in _OF_THE_READER:
            return "asks the mail program for a file of the reader's"
    return ""


def _mail_refusal(rest: str) -> str:
    why = message_refusal(rest)
    if why:
        return why
    addresses = unquote(rest.split("?", 1)[0])
    if not all(is_email(address.strip()) for address in addresses.split(",")):
        return "names no e-mail address"
    if _REFUSED_CHARACTER.search(rest):
        return "holds a space or another character that addresses cannot have"
    return ""
