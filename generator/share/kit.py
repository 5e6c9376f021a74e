"""The share kit of an article: ready texts with their counts, its address for print, its QR code."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from generator.config import ShareSettings
from generator.model.document import Card, Share
from generator.model.page import Kit, KitPicture, ReadyPost, ReadyText
from generator.share.encode import one_line
from generator.share.flyer import flyer_words
from generator.share.links import Links, own_address
from generator.share.qr import qr_svg
from generator.share.targets import ShareTarget, row_and_more
from generator.share.texts import hashtags, letter, posted_length, text_for, with_address, without_address

_WORDS = frozenset({"t", "ut", "body", "title"})


def has_kit(card: Card, share: Share, settings: ShareSettings) -> bool:
    """Whether an article has a share kit: as it says itself, else as the site does.

    By "actions" those have one that ask for something their authors have not declared over, and appeals. A deadline
    that has passed takes no kit away: its address is on paper and in chats.
    """
    if card.status == "retracted":
        return False
    if share.kit is not None:
        return share.kit
    if settings.kit == "actions":
        return card.kind == "appeal" or any(action.status == "open" for action in card.actions)
    return settings.kit == "all"


def kit_of(
    card: Card,
    share: Share,
    address: str,
    settings: ShareSettings,
    targets: Mapping[str, ShareTarget],
    *,
    qr_title: str = "",
    qr_file: str = "",
    pictures: Sequence[KitPicture] = (),
    quotes: Sequence[KitPicture] = (),
    image: str = "",
) -> Kit:
    """All that helps to pass an article on. `address` is its absolute one, `image` that of its picture or ''."""
    shared = own_address(address)
    tags, _ = hashtags(card, share)
    large, small, summary = flyer_words(card.title, card.summary)
    return Kit(
        address=shared,
        short=short_address(shared),
        texts=tuple(_texts(card, share, tags, shared, settings, targets, image)),
        hashtags=tuple(f"#{tag}" for tag in tags),
        qr=qr_svg(shared, qr_title, "share_qr"),
        qr_file=qr_file,
        summary=summary,
        sizes=(large, small),
        pictures=tuple(pictures),
        quotes=tuple(quotes),
    )


def short_address(address: str) -> str:
    """An address as it is read and typed: without its scheme, its letters as they are, without a slash at the end."""
    parts = urlsplit(address)
    path = f"{parts.netloc}{unquote(parts.path)}"
    return f"{path}?{parts.query}" if parts.query else path.rstrip("/")


def _texts(
    card: Card,
    share: Share,
    tags: tuple[str, ...],
    address: str,
    settings: ShareSettings,
    targets: Mapping[str, ShareTarget],
    image: str,
) -> Iterator[ReadyText]:
    """What is said with each target of the row and under "More ways", once for all that say the same."""
    row, more = row_and_more(settings, targets)
    writing = Links(card, share, tags, address, image)
    alike: dict[tuple[str, str], list[ReadyPost]] = {}
    for target in (*row, *more):
        if not target.takes & _WORDS or ("image" in target.takes and not image):
            continue
        via = settings.via.get(target.id, "")
        handle = via.strip().removeprefix("@")
        text, kept, _ = text_for(target, card, share, tags, address, handle)
        href, _ = writing.link(target, via)
        count = posted_length(target, text, kept, address, handle)
        subject = one_line(share.email_subject or card.title) if "subject" in target.takes else ""
        said = _written(target, text, kept, address, card.language)
        post = ReadyPost(target.id, target.name, href, count, target.text_limit)
        alike.setdefault((said, subject), []).append(post)
    for (said, subject), posts in alike.items():
        yield ReadyText(said, subject, tuple(posts))


def _written(target: ShareTarget, text: str, tags: tuple[str, ...], address: str, language: str) -> str:
    """All that is posted, as one text to copy."""
    if "body" in target.takes:
        return letter(text, address)
    if not target.takes & {"t", "ut"}:
        return without_address(text)
    said = tags if target.hashtags == "text" or "h" in target.takes else ()
    return with_address(text, address, said, language)
