"""Addresses without what counts their readers: parameters of campaigns, ids of subscribers, redirectors.

The rules are data, `tracking.toml`. What is left of an address keeps its bytes.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from msgspec import Struct, convert, field, structs

from generator.model.problem import Severity
from generator.source.addresses import refusal
from generator.source.places import KeyPath
from generator.source.suggest import did_you_mean

_WEB = re.compile(r"\s*https?://([^/?#\\]*)([^?#]*)", re.IGNORECASE)
# What opens a message that is written already; addresses stand in its words.
_LETTER = re.compile(r"\s*(?:mailto|sms):", re.IGNORECASE)
# HTML writes an ampersand so, and some who copy from it leave it as it is.
_SEPARATOR = re.compile(r"(&amp;|[&;])")
# A sign at the end belongs to the sentence.
_IN_A_TEXT = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'’”»]", re.IGNORECASE)
_KEEP_SEPARATOR = re.compile(r"[\s,]+")
_TEXT_DIRECTIVE = ":~:"
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov"})
_ENCODED = "%3A%2F%2F"
_LISTS = ("removed", "identifying", "kept", "through")
_DEEPEST = 8
_MOST_TOLD = 6
_LONGEST_TOLD = 40
_LONGEST_SHOWN = 80


class Cleaned(Struct, frozen=True):
    """An address without what counts its readers, and the names of the parameters that were taken away.

    `identifying` are those that name a subscriber; `kept` those that the author asked to keep; `through` the hosts that
    it led through; `hidden` the host that does not say where it leads, '' for any other.
    """

    url: str
    removed: tuple[str, ...] = ()
    identifying: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    hidden: str = ""


class Finding(NamedTuple):
    """What an author is told of an address."""

    severity: Severity
    code: str
    message: str
    hint: str


class _Names(Struct, frozen=True, forbid_unknown_fields=True):
    names: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        return name in self.names or (bool(self.prefixes) and name.lower().startswith(self.prefixes))


class _Site(Struct, frozen=True, forbid_unknown_fields=True):
    hosts: tuple[str, ...]
    names: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    subscriber: frozenset[str] = frozenset()


class _Redirector(Struct, frozen=True, forbid_unknown_fields=True):
    hosts: tuple[str, ...]
    path: str = ""
    parameters: tuple[str, ...] = ()
    behind: str = ""


class _Hosts(Struct, frozen=True, forbid_unknown_fields=True):
    hosts: frozenset[str]


class _Rules(Struct, frozen=True, forbid_unknown_fields=True):
    shortener: _Hosts
    archive: _Hosts
    subscriber: _Names
    names: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    site: tuple[_Site, ...] = ()
    redirector: tuple[_Redirector, ...] = ()


class _Index(Struct, frozen=True):
    """The rules by what is looked up: those of any site, of each host, where redirectors, shorteners, archives are."""

    tracking: _Names
    subscriber: _Names
    sites: dict[str, _Site] = field(default_factory=dict)
    redirectors: dict[str, tuple[_Redirector, ...]] = field(default_factory=dict)
    shorteners: frozenset[str] = frozenset()
    archives: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def _index() -> _Index:
    text = files("generator.source").joinpath("tracking.toml").read_text(encoding="utf-8")
    rules = convert(tomllib.loads(text), _Rules)
    redirectors: dict[str, tuple[_Redirector, ...]] = {}
    for each in rules.redirector:
        for host in each.hosts:
            redirectors[host] = (*redirectors.get(host, ()), each)
    return _Index(
        tracking=_Names(rules.names, rules.prefixes),
        subscriber=_Names(frozenset(map(str.lower, rules.subscriber.names)), rules.subscriber.prefixes),
        sites={host: site for site in rules.site for host in site.hosts},
        redirectors=redirectors,
        shorteners=rules.shortener.hosts,
        archives=rules.archive.hosts,
    )


def may_track(address: str) -> bool:
    """Whether an address is worth a second look; of most, one look is enough: they have neither `?` nor `#`."""
    if "?" in address or "#" in address or "/s/" in address:
        return _WEB.match(address) is not None or _LETTER.match(address) is not None
    pieces = address.split("/", 3)
    return len(pieces) > 3 and pieces[2].lower().removeprefix("www.") in _index().shorteners


def names_in(keep: str) -> tuple[str, ...]:
    """The names in a text such as `utm_source, source`."""
    return tuple(name for name in _KEEP_SEPARATOR.split(keep) if name)


def clean_address(address: str, keep: Collection[str] = ()) -> Cleaned:
    """An address of the web without tracking, or a message in whose words such addresses are; any other as it is.

    Redirectors are unwrapped first, also inside each other. Parameters named in `keep` stay, unless they name a
    subscriber. Whatever stays is not encoded anew, and in its order; but an address in a parameter, as in links that
    pass something on, is cleaned where it names a subscriber. Never raises.
    """
    return _clean(address, keep, within=True)


def _clean(address: str, keep: Collection[str], *, within: bool) -> Cleaned:
    """An address without tracking; `within` its parameters too."""
    url, through = _unwrapped(address)
    match = _WEB.match(url)
    if match is None:
        return _clean_letter(address, keep) if _LETTER.match(address) else Cleaned(address)
    host = _host(match[1])
    judge = _Judge(host, keep, within=within)
    rest, hash_mark, fragment = url.partition("#")
    path, question, query = rest.partition("?")
    query = judge.without(query)
    where, directive, text = fragment.partition(_TEXT_DIRECTIVE)
    # A page that is drawn by a script may have its parameters here, behind a path of its own.
    before, inner_question, inner = where.partition("?")
    before, inner = judge.without(before, named=True), judge.without(inner, named=True)
    if judge.found:
        where = before + (f"?{inner}" if inner_question and inner else "")
        fragment = where + directive + text
        url = path + (f"?{query}" if question and query else "") + (f"#{fragment}" if hash_mark and fragment else "")
    shortener = host.removeprefix("www.")
    hidden = shortener if shortener in _index().shorteners and match[2].strip("/") else ""
    cleaned = Cleaned(url, tuple(judge.removed), tuple(judge.identifying), tuple(judge.kept), through, hidden)
    if not judge.found or _inside(url) is None:
        return cleaned
    # What made a redirector's address unreadable was among what is gone.
    again = _clean(url, keep, within=within)
    return structs.replace(again, **{name: _united(name, (cleaned, again)) for name in _LISTS})


def _clean_letter(address: str, keep: Collection[str]) -> Cleaned:
    """A message (RFC 6068, RFC 5724) with the addresses in its words cleaned; words without any keep their bytes."""
    head, _, query = address.partition("?")
    written: list[str] = []
    found: list[Cleaned] = []
    for separator, text in _pieces(query):
        name, equals, value = text.partition("=")
        words, inside = _cleaned_value(value, keep)
        changed = any(each.removed or each.identifying or each.through for each in inside)
        written += (separator, name, equals, words if changed else value)
        found += inside
    hidden = next((each.hidden for each in found if each.hidden), "")
    url = f"{head}?{''.join(written)}" if "?" in address else address
    return structs.replace(Cleaned(url, hidden=hidden), **{name: _united(name, found) for name in _LISTS})


def _cleaned_value(value: str, keep: Collection[str]) -> tuple[str, list[Cleaned]]:
    """An encoded value with the addresses in it cleaned, encoded again, and these addresses."""
    words, found = _cleaned_in(unquote(value, errors="surrogateescape"), keep)
    return quote(words, safe="", errors="surrogateescape"), found


def _united(name: str, found: Iterable[Cleaned]) -> tuple[str, ...]:
    """What several addresses have in one of their lists, each once."""
    return tuple(dict.fromkeys(each for cleaned in found for each in getattr(cleaned, name)))


def findings(cleaned: Cleaned) -> Iterator[Finding]:
    """What to tell the author of an address; never the value of a parameter."""
    if cleaned.through:
        shown = cleaned.url if len(cleaned.url) <= _LONGEST_SHOWN else f"{cleaned.url[: _LONGEST_SHOWN - 1]}…"
        message = f"the address led through {_told(cleaned.through)}, and leads straight there now"
        yield Finding("note", "CL242", message, f"Write {shown}")
    if cleaned.identifying:
        message = (
            f"{_told(cleaned.identifying)} in the address tells who was sent it or passed it on; pages are without it"
        )
        yield Finding("warning", "CL241", message, "Delete it here too: this file still tells who you are.")
    if cleaned.removed:
        hint = "Write it without, or name beside it what it needs: `keep` (docs/writing.md)."
        yield Finding("note", "CL240", f"removed {_told(cleaned.removed)} from the address", hint)
    if cleaned.hidden:
        message = f"{cleaned.hidden} hides where this leads, and counts who follows it"
        yield Finding("note", "CL243", message, "Follow it once, and write the address it leads to.")


def kept_in_vain(keep: Sequence[str], found: Iterable[Cleaned]) -> Iterator[Finding]:
    """What to tell of names in `keep` that kept nothing in any of these addresses."""
    kept: set[str] = set()
    identifying: set[str] = set()
    removed: set[str] = set()
    for cleaned in found:
        kept.update(cleaned.kept)
        identifying.update(cleaned.identifying)
        removed.update(cleaned.removed)
    for name in dict.fromkeys(keep):
        if name in identifying:
            message = (
                f"`keep` names “{_cut(name)}”, which tells who was sent the address or passed it on, and is never kept"
            )
            yield Finding("warning", "CL244", message, "Take it out, here and in the address.")
        elif name not in kept:
            message = f"`keep` names “{_cut(name)}”, which nothing would remove from the address"
            yield Finding("note", "CL244", message, did_you_mean(name, removed) or "Take it out.")


def clean_text(text: str, keep: Collection[str] = ()) -> tuple[str, list[Finding]]:
    """A text with each address of the web in it cleaned, and what to tell of them."""
    text, found = _cleaned_in(text, keep)
    return text, [finding for cleaned in found for finding in findings(cleaned)]


def _cleaned_in(text: str, keep: Collection[str]) -> tuple[str, list[Cleaned]]:
    """A text with each address of the web in it cleaned, and these addresses."""
    found: list[Cleaned] = []
    if "://" not in text:
        return text, found

    def clean(match: re.Match[str]) -> str:
        if not may_track(match[0]):
            return match[0]
        found.append(_clean(match[0], keep, within=False))
        return found[-1].url

    return _IN_A_TEXT.sub(clean, text), found


def clean_data(value: Any, tell: Callable[[KeyPath, Finding], None], at: KeyPath = (), keep: Any = ()) -> Any:
    """Plain data with each address in its texts cleaned; a list `keep` beside it names what it needs."""
    if isinstance(value, dict):
        named = value.get("keep")
        return {
            name: clean_data(inner, tell, (*at, name), named if isinstance(named, list) else ())
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [clean_data(inner, tell, (*at, index)) for index, inner in enumerate(value)]
    if not isinstance(value, str):
        return value
    text, found = clean_text(value, keep)
    for each in found:
        tell(at, each)
    return text


class _Judge:
    """Which parameters of an address on one host are taken away; it collects their names."""

    def __init__(self, host: str, keep: Collection[str], *, within: bool) -> None:
        self.within = within
        keys = _keys(host)
        self.site = next((site for key in keys if (site := _index().sites.get(key))), None)
        self.archived = not _index().archives.isdisjoint(keys)
        self.keep = keep
        self.removed: dict[str, None] = {}
        self.identifying: dict[str, None] = {}
        self.kept: dict[str, None] = {}

    @property
    def found(self) -> bool:
        return bool(self.removed or self.identifying)

    def without(self, query: str, *, named: bool = False) -> str:
        """Parameters without those of tracking; in a fragment (`named`) a word without = is no parameter."""
        if not query:
            return query
        kept: list[tuple[str, str]] = []
        pieces = _pieces(query)
        for separator, text in pieces:
            if not self.takes(text, named=named):
                kept.append((separator if kept else "", self.cleaned(text)))
        if len(kept) == len(pieces):
            return "".join(map("".join, kept))
        return "".join(map("".join, kept)) if any(text for _, text in kept) else ""

    def cleaned(self, text: str) -> str:
        """A parameter; where an encoded address in it names a subscriber, without that."""
        name, equals, value = text.partition("=")
        if not self.within or _ENCODED not in value.upper():
            return text
        value, found = _cleaned_value(value, self.keep)
        identifying = _united("identifying", found)
        if not identifying:
            return text
        self.identifying.update(dict.fromkeys(identifying))
        return f"{name}{equals}{value}"

    def takes(self, text: str, *, named: bool) -> bool:
        written, equals, _ = text.partition("=")
        if named and not equals:
            return False
        name = (unquote(written) if "%" in written else written).strip(" +\t\r\n")
        site = self.site
        if _index().subscriber.holds(name.lower()) or (site is not None and name in site.subscriber):
            self.identifying[name] = None
            return True
        if self.archived:
            # They are part of the name of a copy, which would not be found without them, and count nobody there.
            return False
        tracks = _index().tracking.holds(name)
        if not tracks and site is not None:
            tracks = name in site.names or (bool(site.prefixes) and name.lower().startswith(site.prefixes))
        if tracks and name in self.keep:
            self.kept[name] = None
            return False
        if tracks:
            self.removed[name] = None
        return tracks


def _pieces(query: str) -> list[tuple[str, str]]:
    """The parameters of a query with what parts each from the one before.

    Some servers part parameters by `;`, for others it is part of a value: what follows it without = belongs to the
    parameter before.
    """
    first, *rest = _SEPARATOR.split(query)
    grouped: list[tuple[str, list[str]]] = [("", [first])]
    for separator, text in zip(rest[::2], rest[1::2], strict=True):
        if separator == ";" and "=" not in text:
            grouped[-1][1].extend((separator, text))
        else:
            grouped.append((separator, [text]))
    return [(separator, "".join(texts)) for separator, texts in grouped]


def _unwrapped(address: str) -> tuple[str, tuple[str, ...]]:
    """Where an address leads past redirectors, and their hosts; itself where they are nested without measure."""
    url = address
    through: list[str] = []
    while (found := _inside(url)) is not None:
        if len(through) == _DEEPEST:
            return address, ()
        host, url = found
        through.append(host)
    return url, tuple(dict.fromkeys(through))


def _inside(url: str) -> tuple[str, str] | None:
    """The host of a redirector and the address that its own holds."""
    match = _WEB.match(url)
    if match is None:
        return None
    host = _host(match[1])
    for key in _keys(host):
        for redirector in _index().redirectors.get(key, ()):
            for inner in _targets(redirector, match[2], url[match.start(2) :]):
                if _WEB.match(inner) and not refusal(inner, mail=False):
                    return host, inner
    return None


def _targets(redirector: _Redirector, path: str, rest: str) -> Iterator[str]:
    """The addresses that a redirector's own may hold; `rest` is all of it behind the host."""
    if redirector.behind:
        if path.startswith(redirector.behind):
            yield f"https://{rest[len(redirector.behind) :]}"
        return
    if redirector.path and path.rstrip("/") != redirector.path.rstrip("/"):
        return
    query = rest.partition("#")[0].partition("?")[2]
    for parameter in redirector.parameters:
        for _, text in _pieces(query):
            name, _, value = text.partition("=")
            if name != parameter:
                continue
            try:
                yield unquote(value, errors="strict")
            except UnicodeDecodeError:
                continue


def _host(authority: str) -> str:
    """The host in an authority (RFC 3986 §3.2), in small letters; an address of IPv6 with its brackets."""
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].rstrip(".").lower()


@lru_cache(maxsize=1024)
def _keys(host: str) -> tuple[str, ...]:
    """What rules may call a host: itself, the domains above it, and `google.*` for one of Google's."""
    labels = host.split(".")[-6:]
    keys = []
    for index, label in enumerate(labels[:-1]):
        keys.append(".".join(labels[index:]))
        ending = labels[index + 1 :]
        if len(ending) == 1 or (len(ending) == 2 and ending[0] in _SECOND_LEVEL and len(ending[1]) == 2):
            keys.append(f"{label}.*")
    return tuple(keys)


def _told(names: Sequence[str]) -> str:
    words = ", ".join(_cut(name) for name in names[:_MOST_TOLD])
    return words if len(names) <= _MOST_TOLD else f"{words} and {len(names) - _MOST_TOLD} more"


def _cut(name: str) -> str:
    shown = "".join(character if character.isprintable() else "\ufffd" for character in name[: _LONGEST_TOLD + 1])
    return shown if len(shown) <= _LONGEST_TOLD else f"{shown[: _LONGEST_TOLD - 1]}…"
