"""The share links of an article: plain addresses, finished at build time, which ask nothing before a click."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from generator.config import ShareSettings
from generator.model.document import Card, Share
from generator.model.page import ShareLink, ShareRow
from generator.model.problem import Problem
from generator.share.encode import encode, encode_mail, normal, one_line
from generator.share.targets import ShareTarget, row_and_more
from generator.share.texts import hashtags, letter, problem, text_for, with_address, without_address
from generator.source.suggest import did_you_mean
from generator.source.tracking import clean_address

# With the name of a parameter that is left out when there is nothing to put in.
_PLACEHOLDER = re.compile(r"(&[A-Za-z0-9_\[\]-]+=)?\{(\w+)\}")
# An address in which no parameter or fragment follows anybody, written as it would be written anew.
_CLEAN = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~%/!$&'()*+,;=:@-]*)?")
# A topic of Threads has no newline, tab, dot or ampersand, and this many characters at most.
_MOST_OF_A_TOPIC = 50


def share_row(
    card: Card,
    share: Share,
    *,
    address: str,
    settings: ShareSettings,
    targets: Mapping[str, ShareTarget],
    image: str = "",
) -> tuple[ShareRow, tuple[Problem, ...]]:
    """The row under an article and what stands under "More ways", with the Problems in the author's share texts.

    `address` is the article's absolute one; its fragment and tracking parameters are not shared. `image` is an absolute
    address or '', and then targets that need a picture are left out. Problems: CL520 over a limit, CL521 hashtag,
    CL522 a text for an unknown target.
    """
    shared = own_address(address)
    tags, problems = hashtags(card, share)
    found = [*problems, *_unknown_targets(card, share, targets)]

    writing = Links(card, share, tags, shared, image)

    def links(chosen: list[ShareTarget]) -> tuple[ShareLink, ...]:
        made: list[ShareLink] = []
        for target in chosen:
            if "image" in target.takes and not image:
                continue
            href, mistake = writing.link(target, settings.via.get(target.id, ""))
            made.append(ShareLink(target.id, target.name, href))
            found.extend([mistake] if mistake else [])
        return tuple(made)

    row, more = row_and_more(settings, targets)
    made = ShareRow(shared, links(row), links(more), _message(card, share, shared))
    return made, tuple(dict.fromkeys(found))


def own_address(address: str) -> str:
    """An absolute address without its fragment and without parameters that only follow a reader."""
    return address if _CLEAN.fullmatch(address) else clean_address(urldefrag(address).url).url


def _message(card: Card, share: Share, address: str) -> str:
    """What is pasted into a chat: the author's words, or the title, with the address."""
    written = normal(share.text).strip() if share.text else ""
    return with_address(written or one_line(card.title), address, (), card.language)


class _Said(NamedTuple):
    """What is said with one target, before it is encoded: of most articles the same with nearly all."""

    text: str
    title: str
    kept: tuple[str, ...]
    spoken: tuple[str, ...]
    handle: str


class Links:
    """The links of one article, for which each value is encoded once."""

    def __init__(self, card: Card, share: Share, tags: tuple[str, ...], address: str, image: str) -> None:
        self.card = card
        self.share = share
        self.tags = tags
        self.address = address
        self.image = image
        self.written: dict[tuple[Any, ...], dict[str, str]] = {}

    def link(self, target: ShareTarget, via: str) -> tuple[str, Problem | None]:
        """The address that passes the article on to a target, and what is wrong with the author's words for it."""
        handle = via.strip().removeprefix("@")
        text, kept, mistake = text_for(target, self.card, self.share, self.tags, self.address, handle)
        form = _form(target.template)
        title = without_address(text) if form.takes_the_title else one_line(self.card.title)
        said = text, title, kept, kept if target.hashtags == "text" else (), handle
        values = self.written.setdefault(said, {})
        href = ""
        for before, parameter, name in form.pieces:
            value = values.get(name)
            if value is None:
                value = values[name] = _WRITERS[name](self, _Said(*said))
            href += f"{before}{parameter}{value}" if value else before
        return href + form.ending, mistake


_WRITERS: dict[str, Callable[[Links, _Said], str]] = {
    "u": lambda links, _: encode(links.address),
    "t": lambda links, said: encode(with_address(without_address(said.text), "", said.spoken, links.card.language)),
    "ut": lambda links, said: encode(with_address(said.text, links.address, said.spoken, links.card.language)),
    "title": lambda _, said: encode(said.title),
    "h": lambda _, said: encode(",".join(said.kept)),
    "tag": lambda _, said: encode(next((tag for tag in said.kept if len(tag) <= _MOST_OF_A_TOPIC), "")),
    "via": lambda _, said: encode(said.handle),
    "image": lambda links, _: encode(links.image),
    "subject": lambda links, _: encode(one_line(links.share.email_subject or links.card.title)),
    "body": lambda links, said: encode_mail(letter(said.text, links.address)),
}


class _Form(NamedTuple):
    """A template in pieces: what stands before each placeholder, a parameter's `&name=` that goes with it, its name."""

    pieces: tuple[tuple[str, str, str], ...]
    ending: str
    takes_the_title: bool


@lru_cache(maxsize=128)
def _form(template: str) -> _Form:
    pieces: list[tuple[str, str, str]] = []
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        pieces.append((template[end : match.start()], match[1] or "", match[2]))
        end = match.end()
    names = {name for _, _, name in pieces}
    return _Form(tuple(pieces), template[end:], not names & {"t", "ut", "body"})


def _unknown_targets(card: Card, share: Share, targets: Mapping[str, ShareTarget]) -> list[Problem]:
    found = []
    for name in share.texts:
        if name in targets:
            continue
        hint = did_you_mean(name, targets) or f"There are {', '.join(sorted(targets))}."
        found.append(problem(card, share, "CL522", f"`share.{name}` is a text for no share target", hint, name))
    return found
