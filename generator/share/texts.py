"""What is said when an article is passed on: the author's words, or its title cut well, within each target's limit."""

import re
import unicodedata
from collections.abc import Callable

from generator.model.document import Card, Share
from generator.model.problem import Problem
from generator.share.counts import characters, graphemes, url_spans, weighted_length
from generator.share.encode import normal, one_line
from generator.share.targets import ShareTarget
from generator.text.languages import direction
from generator.text.words import cut

ADDRESS = "{url}"
"""Stands for the article's address in a text of the author; without it the address comes last."""

_MEASURES: dict[str, Callable[[str], int]] = {
    "weighted": weighted_length, "graphemes": graphemes, "characters": characters, "none": characters
}  # fmt: skip
_UNITS = {"weighted": "by X's weights", "graphemes": "characters", "characters": "characters", "none": "characters"}
_DROPPED = re.compile("['’ʼ`´\u02bb\u02bc]")
_TURKISH = frozenset({"tr", "az"})
# With less left for it than this, a title says nothing: hashtags go first.
_LEAST_OF_A_TITLE = 60


def hashtag(text: str, language: str = "") -> str:
    """One hashtag without `#`: blanks and apostrophes go, words begin with capitals, so that screen readers part them.

    '' when networks would cut it: punctuation inside it, nothing but digits, nothing at all.
    """
    words = _DROPPED.sub("", normal(text).strip().removeprefix("#")).split()
    tag = "".join(_capital(word, language) for word in words)
    if not tag or tag.replace("_", "").isdigit() or not all(map(_may_stand_in_a_hashtag, tag)):
        return ""
    return tag


def _capital(word: str, language: str) -> str:
    if language.partition("-")[0].lower() in _TURKISH and word[0] == "i":
        return "İ" + word[1:]
    return word[0].title() + word[1:]


def _may_stand_in_a_hashtag(character: str) -> bool:
    return character in "_\u200c" or unicodedata.category(character)[0] in "LMN"


def hashtags(card: Card, share: Share) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The hashtags of an article, each once whatever its case, and a Problem (CL521) for each that cannot be one."""
    tags: dict[str, str] = {}
    problems: list[Problem] = []
    for number, written in enumerate(share.hashtags):
        tag = hashtag(written, card.language)
        if tag:
            tags.setdefault(tag.casefold(), tag)
            continue
        hint = "Use letters and digits only, such as `HumanRights`; it is written without `#`."
        message = f"`{written}` cannot be a hashtag"
        problems.append(problem(card, share, "CL521", message, hint, f"hashtags.{number}", "hashtags"))
    return tuple(tags.values()), tuple(problems)


def problem(card: Card, share: Share, code: str, message: str, hint: str, *keys: str) -> Problem:
    """A Problem at the first of `keys` (below `share`) whose place is known, else at `share`, else in the file."""
    names = [form for key in (*keys, "") for form in (key, f"share.{key}" if key else "share")]
    line, column = next((share.places[name] for name in names if name in share.places), (0, 0))
    return Problem("error", code, message, card.path, line, column, hint)


def text_for(
    target: ShareTarget, card: Card, share: Share, tags: tuple[str, ...], address: str, via: str
) -> tuple[str, tuple[str, ...], Problem | None]:
    """The text for a target, without the address unless the author placed it, the hashtags that go with it, and a
    Problem (CL520) when the author's words are over its limit.
    """
    written, key = _written(target, share)
    if written:
        text = normal(written).strip()
        if not target.text_limit or _surely_fits(target, text, tags, address, via):
            return text, tags, None
        length = posted_length(target, text, tags, address, via)
        if length <= target.text_limit:
            return text, tags, None
        return text, tags, _too_long(target, card, share, key, length, tags)
    title = one_line(card.title)
    if not target.text_limit or _surely_fits(target, title, tags, address, via):
        return title, tags, None

    def room(fewer: tuple[str, ...]) -> int:
        return target.text_limit - posted_length(target, "", fewer, address, via)

    # Hashtags that leave the title no room are left out from the last.
    enough = min(_MEASURES[target.limit_kind](title), _LEAST_OF_A_TITLE)
    while tags and room(tags) < enough:
        tags = tags[:-1]

    def measured(text: str) -> int:
        return posted_length(target, text, tags, address, via)

    return cut(title, target.text_limit, measured), tags, None


def _surely_fits(target: ShareTarget, text: str, tags: tuple[str, ...], address: str, via: str) -> bool:
    """Whether all that is posted is within the limit by far, so that nothing needs to be measured.

    No measure counts a character of a text in NFC twice but X's, and that counts it two times at most; only addresses
    in the text can cost more than they have characters, and an address has a dot.
    """
    posted = " ".join((text, *tags, via))
    if "." in posted or ADDRESS in text:
        return False
    cost = max(target.url_cost, 0)
    if target.url_cost < 0:
        if target.limit_kind == "weighted":
            return False
        posted = f"{posted} {address}"
    if not unicodedata.is_normalized("NFC", posted):
        return False
    most = len(posted) + len(tags) + len(" via @") + cost
    return most * (2 if target.limit_kind == "weighted" and not posted.isascii() else 1) < target.text_limit


def _written(target: ShareTarget, share: Share) -> tuple[str, str]:
    """The author's words for a target and their key; `share.text` is no title for a target that wants one."""
    own = share.texts.get(target.id, "")
    if own.strip():
        return own, target.id
    if share.email_body.strip() and "subject" in target.takes:
        return share.email_body, "email.body"
    if not share.text.strip():
        return "", ""
    takes_the_title = "title" in target.takes and not target.takes & {"t", "ut", "body"}
    return ("", "") if takes_the_title else (share.text, "text")


def posted_length(target: ShareTarget, text: str, tags: tuple[str, ...], address: str, via: str) -> int:
    """The length of all that is posted, as the target counts it."""
    measure = _MEASURES[target.limit_kind]
    parts = [text.replace(ADDRESS, "").strip() if ADDRESS in text else text]
    parts += [f"#{tag}" for tag in tags if target.hashtags == "text" or "h" in target.takes]
    if "via" in target.takes and via:
        parts.append(f"via @{via}")
    posted = " ".join(part for part in parts if part)
    length = measure(posted)
    if target.url_cost == 0:
        return length
    if target.url_cost > 0 and target.limit_kind != "weighted":
        # Other addresses in the text cost the same as the article's.
        length += sum(target.url_cost - measure(posted[start:end]) for start, end in url_spans(posted))
    cost = target.url_cost if target.url_cost > 0 else measure(address)
    return length + cost + (1 if posted else 0)


def _too_long(target: ShareTarget, card: Card, share: Share, key: str, length: int, tags: tuple[str, ...]) -> Problem:
    counted = ["the address"] if target.url_cost else []
    counted += ["hashtags"] if tags and (target.hashtags == "text" or "h" in target.takes) else []
    beside = f", {' and '.join(counted)} included" if counted else ""
    message = f"the share text for {target.name} is {length}/{target.text_limit} {_UNITS[target.limit_kind]}{beside}"
    over = length - target.text_limit
    hint = (
        f"Shorten it by {over}."
        if key != "text"
        else f"Shorten it by {over}, or write `share.{target.id}` for {target.name}."
    )
    return problem(card, share, "CL520", message, hint, key)


def with_address(text: str, address: str, tags: tuple[str, ...], language: str) -> str:
    """Text, hashtags and address as one: the address last, on its own line where the text runs from right to left."""
    if ADDRESS in text:
        text = text.replace(ADDRESS, address)
        address = ""
    said = " ".join(part for part in (text, *(f"#{tag}" for tag in tags)) if part)
    if not address or not said:
        return said or address
    between = "\n" if direction(language) == "rtl" else " "
    return f"{said}{between}{address}"


def letter(text: str, address: str) -> str:
    """The body of an e-mail: the text, then the address in a paragraph of its own, unless the author placed it."""
    return text.replace(ADDRESS, address) if ADDRESS in text else f"{text}\n\n{address}" if text else address


def without_address(text: str) -> str:
    """The text for a target that takes the address by itself."""
    return re.sub(r"[ \t]+", " ", text.replace(ADDRESS, "")).strip() if ADDRESS in text else text
