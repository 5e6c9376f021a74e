"""The page of a campaign (`content/campaigns/`)."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import document_page, path_of, social_image, whole_body
from generator.model.job import Output
from generator.share.structured import structured_page
from generator.text.addresses import language_root


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for document in site.library.documents.values():
        entry = document.entry
        if entry.type != "campaign":
            continue
        card = entry.card
        name = card.url.removeprefix(f"{language_root(card.language, site.config)}campaigns/").strip("/")
        shelf = site.library.shelves[card.language]
        yield Output(
            path=path_of(card.url),
            kind="campaign",
            language=card.language,
            template="campaign.html",
            inputs={
                "page": document_page(
                    site,
                    document,
                    "campaign",
                    image=social_image(site, card),
                    structured_data=structured_page(card, site.config),
                ),
                "article": card,
                "matter": entry.matter,
                "body": whole_body(site, document),
                "cards": tuple(each for each in shelf.articles if each.campaign == name),
            },
            source=entry.path,
        )
