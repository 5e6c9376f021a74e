"""What an author wants said when an article is passed on fits where it goes."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.document import Share
from generator.model.problem import Problem
from generator.share.links import share_row
from generator.share.targets import check_settings, load_targets
from generator.text.addresses import absolute


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL520", "Share texts keep within the limits of their targets.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Texts over a limit, and names in the settings that are no targets; of targets that are wrong, parse tells."""
    targets, _ = load_targets(site.library.data.get("share_targets"))
    yield from check_settings(site.config, targets)
    for entry in site.library.entries.values():
        # What is made from the title is cut to fit: only an author's own words can be wrong.
        if entry.type != "article" or entry.matter.share == Share():
            continue
        address = absolute(site.config.site.base_url, entry.card.url)
        _, found = share_row(
            entry.card, entry.matter.share, address=address, settings=site.config.share, targets=targets, image=""
        )
        yield from found
