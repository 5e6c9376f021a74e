"""What kinds of addresses a text may hold, and where a bare one ends."""

import re
from html import unescape
from urllib.parse import quote, unquote

from generator.markup.marks import without_marks
from generator.source.addresses import message_refusal, refusal

_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOBODYS = frozenset({"file", "about", "view-source", "chrome", "resource"})
_MENDED = re.compile(r"[\xa0<>\"^`{|}\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
# A number as telephones take it (RFC 3966, section 3), among them those of services (*123#); then parameters.
_NUMBER = re.compile(r"\+?[*#().-]{0,9}[0-9][0-9*#().-]{1,40}(?:;[a-z-]{1,20}(?:=[^;]{1,80})?){0,4}\Z", re.IGNORECASE)
_RUNS_CODE = frozenset({"javascript", "vbscript", "data", "livescript", "mocha", "jscript", "blob", "filesystem"})

BARE_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"`|\[\]\\“”„«»‘’。，、；：！？（）「」『』\ue8f0-\ue8fd]+", re.IGNORECASE
)
_HARMLESS = re.compile(
    r"https?://[A-Za-z0-9-][A-Za-z0-9.-]*(?:[/?#][A-Za-z0-9/?#._~%!$&'()*+,;:=@-]*)?\Z|[A-Za-z0-9._~%#-][A-Za-z0-9/._~%#-]*\Z"
)
_PICTURE = re.compile(r"\.(?:avif|bmp|gif|hei[cf]|jpe?g|jpe|jfif|jxl|a?png|svg|tiff?|webp)\Z", re.IGNORECASE)
_RECORDINGS = {
    "video": re.compile(r"\.(?:m4v|mp4|ogv|webm)\Z", re.IGNORECASE),
    "audio": re.compile(r"\.(?:flac|m4a|mp3|oga|ogg|opus|wav|weba)\Z", re.IGNORECASE),
}


def decoded(target: str) -> str:
    """A destination as Markdown writes it, with backslash escapes and entities decoded (CommonMark 0.31 §2.4, §2.5)."""
    if "\\" in target:
        target = _ESCAPE.sub(r"\1", target)
    return without_marks(unescape(target)) if "&" in target else target


def scheme(target: str) -> str:
    """The scheme as a browser sees it: control characters and spaces do not hide it; '' for a relative address."""
    match = _SCHEME.match(_INVISIBLE.sub("", target))
    return match[1].lower() if match else ""


def runs_code(target: str) -> bool:
    """Whether following the address could run code in the page or show a page nobody checked."""
    return scheme(target) in _RUNS_CODE


def dead_end(target: str) -> str:
    """Why no reader can follow an address, in words that follow "the address"; '' when readers can.

    `file:` names a disk that is not theirs; an address of the web needs a host and no name before it, which would
    hide the host (`refusal`); `mailto:` may leave out the address, for readers to fill in (RFC 6068 §2), and must not
    bring a header along; `tel:` needs a number.
    """
    kind = scheme(target)
    if kind in _NOBODYS:
        return f"begins with {kind}:, which readers cannot open"
    visible = _INVISIBLE.sub("", target)
    if kind in ("http", "https"):
        # Browsers mend these characters themselves.
        return refusal(_MENDED.sub(lambda match: quote(match[0]), visible))
    if kind == "tel":
        return "" if _NUMBER.match(unquote(visible[len("tel:") :]).replace(" ", "")) else "names no telephone number"
    if kind != "mailto":
        return ""
    message = visible[len("mailto:") :]
    address = message.partition("?")[0]
    return (refusal(f"mailto:{address}") if address else "") or message_refusal(message)


def is_harmless(target: str) -> bool:
    """Whether an address so plainly written that one look is enough neither runs code nor is a dead end.

    Most are: `https://` with a host and no port, or a path beside the page. Of others `runs_code` and `dead_end` tell.
    """
    return _HARMLESS.match(target) is not None


def is_elsewhere(target: str) -> bool:
    """Whether a browser that loads the address asks somebody other than this site."""
    if scheme(target):
        return True
    # Browsers read a backslash as a slash in addresses (WHATWG URL, "special authority slashes state").
    return _INVISIBLE.sub("", target).replace("\\", "/").startswith("//")


def is_picture(target: str) -> bool:
    """Whether the path of an address ends as a picture's does."""
    return _PICTURE.search(_path(target)) is not None


def is_of_kind(target: str, kind: str) -> bool:
    """Whether the path of an address ends as files of a kind do: `picture`, `video`, `audio`, or a suffix (`.vtt`).

    Of recordings these are the kinds that browsers play.
    """
    if kind == "picture":
        return is_picture(target)
    recording = _RECORDINGS.get(kind)
    if recording is not None:
        return recording.search(_path(target)) is not None
    return _path(target).lower().endswith(kind.lower())


def _path(target: str) -> str:
    return target.partition("#")[0].partition("?")[0]


def bare_url_end(text: str, start: int) -> int:
    """Where the bare address that starts at `start` ends: trailing punctuation and unbalanced parentheses stay outside.

    As GitHub Flavored Markdown's extended autolinks do. Returns `start` when there is no address with a host.
    """
    match = BARE_URL.match(text, start)
    if match is None:
        return start
    url = match[0]
    end = len(url)
    surplus = url.count(")") - url.count("(")
    while end:
        last = url[end - 1]
        if last in "?!.,:*_~';&":
            end -= 1
        elif last == ")" and surplus > 0:
            surplus -= 1
            end -= 1
        else:
            break
    host = re.match(r"(?:https?://([^/?#]*)|www\.[\w-]+(?:\.[\w-]+)+)", url[:end], re.IGNORECASE)
    return start + end if host and re.search(r"\w", host[1] or "www") else start
