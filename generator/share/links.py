"""The share links of an article: plain addresses, finished at build time, which ask nothing before a click."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

from generator.config import ShareSettings
from generator.model.document import Card, Share
from generator.model.page import ShareLink, ShareRow
from generator.model.problem import Problem
from generator.share.encode import encode, encode_mail, one_line
from generator.share.targets import ShareTarget, row_and_more
from generator.share.texts import hashtags, letter, problem, text_for, with_address, without_address
from generator.source.suggest import did_you_mean

_OPTIONAL = re.compile(r"&[A-Za-z0-9_\[\]-]+=\{(\w+)\}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Names by which readers are followed from one site to another; none means anything to the page.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|itm|otm|ga|hsa|at)_\w+|_ga|_gl|gclid|gclsrc|gbraid|wbraid|dclid|srsltid|fbclid|igsh|igshid|twclid|ttclid"
    r"|li_fat_id|msclkid|yclid|ysclid|mc_cid|mc_eid|mc_tc|mkt_tok|_hsenc|_hsmi|vero_id|epik|ScCid|xtor"
)
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
    shared = clean_address(address)
    tags, problems = hashtags(card, share)
    found = [*problems, *_unknown_targets(card, share, targets)]

    def links(chosen: list[ShareTarget]) -> tuple[ShareLink, ...]:
        made: list[ShareLink] = []
        for target in chosen:
            if "image" in target.takes and not image:
                continue
            href, mistake = _link(target, card, share, tags, shared, settings.via.get(target.id, ""), image)
            made.append(ShareLink(target.id, target.name, href))
            found.extend([mistake] if mistake else [])
        return tuple(made)

    row, more = row_and_more(settings, targets)
    made = ShareRow(shared, links(row), links(more))
    return made, tuple(dict.fromkeys(found))


def clean_address(address: str) -> str:
    """An absolute address without its fragment and without parameters that only follow a reader."""
    parts = urlsplit(address)
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def _link(
    target: ShareTarget, card: Card, share: Share, tags: tuple[str, ...], address: str, via: str, image: str
) -> tuple[str, Problem | None]:
    handle = via.strip().removeprefix("@")
    text, kept, mistake = text_for(target, card, share, tags, address, handle)
    takes_the_title = not target.takes & {"t", "ut", "body"}
    title = without_address(text) if takes_the_title else one_line(card.title)
    spoken = kept if target.hashtags == "text" else ()
    writers: dict[str, Callable[[], str]] = {
        "u": lambda: encode(address),
        "t": lambda: encode(with_address(without_address(text), "", spoken, card.language)),
        "ut": lambda: encode(with_address(text, address, spoken, card.language)),
        "title": lambda: encode(title),
        "h": lambda: encode(",".join(kept)),
        "tag": lambda: encode(next((tag for tag in kept if len(tag) <= _MOST_OF_A_TOPIC), "")),
        "via": lambda: encode(handle),
        "image": lambda: encode(image),
        "subject": lambda: encode(one_line(share.email_subject or card.title)),
        "body": lambda: encode_mail(letter(text, address)),
    }
    values = {name: writers[name]() for name in target.takes}
    template = _OPTIONAL.sub(lambda match: match[0] if values[match[1]] else "", target.template)
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template), mistake


def _unknown_targets(card: Card, share: Share, targets: Mapping[str, ShareTarget]) -> list[Problem]:
    found = []
    for name in share.texts:
        if name in targets:
            continue
        hint = did_you_mean(name, targets) or f"There are {', '.join(sorted(targets))}."
        found.append(problem(card, share, "CL522", f"`share.{name}` is a text for no share target", hint, name))
    return found
