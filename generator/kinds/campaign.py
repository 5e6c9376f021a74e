"""The page of a campaign (`content/campaigns/`)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from generator.hooks import Site, hookimpl
from generator.kinds.frame import Frame, body_of, document_page, frame_of, listed, path_of, social_image
from generator.model.document import Entry
from generator.model.job import Output, View
from generator.text.addresses import language_root


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for entry in site.library.entries.values():
        if entry.type != "campaign":
            continue
        card = entry.card
        yield Output(
            path=path_of(card.url),
            kind="campaign",
            language=card.language,
            template="campaign.html",
            inputs=partial(_inputs, site, frame_of(site, card.language), entry),
            source=entry.path,
            texts=(entry.path,),
            directives=entry.directives,
            listed=listed(site, entry),
        )


def _inputs(site: Site, frame: Frame, entry: Entry) -> dict[str, Any]:
    card = entry.card
    name = card.url.removeprefix(f"{language_root(card.language, site.config)}campaigns/").strip("/")
    return {
        "page": document_page(
            site,
            frame,
            entry,
            "campaign",
            image=social_image(frame.base_url, card),
            structured_data=View("structured_page", (card, frame.settings)),
        ),
        "article": card,
        "matter": entry.matter,
        "body": body_of(site, entry),
        "cards": tuple(each for each in site.library.shelves[card.language].articles if each.campaign == name),
    }
