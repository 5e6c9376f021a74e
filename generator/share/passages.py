"""Links that pass on one passage of an article, with the address of its place in the article."""

from collections.abc import Mapping

from msgspec import structs

from generator.config import ShareSettings
from generator.model.document import Card, Share
from generator.model.page import ShareLink
from generator.share.links import Links
from generator.share.targets import ShareTarget, row_and_more

# One row of links stands under an article already: beside a passage there is room for the first few.
_FEW = 3
_WORDS = frozenset({"t", "ut", "body"})


def passage_targets(settings: ShareSettings, targets: Mapping[str, ShareTarget]) -> tuple[ShareTarget, ...]:
    """The first few targets of the row that take words."""
    row, _ = row_and_more(settings, targets)
    return tuple([target for target in row if target.takes & _WORDS and "image" not in target.takes][:_FEW])


def passage_links(targets: tuple[ShareTarget, ...], card: Card, words: str, address: str) -> tuple[ShareLink, ...]:
    """The links that pass on `words` of an article; `address` is absolute, with the id of their place behind `#`.

    Words that a target has no room for are cut.
    """
    quoted = structs.replace(card, title=words)
    writing = Links(quoted, Share(email_subject=card.title), (), address, "")
    return tuple(ShareLink(target.id, target.name, writing.link(target, "")[0]) for target in targets)
